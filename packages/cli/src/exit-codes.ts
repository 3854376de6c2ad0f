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

export function exitCodeOf({ verdict, party }: Pick<EvmDiagnosis, 'verdict' | 'party'>): number {
  if (verdict === 'settles') return exitCodes.settles
  if (verdict === 'inconclusive') return exitCodes.inconclusive
  return party === 'facilitator' || party === 'rpc' ? exitCodes.facilitator : exitCodes.payment
}
