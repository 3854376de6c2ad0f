import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Address, createPublicClient, domainSeparator, type Hex, hexToBigInt, http, parseAbi } from 'viem'
import { afterEach, describe, expect, it } from 'vitest'
import { base } from '../../networks/base.ts'
import { baseSepolia } from '../../networks/base-sepolia.ts'
import { getNetwork } from '../../networks/find-network.ts'
import type { EvmNetwork } from '../../networks/network.ts'
import { builtInNetworks } from '../../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { type EmbeddedChain, type EmbeddedOptions, embeddedReplayer, openChain } from './open-chain.ts'
import { accounts, modelToken, placeToken, setCode } from './place-token.ts'
import { replayPayment } from './replay-payment.ts'
import { type ControlSetting, showControls } from './show-controls.ts'
import { startAnvil } from './start-anvil.ts'

const abi = parseAbi([
  'function DOMAIN_SEPARATOR() view returns (bytes32)',
  'function name() view returns (string)',
  'function symbol() view returns (string)',
  'function decimals() view returns (uint8)',
  'function version() view returns (string)',
  'function owner() view returns (address)',
  'function pauser() view returns (address)',
  'function paused() view returns (bool)',
  'function blacklister() view returns (address)',
  'function masterMinter() view returns (address)',
  'function isBlacklisted(address) view returns (bool)',
  'function balanceOf(address) view returns (uint256)',
  'function authorizationState(address,bytes32) view returns (bool)',
  'function feeCaller() view returns (address)',
  'function implementation() view returns (address)',
])

const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((chain) => chain.close()))
})

async function open(...args: Parameters<typeof openChain>): Promise<EmbeddedChain> {
  const chain = await openChain(...args)
  opened.push(chain)
  return chain
}

const clientOf = (chain: EmbeddedChain) =>
  createPublicClient({ transport: http(`http://127.0.0.1:${chain.anvil.port}`, { retryCount: 0 }), cacheTime: 0 })

/** `DOMAIN_SEPARATOR()` as the chains answer it, from published sources; XDC's, Celo Sepolia's and Sei testnet's are not published. */
const published: Readonly<Record<number, Hex>> = {
  84532: '0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818',
  8453: '0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f',
  43113: '0xfe9fa105a0e9629446730e544caa6b8d05d8d4fc93451750dc50e2ddd6d374b3',
  43114: '0xbbea200329a938bc3438984a49cb0732e66d66d7bd59c127abacc1710e77f7b3',
  80002: '0x5cddc98319864e897e4469bd1d13c2288c677047b54b8cca12bd342adb6be9eb',
  137: '0xcaa2ce1a5703ccbe253a34eb3166df60a705c561b44b192061e28f2a985be2ca',
  10: '0x26d9c34bb1a1c312f69c53b2d93b8be20faafba63af2438c6811713c9b1f933f',
  11155420: '0x09d038a3e46040fc37eb01174dbbcdb7981fbd8eafd9e1a857b1c67805dfb29e',
  42220: '0xb2ce31d2838445fa765a491f550e7c78ac7280ab0f3bc9d6063a86df9c3fb578',
  999: '0x70a72998ad787d1a9152a8f88ccfe0766b1cb293b6b4011b34523035da10b0a3',
  998: '0xf26c39ac3b2040472381fddbd35212755a23586ffb86e608e151af6caa1d465e',
  1329: '0x0a19136106ae98d2c245cbbd451f3cb2bbbb1670e1ee191abacb5a5e255c0255',
}

const evmNetworks = builtInNetworks.all.filter((network): network is EvmNetwork => network.family === 'evm')

describe('a chain for a network that is known', () => {
  it.each<readonly [string, Parameters<typeof openChain>[0]]>([
    ['by its id', 'base'],
    ['by its chain id', 8453],
    ['by its CAIP-2 id', 'eip155:8453'],
    ['as getNetwork gives it', { network: getNetwork('base') }],
  ])('%s', async (_name, target) => {
    const { chainId, token, separator } = await open(target)
    // As Base's own USDC answers it.
    expect([chainId, token, separator]).toEqual([
      8453,
      '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
      '0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f',
    ])
  })

  it('is refused in a sentence for one that is not, or has no EIP-3009', async () => {
    await expect(openChain('bsae' as 'base')).rejects.toMatchObject({ code: 'unknown-network' })
    await expect(openChain('solana' as 'base')).rejects.toMatchObject({ code: 'unsupported-input' })
  })
})

