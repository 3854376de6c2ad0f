import type { Address, Hex } from '../../bytes/hex.ts'
import { type Known, known, unknown } from '../../evidence/known.ts'
import { describeAnswer, type RpcAnswer, type RpcCall } from '../../rpc/chain-client.ts'
import type { CallFrame, SignatureCheck } from '../evidence/replay.ts'
import { readSignatureCheck } from '../evidence/signature-check.ts'

/** Deeper than any payment calls; a node that nests on and on is not followed. */
const deepest = 64

/** The call that shows which digest the token hashes: geth's call tracer, which anvil, erigon, reth and nethermind have too. */
export function traceCall(transaction: { readonly from: Address; readonly to: Address; readonly data: Hex }, block: string): RpcCall {
  return { method: 'debug_traceCall', params: [transaction, block, { tracer: 'callTracer' }] }
}

/** Whether the token refused the signature: then what it hashed tells more than any guess. */
export function refusesSignature(simulated: RpcAnswer | undefined): boolean {
  return simulated?.kind === 'refused' && /signature|ecrecover/i.test(`${simulated.message}${textIn(simulated.data)}`)
}

function textIn(data: Hex | undefined): string {
  if (data === undefined) return ''
  return data.slice(2).replace(/../g, (byte) => String.fromCharCode(Number.parseInt(byte, 16)))
}

/** How the token checked the payer's signature, as the trace has it. */
export function readTrace(answer: RpcAnswer, payer: Address): Known<SignatureCheck | null> {
  if (answer.kind !== 'result') return unknown(describeAnswer(answer))
  const frame = readFrame(answer.value, deepest)
  if (frame === undefined) return unknown('it answered something that is no trace of calls')
  const check = readSignatureCheck(frame, payer)
  return check === null || check.digest.length === 66 ? known(check) : unknown('its trace cuts the calls short')
}

/** As much of a frame as is needed; undefined for what is none. */
function readFrame(value: unknown, depth: number): CallFrame | undefined {
  if (typeof value !== 'object' || value === null || depth === 0) return undefined
  const { to, input, output, error, calls } = value as Readonly<Record<string, unknown>>
  if (!isHex(input)) return undefined
  return {
    ...(isHex(to) ? { to } : {}),
    input: input.toLowerCase() as Hex,
    ...(isHex(output) ? { output } : {}),
    ...(typeof error === 'string' ? { error } : {}),
    calls: Array.isArray(calls) ? calls.flatMap((call) => readFrame(call, depth - 1) ?? []) : [],
  }
}

function isHex(value: unknown): value is Hex {
  return typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value)
}
