import * as fc from 'fast-check'
import * as viemChains from 'viem/chains'
import { describe, expect, test } from 'vitest'
import { type FoundBy, findNetwork, getEvmNetwork, getNetwork } from './find-network.ts'
import { foreignNetworks } from './foreign.ts'
import type { ForeignNetwork } from './network.ts'
import { builtInNetworks, createNetworks } from './networks.ts'

/** `id by exact` of what was found, or `because → suggestion` of what was not. */
function answer(name: string | number | bigint, networks = builtInNetworks): string {
  const found = findNetwork(name, networks)
  if (found.kind === 'network') return `${found.network.id} ${found.by} ${found.exact ? 'exact' : 'tolerated'}`
  return `${found.because} → ${found.suggestion?.id ?? found.foreign?.id ?? 'nothing'}`
}

describe('every supported network is found', () => {
  test.each(builtInNetworks.all.map((network) => [network.id, network] as const))('%s', (id, network) => {
    const forms: [string | number | bigint, FoundBy, boolean][] = [
      [id, 'id', true],
      [id.toUpperCase(), 'id', false],
      [` ${id}\n`, 'id', true],
      [id.replaceAll('-', '_'), 'id', !id.includes('-')],
      [network.caip2, 'caip2', true],
      [network.caip2.toUpperCase(), 'caip2', false],
      ...network.x402Names.map((name): [string, FoundBy, boolean] => [name, name === id ? 'id' : 'x402-name', true]),
      ...network.aliases.map((alias): [string, FoundBy, boolean] => [alias, 'alias', false]),
    ]
    if (network.family === 'evm') {
      const { chainId } = network
      forms.push([chainId, 'chain-id', true], [BigInt(chainId), 'chain-id', true], [String(chainId), 'chain-id', true])
      forms.push([`0x${chainId.toString(16)}`, 'chain-id', false], [`0X${chainId.toString(16).toUpperCase()}`, 'chain-id', false])
      forms.push([`eip155:0x${chainId.toString(16)}`, 'caip2', false], [`00${chainId}`, 'chain-id', false])
    } else {
      forms.push([network.genesisHash, 'genesis-hash', false], [network.genesisHash.slice(0, 32), 'genesis-hash', false])
      forms.push([`solana:${network.genesisHash}`, 'caip2', false])
    }
    for (const [form, by, exact] of forms) expect(findNetwork(form), String(form)).toEqual({ kind: 'network', network, by, exact })
    expect(forms.length).toBeGreaterThan(9)
  })
})

test("viem's chain names and export names of the 15 EVM networks are understood", () => {
  const ids = new Set(builtInNetworks.all.flatMap((network) => (network.family === 'evm' ? [network.chainId] : [])))
  const otherChainsWithId999 = new Set(['zoraTestnet', 'wanchainTestnet'])
  let names = 0
  for (const [exportName, chain] of Object.entries(viemChains)) {
    if (typeof chain !== 'object' || !('id' in chain) || !ids.has(chain.id) || otherChainsWithId999.has(exportName)) continue
    // Preconfirmation variants are the same chain with another RPC.
    if (exportName.endsWith('Preconf')) continue
    for (const name of [chain.name, exportName]) {
      expect(findNetwork(name), name).toMatchObject({ kind: 'network', network: { chainId: chain.id } })
      names++
    }
  }
  expect(names).toBe(32)
})

