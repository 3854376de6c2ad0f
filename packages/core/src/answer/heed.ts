import { type CauseId, catalogue } from '../causes/catalogue.ts'
import type { Finding } from '../causes/finding.ts'
import type { Stage } from '../causes/stage.ts'
import { instruct, type Retry } from '../money/retry.ts'
import type { Answer } from '../revert/answer.ts'
import { spentNonce } from '../revert/suspects.ts'
import type { AnswerRelation, AnswerReport, DiagnosisTrunk, Explanation } from '../verdict/diagnosis.ts'

/** What a family knows that decides whether an answer can be right. */
export interface AnswerView {
  /** Why a cause is not what was meant, as a clause; undefined where it can be. */
  readonly refuted: (cause: CauseId) => string | undefined
  /** Why an answer is about another payment than this one, as a clause; undefined where it can be about this one. */
  readonly another: (answer: Answer) => string | undefined
  /** What is not the reason, because the token that is known had passed the checks for it before it came to the one that answered. */
  readonly rulesOut: (answered: Answer['revert']) => readonly CauseId[]
  /** What to do where a cause is taken for the reason. */
  readonly retry: (finding: Finding) => Retry
  /** What to do about it, beside that. */
  readonly fix: (finding: Finding, retry: Retry) => string
  /** The one call that would tell, filled in. */
  readonly check: (cause: CauseId) => string | undefined
  /** What became of the transaction that they name; undefined where nobody could be asked. `says` is a clause. */
  readonly sent: { readonly state: 'failed' | 'settled-this' | 'settled-another' | 'missing' | 'unread'; readonly says: string } | undefined
  /** What shows that nothing of it was settled, as a clause: what a chain says. */
  readonly unsettled: string | undefined
}

/** A code that can mean more than this says nothing. */
const mostMeanings = 12

/**
 * A diagnosis that takes into account what was answered to the payment. An answer never outweighs what was computed or read: where it names something that
 * nothing contradicts, that is the cause, inferred; where it is contradicted, that is said first; and a payment that was refused is not called good without
 * a word of that.
 */
export function heed<D extends DiagnosisTrunk>(diagnosis: D, answer: Answer | undefined, view: AnswerView): D {
  if (answer === undefined) return diagnosis
  const stand = new Stand(diagnosis, answer, view)
  return { ...diagnosis, ...changes(stand) }
}

type Changes = Partial<DiagnosisTrunk> & { readonly answer: AnswerReport }

class Stand {
  readonly possible: readonly CauseId[]
  readonly refuted: readonly { readonly cause: CauseId; readonly because: string }[]
  readonly errors: readonly Finding[]
  /** What of the findings the answer can mean, errors first. */
  readonly named: readonly Finding[]
  /** The hash of the transaction that they name, as a clause behind a verb. */
  readonly inTransaction: string
  readonly words: string

  constructor(
    readonly diagnosis: DiagnosisTrunk,
    readonly answer: Answer,
    readonly view: AnswerView,
  ) {
    const { findings } = diagnosis
    const { causes } = answer.revert
    const stands = findings.filter(({ proof }) => proof !== 'withdrawn' && proof !== 'contradicted')
    this.errors = stands.filter(({ severity }) => severity === 'error')
    this.named = stands.filter(({ cause, severity }) => severity !== 'info' && causes.includes(cause))
    const isFound = (cause: CauseId): boolean => this.named.some((finding) => finding.cause === cause)
    const judged = causes.map((cause) => ({ cause, because: isFound(cause) ? undefined : view.refuted(cause) }))
    this.possible = judged.flatMap(({ cause, because }) => (because === undefined ? [cause] : []))
    this.refuted = judged.flatMap(({ cause, because }) => (because === undefined ? [] : [{ cause, because }]))
    this.inTransaction = this.transaction === null ? '' : ` in transaction ${this.transaction}`
    this.words = `"${answer.says}"`
  }

  get transaction(): string | null {
    return this.answer.revert.transaction ?? this.answer.revert.solanaTransaction ?? null
  }

  report(relation: AnswerRelation, check?: string): AnswerReport {
    const { kind, says, from } = this.answer
    return {
      kind,
      says,
      from,
      speaker: speakerOf(this.answer),
      relation,
      causes: this.possible.length > mostMeanings ? [] : this.possible,
      refuted: this.refuted,
      transaction: this.transaction,
      lookedUp: this.view.sent?.says ?? null,
      check: check ?? null,
    }
  }
}

function speakerOf({ revert }: Answer): AnswerReport['speaker'] {
  switch (revert.kind) {
    case 'error-string':
    case 'custom-error':
    case 'panic':
    case 'empty':
      return 'token'
    case 'program-error':
      return 'program'
    case 'reason-code':
      return 'facilitator'
    case 'rpc-error':
      return revert.speaker === 'client' ? 'client' : revert.speaker === undefined ? null : 'node'
    case 'http-error':
      return 'server'
    case 'event':
      return revert.name === 'success' || revert.name === 'isValid' ? 'facilitator' : 'token'
    case 'unknown':
      return null
  }
}

