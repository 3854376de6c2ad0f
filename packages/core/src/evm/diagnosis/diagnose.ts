import type { Finding, Proof } from '../../causes/finding.ts'
import { rank } from '../../causes/rank.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { type NotMade, notMade, skippedIn } from '../../evidence/check.ts'
import { clock } from '../../evidence/clock.ts'
import { moneyOf } from '../../money/instrument.ts'
import { builtInNetworks, type Networks } from '../../networks/networks.ts'
import { utc } from '../../text/utc.ts'
import type { Verdict } from '../../verdict/diagnosis.ts'
import { errorsIn, examine, type Family } from '../../verdict/family.ts'
import { accountChecks } from '../checks/account.ts'
import { contractChecks, tokenStateChecks } from '../checks/chain-token.ts'
import { type CheckId, checkNames } from '../checks/check.ts'
import { facilitatorChecks } from '../checks/facilitator.ts'
import { gatewayChecks } from '../checks/gateway.ts'
import { payerClaimChecks } from '../checks/payer-claim.ts'
import { pendingChecks, rpcChecks } from '../checks/rpc.ts'
import { signatureChecks } from '../checks/signature.ts'
import { tokenChecks } from '../checks/token.ts'
import { timeChecks } from '../checks/window.ts'
import { believed, type ChainReader, simulationAt } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { chooseMoment, windowText } from '../evidence/moment.ts'
import { revertOf } from '../evidence/outcome-words.ts'
import type { Replayer } from '../evidence/replay.ts'
import type { Payment } from '../payment/payment.ts'
import type { SignatureEvidence } from '../signature/forensics.ts'
import { advise, withNonce } from './advise.ts'
import { assumptions, remedy } from './answers.ts'
import { askChains, type ChainOptions } from './ask-chains.ts'
import { withoutWhatChanged } from './changed-after-signing.ts'
import { isComputed } from './computed.ts'
import { adviceOn, type Contradiction, contested } from './contradiction.ts'
import type { EvmDiagnosis, SkippedCheck } from './diagnosis.ts'
import { doubt, explainsDoubt } from './doubt.ts'
import { contradictionOfReplay, contradictionsIn } from './find-contradictions.ts'
import { inDoubt, instrumentsOf } from './instruments.ts'
import { placePayment } from './place-payment.ts'
import { prove, type ReplayReport } from './prove.ts'
import { leftToRail, outsideTheToken } from './rail.ts'
import { targetFor } from './replay-target.ts'
import { chainReport, settlementReport } from './report-chain.ts'
import { evmReport, paymentReport } from './report-payment.ts'
import { type SearchLimits, searchWithin } from './search-limits.ts'
import { withTrace } from './traced-digest.ts'
import { type Undecided, undecided } from './undecided.ts'
import { judged, weigh } from './weigh.ts'
import { isMissingCode } from './witness.ts'

export interface DiagnoseOptions extends ChainOptions {
  /** Unix seconds; the clock of this machine when absent. */
  readonly now?: bigint
  /** When the payment was submitted, unix seconds, if that is known. */
  readonly at?: bigint
  /** Where to look networks up; the built-in ones unless given. */
  readonly networks?: Networks
  /** Replays the payment where given; without, only what a chain shows twice is `proven`. */
  readonly replayer?: Replayer
  /** The chains to ask, each made by `chainReader` of `@eip3009/core/chain`: one, or several that have to agree. */
  readonly chains?: readonly ChainReader[]
  /** How far a signature that fits nothing is searched over: not so far that a server would mind, unless it says otherwise. */
  readonly search?: SearchLimits
  /** What is known of the signature already, from `searchSignature` or the like: the search for this payment is then not made again. */
  readonly signature?: SignatureEvidence
}

const offlineChecks = [...timeChecks, ...signatureChecks, ...payerClaimChecks, ...tokenChecks, ...gatewayChecks]
/** What everybody wants to know of a chain: skipped, and said so, when there is none. */
const stateChecks = [...accountChecks, ...tokenStateChecks]
/** What is only worth asking of a chain that could be read. */
const chainChecks = [...contractChecks, ...pendingChecks, ...facilitatorChecks]

interface EvmKinds {
  readonly payment: Payment
  readonly options: DiagnoseOptions
  readonly evidence: Evidence
  readonly checkId: CheckId
  readonly contradiction: Contradiction
  readonly replay: ReplayReport
  readonly answer: EvmDiagnosis
}

