import { messageOf } from '../transaction/message.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { instructionsOf } from '../transaction/transaction.ts'
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
  const message = messageOf(bytes)
  if (message === undefined) return payment
  const pick = (side: 'writable' | 'readonly'): (string | undefined)[] =>
    message.lookups.flatMap((lookup, table) => lookup[side].map((index) => tables[table]?.[index]))
  const looked: string[] = []
  for (const key of [...pick('writable'), ...pick('readonly')]) {
    if (key === undefined) return payment
    looked.push(key)
  }
  return { ...payment, transaction: { ...transaction, instructions: instructionsOf(message, [...message.keys, ...looked]) } }
}
