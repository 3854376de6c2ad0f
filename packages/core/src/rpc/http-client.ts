import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { type ChainClient, chainClient, type RpcAnswer, type RpcCall } from './chain-client.ts'
import { redactUrl, redactUrls } from './redact-url.ts'
import { refusalIn } from './refusal.ts'
import { readRpcUrl } from './rpc-url.ts'
import { timerMs } from './timer.ts'

export interface HttpOptions {
  /** Milliseconds for one HTTP request, its answer's body included. 10 000 when absent. */
  readonly timeout?: number
  /** How often a request is repeated after HTTP 429, 503 with a Retry-After, or a connection that broke off. 2 when absent. */
  readonly retries?: number
  /** The longest wait between two attempts, in milliseconds; a node that asks for more is not asked again. 5 000 when absent. */
  readonly longestWait?: number
  /** The most bytes of an answer. 16 MiB when absent. */
  readonly largestAnswer?: number
  /** Sent along, e.g. an `authorization`. Never printed. */
  readonly headers?: Readonly<Record<string, string>>
  readonly fetch?: typeof globalThis.fetch
}

/** Calls in one HTTP request. Public RPCs refuse more than a hundred or so. */
const batchLimit = 50
/** Requests at a time where calls go one by one. */
const atOnce = 4
/** What comes from in front of the node, or is about the caller: sending the calls one by one would only ask for more of the same. */
const sameForSingleCalls: ReadonlySet<number> = new Set([401, 402, 403, 407, 429, 502, 503, 504])

