import type { Hex } from '../bytes/hex.ts'
import type { RpcAnswer } from './chain-client.ts'
import { redactUrls } from './redact-url.ts'

/** Under these keys viem, ethers, MetaMask and others keep what the node itself said, the nearest first. */
const inside = ['error', 'info', 'cause', 'data', 'originalError'] as const

/** Errors nest four or five deep; cycles stop here. */
const depthLimit = 8

type Refusal = Extract<RpcAnswer, { kind: 'refused' }>

/**
 * The node's own error in an error of any library, or in the `error` of a JSON-RPC answer. Undefined when there is none: then nothing answered.
 * The innermost code and message count, since each wrapper adds words of its own.
 */
export function refusalIn(error: unknown): Refusal | undefined {
  let found: Refusal | undefined
  let data: Hex | undefined
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > depthLimit) return
    const code = field(value, 'code')
    const number = typeof code === 'string' && /^-?\d{1,6}$/.test(code) ? Number(code) : code
    const message = field(value, 'message')
    if (typeof number === 'number' && isNodeCode(number)) found = { kind: 'refused', code: number, message: readable(value, message) }
    const own = field(value, 'data')
    if (typeof own === 'string' && isHex(own)) data = own
    for (const key of inside) visit(field(value, key), depth + 1)
  }
  visit(error, 0)
  if (found === undefined && data === undefined) return undefined
  const refusal: Refusal = found ?? { kind: 'refused', message: readable(error, field(error, 'message')) }
  return data === undefined ? refusal : { ...refusal, data }
}

/** Codes of JSON-RPC, of nodes (3 is geth's for a revert), of EIP-1193, and of HTTP where a provider puts that into the error. */
function isNodeCode(code: number): boolean {
  return (code <= -32_000 && code >= -32_768) || code === 3 || (code >= 4001 && code < 5000) || code === 429
}

/** viem's `message` goes on about versions and request bodies; its `details` are the node's words. */
function readable(value: unknown, message: unknown): string {
  for (const text of [field(value, 'details'), field(value, 'shortMessage'), message]) {
    if (typeof text === 'string' && text.trim() !== '') return redactUrls(text.trim()).slice(0, 300)
  }
  return 'no message'
}

function isHex(text: string): text is Hex {
  return /^0x(?:[0-9a-fA-F]{2})*$/.test(text)
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value ? Reflect.get(value, key) : undefined
}
