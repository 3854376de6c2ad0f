import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding, RetryAction } from '../../causes/finding.ts'
import { utc } from '../../typed-data/utc.ts'
import { deadBlockhash } from '../state/dead-blockhash.ts'
import { sayLanded, wasProcessed } from '../state/liveness-checks.ts'
import type { SvmState } from '../state/state.ts'
import { sayError } from '../state/transaction-error.ts'
import { nonceAccountOf } from '../state/wanted-accounts.ts'
import type { SvmPayment, SvmTransaction } from '../transaction/payment.ts'
import type { SvmDiagnosis } from './diagnosis.ts'

type Money = SvmDiagnosis['money']

interface Moment {
  /** Unix seconds. */
  readonly now: bigint
  /** When the payment was submitted, unix seconds; undefined where nobody said. */
  readonly at: bigint | undefined
}

/** A blockhash is dead by then, in seconds: what was read longer ago is not how it is. */
const lifetime = 150n

/** Whether money moved, and whether it still can: from the cluster where one was read, from the bytes alone otherwise. */
export function moneyOf(payment: SvmPayment, findings: readonly Finding[], state: SvmState | undefined, moment: Moment): Money {
  // What a block has goes before whatever is wrong with the copy that was pasted here.
  const landed = state?.settlement.known === true ? state.settlement.value : null
  if (landed !== null) {
    return landed.error === null
      ? { state: 'moved', says: `moved ${sayLanded(landed)}, by ${landed.transaction}` }
      : {
          state: 'not-moved',
          says: `not moved: it landed ${sayLanded(landed)} and failed with ${sayError(landed.error, landed.logs)}; the same transaction can not run again`,
        }
  }
  const { transaction } = payment
  if (transaction === null)
    return {
      state: 'unknown',
      says: 'unknown: these bytes can not be read and move nothing themselves; whether the whole transaction was sent, they do not tell',
    }
  const never = neverMoves(payment, transaction, findings)
  if (never !== undefined) return never
  return state === undefined ? unasked(payment, transaction) : asked(payment, transaction, state, moment)
}

/** What the bytes themselves rule out, whatever the cluster says. */
function neverMoves({ requirements }: SvmPayment, transaction: SvmTransaction, findings: readonly Finding[]): Money | undefined {
  const signed = payerSignature(transaction, requirements?.feePayer)
  if (signed === 'missing')
    return { state: 'not-moved', says: 'not moved, and these bytes never will move it: the payer has not signed this message' }
  if (signed === 'invalid') {
    return {
      state: 'not-moved',
      says: 'not moved by this message, and it never will be: the payer has not signed it. If the payer signed another one, as it was before somebody changed it, that one can be sent while its blockhash lives',
    }
  }
  if (findings.some(({ cause, severity }) => severity === 'error' && cause === 'svm-decimals-mismatch'))
    return { state: 'not-moved', says: 'not moved, and these bytes never will move it: the token program refuses the decimals' }
  return undefined
}

/**
 * Whether everybody whose tokens would move has signed; the facilitator signs last, and may. Undefined where the transaction does not tell who that
 * is: accounts of a lookup table, a multisig, no transfer.
 */
function payerSignature(
  { instructions, signers }: SvmTransaction,
  facilitator: string | undefined,
): 'valid' | 'invalid' | 'missing' | undefined {
  const authorities = instructions.flatMap(({ meaning, accounts }) => {
    // Behind the authority's place stand the signers of a multisig.
    if (meaning.kind === 'transfer-checked') return accounts.length === 4 ? [meaning.authority] : []
    return meaning.kind === 'plain-transfer' && accounts.length === 3 ? [accounts[2]] : []
  })
  const states = authorities.flatMap((key) => {
    if (typeof key !== 'string' || key === facilitator) return []
    return [signers.find((signer) => signer.key === key)?.state ?? 'missing']
  })
  return (['missing', 'invalid', 'valid'] as const).find((each) => states.includes(each))
}

/** Who could send the transaction as it is. The first signer pays the fee, and signs last. */
function whoCanSend({ signers }: SvmTransaction): string {
  const [feePayer, ...others] = signers
  if (others.some(({ state }) => state !== 'valid')) return 'whoever has the keys that have not signed yet can send it'
  return feePayer?.state === 'valid'
    ? 'everybody has signed, so whoever has these bytes can send it'
    : "whoever has the fee payer's key can send it"
}

