import { createReadStream, type Stats } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Place } from '@eip3009/core/internal'
import type { Console } from '../console.ts'
import { codeOf, unreadable } from '../files.ts'
import { patiently } from '../progress.ts'
import { type Glob, globOf, isGlob } from './glob.ts'
import { looksLikePath, looksLikePayment, looksLikeUrl, readsAsNoFile } from './input.ts'
import { type Counts, isHash, recordsOfStream, type SourceRecord } from './records.ts'
import { standardInput } from './standard-input.ts'

export interface WalkLimits {
  /** So many files are looked at below what was given. */
  readonly files: number
  /** So many names, hidden ones and folders included, are read of folders. */
  readonly names: number
}

const usual: WalkLimits = { files: 100_000, names: 1_000_000 }

/** Everything that the arguments stand for that may be a payment, in their order; files of a folder by name. Never throws for one of them. */
export async function* recordsOf(
  args: readonly string[],
  isSeveral: Counts,
  console: Pick<Console, 'stdin' | 'patience' | 'err'>,
  limits: WalkLimits = usual,
): AsyncGenerator<SourceRecord> {
  const walk = new Walk(isSeveral, limits)
  for (const [index, arg] of args.entries()) {
    const here: Place = { file: args.length === 1 ? 'the argument' : `argument ${index + 1}`, line: null, entry: null }
    if (arg === standardInput) {
      yield* guarded('-', () => patientStream(recordsOfStream(console.stdin(), '-', isSeveral), console))
    } else if (isHash(arg.trim())) yield { kind: 'hash', place: here, hash: arg.trim() as `0x${string}` }
    else if (looksLikePayment(arg)) yield { kind: 'text', place: here, input: arg }
    else if (looksLikeUrl(arg))
      yield { kind: 'unreadable', place: here, says: 'It is a URL, which is not shown and not fetched; give a file.' }
    else yield* walk.named(arg, here)
  }
}

/** The first record can be long in coming: of a pipe that nobody writes to, and at a terminal. */
async function* patientStream(
  records: AsyncGenerator<SourceRecord>,
  console: Pick<Console, 'patience' | 'err'>,
): AsyncGenerator<SourceRecord> {
  const first = await patiently('waiting for standard input', console, () => records.next())
  if (first.done !== true) yield first.value
  yield* records
}

/** What fails while it is read, be it a disk or a file of /proc, is told, and the others are read all the same. */
async function* guarded(file: string, read: () => AsyncGenerator<SourceRecord>): AsyncGenerator<SourceRecord> {
  try {
    yield* read()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    yield { kind: 'unreadable', place: { file, line: null, entry: null }, says: refusalOf(error) }
  }
}

async function statOf(path: string): Promise<Stats | Error> {
  try {
    return await stat(path)
  } catch (error) {
    if (error instanceof Error) return error
    throw error
  }
}

function refusalOf(error: Error): string {
  return unreadable('It', error).message
}

class Walk {
  readonly #isSeveral: Counts
  readonly #most: WalkLimits
  #files = 0
  #names = 0

  constructor(isSeveral: Counts, most: WalkLimits) {
    this.#isSeveral = isSeveral
    this.#most = most
  }

  /** What was named: a file, a folder, a pipe, a pattern; or else a payment itself. */
  async *named(arg: string, here: Place): AsyncGenerator<SourceRecord> {
    const place = { file: arg, line: null, entry: null }
    const found = await statOf(arg)
    if (found instanceof Error) {
      if (!readsAsNoFile(codeOf(found))) yield { kind: 'unreadable', place, says: refusalOf(found) }
      else if (isGlob(arg)) yield* this.#matching(arg, globOf(arg))
      else if (looksLikePath(arg)) yield { kind: 'unreadable', place, says: 'There is no such file.' }
      else yield { kind: 'text', place: here, input: arg }
      return
    }
    if (found.isDirectory()) yield* this.#folder(arg, () => true)
    else if (found.isFile() || found.isFIFO()) yield* this.#read(arg)
    else yield { kind: 'unreadable', place, says: 'It is a device or a socket, which is not read; give a file, or - for standard input.' }
  }

  async *#matching(pattern: string, { base, matches }: Glob): AsyncGenerator<SourceRecord> {
    let any = false
    // Of a path its own spelling says nothing: what joins names shortens `./` and `..`, too.
    const folder = base || '.'
    for await (const record of this.#folder(folder, (path) => matches(relative(folder, path).split(sep).join('/')))) {
      any = true
      yield record
    }
    if (!any) yield { kind: 'unreadable', place: { file: pattern, line: null, entry: null }, says: 'No file is named like this.' }
  }

  /** Each file below a folder that is wanted, by name; hidden ones and node_modules left out. A folder is gone through once, whatever leads to it. */
  async *#folder(folder: string, isWanted: (path: string) => boolean): AsyncGenerator<SourceRecord> {
    const waiting = [folder]
    const seen = new Set<string>()
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const place = { file: path, line: null, entry: null }
      const found = await statOf(path)
      if (found instanceof Error) {
        if (isWanted(path))
          yield { kind: 'unreadable', place, says: readsAsNoFile(codeOf(found)) ? 'It is a link to nothing.' : refusalOf(found) }
        continue
      }
      if (!found.isDirectory()) {
        if (!isWanted(path)) continue
        if (this.#files >= this.#most.files) {
          yield {
            kind: 'unreadable',
            place,
            says: `${this.#files.toLocaleString('en')} files were read up to here, and no more are; give what is left by itself, folder by folder or as a pattern.`,
          }
          return
        }
        this.#files++
        if (found.isFile()) yield* this.#read(path)
        else yield { kind: 'no-payment', place, says: 'It is a pipe, a socket or a device, which is not read.' }
        continue
      }
      const id = `${found.dev}:${found.ino}`
      if (seen.has(id)) continue
      seen.add(id)
      const names = await this.#namesIn(path)
      if (names instanceof Error) yield { kind: 'unreadable', place, says: refusalOf(names) }
      else {
        if (this.#names > this.#most.names)
          yield {
            kind: 'unreadable',
            place,
            says: `${this.#most.names.toLocaleString('en')} names of files and folders were looked at, and of what else is in here none was; give what is left by itself, folder by folder or as a pattern.`,
          }
        if (names.includes('recording.json') && path !== folder) {
          yield { kind: 'no-payment', place, says: 'It is what replay --export wrote; give it by itself, or to regress.' }
          continue
        }
        waiting.push(...names.reverse().map((name) => join(path, name)))
      }
    }
  }

  /** The names in a folder, in order. Of one with more than anybody reads, some. */
  async #namesIn(path: string): Promise<string[] | Error> {
    const names: string[] = []
    try {
      for await (const { name } of await opendir(path, { bufferSize: 256 })) {
        if (++this.#names > this.#most.names || names.length > this.#most.files) break
        if (!name.startsWith('.') && name !== 'node_modules') names.push(name)
      }
      return names.sort((a, b) => (a < b ? -1 : 1))
    } catch (error) {
      if (error instanceof Error) return error
      throw error
    }
  }

  #read(path: string): AsyncGenerator<SourceRecord> {
    return guarded(path, () => recordsOfStream(createReadStream(path), path, this.#isSeveral))
  }
}
