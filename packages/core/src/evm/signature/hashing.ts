import { utf8ToBytes } from '@noble/hashes/utils.js'
import { fromHex, toHex, writeBytes, writeWord } from '../../bytes/bytes.ts'
import { keccak256 } from '../../bytes/keccak.ts'
import { createSeparatorHasher, domainType, presentFields } from '../typed-data/domain.ts'
import { atOnce, kept } from './gradual.ts'
import type { DomainPart, Struct, TypePart } from './hypothesis.ts'
import type { Kernel } from './kernel/recoverer.ts'
import { changedWords, writeChange } from './message-parts.ts'

/** Domains with their separators, 32 bytes each, one behind the other. */
export interface Domains {
  readonly parts: readonly DomainPart[]
  readonly separators: Uint8Array
}

/** Structs with their hashes, 32 bytes each, one behind the other. */
export interface Structs {
  readonly structs: readonly Struct[]
  readonly hashes: Uint8Array
}

/** Domains that are hashed when somebody asks for it: of a shared search most steps are somebody else's. */
export interface LateDomains {
  readonly parts: readonly DomainPart[]
  readonly hash: () => Generator<undefined, Domains>
}

/** Structs that are hashed when somebody asks for it. */
export interface LateStructs {
  readonly structs: readonly Struct[]
  readonly hash: () => Generator<undefined, Structs>
}

/** Hashed, now if not before. */
export function* hashed<T extends object>(given: T | { readonly hash: () => Generator<undefined, T> }): Generator<undefined, T> {
  return 'hash' in given ? yield* given.hash() : given
}

export function laterDomains(parts: readonly DomainPart[], kernel: Kernel): LateDomains {
  return { parts, hash: kept(() => hashDomainsInTurns(parts, kernel)) }
}

export function laterStructs(structs: readonly Struct[], words: Uint8Array, kernel: Kernel): LateStructs {
  return { structs, hash: kept(() => hashStructsInTurns(structs, words, kernel)) }
}

/** Domains, and structs, that are hashed in one go: a millisecond or two. */
const [domainsAtOnce, structsAtOnce] = [64, 512]

/** Domains with their separators, hashed at once. */
export function hashDomains(parts: readonly DomainPart[], kernel: Kernel): Domains {
  return atOnce(hashDomainsInTurns(parts, kernel))
}

/** The same, a few at a time. */
export function* hashDomainsInTurns(parts: readonly DomainPart[], kernel: Kernel): Generator<undefined, Domains> {
  const separators = new Uint8Array(32 * parts.length)
  for (let first = 0; first < parts.length; first += domainsAtOnce) {
    if (first > 0) yield
    separators.set(separatorsOf(parts.slice(first, first + domainsAtOnce), kernel), 32 * first)
  }
  return { parts, separators }
}

/** Those of the usual four fields at fixed places and in one go, the others one at a time. */
function separatorsOf(parts: readonly DomainPart[], kernel: Kernel): Uint8Array {
  const separators = new Uint8Array(32 * parts.length)
  const usual = parts.flatMap((part, index) => (isUsual(part) ? [index] : []))
  const texts = new Map<string, Uint8Array>()
  const hashOf = (text: string): Uint8Array => {
    const known = texts.get(text)
    if (known !== undefined) return known
    const hash = keccak256(utf8ToBytes(text))
    texts.set(text, hash)
    return hash
  }
  const typeHash = hashOf(domainType(['name', 'version', 'chainId', 'verifyingContract']))
  const messages = new Uint8Array(160 * usual.length)
  usual.forEach((index, place) => {
    const domain = parts[index]?.domain ?? {}
    const at = 160 * place
    messages.set(typeHash, at)
    messages.set(hashOf(domain.name ?? ''), at + 32)
    messages.set(hashOf(domain.version ?? ''), at + 64)
    writeWord(messages, at + 96, domain.chainId ?? 0n)
    writeBytes(messages, at + 128, fromHex(domain.verifyingContract ?? '0x'))
  })
  const hashes = kernel.hashWords(messages, 5)
  usual.forEach((index, place) => {
    separators.set(hashes.subarray(32 * place, 32 * place + 32), 32 * index)
  })
  const separatorOf = createSeparatorHasher()
  parts.forEach((part, index) => {
    if (!isUsual(part)) separators.set(separatorOf(part.domain, part.order ?? presentFields(part.domain)), 32 * index)
  })
  return separators
}

