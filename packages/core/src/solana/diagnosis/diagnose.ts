import { heed } from '../../answer/heed.ts'
import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding, Proof } from '../../causes/finding.ts'
import { whyNotShown } from '../../causes/not-shown.ts'
import { firstOnChain, rank } from '../../causes/rank.ts'
import { findingsOf, type NotMade, notMade, runChecks } from '../../evidence/check.ts'
import { facilitatorReport, type SvmFacilitatorReport } from '../../facilitators/solana/facilitator-answers.ts'
import { moneyOf } from '../../money/instrument.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import { utc } from '../../text/utc.ts'
import type { Examination } from '../../verdict/family.ts'
import { type SvmAnswer, type SvmState, seenAt } from '../state/state.ts'
import { type SvmSkippedCheck, svmCheckNames } from '../state/state-check.ts'
import { sayError } from '../state/transaction-error.ts'
import { sayInstruction } from '../transaction/instruction.ts'
import { knownMint } from '../transaction/known-mint.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { programName, programs } from '../transaction/programs.ts'
import { transferOf } from '../transaction/transfer.ts'
import type { SvmProof } from '../world/prove-svm.ts'
import { answerView } from './answer-view.ts'
import type { SolanaDiagnosis, SolanaReport, SvmReplayReport } from './diagnosis.ts'
import { checksOf, gather, type SvmEvidence, sift, skippedOf } from './examine.ts'
import { instrumentsOf } from './instruments.ts'
import type { SolanaKinds } from './kinds.ts'
import { refusedByAll, stopping } from './refused-by-all.ts'
import { chainReport, settlementReport } from './report-state.ts'
import { retryOf } from './retry.ts'
import { witnessOf } from './witness.ts'

export interface SvmDiagnoseOptions {
  /** Unix seconds. */
  readonly now: bigint
  /** When the payment was submitted, unix seconds, if that is known. */
  readonly at?: bigint
  /** What clusters said about it; `investigate` asks them. */
  readonly answers?: readonly SvmAnswer[]
  /** What replaying it showed, or why it was not replayed. */
  readonly replay?: SvmProof | NotMade
}

/**
 * Says what is wrong with a payment on Solana, from its own bytes, its offer, and what was read of the cluster: every finding, and the one that
 * explains most first. A pure function: nothing is asked here. What only the chain knows and nobody read is listed in `assumes` and `skipped`.
 */
export function diagnoseSvm(given: SvmPayment, { now, at, answers = [], replay: replayed }: SvmDiagnoseOptions): SolanaDiagnosis {
  const { payment, evidence } = gather(given, { now, answers, ...(at === undefined ? {} : { at }) })
  const made = runChecks(checksOf(payment, evidence), payment, evidence)
  const found = { findings: sift(payment, evidence, findingsOf(made)), contradictions: [] }
  return answer({ payment, evidence, made: [made], found, replay: replayed ?? { code: 'not-wanted', reason: 'not asked for' } })
}

/** The answer to what was asked, checked and run. */
export function answer(examination: Examination<SolanaKinds>): SolanaDiagnosis {
  const { payment, evidence, replay: replayed } = examination
  const { given, now, at, answers, state } = evidence
  const { skipped, undecided } = skippedOf(payment, evidence, examination.made.flat())
  const proof = 'reason' in replayed ? undefined : replayed
  const found = rank([...examination.found.findings, ...(proof?.found ?? [])]).map((finding) =>
    finding.severity === 'error' && witnessOf(finding, payment, evidence, proof) !== undefined
      ? { ...finding, proof: 'proven' as const }
      : finding,
  )
  const findings = rank(stopping(given, found))
  const facilitators = facilitatorReport(given, findings, { runs: runs(findings, state, proof) })
  const first = findings.find(({ severity }) => severity === 'error')
  const doubts =
    first === undefined
      ? (claims(payment, evidence, examination.found.findings) ?? doubt(undecided, answers, state, proof) ?? nobodyTakes(facilitators))
      : undefined
  const node = doubts === undefined ? undefined : findings.find(({ cause }) => catalogue[cause].stops.at === 'node')
  const { verdict, headline } = verdictOf(given, first, doubts?.says, state, { now, ran: runsFor(state, proof) })
  const money = moneyOf(instrumentsOf(payment, findings, state, { now, at }))
  const { network } = payment
  // What is asked of a cluster rests on when somebody says that it was made; a record's time is only when nobody was asked.
  const read = at === undefined && answers.length === 0 ? payment.beside?.time : undefined
  const diagnosis: SolanaDiagnosis = {
    schema: 'eip3009/diagnosis@1',
    family: 'solana',
    verdict,
    headline,
    cause: (first ?? node)?.cause ?? null,
    party: (first ?? node)?.party ?? null,
    proof: proofOf(verdict, first, state, proof),
    undecided: null,
    findings,
    contradictions: [],
    time: {
      judgedAt: String(at ?? read ?? now),
      basis: at !== undefined ? 'given' : read !== undefined ? 'read' : 'now',
      now: String(now),
    },
    money,
    settlement: settlementReport(state),
    retry: retryOf(payment, money, { verdict, cause: first?.cause }),
    fix: (first ?? node)?.fix ?? doubts?.fix ?? null,
    answer: null,
    facilitators,
    chain: answers.map((answer) => chainReport(answer, payment, network)),
    replay: proof === undefined ? null : replayReport(proof, findings),
    skipped: [
      ...skipped,
      ...('reason' in replayed ? [notMade(svmCheckNames, 'replay', replayed)] : []),
      ...(state !== undefined && at !== undefined ? earlier(state, at) : []),
    ],
    assumes: verdict === 'settles' ? assumptionsOf(payment, state) : [],
    explanations: [],
    payment: paymentReport(payment),
    solana: solanaReport(payment, findings),
  }
  return heed(diagnosis, payment.beside?.answer, answerView(payment, state, money))
}

