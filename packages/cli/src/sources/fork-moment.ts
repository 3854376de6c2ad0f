import type { EvmPayment } from '@eip3009/core'
import { chooseMoment } from '@eip3009/core/internal'

/** The second whose block a fork for this payment begins with, as a diagnosis judges it: undefined for the newest block. */
export function forkMoment({ authorization }: EvmPayment, now: bigint, at?: bigint): bigint | undefined {
  const { basis, time } = chooseMoment(authorization, now, at)
  return basis === 'now' ? undefined : time
}