function lifeOf(payment: SvmPayment): string {
  const nonce = nonceAccountOf(payment)
  return nonce === undefined
    ? 'while its blockhash lives, 60 to 90 seconds'
    : `for as long as the account ${nonce} keeps its durable nonce, which does not end by itself`
}

function unasked(payment: SvmPayment, transaction: SvmTransaction): Money {
  const facilitator = payment.requirements?.feePayer ?? transaction.feePayer
  const own = transaction.instructions.some(({ meaning }) => meaning.kind === 'transfer-checked' && meaning.authority === facilitator)
  const good = payerSignature(transaction, facilitator) === 'valid' ? "the payer's signature is good, and " : ''
  const sender = `${own ? "the tokens would be the facilitator's own, and " : good}${whoCanSend(transaction)}`
  return { state: 'unknown', says: `unknown: ${sender} ${lifeOf(payment)}; whether it was sent, only the chain tells` }
}

function asked(payment: SvmPayment, transaction: SvmTransaction, state: SvmState, { now, at }: Moment): Money {
  const unknown = (why: string): Money => ({ state: 'unknown', says: `unknown: ${why}` })
  const { settlement, blockhash, source, readAt } = state
  const durable = nonceAccountOf(payment) !== undefined
  if (wasProcessed(state))
    return unknown(
      `${source} has processed this transaction, and did not give it when it was looked for; ask again before anything is paid`,
    )
  if (!blockhash.known) return unknown(`whether the blockhash still lives could not be read (${blockhash.reason})`)
  if (blockhash.value === 'alive') {
    if (!settlement.known)
      return unknown(
        `whether it landed could not be read (${settlement.reason}), and it still can, because the blockhash lives. Do not pay again before that is known`,
      )
    if (now - readAt > lifetime)
      return unknown(`not moved at ${utc(readAt)}, when it was read, and it could still be sent then; ask the cluster again`)
    return {
      state: 'can-move',
      says: durable
        ? 'not moved so far, and it still can, at any time: its durable nonce is unused. Advance the nonce before anything is paid again'
        : `not moved so far, and it still can: the blockhash lives, and ${whoCanSend(transaction)}. Do not pay again before the blockhash is dead and nothing has landed`,
    }
  }
  const dead = deadBlockhash(state, at)
  if (!settlement.known) {
    const late = dead.kind === 'certain' ? '; the blockhash is dead, so it can not land any more' : ''
    return unknown(`whether it landed could not be read (${settlement.reason})${late}`)
  }
  const gap = unseen(state, at)
  if (gap !== undefined) return unknown(gap)
  if (dead.kind === 'behind')
    return unknown(`the blockhash is not known to the cluster, and ${dead.reason}. Do not pay again before it is too old`)
  const searched = 'no transaction of the source account has this payment, and its blockhash is dead'
  return {
    state: 'not-moved',
    says:
      dead.kind === 'certain'
        ? `not moved, and it never will: ${searched}. A new payment is safe`
        : `not moved: ${searched}, so it never will, unless it was signed within the minute before ${utc(readAt)} and the RPC had not seen its block yet. If it is older (--at says when), a new payment is safe`,
  }
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
export function retryOf(
  { verdict, money, cause }: { readonly verdict: SvmDiagnosis['verdict']; readonly money: Money; readonly cause: CauseId | undefined },
  { transaction }: SvmPayment,
  state: SvmState | undefined,
): RetryAction {
  if (money.state === 'moved') return 'never'
  // Bytes that could be read are only to be written another way: what was signed stays.
  const rewritten = cause === 'svm-transaction-malformed' && transaction !== null
  const own = cause === undefined ? undefined : rewritten ? 'fix-first' : catalogue[cause].retry
  if (state === undefined) return own ?? (verdict === 'settles' ? 'send-same' : 'unknown')
  if (own === 'never') return 'never'
  if (money.state === 'unknown') return 'unknown'
  if (money.state === 'can-move') return own ?? 'send-same'
  return 'sign-again'
}
