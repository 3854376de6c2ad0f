import { bytesToBase64 } from '../bytes/base64.ts'
import { bytesOf } from '../bytes/bytes.ts'
import { elided } from './elided.ts'
import { isList, isNumber, isObject, type Json, type JsonObject, parseJson } from './json.ts'
import type { Span } from './place.ts'
import { type Printed, type PrintedItem, scanPrints } from './print-scanner.ts'
import { type Refusal, unreadable } from './refusal.ts'
import { show } from './text.ts'

/** What a text's prints are, as the JSON that would say the same, or why there is no one payment in them. */
export type PrintResult =
  /** `isPayment`: there is a payment in them, so that what is wrong with it can be said. */
  | { readonly kind: 'candidates'; readonly values: readonly JsonObject[]; readonly isPayment: boolean; readonly span: Span }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'none' }

/** Names as x402, EIP-712 and JSON-RPC have them: languages spell the names of their structs in their own ways. */
const names: ReadonlyMap<string, string> = new Map(
  [
    ...[
      'from',
      'to',
      'value',
      'validAfter',
      'validBefore',
      'nonce',
      'signature',
      'authorization',
      'payload',
      'paymentPayload',
      'paymentHeader',
    ],
    ...['paymentRequirements', 'x402Version', 'scheme', 'network', 'accepted', 'accepts', 'asset', 'payTo', 'maxAmountRequired', 'amount'],
    ...[
      'maxTimeoutSeconds',
      'extra',
      'resource',
      'description',
      'mimeType',
      'outputSchema',
      'extensions',
      'transaction',
      'chainId',
      'chainIndex',
    ],
    ...[
      'verifyingContract',
      'domain',
      'message',
      'primaryType',
      'types',
      'name',
      'version',
      'salt',
      'v',
      'r',
      's',
      'yParity',
      'feePayer',
      'memo',
    ],
    ...['token', 'tokenAddress', 'typedData', 'requirements', 'payment', 'sig', 'data', 'input', 'callData', 'hash', 'sender', 'url'],
  ].map((name) => [name.toLowerCase(), name]),
)

/** Other words for the network and the token. */
const synonyms: ReadonlyMap<string, string> = new Map([
  ['chain', 'network'],
  ['chainname', 'network'],
  ['networkname', 'network'],
  ['networkid', 'chainId'],
  ['contract', 'asset'],
  ['contractaddress', 'asset'],
])

const knownNames: ReadonlySet<string> = new Set(names.values())

const authorizationNames = ['from', 'to', 'value', 'validBefore', 'nonce'] as const
/** Names that go with a payment wherever they stand in a print. */
const aroundNames = ['network', 'chainId', 'chainIndex', 'asset', 'token', 'tokenAddress', 'verifyingContract', 'primaryType'] as const
const mostObjects = 4_000

/**
 * Payments in what programs print of their values: structs of Rust and Go, reprs of Python, a console's objects, spans of a tracer. What belongs
 * together may stand in several of them.
 */
export function readPrints(text: string): PrintResult {
  const outer = scanPrints(text)
  // A record of a log has the print in one of its strings; of the record itself the reader of JSON says what can be said.
  const json = parseJson(text)
  const isJson = json.ok && json.slips.length === 0 && text.slice(json.end).trim() === ''
  const scanned = [...(isJson ? [] : [outer]), ...outer.texts.slice(0, 16).map(scanPrints)]
  const roots = scanned.flatMap(rootsOf)
  const objects = objectsIn(roots)
  const authorizations = distinct(objects.filter(isAuthorization), (each) => keyOf(each.get('nonce')))
  const transactions = distinct(objects.filter(isTransaction), (each) => keyOf(each.get('transaction')))
  const count = authorizations.length + transactions.length
  if (count > 1) {
    return refused(unreadable(`prints of ${count} payments`, 'one payment', 'paste one of them'))
  }
  // What is missing may be what says that it is another payment.
  if (scanned.some(({ unclosed }) => unclosed)) {
    // The reader of JSON says what is missing.
    if (count === 0 || /"(?:from|authorization|transaction)"/.test(text)) return { kind: 'none' }
    return refused(unreadable('a print of a payment that ends before its last bracket', 'all of it', 'copy it again up to its end'))
  }
  const without = count === 0 ? withoutAuthorization(objects) : undefined
  if (without?.kind === 'refused') return without
  const enveloped = roots.filter((root) => objectsIn([root]).some(isEnvelope))
  const candidates = (...values: readonly JsonObject[]): PrintResult => {
    return { kind: 'candidates', values, isPayment: count > 0, span: spanOf(text, isJson ? undefined : outer, outer.texts) }
  }
  if (enveloped.length > 0) return candidates(...enveloped)
  const [transaction] = transactions
  if (transaction !== undefined) return candidates(carried(transaction, around(objects)))
  const [authorization] = authorizations
  if (authorization === undefined) return { kind: 'none' }
  const signatures = signaturesIn(objects, text)
  if (signatures.length > 1) {
    return refused(
      unreadable(`a print of an authorization beside ${signatures.length} signatures`, 'one signature', 'paste the one that was sent'),
    )
  }
  return candidates(signed(authorization, signatures[0], objects, text))
}

