import { expect, it } from 'vitest'
import { chain, pay } from '../../../../test/evidence/evm.ts'
import { now, recorded } from '../../../../test/solana/recorded.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import { chainReader } from '../evm/state/read-chain.ts'
import { svmReader } from '../solana/state/read-state.ts'
import { identityOf, witnesses } from './witness.ts'

it('is one for each RPC, however often its readers were made', () => {
  const url = 'https://rpc.example/v1/secret-key'
  for (const reader of [chainReader, svmReader]) {
    const [first, second, other] = [reader(url), reader(new URL(url)), reader('https://rpc.example/v1/another-key')]
    expect(witnesses<{ readonly identity?: unknown }>([first, second, other])).toEqual([first, other])
    // A key in a URL stays in it.
    expect(JSON.stringify(first)).not.toContain('secret')
  }
})

it('is a client by itself', () => {
  const provider = { request: async () => '0x1' }
  expect(identityOf(provider)).toBe(provider)
  const [one, same, other] = [chainReader(provider), chainReader(provider), chainReader({ request: provider.request })]
  expect(witnesses([one, same, other])).toEqual([one, other])
})

it('is heard once by a diagnosis of either family', async () => {
  const paid = pay()
  const evm = { source: 'a', read: async () => chain(paid) }
  const { state, payment } = recorded('valid')
  const solana = { source: 'a', read: async () => state }
  expect((await diagnose(paid, { now: 1_790_000_300n, chains: [evm, evm] })).chain).toHaveLength(1)
  expect((await diagnose(paid, { now: 1_790_000_300n, chains: [evm, { ...evm }] })).chain).toHaveLength(2)
  expect((await diagnose(payment, { now, readers: [solana, solana] })).chain).toHaveLength(1)
  expect((await diagnose(payment, { now, readers: [solana, { ...solana }] })).chain).toHaveLength(2)
})
