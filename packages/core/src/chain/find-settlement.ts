import type { Address, Hex } from 'viem'
import { type Known, known, type Settlement, unknown } from '../evidence/chain.ts'
import { checksum } from '../networks/checksum.ts'
import { sameAddress } from '../typed-data/address.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { type ChainClient, describeAnswer, type RpcAnswer } from './chain-client.ts'
import { blockCall, findBlockAt, type Header, readHeader } from './find-block.ts'
import { findLog, type Log, readLogs } from './find-logs.ts'

/** First topics: keccak256 of `AuthorizationUsed(address,bytes32)`, `AuthorizationCanceled(address,bytes32)`, `Transfer(address,address,uint256)`. */
const eventTopics = {
  used: '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5',
  canceled: '0x1cdd46ff242716cdaa72d159d339a485b3438398348d68f09d7c8c0a59353d81',
  transfer: '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
} as const satisfies Record<string, Hex>

/**
 * The transaction that used or canceled an authorization: looked for in the blocks of its window, where a payment can only be, then
 * everywhere else, where a cancellation can be too.
 */
export async function findSettlement(
  client: ChainClient,
  token: Address,
  authorization: Authorization,
  newest: Header,
): Promise<Known<Settlement>> {
  const { from, nonce, validAfter, validBefore } = authorization
  const filter = {
    address: token,
    topics: [[eventTopics.used, eventTopics.canceled], addressTopic(from), nonce.toLowerCase() as Hex],
  }
  const [opened, closed] = await Promise.all([findBlockAt(client, validAfter, newest), findBlockAt(client, validBefore, newest)])
  // Where the times could not be found, the window is all there is.
  const first = opened.known && opened.value !== null ? opened.value.number : 0n
  const last = closed.known && closed.value !== null ? closed.value.number : newest.number
  const ranges: readonly (readonly [bigint, bigint])[] = [
    [first, last],
    [last + 1n, newest.number],
    [0n, first - 1n],
  ]
  let unread: string | undefined
  for (const [start, end] of ranges) {
    if (start > end) continue
    const log = await findLog(client, filter, start, end)
    if (!log.known) unread ??= log.reason
    else if (log.value !== null) return known(await describeLog(client, log.value, token, authorization))
  }
  return unknown(unread ?? 'the node has no log of it, although the token calls the nonce used')
}

async function describeLog(client: ChainClient, log: Log, token: Address, { from, to, value }: Authorization): Promise<Settlement> {
  const [transaction, receipt, block] = await client.batch([
    { method: 'eth_getTransactionByHash', params: [log.transaction] },
    { method: 'eth_getTransactionReceipt', params: [log.transaction] },
    blockCall(log.block),
  ])
  const header = readHeader(block)
  const logs = member(receipt, 'logs')
  const events = logs.known ? readLogs({ kind: 'result', value: logs.value }) : logs
  const isTransfer = ({ address, topics: [name, payer, payee], data }: Log): boolean =>
    sameAddress(address, token) &&
    name === eventTopics.transfer &&
    payer === addressTopic(from) &&
    payee === addressTopic(to) &&
    data.length === 66 &&
    BigInt(data) === value
  return {
    how: log.topics[0] === eventTopics.used ? 'used' : 'canceled',
    transaction: log.transaction,
    block: log.block,
    time: header.known ? (header.value === null ? unknown('the node has not got the block') : known(header.value.time)) : header,
    sender: addressIn(member(transaction, 'from')),
    transferred: events.known ? known(events.value.some(isTransfer)) : events,
  }
}

function member(answer: RpcAnswer | undefined, name: string): Known<unknown> {
  if (answer === undefined) return unknown('it left out an answer')
  if (answer.kind !== 'result') return unknown(describeAnswer(answer))
  if (typeof answer.value !== 'object' || answer.value === null || !(name in answer.value))
    return unknown('the node has not got the transaction')
  return known(Reflect.get(answer.value, name))
}

function addressIn(value: Known<unknown>): Known<Address> {
  if (!value.known) return value
  return typeof value.value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value.value)
    ? known(checksum(value.value))
    : unknown('it answered a transaction without a sender')
}

function addressTopic(address: Address): Hex {
  return `0x${'0'.repeat(24)}${address.slice(2).toLowerCase()}`
}