/** Payments by EIP-3009. */
const evm: Family<EvmKinds> = {
  id: 'evm',
  ask: async (given, options) => {
    const { now = clock(), at, networks = builtInNetworks, chains = [] } = options
    const search = searchWithin(networks, options.search)
    const { payment, signature } = await placePayment(given, options.signature ?? (await search(given)), chains, networks, search)
    const offline: Evidence = { moment: chooseMoment(payment.authorization, now, at), signature, networks }
    const asked = outsideTheToken(offline) === undefined ? chains : []
    return { payment, evidence: asked.length === 0 ? offline : await askChains(payment, offline, asked, options, search) }
  },
  checks: (_, evidence) =>
    outsideTheToken(evidence) === undefined
      ? [offlineChecks, [...stateChecks, ...rpcChecks, ...(believed(evidence.chains ?? []) === undefined ? [] : chainChecks)]]
      : [offlineChecks],
  sift: (payment, evidence, found) => {
    const said = withoutWhatChanged([...payment.findings, ...found], payment, evidence)
    const contradictions = contradictionsIn(payment, evidence, said)
    return { findings: rank(contested(said, contradictions)), contradictions }
  },
  replay: async (payment, evidence, { findings, contradictions }, { replayer }) =>
    outsideTheToken(evidence) ?? replay(payment, evidence, errorsIn(findings), contradictions, replayer),
  answer: ({ payment, evidence, made: [ofPayment = [], ofChain = []], found, replay: replayed }) => {
    const report = 'reason' in replayed ? undefined : replayed
    const contradictions = [...found.contradictions, ...contradictionOfReplay(payment, evidence, errorsIn(found.findings), report)]
    const findings = [...found.findings, ...(report?.found ?? [])]
    const weighed = judged(findings, payment, evidence, report, contradictions, [...stateChecks, ...chainChecks])
    const skipped = [
      ...skippedIn(ofPayment, checkNames),
      ...('reason' in replayed ? [notMade(checkNames, 'replay', replayed)] : []),
      ...skippedIn(ofChain, checkNames),
    ]
    return answer(payment, evidence, rank(contested(weighed, contradictions)), report, contradictions, skipped)
  },
}

/**
 * Says what is wrong with a payment, whose fault it is, what was signed, whether money can have moved, and what to do.
 * Never throws for a payment's fault; a replay that cannot be made is reported as skipped.
 */
export async function diagnose(payment: Payment, options: DiagnoseOptions = {}): Promise<EvmDiagnosis> {
  return evm.answer(await examine(evm, payment, options))
}

/** Replays where it can, and says why where it can't: a diagnosis without a replay is still one. */
async function replay(
  payment: Payment,
  evidence: Evidence,
  errors: readonly Finding[],
  contradictions: readonly Contradiction[],
  replayer: Replayer | undefined,
): Promise<ReplayReport | NotMade> {
  if (replayer === undefined) return { code: 'not-wanted', reason: 'not asked for' }
  const { expected } = evidence.signature
  const target = targetFor(replayer, payment, expected)
  if (target === undefined) {
    if (expected === undefined) return { code: 'no-network', reason: 'nothing says which network and token the payment is for' }
    const reason =
      expected.basis === 'other-token'
        ? 'what was called is not the token that the signature is for'
        : 'only the payload says what the token is, so a replay could only agree with it'
    return { code: 'token-unknown', reason }
  }
  try {
    const chain = await replayer.open(target)
    try {
      if (chain.state !== 'own' && errors.some(isMissingCode))
        return { code: 'moot', reason: 'the token that would stand in for this one has the code that this one was read not to have' }
      return await prove(
        chain,
        payment,
        evidence,
        errors,
        contradictions.flatMap(({ causes }) => causes),
      )
    } finally {
      await chain.close()
    }
  } catch (error) {
    if (error instanceof Eip3009Error) return { code: 'unavailable', reason: error.message }
    throw error
  }
}

