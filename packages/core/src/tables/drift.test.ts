import { hashDomain } from 'viem'
import { describe, expect, it } from 'vitest'
import type { EvmNetwork, Network, WrongValue } from '../networks/network.ts'
import { builtInNetworks } from '../networks/networks.ts'
import { type DriftOptions, findDrift } from './drift.ts'
import { readTable } from './table.ts'

const driftOf = (table: unknown, options?: DriftOptions) => findDrift(readTable(table), options)
const linesOf = (table: unknown) => driftOf(table).drifts.map(({ line }) => line)

const usdc = {
  base: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  'base-sepolia': '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
  polygon: '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359',
} as const

describe('every wrong value that was seen is found when a table has it', () => {
  /** A table as somebody would write it, right but for the one value. */
  function tableWith(network: Network, { fact, wrong }: WrongValue): unknown {
    if (network.family === 'solana') return { [wrong]: { asset: network.mint, decimals: 6 } }
    const [, list, symbol, field] = /^(otherTokens|lookalikes)\[(.+?)\]\.(?:domains\[0\]\.)?(.+)$/.exec(fact) ?? []
    if (list !== undefined && symbol !== undefined && field !== undefined) {
      const token = network[list as 'otherTokens' | 'lookalikes'].find((each) => each.symbol === symbol)
      const domain = token !== undefined && 'domains' in token ? token.domains[0] : token
      const entry = { symbol, address: token?.address, name: domain?.name, version: domain?.version }
      return [{ network: network.id, ...entry, ...(field === 'overloads.vrs' ? { eip3009: wrong === 'true' } : { [field]: wrong }) }]
    }
    const { address, name, version, decimals } = network.usdc
    const own = { address, name, version, decimals }
    const known: Readonly<Record<string, unknown>> = {
      chainId: { [network.id]: { chainId: Number(wrong), usdc: own } },
      caip2: { [wrong]: { ...own, network: network.id } },
      'usdc.name': { [network.id]: { ...own, name: wrong } },
      'usdc.version': { [network.id]: { ...own, version: wrong } },
      'usdc.address': { [network.chainId]: { usdcAddress: wrong, usdcName: name } },
      'usdc.separator': { [network.caip2]: { ...own, domainSeparator: wrong } },
      'usdc.symbol': { [network.id]: { ...own, symbol: wrong } },
      multicall3: { [network.id]: { contracts: { multicall3: { address: wrong } } } },
      blockTime: { [network.id]: { blockTime: Number(wrong) } },
      'rpcUrls[0]': { [network.id]: { rpcUrls: { default: { http: [`${wrong}/`] } } } },
      explorerUrl: { [network.id]: { blockExplorer: wrong } },
    }
    return known[fact]
  }

  const rows = builtInNetworks.all.flatMap((network) =>
    network.wrongValues.map((wrong) => [network.id, wrong.fact, wrong.wrong, network, wrong] as const),
  )

  it('and there are 39 of them', () => {
    expect(rows).toHaveLength(39)
  })

  it.each(rows)('%s: %s is not %s', (id, fact, wrong, network, wrongValue) => {
    const { drifts } = driftOf(tableWith(network, wrongValue))
    const found = drifts.find((drift) => drift.network === id && drift.fact === fact && drift.seen.replace(/\/$/, '') === wrong)
    expect(found).toMatchObject({ expected: wrongValue.right, seenIn: wrongValue.seenIn })
    expect(found?.line).toContain(wrong)
    expect(found?.line).toContain(wrongValue.right)
    // The rest of the table is right.
    expect(drifts.filter((drift) => drift.fact !== fact && !(fact === 'caip2' && drift.fact === 'chainId'))).toEqual([])
  })
})

