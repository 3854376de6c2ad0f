import type { Address, Hex } from 'viem'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import type { BalanceChange, ReplayOptions, ReplayOutcome, ReplayPayment, TokenEvent } from '../evidence/replay.ts'
import { checksum } from '../networks/checksum.ts'
import { encodeCall } from '../payment/token-call.ts'
import { sameAddress } from '../typed-data/address.ts'
import { eventTopics, selectors } from './fiat-token.ts'
import { accounts, sendTransaction, setCode, setStorage, type TokenModel } from './place-token.ts'
import { planReplay, type ReplayPlan } from './plan-replay.ts'
import { readCode } from './read-artifact.ts'
import { type CallFrame, readErrorString, readSignatureCheck } from './read-trace.ts'
import type { Anvil, RpcCall } from './start-anvil.ts'

interface Log {
  readonly address: Address
  readonly topics: readonly Hex[]
  readonly data: Hex
}

interface Receipt {
  readonly status: Hex
  readonly gasUsed: Hex
  readonly logs: readonly Log[]
}

/**
 * Sends one payment to the chain's token as a mined transaction and reads what came of it. The state before is restored, also when this fails.
 * Two replays on one chain must not overlap.
 * @throws Eip3009Error `invalid-argument` for what cannot be replayed, `chain-unavailable` when the chain does not do its part.
 */
export async function replayPayment(
  anvil: Anvil,
  token: TokenModel,
  relayer: Address,
  payment: ReplayPayment,
  options: ReplayOptions,
): Promise<ReplayOutcome> {
  const plan = planReplay(payment, token, options)
  const older = plan.older && token.implementation !== 'FiatTokenV2_1' ? await readCode('FiatTokenV2_1', accounts.library) : undefined
  const snapshot = await anvil.request('evm_snapshot')
  try {
    return await run(anvil, token, plan, plan.sender ?? relayer, older, options)
  } finally {
    await anvil.request('evm_revert', [snapshot])
  }
}

async function run(
  anvil: Anvil,
  token: TokenModel,
  plan: ReplayPlan,
  sender: Address,
  older: Hex | undefined,
  { interventions = [] }: ReplayOptions,
): Promise<ReplayOutcome> {
  const { from, to } = plan.authorization
  await anvil.batch([
    ...(older === undefined ? [] : [setCode(accounts.olderImplementation, older)]),
    ...plan.code.map(({ address, code }) => setCode(address, code)),
    ...[...plan.storage].map(([slot, value]) => setStorage(token.address, slot, value)),
  ])
  const holders = sameAddress(from, to) ? [from] : [from, to]
  const [hash, ...before] = await anvil.batch([
    sendTransaction({ from: sender, to: token.address, data: plan.data }),
    ...holders.map((holder) => balanceOf(token.address, holder)),
  ])
  await anvil.request('evm_mine', [`0x${plan.at.toString(16)}`])
  const [receipt, trace, block, ...after] = (await anvil.batch([
    { method: 'eth_getTransactionReceipt', params: [hash] },
    { method: 'debug_traceTransaction', params: [hash, { tracer: 'callTracer' }] },
    { method: 'eth_getBlockByNumber', params: ['latest', false] },
    ...holders.map((holder) => balanceOf(token.address, holder)),
  ])) as readonly [Receipt | null, CallFrame, { readonly timestamp: Hex }, ...Hex[]]
  if (receipt === null || BigInt(block.timestamp) !== plan.at) {
    throw new Eip3009Error('chain-unavailable', `The ${token.description} did not mine the payment at ${plan.at}.`)
  }

  const shared = {
    at: plan.at,
    interventions,
    call: { function: plan.function, overload: plan.overload, selector: plan.selector, sender: checksum(sender) },
    gasUsed: BigInt(receipt.gasUsed),
    signatureCheck: readSignatureCheck(trace, from),
    balances: holders.map(
      (address, index): BalanceChange => ({
        address,
        before: amountIn(before[index] as Hex),
        after: amountIn(after[index] as Hex),
      }),
    ),
  }
  if (receipt.status === '0x1') return { ...shared, status: 'settled', events: tokenEvents(receipt.logs, token.address) }
  const data = trace.output ?? '0x'
  return { ...shared, status: 'reverted', reason: readErrorString(data), data }
}

function balanceOf(token: Address, holder: Address): RpcCall {
  return { method: 'eth_call', params: [{ to: token, data: encodeCall(selectors.balanceOf, [holder]) }, 'latest'] }
}

/** What is no token answers with nothing; the controls find that out. */
function amountIn(output: Hex): bigint {
  return output === '0x' ? 0n : BigInt(output)
}

/** The token's two events that a payment is known by. */
function tokenEvents(logs: readonly Log[], token: Address): TokenEvent[] {
  return logs
    .filter((log) => sameAddress(log.address, token))
    .flatMap(({ topics, data }): TokenEvent[] => {
      const [name, first, second] = topics
      if (first === undefined || second === undefined) return []
      if (name === eventTopics.Transfer) return [{ name: 'Transfer', from: addressIn(first), to: addressIn(second), value: BigInt(data) }]
      return name === eventTopics.AuthorizationUsed ? [{ name: 'AuthorizationUsed', authorizer: addressIn(first), nonce: second }] : []
    })
}

function addressIn(word: Hex): Address {
  return checksum(`0x${word.slice(26)}`)
}
