import { sameAddress } from '../../bytes/address.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { ifKnown } from '../../evidence/known.ts'
import { callsOf, wordsFor } from '../../tokens/ask-model.ts'
import type { AuthorizationFunction } from '../../tokens/model.ts'
import type { Explanation } from '../../verdict/diagnosis.ts'
import { believed, simulationAt, walletAccepts } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { windowOf } from '../evidence/moment.ts'
import { familyOf, familyThatRuns, revertOf, saidChecks, tokenSays } from '../evidence/outcome-words.ts'
import {
  delegationTo,
  describeIntervention,
  type Intervention,
  type ReplayChain,
  type ReplayCode,
  type ReplayOutcome,
  walletCode,
} from '../evidence/replay.ts'
import { ampleGas, isShort } from '../evidence/settlement-gas.ts'
import { firstFrame } from '../evidence/signature-check.ts'
import type { Payment } from '../payment/payment.ts'
import { type Authorization, authorizationFields } from '../typed-data/authorization.ts'
import type { ReplayRun } from './diagnosis.ts'

/** What replaying showed. */
export interface ReplayReport {
  readonly chain: string
  readonly code: ReplayCode
  /** Whether the chain has the token's own code and state. */
  readonly own: boolean
  readonly runs: readonly ReplayRun[]
  /** The payment as it is, at the judged second. */
  readonly asIs: ReplayOutcome
  /** Whether the payment settles with the findings' interventions in force; undefined when none of the errors has one. */
  readonly withFix: ReplayOutcome | undefined
  /** What became of each error that a replay can show: with its causes in force the token refuses and without them it does not, or it does anyway. */
  readonly proofs: ReadonlyMap<Finding, 'proven' | 'withdrawn'>
  /** Errors whose cause the chain was given, because an RPC said so: that it is so, the replay does not show. */
  readonly told: ReadonlySet<Finding>
  /** Errors that only a replay can show: each is proven, and among `proofs`. */
  readonly found: readonly Finding[]
  readonly explanations: readonly Explanation[]
}

/**
 * State that was read from a chain: put into a replay that has none of its own, and lifted in one that has. `causes` are the findings that it
 * makes, so that taking it away undoes them.
 */
interface Circumstance {
  readonly intervention: Intervention
  readonly lift: Intervention
  /** Also where the chain has its own state, since gas is free on every chain of ours. */
  readonly always?: true
  readonly causes: readonly CauseId[]
}

/** One thing that differs between the payment as it is and the payment with its findings undone. */
type Change =
  | { readonly kind: 'add'; readonly intervention: Intervention }
  | { readonly kind: 'remove'; readonly circumstance: Circumstance }

/**
 * Replays the payment as it is, then with everything undone that the errors predict, then with as little of that undone as still lets it settle.
 * An error is proven when something of what undoes it is in that smallest set: left in, the token refuses the payment, and undone, it takes it. An
 * error whose undoing changes nothing is withdrawn. Whether the chain has the trouble itself or has to be given it, only `state` tells.
 */
