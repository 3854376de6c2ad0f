import { type CauseId, catalogue, type NotShown, notShown, type RetryAction } from '@eip3009/core'

/** How retries are called in reports. */
export const retries = {
  'send-same': 'the same payload can be sent again',
  'sign-again': 'a new signature is needed',
  'fix-first': 'the signature can be kept: fix what surrounds it, then send',
  'cancel-first': 'take the first one back, then sign again',
  wait: 'do not send or sign anything yet',
  never: 'do not send anything again',
  unknown: 'whether a retry is safe is unknown',
} as const

/** What may be sent again, for a cause. On Solana a signature lives no longer than its blockhash, so what has to be fixed first outlives it. */
export function sayRetry(retry: RetryAction, cause: CauseId | undefined): string {
  const isSolana = cause !== undefined && catalogue[cause].family === 'solana'
  if (retry === 'fix-first' && isSolana)
    return 'fix that, then sign again once the first is dead at a finalized block and nothing of it landed without an error'
  // Whoever signs anew while the first one is good pays twice.
  if (retry === 'sign-again')
    return `${retries[retry]}, ${isSolana ? 'once the first is dead at a finalized block and nothing of it landed without an error' : 'with the same nonce as long as the first can still be settled'}`
  return retries[retry]
}

/** Why no replay can show a cause, as one sentence; undefined where one can. */
export function whyNoReplay(cause: CauseId): string | undefined {
  const [evm, solana] = [notShown.evm, notShown.solana].map((rows: Partial<Record<CauseId, NotShown>>) => rows[cause]?.says)
  const { family } = catalogue[cause]
  const says = family === 'both' && evm !== solana ? [evm && `on EVM chains ${evm}`, solana && `on Solana ${solana}`] : [evm ?? solana]
  const known = says.filter((each) => each !== undefined)
  return known.length === 0 ? undefined : `none can show it: ${known.join('; ')}.`
}
