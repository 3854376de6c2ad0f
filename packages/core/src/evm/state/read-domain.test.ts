import { JsonRpcProvider } from 'ethers'
import { createPublicClient, createTransport, encodeAbiParameters, http, stringToHex, toFunctionSelector, toHex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answering, type Call, forward, type Reply, startRpcServer } from '../../../../../test/rpc-server.ts'
import type { EvmNetwork } from '../../networks/network.ts'
import { builtInNetworks } from '../../networks/networks.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import { type EmbeddedChain, openChain } from '../world/open-chain.ts'
import { connectChain } from './connect-chain.ts'
import { type DomainReading, readDomain, tokenFunctions } from './read-domain.ts'

const evm = builtInNetworks.all.filter((network): network is EvmNetwork => network.family === 'evm')
const base = evm.find(({ id }) => id === 'base') as EvmNetwork
const usdc = { address: base.usdc.address, chainId: base.chainId }

const everything = Object.fromEntries(Object.keys(tokenFunctions).map((name) => [name, { kind: 'present' }]))

it('looks for the selectors that the signatures hash to', () => {
  const uints = 'address,address,uint256,uint256,uint256,bytes32'
  expect(Object.values(tokenFunctions)).toEqual(
    [
      `transferWithAuthorization(${uints},uint8,bytes32,bytes32)`,
      `transferWithAuthorization(${uints},bytes)`,
      `receiveWithAuthorization(${uints},uint8,bytes32,bytes32)`,
      `receiveWithAuthorization(${uints},bytes)`,
      'cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)',
      'cancelAuthorization(address,bytes32,bytes)',
      'authorizationState(address,bytes32)',
    ].map((signature) => toFunctionSelector(signature)),
  )
})

/** Reads it, and fails the test when the chain could not be read. */
async function read(...args: Parameters<typeof readDomain>): Promise<DomainReading> {
  const answer = await readDomain(...args)
  if (answer.kind !== 'read') throw new TypeError(`the answer is ${answer.kind}`)
  return answer
}