export async function prove(
  chain: ReplayChain,
  payment: Payment,
  evidence: Evidence,
  errors: readonly Finding[],
  /** Causes that other evidence excludes: a chain of our own is not given what an RPC said of them. */
  contradicted: readonly CauseId[] = [],
): Promise<ReplayReport> {
  const at = evidence.moment.time
  const runs: ReplayRun[] = []
  const run = async (interventions: readonly Intervention[], without: readonly Intervention[] = []): Promise<ReplayOutcome> => {
    const outcome = await chain.replay(payment, { at, interventions })
    runs.push(toRun(outcome, chain.code, without))
    return outcome
  }

  const circumstances = circumstancesOf(payment, evidence).filter(({ causes }) => !causes.some((cause) => contradicted.includes(cause)))
  const under = (changes: readonly Change[]): Promise<ReplayOutcome> => {
    const { interventions, without } = interventionsFor(changes, circumstances, chain.state ?? 'assumed')
    return run(interventions, without)
  }

  const asIs = await under([])
  const suspected = suspects(chain, asIs, payment.call?.transaction?.gasLimit).filter(
    ({ cause }) => !errors.some((error) => error.cause === cause),
  )
  const all = [...errors, ...suspected]
  const undoing = new Map(all.map((finding) => [finding, changesFor(finding, circumstances, payment, evidence, chain.state)] as const))
  const isGiven = (change: Change): boolean => change.kind === 'remove' && (chain.state !== 'own' || change.circumstance.always === true)
  const told = new Set(all.filter((finding) => undoing.get(finding)?.some(isGiven) === true))
  const none = {
    chain: chain.description,
    code: chain.code,
    own: chain.state === 'own',
    runs,
    asIs,
    withFix: undefined,
    proofs: new Map(),
    told,
    found: [],
    explanations: [],
  }
  if (asIs.status === 'settled') {
    return errors.length === 0 ? { ...none, explanations: await explain(chain.code, calledBy(payment), evidence, run) } : none
  }
  const changes = distinct([...undoing.values()].flatMap((each) => each ?? []))
  if (changes.length === 0) return none

  const withFix = await attempt(() => under(changes))
  if (withFix?.status !== 'settled') return { ...none, withFix }
  const smallest = await shrink(changes, async (rest) => {
    // Without any change it is the payment as it is, which was refused.
    if (rest.length === 0 || !canBeSent(added(rest), payment)) return false
    return (await attempt(() => under(rest)))?.status === 'settled'
  })
  const needed = new Set(smallest.map(keyOf))
  const proofs = verdicts(undoing, (each) => needed.has(keyOf(each)))
  const found = suspected.filter((finding) => proofs.get(finding) === 'proven')
  return { ...none, withFix, proofs, found }
}

/** What a refused replay itself hints at. Whether it is so, only the counterfactual tells. */
function suspects({ earlier, description, code }: ReplayChain, asIs: ReplayOutcome, gasLimit: bigint | undefined): Finding[] {
  if (asIs.status === 'settled') return []
  const answered = revertOf(asIs) ?? ''
  const out: Finding[] = []
  const ranOut = asIs.trace !== undefined && firstFrame(asIs.trace, ({ error = '' }) => /out ?of ?gas/i.test(error)) !== undefined
  // A call keeps a 64th of its gas from what it calls (EIP-150), so that behind a proxy a transaction that runs out has some left.
  if (ranOut || (gasLimit !== undefined && asIs.gasUsed * 100n > gasLimit * 95n)) {
    out.push({
      cause: 'facilitator-gas-limit',
      party: 'facilitator',
      severity: 'error',
      field: 'transaction.gas',
      seen: gasLimit === undefined ? `it ran out of gas after ${asIs.gasUsed}` : String(gasLimit),
      expected: 'enough gas for the transfer and the check of the signature',
      summary: `The transaction ran out of gas: ${gasLimit === undefined ? `it used ${asIs.gasUsed}` : `its limit is ${gasLimit}`}, and with more the same payment settles.`,
      evidence: [{ source: 'replay', says: `sent with ${ampleGas} gas it settles on the ${description}` }],
      fix: 'send the same payment again with a higher gas limit; estimate it, and add a margin for payers with code',
    })
  }
  if (earlier !== 'pending') return out
  const evidence: Finding['evidence'] = [
    { source: 'replay', says: `on the ${description} the token answers ${quote(answered)}; without what waits there it settles` },
  ]
  const isUse = saidChecks(familyThatRuns(code), asIs).some((check) => check === 'unused' || check === 'in-sequence')
  out.push(
    isUse
      ? {
          cause: 'settlement-unconfirmed',
          party: 'facilitator',
          severity: 'error',
          field: 'authorization.nonce',
          seen: answered,
          summary: 'A transaction that waits in the pending block uses this nonce: it is being settled now.',
          evidence,
          fix: 'wait for the next block, then read the nonce again',
        }
      : {
          cause: 'pending-block-estimate',
          party: 'rpc',
          severity: 'error',
          field: 'rpc',
          seen: answered,
          expected: 'settles, as on latest',
          summary: `The payment settles on the newest block and is refused on the pending one with ${quote(answered)}: a facilitator that estimates gas on pending refuses it.`,
          evidence,
          fix: 'estimate gas on the tag latest, then send the same payment',
        },
  )
  return out
}

