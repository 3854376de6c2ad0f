import { type Told, withTold } from '../../answer/given.ts'
import { heed } from '../../answer/heed.ts'
import type { Finding, Proof } from '../../causes/finding.ts'
import { rank } from '../../causes/rank.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { notMade, skippedIn } from '../../evidence/check.ts'
import { clock } from '../../evidence/clock.ts'
import { evmFacilitatorReport } from '../../facilitators/evm/facilitator-answers.ts'
import { moneyOf } from '../../money/instrument.ts'
import { builtInNetworks, type Networks } from '../../networks/networks.ts'
import { witnesses } from '../../rpc/witness.ts'
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
import type { Fork, Forker } from '../evidence/fork.ts'
import { chooseMoment, windowText } from '../evidence/moment.ts'
import { revertOf } from '../evidence/outcome-words.ts'
import type { ReplayChain, Replayer, ReplayOutcome } from '../evidence/replay.ts'
import { evmMarks } from '../payment/marks.ts'
import type { Payment } from '../payment/payment.ts'
import type { SignatureEvidence } from '../signature/forensics.ts'
import { advise, withNonce } from './advise.ts'
import { answerView } from './answer-view.ts'
import { assumptions, remedy } from './answers.ts'
import { askChains, type ChainOptions, questionOf } from './ask-chains.ts'
import { withoutWhatChanged } from './changed-after-signing.ts'
import { isComputed } from './computed.ts'
import { adviceOn, type Contradiction, contested } from './contradiction.ts'
import type { EvmDiagnosis, SkippedCheck } from './diagnosis.ts'
import { doubt, explainsDoubt } from './doubt.ts'
import { contradictionOfReplay, contradictionsIn } from './find-contradictions.ts'
import { inDoubt, instrumentsOf } from './instruments.ts'
import { type NoWorld, openForked, openWorld } from './open-world.ts'
import { placePayment } from './place-payment.ts'
import { prove, type ReplayReport } from './prove.ts'
import { leftToRail, outsideTheToken } from './rail.ts'
import { chainReport, settlementReport } from './report-chain.ts'
import { evmReport, paymentReport } from './report-payment.ts'
import { type SearchLimits, searchWithin } from './search-limits.ts'
import { withTrace } from './traced-digest.ts'
import { type Undecided, undecided } from './undecided.ts'
import { judged, weigh } from './weigh.ts'