describe('openChain', () => {
  it('has networks to be tested with', () => {
    expect(evmNetworks.length).toBe(15)
  })

  it.each(evmNetworks.map((network) => [network.id, network] as const))('is %s as far as its USDC can tell', async (_, network) => {
    const { usdc, chainId } = network
    const chain = await open({ network })
    const client = clientOf(chain)
    const read = (functionName: 'DOMAIN_SEPARATOR' | 'name' | 'symbol' | 'decimals' | 'version' | 'owner' | 'pauser' | 'blacklister') =>
      client.readContract({ abi, address: usdc.address, functionName })
    const separator =
      published[chainId] ?? usdc.separator ?? domainSeparator({ domain: { ...usdc, chainId, verifyingContract: usdc.address } })

    expect(await client.getChainId()).toBe(chainId)
    expect(await read('DOMAIN_SEPARATOR')).toBe(separator)
    expect(chain.separator).toBe(separator)
    expect([await read('name'), await read('symbol'), await read('decimals'), await read('version')]).toEqual([
      usdc.name,
      usdc.symbol,
      usdc.decimals,
      '2',
    ])
    expect([await read('owner'), await read('pauser'), await read('blacklister')]).toEqual([
      accounts.owner,
      accounts.pauser,
      accounts.blacklister,
    ])
    expect(chain.controls).toHaveLength(3)
    expect(chain.description).toContain(`embedded ${network.id}, FiatToken`)
  })

  it("has Celo's own implementation on Celo", async () => {
    const celo = evmNetworks.find(({ id }) => id === 'celo')
    expect(celo).toBeDefined()
    if (celo === undefined) return
    const chain = await open({ network: celo })
    // Only FiatTokenCelo has this function.
    expect(await clientOf(chain).readContract({ abi, address: chain.token, functionName: 'feeCaller' })).toBe(
      '0x0000000000000000000000000000000000000000',
    )
    expect(chain.description).toBe('embedded celo, FiatTokenCelo v2.2')
  })

  it('opens a chain that no registry knows, with a domain that somebody gave', async () => {
    const token = { address: '0x5425890298aed601595a70AB815c96711a31Bc65', name: 'USD Coin', version: '2' } as const
    const chain = await open({ chainId: 36963, token })
    // The separator that the owner of this test vector publishes with his signature.
    expect(chain.separator).toBe(
      domainSeparator({ domain: { name: 'USD Coin', version: '2', chainId: 36963, verifyingContract: token.address } }),
    )
    // Nobody said what contract it is.
    expect(chain.description).toBe('embedded chain 36963, FiatToken v2.2, our stand-in')
    expect(chain.code).toEqual({ kind: 'stand-in', family: 'FiatTokenV2_2', of: null })
  })

  it.each([
    ['version "1"', { version: '1' }, { version: '1', chainId: 7 }],
    ['no bytes overload', { overloads: { vrs: true, bytes: false } }, { version: '2', chainId: 7 }],
    ['the salt layout', { layout: 'salt' }, { version: '2', salt: `0x${'7'.padStart(64, '0')}` }],
  ] as const)('stands in for a token with %s', async (_, difference, domain) => {
    const address = '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174'
    const chain = await open({ chainId: 7, token: { address, name: 'USD Coin (PoS)', version: '2', ...difference } })
    const expected = domainSeparator({ domain: { name: 'USD Coin (PoS)', verifyingContract: address, ...domain } })
    expect(await clientOf(chain).readContract({ abi, address, functionName: 'DOMAIN_SEPARATOR' })).toBe(expected)
    expect(chain.description).toContain('FiatToken v2.1')
  })

  it('opens another token of a network', async () => {
    const eurc = base.otherTokens.find(({ symbol }) => symbol === 'EURC')
    expect(eurc?.separator).toBeDefined()
    if (eurc === undefined) return
    const chain = await open({ network: base, token: eurc })
    expect(chain.separator).toBe(eurc.separator)
    expect(chain.description).toContain('embedded base EURC, FiatToken')
  })

  it('opens two chains at once', async () => {
    const [one, two] = await Promise.all([open({ network: base }), open({ network: baseSepolia })])
    expect(one.anvil.port).not.toBe(two.anvil.port)
    expect([await clientOf(one).getChainId(), await clientOf(two).getChainId()]).toEqual([8453, 84532])
  })

  it('is opened by embeddedReplayer', async () => {
    const chain = await embeddedReplayer().open({ network: baseSepolia })
    opened.push(chain)
    expect(chain.separator).toBe(published[84532])
  })

  it('refuses what is no chain and no token', async () => {
    const token = { address: base.usdc.address, name: 'USD Coin', version: '2' }
    await expect(openChain({ chainId: 0, token })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Eip3009Error: A chain id is a whole number above 0; got 0.]`,
    )
    await expect(openChain({ chainId: 1.5, token })).rejects.toMatchObject({ code: 'invalid-argument' })
    await expect(openChain({ chainId: 1, token: { ...token, address: '0x1234' } })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Eip3009Error: A token's address has 40 hex digits; got "0x1234".]`,
    )
  })
})

