import { decodeText } from '@eip3009/core/internal'
import { UsageError } from './usage-error.ts'

const ways: Readonly<Partial<Record<string, string>>> = {
  EACCES: 'check its permissions',
  EPERM: 'check its permissions',
  EISDIR: 'it is a folder: give a file in it',
  ELOOP: 'it is a link that leads back to itself',
  EMFILE: 'too many files are open: close some',
  ENFILE: 'too many files are open: close some',
}

/** The sentence for a file, a folder or a stream that is there and can't be read, whatever its operating system says. `name` has its quotes. */
export function unreadable(name: string, error: unknown): UsageError {
  const code = codeOf(error)
  return new UsageError(`${name} can not be read (${code}); ${(Object.hasOwn(ways, code) ? ways[code] : undefined) ?? 'give another'}.`)
}

/** What the operating system calls an error: `EIO`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'for an unknown reason'
}

/** The text of what was read: UTF-8, or UTF-16 as PowerShell writes it. What is neither stays as damaged as it is, for the reader to name. */
export function textOf(input: string | Uint8Array): string {
  if (typeof input === 'string') return input
  const decoded = decodeText(input)
  return decoded.ok ? decoded.text : new TextDecoder().decode(input)
}
