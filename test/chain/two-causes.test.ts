import { type CauseId, diagnose, type EvmDiagnosis, readEvmPayment } from '@eip3009/core'
import type { ChainState } from '@eip3009/core/chain'
import { fixture } from '@eip3009/fixtures'
import { expect, it } from 'vitest'
import { healthyState, readerOf } from './healthy-state.ts'

/** Payments whose payload shows one cause, while the chain shows another one that the token would come to later. */
const signed = [
  'domain-name-mismatch',
  'domain-version-mismatch',
  'chain-id-mismatch',
  'domain-field-missing',
  'primary-type-mismatch',
  'struct-type-mismatch',
  'message-altered',
  'message-prefixed',
] as const

async function withoutBalance(cause: (typeof signed)[number] | 'valid', change: (state: ChainState) => ChainState): Promise<EvmDiagnosis> {
  const { input } = fixture('base', cause)
  const payment = readEvmPayment(input)
  const state = change(healthyState(payment))
  return diagnose(payment, { now: state.block.time, chains: [readerOf(state)] })
}

const empty =
  (says: string) =>
  (state: ChainState): ChainState => ({
    ...state,
    payer: { ...state.payer, balance: { known: true, value: 0n } },
    simulated: {
      atBlock: { known: true, value: { outcome: 'reverts', says } },
      pending: { known: true, value: { outcome: 'reverts', says } },
    },
  })
const errors = ({ findings }: EvmDiagnosis): CauseId[] => findings.flatMap(({ severity, cause }) => (severity === 'error' ? [cause] : []))

// The token checks the signature before the balance, and takes no money for a signature that it refuses.
it.each(signed)('%s of a payer who has nothing is not mended by sending money', async (cause) => {
  const diagnosis = await withoutBalance(cause, empty('FiatTokenV2: invalid signature'))
  expect(errors(diagnosis)).toEqual([cause, 'insufficient-balance'])
  expect(diagnosis).toMatchObject({ verdict: 'fails', cause })
  expect(diagnosis.retry.action).toBe(cause === 'message-altered' ? 'fix-first' : 'sign-again')
  expect(diagnosis.fix).not.toMatch(/same payment|^send \S+ USDC/)
})

it('says to send money where only that is missing', async () => {
  const diagnosis = await withoutBalance('valid', empty('ERC20: transfer amount exceeds balance'))
  expect(diagnosis).toMatchObject({ cause: 'insufficient-balance', retry: { action: 'fix-first' } })
  expect(diagnosis.fix).toMatch(/^send 0\.01 USDC to /)
})
