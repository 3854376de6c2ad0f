import { ifKnown } from '../../evidence/known.ts'
import { callsOf, wordsFor } from '../../tokens/ask-model.ts'
import type { AuthorizationFunction } from '../../tokens/model.ts'
import type { Explanation } from '../../verdict/diagnosis.ts'
import { believed } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { familyOf, revertOf } from '../evidence/outcome-words.ts'
import { delegationTo, type Intervention, type ReplayCode, type ReplayOutcome, walletCode } from '../evidence/replay.ts'

/** Any address that nobody uses: what a delegation points to does not matter, its answer does. */
export const someDelegate = '0x00000000000000000000000000000000000DE1E6'

/** Why a payment that is right can still have been answered with the token's refusal of a signature, the likeliest first; what a chain rules out is left out. */
export async function explain(
  code: ReplayCode,
  called: AuthorizationFunction,
  { chains = [] }: Evidence,
  run: (interventions: readonly Intervention[]) => Promise<ReplayOutcome>,
): Promise<Explanation[]> {
  const state = believed(chains)
  const current = state?.instead === undefined ? state : undefined
  const noCode = current !== undefined && ifKnown(current.payer.code)?.kind === 'none'
  const samePending = current !== undefined && ifKnown(current.simulated.pending)?.outcome === 'succeeds'
  const family = familyOf(code)
  const revert = family === undefined ? null : (wordsFor(family, 'signature', { function: called }) ?? null)
  const altered: Explanation = {
    cause: 'message-altered',
    party: 'facilitator',
    says: 'the calldata that was submitted differs from this payload',
    revert,
    shown: false,
    check: 'diagnose the calldata or the raw transaction that the facilitator sent',
  }
  const pending: Explanation = {
    cause: 'pending-block-estimate',
    party: 'rpc',
    says: 'the facilitator estimated gas on the pending block',
    revert,
    shown: false,
    check: "repeat the facilitator's eth_estimateGas with the tag latest",
  }
  const others = samePending ? [altered] : [pending, altered]
  // Of a token that nobody knows it may be so; of one that never asks code, or a key first, it can not.
  const asks = family === undefined || callsOf(family, { function: called }).some(({ call }) => call.payerCode === 'instead')
  if (noCode || !asks) return others
  const delegated = await run([{ kind: 'payer-code', code: delegationTo(someDelegate), delegateCode: walletCode.refuses }])
  return [
    {
      cause: 'eip7702-payer',
      party: 'wallet',
      says: "the payer's account has code (an EIP-7702 delegation or a smart wallet), so the token asks the code instead of checking the signature",
      revert,
      // Only the token's own code shows what the token does.
      shown: code.kind !== 'stand-in' && revert !== null && revertOf(delegated) === revert,
      check: 'eth_getCode of the payer: 0xef0100… is a delegation',
    },
    ...others,
  ]
}
