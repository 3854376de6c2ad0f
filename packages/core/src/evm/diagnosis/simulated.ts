import { ifKnown } from '../../evidence/known.ts'
import { decodeRevert, type Revert } from '../../revert/revert.ts'
import type { CheckName } from '../../tokens/model.ts'
import type { ChainState } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import { callOf } from '../payment/token-call.ts'

/** Whether the token took a simulated transfer at the block: something is there that answers, and it did not refuse. */
export function successIn({ simulated, token }: ChainState): boolean {
  return ifKnown(simulated.atBlock)?.outcome === 'succeeds' && ifKnown(token.code) !== 0 && ifKnown(token.responds) === true
}

/** What follows from the token's refusal of a simulated transfer; undefined where it refused none. */
export function refusalIn(payment: Payment, { signature }: Evidence, { simulated, payer }: ChainState): Revert | undefined {
  const simulation = ifKnown(simulated.atBlock)
  if (simulation?.outcome !== 'reverts') return undefined
  const { data, says } = simulation
  const standard = signature.expected?.family
  // Whether the payer has code is left out: what was read of it may be what is wrong.
  const refusal = decodeRevert(data === undefined || data === '0x' ? says : data, {
    chain: 'evm',
    ...callOf(payment),
    ...(standard === undefined ? {} : { standard }),
  })
  const { checkpoint, causes, rulesOut } = refusal
  if (checkpoint === undefined || !ofForm.has(checkpoint.check) || ifKnown(payer.code)?.kind !== 'none') return refusal
  // To look at the form of a signature at all the token has to see an account without code, as one is whose wallet is not deployed.
  return {
    ...refusal,
    causes: [...new Set([...causes, 'smart-wallet-signature' as const])],
    rulesOut: rulesOut.filter((cause) => cause !== 'smart-wallet-signature'),
  }
}

const ofForm: ReadonlySet<CheckName> = new Set(['length', 's', 'v', 'recovered'])
