import { describe, expect, test } from 'vitest'
import { knownDomains, wrongChainIds } from './known-domains.ts'
import { builtInNetworks, createNetworks } from './networks.ts'

const domains = [...knownDomains()]

describe('knownDomains', () => {
  test('starts with the 48 domains of tokens, then what is claimed, then what is mixed up', () => {
    const standings = domains.map(({ standing }) => standing)
    expect([...new Set(standings)]).toEqual(['token', 'claimed', 'wrong'])
    expect(standings).toEqual(
      [...standings].sort((a, b) => ['token', 'claimed', 'wrong'].indexOf(a) - ['token', 'claimed', 'wrong'].indexOf(b)),
    )
    expect(standings.filter((standing) => standing === 'token')).toHaveLength(15 + 9 + 24 + 1)
  })

  test('has no domain twice', () => {
    const keys = domains.map(({ name, version, chainId, address, layout }) =>
      [name, version, chainId, address.toLowerCase(), layout].join('|'),
    )
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys.length).toBeGreaterThan(200)
  })

  test('every row says what it is and why it is there', () => {
    expect(domains.filter(({ of, why }) => of === '' || why === '')).toEqual([])
  })

  test.each([
    // The mix-ups behind real incidents.
    ['USD Coin', '2', 84532, '0x036CbD53842c5426634e7929541eC2318f3dCF7e', 'the name of USDC on other networks'],
    ['USDC', '2', 8453, '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', 'the name of USDC on other networks'],
    ['USD Coin', '1', 43114, '0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E', "version 1, a tutorial's"],
    ['USDC', '2', 998, '0xb88339CB7199b77E23DB6E890353E22632Ba630f', 'chain id 998 in place of 999'],
    [
      'USD Coin',
      '2',
      333,
      '0x2B3370eE501B4a559b57D449569354196457D8Ab',
      'the name of USDC on other networks, chain id 333 in place of 998',
    ],
    ['USDC', '2', 44787, '0x01C5C0122039549AD1493B8220cABEdD739BC44E', 'chain id 44787 in place of 11142220'],
    ['USDC', '2', 713715, '0x4fCF1784B31630811181f670Aea7A7bEF803eaED', 'chain id 713715 in place of 1328'],
    ['USDC', '2', 421614, '0x75faf114eafb1BDbe2F0316DF893fd58CE46AA4d', 'the name of USDC on other networks'],
    ['GatewayWalletBatched', '1', 8453, '0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE', 'signed for Gateway, not for the token'],
    ['GatewayWalletBatched', '1', 137, '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359', "Gateway's name and version on the token's address"],
  ])('has %s/%s on %d at %s', (name, version, chainId, address, why) => {
    expect(domains).toContainEqual({ name, version, chainId, address, layout: 'standard', standing: 'wrong', of: expect.any(String), why })
  })

  test("has Polygon's salted domain with its separator", () => {
    expect(domains).toContainEqual({
      name: 'USD Coin (PoS)',
      version: '1',
      chainId: 137,
      address: '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174',
      layout: 'salt',
      separator: '0x294369e003769a2d4d625e8a9ebebffa09ff70dd7c708497d8b56d2c2d199a19',
      standing: 'token',
      of: 'USDC.e on polygon (lookalike)',
      why: 'its own domain',
    })
  })

  test('is lazy enough to be stopped, and covers networks of the user', () => {
    const networks = createNetworks([
      { id: 'my-chain', chainId: 31337, usdc: { address: '0x036CbD53842c5426634e7929541eC2318f3dCF7e', name: 'My Dollar' } },
    ])
    const mine = [...knownDomains(networks)].filter(({ chainId }) => chainId === 31337)
    expect(mine.slice(0, 2).map(({ name, version, standing }) => `${name}/${version} ${standing}`)).toEqual([
      'My Dollar/2 token',
      'USD Coin/2 wrong',
    ])
  })
})

test('wrong chain ids come from the wrong values that were seen', () => {
  const pairs = builtInNetworks.all.flatMap((network) =>
    network.family === 'evm' ? wrongChainIds(network).map((id) => [network.id, id]) : [],
  )
  expect(pairs).toEqual([
    ['celo-sepolia', 44787],
    ['hyperevm', 998],
    ['hyperevm-testnet', 333],
    ['sei-testnet', 713715],
  ])
})
