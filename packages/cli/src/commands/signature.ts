import {
  builtInNetworks,
  type Payment,
  type SearchDepth,
  type SignatureEvidence,
  type SignatureLadder,
  searchSignature,
  signatureLadder,
} from '@eip3009/core'
import type { Console } from '../console.ts'
import { exitCodes } from '../exit-codes.ts'
import { readGivenPayment } from '../given-payment.ts'
import { readInput } from '../input.ts'
import { readNumber } from '../number-options.ts'
import { progressLines } from '../progress.ts'
import { jsonText } from '../report/json-text.ts'
import { renderLadder } from '../report/signature.ts'
import { searchLimits, searchLine } from '../search.ts'
import type { TokenOptions } from '../token-options.ts'
import { UsageError } from '../usage-error.ts'

export interface SignatureOptions extends TokenOptions {
  readonly payment: string
  readonly json: boolean
  /** As far as the limits allow where one is given, `pairs` else. */
  readonly search?: SearchDepth | undefined
  readonly maxHypotheses?: number | undefined
  /** Milliseconds. */
  readonly timeout?: number | undefined
  readonly threads?: number | undefined
  /** Leave s out: standing alone, it is not recognised as a part of a signature. */
  readonly share?: boolean
}

/** Reads a payment, finds out what was signed, prints the steps, and returns the exit code. */
export async function signatureCommand(options: SignatureOptions, console: Console): Promise<number> {
  const { maxHypotheses, timeout, threads, search } = options
  readNumber('max-hypotheses', maxHypotheses)
  readNumber('timeout', timeout)
  readNumber('threads', threads)
  const isLong = maxHypotheses !== undefined || timeout !== undefined || search === 'deep'
  if (threads !== undefined && !isLong)
    throw new UsageError(
      '--threads is for a search that goes on; say how long by --timeout 60000, --max-hypotheses 1000000 or --search deep.',
    )
  const input = await readInput(options.payment, console)
  const payment = readGivenPayment(input, options)
  const evidence = isLong
    ? await searchDeeply(payment, options, console)
    : await searchSignature(payment, builtInNetworks, searchLimits(search, console))
  const whole = signatureLadder(payment, evidence)
  const ladder: SignatureLadder = options.share ? { ...whole, signature: withoutS(whole.signature) } : whole
  console.out(options.json ? jsonText(ladder) : renderLadder(ladder, { color: console.color, columns: console.columns ?? 120 }))
  return exitCodeOf(ladder)
}

/**
 * The signature with stars for its s. Said member by member: in a report, bytes of another length than 65, such as the 64 of EIP-2098, are not
 * known for a signature any more, and hold s all the same.
 */
function withoutS({ bytes, repaired, ...rest }: SignatureLadder['signature']): SignatureLadder['signature'] {
  return { ...rest, s: null, bytes: starred(bytes), repaired: repaired === null ? null : starred(repaired) }
}

/** The first 32 bytes are r; where s stands behind them is not said of bytes in a wrong form, so nothing of them stays. */
function starred(bytes: `0x${string}`): `0x${string}` {
  return `0x${bytes.slice(2, 66)}${'*'.repeat(Math.max(0, bytes.length - 66))}`
}

async function searchDeeply(
  payment: Payment,
  { maxHypotheses, timeout, threads, search }: SignatureOptions,
  console: Console,
): Promise<SignatureEvidence> {
  const { searchInThreads } = await import('@eip3009/core/threads')
  const say = progressLines(console)
  return searchInThreads(payment, builtInNetworks, {
    ...(search === undefined ? {} : { depth: search }),
    ...(maxHypotheses === undefined ? (timeout === undefined ? {} : { maxHypotheses: Number.MAX_SAFE_INTEGER }) : { maxHypotheses }),
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(threads === undefined ? {} : { threads }),
    onProgress: ({ tried, order, threads: running }) =>
      say(() => `${searchLine({ tried, order })} (${running} ${running === 1 ? 'thread' : 'threads'})`),
  })
}

function exitCodeOf({ standing, expected, wallet }: SignatureLadder): number {
  if (standing === 'valid') return exitCodes.settles
  return expected === null || (wallet !== null && standing !== 'explained') ? exitCodes.inconclusive : exitCodes.payment
}
