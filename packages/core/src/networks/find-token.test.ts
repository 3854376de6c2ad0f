import * as fc from 'fast-check'
import { usdc } from 'viem/tokens'
import { describe, expect, test } from 'vitest'
import { findMint, findToken } from './find-token.ts'
import { builtInNetworks, createNetworks } from './networks.ts'

function roles(address: string, networks = builtInNetworks): string[] {
  return findToken(address, networks).map((match) =>
    match.role === 'contract' ? `contract ${match.contract.label}` : `${match.role} ${match.network.id} ${match.token.symbol}`,
  )
}

describe('findToken', () => {
  test.each([
    ['0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', ['usdc base USDC']],
    ['0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42', ['other base EURC']],
    ['0x00000000eFE302BEAA2b3e6e1b18d08D69a9012a', ['other avalanche AUSD', 'other polygon AUSD']],
    ['0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174', ['lookalike polygon USDC.e']],
    ['0x2F25deB3848C207fc8E0c34035B3Ba7fC157602B', ['lookalike celo USDC (fee adapter)', 'lookalike celo-sepolia USDC (old)']],
    ['0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', ['foreign ethereum USDC']],
    ['0x3600000000000000000000000000000000000000', ['foreign arc USDC', 'foreign arc-testnet USDC']],
    ['0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE', ['contract Circle Gateway wallet']],
    ['0x0000000000000000000000000000000000000000', []],
    ['no address', []],
    ['', []],
  ])('%s', (address, expected) => {
    expect(roles(address)).toEqual(expected)
    expect(roles(` ${address.toLowerCase()} `)).toEqual(expected)
    expect(roles(address.toUpperCase())).toEqual(expected)
  })

  test("places the USDC of 39 chains of viem's table on the right chain", () => {
    let placed = 0
    for (const [chainId, address] of Object.entries(usdc.addresses)) {
      const chains = findToken(address).flatMap((match) =>
        match.role === 'usdc' || match.role === 'foreign' ? [String(match.network.chainId)] : [],
      )
      if (chains.length === 0) continue
      expect(chains).toContain(chainId)
      placed++
    }
    expect(placed).toBe(39)
  })

  test('knows the tokens of a network of the user', () => {
    const networks = createNetworks([
      { id: 'my-chain', chainId: 31337, usdc: { address: '0x036cbd53842c5426634e7929541ec2318f3dcf7e', name: 'USDC' } },
    ])
    expect(roles('0x036CbD53842c5426634e7929541eC2318f3dCF7e', networks)).toEqual(['usdc base-sepolia USDC', 'usdc my-chain USDC'])
  })

  test('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => findToken(text).length + findMint(text).length === 0))
  })
})

test('findMint tells the clusters and the lookalikes apart, and minds the case', () => {
  const said = (mint: string): string[] => findMint(mint).map((match) => `${match.role} ${match.network.id}`)
  expect(said('EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v')).toEqual(['usdc solana'])
  expect(said('4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU')).toEqual(['usdc solana-devnet'])
  expect(said('HzwqbKZw8HxMN6bF2yFZNrht3c2iXXzpKcFu7uBEDKtr')).toEqual(['lookalike solana', 'lookalike solana-devnet'])
  expect(said('2b1kV6DkPAnxd5ixfnxCpjxmKwqjjaYmCZfHsFu24GXo')).toEqual(['lookalike solana'])
  expect(said('epjfwdd5aufqssqem2qn1xzybapc8g4weggkzwytdt1v')).toEqual([])
})
