import type { Address, Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { checksum } from '../../networks/checksum.ts'
import type { ReplayOptions, ReplayOutcome, ReplayPayment } from '../evidence/replay.ts'
import { accounts, setCode, type TokenModel } from './place-token.ts'
import { isOlder, planReplay, type ReplayPlan } from './plan-replay.ts'
import { readCode } from './read-artifact.ts'
import { readErrorString } from './read-trace.ts'
import type { Anvil, RpcAnswer, RpcCall } from './start-anvil.ts'

/** One payment, when it is tried, and what is changed. */
export interface Simulation extends ReplayOptions {
  readonly payment: ReplayPayment
}

/**
 * What the token answers to a payment that is called and not mined: the outcome and the revert are those of a mined transaction, and
 * there is nothing else, since a call leaves neither events nor balances behind.
 */
export type SimulatedOutcome = Pick<ReplayOutcome, 'at' | 'interventions' | 'call'> &
  (
    | { readonly status: 'settled' }
    | {
        readonly status: 'reverted'
        /** The string of Error(string); null when there was none. */
        readonly reason: string | null
        /** The revert data as it is; `0x` when there was none. */
        readonly data: Hex
        /** The chain would not take the transaction at all; `reason` is what it said to that. */
        readonly refused?: true
      }
  )

/**
 * Calls in one batch, and batches under way at once: one is planned here while anvil works on the other. Measured on two cores: 50 by 1
 * gives 3,400 a second, 200 by 2 8,200, 500 by 2 8,700, 2000 by 2 5,700 (`pnpm bench replay`).
 */
const batchSize = 500
const underWay = 2

/** JSON-RPC's code of a call that reverted, with the revert data beside it. */
const reverted = 3

/**
 * Tries payments as `eth_call`, each on the chain's state with its own changes laid over it, so that none sees another and the state stays as
 * it is. Outcomes are in the order of `simulations`. Nothing may be mined on the chain meanwhile.
 * @throws Eip3009Error `invalid-argument` for what cannot be tried, `chain-unavailable` when the chain does not do its part.
 */
export async function simulatePayments(
  anvil: Anvil,
  token: TokenModel,
  relayer: Address,
  simulations: readonly Simulation[],
): Promise<readonly SimulatedOutcome[]> {
  const batches = Array.from({ length: Math.ceil(simulations.length / batchSize) }, (_, index) =>
    simulations.slice(index * batchSize, (index + 1) * batchSize),
  )
  const outcomes: SimulatedOutcome[][] = []
  let placed: Promise<unknown> | undefined
  // Once, since 24 kB of code in every call would be most of what is sent. No other replay looks at this account.
  const placeOlder = (): Promise<unknown> => {
    placed ??= readCode('FiatTokenV2_1', accounts.checker).then((code) => anvil.batch([setCode(accounts.olderImplementation, code)]))
    return placed
  }
  // Hashed once: nearly every call is the relayer's.
  const own = checksum(relayer)
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < batches.length; index = next++) {
      const batch = batches[index] ?? []
      const plans = batch.map(({ payment, ...options }) => planReplay(payment, token, options))
      if (!isOlder(token.implementation) && plans.some(({ older }) => older)) await placeOlder()
      const answers = await anvil.answers(plans.map((plan) => callOf(plan, token.address, plan.sender ?? relayer)))
      outcomes[index] = answers.map((answer, at) => read(answer, plans[at] as ReplayPlan, batch[at]?.interventions ?? [], own))
    }
  }
  await Promise.all(Array.from({ length: underWay }, work))
  return outcomes.flat()
}

/** The mined transaction as a call: the same sender, gas and data, the plan's slots and codes over the state, its time over the block's. */
function callOf(plan: ReplayPlan, token: Address, sender: Address): RpcCall {
  const { relayer } = plan
  const overrides: Record<string, { stateDiff?: Record<Hex, Hex>; code?: Hex; balance?: Hex }> = {}
  // Spelled in one way: of one account there must be one override.
  const over = (account: Address) => {
    const key = account.toLowerCase()
    overrides[key] ??= {}
    return overrides[key]
  }
  over(token).stateDiff = Object.fromEntries(plan.storage)
  for (const { address, code } of plan.code) over(address).code = code
  if (relayer !== undefined) over(sender).balance = quantity(relayer.wei)
  const price =
    relayer === undefined
      ? { gas: plan.gas ?? '0xf42400', gasPrice: '0x0' }
      : { gas: plan.gas ?? '0x30d40', gasPrice: quantity(relayer.gasPrice) }
  return {
    method: 'eth_call',
    params: [{ from: sender, to: token, data: plan.data, ...price }, 'latest', overrides, { time: quantity(plan.at) }],
  }
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`
}

function read(answer: RpcAnswer, plan: ReplayPlan, interventions: SimulatedOutcome['interventions'], relayer: Address): SimulatedOutcome {
  const shared = {
    at: plan.at,
    interventions,
    call: {
      function: plan.function,
      overload: plan.overload,
      selector: plan.selector,
      sender: plan.sender === undefined ? relayer : checksum(plan.sender),
    },
  }
  if (!('error' in answer)) return { ...shared, status: 'settled' }
  const { code, message, data } = answer.error
  if (code === reverted) {
    const bytes = typeof data === 'string' && data.startsWith('0x') ? (data as Hex) : '0x'
    return { ...shared, status: 'reverted', reason: readErrorString(bytes), data: bytes }
  }
  // A sender that cannot pay for gas: that was asked for, and is an answer.
  if (plan.relayer !== undefined) return { ...shared, status: 'reverted', reason: message, data: '0x', refused: true }
  throw new Eip3009Error('chain-unavailable', `The local chain could not try a payment: ${quote(message)}.`)
}
