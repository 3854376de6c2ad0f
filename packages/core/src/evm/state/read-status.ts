import type { Address, Hex } from '../../bytes/hex.ts'
import { ifKnown, type Known, known, unknown } from '../../evidence/known.ts'
import { type ChainClient, describeAnswer, type RpcAnswer, type RpcCall } from '../../rpc/chain-client.ts'
import { gatheringClient } from '../../rpc/gathering-client.ts'
import type { Head } from '../evidence/chain.ts'
import type { StatusAnswer, StatusQuestion, TransactionReading } from '../evidence/status.ts'
import { encodeCall, tokenViews } from '../payment/token-call.ts'
import { blockCall, type Header, isQuantity, readHeader } from './find-block.ts'
import { readLogs } from './find-logs.ts'
import { authorizationsIn, findSettlement } from './find-settlement.ts'
import { readChainId } from './read-chain.ts'
import { readHexAnswer } from './reading.ts'

/** Never rejects because of the RPC: what could not be read is unknown, and says why. In four round trips where the RPC takes batches. */
export async function readStatus(client: ChainClient, question: StatusQuestion, timeout: number): Promise<StatusAnswer> {
  const gathering = gatheringClient(client, { timeout })
  try {
    return await read(gathering, question)
  } finally {
    gathering.stop()
  }
}

async function read(client: ChainClient, { chainId: expected, authorization, transaction }: StatusQuestion): Promise<StatusAnswer> {
  const source = client.description
  const [chainAnswer, newestAnswer, safeAnswer, finalizedAnswer] = await client.batch([
    { method: 'eth_chainId', params: [] },
    blockCall('latest'),
    blockCall('safe'),
    blockCall('finalized'),
  ])
  const chainId = readChainId(chainAnswer)
  if (!chainId.known) return { kind: 'unreachable', source, reason: chainId.reason }
  if (chainId.value !== expected) return { kind: 'wrong-chain', source, expected, chainId: chainId.value }
  const latest = readHeader(newestAnswer)
  if (!latest.known) return { kind: 'unreachable', source, reason: latest.reason }
  if (latest.value === null) return { kind: 'unreachable', source, reason: 'it has no newest block' }
  const head = latest.value
  const [safe, finalized] = [readHeader(safeAnswer), readHeader(finalizedAnswer)].map(headOf)
  const finality = { safe: safe ?? unknown('it was not asked'), finalized: finalized ?? unknown('it was not asked') }
  const [sent, nonce] = await Promise.all([
    transaction === undefined ? undefined : readTransaction(client, transaction),
    authorization === undefined ? undefined : readNonce(client, authorization, head, finality),
  ])
  return {
    kind: 'read',
    source,
    head: { number: head.number, time: head.time },
    ...finality,
    ...(nonce === undefined ? {} : { nonce }),
    ...(sent === undefined ? {} : { sent }),
  }
}

function headOf(header: Known<Header | null>): Known<Head | null> {
  return header.known ? known(header.value === null ? null : { number: header.value.number, time: header.value.time }) : header
}

type Nonce = NonNullable<Extract<StatusAnswer, { kind: 'read' }>['nonce']>

async function readNonce(
  client: ChainClient,
  authorization: NonNullable<StatusQuestion['authorization']>,
  head: Header,
  { safe, finalized }: { readonly safe: Known<Head | null>; readonly finalized: Known<Head | null> },
): Promise<Nonce> {
  const { token, from, nonce } = authorization
  const data = encodeCall(tokenViews.authorizationState, [from, nonce])
  const ask = (tag: string): RpcCall => ({ method: 'eth_call', params: [{ to: token, data }, tag] })
  const at = (of: Known<Head | null>): string[] => {
    const block = ifKnown(of)
    return block === undefined || block === null ? [] : [`0x${block.number.toString(16)}`]
  }
  const [atSafe, atFinalized] = [at(safe), at(finalized)]
  const answers = await client.batch([`0x${head.number.toString(16)}`, 'pending', ...atSafe, ...atFinalized].map(ask))
  const flags = answers.map(readFlag)
  const none: Known<boolean | null> = unknown('the node names no such block')
  const used = flags[0] ?? none
  const window = { validAfter: authorization.validAfter ?? 0n, validBefore: authorization.validBefore ?? head.time + 1n }
  const wanted = { from, nonce, to: from, value: 0n, ...window }
  return {
    used,
    pending: flags[1] ?? none,
    safe: atSafe.length === 0 ? none : (flags[2] ?? none),
    finalized: atFinalized.length === 0 ? none : (flags[2 + atSafe.length] ?? none),
    settlement: ifKnown(used) === true ? await findSettlement(client, token, wanted, head) : known(null),
  }
}

/** Null is a contract without such a function, or no contract. */
function readFlag(answer: RpcAnswer | undefined): Known<boolean | null> {
  const reading = readHexAnswer(answer, 'a flag', (hex) => (hex.length === 66 && BigInt(hex) < 2n ? BigInt(hex) === 1n : undefined))
  if (reading.kind === 'known') return known(reading.value)
  return reading.kind === 'unknown' ? unknown(reading.reason) : known(null)
}

/** A transaction by its hash: whether it waits, is in a block, or was in one that the chain has replaced; null where the node knows none. */
async function readTransaction(client: ChainClient, hash: Hex): Promise<Known<TransactionReading | null>> {
  const [sent, receipt] = await client.batch([
    { method: 'eth_getTransactionByHash', params: [hash] },
    { method: 'eth_getTransactionReceipt', params: [hash] },
  ])
  if (sent?.kind !== 'result') return unknown(sent === undefined ? 'it left out an answer' : describeAnswer(sent))
  const [object, done] = [recordOf(sent.value), receipt?.kind === 'result' ? recordOf(receipt.value) : undefined]
  if (object === undefined && done === undefined) return known(null)
  const own = { transaction: hash, object: object ?? null, sender: addressIn(done?.from ?? object?.from) }
  const named = String(done?.transactionHash ?? object?.hash).toLowerCase()
  if (named !== hash.toLowerCase()) return unknown('it answered another transaction than was asked for')
  if (done === undefined) {
    if (receipt?.kind !== 'result') return unknown(receipt === undefined ? 'it left out the receipt' : describeAnswer(receipt))
    return known({ ...own, state: 'pending', block: null, time: unknown('it is in no block'), uses: [] })
  }
  const { status, blockNumber, blockHash } = done
  const logs = readLogs({ kind: 'result', value: done.logs })
  if (!isQuantity(status) || !isQuantity(blockNumber) || typeof blockHash !== 'string')
    return unknown('it answered something that is no receipt')
  if (!logs.known) return logs
  const block = BigInt(blockNumber)
  const [minedAnswer] = await client.batch([blockCall(block)])
  const mined = readHeader(minedAnswer, block)
  const isReplaced = mined.known && (mined.value === null || mined.value.hash !== blockHash.toLowerCase())
  const outcome = BigInt(status) === 1n ? 'succeeded' : 'failed'
  return known({
    ...own,
    state: isReplaced ? 'replaced' : outcome,
    block,
    time: mined.known && mined.value !== null ? known(mined.value.time) : unknown('the node has not got the block'),
    uses: authorizationsIn(logs.value),
  })
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}

function addressIn(value: unknown): Address | null {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value) ? (value as Address) : null
}