/** Why a payment without an error is not called good, and what would tell, where that is more than asking the cluster. */
interface Doubt {
  readonly says: string
  readonly fix?: string
}

/** What a well-built payment rests on that only the payment itself says: what it claims can not show that it is right. */
function claims(payment: SvmPayment, { payee, state }: SvmEvidence, findings: readonly Finding[]): Doubt | undefined {
  const built = 'The transaction is well built and signed'
  const { network, requirements } = payment
  const unusual = findings.find(({ cause }) => cause === 'network-unsupported')
  if (unusual !== undefined)
    return { says: `${built}, and facilitators look networks up by their exact names: ${unusual.summary}`, fix: unusual.fix }
  if (network === undefined) return { says: `${built}, and nothing says which cluster it is for (--network).` }
  const mint = payment.transaction === null ? undefined : transferOf(payment.transaction)?.mint
  if (typeof mint === 'string' && knownMint(mint) === undefined && state === undefined) {
    return {
      says: `${built} as the offer asks, and nothing here knows the mint ${mint}: which token program it is of and how many decimals it has is what the transaction itself says.`,
      fix: wouldTell(mint, network, 'its owner is the token program, and its decimals are in it'),
    }
  }
  if (payee.kind === 'unknown' && requirements?.payTo !== undefined) {
    return {
      says: `${built} and pays the token account of payTo ${requirements.payTo}, which is no key that anybody could hold: where payTo is a token account, as it mostly is, the money goes where its owner can not use it.`,
      fix: `${wouldTell(requirements.payTo, network, 'one that a token program owns is a token account, and its owner has to be payTo')}`,
    }
  }
  return undefined
}

function nobodyTakes(facilitators: SvmFacilitatorReport): Doubt | undefined {
  return refusedByAll(facilitators)
    ? { says: 'Nothing wrong was found, and no facilitator that is known takes a payment like this.' }
    : undefined
}

/** The one question to a cluster that decides, filled in. */
function wouldTell(address: string, { rpcUrls, id }: SolanaNetwork, how: string): string {
  const rpc = rpcUrls[0] ?? `an RPC of ${id}`
  return `Ask ${rpc}: {"jsonrpc":"2.0","id":1,"method":"getAccountInfo","params":["${address}",{"encoding":"jsonParsed"}]}; ${how}. --rpc-url asks all of it.`
}

/** What keeps a payment without an error from being called good; undefined where nothing does. */
function doubt(
  undecided: SvmSkippedCheck | undefined,
  answers: readonly SvmAnswer[],
  state: SvmState | undefined,
  proof: SvmProof | undefined,
): Doubt | undefined {
  if (answers.length > 0 && state === undefined) {
    const built = 'The transaction itself is well built, and'
    const late = answers.find(({ kind }) => kind === 'read')
    if (late !== undefined)
      return { says: `${built} whether it settles could not be told: the newest block of ${late.source} is not of the moment that counts.` }
    const [answer] = answers
    if (answer?.kind === 'unreachable') return { says: `${built} the cluster could not be asked: ${answer.source}, ${answer.reason}.` }
    if (answer?.kind === 'wrong-cluster')
      return { says: `${built} ${answer.source} is an RPC of another cluster than ${answer.expected}, so nothing that it says counts.` }
    return { says: `${built} nothing says which cluster it is for (--network).` }
  }
  if (undecided !== undefined)
    return { says: `Nothing wrong was found, and one thing that decides could not be read: ${undecided.check} (${undecided.reason}).` }
  for (const simulated of [state?.simulated.fresh, state?.simulated.asIs])
    if (simulated?.known === true && simulated.value.error !== null)
      return {
        says: `The cluster's own simulation fails with ${sayError(simulated.value.error, simulated.value.logs)}, and no check here says why.`,
      }
  if (proof !== undefined && proof.asIs.error !== null)
    return { says: `The replay fails with ${sayError(proof.asIs.error, proof.asIs.logs)}, and no check here says why.` }
  return undefined
}