describe('what people write', () => {
  test.each([
    // Circle's kits and wallets
    ['Base_Sepolia', 'base-sepolia id tolerated'],
    ['Polygon_Amoy_Testnet', 'polygon-amoy alias tolerated'],
    ['HyperEVM_Testnet', 'hyperevm-testnet id tolerated'],
    ['MATIC-AMOY', 'polygon-amoy alias tolerated'],
    ['AVAX-FUJI', 'avalanche-fuji alias tolerated'],
    ['OP-SEPOLIA', 'optimism-sepolia alias tolerated'],
    ['SOL-DEVNET', 'solana-devnet alias tolerated'],
    ['OP Mainnet', 'optimism alias tolerated'],
    // facilitators, hyperlane, Cosmos
    ['base-mainnet', 'base alias tolerated'],
    ['avalanche-c-chain', 'avalanche alias tolerated'],
    ['XdcMainnet', 'xdc alias tolerated'],
    ['matic', 'polygon alias tolerated'],
    ['hyperliquidevmtestnet', 'hyperevm-testnet alias tolerated'],
    ['pacific-1', 'sei alias tolerated'],
    ['seiAtlantic', 'sei-testnet alias tolerated'],
    ['mainnet-beta', 'solana alias tolerated'],
    ['101', 'solana alias tolerated'],
    // near misses
    ['basee', 'unheard → base'],
    ['bse-sepolia', 'unheard → base-sepolia'],
    ['optimisim', 'unheard → optimism'],
    ['avalance', 'unheard → avalanche'],
    ['sei-evm', 'unheard → sei'],
    ['base-testnet', 'unheard → base-sepolia'],
    ['polygon-testnet', 'unheard → polygon-amoy'],
    ['avax-testnet', 'unheard → avalanche-fuji'],
    ['arbitrum-testnet', 'unheard → arbitrum-sepolia'],
    ['something', 'unheard → nothing'],
    ['', 'unheard → nothing'],
    ['undefined', 'unheard → nothing'],
    // foreign
    ['arbitrum', 'foreign → arbitrum'],
    ['ethereum', 'foreign → ethereum'],
    ['sepolia', 'foreign → ethereum-sepolia'],
    ['eip155:421614', 'foreign → arbitrum-sepolia'],
    ['xdc-testnet', 'foreign → xdc-apothem'],
    ['monad', 'foreign → monad'],
    ['skale-base-sepolia', 'foreign → skale-base-sepolia'],
    // gone, mistaken, other
    ['alfajores', 'retired → celo-sepolia'],
    ['44787', 'retired → celo-sepolia'],
    ['eip155:44787', 'retired → celo-sepolia'],
    ['0xaef3', 'retired → celo-sepolia'],
    ['mumbai', 'retired → polygon-amoy'],
    ['84531', 'retired → base-sepolia'],
    ['goerli', 'retired → ethereum-sepolia'],
    ['333', 'mistaken → hyperevm-testnet'],
    ['713715', 'mistaken → sei-testnet'],
    ['solana:4sGjMW1sUnHzSxGspuhpqLDx6wiyjNtZ', 'mistaken → solana'],
    ['solana-testnet', 'other → solana-devnet'],
    ['bsc', 'other → nothing'],
    ['sui', 'other → nothing'],
    // numbers are never guessed
    ['8454', 'unheard → nothing'],
    ['eip155:8454', 'unheard → nothing'],
    ['eip155:101', 'unheard → nothing'],
    ['eip155:base', 'unheard → base'],
    ['solana:mainnet', 'unheard → solana'],
    ['solana:mainnet-beta', 'unheard → solana'],
    ['solana:101', 'unheard → solana'],
    ['solana:devnet', 'unheard → solana-devnet'],
    ['solana:testnet', 'unheard → solana-devnet'],
    ['eip155:solana', 'unheard → nothing'],
    ['solana:base', 'unheard → nothing'],
    ['stellar:mainnet', 'other → nothing'],
    ['-8453', 'unheard → nothing'],
    ['8453.0', 'unheard → nothing'],
    ['8-453', 'unheard → nothing'],
  ])('%s: %s', (name, expected) => {
    expect(answer(name)).toBe(expected)
  })

  test.each([
    ['44787', '"44787" is Celo Alfajores, which is retired; did you mean celo-sepolia (11142220)?'],
    ['basee', '"basee" is no network that is known; did you mean base (8453)?'],
    [
      'arbitrum',
      '"arbitrum" is Arbitrum One (eip155:42161), a network that is known but not supported; its USDC is 0xaf88d065e77c8cC2239327C5EDb3A432268e5831, and a network of your own can be defined for it.',
    ],
    [
      'qqq\u001b[31m',
      '"qqq\\u{1b}[31m" is no network that is known; expected a name such as base, a CAIP-2 id such as eip155:8453 or a chain id.',
    ],
  ])('%j is answered in one sentence', (name, reason) => {
    expect(findNetwork(name)).toMatchObject({ kind: 'unknown', reason })
  })

  test('999 and 998 are the two HyperEVM chains, each its own', () => {
    expect([answer(999), answer(998n)]).toEqual(['hyperevm chain-id exact', 'hyperevm-testnet chain-id exact'])
  })

  test('numbers that are no chain id', () => {
    expect([Number.NaN, 8453.5, -1, 0, Number.POSITIVE_INFINITY].map((number) => answer(number))).toEqual(
      Array(5).fill('unheard → nothing'),
    )
  })
})

