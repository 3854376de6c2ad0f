import { investigate, type SolanaInvestigation } from '@eip3009/core'
import { liteSvmReplayer, readSvmPayment, svmReader } from '@eip3009/core/solana'
import { fixture, type SvmFixtureCause, type SvmFixtureState } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { startCluster } from './cluster.ts'

const now = 1_790_000_000n
const { input, state } = fixture('solana', 'valid')
const payment = readSvmPayment(input)
const {
  source = '',
  destination = '',
  feePayer = '',
} = {
  source: addressOf('source'),
  destination: addressOf('destination'),
  feePayer: payment.transaction?.feePayer,
}

function addressOf(which: 'source' | 'destination'): string {
  for (const { meaning } of payment.transaction?.instructions ?? []) if (meaning.kind === 'transfer-checked') return meaning[which] ?? ''
  return ''
}

type Change = (state: SvmFixtureState) => SvmFixtureState

/** One account with some of its bytes changed. */
const bytes =
  (address: string, change: (data: Buffer) => void): Change =>
  (before) => {
    const account = before.accounts[address]
    if (account === null || account === undefined) return before
    const data = Buffer.from(account.data, 'base64')
    change(data)
    return { ...before, accounts: { ...before.accounts, [address]: { ...account, data: data.toString('base64') } } }
  }
const gone =
  (address: string): Change =>
  (before) => ({ ...before, accounts: { ...before.accounts, [address]: null } })

const faults = {
  'svm-blockhash-expired': (before) => ({ ...before, blockhashes: [] }),
  'svm-fee-payer-funds': (before) => {
    const account = before.accounts[feePayer]
    return account === null || account === undefined
      ? before
      : { ...before, accounts: { ...before.accounts, [feePayer]: { ...account, lamports: '20000' } } }
  },
  'svm-destination-account-missing': gone(destination),
  'svm-account-frozen': bytes(source, (data) => data.writeUInt8(2, 108)),
  'svm-insufficient-funds': bytes(source, (data) => data.writeBigUInt64LE(1n, 64)),
  'svm-decimals-mismatch': bytes(payment.network?.mint ?? '', (data) => data.writeUInt8(9, 44)),
  'svm-authority-mismatch': bytes(source, (data) => data.fill(7, 32, 64)),
} as const satisfies Partial<Record<SvmFixtureCause, Change>>

type Fault = keyof typeof faults
const names = Object.keys(faults) as Fault[]

/** The error of each fault alone, as litesvm gave it for the fixtures of the same name. */
const errors: Readonly<Record<Fault, string>> = {
  'svm-blockhash-expired': '"BlockhashNotFound"',
  'svm-fee-payer-funds': '{"InsufficientFundsForRent":{"account_index":0}}',
  'svm-destination-account-missing': '{"InstructionError":[2,"InvalidAccountData"]}',
  'svm-account-frozen': '{"InstructionError":[2,{"Custom":17}]}',
  'svm-insufficient-funds': '{"InstructionError":[2,{"Custom":1}]}',
  'svm-decimals-mismatch': '{"InstructionError":[2,{"Custom":18}]}',
  'svm-authority-mismatch': '{"InstructionError":[2,{"Custom":4}]}',
}

async function investigated(changes: readonly Fault[]): Promise<SolanaInvestigation> {
  const broken = changes.reduce((before, name) => faults[name](before), state)
  await using cluster = await startCluster(broken)
  return await investigate(payment, { now, readers: [svmReader(cluster.url)], replayer: liteSvmReplayer() })
}

const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other): [Fault, Fault] => [one, other]))

describe('two things wrong at once', () => {
  it('are tried in every pair', () => expect(pairs).toHaveLength((names.length * (names.length - 1)) / 2))

  it.each(pairs)('%s and %s: both are found and proven, and which one hides the other', async (one, other) => {
    const { diagnosis, answers } = await investigated([one, other])
    const found = diagnosis.findings.filter(({ severity }) => severity === 'error').map(({ cause }) => cause)
    expect([...found].sort()).toEqual([one, other].sort())
    expect([...(diagnosis.replay?.proven ?? [])].sort()).toEqual([one, other].sort())
    // The cluster's simulation says one error; it has to be that of the cause which is said to come first.
    const [answer] = answers
    const simulated = answer?.kind === 'read' && answer.simulated.asIs.known ? answer.simulated.asIs.value.error : undefined
    expect([one, other]).toContain(diagnosis.solana.firstOnChain)
    expect(errors[diagnosis.solana.firstOnChain as Fault]).toBe(JSON.stringify(simulated))
  })
})

it('everything wrong at once: all are found, and all are needed', async () => {
  const { diagnosis } = await investigated(names)
  const found = diagnosis.findings.filter(({ severity }) => severity === 'error').map(({ cause }) => cause)
  expect([...found].sort()).toEqual([...names].sort())
  expect([...(diagnosis.replay?.proven ?? [])].sort()).toEqual([...names].sort())
  expect(diagnosis.solana.firstOnChain).toBe('svm-blockhash-expired')
})
