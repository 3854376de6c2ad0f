import type { Hex } from '../../bytes/hex.ts'
import { type Known, known, unknown } from '../../evidence/known.ts'
import { type ChainClient, describeAnswer, type RpcAnswer, type RpcCall } from '../../rpc/chain-client.ts'

/** What is needed of a block. `time` is in unix seconds, `baseFee` in wei for one unit of gas (EIP-1559; absent before). */
export interface Header {
  readonly number: bigint
  readonly hash: Hex
  readonly time: bigint
  readonly baseFee?: bigint
}

/** A block by what the chain calls it. */
type BlockTag = 'latest' | 'safe' | 'finalized'

/** More rounds than any chain needs: each leaves a sixteenth of the blocks or less. */
const roundLimit = 24

export function blockCall(block: bigint | BlockTag): RpcCall {
  return { method: 'eth_getBlockByNumber', params: [typeof block === 'bigint' ? `0x${block.toString(16)}` : block, false] }
}

/** The header in an answer; null where the node has no such block. Of a block that was asked for by its number nothing else is an answer. */
export function readHeader(answer: RpcAnswer | undefined, asked: bigint | BlockTag = 'latest'): Known<Header | null> {
  if (answer === undefined) return unknown('it left out a block')
  if (answer.kind !== 'result') return unknown(describeAnswer(answer))
  const { value } = answer
  if (value === null) return known(null)
  if (typeof value === 'object' && value !== undefined) {
    const { number, hash, timestamp, baseFeePerGas } = value as Readonly<Record<string, unknown>>
    if (isQuantity(number) && isQuantity(timestamp) && typeof hash === 'string' && /^0x[0-9a-fA-F]{64}$/.test(hash)) {
      if (typeof asked === 'bigint' && BigInt(number) !== asked)
        return unknown(`asked for block ${asked} it answered block ${BigInt(number)}`)
      return known({
        number: BigInt(number),
        hash: hash.toLowerCase() as Hex,
        time: BigInt(timestamp),
        ...(isQuantity(baseFeePerGas) ? { baseFee: BigInt(baseFeePerGas) } : {}),
      })
    }
  }
  return unknown('it answered something that is no block')
}

/** A number as JSON-RPC writes it, of 256 bits at most. */
export function isQuantity(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(value)
}

/**
 * The last block that is not later than `time`, a dozen blocks a round trip: where an even pace would put it, and further and further away
 * from there. Null when the chain is younger.
 */
export async function findBlockAt(client: ChainClient, time: bigint, newest: Header): Promise<Known<Header | null>> {
  if (time >= newest.time) return known(newest)
  /** The last block known to be early enough, or one from before what the node has; the first one known to be too late. */
  let early: { readonly number: bigint; readonly header?: Header } = { number: -1n }
  let late: Header = newest
  for (let round = 0; round < roundLimit && late.number - early.number > 1n; round++) {
    const probes = probesBetween(early, late, time)
    const headers = (await client.batch(probes.map(blockCall))).map((answer, index) => readHeader(answer, probes[index]))
    const before = early.number
    const tooLate = late.number
    for (const [index, header] of headers.entries()) {
      if (!header.known) return header
      const number = probes[index] ?? 0n
      if (header.value === null) {
        if (number > early.number) early = { number }
      } else if (header.value.time <= time) {
        if (number > early.number) early = { number, header: header.value }
      } else if (number < late.number) late = header.value
    }
    if (early.number === before && late.number === tooLate) return unknown('its blocks are not in the order of their times')
  }
  if (early.header !== undefined) return known(early.header)
  return early.number < 0n ? known(null) : unknown(`the node has no block of that time: its first one is ${late.number} or later`)
}

function probesBetween(early: { readonly number: bigint; readonly header?: Header }, late: Header, time: bigint): bigint[] {
  const first = early.number + 1n
  const last = late.number - 1n
  const span = late.number - first
  const { header } = early
  const guess =
    header === undefined || late.time === header.time
      ? first
      : header.number + ((time - header.time) * (late.number - header.number)) / (late.time - header.time)
  const wanted = new Set<bigint>([first, first + span / 2n])
  for (let distance = 1n, step = 0; step < 6; step++, distance *= 6n) {
    wanted.add(guess - distance)
    wanted.add(guess + distance)
  }
  wanted.add(guess)
  if (header === undefined) for (let distance = 1n; distance <= span; distance *= 16n) wanted.add(last - distance)
  return [...wanted].filter((number) => number >= first && number <= last)
}
