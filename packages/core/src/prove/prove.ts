import type { Finding } from '../causes/finding.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'

/**
 * A payment on a chain of our own, as its family makes it ready. A `Change` is one thing that is otherwise than with the payment as it is; a `Run` is what
 * came of one replay.
 */
export interface Trial<Change, Run> {
  /**
   * Replays the payment with these changes made, and without any as it is.
   * @throws Eip3009Error `unsupported-input` or `invalid-argument` for what this chain can't be given.
   */
  replay(changes: readonly Change[]): Promise<Run>
  settles(run: Run): boolean
  /** What a refused run itself hints at and no check can see. Whether it is so, only the counterfactual tells. */
  suspects(asIs: Run): readonly Finding[]
  /** What takes a finding away; undefined, or nothing, where no replay of this payment can show it. */
  undo(finding: Finding): readonly Change[] | undefined
  /** The same for two changes that do the same. */
  keyOf(change: Change): string
}

/** What replaying showed. */
export interface Shown<Run> {
  /** Every replay that was made, in their order: first the payment as it is. */
  readonly runs: readonly Run[]
  readonly asIs: Run
  /** The payment with everything undone that a replay can undo; undefined where that is nothing, or the chain can't be given all of it. */
  readonly withFix: Run | undefined
  /**
   * What became of each finding that a replay can show, where undoing all of them settles the payment. `proven`: with it in force the payment is refused and
   * without it it settles. `withdrawn`: left in, it changes nothing.
   */
  readonly verdicts: ReadonlyMap<Finding, 'proven' | 'withdrawn'>
  /** What the run of the payment as it is hinted at, beside the errors that were given. */
  readonly suspected: readonly Finding[]
}

/**
 * Replays the payment as it is, then with everything undone that the errors predict, then leaves one error after the other in. What can be left in without
 * harm is withdrawn, and what is left is a smallest set of errors that turns the refusal into a settlement: each of them is proven. `errors` are ranked, the
 * one that stops the payment first at the front. At most two replays more than there are errors and suspects are made.
 *
 * What is left in is a finding and not one of its changes, since a finding is what is claimed: of two changes that only together undo it neither is half a
 * cause, and a change that another finding needs alone must not prove both. But leaving a finding in is to leave out whatever it asks for, also where another
 * one asks for the same: two findings that the same change undoes are two names of one trouble, and no replay tells which is the better one.
 *
 * It goes from the back of the ranking, so that of two that would each do alone the one that explains more stays. What the replay itself hinted at is the
 * last to go: it is seen at work, and not only predicted.
 */
export async function prove<Change, Run>(trial: Trial<Change, Run>, errors: readonly Finding[]): Promise<Shown<Run>> {
  const runs: Run[] = []
  const replay = async (changes: readonly Change[]): Promise<Run> => {
    const made = await trial.replay(changes)
    runs.push(made)
    return made
  }
  const asIs = await replay([])
  const none = { runs, asIs, withFix: undefined, verdicts: new Map(), suspected: [] }
  if (trial.settles(asIs)) return none

  const suspected = trial.suspects(asIs).filter(({ cause }) => !errors.some((error) => error.cause === cause))
  const able = [...suspected, ...errors].flatMap((finding) => {
    const changes = new Map((trial.undo(finding) ?? []).map((change) => [trial.keyOf(change), change]))
    return changes.size === 0 ? [] : [{ finding, changes }]
  })
  if (able.length === 0) return { ...none, suspected }
  const all = new Map(able.flatMap(({ changes }) => [...changes]))
  const withFix = await attempt(() => replay([...all.values()]))
  if (withFix === undefined || !trial.settles(withFix)) return { ...none, withFix, suspected }

  // The same changes twice are one run, and without any it is the payment as it is. All of them are never tried again: each asks for some.
  const known = new Map([[keysOf(new Map()), false]])
  const settlesWith = async (changes: ReadonlyMap<string, Change>): Promise<boolean> => {
    const key = keysOf(changes)
    const before = known.get(key)
    if (before !== undefined) return before
    const made = await attempt(() => replay([...changes.values()]))
    const settles = made !== undefined && trial.settles(made)
    known.set(key, settles)
    return settles
  }

  let needed = able
  for (const each of [...able].reverse()) {
    const rest = needed.filter((other) => other !== each)
    const without = new Map(rest.flatMap(({ changes }) => [...changes].filter(([key]) => !each.changes.has(key))))
    if (await settlesWith(without)) needed = rest
  }
  const verdicts = new Map(able.map((each) => [each.finding, needed.includes(each) ? 'proven' : 'withdrawn'] as const))
  return { runs, asIs, withFix, verdicts, suspected }
}

function keysOf(changes: ReadonlyMap<string, unknown>): string {
  return JSON.stringify([...changes.keys()])
}

/** What this chain can't be given is no answer of it. */
async function attempt<Run>(replay: () => Promise<Run>): Promise<Run | undefined> {
  try {
    return await replay()
  } catch (error) {
    if (error instanceof Eip3009Error && (error.code === 'unsupported-input' || error.code === 'invalid-argument')) return undefined
    throw error
  }
}
