import type { SvmTransaction } from '../transaction/payment.ts'

/** Lamports for each signature. Source: Solana's documentation of fees. */
const perSignature = 5_000n
/** Compute units that an instruction gets where no limit is set, one of the built-in compute budget, and the most that a transaction gets. */
const unitsUnlessSet = 200_000n
const builtInUnits = 3_000n
const mostUnits = 1_400_000n

/** What a transaction costs its fee payer, in lamports: the signatures, and the price for all the units that it may use, rounded up. */
export function feeOf({ signers, instructions }: SvmTransaction): bigint {
  const meanings = instructions.map(({ meaning }) => meaning)
  const price = meanings.find((meaning) => meaning.kind === 'compute-price')?.microLamports ?? 0n
  const limit = meanings.find((meaning) => meaning.kind === 'compute-limit')?.units
  const unset = meanings.reduce((sum, { kind }) => sum + (kind === 'compute-price' ? builtInUnits : unitsUnlessSet), 0n)
  const wanted = limit === undefined ? unset : BigInt(limit)
  const units = wanted < mostUnits ? wanted : mostUnits
  return perSignature * BigInt(signers.length) + (units * price + 999_999n) / 1_000_000n
}
