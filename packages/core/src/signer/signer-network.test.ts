import { describe, expect, it } from 'vitest'
import { builtInNetworks, nameKey } from '../networks/networks.ts'
import { findSignerNetwork, signerNetworks } from './signer-network.ts'

const evm = builtInNetworks.all.filter((network) => network.family === 'evm')

describe('the short table', () => {
  it('has what the networks themselves have, for each EVM network and no other', () => {
    expect(evm).toHaveLength(15)
    expect([...signerNetworks].map(({ id }) => id).sort()).toEqual(evm.map(({ id }) => id).sort())
    for (const { id, chainId, blockTime, usdc } of evm) {
      const { address, name, version, layout, symbol, decimals } = usdc
      expect(findSignerNetwork(id)).toEqual({ id, chainId, blockTime, usdc: { address, name, version, layout, symbol, decimals } })
    }
  })

  it('finds each by every name that the networks have for it', () => {
    for (const { id, chainId, caip2, aliases, x402Names } of evm) {
      for (const name of [
        ...aliases,
        ...x402Names,
        caip2,
        chainId,
        BigInt(chainId),
        `0x${chainId.toString(16)}`,
        ` ${id.toUpperCase()} `,
      ]) {
        expect([name, findSignerNetwork(name).id]).toEqual([name, id])
      }
    }
  })

  it('finds nothing by a name that stands for no EVM network there', () => {
    const names = [...builtInNetworks.index].filter(([, entry]) => 'kind' in entry || entry.family !== 'evm').map(([name]) => name)
    expect(names.length).toBeGreaterThan(50)
    for (const name of names) expect(() => findSignerNetwork(name), name).toThrow(/no EVM network that signing knows/)
    expect(nameKey('Base Sepolia')).toBe('basesepolia')
  })
})

describe('an unknown network', () => {
  it.each([
    ['bse', 'base (8453)'],
    ['base-sepola', 'base-sepolia (84532)'],
    ['polygn', 'polygon (137)'],
    ['op-sepolai', 'optimism-sepolia (11155420)'],
  ])('%s is told the nearest one', (name, meant) => {
    expect(() => findSignerNetwork(name)).toThrow(`Did you mean ${meant}?`)
  })

  it.each(['', '8454', 'eip155:1', '-8453', '8-453', 'x'.repeat(500), 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp'])(
    '"%s" is told no neighbour',
    (name) => {
      expect(() => findSignerNetwork(name)).toThrow(
        expect.objectContaining({ code: 'unknown-network', message: expect.not.stringContaining('Did you mean') }),
      )
    },
  )
})