describe('controls', () => {
  it('refuse a chain whose separator is not the published one', async () => {
    const usdc = { ...base.usdc, separator: published[84532] as Hex }
    await expect(openChain({ network: { ...base, usdc } })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Eip3009Error: The embedded base, FiatToken v2.2 cannot be used, and nothing that it shows would count: DOMAIN_SEPARATOR() returns 0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f, but 0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818 is published for it.]`,
    )
  })

  it('refuse a token at an address that cannot have code', async () => {
    const identity = '0x0000000000000000000000000000000000000004'
    await expect(openChain({ chainId: 1, token: { address: identity, name: 'USDC', version: '2' } })).rejects.toMatchObject({
      name: 'Eip3009Error',
      code: 'controls-failed',
    })
  })

  it.each([
    ['accepts everything', accounts.checker, '0x600160005260206000f3'],
    ['accepts nothing', accounts.checker, '0x600060005260206000f3'],
    ['always reverts', base.usdc.address, '0x60006000fd'],
    ['does nothing', base.usdc.address, '0x00'],
    ['is not there', base.usdc.address, '0x'],
  ] as const)('refuse a token that %s', async (_, address, code) => {
    const token = modelToken({ network: base })
    const anvil = await startAnvil({ chainId: base.chainId })
    opened.push({ close: anvil.stop })
    const separator = await placeToken(anvil, token)
    const [relayer, payer] = (await anvil.request('eth_accounts')) as [Address, Address]
    const setting: ControlSetting = {
      at: 2n,
      interventions: [],
      replay: (payment, options) => replayPayment(anvil, token, relayer, payment, options),
      refusal: 'FiatTokenV2: invalid signature',
    }
    await expect(showControls(anvil, token, separator, payer, setting)).resolves.toHaveLength(3)
    await anvil.batch([setCode(address, code)])
    await expect(showControls(anvil, token, separator, payer, setting)).rejects.toMatchObject({ code: 'controls-failed' })
  })
})

describe('no way out', () => {
  /** A good payment of Base Sepolia's, settled there in block 38846084. */
  const payment: Pick<Payment, 'authorization' | 'signature' | 'primaryType'> = {
    primaryType: 'TransferWithAuthorization',
    authorization: {
      from: '0x92F6E9deBbEb778a245916Cf52DD7F54429Fff24',
      to: '0x92F6E9deBbEb778a245916Cf52DD7F54429Fff24',
      value: 1n,
      validAfter: 1773459853n,
      validBefore: 1773460753n,
      nonce: '0xd69ee77aaef44461d96876126f5baa7eaa482d1a402081cd424e7db305717590',
    },
    signature:
      '0x657eefd1276766f5e6e34979c9cd4e8def2563d4cfaf8f29f5ae6f7ffab52cd9081096c50ffd0a322bc37b8beec7c33659c02332273510e2f34521e05e868d051c',
  }

  it('talks to its own anvil and to nobody else, whatever URLs lie about', async () => {
    const heard: string[] = []
    const decoy = createServer((request, response) => {
      heard.push(request.url ?? '')
      response.end('{}')
    })
    decoy.on('connect', (request) => heard.push(`CONNECT ${request.url}`))
    await new Promise<void>((resolve) => decoy.listen(0, '127.0.0.1', resolve))
    const { port } = decoy.address() as AddressInfo
    const url = `http://127.0.0.1:${port}`
    const variables = ['ETH_RPC_URL', 'FOUNDRY_ETH_RPC_URL', 'HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'ANVIL_IP_ADDR']
    const before = variables.map((name) => process.env[name])
    try {
      for (const name of variables) process.env[name] = name === 'ANVIL_IP_ADDR' ? '0.0.0.0' : url
      const urls = { url, rpcUrl: url, forkUrl: url, host: '127.0.0.1', port, transport: http(url) }
      const chain = await open({ ...urls, network: { ...baseSepolia, rpcUrls: [url], explorerUrl: url } }, urls as EmbeddedOptions)
      const outcome = await chain.replay({ ...payment, ...urls }, { ...urls, at: 1773460000n })
      expect(outcome.status).toBe('settled')
      expect(chain.anvil.port).not.toBe(port)
      expect(heard).toEqual([])
    } finally {
      variables.forEach((name, index) => {
        const value = before[index]
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      })
      decoy.close()
    }
  })

  it('burns exactly the gas that the settled transaction burnt on Base Sepolia', async () => {
    const chain = await open({ network: baseSepolia })
    const outcome = await chain.replay(payment, { at: 1773460000n })
    expect(outcome.status).toBe('settled')
    // Of 0x6930b99758fe999681719bff43ce9f24acadeb1099d41e941ba6908c58ed3f04: the same code took the same path.
    expect(outcome.gasUsed).toBe(78176n)
  })

  it('leaves the chain as it was', async () => {
    const chain = await open({ network: baseSepolia })
    const client = clientOf(chain)
    const { from, nonce } = payment.authorization
    const state = async () => {
      const read = { abi, address: chain.token } as const
      return {
        block: (await client.getBlock()).hash,
        code: await client.getCode({ address: from }),
        proxy: await client.getStorageAt({
          address: chain.token,
          slot: '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3',
        }),
        cachedSeparator: await client.getStorageAt({ address: chain.token, slot: '0xf' }),
        separator: await client.readContract({ ...read, functionName: 'DOMAIN_SEPARATOR' }),
        balance: await client.readContract({ ...read, functionName: 'balanceOf', args: [from] }),
        blacklisted: await client.readContract({ ...read, functionName: 'isBlacklisted', args: [from] }),
        paused: await client.readContract({ ...read, functionName: 'paused' }),
        used: await client.readContract({ ...read, functionName: 'authorizationState', args: [from, nonce] }),
        relayed: await client.getTransactionCount({ address: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266' }),
      }
    }
    const before = await state()
    expect(hexToBigInt(before.proxy ?? '0x')).toBe(BigInt(accounts.implementation))
    expect([before.paused, before.used, before.blacklisted, before.balance]).toEqual([false, false, false, 0n])
    await chain.replay(payment, { at: 1773460000n })
    await chain.replay(payment, {
      at: 1n,
      interventions: [
        { kind: 'time', at: 2n ** 64n - 1n },
        { kind: 'payer-code', code: '0x6000' },
        { kind: 'balance', value: 7n },
        { kind: 'blacklist', address: from },
        { kind: 'paused' },
        { kind: 'nonce-used' },
        { kind: 'token-separator', separator: published[8453] as Hex },
      ],
    })
    await expect(chain.replay(payment, { at: -1n })).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(await state()).toEqual(before)
  })
})
