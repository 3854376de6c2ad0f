import { decodeBase64 } from '../bytes/base64.ts'
import { isList, isNumber, isObject, type Json, type JsonObject, jsonOf, parseJson } from '../wire/json.ts'
import { quotedJson } from '../wire/json-text.ts'
import { decodeText, longestText } from '../wire/text.ts'

/** One way in which a server takes a payment: an entry of `accepts`. */
export interface OfferedEntry {
  /** `accepts[0]`; `requirements` for one that stands alone. */
  readonly path: string
  /** As its answer declares it; where nothing does, as its members have it. */
  readonly x402Version: 1 | 2 | undefined
  readonly source: JsonObject
}

/** What a server offers, and how it was found. */
export interface FoundOffers {
  readonly recognised: string
  readonly entries: readonly OfferedEntry[]
}

const mostNodes = 2_000
const mostOpenings = 64
const mostTexts = 32
const mostEntries = 32

/** The header by its name, in a dump, a transcript or a member's value; the name of one of the payment's headers says that this is no offer alone. */
const offerHeader = /(?:x-)?payment-required["']?\s{0,4}[:=,]\s{0,4}["']?(e[wy][A-Za-z0-9+/_-]{20,}={0,2})/gi
const paymentHeader = /(?:^|[^A-Za-z0-9-])(?:x-payment|payment-signature)["']?\s{0,4}[:=]\s{0,4}["']?(?:e[wy]|\{)/i
const bareValue = /(?:^|[^A-Za-z0-9+/_.-])(e[wy][A-Za-z0-9+/_-]{100,}={0,2})(?![A-Za-z0-9+/_.-])/g

/**
 * The offer in whatever was pasted: a 402 answer's body, its `PAYMENT-REQUIRED` header by name, in a dump or as base64 alone, a list of requirements or one
 * of them; as text, bytes or an object. Undefined where there is none, and where a payment stands beside it, whole or broken: what is asked is what became
 * of that.
 */
export function findOffers(input: unknown): FoundOffers | undefined {
  const finder = new Finder()
  if (input instanceof Uint8Array) {
    const decoded = input.length > longestText ? undefined : decodeText(input)
    if (decoded?.ok) finder.text(decoded.text, 'a text')
  } else if (typeof input === 'string') {
    if (input.length <= longestText) finder.text(input, 'a text')
  } else {
    const value = jsonOf(input)
    if (value.ok) finder.json(value.value, '')
  }
  return finder.result()
}

/** Whether there is an offer to check in what was pasted, and no payment beside it. */
export function hasOffer(input: string | Uint8Array | object): boolean {
  return findOffers(input) !== undefined
}

class Finder {
  readonly #entries: OfferedEntry[] = []
  readonly #seen = new Set<string>()
  #how: string | undefined
  #isPaid = false
  #nodes = 0
  #texts = 0

  result(): FoundOffers | undefined {
    const [first] = this.#entries
    return this.#isPaid || first === undefined || this.#how === undefined ? undefined : { recognised: this.#how, entries: this.#entries }
  }

  text(text: string, where: string): void {
    if (this.#texts++ >= mostTexts) return
    if (paymentHeader.test(text)) this.#isPaid = true
    for (const [, value = ''] of text.matchAll(offerHeader)) this.#header(value, 'the PAYMENT-REQUIRED header')
    const trimmed = text.trim()
    const isValue = /^[A-Za-z0-9+/_=\s-]{24,}$/.test(trimmed)
    if (isValue) this.#header(trimmed, 'a base64 header value')
    else if (this.#entries.length === 0) for (const [, value = ''] of text.matchAll(bareValue)) this.#header(value, 'a base64 header value')
    const inner = /^"(?:[^"\\]|\\.)*"$/s.test(trimmed) ? parseJson(trimmed) : undefined
    if (inner?.ok && typeof inner.value === 'string') {
      this.text(inner.value, where)
      return
    }
    let start = text.search(/[{[]/)
    for (let count = 0; count < mostOpenings && start !== -1; count++) {
      const parsed = quotedJson(text, start) ?? parseJson(text, start)
      if (parsed.ok && (isObject(parsed.value) || isList(parsed.value))) this.json(parsed.value, '')
      const from = parsed.ok ? parsed.end : start + 1
      const next = text.slice(from).search(/[{[]/)
      start = next === -1 ? -1 : from + next
    }
  }

  json(root: Json, header: string): void {
    const places: { readonly value: Json; readonly depth: number }[] = [{ value: root, depth: 0 }]
    for (let index = 0; index < places.length && this.#nodes < mostNodes; index++) {
      const place = places[index]
      if (place === undefined) break
      this.#nodes++
      const { value, depth } = place
      if (typeof value === 'string') {
        if (depth > 0 && value.length >= 20 && /[{[]|e[wy][A-Za-z0-9+/_-]{20}/.test(value)) this.text(value, 'a text')
        continue
      }
      if (isList(value)) {
        if (depth === 0 && value.length > 0 && value.every((each) => isObject(each) && isRequirements(each))) {
          this.#take(value, undefined, 'a list of x402 requirements', (at) => `[${at}]`)
          continue
        }
        places.push(...value.slice(0, 256).map((item) => ({ value: item, depth: depth + 1 })))
        continue
      }
      if (!isObject(value)) continue
      if (isPaid(value)) this.#isPaid = true
      const accepts = value.get('accepts')
      if (isList(accepts) && accepts.some(isObject)) {
        const version = versionOf(value)
        this.#take(
          accepts,
          version,
          `an x402${version === undefined ? '' : ` v${version}`} offer${header === '' ? '' : ` in ${header}`}`,
          (at) => `accepts[${at}]`,
        )
        continue
      }
      if (depth === 0 && isRequirements(value)) {
        this.#take([value], undefined, 'x402 requirements', () => 'requirements')
        continue
      }
      const named = headerPair(value)
      if (named !== undefined) this.#header(named, 'the PAYMENT-REQUIRED header')
      places.push(...[...value.values()].slice(0, 256).map((member) => ({ value: member, depth: depth + 1 })))
    }
  }

  #header(value: string, name: string): void {
    const decoded = decodeBase64(value)
    if (!decoded.ok) return
    const text = decodeText(decoded.bytes)
    const parsed = text.ok ? parseJson(text.text) : undefined
    if (parsed?.ok && isObject(parsed.value)) this.json(parsed.value, name)
  }

  #take(values: readonly Json[], version: 1 | 2 | undefined, how: string, pathOf: (at: number) => string): void {
    values.forEach((source, at) => {
      if (!isObject(source) || this.#entries.length >= mostEntries) return
      // A body and its header say the same twice.
      const key = JSON.stringify(source, (_, each: unknown) => (each instanceof Map ? [...each] : each))
      if (this.#seen.has(key)) return
      this.#seen.add(key)
      this.#how ??= how
      this.#entries.push({ path: pathOf(at), x402Version: version ?? shapeOf(source), source })
    })
  }
}

/** A payment, whole or broken, whatever is wrong with it. */
function isPaid(object: JsonObject): boolean {
  if (object.has('paymentPayload') || object.has('paymentHeader')) return true
  const inner = object.get('payload')
  return isObject(inner) && ['authorization', 'signature', 'transaction'].some((name) => inner.has(name))
}

function isRequirements(object: JsonObject): boolean {
  return (
    (object.has('payTo') || object.has('pay_to')) &&
    object.has('network') &&
    ['amount', 'maxAmountRequired', 'max_amount_required', 'asset', 'scheme'].some((name) => object.has(name)) &&
    !isPaid(object)
  )
}

function versionOf(object: JsonObject): 1 | 2 | undefined {
  const value = object.get('x402Version') ?? object.get('x402_version')
  const digits = isNumber(value) ? value.digits : value
  return digits === '1' ? 1 : digits === '2' ? 2 : undefined
}

function shapeOf(entry: JsonObject): 1 | 2 | undefined {
  if (entry.has('maxAmountRequired') || entry.has('max_amount_required')) return 1
  return entry.has('amount') ? 2 : undefined
}

/** Name and value as HAR has them, or a member of that name. */
function headerPair(object: JsonObject): string | undefined {
  const [name, value] = [object.get('name') ?? object.get('key'), object.get('value')]
  if (typeof name === 'string' && typeof value === 'string' && isOfferName(name)) return value
  for (const [key, member] of object) {
    const text = isList(member) ? member[0] : member
    if (isOfferName(key) && typeof text === 'string') return text
  }
  return undefined
}

function isOfferName(name: string): boolean {
  return /^(?:x-)?payment-required$/i.test(name)
}
