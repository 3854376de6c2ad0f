import { bytesOf } from '../../bytes/bytes.ts'
import type { WireContext } from '../../wire/context.ts'
import type { OwnForms } from '../../wire/document.ts'
import { isAuthorization } from '../../wire/envelope.ts'
import { isList, isObject, type Json, type JsonObject, parseJson } from '../../wire/json.ts'
import { isMppCredential } from '../../wire/mpp-credential.ts'
import { show } from '../../wire/text.ts'
import { brokenBytes, callInText, isChainHex, otherCall, readChainBytes, readTransactionObject } from './chain-bytes.ts'
import type { Draft } from './draft.ts'
import { readMpp } from './mpp.ts'
import { readCallAmong, readPrintedCall } from './printed-call.ts'
import { isTypedData, readTypedData } from './typed-data-json.ts'
import { readBare } from './x402.ts'

/** The forms that only EVM chains have. */
export const evmForms: OwnForms<Draft> = {
  specific: (object, context) => {
    if (isMppCredential(object)) return readMpp(object, context)
    const found = findTypedData(object)
    if (found === undefined) return readRpcRequest(object, context)
    const draft = readTypedData(found.typedData, found.signature, context, found.signer)
    return found.method === undefined ? draft : { ...draft, recognised: `${draft.recognised} (${show(found.method)} request)` }
  },
  bare: (object, context) => {
    if (hasAuthorization(object, context)) return readBare(object, context)
    const call = readTransactionObject(object, context.findings)
    if (call !== undefined) return call
    const raw = rawTransactionIn(object)
    return raw === undefined ? undefined : readChainBytes(raw, context.findings)
  },
  other: otherCall,
  printed: readPrintedCall,
  hex: {
    begins: isChainHex,
    read: readChainBytes,
    broken: brokenBytes,
    inText: callInText,
    readAmong: readCallAmong,
  },
}

function hasAuthorization(object: JsonObject, { keys }: WireContext): boolean {
  const message = object.get('authorization') ?? object.get('message')
  if (isObject(message)) return isAuthorization(message, keys) || (object.has('authorization') && message.has('from') && message.has('to'))
  return isAuthorization(object, keys)
}

/** EIP-712 JSON, with what stands beside it. */
export interface FoundTypedData {
  readonly typedData: JsonObject
  readonly signature: Json | undefined
  /** Of a wallet's request: the address that was asked to sign, and the method. */
  readonly signer?: Json
  readonly method?: string
}

/** Typed data in an object: itself, in a member, or in the params of a wallet's JSON-RPC request. */
export function findTypedData(object: JsonObject): FoundTypedData | undefined {
  const [method, params] = [object.get('method'), object.get('params')]
  if (typeof method === 'string' && method.startsWith('eth_signTypedData') && isList(params)) {
    const objects = params.map((param) => (typeof param === 'string' ? jsonIn(param) : param))
    const typedData = objects.find((param) => isObject(param) && isTypedData(param))
    const signer = params.find((param) => typeof param === 'string' && /^\s*0[xX][0-9a-fA-F]{40}\s*$/.test(param))
    if (isObject(typedData))
      return { typedData, signature: object.get('signature') ?? object.get('result'), ...(signer === undefined ? {} : { signer }), method }
  }
  const typedData = typedDataIn(object)
  return typedData === undefined ? undefined : { typedData, signature: signatureBeside(object, typedData) }
}

/** Typed data here or one member down, as an object or as the JSON text that wallets are given. */
function typedDataIn(object: JsonObject): JsonObject | undefined {
  if (isTypedData(object)) return object
  for (const name of ['typedData', 'typed_data', 'eip712', 'data', 'payload', 'message']) {
    const value = object.get(name)
    const inner = typeof value === 'string' && value.trimStart().startsWith('{') ? jsonIn(value) : value
    if (isObject(inner) && isTypedData(inner) && (inner.has('types') || inner.has('domain'))) return inner
  }
  return undefined
}

function signatureBeside(object: JsonObject, typedData: JsonObject): Json | undefined {
  return typedData.get('signature') ?? object.get('signature') ?? object.get('sig') ?? object.get('result')
}

/** A node's JSON-RPC request. */
function readRpcRequest(object: JsonObject, context: WireContext): Draft | undefined {
  const method = object.get('method')
  const params = object.get('params')
  if (typeof method !== 'string' || !isList(params)) return undefined
  const [first] = params
  if (method === 'eth_sendRawTransaction' && typeof first === 'string' && /^0[xX](?:[0-9a-fA-F]{2})+$/.test(first)) {
    return readChainBytes(bytesOf(first.slice(2)), context.findings)
  }
  return undefined
}

const rawNames = ['raw', 'rawTransaction', 'raw_transaction', 'serializedTransaction', 'signedTransaction', 'rawTx'] as const

function rawTransactionIn(object: JsonObject): Uint8Array | undefined {
  for (const name of rawNames) {
    const value = object.get(name)
    if (typeof value === 'string' && /^0[xX](?:[0-9a-fA-F]{2}){40,}$/.test(value)) return bytesOf(value.slice(2))
  }
  return undefined
}

/** The JSON that wallets are given as text. */
function jsonIn(text: string): Json | undefined {
  const start = text.indexOf('{')
  const parsed = start === -1 ? undefined : parseJson(text, start)
  return parsed?.ok && isObject(parsed.value) ? parsed.value : undefined
}
