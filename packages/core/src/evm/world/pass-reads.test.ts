import { describe, expect, it } from 'vitest'
import { chainClient, type RpcAnswer, type RpcCall } from '../../rpc/chain-client.ts'
import { passReads } from './pass-reads.ts'

/** A node that does whatever it is asked, and the methods that it heard. */
function node(answer: (call: RpcCall) => RpcAnswer = ({ method }) => ({ kind: 'result', value: method })) {
  const heard: string[] = []
  const client = chainClient('a chain', async (calls) => {
    heard.push(...calls.map(({ method }) => method))
    return calls.map(answer)
  })
  return { heard, ask: (body: unknown) => passReads(client, typeof body === 'string' ? body : JSON.stringify(body)) }
}

const call = (method: unknown, id: unknown = 1): object => ({ jsonrpc: '2.0', id, method, params: ['0x02'] })

/** Methods that change a chain or a node or use its keys, by Ethereum's execution API, geth's namespaces and anvil's. */
const writes = [
  'eth_sendRawTransaction',
  'eth_sendRawTransactionSync',
  'eth_sendTransaction',
  'eth_sign',
  'eth_signTransaction',
  'eth_signTypedData_v4',
  'personal_sendTransaction',
  'debug_setHead',
  'evm_mine',
  'anvil_setBalance',
] as const

describe('what passes the door', () => {
  it.each(['eth_chainId', 'eth_call', 'eth_getCode', 'eth_getStorageAt', 'eth_getLogs', 'debug_traceTransaction'])('%s', async (method) => {
    const { heard, ask } = node()
    expect(await ask(call(method))).toEqual({ jsonrpc: '2.0', id: 1, result: method })
    expect(heard).toEqual([method])
  })

  it.each(writes)('not %s, alone, in a batch, or spelled otherwise', async (method) => {
    const { heard, ask } = node()
    const refused = { jsonrpc: '2.0', id: 2, error: { code: -32_601, message: expect.stringContaining(method) } }
    expect(await ask(call(method, 2))).toEqual(refused)
    expect(heard).toEqual([])
    expect(await ask([call('eth_chainId'), call(method, 2), call('eth_getCode', 3)])).toEqual([
      { jsonrpc: '2.0', id: 1, result: 'eth_chainId' },
      refused,
      { jsonrpc: '2.0', id: 3, result: 'eth_getCode' },
    ])
    expect(heard).toEqual(['eth_chainId', 'eth_getCode'])
    await ask([call(method.toUpperCase()), call(` ${method}`), call([method]), call({ method })])
    expect(heard).toEqual(['eth_chainId', 'eth_getCode'])
  })

  it('answers what is no call, too', async () => {
    const { heard, ask } = node()
    expect(await ask('{')).toEqual({ jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'not JSON' } })
    for (const body of ['null', '7', '"eth_chainId"', '{}', '{"method":7}'])
      expect(await ask(body)).toMatchObject({ id: null, error: { code: -32_601 } })
    expect(await ask([])).toEqual([])
    expect(heard).toEqual([])
    expect(await ask({ method: 'eth_chainId', params: 'none' })).toMatchObject({ id: null, result: 'eth_chainId' })
  })

  it('hands the words of the node on, and says what had no answer', async () => {
    const answered = async (answer: RpcAnswer): Promise<unknown> => node(() => answer).ask(call('eth_call'))
    expect(await answered({ kind: 'refused', code: 3, message: 'execution reverted', data: '0x08c379a0' })).toEqual({
      jsonrpc: '2.0',
      id: 1,
      error: { code: 3, message: 'execution reverted', data: '0x08c379a0' },
    })
    expect(await answered({ kind: 'refused', message: 'no' })).toMatchObject({ error: { code: -32_000, message: 'no' } })
    expect(await answered({ kind: 'failed', reason: 'it timed out' })).toMatchObject({ error: { code: -32_000, message: 'it timed out' } })
  })
})