/** What bears the cause out, or a run that succeeds, is a proof. */
function proofOf(
  verdict: SolanaDiagnosis['verdict'],
  first: Finding | undefined,
  state: SvmState | undefined,
  proof: SvmProof | undefined,
): Proof | null {
  if (first !== undefined) return first.proof === 'proven' ? 'proven' : 'inferred'
  if (verdict !== 'settles') return null
  return runsFor(state, proof) ? 'proven' : null
}

/** Whether the cluster's own simulation, or a replay over the accounts that it has, succeeded. */
function runsFor(state: SvmState | undefined, proof: SvmProof | undefined): boolean {
  if (state === undefined) return false
  const { fresh, asIs } = state.simulated
  // Without a wallet's guards it is not the transaction itself that ran.
  const replayed = proof !== undefined && proof.asIs.error === null && proof.asIs.interventions.length === 0
  return replayed || [fresh, asIs].some((each) => each.known && each.value.error === null)
}

/** What running the transaction comes to now, signatures aside: what has landed does not run again, and assumed accounts show no success. */
function runs(findings: readonly Finding[], state: SvmState | undefined, proof: SvmProof | undefined): 'succeeds' | 'fails' | 'unknown' {
  if (findings.some(({ cause, severity }) => severity === 'error' && hasLanded(cause))) return 'fails'
  const simulated = state?.simulated.asIs
  const error = simulated?.known === true ? simulated.value.error : proof?.asIs.error
  if (error === undefined) return 'unknown'
  if (error === null) return runsFor(state, proof) ? 'succeeds' : 'unknown'
  // Over accounts that are assumed, only a failure that was explained is one of the payment.
  return state === undefined && proof?.proven.length === 0 ? 'unknown' : 'fails'
}

function replayReport({ chain, controls, world, runs: all, asIs, proven }: SvmProof, findings: readonly Finding[]): SvmReplayReport {
  return {
    chain,
    controls,
    world,
    runs: all.map(({ interventions, error, logs, units, received }) => ({
      interventions: interventions.map(({ says }) => says),
      without: [],
      outcome: error === null ? 'settled' : 'failed',
      error: error === null ? null : sayError(error, logs),
      units: String(units),
      received: received === null ? null : String(received),
    })),
    proven: [...new Set(proven.map(({ cause }) => cause))],
    says: limitsOf(asIs.error === null, proven, findings),
  }
}

/** What a replay does not show: it looks at no signature, and knows no facilitator's rules. */
function limitsOf(settled: boolean, proven: readonly Finding[], findings: readonly Finding[]): string {
  const causes = [...new Set(findings.filter(({ severity }) => severity === 'error').map(({ cause }) => cause))]
  const isUnsigned = (cause: CauseId): boolean => whyNotShown('solana', cause)?.id === 'unsigned'
  const unsigned = causes.filter(isUnsigned)
  const rest = causes.filter((cause) => !isUnsigned(cause) && !hasLanded(cause))
  const signatures =
    unsigned.length === 0 ? '' : " Signatures are not checked by the replay: they were verified over the transaction's own bytes."
  if (!settled) {
    const needed = [...new Set(proven.map(({ cause }) => cause))]
    return needed.length === 0
      ? `It fails, and nothing that was tried makes it settle.${signatures}`
      : `It fails for ${needed.join(' and ')}: with that undone the programs take it, which does not mean that a facilitator does.${signatures}`
  }
  if (rest.length === 0) return `The programs take it, which does not mean that a facilitator does.${signatures}`
  return `The programs take it as it is: ${rest.join(', ')} ${rest.length === 1 ? 'is' : 'are'} what facilitators refuse, or what pays somebody else.${signatures}`
}

/** Whether it says that this very transaction is in a block already. */
function hasLanded(cause: CauseId): boolean {
  const entry = catalogue[cause]
  return entry.family === 'solana' && entry.cluster.run === 'landed'
}