function changes(stand: Stand): Changes {
  const { diagnosis, answer } = stand
  // What the chain shows outweighs what anybody says.
  if (diagnosis.settlement !== null && answer.kind !== 'valid') {
    const agrees = answer.kind === 'settled' || stand.named.length > 0 || stand.possible.some(isSpent)
    return { answer: stand.report(agrees ? 'agrees' : 'beside') }
  }
  const another = answer.other === undefined ? stand.view.another(answer) : `it shows ${answer.other}, and nothing of this one`
  if (another !== undefined) return aboutAnother(stand, another)
  switch (answer.kind) {
    case 'unclear':
      return { answer: stand.report('says-nothing') }
    case 'valid':
      return { answer: stand.report(stand.errors.length > 0 ? 'contradicted' : 'agrees') }
    case 'settled':
      return settled(stand)
    case 'pending':
      return pending(stand)
    case 'refused':
      return stand.errors.length > 0 ? refusedToo(stand) : refused(stand)
  }
}

/** It tells of a payment that is not this one: nothing follows from it, and that is said first. */
function aboutAnother(stand: Stand, why: string): Changes {
  const { diagnosis, words } = stand
  const headline = `What was answered, ${words}, is about another payment: ${why}. ${diagnosis.headline}`
  return { headline, answer: stand.report('another-payment') }
}

function isSpent(cause: CauseId): boolean {
  return (spentNonce as readonly CauseId[]).includes(cause) || catalogue[cause].stops.at === 'landed' || cause === 'svm-landed-with-error'
}

const twice = 'another signature can be settled beside the first one, and the payer pays twice'

/** What tells whether a payment was made. */
function thing({ family }: DiagnosisTrunk): string {
  return family === 'evm' ? 'its nonce' : 'its transaction'
}

function lookUp(what: string): Retry {
  return instruct({ action: 'unknown', onlyIf: ['receipt-read'], cost: twice }, { says: `send and sign nothing: look ${what} up first` })
}

/** Stages that no token knows of. */
const beyondTheToken: ReadonlySet<string> = new Set<Stage>(['wire', 'network', 'layout', 'offer', 'verifier'])

/** They say that it moved. */
function settled(stand: Stand): Changes {
  const { diagnosis, inTransaction, transaction, errors, view } = stand
  const retry = lookUp(transaction === null ? thing(diagnosis) : `transaction ${transaction}`)
  const money = { ...diagnosis.money, state: 'unknown', says: `they say that it moved${inTransaction}: no chain showed that here` } as const
  // What only the offer or a verifier holds against it does not keep it from being settled.
  const first = errors.find(({ cause }) => !beyondTheToken.has(catalogue[cause].stops.at))
  const against = first?.summary ?? (view.unsettled === undefined ? undefined : `${view.unsettled}.`)
  if (against !== undefined) {
    const headline = `They answered that it is settled${inTransaction}, and what is known here says otherwise: ${against}`
    return { ...open(headline), money, retry, fix: null, answer: stand.report('contradicted') }
  }
  if (diagnosis.verdict !== 'settles') {
    const headline = `They answered that it is settled${inTransaction}. ${diagnosis.headline}`
    return { headline, money, retry, fix: null, answer: stand.report('settled') }
  }
  const headline = `They answered that it is settled${inTransaction}; nothing is wrong with the payment, and no chain showed here that it is so.`
  return { headline, money, retry, fix: null, proof: 'inferred', answer: stand.report('settled') }
}

/** It was sent, and nobody saw what became of it. */
function pending(stand: Stand): Changes {
  const { diagnosis, inTransaction, transaction, words, errors } = stand
  if (errors.length > 0) {
    const says = `they say that it was sent${inTransaction}: what became of it, only the chain tells`
    return {
      headline: `It is said to be sent${inTransaction}, and what became of that is not known. ${diagnosis.headline}`,
      money: { ...diagnosis.money, state: 'unknown', says },
      retry: lookUp(transaction === null ? thing(diagnosis) : `transaction ${transaction}`),
      fix: null,
      answer: stand.report('beside'),
    }
  }
  const { sent } = stand.view
  if (sent?.state === 'failed' && diagnosis.contradictions.length === 0) {
    const headline = `It was sent${inTransaction}, and ${sent.says}. ${goodSoFar(diagnosis)}`
    return { ...stillGood(stand, headline), retry: safely(diagnosis.retry), fix: null, answer: stand.report('leaves-several') }
  }
  const what = transaction === null ? thing(diagnosis) : `transaction ${transaction}`
  const finding = findingOf(
    stand,
    'settlement-unconfirmed',
    `Sent${inTransaction}, and not seen to be mined: whether it is paid, only the chain tells.${stand.answer.says === '' ? '' : ` They answered ${words}.`}`,
  )
  const retry = instruct(
    { action: 'send-same', onlyIf: [], cost: `signed anew, ${twice}` },
    { says: `look ${what} up first; the same payload can then be sent again, which can not pay twice, and nothing new may be signed` },
  )
  const money = { ...diagnosis.money, state: 'unknown', says: `sent${inTransaction} and not seen to be mined: it may have moved` } as const
  return {
    ...open(finding.summary),
    cause: finding.cause,
    party: finding.party,
    findings: [finding, ...diagnosis.findings],
    money,
    // Where the same bytes are of no use any more, what there is to do stays what it was.
    retry: diagnosis.retry.action === 'send-same' || diagnosis.retry.action === 'fix-first' ? retry : diagnosis.retry,
    fix: finding.fix,
    explanations: [],
    answer: stand.report('pending', stand.view.check(finding.cause)),
  }
}