/** What a POST came to. */
type Posted =
  | { readonly kind: 'json'; readonly status: number; readonly value: unknown }
  /** Something answered, but not in JSON, or with a status that says enough. */
  | { readonly kind: 'strange'; readonly status: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * A JSON-RPC client over HTTP. Calls travel in one batch; where the node does not take batches (XDC's nodes, and some that answer a batch
 * with a single error or HTTP 4xx) they are sent one by one, now and later.
 * @throws Eip3009Error `invalid-argument` when the URL is not one of http or https, or a header can not be sent.
 */
export function openHttpClient(url: string | URL, options: HttpOptions = {}): ChainClient {
  const description = redactUrl(url)
  const { url: endpoint, authorization } = readRpcUrl(url)
  const headers = headersOf({
    'content-type': 'application/json',
    accept: 'application/json',
    ...(authorization === undefined ? {} : { authorization }),
    ...options.headers,
  })
  const post = (body: unknown): Promise<Posted> => postJson(endpoint, headers, body, options)
  let takesBatches = true

  const single = async ({ method, params }: RpcCall): Promise<RpcAnswer> => {
    const posted = await post({ jsonrpc: '2.0', id: 1, method, params })
    return posted.kind === 'json' ? answerIn(posted.value, posted.status) : { kind: 'failed', reason: posted.reason }
  }

  const oneByOne = async (calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]> => {
    const [first, ...rest] = calls
    if (first === undefined) return []
    // The first goes ahead alone: when nobody answers it, the others need not wait for as many time-outs.
    const probe = await single(first)
    if (probe.kind === 'failed') return calls.map(() => probe)
    const answers: RpcAnswer[] = [probe]
    let next = 0
    const work = async (): Promise<void> => {
      for (let index = next++; index < rest.length; index = next++) {
        const call = rest[index]
        if (call !== undefined) answers[index + 1] = await single(call)
      }
    }
    await Promise.all(Array.from({ length: Math.min(atOnce, rest.length) }, work))
    return answers
  }

  const together = async (calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]> => {
    if (!takesBatches || calls.length < 2) return oneByOne(calls)
    const posted = await post(calls.map(({ method, params }, id) => ({ jsonrpc: '2.0', id, method, params })))
    if (posted.kind === 'failed') return calls.map(() => posted)
    if (sameForSingleCalls.has(posted.status)) {
      const reason = posted.kind === 'strange' ? posted.reason : httpReason(posted.status, posted.value)
      return calls.map(() => ({ kind: 'failed', reason }))
    }
    const found = posted.kind === 'json' ? answersById(posted.value, calls.length) : undefined
    if (found === undefined) {
      takesBatches = false
      return oneByOne(calls)
    }
    // A node may leave out the calls that were too many for it.
    const missing = calls.filter((_, id) => !found.has(id))
    const late = (await oneByOne(missing))[Symbol.iterator]()
    return calls.map((_, id) => found.get(id) ?? late.next().value ?? { kind: 'failed', reason: 'it left out the answer' })
  }

  return chainClient(description, async (calls) => {
    const answers: RpcAnswer[] = []
    for (let start = 0; start < calls.length; start += batchLimit) answers.push(...(await together(calls.slice(start, start + batchLimit))))
    return answers
  })
}

/** What a header's value may have (RFC 9110, 5.5). Checked before the first request: what fetch says of one that it can't send repeats it. */
const headerValue = /^[\t\u0020-\u007e\u0080-\u00ff]*$/

function headersOf(headers: Readonly<Record<string, string>>): Headers {
  try {
    if (Object.values(headers).every((value) => headerValue.test(value))) return new Headers(headers)
  } catch {
    // A name that none can have; the sentence below is for that, too.
  }
  throw new Eip3009Error(
    'invalid-argument',
    'A header for the RPC has a character that no HTTP header can have, such as a line break; its value is not shown.',
  )
}

async function postJson(endpoint: URL, headers: Headers, body: unknown, options: HttpOptions): Promise<Posted> {
  const { timeout = 10_000, retries = 2, longestWait = 5_000, largestAnswer = 16 * 1024 * 1024, fetch = globalThis.fetch } = options
  for (let attempt = 0; ; attempt++) {
    let response: Response
    let text: string | undefined
    try {
      const signal = AbortSignal.timeout(timerMs(timeout))
      response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(body), redirect: 'manual', signal })
      text = await bodyOf(response, largestAnswer)
    } catch (error) {
      // Every call is a read, so that it may be sent again. Servers close connections that idle, and a pooled one is then found broken.
      if (isBrokenOff(error) && attempt < retries) continue
      return { kind: 'failed', reason: whyNoAnswer(error, timeout) }
    }
    const { status } = response
    const wait = waitBefore(response, attempt)
    if (wait !== undefined && attempt < retries && wait <= longestWait) {
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, timerMs(wait)))
      continue
    }
    if (status === 429) {
      const asks = wait !== undefined && wait > longestWait ? `, and asks to wait ${Math.ceil(wait / 1000)} s` : ''
      return {
        kind: 'strange',
        status,
        reason: `it limits the rate of requests (HTTP 429, ${attempt === 0 ? 'asked once' : `asked ${attempt + 1} times`})${asks}`,
      }
    }
    if (status >= 300 && status < 400) {
      return { kind: 'failed', reason: redirected(response.headers.get('location'), endpoint, status) }
    }
    if (text === undefined) return { kind: 'strange', status, reason: `its answer has more than ${largestAnswer} bytes` }
    return parse(status, text)
  }
}

function redirected(location: string | null, endpoint: URL, status: number): string {
  if (location === null) return `it redirects, and does not say where to (HTTP ${status})`
  if (!URL.canParse(location, endpoint.href)) return `it redirects to something that is no URL (HTTP ${status})`
  return `it redirects to ${redactUrl(new URL(location, endpoint))} (HTTP ${status}); use that address`
}

/** The body as text; undefined when it is longer than `limit` bytes. */
async function bodyOf(response: Response, limit: number): Promise<string | undefined> {
  if (response.body === null) return ''
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let length = 0; ; ) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    length += value.length
    if (length > limit) {
      await reader.cancel()
      return undefined
    }
    text += decoder.decode(value, { stream: true })
  }
}

