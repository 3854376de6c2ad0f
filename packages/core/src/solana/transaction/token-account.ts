import { PublicKey } from '@solana/web3.js'
import { programs } from './programs.ts'

/** Whether this is the base58 of 32 bytes, as all of Solana's keys and addresses are. */
export function isSvmKey(text: string): boolean {
  if (!/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(text)) return false
  try {
    return new PublicKey(text).toBytes().length === 32
  } catch {
    return false
  }
}

/** The address of the token account that belongs to an owner for a mint: derived, whether it exists or not. All base58. */
export function associatedTokenAccount(owner: string, tokenProgram: string, mint: string): string {
  const seeds = [owner, tokenProgram, mint].map((key) => new PublicKey(key).toBytes())
  return PublicKey.findProgramAddressSync(seeds, new PublicKey(programs.associatedToken))[0].toBase58()
}

/** Whether a key is a point of the curve, as those that wallets hold are; a program's own addresses, token accounts among them, never are. */
export function isWallet(key: string): boolean {
  return PublicKey.isOnCurve(new PublicKey(key).toBytes())
}
