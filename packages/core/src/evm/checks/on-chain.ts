import type { EvidenceNote, Severity } from '../../causes/finding.ts'
import { type CheckResult, skip } from '../../evidence/check.ts'
import type { Known } from '../../evidence/known.ts'
import { formatUnits } from '../../text/amount.ts'
import { utc } from '../../text/utc.ts'
import { behind, believed, type ChainAnswer, type ChainState } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import type { Check, CheckId } from './check.ts'

/** A check of what the chain knows: skipped, with the reason, where no chain was given or none could be read. */
export function chainCheck(id: CheckId, run: (payment: Payment, state: ChainState, evidence: Evidence) => CheckResult): Check {
  return {
    id,
    run: (payment, evidence) => {
      const { chains } = evidence
      if (chains === undefined) return skip('no-chain', 'no RPC was given')
      const state = believed(chains)
      return state === undefined ? skip('chain-unread', unreadable(chains)) : run(payment, state, evidence)
    },
  }
}

/** Why none of the RPCs could be read. */
export function unreadable(chains: readonly ChainAnswer[]): string {
  const reasons = chains.flatMap((answer) => {
    if (answer.kind === 'wrong-chain') return [`${answer.source} is of chain ${answer.chainId}, not ${answer.expected}`]
    return answer.kind === 'unreachable' ? [`${answer.source}: ${answer.reason}`] : []
  })
  return reasons.length === 0 ? 'nothing says which chain and token to ask about' : reasons.join('; ')
}

/** A check that could not be made because this could not be read. */
export function unread(fact: { readonly known: false; readonly reason: string }, { source }: ChainState): CheckResult {
  return skip('fact-unread', `${source}: ${fact.reason}`)
}

/** The first fact of several that is unknown. */
export function firstUnknown(facts: readonly Known<unknown>[]): { readonly known: false; readonly reason: string } | undefined {
  for (const fact of facts) if (!fact.known) return fact
  return undefined
}

/** State that can be otherwise at another block stops the payment for certain only where it was read at the moment that counts. */
export function severityAt(state: ChainState, { moment }: Evidence): Severity {
  return state.instead === undefined && behind(state, moment.time) === undefined ? 'error' : 'warning'
}

/** A fact with the block and the RPC that it was read from. */
export function note({ block, source }: ChainState, says: string): EvidenceNote {
  return { source: 'chain', says: `${says}, at block ${block.number} (${utc(block.time)}) of ${source}` }
}

/** An amount with the token's symbol, or in atomic units where nothing says how many decimals it has. */
export function amount(value: bigint, state: ChainState, { signature }: Evidence): string {
  const units = signature.expected?.units
  if (units !== undefined) return `${formatUnits(value, units.decimals)} ${units.symbol}`
  const { decimals, symbol } = state.token
  if (!decimals.known || decimals.value === null || decimals.value > 36) return `${value} atomic units`
  return `${formatUnits(value, decimals.value)} ${symbol.known && symbol.value !== null ? symbol.value : 'tokens'}`
}
