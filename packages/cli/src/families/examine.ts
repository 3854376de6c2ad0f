import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeRevert, Eip3009Error, hasOffer, type Payment, printable, redact } from '@eip3009/core'
import type { Console } from '../console.ts'
import { textOf } from '../files.ts'
import { readGivenPayment } from '../sources/given-payment.ts'
import { readInput } from '../sources/input.ts'
import { refuseUnused } from '../sources/option-uses.ts'
import type { SourceOptions } from '../sources/options.ts'
import { readSources } from '../sources/read-sources.ts'
import type { TokenOptions } from '../sources/token-options.ts'
import { readTold } from '../sources/told.ts'
import { UsageError } from '../usage-error.ts'
import { type EvmOptions, examineEvm } from './evm.ts'
import type { Examined, Wishes } from './examined.ts'

/** More than any line of a log, or page of them, that names one transaction. */
export const longestLine = 100_000

/**
 * Reads a payment, a transaction's hash, a line of a log that has either, or the directory of an export, and finds out what is wrong with the payment; for
 * `diagnose` an offer without a payment, too.
 * @throws UsageError, or Eip3009Error with the reader's own sentence.
 */
export async function examine(argument: string, options: SourceOptions & EvmOptions, wishes: Wishes, console: Console): Promise<Examined> {
  if (await isRecording(argument)) {
    refuseUnused(wishes.command, 'evm', options)
    const sources = { ...(await readSources(options, console)), ...(await readTold(options, console)) }
    return examineEvm({ recording: argument }, sources, options, wishes, console)
  }
  // First, so that what is said of an option that is wrong is without the input's secrets.
  const input = await readInput(argument, console)
  const sources = { ...(await readSources(options, console)), ...(await readTold(options, console)) }
  const text = textOf(input).trim()
  const evm = (source: Parameters<typeof examineEvm>[0]) => {
    refuseUnused(wishes.command, 'evm', options)
    return examineEvm(source, sources, options, wishes, console)
  }
  // What was typed as the argument was meant; what a file or a pipe has alone can be a key, and what is looked up is told to an RPC.
  const isArgument = typeof input === 'string'
  if (isHash(text) && isArgument) return evm({ hash: text })
  if (!isArgument) refuseAloneHash(text)
  const payment = tryRead(input, options)
  if (payment instanceof Eip3009Error) {
    if (wishes.command === 'diagnose' && hasOffer(input)) {
      const { examineOffer } = await import('./offer.ts')
      return examineOffer(input, sources, options, wishes, console)
    }
    const hash = text.length > longestLine ? undefined : hashIn(text, isArgument)
    if (hash === undefined) throw withAnswer(payment, text)
    return evm({ hash, unless: payment })
  }
  if (payment.family === 'evm') return evm({ payment })
  refuseUnused(wishes.command, 'solana', options)
  const { examineSvm } = await import('./solana.ts')
  return examineSvm(payment, sources, wishes, console)
}

/** Of what holds no payment and says why one failed, that is still worth reading. */
function withAnswer(refusal: Eip3009Error, text: string): Eip3009Error {
  const { kind, message } = decodeRevert(text.slice(0, longestLine), {})
  if (kind === 'unknown') return refusal
  return new Eip3009Error(
    refusal.code,
    `${refusal.message} It has an answer: "${printable(redact(message)).slice(0, 120)}"; eip3009 decode tells what that can mean.`,
  )
}

/** @throws UsageError for what a file or a pipe has alone and can be a key. */
export function refuseAloneHash(text: string): void {
  if (/^\W*(?:0x)?[0-9a-f]{64}\W*$/i.test(text))
    throw new UsageError(
      'Read 32 bytes alone from a file or from standard input, which are not shown, and not looked up: they can be a private key. If they are the hash of a transaction, give it as the argument itself.',
    )
}

/** Whether it is the directory of an export: what makes it one is this file. */
async function isRecording(path: string): Promise<boolean> {
  try {
    return (await stat(join(path, 'recording.json'))).isFile()
  } catch {
    // What is not there is a payment itself, or a file or a folder that is reported when it is read.
    return false
  }
}

export function tryRead(input: string | Uint8Array, options: TokenOptions): Payment | Eip3009Error {
  try {
    return readGivenPayment(input, options)
  } catch (error) {
    if (error instanceof Eip3009Error) return error
    throw error
  }
}

export function isHash(text: string): text is `0x${string}` {
  return /^0x[0-9a-fA-F]{64}$/.test(text)
}

/** The transaction that a line of a log is about: the one that it names, or the only 32 bytes in it, where it speaks of transactions or was typed. */
export function hashIn(text: string, isArgument: boolean): `0x${string}` | undefined {
  // A private key that is called one is 32 bytes, too, and must not be asked about.
  const shared = redact(text)
  const named = decodeRevert(shared).transaction
  if (named !== undefined) return named
  const all = new Set([...shared.matchAll(/\b0x[0-9a-fA-F]{64}\b/g)].map(([hash]) => hash.toLowerCase()))
  const [only] = all
  return all.size === 1 && only !== undefined && isHash(only) && (isArgument || /tx|transaction|hash|receipt/i.test(shared))
    ? only
    : undefined
}
