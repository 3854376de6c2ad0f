import { base58 } from '../../bytes/base58.ts'

/** An instruction as a message has it: programs and accounts by their place among the keys. */
export interface CompiledInstruction {
  readonly program: number
  readonly accounts: readonly number[]
  readonly data: Uint8Array
}

/** The accounts that a message takes from a lookup table, by their place in there. */
export interface TableLookup {
  readonly table: string
  readonly writable: readonly number[]
  readonly readonly: readonly number[]
}

/** A transaction's message, legacy or version 0. Keys are base58. */
export interface SvmMessage {
  readonly version: 'legacy' | 0
  readonly requiredSignatures: number
  readonly keys: readonly string[]
  readonly blockhash: string
  readonly instructions: readonly CompiledInstruction[]
  readonly lookups: readonly TableLookup[]
  /** Where it ends, from the beginning of the bytes. */
  readonly end: number
}

/** Reads the message that begins at `start`; undefined where the bytes end before it does. */
export function readMessage(bytes: Uint8Array, start: number): SvmMessage | undefined {
  const cursor = new Cursor(bytes, start)
  try {
    const version = bytes[start] === 0x80 ? 0 : 'legacy'
    if (version === 0) cursor.byte()
    const requiredSignatures = cursor.byte()
    // How many of the signers and of the others are only read.
    cursor.take(2)
    const keys = cursor.list(() => base58(cursor.take(32)))
    const blockhash = base58(cursor.take(32))
    const instructions = cursor.list(() => ({ program: cursor.byte(), accounts: cursor.places(), data: cursor.take(cursor.length()) }))
    const lookups =
      version === 'legacy'
        ? []
        : cursor.list(() => ({ table: base58(cursor.take(32)), writable: cursor.places(), readonly: cursor.places() }))
    return { version, requiredSignatures, keys, blockhash, instructions, lookups, end: cursor.at }
  } catch (error) {
    if (error === cutShort) return undefined
    throw error
  }
}

/** The message of a whole serialised transaction, behind its signatures. */
export function messageOf(transaction: Uint8Array): SvmMessage | undefined {
  const count = compactLength(transaction, 0)
  return count === undefined ? undefined : readMessage(transaction, count.end + 64 * count.value)
}

const cutShort = Symbol('the bytes end')

class Cursor {
  at: number
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  take(length: number): Uint8Array {
    if (this.at + length > this.#bytes.length) throw cutShort
    this.at += length
    return this.#bytes.subarray(this.at - length, this.at)
  }

  byte(): number {
    const [byte = 0] = this.take(1)
    return byte
  }

  length(): number {
    const length = compactLength(this.#bytes, this.at)
    if (length === undefined) throw cutShort
    this.at = length.end
    return length.value
  }

  list<T>(item: () => T): T[] {
    const out: T[] = []
    for (let left = this.length(); left > 0; left--) out.push(item())
    return out
  }

  places(): number[] {
    return [...this.take(this.length())]
  }
}

/** A length as Solana writes it: 7 bits a byte, the lowest first, in at most 3 bytes. */
export function compactLength(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0
  for (let index = 0; index < 3; index++) {
    const byte = bytes[start + index]
    if (byte === undefined) return undefined
    value |= (byte & 0x7f) << (7 * index)
    if (byte < 0x80) return { value, end: start + index + 1 }
  }
  return undefined
}
