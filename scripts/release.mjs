// Publishes the packages under the version that a tag names: `node scripts/release.mjs v0.1.0`, and with --dry-run only says what would be published.
// Nothing is built by what it is published with: the gate built and packed the same tree before.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './workspace.mjs'

/** In the order in which they need each other. */
const names = ['core', 'fixtures', 'cli']
const [, , tag = '', ...flags] = process.argv
const manifest = (name) => JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))

const wrong = names.map(manifest).filter(({ version }) => `v${version}` !== tag)
if (wrong.length > 0) {
  const says = wrong.map(({ name, version }) => `${name} is ${version}`).join(', ')
  process.stderr.write(
    `release: read the tag "${tag}"; expected v and the version of every package (${says}). Tag the commit that has the version.\n`,
  )
  process.exit(1)
}
if (!readFileSync(join(root, 'CHANGELOG.md'), 'utf8').includes(`## ${tag.slice(1)}`)) {
  process.stderr.write(`release: CHANGELOG.md has no section "## ${tag.slice(1)}". Say there what changed, first.\n`)
  process.exit(1)
}
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
for (const name of names) {
  const status = run('npx', ['--yes', packageManager, 'publish', '--provenance', '--access', 'public', '--no-git-checks', ...flags], {
    cwd: join(root, 'packages', name),
  })
  if (status !== 0) {
    process.stderr.write(
      `release: ${name} was not published; what came before it is. Mend it, then run this again: npm refuses a version twice.\n`,
    )
    process.exit(1)
  }
}
process.stdout.write(
  `release: ${names.length} packages of ${tag}${flags.includes('--dry-run') ? ', none of them published (--dry-run)' : ''}\n`,
)