/** As few of these as still do: each is left out once, and stays out where that makes no difference. */
async function shrink<T>(all: readonly T[], stillDoes: (rest: readonly T[]) => Promise<boolean>): Promise<readonly T[]> {
  let kept = all
  for (const each of all) {
    const rest = kept.filter((other) => other !== each)
    if (await stillDoes(rest)) kept = rest
  }
  return kept
}

function verdicts(
  undoing: ReadonlyMap<Finding, readonly Change[] | undefined>,
  isNeeded: (change: Change) => boolean,
): ReplayReport['proofs'] {
  const out = new Map<Finding, 'proven' | 'withdrawn'>()
  for (const [finding, changes] of undoing) {
    // A finding that no replay can show stays what it was.
    if (changes !== undefined && changes.length > 0) out.set(finding, changes.some(isNeeded) ? 'proven' : 'withdrawn')
  }
  return out
}

/** What this chain can't be given is no answer of the token. */
async function attempt(replay: () => Promise<ReplayOutcome>): Promise<ReplayOutcome | undefined> {
  try {
    return await replay()
  } catch (error) {
    if (error instanceof Eip3009Error && (error.code === 'unsupported-input' || error.code === 'invalid-argument')) return undefined
    throw error
  }
}

function interventionsFor(
  changes: readonly Change[],
  circumstances: readonly Circumstance[],
  state: 'assumed' | 'own',
): { readonly interventions: readonly Intervention[]; readonly without: readonly Intervention[] } {
  const removed = new Set(changes.flatMap((change) => (change.kind === 'remove' ? [change.circumstance] : [])))
  const isSet = (each: Circumstance): boolean => state === 'assumed' || each.always === true
  const surroundings = circumstances.flatMap((each) => {
    if (removed.has(each)) return isSet(each) ? [] : [each.lift]
    return isSet(each) ? [each.intervention] : []
  })
  const without = circumstances.flatMap((each) => (removed.has(each) && isSet(each) ? [each.intervention] : []))
  return { interventions: [...surroundings, ...added(changes)], without }
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
  const add = (intervention: Intervention, lift: Intervention, ...causes: readonly CauseId[]): void => {
    out.push({ intervention, lift, causes })
  }
  if (ifKnown(token.paused) === true) add({ kind: 'paused' }, { kind: 'unpaused' }, 'paused')
  for (const [address, fact] of [
    [from, payer.blacklisted],
    [to, payee.blacklisted],
  ] as const) {
    if (ifKnown(fact) === true) add({ kind: 'blacklist', address }, { kind: 'blacklist-lifted', address }, 'blacklisted')
  }
  if (used)
    add(
      { kind: 'nonce-used' },
      { kind: 'nonce-free' },
      'authorization-used',
      'authorization-canceled',
      'executed-by-third-party',
      'nonce-reused',
    )
  const balance = ifKnown(payer.balance)
  if (typeof balance === 'bigint' && balance < value && !used)
    add({ kind: 'balance', value: balance }, { kind: 'balance', value }, 'insufficient-balance')
  const facilitator = state.facilitator
  const [native, gasPrice] = facilitator === null ? [] : [ifKnown(facilitator.native), ifKnown(facilitator.gasPrice)]
  if (native !== undefined && gasPrice !== undefined && isShort(native, gasPrice)) {
    const poor: Intervention = { kind: 'relayer-funds', wei: native, gasPrice: gasPrice === 0n ? 1n : gasPrice }
    out.push({ intervention: poor, lift: { ...poor, wei: 10n ** 20n }, always: true, causes: ['facilitator-out-of-gas-money'] })
  }
  const code = ifKnown(payer.code)
  const accepts = walletAccepts(state, signature.digest)
  if (code === undefined || code.kind === 'none' || accepts === undefined) return out
  // A token that never asks the account takes what the account would refuse.
  if (!accepts && simulationAt(state, authorization) === 'succeeds') return out
  // The account's own code needs its own storage: what stands in for it answers as it answered.
  const answers = accepts ? walletCode.accepts : walletCode.refuses
  const cleared: Intervention = { kind: 'payer-code', code: '0x' }
  if (code.kind === 'contract') add({ kind: 'payer-code', code: answers }, cleared, 'smart-wallet-signature')
  else {
    const delegated: Intervention = { kind: 'payer-code', code: delegationTo(code.delegate), delegateCode: answers }
    add(delegated, cleared, 'eip7702-payer', 'smart-wallet-signature')
  }
  return out
}

