import * as fc from 'fast-check'
import { encodeFunctionData, type Hex, parseAbi, parseSignature, recoverTypedDataAddress, serializeSignature } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { redact } from './redact.ts'

const hex32 = 'f3a9c07d41b2e86590ab17c4de3f5a6b82914c7e0d5b3a6f1298e4c7b5a0d3f1'
const uuid = '0b1c2d3e-4f50-4a6b-8c7d-9e0f1a2b3c4d'
const alchemy = 'aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW'
const infura = '0123456789abcdef0123456789abcdef'
const drpc = 'AkZ1xY2wV3uT4sR5qP6oN7mL8kJ9iH0gF1eD2cB3aA4z'

describe('RPC URLs, as the providers give them', () => {
  test.each([
    // Alchemy
    [`https://base-mainnet.g.alchemy.com/v2/${alchemy}`, 'https://base-mainnet.g.alchemy.com/v2/***'],
    [`wss://base-sepolia.g.alchemy.com/v2/${alchemy}`, 'wss://base-sepolia.g.alchemy.com/v2/***'],
    [`https://eth-mainnet.alchemyapi.io/v2/${alchemy}`, 'https://eth-mainnet.alchemyapi.io/v2/***'],
    [
      `https://base-mainnet.g.alchemy.com/nft/v3/${alchemy}/getNFTs?owner=vitalik`,
      'https://base-mainnet.g.alchemy.com/nft/v3/***/getNFTs?owner=vitalik',
    ],
    ['https://base-mainnet.g.alchemy.com/v2/demo', 'https://base-mainnet.g.alchemy.com/v2/***'],
    // Infura
    [`https://base-mainnet.infura.io/v3/${infura}`, 'https://base-mainnet.infura.io/v3/***'],
    [`wss://mainnet.infura.io/ws/v3/${infura}`, 'wss://mainnet.infura.io/ws/v3/***'],
    [`https://:${infura}@mainnet.infura.io/v3/${infura}`, 'https://mainnet.infura.io/v3/***'],
    // QuickNode
    [`https://orbital-withered-lake.base-mainnet.quiknode.pro/${infura}${'ab'.repeat(4)}/`, 'https://***.base-mainnet.quiknode.pro/***/'],
    [`wss://orbital-withered-lake.quiknode.pro/${infura}`, 'wss://***.quiknode.pro/***'],
    // Ankr
    [`https://rpc.ankr.com/base/${hex32}`, 'https://rpc.ankr.com/base/***'],
    [`https://rpc.ankr.com/multichain/${hex32}/?ankr_getAccountBalance=`, 'https://rpc.ankr.com/multichain/***/?ankr_getAccountBalance='],
    ['https://rpc.ankr.com/eth', 'https://rpc.ankr.com/eth'],
    // dRPC
    [`https://lb.drpc.org/ogrpc?network=base&dkey=${drpc}`, 'https://lb.drpc.org/ogrpc?network=base&dkey=***'],
    [`https://lb.drpc.live/base/${drpc}`, 'https://lb.drpc.live/base/***'],
    // Others
    [`https://base-mainnet.blastapi.io/${uuid}`, 'https://base-mainnet.blastapi.io/***'],
    [`https://base-mainnet.core.chainstack.com/${infura}`, 'https://base-mainnet.core.chainstack.com/***'],
    [`https://nd-123-456-789.p2pify.com/${infura}`, 'https://***.p2pify.com/***'],
    [`https://go.getblock.io/${infura}`, 'https://go.getblock.io/***'],
    [`https://base.gateway.tenderly.co/${alchemy.slice(0, 22)}`, 'https://base.gateway.tenderly.co/***'],
    [`https://base.blockpi.network/v1/rpc/${infura}${infura.slice(0, 8)}`, 'https://base.blockpi.network/v1/rpc/***'],
    [`https://8453.rpc.thirdweb.com/${infura}`, 'https://8453.rpc.thirdweb.com/***'],
    [`https://mainnet.helius-rpc.com/?api-key=${uuid}`, 'https://mainnet.helius-rpc.com/?api-key=***'],
    [`https://api.developer.coinbase.com/rpc/v1/base/${alchemy}`, 'https://api.developer.coinbase.com/rpc/v1/base/***'],
    [`https://name-abc123.mainnet.rpcpool.com/${uuid}`, 'https://***.mainnet.rpcpool.com/***'],
    [`https://api.pimlico.io/v2/8453/rpc?apikey=pim_${alchemy}`, 'https://api.pimlico.io/v2/8453/rpc?apikey=***'],
    [`https://api-base-mainnet.n.dwellir.com/${uuid}`, 'https://api-base-mainnet.n.dwellir.com/***'],
    // A provider nobody knows, and a node of one's own
    [`https://rpc.example.org/${alchemy}`, 'https://rpc.example.org/***'],
    [`https://rpc.example.org/base/${uuid}/`, 'https://rpc.example.org/base/***/'],
    ['https://user:hunter2@node.example.org:8545/', 'https://node.example.org:8545/'],
    ['http://user@127.0.0.1:8545', 'http://127.0.0.1:8545'],
    ['https://node.example.org/?token=hunter2&chain=base', 'https://node.example.org/?token=***&chain=base'],
    [`https://node.example.org/#${alchemy}`, 'https://node.example.org/#***'],
    [`https://x.example.org/?X-Amz-Signature=${hex32}`, 'https://x.example.org/?X-Amz-Signature=***'],
  ])('%s', (url, expected) => {
    expect(redact(url)).toBe(expected)
    expect(redact(`Error: could not reach ${url}, giving up (see "${url}").`)).toBe(
      `Error: could not reach ${expected}, giving up (see "${expected}").`,
    )
    expect(redact(JSON.stringify({ url }))).toBe(JSON.stringify({ url: expected }))
  })

  test.each([
    'https://x402.org/facilitator/verify',
    'https://api.cdp.coinbase.com/platform/v2/x402/settle',
    'https://mainnet.base.org',
    'http://127.0.0.1:8545',
    'https://base-rpc.publicnode.com',
    `https://basescan.org/tx/0x${hex32}`,
    'https://basescan.org/address/0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    'https://github.com/x402-foundation/x402/blob/91bf40b1fc2eb62ea0f85e39a3cd1e3eb1f0a9a5/typescript/package.json',
    'https://eips.ethereum.org/EIPS/eip-3009#specification',
    'https://viem.sh/docs/contract/simulateContract',
  ])('%s stays', (url) => {
    expect(redact(url)).toBe(url)
  })
})

