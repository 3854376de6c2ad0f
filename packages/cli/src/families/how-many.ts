import { createReadStream, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Eip3009Error, readPayment } from '@eip3009/core'
import { identityOf, isMeantAsPayment, longestText } from '@eip3009/core/internal'
import type { Console } from '../console.ts'
import { patiently } from '../progress.ts'
import { isGlob } from '../sources/glob.ts'
import { looksLikePayment, looksLikeUrl } from '../sources/input.ts'
import { type Counts, headOf, isHash, joined, recordsOfStream } from '../sources/records.ts'
import { standardInput } from '../sources/standard-input.ts'
import { nothingGiven, UsageError } from '../usage-error.ts'

/** Whether the arguments are one payment, or whatever many are given as. What was read of standard input to tell is on the console again. */
export type Given =
  | { readonly kind: 'one'; readonly argument: string; readonly console: Console }
  | { readonly kind: 'many'; readonly args: readonly string[]; readonly isSeveral: Counts; readonly console: Console }

/**
 * @param isRecorded Whether cases are written: of one payment as of many.
 * @throws UsageError where nothing was given, at a terminal.
 */
export async function howMany(args: readonly string[], isRecorded: boolean, console: Console): Promise<Given> {
  const [argument = standardInput, ...others] = args
  if (args.length === 0 && !console.isPiped()) throw new UsageError(nothingGiven('diagnose'))
  const many = (used: Console): Given => ({ kind: 'many', args: [argument, ...others], isSeveral, console: used })
  const one = (used: Console): Given => ({ kind: 'one', argument, console: used })
  if (others.length > 0 || isRecorded) return many(console)
  if (argument === standardInput) return ofStream(console.stdin(), console)
  if (isHash(argument.trim()) || looksLikePayment(argument) || looksLikeUrl(argument)) return one(console)
  const about = await statOf(argument)
  if (about === undefined) return isGlob(argument) ? many(console) : one(console)
  if (about.isDirectory()) return (await statOf(join(argument, 'recording.json')))?.isFile() === true ? one(console) : many(console)
  // A pipe is read once, by whoever begins.
  if (about.isFIFO()) return ofStream(createReadStream(argument), console)
  if (!about.isFile()) return one(console)
  if (about.size > longestText) return many(console)
  return (await hasSeveral(createReadStream(argument))) ? many(console) : one(console)
}

async function ofStream(stream: AsyncIterable<Uint8Array>, console: Console): Promise<Given> {
  let failed: unknown
  const { head, rest } = await patiently('waiting for standard input to end', console, () => headOf(stream, longestText)).catch((error) => {
    failed = error
    return { head: new Uint8Array(), rest: undefined }
  })
  const again: Console = {
    ...console,
    stdin: async function* () {
      if (failed !== undefined) throw failed
      yield* joined(head, rest)
    },
  }
  const isMany = rest !== undefined || (await hasSeveral(joined(head, undefined)))
  return isMany
    ? { kind: 'many', args: [standardInput], isSeveral, console: again }
    : { kind: 'one', argument: standardInput, console: again }
}

/** Whether there is more than one payment in what was read, or a list of transactions: for a command whose answer is about one. */
export async function holdsSeveral(input: string | Uint8Array): Promise<boolean> {
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input
  let count = 0
  for await (const _ of recordsOfStream(joined(bytes, undefined), '', isSeveral)) {
    count++
    if (count > 1) return true
  }
  return false
}

/** Whether more than one record of it is to be looked at. What can not be read is one, about which its reader says why. */
async function hasSeveral(stream: AsyncIterable<Uint8Array>): Promise<boolean> {
  let count = 0
  try {
    for await (const { kind } of recordsOfStream(stream, '', isSeveral)) {
      count++
      if (count > 1 || kind === 'hash') return true
    }
  } catch {
    // Whoever reads it next says what is wrong with it.
    return false
  }
  return false
}

/** Whether there are two different payments in these, those that are broken included. */
function isSeveral(inputs: readonly string[]): boolean {
  const found = new Set<string>()
  for (const [index, input] of inputs.entries()) {
    try {
      found.add(identityOf(readPayment(input)))
    } catch (error) {
      if (!(error instanceof Eip3009Error)) throw error
      if (isMeantAsPayment(input)) found.add(`broken ${index}`)
    }
    if (found.size > 1) return true
  }
  return false
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path)
  } catch {
    // What is not there is a payment itself, or is reported when it is read.
    return undefined
  }
}
