import type { Finding } from '../../causes/finding.ts'
import { ifKnown, type Known } from '../../evidence/known.ts'
import type { Check } from '../checks/check.ts'
import { believed, type ChainState, type Simulation } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import { isComputed } from './computed.ts'
import { isSpent } from './contradiction.ts'
import { refusalIn, successIn } from './simulated.ts'
import { isHashedAsComputed } from './traced-digest.ts'

/** What shows the same as a finding, beside that which made it. */
export type Witness =
  /** The token's own refusal of a simulated transfer at the block. */
  | 'refusal'
  /** The token was seen to hash the digest that was computed, and refused the signature. */
  | 'trace'
  /** The receipt of the transaction that the logs name. */
  | 'receipt'
  /** Of the calls of an address without code all came back empty. */
  | 'silence'
  /** A call that the node did not let the sender pay for. */
  | 'funds'
  /** The same call from another account, or with more gas, which the token takes. */
  | 'other-call'
  /** A name and a version that hash to the separator, each asked for by itself. */
  | 'separator'
  /** Another RPC. */
  | 'rpc'

/** What on the chain bears a finding out; undefined where nothing does. `checks` are those that made it, to be made of what another RPC says. */
export function witnessOf(finding: Finding, payment: Payment, evidence: Evidence, checks: readonly Check[]): Witness | undefined {
  const { chains = [] } = evidence
  const state = believed(chains)
  if (state === undefined) return undefined
  return witnessIn(finding, payment, evidence, state) ?? (isSeenByAnother(finding, payment, evidence, state, checks) ? 'rpc' : undefined)
}

/** Whether a finding rests on what an RPC said. */
export function isRead({ evidence }: Finding): boolean {
  return evidence.some(({ source }) => source === 'chain')
}

/** What is missing from a token's code: no token that stands in for it on a chain of our own can show that. */
export function isMissingCode(finding: Finding): boolean {
  const { cause } = finding
  return isRead(finding) && (cause === 'asset-has-no-code' || cause === 'token-without-eip3009' || cause === 'no-bytes-overload')
}

function witnessIn(finding: Finding, payment: Payment, evidence: Evidence, state: ChainState): Witness | undefined {
  const { cause } = finding
  const refusal = refusalIn(payment, evidence, state)
  const agrees = refusal?.causes.includes(cause) === true
  // What kind of account it is the refusal does not say: a call has to have the same code there.
  if ((cause === 'eip7702-payer' || cause === 'smart-wallet-signature') && ifKnown(state.payer.sameCode) !== true) return undefined
  if (isComputed(finding)) {
    if (refusal?.cause === cause) return 'refusal'
    return isHashedAsComputed(evidence) && !successIn(state) ? 'trace' : undefined
  }
  // That it is used the token says, too; whom it paid only the receipt does.
  if (cause === 'nonce-reused') return undefined
  // Of what was read the token's words need not say all; of the window, which is computed, they say on which side it is.
  if (agrees && (isRead(finding) || refusal?.checkpoint?.check === 'after' || refusal?.checkpoint?.check === 'before')) return 'refusal'
  if (cause === 'relayer-blocked' && succeeds(state.simulated.fromAnother)) return 'other-call'
  if (cause === 'facilitator-gas-limit' && succeeds(state.simulated.atBlock) && reverts(state.simulated.limited)) return 'other-call'
  const settlement = ifKnown(state.nonce.settlement)
  if (isSpent(cause) && settlement?.paid.known === true) return 'receipt'
  if (cause === 'batch-item-failed' && state.sent !== undefined && ifKnown(state.nonce.used) === false) return 'receipt'
  if (cause === 'asset-has-no-code' && ifKnown(state.token.responds) === false) return 'silence'
  if (cause === 'facilitator-out-of-gas-money' && state.facilitator !== null && ifKnown(state.facilitator.affords) === false) return 'funds'
  return cause === 'facilitator-config-drift' && evidence.signature.expected?.basis === 'chain' ? 'separator' : undefined
}

function succeeds(simulation: Known<Simulation> | undefined): boolean {
  return simulation !== undefined && ifKnown(simulation)?.outcome === 'succeeds'
}

function reverts(simulation: Known<Simulation> | undefined): boolean {
  return simulation !== undefined && ifKnown(simulation)?.outcome === 'reverts'
}

function isSeenByAnother(finding: Finding, payment: Payment, evidence: Evidence, state: ChainState, checks: readonly Check[]): boolean {
  if (!isRead(finding)) return false
  const others = (evidence.chains ?? []).filter((answer) => answer.kind === 'read' && answer !== state)
  return others.some((other) =>
    checks.some((check) => {
      const result = check.run(payment, { ...evidence, chains: [other] })
      return (
        result.outcome === 'fail' &&
        result.findings.some(({ cause, field, severity }) => cause === finding.cause && field === finding.field && severity === 'error')
      )
    }),
  )
}
