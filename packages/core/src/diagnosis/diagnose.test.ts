import { describe, expect, it } from 'vitest'
import { holds, now, recorded } from '../../../../test/solana/recorded.ts'
import { fixture } from '../../../fixtures/src/index.ts'
import { readPayment } from '../payment/read-payment.ts'
import { type DiagnoseOptions, diagnose, investigate } from './diagnose.ts'
import type { Diagnosis } from './diagnosis.ts'
import type { OwnChains } from './own-chains.ts'

const evm = readPayment(fixture('base', 'valid').input)
const solana = recorded('valid')

/** Chains that nobody can open: which family was asked for one, and of which RPCs a fork was wanted. */
function closed(): { readonly asked: string[]; readonly chains: OwnChains } {
  const asked: string[] = []
  const opens = (name: string) => ({
    open: async () => {
      asked.push(name)
      throw new TypeError(`${name} was opened`)
    },
  })
  return { asked, chains: { evm: opens('evm'), solana: opens('solana'), forks: (rpc) => opens(`fork of ${rpc.join(' ')}`) } }
}

describe('one door', () => {
  it.each([
    ['an EVM chain', evm, 'evm', 'base'],
    ['Solana', solana.payment, 'solana', 'solana'],
  ] as const)('takes a payment on %s, with the same options', async (_, payment, family, network) => {
    const options: DiagnoseOptions = { now, at: now - 5n, answer: '{"error":"insufficient funds"}' }
    const diagnosis: Diagnosis = await diagnose(payment, options)
    expect(diagnosis).toMatchObject({ family, payment: { network }, time: { judgedAt: String(now - 5n), now: String(now) } })
    expect(diagnosis.answer).not.toBeNull()
    await using found = await investigate(payment, options)
    expect(found.diagnosis).toEqual(diagnosis)
    expect(found.payment.family).toBe(family)
  })

  it('replays each on a chain of its family', async () => {
    const { asked, chains } = closed()
    await expect(diagnose(evm, { now, replay: chains })).rejects.toThrow('evm was opened')
    await expect(diagnose(solana.payment, { now, replay: chains })).rejects.toThrow('solana was opened')
    expect(asked).toEqual(['evm', 'solana'])
  })

  it('prefers the replayer that is given for one family', async () => {
    const { asked, chains } = closed()
    const replayer = { open: () => Promise.reject(new TypeError('the own one')) }
    await expect(diagnose(solana.payment, { now, replay: chains, replayer })).rejects.toThrow('the own one')
    expect(asked).toEqual([])
  })

  it('asks the clusters that readers are given for', async () => {
    const { state } = recorded('valid', holds(0n))
    const { cause } = await diagnose(solana.payment, { now, readers: [{ source: 'a', read: async () => state }] })
    expect(cause).toBe('svm-insufficient-funds')
  })

  it.each([
    ['chains', solana.payment],
    ['readers', evm],
    ['block', solana.payment],
    ['facilitator', solana.payment],
    ['networks', solana.payment],
  ] as const)('refuses %s for the other family, which nobody would ask', async (option, payment) => {
    const options: DiagnoseOptions = { now, [option]: [] }
    await expect(diagnose(payment, options)).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(option) })
    await expect(investigate(payment, options)).rejects.toMatchObject({ code: 'invalid-argument' })
  })
})
