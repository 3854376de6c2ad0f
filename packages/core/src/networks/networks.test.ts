import * as fc from 'fast-check'
import { type Chain, getAddress } from 'viem'
import * as viemChains from 'viem/chains'
import { eurc, usdc } from 'viem/tokens'
import { describe, expect, test } from 'vitest'
import { checksum } from './checksum.ts'
import { defineNetwork } from './define-network.ts'
import { factAt } from './fact.ts'
import { builtInNetworks, createNetworks, keysOf } from './networks.ts'
import { otherContracts } from './other-contracts.ts'

const { all, foreign, misnomers } = builtInNetworks
const evm = all.filter((network) => network.family === 'evm')
const solana = all.filter((network) => network.family === 'solana')
/** What is looked at of a chain of viem; the compiler takes seconds over the union of all of them. */
type ViemChain = Pick<Chain, 'id' | 'name' | 'nativeCurrency' | 'testnet'> & { readonly contracts?: Contracts }
interface Contracts {
  readonly multicall3?: { readonly address: string }
}
const chainsOfViem = Object.values<object>(viemChains).filter((chain): chain is ViemChain => typeof chain === 'object' && 'id' in chain)
const viemUsdc: Readonly<Record<number, string>> = usdc.addresses
const viemEurc: Readonly<Record<number, string>> = eurc.addresses

describe('the 17 networks', () => {
  test('are the ones that are supported', () => {
    expect(all.map(({ id }) => id)).toEqual([
      'base-sepolia',
      'base',
      'xdc',
      'avalanche-fuji',
      'avalanche',
      'solana',
      'solana-devnet',
      'polygon-amoy',
      'polygon',
      'optimism',
      'optimism-sepolia',
      'celo',
      'celo-sepolia',
      'hyperevm',
      'hyperevm-testnet',
      'sei',
      'sei-testnet',
    ])
    expect([evm.length, solana.length]).toEqual([15, 2])
  })

  test('come out of defineNetwork as they went in', () => {
    for (const network of all) expect(defineNetwork(network)).toEqual(network)
  })

  test('no id, alias, chain id, CAIP-2 id or misnomer stands for two things', () => {
    const keys = [...all, ...foreign, ...misnomers].flatMap(keysOf)
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([])
    expect(keys.length).toBe(builtInNetworks.index.size)
    expect(keys.length).toBeGreaterThan(250)
  })

  test('no symbol stands for two tokens of a network', () => {
    for (const { usdc: token, otherTokens, lookalikes } of evm) {
      const symbols = [token, ...otherTokens, ...lookalikes].map(({ symbol }) => symbol)
      expect(new Set(symbols).size).toBe(symbols.length)
    }
  })

  test("agree with viem's chains on id, name, currency, testnet and Multicall3", () => {
    let seen = 0
    for (const network of evm) {
      const named = chainsOfViem.filter(({ id }) => id === network.chainId).map((chain) => chain.name)
      const chain = chainsOfViem.find(
        ({ id, name }) => id === network.chainId && builtInNetworks.index.has(name.toLowerCase().replace(/[\s_-]/g, '')),
      )
      // viem has three chains with id 999; the one that is meant goes by a name that we know.
      expect(chain, `${network.id}: ${named.join(', ')}`).toBeDefined()
      expect(network.nativeCurrency).toBe(chain?.nativeCurrency.symbol.replace('S-CELO', 'CELO'))
      expect(chain?.testnet ?? false, network.id).toBe(network.testnet)
      const contracts: Contracts = chain?.contracts ?? {}
      expect(network.multicall3?.toLowerCase(), network.id).toBe(contracts.multicall3?.address.toLowerCase())
      seen++
    }
    expect(seen).toBe(15)
  })

  test("have the USDC addresses of viem's table, which is independent of ours, and 4 of its EURC addresses", () => {
    for (const network of evm) expect(viemUsdc[network.chainId], network.id).toBe(network.usdc.address)
    const euros = evm.flatMap(({ chainId, otherTokens }) =>
      otherTokens.filter(({ symbol }) => symbol === 'EURC').map(({ address }) => ({ chainId, address })),
    )
    for (const { chainId, address } of euros) expect(viemEurc[chainId]).toBe(address)
    expect(euros).toHaveLength(4)
  })

  test('have addresses with the checksum of viem', () => {
    const addresses = evm.flatMap(({ usdc: token, otherTokens, lookalikes, multicall3 }) => [
      ...[token, ...otherTokens, ...lookalikes].map(({ address }) => address),
      ...(multicall3 === undefined ? [] : [multicall3]),
    ])
    const others = [
      ...foreign.flatMap(({ usdc: token }) => (token === undefined ? [] : [token.address])),
      ...otherContracts.map(({ address }) => address),
    ]
    for (const address of [...addresses, ...others]) expect(getAddress(address)).toBe(address)
    expect([addresses.length, others.length]).toEqual([48, 26])
  })

  test('doubts and wrong values point at facts; the right value is the one that the network has', () => {
    let doubts = 0
    let wrongValues = 0
    const absent = new Set<string>()
    for (const network of all) {
      for (const { fact, source } of network.doubts) {
        if (factAt(network, fact) === undefined) absent.add(`${network.id} ${fact}`)
        expect(source.length).toBeGreaterThan(10)
        doubts++
      }
      for (const { fact, wrong, right, seenIn } of network.wrongValues) {
        expect(String(factAt(network, fact)), `${network.id} ${fact}`).toBe(right)
        expect(wrong).not.toBe(right)
        expect(seenIn.length).toBeGreaterThan(5)
        wrongValues++
      }
    }
    expect([...absent].sort()).toEqual(
      [
        'celo otherTokens[USAT].separator',
        'celo-sepolia lookalikes[USDC (old)].overloads',
        'celo-sepolia usdc.separator',
        'base lookalikes[USDbC].overloads',
        'hyperevm lookalikes[USD₮0].overloads',
        'hyperevm-testnet explorerUrl',
        'hyperevm-testnet multicall3',
        'sei-testnet usdc.separator',
        'xdc lookalikes[USDC.e].overloads',
        'xdc usdc.separator',
      ].sort(),
    )
    expect({ doubts, wrongValues }).toEqual({ doubts: 96, wrongValues: 39 })
  })

  test('each says where its data comes from and when it was checked', () => {
    for (const { sources, checked } of all) {
      expect(sources.length).toBeGreaterThan(0)
      expect(checked).toMatch(/^20\d\d-\d\d$/)
    }
  })
})