describe('headers, settings and tokens', () => {
  const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJvcmdzLzEyMyJ9.c2lnbmF0dXJlLWdvZXMtaGVyZQ'
  test.each([
    [`Authorization: Bearer ${jwt}`, 'Authorization: Bearer ***'],
    ['authorization: Basic dXNlcjpwYXNzd29yZA==', 'authorization: Basic ***'],
    [`"authorization":"Bearer ${jwt}"`, '"authorization":"Bearer ***"'],
    ['x-api-key: sk_abc', 'x-api-key: ***'],
    ['curl -H "X-API-Key: abcdef" https://x402.org', 'curl -H "X-API-Key: ***" https://x402.org'],
    ['CDP_API_KEY_SECRET=MC4CAQAwBQYDK2VwBCIEIJ+abc/def==', 'CDP_API_KEY_SECRET=***'],
    ['CDP_API_KEY_ID="0b1c2d3e"', 'CDP_API_KEY_ID="***"'],
    ["apiKey: 'abcdef'", "apiKey: '***'"],
    ['password=hunter2 user=me', 'password=*** user=me'],
    ['Cookie: session=abcdef; theme=dark', 'Cookie: ***'],
    [`token ${jwt} was refused`, 'token *** was refused'],
    [`PRIVATE_KEY=0x${hex32}`, 'PRIVATE_KEY=***'],
    [`private key 0x${hex32} loaded`, 'private key *** loaded'],
    [`using secret ${hex32}`, 'using secret ***'],
    [`relayer key (hex): 0x${hex32}`, 'relayer key (hex): ***'],
    [`{\\"privateKey\\":\\"0x${hex32}\\"}`, '{\\"privateKey\\":\\"***\\"}'],
    [
      `-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----\nnext`,
      '-----BEGIN EC PRIVATE KEY-----***-----END EC PRIVATE KEY-----\nnext',
    ],
    [`-----BEGIN PRIVATE KEY-----\nMHcCAQEE`, '-----BEGIN PRIVATE KEY-----***'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected)
  })

  test.each([
    'FiatTokenV2: authorization is used or canceled',
    'execution reverted: EIP3009: authorization is expired',
    `nonce: 0x${hex32}`,
    `digest 0x${hex32}`,
    `transaction 0x${hex32} reverted`,
    `separator: 0x${hex32}, name: "USD Coin"`,
    'token: 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    `{"code":3,"message":"execution reverted","data":"0x08c379a0${'00'.repeat(64)}"}`,
    '-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI\n-----END PUBLIC KEY-----',
    'a cookie jar and an authorization',
  ])('%s stays', (text) => {
    expect(redact(text)).toBe(text)
  })
})

