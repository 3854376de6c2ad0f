import { type CauseId, catalogue } from '../causes/catalogue.ts'
import type { Finding, Retry } from '../causes/finding.ts'
import { utc } from '../typed-data/utc.ts'
import type { SvmDiagnosis } from './diagnosis.ts'
import { sayLanded } from './liveness-checks.ts'
import type { SvmPayment } from './payment.ts'
import type { SvmState } from './state.ts'
import { sayError } from './transaction-error.ts'

type Money = SvmDiagnosis['money']

/** What keeps the payer's signature from being good for this message. */
const unsigned: readonly CauseId[] = ['svm-signature-missing', 'svm-signature-invalid']

/** Whether money moved, and whether it still can: from the cluster where one was read, from the bytes alone otherwise. */
export function moneyOf(payment: SvmPayment, findings: readonly Finding[], state: SvmState | undefined, at: bigint | undefined): Money {
  const never = neverMoves(payment, findings)
  if (never !== undefined) return never
  if (state === undefined) {
    return {
      state: 'unknown',
      says: 'unknown: the payer’s signature is good, so whoever has the fee payer’s key can send it while its blockhash lives, 60 to 90 seconds; whether it was sent, only the chain tells',
    }
  }
  const { settlement, blockhash } = state
  if (settlement.known && settlement.value !== null) {
    const landed = settlement.value
    return landed.error === null
      ? { state: 'moved', says: `moved ${sayLanded(landed)}, by ${landed.transaction}` }
      : {
          state: 'not-moved',
          says: `not moved: it landed ${sayLanded(landed)} and failed with ${sayError(landed.error)}; the same transaction can not run again`,
        }
  }
  const alive = blockhash.known && blockhash.value === 'alive'
  if (alive) {
    return {
      state: 'can-move',
      says: 'not moved so far, and it still can: the blockhash lives, so whoever has the fee payer’s key can send it. Do not pay again before the blockhash is dead',
    }
  }
  if (!blockhash.known)
    return { state: 'unknown', says: `unknown: whether the blockhash still lives could not be read (${blockhash.reason})` }
  if (!settlement.known)
    return {
      state: 'unknown',
      says: `unknown: whether it landed could not be read (${settlement.reason}); the blockhash is dead, so it can not land any more`,
    }
  const gap = unseen(state, at)
  if (gap !== undefined) return { state: 'unknown', says: `unknown: ${gap}` }
  return {
    state: 'not-moved',
    says: 'not moved, and it never will: no transaction of the source account has this payment, and its blockhash is dead. A new payment is safe',
  }
}

/** What the bytes themselves rule out, whatever the cluster says. */
function neverMoves({ transaction }: SvmPayment, findings: readonly Finding[]): Money | undefined {
  if (transaction === null)
    return { state: 'not-moved', says: 'not moved by these bytes: they are no transaction that a validator can read' }
  const has = (causes: readonly CauseId[]): boolean =>
    findings.some(({ cause, severity }) => severity === 'error' && causes.includes(cause))
  if (has(unsigned))
    return { state: 'not-moved', says: 'not moved, and these bytes never will move it: the payer has not signed this message' }
  if (has(['svm-decimals-mismatch']))
    return { state: 'not-moved', says: 'not moved, and these bytes never will move it: the token program refuses the decimals' }
  return undefined
}

/** Why an empty search proves nothing: the RPC does not go back far enough, as far as anybody can tell. */
function unseen({ historySince, source }: SvmState, at: bigint | undefined): string | undefined {
  if (!historySince.known)
    return `no transaction has this payment, but how far back ${source} goes could not be read (${historySince.reason})`
  const since = historySince.value
  if (since === 0n || (at !== undefined && at >= since)) return undefined
  return `${source} has no transactions from before ${utc(since)}, and nothing says that the payment is younger${at === undefined ? ' (--at)' : ''}; since then it did not land`
}

/** What may be sent next. A payment that can still land is never to be made again, and one whose blockhash is dead needs a new signature. */
export function retryOf(verdict: SvmDiagnosis['verdict'], money: Money, cause: CauseId | undefined, state: SvmState | undefined): Retry {
  if (money.state === 'moved') return 'never'
  const own = cause === undefined ? undefined : catalogue[cause].retry
  if (state === undefined) return own ?? (verdict === 'settles' ? 'same-payload' : 'unknown')
  if (own === 'never') return 'never'
  if (money.state === 'unknown') return 'unknown'
  if (money.state === 'can-move') return own ?? 'same-payload'
  return 'sign-again'
}
