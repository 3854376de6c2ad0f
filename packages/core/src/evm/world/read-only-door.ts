import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toHex } from '../../bytes/bytes.ts'
import type { ChainClient } from '../../rpc/chain-client.ts'
import { passReads } from './pass-reads.ts'

/** The one way from an anvil of ours to somebody's chain. */
export interface Door {
  /** On 127.0.0.1, with a path that nobody can guess. */
  readonly url: string
  close(): Promise<void>
}

/** More than any of anvil's questions has. */
const mostBytes = 8 * 1024 * 1024

/**
 * An HTTP server on loopback that passes reads on to `client` and refuses everything else, so that nothing can be sent to a chain that is not
 * ours, whatever anvil is asked. The RPC's URL with its key and the headers stay inside of this process, where `ps` does not show them, and
 * time-outs, retries and rate limits are those of our own client. It does not keep the process alive.
 */
export async function openDoor(client: ChainClient): Promise<Door> {
  const path = `/${toHex(randomBytes(16)).slice(2)}`
  const server = createServer((request, response) => {
    const refuse = (status: number): void => {
      response.writeHead(status).end()
      request.destroy()
    }
    if (request.method !== 'POST' || request.url !== path) return refuse(404)
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      text += chunk
      if (text.length > mostBytes) refuse(413)
    })
    request.on('end', () => {
      void passReads(client, text)
        .then((body) => JSON.stringify(body))
        .then(
          (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(body),
          // A caller's client can answer with what JSON can't hold, such as a bigint.
          () => refuse(502),
        )
    })
  })
  server.on('connection', (socket) => socket.unref())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
