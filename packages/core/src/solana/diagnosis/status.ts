import { type Instrument, type Money, moneyOf } from '../../money/instrument.ts'
import { instruct, type Retry } from '../../money/retry.ts'
import { explorerPage, type PaymentStatus, type StatusSource, type StatusState, type StatusTransaction } from '../../money/status.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import { utc } from '../../text/utc.ts'
import type { SentTransaction } from '../state/read-sent.ts'
import { believedState, lagIn, type SvmAnswer, type SvmSettlement, type SvmState } from '../state/state.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { transactionId } from '../transaction/signed-bytes.ts'
import { transferOf } from '../transaction/transfer.ts'
import { instrumentsOf } from './instruments.ts'
import { retryOf } from './retry.ts'

/** Seconds between a confirmed block and the same one finalized: 32 slots of 0.4 s. */
const untilFinal = 13

const states = {
  'spent-on-this': 'paid',
  'spent-on-another': 'spent-on-another',
  canceled: 'canceled',
  live: 'unused',
  dead: 'expired',
  unknown: 'unknown',
} as const satisfies Record<Instrument['state'], StatusState>

/** What is known of the moment, unix seconds, and of what became of it. */
export interface SvmStatusCase {
  readonly now: bigint
  /** When the payment was made. */
  readonly at?: bigint
  /** A transaction that somebody says it became. */
  readonly named?: string
}

/** What became of a payment on Solana, by what each RPC says. Pure. */
export function svmStatus(payment: SvmPayment, answers: readonly SvmAnswer[], { now, at, named }: SvmStatusCase): PaymentStatus {
  // An RPC that is behind now is no evidence, whenever the payment was made.
  const state = believedState(answers, undefined)
  const money = moneyOf(instrumentsOf(payment, [], state, { now, at }))
  const [decisive] = money.instruments
  const landed = state?.settlement.known === true ? state.settlement.value : null
  const failed = landed !== null && landed.error !== null
  const { network, transaction } = payment
  const transfer = transaction === null ? undefined : transferOf(transaction)
  const id = landed?.transaction ?? named ?? transactionId(payment)
  const isTold = state !== undefined && money.state !== 'unknown'
  return {
    schema: 'eip3009/status@1',
    family: 'solana',
    state: failed ? 'failed' : states[decisive?.state ?? 'unknown'],
    finality: money.finality,
    money: money.state,
    headline: headlineOf(money, state, answers, named),
    network: network?.id ?? null,
    subject: {
      token: transfer?.mint ?? null,
      from: transfer?.authority ?? null,
      nonce: null,
      to: transfer?.destination ?? null,
      value: transfer === undefined ? null : String(transfer.amount),
      opens: null,
      closes: null,
    },
    transaction:
      landed === null || state === undefined ? (id === undefined ? null : nothingOf(id, state)) : landedOf(landed, payment, failed),
    chain: answers.map((answer) => sourceOf(answer)),
    retry: retry(payment, money, state),
    lookAgain: money.state === 'unknown' || money.finality !== 'latest' ? null : untilFinal,
    check: isTold ? null : callOf(payment, id),
    explorer:
      id !== undefined
        ? explorerPage(network, 'tx', id)
        : transfer?.source == null
          ? null
          : explorerPage(network, 'address', transfer.source),
  }
}

function headlineOf({ says, state }: Money, read: SvmState | undefined, answers: readonly SvmAnswer[], named: string | undefined): string {
  const sentence = `${says.charAt(0).toUpperCase()}${says.slice(1)}.`
  if (read !== undefined) return sentence
  const [first] = answers
  const why =
    first === undefined
      ? 'no RPC was given'
      : first.kind === 'wrong-cluster'
        ? `${first.source} is of another cluster than ${first.expected}`
        : first.kind === 'unreachable'
          ? `${first.source} did not tell: ${first.reason}`
          : `the newest block of ${first.source} is older than now`
  const what = named === undefined ? 'Whether it landed' : `What became of transaction ${named}`
  return state === 'not-moved' ? sentence : `${what}, only the cluster tells, and ${why}.`
}

/** The same bytes land once; nothing new is signed while it is not known what became of them. */
function retry(payment: SvmPayment, money: Money, state: SvmState | undefined): Retry {
  if (state !== undefined || money.state !== 'unknown') return retryOf(payment, money, { verdict: 'inconclusive', cause: undefined })
  return sameOnly()
}

function sameOnly(): Retry {
  return instruct(
    {
      action: 'send-same',
      onlyIf: [],
      cost: 'both can land, and the payee is paid twice: on Solana nothing ties a second signature to the first',
    },
    {
      says: 'look it up first; the same payload can be sent again, which lands once, and no new signature may be made before it is known what became of it',
    },
  )
}

