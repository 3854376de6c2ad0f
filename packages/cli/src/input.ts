import { open } from 'node:fs/promises'
import { printable } from '@eip3009/core'
import type { Console } from './console.ts'
import { patience } from './progress.ts'
import { UsageError } from './usage-error.ts'

/** What `-` stands for among the arguments. */
export const standardInput = '<standard input>'

/** More than any payment, and little enough to hold in memory. */
const mostBytes = 64 * 1024 * 1024

/** What starts like a payment itself is never looked for on disk. */
const literal = /^\s*(0x|\{|\[|"|eyJ|[\w-]+:\s)/i

/** An address of the network, which can hold a password or a key. */
const url = /^\s*[a-z][a-z0-9+.-]*:\/\//i

/** A name that only a file would have: no payload is this short and has an extension or a separator. */
const pathLike = /^[^\s{}"]{1,255}$/

/**
 * The bytes or the text behind the command's argument: `-` is standard input, the name of a file is the file, and anything else is the payment itself.
 * @throws UsageError when there is no such file, or it is too large or can't be read.
 */
export async function readInput(argument: string, console: Console): Promise<Uint8Array | string> {
  const input = await inputBehind(argument, console)
  console.sharing?.read(input)
  return input
}

async function inputBehind(argument: string, console: Console): Promise<Uint8Array | string> {
  if (argument === standardInput) return await waitingFor('standard input', console, () => collect(console.stdin(), 'standard input'))
  if (literal.test(argument)) return argument
  if (url.test(argument))
    throw new UsageError(
      'Read a URL, which is not shown and not fetched; give a file, - for standard input, a header value, or 0x… calldata, and an RPC by --rpc-url.',
    )
  const file = await waitingFor(`"${printable(argument)}"`, console, () => readFile(argument))
  if (file !== undefined) return file
  if (pathLike.test(argument) && /[./\\]/.test(argument)) {
    throw new UsageError(`There is no file "${argument}"; give a file, - for standard input, a header value, or 0x… calldata.`)
  }
  return argument
}

/** Says on stderr what is waited for: a pipe that nobody writes to, or a terminal at which somebody does not know that he should paste. */
async function waitingFor<T>(what: string, console: Console, read: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => console.err(`waiting for ${what} to end …\n`), patience)
  try {
    return await read()
  } finally {
    clearTimeout(timer)
  }
}

async function readFile(path: string): Promise<Uint8Array | undefined> {
  let handle: Awaited<ReturnType<typeof open>>
  try {
    handle = await open(path)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENAMETOOLONG' || code === 'ENOTDIR' || code === 'ERR_INVALID_ARG_VALUE') return undefined
    throw new UsageError(`"${path}" can not be read (${code ?? String(error)}); check its permissions.`)
  }
  try {
    if ((await handle.stat()).isDirectory()) throw new UsageError(`"${path}" is a folder; give the file in it that holds the payment.`)
    return await collect(handle.createReadStream({ autoClose: false }), `"${path}"`)
  } finally {
    await handle.close()
  }
}

async function collect(stream: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of stream) {
    length += chunk.length
    if (length > mostBytes)
      throw new UsageError(`${name} has more than ${mostBytes / 1024 / 1024} MB, which no payment has; give one payment.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, length)
}
