import { fromHex, toHex, writeBytes, writeWord } from '../../bytes/bytes.ts'
import type { Hex } from '../../bytes/hex.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import type { Payment, TokenCall } from './payment.ts'

/** Selectors of the EIP-3009 functions that move money; the bytes overloads are FiatToken v2.2's. */
export const paymentSelectors = {
  transferWithAuthorization: { vrs: '0xe3ee160e', bytes: '0xcf092995' },
  receiveWithAuthorization: { vrs: '0xef55bec6', bytes: '0x88b7ab63' },
} as const satisfies Record<TokenCall['function'], Record<TokenCall['overload'], Hex>>

/** Selectors of the view functions that tell whether a payment can be made; `isValidSignature` is of the payer's own code. */
export const tokenViews = {
  balanceOf: '0x70a08231',
  authorizationState: '0xe94a0102',
  isValidSignature: '0x1626ba7e',
} as const satisfies Record<string, Hex>

/** The call that was read, else the one that facilitators make: (v, r, s) for 65 bytes, the bytes overload for all others. */
export function callOf({
  signature,
  primaryType,
  call,
}: Pick<Payment, 'signature' | 'primaryType' | 'call'>): Pick<TokenCall, 'function' | 'overload'> {
  return {
    function: call?.function ?? (primaryType === 'ReceiveWithAuthorization' ? 'receiveWithAuthorization' : 'transferWithAuthorization'),
    overload: signature.length === 132 ? (call?.overload ?? 'vrs') : 'bytes',
  }
}

/** Calldata of a payment. Of the (v, r, s) overload, `signature` has 65 bytes. */
export function encodePayment(
  called: TokenCall['function'],
  overload: TokenCall['overload'],
  { from, to, value, validAfter, validBefore, nonce }: Authorization,
  signature: Uint8Array,
): Hex {
  const message = [from, to, value, validAfter, validBefore, nonce] as const
  const selector = paymentSelectors[called][overload]
  if (overload === 'bytes') return encodeCall(selector, [...message, signature])
  return encodeCall(selector, [...message, BigInt(signature[64] ?? 0), toHex(signature.subarray(0, 32)), toHex(signature.subarray(32, 64))])
}

/**
 * Calldata: bigints and hex strings (addresses, bytes32) are one word each, byte arrays are dynamic, so `string` and `bytes`; an empty
 * array of anything is encoded like empty bytes.
 */
export function encodeCall(selector: Hex, args: readonly (bigint | Hex | Uint8Array)[]): Hex {
  const head = new Uint8Array(32 * args.length)
  const tails: Uint8Array[] = []
  let tailOffset = head.length
  args.forEach((argument, index) => {
    if (typeof argument === 'bigint') writeWord(head, 32 * index, argument)
    else if (typeof argument === 'string') writeBytes(head, 32 * index, fromHex(argument))
    else {
      writeWord(head, 32 * index, BigInt(tailOffset))
      const tail = new Uint8Array(32 + 32 * Math.ceil(argument.length / 32))
      writeWord(tail, 0, BigInt(argument.length))
      tail.set(argument, 32)
      tails.push(tail)
      tailOffset += tail.length
    }
  })
  return `${selector}${[head, ...tails].map((part) => toHex(part).slice(2)).join('')}`
}