describe('a table that is right has no drift', () => {
  const evm = builtInNetworks.all.filter((network): network is EvmNetwork => network.family === 'evm')
  const shapes: Readonly<Record<string, (network: EvmNetwork) => readonly [string | number, unknown]>> = {
    'x402 chainConfig': ({ chainId, usdc: { address, name } }) => [chainId, { usdcAddress: address.toLowerCase(), usdcName: name }],
    '@x402/evm DEFAULT_ASSETS': ({ caip2, usdc: { address, name, version, decimals, symbol }, otherTokens }) => [
      caip2,
      [
        { asset: address, name, version, decimals, symbol },
        ...otherTokens.map((token) => ({
          asset: token.address,
          name: token.name,
          version: token.version,
          decimals: 6,
          symbol: token.symbol,
        })),
      ],
    ],
    'getDefaultAsset with eip712': ({ id, usdc: { address, name, version } }) => [id, { address, decimals: 6, eip712: { name, version } }],
    'payment requirements': ({ id, caip2, usdc: { address, name, version } }) => [
      id,
      { scheme: 'exact', network: caip2, asset: address, payTo: usdc.base, maxTimeoutSeconds: 60, extra: { name, version } },
    ],
    'facinet CHAINS': ({ id, chainId, usdc: { address, name, version }, rpcUrls, explorerUrl }) => [
      id,
      {
        name: id,
        displayName: 'A chain',
        chainId,
        rpcUrl: rpcUrls[0],
        usdcAddress: address,
        usdcDecimals: 6,
        gasToken: 'ETH',
        blockExplorer: explorerUrl,
        erc3009DomainName: name,
        erc3009DomainVersion: version,
      },
    ],
    'KNOWN_TOKENS of Python SDKs': ({ chainId, usdc: { address, name, version } }) => [
      String(chainId),
      [{ human_name: 'usdc', address, name, decimals: 6, version }],
    ],
    'x402-rs as JSON': ({ id, chainId, usdc: { address, name, version } }) => [
      id,
      { asset: { address, network: id, chain_id: chainId }, decimals: 6, eip712: { name, version } },
    ],
  }

  it.each(Object.entries(shapes))('in the shape of %s', (_shape, row) => {
    const table = Object.fromEntries(evm.map((network) => row(network)))
    const report = driftOf(table)
    expect(report.drifts).toEqual([])
    expect(report.skipped).toEqual([])
    expect(report.compared).toBeGreaterThanOrEqual(2 * evm.length)
    const list = evm.flatMap((network) => [row(network)[1]].flat().map((token) => ({ network: network.id, ...(token as object) })))
    expect(driftOf(list).drifts).toEqual([])
  })

  it('of names and chain ids, either way around, in groups', () => {
    const ids = Object.fromEntries(evm.map(({ id, chainId }) => [id, chainId]))
    const names = Object.fromEntries(evm.map(({ id, chainId }) => [chainId, id]))
    expect(driftOf({ NETWORK_TO_ID: ids, ID_TO_NETWORK: names })).toMatchObject({ drifts: [], compared: 2 * evm.length })
    const contracts = { token_contracts: { usdc: Object.fromEntries(evm.map(({ id, usdc: token }) => [id, token.address])) } }
    expect(driftOf(contracts)).toMatchObject({ drifts: [], compared: evm.length })
    const known = {
      USDC: { network: Object.fromEntries(evm.map(({ caip2, usdc: { address, name } }) => [caip2, { address, contractName: name }])) },
    }
    expect(driftOf(known)).toMatchObject({ drifts: [], compared: 3 * evm.length })
  })

  it('of the registry itself, as JSON', () => {
    expect(driftOf(JSON.parse(JSON.stringify(evm))).drifts.filter(({ path }) => !/wrongValues|otherDomains|domains/.test(path))).toEqual([])
  })
})

describe('a line', () => {
  it('can be pasted into a pull request, and its separator is the one that viem computes from the values in it', () => {
    const domain = { name: 'USD Coin', version: '2', chainId: 8453n, verifyingContract: usdc.base } as const
    const types = {
      EIP712Domain: [
        { name: 'name', type: 'string' },
        { name: 'version', type: 'string' },
        { name: 'chainId', type: 'uint256' },
        { name: 'verifyingContract', type: 'address' },
      ],
    }
    const separator = hashDomain({ domain, types } as Parameters<typeof hashDomain>[0])
    expect(linesOf({ '8453': { usdcAddress: usdc.base, usdcName: 'USDC' } })).toEqual([
      `base: EIP-712 name should be "USD Coin", not "USDC" (DOMAIN_SEPARATOR() is ${separator}, computed from name "USD Coin", version "2", chainId 8453, verifyingContract ${usdc.base})`,
    ])
  })

  it('says where the separator was read', () => {
    const separator = '0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f'
    const [drift] = driftOf(
      { base: { address: usdc.base, name: 'USDC' } },
      { proofOf: ({ id }) => (id === 'base' ? { separator, readFrom: 'https://mainnet.base.org at block 7' } : undefined) },
    ).drifts
    expect(drift?.line).toContain(`DOMAIN_SEPARATOR() is ${separator}, read from https://mainnet.base.org at block 7 and computed from`)
  })

  it('says so where nobody has published a separator', () => {
    const [line] = linesOf({ xdc: { address: '0xfA2958CB79b0491CC627c1557F441eF849Ca8eb1', name: 'USD Coin', version: '2' } })
    expect(line).toMatch(
      /^xdc: EIP-712 name should be "USDC", not "USD Coin" \(the separator is 0x[0-9a-f]{64}, computed from .*; what DOMAIN_SEPARATOR\(\) returns was not read\)$/,
    )
  })

  it('says what a wrong address is', () => {
    expect(linesOf({ base: { asset: usdc.polygon } })[0]).toContain(`not ${usdc.polygon}, which is USDC on polygon (`)
    expect(linesOf({ polygon: { asset: '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174' } })[0]).toContain('which is USDC.e on polygon (')
  })

  it('escapes what could rewrite a terminal', () => {
    const [line] = linesOf({ base: { address: usdc.base, name: 'USD\u001b[2K Coin' } })
    expect(line).toContain('not "USD\\u{1b}[2K Coin"')
  })
})

