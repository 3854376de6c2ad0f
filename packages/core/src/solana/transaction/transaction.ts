import { ed25519 } from '@noble/curves/ed25519.js'
import { toHex } from '../../bytes/bytes.ts'
import { remembering } from '../../bytes/remembering.ts'
import { meaningOf } from './instruction.ts'
import { compactLength, readMessage, type SvmMessage } from './message.ts'
import type { SvmInstruction, SvmSigner, SvmTransaction } from './payment.ts'
import { keyBytes } from './token-account.ts'

/** What fits into one packet of the network: 1,280 bytes of IPv6 without its headers. */
export const longestTransaction = 1232

export type SvmTransactionResult =
  | { readonly ok: true; readonly transaction: SvmTransaction }
  /** What is wrong with the bytes, as the end of a sentence: "ends in the middle of it". */
  | { readonly ok: false; readonly problem: string }

/** Reads a serialised transaction, legacy or version 0, and verifies each signature over the message bytes as they came. */
export function readSvmTransaction(bytes: Uint8Array): SvmTransactionResult {
  if (bytes.length === 0) return { ok: false, problem: 'has no bytes' }
  if (bytes.length > longestTransaction)
    return { ok: false, problem: `has ${bytes.length} bytes, and the network takes at most ${longestTransaction}` }
  const count = compactLength(bytes, 0)
  if (count === undefined) return { ok: false, problem: 'does not begin with the number of its signatures' }
  const messageStart = count.end + 64 * count.value
  const first = bytes[messageStart]
  if (first === undefined) return { ok: false, problem: `ends within its ${count.value} signatures, after ${bytes.length} bytes` }
  if (first > 0x80) return { ok: false, problem: `has a message of version ${first & 0x7f}, and only 0 and legacy are known` }
  const message = readMessage(bytes, messageStart)
  if (message === undefined) return { ok: false, problem: `ends or breaks off within its message, after ${bytes.length} bytes` }
  return describe(message, bytes, messageStart, count.value)
}

function describe(message: SvmMessage, bytes: Uint8Array, messageStart: number, signatures: number): SvmTransactionResult {
  const { keys, requiredSignatures, lookups, end } = message
  const [feePayer] = keys
  if (feePayer === undefined || requiredSignatures === 0) return { ok: false, problem: 'has no signer at all' }
  if (signatures !== requiredSignatures)
    return { ok: false, problem: `has ${signatures} signatures, and its message wants ${requiredSignatures}` }
  if (keys.length < requiredSignatures) return { ok: false, problem: `wants ${requiredSignatures} signatures of only ${keys.length} keys` }
  const known = keys.length + lookups.reduce((sum, { writable, readonly }) => sum + writable.length + readonly.length, 0)
  if (message.instructions.some(({ program, accounts }) => [program, ...accounts].some((at) => at >= known)))
    return { ok: false, problem: `has an instruction with an account that is not among its ${known}` }

  // As it came: writing it again could differ, since a length may take more bytes than it needs.
  const signed = bytes.subarray(messageStart, end)
  const signers = keys.slice(0, requiredSignatures).map((key, index): SvmSigner => {
    const from = messageStart - 64 * (signatures - index)
    return { key, state: signatureState(bytes.subarray(from, from + 64), signed, keyBytes(key)) }
  })
  return {
    ok: true,
    transaction: {
      version: message.version,
      size: bytes.length,
      feePayer,
      blockhash: message.blockhash,
      signers,
      instructions: instructionsOf(message, keys),
      lookupTables: lookups.map(({ table }) => table),
      trailingBytes: bytes.length - end,
    },
  }
}

/** A message's instructions over `keys`: its own, and behind them those of its lookup tables, as far as they are known. */
export function instructionsOf({ instructions }: SvmMessage, keys: readonly string[]): readonly SvmInstruction[] {
  return instructions.map(({ program: place, accounts: places, data }) => {
    const program = keys[place] ?? null
    const accounts = places.map((at) => keys[at] ?? null)
    return { program, accounts, data, meaning: meaningOf(program, accounts, data) }
  })
}

function signatureState(signature: Uint8Array, message: Uint8Array, key: Uint8Array): SvmSigner['state'] {
  if (signature.every((byte) => byte === 0)) return 'missing'
  return isSignedBy(key, signature, message) ? 'valid' : 'invalid'
}

/** Of one transaction, which is read where it is looked for, and again where it stands. */
const verified = /* @__PURE__ */ remembering(
  64,
  (...of: readonly [key: Uint8Array, signature: Uint8Array, message: Uint8Array]) => of.map(toHex).join(' '),
  // Validators verify by the strict rules of RFC 8032, not by those of ZIP 215.
  (key, signature, message) => ed25519.verify(signature, message, key, { zip215: false }),
)

/** Whether a signature of 64 bytes is this key's over a message. */
export function isSignedBy(key: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  return verified(key, signature, message)
}