function isUsual({ domain: { name, version, chainId, verifyingContract, salt }, order }: DomainPart): boolean {
  return (
    order === undefined &&
    name !== undefined &&
    version !== undefined &&
    chainId !== undefined &&
    verifyingContract !== undefined &&
    salt === undefined
  )
}

/** Structs with their hashes, hashed at once. `words` is the payload's message. */
export function hashStructs(structs: readonly Struct[], words: Uint8Array, kernel: Kernel): Structs {
  return atOnce(hashStructsInTurns(structs, words, kernel))
}

/** The same, a few at a time. */
export function* hashStructsInTurns(structs: readonly Struct[], words: Uint8Array, kernel: Kernel): Generator<undefined, Structs> {
  const hashes = new Uint8Array(32 * structs.length)
  for (let first = 0; first < structs.length; first += structsAtOnce) {
    if (first > 0) yield
    hashes.set(hashesOf(structs.slice(first, first + structsAtOnce), words, kernel), 32 * first)
  }
  return { structs, hashes }
}

/** Those of the same number of words in one go. */
function hashesOf(structs: readonly Struct[], words: Uint8Array, kernel: Kernel): Uint8Array {
  const hashes = new Uint8Array(32 * structs.length)
  const bySize = new Map<number, number[]>()
  // The nonce as text or bytes, hashed once for all the types that have it so.
  const contents = new Map<string, Uint8Array>()
  structs.forEach(({ type }, index) => {
    const size = type.slots.length + 1
    const group = bySize.get(size)
    if (group === undefined) bySize.set(size, [index])
    else group.push(index)
  })
  for (const [size, indices] of bySize) {
    const messages = new Uint8Array(32 * size * indices.length)
    indices.forEach((index, place) => {
      const struct = structs[index]
      if (struct !== undefined) encodeInto(messages, 32 * size * place, struct, words, contents)
    })
    const hashed = kernel.hashWords(messages, size)
    indices.forEach((index, place) => {
      hashes.set(hashed.subarray(32 * place, 32 * place + 32), 32 * index)
    })
  }
  return hashes
}

/** The struct's encoding at `offset`: its type hash, then a word a slot. */
function encodeInto(
  target: Uint8Array,
  offset: number,
  { type, changes }: Struct,
  words: Uint8Array,
  contents: Map<string, Uint8Array>,
): void {
  if (isInPlace(type)) {
    target.set(type.typeHash, offset)
    target.set(words, offset + 32)
    for (const change of changes) writeChange(target, offset + 32, change)
    return
  }
  target.set(encodeStruct({ type, changes }, words, changes.length === 0 ? contents : undefined), offset)
}

/** The six members as they are, in EIP-3009's order: nearly all structs. */
function isInPlace({ slots }: TypePart): boolean {
  return slots.length === 6 && slots.every((slot, index) => 'field' in slot && slot.field === index && slot.as === 'word')
}

/** Type hash and words of any struct. `contents` keeps the hashes of members of variable length, for calls with the same message. */
export function encodeStruct({ type, changes }: Struct, words: Uint8Array, contents: Map<string, Uint8Array> = new Map()): Uint8Array {
  const message = changes.length === 0 ? words : changedWords(words, changes)
  const out = new Uint8Array(32 * (type.slots.length + 1))
  out.set(type.typeHash)
  type.slots.forEach((slot, index) => {
    if ('word' in slot) {
      out.set(slot.word, 32 * (index + 1))
      return
    }
    const word = message.subarray(32 * slot.field, 32 * slot.field + 32)
    out.set(slot.as === 'word' ? word : hashOfContent(word, slot.as, `${slot.field} ${slot.as}`, contents), 32 * (index + 1))
  })
  return out
}

function hashOfContent(word: Uint8Array, as: 'text' | 'bare-text' | 'bytes', key: string, contents: Map<string, Uint8Array>): Uint8Array {
  const known = contents.get(key)
  if (known !== undefined) return known
  const hash = keccak256(contentOf(word, as))
  contents.set(key, hash)
  return hash
}

/** What a nonce of type string or bytes is: its text with 0x or without, or the bytes themselves. */
function contentOf(word: Uint8Array, as: 'text' | 'bare-text' | 'bytes'): Uint8Array {
  if (as === 'bytes') return word
  const text = toHex(word)
  return utf8ToBytes(as === 'text' ? text : text.slice(2))
}
