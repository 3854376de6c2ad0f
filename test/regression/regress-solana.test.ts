import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCases, runCases } from '@eip3009/core/replay'
import { liteSvmReplayer } from '@eip3009/core/solana'
import { fixture, type SvmVariant, variants } from '@eip3009/fixtures'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from '../fake-console.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'eip3009-regress-solana-'))
})
afterAll(() => rm(root, { recursive: true }))

async function directory(files: Readonly<Record<string, object>>): Promise<string> {
  const folder = await mkdtemp(join(root, 'cases-'))
  for (const [name, value] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(value))
  return folder
}

const named = (name: string): SvmVariant => {
  const found = variants('solana').find((each) => each.name === name)
  if (found === undefined) throw new TypeError(`there is no fixture ${name}`)
  return found
}

/** A fixture as a case: what it has to come to is what the fixture says of itself, which the programs in litesvm decided. */
const caseOf = (name: string, expected = name): object => {
  const { input, at, snapshot } = named(name)
  return { payment: input, at, snapshot, expect: expected === 'valid' ? { verdict: 'settles' } : { verdict: 'fails', cause: expected } }
}

it('is green for payments on Solana, by their bytes, their cluster and a replay, beside those of EVM chains', async () => {
  const names = ['valid', 'svm-signature-invalid', 'svm-amount-mismatch', 'svm-insufficient-funds', 'svm-account-frozen']
  const { input, at } = fixture('base', 'expired')
  const folder = await directory({
    ...Object.fromEntries(names.map((name) => [`${name}.json`, caseOf(name)])),
    'base.json': { payment: input, at, expect: { verdict: 'fails', cause: 'expired' } },
  })
  const { code, out } = await run(['regress', folder])
  expect([code, out.split('\n')[0]]).toEqual([0, '✓ All 6 cases are as expected'])
  expect(out).toContain('svm-insufficient-funds')
})

it('is red where one comes to something else, and says what', async () => {
  const folder = await directory({ 'one.json': caseOf('svm-amount-mismatch', 'valid'), 'two.json': caseOf('valid') })
  const { code, out } = await run(['regress', folder])
  expect(code).toBe(1)
  expect(out).toContain('fails with svm-amount-mismatch')
})

it('refuses what a case can not have, and runs the others', async () => {
  const { input } = named('valid')
  const { input: other } = fixture('base', 'valid')
  const folder = await directory({
    'snapshot.json': { payment: input, expect: { verdict: 'settles' }, snapshot: { answers: 'none' } },
    'evm.json': { payment: other, expect: { verdict: 'settles' }, snapshot: named('valid').snapshot },
    'token.json': { payment: input, expect: { verdict: 'settles' }, token: { decimals: 6 } },
  })
  const results = await runCases(await readCases(folder), {
    open: () => Promise.reject(new TypeError('never called')),
    solana: liteSvmReplayer(),
  })
  expect(results.map(({ outcome }) => outcome)).toEqual(['unreadable', 'unreadable', 'unreadable'])
})

it('does not call a payment that nothing replayed as expected', async () => {
  const folder = await directory({ 'one.json': caseOf('valid') })
  const [without] = await runCases(await readCases(folder), { open: () => Promise.reject(new TypeError('never called')) })
  expect(without?.outcome).toBe('not-run')
})