describe('networks of the user', () => {
  const networks = createNetworks([
    {
      id: 'my-chain',
      aliases: ['My Test Chain'],
      chainId: 31337,
      usdc: { address: '0x036CbD53842c5426634e7929541eC2318f3dCF7e', name: 'USDC' },
    },
  ])

  test('are found by every form, only where they are passed', () => {
    expect(['my-chain', 'MyTestChain', 31337, 'eip155:31337', '0x7a69'].map((name) => answer(name, networks))).toEqual([
      'my-chain id exact',
      'my-chain alias tolerated',
      'my-chain chain-id exact',
      'my-chain caip2 exact',
      'my-chain chain-id tolerated',
    ])
    expect(answer('my-chain')).toBe('unheard → nothing')
    expect(answer('my-chan', networks)).toBe('unheard → my-chain')
    expect(answer('base', networks)).toBe('base id exact')
  })
})

test('getNetwork throws the reason', () => {
  expect(getNetwork('Base').id).toBe('base')
  expect(() => getNetwork('alfajores')).toThrow(
    expect.objectContaining({
      name: 'Eip3009Error',
      code: 'unknown-network',
      message: '"alfajores" is Celo Alfajores, which is retired; did you mean celo-sepolia (11142220)?',
    }),
  )
})

describe('for any text', () => {
  const words = fc.constantFrom(
    ...builtInNetworks.index.keys(),
    'eip155:',
    'solana:',
    '0x',
    '-mainnet',
    '-testnet',
    '__proto__',
    'constructor',
    ' ',
  )
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(words, { maxLength: 3 }).map((parts) => parts.join('')),
    fc.bigInt().map(String),
    fc.string({ unit: fc.constantFrom('0', '9'), minLength: 100, maxLength: 5000 }),
  )

  test('the lookup gives an answer: a network, or one printable sentence', () => {
    fc.assert(
      fc.property(text, (name) => {
        const found = findNetwork(name)
        if (found.kind === 'network') return
        expect(found.reason).toMatch(/^[^\p{C}\p{Zl}\p{Zp}]{20,600}[.?]$/u)
      }),
      { numRuns: 1000 },
    )
  })

  test('case, surrounding space, and separators inside names change nothing about who is found', () => {
    fc.assert(
      fc.property(fc.constantFrom(...builtInNetworks.all), fc.constantFrom('-', '_', ' '), fc.boolean(), (network, separator, upper) => {
        for (const name of [network.id, ...network.aliases]) {
          const spaced = ` ${name.replaceAll('-', separator)}\t`
          expect(findNetwork(upper ? spaced.toUpperCase() : spaced)).toMatchObject({ kind: 'network', network: { id: network.id } })
        }
      }),
    )
  })
})

describe('whoever knows which network it is', () => {
  test('has its family by its id, without asking', () => {
    // That these compile is what is tested: a network that could be Solana has no USDC with a name, and no genesis hash if it could be Base.
    const domains: readonly string[] = [getNetwork('base').usdc.name, getEvmNetwork(84532).usdc.name]
    const hashes: readonly string[] = [getNetwork('solana').genesisHash]
    expect(domains).toEqual(['USD Coin', 'USDC'])
    expect(hashes[0]).toMatch(/^5eykt4/)
    expect(() => getEvmNetwork('solana')).toThrow('solana has no EIP-3009 token; give an EVM network such as base.')
    expect(() => getEvmNetwork('bsae')).toThrow(/"bsae" is no network that is known/)
  })
})

describe('what is said of the USDC of a known chain', () => {
  test.each(foreignNetworks.map((network) => [network.id, network] as const))(
    '%s: never that there is none where the registry has one',
    (id, network: ForeignNetwork) => {
      const answer = findNetwork(id)
      const reason = answer.kind === 'unknown' ? answer.reason : ''
      const unpublished = network.unjudged?.find(({ eip3009 }) => eip3009 === 'unpublished')
      if (network.usdc !== undefined) expect(reason).toContain(`its USDC is ${network.usdc.address}`)
      else if (unpublished === undefined) expect(reason).toContain('no USDC of Circle is known there')
      else expect(reason).toContain(`Circle's USDC there is ${unpublished.address}, whose domain nobody has published`)
    },
  )
})
