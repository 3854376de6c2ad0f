import { bytesOfBase64 } from './find-signatures.ts'
import { digitsOf } from './windows.ts'

/** Members of a payment in which no 32 bytes belong, with 32 bytes for their value: a key that was pasted into the wrong place. */
const form =
  /(?<![A-Za-z0-9])(?:network|scheme|name|version|symbol|from|to|asset|token|pay_?to|chain_?id|value|amount|max_?amount_?required)["'`]?\s{0,3}[:=]\s{0,3}["'`]?\s{0,3}(?:(?:0x)?([0-9a-f]{64})(?![0-9a-z])|([A-Za-z0-9+/_-]{43}=))/gi

/** The digits of such keys, in hex. A number or an address that is filled up to 32 bytes is none. */
export function findMisplacedKeys(text: string): readonly string[] {
  return [...text.matchAll(form)].flatMap(([, hex, base64]) => {
    const bytes = base64 === undefined ? undefined : bytesOfBase64(base64)
    const digits = bytes === undefined ? hex : digitsOf(bytes)
    return digits === undefined || digits.startsWith('0'.repeat(16)) ? [] : [digits.toLowerCase()]
  })
}
