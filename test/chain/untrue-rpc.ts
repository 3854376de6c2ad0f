import { type Call, forward, type Reply, type RpcServer, startRpcServer } from '../rpc-server.ts'

/** What an RPC answers instead of what the node behind it said: a result, an error, or undefined where it passes that on. */
type Instead = (call: Call, honest: unknown) => { readonly result: unknown } | { readonly error: object } | undefined

/** An RPC in front of another, which tells some things otherwise. */
export function untrueRpc(url: string, instead: Instead): Promise<RpcServer> {
  return startRpcServer(async (body): Promise<Reply> => {
    const one = async (call: Call): Promise<object> => {
      const honest = JSON.parse(String((await bodyOf(url, call)) ?? '{}')) as { readonly id?: number; readonly result?: unknown }
      const other = instead(call, honest.result)
      return other === undefined ? honest : { jsonrpc: '2.0', id: call.id, ...other }
    }
    if (!Array.isArray(body)) return { body: await one(body as Call) }
    const answers: object[] = []
    for (const call of body as readonly Call[]) answers.push(await one(call))
    return { body: answers }
  })
}

async function bodyOf(url: string, call: Call): Promise<unknown> {
  const reply = await forward(url, call)
  return typeof reply === 'string' ? undefined : reply.body
}
