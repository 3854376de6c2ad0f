import type { Address, Hex } from 'viem'
import type { ChainClient, RpcCall } from '../chain/chain-client.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { checksum } from '../networks/checksum.ts'
import { sameAddress } from '../typed-data/address.ts'
import { eventTopics } from './fiat-token.ts'
import type { SentTransaction } from './replay-on-state.ts'

/** A transaction of a block, with what it takes to send it again. */
export interface BlockTransaction extends SentTransaction {
  /** EIP-2718's type; 0x7e is a deposit of the OP stack. */
  readonly type: number
  /** Wei that a deposit brings to its sender. */
  readonly mint: bigint
}

/** What a chain made of a transaction. */
export interface MinedTransaction {
  readonly transaction: BlockTransaction
  /** Null while it is not mined. */
  readonly mined: {
    readonly block: bigint
    /** Unix seconds. */
    readonly time: bigint
    readonly status: 'succeeded' | 'reverted'
    readonly gasUsed: bigint
  } | null
  /** Those that came first in the same block. */
  readonly earlier: readonly BlockTransaction[]
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads a transaction, its receipt and what came before it in its block.
 * @throws Eip3009Error `invalid-argument` when the chain does not know it or it creates a contract, `rpc-unavailable` when nobody answers.
 */
export async function readTransaction(client: ChainClient, hash: Hex): Promise<MinedTransaction> {
  const [found, receipt] = await answers(client, [
    { method: 'eth_getTransactionByHash', params: [hash] },
    { method: 'eth_getTransactionReceipt', params: [hash] },
  ])
  if (!isObject(found)) {
    throw new Eip3009Error(
      'invalid-argument',
      `${client.description} knows no transaction ${hash}: it may be of another network, or may have been dropped before it was mined.`,
    )
  }
  const transaction = transactionIn(found)
  if (transaction === undefined) {
    throw new Eip3009Error(
      'invalid-argument',
      `The transaction ${hash} creates a contract, or has a form that can't be read: there is no payment in it.`,
    )
  }
  if (!isObject(receipt) || !isQuantity(receipt.blockNumber)) return { transaction, mined: null, earlier: [] }
  const [block] = await answers(client, [{ method: 'eth_getBlockByNumber', params: [receipt.blockNumber, true] }])
  if (!isObject(block) || !isQuantity(block.timestamp) || !Array.isArray(block.transactions) || !isQuantity(receipt.gasUsed)) {
    throw new Eip3009Error('rpc-unavailable', `${client.description} has the transaction ${hash} and not its block ${receipt.blockNumber}.`)
  }
  const index = block.transactions.findIndex((each) => isObject(each) && each.hash === found.hash)
  const first = block.transactions.slice(0, Math.max(index, 0))
  return {
    transaction,
    mined: {
      block: BigInt(receipt.blockNumber),
      time: BigInt(block.timestamp),
      status: receipt.status === '0x1' ? 'succeeded' : 'reverted',
      gasUsed: BigInt(receipt.gasUsed),
    },
    earlier: first.flatMap((each) => (isObject(each) ? (transactionIn(each) ?? []) : [])),
  }
}

/** Above this many it takes too long to replay every earlier transaction of a block over somebody's RPC. */
const mostReplayed = 40

/**
 * Of the earlier transactions those that can matter to a payment, where there are too many for all: whatever made the token log something, since
 * FiatToken logs each change that a payment depends on; whatever the payer or the sender did; and delegations (EIP-7702), of whomever.
 * @returns undefined where the chain does not tell its logs.
 */
export async function relevantTransactions(
  client: ChainClient,
  earlier: readonly BlockTransaction[],
  block: bigint,
  token: Address,
  accounts: readonly Address[],
): Promise<readonly BlockTransaction[]> {
  if (earlier.length <= mostReplayed) return earlier
  const number = `0x${block.toString(16)}`
  const [logs] = await answers(client, [{ method: 'eth_getLogs', params: [{ fromBlock: number, toBlock: number, address: token }] }])
  const logged = new Set(
    (Array.isArray(logs) ? logs : []).flatMap((log) => (isObject(log) && concerns(log, accounts) ? [log.transactionHash] : [])),
  )
  return earlier.filter(
    ({ hash, type, from, to }) =>
      type === 4 || logged.has(hash) || accounts.some((each) => sameAddress(each, from) || sameAddress(each, to)),
  )
}

/** A transfer between others changes nothing for this payment; every other event may. */
function concerns({ topics }: Fields, accounts: readonly Address[]): boolean {
  if (!Array.isArray(topics) || topics[0] !== eventTopics.Transfer) return true
  return topics.slice(1).some((topic) => accounts.some((each) => String(topic).toLowerCase().endsWith(each.slice(2).toLowerCase())))
}

async function answers(client: ChainClient, calls: readonly RpcCall[]): Promise<unknown[]> {
  const all = await client.batch(calls)
  return Promise.all(
    calls.map(({ method, params }, index) => {
      const answer = all[index]
      // The client's own way to say why there is none.
      return answer?.kind === 'result' ? answer.value : client.request(method, params)
    }),
  )
}

/** Undefined for one that creates a contract, or that misses what a transaction has. */
function transactionIn(fields: Fields): BlockTransaction | undefined {
  const { hash, from, to, input, gas, value, type, mint, accessList, authorizationList } = fields
  if (!isHex(hash) || !isHex(from) || !isHex(to) || !isHex(input) || !isQuantity(gas)) return undefined
  return {
    hash: hash.toLowerCase() as Hex,
    from: checksum(from),
    to: checksum(to),
    data: input,
    gas,
    value: isQuantity(value) ? value : '0x0',
    type: isQuantity(type) ? Number(type) : 0,
    mint: isQuantity(mint) ? BigInt(mint) : 0n,
    more: {
      ...(Array.isArray(accessList) && accessList.length > 0 ? { accessList } : {}),
      ...(Array.isArray(authorizationList) && authorizationList.length > 0 ? { authorizationList } : {}),
    },
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function isHex(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value)
}

function isQuantity(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value)
}