/** The text without the prints that the payment is in: what else stands there may be the answer to it. */
function spanOf(text: string, outer: Printed | undefined, texts: readonly string[]): Span {
  const own = outer === undefined ? undefined : withoutItems(text, outer.items.filter(isOfPayment))
  if (own !== undefined) return own
  for (const inner of texts.slice(0, 16)) {
    const cut = withoutItems(inner, scanPrints(inner).items.filter(isOfPayment))
    if (cut === undefined) continue
    const rest: unknown =
      outer === undefined ? JSON.parse(text, (_, value: unknown) => (value === inner ? undefined : value)) : text.replace(inner, ' ')
    return { ...cut, text: `${cut.text} ${typeof rest === 'string' ? rest : JSON.stringify(rest)}` }
  }
  return { text: '', start: 0, end: 0 }
}

/** The span is empty, and where the first of them was. */
function withoutItems(text: string, items: readonly PrintedItem[]): Span | undefined {
  const [first] = items
  if (first === undefined) return undefined
  let rest = ''
  let from = 0
  for (const { start, end } of items) {
    rest += `${text.slice(from, start)} `
    from = end
  }
  return { text: rest + text.slice(from), start: first.start, end: first.start }
}

const ownMembers: ReadonlySet<string> = new Set([...authorizationNames, 'validAfter', 'signature', 'sig', 'v', 'r', 's', 'authorization'])

function isOfPayment({ key, value }: PrintedItem): boolean {
  const item = normal(key === undefined ? value : new Map([[key, value]]), 0)
  if (!isObject(item) && !isList(item)) return false
  if (isObject(item) && item.size === 1 && [...item.keys()].some((name) => ownMembers.has(name))) return true
  return objectsIn(isObject(item) ? [item] : item.filter(isObject)).some(
    (each) => isAuthorization(each) || isTransaction(each) || isEnvelope(each) || signatureIn(each) !== undefined || each.has('payTo'),
  )
}

/** The signatures beside an authorization, and where none has a name the only 65 bytes that stand in the text. */
function signaturesIn(objects: readonly JsonObject[], text: string): readonly Json[] {
  const named = distinct(
    objects.flatMap((object) => signatureIn(object) ?? []),
    signatureKey,
  )
  if (named.length > 0) return named
  return distinct(
    [...text.matchAll(/(?<![0-9a-zA-Z])0x[0-9a-fA-F]{130}(?![0-9a-zA-Z])/g)].map(([hex]) => hex),
    signatureKey,
  )
}

/** The signature beside the authorization, wherever it stands. */
function signed(authorization: JsonObject, signature: Json | undefined, objects: readonly JsonObject[], text: string): JsonObject {
  const typed = objects.find((object) => object.get('message') === authorization && isObject(object.get('domain')))
  const base = new Map<string, Json>([...around(objects), ...(signature === undefined ? [] : [['signature', signature] as const])])
  if (!base.has('primaryType') && /receiveWithAuthorization/i.test(text) && !/transferWithAuthorization/i.test(text)) {
    base.set('primaryType', 'ReceiveWithAuthorization')
  }
  if (typed === undefined || signature === undefined) return new Map<string, Json>([...base, ['authorization', authorization]])
  const primaryType = base.get('primaryType') ?? 'TransferWithAuthorization'
  return new Map([...typed, ['primaryType', primaryType], ['signature', signature]])
}

function carried(transaction: JsonObject, base: JsonObject): JsonObject {
  return new Map<string, Json>([...base, ['scheme', 'exact'], ['payload', transaction]])
}

