import { describe, expect, test } from 'vitest'
import { toldAround } from './told-around.ts'

const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'

describe('what stands around a call', () => {
  test.each([
    [
      'viem',
      `Request Arguments:\n  chain:  Base Sepolia (id: 84532)\n  to:     ${token}`,
      { to: token, chain: 'base-sepolia', chainId: '84532' },
    ],
    ['cast', `chainId              8453\nto                   ${token}\n`, { to: token, chainId: '8453' }],
    ['logfmt', `level=info network=Base to=${token} chain_id=8453 next=1`, { to: token, chain: 'base', chainId: '8453' }],
    ['JSON in a line', `{"network":"base","to":"${token}"`, { to: token, chain: 'base' }],
    ['a variant of Rust', 'chain: EvmNetwork::Base attempt=1', { chain: 'base' }],
    ['CAIP-2', 'network: eip155:8453, and more', { chain: 'eip155:8453' }],
    ['an explorer', `Interacted with (to):\t${token}`, { to: token }],
    ['a sentence is none', `sent to ${token} on chain base from the network of a relayer`, {}],
    ['a longer hash is none', `to: ${token}00 hash: 0x${'ab'.repeat(33)}`, {}],
  ])('%s', (_name, text, expected) => {
    expect(Object.fromEntries(toldAround(text))).toEqual(expected)
  })
})
