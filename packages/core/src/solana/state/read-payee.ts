import { type Payee, payeeOf } from '../offer/payee.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import type { SvmState } from './state.ts'
import { readMint, readTokenAccount } from './token-data.ts'

/** What payTo is, by its account where that was read. One that does not exist shows nothing: a token account can be made later. */
export function readPayee(payment: SvmPayment, { accounts }: Pick<SvmState, 'accounts'>): Payee {
  const own = payeeOf(payment)
  const payTo = payment.requirements?.payTo
  const fact = payTo === undefined ? undefined : accounts.get(payTo)
  if (fact === undefined || !fact.known || fact.value === null || own.kind === 'no-account') return own
  const held = readTokenAccount(fact.value)
  if (held !== undefined && held.state !== 'uninitialized') return { kind: 'token-account', owner: held.owner, shownBy: 'chain' }
  if (own.kind === 'token-account' || held !== undefined) return own
  if (readMint(fact.value) !== undefined) return { kind: 'no-account', what: 'a mint' }
  return fact.value.executable ? { kind: 'no-account', what: 'a program' } : { kind: 'wallet' }
}
