// Everything besides tests that must hold: lint and format, types, layers, unused code, versions, packages. All run, some at a time, each with its output
// in one piece; then it fails if one did.
import { availableParallelism } from 'node:os'
import { prepare, start } from './workspace.mjs'

prepare()
// The slowest first.
const checks = [
  ['packages', process.execPath, ['scripts/check-packages.mjs']],
  // By the compiler in native code, in a third of the time. One checker: each more finds out again what the others know.
  ['types', process.execPath, ['node_modules/typescript-native/bin/tsc', '--noEmit', '-p', 'tsconfig.json', '--checkers', '1']],
  ['docs', process.execPath, ['scripts/docs.mjs', '--check']],
  ['layers', process.execPath, ['scripts/check-layers.mjs']],
  ['public API', process.execPath, ['scripts/api.mjs', '--check']],
  ['schemas', process.execPath, ['scripts/schemas.mjs', '--check']],
  ['unused code', 'knip', []],
  ['unused files and packages in production', 'knip', ['--production', '--include', 'files,dependencies,unlisted']],
  ['lint and format', 'biome', ['check', '--error-on-warnings', '.']],
  ['compiled tokens', 'tsx', ['packages/core/contracts/build.ts', '--check']],
  ['size of the signer', 'size-limit', []],
  ['versions', 'sherif', []],
]
const failed = []
const left = [...checks]
const worker = async () => {
  for (let check = left.shift(); check !== undefined; check = left.shift()) {
    const [name, command, args] = check
    const { status, output } = await start(command, args)
    process.stdout.write(`— ${name}\n${output}`)
    if (status !== 0) failed.push(name)
  }
}
// Each keeps a core busy. `--beside`: the tests run at the same time and have the others.
const atOnce = process.argv.includes('--beside') ? 1 : availableParallelism()
await Promise.all(Array.from({ length: atOnce }, worker))
process.stdout.write(failed.length === 0 ? `all ${checks.length} checks hold\n` : `failed: ${failed.join(', ')}\n`)
process.exit(failed.length === 0 ? 0 : 1)
