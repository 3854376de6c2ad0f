import { Eip3009Error } from '../errors/eip3009-error.ts'
import { builtInNetworks } from '../networks/networks.ts'
import { otherChains } from '../networks/other-chains.ts'
import { OtherRailError } from '../rails/other-rail-error.ts'
import { type RailId, rails } from '../rails/rail.ts'
import { type FoundRail, findRail } from './find-rail.ts'
import { isList, isNumber, isObject, type Json, type JsonObject } from './json.ts'
import { excerpt, looksLikeTron, show } from './text.ts'

/** Why something is not read as a payment, in the three parts of the sentence that says so. */
export interface Refusal {
  readonly code: 'unreadable-input' | 'unsupported-input'
  /** What was read, after "Read". */
  readonly what: string
  readonly expected: string
  /** What to do, in the imperative. */
  readonly advice: string
  /** The rail that it was recognised as. */
  readonly rail?: RailId
}

/** The forms that can be pasted, for the sentences that name them. */
export const anyForm = 'an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction'
const pasteX402 = 'paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header'

export function refuse({ code, what, expected, advice, rail }: Refusal): Eip3009Error {
  const message = `Read ${what}; expected ${expected}; ${advice}.`
  return rail === undefined ? new Eip3009Error(code, message) : new OtherRailError(rail, message)
}

export function unreadable(what: string, expected: string, advice: string): Refusal {
  return { code: 'unreadable-input', what, expected, advice }
}

/** Something that was recognised and is no signed EIP-3009 authorization. */
export function unsupported(what: string, advice: string, expected = 'a signed EIP-3009 authorization'): Refusal {
  return { code: 'unsupported-input', what, expected, advice }
}

