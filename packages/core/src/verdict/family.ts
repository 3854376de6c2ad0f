import type { FamilyId } from '../causes/catalogue.ts'
import type { Finding } from '../causes/finding.ts'
import { type Check, type CheckMade, findingsOf, type NotMade, runChecks } from '../evidence/check.ts'
import type { ContradictionTrunk, DiagnosisTrunk } from './diagnosis.ts'
import { takeTurn } from './take-turn.ts'

/** What a family calls its things. */
export interface Kinds {
  readonly payment: unknown
  readonly options: unknown
  readonly evidence: unknown
  /** What was opened while it was asked, for the replay. */
  readonly world: AsyncDisposable | undefined
  readonly checkId: string
  readonly contradiction: ContradictionTrunk
  /** What replaying showed, with every outcome as whole as the chain answered it. */
  readonly replay: object
  readonly answer: DiagnosisTrunk
}

/** What was found before anything was replayed: ranked, and what of the evidence excludes each other. */
export interface Found<K extends Kinds> {
  readonly findings: readonly Finding[]
  readonly contradictions: readonly K['contradiction'][]
}

/** Everything that a diagnosis rests on, as it was read, computed and run; the answer is a pure function of it. */
export interface Examination<K extends Kinds> {
  readonly payment: K['payment']
  readonly evidence: K['evidence']
  /** Every check that was made, once, by groups. */
  readonly made: readonly (readonly CheckMade<K['checkId']>[])[]
  readonly found: Found<K>
  readonly replay: K['replay'] | NotMade
}

/** A family of chains: how its payments are asked about, checked, replayed and answered. Only `ask` and `replay` wait for anything. */
export interface Family<K extends Kinds> {
  readonly id: FamilyId
  /** Reads all that the checks look at. The payment comes back with what was learnt of it, such as which network it is for. */
  ask(
    payment: K['payment'],
    options: K['options'],
  ): Promise<{ readonly payment: K['payment']; readonly evidence: K['evidence']; readonly world: K['world'] }>
  /** The checks that this payment gets, in groups, between which others have a turn. */
  checks(payment: K['payment'], evidence: K['evidence']): readonly (readonly Check<K['payment'], K['evidence'], K['checkId']>[])[]
  /** Makes one ranked list of what the checks found and the payment says of itself: what says the same twice, or excludes each other, is settled. */
  sift(payment: K['payment'], evidence: K['evidence'], found: readonly Finding[]): Found<K>
  /** Opens a chain, undoes the errors on it and proves what it can; says why where there is nothing to replay. */
  replay(
    payment: K['payment'],
    evidence: K['evidence'],
    found: Found<K>,
    options: K['options'],
    world: K['world'],
  ): Promise<K['replay'] | NotMade>
  answer(examination: Examination<K>): K['answer']
}

/** Asks, checks and replays: whatever a diagnosis rests on, whole. */
export async function examine<K extends Kinds>(family: Family<K>, given: K['payment'], options: K['options']): Promise<Examination<K>> {
  const { payment, evidence, world } = await family.ask(given, options)
  try {
    const made: CheckMade<K['checkId']>[][] = []
    for (const checks of family.checks(payment, evidence)) {
      // A group is a few milliseconds, and many where it runs for the first time.
      await takeTurn()
      made.push(runChecks(checks, payment, evidence))
    }
    const found = family.sift(payment, evidence, findingsOf(made.flat()))
    const replay = await family.replay(payment, evidence, found, options, world)
    await takeTurn()
    return { payment, evidence, made, found, replay }
  } catch (error) {
    await world?.[Symbol.asyncDispose]()
    throw error
  }
}

export function errorsIn(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity }) => severity === 'error')
}
