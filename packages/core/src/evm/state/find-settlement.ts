import { sameAddress } from '../../bytes/address.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { type Known, known, unknown } from '../../evidence/known.ts'
import { checksum } from '../../networks/checksum.ts'
import { type ChainClient, describeAnswer, type RpcAnswer } from '../../rpc/chain-client.ts'
import { utc } from '../../text/utc.ts'
import type { SentReceipt, Settlement } from '../evidence/chain.ts'
import { windowState } from '../evidence/moment.ts'
import type { LoggedAuthorization } from '../evidence/status.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { blockCall, findBlockAt, type Header, isQuantity, readHeader } from './find-block.ts'
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
    else if (log.value !== null) return describeLog(client, log.value, token, authorization)
  }
  return unknown(unread ?? 'the node has no log of it, although the token calls the nonce used')
}

/**
 * The transaction of a log, by its receipt. The receipt has to have the same log: where it has not, one of the two is wrong, and nothing is known. The
 * Transfer that belongs to an authorization is the token's next log, as in EIP-3009's reference implementation and in FiatToken's `EIP3009.sol`: another
 * one of the same parties and value may belong to another authorization in the same transaction.
 */
async function describeLog(client: ChainClient, log: Log, token: Address, authorization: Authorization): Promise<Known<Settlement>> {
  const { transaction, block, blockHash } = log
  const at: Hex = `0x${block.toString(16)}`
  const [sent, receipt, mined, moved] = await client.batch([
    { method: 'eth_getTransactionByHash', params: [transaction] },
    { method: 'eth_getTransactionReceipt', params: [transaction] },
    blockCall(block),
    {
      method: 'eth_getLogs',
      params: [{ address: token, topics: [eventTopics.transfer, addressTopic(authorization.from)], fromBlock: at, toBlock: at }],
    },
  ])
  const logs = member(receipt, 'logs', { name: 'transactionHash', is: transaction })
  const events = logs.known ? readLogs({ kind: 'result', value: logs.value }) : logs
  const own = events.known ? events.value.filter(({ address }) => sameAddress(address, token)) : []
  const index = own.findIndex(({ topics }) => topics.length === log.topics.length && topics.every((topic, at) => topic === log.topics[at]))
  if (events.known && index === -1)
    return unknown(`its logs name transaction ${transaction}, and the receipt of that transaction has no such log`)
  const how = log.topics[0] === eventTopics.used ? 'used' : 'canceled'
  return known({
    how,
    transaction,
    block,
    blockHash,
    time: timeOf(readHeader(mined, block), how, authorization),
    sender: senderOf(addressIn(member(sent, 'from', { name: 'hash', is: transaction })), addressIn(member(receipt, 'from'))),
    blocks: { receipt: hashIn(member(receipt, 'blockHash')), now: hashOf(readHeader(mined, block)) },
    called: targetIn(member(sent, 'to', { name: 'hash', is: transaction })),
    emitters: events.known ? known([...new Set(events.value.map(({ address }) => checksum(address)))]) : events,
    paid: events.known ? paidBy(own[index + 1], readLogs(moved), transaction, authorization.from) : events,
  })
}

/** Every authorization of which the logs of one transaction say that it was used or canceled, in their order. */
export function authorizationsIn(logs: readonly Log[]): readonly LoggedAuthorization[] {
  return logs.flatMap(({ address, topics: [event, authorizer, nonce] }, index): LoggedAuthorization[] => {
    const how = event === eventTopics.used ? 'used' : event === eventTopics.canceled ? 'canceled' : undefined
    if (how === undefined || authorizer === undefined || nonce === undefined) return []
    const from = checksum(`0x${authorizer.slice(26)}`)
    const next = logs.slice(index + 1).find((each) => sameAddress(each.address, address))
    return [{ how, token: checksum(address), from, nonce, paid: how === 'used' ? transferIn(next, from) : null }]
  })
}

