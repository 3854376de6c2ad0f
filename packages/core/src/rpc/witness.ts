import { toHex } from '../bytes/bytes.ts'
import { keccak256 } from '../bytes/keccak.ts'

/** What tells one RPC from another: of a URL its hash, since it can have a key in it, of a client the client itself. */
export function identityOf(source: unknown): unknown {
  if (typeof source !== 'string' && !(source instanceof URL)) return source
  const text = String(source)
  return toHex(keccak256(new TextEncoder().encode(URL.canParse(text) ? new URL(text).href : text)))
}

/** Each witness once: an RPC that is asked twice agrees with itself, which shows nothing. */
export function witnesses<Reader extends { readonly identity?: unknown }>(readers: readonly Reader[]): readonly Reader[] {
  const seen = new Set<unknown>()
  return readers.filter((reader) => {
    const { identity = reader } = reader
    const isNew = !seen.has(identity)
    seen.add(identity)
    return isNew
  })
}