/** It was refused, and something is wrong with it. */
function refusedToo(stand: Stand): Changes {
  const { diagnosis, answer, named, words, possible, view } = stand
  if (named.some(({ severity }) => severity === 'error')) return { answer: stand.report('agrees') }
  // Whatever is wrong with it: what may be paid already is looked up before anything is signed.
  if (possible.length > 0 && possible.every(isSpent)) {
    const said = `They answered ${words}, so that it may be paid already.`
    return { headline: `${said} ${diagnosis.headline}`, ...spentBy(stand), answer: stand.report('beside') }
  }
  const { cause, headline, findings } = diagnosis
  const passed = cause !== null && view.rulesOut(answer.revert).includes(cause)
  if (passed)
    return {
      headline: `They answered ${words}, which comes after the check that this payment fails; it may be the answer to another one. ${headline}`,
      answer: stand.report('contradicted'),
    }
  const told = answer.revert.cause
  if (told === undefined || !possible.includes(told)) return { answer: stand.report('beside') }
  return { findings: [...findings, findingOf(stand, told, saidOf(stand, told))], answer: stand.report('beside') }
}

/** It was refused, and nothing is wrong with it. */
function refused(stand: Stand): Changes {
  const { diagnosis, answer, named, words, possible, refuted, view } = stand
  // Where evidence excludes evidence, nobody's word decides between the two.
  if (diagnosis.contradictions.length > 0) return { answer: stand.report('beside') }
  const told = answer.revert.cause
  const [only, ...rest] = possible
  // One warning among many suspects is one suspect more likely, and no cause.
  const cause = told !== undefined && possible.includes(told) ? told : rest.length === 0 && named.length > 0 ? only : undefined
  if (cause !== undefined)
    return nameCause(
      stand,
      cause,
      named.find((finding) => finding.cause === cause),
    )
  const [likeliest] = possible
  if (likeliest !== undefined && possible.every(isSpent)) return nameSpent(stand, likeliest)
  const retry = safely(diagnosis.retry)
  const good = goodSoFar(diagnosis)
  // What an answer states as a fact is not so: the ways to get there need not be looked at.
  const untrue = refuted.find((each) => each.cause === told)
  if (untrue !== undefined || (possible.length === 0 && refuted.length > 0)) {
    const because = (untrue ?? refuted[0])?.because
    const headline = `They answered ${words}, and that is not so: ${because ?? 'nothing of it is'}. ${good} What they looked at is another payment, another chain or another moment.`
    return {
      ...stillGood(stand, headline),
      party: 'facilitator',
      retry,
      fix: 'Ask whoever answered for the bytes, the RPC and the table of tokens that they checked it with, and compare each with what is told here.',
      explanations: [],
      answer: stand.report('contradicted'),
    }
  }
  if (possible.length === 0 || possible.length > mostMeanings) {
    const headline = `They refused it: ${words}, which does not say why. ${good}`
    return {
      ...stillGood(stand, headline),
      retry,
      fix: 'Ask whoever answered for the error of the token or the node behind that answer.',
      answer: stand.report('says-nothing'),
    }
  }
  const likely = possible.slice(0, 3).map((id) => lower(catalogue[id].title))
  const others = possible.length - likely.length
  const more = others === 0 ? '' : `; or ${others === 1 ? 'one other thing' : `${others} other things`}, below`
  const headline = `They answered ${words}. ${good} It can mean, the likeliest first: ${likely.join('; ')}${more}.`
  return {
    ...stillGood(stand, headline),
    // What may be spent is looked up before anything else is done.
    retry:
      possible.some((id) => (spentNonce as readonly CauseId[]).includes(id)) && view.unsettled === undefined
        ? lookUp(thing(diagnosis))
        : retry,
    fix: null,
    explanations: explain(stand),
    answer: stand.report('leaves-several', likeliest === undefined ? undefined : view.check(likeliest)),
  }
}