/** An RPC has only the newest state. */
function earlier({ time, slot }: SvmState, at: bigint): SolanaDiagnosis['skipped'] {
  const late = time.known ? time.value - at : undefined
  if (late !== undefined && late < 120n) return []
  const when = slot.known ? ` (slot ${slot.value})` : ''
  const gap = late === undefined ? '' : `, ${late} s later`
  const reason = `an RPC has only the newest state${when}${gap}; what accounts held then nobody can read`
  return [notMade(svmCheckNames, 'state-then', { code: 'past', reason })]
}

const assumptions = [
  "the payer's token account exists, holds the amount, is not frozen and belongs to the signer",
  "the payee's token account exists, is not frozen and still belongs to payTo",
  'the blockhash is of this cluster and alive when the transaction is sent: 150 blocks, 60 to 90 seconds after it was made',
  "the fee payer is one of the facilitator's and can pay the fee",
  'this transaction was not sent before',
] as const

/** Of these nothing has to be assumed once the cluster was read. */
function assumptionsOf({ transaction }: SvmPayment, state: SvmState | undefined): readonly string[] {
  if (state !== undefined) return ['the facilitator takes it: each has rules of its own', 'accounts stay as they are until it is sent']
  const token = transaction === null ? undefined : knownMint(transferOf(transaction)?.mint)
  if (token === undefined) return assumptions
  const issuer = token.tokenProgram === programs.token2022 ? ', and its issuer has neither paused it nor set a fee or a hook' : ''
  return [
    ...assumptions,
    `the mint is what it is known as: ${token.symbol}, of ${programName(token.tokenProgram)}, with ${token.decimals} decimals${issuer}`,
  ]
}

function verdictOf(
  { requirements }: SvmPayment,
  first: Finding | undefined,
  doubts: string | undefined,
  state: SvmState | undefined,
  { now, ran }: { readonly now: bigint; readonly ran: boolean },
): Pick<SolanaDiagnosis, 'verdict' | 'headline'> {
  if (first !== undefined) return { verdict: 'fails', headline: first.summary }
  if (doubts !== undefined) return { verdict: 'inconclusive', headline: doubts }
  if (requirements === undefined) {
    return {
      verdict: 'inconclusive',
      headline: 'The transaction is well built and signed; without the offer nothing tells whether it pays what was asked.',
    }
  }
  return {
    verdict: 'settles',
    headline:
      state === undefined
        ? 'The transaction is well built, signed, and pays what the offer asks for; whether it still can, only the chain tells.'
        : `The transaction is well built, signed, and pays what the offer asks for, and ${chainSays(state, now, ran)}.`,
  }
}

/** What was read is as old as its reading, or as the newest block then: an answer of a minute ago is about then. */
function chainSays(state: SvmState, now: bigint, ran: boolean): string {
  const { network } = state
  const then = seenAt(state)
  const late = now - then > 60n
  if (!ran) return `nothing that was read of ${network}${late ? ` at ${utc(then)}` : ''} stands against it`
  return late ? `${network} would have taken it at ${utc(then)}` : `${network} would take it now`
}

function paymentReport(payment: SvmPayment): SolanaDiagnosis['payment'] {
  const { form, recognised, network, transaction } = payment
  const transfer = transaction === null ? undefined : transferOf(transaction)
  const mint = knownMint(transfer?.mint)
  return {
    form,
    recognised,
    network: network?.id ?? payment.networkName ?? null,
    token: transfer?.mint ?? null,
    symbol: mint?.symbol ?? null,
    decimals: mint?.decimals ?? null,
    from: transfer?.authority ?? null,
    to: transfer?.destination ?? null,
    value: transfer === undefined ? null : String(transfer.amount),
  }
}

/** What of the answer only a payment on Solana has. */
function solanaReport({ transaction }: SvmPayment, findings: readonly Finding[]): SolanaReport {
  const transfer = transaction === null ? undefined : transferOf(transaction)
  return {
    firstOnChain: firstOnChain(findings),
    transaction:
      transaction === null
        ? null
        : {
            version: transaction.version,
            bytes: transaction.size,
            feePayer: transaction.feePayer,
            blockhash: transaction.blockhash,
            signers: transaction.signers,
            instructions: transaction.instructions.map(({ program, meaning }) => ({ program, says: sayInstruction(meaning) })),
          },
    transfer:
      transfer === undefined
        ? null
        : {
            tokenProgram: transfer.tokenProgram,
            source: transfer.source,
            mint: transfer.mint,
            destination: transfer.destination,
            authority: transfer.authority,
            amount: String(transfer.amount),
            decimals: transfer.decimals,
            symbol: knownMint(transfer.mint)?.symbol ?? null,
            mintDecimals: knownMint(transfer.mint)?.decimals ?? null,
          },
  }
}