/** A payment of which a print says that it is there and not what it is. */
function withoutAuthorization(objects: readonly JsonObject[]): PrintResult {
  for (const object of objects) {
    for (const name of ['authorization', 'payload', 'paymentPayload', 'message']) {
      const value = object.get(name)
      const why = typeof value === 'string' ? (pointer(value) ?? elided(value)) : undefined
      if (typeof value === 'string' && why !== undefined && isPaymentLike(object)) {
        const what = `a print of a payment whose ${name} is ${show(value)}, ${why}`
        return refused(unreadable(what, 'the whole payment', 'print it with JSON.stringify, or as JSON in your language'))
      }
    }
  }
  return { kind: 'none' }
}

/** `Payload:0xc0000140a0`, as %+v prints what a field points to. */
function pointer(value: string): string | undefined {
  return /^0x[0-9a-f]{6,16}$/.test(value) ? 'a pointer, which Go does not follow' : undefined
}

function isPaymentLike(object: JsonObject): boolean {
  return ['signature', 'x402Version', 'scheme', 'accepted', 'paymentRequirements', 'primaryType'].some((name) => object.has(name))
}

function refused(refusal: Refusal): PrintResult {
  return { kind: 'refused', refusal }
}

/** What stands at the top of a text: everything with a name that is known as one object, and each object without one. */
function rootsOf({ items }: Printed): JsonObject[] {
  const pairs = new Map<string, Json>()
  const records: Json[] = []
  for (const { key, value } of items) {
    if (key === undefined) records.push(value)
    else if (!pairs.has(key)) pairs.set(key, value)
  }
  const named = normal(pairs, 0)
  const known = new Map<string, Json>()
  const others: Json[] = []
  for (const [key, value] of isObject(named) ? named : []) {
    if (knownNames.has(key)) known.set(key, value)
    else others.push(value)
  }
  const rest = [...others, ...records.map((each) => normal(each, 0))].flatMap((each) => (isList(each) ? each : [each])).filter(isObject)
  return [...(known.size > 0 ? [asBody(known)] : []), ...rest]
}

/** `payload=PaymentPayload(…) requirements=…` are a body's two, whatever a program calls its variables. */
function asBody(root: JsonObject): JsonObject {
  const payload = [root.get('payload'), root.get('payment')].find((each) => isObject(each) && isEnvelope(each))
  if (payload === undefined || root.has('paymentPayload')) return root
  const requirements = root.get('paymentRequirements') ?? root.get('requirements')
  const rest = [...root].filter(([key]) => !['payload', 'payment', 'requirements', 'scheme', 'accepted', 'x402Version'].includes(key))
  const body = [...rest, ['paymentPayload', payload] as const]
  return new Map(requirements === undefined ? body : [...body, ['paymentRequirements', requirements]])
}

/** Names as x402 spells them, and words as it writes them: a print has neither. */
function normal(value: Json, depth: number): Json {
  if (isList(value)) return value.map((item) => normal(item, depth + 1))
  if (!isObject(value)) return value
  const out = new Map<string, Json>()
  for (const [key, member] of value) {
    const plain = key
      .replace(/^[_&*]+|_+$/g, '')
      .replace(/[_-]/g, '')
      .toLowerCase()
    const name = names.get(plain) ?? synonyms.get(plain) ?? key
    if (!out.has(name)) out.set(name, word(name, normal(member, depth + 1)))
  }
  return out
}

function word(name: string, value: Json): Json {
  if (name === 'network' || name === 'chainId') return networkWord(value)
  if (name === 'transaction' && typeof value === 'string' && /^0x(?:[0-9a-f]{2}){66,}$/.test(value))
    return bytesToBase64(bytesOf(value.slice(2)))
  if (name === 'yParity' && typeof value === 'boolean') return { type: 'number', digits: value ? '1' : '0', from: 'bigint' }
  // Go has no quotes around the strings of a map.
  if ((name === 'version' || name === 'name') && isNumber(value)) return value.digits
  if (typeof value !== 'string') return value
  if (name === 'scheme' && /^[A-Z][A-Za-z]{1,30}$/.test(value)) return value.toLowerCase()
  const version = name === 'x402Version' ? /^(?:x402)?v(?:ersion)?_?([12])$/i.exec(value)?.[1] : undefined
  return version === undefined ? value : { type: 'number', digits: version, from: 'bigint' }
}

