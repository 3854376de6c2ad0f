import type { Finding, Proof } from '../causes/finding.ts'
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

/**
 * Replays the payment as it is, then with what the errors predict undone. The errors are proven when the token refuses the payment as it is,
 * takes it with all of them undone, and refuses it again when any one of them is left in.
 */
export async function prove(chain: ReplayChain, payment: Payment, evidence: Evidence, errors: readonly Finding[]): Promise<ReplayReport> {
  const at = evidence.moment.time
  const runs: ReplayRun[] = []
  const run = async (interventions: readonly Intervention[]): Promise<ReplayOutcome> => {
    const outcome = await chain.replay(payment, { at, interventions })
    runs.push(toRun(outcome))
    return outcome
  }

  const asIs = await run([])
  const undoing = errors.map((finding) => undo(finding, payment, evidence))
  if (asIs.status === 'settled') {
    const explanations = errors.length === 0 ? await explain(run) : []
    return { chain: chain.description, runs, asIs, withFix: undefined, proof: errors.length === 0 ? 'proven' : undefined, explanations }
  }
  const interventions = distinct(undoing.flatMap((each) => each ?? []))
  if (interventions.length === 0) return { chain: chain.description, runs, asIs, withFix: undefined, proof: undefined, explanations: [] }

  const withFix = await run(interventions)
  let needed = withFix.status === 'settled' && undoing.every((each) => each !== undefined)
  if (needed && interventions.length > 1) {
    for (const left of interventions) {
      const without = await run(interventions.filter((each) => each !== left))
      if (without.status === 'settled') needed = false
    }
  }
  return { chain: chain.description, runs, asIs, withFix, proof: needed ? 'proven' : undefined, explanations: [] }
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
    case 'not-yet-valid':
    case 'expired':
    case 'boundary-second':
      return opens <= closes ? [{ kind: 'time', at: closes }] : undefined
    default:
      return undefined
  }
}

/** The same intervention asked for by two findings is made once. */
function distinct(interventions: readonly Intervention[]): Intervention[] {
  const seen = new Set<string>()
  return interventions.filter((each) => {
    const key = describeIntervention(each)
    return !seen.has(key) && seen.add(key)
  })
}

const refused = 'FiatTokenV2: invalid signature'

/** Any address that nobody uses: what a delegation points to does not matter, its answer does. */
const someDelegate = '0x00000000000000000000000000000000000DE1E6'

/** Why a payment that is right can still have been answered with `invalid signature`, the likeliest first. */
async function explain(run: (interventions: readonly Intervention[]) => Promise<ReplayOutcome>): Promise<Explanation[]> {
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
    {
      cause: 'pending-block-estimate',
      party: 'rpc',
      says: 'the facilitator estimated gas on the pending block',
      revert: refused,
      shown: false,
      check: 'repeat the facilitator’s eth_estimateGas with the tag latest',
    },
    {
      cause: 'message-altered',
      party: 'facilitator',
      says: 'the calldata that was submitted differs from this payload',
      revert: refused,
      shown: false,
      check: 'diagnose the calldata or the raw transaction that the facilitator sent',
    },
  ]
}
