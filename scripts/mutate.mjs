// `pnpm mutate [folder or file…]`: mutants of the code that judges, each tried on the pure tests that reach it. Without an argument that is the checks,
// the diagnosis, the proof and the evidence of both families, which takes hours. The survivors are listed, and in reports/mutation.json.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { prepare, root, run } from './workspace.mjs'

const core = 'packages/core/src'
const judging = [
  'evm/checks',
  'solana/checks',
  'evm/diagnosis',
  'solana/diagnosis',
  'diagnosis',
  'prove',
  'evm/evidence',
  'evidence',
  'money',
].map((room) => `${core}/${room}`)

prepare()
const given = process.argv.slice(2).filter((word) => word !== '--')
const chosen = (given.length === 0 ? judging : given).filter((path) => given.length > 0 || existsSync(join(root, path)))
const missing = chosen.filter((path) => !existsSync(join(root, path.replace(/:\d.*$/, ''))))
if (missing.length > 0) {
  process.stderr.write(`There is no ${missing.join(', ')}.\n`)
  process.exit(2)
}
const mutate = chosen.flatMap((path) => (/\.ts(:|$)/.test(path) ? [path] : [`${path}/**/*.ts`, `!${path}/**/*.test.ts`]))
process.exit(run('stryker', ['run', '--mutate', mutate.join(',')]))
