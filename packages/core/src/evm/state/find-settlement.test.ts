import { encodeAbiParameters, encodeEventTopics, type Hex, numberToHex, pad, parseAbi } from 'viem'
import { describe, expect, it } from 'vitest'
import { chainClient, type RpcAnswer, type RpcCall } from '../../rpc/chain-client.ts'
import { isPaidBy } from '../evidence/chain.ts'
import { findSettlement } from './find-settlement.ts'

const abi = parseAbi([
  'event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)',
  'event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
])
const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const other = '0x036CbD53842c5426634e7929541eC2318f3dCF7e'
const from = '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf'
const to = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const stranger = '0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF'
const sender = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
const nonce = pad('0xab')
const hash = pad('0x1234')
const authorization = { from, to, value: 10_000n, validAfter: 100n, validBefore: 200n, nonce } as const
const newest = { number: 1000n, hash: pad('0x1'), time: 1000n }

interface Log {
  readonly address: string
  readonly topics: readonly unknown[]
  readonly data: Hex
  readonly transactionHash: Hex
  readonly blockNumber: Hex
  readonly blockHash: Hex
}

const log = (topics: readonly unknown[], data: Hex = '0x', address: string = token): Log => ({
  address,
  topics,
  data,
  transactionHash: hash,
  blockNumber: numberToHex(150),
  blockHash: pad(numberToHex(150)),
})
const used = (own: Hex = nonce): Log =>
  log(encodeEventTopics({ abi, eventName: 'AuthorizationUsed', args: { authorizer: from, nonce: own } }))
const canceled = log(encodeEventTopics({ abi, eventName: 'AuthorizationCanceled', args: { authorizer: from, nonce } }))
const transfer = (value: bigint, payee: Hex = to, address: string = token): Log =>
  log(
    encodeEventTopics({ abi, eventName: 'Transfer', args: { from, to: payee } }),
    encodeAbiParameters([{ type: 'uint256' }], [value]),
    address,
  )

interface World {
  /** What eth_getLogs answers. */
  readonly logs?: readonly unknown[]
  /** The receipt's logs; no receipt when null. */
  readonly receipt?: readonly Log[] | null
  readonly more?: Readonly<Record<string, unknown>>
}

/** A chain with a block a second, whose number is its time, and one transaction in block 150. */
const chain = ({ logs = [used()], receipt = [used(), transfer(10_000n)], more = {} }: World) =>
  chainClient('a chain', async (calls) =>
    calls.map(({ method, params }: RpcCall): RpcAnswer => {
      const number = method === 'eth_getBlockByNumber' ? Number(params[0]) : 0
      const usual: Readonly<Record<string, unknown>> = {
        eth_getBlockByNumber: { number: numberToHex(number), hash: pad(numberToHex(number)), timestamp: numberToHex(number) },
        eth_getLogs: logs,
        eth_getTransactionByHash: { hash, from: sender, to: token },
        eth_getTransactionReceipt:
          receipt === null ? null : { transactionHash: hash, from: sender, blockHash: pad(numberToHex(150)), logs: receipt },
      }
      return { kind: 'result', value: method in more ? more[method] : usual[method] }
    }),
  )
const find = (world: World = {}) => findSettlement(chain(world), token, authorization, newest)