/** What takes a finding away: state that the chain has, or a change to the call; undefined where no replay can show it. */
function changesFor(
  finding: Finding,
  circumstances: readonly Circumstance[],
  payment: Payment,
  evidence: Evidence,
  state: ReplayChain['state'],
): Change[] | undefined {
  const removable = circumstances.filter(({ causes }) => causes.includes(finding.cause))
  if (finding.cause === 'smart-wallet-signature') return unwrapped(evidence, state)
  if (removable.length > 0) return removable.map((circumstance) => ({ kind: 'remove', circumstance }))
  // What was read of another token's code, the token that stands in for it does not show.
  if (state !== 'own' && finding.cause === 'no-bytes-overload' && finding.evidence.some(({ source }) => source === 'chain'))
    return undefined
  return undo(finding, payment, evidence)?.map((intervention) => ({ kind: 'add', intervention }))
}

/**
 * Of a smart wallet no key's signature would do instead. Where its code takes the signature once the wrapper is off, a chain that has that code can
 * show it; what stands in for the code elsewhere answers the same to everything.
 */
function unwrapped({ chains = [], signature }: Evidence, state: ReplayChain['state']): Change[] | undefined {
  const inner = believed(chains)?.wallet.find(
    ({ form, digest, accepts }) => form === 'unwrapped' && digest === signature.digest && ifKnown(accepts) === true,
  )
  if (state !== 'own' || inner === undefined) return undefined
  return [{ kind: 'add', intervention: { kind: 'signature', signature: inner.signature } }]
}

function toRun(outcome: ReplayOutcome, code: ReplayCode, without: readonly Intervention[]): ReplayRun {
  const { at, interventions, status, gasUsed, signatureCheck } = outcome
  return {
    interventions: interventions.map(describeIntervention),
    without: without.map(describeIntervention),
    at: String(at),
    outcome: status,
    revert: revertOf(outcome) ?? null,
    tokenSays: tokenSays(code, outcome) ?? null,
    gasUsed: String(gasUsed),
    transferred: transferred(outcome),
    digest: signatureCheck?.digest ?? null,
    recovered: signatureCheck?.by === 'ecrecover' ? signatureCheck.recovered : null,
  }
}

/** What the first Transfer moved: the payment's own, since its call moves nothing else. */
function transferred(outcome: ReplayOutcome): string | null {
  const event = outcome.status === 'settled' ? outcome.events.find(({ name }) => name === 'Transfer') : undefined
  return event?.name === 'Transfer' ? String(event.value) : null
}

