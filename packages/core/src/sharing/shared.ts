import { withoutV } from './find-signatures.ts'
import { type Cover, coverOf, maskOf } from './mask.ts'
import { redactText } from './redact.ts'
import { noSecrets, type Secrets } from './secrets.ts'

/**
 * A diagnosis, a finding, a report, any JSON-safe value as it can be shown to somebody else: a copy in which stars cover every piece of the secrets, in
 * whatever field and encoding it stands, and which is without the credentials and signatures that `redact` knows by their form. Digests, addresses,
 * separators and nonces stay, and r where it is known to be one.
 *
 * ```ts
 * const payment = readEvmPayment(input)
 * const diagnosis = await diagnose(payment, { now })
 * console.log(JSON.stringify(shared(diagnosis, secretsOf(payment))))
 * ```
 *
 * It has the type of what it was made from. Two things in it may not: a bigint that is a secret becomes a text of stars, and so does a list of bytes.
 */
export function shared<T>(model: T, secrets: Secrets): T {
  return sharerOf(secrets).model(model)
}

/** Makes many models and texts ready to be shown. */
export interface Sharer {
  readonly model: <T>(model: T) => T
  /** A text, such as a rendered report, by the same rules. */
  readonly text: (text: string) => string
}

/** What `shared` does, with the secrets looked through once. */
export function sharerOf(secrets: Secrets): Sharer {
  const cover = coverOf(secrets)
  return { model: <T>(model: T) => share(model, '', cover) as T, text: (text) => redactText(text, cover) }
}

function share(value: unknown, name: string, cover: Cover): unknown {
  switch (typeof value) {
    case 'string':
      return signatureNames.test(name) ? nothingOf(value, cover) : redactText(value, cover)
    case 'bigint': {
      const text = cover.mask(String(value))
      return text.includes('*') ? text : value
    }
    case 'object':
      return value === null ? null : shareObject(value, name, cover)
    default:
      return value
  }
}

function shareObject(value: object, name: string, cover: Cover): unknown {
  if (value instanceof Uint8Array) return covered([...value], cover) ?? value
  if (Array.isArray(value)) return covered(value, cover) ?? value.map((item: unknown) => share(item, name, cover))
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [redactText(key, cover), share(member, key, cover)]))
}

/** Stars in place of a list of numbers that holds a piece of a secret; undefined for any other. */
function covered(list: readonly unknown[], { mask }: Cover): string | undefined {
  if (list.length < 5 || !list.every((item) => typeof item === 'number')) return undefined
  return mask(list.join(',')).includes('*') ? '***' : undefined
}

/** Members that hold a signature by their name: of a payment, which is a part of some models, and of a ladder. */
const signatureNames = /^(?:signature|bytes|repaired)$/

/** Hex that is a signature, whole: only what is open of it stays. Any other text is treated like the rest. */
function nothingOf(text: string, cover: Cover): string {
  if (!/^0x[0-9a-fA-F]+$/.test(text)) return redactText(text, cover)
  return cover.mask(maskOf({ ...noSecrets, raw: [withoutV(text.slice(2))], open: cover.open })(text))
}
