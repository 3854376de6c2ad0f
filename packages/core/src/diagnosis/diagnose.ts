import type { Finding } from '../causes/finding.ts'
import type { CheckResult } from '../checks/check.ts'
import { signatureChecks } from '../checks/signature.ts'
import { timeChecks } from '../checks/time.ts'
import { tokenChecks } from '../checks/token.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { chooseMoment, windowOf, windowState } from '../evidence/moment.ts'
import type { Replayer, ReplayTarget } from '../evidence/replay.ts'
import { builtInNetworks, type Networks } from '../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { examineSignature, type SignatureEvidence } from '../signature/forensics.ts'
import type { Eip712Domain } from '../typed-data/domain.ts'
import { utc } from '../typed-data/utc.ts'
import { assumptions, chainOnlyChecks, money, noRpc, retry } from './answers.ts'
import type { Diagnosis, DomainReport, Verdict } from './diagnosis.ts'
import { prove, type ReplayReport, revertOf } from './prove.ts'
import { rank } from './rank.ts'

export interface DiagnoseOptions {
  /** Unix seconds; the clock of whoever asks. */
  readonly now: bigint
  /** When the payment was submitted, unix seconds, if that is known. */
  readonly at?: bigint
  /** Where to look networks up; the built-in ones unless given. */
  readonly networks?: Networks
  /** Replays the payment where given; nothing is `proven` without. */
  readonly replayer?: Replayer
}

const allChecks = [...timeChecks, ...signatureChecks, ...tokenChecks]

/**
 * Says what is wrong with a payment, whose fault it is, what was signed, whether money can have moved, and what to do.
 * Never throws for a payment's fault; a replay that cannot be made is reported as skipped.
 */
export async function diagnose(payment: Payment, { now, at, networks = builtInNetworks, replayer }: DiagnoseOptions): Promise<Diagnosis> {
  const evidence: Evidence = {
    moment: chooseMoment(payment.authorization, now, at),
    signature: examineSignature(payment, networks),
    networks,
  }
  const results = allChecks.map((check): readonly [string, CheckResult] => [check.id, check.run(payment, evidence)])
  const found = rank([...payment.findings, ...results.flatMap(([, result]) => (result.outcome === 'fail' ? result.findings : []))])
  const errors = found.filter(({ severity }) => severity === 'error')
  const skipped = results.flatMap(([check, result]) => (result.outcome === 'skip' ? [{ check, reason: result.reason }] : []))

  const replayed = await replay(payment, evidence, errors, replayer)
  if ('reason' in replayed) skipped.push({ check: 'replay', reason: replayed.reason })
  for (const check of chainOnlyChecks) skipped.push({ check, reason: noRpc })
  const report = 'reason' in replayed ? undefined : replayed

  return answer(payment, evidence, found, report, skipped)
}

/** Replays where it can, and says why where it can't: a diagnosis without a replay is still one. */
async function replay(
  payment: Payment,
  evidence: Evidence,
  errors: readonly Finding[],
  replayer: Replayer | undefined,
): Promise<ReplayReport | { readonly reason: string }> {
  if (replayer === undefined) return { reason: 'not asked for' }
  const target = replayTarget(payment, evidence)
  if (target === undefined) return { reason: 'nothing says which network and token the payment is for' }
  try {
    const chain = await replayer.open(target)
    try {
      return await prove(chain, payment, evidence, errors)
    } finally {
      await chain.close()
    }
  } catch (error) {
    if (error instanceof Eip3009Error) return { reason: error.message }
    throw error
  }
}

/** The token as the evidence has it: the registry's where it knows one, else what the payload says of itself. */
function replayTarget(payment: Payment, { signature: { expected } }: Evidence): ReplayTarget | undefined {
  if (expected === undefined) return undefined
  const { domain, network, token } = expected
  if (network !== undefined) return token === undefined ? { network } : { network, token }
  const chainId = payment.chainId ?? payment.network?.chainId
  const address = domain.verifyingContract
  if (chainId === undefined || address === undefined) return undefined
  return { chainId, token: { address, name: domain.name ?? '', version: domain.version ?? '' } }
}