export interface DiagnoseOptions<Own extends Fork = Fork, Made extends ReplayChain = ReplayChain> extends ChainOptions, Told {
  /** Unix seconds; the clock of this machine when absent. */
  readonly now?: bigint
  /** When the payment was submitted, unix seconds, if that is known. */
  readonly at?: bigint
  /** Where to look networks up; the built-in ones unless given. */
  readonly networks?: Networks
  /** Replays the payment where given; without, only what a chain shows twice is `proven`. */
  readonly replayer?: Replayer<Made>
  /** Replays it on a chain of our own that begins with the state which was read of `chains`; where none can be opened, `replayer` does. */
  readonly forker?: Forker<Own>
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

/** A diagnosis, with what it was made from. */
export interface Investigation<Chain extends ReplayChain = ReplayChain> extends AsyncDisposable {
  readonly diagnosis: EvmDiagnosis
  /** As it was judged: on the network of the RPC where it names none itself. */
  readonly payment: Payment
  readonly signature: SignatureEvidence
  readonly replay: Replayed<Chain> | NoWorld
  /** Ends the chain that it was replayed on. */
  close(): Promise<void>
}

/** The chain that a payment was replayed on, open until the investigation is closed, and what came of it there. */
export interface Replayed<Chain extends ReplayChain = ReplayChain> {
  readonly chain: Chain
  /** The payment as it is. */
  readonly asIs: ReplayOutcome
  /** Every run, that one first. */
  readonly runs: readonly ReplayOutcome[]
}

/** The chain that was forked while the state was read, or why none was; whoever stops half-way closes it. */
interface EvmWorld<Chain extends ReplayChain> extends AsyncDisposable {
  readonly fork?: Chain
  readonly noFork?: NoWorld
}

/** A replay that was made, or why none was; `noFork` says why it was not made on a fork, where one was wanted. */
interface Played<Chain extends ReplayChain> {
  readonly proven: Proven<Chain> | NoWorld
  readonly noFork?: NoWorld
}

interface Proven<Chain extends ReplayChain> {
  readonly chain: Chain
  readonly report: ReplayReport
}

interface EvmKinds<Own extends Fork, Made extends ReplayChain> {
  readonly payment: Payment
  readonly options: DiagnoseOptions<Own, Made>
  readonly evidence: Evidence
  readonly world: EvmWorld<Own>
  readonly checkId: CheckId
  readonly contradiction: Contradiction
  readonly replay: Played<Own | Made>
  readonly answer: EvmDiagnosis
}

/** Payments by EIP-3009. */
function evm<Own extends Fork, Made extends ReplayChain>(): Family<EvmKinds<Own, Made>> {
  return {
    id: 'evm',
    ask: async (unanswered, options) => {
      const given = withTold(unanswered, options, 'evm', evmMarks(unanswered))
      const { now = clock(), at, networks = builtInNetworks, forker } = options
      const chains = witnesses(options.chains ?? [])
      const search = searchWithin(networks, options.search)
      const { payment, signature } = await placePayment(given, options.signature ?? (await search(given)), chains, networks, search)
      const offline: Evidence = { moment: chooseMoment(payment.authorization, now, at, payment.beside?.time), signature, networks }
      const isTokens = outsideTheToken(offline) === undefined
      const asked = isTokens ? chains : []
      const read = asked.length === 0 ? offline : await askChains(payment, offline, asked, options, search)
      const nothing = async (): Promise<void> => undefined
      if (!isTokens || forker === undefined) return { payment, evidence: read, world: { [Symbol.asyncDispose]: nothing } }
      const forked = await openForked(forker, payment, read, questionOf(payment, offline, options))
      if ('code' in forked) return { payment, evidence: read, world: { noFork: forked, [Symbol.asyncDispose]: nothing } }
      const { chain, evidence } = forked
      return { payment, evidence, world: { fork: chain, [Symbol.asyncDispose]: () => chain.close() } }
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
    replay: async (payment, evidence, found, { replayer }, { fork, noFork }) => {
      const outside = outsideTheToken(evidence)
      if (outside !== undefined) return { proven: outside }
      if (fork === undefined) return replayInstead(noFork, replayer, payment, evidence, found)
      const onFork = await tryProve<Own | Made>(fork, payment, evidence, found)
      return 'code' in onFork ? replayInstead(onFork, replayer, payment, evidence, found) : { proven: onFork }
    },
    answer: ({ payment, evidence, made: [ofPayment = [], ofChain = []], found, replay }) => {
      const { proven, noFork }: Played<Own | Made> = 'proven' in replay ? replay : { proven: replay }
      const report = 'report' in proven ? proven.report : undefined
      const contradictions = [...found.contradictions, ...contradictionOfReplay(payment, evidence, errorsIn(found.findings), report)]
      const findings = [...found.findings, ...(report?.found ?? [])]
      const weighed = judged(findings, payment, evidence, report, contradictions, [...stateChecks, ...chainChecks])
      const skipped = [
        ...skippedIn(ofPayment, checkNames),
        ...(noFork === undefined || noFork === proven ? [] : [notMade(checkNames, 'fork', noFork)]),
        ...('code' in proven ? [notMade(checkNames, 'replay', proven)] : []),
        ...skippedIn(ofChain, checkNames),
      ]
      return answer(payment, evidence, rank(contested(weighed, contradictions)), report, contradictions, skipped)
    },
  }
}

/**
 * Says what is wrong with a payment, whose fault it is, what was signed, whether money can have moved, and what to do.
 * Never throws for a payment's fault; a replay that cannot be made is reported as skipped.
 */
export async function diagnose(payment: Payment, options: DiagnoseOptions = {}): Promise<EvmDiagnosis> {
  const found = await investigate(payment, options)
  await found.close()
  return found.diagnosis
}

/** Diagnoses a payment, and keeps the chain open that it was replayed on, for whoever wants to replay more. Close it. */
export async function investigate<Own extends Fork = Fork, Made extends ReplayChain = ReplayChain>(
  given: Payment,
  options: DiagnoseOptions<Own, Made> = {},
): Promise<Investigation<Own | Made>> {
  const family = evm<Own, Made>()
  const examination = await examine(family, given, options)
  const { payment, evidence, replay: played } = examination
  const proven = 'proven' in played ? played.proven : played
  const close = async (): Promise<void> => {
    if ('chain' in proven) await proven.chain.close()
  }
  try {
    const diagnosis = family.answer(examination)
    const replay = 'code' in proven ? proven : { chain: proven.chain, asIs: proven.report.asIs, runs: proven.report.outcomes }
    return { diagnosis, payment, signature: evidence.signature, replay, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await close()
    throw error
  }
}

/**
 * The replay where there is none on a fork. What a fork's controls showed of the token is no reason to try another contract in its place: it does not do
 * what such a token does.
 */
async function replayInstead<Chain extends ReplayChain>(
  noFork: NoWorld | undefined,
  replayer: Replayer<Chain> | undefined,
  payment: Payment,
  evidence: Evidence,
  found: Found,
): Promise<Played<Chain>> {
  const because = noFork === undefined ? {} : { noFork }
  if (noFork !== undefined && (replayer === undefined || noFork.error?.code === 'controls-failed')) return { proven: noFork, noFork }
  if (replayer === undefined) return { proven: { code: 'not-wanted', reason: 'not asked for' } }
  const world = await openWorld(replayer, payment, evidence, errorsIn(found.findings))
  return { proven: 'code' in world ? world : await tryProve(world.chain, payment, evidence, found), ...because }
}

/** What was found before anything was replayed. */
interface Found {
  readonly findings: readonly Finding[]
  readonly contradictions: readonly Contradiction[]
}

/** Replays on a chain, which ends where that does not work: a chain that stops working says nothing of the payment. */
async function tryProve<Chain extends ReplayChain>(
  chain: Chain,
  payment: Payment,
  evidence: Evidence,
  { findings, contradictions }: Found,
): Promise<Proven<Chain> | NoWorld> {
  const excluded = contradictions.flatMap(({ causes }) => causes)
  try {
    return { chain, report: await prove(chain, payment, evidence, errorsIn(findings), excluded) }
  } catch (error) {
    await chain.close()
    if (error instanceof Eip3009Error) return { code: 'unavailable', reason: error.message, error }
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
  const diagnosis: EvmDiagnosis = {
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
    answer: null,
    replay: report === undefined ? null : { chain: report.chain, code: report.code, runs: report.runs },
    chain: (evidence.chains ?? []).map(chainReport),
    explanations: report?.explanations ?? [],
    skipped,
    facilitators: evmFacilitatorReport(payment, findings, evidence),
    assumes: verdict === 'settles' ? assumptions(payment, evidence, report?.own === true) : [],
    payment: paymentReport(payment, evidence),
    evm: evmReport(payment, evidence),
  }
  return heed(diagnosis, payment.beside?.answer, answerView(payment, evidence, contradictions, money))
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
    return `It settles${on} inside its window (${windowText(payment.authorization)}). If it failed, what failed is elsewhere.`
  return `The signature is valid and the payment settles${on} at ${utc(moment.time)}.`
}
