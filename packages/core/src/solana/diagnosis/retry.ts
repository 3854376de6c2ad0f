import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { RetryAction } from '../../causes/retry.ts'
import type { Instrument, Money } from '../../money/instrument.ts'
import { type Condition, instruct, type Retry } from '../../money/retry.ts'
import { nonceAccountOf } from '../state/wanted-accounts.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import type { SolanaDiagnosis } from './diagnosis.ts'

const paidTwice = 'both can land, and the payee is paid twice: on Solana nothing ties a second signature to the first'

/**
 * What to do next. The same bytes land once, whoever sends them, so they may always be sent again; another signature is a second payment for as long as
 * the first one may land.
 */
export function retryOf(
  payment: SvmPayment,
  money: Money,
  { verdict, cause }: { readonly verdict: SolanaDiagnosis['verdict']; readonly cause: CauseId | undefined },
): Retry {
  if (money.state === 'moved')
    return money.finality === 'finalized'
      ? instruct({ action: 'never' })
      : instruct({ action: 'never' }, { after: 'it is settled once its block is finalized' })
  const own = actionFor(payment, cause)
  // It ran, and how that ended is not known: the search for it comes first.
  if (cause === 'svm-already-processed' && money.state === 'unknown')
    return instruct({ action: 'wait', cost: paidTwice }, { after: 'look for its transaction first: it was paid only if that has no error' })
  if (money.state === 'not-moved') return signAgain(payment, money, own, cause)
  switch (own) {
    case 'sign-again':
      return signAgain(payment, money, own, cause)
    case 'fix-first':
      // Bytes that could be read are only to be written another way: what was signed stays.
      return cause === 'svm-transaction-malformed' ? instruct({ action: 'fix-first' }) : signAgain(payment, money, own, cause)
    case 'send-same':
      return sendSame(payment)
    default:
      if (money.state === 'can-move' || (verdict === 'settles' && isUnasked(money))) return sendSame(payment)
      return instruct({ action: 'unknown', cost: paidTwice }, { after: 'nothing may be signed anew before its transaction was looked for' })
  }
}

function actionFor({ transaction }: SvmPayment, cause: CauseId | undefined): RetryAction | undefined {
  if (cause === undefined) return undefined
  if (cause === 'svm-transaction-malformed' && transaction !== null) return 'fix-first'
  const { retry } = catalogue[cause]
  // An issuer thaws what it froze, and then it pays: that is no end.
  return retry === 'never' ? 'fix-first' : retry
}

/** Whether no cluster told anything of it. */
function isUnasked({ instruments }: Money): boolean {
  return instruments.every(({ evidence }) => evidence === 'bytes' || evidence === 'nothing')
}

function sendSame(payment: SvmPayment): Retry {
  const life =
    nonceAccountOf(payment) === undefined
      ? 'it can land for 60 to 90 seconds after it was signed'
      : 'it can land until its durable nonce is advanced'
  return instruct({ action: 'send-same' }, { after: life })
}

/** Another signature: at once where the first is over for good, else as soon as that is certain. */
function signAgain(payment: SvmPayment, { instruments }: Money, own: RetryAction | undefined, cause: CauseId | undefined): Retry {
  const fixed: readonly Condition[] = own === 'fix-first' || cause === 'svm-landed-with-error' ? ['fixed'] : []
  const open = instruments.filter((each) => !isOver(each))
  if (open.length === 0) return instruct({ action: 'sign-again', onlyIf: fixed })
  const account = nonceAccountOf(payment)
  const first = { time: null, finalized: true } as const
  if (account !== undefined && open.some(({ state }) => state !== 'dead')) {
    return instruct(
      {
        action: 'cancel-first',
        notBefore: { ...first, block: null },
        onlyIf: ['cancellation-landed', 'nothing-landed', ...fixed],
        cost: paidTwice,
      },
      { after: `what takes it back is AdvanceNonceAccount of ${account}, signed by that account's authority` },
    )
  }
  return instruct({
    action: 'sign-again',
    notBefore: { ...first, block: latest(open) },
    onlyIf: [...fixed, 'nothing-landed'],
    cost: paidTwice,
  })
}

function isOver({ state, evidence, finality }: Instrument): boolean {
  return state !== 'live' && state !== 'unknown' && (finality === 'finalized' || evidence === 'bytes')
}

/** The height by which all of them are over; null where that is not known of one. */
function latest(open: readonly Instrument[]): string | null {
  const ends = open.map(({ blocks }) => (blocks === null ? null : BigInt(blocks.closes)))
  if (ends.some((end) => end === null)) return null
  return String(ends.reduce<bigint>((last, end) => (end !== null && end > last ? end : last), 0n))
}
