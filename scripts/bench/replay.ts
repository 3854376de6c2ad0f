/**
 * How many replays a second, on one local chain that is open already, and the naive way?
 *
 * All replay the same payments under the same changes, and every outcome is compared with what the contract answers to that change before
 * anyone is timed. They take turns for some rounds; each ratio is of two times from the same round, and medians are printed. Opening a warm
 * chain is not part of its time; for the naive way it is all there is to it.
 */
import { availableParallelism, cpus } from 'node:os'
import type { Intervention, ReplayPayment } from '../../packages/core/src/evm/evidence/replay.ts'
import { type EmbeddedChain, openChain } from '../../packages/core/src/evm/world/open-chain.ts'
import { openFork } from '../../packages/core/src/evm/world/open-fork.ts'
import type { Simulation } from '../../packages/core/src/evm/world/simulate.ts'
import { base } from '../../packages/core/src/networks/base.ts'

const ROUNDS = 5
const KEY = '0xc85ef7d79691fe79573b1a7064c19c1a9819ebdbd1faaab1a8ec92344438aaf4'
const TO = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const OPENS = 1_761_924_682n
const CLOSES = 1_761_925_342n
const PAYMENTS = 16

const members = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const

/** What is changed, and what FiatToken answers to it; `settled` for a settlement. */
const CHANGES: readonly (readonly [readonly Intervention[], string])[] = [
  [[], 'settled'],
  [[{ kind: 'time', at: CLOSES }], 'FiatTokenV2: authorization is expired'],
  [[{ kind: 'balance', value: 1n }], 'ERC20: transfer amount exceeds balance'],
  [[{ kind: 'blacklist', address: TO }], 'Blacklistable: account is blacklisted'],
  [[{ kind: 'paused' }], 'Pausable: paused'],
  [[{ kind: 'payer-code', code: '0x63ffffffff60e01b60005260206000f3' }], 'FiatTokenV2: invalid signature'],
  [[{ kind: 'nonce-used' }], 'FiatTokenV2: authorization is used or canceled'],
]

type Answered = { readonly status: 'settled' } | { readonly status: 'reverted'; readonly reason: string | null }

interface Contestant {
  readonly name: string
  /** Replays so many in a round: some tenths of a second. */
  readonly count: number
  readonly replay: (simulations: readonly Simulation[]) => Promise<readonly Answered[]>
}

async function signedPayments(): Promise<ReplayPayment[]> {
  const [{ privateKeyToAccount }, { toHex }] = await Promise.all([import('viem/accounts'), import('viem')])
  const account = privateKeyToAccount(KEY)
  const domain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address } as const
  return Promise.all(
    Array.from({ length: PAYMENTS }, async (_, index) => {
      const nonce = toHex(index + 1, { size: 32 })
      const authorization = { from: account.address, to: TO, value: 10_000n, validAfter: OPENS, validBefore: CLOSES, nonce } as const
      const primaryType = 'TransferWithAuthorization'
      const signature = await account.signTypedData({ domain, types: { [primaryType]: members }, primaryType, message: authorization })
      return { primaryType, authorization, signature }
    }),
  )
}

async function oneByOne(simulations: readonly Simulation[], replay: (one: Simulation) => Promise<Answered>): Promise<Answered[]> {
  const out: Answered[] = []
  for (const simulation of simulations) out.push(await replay(simulation))
  return out
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

async function measure(warm: EmbeddedChain, contestants: readonly Contestant[]): Promise<void> {
  const payments = await signedPayments()
  const simulations = (count: number): { readonly all: readonly Simulation[]; readonly expected: readonly string[] } => {
    const picks = Array.from({ length: count }, (_, index) => CHANGES[index % CHANGES.length] ?? ([[], 'settled'] as const))
    return {
      all: picks.map(([interventions], index) => ({
        payment: payments[index % PAYMENTS] as ReplayPayment,
        at: OPENS + 100n,
        interventions,
      })),
      expected: picks.map(([, answer]) => answer),
    }
  }
  const check = (name: string, outcomes: readonly Answered[], expected: readonly string[]): void => {
    outcomes.forEach((outcome, index) => {
      const answer = outcome.status === 'settled' ? 'settled' : outcome.reason
      if (answer !== expected[index]) throw new RangeError(`${name} says ${answer} where the contract says ${expected[index]}.`)
    })
    if (outcomes.length !== expected.length) throw new RangeError(`${name} gave ${outcomes.length} outcomes of ${expected.length}.`)
  }

  for (const { name, replay } of contestants) {
    const { all, expected } = simulations(CHANGES.length)
    check(name, await replay(all), expected)
  }

  /** Milliseconds a replay, by name, one a round. */
  const times = new Map<string, number[]>(contestants.map(({ name }) => [name, []]))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, count, replay } of contestants) {
      const { all, expected } = simulations(count)
      const start = performance.now()
      const outcomes = await replay(all)
      times.get(name)?.push((performance.now() - start) / count)
      check(name, outcomes, expected)
    }
    process.stderr.write(`round ${round + 1} of ${ROUNDS}\r`)
  }

  const baseline = times.get(contestants[0]?.name ?? '') ?? []
  const lines = contestants.map(({ name }) => {
    const own = times.get(name) ?? []
    const ratio = median(own.map((time, round) => (baseline[round] ?? Number.NaN) / time))
    const time = median(own)
    return [
      name.padEnd(58),
      time.toFixed(time < 1 ? 3 : 1).padStart(10),
      (1000 / time).toLocaleString('en', { maximumFractionDigits: time > 100 ? 1 : 0 }).padStart(12),
      `${ratio.toFixed(1)}×`.padStart(10),
    ].join('')
  })
  const header = ['replays of Base payments'.padEnd(58), 'ms each'.padStart(10), 'replays/s'.padStart(12), 'naive = 1'.padStart(10)].join(
    '',
  )
  const machine = `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores; ${warm.description}; medians of ${ROUNDS} rounds`
  process.stdout.write(`${machine}\n\n${header}\n${lines.join('\n')}\n`)
}

/** Prints the table. */
export async function run(): Promise<void> {
  await using warm = await openChain({ network: base })
  // Stands in for a live chain, at no distance: over the internet a fork takes seconds.
  await using upstream = await openChain({ network: base })
  const rpcUrl = `http://127.0.0.1:${upstream.anvil.port}`
  await measure(warm, [
    {
      name: 'naive: a new fork and a mined transaction for each',
      count: 7,
      replay: (simulations) =>
        oneByOne(simulations, async ({ payment, interventions = [], at }) => {
          await using fork = await openFork({ rpcUrl, network: base })
          // Nobody has money on the stand-in.
          return await fork.replay(payment, { at, interventions: [{ kind: 'balance', value: 10_000n }, ...interventions] })
        }),
    },
    {
      name: 'naive: a new chain and a mined transaction for each',
      count: 7,
      replay: (simulations) =>
        oneByOne(simulations, async ({ payment, ...options }) => {
          await using chain = await openChain({ network: base })
          return await chain.replay(payment, options)
        }),
    },
    {
      name: 'warm: mined, traced, balances read; snapshot and revert',
      count: 140,
      replay: (simulations) => oneByOne(simulations, ({ payment, ...options }) => warm.replay(payment, options)),
    },
    { name: 'warm: eth_call with overrides, in batches', count: 7_000, replay: (simulations) => warm.simulate(simulations) },
  ])
}
