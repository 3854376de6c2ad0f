import { expect, it } from 'vitest'
import {
  addressOf,
  having,
  missing,
  recorded,
  stranger,
  tokenProgram,
  unasked,
  unread,
  type Word,
} from '../../../../../test/solana/recorded.ts'
import type { Payee } from '../offer/payee.ts'
import { readPayee } from './read-payee.ts'

/** What payTo is, where it is somebody else's address than the fixture's. */
function payeeAs(payTo: string | undefined, ...words: readonly Word[]): Payee {
  const { payment, state } = recorded('valid', ...words)
  const { payTo: _, ...rest } = payment.requirements ?? {}
  return readPayee({ ...payment, requirements: payTo === undefined ? rest : { ...rest, payTo } }, state)
}

const { payment, state } = recorded('valid')
const [source, mint, payer] = (['source', 'mint', 'payer'] as const).map((role) => addressOf(role, payment)) as [string, string, string]
const bytesAt = (address: string): Uint8Array => {
  const fact = state.accounts.get(address)
  return fact?.known && fact.value !== null ? fact.value.data : new Uint8Array()
}
const usual = addressOf('payTo', payment)

it.each<readonly [title: string, payee: Payee, is: Payee]>([
  ['a wallet that has been used', payeeAs(usual), { kind: 'wallet' }],
  ['a wallet that nobody has used', payeeAs(usual, missing('payTo')), { kind: 'wallet' }],
  ['a wallet that was not told', payeeAs(usual, unread('payTo')), { kind: 'wallet' }],
  ['a wallet that was not asked for', payeeAs(usual, unasked('payTo')), { kind: 'wallet' }],
  ['nobody', payeeAs(undefined), { kind: 'unnamed' }],
  ["the payer's token account, read", payeeAs(source), { kind: 'token-account', owner: payer, shownBy: 'chain' }],
  [
    "the payer's token account, handed over since",
    payeeAs(source, having('source', { data: changed(bytesAt(source), (bytes) => bytes.fill(0, 32, 64)) })),
    { kind: 'token-account', owner: '11111111111111111111111111111111', shownBy: 'chain' },
  ],
  [
    "the payer's token account, not there: it is derived",
    payeeAs(source, missing('source')),
    { kind: 'token-account', owner: payer, shownBy: 'derivation' },
  ],
  [
    "the payer's token account, never initialised: it is derived",
    payeeAs(source, having('source', { data: changed(bytesAt(source), (bytes) => bytes.set([0], 108)) })),
    { kind: 'token-account', owner: payer, shownBy: 'derivation' },
  ],
  ['the mint that is known', payeeAs(mint), { kind: 'no-account', what: expect.stringContaining('USDC') }],
  [
    'a mint that nobody knows',
    payeeAs(stranger, having({ address: stranger }, { owner: tokenProgram, data: bytesAt(mint) })),
    { kind: 'no-account', what: 'a mint' },
  ],
  [
    'a program that nobody knows',
    payeeAs(stranger, having({ address: stranger }, { executable: true })),
    { kind: 'no-account', what: 'a program' },
  ],
  ['a wallet of somebody else', payeeAs(stranger, having({ address: stranger }, {})), { kind: 'wallet' }],
  [
    'a token account on the curve that was never initialised says nothing',
    payeeAs(usual, having('payTo', { owner: tokenProgram, data: changed(bytesAt(source), (bytes) => bytes.set([0], 108)) })),
    { kind: 'wallet' },
  ],
])('%s', (_, payee, is) => expect(payee).toEqual(is))

function changed(data: Uint8Array, change: (bytes: Uint8Array) => void): Uint8Array {
  const bytes = Uint8Array.from(data)
  change(bytes)
  return bytes
}