describe('the settlement of an authorization', () => {
  it('is the transaction whose receipt has its log, followed by its Transfer', async () => {
    expect(await find()).toEqual({
      known: true,
      value: {
        how: 'used',
        transaction: hash,
        block: 150n,
        blockHash: pad(numberToHex(150)),
        time: { known: true, value: 150n },
        sender: { known: true, value: sender },
        paid: { known: true, value: { to, value: 10_000n } },
        blocks: { receipt: { known: true, value: pad(numberToHex(150)) }, now: { known: true, value: pad(numberToHex(150)) } },
        called: { known: true, value: token },
        emitters: { known: true, value: [token] },
      },
    })
  })

  const receipts: readonly (readonly [string, readonly Log[], readonly [payee: Hex, value: bigint] | null])[] = [
    ['another value', [used(), transfer(9_999n)], [to, 9_999n]],
    ['another payee', [used(), transfer(10_000n, stranger)], [stranger, 10_000n]],
    ['no Transfer', [used()], null],
    ['the Transfer of another token', [used(), transfer(10_000n, to, other)], null],
    ["another contract's log in between", [used(), transfer(1n, to, other), transfer(10_000n)], [to, 10_000n]],
    ['a batch, in which another authorization paid the same', [used(pad('0xcd')), transfer(10_000n), used(), transfer(5n)], [to, 5n]],
    ['a batch, in which this one is the second', [used(pad('0xcd')), transfer(5n), used(), transfer(10_000n)], [to, 10_000n]],
    [
      'the Transfer of another payer',
      [used(), log([...encodeEventTopics({ abi, eventName: 'Transfer', args: { from: stranger, to } })], pad('0x2710'))],
      null,
    ],
    ['a Transfer in front of it', [transfer(10_000n), used()], null],
  ]
  it.each(receipts)('moved money only by the next log of the token: %s', async (_name, receipt, paid) => {
    const found = await find({ receipt })
    const settlement = found.known ? found.value : undefined
    const [payee, value] = paid ?? []
    expect(settlement?.paid).toEqual({ known: true, value: paid === null ? null : { to: payee, value } })
    expect(settlement === undefined ? undefined : isPaidBy(settlement, authorization)).toEqual({
      known: true,
      value: payee === to && value === 10_000n,
    })
  })

  it('is not known to have paid without its receipt, or by one that can not be read', async () => {
    const unread: readonly World[] = [
      { receipt: null },
      { more: { eth_getTransactionReceipt: 'receipt' } },
      { more: { eth_getTransactionReceipt: { transactionHash: pad('0x99'), from: sender, logs: [used(), transfer(10_000n)] } } },
      { more: { eth_getTransactionReceipt: { transactionHash: hash, from: sender, logs: [{ ...used(), data: '0x0' }] } } },
      { more: { eth_getTransactionReceipt: { transactionHash: hash, from: sender, logs: {} } } },
    ]
    for (const world of unread) expect(await find(world)).toMatchObject({ value: { how: 'used', paid: { known: false } } })
  })

  it('is unknown where logs and receipt exclude each other', async () => {
    const apart: readonly World[] = [
      { receipt: [] },
      { receipt: [transfer(10_000n)] },
      { logs: [canceled] },
      { receipt: [canceled] },
      { receipt: [used(pad('0xcd')), transfer(10_000n)] },
    ]
    for (const world of apart) {
      expect(await find(world)).toEqual({
        known: false,
        reason: `its logs name transaction ${hash}, and the receipt of that transaction has no such log`,
      })
    }
    expect(await find({ logs: [canceled], receipt: [canceled] })).toMatchObject({ value: { how: 'canceled' } })
  })

  it('has a sender only where the transaction and its receipt name the same', async () => {
    expect(await find({ more: { eth_getTransactionByHash: { hash, from: stranger } } })).toMatchObject({
      value: { sender: { known: false } },
    })
    expect(await find({ more: { eth_getTransactionByHash: { hash: pad('0x99'), from: stranger } } })).toMatchObject({
      value: { sender: { known: true, value: sender } },
    })
  })

  it('has a time only inside of its window, and only of its own block', async () => {
    const block = (number: number, time: number): World => ({
      more: { eth_getBlockByNumber: { number: numberToHex(number), hash: pad('0x1'), timestamp: numberToHex(time) } },
    })
    expect(await find(block(150, 150))).toMatchObject({ value: { time: { known: true, value: 150n } } })
    expect(await find(block(150, 100))).toMatchObject({ value: { time: { known: false } } })
    expect(await find(block(150, 200))).toMatchObject({ value: { time: { known: false } } })
    expect(await find(block(151, 150))).toMatchObject({ value: { time: { known: false } } })
  })

  it('is nowhere among logs of others, damaged ones and such as are no part of the chain any more', async () => {
    const none: readonly (readonly unknown[])[] = [
      [],
      [used(pad('0xcd'))],
      [{ ...used(), removed: true }],
      [{ ...used(), address: other }],
      [{ ...used(), blockNumber: '0x' }],
      [{ ...used(), topics: 7 }],
      [{ ...used(), transactionHash: '0x12' }],
      [{ ...used(), blockHash: null }],
      [null],
      [7],
    ]
    for (const logs of none) expect(await find({ logs }), JSON.stringify(logs)).toMatchObject({ known: false })
  })
})
