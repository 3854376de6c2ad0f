// Everything besides tests that must hold: lint and format, types, layers, unused code, versions, packages. Runs all, then fails if one did.
import { prepare, run } from './workspace.mjs'

prepare()
const checks = [
  ['lint and format', 'biome', ['check', '--error-on-warnings', '.']],
  ['types', 'tsc', ['--noEmit', '-p', 'tsconfig.json']],
  ['layers', process.execPath, ['scripts/check-layers.mjs']],
  ['unused code', 'knip', []],
  ['unused files and packages in production', 'knip', ['--production', '--include', 'files,dependencies,unlisted']],
  ['versions', 'sherif', []],
  ['docs', process.execPath, ['scripts/docs.mjs', '--check']],
  ['compiled tokens', 'tsx', ['packages/core/contracts/build.ts', '--check']],
  ['size of the signer', 'size-limit', []],
  ['packages', process.execPath, ['scripts/check-packages.mjs']],
]
const failed = []
for (const [name, command, args] of checks) {
  process.stdout.write(`— ${name}\n`)
  if (run(command, args) !== 0) failed.push(name)
}
process.stdout.write(failed.length === 0 ? `all ${checks.length} checks hold\n` : `failed: ${failed.join(', ')}\n`)
process.exit(failed.length === 0 ? 0 : 1)