describe("Circle's contract", () => {
  let chain: EmbeddedChain
  let url: string
  beforeAll(async () => {
    chain = await openChain({ network: base })
    url = `http://127.0.0.1:${chain.anvil.port}`
  })
  afterAll(() => chain.close())

  const expected = {
    kind: 'read',
    address: base.usdc.address,
    chainId: 8453,
    block: { kind: 'known', value: expect.any(BigInt) },
    code: { kind: 'known', value: expect.any(Number) },
    // As Base's USDC answers it.
    separator: { kind: 'known', value: '0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f' },
    name: { kind: 'known', value: 'USD Coin' },
    version: { kind: 'known', value: '2' },
    symbol: { kind: 'known', value: 'USDC' },
    decimals: { kind: 'known', value: 6 },
    eip712Domain: { kind: 'reverted' },
    implementation: { kind: 'known', value: { proxy: 'zeppelinos', address: expect.stringMatching(/^0x[0-9a-fA-F]{40}$/) } },
    functions: everything,
  }

  it('is read in two round trips', async () => {
    await using server = await startRpcServer((body) => forward(url, body))
    expect(await read(connectChain(server.url), usdc)).toEqual({ ...expected, source: server.url })
    expect(server.requests).toHaveLength(2)
  })

  it('is read at a block that is given', async () => {
    await using server = await startRpcServer((body) => forward(url, body))
    const { block, separator } = await read(connectChain(server.url), usdc, { block: 1n })
    expect({ block, separator }).toEqual({ block: { kind: 'known', value: 1n }, separator: expected.separator })
    const params = server.requests
      .flatMap((body) => [body as Call | Call[]].flat().map((call) => call.params))
      .filter((list) => list.length > 0)
    expect(params).toHaveLength(11)
    for (const list of params) expect(list.at(-1)).toBe('0x1')
  })

  it('is read the same through viem, ethers and an EIP-1193 provider', async () => {
    const viem = createPublicClient({ transport: http(url, { retryCount: 0 }) })
    expect(await readDomain(connectChain(viem), usdc)).toEqual({ ...expected, source: `a viem client of ${url}` })
    const ethers = new JsonRpcProvider(url, 8453, { staticNetwork: true })
    expect(await readDomain(connectChain(ethers), usdc)).toEqual({ ...expected, source: 'an ethers provider' })
    ethers.destroy()
    const provider = { request: (call: { readonly method: string }) => viem.request(call as Parameters<typeof viem.request>[0]) }
    expect(await readDomain(connectChain(provider), usdc)).toEqual({ ...expected, source: 'an EIP-1193 provider' })
  })

  it('is read from a node that takes no batches', async () => {
    await using server = await startRpcServer((body): Reply | Promise<Reply> =>
      Array.isArray(body) ? { status: 400, body: { error: { code: -32600, message: 'no batches' } } } : forward(url, body),
    )
    expect(await read(connectChain(server.url), usdc)).toEqual({ ...expected, source: server.url })
  })

  it('on a chain that is another than expected is not believed', async () => {
    expect(await readDomain(connectChain(url), { ...usdc, chainId: 84532 })).toEqual({
      kind: 'wrong-chain',
      source: url,
      expected: 84532,
      chainId: 8453,
    })
  })

  it('is not there where nothing is deployed', async () => {
    const { code, separator, name, implementation, functions } = await read(connectChain(url), {
      address: '0x000000000000000000000000000000000000dEaD',
    })
    expect({ code, separator, name, implementation }).toEqual({
      code: { kind: 'empty' },
      separator: { kind: 'empty' },
      name: { kind: 'empty' },
      implementation: { kind: 'empty' },
    })
    expect(new Set(Object.values(functions).map(({ kind }) => kind))).toEqual(new Set(['absent']))
  })

  it('is found behind EIP-1967, a beacon and a minimal proxy', async () => {
    const client = connectChain(url)
    const { implementation } = await read(client, usdc)
    const logic = implementation.kind === 'known' ? implementation.value.address : '0x'
    const at = (last: string): `0x${string}` => `0x00000000000000000000000000000000000000${last}`
    const word = (address: string): string => `0x${address.slice(2).padStart(64, '0')}`
    // Code that answers its own address for whatever it is asked: a beacon's implementation(), when it stands at the logic's address.
    const answers = (address: string): string => `0x73${address.slice(2)}60005260206000f3`
    await client.request('anvil_setCode', [at('A1'), '0x6000ff'])
    await client.request('anvil_setStorageAt', [
      at('A1'),
      '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc',
      word(logic),
    ])
    await client.request('anvil_setCode', [at('B1'), '0x6000ff'])
    await client.request('anvil_setCode', [at('B2'), answers(logic)])
    await client.request('anvil_setStorageAt', [
      at('B1'),
      '0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50',
      word(at('B2')),
    ])
    await client.request('anvil_setCode', [at('C1'), `0x363d3d373d3d3d363d73${logic.slice(2)}5af43d82803e903d91602b57fd5bf3`])
    for (const [last, proxy] of [
      ['A1', 'eip1967'],
      ['B1', 'eip1967-beacon'],
      ['C1', 'minimal'],
    ] as const) {
      const found = await read(client, { address: at(last) })
      expect(found.implementation).toEqual({ kind: 'known', value: { proxy, address: logic } })
      expect(found.functions).toEqual(everything)
    }
  })
})

describe('the embedded chain of every network', () => {
  it.each(evm.map((network) => [network.id, network] as const))('%s answers the domain that we compute', async (_id, network) => {
    await using chain = await openChain({ network })
    const { name, version, address } = network.usdc
    const computed = domainSeparator({ name, version, chainId: BigInt(network.chainId), verifyingContract: address })
    const reading = await read(connectChain(`http://127.0.0.1:${chain.anvil.port}`), { address, chainId: network.chainId })
    expect(reading).toMatchObject({
      separator: { kind: 'known', value: computed },
      name: { kind: 'known', value: name },
      version: { kind: 'known', value: version },
      decimals: { kind: 'known', value: network.usdc.decimals },
      functions: { 'transferWithAuthorization(bytes)': { kind: 'present' } },
    })
  })
})

it('a token without the bytes overload has none', async () => {
  const token = {
    address: '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174',
    name: 'USD Coin (PoS)',
    version: '1',
    layout: 'salt',
    overloads: { vrs: true, bytes: false },
  } as const
  await using chain = await openChain({ chainId: 137, token })
  const { separator, functions } = await read(connectChain(`http://127.0.0.1:${chain.anvil.port}`), {
    address: token.address,
    chainId: 137,
  })
  // As Polygon's bridged token answers it.
  expect(separator).toEqual({ kind: 'known', value: '0x294369e003769a2d4d625e8a9ebebffa09ff70dd7c708497d8b56d2c2d199a19' })
  expect(functions['transferWithAuthorization(v, r, s)']).toEqual({ kind: 'present' })
  expect(functions['transferWithAuthorization(bytes)']).toEqual({ kind: 'absent' })
})

