import { Eip3009Error } from '../errors/eip3009-error.ts'
import { isList, isNumber, isObject, type Json, type JsonObject } from './json.ts'
import { excerpt, show } from './text.ts'

/** Why something is not read as a payment, in the three parts of the sentence that says so. */
export interface Refusal {
  readonly code: 'unreadable-input' | 'unsupported-input'
  /** What was read, after "Read". */
  readonly what: string
  readonly expected: string
  /** What to do, in the imperative. */
  readonly advice: string
}

/** The forms that can be pasted, for the sentences that name them. */
export const anyForm = 'an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction'
const pasteX402 = 'paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header'

export function refuse(refusal: Refusal): Eip3009Error {
  return new Eip3009Error(refusal.code, `Read ${refusal.what}; expected ${refusal.expected}; ${refusal.advice}.`)
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
  settleResponse: unsupported(
    'an x402 settlement response (/settle answer or PAYMENT-RESPONSE header), which says how it ended and not what was sent',
    'paste the request that it answers: the /settle body or the payment header',
  ),
  verifyResponse: unsupported(
    'an x402 /verify answer, which says how it ended and not what was sent',
    'paste the request that it answers: the /verify body or the payment header',
  ),
  supported: unsupported('an x402 /supported answer, the list of what a facilitator serves', pasteX402),
  solana: unsupported(
    'an x402 payment on Solana, which carries a Solana transaction and no EIP-3009 authorization',
    'paste an x402 payment of an EVM network',
    'an EVM payment',
  ),
  permit2: unsupported(
    'an x402 payment by Permit2 (permit2Authorization), which moves tokens by another contract and another signature',
    'paste a payment whose assetTransferMethod is eip3009',
  ),
  erc7710: unsupported('an x402 payment by an ERC-7710 delegation', 'paste a payment whose assetTransferMethod is eip3009'),
  permit: unsupported('an EIP-2612 permit (owner, spender, deadline), which gives an allowance and moves no money itself', pasteX402),
  batch: unsupported('an x402 batch-settlement payload (channelConfig and voucher)', 'paste a payment of the scheme "exact"'),
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

/** JSON that is recognised and is no EIP-3009 payment. */
export function otherJson(object: JsonObject): Refusal | undefined {
  const has = (...names: string[]): boolean => names.every((name) => object.has(name))
  const payload = object.get('payload')
  const inner = isObject(payload) ? payload : object
  if (inner.has('permit2Authorization') || inner.has('permit2_authorization')) return strangers.permit2
  if (inner.has('delegation') || inner.has('permissionContext') || inner.has('delegationManager')) return strangers.erc7710
  if (inner.has('channelConfig') || (inner.has('voucher') && inner.has('type'))) return strangers.batch
  if (isSolana(object, payload)) return strangers.solana
  const authorization = inner.get('authorization')
  if (isPermit(authorization) || isPermit(inner) || object.get('primaryType') === 'Permit') return strangers.permit
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

export function solanaRefusal(): Refusal {
  return strangers.solana
}

/** A payload of another x402 scheme than `exact`. */
export function otherScheme(scheme: string): Refusal {
  return unsupported(
    `an x402 payment of the scheme "${show(scheme)}"`,
    'paste a payment of the scheme "exact", the one that EIP-3009 carries',
  )
}

function isSolana(object: JsonObject, payload: Json | undefined): boolean {
  const network = object.get('network')
  const accepted = object.get('accepted')
  const named = isObject(accepted) ? accepted.get('network') : network
  const onSolana = typeof named === 'string' && named.toLowerCase().startsWith('solana')
  const transaction = isObject(payload) ? payload.get('transaction') : undefined
  return (onSolana && payload !== undefined) || (typeof transaction === 'string' && /^[A-Za-z0-9+/]{100,}={0,2}$/.test(transaction))
}

function isPermit(value: Json | undefined): boolean {
  return isObject(value) && value.has('owner') && value.has('spender')
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
