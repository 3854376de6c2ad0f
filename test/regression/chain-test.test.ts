import { createChainTest } from '@eip3009/core/vitest'
import { type FixtureCause, fixture, fixtureSigner } from '@eip3009/fixtures'
import { createPublicClient, createTestClient, createWalletClient, http, pad, parseAbi, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect as bareExpect, describe, it } from 'vitest'

const account = privateKeyToAccount(fixtureSigner.privateKey)
const test = createChainTest({ network: 'base' })
const abi = parseAbi(['function name() view returns (string)', 'function DOMAIN_SEPARATOR() view returns (bytes32)'])

const members = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const

/** What a client sends, signed by viem under the domain that the chain gives. */
async function pay(
  domain: { name: string; version: string; chainId: number; address: `0x${string}` },
  changes: { validBefore?: bigint } = {},
) {
  const now = BigInt(Math.floor(Date.now() / 1000))
  const authorization = {
    from: account.address,
    to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    value: 10_000n,
    validAfter: now - 600n,
    validBefore: now + 600n,
    nonce: pad('0x01'),
    ...changes,
  } as const
  const signature = await account.signTypedData({
    domain: { name: domain.name, version: domain.version, chainId: domain.chainId, verifyingContract: domain.address },
    types: { TransferWithAuthorization: members },
    primaryType: 'TransferWithAuthorization',
    message: authorization,
  })
  const texts = Object.fromEntries(Object.entries(authorization).map(([name, value]) => [name, String(value)]))
  return { signature, authorization: texts }
}

const messageOf = (work: () => Promise<unknown>): Promise<string> =>
  work().then(
    () => 'it passed',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )

describe('a chain test', () => {
  test("has Circle's contract at the network's address, for a client of its own", async ({ chain, expect }) => {
    const client = createPublicClient({ transport: http(chain.rpcUrl) })
    expect(await client.getChainId()).toBe(8453)
    expect(await client.readContract({ abi, address: chain.usdc.address, functionName: 'name' })).toBe('USD Coin')
    // As Base's own USDC answers it.
    expect(await client.readContract({ abi, address: chain.usdc.address, functionName: 'DOMAIN_SEPARATOR' })).toBe(
      '0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f',
    )
    expect(chain.usdc.domain).toEqual({ name: 'USD Coin', version: '2', chainId: 8453n, verifyingContract: chain.usdc.address })
  })

  test('takes what was signed for it', async ({ chain, expect }) => {
    await expect(await pay(chain.usdc)).toSettle()
    await expect(await pay(chain.usdc)).toRecoverTo(account.address)
    await expect(await pay(chain.usdc)).not.toRecoverTo(chain.usdc.address)
  })

  test('refuses what was signed under another name, and names it', async ({ chain, expect }) => {
    const wrong = await pay({ ...chain.usdc, name: 'USDC' })
    await expect(wrong).toFailWith('domain-name-mismatch')
    await expect(wrong).not.toSettle()
    await expect(wrong).not.toFailWith('expired')
    await expect(wrong).not.toRecoverTo(account.address)
  })

  test('a token that nobody knows is asked under its own domain, not USDC under its', async ({ chain, expect }) => {
    const asset = '0x00000000000000000000000000000000000000AA'
    const { signature, authorization } = await pay({ ...chain.usdc, address: asset })
    const offer = { scheme: 'exact', network: 'base', maxAmountRequired: '10000', resource: 'https://example.com/paid', asset }
    await expect({
      x402Version: 1,
      paymentPayload: { x402Version: 1, scheme: 'exact', network: 'base', payload: { signature, authorization } },
      paymentRequirements: { ...offer, payTo: authorization.to, maxTimeoutSeconds: 60, extra: { name: 'USD Coin', version: '2' } },
    }).toRecoverTo(account.address)
  })

  test('judges now, or when it is told', async ({ chain, expect }) => {
    const late = await pay(chain.usdc, { validBefore: 1_761_925_342n })
    await expect(late).not.toSettle()
    await expect(await pay(chain.usdc, { validBefore: BigInt(Math.floor(Date.now() / 1000)) })).not.toSettle()
    const { input, at } = fixture('base', 'valid')
    await expect(input).toSettle({ at })
    await expect({ input, at }).toSettle()
    await expect({ payment: input, at: new Date(at * 1000).toISOString() }).toSettle()
    await expect(fixture('base', 'expired')).toFailWith('expired')
  })
})

describe('every fixture of Base', () => {
  const causes = [
    'domain-version-mismatch',
    'chain-id-mismatch',
    'eip712domain-type-missing',
    'message-altered',
    'v-0-or-1',
    'high-s',
  ] as const
  test.for(causes satisfies readonly FixtureCause[])('toFailWith %s', async (cause, { expect }) => {
    await expect(fixture('base', cause)).toFailWith(cause)
    await expect(fixture('base', cause)).not.toSettle()
  })
})

