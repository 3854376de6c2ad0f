import type { Finding } from '@eip3009/core'
import type { SvmFacilitatorAnswer, SvmFacilitatorReport, SvmRefusal } from '@eip3009/core/solana'

/** Who refuses a payment on Solana with which code, who takes it, and who takes it and fails to settle it: labels with their text. */
export function facilitatorRows(
  { answers, refusals }: SvmFacilitatorReport,
  findings: readonly Pick<Finding, 'cause'>[],
): readonly (readonly [label: string, text: string])[] {
  // A name that nobody is known to be set up with: it is looked up before anything else is looked at.
  const named = !findings.some(({ cause }) => cause === 'network-unsupported')
  const refusing = answers.filter(({ verify }) => verify === 'refuses')
  const taking = answers.filter(({ verify }) => verify !== 'refuses')
  const unsettled = taking.filter(({ settle }) => settle !== null)
  const decided = taking.every(({ verify }) => verify === 'accepts')
  return [
    ...(refusing.length === 0 ? [] : [['Refused by', grouped(refusing, codeOf)] as const]),
    ...(taking.length === 0
      ? []
      : [
          [
            named ? 'Accepted by' : 'Would be accepted by',
            `${refusing.length === 0 ? 'all that are known' : names(taking)}${named ? '' : ', if they served a network of that name'}${decided ? '' : ', as long as their simulation succeeds'}`,
          ] as const,
        ]),
    ...(unsettled.length === 0 ? [] : [['Fails at settle', grouped(unsettled, ({ settle }) => settle ?? '')] as const]),
    // With one thing wrong the rows above have said it all; with several, each has refusers of its own.
    ...(refusals.length < 2
      ? []
      : refusals.map(
          (refusal, index) => [index === 0 ? 'Cause by cause' : '', `${refusal.cause}: ${forCause(refusal, answers)}`] as const,
        )),
  ]
}

function forCause({ refusedBy, acceptedBy }: SvmRefusal, answers: readonly SvmFacilitatorAnswer[]): string {
  const named = (profiles: readonly string[]): string => names(answers.filter(({ profile }) => profiles.includes(profile)))
  if (refusedBy.length === 0) return 'refused by nobody that is known'
  const refusing = `refused by ${named(refusedBy.map(({ profile }) => profile))}`
  return acceptedBy.length === 0 ? refusing : `${refusing}; taken by ${named(acceptedBy)}`
}

function codeOf({ code, details, check, profile, specification }: SvmFacilitatorAnswer): string {
  if (specification) return ''
  // The fork passes on what its decoder says; elsewhere nothing is there to catch the error.
  if (code === null)
    return profile.startsWith('x402-rs-fork') || check === 'decode' ? "in its decoder's words" : 'without an answer: it throws'
  return details === null ? code : `${code}: ${details}`
}

/** Those with one code behind each other: "a, b (code); c (code)". */
function grouped(answers: readonly SvmFacilitatorAnswer[], codeFor: (answer: SvmFacilitatorAnswer) => string): string {
  const codes = new Map<string, SvmFacilitatorAnswer[]>()
  for (const answer of answers) codes.set(codeFor(answer), [...(codes.get(codeFor(answer)) ?? []), answer])
  return [...codes].map(([code, those]) => (code === '' ? names(those) : `${names(those)} (${code})`)).join('; ')
}

const names = (answers: readonly SvmFacilitatorAnswer[]): string => answers.map(({ name }) => name).join(', ')
