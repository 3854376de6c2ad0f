import { sameAddress } from '../../bytes/address.ts'
import { fromHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { checksum } from '../../networks/checksum.ts'
import type { CallModel } from '../../tokens/model.ts'
import { modelOf } from '../../tokens/models.ts'
import { blockWindowOf } from '../evidence/block-window.ts'
import { type Intervention, type ReplayOptions, type ReplayPayment, walletCode } from '../evidence/replay.ts'
import { ampleGas } from '../evidence/settlement-gas.ts'
import type { TokenCall } from '../payment/payment.ts'
import { encodePayment, paymentSelectors } from '../payment/token-call.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import {
  authorizationStateSlot,
  balanceSlot,
  blacklistedSlot,
  pausedBy,
  pauserSlot,
  proxySlots,
  separatorSlot,
  word,
} from './fiat-token.ts'
import { openZeppelinBytecode, openZeppelinStorage } from './openzeppelin-token.ts'
import { accounts, listsItself, type TokenModel } from './place-token.ts'

/** What is going to be sent, and the state that it will find. */
export interface ReplayPlan {
  readonly at: bigint
  readonly authorization: Authorization
  readonly function: TokenCall['function']
  readonly overload: TokenCall['overload']
  readonly selector: Hex
  readonly data: Hex
  /** Undefined for the chain's own relayer. */
  readonly sender: Address | undefined
  /** What the transaction may use; what was sent, or enough for any wallet's check, when absent. */
  readonly gas?: Hex
  /** What the sender pays for gas with; undefined where gas is free. */
  readonly relayer: Situation['relayer']
  readonly code: readonly { readonly address: Address; readonly code: Hex }[]
  /** Slots of the token. */
  readonly storage: ReadonlyMap<Hex, Hex>
  /** The token needs v2.1's implementation, which reads its separator from storage. */
  readonly older: boolean
}

const topBit = 1n << 255n
const lastTime = (1n << 64n) - 1n

/** A transaction of more than 128 KiB is refused by every node's pool. */
const longestSignature = 128 * 1024

/**
 * Works out one replay on an embedded chain, where the payer has exactly the value that he pays.
 * @throws Eip3009Error `invalid-argument` for a time, a signature or a combination that no chain can be given.
 */
export function planReplay(payment: ReplayPayment, token: TokenModel, options: ReplayOptions): ReplayPlan {
  const situation = withSpareGas(fitToCode(intervene(payment, options), token), payment, token)
  const plan = planCall(situation)
  const { implementation } = token
  if (implementation === 'ERC3009' || implementation === 'ERC20TransferAuthorization') {
    const { authorization, separator } = situation
    if (blockWindowOf(authorization, implementation) !== undefined) {
      throw new Eip3009Error(
        'unsupported-input',
        "Its window is in numbers of blocks, and a chain of our own has others than the token's chain: there is nothing that a replay could show.",
      )
    }
    const storage = openZeppelinStorage(implementation, { ...situation, ...authorization, funds: situation.balance ?? authorization.value })
    const code = separator === undefined ? [] : [{ address: token.address, code: openZeppelinBytecode(implementation, token, separator) }]
    return { ...plan, code: [...plan.code, ...code], storage, older: false }
  }
  const older = situation.separator !== undefined || isOlder(implementation)
  return { ...plan, storage: storageOf(situation, token, older), older }
}

/**
 * Gas that a payment takes here and need not take on its own chain: its payee is paid for the first time here, which costs 17 100, and what stands in for a
 * token is FiatToken behind its proxy, which costs more than others do.
 */
const spareGas = { same: 20_000n, 'stand-in': 40_000n }

/** With as much more than the transaction's own limit as it may need less there: what runs out of gas all the same does so there. */
function withSpareGas(situation: Situation, { call }: ReplayPayment, { code }: TokenModel): Situation {
  const limit = call?.transaction?.gasLimit
  if (limit === undefined || situation.gas !== limit) return situation
  return { ...situation, gas: limit + spareGas[code.kind === 'stand-in' ? 'stand-in' : 'same'] }
}

/** v2 and v2.1 keep their separator and their list where v2.2 does not. */
export function isOlder(implementation: TokenModel['implementation']): boolean {
  return implementation === 'FiatTokenV2' || implementation === 'FiatTokenV2_1'
}

/**
 * The situation as the code that runs has to see it, so that a stand-in does what the token itself would: it asks a payer's code only where the token
 * does, and has no function that the token has not.
 * @throws Eip3009Error `unsupported-input` for a call that the stand-in does not have, or the token does not have.
 */
