import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chainClient, type RpcCall } from '../../rpc/chain-client.ts'
import { type Door, openDoor } from './read-only-door.ts'

/**
 * Methods that change a chain or a node, use a key that the node holds, or do what only a node of our own may be asked to do: of Ethereum's execution API,
 * of geth's, Erigon's, Nethermind's and Parity's namespaces, and of anvil, Hardhat and Ganache.
 */
const others = [
  'eth_sendRawTransaction',
  'eth_sendTransaction',
  'eth_sendRawTransactionConditional',
  'eth_sendRawTransactionSync',
  'eth_sendPrivateTransaction',
  'eth_sendBundle',
  'eth_sign',
  'eth_signTransaction',
  'eth_signTypedData_v4',
  'eth_submitWork',
  'eth_newFilter',
  'eth_subscribe',
  'personal_sign',
  'personal_unlockAccount',
  'personal_sendTransaction',
  'wallet_sendCalls',
  'admin_addPeer',
  'miner_start',
  'debug_setHead',
  'txpool_content',
  'engine_newPayloadV4',
  'parity_setMinGasPrice',
  'anvil_setBalance',
  'anvil_setCode',
  'anvil_impersonateAccount',
  'hardhat_setStorageAt',
  'evm_mine',
  'evm_revert',
] as const

/** What a fork asks a chain: questions only. */
const reads = [
  'eth_chainId',
  'eth_getCode',
  'eth_getStorageAt',
  'eth_getBalance',
  'eth_call',
  'eth_getBlockByNumber',
  'eth_getLogs',
] as const

let door: Door
let heard: RpcCall[]
beforeEach(async () => {
  heard = []
  door = await openDoor(
    chainClient('a chain', async (calls) => {
      heard.push(...calls.map(({ method, params }) => ({ method, params })))
      return calls.map(({ method }) => ({ kind: 'result', value: method }))
    }),
  )
})
afterEach(() => door.close())

async function knock(body: unknown, url = door.url): Promise<{ readonly status: number; readonly answer: unknown }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: text })
  const answer = await response.text()
  return { status: response.status, answer: answer === '' ? undefined : JSON.parse(answer) }
}

const call = (method: unknown, id: unknown = 1): object => ({ jsonrpc: '2.0', id, method, params: ['0x02'] })

describe("the door to somebody else's chain", () => {
  it.each(reads)('passes %s on', async (method) => {
    expect(await knock(call(method))).toEqual({ status: 200, answer: { jsonrpc: '2.0', id: 1, result: method } })
    expect(heard).toEqual([{ method, params: ['0x02'] }])
  })

  it.each(others)('lets nobody hear of %s, alone or in a batch', async (method) => {
    const alone = await knock(call(method))
    expect(alone).toMatchObject({ status: 200, answer: { id: 1, error: { code: -32_601 } } })
    expect(heard).toEqual([])
    const { answer } = await knock([call('eth_chainId', 1), call(method, 2), call('eth_getCode', 3)])
    expect(answer).toMatchObject([
      { id: 1, result: 'eth_chainId' },
      { id: 2, error: { code: -32_601 } },
      { id: 3, result: 'eth_getCode' },
    ])
    expect(heard.map(({ method: asked }) => asked)).toEqual(['eth_chainId', 'eth_getCode'])
  })

  it('reads a method as it is written: no other spelling of one that is refused, or of one that is passed, gets through', async () => {
    const twisted = others.flatMap((method) => [
      method.toUpperCase(),
      ` ${method}`,
      `${method} `,
      `${method}\u0000`,
      `eth_call\u0000${method}`,
    ])
    for (const method of [...twisted, 'ETH_CALL', 'eth_call ', '', '__proto__', 'constructor']) await knock(call(method))
    for (const method of [['eth_sendRawTransaction'], { toString: 'eth_call' }, 7, null, true]) await knock(call(method))
    expect(heard).toEqual([])
  })

  it('passes nothing on but what it was asked by a name that a read has', async () => {
    const names = fc.oneof(fc.constantFrom(...others, ...reads), fc.string({ maxLength: 30 }), fc.jsonValue())
    await fc.assert(
      fc.asyncProperty(fc.array(names, { maxLength: 8 }), async (methods) => {
        heard.length = 0
        await knock(methods.map((method, id) => call(method, id)))
        expect(heard.map(({ method }) => method)).toEqual(methods.filter((method) => reads.some((read) => read === method)))
      }),
      { numRuns: 60 },
    )
  })

  it('answers nobody who does not know its path, and nothing that is no JSON', async () => {
    const { origin } = new URL(door.url)
    expect((await knock(call('eth_chainId'), origin)).status).toBe(404)
    expect((await fetch(door.url)).status).toBe(404)
    for (const body of ['', '{', 'eth_sendRawTransaction'])
      expect(await knock(body)).toMatchObject({ answer: { error: { code: -32_700 } } })
    for (const body of ['null', '7', '"eth_call"', '{}', '[]', '[null, 7, []]']) await knock(body)
    expect(heard).toEqual([])
  })
})