function answer(
  payment: Payment,
  evidence: Evidence,
  findings: readonly Finding[],
  report: ReplayReport | undefined,
  skipped: readonly { readonly check: string; readonly reason: string }[],
): Diagnosis {
  const { moment, signature } = evidence
  const errors = findings.filter(({ severity }) => severity === 'error')
  const verdict = verdictOf(evidence, errors, report)
  const [first] = verdict === 'fails' ? errors : []
  const { opens, closes } = windowOf(payment.authorization)
  const [match] = signature.matches
  return {
    schema: 'eip3009/diagnosis@1',
    verdict,
    headline: headlineOf(verdict, payment, evidence, first, report),
    cause: first?.cause ?? null,
    party: first?.party ?? null,
    proof: verdict === 'inconclusive' ? null : (report?.proof ?? 'inferred'),
    findings,
    time: {
      judgedAt: String(moment.time),
      basis: moment.basis,
      now: String(moment.now),
      opens: String(opens),
      closes: String(closes),
      window: windowState(payment.authorization, moment.time),
      windowNow: windowState(payment.authorization, moment.now),
    },
    money: money(payment, evidence),
    retry: retry(verdict, payment, evidence, errors),
    fix: first?.fix ?? null,
    replay: report === undefined ? null : { chain: report.chain, runs: report.runs },
    explanations: report?.explanations ?? [],
    skipped,
    assumes: verdict === 'settles' ? assumptions(payment, evidence) : [],
    payment: describePayment(payment, evidence),
    signer: signature.recovered ?? null,
    digest: signature.digest ?? null,
    domain: {
      signed: match === undefined ? null : domainReport(match.domain, match.separator),
      expected: signature.expected === undefined ? null : domainReport(signature.expected.domain, signature.expected.separator),
    },
  }
}

/** The token's own word on a replay outweighs what was computed: when they disagree, nothing is claimed. */
function verdictOf({ signature }: Evidence, errors: readonly Finding[], report: ReplayReport | undefined): Verdict {
  if (errors.length > 0) return 'fails'
  if (signature.expected === undefined || isWallets(signature)) return 'inconclusive'
  return report?.asIs.status === 'reverted' ? 'inconclusive' : 'settles'
}

/** A smart wallet's signature, which only the wallet can judge: neither shown to be the payer's nor shown to be wrong. */
function isWallets({ wallet, matches }: SignatureEvidence): boolean {
  return wallet !== undefined && matches.length === 0
}

function headlineOf(
  verdict: Verdict,
  payment: Payment,
  { moment, signature }: Evidence,
  first: Finding | undefined,
  report: ReplayReport | undefined,
): string {
  if (first !== undefined) return first.summary
  if (verdict === 'inconclusive') {
    if (isWallets(signature)) return 'The signature is a smart wallet’s: whether the wallet accepts it, only the chain tells (--rpc-url).'
    if (report?.asIs.status === 'reverted')
      return `The token refuses it on replay (${revertOf(report.asIs) ?? ''}), and no check here says why.`
    return 'The payload names no network, and the signature fits no token that we know: say which network it is for (--network).'
  }
  const { opens, closes } = windowOf(payment.authorization)
  const where = signature.expected?.network?.id ?? payment.network?.id
  const on = where === undefined ? '' : ` on ${where}`
  if (moment.basis === 'inside-window')
    return `The signature is valid and the payment settles${on} inside its window (${utc(opens)} … ${utc(closes)}), so the payment is not what failed.`
  return `The signature is valid and the payment settles${on} at ${utc(moment.time)}.`
}

function domainReport({ name, version, chainId, verifyingContract, salt }: Eip712Domain, separator: `0x${string}`): DomainReport {
  return {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(chainId === undefined ? {} : { chainId: String(chainId) }),
    ...(verifyingContract === undefined ? {} : { verifyingContract }),
    ...(salt === undefined ? {} : { salt }),
    separator,
  }
}

function describePayment(payment: Payment, { signature: { expected } }: Evidence): Diagnosis['payment'] {
  const { from, to, value, validAfter, validBefore, nonce } = payment.authorization
  const network = payment.network ?? expected?.network
  return {
    form: payment.form,
    recognised: payment.recognised,
    network: network?.id ?? payment.networkName ?? null,
    chainId: network?.chainId ?? payment.chainId ?? null,
    token: payment.token ?? expected?.domain.verifyingContract ?? null,
    symbol: expected?.token?.symbol ?? null,
    decimals: expected?.token?.decimals ?? null,
    primaryType: payment.primaryType,
    from,
    to,
    value: String(value),
    validAfter: String(validAfter),
    validBefore: String(validBefore),
    nonce,
    signatureBytes: payment.signature.length / 2 - 1,
  }
}
