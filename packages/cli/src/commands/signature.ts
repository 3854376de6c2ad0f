import {
  builtInNetworks,
  examineSignature,
  type Payment,
  type SignatureEvidence,
  type SignatureLadder,
  secretsOf,
  signatureLadder,
} from '@eip3009/core'
import type { Console } from '../console.ts'
import { exitCodes } from '../exit-codes.ts'
import { readGivenPayment } from '../given-payment.ts'
import { readInput } from '../input.ts'
import { progressLines } from '../progress.ts'
import { jsonText } from '../report/json-text.ts'
import { renderLadder } from '../report/signature.ts'
import { shown } from '../sharing.ts'
import { UsageError } from '../usage-error.ts'

export interface SignatureOptions {
  readonly payment: string
  readonly json: boolean
  readonly network?: string | undefined
  readonly maxHypotheses?: number | undefined
  /** Milliseconds. */
  readonly timeout?: number | undefined
  readonly threads?: number | undefined
}

/** Reads a payment, finds out what was signed, prints the steps, and returns the exit code. */
export async function signatureCommand(options: SignatureOptions, console: Console): Promise<number> {
  const { maxHypotheses, timeout, threads } = options
  if (maxHypotheses !== undefined && !(Number.isSafeInteger(maxHypotheses) && maxHypotheses > 0)) {
    throw new UsageError('--max-hypotheses is no whole number above 0; give a number such as 1000000.')
  }
  if (timeout !== undefined && !(timeout > 0))
    throw new UsageError('--timeout is no number of milliseconds above 0; give a number such as 60000.')

  if (threads !== undefined && !(Number.isSafeInteger(threads) && threads > 0 && threads <= 256)) {
    throw new UsageError('--threads is no whole number from 1 to 256; leave it out for as many as this machine runs at once.')
  }
  if (threads !== undefined && maxHypotheses === undefined && timeout === undefined)
    throw new UsageError('--threads is for a search that goes on; say how long by --timeout 60000, or by --max-hypotheses 1000000.')
  const input = await readInput(options.payment, console)
  const payment = readGivenPayment(input, options.network)
  const evidence =
    maxHypotheses === undefined && timeout === undefined
      ? examineSignature(payment, builtInNetworks)
      : await searchDeeply(payment, options, console)
  const ladder = shown(signatureLadder(payment, evidence), console, () => secretsOf(payment, evidence))
  console.out(options.json ? jsonText(ladder) : renderLadder(ladder, { color: console.color, columns: console.columns ?? 120 }))
  return exitCodeOf(ladder)
}

async function searchDeeply(
  payment: Payment,
  { maxHypotheses, timeout, threads }: SignatureOptions,
  console: Console,
): Promise<SignatureEvidence> {
  const { searchInThreads } = await import('@eip3009/core/threads')
  const say = progressLines(console)
  return searchInThreads(payment, builtInNetworks, {
    maxHypotheses: maxHypotheses ?? Number.MAX_SAFE_INTEGER,
    ...(timeout === undefined ? {} : { timeoutMs: timeout }),
    ...(threads === undefined ? {} : { threads }),
    onProgress: ({ tried, order, threads: running }) =>
      say(
        () =>
          `${tried.toLocaleString('en')} hypotheses tried, now those with ${['', 'one slip', 'two slips', 'three slips'][order] ?? 'more slips'} (${running} ${running === 1 ? 'thread' : 'threads'}) …`,
      ),
  })
}

function exitCodeOf({ standing, expected, wallet }: SignatureLadder): number {
  if (standing === 'valid') return exitCodes.settles
  return expected === null || (wallet !== null && standing !== 'explained') ? exitCodes.inconclusive : exitCodes.payment
}
