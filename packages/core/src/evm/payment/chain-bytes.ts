import { bytesOf, toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import type { Finding } from '../../causes/finding.ts'
import type { NetworkClaim } from '../../wire/context.ts'
import { isObject, type Json, type JsonObject } from '../../wire/json.ts'
import { otherHex, type Refusal, refuse, unreadable, unsupported } from '../../wire/refusal.ts'
import { brokenCall, isKnownSelector, isPaymentSelector, type ReadCall, readCalldata } from './calldata.ts'
import type { Draft, TokenClaim } from './draft.ts'
import { noteSlips, readAddress, readAmount } from './field.ts'
import { type DelegationTuple, delegationClaims, erc6492Suffix, listedIn } from './payer-claims.ts'
import type { TokenCall } from './payment.ts'
import { paymentSelectors } from './token-call.ts'
import { delegationTuple, looksLikeTransaction, type RawTransaction, readTransaction } from './transaction.ts'
import { type Unwrapped, unwrapCall, type WrappedCall, wrapperLabel, wrappers } from './wrapped-calls.ts'

const pasteCall = 'paste the transaction that called the token, or its calldata'
const pasteInner = 'paste the call of one of them'

/** Selectors of payments and of what carries them. */
const selectors = [...Object.values(paymentSelectors).flatMap((each) => Object.values(each)), ...wrappers.map(({ selector }) => selector)]

/** A payment's call in other text, or one that carries others, cut or not. */
export const callInText = new RegExp(`0[xX](?:${selectors.map((each) => each.slice(2)).join('|')})[0-9a-f]+(?:\\.{2,}|…)?`, 'i')

/** Whether hex without a `0x` is likely to be bytes for this module, and not a number or a word. */
export function isChainHex(digits: string): boolean {
  if (digits.length === 64 || digits.length === 128 || digits.length === 130) return true
  const selector = `0x${digits.slice(0, 8).toLowerCase()}`
  return isKnownSelector(selector) || wrapperLabel(selector) !== undefined || /^(?:f[89a]|0[1-4]f[89a])/i.test(digits)
}

/** Reads bytes as calldata or as a raw transaction; names what else they are by length or by selector, and refuses that. */
export function readChainBytes(bytes: Uint8Array, findings: Finding[]): Draft {
  // Calldata can be cut to the length of something else.
  const isCall = bytes.length > 4 && isPaymentSelector(toHex(bytes.subarray(0, 4)))
  const short = isCall ? undefined : otherHex(bytes.length)
  if (short !== undefined) throw refuse(short)
  if (looksLikeTransaction(bytes)) return readRaw(bytes, findings)
  if (toHex(bytes.subarray(-32)) === `0x${erc6492Suffix}`) {
    throw refuse(
      unsupported('an ERC-6492 signature alone', 'paste it together with what it signs: {"authorization": {…}, "signature": "0x…"}'),
    )
  }
  return draftOf('calldata', callIn(bytes, undefined, '', findings), undefined)
}

/** A call of a token, and the calls that it stood in. */
interface FoundCall {
  readonly read: ReadCall
  readonly wrapped?: WrappedCall
}

/** The call in `data`, or the only payment in the calls that it carries; `around` says in a refusal what the call was found in. */
function callIn(data: Uint8Array, to: Address | undefined, around: string, findings: Finding[]): FoundCall {
  const found = findCall(data, to, findings)
  if (found.ok) return found.call
  throw refuse({ ...found.refusal, what: `${around}${found.refusal.what}` })
}

type CallResult = { readonly ok: true; readonly call: FoundCall } | { readonly ok: false; readonly refusal: Refusal }

function findCall(data: Uint8Array, to: Address | undefined, findings: Finding[]): CallResult {
  const unwrapped = unwrapCall(data, to)
  if (unwrapped === undefined) {
    const result = readCalldata(data, findings)
    return result.ok ? { ok: true, call: { read: result.read } } : result
  }
  const { kind, label } = unwrapped
  if (kind === 'broken') {
    const inside = brokenInside(toHex(data).slice(2), '')
    return { ok: false, refusal: inside ?? unreadable(`calldata of ${label} whose arguments can not be decoded`, 'all of it', pasteCall) }
  }
  if (kind === 'too-many') {
    return { ok: false, refusal: unreadable(`calldata of ${label} with more calls in it than are looked at`, 'one payment', pasteInner) }
  }
  const [wrapped, ...others] = unwrapped.payments
  if (wrapped === undefined) return { ok: false, refusal: unsupported(`calldata of ${label}, in which there is no payment`, pasteCall) }
  if (others.length > 0) {
    return { ok: false, refusal: unreadable(`calldata of ${label} with ${unwrapped.payments.length} payments`, 'one payment', pasteInner) }
  }
  const result = readCalldata(wrapped.data, findings)
  if (!result.ok) return { ok: false, refusal: { ...result.refusal, what: `${result.refusal.what}, in ${wrapped.within.join(' in ')}` } }
  return { ok: true, call: { read: result.read, wrapped } }
}

/** The four functions' selectors as they stand in hex. */
const paymentInHex = /e3ee160e|cf092995|ef55bec6|88b7ab63/gi

/** Why the payment in the digits of a call that carries others can not be read, where it is cut or has lost digits. */
function brokenInside(digits: string, rest: string): Refusal | undefined {
  for (const { index } of digits.matchAll(paymentInHex)) {
    // Its length stands in the word before it.
    const length = Number.parseInt(digits.slice(index - 8, index), 16)
    const inner = Number.isNaN(length) ? digits.slice(index) : digits.slice(index, index + 2 * length)
    const broken = brokenCall(inner, inner.length < 2 * length ? rest : '')
    if (broken !== undefined) return { ...broken, what: `${broken.what}, in ${wrapperLabel(`0x${digits.slice(0, 8).toLowerCase()}`)}` }
  }
  return undefined
}

/** Why hex digits that begin as a payment's call do, or as one that carries others, can not be read. Undefined where nothing is wrong with them. */
export function brokenBytes(digits: string, rest: string): Refusal | undefined {
  const label = wrapperLabel(`0x${digits.slice(0, 8).toLowerCase()}`)
  if (label === undefined) return brokenCall(digits, rest)
  const how = rest === '' ? (digits.length % 2 === 0 ? undefined : 'with an odd number of digits') : `that is cut by ${rest}`
  if (how === undefined) return undefined
  return brokenInside(digits, rest) ?? unreadable(`calldata of ${label} ${how}`, 'all of it, digit by digit', pasteCall)
}

/** Why a transaction object's call is no payment; undefined when it is one, or when there is no call. */
export function otherCall(object: JsonObject): Refusal | undefined {
  const broken = brokenCalldataOf(object)
  if (broken !== undefined) return { ...broken, what: `a transaction object with ${broken.what}` }
  const data = calldataOf(object)
  const result = data === undefined ? undefined : findCall(data, undefined, [])
  return result === undefined || result.ok ? undefined : { ...result.refusal, what: `a transaction object with ${result.refusal.what}` }
}

function readRaw(bytes: Uint8Array, findings: Finding[]): Draft {
  const result = readTransaction(bytes)
  if (!result.ok) throw refuse(result.refusal)
  const { transaction } = result
  const { kind, to, data } = transaction
  if (to === undefined) throw refuse(unsupported(`a raw ${kind} transaction that creates a contract`, pasteCall))
  if (data.length < 4) {
    throw refuse(unsupported(`a raw ${kind} transaction without calldata, a transfer of the chain's own currency to ${to}`, pasteCall))
  }
  const call = callIn(data, to, `a raw ${kind} transaction to ${to} with `, findings)
  noteTransaction(transaction, call, findings)
  const chainId = safeNumber(transaction.chainId)
  const payerClaims = delegationClaims(transaction.delegations, call.read.authorization.from, transaction.chainId)
  const draft = draftOf('raw-transaction', call, {
    hash: transaction.hash,
    to,
    // How much the payer's own code takes, no replay without it tells; nor how much the rest of a batch does.
    ...(isFilled(transaction) && payerClaims.length === 0 && call.wrapped === undefined ? { gasLimit: transaction.gasLimit } : {}),
    ...(transaction.sender === undefined ? {} : { sender: transaction.sender }),
    ...(chainId === undefined ? {} : { chainId }),
  })
  return { ...draft, payerClaims, recognised: `raw ${transaction.signed ? '' : 'unsigned '}${kind} transaction with ${draft.recognised}` }
}

function safeNumber(value: bigint | undefined): number | undefined {
  return value !== undefined && value > 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined
}

/** Whether its gas limit is one: what is not signed yet may have none. */
function isFilled({ signed, gasLimit }: RawTransaction): boolean {
  return signed || gasLimit > 0n
}

function noteTransaction(transaction: RawTransaction, { wrapped }: FoundCall, findings: Finding[]): void {
  const { signed, sender, value, chainId, gasLimit, intrinsicGas } = transaction
  if (value > 0n && wrapped === undefined) findings.push(sendsValue(value))
  if (isFilled(transaction) && gasLimit < intrinsicGas) findings.push(tooLittleGas(gasLimit, intrinsicGas))
  if (gasLimit >= 2n ** 64n) findings.push(tooMuchGas(gasLimit))
  if (signed && sender === undefined) {
    findings.push(
      malformed(
        'transaction.signature',
        'invalid',
        "the sender's signature",
        "The transaction's own signature recovers to no address, so no node takes it.",
        'Copy the raw transaction again, or sign it again.',
      ),
    )
  }
  if (chainId !== undefined && chainId > BigInt(Number.MAX_SAFE_INTEGER)) {
    findings.push(
      malformed(
        'transaction.chainId',
        String(chainId).slice(0, 80),
        'a chain id below 2^53',
        "The transaction's chain id is above 2^53, which no network has.",
        "Sign the transaction for the network's chain id.",
      ),
    )
  }
}

function sendsValue(value: bigint): Finding {
  return malformed(
    'transaction.value',
    String(value),
    '0',
    `The call sends ${value} wei along, and transferWithAuthorization is not payable: the token reverts without a reason.`,
    'Send the call with value 0.',
  )
}

function tooLittleGas(limit: bigint, least: bigint): Finding {
  return {
    cause: 'facilitator-gas-limit',
    party: 'facilitator',
    severity: 'error',
    field: 'transaction.gas',
    seen: String(limit),
    expected: `more than ${least}`,
    summary: `The transaction's gas limit is ${limit}, and its data and lists alone cost ${least}: no node takes it.`,
    evidence: [
      { source: 'computed', says: `21000 gas, 16 for each byte of data or 4 where it is zero, and what its lists cost: ${least}` },
    ],
    fix: 'send the same payment again with a higher gas limit: estimate it, and add a margin',
  }
}

function tooMuchGas(limit: bigint): Finding {
  return malformed(
    'transaction.gas',
    String(limit),
    'a gas limit below 2^64',
    "The transaction's gas limit is 2^64 or more, which no node reads.",
    'Estimate the gas, and make the transaction again.',
  )
}

function malformed(field: string, seen: string, expected: string, summary: string, fix: string): Finding {
  return {
    cause: 'malformed-field',
    party: 'facilitator',
    severity: 'error',
    field,
    seen,
    expected,
    summary,
    evidence: [{ source: 'payload', says: `${field} is ${seen}.` }],
    fix,
  }
}

/** The members under which tools print a call's data. */
const dataNames = ['data', 'input', 'calldata', 'callData'] as const

/** The calldata of a transaction object, or of a call in a log record, when there is hex of at least a selector. */
function calldataOf(object: JsonObject): Uint8Array | undefined {
  for (const name of dataNames) {
    const value = object.get(name)
    if (typeof value === 'string' && /^0[xX](?:[0-9a-fA-F]{2}){4,}$/.test(value)) return bytesOf(value.slice(2))
  }
  return undefined
}

/** The calldata of a payment that was cut, by a console's dots or anywhere else, or that has a digit too many. */
function brokenCalldataOf(object: JsonObject): Refusal | undefined {
  for (const name of dataNames) {
    const value = object.get(name)
    const [, digits, rest = ''] = typeof value === 'string' ? (/^\s*0[xX]([0-9a-fA-F]{8,})\s*(\.\.|…)?/.exec(value) ?? []) : []
    if (digits !== undefined) return brokenBytes(digits, rest === '' ? '' : 'dots')
  }
  return undefined
}

/**
 * Reads `{to, data, from, chainId, hash}` as JSON-RPC, viem, ethers and logs write it, and a user operation, which its own account calls; undefined when
 * its call is no payment, and carries not just one.
 */
export function readTransactionObject(object: JsonObject, findings: Finding[]): Draft | undefined {
  const data = calldataOf(object)
  if (data === undefined) return undefined
  const isOperation = isUserOperation(object)
  const account = isOperation ? readAddress(object.get('sender')) : undefined
  const before = findings.length
  const to = isOperation ? undefined : addressIn(object, ['to', 'address'], 'transaction.to', findings)
  const unwrapped = unwrapCall(data, account?.ok ? account.value : to)
  const isOne = unwrapped === undefined ? isPaymentSelector(toHex(data.subarray(0, 4))) : isOnePayment(unwrapped)
  if (!isOne) {
    findings.length = before
    return undefined
  }
  const call = callIn(data, account?.ok ? account.value : to, 'a transaction object with ', findings)
  const sender = isOperation ? undefined : addressIn(object, ['from', 'sender'], 'transaction.from', findings)
  const hash = hashIn(object)
  const mined = minedIn(object)
  const chain = readAmount(object.get('chainId') ?? object.get('chain_id'), 0)
  const chainId = chain.ok ? safeNumber(chain.value) : undefined
  const value = readAmount(object.get('value'), 0)
  if (value.ok && value.value > 0n && call.wrapped === undefined) findings.push(sendsValue(value.value))
  const draft = draftOf('calldata', call, {
    ...(hash === undefined ? {} : { hash }),
    ...(to === undefined ? {} : { to }),
    ...(sender === undefined ? {} : { sender }),
    ...(chainId === undefined ? {} : { chainId }),
    ...(mined === undefined ? {} : { mined }),
  })
  const payerClaims = delegationClaims(tuplesIn(object), draft.authorization.from, chain.ok ? chain.value : undefined)
  const named = ['network', 'chain', 'chainName'].map((name) => object.get(name)).find((name) => typeof name === 'string' && name !== '')
  const networks: readonly NetworkClaim[] =
    chainId !== undefined || typeof named !== 'string' ? draft.networks : [{ field: 'network', name: named, party: 'facilitator' }]
  return {
    ...draft,
    networks,
    payerClaims,
    recognised: `${isOperation ? 'user operation' : 'transaction object'} with ${draft.recognised}`,
  }
}

function isOnePayment(unwrapped: Unwrapped): boolean {
  return unwrapped.kind === 'payments' && unwrapped.payments.length === 1
}

/** ERC-4337's, of which `callData` is called on its own account. */
function isUserOperation(object: JsonObject): boolean {
  return object.has('sender') && object.has('callData') && !object.has('to')
}

/** The tuples of a transaction object's authorization list. ethers has the signature as an object of its own. */
function tuplesIn(object: JsonObject): readonly DelegationTuple[] | undefined {
  return listedIn(object)?.flatMap((tuple): DelegationTuple[] => {
    const signature = tuple.get('signature')
    const parts = isObject(signature) ? signature : tuple
    const number = (value: Json | undefined): bigint | undefined => {
      const read = readAmount(value, 0)
      return read.ok ? read.value : undefined
    }
    const v = number(parts.get('yParity') ?? parts.get('y_parity') ?? parts.get('v'))
    const parity = v !== undefined && v >= 27n ? v - 27n : v
    const delegate = readAddress(tuple.get('address') ?? tuple.get('contractAddress'))
    const [chain, nonce] = [number(tuple.get('chainId') ?? tuple.get('chain_id')), number(tuple.get('nonce'))]
    if (!delegate.ok || chain === undefined || nonce === undefined) return []
    return [delegationTuple(chain, delegate.value, nonce, parity, number(parts.get('r')), number(parts.get('s')))]
  })
}

function addressIn(object: JsonObject, names: readonly string[], field: string, findings: Finding[]): Address | undefined {
  const value = names.map((name) => object.get(name)).find((each): each is Json => each !== undefined && each !== null)
  const read = readAddress(value)
  if (!read.ok) return undefined
  noteSlips(findings, field, 'facilitator', value, read.slips)
  return read.value
}

function hashIn(object: JsonObject): Hex | undefined {
  const value = object.get('hash') ?? object.get('transactionHash')
  return typeof value === 'string' && /^0x[0-9a-fA-F]{64}$/.test(value) ? (value.toLowerCase() as Hex) : undefined
}

/** The block that a transaction object says it is in. */
function minedIn(object: JsonObject): NonNullable<TokenCall['transaction']>['mined'] {
  const [hash, number] = [object.get('blockHash'), readAmount(object.get('blockNumber'), 0)]
  if (typeof hash !== 'string' || !/^0x[0-9a-fA-F]{64}$/.test(hash) || !number.ok) return undefined
  return { block: number.value, blockHash: hash.toLowerCase() as Hex }
}

function draftOf(form: 'calldata' | 'raw-transaction', { read, wrapped }: FoundCall, transaction: TokenCall['transaction']): Draft {
  const known = transaction !== undefined && Object.keys(transaction).length > 0
  const networks: NetworkClaim[] =
    transaction?.chainId === undefined ? [] : [{ field: 'transaction.chainId', name: String(transaction.chainId), party: 'facilitator' }]
  const token = wrapped === undefined ? transaction?.to : wrapped.target
  const tokens: TokenClaim[] =
    token === undefined ? [] : [{ field: wrapped === undefined ? 'transaction.to' : 'calls.target', address: token }]
  return {
    family: 'evm',
    rail: 'eip3009',
    form,
    recognised: [read.recognised, ...(wrapped?.within ?? [])].join(' in '),
    primaryType: read.primaryType,
    authorization: read.authorization,
    signature: read.signature,
    networks,
    tokens,
    call: {
      ...read.call,
      ...(wrapped?.caller === undefined ? {} : { caller: wrapped.caller }),
      ...(known ? { transaction } : {}),
    },
  }
}