/** What became of a transaction that nobody has who was asked, or that nobody was asked about. */
export function unseenTransaction(id: string, network: SolanaNetwork, sent: readonly SentTransaction[]): PaymentStatus {
  const seen = sent.find((each) => each.kind === 'missing' && each.seen)
  const missing = sent.find((each) => each.kind === 'missing')
  const [first] = sent
  const headline =
    seen !== undefined
      ? `Transaction ${id} was processed, as ${seen.source} has it, and is in no block yet that most have voted for: it may still be dropped.`
      : missing !== undefined
        ? `${missing.source} knows no transaction ${id}: it is of another cluster, was dropped, or is older than what that node keeps. That it was never sent does not follow.`
        : `What became of transaction ${id}, only the cluster tells, and ${first === undefined ? 'no RPC was given' : `${first.source} ${whyNot(first)}`}.`
  const state = seen !== undefined ? 'pending' : missing !== undefined ? 'missing' : 'unknown'
  return {
    schema: 'eip3009/status@1',
    family: 'solana',
    state: seen !== undefined ? 'pending' : 'unknown',
    finality: 'none',
    money: 'unknown',
    headline,
    network: network.id,
    subject: null,
    transaction: { id, state, block: null, time: null, sender: null, paid: null, depth: null },
    chain: sent.map((each) => ({
      source: each.source,
      kind: each.kind === 'unreachable' ? 'unreachable' : each.kind === 'wrong-cluster' ? 'wrong-chain' : 'read',
      head: null,
      behind: null,
      says: each.kind === 'missing' ? (each.seen ? 'processed' : 'not known') : whyNot(each),
    })),
    retry: sameOnly(),
    lookAgain: seen !== undefined ? untilFinal : null,
    check: `solana confirm -v ${id} --url ${network.rpcUrls[0] ?? `<an RPC of ${network.id}>`}`,
    explorer: explorerPage(network, 'tx', id),
  }
}

function whyNot(sent: SentTransaction): string {
  if (sent.kind === 'unreachable') return `did not tell: ${sent.reason}`
  return sent.kind === 'wrong-cluster' ? `is of another cluster than ${sent.expected}` : 'has it'
}

function nothingOf(id: string, state: SvmState | undefined): StatusTransaction {
  return { id, state: state === undefined ? 'unknown' : 'missing', block: null, time: null, sender: null, paid: null, depth: null }
}

function landedOf(landed: SvmSettlement, payment: SvmPayment, failed: boolean): StatusTransaction {
  const { transaction, slot, time } = landed
  const transfer = payment.transaction === null ? undefined : transferOf(payment.transaction)
  return {
    id: transaction,
    state: failed ? 'failed' : 'succeeded',
    block: String(slot),
    time: time.known ? String(time.value) : null,
    sender: payment.transaction?.feePayer ?? null,
    paid: failed || transfer?.destination == null ? null : { to: transfer.destination, value: String(transfer.amount) },
    depth: null,
  }
}

function sourceOf(answer: SvmAnswer): StatusSource {
  const { source } = answer
  if (answer.kind === 'unreachable') return { source, kind: 'unreachable', head: null, behind: null, says: answer.reason }
  if (answer.kind === 'wrong-cluster')
    return {
      source,
      kind: 'wrong-chain',
      head: null,
      behind: null,
      says: `its genesis hash is ${answer.genesisHash}, which is not that of ${answer.expected}`,
    }
  const { slot, time, settlement, blockhash } = answer
  const lag = lagIn(answer, undefined)
  const late = lag?.kind === 'behind' ? `, ${lag.seconds} s behind` : ''
  const words = !settlement.known
    ? `not told whether it landed: ${settlement.reason}`
    : settlement.value === null
      ? `nothing of it landed; blockhash ${blockhash.known ? blockhash.value : 'not told'}`
      : `landed in ${settlement.value.transaction}`
  return {
    source,
    kind: 'read',
    head: slot.known ? String(slot.value) : null,
    behind: lag?.kind === 'behind' ? String(lag.seconds) : null,
    says: `slot ${slot.known ? slot.value : 'not told'}${time.known ? ` (${utc(time.value)})` : ''}${late}: ${words}`,
  }
}

/** The one command that tells: of a transaction whose id is known, else of the account that its tokens come from. */
function callOf({ network, transaction }: SvmPayment, id: string | undefined): string | null {
  const rpc = network?.rpcUrls[0] ?? `<an RPC of ${network?.id ?? 'its cluster'}>`
  if (id !== undefined) return `solana confirm -v ${id} --url ${rpc}`
  const source = transaction === null ? undefined : transferOf(transaction)?.source
  return source == null ? null : `solana transaction-history ${source} --url ${rpc}`
}
