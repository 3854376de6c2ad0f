import type { Address, Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { stateSelectors } from '../../tokens/ask-model.ts'
import type { Intervention, ReplayOptions, ReplayOutcome, ReplayPayment } from '../evidence/replay.ts'
import { encodeCall } from '../payment/token-call.ts'
import { blacklistedSlot, proxySlots, selectors, separatorSlot, word } from './fiat-token.ts'
import { ask, makeAnswer } from './make-answer.ts'
import { accounts, setCode, setStorage, type TokenModel } from './place-token.ts'
import { intervene, planCall, type Situation } from './plan-replay.ts'
import { readCode } from './read-artifact.ts'
import { mineCall, type ReadyCall, type Witness } from './replay-payment.ts'
import type { Anvil } from './start-anvil.ts'

/** A transaction as it was sent to a chain: replayed as it is, as long as nothing about the call is changed. */
export interface SentTransaction {
  readonly hash: Hex
  readonly from: Address
  readonly to: Address
  readonly data: Hex
  readonly gas: Hex
  /** Wei. */
  readonly value: Hex
  /** Its access list, and what it delegates (EIP-7702), as JSON-RPC has them. */
  readonly more: Readonly<Record<string, unknown>>
}

/** Interventions that make another call of it, or another sender. */
const changesCall: ReadonlySet<Intervention['kind']> = new Set([
  'signature',
  'authorization',
  'function',
  'sender',
  'token-separator',
  'relayer-funds',
])

/**
 * Sends one payment to a token whose state is its own: what interventions lift is changed in storage, and nothing else. The state before is
 * restored, also when this fails. Two replays on one chain must not overlap.
 * @throws Eip3009Error `invalid-argument` for what cannot be replayed, `unsupported-input` for an intervention that this token's storage does not
 * allow, `chain-unavailable` when the chain does not do its part.
 */
export async function replayOnState(
  anvil: Anvil,
  token: TokenModel,
  relayer: Address,
  sent: SentTransaction | undefined,
  payment: ReplayPayment,
  options: ReplayOptions,
  witness?: Witness,
): Promise<ReplayOutcome> {
  const { interventions = [] } = options
  const situation = intervene(payment, options)
  const plan = planCall(situation)
  const asSent =
    sent !== undefined && payment.call?.transaction?.hash === sent.hash && !interventions.some(({ kind }) => changesCall.has(kind))
  const call: ReadyCall = asSent
    ? { ...plan, sender: sent.from, to: sent.to, data: sent.data, gas: plan.gas ?? sent.gas, value: sent.value, more: sent.more }
    : { ...plan, sender: plan.sender ?? relayer, to: token.address }
  const snapshot = await anvil.request('evm_snapshot')
  try {
    for (const { address, code } of plan.code) await anvil.batch([setCode(address, code)])
    await changeState(anvil, token, situation)
    // A block's time may lie before that of the block that the fork begins with.
    await anvil.request('anvil_setTime', [`0x${plan.at.toString(16)}`])
    return await mineCall(anvil, token, call, interventions, witness)
  } finally {
    await anvil.request('evm_revert', [snapshot])
  }
}

async function changeState(anvil: Anvil, { address: token, family }: TokenModel, situation: Situation): Promise<void> {
  const { pause, blacklist: list } = stateSelectors(family)
  const { balance, blacklist, paused, nonceUsed, separator } = situation
  const { from, nonce } = situation.authorization
  if (paused !== undefined) await makeAnswer(anvil, { to: token, data: pause, wanted: paused, what: 'whether it is paused' })
  for (const [account, listed] of blacklist) {
    const data = encodeCall(list, [account])
    await makeAnswer(anvil, { to: token, data, wanted: listed, what: `whether ${account} is blacklisted` })
  }
  if (nonceUsed !== undefined) {
    const data = encodeCall(selectors.authorizationState, [from, nonce])
    await makeAnswer(anvil, { to: token, data, wanted: nonceUsed, what: 'whether the nonce is used' })
  }
  if (balance !== undefined) {
    await makeAnswer(anvil, { to: token, data: encodeCall(selectors.balanceOf, [from]), wanted: balance, what: "the payer's balance" })
  }
  if (separator !== undefined) await setSeparator(anvil, token, separator, [from, situation.authorization.to])
}

/**
 * Makes the token check signatures under another separator. One that keeps it in storage is told; FiatToken v2.2 computes it, so its proxy is
 * pointed at v2.1, whose storage is the same but for the blacklist, which moves along.
 */
async function setSeparator(anvil: Anvil, token: Address, separator: Hex, holders: readonly Address[]): Promise<void> {
  try {
    return await makeAnswer(anvil, { to: token, data: selectors.domainSeparator, wanted: separator, what: 'its domain separator' })
  } catch (error) {
    if (!(error instanceof Eip3009Error) || error.code !== 'unsupported-input') throw error
    const implementation = (await anvil.request('eth_getStorageAt', [token, proxySlots.implementation, 'latest'])) as Hex
    if (BigInt(implementation) === 0n) throw error
  }
  for (const account of holders) {
    const data = encodeCall(selectors.isBlacklisted, [account])
    if ((await ask(anvil, token, data)) !== word(1n)) continue
    await makeAnswer(anvil, { to: token, data, wanted: false, what: `whether ${account} is blacklisted` })
    await anvil.batch([setStorage(token, blacklistedSlot(account), word(1n))])
  }
  await anvil.batch([
    setCode(accounts.olderImplementation, await readCode('FiatTokenV2_1', accounts.checker)),
    setStorage(token, separatorSlot, separator),
    setStorage(token, proxySlots.implementation, word(BigInt(accounts.olderImplementation))),
  ])
  if ((await ask(anvil, token, selectors.domainSeparator)) !== separator) {
    throw new Eip3009Error(
      'unsupported-input',
      "On this token a replay can not change its domain separator: it is computed, and the token is no FiatToken behind Circle's proxy.",
    )
  }
}
