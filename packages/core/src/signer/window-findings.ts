import type { Finding } from '../causes/finding.ts'
import { formFindings, openFindings, shortestWindow } from '../evm/checks/time.ts'
import { windowState } from '../evm/evidence/moment.ts'
import { duration } from '../text/utc.ts'
import type { SignedPayment } from './sign-authorization.ts'

/** What is wrong with the window at a moment, or leaves too little of it. */
export function windowFindings({ authorization, network }: SignedPayment, now: bigint): Finding[] {
  const windowed = { authorization, network }
  const found = [...openFindings(windowed, { time: now, basis: 'given', now }), ...formFindings(windowed)]
  const left = authorization.validBefore - now
  const needed = shortestWindow(network.blockTime)
  const stopping = found.filter(({ severity }) => severity !== 'info')
  if (stopping.length > 0 || left >= needed || windowState(authorization, now) !== 'open') return stopping
  return [
    {
      cause: 'window-too-short',
      party: 'client',
      severity: 'error',
      field: 'authorization.validBefore',
      seen: `${left} s left`,
      expected: `at least ${needed} s`,
      summary: `Its window closes in ${duration(left)}; two blocks and the facilitator's margin need ${needed} s.`,
      evidence: [{ source: 'computed', says: `validBefore ${authorization.validBefore} is ${left} s after now, ${now}` }],
      fix: 'sign a new authorization',
    },
  ]
}