describe('a failed assertion', () => {
  test('reads like a diagnosis', async ({ expect }) => {
    expect(await messageOf(() => expect(fixture('base', 'domain-name-mismatch')).toSettle())).toMatch(
      /^expected the payment to settle, but it fails:\n\n✗ FAILS +The client signed for a token named "[^"]+"\. The USDC of base is named "USD Coin"\.\n +cause domain-name-mismatch · fault [^\n]+ · proven by replay.+Token says +FiatTokenV2: invalid signature.+With the fix +settles.+Fix +sign with name "USD Coin"/s,
    )
    const message = await messageOf(() => expect(fixture('base', 'v-0-or-1')).toFailWith('expired'))
    expect(message).toMatch(/^expected the payment to fail with expired, but it fails with v-0-or-1:\n/)
    expect(message).toContain('eip3009 explain v-0-or-1')
    expect(await messageOf(() => expect(fixture('base', 'valid')).toFailWith('expired'))).toMatch(/but it settles:\n/)
    expect(await messageOf(() => expect(fixture('base', 'valid')).not.toSettle())).toMatch(
      /^expected the payment not to settle, but it does:\n/,
    )
    expect(await messageOf(() => expect(fixture('base', 'expired')).not.toFailWith('expired'))).toMatch(
      /^expected the payment not to fail with/,
    )
    expect(await messageOf(() => expect(fixture('base', 'valid')).toRecoverTo(`0x${'1'.repeat(40)}`))).toContain(
      `but it recovers to ${account.address}`,
    )
    expect(await messageOf(() => expect(fixture('base', 'v-0-or-1')).toRecoverTo(account.address))).toContain(
      'the token does not come to recover it: it answers "ECRecover: invalid signature \'v\' value"',
    )
  })

  test('says which chain it would take', async ({ expect }) => {
    expect(await messageOf(() => expect(fixture('polygon', 'valid')).toSettle())).toBe(
      "expected the payment to settle, but it is for polygon, and this test's chain is base: sign for base, or use createChainTest({ network: 'polygon' })",
    )
    await expect(fixture('polygon', 'domain-name-mismatch')).toFailWith('domain-name-mismatch')
  })

  test('says what it could not read', async ({ expect }) => {
    expect(await messageOf(() => expect({ hello: 'world' }).not.toSettle())).toContain('expected an x402 body or header')
    expect(await messageOf(() => expect(fixture('base', 'valid')).toFailWith('domain-name-mismtach' as never))).toBe(
      'toFailWith takes the id of a cause; got "domain-name-mismtach" (did you mean "domain-name-mismatch"?). eip3009 explain lists all.',
    )
    expect(await messageOf(() => expect(fixture('base', 'valid')).toRecoverTo('me'))).toContain('toRecoverTo takes an address')
    expect(await messageOf(() => expect(fixture('base', 'valid')).toSettle({ at: 1.5 }))).toContain('whole number; got 1.5')
  })
})

describe('tests do not see each other', () => {
  const slot = toHex(777, { size: 32 })
  const ports = new Set<string>()
  const writeAndRead = async (rpcUrl: string, usdc: `0x${string}`): Promise<readonly [unknown, unknown, bigint]> => {
    const client = createTestClient({ mode: 'anvil', transport: http(rpcUrl) })
    const reader = createPublicClient({ transport: http(rpcUrl), cacheTime: 0 })
    const before = await reader.getStorageAt({ address: usdc, slot })
    const height = await reader.getBlockNumber()
    await client.setStorageAt({ address: usdc, index: slot, value: pad('0x2a') })
    await client.setAutomine(true)
    await createWalletClient({ account: `0x${'b'.repeat(40)}`, transport: http(rpcUrl) }).sendTransaction({
      chain: null,
      to: usdc,
      gas: 30_000n,
      gasPrice: 0n,
    })
    return [before, await reader.getStorageAt({ address: usdc, slot }), (await reader.getBlockNumber()) - height]
  }

  test.for(['first', 'second', 'third'])('one after another: the %s', async (_, { chain, expect }) => {
    ports.add(chain.rpcUrl)
    expect(await writeAndRead(chain.rpcUrl, chain.usdc.address)).toEqual([toHex(0, { size: 32 }), pad('0x2a'), 1n])
    expect(ports.size).toBe(1)
    // The token is still the token.
    await expect(fixture('base', 'valid')).toSettle()
  })

  const held = new Set<string>()
  const together = Array.from({ length: 4 }, (_, index) => index)
  describe.concurrent('side by side', () => {
    test.for(together)('number %s', async (_, { chain, expect }) => {
      expect(held.has(chain.rpcUrl)).toBe(false)
      held.add(chain.rpcUrl)
      expect(await writeAndRead(chain.rpcUrl, chain.usdc.address)).toEqual([toHex(0, { size: 32 }), pad('0x2a'), 1n])
      await expect(await pay(chain.usdc)).toSettle()
      await expect(await pay({ ...chain.usdc, name: 'USDC' })).toFailWith('domain-name-mismatch')
      held.delete(chain.rpcUrl)
    })
  })
})

describe('without a chain test', () => {
  it('a payment is judged on a chain of the network that it names', async () => {
    await bareExpect(fixture('celo', 'valid')).toSettle()
    await bareExpect(fixture('celo', 'domain-version-mismatch')).toFailWith('domain-version-mismatch')
    await bareExpect(fixture('celo', 'valid')).toRecoverTo(account.address)
  })
})

describe('createChainTest', () => {
  it('refuses what is no network with EIP-3009', () => {
    const create = createChainTest as (options: object) => unknown
    bareExpect(() => create({ network: 'bse' })).toThrowErrorMatchingInlineSnapshot(
      `[Eip3009Error: "bse" is no network that is known; did you mean base (8453)?]`,
    )
    bareExpect(() => create({ network: 'solana' })).toThrowErrorMatchingInlineSnapshot(
      `[Eip3009Error: solana has no EIP-3009 token; give an EVM network such as base.]`,
    )
    bareExpect(() => create({})).toThrowErrorMatchingInlineSnapshot(
      `[Eip3009Error: A chain test needs a network or a forkUrl: createChainTest({ network: 'base' }).]`,
    )
  })
})
