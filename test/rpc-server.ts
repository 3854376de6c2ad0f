import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a stub RPC does with one HTTP request: an answer, or nothing at all. */
export type Reply =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body: unknown }
  | 'hang'
  | 'hang up'

export interface RpcServer extends AsyncDisposable {
  readonly url: string
  /** The parsed bodies of the requests, in the order of their arrival. */
  readonly requests: readonly unknown[]
  readonly headers: readonly Readonly<Record<string, string | string[] | undefined>>[]
}

/** An HTTP server on a free port of 127.0.0.1 that answers as `reply` says. A body that is a string is sent as it is, anything else as JSON. */
export async function startRpcServer(reply: (body: unknown, request: number) => Reply | Promise<Reply>): Promise<RpcServer> {
  const requests: unknown[] = []
  const headers: Readonly<Record<string, string | string[] | undefined>>[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    const body: unknown = JSON.parse(text)
    headers.push(request.headers)
    const answer = await reply(body, requests.push(body))
    if (answer === 'hang') return
    if (answer === 'hang up') {
      request.socket.destroy()
      return
    }
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
    response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    headers,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A reply that passes the request on to another RPC. */
export async function forward(url: string, body: unknown): Promise<Reply> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  return { status: response.status, body: await response.text() }
}

export interface Call {
  readonly id: number
  readonly method: string
  readonly params: readonly unknown[]
}

/** A reply to a call or a batch of calls, each answered by `answer`: `{ result }` or `{ error }`. */
export function answering(body: unknown, answer: (call: Call) => object): Reply {
  const one = (call: Call): object => ({ jsonrpc: '2.0', id: call.id, ...answer(call) })
  return { body: Array.isArray(body) ? body.map((call) => one(call as Call)) : one(body as Call) }
}
