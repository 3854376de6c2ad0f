import { open } from 'node:fs/promises'
import type { Console } from '../console.ts'
import { codeOf, unreadable } from '../files.ts'
import { patiently } from '../progress.ts'
import { UsageError } from '../usage-error.ts'
import { standardInput } from './standard-input.ts'

/** More than any payment, and little enough to hold in memory. */
const mostBytes = 64 * 1024 * 1024

/** What starts like a payment itself is never looked for on disk. */
const literal = /^\s*(0x|\{|\[|"|eyJ|[\w-]+:\s)/i

/** An address of the network, which can hold a password or a key. */
const url = /^\s*[a-z][a-z0-9+.-]*:\/\//i

/** A name that only a file would have: no payload is this short and has an extension or a separator. */
const pathLike = /^[^\s{}"]{1,255}$/

/** Whether an argument is a payment itself, by how it starts. */
export function looksLikePayment(argument: string): boolean {
  return literal.test(argument)
}

export function looksLikeUrl(argument: string): boolean {
  return url.test(argument)
}

/** Whether an argument that is no file was meant for one. */
export function looksLikePath(argument: string): boolean {
  return pathLike.test(argument) && /[./\\]/.test(argument)
}

/** Whether it is the code of an error that says that there is no such file. */
export function readsAsNoFile(code: string): boolean {
  return noSuchFile.has(code)
}

/** What there is no file of. */
const noSuchFile: ReadonlySet<string> = new Set(['ENOENT', 'ENAMETOOLONG', 'ENOTDIR', 'ERR_INVALID_ARG_VALUE'])

/**
 * The bytes or the text behind the command's argument: `-` is standard input, the name of a file is the file, and anything else is the payment itself.
 * @throws UsageError when there is no such file, or it is too large or can't be read.
 */
export async function readInput(argument: string, console: Console): Promise<Uint8Array | string> {
  const input = await inputBehind(argument, console)
  console.sharing?.read(input)
  return input
}

/**
 * What is in the file that an option names, in standard input where that is `-`, or in the option itself where that is JSON.
 * @param give what to do where there is no such file
 * @throws UsageError when there is no such file, or it is too large or can't be read.
 */
export async function readNamed(name: string, option: string, give: string, console: Console): Promise<Uint8Array | string> {
  const { printable } = await import('@eip3009/core')
  const input =
    name === standardInput || /^\s*\{/.test(name)
      ? await inputBehind(name, console)
      : await waitingFor(`"${printable(name)}"`, console, () => readFile(name))
  if (input === undefined) throw new UsageError(`${option} "${printable(name.slice(0, 200))}" is no file; ${give}.`)
  console.sharing?.read(input)
  return input
}

async function inputBehind(argument: string, console: Console): Promise<Uint8Array | string> {
  if (argument === standardInput) return await waitingFor('standard input', console, () => collect(console.stdin(), 'standard input'))
  if (looksLikePayment(argument)) return argument
  if (looksLikeUrl(argument))
    throw new UsageError(
      'Read a URL, which is not shown and not fetched; give a file, - for standard input, a header value, or 0x… calldata, and an RPC by --rpc-url.',
    )
  const { printable } = await import('@eip3009/core')
  const file = await waitingFor(`"${printable(argument)}"`, console, () => readFile(argument))
  if (file !== undefined) return file
  if (looksLikePath(argument)) {
    throw new UsageError(`There is no file "${argument}"; give a file, - for standard input, a header value, or 0x… calldata.`)
  }
  return argument
}

/** For a pipe that nobody writes to, or a terminal at which somebody does not know that he should paste. */
function waitingFor<T>(what: string, console: Console, read: () => Promise<T>): Promise<T> {
  return patiently(`waiting for ${what} to end`, console, read)
}

async function readFile(path: string): Promise<Uint8Array | undefined> {
  const name = `"${path}"`
  let handle: Awaited<ReturnType<typeof open>>
  try {
    handle = await open(path)
  } catch (error) {
    if (noSuchFile.has(codeOf(error))) return undefined
    throw unreadable(name, error)
  }
  try {
    if ((await handle.stat()).isDirectory()) throw new UsageError(`${name} is a folder; give the file in it that holds the payment.`)
    return await collect(handle.createReadStream({ autoClose: false }), name)
  } finally {
    await handle.close()
  }
}

/** @throws UsageError also for what fails while it is read: a file of /proc, a disk, a folder on standard input. */
async function collect(stream: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of stream) {
      length += chunk.length
      if (length > mostBytes)
        throw new UsageError(`${name} has more than ${mostBytes / 1024 / 1024} MB, which no payment has; give one payment.`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(name, error)
  }
  return Buffer.concat(chunks, length)
}