describe('foreign networks and misnomers', () => {
  test("have viem's chain ids and USDC addresses: 24 with USDC, 30 without", () => {
    const withUsdc = foreign.filter(({ usdc: token }) => token !== undefined)
    for (const { id, chainId, usdc: token, caip2 } of withUsdc) {
      expect(viemUsdc[chainId], id).toBe(token?.address)
      expect(caip2).toBe(`eip155:${chainId}`)
    }
    expect([withUsdc.length, foreign.length - withUsdc.length]).toEqual([24, 30])
    const unknown = foreign.filter(({ chainId }) => !chainsOfViem.some(({ id }) => id === chainId)).map(({ id }) => id)
    // Circle's own package has them; viem does not yet.
    expect(unknown).toEqual(['edge', 'edge-testnet', 'morph-hoodi', 'pharos', 'pharos-atlantic', 'sonic-testnet'])
  })

  test('a misnomer means a network that exists', () => {
    const ids = new Set([...all, ...foreign].map(({ id }) => id))
    const meant = misnomers.flatMap((misnomer) => (misnomer.meant === undefined ? [] : [misnomer.meant]))
    expect(meant.filter((id) => !ids.has(id))).toEqual([])
    expect(meant).toHaveLength(12)
  })
})

describe('createNetworks', () => {
  const local = { id: 'my-chain', chainId: 31337, usdc: { address: '0x036cbd53842c5426634e7929541ec2318f3dcf7e', name: 'USDC' } }

  test('adds a network of the user, which is then no misnomer any more', () => {
    const networks = createNetworks([local])
    expect(networks.all).toHaveLength(18)
    expect(networks.misnomers).toHaveLength(misnomers.length - 1)
    expect(builtInNetworks.all).toHaveLength(17)
  })

  test('a foreign network that the user defines is foreign no more', () => {
    const networks = createNetworks([{ ...local, id: 'arbitrum', chainId: 42161 }])
    expect(networks.foreign.map(({ id }) => id)).not.toContain('arbitrum')
    expect(networks.foreign).toHaveLength(foreign.length - 1)
  })

  test('a network with the id of a built-in one replaces it', () => {
    const networks = createNetworks([{ ...local, id: 'base', chainId: 8453 }])
    expect(networks.all).toHaveLength(17)
    expect(networks.index.get('8453')).toMatchObject({ id: 'base', usdc: { name: 'USDC' } })
  })

  test.each([
    [[{ ...local, chainId: 8453 }], 'Networks "base" and "my-chain" both go by "8453"'],
    [[{ ...local, aliases: ['Polygon PoS'] }], 'Networks "polygon" and "my-chain" both go by "polygonpos"'],
    [[local, { ...local, id: 'other' }], 'Networks "my-chain" and "other" both go by "31337"'],
  ])('refuses a clash: %#', (extra, sentence) => {
    expect(() => createNetworks(extra)).toThrow(
      expect.objectContaining({ code: 'invalid-network', message: expect.stringContaining(sentence) }),
    )
  })
})

test('checksum is EIP-55 as viem has it', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 40, maxLength: 40 })
  fc.assert(
    fc.property(digits, (each) => {
      expect(checksum(`0x${each}`)).toBe(getAddress(`0x${each.toLowerCase()}`))
    }),
  )
})