function fitToCode(situation: Situation, token: TokenModel): Situation {
  const { code, family } = token
  if (code.kind !== 'stand-in') return situation
  const is65 = situation.signature.length === 2 + 2 * 65
  const overload = is65 && situation.separator === undefined ? (situation.overload ?? 'vrs') : is65 ? 'vrs' : 'bytes'
  const own = family === undefined ? undefined : modelOf(family).calls[situation.function]
  if (family !== undefined && own !== undefined && Object.keys(own).length === 0) {
    throw new Eip3009Error(
      'unsupported-input',
      `${modelOf(family).label} has no ${situation.function}, and the code that stands in for it has: what that answers would not be the token's.`,
    )
  }
  const hasBytes = token.overloads?.bytes ?? own?.bytes !== undefined
  // Both overloads do the same with 65 bytes, where a token has both.
  const called = overload === 'bytes' && is65 && hasBytes && isOlder(token.implementation) ? 'vrs' : overload
  if (called === 'bytes' && hasBytes && isOlder(token.implementation)) {
    throw new Eip3009Error(
      'unsupported-input',
      `The code that stands in for this token takes (v, r, s) only, and a signature of ${situation.signature.length / 2 - 1} bytes does not fit there.`,
    )
  }
  const model = own?.[called]
  return {
    ...situation,
    overload: called,
    payerCode: model === undefined ? situation.payerCode : seenCode(situation.payerCode, model.payerCode),
  }
}

/** The payer's code where it makes a difference to the token: one that looks at a key first needs it only to accept what no key has signed. */
function seenCode(code: Situation['payerCode'], asked: CallModel['payerCode']): Situation['payerCode'] {
  if (code === undefined || asked === 'instead') return code
  const accepts = code.code === walletCode.accepts || code.delegateCode === walletCode.accepts
  return asked === 'after' && accepts ? code : undefined
}

/**
 * The call that a situation comes to, whatever the token's state is kept in. The one that was read where calldata was read; else the primary
 * type says which function, and a signature of 65 bytes goes as (v, r, s), as facilitators send it.
 * @throws Eip3009Error `invalid-argument` for a time, a signature or a combination that no chain can be given.
 */
export function planCall(situation: Situation): Omit<ReplayPlan, 'storage' | 'older'> {
  const { at, authorization, signature, payerCode, separator } = situation
  if (at < 0n || at > lastTime) {
    throw new Eip3009Error('invalid-argument', `A block's time is between 0 and 2^64 - 1 seconds; got ${quote(at)}.`)
  }
  const length = (signature.length - 2) / 2
  if (length > longestSignature) {
    throw new Eip3009Error('invalid-argument', `A signature of ${length} bytes does not fit into a transaction, which has at most 128 KiB.`)
  }
  if (separator !== undefined && length !== 65) {
    throw new Eip3009Error(
      'invalid-argument',
      `A replay under another domain separator calls the token by (v, r, s) and needs a signature of 65 bytes; this one has ${length}.`,
    )
  }
  const called = situation.function
  const overload = length === 65 ? (separator === undefined ? (situation.overload ?? 'vrs') : 'vrs') : 'bytes'
  const data = encodePayment(called, overload, authorization, fromHex(signature))
  return {
    at,
    authorization,
    function: called,
    overload,
    selector: paymentSelectors[called][overload],
    data,
    sender: situation.sender ?? (called === 'receiveWithAuthorization' ? authorization.to : undefined),
    code: payerCode === undefined ? [] : codeOf(payerCode, authorization.from),
    relayer: situation.relayer,
    ...(situation.gas === undefined ? {} : { gas: gasFor(data, situation.gas) }),
  }
}

/** A gas limit that a node takes at all, whatever its rules of what data costs at least (EIP-7623): with less it would not run out, but not run. */
function gasFor(data: Hex, limit: bigint): Hex {
  const least = BigInt(21_000 + 40 * (data.length / 2 - 1))
  const gas = limit > ampleGas ? ampleGas : limit
  return `0x${(gas < least ? least : gas).toString(16)}`
}

/** A payment, its call and its surroundings with every intervention applied. */
export interface Situation {
  at: bigint
  authorization: Authorization
  signature: Hex
  function: TokenCall['function']
  overload: TokenCall['overload'] | undefined
  sender: Address | undefined
  /** Undefined for just enough. */
  balance: bigint | undefined
  separator: Hex | undefined
  payerCode: PayerCode | undefined
  /** The gas price that the sender pays, and what he has of it; undefined for free gas. */
  relayer: { readonly wei: bigint; readonly gasPrice: bigint } | undefined
  gas: bigint | undefined
  /** Undefined where no intervention says: then it is as the chain has it. */
  paused: boolean | undefined
  nonceUsed: boolean | undefined
  /** The last word on each account. */
  readonly blacklist: Map<Address, boolean>
}