function answer(
  payment: Payment,
  evidence: Evidence,
  findings: readonly Finding[],
  report: ReplayReport | undefined,
  contradictions: readonly Contradiction[],
  skipped: readonly SkippedCheck[],
): EvmDiagnosis {
  const { moment } = evidence
  const errors = findings.filter(({ severity }) => severity === 'error')
  const stands = weigh(errors, contradictions)
  // The token's own code was asked, so that nobody has to say what it is; what others than the token check is open all the same.
  const isOwn = report?.own === true && errors.length === 0
  const open: Undecided | undefined = isOwn ? leftToRail(payment, evidence) : undecided(payment, evidence, errors)
  const doubted = doubt(payment, evidence, stands.first, contradictions)
  const doubts = doubted ?? open?.says
  const verdict = verdictOf(stands.first, report, doubts)
  const node = doubted === undefined ? undefined : findings.find(explainsDoubt)
  const first = verdict === 'fails' ? stands.first : verdict === 'inconclusive' ? node : undefined
  const money = moneyOf(inDoubt(instrumentsOf(payment, evidence), verdict, contradictions))
  const retry = advise({ verdict, payment, evidence, errors, contradictions, money })
  return {
    schema: 'eip3009/diagnosis@1',
    family: 'evm',
    verdict,
    headline: headlineOf(verdict, payment, evidence, verdict === 'fails' ? first : undefined, report, doubts),
    cause: first?.cause ?? null,
    party: first?.party ?? null,
    undecided: doubted === undefined && open !== undefined ? { id: open.id, check: open.check ?? null } : null,
    proof:
      verdict === 'inconclusive'
        ? null
        : isTabled(evidence) || isOnlyTold(evidence, report)
          ? 'inferred'
          : first === undefined
            ? proofOf(payment, evidence, report)
            : stands.proof,
    findings: withTrace(findings, evidence, isComputed).map((finding) => ({
      ...finding,
      fix: withNonce(finding, retry),
    })),
    time: { judgedAt: String(moment.time), basis: moment.basis, now: String(moment.now) },
    contradictions,
    money,
    settlement: settlementReport(evidence.chains, payment.authorization),
    retry,
    fix: verdict === 'inconclusive' && contradictions[0] !== undefined ? adviceOn(contradictions[0]) : remedy(first, findings, retry),
    replay: report === undefined ? null : { chain: report.chain, code: report.code, runs: report.runs },
    chain: (evidence.chains ?? []).map(chainReport),
    explanations: report?.explanations ?? [],
    skipped,
    assumes: verdict === 'settles' ? assumptions(payment, evidence, report?.own === true) : [],
    payment: paymentReport(payment, evidence),
    evm: evmReport(payment, evidence),
  }
}

/** The token's own word on a replay outweighs what was computed: when they disagree, nothing is claimed. */
function verdictOf(first: Finding | undefined, report: ReplayReport | undefined, doubts: string | undefined): Verdict {
  if (doubts !== undefined) return 'inconclusive'
  if (first !== undefined) return 'fails'
  return report?.asIs.status === 'reverted' ? 'inconclusive' : 'settles'
}

/** Of a token on a chain that is not supported, what a table says and nobody published as read from the chain is known, and proves nothing. */
function isTabled({ signature: { expected } }: Evidence): boolean {
  return expected?.basis === 'registry' && expected.network?.family === 'foreign' && expected.token?.separator === undefined
}

/** What somebody tells of a token is put into a chain of our own with it: such a replay shows nothing of the token itself. */
function isOnlyTold({ signature: { expected }, chains }: Evidence, report: ReplayReport | undefined): boolean {
  return expected?.basis === 'user' && report?.own !== true && believed(chains ?? []) === undefined
}

/** What shows that a payment settles: a replay that does, or the token itself in a simulated transfer. */
function proofOf(payment: Payment, evidence: Evidence, report: ReplayReport | undefined): Proof {
  if (report?.asIs.status === 'settled') return 'proven'
  const state = believed(evidence.chains ?? [])
  return state !== undefined && simulationAt(state, payment.authorization) === 'succeeds' ? 'proven' : 'inferred'
}

function headlineOf(
  verdict: Verdict,
  payment: Payment,
  { moment, signature }: Evidence,
  first: Finding | undefined,
  report: ReplayReport | undefined,
  doubts: string | undefined,
): string {
  if (doubts !== undefined) return doubts
  if (first !== undefined) return first.summary
  if (verdict === 'inconclusive')
    return `The token refuses it on replay (${report === undefined ? '' : (revertOf(report.asIs) ?? '')}), and no check here says why.`
  const where = signature.expected?.network?.id ?? payment.network?.id
  const on = where === undefined ? '' : ` on ${where}`
  if (moment.basis === 'inside-window')
    return `The payment is good: it settles${on} inside its window (${windowText(payment.authorization)}). If it failed, what failed is elsewhere.`
  return `The signature is valid and the payment settles${on} at ${utc(moment.time)}.`
}
