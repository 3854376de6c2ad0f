import { catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { rank } from '../../causes/rank.ts'
import { type Check, type CheckMade, type NotMade, notMade, skippedIn } from '../../evidence/check.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import { builtInNetworks } from '../../networks/networks.ts'
import { duration, utc } from '../../text/utc.ts'
import { svmFinding } from '../offer/finding.ts'
import { intentFindings } from '../offer/intent.ts'
import { layoutFindings } from '../offer/layout.ts'
import { type Payee, payeeOf } from '../offer/payee.ts'
import { signerFindings } from '../offer/signers.ts'
import { livenessChecks } from '../state/liveness-checks.ts'
import { resolveLookups } from '../state/lookup-tables.ts'
import { readPayee } from '../state/read-payee.ts'
import { believedState, lagIn, type SvmAnswer, type SvmState } from '../state/state.ts'
import { type SvmCheckId, type SvmSkippedCheck, svmCheckNames } from '../state/state-check.ts'
import { stateChecks } from '../state/state-checks.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { transferOf } from '../transaction/transfer.ts'

/** What the checks and the answer look at besides the payment. */
export interface SvmEvidence {
  /** The payment as it was read: facilitators look at no lookup table. */
  readonly given: SvmPayment
  /** Unix seconds. */
  readonly now: bigint
  /** When the payment was submitted, unix seconds; absent where nobody said. */
  readonly at?: bigint
  /** What each RPC said that was asked. */
  readonly answers: readonly SvmAnswer[]
  /** What is believed of the cluster; absent where nobody was asked, or nobody could be believed. */
  readonly state?: SvmState
  readonly payee: Payee
}

/** A payment with the accounts of its lookup tables in place, where they are known, and the evidence about it. `at` is when it was submitted, unix seconds. */
export function gather(
  given: SvmPayment,
  { now, at, answers }: Pick<SvmEvidence, 'now' | 'at' | 'answers'>,
): { readonly payment: SvmPayment; readonly evidence: SvmEvidence } {
  const state = believedState(answers, at)
  const payment = state === undefined ? given : resolveLookups(given, state.accounts)
  const payee = state === undefined ? payeeOf(payment) : readPayee(payment, state)
  return {
    payment,
    evidence: { given, now, answers, payee, ...(at === undefined ? {} : { at }), ...(state === undefined ? {} : { state }) },
  }
}

/** The checks that this payment gets: what accounts hold after it has settled is not what they held then. */
export function checksOf({ network }: SvmPayment, { state }: SvmEvidence): readonly Check<SvmPayment, SvmEvidence, SvmCheckId>[] {
  if (state === undefined || network === undefined) return []
  const checks = hasSettled(state) ? livenessChecks : [...stateChecks, ...livenessChecks]
  return checks.map((check) => ({
    ...check,
    run: (payment, { payee, at }) => {
      const transfer = payment.transaction === null ? undefined : transferOf(payment.transaction)
      return check.run(payment, {
        network,
        state,
        payee,
        ...(transfer === undefined ? {} : { transfer }),
        ...(at === undefined ? {} : { at }),
      })
    },
  }))
}

/** All findings at once, the one that explains most first. `read` is what the checks found. */
export function sift(payment: SvmPayment, { answers, payee, at }: SvmEvidence, read: readonly Finding[]): readonly Finding[] {
  const { transaction } = payment
  const own = [
    ...payment.findings,
    ...(transaction === null
      ? []
      : [...layoutFindings(payment, transaction), ...signerFindings(payment, transaction), ...intentFindings(payment, transaction, payee)]),
  ]
  return rank(merge(own, [...answers.flatMap((answer) => stranger(answer, payment, at)), ...read]))
}

/** What was not made, and the first of it that decides whether the payment settles. */
export function skippedOf(
  { transaction, requirements, network }: SvmPayment,
  { answers, state }: SvmEvidence,
  made: readonly CheckMade<SvmCheckId>[],
): { readonly skipped: readonly SvmSkippedCheck[]; readonly undecided: SvmSkippedCheck | undefined } {
  const isRead = state !== undefined && network !== undefined
  const why = whyNoState(answers, network)
  const decisive = made.filter(({ check }) => check.decisive)
  return {
    skipped: [
      ...(transaction === null ? [unmade('transaction', { code: 'undecodable', reason: 'the transaction can not be decoded' })] : []),
      ...(requirements === undefined ? [unmade('offer', { code: 'no-offer', reason: 'the input has no offer' })] : []),
      ...(isRead ? [] : (['accounts', 'blockhash', 'settlement'] as const).map((id) => unmade(id, why))),
      ...(isRead && hasSettled(state) ? stateChecks.map(({ id }) => unmade(id, afterwards)) : []),
      ...skippedIn(made, svmCheckNames),
    ],
    undecided: skippedIn(decisive, svmCheckNames)[0],
  }
}

function hasSettled({ settlement }: SvmState): boolean {
  return settlement.known && settlement.value !== null && settlement.value.error === null
}

const afterwards: NotMade = { code: 'past', reason: 'the payment has settled, and what accounts hold now is not what they held then' }

function whyNoState(answers: readonly SvmAnswer[], network: SolanaNetwork | undefined): NotMade {
  if (answers.length === 0) return { code: 'no-chain', reason: 'only the chain knows, and none was asked' }
  if (network === undefined) return { code: 'no-network', reason: 'nothing says which cluster the payment is for' }
  const [first] = answers
  if (first?.kind === 'read') return { code: 'past', reason: `the newest block of ${first.source} is not of the moment that counts` }
  const reason = first?.kind === 'unreachable' ? `${first.source} could not be read: ${first.reason}` : 'the RPC is of another cluster'
  return { code: 'chain-unread', reason }
}

/** A view that is not of the moment that counts. */
function late(state: SvmState, at: bigint | undefined): Finding[] {
  const lag = lagIn(state, at)
  if (lag === undefined) return []
  const { source, slot } = state
  const newest = slot.known ? `its newest slot, ${slot.value},` : 'its newest slot'
  return [
    lag.kind === 'timeless'
      ? svmFinding({
          cause: 'rpc-fault',
          severity: 'warning',
          source: 'chain',
          field: 'rpc',
          seen: source,
          summary: `${source} did not tell of when ${newest} is: ${lag.reason}. What it says may be long over.`,
          fix: 'Ask again, or ask another RPC of the same cluster (--rpc-url).',
        })
      : svmFinding({
          cause: 'rpc-lagging',
          severity: 'warning',
          source: 'chain',
          field: 'rpc',
          seen: source,
          summary: `The newest block of ${source} is of ${utc(lag.newest)}, ${duration(lag.seconds)} before the moment that counts: the node is behind, or the cluster stands still.`,
          fix: 'Ask an RPC whose newest block is of now (--rpc-url), and take nothing as certain before it has answered.',
        }),
  ]
}

/** What an RPC that is not believed tells all the same. */
function stranger(answer: SvmAnswer, payment: SvmPayment, at: bigint | undefined): Finding[] {
  if (answer.kind === 'read') return late(answer, at)
  if (answer.kind === 'unreachable') {
    return [
      svmFinding({
        cause: 'rpc-fault',
        severity: 'warning',
        source: 'chain',
        field: 'rpc',
        seen: answer.source,
        summary: `${answer.source} could not be read: ${answer.reason}.`,
        fix: 'Ask again, or ask another RPC of the same cluster (--rpc-url).',
      }),
    ]
  }
  const { source, expected, genesisHash, blockhash } = answer
  const cluster = builtInNetworks.all.find((each): each is SolanaNetwork => each.family === 'solana' && each.genesisHash === genesisHash)
  const what = cluster?.id ?? `the cluster with the genesis hash ${genesisHash.slice(0, 44)}`
  const wrong = svmFinding({
    cause: 'rpc-wrong-chain',
    severity: 'warning',
    source: 'chain',
    field: 'rpc',
    seen: genesisHash,
    expected: builtInNetworks.all.find((each) => each.id === expected && each.family === 'solana')?.caip2 ?? expected,
    summary: `${source} is an RPC of ${what}, and the payment is for ${expected}: nothing else that it says counts.`,
    fix: `Ask an RPC of ${expected}.`,
  })
  if (!blockhash.known || blockhash.value === 'dead' || payment.transaction === null) return [wrong]
  return [
    wrong,
    svmFinding({
      cause: 'svm-wrong-cluster',
      source: 'chain',
      field: 'transaction.blockhash',
      seen: payment.transaction.blockhash,
      expected: `a blockhash of ${expected}`,
      summary: `The blockhash is one of ${what}, where it lives, and the payment is for ${expected}.`,
    }),
  ]
}

/** What the payload and the chain both say is one finding, with the evidence of both. */
function merge(own: readonly Finding[], read: readonly Finding[]): Finding[] {
  const out = [...own]
  for (const finding of read) {
    const place = out.findIndex((each) => sameFinding(each, finding))
    const same = out[place]
    if (same === undefined) {
      out.push(finding)
      continue
    }
    // What was read knows the values that the payload could only warn of.
    const isBoth = place < own.length && same.severity === 'error' && finding.severity === 'error'
    const stronger = same.severity === 'error' ? same : finding
    out[place] = { ...stronger, evidence: [...same.evidence, ...finding.evidence], ...(isBoth ? { proof: 'proven' as const } : {}) }
  }
  const processed = out.some(({ cause, severity }) => cause === 'svm-already-processed' && severity === 'error')
  return out.filter(({ cause, severity }) => !(processed && cause === 'svm-already-processed' && severity !== 'error'))
}

function sameFinding(a: Finding, b: Finding): boolean {
  // The payload knows USDC's program, and calls the wrong one by what it makes of the accounts.
  if (b.cause === 'svm-token-program-mismatch') return a.field === b.field
  return a.cause === b.cause && (a.field === b.field || 'once' in catalogue[a.cause])
}

function unmade(id: SvmCheckId, why: NotMade): SvmSkippedCheck {
  return notMade(svmCheckNames, id, why)
}
