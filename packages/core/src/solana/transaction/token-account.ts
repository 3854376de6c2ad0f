import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { base58, fromBase58 } from '../../bytes/base58.ts'
import { remembering } from '../../bytes/remembering.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { programs } from './programs.ts'

/** Whether this is the base58 of 32 bytes, as all of Solana's keys and addresses are. */
export function isSvmKey(text: string): boolean {
  return /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(text) && fromBase58(text)?.length === 32
}

/** @throws Eip3009Error `invalid-argument` for what is no key. */
export function keyBytes(key: string): Uint8Array {
  const bytes = isSvmKey(key) ? fromBase58(key) : undefined
  if (bytes === undefined) throw new Eip3009Error('invalid-argument', `${quote(key)} is no key of Solana; expected the base58 of 32 bytes.`)
  return bytes
}

/** The same few accounts are asked for by each check and each facilitator, and a point of the curve takes noble a millisecond. */
const derived = /* @__PURE__ */ remembering(
  64,
  (...of: readonly [owner: string, tokenProgram: string, mint: string]) => of.join(' '),
  (...of): string => {
    const seeds = of.map(keyBytes)
    const end = [keyBytes(programs.associatedToken), utf8ToBytes('ProgramDerivedAddress')]
    // The first that is off the curve, so that nobody can have its key. Source: Solana's Pubkey::find_program_address.
    for (let bump = 255; ; bump--) {
      const address = sha256(concatBytes(...seeds, Uint8Array.of(bump), ...end))
      if (!isOnCurve(address) || bump === 0) return base58(address)
    }
  },
)

/** The address of the token account that belongs to an owner for a mint: derived, whether it exists or not. All base58. */
export function associatedTokenAccount(owner: string, tokenProgram: string, mint: string): string {
  return derived(owner, tokenProgram, mint)
}

/** Whether a key is a point of the curve, as those that wallets hold are; a program's own addresses, token accounts among them, never are. */
export function isWallet(key: string): boolean {
  return isOnCurve(keyBytes(key))
}

function isOnCurve(bytes: Uint8Array): boolean {
  try {
    ed25519.Point.fromBytes(bytes)
    return true
  } catch {
    // How noble says that it is none.
    return false
  }
}
