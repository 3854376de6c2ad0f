import { bytesOf, toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import type { Finding } from '../../causes/finding.ts'
import type { NetworkClaim } from '../../wire/context.ts'
import { isObject, type Json, type JsonObject } from '../../wire/json.ts'
import { otherHex, type Refusal, refuse, unsupported } from '../../wire/refusal.ts'
import { type BatchedCall, onlyPaymentIn } from './batch.ts'
import { brokenCall, isKnownSelector, isPaymentSelector, type ReadCall, readCalldata } from './calldata.ts'
import type { Draft, TokenClaim } from './draft.ts'
import { noteSlips, readAddress, readAmount } from './field.ts'
import { type DelegationTuple, delegationClaims, erc6492Suffix, listedIn } from './payer-claims.ts'
import type { TokenCall } from './payment.ts'
import { delegationTuple, looksLikeTransaction, type RawTransaction, readTransaction } from './transaction.ts'

const pasteCall = 'paste the transaction that called the token, or its calldata'

/** Whether hex without a `0x` is likely to be bytes for this module, and not a number or a word. */
export function isChainHex(digits: string): boolean {
  if (digits.length === 64 || digits.length === 128 || digits.length === 130) return true
  return isKnownSelector(`0x${digits.slice(0, 8).toLowerCase()}`) || /^(?:f[89a]|0[1-4]f[89a])/i.test(digits)
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
  return draftOf('calldata', callOf(bytes, '', findings), undefined)
}

/** The call in `data`; `around` says in a refusal what the call was found in. */
function callOf(data: Uint8Array, around: string, findings: Finding[]): ReadCall {
  const result = readCalldata(data, findings)
  if (result.ok) return result.read
  throw refuse({ ...result.refusal, what: `${around}${result.refusal.what}` })
}

/** Why a transaction object's call is no payment; undefined when it is one, or when there is no call. */
export function otherCall(object: JsonObject): Refusal | undefined {
  const broken = brokenCalldataOf(object)
  if (broken !== undefined) return { ...broken, what: `a transaction object with ${broken.what}` }
  const data = calldataOf(object)
  const result = data === undefined ? undefined : readCalldata(data, [])
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
  const batched = onlyPaymentIn(data)
  const call = callOf(batched?.data ?? data, `a raw ${kind} transaction to ${to} with `, findings)
  noteTransaction(transaction, findings)
  const chainId = safeNumber(transaction.chainId)
  const payerClaims = delegationClaims(transaction.delegations, call.authorization.from, transaction.chainId)
  const draft = draftOf(
    'raw-transaction',
    call,
    {
      hash: transaction.hash,
      to,
      // How much the payer's own code takes, no replay without it tells; nor how much the rest of a batch does.
      ...(isFilled(transaction) && payerClaims.length === 0 && batched === undefined ? { gasLimit: transaction.gasLimit } : {}),
      ...(transaction.sender === undefined ? {} : { sender: transaction.sender }),
      ...(chainId === undefined ? {} : { chainId }),
    },
    batched,
  )
  return { ...draft, payerClaims, recognised: `raw ${transaction.signed ? '' : 'unsigned '}${kind} transaction with ${draft.recognised}` }
}

function safeNumber(value: bigint | undefined): number | undefined {
  return value !== undefined && value > 0n && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined
}

/** Whether its gas limit is one: what is not signed yet may have none. */
function isFilled({ signed, gasLimit }: RawTransaction): boolean {
  return signed || gasLimit > 0n
}

function noteTransaction(transaction: RawTransaction, findings: Finding[]): void {
  const { signed, sender, value, chainId, gasLimit, intrinsicGas } = transaction
  if (value > 0n) findings.push(sendsValue(value))
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
    if (digits !== undefined) return brokenCall(digits, rest === '' ? '' : 'dots')
  }
  return undefined
}

/** Reads `{to, data, from, chainId, hash}` as JSON-RPC, viem, ethers and logs write it; undefined when its call is no payment. */
export function readTransactionObject(object: JsonObject, findings: Finding[]): Draft | undefined {
  const data = calldataOf(object)
  const batched = data === undefined ? undefined : onlyPaymentIn(data)
  if (data === undefined || (batched === undefined && !isPaymentSelector(toHex(data.subarray(0, 4))))) return undefined
  const call = callOf(batched?.data ?? data, 'a transaction object with ', findings)
  const to = addressIn(object, ['to', 'address'], 'transaction.to', findings)
  const sender = addressIn(object, ['from', 'sender'], 'transaction.from', findings)
  const hash = hashIn(object)
  const mined = minedIn(object)
  const chain = readAmount(object.get('chainId') ?? object.get('chain_id'), 0)
  const chainId = chain.ok ? safeNumber(chain.value) : undefined
  const value = readAmount(object.get('value'), 0)
  if (value.ok && value.value > 0n) findings.push(sendsValue(value.value))
  const draft = draftOf(
    'calldata',
    call,
    {
      ...(hash === undefined ? {} : { hash }),
      ...(to === undefined ? {} : { to }),
      ...(sender === undefined ? {} : { sender }),
      ...(chainId === undefined ? {} : { chainId }),
      ...(mined === undefined ? {} : { mined }),
    },
    batched,
  )
  const payerClaims = delegationClaims(tuplesIn(object), draft.authorization.from, chain.ok ? chain.value : undefined)
  return { ...draft, payerClaims, recognised: `transaction object with ${draft.recognised}` }
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

/** `batched` is where the call stood in another one, which was sent to the token and not by the transaction itself. */
function draftOf(
  form: 'calldata' | 'raw-transaction',
  read: ReadCall,
  transaction: TokenCall['transaction'],
  batched?: BatchedCall,
): Draft {
  const known = transaction !== undefined && Object.keys(transaction).length > 0
  const networks: NetworkClaim[] =
    transaction?.chainId === undefined ? [] : [{ field: 'transaction.chainId', name: String(transaction.chainId), party: 'facilitator' }]
  const token = batched?.target ?? transaction?.to
  const tokens: TokenClaim[] =
    token === undefined ? [] : [{ field: batched === undefined ? 'transaction.to' : 'calls.target', address: token }]
  return {
    family: 'evm',
    rail: 'eip3009',
    form,
    recognised: batched === undefined ? read.recognised : `${read.recognised} in a Multicall3 batch`,
    primaryType: read.primaryType,
    authorization: read.authorization,
    signature: read.signature,
    networks,
    tokens,
    call: known ? { ...read.call, transaction } : read.call,
  }
}
