import { decodeBase64 } from '../../../bytes/base64.ts'
import { fromHex, toHex } from '../../../bytes/bytes.ts'
import type { Bytes32, Hex } from '../../../bytes/hex.ts'

/** What a passkey's device wrote down of what it signed (WebAuthn's client data). */
export interface Passkey {
  /** The 32 bytes that it was asked to sign; absent where the challenge is something else. */
  readonly challenge?: Bytes32
  /** The page that asked, as the browser says. */
  readonly origin?: string
}

/** The client data's text is the same in every encoding of a WebAuthn signature: webauthn-sol's, Kernel's, daimo's. */
export function readPasskey(signature: Hex): Passkey | undefined {
  const bytes = fromHex(signature)
  if (bytes.length > 16_384) return undefined
  const text = new TextDecoder('latin1').decode(bytes)
  const told = /"challenge"\s*:\s*"([A-Za-z0-9_-]{1,400})"/.exec(text)?.[1]
  if (told === undefined) return undefined
  const decoded = decodeBase64(told)
  const origin = /"origin"\s*:\s*"([ -!#-~]{1,200})"/.exec(text)?.[1]
  return {
    ...(decoded.ok && decoded.bytes.length === 32 ? { challenge: toHex(decoded.bytes) } : {}),
    ...(origin === undefined ? {} : { origin }),
  }
}
