import { Eip3009Error } from '@eip3009/core'
import { readRpcUrl } from '@eip3009/core/chain'
import type { Console } from '../console.ts'
import { UsageError } from '../usage-error.ts'

/** Whether two URLs are of one RPC: however the host is spelled, and with or without a slash at the end. */
function isSameRpc(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => {
    const url = new URL(text)
    url.hash = ''
    url.pathname = url.pathname.replace(/\/+$/, '')
    url.hostname = url.hostname.replace(/\.$/, '')
    return url.href
  })
  return a === b
}

/** Each RPC once: asked twice, it is one witness. */
export function distinctRpcs(urls: readonly string[], option: string, console: Pick<Console, 'err'>): readonly string[] {
  const distinct = urls.filter((url, index) => urls.findIndex((each) => isSameRpc(each, url)) === index)
  if (distinct.length < urls.length)
    console.err(`eip3009: ${option} gives the same RPC more than once: it is asked once, and is one witness.\n`)
  return distinct
}

/** The URL without spaces around. Never in a message: it can hold keys. */
export function checkedRpcUrl(given: string, option: string): string {
  const url = given.trim()
  if (!/^https?:\/\//i.test(url)) {
    const named = option === '--rpc-url' && /^[\w:-]+=https?:\/\//i.test(url)
    throw new UsageError(
      `${option} needs a URL that starts with https:// or http://${named ? '; the RPC of a network by its name is given by --rpc' : ''}.`,
    )
  }
  try {
    readRpcUrl(url)
    return url
  } catch (error) {
    if (error instanceof Eip3009Error) throw new UsageError(`${option}: ${error.message}`)
    throw error
  }
}
