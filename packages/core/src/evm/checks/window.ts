import { type CheckResult, fromFindings, skip } from '../../evidence/check.ts'
import { blockWindowOf } from '../evidence/block-window.ts'
import { believed } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Check } from './check.ts'
import { note, severityAt } from './on-chain.ts'
import { formFindings, inverted, openFindings, type Windowed } from './time.ts'

/** The window: open at the judged second, not inverted, long enough, and in seconds. */
export const timeChecks: readonly Check[] = [
  {
    id: 'window-form',
    run: (payment, evidence) => fromFindings(inBlocks(payment, evidence) === undefined ? formFindings(payment) : inverted(payment)),
  },
  {
    id: 'window-open',
    run: (payment, evidence) => {
      const blocks = inBlocks(payment, evidence)
      return blocks === undefined ? fromFindings(openFindings(payment, evidence.moment)) : blockCheck(payment, blocks, evidence)
    },
  },
]

function inBlocks({ authorization }: Windowed, { signature }: Evidence): ReturnType<typeof blockWindowOf> {
  return blockWindowOf(authorization, signature.expected?.family)
}

/** Where the chain stands towards a window in numbers of blocks. */
function blockCheck(
  { authorization }: Windowed,
  { opens, closes }: NonNullable<ReturnType<typeof blockWindowOf>>,
  evidence: Evidence,
): CheckResult {
  const state = believed(evidence.chains ?? [])
  if (state === undefined) {
    return skip(
      'no-chain',
      `its window is in numbers of blocks, ${opens} to ${closes} (bit 47 is set in both times), and no chain says which block it is`,
    )
  }
  const { number } = state.block
  if (opens > closes || (number >= opens && number <= closes)) return { outcome: 'pass' }
  const early = number < opens
  return fromFindings([
    {
      cause: early ? 'not-yet-valid' : 'expired',
      party: 'client',
      severity: severityAt(state, evidence),
      field: early ? 'authorization.validAfter' : 'authorization.validBefore',
      seen: String(early ? authorization.validAfter : authorization.validBefore),
      expected: early ? `less than block ${number}` : `more than block ${number}`,
      summary: early
        ? `Its window is in numbers of blocks and opens at block ${opens}; the chain is at block ${number}.`
        : `Its window is in numbers of blocks and closed at block ${closes}; the chain is at block ${number}.`,
      evidence: [note(state, `bit 47 is set in both times, so that they are numbers of blocks`)],
      fix: early
        ? 'send the same payload again once that block is there'
        : "sign a new authorization, after making sure that this one's nonce is unused (authorizationState), so that nobody pays twice",
    },
  ])
}
