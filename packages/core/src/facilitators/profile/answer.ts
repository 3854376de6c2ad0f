import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import type { Knowledge, Profile } from './profile.ts'

/** What a check makes of a payment: passed, failed with what it found (a word of the code, mostly empty), or not to be told from here. */
export type CheckResult = { readonly state: 'passed' | 'unknown' } | { readonly state: 'failed'; readonly found: string }

export const passed = { state: 'passed' } as const
export const unknown = { state: 'unknown' } as const
export const failed = (found = ''): CheckResult => ({ state: 'failed', found })
export const failedIf = (is: boolean, found = ''): CheckResult => (is ? failed(found) : passed)

/** A check that refuses, with its code; null where it has none (the specification, a crash, free text). */
export interface Refusing<Check extends string> {
  readonly check: Check
  readonly code: string | null
}

/** What one implementation would answer to `/verify`, and what becomes of it at `/settle` where that differs. JSON-safe. */
export interface Answer<Check extends string> {
  /** The profile's id: `x402-svm-2.27`. */
  readonly profile: string
  readonly name: string
  /** Whether it is the specification in one of its forms, which answers nobody. */
  readonly specification: boolean
  readonly known: Knowledge
  /** `depends` where nothing refuses, and something that could was not read. */
  readonly verify: 'accepts' | 'refuses' | 'depends'
  /** The first check that refuses, its code, and what it says beside it. Null, all three, where several refuse and nobody published which is first. */
  readonly check: Check | null
  readonly code: string | null
  readonly details: string | null
  /** Everything else that it would refuse for, in its order, each with its code. */
  readonly also: readonly Refusing<Check>[]
  /** What it looks at before, or at all where nothing refuses, and nobody here could tell. */
  readonly unread: readonly Check[]
  /** The code of `/settle` where that is another one than of `/verify`; null where it is the same, or none. */
  readonly settle: string | null
}

/** Runs a profile's checks in its order. `settle` is asked with the check that refuses first, null where none does. */
export function answerOf<Check extends string>(
  { id, name, family, known, checks }: Profile<Check, unknown>,
  judge: (check: Check) => CheckResult,
  settle: (first: Check | null) => string | null,
): Answer<Check> {
  const results = checks.map(([check, code, details]) => ({ check, code, details, result: judge(check) }))
  const refusals = results.flatMap(({ check, code, details, result }, place) =>
    result.state === 'failed'
      ? [{ place, check, code: filled(code, result.found), details: details === undefined ? null : filled(details, result.found) }]
      : [],
  )
  const unordered = known === 'published' && refusals.length > 1
  const first = unordered ? undefined : refusals[0]
  const rest = unordered ? refusals : refusals.slice(1)
  const before = unordered ? undefined : first?.place
  const later = settle(refusals[0]?.check ?? null)
  const unread = results.slice(0, before).flatMap(({ check, result }) => (result.state === 'unknown' ? [check] : []))
  return {
    profile: id,
    name,
    specification: family === null,
    known,
    verify: refusals.length > 0 ? 'refuses' : unread.length > 0 ? 'depends' : 'accepts',
    check: first?.check ?? null,
    code: first?.code ?? null,
    details: first?.details ?? null,
    also: rest.map(({ check, code }) => ({ check, code })),
    unread,
    settle: later === first?.code ? null : later,
  }
}

function filled(text: string, found: string): string | null {
  return text === '' ? null : text.replace('{}', found)
}

/** Who refuses a payment for one cause, and who does not look; in neither is who looks at something that nobody read. Profiles by their ids. */
export interface Refusal {
  readonly cause: CauseId
  readonly refusedBy: readonly { readonly profile: string; readonly code: string | null }[]
  readonly acceptedBy: readonly string[]
}

/** For each cause that is an error or a warning: who refuses a payment for it, with which code, and who takes it. `finders` are the checks that see a cause. */
export function refusalsOf<Check extends string>(
  answers: readonly Answer<Check>[],
  findings: readonly Finding[],
  finders: (cause: CauseId) => readonly Check[],
): readonly Refusal[] {
  const causes = [...new Set(findings.filter(({ severity }) => severity !== 'info').map(({ cause }) => cause))]
  return causes.map((cause) => {
    const checks = finders(cause)
    const judged = answers.map(({ profile, check, code, also, unread }) => ({
      profile,
      open: unread.some((each) => checks.includes(each)),
      found: [...(check === null ? [] : [{ check, code }]), ...also].find((each) => checks.includes(each.check)),
    }))
    return {
      cause,
      refusedBy: judged.flatMap(({ profile, found }) => (found === undefined ? [] : [{ profile, code: found.code }])),
      acceptedBy: judged.flatMap(({ profile, found, open }) => (found === undefined && !open ? [profile] : [])),
    }
  })
}

/** Both together, as a diagnosis has them. */
export interface FacilitatorReport<Check extends string> {
  readonly answers: readonly Answer<Check>[]
  readonly refusals: readonly Refusal[]
}
