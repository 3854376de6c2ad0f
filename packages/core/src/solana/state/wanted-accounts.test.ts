import { describe, expect, it } from 'vitest'
import { addressOf, recorded, stranger, unreadable } from '../../../../../test/solana/recorded.ts'
import type { SvmPayment, SvmTransaction } from '../transaction/payment.ts'
import { addressesOf, createdAccounts, nonceAccountOf, payeeAccount } from './wanted-accounts.ts'

const { payment } = recorded('valid')
const { network } = payment
const offering = (change: Partial<NonNullable<SvmPayment['requirements']>>, of: SvmPayment = payment): SvmPayment => ({
  ...of,
  requirements: { ...of.requirements, ...change },
})

describe('what is asked for', () => {
  it('has everybody that has a part in it, each once', () => {
    const all = addressesOf(payment, network)
    for (const role of ['source', 'destination', 'mint', 'payer', 'feePayer', 'payTo'] as const)
      expect(all).toContain(addressOf(role, payment))
    expect(new Set(all).size).toBe(all.length)
  })

  it('has what the offer names beside what the transaction does', () => {
    const all = addressesOf(offering({ asset: stranger, feePayer: addressOf('payer', payment) }), network)
    expect(all).toContain(stranger)
    expect(addressesOf(offering({ feePayer: stranger }), network)).toContain(stranger)
    const { payment: table } = recorded('svm-lookup-table-unresolved')
    expect(addressesOf(table, network)).toEqual(expect.arrayContaining([...table.transaction.lookupTables]))
    const { payment: durable } = recorded('durable-nonce')
    expect(addressesOf(durable, network)).toContain(nonceAccountOf(durable))
  })

  it('is of the offer alone where the bytes say nothing', () => {
    const { payment: broken } = unreadable()
    expect(addressesOf(broken, network)).toEqual(
      expect.arrayContaining([broken.requirements?.asset, broken.requirements?.payTo, payeeAccount(broken, network)]),
    )
    const { requirements: _, ...without } = broken
    expect(addressesOf(without, network)).toEqual([network.mint])
  })
})

describe("the payee's account", () => {
  const transfer = payment.transaction.instructions.flatMap(({ meaning }) => (meaning.kind === 'transfer-checked' ? [meaning] : []))[0]
  it('is the one that a good payment pays', () => {
    expect(payeeAccount(payment, network)).toBe(transfer?.destination)
  })

  it('is derived from payTo, the mint, and the program of the mint', () => {
    const { asset: _, ...rest } = payment.requirements ?? {}
    expect(payeeAccount({ ...payment, requirements: rest }, network)).toBe(transfer?.destination)
    expect(payeeAccount(offering({ payTo: stranger }), network)).not.toBe(transfer?.destination)
    const { payment: other } = recorded('svm-token-program-mismatch')
    // USDC is of SPL Token, whichever program the transaction calls.
    expect(payeeAccount(other, network)).toBe(payeeAccount(payment, network))
  })

  it('of a mint that nobody knows is by the program that the transfer calls', () => {
    const asked = offering({ asset: stranger })
    const token2022 = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb'
    const instructions = payment.transaction.instructions.map((each) =>
      each.meaning.kind === 'transfer-checked' ? { ...each, meaning: { ...each.meaning, tokenProgram: token2022 } } : each,
    )
    const through: SvmTransaction = { ...payment.transaction, instructions }
    expect(payeeAccount({ ...asked, transaction: through }, network)).not.toBe(payeeAccount(asked, network))
    expect(payeeAccount({ ...asked, transaction: null }, network)).toBe(payeeAccount(asked, network))
  })

  it("is nobody's where the offer names nobody", () => {
    const { payTo: _, ...rest } = payment.requirements ?? {}
    expect(payeeAccount({ ...payment, requirements: rest }, network)).toBeUndefined()
    const { requirements: __, ...without } = payment
    expect(payeeAccount(without, network)).toBeUndefined()
  })
})

it('accounts that the transaction creates are the second of each creation', () => {
  expect(createdAccounts(payment)).toEqual([])
  expect(createdAccounts(unreadable().payment)).toEqual([])
  const { payment: creating } = recorded('svm-creates-token-account')
  expect(createdAccounts(creating)).toEqual([addressOf('destination', creating)])
})

it('a durable nonce is one by the first instruction alone', () => {
  const { payment: durable } = recorded('durable-nonce')
  expect(nonceAccountOf(payment)).toBeUndefined()
  expect(nonceAccountOf(unreadable().payment)).toBeUndefined()
  const [first, ...rest] = durable.transaction.instructions
  expect(nonceAccountOf(durable)).toBe(first?.accounts[0])
  if (first === undefined) throw new TypeError('no instruction')
  expect(nonceAccountOf({ ...durable, transaction: { ...durable.transaction, instructions: [...rest, first] } })).toBeUndefined()
  expect(
    nonceAccountOf({ ...durable, transaction: { ...durable.transaction, instructions: [{ ...first, accounts: [null] }] } }),
  ).toBeUndefined()
})
