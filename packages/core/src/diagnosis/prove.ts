import type { CauseId } from '../causes/catalogue.ts'
import type { Finding, Proof } from '../causes/finding.ts'
import { believed, ifKnown, simulationAt, walletAccepts } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { windowOf } from '../evidence/moment.ts'
import {
  delegationTo,
  describeIntervention,
  type Intervention,
  type ReplayChain,
  type ReplayOutcome,
  walletCode,
} from '../evidence/replay.ts'
import type { Payment } from '../payment/payment.ts'
import { type Authorization, authorizationFields } from '../typed-data/authorization.ts'
import type { Explanation, ReplayRun } from './diagnosis.ts'

/** What replaying showed. */
export interface ReplayReport {
  readonly chain: string
  readonly runs: readonly ReplayRun[]
  /** The payment as it is, at the judged second. */
  readonly asIs: ReplayOutcome
  /** Whether the payment settles with the findings' interventions in force; undefined when none of the errors has one. */
  readonly withFix: ReplayOutcome | undefined
  readonly proof: Proof | undefined
  readonly explanations: readonly Explanation[]
}

/** State that was read from a chain, put into the replay; `causes` are the findings that it makes, so that taking it away undoes them. */
interface Circumstance {
  readonly intervention: Intervention
  readonly causes: readonly CauseId[]
}

/** One thing that differs between the payment as it is and the payment with its findings undone. */
type Change =
  | { readonly kind: 'add'; readonly intervention: Intervention }
  | { readonly kind: 'remove'; readonly circumstance: Circumstance }

/**
 * Replays the payment as it is, under the state that was read from the chain where one was, then with what the errors predict undone. The errors
 * are proven when the token refuses the payment as it is, takes it with all of them undone, and refuses it again when any one of them is left in.
 */
export async function prove(chain: ReplayChain, payment: Payment, evidence: Evidence, errors: readonly Finding[]): Promise<ReplayReport> {
  const at = evidence.moment.time
  const runs: ReplayRun[] = []
  const run = async (interventions: readonly Intervention[]): Promise<ReplayOutcome> => {
    const outcome = await chain.replay(payment, { at, interventions })
    runs.push(toRun(outcome))
    return outcome
  }

  const circumstances = circumstancesOf(payment, evidence)
  const under = (changes: readonly Change[]): Promise<ReplayOutcome> =>
    run(
      circumstances
        .filter((each) => !changes.some((change) => change.kind === 'remove' && change.circumstance === each))
        .map(({ intervention }) => intervention)
        .concat(added(changes)),
    )

  const asIs = await under([])
  const undoing = errors.map((finding) => changesFor(finding, circumstances, payment, evidence))
  if (asIs.status === 'settled') {
    const explanations = errors.length === 0 ? await explain(evidence, run) : []
    return { chain: chain.description, runs, asIs, withFix: undefined, proof: errors.length === 0 ? 'proven' : undefined, explanations }
  }
  const changes = distinct(undoing.flatMap((each) => each ?? []))
  if (changes.length === 0) return { chain: chain.description, runs, asIs, withFix: undefined, proof: undefined, explanations: [] }

  const withFix = await under(changes)
  let needed = withFix.status === 'settled' && undoing.every((each) => each !== undefined)
  if (needed && changes.length > 1) {
    for (const left of changes) {
      const rest = changes.filter((each) => each !== left)
      if (!canBeSent(added(rest), payment)) continue
      const without = await under(rest)
      if (without.status === 'settled') needed = false
    }
  }
  return { chain: chain.description, runs, asIs, withFix, proof: needed ? 'proven' : undefined, explanations: [] }
}

function added(changes: readonly Change[]): Intervention[] {
  return changes.flatMap((change) => (change.kind === 'add' ? [change.intervention] : []))
}

