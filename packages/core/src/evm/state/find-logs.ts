import { sameAddress } from '../../bytes/address.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { type Known, known, unknown } from '../../evidence/known.ts'
import { type ChainClient, describeAnswer, type RpcAnswer } from '../../rpc/chain-client.ts'
import { isQuantity } from './find-block.ts'

export interface Log {
  readonly address: Address
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly transaction: Hex
  readonly block: bigint
  readonly blockHash: Hex
}

export interface LogFilter {
  readonly address: Address
  /** As JSON-RPC has them: a list stands for any of its members. */
  readonly topics: readonly (Hex | readonly Hex[])[]
}

/** Calls that one search may make; at ten thousand blocks a call, half a million blocks. */
const callLimit = 60
const atOnce = 8

/**
 * The first match of a filter between two blocks, both included, the later blocks first. Ranges that the node refuses are halved until it takes
 * them. Null when the node says that there is none; unknown when it could not be asked for all of them.
 */
export async function findLog(client: ChainClient, filter: LogFilter, from: bigint, to: bigint): Promise<Known<Log | null>> {
  let left = callLimit
  /** The longest range that the node is not known to refuse. */
  let longest = to - from + 1n
  let taken = 0n
  let end = to
  while (end >= from) {
    const ranges: (readonly [bigint, bigint])[] = []
    // Until one range was taken there is no use in asking for several of its length.
    for (let last = end; last >= from && ranges.length < (taken > 0n ? atOnce : 1); last -= longest) {
      ranges.push([last - longest + 1n > from ? last - longest + 1n : from, last])
    }
    if (left < ranges.length)
      return unknown(`it takes no more than ${taken} blocks at a time, and blocks ${from} to ${end} would be too many calls`)
    left -= ranges.length
    const answers = await client.batch(
      ranges.map(([first, last]) => ({
        method: 'eth_getLogs',
        params: [{ ...filter, fromBlock: `0x${first.toString(16)}`, toBlock: `0x${last.toString(16)}` }],
      })),
    )
    for (const [index, [first, last]] of ranges.entries()) {
      const answer = answers[index]
      if (answer?.kind === 'refused' && isTooMuch(answer) && last > first) {
        longest = (last - first + 1n) / 2n
        break
      }
      const logs = readLogs(answer)
      if (!logs.known) return logs
      // Not every proxy in front of a node applies the filter.
      const log = logs.value.findLast((each) => matches(each, filter))
      if (log !== undefined) return known(log)
      taken = last - first + 1n
      end = first - 1n
    }
  }
  return known(null)
}

function matches({ address, topics }: Log, filter: LogFilter): boolean {
  if (!sameAddress(address, filter.address)) return false
  return filter.topics.every((wanted, index) => {
    const topic = topics[index]
    return topic !== undefined && (typeof wanted === 'string' ? wanted === topic : wanted.includes(topic))
  })
}

/** A method that is missing or not allowed stays so for shorter ranges. */
function isTooMuch({ code, message }: Extract<RpcAnswer, { kind: 'refused' }>): boolean {
  return (
    code !== -32601 &&
    code !== 4200 &&
    !/method not found|not (?:available|supported|allowed)|unauthori[sz]ed|does not exist/i.test(message)
  )
}

export function readLogs(answer: RpcAnswer | undefined): Known<readonly Log[]> {
  if (answer === undefined) return unknown('it left out the logs')
  if (answer.kind !== 'result') return unknown(describeAnswer(answer))
  if (!Array.isArray(answer.value)) return unknown('it answered something that is no list of logs')
  const logs: Log[] = []
  for (const each of answer.value as readonly unknown[]) {
    const log = readLog(each)
    if (log === undefined) return unknown('it answered something that is no log')
    if (log !== 'removed') logs.push(log)
  }
  return known(logs)
}

/** `removed`: of a block that is no part of the chain any more. */
function readLog(value: unknown): Log | 'removed' | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { address, topics, data, transactionHash, blockNumber, blockHash, removed } = value as Readonly<Record<string, unknown>>
  if (removed === true) return 'removed'
  if (!isBytes(address, 20) || !isBytes(data) || !isBytes(transactionHash, 32) || !isBytes(blockHash, 32) || !isQuantity(blockNumber))
    return undefined
  if (!Array.isArray(topics) || !topics.every((topic) => isBytes(topic, 32))) return undefined
  return {
    address,
    data,
    transaction: transactionHash.toLowerCase() as Hex,
    block: BigInt(blockNumber),
    blockHash: blockHash.toLowerCase() as Hex,
    topics: topics.map((topic) => topic.toLowerCase() as Hex),
  }
}

/** Whole bytes, so many of them where a length is given. */
function isBytes(value: unknown, length?: number): value is Hex {
  if (typeof value !== 'string' || value.length >= 200_000 || !/^0x(?:[0-9a-fA-F]{2})*$/.test(value)) return false
  return length === undefined || value.length === 2 + 2 * length
}
