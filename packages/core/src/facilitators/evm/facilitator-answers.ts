import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import type { Stage } from '../../causes/stage.ts'
import type { Evidence } from '../../evm/evidence/evidence.ts'
import type { Payment } from '../../evm/payment/payment.ts'
import { type Answer, answerOf, type FacilitatorReport, refusalsOf } from '../profile/answer.ts'
import { checkAs, refusalAtSettle, type Sight, sightOf } from './profile-checks.ts'
import { type EvmCheck, type EvmProfile, evmProfiles } from './profiles.ts'

export type EvmFacilitatorAnswer = Answer<EvmCheck>
export type EvmFacilitatorReport = FacilitatorReport<EvmCheck>

/**
 * What each known facilitator of x402's exact scheme would answer to a payment at the moment that is judged, by its own checks in its own order: by the
 * payment's offer, what an RPC read, and the findings of the diagnosis. What nobody read is in `unread`. Empty for a payment that is none of the scheme's;
 * an implementation that reads one version of x402 answers only to that.
 */
function evmFacilitatorAnswers(payment: Payment, findings: readonly Finding[], evidence: Evidence): readonly EvmFacilitatorAnswer[] {
  if (payment.rail !== 'x402-exact') return []
  const sight = sightOf(payment, findings, evidence)
  return evmProfiles
    .filter(({ x402Version }) => x402Version === undefined || payment.x402Version === undefined || x402Version === payment.x402Version)
    .map((profile) =>
      answerOf(
        profile,
        (check) => checkAs(check, sight, profile.rules),
        (first) => settleCode(profile, sight, first),
      ),
    )
}

/** Settling verifies again and simulates no more: what is left then is what the token says. */
function settleCode({ rules }: EvmProfile, sight: Sight, first: EvmCheck | null): string | null {
  if (first !== null && first !== 'simulation') return null
  if (sight.wrapped && sight.code === 'none' && rules.undeployedAtSettle !== null) return rules.undeployedAtSettle
  if (rules.settles === null) return null
  const refusal = refusalAtSettle(sight, rules)
  return refusal === undefined ? null : rules.settles[refusal]
}

/** What the known facilitators make of a payment and of each thing that is wrong with it. */
export function evmFacilitatorReport(payment: Payment, findings: readonly Finding[], evidence: Evidence): EvmFacilitatorReport {
  const answers = evmFacilitatorAnswers(payment, findings, evidence)
  return { answers, refusals: answers.length === 0 ? [] : refusalsOf(answers, findings, findersOf) }
}

/** Which checks see a cause, by where it stops a payment; causes of which that is not so stand below. */
const seenAt: Readonly<Record<Stage, readonly EvmCheck[]>> = {
  landed: ['simulation'],
  wire: [],
  network: ['network-served', 'network-equal', 'accepted-equal'],
  asset: ['accepted-equal', 'simulation'],
  layout: [],
  offer: ['accepted-equal'],
  gate: ['simulation'],
  window: ['valid-before', 'valid-after', 'simulation'],
  nonce: ['simulation'],
  bytes: ['signature-read', 'wallet-deployed', 'signature', 'simulation'],
  digest: ['signature', 'simulation'],
  wallet: ['wallet-deployed', 'factory-allowed', 'signature', 'simulation'],
  verifier: [],
  accounts: ['simulation'],
  relay: [],
  late: [],
  node: [],
}

const seenElse: Readonly<Partial<Record<CauseId, readonly EvmCheck[]>>> = {
  'asset-has-no-code': ['asset-code'],
  'insufficient-balance': ['balance', 'simulation'],
  'amount-mismatch': ['amount'],
  'amount-units-wrong': ['amount'],
  'recipient-mismatch': ['recipient'],
  'below-facilitator-minimum': ['minimum'],
  'facilitator-config-drift': ['domain-offered', 'signature'],
}

const findersOf = (cause: CauseId): readonly EvmCheck[] => seenElse[cause] ?? seenAt[catalogue[cause].stops.at]
