// `pnpm mutate [folder or file…]`: mutants of the code that judges, each tried on the pure tests of its family's rooms. Without an argument that is the
// checks, the diagnosis, the proof and the evidence of both families, which takes hours. The survivors are listed, and in reports/mutation.json.
// `MUTATE_TESTS=packages/core/src/evm/checks/time.test.ts pnpm mutate …` tries them on these tests alone.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
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

/** The rooms whose tests judge a family: a check is tried on what is asked of a whole diagnosis, too. */
const families = {
  evm: ['evm/checks', 'evm/diagnosis', 'evm/evidence'],
  solana: ['solana/checks', 'solana/offer', 'solana/diagnosis', 'solana/state'],
}

/** Where the tests of a path are: those of its family, or of its own room, which the tests of both families reach. */
function testsOf(path) {
  const family = Object.entries(families).find(([id]) => path.startsWith(`${core}/${id}/`))
  const room = /\.ts(:|$)/.test(path) ? dirname(path) : path
  return family === undefined
    ? [
        room,
        ...Object.values(families)
          .flat()
          .map((each) => `${core}/${each}`),
      ]
    : [room, ...family[1].map((each) => `${core}/${each}`)]
}

prepare()
const given = process.argv.slice(2).filter((word) => word !== '--')
const chosen = (given.length === 0 ? judging : given).filter((path) => given.length > 0 || existsSync(join(root, path)))
const missing = chosen.filter((path) => !existsSync(join(root, path.replace(/:\d.*$/, ''))))
if (missing.length > 0) {
  process.stderr.write(`There is no ${missing.join(', ')}.\n`)
  process.exit(2)
}
const mutate = chosen.flatMap((path) => (/\.ts(:|$)/.test(path) ? [path] : [`${path}/**/*.ts`, `!${path}/**/*.test.ts`]))
const tests = [...new Set(chosen.flatMap(testsOf))].join(',')
process.exit(run('stryker', ['run', '--mutate', mutate.join(',')], { env: { MUTATE_TESTS: process.env.MUTATE_TESTS || tests } }))
