import { isList, isObject, type Json, type JsonObject, parseJson } from '../../wire/json.ts'
import { anyForm, describeJson, otherJson, type Refusal, refuse, unreadable } from '../../wire/refusal.ts'
import { show } from '../../wire/text.ts'
import { bytesOf, otherCall, readChainBytes, readTransactionObject } from './chain-bytes.ts'
import type { Draft } from './draft.ts'
import { isMppCredential, readMpp } from './mpp.ts'
import { isAuthorization } from './signed-authorization.ts'
import { isTypedData, readTypedData } from './typed-data-json.ts'
import { isBody, isPayload, type JsonContext, readBare, readBody, readPayload } from './x402.ts'

/** Wrappers and logs nest a payment a few levels down; a tree with more nodes than this is no payment. */
const mostNodes = 2_000
const mostNestedTexts = 16

interface Place {
  readonly value: Json
  readonly path: string
}

/**
 * The payment in a JSON document: at its top, or wherever a wrapper, a JSON-RPC request, an HTTP dump or a log record put it.
 * Looks level by level, so that the outermost payment is read.
 * @throws Eip3009Error when there is none; one that says what the document is, where that is known.
 */
export function readDocument(root: Json, context: JsonContext): Draft {
  refuseSeveral(root, context)
  const places: Place[] = [{ value: root, path: '' }]
  let refusal: Refusal | undefined
  let nestedTexts = 0
  for (let index = 0; index < places.length && index < mostNodes; index++) {
    const place = places[index]
    if (place === undefined) break
    const { value, path } = place
    if (isObject(value)) {
      const draft = readObject(value, context)
      if (draft !== undefined) return path === '' ? draft : { ...draft, recognised: `${draft.recognised}, under ${show(path)}` }
      refusal ??= otherJson(value) ?? otherCall(value)
    }
    const nested = typeof value === 'string' && nestedTexts < mostNestedTexts ? nestedJson(value) : undefined
    if (nested !== undefined) {
      nestedTexts++
      places.push({ value: nested, path })
    }
    if (places.length < mostNodes) places.push(...members(place))
  }
  throw refuse(
    refusal ??
      unreadable(`${describeJson(root)}, in which there is no payment`, anyForm, 'paste the body of the failed /verify or /settle request'),
  )
}

function members({ value, path }: Place): Place[] {
  const join = (key: string): string => (path === '' ? key : `${path}.${key}`)
  if (isObject(value)) return [...value].slice(0, 256).map(([key, member]) => ({ value: member, path: join(key) }))
  if (isList(value)) return value.slice(0, 256).map((item, index) => ({ value: item, path: `${path}[${index}]` }))
  return []
}

function refuseSeveral(root: Json, { keys }: JsonContext): void {
  if (!isList(root)) return
  const payments = root
    .slice(0, 256)
    .filter((item) => isObject(item) && (isBody(item, keys) || isPayload(item, keys) || isAuthorization(item, keys)))
  if (payments.length > 1) {
    throw refuse(unreadable(`a JSON list with ${payments.length} payments`, 'one payment', 'paste one of them'))
  }
}

/** JSON inside a string, as logs and proxies have it. */
function nestedJson(text: string): Json | undefined {
  if (text.length < 20) return undefined
  const start = text.indexOf('{')
  const parsed = start === -1 ? undefined : parseJson(text, start)
  return parsed?.ok && isObject(parsed.value) ? parsed.value : undefined
}

function readObject(object: JsonObject, context: JsonContext): Draft | undefined {
  const { keys, findings } = context
  if (isMppCredential(object)) return readMpp(object, context)
  if (isBody(object, keys)) return readBody(object, context)
  const request = readRpcRequest(object, context)
  if (request !== undefined) return request
  const typedData = typedDataIn(object)
  if (typedData !== undefined) return readTypedData(typedData, signatureBeside(object, typedData), context)
  if (isPayload(object, keys)) return readPayload(object, 'x402-payment-payload', context)
  const header = headerIn(object)
  if (header !== undefined) {
    const inner = readDocument(context.decodeHeader(header.value, header.name), context)
    return { ...inner, form: 'x402-header', recognised: `${inner.recognised} in the ${header.name} header` }
  }
  if (hasAuthorization(object, context)) return readBare(object, context)
  const call = readTransactionObject(object, findings)
  if (call !== undefined) return call
  const raw = rawTransactionIn(object)
  return raw === undefined ? undefined : readChainBytes(raw, findings)
}

function hasAuthorization(object: JsonObject, { keys }: JsonContext): boolean {
  const message = object.get('authorization') ?? object.get('message')
  if (isObject(message)) return isAuthorization(message, keys) || (object.has('authorization') && message.has('from') && message.has('to'))
  return isAuthorization(object, keys)
}

/** Typed data here or one member down, as an object or as the JSON text that wallets are given. */
function typedDataIn(object: JsonObject): JsonObject | undefined {
  if (isTypedData(object)) return object
  for (const name of ['typedData', 'typed_data', 'eip712', 'data', 'payload', 'message']) {
    const value = object.get(name)
    const inner = typeof value === 'string' && value.trimStart().startsWith('{') ? nestedJson(value) : value
    if (isObject(inner) && isTypedData(inner) && (inner.has('types') || inner.has('domain'))) return inner
  }
  return undefined
}

function signatureBeside(object: JsonObject, typedData: JsonObject): Json | undefined {
  return typedData.get('signature') ?? object.get('signature') ?? object.get('sig') ?? object.get('result')
}

/** A wallet's or a node's JSON-RPC request. */
function readRpcRequest(object: JsonObject, context: JsonContext): Draft | undefined {
  const method = object.get('method')
  const params = object.get('params')
  if (typeof method !== 'string' || !isList(params)) return undefined
  if (method.startsWith('eth_signTypedData')) {
    const objects = params.map((param) => (typeof param === 'string' ? nestedJson(param) : param))
    const typedData = objects.find((param) => isObject(param) && isTypedData(param))
    const signer = params.find((param) => typeof param === 'string' && /^\s*0[xX][0-9a-fA-F]{40}\s*$/.test(param))
    if (!isObject(typedData)) return undefined
    const draft = readTypedData(typedData, object.get('signature') ?? object.get('result'), context, signer)
    return { ...draft, recognised: `${draft.recognised} (${show(method)} request)` }
  }
  const [first] = params
  if (method === 'eth_sendRawTransaction' && typeof first === 'string' && /^0[xX](?:[0-9a-fA-F]{2})+$/.test(first)) {
    return readChainBytes(bytesOf(first.slice(2)), context.findings)
  }
  return undefined
}

const headerNames: ReadonlyMap<string, 'X-PAYMENT' | 'PAYMENT-SIGNATURE'> = new Map([
  ['x-payment', 'X-PAYMENT'],
  ['payment-signature', 'PAYMENT-SIGNATURE'],
])

/** A payment header among an HTTP dump's headers. */
function headerIn(object: JsonObject): { readonly name: string; readonly value: string } | undefined {
  for (const [key, value] of [...object].slice(0, 256)) {
    const name = headerNames.get(key.toLowerCase())
    const text = isList(value) ? value[0] : value
    if (name !== undefined && typeof text === 'string') return { name, value: text }
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
