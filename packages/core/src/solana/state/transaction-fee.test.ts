import { expect, it } from 'vitest'
import { recorded } from '../../../../../test/solana/recorded.ts'
import type { SvmMeaning, SvmTransaction } from '../transaction/payment.ts'
import { feeOf } from './transaction-fee.ts'

const { transaction } = recorded('valid').payment

const withMeanings = (signatures: number, ...meanings: readonly SvmMeaning[]): SvmTransaction => ({
  ...transaction,
  signers: Array.from({ length: signatures }, () => ({ key: transaction.feePayer, state: 'valid' })),
  instructions: meanings.map((meaning) => ({ program: null, accounts: [], data: new Uint8Array(), meaning })),
})
const limit = (units: number): SvmMeaning => ({ kind: 'compute-limit', units })
const price = (microLamports: bigint): SvmMeaning => ({ kind: 'compute-price', microLamports })
const other: SvmMeaning = { kind: 'other' }

// 5,000 lamports a signature; and the price times the limit in millionths of a lamport, rounded up. Without a limit 200,000 units an instruction, and 3,000
// one of the compute budget; at most 1,400,000. Source: Solana's documentation of fees, and agave's DEFAULT_INSTRUCTION_COMPUTE_UNIT_LIMIT.
it.each<readonly [title: string, transaction: SvmTransaction, lamports: bigint]>([
  ['one signature, no price', withMeanings(1, limit(20_000), other), 5_000n],
  ['two signatures', withMeanings(2, limit(20_000), other), 10_000n],
  ['a price of less than a lamport in all costs one', withMeanings(2, limit(20_000), price(1n), other), 10_001n],
  ['a price of just a lamport', withMeanings(1, limit(1_000_000), price(1n)), 5_001n],
  ['a price of a lamport and a millionth', withMeanings(1, limit(1_000_001), price(1n)), 5_002n],
  ['a large price', withMeanings(1, limit(20_000), price(5_000_000n)), 105_000n],
  ['a limit above the most', withMeanings(1, limit(2_000_000), price(1_000_000n)), 1_405_000n],
  ['the most itself', withMeanings(1, limit(1_400_000), price(1_000_000n)), 1_405_000n],
  ['no limit: the default of each', withMeanings(1, price(1_000_000n), other, other), 408_000n],
  ['no limit, and more instructions than the most', withMeanings(1, price(1_000_000n), ...Array(8).fill(other)), 1_405_000n],
  ['a limit of nothing', withMeanings(1, limit(0), price(1_000_000n), other), 5_000n],
])('%s', (_, given, lamports) => expect(feeOf(given)).toBe(lamports))
