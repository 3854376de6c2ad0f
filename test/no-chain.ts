// In place of litesvm and @viem/anvil in the project `pure`.
throw new Error('A chain: not in a test of the project pure. Import what opens it by its name, and scripts/test-projects.ts sees it.')