/** Milliseconds to wait before the request is sent again; undefined when this answer is final. */
function waitBefore(response: Response, attempt: number): number | undefined {
  const header = response.headers.get('retry-after')
  if (response.status !== 429 && (response.status !== 503 || header === null)) return undefined
  if (header !== null && /^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const date = header === null ? Number.NaN : Date.parse(header)
  return Number.isNaN(date) ? 250 * 2 ** attempt : Math.max(0, date - Date.now())
}

function isBrokenOff(error: unknown): boolean {
  return /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/.test(codeOf(causeOf(error)) ?? '')
}

/** Node's fetch says "fetch failed" and has what happened as its cause. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? error.cause : error
}

function codeOf(cause: unknown): string | undefined {
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
}

const connectionErrors: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there (ECONNREFUSED)'],
  ['ENOTFOUND', 'there is no host of this name (ENOTFOUND)'],
  ['EAI_AGAIN', 'the name of its host cannot be looked up (EAI_AGAIN)'],
  ['ECONNRESET', 'it broke off the connection (ECONNRESET)'],
  ['UND_ERR_SOCKET', 'it broke off the connection'],
])

function whyNoAnswer(error: unknown, timeout: number): string {
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))
    return `it did not answer within ${timeout} ms`
  const cause = causeOf(error)
  const code = codeOf(cause)
  const known = code === undefined ? undefined : connectionErrors.get(code)
  if (known !== undefined) return known
  const message = cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : 'and nothing says why'
  return `it cannot be reached (${redactUrls(message).slice(0, 200)})`
}

function parse(status: number, text: string): Posted {
  try {
    return { kind: 'json', status, value: JSON.parse(text) }
  } catch {
    return { kind: 'strange', status, reason: `it answered HTTP ${status} with ${whatItIs(text)}` }
  }
}

function whatItIs(text: string): string {
  const start = text.trimStart()
  if (start === '') return 'an empty body'
  if (start.startsWith('<')) {
    const title = /<title[^>]{0,200}>([^<]{1,200})/i.exec(start.slice(0, 4096))?.[1]?.trim()
    return title === undefined ? 'an HTML page' : `an HTML page, ${quote(redactUrls(title))}`
  }
  const broken = start.startsWith('{') || start.startsWith('[')
  return broken
    ? `JSON that breaks off or is damaged, after ${text.length} characters`
    : `something that is not JSON: ${quote(redactUrls(start).slice(0, 80))}`
}

function httpReason(status: number, value: unknown): string {
  const refusal = refusalIn(value)
  return `it answered HTTP ${status}${refusal === undefined ? '' : `, ${quote(redactUrls(refusal.message))}`}`
}

/** The answer in the body of one call. */
function answerIn(value: unknown, status: number): RpcAnswer {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    if ('error' in value && value.error !== null && value.error !== undefined) {
      return refusalIn(value.error) ?? { kind: 'refused', message: wordsOf(value.error) }
    }
    if ('result' in value) return { kind: 'result', value: value.result }
    const refusal = status >= 400 ? refusalIn(value) : undefined
    if (refusal !== undefined) return { kind: 'failed', reason: httpReason(status, value) }
  }
  return { kind: 'failed', reason: `it answered HTTP ${status} with JSON that is no answer of JSON-RPC` }
}

/** The words of an error whose code is none of JSON-RPC's. */
function wordsOf(error: unknown): string {
  const words = typeof error === 'object' && error !== null && 'message' in error ? error.message : error
  return typeof words === 'string' ? redactUrls(words).slice(0, 300) : 'an error without words'
}

/** The answers of a batch by the number of their call; undefined when the body is no answer to a batch. */
function answersById(value: unknown, count: number): Map<number, RpcAnswer> | undefined {
  if (!Array.isArray(value)) return undefined
  const out = new Map<number, RpcAnswer>()
  for (const each of value) {
    const id = typeof each === 'object' && each !== null && 'id' in each ? Number(each.id ?? Number.NaN) : Number.NaN
    if (Number.isInteger(id) && id >= 0 && id < count && !out.has(id)) out.set(id, answerIn(each, 200))
  }
  return out.size === 0 ? undefined : out
}