/** What the chain has that a chain of our own has not: only state of the moment that is judged. */
function circumstancesOf({ authorization }: Payment, { chains = [], signature }: Evidence): Circumstance[] {
  const state = believed(chains)
  if (state === undefined || state.instead !== undefined) return []
  const { payer, payee, token, nonce } = state
  const { from, to, value } = authorization
  const used = ifKnown(nonce.used) === true
  const out: Circumstance[] = []
  const add = (intervention: Intervention, ...causes: readonly CauseId[]): void => {
    out.push({ intervention, causes })
  }
  if (ifKnown(token.paused) === true) add({ kind: 'paused' }, 'paused')
  if (ifKnown(payer.blacklisted) === true) add({ kind: 'blacklist', address: from }, 'blacklisted')
  if (ifKnown(payee.blacklisted) === true) add({ kind: 'blacklist', address: to }, 'blacklisted')
  if (used) add({ kind: 'nonce-used' }, 'authorization-used', 'authorization-canceled', 'executed-by-third-party')
  const balance = ifKnown(payer.balance)
  if (typeof balance === 'bigint' && balance < value && !used) add({ kind: 'balance', value: balance }, 'insufficient-balance')
  const code = ifKnown(payer.code)
  const accepts = walletAccepts(state, signature.digest)
  if (code === undefined || code.kind === 'none' || accepts === undefined) return out
  // A token that never asks the account takes what the account would refuse.
  if (!accepts && simulationAt(state, authorization) === 'succeeds') return out
  // The account's own code needs its own storage: what stands in for it answers as it answered.
  const answers = accepts ? walletCode.accepts : walletCode.refuses
  if (code.kind === 'contract') add({ kind: 'payer-code', code: answers }, 'smart-wallet-signature')
  else add({ kind: 'payer-code', code: delegationTo(code.delegate), delegateCode: answers }, 'eip7702-payer', 'smart-wallet-signature')
  return out
}

/** What takes a finding away: state that the chain has, or a change to the call; undefined where no replay can show it. */
function changesFor(finding: Finding, circumstances: readonly Circumstance[], payment: Payment, evidence: Evidence): Change[] | undefined {
  const removable = circumstances.filter(({ causes }) => causes.includes(finding.cause))
  // Of a smart wallet no key's signature would do instead.
  if (removable.length > 0)
    return finding.cause === 'smart-wallet-signature' ? undefined : removable.map((circumstance) => ({ kind: 'remove', circumstance }))
  return undo(finding, payment, evidence)?.map((intervention) => ({ kind: 'add', intervention }))
}

function toRun(outcome: ReplayOutcome): ReplayRun {
  const { at, interventions, status, gasUsed, signatureCheck } = outcome
  return {
    interventions: interventions.map(describeIntervention),
    at: String(at),
    outcome: status,
    revert: revertOf(outcome) ?? null,
    gasUsed: String(gasUsed),
    digest: signatureCheck?.digest ?? null,
    recovered: signatureCheck?.by === 'ecrecover' ? signatureCheck.recovered : null,
  }
}

/** What the token answered: its reason, or the data where there is none; undefined when the payment settled. */
export function revertOf(outcome: ReplayOutcome): string | undefined {
  return outcome.status === 'settled' ? undefined : (outcome.reason ?? outcome.data)
}

