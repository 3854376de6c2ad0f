import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixture } from '@eip3009/fixtures'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { optionUses } from '../../packages/cli/src/sources/option-uses.ts'
import { answering, startRpcServer } from '../rpc-server.ts'
import { runCli } from './run-here.ts'

const payments = {
  evm: JSON.stringify(fixture('base', 'valid').input),
  solana: JSON.stringify(fixture('solana', 'valid').input),
}
type Family = keyof typeof payments

/** Something that each option takes; an option without one is a switch. */
const values: Readonly<Record<string, string | undefined>> = {
  'chain-id': '8453',
  token: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  'token-name': 'USD Coin',
  'token-version': '2',
  'token-family': 'FiatTokenV2_2',
  decimals: '6',
  block: '1',
  'facilitator-address': '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  'save-snapshot': 'not-written.json',
  export: 'not-written',
  search: 'quick',
  'max-hypotheses': '10',
  timeout: '10',
  threads: '1',
  at: '1790000000',
}

const commands = Object.entries(optionUses) as [keyof typeof optionUses, Readonly<Record<string, Readonly<Record<Family, string>>>>][]

const refused = commands.flatMap(([command, uses]) =>
  Object.entries(uses).flatMap(([option, use]) =>
    (['evm', 'solana'] as const).flatMap((family) => (use[family] === 'followed' ? [] : [{ command, option, family, says: use[family] }])),
  ),
)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eip3009-options-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('what becomes of an option', () => {
  it.each(commands)('is said of every option that %s takes', async (command, uses) => {
    const { stdout } = await runCli([command, '--help'])
    const taken = new Set([...stdout.matchAll(/^\s+(?:-\w, )?--([a-z-]+)/gm)].map(([, name]) => name))
    expect(taken.size).toBeGreaterThan(8)
    expect(new Set([...Object.keys(uses), 'help', 'version'])).toEqual(taken)
  })

  it('counts', () => expect(refused.length).toBeGreaterThan(20))

  it.each(refused)('of $command, --$option is refused for a payment on $family', async ({ command, option, family, says }) => {
    const value = values[option]
    const more = option === 'threads' ? ['--timeout', '10'] : []
    const { code, stdout, stderr } = await runCli([
      command,
      payments[family],
      `--${option}`,
      ...(value === undefined ? [] : [value]),
      ...more,
    ])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    // A name and a version of a token go together, which is said first.
    const first =
      option === 'token-name' || option === 'token-version' ? /^eip3009: --token-name and --token-version go together/ : undefined
    if (first === undefined) expect(stderr).toBe(`eip3009: ${says}\n`)
    else expect(stderr).toMatch(first)
  })

  it.each(['evm', 'solana'] as const)('headers go to an RPC of %s, and are refused where there is none', async (family) => {
    await using server = await startRpcServer((body) => answering(body, () => ({ error: { code: -32601, message: 'Method not found' } })))
    await runCli(['diagnose', payments[family], '--no-replay', '--rpc-url', server.url, '--rpc-header', 'X-Key: k'])
    expect(new Set(server.headers.map((headers) => headers['x-key']))).toEqual(new Set(['k']))
    const alone = await runCli(['diagnose', payments[family], '--no-replay', '--rpc-header', 'X-Key: k'])
    expect(alone).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'eip3009: --rpc-header is for an RPC, and there is none to ask; give one by --rpc-url.\n',
    })
  })

  it.each(['diagnose', 'replay'])('a snapshot that is not there is told by its option, of %s', async (command) => {
    for (const name of [join(folder, 'no-such.json'), 'nosuch']) {
      const { code, stdout, stderr } = await runCli([command, payments.evm, '--snapshot', name])
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: '',
        stderr: `eip3009: --snapshot "${name}" is no file; give the file that --save-snapshot wrote.\n`,
      })
    }
  })
})

it('replay shows the runs of a snapshot of a payment on an EVM chain, and makes no more', async () => {
  const payment = join(folder, 'payment.json')
  const snapshot = join(folder, 'snapshot.json')
  await writeFile(payment, JSON.stringify(fixture('base', 'domain-name-mismatch').input))
  expect((await runCli(['diagnose', payment, '--save-snapshot', snapshot])).code).toBe(1)
  const live = await runCli(['replay', payment, '--json'])
  const kept = await runCli(['replay', payment, '--snapshot', snapshot, '--json'])
  const [one, other] = [live, kept].map(({ stdout }) => JSON.parse(stdout))
  expect(kept.code).toBe(1)
  expect(one.runs.length).toBeGreaterThan(1)
  expect({ ...other, diagnosis: null, at: null }).toEqual({ ...one, diagnosis: null, at: null })
  const text = (await runCli(['replay', payment, '--snapshot', snapshot])).stdout
  expect(text).toContain('FiatTokenV2: invalid signature')
  for (const more of [['--matrix'], ['--export', join(folder, 'out')]])
    expect((await runCli(['replay', payment, '--snapshot', snapshot, ...more])).stderr).toMatch(
      /^eip3009: A snapshot has the replays that were made/,
    )
})