type PayerCode = Extract<Intervention, { kind: 'payer-code' }>

/** Applies interventions in their order, so that the last of a kind counts. */
export function intervene(
  { authorization, signature, primaryType, call }: ReplayPayment,
  { at, interventions = [] }: ReplayOptions,
): Situation {
  const situation: Situation = {
    at,
    authorization,
    signature,
    function: call?.function ?? (primaryType === 'ReceiveWithAuthorization' ? 'receiveWithAuthorization' : 'transferWithAuthorization'),
    overload: call?.overload,
    sender: call?.caller ?? call?.transaction?.sender,
    balance: undefined,
    separator: undefined,
    payerCode: undefined,
    relayer: undefined,
    gas: call?.transaction?.gasLimit,
    paused: undefined,
    nonceUsed: undefined,
    blacklist: new Map(),
  }
  for (const intervention of interventions) {
    switch (intervention.kind) {
      case 'time':
        situation.at = intervention.at
        break
      case 'signature':
        situation.signature = intervention.signature
        break
      case 'authorization':
        situation.authorization = { ...situation.authorization, ...intervention.fields }
        break
      case 'function':
        situation.function = intervention.function
        situation.overload = intervention.overload ?? situation.overload
        break
      case 'sender':
        situation.sender = intervention.sender
        break
      case 'payer-code':
        situation.payerCode = intervention
        break
      case 'balance':
        situation.balance = intervention.value
        break
      case 'blacklist':
      case 'blacklist-lifted':
        situation.blacklist.set(checksum(intervention.address), intervention.kind === 'blacklist')
        break
      case 'paused':
      case 'unpaused':
        situation.paused = intervention.kind === 'paused'
        break
      case 'nonce-used':
      case 'nonce-free':
        situation.nonceUsed = intervention.kind === 'nonce-used'
        break
      case 'relayer-funds':
        situation.relayer = intervention
        break
      case 'gas':
        situation.gas = intervention.limit
        break
      case 'latest':
        // Of the chain as a whole: who opened it leaves out what came after its last block.
        break
      case 'token-separator':
        situation.separator = intervention.separator
        break
    }
  }
  return situation
}

/** The token's slots. Balance and blacklist share one in v2.2, so each is written once, with both in it. */
function storageOf(situation: Situation, token: TokenModel, older: boolean): ReadonlyMap<Hex, Hex> {
  const { from, value, nonce } = situation.authorization
  const funds = situation.balance ?? value
  const held = (account: Address): bigint => (sameAddress(account, from) ? (funds < topBit ? funds : topBit - 1n) : 0n)
  const storage = new Map<Hex, Hex>()
  storage.set(balanceSlot(from), word(held(from)))
  // The token's own address may be on its list, which its balance must not undo.
  const listed = new Map(situation.blacklist)
  const itself = checksum(token.address)
  if (listsItself(token) && (sameAddress(from, itself) || older) && !listed.has(itself)) listed.set(itself, true)
  for (const [account, isListed] of listed) {
    if (older) storage.set(blacklistedSlot(account), word(isListed ? 1n : 0n))
    else storage.set(balanceSlot(account), word(isListed ? held(account) | topBit : held(account)))
  }
  if (situation.paused === true) storage.set(pauserSlot, pausedBy(accounts.pauser))
  if (situation.nonceUsed === true) storage.set(authorizationStateSlot(from, nonce), word(1n))
  if (situation.separator !== undefined) {
    storage.set(separatorSlot, situation.separator)
    if (!isOlder(token.implementation)) storage.set(proxySlots.implementation, word(BigInt(accounts.olderImplementation)))
  }
  return storage
}

function codeOf({ code, delegateCode }: PayerCode, payer: Address): ReplayPlan['code'] {
  const own = { address: payer, code }
  if (delegateCode === undefined) return [own]
  if (!/^0xef0100[0-9a-fA-F]{40}$/.test(code)) {
    throw new Eip3009Error('invalid-argument', 'A payer with a delegate needs an EIP-7702 delegation as his code: 0xef0100 and 20 bytes.')
  }
  return [own, { address: `0x${code.slice(8)}`, code: delegateCode }]
}
