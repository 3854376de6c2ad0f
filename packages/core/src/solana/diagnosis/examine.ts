import { catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { rank } from '../../causes/rank.ts'
import { findingsOf, type NotMade, notMade, runChecks, skippedIn } from '../../evidence/check.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import { builtInNetworks } from '../../networks/networks.ts'
import { svmFinding } from '../offer/finding.ts'
import { intentFindings } from '../offer/intent.ts'
import { layoutFindings } from '../offer/layout.ts'
import { type Payee, payeeOf } from '../offer/payee.ts'
import { signerFindings } from '../offer/signers.ts'
import { livenessChecks } from '../state/liveness-checks.ts'
import { resolveLookups } from '../state/lookup-tables.ts'
import { readPayee } from '../state/read-payee.ts'
import { believedState, type SvmAnswer, type SvmState } from '../state/state.ts'
import { type ClusterEvidence, type SvmCheckId, type SvmSkippedCheck, svmCheckNames } from '../state/state-check.ts'
import { stateChecks } from '../state/state-checks.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { transferOf } from '../transaction/transfer.ts'

export interface SvmExamination {
  /** With the accounts of its lookup tables in place, where they are known. */
  readonly payment: SvmPayment
  readonly findings: readonly Finding[]
  readonly skipped: readonly SvmSkippedCheck[]
  /** The first check that was skipped and that decides whether the payment settles. */
  readonly undecided?: SvmSkippedCheck
  readonly payee: Payee
  /** What is believed of the cluster; absent where nobody was asked, or nobody could be believed. */
  readonly state?: SvmState
}

/**
 * Runs every check over a payment and over what clusters said about it: all findings at once, the one that explains most first. `at` is when
 * it was submitted, unix seconds, where that is known.
 */
export function examine(
  payment: SvmPayment,
  network: SolanaNetwork | undefined,
  answers: readonly SvmAnswer[],
  at: bigint | undefined,
): SvmExamination {
  const state = believedState(answers)
  const resolved = state === undefined ? payment : resolveLookups(payment, state.accounts)
  const { transaction } = resolved
  const payee = state === undefined ? payeeOf(resolved) : readPayee(resolved, state)
  const own = [
    ...payment.findings,
    ...(transaction === null
      ? []
      : [
          ...layoutFindings(resolved, transaction),
          ...signerFindings(resolved, transaction),
          ...intentFindings(resolved, transaction, payee),
        ]),
  ]
  const skipped = [
    ...(transaction === null ? [unmade('transaction', { code: 'undecodable', reason: 'the transaction can not be decoded' })] : []),
    ...(payment.requirements === undefined ? [unmade('offer', { code: 'no-offer', reason: 'the input has no offer' })] : []),
  ]
  const strangers = answers.flatMap((answer) => stranger(answer, payment))
  if (state === undefined || network === undefined) {
    const why = whyNoState(answers, network)
    return {
      payment: resolved,
      payee,
      findings: rank(merge(own, strangers)),
      skipped: [...skipped, ...(['accounts', 'blockhash', 'settlement'] as const).map((id) => unmade(id, why))],
    }
  }
  const transfer = transaction === null ? undefined : transferOf(transaction)
  const evidence: ClusterEvidence = {
    network,
    state,
    payee,
    ...(transfer === undefined ? {} : { transfer }),
    ...(at === undefined ? {} : { at }),
  }
  const settled = state.settlement.known && state.settlement.value !== null && state.settlement.value.error === null
  const made = runChecks([...(settled ? [] : stateChecks), ...livenessChecks], resolved, evidence)
  const [undecided] = skippedIn(
    made.filter(({ check }) => check.decisive),
    svmCheckNames,
  )
  return {
    payment: resolved,
    payee,
    state,
    findings: rank(merge(own, [...strangers, ...findingsOf(made)])),
    skipped: [...skipped, ...(settled ? stateChecks.map(({ id }) => unmade(id, afterwards)) : []), ...skippedIn(made, svmCheckNames)],
    ...(undecided === undefined ? {} : { undecided }),
  }
}

const afterwards: NotMade = { code: 'past', reason: 'the payment has settled, and what accounts hold now is not what they held then' }

function whyNoState(answers: readonly SvmAnswer[], network: SolanaNetwork | undefined): NotMade {
  if (answers.length === 0) return { code: 'no-chain', reason: 'only the chain knows, and none was asked' }
  if (network === undefined) return { code: 'no-network', reason: 'nothing says which cluster the payment is for' }
  const [first] = answers
  const reason = first?.kind === 'unreachable' ? `${first.source} could not be read: ${first.reason}` : 'the RPC is of another cluster'
  return { code: 'chain-unread', reason }
}

/** What an RPC that is not believed tells all the same. */
function stranger(answer: SvmAnswer, payment: SvmPayment): Finding[] {
  if (answer.kind === 'read') return []
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
    const stronger = same.severity === 'error' ? same : finding
    out[place] = { ...stronger, evidence: [...same.evidence, ...finding.evidence] }
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