describe('answers that are hard to read', () => {
  const word = (value: bigint): string => toHex(value, { size: 32 })
  const text = (value: string): string => encodeAbiParameters([{ type: 'string' }], [value])
  /** A node with a contract of its own making: what it answers to `eth_call` by selector, and to everything else by method. */
  const node = (answers: Readonly<Record<string, object>>) => (body: unknown) =>
    answering(body, ({ method, params }: Call) => {
      const selector = method === 'eth_call' ? (params[0] as { data: string }).data : method
      const usual: Readonly<Record<string, object>> = {
        eth_chainId: { result: '0x2105' },
        eth_blockNumber: { result: '0x1b4' },
        eth_getCode: { result: '0x63e3ee160e63e94a0102' },
        eth_getStorageAt: { result: word(0n) },
      }
      return answers[selector] ?? usual[selector] ?? { error: { code: 3, message: 'execution reverted', data: '0x' } }
    })
  const readFrom = async (answers: Readonly<Record<string, object>>): Promise<DomainReading> => {
    await using server = await startRpcServer(node(answers))
    return await read(connectChain(server.url), usdc)
  }

  it('a revert is an answer, with its reason', async () => {
    const reason = `0x08c379a0${text('no version here').slice(2)}`
    const reading = await readFrom({
      '0x54fd4d50': { error: { code: 3, message: 'execution reverted: no version here', data: reason } },
      '0x06fdde03': { error: { code: -32000, message: 'execution reverted' } },
      '0x95d89b41': { error: { code: -32015, message: 'VM execution error.', data: 'Reverted 0x' } },
    })
    expect(reading.version).toEqual({ kind: 'reverted', says: 'no version here' })
    expect(reading.name).toEqual({ kind: 'reverted' })
    expect(reading.symbol).toEqual({ kind: 'reverted' })
    expect(reading.block).toEqual({ kind: 'known', value: 436n })
  })

  it('a call that failed makes a fact unknown, never absent', async () => {
    const reading = await readFrom({
      '0x3644e515': { error: { code: -32005, message: 'daily request count exceeded' } },
      eth_getCode: { error: { code: -32601, message: 'the method eth_getCode does not exist' } },
      eth_getStorageAt: { error: { code: -32000, message: 'missing trie node' } },
    })
    expect(reading.separator).toEqual({ kind: 'unknown', reason: 'it answered error -32005, "daily request count exceeded"' })
    expect(reading.code.kind).toBe('unknown')
    expect(reading.implementation).toEqual({ kind: 'unknown', reason: 'it answered error -32000, "missing trie node"' })
    expect(new Set(Object.values(reading.functions).map(({ kind }) => kind))).toEqual(new Set(['unknown']))
  })

  it('an unread slot leaves open what is behind a proxy, and what is in the code itself is there', async () => {
    const { functions } = await readFrom({ eth_getStorageAt: { error: { code: -32000, message: 'missing trie node' } } })
    expect(functions['transferWithAuthorization(v, r, s)'].kind).toBe('present')
    expect(functions['transferWithAuthorization(bytes)']).toEqual({
      kind: 'unknown',
      reason: 'it answered error -32000, "missing trie node"',
    })
  })

  it('a proxy of no known kind leaves open what it delegates to; a selector outside of a dispatcher too', async () => {
    const { functions } = await readFrom({ eth_getCode: { result: '0x63e3ee160e60006000f4' } })
    expect(functions['transferWithAuthorization(v, r, s)'].kind).toBe('present')
    expect(functions['transferWithAuthorization(bytes)']).toEqual({
      kind: 'unknown',
      reason: 'the code delegates to another contract that could not be found',
    })
    const table = await readFrom({ eth_getCode: { result: '0x6000cf092995' } })
    expect(table.functions['transferWithAuthorization(bytes)'].kind).toBe('unknown')
    expect(table.functions['transferWithAuthorization(v, r, s)']).toEqual({ kind: 'absent' })
  })

  it('data that looks like an instruction is none', async () => {
    // PUSH32 with PUSH4 of a selector inside.
    const { functions } = await readFrom({ eth_getCode: { result: `0x7f63cf092995${'00'.repeat(27)}00` } })
    expect(functions['transferWithAuthorization(bytes)'].kind).toBe('unknown')
  })

  it('names in bytes32, and what is no name', async () => {
    expect((await readFrom({ '0x06fdde03': { result: stringToHex('Old Coin', { size: 32 }) } })).name).toEqual({
      kind: 'known',
      value: 'Old Coin',
    })
    expect((await readFrom({ '0x06fdde03': { result: text('USD₮0') } })).name).toEqual({ kind: 'known', value: 'USD₮0' })
    expect((await readFrom({ '0x06fdde03': { result: text('') } })).name).toEqual({ kind: 'known', value: '' })
    for (const strange of [
      '0x01',
      word(5n),
      `0x${'ff'.repeat(96)}`,
      `${word(32n)}${word(2n ** 200n).slice(2)}`,
      `${word(32n)}${word(1n).slice(2)}${'ff'.repeat(32)}`,
    ]) {
      expect((await readFrom({ '0x06fdde03': { result: strange } })).name.kind, strange).toBe('unknown')
    }
    expect((await readFrom({ '0x06fdde03': { result: 7 } })).name).toEqual({
      kind: 'unknown',
      reason: 'it answered something that is not a string',
    })
  })

  it('EIP-5267, with the fields that it says it has', async () => {
    const answer = encodeAbiParameters(
      [
        { type: 'bytes1' },
        { type: 'string' },
        { type: 'string' },
        { type: 'uint256' },
        { type: 'address' },
        { type: 'bytes32' },
        { type: 'uint256[]' },
      ],
      ['0x0d', 'GLUE Token', '1', 8453n, base.usdc.address, toHex(1, { size: 32 }), []],
    )
    expect((await readFrom({ '0x84b0196e': { result: answer } })).eip712Domain).toEqual({
      kind: 'known',
      value: { name: 'GLUE Token', chainId: 8453n, verifyingContract: base.usdc.address },
    })
  })

  it('an empty slot as 0x0 or 0x', async () => {
    expect((await readFrom({ eth_getStorageAt: { result: '0x0' } })).implementation).toEqual({ kind: 'empty' })
    expect((await readFrom({ eth_getStorageAt: { result: '0x' } })).implementation).toEqual({ kind: 'empty' })
  })

  it('no chain id: nothing is believed', async () => {
    await using server = await startRpcServer(node({ eth_chainId: { result: 'base' } }))
    expect(await readDomain(connectChain(server.url), usdc)).toEqual({
      kind: 'unreachable',
      source: server.url,
      reason: 'it answered eth_chainId with something that is no chain id',
    })
    await using dead = await startRpcServer(() => ({ status: 502, body: '<html><title>Bad Gateway</title>' }))
    expect(await readDomain(connectChain(dead.url), usdc)).toMatchObject({
      kind: 'unreachable',
      reason: 'it answered HTTP 502 with an HTML page, "Bad Gateway"',
    })
  })
})