/** `EvmNetwork::BaseSepolia`, `BASE_SEPOLIA` and `Base Sepolia` as `base-sepolia`; `ChainId { namespace, reference }` as CAIP-2 has it. */
export function networkWord(value: Json): Json {
  if (isObject(value)) {
    const [namespace, reference] = [value.get('namespace'), value.get('reference')]
    const digits = isNumber(reference) ? reference.digits : reference
    return typeof namespace === 'string' && typeof digits === 'string' ? `${namespace}:${digits}` : value
  }
  if (typeof value !== 'string') return value
  const name = value.replace(/^(?:[A-Za-z]\w{0,40}::){1,4}/, '')
  if (!/^[A-Z][A-Za-z0-9_ ]{1,40}$/.test(name)) return value
  const spaced = /[a-z]/.test(name) ? name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-') : name
  return spaced.replace(/[_ -]+/g, '-').toLowerCase()
}

/** All objects, the outermost first. */
function objectsIn(roots: readonly JsonObject[]): JsonObject[] {
  const queue: Json[] = [...roots]
  const objects: JsonObject[] = []
  for (let index = 0; index < queue.length && index < mostObjects; index++) {
    const value = queue[index]
    if (isObject(value)) {
      objects.push(value)
      for (const member of value.values()) if (typeof member === 'object') queue.push(member)
    } else if (isList(value)) for (const item of value) if (typeof item === 'object') queue.push(item)
  }
  return objects
}

function isAuthorization(object: JsonObject): boolean {
  const said = (name: string): boolean => {
    const value = object.get(name)
    return isNumber(value) || (typeof value === 'string' && value !== '')
  }
  const from = object.get('from')
  // Whatever else has these names has no address in the first.
  return authorizationNames.every(said) && typeof from === 'string' && (/^0x/i.test(from) || elided(from) !== undefined)
}

/** Solana's, whose base64 is long. */
function isTransaction(object: JsonObject): boolean {
  const value = object.get('transaction')
  return typeof value === 'string' && value.length >= 200 && /^[A-Za-z0-9+/_=-]+$/.test(value)
}

function isEnvelope(object: JsonObject): boolean {
  if (isObject(object.get('paymentPayload'))) return true
  const payload = object.get('payload')
  return (isObject(payload) || isList(payload)) && ['x402Version', 'scheme', 'accepted'].some((name) => object.has(name))
}

/** A signature, or the r, s and v of one. */
function signatureIn(object: JsonObject): Json | undefined {
  for (const name of ['signature', 'sig']) {
    const value = object.get(name)
    if (
      typeof value === 'string' &&
      (/^(?:0x)?[0-9a-f]{100,}/i.test(value) || (elided(value) !== undefined && object.has('authorization')))
    )
      return value
  }
  const [r, s] = [object.get('r'), object.get('s')]
  const isPart = (part: Json | undefined): boolean => isNumber(part) || (typeof part === 'string' && /^0x/i.test(part))
  if (!isPart(r) || !isPart(s) || r === undefined || s === undefined) return undefined
  return new Map<string, Json>([['r', r], ['s', s], ...[...object].filter(([name]) => name === 'v' || name === 'yParity')])
}

/** The same for the parts and for the bytes of one signature. */
function signatureKey(value: Json): string {
  if (!isObject(value)) return keyOf(value).replace(/^0x/, '').slice(0, 128)
  return ['r', 's'].map((name) => keyOf(value.get(name)).replace(/^0x/, '').padStart(64, '0')).join('')
}

function keyOf(value: Json | undefined): string {
  if (isNumber(value)) return /^[0-9]{1,80}$/.test(value.digits) ? BigInt(value.digits).toString(16) : value.digits
  return typeof value === 'string' ? value.toLowerCase() : ''
}

function distinct<T>(all: readonly T[], key: (each: T) => string): T[] {
  return [...new Map(all.toReversed().map((each) => [key(each), each])).values()].toReversed()
}

/** What is said of the network and the token, the first of each; of a domain, too. */
function around(objects: readonly JsonObject[]): JsonObject {
  const found = new Map<string, Json>()
  for (const object of objects) {
    for (const name of aroundNames) {
      const value = object.get(name)
      if (!found.has(name) && (isNumber(value) || (typeof value === 'string' && value !== '' && elided(value) === undefined)))
        found.set(name, value)
    }
  }
  return found
}
