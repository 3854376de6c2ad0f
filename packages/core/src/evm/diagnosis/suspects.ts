import type { Finding } from '../../causes/finding.ts'
import { quote } from '../../errors/quote.ts'
import { familyThatRuns, revertOf, saidChecks } from '../evidence/outcome-words.ts'
import type { ReplayChain, ReplayOutcome } from '../evidence/replay.ts'
import { ampleGas } from '../evidence/settlement-gas.ts'
import { firstFrame } from '../evidence/signature-check.ts'

/** What a refused replay itself hints at. Whether it is so, only the counterfactual tells. */
export function suspects({ earlier, description, code }: ReplayChain, asIs: ReplayOutcome, gasLimit: bigint | undefined): Finding[] {
  if (asIs.status === 'settled') return []
  const answered = revertOf(asIs) ?? ''
  const out: Finding[] = []
  const ranOut = asIs.trace !== undefined && firstFrame(asIs.trace, ({ error = '' }) => /out ?of ?gas/i.test(error)) !== undefined
  // A call keeps a 64th of its gas from what it calls (EIP-150), so that behind a proxy a transaction that runs out has some left.
  if (ranOut || (gasLimit !== undefined && asIs.gasUsed * 100n > gasLimit * 95n)) {
    out.push({
      cause: 'facilitator-gas-limit',
      party: 'facilitator',
      severity: 'error',
      field: 'transaction.gas',
      seen: gasLimit === undefined ? `it ran out of gas after ${asIs.gasUsed}` : String(gasLimit),
      expected: 'enough gas for the transfer and the check of the signature',
      summary: `The transaction ran out of gas: ${gasLimit === undefined ? `it used ${asIs.gasUsed}` : `its limit is ${gasLimit}`}, and with more the same payment settles.`,
      evidence: [{ source: 'replay', says: `sent with ${ampleGas} gas it settles on the ${description}` }],
      fix: 'send the same payment again with a higher gas limit; estimate it, and add a margin for payers with code',
    })
  }
  if (earlier !== 'pending') return out
  const evidence: Finding['evidence'] = [
    { source: 'replay', says: `on the ${description} the token answers ${quote(answered)}; without what waits there it settles` },
  ]
  const isUse = saidChecks(familyThatRuns(code), asIs).some((check) => check === 'unused' || check === 'in-sequence')
  out.push(
    isUse
      ? {
          cause: 'settlement-unconfirmed',
          party: 'facilitator',
          severity: 'error',
          field: 'authorization.nonce',
          seen: answered,
          summary: 'A transaction that waits in the pending block uses this nonce: it is being settled now.',
          evidence,
          fix: 'wait for the next block, then read the nonce again',
        }
      : {
          cause: 'pending-block-estimate',
          party: 'rpc',
          severity: 'error',
          field: 'rpc',
          seen: answered,
          expected: 'settles, as on latest',
          summary: `The payment settles on the newest block and is refused on the pending one with ${quote(answered)}: a facilitator that estimates gas on pending refuses it.`,
          evidence,
          fix: 'estimate gas on the tag latest, then send the same payment',
        },
  )
  return out
}
