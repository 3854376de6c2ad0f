import { expect, it } from 'vitest'
import { addressOf, recorded, stranger } from '../../../../../test/solana/recorded.ts'
import { type Known, known, unknown } from '../../evidence/known.ts'
import { keyBytes } from '../transaction/token-account.ts'
import { transferOf } from '../transaction/transfer.ts'
import { resolveLookups } from './lookup-tables.ts'
import type { SvmAccount } from './state.ts'

const { payment } = recorded('svm-lookup-table-unresolved')
const [address = ''] = payment.transaction.lookupTables
const healthy = recorded('valid').payment
const [mint, destination] = [addressOf('mint', healthy), addressOf('destination', healthy)]

const table = (...keys: readonly string[]): Known<SvmAccount> => {
  const data = new Uint8Array(56 + 32 * keys.length)
  data[0] = 1
  for (const [index, key] of keys.entries()) data.set(keyBytes(key), 56 + 32 * index)
  return known({ owner: 'AddressLookupTab1e1111111111111111111111111', lamports: 1n, data, executable: false })
}
const resolved = (fact: Known<SvmAccount | null> | undefined): typeof payment.transaction | null =>
  resolveLookups(payment, new Map(fact === undefined ? [] : [[address, fact]])).transaction

it('puts the accounts of a table in their places: those that are written first, then those that are read', () => {
  const transfer = transferOf(payment.transaction)
  expect([transfer?.mint, transfer?.destination]).toEqual([null, null])
  const found = resolved(table(destination, mint))
  const own = found === null ? undefined : transferOf(found)
  expect({ mint: own?.mint, destination: own?.destination }).toEqual({ mint, destination })
  expect({ source: own?.source, authority: own?.authority }).toEqual({ source: transfer?.source, authority: transfer?.authority })
  const other = resolved(table(stranger, mint))
  expect((other === null ? undefined : transferOf(other))?.destination).toBe(stranger)
})

it.each<readonly [title: string, fact: Known<SvmAccount | null> | undefined]>([
  ['was not asked for', undefined],
  ['was not told', unknown('no')],
  ['is not there', known(null)],
  ['is too short', table(destination)],
  ['is empty', table()],
  ['is none', known({ owner: stranger, lamports: 1n, data: new Uint8Array(200), executable: false })],
])('leaves the payment as it is where the table %s', (_, fact) => expect(resolved(fact)).toBe(payment.transaction))

it('leaves a payment as it is that uses none', () => {
  expect(resolveLookups(healthy, new Map([[address, table(destination, mint)]]))).toBe(healthy)
  const unread = { ...payment, transaction: null }
  expect(resolveLookups(unread, new Map())).toBe(unread)
  const without = { ...payment, bytes: null }
  expect(resolveLookups(without, new Map([[address, table(destination, mint)]]))).toBe(without)
})
