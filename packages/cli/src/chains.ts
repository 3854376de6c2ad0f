import type { DiagnoseOptions, Payment } from '@eip3009/core'
import type { ChainReader } from '@eip3009/core/chain'
import type { Console } from './console.ts'
import { readBlock, readNumber } from './number-options.ts'
import { patiently } from './progress.ts'
import { rpcUrlsFor } from './rpc-urls.ts'
import { UsageError } from './usage-error.ts'

interface Given {
  readonly rpcUrl?: readonly string[] | undefined
  readonly facilitatorAddress?: string | undefined
  readonly block?: string | undefined
  readonly timeout: number
}

/**
 * Which chains are asked, and about what: those of --rpc-url, else the one that the environment has for the payment's network.
 * @throws UsageError when an option can not be followed.
 */
export async function readChainOptions(
  { rpcUrl = [], facilitatorAddress, block, timeout }: Given,
  { network }: Payment,
  console: Console,
): Promise<Pick<DiagnoseOptions, 'chains' | 'block' | 'facilitator'>> {
  readNumber('timeout', timeout)
  const urls = rpcUrlsFor(rpcUrl, network, console)
  const facilitator = facilitatorAddress === undefined ? undefined : readAddress(facilitatorAddress)
  const number = block === undefined ? undefined : readBlock(block)
  if (urls.length === 0) {
    if (number !== undefined || facilitator !== undefined)
      throw new UsageError(`${number === undefined ? '--facilitator-address' : '--block'} needs an RPC to ask; give one by --rpc-url.`)
    return {}
  }
  const { chainReader } = await import('@eip3009/core/chain')
  return {
    chains: urls.map((url) => impatient(chainReader(url, { timeout }), console)),
    ...(number === undefined ? {} : { block: number }),
    ...(facilitator === undefined ? {} : { facilitator }),
  }
}

/** The same reader, which says on stderr what it waits for when that takes a while. */
function impatient(reader: ChainReader, console: Console): ChainReader {
  return {
    ...reader,
    read: (question) => patiently(`reading chain ${question.chainId} from ${reader.source}`, console, () => reader.read(question)),
  }
}

function readAddress(text: string): `0x${string}` {
  const address = text.trim()
  if (/^0x[0-9a-fA-F]{40}$/.test(address)) return address as `0x${string}`
  throw new UsageError(`--facilitator-address "${text.slice(0, 60)}" is no address; give 0x and 40 hex digits.`)
}