describe('a payment', () => {
  const account = privateKeyToAccount(generatePrivateKey())
  const domain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' } as const
  const types = {
    TransferWithAuthorization: [
      { name: 'from', type: 'address' },
      { name: 'to', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'validAfter', type: 'uint256' },
      { name: 'validBefore', type: 'uint256' },
      { name: 'nonce', type: 'bytes32' },
    ],
  } as const
  const message = {
    from: account.address,
    to: '0x00000000000000000000000000000000000000b2',
    value: 1n,
    validAfter: 0n,
    validBefore: 2n ** 40n,
    nonce: `0x${hex32}`,
  } as const
  const sign = () => account.signTypedData({ domain, types, primaryType: 'TransferWithAuthorization', message })
  const payment = (signature: Hex) => ({
    x402Version: 1,
    scheme: 'exact',
    network: 'base',
    payload: { signature, authorization: { ...message, value: '1', validAfter: '0', validBefore: String(2n ** 40n) } },
  })

  test('keeps v and the authorization, and loses r and s, since either may be s', async () => {
    const signature = await sign()
    const { r, s, v } = parseSignature(signature)
    const shared = redact(payment(signature))
    expect(shared).toEqual(payment(`0x${'*'.repeat(128)}${Number(v).toString(16)}` as Hex))
    for (const half of [r, s]) expect(JSON.stringify(shared)).not.toContain(half.slice(2, 18))
    // The original is as it was, and still good.
    expect(await recoverTypedDataAddress({ domain, types, primaryType: 'TransferWithAuthorization', message, signature })).toBe(
      account.address,
    )
  })

  test('in every form in which a log carries it', async () => {
    const signature = await sign()
    const { r, s, v } = parseSignature(signature)
    const abi = parseAbi([
      'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
      'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
      'function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
      'function aggregate3((address target, bool allowFailure, bytes callData)[] calls)',
    ])
    const { from, to, value, validAfter, validBefore, nonce } = message
    const common = [from, to, value, validAfter, validBefore, nonce] as const
    const vrs = encodeFunctionData({ abi, functionName: 'transferWithAuthorization', args: [...common, Number(v), r, s] })
    const json = JSON.stringify(payment(signature))
    const forms: readonly unknown[] = [
      json,
      JSON.stringify({ body: json }),
      JSON.stringify({ body: JSON.stringify({ body: json }) }),
      `X-PAYMENT: ${Buffer.from(json).toString('base64')}`,
      `X-PAYMENT: ${Buffer.from(json).toString('base64url')}`,
      Buffer.from(json).toString('base64').slice(0, -3),
      { headers: { 'payment-signature': Buffer.from(json).toString('base64') } },
      `signature=${signature}`,
      `recovered from ${signature}: ${account.address}`,
      { v: Number(v), r, s },
      JSON.stringify({ v: Number(v), r, s }),
      vrs,
      vrs.slice(2).toUpperCase(),
      encodeFunctionData({ abi, functionName: 'transferWithAuthorization', args: [...common, signature] }),
      encodeFunctionData({ abi, functionName: 'cancelAuthorization', args: [from, nonce, Number(v), r, s] }),
      encodeFunctionData({ abi, functionName: 'aggregate3', args: [[{ target: to, allowFailure: true, callData: vrs }]] }),
      `args: (${from}, ${to}, 1, 0, 5, ${nonce}, ${v}, ${r}, ${s})`,
      new Error(`failed with signature ${signature}`),
      new Error('failed', { cause: { data: vrs } }),
    ]
    for (const form of forms) {
      const shared = JSON.stringify(redact(form))
      const decoded = shared.replace(/eyJ[A-Za-z0-9_+/=-]{40,}/g, (run) => Buffer.from(run, 'base64').toString())
      for (const half of [r, s]) expect(decoded.toLowerCase(), String(form)).not.toContain(half.slice(2, 18))
    }
  })

  test('s alone', () => {
    expect(redact(`s: 0x${hex32}`)).toBe(`s: 0x${'*'.repeat(64)}`)
    expect(redact(`r: 0x${hex32}`)).toBe(`r: 0x${hex32}`)
  })

  test('a wallet’s wrapper keeps its padding and the suffix of ERC-6492', () => {
    const magic = '6492'.repeat(16)
    const wrapped = `0x${'0'.repeat(62)}20${'ab'.repeat(300)}${magic}`
    expect(redact({ signature: wrapped })).toEqual({ signature: `0x${'0'.repeat(62)}${'*'.repeat(602)}${magic}` })
    const compact = serializeSignature({ r: `0x${hex32}`, s: `0x${hex32}`, yParity: 1, to: 'hex' }).slice(0, 130)
    expect(redact({ signature: compact })).toEqual({ signature: `0x${'*'.repeat(128)}` })
  })
})

