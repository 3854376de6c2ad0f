import { sameAddress } from '../../bytes/address.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { checksum } from '../../networks/checksum.ts'
import type { ChainClient, RpcCall } from '../../rpc/chain-client.ts'
import { eventTopics } from './fiat-token.ts'
import type { SentTransaction } from './replay-on-state.ts'

/** A transaction of a block, with what it takes to send it again. */
export interface BlockTransaction extends Omit<SentTransaction, 'to'> {
  /** Null for one that creates a contract. */
  readonly to: Address | null
  /** EIP-2718's type; 0x7e is a deposit of the OP stack. */
  readonly type: number
  /** Wei that a deposit brings to its sender. */
  readonly mint: bigint
}

/** What a chain made of a transaction. */
export interface MinedTransaction {
  readonly transaction: SentTransaction
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
  /** How many of those that came first have a form that can't be read; they are not among `earlier`. */
  readonly unread: number
}

/** Which of the transactions that came first are replayed. */
export interface Selection {
  readonly transactions: readonly BlockTransaction[]
  /** How many are left out and what that can change, in one sentence; null when none is. */
  readonly leftOut: string | null
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
      `${client.description} knows no transaction ${hash}: it may be of another network, or may have been dropped before it was mined; if it was a private key, treat it as exposed.`,
    )
  }
  const transaction = transactionIn(found)
  if (transaction === undefined || transaction.to === null) {
    throw new Eip3009Error(
      'invalid-argument',
      `The transaction ${hash} creates a contract, or has a form that can't be read: there is no payment in it.`,
    )
  }
  const { type: _, mint: __, to, ...others } = transaction
  const sent: SentTransaction = { ...others, to }
  if (!isObject(receipt) || !isQuantity(receipt.blockNumber)) return { transaction: sent, mined: null, earlier: [], unread: 0 }
  const [block] = await answers(client, [{ method: 'eth_getBlockByNumber', params: [receipt.blockNumber, true] }])
  const all: readonly unknown[] = isObject(block) && Array.isArray(block.transactions) ? block.transactions : []
  const index = all.findIndex((each) => isObject(each) && each.hash === found.hash)
  if (!isObject(block) || !isQuantity(block.timestamp) || index === -1 || !isQuantity(receipt.gasUsed)) {
    throw new Eip3009Error(
      'rpc-unavailable',
      `${client.description} has the transaction ${hash} and not the block ${BigInt(receipt.blockNumber)} with it: try again, or give another RPC.`,
    )
  }
  return {
    transaction: sent,
    mined: {
      block: BigInt(receipt.blockNumber),
      time: BigInt(block.timestamp),
      status: receipt.status === '0x1' ? 'succeeded' : 'reverted',
      gasUsed: BigInt(receipt.gasUsed),
    },
    ...readable(all.slice(0, index)),
  }
}

/** What waits in a node's pending block. */
export interface PendingBlock extends Pick<MinedTransaction, 'earlier' | 'unread'> {
  /** Unix seconds. */
  readonly time: bigint
}

/**
 * Reads the block that a node is about to see mined, or made up itself, after the block `newest`.
 * @throws Eip3009Error `rpc-unavailable` when the node has none, or answers a block that is there already.
 */
export async function readPending(client: ChainClient, newest: bigint): Promise<PendingBlock> {
  const [block] = await answers(client, [{ method: 'eth_getBlockByNumber', params: ['pending', true] }])
  const isNext = isObject(block) && (!isQuantity(block.number) || BigInt(block.number) > newest)
  if (!isNext || !isQuantity(block.timestamp) || !Array.isArray(block.transactions)) {
    throw new Eip3009Error(
      'rpc-unavailable',
      `${client.description} has no pending block: give the RPC that the facilitator estimates gas on, or leave out --block pending.`,
    )
  }
  return { ...readable(block.transactions), time: BigInt(block.timestamp) }
}

function readable(all: readonly unknown[]): Pick<MinedTransaction, 'earlier' | 'unread'> {
  const earlier = all.flatMap((each) => (isObject(each) ? (transactionIn(each) ?? []) : []))
  return { earlier, unread: all.length - earlier.length }
}

/** Above this many it takes too long to replay every earlier transaction of a block over somebody's RPC. */
const mostReplayed = 40

/**
 * Of the transactions that came first in a block those that can matter to a payment, where there are too many for all: whatever made the token log
 * something, since FiatToken logs each change that a payment depends on; whatever was sent by or to one of `accounts`; and delegations (EIP-7702), of
 * whomever. Where the RPC does not tell the token's logs, whatever names the token or one of the accounts in its calldata stands in for the first.
 */
export async function selectEarlier(
  client: ChainClient,
  earlier: readonly BlockTransaction[],
  block: bigint,
  token: Address,
  accounts: readonly Address[],
): Promise<Selection> {
  if (earlier.length <= mostReplayed) return { transactions: earlier, leftOut: null }
  const number = `0x${block.toString(16)}`
  const [mined, answer] = await client.batch([
    { method: 'eth_getBlockByNumber', params: [number, false] },
    { method: 'eth_getLogs', params: [{ fromBlock: number, toBlock: number, address: token }] },
  ])
  // A block that is still to come has no logs, which some nodes say with an empty list.
  const isMined = mined?.kind === 'result' && isObject(mined.value)
  const logs = isMined && answer?.kind === 'result' && Array.isArray(answer.value) ? answer.value : undefined
  const logged = new Set((logs ?? []).flatMap((log) => (isObject(log) && concerns(log, accounts) ? [log.transactionHash] : [])))
  const names = [token, ...accounts].map((each) => each.slice(2).toLowerCase())
  const transactions = earlier.filter(
    ({ hash, type, from, to, data }) =>
      type === 4 ||
      logged.has(hash) ||
      accounts.some((each) => sameAddress(each, from) || (to !== null && sameAddress(each, to))) ||
      (logs === undefined && ((to !== null && sameAddress(token, to)) || names.some((name) => data.toLowerCase().includes(name)))),
  )
  const count = earlier.length - transactions.length
  if (count === 0) return { transactions, leftOut: null }
  const why =
    logs === undefined
      ? "none of them names the token, payer, payee or sender, but the RPC does not tell the token's logs, so one that changed the token through another contract would be missed"
      : 'none of them changed the token for this payment, or was sent by or to payer, payee or sender'
  return {
    transactions,
    leftOut: `${count} of the ${earlier.length} transactions that came first in block ${block} were left out, since more than ${mostReplayed} take too long: ${why}; what they changed elsewhere, such as in the code that a payer delegates to, is not in this state.`,
  }
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

/** Undefined for what misses something that a transaction has. */
function transactionIn(fields: Fields): BlockTransaction | undefined {
  const { hash, from, to, input, gas, value, type, mint, accessList, authorizationList } = fields
  const creates = to === null || to === undefined
  if (!isHex(hash) || !isHex(from) || !(creates || isHex(to)) || !isHex(input) || !isQuantity(gas)) return undefined
  return {
    hash: hash.toLowerCase() as Hex,
    from: checksum(from),
    to: creates ? null : checksum(to),
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
