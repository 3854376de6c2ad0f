import { builtInNetworks, Eip3009Error, type EvmNetwork, type EvmPayment, findNetwork } from '@eip3009/core'
import { readGivenEvmPayment } from '../sources/given-payment.ts'
import type { Sources } from '../sources/read-sources.ts'
import { networkTold } from '../sources/token-options.ts'
import { UsageError } from '../usage-error.ts'

/**
 * The network of a transaction that is known by its hash alone: the one that is named, else the RPC's own, else the only one that an RPC is known of.
 * @throws UsageError where nothing tells, Eip3009Error `rpc-unavailable` where the RPC does not.
 */
export async function networkOfTransaction({ told, rpcs, urlsFor, headersFor, timeout }: Sources): Promise<EvmNetwork> {
  const named = networkTold(told)
  if (named !== undefined) {
    const answer = findNetwork(named)
    if (answer.kind === 'unknown') throw new UsageError(`--network ${answer.reason}`)
    if (answer.network.family !== 'evm') throw new UsageError(`--network ${named} is not an EVM network: there is nothing to replay.`)
    return answer.network
  }
  const evm = builtInNetworks.all.filter((each): each is EvmNetwork => each.family === 'evm')
  const [rpc] = urlsFor(undefined)
  if (rpc !== undefined) {
    const { chainReader } = await import('@eip3009/core/chain')
    const reader = chainReader(rpc, { timeout, headers: headersFor(undefined) })
    const answer = (await reader.chainId?.()) ?? { known: false, reason: 'it was not asked' }
    if (!answer.known) throw new Eip3009Error('rpc-unavailable', `${reader.source} does not say of which chain it is: ${answer.reason}.`)
    const id = answer.value
    const found = evm.find(({ chainId }) => chainId === id)
    if (found === undefined)
      throw new UsageError(`The RPC is of chain ${id}, which is none of the networks that are known; see eip3009 networks.`)
    return found
  }
  if (rpcs.isPublic) throw new UsageError('--rpc-url public has an RPC of each network: say which one the transaction is of (--network).')
  const known = new Set(rpcs.networks().map(({ id }) => id))
  const given = evm.filter(({ id }) => known.has(id))
  const [only, ...others] = given
  if (only === undefined) throw noRpc()
  if (others.length > 0)
    throw new UsageError(`RPCs of ${given.map(({ id }) => id).join(', ')} are known: say which network the transaction is of (--network).`)
  return only
}

export function noRpc(): UsageError {
  return new UsageError(
    'Read 32 bytes, which are not shown; if what was given is a transaction hash: give an RPC to read it from, by --rpc-url or EIP3009_RPC_BASE and the like; if it was a private key: treat it as exposed.',
  )
}

/** A payment as its transaction has it, and the state before that transaction's block, at the second of which it is judged. */
export interface SentPayment {
  readonly payment: EvmPayment
  readonly moment: { readonly at?: bigint; readonly block?: bigint }
}

/**
 * Reads the transaction itself, with no chain of our own: only where it calls the token, its payment is in what an RPC tells.
 * @throws Eip3009Error `invalid-argument` where no RPC knows it, `rpc-unavailable` where none answers, and whatever reading the payment throws.
 */
export async function readSentPayment(
  hash: `0x${string}`,
  network: EvmNetwork,
  urls: readonly string[],
  { timeout, headersFor, told, at, block }: Sources,
): Promise<SentPayment> {
  const { connectChain } = await import('@eip3009/core/chain')
  let failed: Eip3009Error | undefined
  for (const url of urls) {
    const client = connectChain(url, { timeout, headers: headersFor(network) })
    const [answer] = await client.batch([{ method: 'eth_getTransactionByHash', params: [hash] }])
    if (answer?.kind !== 'result') {
      const why = answer === undefined ? 'no answer' : answer.kind === 'refused' ? answer.message : answer.reason
      failed ??= new Eip3009Error('rpc-unavailable', `${client.description} does not tell the transaction: ${why}.`)
      continue
    }
    if (typeof answer.value !== 'object' || answer.value === null) {
      failed ??= new Eip3009Error(
        'invalid-argument',
        `${client.description} knows no transaction ${hash}: it may be of another network, or may have been dropped before it was mined; if it was a private key, treat it as exposed.`,
      )
      continue
    }
    const payment = readGivenEvmPayment(JSON.stringify(answer.value), { ...told, network: network.caip2, chainId: undefined })
    const mined = payment.call?.transaction?.mined
    if (mined === undefined || typeof block === 'bigint') return { payment, moment: {} }
    const [header] = await client.batch([{ method: 'eth_getBlockByNumber', params: [`0x${mined.block.toString(16)}`, false] }])
    const time = header?.kind === 'result' ? timeIn(header.value) : undefined
    return { payment, moment: { block: mined.block - 1n, ...(at !== undefined || time === undefined ? {} : { at: time }) } }
  }
  throw failed ?? noRpc()
}

function timeIn(block: unknown): bigint | undefined {
  if (typeof block !== 'object' || block === null || !('timestamp' in block)) return undefined
  const { timestamp } = block
  return typeof timestamp === 'string' && /^0x[0-9a-fA-F]{1,16}$/.test(timestamp) ? BigInt(timestamp) : undefined
}
