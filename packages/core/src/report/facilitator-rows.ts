import type { Finding } from '../causes/finding.ts'
import type { Answer as AnswerOf, FacilitatorReport, Refusal } from '../facilitators/profile/answer.ts'
import type { Row } from './document.ts'

type Answer = AnswerOf<string>

/** Who refuses a payment with which code, who takes it, and who takes it and fails to settle it. */
export function facilitatorRows(
  { answers, refusals }: FacilitatorReport<string>,
  findings: readonly Pick<Finding, 'cause'>[],
): readonly Row[] {
  // A name that nobody is known to be set up with: it is looked up before anything else is looked at.
  const named = !findings.some(({ cause }) => cause === 'network-unsupported')
  const refusing = answers.filter(({ verify }) => verify === 'refuses')
  const others = answers.filter(({ verify }) => verify !== 'refuses')
  // Whoever looks at what nobody read here neither takes it nor refuses it, as far as anybody can tell.
  const open = others.filter(({ unread }) => unread.some(isState))
  const taking = others.filter(({ unread }) => !unread.some(isState))
  const unsettled = others.filter(({ settle }) => settle !== null)
  const simulated = taking.some(({ unread }) => unread.includes('simulation'))
  const row = (label: string, text: string): Row => ({ label, text })
  const all = (those: readonly Answer[]): string => (those.length === answers.length ? 'all that are known' : names(those))
  return [
    ...(refusing.length === 0 ? [] : [row('Refused by', grouped(refusing, codeOf))]),
    ...(taking.length === 0
      ? []
      : [
          row(
            named ? 'Accepted by' : 'Would be accepted by',
            `${all(taking)}${named ? '' : ', if they served a network of that name'}${simulated ? ', as long as their simulation succeeds' : ''}`,
          ),
        ]),
    ...(open.length === 0
      ? []
      : [
          row(
            'Not told of',
            `${all(open)}: what they look at was not read here (${[...new Set(open.flatMap(({ unread }) => unread))].join(', ')})`,
          ),
        ]),
    ...(unsettled.length === 0
      ? []
      : [
          row(
            'Fails at settle',
            grouped(unsettled, ({ settle }) => settle ?? ''),
          ),
        ]),
    // With one thing wrong the rows above have said it all; with several, each has refusers of its own.
    ...(refusals.length < 2
      ? []
      : refusals.map((refusal, index) => row(index === 0 ? 'Cause by cause' : '', `${refusal.cause}: ${forCause(refusal, answers)}`))),
  ]
}

/** A check that looks at more than what running the transaction tells, and at more than which networks are served. */
function isState(check: string): boolean {
  return check !== 'simulation' && check !== 'network'
}

function forCause({ refusedBy, acceptedBy }: Refusal, answers: readonly Answer[]): string {
  const named = (profiles: readonly string[]): string => names(answers.filter(({ profile }) => profiles.includes(profile)))
  if (refusedBy.length === 0)
    return acceptedBy.length < answers.length ? 'whether anybody refuses for it was not read here' : 'refused by nobody that is known'
  const refusing = `refused by ${named(refusedBy.map(({ profile }) => profile))}`
  return acceptedBy.length === 0 ? refusing : `${refusing}; taken by ${named(acceptedBy)}`
}

function codeOf({ code, details, check, profile, specification }: Answer): string {
  if (specification) return ''
  if (check === null) return 'for several reasons, and which of its codes comes first is not published'
  if (code === null && details !== null) return details
  // The fork passes on what its decoder says; elsewhere nothing is there to catch the error.
  if (code === null)
    return profile.startsWith('x402-rs-fork') || check === 'decode' ? "in its decoder's words" : 'without an answer: it throws'
  return details === null ? code : `${code}: ${details}`
}

/** Those with one code behind each other: "a, b (code); c (code)". */
function grouped(answers: readonly Answer[], codeFor: (answer: Answer) => string): string {
  const codes = new Map<string, Answer[]>()
  for (const answer of answers) codes.set(codeFor(answer), [...(codes.get(codeFor(answer)) ?? []), answer])
  return [...codes].map(([code, those]) => (code === '' ? names(those) : `${names(those)} (${code})`)).join('; ')
}

const names = (answers: readonly Answer[]): string => answers.map(({ name }) => name).join(', ')
