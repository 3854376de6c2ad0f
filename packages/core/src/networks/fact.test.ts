import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { base } from './base.ts'
import { celoSepolia } from './celo-sepolia.ts'
import { factAt, judgeFact } from './fact.ts'
import { builtInNetworks } from './networks.ts'
import { polygon } from './polygon.ts'

describe('factAt', () => {
  test.each([
    ['usdc.name', 'USD Coin'],
    ['chainId', 137],
    ['rpcUrls[0]', 'https://polygon.drpc.org'],
    ['lookalikes[USDC.e].domains[0].layout', 'salt'],
    ['lookalikes[USDC.e].overloads.bytes', false],
    ['otherTokens[AUSD].version', '1'],
    ['otherTokens[EURC].version', undefined],
    ['usdc.constructor', undefined],
    ['__proto__', undefined],
    ['usdc.name.length', undefined],
    ['rpcUrls[9]', undefined],
  ])('%s', (path, expected) => {
    expect(factAt(polygon, path)).toBe(expected)
  })

  test('never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'usdc.[]0rpUlE ') }), (path) => {
        factAt(base, path)
      }),
    )
  })
})

describe('judgeFact compares a table with ours', () => {
  test.each([
    ['base', 'usdc.name', 'USD Coin', 'right'],
    ['base', 'usdc.name', 'USDC', 'known-wrong'],
    ['base', 'usdc.name', 'usd coin', 'different'],
    ['base', 'usdc.address', '0x833589fcd6edb6e08f4c7c32d4f71b54bda02913', 'right'],
    ['base', 'chainId', 8453, 'right'],
    ['base', 'chainId', '8453', 'right'],
    ['base', 'eip1559', false, 'different'],
    ['base', 'usdc', 'x', 'unknown'],
    ['base', 'usdc.nothing', 'x', 'unknown'],
    ['celo-sepolia', 'chainId', 44787, 'known-wrong'],
    ['celo-sepolia', 'usdc.address', '0x2f25deb3848c207fc8e0c34035b3ba7fc157602b', 'known-wrong'],
    ['celo-sepolia', 'explorerUrl', 'https://alfajores.celoscan.io', 'known-wrong'],
  ])('%s %s %s: %s', (id, path, value, kind) => {
    expect(judgeFact(id === 'base' ? base : celoSepolia, path, value).kind).toBe(kind)
  })

  test('says what is right and who else has the wrong value', () => {
    expect(judgeFact(celoSepolia, 'chainId', '44787')).toMatchObject({
      kind: 'known-wrong',
      right: '11142220',
      wrongValue: { wrong: '44787', seenIn: expect.stringContaining('UltravioletaDAO') },
    })
  })

  test('every wrong value on record is recognised as such', () => {
    let seen = 0
    for (const network of builtInNetworks.all) {
      for (const { fact, wrong } of network.wrongValues) {
        expect(judgeFact(network, fact, wrong).kind, `${network.id} ${fact}`).toBe('known-wrong')
        seen++
      }
    }
    expect(seen).toBe(39)
  })
})
