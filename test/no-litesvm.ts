// In place of litesvm in the project `pure`.
throw new Error('litesvm: not in a test of the project pure. Import what opens it by its name, and scripts/test-projects.mjs sees it.')
