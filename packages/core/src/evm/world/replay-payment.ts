import { sameAddress } from '../../bytes/address.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quoteBare } from '../../errors/quote.ts'
import { checksum } from '../../networks/checksum.ts'
import type { BalanceChange, CallFrame, Intervention, ReplayOptions, ReplayOutcome, ReplayPayment, TokenEvent } from '../evidence/replay.ts'
import { firstFrame, readSignatureCheck } from '../evidence/signature-check.ts'
import { encodeCall } from '../payment/token-call.ts'
import { eventTopics, selectors } from './fiat-token.ts'
import { accounts, sendTransaction, setCode, setStorage, type TokenModel } from './place-token.ts'
import { isOlder, planReplay, type ReplayPlan } from './plan-replay.ts'
import { readCode } from './read-artifact.ts'
import { readErrorString } from './read-trace.ts'
import { type Anvil, AnvilRefusal, type RpcCall } from './start-anvil.ts'

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
  witness?: Witness,
): Promise<ReplayOutcome> {
  const plan = planReplay(payment, token, options)
  const older = plan.older && !isOlder(token.implementation) ? await readCode('FiatTokenV2_1', accounts.checker) : undefined
  const snapshot = await anvil.request('evm_snapshot')
  try {
    return await run(anvil, token, plan, plan.sender ?? relayer, older, options, witness)
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
  witness?: Witness,
): Promise<ReplayOutcome> {
  const set = [
    ...(older === undefined ? [] : [setCode(accounts.olderImplementation, older)]),
    ...plan.code.map(({ address, code }) => setCode(address, code)),
    ...[...plan.storage].map(([slot, value]) => setStorage(token.address, slot, value)),
  ]
  const call = { ...plan, sender, to: token.address }
  // In the round trip of the sending where nothing looks at the state in between, which makes 300 replays a second of 210.
  if (older === undefined && plan.relayer === undefined && witness?.before === undefined) {
    const seen = { [token.address]: { stateDiff: Object.fromEntries(plan.storage) } }
    return mineCall(anvil, token, { ...call, setting: { set, seen } }, interventions, witness)
  }
  await anvil.batch(set)
  return mineCall(anvil, token, call, interventions, witness)
}

/** A transaction that is ready to be sent, and what its outcome is read for. */
export interface ReadyCall extends Omit<ReplayPlan, 'sender' | 'code' | 'storage' | 'older'> {
  readonly sender: Address
  readonly to: Address
  readonly value?: Hex
  /** Further members of the transaction, as JSON-RPC has them. */
  readonly more?: Readonly<Record<string, unknown>>
  /** State to set together with the sending, and how a call sees it that may be worked on before it is set. Gas is free then. */
  readonly setting?: { readonly set: readonly RpcCall[]; readonly seen: object }
}

/** Looks at the chain from within a replay: when everything is set and nothing is sent, and when it is mined. */
export interface Witness {
  readonly before?: () => Promise<void>
  readonly mined?: (hash: Hex) => Promise<void>
}

/**
 * Mines one transaction at its time and reads what came of the payment in it. Where it is not the token that was called, the payment is the
 * first call inside that the token got with the payment's selector: it counts, not the transaction around it.
 * @throws Eip3009Error `chain-unavailable` when the chain does not do its part.
 */
export async function mineCall(
  anvil: Anvil,
  token: { readonly address: Address; readonly description: string },
  call: ReadyCall,
  interventions: readonly Intervention[],
  witness: Witness = {},
): Promise<ReplayOutcome> {
  const { from, to } = call.authorization
  const holders = sameAddress(from, to) ? [from] : [from, to]
  const readBalances = holders.map((holder) => balanceOf(token.address, holder))
  const described = {
    at: call.at,
    interventions,
    call: { function: call.function, overload: call.overload, selector: call.selector, sender: checksum(call.sender) },
  }
  await witness.before?.()
  const readSet = call.setting === undefined ? readBalances : holders.map((holder) => balanceOf(token.address, holder, call.setting?.seen))
  const sent = await send(anvil, call, readSet)
  const changes = (after: readonly Hex[]): BalanceChange[] =>
    holders.map((address, index) => ({ address, before: amountIn(sent.read[index] as Hex), after: amountIn(after[index] as Hex) }))

  if ('refused' in sent) {
    const outcome = { ...described, gasUsed: 0n, signatureCheck: null, balances: changes(sent.read) }
    return { ...outcome, status: 'reverted', reason: sent.refused, data: '0x', refused: true }
  }
  await anvil.request('evm_mine', [`0x${call.at.toString(16)}`])
  const [receipt, trace, block, ...after] = (await anvil.batch([
    { method: 'eth_getTransactionReceipt', params: [sent.hash] },
    { method: 'debug_traceTransaction', params: [sent.hash, { tracer: 'callTracer' }] },
    { method: 'eth_getBlockByNumber', params: ['latest', false] },
    ...readBalances,
  ])) as readonly [Receipt | null, CallFrame, { readonly timestamp: Hex }, ...Hex[]]
  if (receipt === null || BigInt(block.timestamp) !== call.at) {
    throw new Eip3009Error('chain-unavailable', `The ${token.description} did not mine the payment at ${call.at}.`)
  }

  await witness.mined?.(sent.hash)
  const own = sameAddress(call.to, token.address) ? trace : paymentFrame(trace, token.address, call.selector)
  const shared = {
    ...described,
    gasUsed: BigInt(receipt.gasUsed),
    signatureCheck: readSignatureCheck(own ?? trace, from),
    balances: changes(after),
    trace,
  }
  const settled = own === undefined ? false : own.error === undefined && receipt.status === '0x1'
  if (settled) return { ...shared, status: 'settled', events: tokenEvents(receipt.logs, token.address) }
  const data = (own?.error === undefined ? trace.output : own.output) ?? '0x'
  return { ...shared, status: 'reverted', reason: readErrorString(data), data }
}

/** Where the token was asked for a payment with this selector, inside of another contract's transaction. */
function paymentFrame(trace: CallFrame, token: Address, selector: Hex): CallFrame | undefined {
  return firstFrame(trace, (frame) => sameAddress(frame.to, token) && frame.input.startsWith(selector) && frame.type !== 'DELEGATECALL')
}

/** What EIP-3009 takes with any margin: the gas that a relayer who pays for it is asked to have money for. */
const paidGas = '0x30d40'

type Sent = { readonly read: readonly Hex[] } & ({ readonly hash: Hex } | { readonly refused: string })

/** Sends, and reads what is asked for before it is mined. A relayer without the money for gas is refused by the node, and that is an answer. */
async function send(anvil: Anvil, call: ReadyCall, reads: readonly RpcCall[]): Promise<Sent> {
  const transaction = {
    ...call.more,
    from: call.sender,
    to: call.to,
    data: call.data,
    ...(call.gas === undefined ? {} : { gas: call.gas }),
    ...(call.value === undefined ? {} : { value: call.value }),
  }
  if (call.relayer === undefined) {
    const [hash, ...read] = (await anvil.batch([sendTransaction(transaction), ...reads, ...(call.setting?.set ?? [])])) as [Hex, ...Hex[]]
    return { hash, read: read.slice(0, reads.length) }
  }
  const { wei, gasPrice } = call.relayer
  await anvil.request('anvil_setBalance', [call.sender, `0x${wei.toString(16)}`])
  const read = (await anvil.batch(reads)) as Hex[]
  const paid = sendTransaction({ gas: paidGas, ...transaction, gasPrice: `0x${gasPrice.toString(16)}` })
  try {
    return { hash: (await anvil.batch([paid]))[0] as Hex, read }
  } catch (error) {
    if (!(error instanceof AnvilRefusal)) throw error
    return { refused: quoteBare(error.words), read }
  }
}

function balanceOf(token: Address, holder: Address, overrides?: object): RpcCall {
  const call = { to: token, data: encodeCall(selectors.balanceOf, [holder]) }
  return { method: 'eth_call', params: [call, 'latest', ...(overrides === undefined ? [] : [overrides])] }
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
