import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'

/** Where an RPC is asked. `fetch` refuses a URL with a user in it, so that becomes a header. */
export interface RpcEndpoint {
  readonly url: URL
  /** `Basic …`, where the URL has a user or a password. Never printed. */
  readonly authorization?: string
}

/**
 * Reads the URL of an RPC: the one place that says what such a URL may be.
 * @throws Eip3009Error `invalid-argument` for what is none, in one sentence that does not repeat it: it can hold a key.
 */
export function readRpcUrl(text: string | URL): RpcEndpoint {
  if (!URL.canParse(String(text))) throw refused('An RPC is given as a URL such as https://mainnet.base.org; got something that is no URL.')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    const hint = /^wss?:$/.test(url.protocol) ? "the same provider's https address works" : 'expected https:// or http://'
    throw refused(`RPCs are read over HTTP; got ${quote(url.protocol)}//…: ${hint}.`)
  }
  if (url.username === '' && url.password === '') return { url }
  const [user, password] = [url.username, url.password].map(unescaped)
  if (user === undefined || password === undefined)
    throw refused("The user or the password in the RPC's URL has a % that is no escape of a character; write a % itself as %25.")
  url.username = ''
  url.password = ''
  return { url, authorization: `Basic ${base64(`${user}:${password}`)}` }
}

function unescaped(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** As RFC 7617 has it, and as curl does: the text's UTF-8. `btoa` alone refuses what is not Latin-1. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}

function refused(message: string): Eip3009Error {
  return new Eip3009Error('invalid-argument', message)
}