/** The change to the chain or the call that takes a finding away; undefined where no replay can show it. */
function undo({ cause }: Finding, payment: Payment, { signature }: Evidence): Intervention[] | undefined {
  const [match] = signature.matches
  const { opens, closes } = windowOf(payment.authorization)
  switch (cause) {
    case 'domain-name-mismatch':
    case 'domain-version-mismatch':
    case 'chain-id-mismatch':
    case 'verifying-contract-mismatch':
    case 'nonstandard-domain-layout':
    case 'domain-field-missing':
    case 'eip712domain-type-missing':
      return match === undefined ? undefined : [{ kind: 'token-separator', separator: match.separator }]
    case 'primary-type-mismatch':
      return match === undefined
        ? undefined
        : [
            {
              kind: 'function',
              function: match.primaryType === 'ReceiveWithAuthorization' ? 'receiveWithAuthorization' : 'transferWithAuthorization',
            },
          ]
    case 'v-0-or-1':
    case 'v-flipped':
    case 'high-s':
    case 'compact-eip2098':
    case 'signature-length':
    case 'signature-byte-order':
      return match === undefined ? undefined : [{ kind: 'signature', signature: match.signature }]
    case 'message-altered':
      return match === undefined
        ? undefined
        : [{ kind: 'authorization', fields: changedFields(payment.authorization, match.authorization) }]
    case 'not-yet-valid':
    case 'expired':
    case 'boundary-second':
      return opens <= closes ? [{ kind: 'time', at: closes }] : undefined
    default:
      return undefined
  }
}

/** The members that were signed with another value than the payload has. */
function changedFields(seen: Authorization, signed: Authorization): Partial<Authorization> {
  return Object.fromEntries(authorizationFields.filter((field) => seen[field] !== signed[field]).map((field) => [field, signed[field]]))
}

/**
 * The token whose separator can be set takes (v, r, s), so a signature of another length cannot even be handed to it. Leaving such a
 * signature in needs no run: the payment as it is already showed what the token says of the length.
 */
function canBeSent(interventions: readonly Intervention[], payment: Payment): boolean {
  const separator = interventions.some(({ kind }) => kind === 'token-separator')
  const signature = interventions.find((each) => each.kind === 'signature')?.signature ?? payment.signature
  return !separator || signature.length === 2 + 2 * 65
}

/** The same change asked for by two findings is made once. */
function distinct(changes: readonly Change[]): Change[] {
  const seen = new Set<string>()
  return changes.filter((each) => {
    const key =
      each.kind === 'add' ? describeIntervention(each.intervention) : `without: ${describeIntervention(each.circumstance.intervention)}`
    return !seen.has(key) && seen.add(key)
  })
}

const refused = 'FiatTokenV2: invalid signature'

/** Any address that nobody uses: what a delegation points to does not matter, its answer does. */
const someDelegate = '0x00000000000000000000000000000000000DE1E6'

/** Why a payment that is right can still have been answered with `invalid signature`, the likeliest first; what a chain rules out is left out. */
async function explain(
  { chains = [] }: Evidence,
  run: (interventions: readonly Intervention[]) => Promise<ReplayOutcome>,
): Promise<Explanation[]> {
  const state = believed(chains)
  const current = state?.instead === undefined ? state : undefined
  const noCode = current !== undefined && ifKnown(current.payer.code)?.kind === 'none'
  const samePending = current !== undefined && ifKnown(current.simulated.pending)?.outcome === 'succeeds'
  const altered: Explanation = {
    cause: 'message-altered',
    party: 'facilitator',
    says: 'the calldata that was submitted differs from this payload',
    revert: refused,
    shown: false,
    check: 'diagnose the calldata or the raw transaction that the facilitator sent',
  }
  const pending: Explanation = {
    cause: 'pending-block-estimate',
    party: 'rpc',
    says: 'the facilitator estimated gas on the pending block',
    revert: refused,
    shown: false,
    check: 'repeat the facilitator’s eth_estimateGas with the tag latest',
  }
  const others = samePending ? [altered] : [pending, altered]
  if (noCode) return others
  const delegated = await run([{ kind: 'payer-code', code: delegationTo(someDelegate), delegateCode: walletCode.refuses }])
  return [
    {
      cause: 'eip7702-payer',
      party: 'wallet',
      says: 'the payer’s account has code (an EIP-7702 delegation or a smart wallet), so the token asks the code instead of checking the signature',
      revert: refused,
      shown: revertOf(delegated) === refused,
      check: 'eth_getCode of the payer: 0xef0100… is a delegation',
    },
    ...others,
  ]
}
