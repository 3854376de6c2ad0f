import type { Hex } from '../bytes/hex.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { redactUrls } from './redact-url.ts'

/** One JSON-RPC call: `{ method: 'eth_chainId', params: [] }`. */
export interface RpcCall {
  readonly method: string
  readonly params: readonly unknown[]
}

/** What came of a call. That nobody answered is something else than that the node answered with an error. */
export type RpcAnswer =
  | { readonly kind: 'result'; readonly value: unknown }
  /** The node answered with an error: a revert, a method that it does not have, a limit. `data` is a revert's. */
  | { readonly kind: 'refused'; readonly code?: number; readonly message: string; readonly data?: Hex }
  /** There is no answer that could be believed: no connection, a time-out, HTTP 502, something that is not JSON-RPC. */
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * A chain as the rest of the toolkit asks it: the one door to viem, ethers, EIP-1193 and plain URLs. Made by `connectChain`.
 * It is only ever read from; nothing in the toolkit sends a transaction through it.
 */
export interface ChainClient {
  readonly kind: 'chain-client'
  /** What it is, safe to print: an RPC's URL without its keys, or `a viem client`. */
  readonly description: string
  /** @throws RpcError when the node answers with an error, or does not answer. */
  request(method: string, params?: readonly unknown[]): Promise<unknown>
  /** The answers in the order of the calls, in as few round trips as the RPC allows. Never rejects: each call has an answer of its own. */
  batch(calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]>
}

/** A call that has no result. */
export class RpcError extends Eip3009Error {
  override readonly name = 'RpcError'
  readonly answer: Exclude<RpcAnswer, { kind: 'result' }>

  constructor(message: string, answer: Exclude<RpcAnswer, { kind: 'result' }>) {
    super('rpc-unavailable', message)
    this.answer = answer
  }
}

/**
 * A client over a function that answers many calls. Whatever that function does, be it that it throws, rejects or returns something else, each
 * call has an answer: nothing that goes wrong in a transport reaches who asks as anything but a `failed`.
 */
export function chainClient(description: string, transport: ChainClient['batch']): ChainClient {
  const batch: ChainClient['batch'] = async (calls) => {
    try {
      const answers: unknown = await transport(calls)
      return calls.map((_, index) => answerAt(answers, index))
    } catch (error) {
      const failed: RpcAnswer = { kind: 'failed', reason: reasonOf(error) }
      return calls.map(() => failed)
    }
  }
  return {
    kind: 'chain-client',
    description,
    batch,
    request: async (method, params = []) => {
      const [answer] = await batch([{ method, params }])
      if (answer?.kind === 'result') return answer.value
      const without = answer ?? { kind: 'failed', reason: 'there is no answer to it' }
      throw new RpcError(`${description} has no result for ${method}: ${describeAnswer(without)}.`, without)
    },
  }
}

/** What a transport gave for one call; one that is written by others can give anything. */
function answerAt(answers: unknown, index: number): RpcAnswer {
  const answer: unknown = Array.isArray(answers) ? answers[index] : undefined
  return isAnswer(answer) ? answer : { kind: 'failed', reason: 'it left out the answer' }
}

function isAnswer(value: unknown): value is RpcAnswer {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  if (value.kind === 'refused') return 'message' in value && typeof value.message === 'string'
  return value.kind === 'result' || (value.kind === 'failed' && 'reason' in value && typeof value.reason === 'string')
}

/** What was thrown by a transport, as a clause that is safe to print. Anything can be thrown, and a library's error can hold a URL with its key. */
export function reasonOf(error: unknown): string {
  const words = wordsOf(error)
  return words === undefined ? 'the call failed, and nothing says why' : `the call failed (${quote(redactUrls(words))})`
}

function wordsOf(error: unknown): string | undefined {
  if (typeof error === 'string') return error.split('\n', 1)[0]
  if (typeof error !== 'object' || error === null) return undefined
  // A viem error's message goes on for a page, with the request in it.
  if ('shortMessage' in error && typeof error.shortMessage === 'string') return error.shortMessage
  return 'message' in error && typeof error.message === 'string' ? error.message.split('\n', 1)[0] : undefined
}

/** Why a call has no result, as a clause that is safe to print. */
export function describeAnswer(answer: Exclude<RpcAnswer, { kind: 'result' }>): string {
  if (answer.kind === 'failed') return answer.reason
  const message = quote(redactUrls(answer.message))
  return answer.code === undefined ? `it answered ${message}` : `it answered error ${answer.code}, ${message}`
}
