import { fromHex, toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { keccak256 } from '../../bytes/keccak.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { checksum } from '../../networks/checksum.ts'
import type { Payment } from '../payment/payment.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { domainSeparator, type Eip712Domain } from '../typed-data/domain.ts'
import { digestBy, digestEdits, typedDigest } from './digest-parts.ts'
import { domainEdits } from './domain-parts.ts'
import type { Edit } from './edit.ts'
import { encodeStruct } from './hashing.ts'
import { changedAuthorization, messageEdits, messageWords } from './message-parts.ts'
import { recoverAddress } from './recover.ts'
import { canonicalSignature, readSignature } from './signature.ts'
import type { Hit } from './steps.ts'
import { typeEdits } from './type-parts.ts'

/** What was signed, found by trying: under it the signature recovers to `signer`, an equality over 160 bits. */
export interface Match {
  readonly domain: Eip712Domain
  readonly separator: Hex
  /** The struct's name and its whole type string: not always one of EIP-3009's. */
  readonly primaryType: string
  readonly typeString: string
  readonly typeHash: Hex
  readonly structHash: Hex
  /** The message that was signed, in EIP-3009's terms. */
  readonly authorization: Authorization
  readonly digest: Hex
  /** Whose key it is: the payer, or the address that was searched for, or the payer that was signed for where `from` was changed. */
  readonly signer: Address
  /** What differs from what the token checks; empty when nothing does. */
  readonly edits: readonly Edit[]
  /** The same signature in the one form that FiatToken accepts: 65 bytes, s in the lower half, v of 27 or 28. Verified: it recovers to `signer`. */
  readonly signature: Hex
}

/**
 * A hit with everything computed anew, one at a time and by the reference implementation, so that nothing rests on the fast path alone.
 * @throws Eip3009Error `internal` when the two disagree.
 */
export function toMatch({ domain: part, struct, digest: way, reading, signer }: Hit, expected: Eip712Domain, payment: Payment): Match {
  const words = messageWords(payment.authorization)
  const separator = domainSeparator(part.domain, part.order)
  const structHash = keccak256(encodeStruct(struct, words))
  const input = { domain: part, separator: fromHex(separator), struct, structHash }
  const digest = toHex(way === undefined ? typedDigest(input.separator, structHash) : digestBy(way, input))
  const signature = canonicalSignature(reading.ecdsa)
  const { ecdsa } = readSignature(signature)
  const address = checksum(toHex(signer))
  const recovered = ecdsa === undefined ? undefined : recoverAddress(digest, ecdsa)
  if (recovered !== address) {
    throw new Eip3009Error(
      'internal',
      `A search found that the signature recovers to ${address}, and the check of it found ${recovered ?? 'nobody'}; expected both to agree: please report it with the payload.`,
    )
  }
  const { typeString } = struct.type
  return {
    domain: part.domain,
    separator,
    primaryType: typeString.slice(0, typeString.indexOf('(')).trim(),
    typeString,
    typeHash: toHex(struct.type.typeHash),
    structHash: toHex(structHash),
    authorization: changedAuthorization(payment.authorization, struct.changes),
    digest,
    signer: address,
    edits: [
      ...domainEdits(expected, part, payment),
      ...typeEdits(payment.primaryType, struct.type),
      ...messageEdits(struct.changes, payment),
      ...(way === undefined ? [] : digestEdits(way)),
      ...reading.edits,
    ],
    signature,
  }
}

/** Those with the fewest edits, each digest and signature once, in the order in which they came. */
export function smallest(matches: readonly Match[]): Match[] {
  const fewest = Math.min(...matches.map(({ edits }) => edits.length))
  const seen = new Set<string>()
  return matches.filter(({ edits, digest, signature }) => {
    const key = digest + signature
    return edits.length === fewest && !seen.has(key) && seen.add(key)
  })
}