/** The header of another protocol, or an x402 header that carries no payment. The value is a credential and never shown. */
export function otherHeader(text: string): Refusal | undefined {
  const start = text
    .slice(0, 200)
    .trimStart()
    .replace(/^(?:-H\s*)?["']?/, '')
  const match =
    /^(?:(proxy-authorization|authorization|www-authenticate|cookie|set-cookie|(?:x-)?payment-required|(?:x-)?payment-response)["']?\s*[:=]\s*)?["']?([A-Za-z0-9]{1,20})?/i.exec(
      start,
    )
  const name = match?.[1]?.toLowerCase()
  const scheme = match?.[2]?.toLowerCase()
  if (name?.endsWith('payment-required')) return strangers.paymentRequired
  if (name?.endsWith('payment-response')) return strangers.settleResponse
  if (name?.endsWith('cookie')) return unsupported('a cookie header, whose value is not shown', pasteX402)
  if (name === 'www-authenticate' && scheme === 'payment') return strangers.mppChallenge
  const known = scheme === undefined ? undefined : authSchemes.get(scheme)
  const isScheme = known !== undefined && (name !== undefined || /^[A-Za-z0-9]+\s+\S{8,}/.test(start))
  if (isScheme) return unsupported(`${known}, whose value is not shown`, pasteX402)
  if (name !== undefined) return unsupported(`an ${name} header of an unknown scheme, whose value is not shown`, pasteX402)
  return undefined
}

const authSchemes: ReadonlyMap<string, string> = new Map([
  ['bearer', 'an HTTP Bearer token'],
  ['basic', 'HTTP Basic credentials'],
  ['digest', 'HTTP Digest credentials'],
  ['l402', 'an L402 credential (macaroon and Lightning preimage)'],
  ['lsat', 'an LSAT credential (macaroon and Lightning preimage)'],
  ['payment', 'a credential of the HTTP "Payment" scheme (MPP)'],
  ['mpp', 'a credential of the HTTP "Payment" scheme (MPP)'],
  ['dpop', 'a DPoP token'],
])

/** Text that is something else, by its looks. Secrets are named and not shown. */
export function otherText(text: string): Refusal {
  const start = text.slice(0, 4096)
  const header = otherHeader(start)
  if (header !== undefined) return header
  if (/^eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/.test(start))
    return unsupported('a JSON Web Token, which is not shown', pasteX402)
  if (/^(?:AgE|MDA|AGI)[A-Za-z0-9+/_-]{20,}={0,2}(?::[0-9a-f]*)?$/.test(start))
    return unsupported('a macaroon (L402), which is not shown', pasteX402)
  if (/^(?:lnbc|lntb|lno1|cashu[AB])[A-Za-z0-9]{20,}/i.test(start)) return unsupported('a Lightning invoice or ecash token', pasteX402)
  if (/^-----BEGIN [A-Z ]{0,40}PRIVATE KEY/.test(start)) return secret('a PEM private key')
  if (/^xprv[1-9A-HJ-NP-Za-km-z]{50,}/.test(start)) return secret('an extended private key')
  if (/^[a-z]{3,8}(?:\s+[a-z]{3,8}){11,23}$/.test(start)) return secret('what looks like a recovery phrase')
  if (/^https?:\/\//i.test(start)) return unsupported('a URL', 'paste what it answers or was sent: a request body, a header or calldata')
  if (/^<(?:!doctype|html|\?xml)/i.test(start)) return unreadable("an HTML or XML page, often a proxy's error page", anyForm, pasteX402)
  if (/^[1-9A-HJ-NP-Za-km-z]{87,88}$/.test(start))
    return unsupported('a Solana transaction signature or secret key, which is not shown', pasteX402)
  if (looksLikeTron(start)) return unsupported('what looks like a TRON address', pasteX402)
  if (/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(start)) return unsupported('what looks like a Solana address', pasteX402)
  const lines = text.length > 4096 ? '' : text.includes('\n') ? ` in ${text.split('\n').length} lines` : ''
  return unreadable(`${text.length} characters${lines} in which there is no payment (${excerpt(start)})`, anyForm, pasteX402)
}

function secret(what: string): Refusal {
  return unsupported(
    `${what}, which is not shown`,
    `no private key is ever needed here, so treat this one as exposed if it went through a log or a chat, and ${pasteX402}`,
  )
}

/** Hex of a length that says what it is. The value is not shown: 32 bytes may be a private key. */
export function otherHex(byteLength: number): Refusal | undefined {
  switch (byteLength) {
    case 0:
      return unreadable('"0x" without any bytes', anyForm, pasteX402)
    case 1:
    case 2:
    case 3:
      return unreadable(`hex of ${byteLength} ${byteLength === 1 ? 'byte' : 'bytes'}`, anyForm, pasteX402)
    case 4:
      return unreadable(
        '4 bytes, a function selector without its arguments',
        'all of the calldata',
        'copy the whole data field of the call',
      )
    case 20:
      return unsupported('an address alone (20 bytes)', pasteX402)
    case 32:
      return unsupported(
        '32 bytes, which may be a transaction hash, a nonce, a digest or a private key, and are not shown',
        'for a transaction hash, `eip3009 replay <hash> --rpc-url <url>` reads it from its chain, and without an RPC paste its calldata, which every explorer shows; if it was a private key, treat it as exposed',
      )
    case 64:
    case 65:
      return unsupported(
        `a signature alone (${byteLength} bytes)`,
        'paste it together with what it signs: {"authorization": {…}, "signature": "0x…"}',
      )
    default:
      return undefined
  }
}

const strangers = {
  paymentRequired: unsupported(
    'an x402 PaymentRequired (a 402 answer or PAYMENT-REQUIRED header), which is the offer and not the payment',
    'paste what the client sent in answer: the X-PAYMENT or PAYMENT-SIGNATURE header, or the /settle body',
  ),
  mppChallenge: unsupported(
    'an MPP challenge (WWW-Authenticate: Payment), which is the offer and not the payment',
    'paste what the client sent in answer: the header Authorization: Payment',
  ),
  settleResponse: unsupported(
    'an x402 settlement response (/settle answer or PAYMENT-RESPONSE header), which says how it ended and not what was sent',
    'paste the request that it answers: the /settle body or the payment header',
  ),
  verifyResponse: unsupported(
    'an x402 /verify answer, which says how it ended and not what was sent',
    'paste the request that it answers: the /verify body or the payment header',
  ),
  supported: unsupported('an x402 /supported answer, the list of what a facilitator serves', pasteX402),
  userOperation: unsupported('an ERC-4337 user operation', 'paste the payment inside it, or the calldata of its inner call'),
  receipt: unsupported(
    'a transaction receipt, which does not have the calldata',
    'paste the transaction itself with its input field, as `cast tx <hash> --json --rpc-url <url>` prints it',
  ),
  rpcAnswer: unsupported(
    'a JSON-RPC answer without a transaction in it',
    'paste the request that it answers, or the transaction with its input field',
  ),
} as const

const withoutTransaction = unreadable(
  'an x402 payment on Solana without its transaction',
  'a PaymentPayload with the signed transaction as base64 under payload.transaction',
  'copy the whole payment again, as the client sent it',
)

/** JSON that is recognised and is no payment that is read. */
export function otherJson(object: JsonObject): Refusal | undefined {
  const has = (...names: string[]): boolean => names.every((name) => object.has(name))
  const found = isPayloadLike(object) ? findRail(object, undefined, builtInNetworks) : undefined
  if (found?.rail === 'solana') return { ...withoutTransaction, rail: found.rail }
  if (found !== undefined && rails[found.rail].eip3009 !== 'judged') return otherRail(found, object)
  if (object.get('primaryType') === 'Permit') return otherRail({ rail: 'eip2612-permit' }, object)
  if (has('sender', 'callData') && (has('signature') || has('nonce'))) return strangers.userOperation
  if (has('kinds') && isList(object.get('kinds'))) return strangers.supported
  if (has('isValid')) return strangers.verifyResponse
  if (has('success') && (has('transaction') || has('txHash') || has('errorReason') || has('error'))) return strangers.settleResponse
  if (isList(object.get('accepts')) || (has('scheme', 'payTo') && (has('amount') || has('maxAmountRequired'))))
    return strangers.paymentRequired
  if (has('transactionHash') && (has('logs') || has('blockHash') || has('status'))) return strangers.receipt
  if (has('jsonrpc') && (has('result') || has('error'))) return strangers.rpcAnswer
  return undefined
}

/** Whether this is a payload, or what stands in one: other JSON can name a network, too. */
function isPayloadLike(object: JsonObject): boolean {
  const names = ['payload', 'permit2Authorization', 'permit2_authorization', 'delegation', 'permissionContext', 'delegationManager']
  return names.some((name) => object.has(name)) || ['channelConfig', 'voucher', 'owner'].some((name) => object.has(name))
}

const payOtherwise = 'paste a payment whose assetTransferMethod is eip3009'
const notYet = 'judging it is not supported yet: paste the call of the token by which it was settled (receiveWithAuthorization), which is'

/** A payment of a rail that is not judged here: what it is, by the name that it gives itself. */
export function otherRail({ rail, named }: FoundRail, payload: JsonObject): Refusal {
  const { what } = rails[rail]
  const quoted = named === undefined ? '' : `"${show(named)}"`
  switch (rail) {
    case 'solana':
      return { ...unsupported(what, 'paste an x402 payment of an EVM network', 'an EVM payment'), rail }
    case 'permit2-exact':
    case 'erc7710':
      return { ...unsupported(what, payOtherwise), rail }
    case 'eip2612-permit':
      return { ...unsupported(what, pasteX402), rail }
    case 'permit2-upto':
    case 'deferred':
      return { ...unsupported(what, 'paste a payment of the scheme "exact"'), rail }
    case 'other-scheme':
      return {
        ...unsupported(`an x402 payment of the scheme ${quoted}, which is not known here`, 'paste a payment of the scheme "exact"'),
        rail,
      }
    case 'mpp-other':
      return { ...unsupported(`an MPP credential of the method ${quoted}, whose value is not shown`, pasteX402), rail }
    case 'eip3009':
    case 'x402-exact':
    case 'circle-gateway':
    case 'mpp-charge':
    case 'escrow':
    case 'settlement-router':
      return { ...unsupported(`${what}, which carries an EIP-3009 authorization to a collector`, notYet, oneThatTheTokenSettles), rail }
    case 'auth-capture':
    case 'batch-settlement':
      return { ...channelRefusal(rail, payload), rail }
    default: {
      const chain = otherChains.find(({ id }) => id === rail)
      const where = chain === undefined ? `${quoted}, a network outside the EVM and Solana` : `${chain.label} (${quoted})`
      // TRON's authorization is like EIP-3009's, and may have its addresses in hex.
      const isEvms = isAuthorized(payload) && rail !== 'tron'
      const carries = isEvms
        ? `an EIP-3009 authorization whose payment names ${where} for its network`
        : `an x402 payment on ${where}${chain === undefined ? '' : `, which carries ${chain.carries}`}`
      return {
        ...unsupported(carries, 'ask a facilitator of that network', 'a payment on an EVM network, or on Solana'),
        rail,
      }
    }
  }
}

const oneThatTheTokenSettles = 'a payment that the token settles by its own function'

/** Of the schemes that pay in several steps only the first moves the payer's money by a signature, and only one kind of it by EIP-3009. */
function channelRefusal(scheme: 'auth-capture' | 'batch-settlement', payload: JsonObject): Refusal {
  const inner = payload.get('payload')
  const source = isObject(inner) ? inner : payload
  const deposit = source.get('deposit')
  const authorization = isObject(deposit) ? deposit.get('authorization') : source
  const of = `of x402's scheme "${scheme}"`
  if (isObject(authorization) && authorization.has('permit2Authorization'))
    return unsupported(`a payment ${of}, which Permit2 carries`, payOtherwise)
  if (deposit !== undefined || source.has('authorization'))
    return unsupported(`a payment ${of}, which carries an EIP-3009 authorization to a collector`, notYet, oneThatTheTokenSettles)
  const type = source.get('type')
  const what = typeof type === 'string' && /^[a-z]{1,20}$/.test(type) ? `a ${type}` : 'a message'
  return unsupported(`${what} ${of}, which moves nothing by itself`, 'paste what the payer signed first', oneThatTheTokenSettles)
}

function isAuthorized(payload: JsonObject): boolean {
  const inner = payload.get('payload')
  const authorization = isObject(inner) ? inner.get('authorization') : undefined
  const from = isObject(authorization) ? authorization.get('from') : undefined
  return typeof from === 'string' && /^0x[0-9a-f]{40}$/i.test(from)
}

/** What JSON is about when it is nothing that we know: its keys, or its kind. */
export function describeJson(value: Json): string {
  if (isObject(value)) {
    const keys = [...value.keys()].slice(0, 6).map((key) => show(key).slice(0, 24))
    if (keys.length === 0) return 'an empty JSON object'
    return `a JSON object with the ${value.size === 1 ? 'key' : 'keys'} ${keys.join(', ')}${value.size > keys.length ? ` and ${value.size - keys.length} more` : ''}`
  }
  if (isList(value)) return `a JSON list of ${value.length}`
  if (typeof value === 'string') return 'a JSON string'
  return isNumber(value) ? 'a JSON number' : `JSON ${String(value)}`
}