/** What the answer names, and nothing here contradicts. */
function nameCause(stand: Stand, cause: CauseId, warned: Finding | undefined): Changes {
  const { diagnosis, view, answer } = stand
  const summary = warned === undefined ? saidOf(stand, cause) : `They answered ${stand.words}: ${lower(warned.summary)}`
  const made = findingOf(stand, cause, summary)
  const finding: Finding =
    warned === undefined ? made : { ...warned, ...made, fix: warned.fix, evidence: [...warned.evidence, ...made.evidence] }
  const spent = isSpent(cause) ? spentBy(stand) : {}
  const retry = view.retry(finding)
  return {
    verdict: 'fails',
    headline: summary,
    cause,
    party: finding.party,
    proof: 'inferred',
    undecided: null,
    findings: [finding, ...diagnosis.findings.filter((each) => each !== warned)],
    retry,
    fix: view.fix(finding, retry),
    explanations: [],
    ...spent,
    answer: stand.report(answer.kind === 'refused' ? 'names-cause' : 'beside', view.check(cause)),
  }
}

/** It is used up, and by whom or for what, the answer does not say: whatever it was, these bytes move nothing any more. */
function nameSpent(stand: Stand, cause: CauseId): Changes {
  const summary = `They answered ${stand.words}: ${stand.diagnosis.family === 'evm' ? 'its nonce is used up' : 'it was run already'}, so that it may be paid; how that ended, only the chain tells.`
  const named = nameCause(stand, cause, undefined)
  const findings = [findingOf(stand, cause, summary), ...stand.diagnosis.findings]
  return { ...named, headline: summary, party: null, findings, explanations: explain(stand), ...spentBy(stand) }
}

function spentBy({ diagnosis }: Stand): Pick<DiagnosisTrunk, 'retry' | 'money' | 'fix'> {
  const says = 'they say that it was used: whether the money moved by it, only the chain tells'
  return {
    retry: lookUp('what used it'),
    money: { ...diagnosis.money, state: 'unknown', says },
    fix: 'Look up what used it (the one call below or --rpc-url) before anything is delivered, sent or signed.',
  }
}

/** What the answer does not make worse: that a payment is good stays so, and is not all that there is to say. */
function stillGood({ diagnosis }: Stand, headline: string): Pick<DiagnosisTrunk, 'verdict' | 'headline' | 'cause' | 'party' | 'proof'> {
  return diagnosis.verdict === 'settles' ? { ...open(headline), verdict: 'settles', proof: diagnosis.proof } : open(headline)
}

function open(headline: string): Pick<DiagnosisTrunk, 'verdict' | 'headline' | 'cause' | 'party' | 'proof'> {
  return { verdict: 'inconclusive', headline, cause: null, party: null, proof: null }
}

function saidOf(stand: Stand, cause: CauseId): string {
  return `They answered ${stand.words}: ${lower(catalogue[cause].title)}. ${goodSoFar(stand.diagnosis)}`
}

/** What is known of the payment besides. */
function goodSoFar({ verdict, headline, replay, chain }: DiagnosisTrunk): string {
  if (verdict === 'fails') return ''
  if (verdict === 'inconclusive') return headline
  if (chain.some(({ kind }) => kind === 'read')) return 'The payment itself is good, and settles by what the chain says.'
  return replay === null ? 'The payment itself is good.' : 'The payment itself is good, and settles when it is replayed.'
}

function lower(text: string): string {
  return /^[A-Z](?![A-Z])/.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text
}

function findingOf({ answer, words }: Stand, cause: CauseId, summary: string): Finding {
  const { parties, fix } = catalogue[cause]
  return {
    cause,
    party: (answer.revert.cause === cause ? answer.revert.party : undefined) ?? parties[0],
    severity: 'error',
    summary,
    evidence: [{ source: 'answer', says: `They answered ${words}; nobody here saw it.` }],
    fix,
  }
}

/** What was sent may be sent again, once at most it pays; what is signed anew is another payment for as long as nobody knows why the first was refused. */
function safely(retry: Retry): Retry {
  if (retry.action !== 'send-same') return retry
  return {
    ...retry,
    cost: `signed anew, ${twice}`,
    says: 'the same bytes can not pay twice and may be sent again; nothing new may be signed before it is known why they were refused',
  }
}

/** Each cause that is left, in the words of a replay where one showed it. */
function explain({ diagnosis, possible, answer }: Stand): readonly Explanation[] {
  return possible.map((cause): Explanation => {
    const shown = diagnosis.explanations.find((each) => each.cause === cause)
    const { title, parties, proof } = catalogue[cause]
    return shown ?? { cause, party: parties[0], says: lower(title), revert: answer.says, shown: false, check: proof.how }
  })
}
