import { PublicKey, VersionedTransaction } from '@solana/web3.js'
import { meaningOf } from '../transaction/instruction.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import type { SvmState } from './state.ts'
import { readLookupTable } from './token-data.ts'

/**
 * The payment with the accounts of its lookup tables in place, so that its instructions can be judged; as it is where it uses none, or where
 * a table is missing, unknown or too short.
 */
export function resolveLookups(payment: SvmPayment, accounts: SvmState['accounts']): SvmPayment {
  const { transaction, bytes } = payment
  if (transaction === null || bytes === null || transaction.lookupTables.length === 0) return payment
  const tables = transaction.lookupTables.map((address) => {
    const fact = accounts.get(address)
    return fact?.known && fact.value !== null ? readLookupTable(fact.value) : undefined
  })
  const { message } = VersionedTransaction.deserialize(bytes.subarray(0, bytes.length - transaction.trailingBytes))
  const pick = (side: 'writableIndexes' | 'readonlyIndexes'): (string | undefined)[] =>
    message.addressTableLookups.flatMap((lookup, table) => lookup[side].map((index) => tables[table]?.[index]))
  const looked = [...pick('writableIndexes'), ...pick('readonlyIndexes')]
  if (looked.some((key) => key === undefined)) return payment
  const keys = [...message.staticAccountKeys.map((key) => key.toBase58()), ...looked.map((key) => new PublicKey(key ?? '').toBase58())]
  return {
    ...payment,
    transaction: {
      ...transaction,
      instructions: message.compiledInstructions.map(({ programIdIndex, accountKeyIndexes, data }) => {
        const program = keys[programIdIndex] ?? null
        const own = accountKeyIndexes.map((at) => keys[at] ?? null)
        return { program, accounts: own, data, meaning: meaningOf(program, own, data) }
      }),
    },
  }
}
