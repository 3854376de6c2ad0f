import { catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import type { Obstacle } from '../../causes/obstacle.ts'
import type { Finality, Instrument } from '../../money/instrument.ts'
import { utc } from '../../text/utc.ts'
import { deadBlockhash, isDeadForGood, lastHeight } from '../state/dead-blockhash.ts'
import { sayLanded, wasProcessed } from '../state/liveness-checks.ts'
import { type SvmSettlement, type SvmState, seenAt } from '../state/state.ts'
import { sayError } from '../state/transaction-error.ts'
import { nonceAccountOf } from '../state/wanted-accounts.ts'
import type { SvmPayment, SvmTransaction } from '../transaction/payment.ts'
import { transferOf } from '../transaction/transfer.ts'

interface Moment {
  /** Unix seconds. */
  readonly now: bigint
  /** When the payment was submitted, unix seconds; undefined where nobody said. */
  readonly at: bigint | undefined
}

/** What an instrument is, where it is not as every one is that nobody can use. */
type Facts = Pick<Instrument, 'state' | 'says'> & Partial<Instrument>

/** A blockhash is dead by then, in seconds: what was read longer ago is not how it is. */
const lifetime = 150n

/**
 * What was signed, and what can become of it: what a block has of it goes before what its bytes rule out, and that before what the cluster says of
 * its blockhash. Solana has no nonce that a second signature could share: only its blockhash, or a durable nonce in that place, ends a transaction.
 */
export function instrumentsOf(
  payment: SvmPayment,
  findings: readonly Finding[],
  state: SvmState | undefined,
  moment: Moment,
): readonly [Instrument, ...Instrument[]] {
  const instrument = (facts: Facts): Instrument => ({
    form: 'as-sent',
    opens: null,
    closes: null,
    blocks: null,
    usableBy: 'nobody',
    needs: [],
    pays: paysOf(payment),
    at: null,
    nonce: null,
    evidence: 'nothing',
    finality: 'none',
    depth: null,
    ...facts,
  })
  // What a block has goes before whatever is wrong with the copy that was pasted here.
  const landed = state?.settlement.known === true ? state.settlement.value : null
  if (landed !== null && state !== undefined) return [instrument(asLanded(payment, landed, state))]
  if (state !== undefined && wasProcessed(state)) {
    const says = `unknown: ${state.source} has processed this transaction, and did not give it when it was looked for; ask again before anything is paid`
    return [instrument({ state: 'unknown', evidence: 'chain', finality: 'latest', blocks: window(payment, state), says })]
  }
  const { transaction } = payment
  if (transaction === null) {
    return [
      instrument({
        state: 'unknown',
        blocks: window(payment, state),
        usableBy: 'anybody',
        says: 'unknown: these bytes can not be read and move nothing themselves; whether the whole transaction was sent, they do not tell',
      }),
    ]
  }
  const bytes = { state: 'dead', evidence: 'bytes', finality: 'none' } as const
  const signed = payerSignature(transaction, payment.requirements?.feePayer)
  if (signed === 'missing')
    return [instrument({ ...bytes, says: 'not moved, and these bytes never will move it: the payer has not signed this message' })]
  if (signed === 'invalid') {
    return [
      instrument({
        form: 'as-signed',
        state: 'unknown',
        blocks: window(payment, state),
        usableBy: 'key-holders',
        pays: null,
        says: 'unknown: the payer has not signed this message, so it moves nothing itself; if the payer signed another one, as it was before somebody changed it, that one can be sent while its blockhash lives',
      }),
      instrument({ ...bytes, says: 'not moved by this message, and it never will be: the payer has not signed it' }),
    ]
  }
  if (findings.some(({ cause, severity }) => severity === 'error' && cause === 'svm-decimals-mismatch'))
    return [instrument({ ...bytes, says: 'not moved, and these bytes never will move it: the token program refuses the decimals' })]
  const usable = { usableBy: usableBy(transaction), needs: needsOf(transaction, findings), blocks: window(payment, state) } as const
  return [
    instrument(
      state === undefined ? { ...usable, ...unasked(payment, transaction) } : { ...usable, ...asked(payment, transaction, state, moment) },
    ),
  ]
}

/** A transaction lands once, whether it fails there or not. */
function asLanded(payment: SvmPayment, landed: SvmSettlement, state: SvmState): Facts {
  const finality = finalityOf(landed.slot, state)
  const yet = finality === 'finalized' ? '' : ', in a block that is not finalized yet'
  if (landed.error === null && paysOf(payment)?.value === '0') {
    const says = `not moved: it landed ${sayLanded(landed)}, and what it transfers is 0`
    return { state: 'spent-on-another', evidence: 'receipt', finality, says }
  }
  if (landed.error === null) {
    const says = `moved ${sayLanded(landed)}${yet}, by ${landed.transaction}`
    return { state: 'spent-on-this', evidence: 'receipt', finality, says }
  }
  const end = finality === 'finalized' ? '; the same transaction can not run again' : '; once that block is finalized it can not run again'
  return {
    state: 'dead',
    evidence: 'receipt',
    finality,
    // A block that is dropped leaves it as it was before: good for as long as its blockhash lives.
    blocks: finality === 'finalized' ? null : window(payment, state),
    says: `not moved: it landed ${sayLanded(landed)} and failed with ${sayError(landed.error, landed.logs)}${end}`,
  }
}

function finalityOf(slot: bigint, { finalized }: SvmState): Finality {
  return finalized.known && finalized.value.slot >= slot ? 'finalized' : 'latest'
}

/** A durable nonce has no end. */
function window(payment: SvmPayment, state: SvmState | undefined): Instrument['blocks'] {
  const last = state === undefined || nonceAccountOf(payment) !== undefined ? null : lastHeight(state)
  return last === null ? null : { opens: null, closes: String(last) }
}

function paysOf({ transaction }: SvmPayment): Instrument['pays'] {
  const transfer = transaction === null ? undefined : transferOf(transaction)
  return transfer === undefined || transfer.destination === null ? null : { to: transfer.destination, value: String(transfer.amount) }
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

function usableBy({ signers }: SvmTransaction): Instrument['usableBy'] {
  return signers.every(({ state }) => state === 'valid') ? 'anybody' : 'key-holders'
}

/** Who could send the transaction as it is. The first signer pays the fee, and signs last. */
function whoCanSend({ signers }: SvmTransaction): string {
  const [feePayer, ...others] = signers
  if (others.some(({ state }) => state !== 'valid')) return 'whoever has the keys that have not signed yet can send it'
  return feePayer?.state === 'valid'
    ? 'everybody has signed, so whoever has these bytes can send it'
    : "whoever has the fee payer's key can send it"
}

function needsOf({ signers }: SvmTransaction, findings: readonly Finding[]): readonly Obstacle[] {
  const found = findings.flatMap(({ cause, severity }) => {
    const entry = catalogue[cause]
    return severity === 'error' && entry.family === 'solana' && entry.cluster.obstacle !== null ? [entry.cluster.obstacle] : []
  })
  const unsigned = signers.some(({ state }) => state !== 'valid') ? (['signatures'] as const) : []
  return [...new Set([...found, ...unsigned])]
}

function lifeOf(payment: SvmPayment): string {
  const nonce = nonceAccountOf(payment)
  return nonce === undefined
    ? 'while its blockhash lives, 60 to 90 seconds'
    : `for as long as the account ${nonce} keeps its durable nonce, which does not end by itself`
}

function unasked(payment: SvmPayment, transaction: SvmTransaction): Facts {
  const facilitator = payment.requirements?.feePayer ?? transaction.feePayer
  const own = transaction.instructions.some(({ meaning }) => meaning.kind === 'transfer-checked' && meaning.authority === facilitator)
  const good = payerSignature(transaction, facilitator) === 'valid' ? "the payer's signature is good, and " : ''
  const sender = `${own ? "the tokens would be the facilitator's own, and " : good}${whoCanSend(transaction)}`
  return { state: 'unknown', evidence: 'bytes', says: `unknown: ${sender} ${lifeOf(payment)}; whether it was sent, only the chain tells` }
}

function asked(payment: SvmPayment, transaction: SvmTransaction, state: SvmState, { now, at }: Moment): Facts {
  const unknown = (why: string): Facts => ({ state: 'unknown', evidence: 'chain', says: `unknown: ${why}` })
  const { settlement, blockhash, readAt } = state
  const then = seenAt(state)
  const durable = nonceAccountOf(payment) !== undefined
  if (!blockhash.known) return unknown(`whether the blockhash still lives could not be read (${blockhash.reason})`)
  if (blockhash.value === 'alive') {
    if (!settlement.known)
      return unknown(
        `whether it landed could not be read (${settlement.reason}), and it still can, because the blockhash lives. Do not pay again before that is known`,
      )
    if (now - then > lifetime)
      return unknown(
        `not moved at ${utc(then)}, ${then === readAt ? 'when it was read' : 'the newest that was read'}, and it could still be sent then; ask the cluster again`,
      )
    return {
      state: 'live',
      evidence: 'chain',
      finality: 'latest',
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
  if (dead.kind === 'unless-new')
    return unknown(
      `no transaction of the source account has this payment, and its blockhash is dead, unless it was signed within the minute before ${utc(readAt)} and the RPC had not seen its block yet (--at says when)`,
    )
  const searched = `no transaction of the source account has this payment, and ${durable ? 'its durable nonce is gone' : 'its blockhash is dead'}`
  const over = { state: 'dead', evidence: 'chain', usableBy: 'nobody', needs: [] } as const
  if (isDeadForGood(state, at))
    return { ...over, finality: 'finalized', blocks: null, says: `not moved, and it never will: ${searched}. A new payment is safe` }
  return {
    ...over,
    finality: 'latest',
    // Whatever becomes of the newest blocks, the height at which it died does not move.
    blocks: !durable && state.height.known ? { opens: null, closes: String(state.height.value) } : null,
    says: `not moved: ${searched} in a block that is not finalized yet. A new payment is safe once it is`,
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