/** The receipt of a transaction, and whether the authorization's log is in it; null where the node has none. */
export function readSent(
  answer: RpcAnswer,
  transaction: Hex,
  token: Address,
  { from, nonce }: Pick<Authorization, 'from' | 'nonce'>,
): Known<SentReceipt | null> {
  if (answer.kind === 'result' && answer.value === null) return known(null)
  const logs = member(answer, 'logs', { name: 'transactionHash', is: transaction })
  const events = logs.known ? readLogs({ kind: 'result', value: logs.value }) : logs
  const [status, block, blockHash] = [member(answer, 'status'), member(answer, 'blockNumber'), hashIn(member(answer, 'blockHash'))]
  if (!events.known) return events
  if (!blockHash.known) return blockHash
  if (!status.known || !block.known || !isQuantity(status.value) || !isQuantity(block.value))
    return unknown('it answered something that is no receipt')
  const uses = events.value.some(
    ({ address, topics: [event, authorizer, used] }) =>
      sameAddress(address, token) && event === eventTopics.used && authorizer === addressTopic(from) && used === nonce.toLowerCase(),
  )
  return known({ transaction, succeeded: BigInt(status.value) === 1n, block: BigInt(block.value), blockHash: blockHash.value, uses })
}

/** What follows the authorization's log, where the block's logs of that transaction have it, too: a receipt alone is one word for whom it paid. */
function paidBy(next: Log | undefined, moved: Known<readonly Log[]>, transaction: Hex, from: Address): Settlement['paid'] {
  const paid = transferIn(next, from)
  if (paid === null || !moved.known) return known(paid)
  const transfers = moved.value.filter(({ transaction: by, topics }) => by === transaction && topics[0] === eventTopics.transfer)
  const same = transfers.some(({ topics, data }) => data === next?.data && topics.every((topic, at) => topic === next?.topics[at]))
  return same || transfers.length === 0 ? known(paid) : unknown("its receipt and the block's logs differ about whom it paid")
}

/** Whom a log paid, and how much; null where it is no Transfer of this payer's. */
function transferIn(log: Log | undefined, from: Address): { readonly to: Address; readonly value: bigint } | null {
  const [event, payer, payee] = log?.topics ?? []
  if (event !== eventTopics.transfer || payer !== addressTopic(from) || payee === undefined || log?.data.length !== 66) return null
  return { to: checksum(`0x${payee.slice(26)}`), value: BigInt(log.data) }
}

/** An authorization is used inside of its window, so that a block of another time is not the one. */
function timeOf(header: Known<Header | null>, how: Settlement['how'], authorization: Authorization): Settlement['time'] {
  if (!header.known) return header
  if (header.value === null) return unknown('the node has not got the block')
  const { time } = header.value
  return how === 'used' && windowState(authorization, time) !== 'open'
    ? unknown(`it says that the block is of ${utc(time)}, when the token did not take the authorization`)
    : known(time)
}

/** The transaction and its receipt both tell who sent it, and have to agree. */
function senderOf(sent: Known<Address>, received: Known<Address>): Known<Address> {
  if (!sent.known) return received.known ? received : sent
  if (!received.known || sameAddress(sent.value, received.value)) return sent
  return unknown(`the transaction says that ${sent.value} sent it, and its receipt that ${received.value} did`)
}

/** A member of what a node tells of a transaction, which has to be the one that was asked for. */
function member(answer: RpcAnswer | undefined, name: string, identity?: { readonly name: string; readonly is: Hex }): Known<unknown> {
  if (answer === undefined) return unknown('it left out an answer')
  if (answer.kind !== 'result') return unknown(describeAnswer(answer))
  if (answer.value === null || answer.value === undefined) return unknown('the node has not got the transaction')
  if (typeof answer.value !== 'object' || !(name in answer.value)) return unknown('it answered something that is no transaction')
  if (identity !== undefined && String(Reflect.get(answer.value, identity.name)).toLowerCase() !== identity.is)
    return unknown('it answered another transaction than was asked for')
  return known(Reflect.get(answer.value, name))
}

function hashIn(value: Known<unknown>): Known<Hex> {
  if (!value.known) return value
  return typeof value.value === 'string' && /^0x[0-9a-fA-F]{64}$/.test(value.value)
    ? known(value.value.toLowerCase() as Hex)
    : unknown('it answered a receipt without its block')
}

function hashOf(header: Known<Header | null>): Known<Hex | null> {
  return header.known ? known(header.value === null ? null : header.value.hash) : header
}

/** A transaction that creates a contract calls nobody. */
function targetIn(value: Known<unknown>): Known<Address | null> {
  return value.known && value.value === null ? known(null) : addressIn(value)
}

function addressIn(value: Known<unknown>): Known<Address> {
  if (!value.known) return value
  return typeof value.value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value.value)
    ? known(checksum(value.value))
    : unknown('it answered a transaction without a sender or a target')
}

function addressTopic(address: Address): Hex {
  return `0x${'0'.repeat(24)}${address.slice(2).toLowerCase()}`
}