describe('connectChain', () => {
  it('takes a client that was made before, and refuses what is none', () => {
    const client = connectChain('http://127.0.0.1:1')
    expect(connectChain(client)).toBe(client)
    expect(() => connectChain(8453 as unknown as string)).toThrow('got 8453.')
    expect(() => connectChain({} as unknown as string)).toThrow('got an object.')
  })

  it("finds the node's words inside the errors of libraries, and no key in what is left", async () => {
    const says = async (error: unknown) => {
      const client = connectChain({ request: () => Promise.reject(error) })
      return (await client.batch([{ method: 'eth_call', params: [] }]))[0]
    }
    expect(
      await says({ code: -32603, message: 'Internal JSON-RPC error.', data: { code: 3, message: 'execution reverted', data: '0x12' } }),
    ).toEqual({
      kind: 'refused',
      code: 3,
      message: 'execution reverted',
      data: '0x12',
    })
    expect(await says(new TypeError('fetch failed: https://rpc.example/v2/K3Y'))).toEqual({
      kind: 'failed',
      reason: 'the call failed ("fetch failed: https://rpc.example/v2/…")',
    })
    const circular: { cause?: unknown; message: string } = { message: 'round and round' }
    circular.cause = circular
    expect((await says(circular))?.kind).toBe('failed')
    expect((await says(undefined))?.kind).toBe('failed')
  })

  it('knows a viem client whose transport has no URL', async () => {
    const transport = () => createTransport({ key: 'mine', name: 'mine', request: async () => '0x1' as never, retryCount: 0, type: 'mine' })
    expect(connectChain(createPublicClient({ transport })).description).toBe('a viem client')
  })
})
