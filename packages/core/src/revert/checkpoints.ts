import { remembering } from '../bytes/remembering.ts'
import type { CauseId } from '../causes/catalogue.ts'
import { callsOf, checksOf, familiesNamed, formChecks, type ModelledCall, sayWords } from '../tokens/ask-model.ts'
import type { AuthorizationFunction, CheckName, Overload } from '../tokens/model.ts'
import { type TokenFamily, tokenFamilies } from '../tokens/models.ts'
import { failed, passed } from './check-causes.ts'

/** Which token, call and payer a revert came from, as far as it is known. */
export interface CheckpointContext {
  /** A family's id, or free text that names one. */
  readonly standard?: string
  readonly function?: AuthorizationFunction
  readonly overload?: Overload
  /** Whether the payer's account has code, an EIP-7702 delegation included. */
  readonly payerHasCode?: boolean
}

/** The families that the token can be of; all of them where nothing that is known was said. */
export function possibleFamilies({ standard }: Pick<CheckpointContext, 'standard'>): readonly TokenFamily[] {
  const named = standard === undefined ? [] : familiesNamed(standard)
  return named.length === 0 ? tokenFamilies : named
}

/**
 * The causes that a revert at `check` rules out, because the token had passed the checks before it. What is not known (family, function, overload,
 * whether the payer has code) is not assumed: only what holds in every remaining case is ruled out.
 */
export function ruledOutAt(
  check: CheckName,
  candidates: readonly TokenFamily[] = tokenFamilies,
  context: CheckpointContext = {},
): readonly CauseId[] {
  return ruledOut(check, candidates, context)
}

/** A token answers few things, and often: each is worked out once. */
const ruledOut = /* @__PURE__ */ remembering(
  64,
  (check: CheckName, candidates: readonly TokenFamily[], context: CheckpointContext) =>
    JSON.stringify([check, candidates, context.standard, context.function, context.overload, context.payerHasCode]),
  workOut,
)

function workOut(check: CheckName, candidates: readonly TokenFamily[], context: CheckpointContext): readonly CauseId[] {
  const possible = possibleFamilies(context)
  const cases = candidates
    .filter((family) => possible.includes(family))
    .flatMap((family) => callsOf(family, context))
    .flatMap((call) => ruledOutIn(call, check, context) ?? [])
  const [first, ...rest] = cases
  return first === undefined ? [] : [...first].filter((cause) => rest.every((other) => other.has(cause)))
}

/** Undefined when this call never reverts for the check. */
function ruledOutIn({ call }: ModelledCall, check: CheckName, { payerHasCode }: CheckpointContext): ReadonlySet<CauseId> | undefined {
  const checks = checksOf(call, payerHasCode)
  if (!checks.includes(check)) return undefined
  const words = call.words[check]
  if (words !== undefined && 'returns' in words) return undefined
  // One answer to several checks is the first of them, for all that is known.
  const said = sayWords(words)
  const reached = said === undefined ? checks.indexOf(check) : checks.findIndex((each) => sayWords(call.words[each]) === said)
  const answered = said === undefined ? [check] : checks.filter((each) => sayWords(call.words[each]) === said)
  const out = new Set<CauseId>(['asset-has-no-code', 'token-without-eip3009'])
  const before = checks.slice(0, reached)
  const atForm = answered.every((each) => formChecks.has(each))
  for (const name of before) {
    // A payer that may have code may have skipped the checks of the signature's form.
    const skippable = call.payerCode !== 'never' && formChecks.has(name) && payerHasCode === undefined && !atForm
    if (!skippable) for (const cause of passed[name]) out.add(cause)
  }
  if (before.includes('after') && before.includes('before')) out.add('window-inverted')
  // What a check that is still to come can mean, too, is not settled by one that was passed: either list by itself is no proof of the other.
  for (const name of checks.slice(reached)) if (!formChecks.has(name)) for (const cause of failed[name]) out.delete(cause)
  // Only a payer without code is recovered: the account is not a contract and not delegated.
  if (atForm && call.payerCode === 'instead') for (const cause of ['eip7702-payer', 'smart-wallet-signature'] as const) out.add(cause)
  // ecrecover never looks at code, and who asks it only after a key takes the payer's own key first.
  if (call.payerCode !== 'instead' && (answered.includes('signature') || atForm)) out.add('eip7702-payer')
  // No wallet was called that could have run out of gas unheard.
  if (answered.includes('signature') && (call.payerCode === 'never' || payerHasCode === false)) out.add('facilitator-gas-limit')
  return out
}