/** The change to the chain or the call that takes a finding away; undefined where no replay can show it. */
function undo({ cause, seen }: Finding, payment: Payment, { signature }: Evidence): Intervention[] | undefined {
  const [match] = signature.matches
  const { opens, closes } = windowOf(payment.authorization)
  switch (cause) {
    case 'token-upgraded':
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
    case 'no-bytes-overload': {
      const called =
        payment.call?.function ??
        (payment.primaryType === 'ReceiveWithAuthorization' ? 'receiveWithAuthorization' : 'transferWithAuthorization')
      return payment.signature.length === 132 ? [{ kind: 'function', function: called, overload: 'vrs' }] : undefined
    }
    case 'time-in-milliseconds':
    case 'not-yet-valid':
    case 'expired':
    case 'boundary-second':
      return opens <= closes ? [{ kind: 'time', at: closes }] : undefined
    case 'facilitator-gas-limit':
      return [{ kind: 'gas', limit: ampleGas }]
    case 'pending-block-estimate':
    case 'settlement-unconfirmed':
      return [{ kind: 'latest' }]
    case 'nonce-out-of-sequence':
      return [{ kind: 'nonce-free' }]
    case 'blacklisted':
      // Of the token's own address, which it lists itself; other entries are state that was read.
      return sameAddress(seen, signature.expected?.domain.verifyingContract)
        ? [{ kind: 'blacklist-lifted', address: payment.authorization.to }]
        : undefined
    default:
      return undefined
  }
}

/** The members that were signed with another value than the payload has. */
export function changedFields(seen: Authorization, signed: Authorization): Partial<Authorization> {
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
  return [...new Map(changes.map((each) => [keyOf(each), each])).values()]
}

function keyOf(change: Change): string {
  const { kind, ...values } = change.kind === 'add' ? change.intervention : change.circumstance.intervention
  return JSON.stringify([change.kind, kind, ...Object.entries(values)], (_, value) => (typeof value === 'bigint' ? String(value) : value))
}

/** Any address that nobody uses: what a delegation points to does not matter, its answer does. */
export const someDelegate = '0x00000000000000000000000000000000000DE1E6'

/** The function that is called for the payment, as a replay calls it. */
function calledBy({ call, primaryType }: Payment): AuthorizationFunction {
  return call?.function ?? (primaryType === 'ReceiveWithAuthorization' ? 'receiveWithAuthorization' : 'transferWithAuthorization')
}

/** Why a payment that is right can still have been answered with the token's refusal of a signature, the likeliest first; what a chain rules out is left out. */
async function explain(
  code: ReplayCode,
  called: AuthorizationFunction,
  { chains = [] }: Evidence,
  run: (interventions: readonly Intervention[]) => Promise<ReplayOutcome>,
): Promise<Explanation[]> {
  const state = believed(chains)
  const current = state?.instead === undefined ? state : undefined
  const noCode = current !== undefined && ifKnown(current.payer.code)?.kind === 'none'
  const samePending = current !== undefined && ifKnown(current.simulated.pending)?.outcome === 'succeeds'
  const family = familyOf(code)
  const revert = family === undefined ? null : (wordsFor(family, 'signature', { function: called }) ?? null)
  const altered: Explanation = {
    cause: 'message-altered',
    party: 'facilitator',
    says: 'the calldata that was submitted differs from this payload',
    revert,
    shown: false,
    check: 'diagnose the calldata or the raw transaction that the facilitator sent',
  }
  const pending: Explanation = {
    cause: 'pending-block-estimate',
    party: 'rpc',
    says: 'the facilitator estimated gas on the pending block',
    revert,
    shown: false,
    check: "repeat the facilitator's eth_estimateGas with the tag latest",
  }
  const others = samePending ? [altered] : [pending, altered]
  // Of a token that nobody knows it may be so; of one that never asks code, or a key first, it can not.
  const asks = family === undefined || callsOf(family, { function: called }).some(({ call }) => call.payerCode === 'instead')
  if (noCode || !asks) return others
  const delegated = await run([{ kind: 'payer-code', code: delegationTo(someDelegate), delegateCode: walletCode.refuses }])
  return [
    {
      cause: 'eip7702-payer',
      party: 'wallet',
      says: "the payer's account has code (an EIP-7702 delegation or a smart wallet), so the token asks the code instead of checking the signature",
      revert,
      // Only the token's own code shows what the token does.
      shown: code.kind !== 'stand-in' && revert !== null && revertOf(delegated) === revert,
      check: 'eth_getCode of the payer: 0xef0100… is a delegation',
    },
    ...others,
  ]
}
