import {
  builtInNetworks,
  type Payment,
  type SearchDepth,
  type SignatureEvidence,
  type SignatureLadder,
  searchSignature,
  secretsOf,
  signatureLadder,
} from '@eip3009/core'
import type { Console } from '../console.ts'
import { exitCodes } from '../exit-codes.ts'
import { progressLines } from '../progress.ts'
import { jsonText } from '../report/json-text.ts'
import { renderLadder } from '../report/signature.ts'
import { searchLimits, searchLine } from '../search.ts'
import { shown } from '../sharing.ts'
import { readGivenPayment } from '../sources/given-payment.ts'
import { readInput } from '../sources/input.ts'
import { readNumber } from '../sources/number-options.ts'
import type { TokenOptions } from '../sources/token-options.ts'
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
  const ladder = shown(signatureLadder(payment, evidence), console, () => secretsOf(payment, evidence))
  console.out(options.json ? jsonText(ladder) : renderLadder(ladder, { color: console.color, columns: console.columns ?? 120 }))
  return exitCodeOf(ladder)
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
