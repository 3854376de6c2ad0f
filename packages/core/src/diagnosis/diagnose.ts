import type { Finding, Proof } from '../causes/finding.ts'
import { accountChecks } from '../checks/account.ts'
import { contractChecks, tokenStateChecks } from '../checks/chain-token.ts'
import type { Check, CheckResult } from '../checks/check.ts'
import { facilitatorChecks } from '../checks/facilitator.ts'
import { pendingChecks, rpcChecks } from '../checks/rpc.ts'
import { signatureChecks } from '../checks/signature.ts'
import { timeChecks } from '../checks/time.ts'
import { tokenChecks } from '../checks/token.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { believed, type ChainReader, simulationAt } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { chooseMoment, windowOf, windowState } from '../evidence/moment.ts'
import type { Replayer } from '../evidence/replay.ts'
import { builtInNetworks, type Networks } from '../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { examineSignature } from '../signature/forensics.ts'
import { utc } from '../typed-data/utc.ts'
import { assumptions, money, moneyInDoubt, remedy, retry } from './answers.ts'
import { askChains, type ChainOptions } from './ask-chains.ts'
import { isComputed } from './computed.ts'
import { adviceOn, type Contradiction, contested, doubtsNonce } from './contradiction.ts'
import type { Diagnosis, Verdict } from './diagnosis.ts'
import { doubt } from './doubt.ts'
import { contradictionOfReplay, contradictionsIn } from './find-contradictions.ts'
import { placePayment } from './place-payment.ts'
import { prove, type ReplayReport, revertOf } from './prove.ts'
import { rank } from './rank.ts'
import { targetFor } from './replay-target.ts'
import { chainReport, settlementReport } from './report-chain.ts'
import { describePayment, domainReport, signedReport, tokenReport } from './report-payment.ts'
import { withTrace } from './traced-digest.ts'
import { undecided } from './undecided.ts'
import { judged, weigh } from './weigh.ts'
import { isMissingCode } from './witness.ts'

export interface DiagnoseOptions extends ChainOptions {
  /** Unix seconds; the clock of whoever asks. */
  readonly now: bigint
  /** When the payment was submitted, unix seconds, if that is known. */
  readonly at?: bigint
  /** Where to look networks up; the built-in ones unless given. */
  readonly networks?: Networks
  /** Replays the payment where given; without, only what a chain shows twice is `proven`. */
  readonly replayer?: Replayer
  /** The chains to ask, each made by `chainReader` of `@eip3009/core/chain`: one, or several that have to agree. */
  readonly chains?: readonly ChainReader[]
}

const offlineChecks = [...timeChecks, ...signatureChecks, ...tokenChecks]
/** What everybody wants to know of a chain: skipped, and said so, when there is none. */
const stateChecks = [...accountChecks, ...tokenStateChecks]
/** What is only worth asking of a chain that could be read. */
const chainChecks = [...contractChecks, ...pendingChecks, ...facilitatorChecks]

/**
 * Says what is wrong with a payment, whose fault it is, what was signed, whether money can have moved, and what to do.
 * Never throws for a payment's fault; a replay that cannot be made is reported as skipped.
 */
export async function diagnose(given: Payment, options: DiagnoseOptions): Promise<Diagnosis> {
  const { now, at, networks = builtInNetworks, replayer, chains } = options
  const payment = await placePayment(given, chains ?? [], networks)
  const offline: Evidence = {
    moment: chooseMoment(payment.authorization, now, at),
    signature: examineSignature(payment, networks),
    networks,
  }
  const evidence = chains === undefined || chains.length === 0 ? offline : await askChains(payment, offline, chains, options)
  const run = (checks: readonly Check[]): (readonly [string, CheckResult])[] =>
    checks.map((check): readonly [string, CheckResult] => [check.id, check.run(payment, evidence)])
  const results = run(offlineChecks)
  const chainResults = run([...stateChecks, ...rpcChecks, ...(believed(evidence.chains ?? []) === undefined ? [] : chainChecks)])
  const said = [
    ...payment.findings,
    ...[...results, ...chainResults].flatMap(([, result]) => (result.outcome === 'fail' ? result.findings : [])),
  ]
  const readings = contradictionsIn(payment, evidence, said)
  const found = rank(contested(said, readings))
  const errors = found.filter(({ severity }) => severity === 'error')
  const skipped = skippedIn(results)

  const replayed = await replay(payment, evidence, errors, readings, replayer)
  if ('reason' in replayed) skipped.push({ check: 'replay', reason: replayed.reason })
  skipped.push(...skippedIn(chainResults))
  const report = 'reason' in replayed ? undefined : replayed
  const contradictions = [...readings, ...contradictionOfReplay(payment, evidence, errors, report)]
  const weighed = judged([...found, ...(report?.found ?? [])], payment, evidence, report, contradictions, [...stateChecks, ...chainChecks])

  return answer(payment, evidence, rank(contested(weighed, contradictions)), report, contradictions, skipped)
}

