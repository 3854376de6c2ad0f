import type { EvmDiagnosis, PaymentStatus, StatusState } from '@eip3009/core'

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

/** What each status comes to once no block can take it back. */
const statusCodes = {
  paid: exitCodes.settles,
  'spent-on-another': exitCodes.payment,
  canceled: exitCodes.payment,
  expired: exitCodes.payment,
  failed: exitCodes.payment,
  used: exitCodes.inconclusive,
  unused: exitCodes.inconclusive,
  pending: exitCodes.inconclusive,
  'no-payment': exitCodes.inconclusive,
  unknown: exitCodes.inconclusive,
} as const satisfies Record<StatusState, number>

/** What a block shows that can still be undone is nothing to act upon. */
export function exitCodeOfStatus({ state, finality }: Pick<PaymentStatus, 'state' | 'finality'>): number {
  return finality === 'finalized' || finality === 'safe' ? statusCodes[state] : exitCodes.inconclusive
}

/** What can not be read comes first: nobody knows what it would have shown. */
const worstFirst = [exitCodes.usage, exitCodes.payment, exitCodes.facilitator, exitCodes.inconclusive]

/** Of several payments the exit code is that of the worst. */
export function worstOf(codes: ReadonlySet<number>): number {
  return worstFirst.find((code) => codes.has(code)) ?? exitCodes.settles
}
