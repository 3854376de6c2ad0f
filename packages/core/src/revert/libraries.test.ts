import { Contract, Interface, type JsonRpcPayload, JsonRpcProvider, type JsonRpcResult } from 'ethers'
import {
  createPublicClient,
  createWalletClient,
  custom,
  encodeErrorResult,
  type Hex,
  HttpRequestError,
  parseAbi,
  RpcRequestError,
} from 'viem'
import { base } from 'viem/chains'
import { describe, expect, test } from 'vitest'
import { decodeRevert } from './revert.ts'

const abi = parseAbi([
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
  'error AddressFrozen()',
])
const address = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const relayer = '0xd407e409E34E0b9afb99EcCeb609bDbcD5e7f1bf'
const word: Hex = `0x${'11'.repeat(32)}`
const args = [relayer, address, 1n, 0n, 1n, word, 27, word, word] as const
const reverted = (reason: string): Hex => encodeErrorResult({ abi: parseAbi(['error Error(string)']), errorName: 'Error', args: [reason] })

interface NodeError {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

const answers: readonly (readonly [name: string, error: NodeError, expected: object])[] = [
  [
    'a revert with data',
    {
      code: 3,
      message: 'execution reverted: FiatTokenV2: authorization is expired',
      data: reverted('FiatTokenV2: authorization is expired'),
    },
    { kind: 'error-string', cause: 'expired', message: 'FiatTokenV2: authorization is expired' },
  ],
  [
    'a custom error',
    { code: 3, message: 'execution reverted', data: '0x1fd1cc44' },
    { kind: 'custom-error', name: 'AddressFrozen', cause: 'blacklisted' },
  ],
  ['a revert without data', { code: -32000, message: 'execution reverted' }, { kind: 'empty' }],
  [
    'a stale nonce',
    { code: -32000, message: 'nonce too low: next nonce 7, tx nonce 5' },
    { kind: 'rpc-error', name: 'nonce too low', cause: 'facilitator-nonce' },
  ],
  [
    'no gas money',
    { code: -32000, message: 'insufficient funds for gas * price + value: balance 0, tx cost 3000, overshot 3000' },
    { kind: 'rpc-error', cause: 'facilitator-out-of-gas-money', party: 'facilitator' },
  ],
  [
    'a rate limit',
    { code: -32005, message: 'daily request count exceeded, request rate limited' },
    { kind: 'rpc-error', name: 'rate limited', party: 'rpc' },
  ],
  ['an internal error', { code: -32603, message: 'Internal error' }, { cause: 'rpc-fault' }],
]

async function failure(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  throw new Error('the call succeeded')
}

describe("viem's errors", () => {
  const client = (error: NodeError) =>
    createPublicClient({
      chain: base,
      transport: custom(
        {
          request: () => {
            throw new RpcRequestError({ body: { method: 'eth_call' }, error, url: 'https://rpc.example.org/v2/key' })
          },
        },
        { retryCount: 0 },
      ),
    })

  test.each(answers)('%s', async (_name, error, expected) => {
    const thrown = await failure(() =>
      client(error).simulateContract({ account: relayer, address, abi, functionName: 'transferWithAuthorization', args }),
    )
    const decoded = decodeRevert(thrown)
    expect(decoded).toMatchObject(expected)
    expect(decoded.via).toContain('ContractFunctionExecutionError')
    // What is left of it in a log line says the same.
    expect(decodeRevert(String(thrown))).toMatchObject(expected)
  })

  test('a refused transaction names its sender', async () => {
    const message = `nonce too low: address ${relayer}, tx: 41 state: 44`
    const wallet = createWalletClient({
      chain: base,
      account: relayer,
      transport: custom(
        {
          request: async ({ method }: { method: string }) => {
            if (method === 'eth_chainId') return '0x2105'
            throw new RpcRequestError({ body: { method }, error: { code: -32000, message }, url: 'https://rpc.example.org' })
          },
        },
        { retryCount: 0 },
      ),
    })
    const thrown = await failure(() =>
      wallet.sendTransaction({ to: address, gas: 1n, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n, nonce: 41 }),
    )
    expect(decodeRevert(thrown)).toMatchObject({ kind: 'rpc-error', name: 'nonce too low', relayer })
  })

  test('an HTTP status', () => {
    const thrown = new HttpRequestError({
      body: { method: 'eth_call' },
      status: 502,
      details: 'Bad Gateway',
      url: 'https://rpc.example.org',
    })
    expect(decodeRevert(thrown)).toMatchObject({ kind: 'http-error', status: 502, cause: 'rpc-fault', retry: 'unknown' })
  })
})

describe("ethers' errors", () => {
  class Answering extends JsonRpcProvider {
    readonly #error: NodeError

    constructor(error: NodeError) {
      super('http://127.0.0.1:9', 8453, { staticNetwork: true, batchMaxCount: 1 })
      this.#error = error
    }

    override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
      const ids = Array.isArray(payload) ? payload.map(({ id }) => id) : [payload.id]
      // An error where ethers' type has only results: it tells them apart by their keys.
      return ids.map((id) => ({ id, error: this.#error }) as unknown as JsonRpcResult)
    }
  }

  test.each(answers)('%s', async (_name, error, expected) => {
    const provider = new Answering(error)
    const contract = new Contract(address, new Interface(abi.map((item) => JSON.parse(JSON.stringify(item)))), provider)
    const thrown = await failure(() => contract.getFunction('transferWithAuthorization').staticCall(...args))
    provider.destroy()
    expect(decodeRevert(thrown)).toMatchObject(expected)
  })
})

test('thrown strings and bare errors', () => {
  expect(decodeRevert(new Error('execution reverted: Pausable: paused'))).toMatchObject({ cause: 'paused', via: ['Error'] })
  expect(decodeRevert('Error: FiatTokenV2: authorization is expired')).toMatchObject({ cause: 'expired' })
  expect(decodeRevert(new AggregateError([new Error('x'), new Error('nonce too low')], 'all failed'))).toMatchObject({
    name: 'nonce too low',
  })
  expect(decodeRevert(undefined)).toMatchObject({
    kind: 'unknown',
    message: 'nothing to read in a value of type undefined',
    retry: 'unknown',
  })
})