function skippedIn(results: readonly (readonly [string, CheckResult])[]): { check: string; reason: string }[] {
  return results.flatMap(([check, result]) => (result.outcome === 'skip' ? [{ check, reason: result.reason }] : []))
}

/** Replays where it can, and says why where it can't: a diagnosis without a replay is still one. */
async function replay(
  payment: Payment,
  evidence: Evidence,
  errors: readonly Finding[],
  contradictions: readonly Contradiction[],
  replayer: Replayer | undefined,
): Promise<ReplayReport | { readonly reason: string }> {
  if (replayer === undefined) return { reason: 'not asked for' }
  const { expected } = evidence.signature
  const target = targetFor(replayer, payment, expected)
  if (target === undefined) {
    const reason =
      expected === undefined
        ? 'nothing says which network and token the payment is for'
        : expected.basis === 'other-token'
          ? 'what was called is not the token that the signature is for'
          : 'only the payload says what the token is, so a replay could only agree with it'
    return { reason }
  }
  try {
    const chain = await replayer.open(target)
    try {
      if (chain.state !== 'own' && errors.some(isMissingCode))
        return { reason: 'the token that would stand in for this one has the code that this one was read not to have' }
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
    if (error instanceof Eip3009Error) return { reason: error.message }
    throw error
  }
}

function answer(
  payment: Payment,
  evidence: Evidence,
  findings: readonly Finding[],
  report: ReplayReport | undefined,
  contradictions: readonly Contradiction[],
  skipped: readonly { readonly check: string; readonly reason: string }[],
): Diagnosis {
  const { moment, signature } = evidence
  const errors = findings.filter(({ severity }) => severity === 'error')
  const stands = weigh(errors, contradictions)
  // The token's own code was asked, so that nobody has to say what it is.
  const open = report?.own === true ? undefined : undecided(payment, evidence, errors)
  const doubted = doubt(payment, evidence, stands.first, contradictions)
  const doubts = doubted ?? open?.says
  const verdict = verdictOf(stands.first, report, doubts)
  const node = doubted === undefined ? undefined : findings.find(({ cause }) => cause === 'rpc-wrong-chain' || cause === 'rpc-fault')
  const first = verdict === 'fails' ? stands.first : verdict === 'inconclusive' ? node : undefined
  const { opens, closes } = windowOf(payment.authorization)
  const [match] = signature.matches
  return {
    schema: 'eip3009/diagnosis@1',
    verdict,
    headline: headlineOf(verdict, payment, evidence, verdict === 'fails' ? first : undefined, report, doubts),
    cause: first?.cause ?? null,
    party: first?.party ?? null,
    undecided: doubted === undefined && open !== undefined ? { id: open.id, check: open.check ?? null } : null,
    proof:
      verdict === 'inconclusive'
        ? null
        : isTabled(evidence)
          ? 'inferred'
          : first === undefined
            ? proofOf(payment, evidence, report)
            : stands.proof,
    findings: withTrace(findings, evidence, isComputed),
    time: {
      judgedAt: String(moment.time),
      basis: moment.basis,
      now: String(moment.now),
      opens: String(opens),
      closes: String(closes),
      window: windowState(payment.authorization, moment.time),
      windowNow: windowState(payment.authorization, moment.now),
    },
    contradictions,
    money: moneyInDoubt(verdict, contradictions) ?? money(payment, evidence),
    settlement: settlementReport(evidence.chains),
    retry: contradictions.some(doubtsNonce) ? 'unknown' : retry(verdict, payment, evidence, errors),
    fix: verdict === 'inconclusive' && contradictions[0] !== undefined ? adviceOn(contradictions[0]) : remedy(first, findings),
    replay: report === undefined ? null : { chain: report.chain, runs: report.runs },
    chain: (evidence.chains ?? []).map(chainReport),
    explanations: report?.explanations ?? [],
    skipped,
    assumes: verdict === 'settles' ? assumptions(payment, evidence) : [],
    payment: describePayment(payment, evidence),
    signed: signedReport(payment, match),
    token: tokenReport(evidence),
    signer: signature.recovered ?? null,
    digest: signature.digest ?? null,
    domain: {
      signed: match === undefined ? null : domainReport(match.domain, match.separator),
      expected: signature.expected === undefined ? null : domainReport(signature.expected.domain, signature.expected.separator),
    },
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
  const { opens, closes } = windowOf(payment.authorization)
  const where = signature.expected?.network?.id ?? payment.network?.id
  const on = where === undefined ? '' : ` on ${where}`
  if (moment.basis === 'inside-window')
    return `The payment is good: it settles${on} inside its window (${utc(opens)} … ${utc(closes)}). If it failed, what failed is elsewhere.`
  return `The signature is valid and the payment settles${on} at ${utc(moment.time)}.`
}