describe('wrong chain ids', () => {
  const hyperevm = '0xb88339CB7199b77E23DB6E890353E22632Ba630f'

  it('are told from another network by the token: 998 is the testnet, but not with the mainnet’s USDC', () => {
    expect(linesOf({ '998': { usdcAddress: hyperevm, usdcName: 'USDC' } })[0]).toContain('hyperevm: chain id should be 999, not 998')
    expect(linesOf({ '998': { usdcAddress: '0x2B3370eE501B4a559b57D449569354196457D8Ab', usdcName: 'USDC' } })).toEqual([])
  })

  it('in hex, in CAIP-2, beside a name', () => {
    expect(linesOf({ base: { chainId: '0x2105' } })).toEqual([])
    expect(linesOf({ base: { chainId: '0x14a34' } })[0]).toContain('base: chain id should be 8453, not 84532')
    expect(linesOf({ 'eip155:44787': { network: 'celo-sepolia' } })[0]).toContain(
      'celo-sepolia: CAIP-2 id should be eip155:11142220, not eip155:44787',
    )
    expect(linesOf({ '44787': { usdcAddress: '0x01C5C0122039549AD1493B8220cABEdD739BC44E' } })[0]).toContain(
      'chain id should be 11142220, not 44787',
    )
  })

  it('of chains that are retired are not held against a table that still has them', () => {
    expect(driftOf({ 'base-goerli': { chainId: 84531, address: '0xF175520C52418dfE19C8098071a252da48Cd1C19' } })).toMatchObject({
      drifts: [],
      skipped: [{}],
    })
  })
})

describe('what the registry only guesses', () => {
  const ausd = { network: 'polygon', symbol: 'AUSD', address: '0x00000000eFE302BEAA2b3e6e1b18d08D69a9012a', version: '1' }

  it('is a note, not a drift', () => {
    expect(driftOf([{ ...ausd, name: 'AUSD' }])).toMatchObject({ drifts: [], notes: [] })
    expect(driftOf([{ ...ausd, name: 'Agora Dollar' }])).toMatchObject({
      drifts: [],
      notes: [{ seen: 'Agora Dollar', doubt: { confidence: 'low' } }],
    })
  })
})

describe('networks that are known but not supported', () => {
  it('are compared where their domain is sure, and noted where it is not', () => {
    const arbitrum = '0xaf88d065e77c8cC2239327C5EDb3A432268e5831'
    expect(driftOf({ 'eip155:42161': { asset: arbitrum, name: 'USD Coin', version: '2' } })).toMatchObject({
      drifts: [],
      notes: [],
      compared: 2,
    })
    expect(linesOf({ 'eip155:42161': { asset: arbitrum, name: 'USDC', version: '2' } })[0]).toContain(
      'arbitrum: EIP-712 name should be "USD Coin", not "USDC"',
    )
  })
})

describe('what is not compared', () => {
  it.each<readonly [unknown, string]>([
    [{ 'my-own-chain': { network: 'my-own-chain', address: usdc.base } }, 'no network that is known'],
    [{ 'eip155:31613': { asset: usdc.base, name: 'Mezo USD' } }, '"eip155:31613" is no network that is known'],
    [{ 'eip155:31612': { asset: usdc.base, name: 'Mezo USD' } }, 'nobody has published the domain of a USDC on mezo'],
    [
      { base: { symbol: 'PYUSD', address: '0x6c3ea9036406852006290770BEdFcAbA0e23A0e8', name: 'PayPal USD' } },
      '"PYUSD" on base is no token that is known',
    ],
    [{ 'eip155:4326': [{ asset: '0xFAfDdbb3FC7688494971a79cc65DCa3EF82079E7', name: 'MegaUSD', version: '1', decimals: 18 }] }, 'megaeth'],
    [[{ address: '0x6c3ea9036406852006290770BEdFcAbA0e23A0e8', name: 'X', version: '1' }], 'it does not say which network it is about'],
  ])('%# is skipped with a reason', (table, why) => {
    const { drifts, compared, skipped } = driftOf(table)
    expect({ drifts, compared }).toEqual({ drifts: [], compared: 0 })
    expect(skipped[0]?.why).toContain(why)
  })

  it.each([null, 1, 'text', [], {}, { a: { b: { c: [1, 2, 3] } } }, { version: '1.52.0', summary: { total_networks: 41 } }])(
    '%j says nothing',
    (table) => {
      expect(driftOf(table)).toEqual({ drifts: [], notes: [], compared: 0, networks: [], skipped: [] })
    },
  )

  it('deep and wide input ends', () => {
    let deep: unknown = { base: { address: usdc.base, name: 'USDC' } }
    for (let i = 0; i < 2000; i++) deep = { deep }
    expect(driftOf(deep).compared).toBe(0)
    expect(driftOf(Array.from({ length: 200_000 }, () => ({})))).toMatchObject({ compared: 0 })
  })
})
