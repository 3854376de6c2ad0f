import {
  builtInNetworks,
  Eip3009Error,
  type EvmPayment,
  OtherRailError,
  type Payment,
  type SearchDepth,
  type SignatureEvidence,
  type SignatureLadder,
  type SvmPayment,
  searchSignature,
  secretsOf,
  signatureLadder,
  svmSecretsOf,
  svmSignatures,
  type TypedDataSteps,
  typedDataSteps,
} from '@eip3009/core'
import type { Console } from '../console.ts'
import { exitCodes } from '../exit-codes.ts'
import { progressLines } from '../progress.ts'
import { jsonText } from '../report/json-text.ts'
import { renderLadder } from '../report/signature.ts'
import { renderSvmSignatures } from '../report/svm-signature.ts'
import { renderTypedData } from '../report/typed-data.ts'
import { searchLimits, searchLine } from '../search.ts'
import { shown } from '../sharing.ts'
import { readGivenPayment } from '../sources/given-payment.ts'
import { readInput } from '../sources/input.ts'
import { readNumber } from '../sources/number-options.ts'
import { refuseUnused } from '../sources/option-uses.ts'
import { networkTold, type TokenOptions, tokenTold } from '../sources/token-options.ts'
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
  const read = readGiven(input, options)
  refuseUnused('signature', 'schema' in read ? 'evm' : read.family, options)
  if ('schema' in read) return printTypedData(read, options, console)
  const payment = read
  if (payment.family === 'solana') {
    return printSvm(payment, options, console)
  }
  const evidence = isLong
    ? await searchDeeply(payment, options, console)
    : await searchSignature(payment, builtInNetworks, searchLimits(search, console))
  const ladder = shown(signatureLadder(payment, evidence), console, () => secretsOf(payment, evidence))
  console.out(options.json ? jsonText(ladder) : renderLadder(ladder, { color: console.color, columns: console.columns ?? 120 }))
  return exitCodeOf(ladder)
}

/** A payment, or what is to be signed for one: typed data, or an authorization, that has no signature yet. */
function readGiven(input: string | Uint8Array, options: SignatureOptions): Payment | TypedDataSteps {
  try {
    return readGivenPayment(input, options)
  } catch (error) {
    if (!(error instanceof Eip3009Error)) throw error
    const [network, token] = [networkTold(options), tokenTold(options)]
    try {
      return typedDataSteps(input, { ...(network === undefined ? {} : { network }), ...(token === undefined ? {} : { token }) })
    } catch (unsigned) {
      // Of what is no payment on an EVM chain either way, the first refusal says more.
      throw unsigned instanceof OtherRailError ? error : unsigned
    }
  }
}

function printTypedData(read: TypedDataSteps, { json }: SignatureOptions, console: Console): number {
  const model = shown(read, console)
  console.out(json ? jsonText(model) : renderTypedData(model, { color: console.color, columns: console.columns ?? 120 }))
  return { same: exitCodes.settles, different: exitCodes.payment, unknown: exitCodes.inconclusive }[model.standing]
}

function printSvm(payment: SvmPayment, { json }: SignatureOptions, console: Console): number {
  const model = shown(svmSignatures(payment), console, () => svmSecretsOf(payment, false))
  console.out(json ? jsonText(model) : renderSvmSignatures(model, { color: console.color, columns: console.columns ?? 120 }))
  return { valid: exitCodes.settles, 'not-valid': exitCodes.payment, unreadable: exitCodes.inconclusive }[model.standing]
}

async function searchDeeply(
  payment: EvmPayment,
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
  // Bytes of another form may be those of a wallet that is not known here.
  if (standing === 'unreadable') return exitCodes.inconclusive
  return expected === null || (wallet !== null && standing !== 'explained') ? exitCodes.inconclusive : exitCodes.payment
}