describe('values', () => {
  test('by the names of their members', () => {
    expect(
      redact({
        headers: { Authorization: 'Bearer x', 'X-API-KEY': 'y', cookie: ['a', 'b'], accept: 'application/json' },
        env: { PRIVATE_KEY: 'z', RPC_URL: `https://base-mainnet.g.alchemy.com/v2/${alchemy}`, mnemonic: 'test test junk' },
        key: `0x${hex32}`,
        relayerKey: hex32,
        publicKey: hex32,
        authorization: { from: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' },
        keypair: Array.from({ length: 64 }, (_, index) => index),
        value: 10n,
        when: null,
      }),
    ).toEqual({
      headers: { Authorization: '***', 'X-API-KEY': '***', cookie: ['***', '***'], accept: 'application/json' },
      env: { PRIVATE_KEY: '***', RPC_URL: 'https://base-mainnet.g.alchemy.com/v2/***', mnemonic: '***' },
      key: '***',
      relayerKey: '***',
      publicKey: hex32,
      authorization: { from: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' },
      keypair: '***',
      value: 10n,
      when: null,
    })
  })

  test('errors, cycles and hostile keys', () => {
    const cyclic: Record<string, unknown> = { name: 'x' }
    cyclic.self = cyclic
    expect(redact(cyclic)).toEqual({ name: 'x', self: '[circular]' })
    expect(redact(new TypeError('no', { cause: new Error('https://a:b@c.example') }))).toEqual({
      name: 'TypeError',
      message: 'no',
      cause: { name: 'Error', message: 'https://c.example' },
    })
    const parsed: unknown = redact(JSON.parse('{"__proto__":{"polluted":true}}'))
    expect(JSON.stringify(parsed)).toBe('{"__proto__":{"polluted":true}}')
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
  })

  test('dates, bytes, getters and proxies', () => {
    const throwing = new Proxy({}, { get: () => expect.fail('asked'), ownKeys: () => [] })
    expect(redact({ at: new Date(0), never: new Date(Number.NaN), bytes: new Uint8Array(3), throwing })).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      never: null,
      bytes: '[3 bytes]',
      throwing: {},
    })
  })

  test('a deep value ends', () => {
    let deep: object = { password: 'x' }
    for (let i = 0; i < 10_000; i++) deep = { deep }
    expect(JSON.stringify(redact(deep))).toContain('[left out]')
  })
})

describe('any text', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(
      'https://',
      '@',
      '/v2/',
      '?key=',
      'key: ',
      'secret',
      '0x',
      'authorization: Bearer ',
      'Cookie: ',
      'eyJ',
      '-----BEGIN ',
      'PRIVATE KEY-----',
      '"',
      '\\',
      '***',
      ' s: ',
    ),
    fc.constantFrom(hex32, alchemy, uuid, infura, `0x${'ab'.repeat(65)}`, 'rpc.ankr.com', '.quiknode.pro/'),
  )

  test('is redacted once and for all, and never fails', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const once = redact(pieces.join(''))
        expect(redact(once)).toBe(once)
      }),
      { numRuns: 1_000 },
    )
  })

  test('any value too', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }), (value) => {
        redact(value)
      }),
    )
  })

  test('no text takes more than a few looks per character', () => {
    for (const unit of [
      'a',
      '0x',
      'https://',
      'https://a/',
      'key',
      'key ',
      's:',
      'eyJ',
      'eyJa.',
      '=',
      '-----BEGIN ',
      'Cookie:',
      'authorization:',
      'e3ee160e',
      '\\',
      ' ',
      '0',
      'f'.repeat(64),
      'secret_',
      'bearer ',
      '/',
      '&',
      '.',
      '[1,',
    ]) {
      const text = unit.repeat(Math.ceil(400_000 / unit.length))
      expect(typeof redact(text)).toBe('string')
    }
  })
})

test('a secret behind a flag is covered, and a word behind a hyphenated one is not', () => {
  expect(redact('run it --private-key hunter2secret')).toBe('run it --private-key ***')
  expect(redact('a per-key sequence')).toBe('a per-key sequence')
})
