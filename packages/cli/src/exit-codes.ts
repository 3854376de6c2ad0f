import type { EvmDiagnosis } from '@eip3009/core'

export const exitCodes = {
  settles: 0,
  /** Fails through the payment's side: client, wallet, server, token. */
  payment: 1,
  /** Bad usage or unreadable input. */
  usage: 2,
  /** Fails through the facilitator or its RPC. */
  facilitator: 3,
  inconclusive: 4,
} as const

/** A good payment that was refused is not all well: why it was, nobody knows yet. */
export function exitCodeOf({ verdict, party, answer }: Pick<EvmDiagnosis, 'verdict' | 'party' | 'answer'>): number {
  if (verdict === 'settles') return answer?.kind === 'refused' || answer?.kind === 'pending' ? exitCodes.inconclusive : exitCodes.settles
  if (verdict === 'inconclusive') return exitCodes.inconclusive
  return party === 'facilitator' || party === 'rpc' ? exitCodes.facilitator : exitCodes.payment
}
