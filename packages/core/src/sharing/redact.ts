import { bytesOfBase64, findSignatures, withoutV } from './find-signatures.ts'
import { redacted, withoutKnownForms } from './known-forms.ts'
import { type Cover, maskOf, noCover } from './mask.ts'
import { noSecrets } from './secrets.ts'
import { base64Of } from './windows.ts'

const depthLimit = 32
const nodeLimit = 20_000

/**
 * Takes out of a text or a value what must not be shared, so that a log, a report or a payment can be shown to somebody else:
 *
 * - URLs lose user names and passwords, keys in the path (as RPC providers put them there) and keys in the query, also without their scheme;
 * - headers and settings that carry a secret by name (`Authorization`, `x-api-key`, `PRIVATE_KEY=`) lose their value;
 * - tokens of well-known services (`ghp_`, `sk_live_`, AWS, Slack …), JWTs, PEM and extended private keys, recovery phrases, and 32-byte keys beside words
 *   such as "key" or "secret" are masked;
 * - a signature loses its r and s, in hex, base64, decimal numbers and lists of bytes, in calldata and inside a base64 payment, so that nobody can send
 *   the authorization. Which of the two is s can't be told from the bytes: `shared` keeps r where it is known.
 *
 * Everything else stays as it is: the digest, the nonce, every address. Redacting twice changes nothing. Objects come back as new plain objects, with
 * `[circular]` where they contain themselves; nothing is written to the input.
 */
export function redact(text: string): string
export function redact(value: unknown): unknown
export function redact(value: unknown): unknown {
  return redactValue(value, '', { seen: new Set(), nodes: 0 }, 0)
}

interface Walk {
  readonly seen: Set<object>
  nodes: number
}

/** Names whose value is a secret, wherever they stand. `token` alone is not one: here it is a contract. */
const secretNames =
  /authorization$|api[-_]?key|secret|private[-_]?key|privkey|passwd|password|passphrase|mnemonic|seed[-_]?phrase|(?:access|auth|refresh|id|bearer|session)[-_]?token|credential|^(?:set-)?cookie$|^jwt$/i
/** Fields of a payment that only look like secrets by their name. */
const publicNames = /^(?:payload\.)?authorization$/i

function redactValue(value: unknown, key: string, walk: Walk, depth: number): unknown {
  if (typeof value === 'string') return redactMember(value, key)
  if (typeof value === 'bigint' && partNames.test(key) && value >> 128n > 0n) return redacted
  if (typeof value !== 'object' || value === null) return value
  if (walk.seen.has(value)) return '[circular]'
  if (depth >= depthLimit || walk.nodes++ >= nodeLimit) return '[left out]'
  walk.seen.add(value)
  const out = redactObject(value, key, walk, depth)
  walk.seen.delete(value)
  return out
}

function redactObject(value: object, key: string, walk: Walk, depth: number): unknown {
  if (isList(value)) {
    if (isSecretList(value)) return redacted
    return value.map((item: unknown) => redactValue(item, key, walk, depth + 1))
  }
  // A name's value may also be a list or an object of secrets, such as cookies; an x402 `authorization` is none.
  if (secretNames.test(key) && !publicNames.test(key)) return redacted
  // Bytes as JSON has them of a Uint8Array: {"0":142,"1":247,…}.
  if (isSecretList(Object.values(value).slice(0, mostBytes + 1)) && Object.hasOwn(value, '0')) return redacted
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  const json = read(value, 'toJSON')
  if (isMethod(json)) return redactValue(tryCall(json, value), key, walk, depth + 1)
  const out: Record<string, unknown> = {}
  const names = namesOf(value)
  // Of two halves either may be s; r on its own moves nothing, and may be something else.
  const half = [...names].find((name) => partNames.test(name))
  for (const name of names) {
    const member = read(value, name)
    if (member === undefined) continue
    // Defined, not assigned: a member may be called __proto__.
    Object.defineProperty(out, name, {
      value: redactValue(member, half !== undefined && firstHalf.test(name) ? half : name, walk, depth + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return out
}

/** The names of a value's members. Those of an error are not all among its own enumerable keys. */
function namesOf(value: object): ReadonlySet<string> {
  const error = typeof read(value, 'message') === 'string' && typeof read(value, 'name') === 'string'
  try {
    return new Set([...(error ? ['name', 'message', 'cause'] : []), ...Object.keys(value)])
  } catch {
    // A proxy may refuse to list its keys.
    return new Set()
  }
}

function read(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name)
  } catch {
    // A getter that throws has nothing to share.
    return undefined
  }
}

function isMethod(value: unknown): value is (...args: never[]) => unknown {
  return typeof value === 'function'
}

function tryCall(method: (...args: never[]) => unknown, owner: object): unknown {
  try {
    return Reflect.apply(method, owner, [])
  } catch {
    // An invalid date throws.
    return undefined
  }
}

function isList(value: object): value is readonly unknown[] {
  try {
    return Array.isArray(value)
  } catch {
    // A revoked proxy throws when it is asked.
    return false
  }
}

/** Bytes as long as a signature, or as the pair of keys that Solana's tools write. */
const leastBytes = 58
const mostBytes = 4096

function isSecretList(list: readonly unknown[]): boolean {
  return (
    list.length >= leastBytes &&
    list.length <= mostBytes &&
    list.every((item) => Number.isInteger(item) && Number(item) >= -128 && Number(item) < 256)
  )
}

function redactMember(text: string, key: string): string {
  if (text === '' || text === redacted) return text
  if (signatureNames.test(key)) return redactSignature(text)
  if (partNames.test(key) && word.test(text)) return starred(text)
  if (secretNames.test(key)) return redacted
  if (/(?:key|pk)$/i.test(key) && !/public/i.test(key) && (word.test(text) || looksSecret(text))) return redacted
  return redactText(text)
}

const signatureNames = /^(?:signature|sig|signed_?payload|serialized)$/i
const partNames = /^(?:s|_?vs|sig_?s|signature_?s|y_?parity_?and_?s)$/i
const firstHalf = /^(?:r|sig_?r|signature_?r)$/i
const word = /^(?:0x)?[0-9a-fA-F]{50,64}$/

function starred(hex: string): string {
  const start = hex.startsWith('0x') ? 2 : 0
  return hex.slice(0, start) + '*'.repeat(hex.length - start)
}

/** A signature by its name, whatever its length: of hex what is padding stays, and v. */
function redactSignature(text: string): string {
  if (!/^0x[0-9a-fA-F]*$/.test(text)) return redactText(text.length >= leastBytes && !/\s/.test(text) ? redacted : text)
  return maskOf({ ...noSecrets, raw: [withoutV(text.slice(2))] })(text)
}

/**
 * The rules for text in their order: what carries its own form first, then what only its neighbours give away, and signatures last. What is
 * known to be secret is covered wherever it stands, and what is open stays.
 */
export function redactText(text: string, known: Cover = noCover): string {
  const id = known.ids.find((each) => text.includes(each))
  if (id !== undefined) {
    return text
      .split(id)
      .map((part) => redactText(part, known))
      .join(id)
  }
  let out = text
  // What was covered is the end of a word, behind which the next rule may find its own beginning.
  for (let turn = 0; turn < mostTurns; turn++) {
    const next = redactOnce(out, known)
    if (next === out) break
    out = next
  }
  return out
}

const mostTurns = 5

function redactOnce(text: string, { mask, open }: Cover): string {
  return partsOf(withoutCredentials(text))
    .map((part) => {
      const raw = findSignatures(part)
      return mask(raw.length === 0 ? part : maskOf({ ...noSecrets, raw, open })(part))
    })
    .join('')
}

const partLength = 262_144

/** A long text in parts of whole lines, so that not all of a log's signatures are held at once. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = []
  let from = 0
  while (text.length - from > partLength) {
    const end = text.indexOf('\n', from + partLength)
    if (end < 0) break
    parts.push(text.slice(from, end + 1))
    from = end + 1
  }
  return [...parts, text.slice(from)]
}

/** The text without credentials and secrets of a known form; signatures stay. */
export function withoutCredentials(text: string): string {
  let out = withoutKnownForms(text)
  out = out.replace(urlForm, (url) => redactUrl(url))
  for (const form of schemelessForms)
    out = out.replace(form, (_whole, address: string) => redactUrl(`https://${address}`).slice('https://'.length))
  out = out.replace(namedSecret, maskNamed)
  out = out.replace(cookies, (whole, before: string, value: string) => (value.trim().startsWith(redacted) ? whole : before + redacted))
  out = out.replace(spoken, (whole, before: string, value: string) => (value.startsWith(redacted) ? whole : before + redacted))
  out = out.replace(scheme, `$1 ${redacted}`)
  out = out.replace(nearKey, maskNearKey)
  out = out.replace(nearToken, (whole, before: string, token: string, at: number, all: string) =>
    looksSecret(token) && !isPublicKey(before, token, all[at - 1]) ? before + redacted : whole,
  )
  return out.replace(base64Form, redactRun)
}

/** What of those is one value: tokens that are called so, JWTs. */
export function findCredentials(text: string): readonly string[] {
  const named = [
    ...[...text.matchAll(namedSecret)].filter(({ 4: value = '' }) => !structName.test(value)).map(([, , , , value = '']) => value),
    ...[...text.matchAll(nearToken)].map(([, , value = '']) => value),
  ].filter(looksSecret)
  const schemed = [...text.matchAll(scheme)].map(([whole]) => whole.replace(/^\w+\s+/, ''))
  const jwts = [...text.matchAll(base64Form)].map(([run]) => run).filter(isJwt)
  return [...named, ...schemed, ...jwts]
}

/** The digits of 32 bytes that are called a private key, which can stand once more where nothing says what they are. */
export function findNamedKeys(text: string): readonly string[] {
  return [...text.matchAll(namedKey)].map(([, digits = '']) => digits.toLowerCase())
}

// Every form below looks at a bounded number of characters from each of its beginnings, or at runs that cannot overlap.

const urlForm = /\b(?:https?|wss?):\/\/[^\s"'<>`\\^{|}]+/gi
const base64Form = /[A-Za-z0-9_+/.-]{40,}={0,2}/g

const secretWord =
  'authorization|api[-_ ]?key[a-z_-]{0,12}|[a-z_-]{0,8}secret[a-z_-]{0,12}|private[-_]?key[a-z_-]{0,12}|privkey|passwd|password|passphrase|(?:access|auth|refresh|id|bearer|session)[-_]?token'
const namedSecret = new RegExp(
  `(${secretWord})(\\\\{0,4}["']?\\s{0,2}(?:[:=]|=>)\\s{0,2}\\\\{0,4}["']?)((?:bearer|basic|token|digest) )?([^\\s"'\\\\,;&<>{}[\\]()]{3,4096})`,
  'gi',
)

/** What a program prints behind `authorization:`, the name of a type: `ExactEvmPayloadAuthorization { … }`. */
const structName = /^(?:\w{1,40}(?:::|\.)){0,4}[A-Z]\w{0,60}Authorization$/

function maskNamed(whole: string, name: string, between: string, kind: string | undefined, value: string): string {
  // "authorization: is used" is a sentence of a token, not a header.
  if (/^authorization$/i.test(name) && kind === undefined && !looksSecret(value)) return whole
  return `${name}${between}${kind ?? ''}${value === redacted ? value : redacted}`
}

const cookies = /\b((?:set-)?cookie["']?\s{0,2}[:=]\s{0,2}["']?)([^"'\r\n]{3,4096})/gi
/** As command lines and people say it: `--private-key …`, `curl -u user:…`, `my password is …`. */
const spoken =
  /((?:(?<![\w-])--?[a-z-]{0,24}(?:key|secret|password|passphrase|mnemonic)\s{1,4}|\s-u\s{1,4}[^\s:]{1,64}:|\bpass(?:word|phrase)\s{1,4}(?:is\s{1,4})?)["']?)([^\s"'`-][^\s"'`]{5,4096})/gi
const scheme = /\b(bearer|basic)\s{1,4}(?!\*\*\*)[A-Za-z0-9._~+/=-]{12,4096}/gi
const nearKey =
  /((?:private|secret|priv|key|mnemonic|seed|\bpk)[^0-9\r\n,;*]{0,24}?)(?<![0-9A-Za-z])((?:0x)?[0-9a-fA-F]{64}|[1-9A-HJ-NP-Za-km-z]{86,90})(?![0-9A-Za-z*])/gi

const namedKey = /(?:private|secret|priv)[-_ ]?key[^0-9\r\n,;*]{0,24}?(?<![0-9A-Za-z])(?:0x)?([0-9a-fA-F]{64})(?![0-9A-Za-z*])/gi

function maskNearKey(_whole: string, before: string): string {
  return before + redacted
}

/** A token that is called one: `invalid project id 0123…`, `bad key ABC…`. */
const nearToken =
  /((?:key|secret|token|password|project[-_ ]?id)["':]{0,2} {1,2}["']?)([A-Za-z0-9_~+/=.-]{16,256})(?![A-Za-z0-9_~+/=.*-])/gi

/** A Solana account in a report: the member is called `key` and nothing more. */
function isPublicKey(before: string, token: string, previous: string | undefined): boolean {
  return previous === '"' && /^key": ?"$/.test(before) && /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(token)
}

function isJwt(run: string): boolean {
  const parts = run.split('.')
  return run.startsWith('eyJ') && parts.length === 3 && parts.every((part) => part.length >= 8)
}

/** A long run of base64 characters: a JWT, or a payment as its header carries it. */
function redactRun(run: string): string {
  if (isJwt(run)) return redacted
  if (!run.startsWith('eyJ') || run.includes('.')) return run
  try {
    const before = new TextDecoder('utf-8', { fatal: true }).decode(bytesOfBase64(run) ?? new Uint8Array([0xff]))
    const after = JSON.stringify(redact(JSON.parse(before)))
    if (after === JSON.stringify(JSON.parse(before))) return run
    return base64Of(new TextEncoder().encode(after))
  } catch {
    // Not the base64 of JSON. A payment that is cut off still carries its signature.
    return `${run.slice(0, 8)}${redacted}`
  }
}

const host = '(?:[a-z0-9-]{1,63}\\.)'
const port = '(?::\\d{1,5})?'
const path = '\\/[^\\s"\'<>`\\\\^{|}]{1,2048}'
/** An address without its scheme, with user and password in front, or a host with a path behind it; not in the middle of a word or of a path. */
const schemelessForms: readonly RegExp[] = [
  new RegExp(`(?<![\\w@/.:%+*~!$&-])[\\w.~%!$&*+-]{1,64}:[^\\s:@/"'<>\`]{1,256}@(${host}{0,6}[a-z0-9-]{1,63}${port}(?:${path})?)`, 'gi'),
  new RegExp(`(?<![\\w@/.:%+*~!$&-])(${host}{1,6}[a-z]{2,12}${port}${path})`, 'gi'),
]

/** Hosts of RPC providers that take their key in the path, or in the host's first label. */
const providers =
  /(?:^|\.)(?:alchemy\.com|alchemyapi\.io|infura\.io|quiknode\.pro|ankr\.com|drpc\.(?:org|live)|blastapi\.io|chainstack\.com|p2pify\.com|getblock\.io|nodereal\.(?:io|cc)|tenderly\.co|blockpi\.network|moralis-nodes\.com|thirdweb\.com|helius-rpc\.com|developer\.coinbase\.com|rpcpool\.com|lavanet\.xyz|dwellir\.com|onfinality\.io|publicnode\.com|grove\.city|syndica\.io|pimlico\.io|zan\.top|chainnodes\.org|1rpc\.io|nownodes\.io|unifra\.io|goldsky\.com)$/i
/** Hosts whose long path segments are public: transactions, addresses, commits. */
const publicHosts =
  /(?:^|\.)(?:github\.com|githubusercontent\.com|ethereum\.org|npmjs\.com|docs\.rs)$|scan\.(?:org|io|com|xyz)$|(?:^|\.)blockscout\.com$/i
const secretParameters =
  /^(?:.{0,16}key|dkey|.{0,16}token|.{0,16}secret|auth|authorization|jwt|pass|passwd|password|pwd|sig|.{0,16}signature|x-amz-.{1,24}|credential)$/i

function redactUrl(url: string): string {
  // What a sentence puts behind a URL is no part of it.
  const tail = /[.,;:!?)\]]{1,8}$/.exec(url)?.[0] ?? ''
  const whole = url.slice(0, url.length - tail.length)
  const schemeEnd = whole.indexOf('://') + 3
  const rest = whole.slice(schemeEnd)
  const authorityEnd = rest.search(/[/?#]/)
  const authority = authorityEnd < 0 ? rest : rest.slice(0, authorityEnd)
  const after = authorityEnd < 0 ? '' : rest.slice(authorityEnd)
  const hostAndPort = authority.slice(authority.lastIndexOf('@') + 1)
  const host = hostAndPort.replace(/:\d{1,5}$/, '')
  const hash = after.indexOf('#')
  const beforeHash = hash < 0 ? after : after.slice(0, hash)
  const fragment = hash < 0 ? '' : after.slice(hash + 1)
  const mark = beforeHash.indexOf('?')
  const path = mark < 0 ? beforeHash : beforeHash.slice(0, mark)
  const query = mark < 0 ? '' : beforeHash.slice(mark + 1)
  return [
    whole.slice(0, schemeEnd),
    redactHost(hostAndPort),
    redactPath(path, host),
    mark < 0 ? '' : `?${redactQuery(query)}`,
    hash < 0 ? '' : `#${looksSecret(fragment) ? redacted : fragment}`,
    tail,
  ].join('')
}

/** QuickNode's and Triton's endpoints have a name of their own in front, which names the account. */
function redactHost(hostAndPort: string): string {
  return hostAndPort.replace(/^[a-z0-9-]{1,63}(?=\.(?:[a-z0-9-]{1,63}\.)?(?:quiknode\.pro|rpcpool\.com|p2pify\.com)(?::|$))/i, redacted)
}

function redactPath(path: string, host: string): string {
  if (publicHosts.test(host)) return path
  const provider = providers.test(host)
  const segments = path.split('/')
  return segments
    .map((segment, index) => {
      if (segment === '' || segment.includes(redacted) || /^0x(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(segment)) return segment
      if (!provider) return looksSecret(segment) || looksPrivate(segment) ? redacted : segment
      const keyed = /^v\d$/.test(segments[index - 1] ?? '') && index === segments.length - 1
      return keyed || !isPlainWord(segment) ? redacted : segment
    })
    .join('/')
}

/** A part of a provider's path that is no key: `v2`, `base-mainnet`, `rpc`, `8453`. */
function isPlainWord(segment: string): boolean {
  return segment.length <= 32 && /^(?:v\d|\d{1,8}|[a-z]{1,14}\d{0,2}(?:[-_][a-z]{1,14}\d{0,2}){0,3})$/i.test(segment)
}

/** One long run of lower-case letters, or one that says that it is a secret; the longest words of public paths, such as "facilitator", are shorter. */
function looksPrivate(segment: string): boolean {
  return /^[a-z]{16,}$/.test(segment) || (segment.length >= 12 && /secret|passw|(?:^|[a-z])(?:key|token)/i.test(segment))
}

function redactQuery(query: string): string {
  return query
    .split('&')
    .map((pair) => {
      const equals = pair.indexOf('=')
      if (equals < 0) return looksSecret(pair) ? redacted : pair
      const name = pair.slice(0, equals)
      const value = pair.slice(equals + 1)
      return value !== '' && (secretParameters.test(name) || looksSecret(value)) ? `${name}=${redacted}` : pair
    })
    .join('&')
}

/** A long mix of letters and digits that is no address, no hash and no words: keys, UUIDs, tokens. */
function looksSecret(text: string): boolean {
  if (text.length < 16 || text.includes(redacted) || /^0x[0-9a-f]+$/i.test(text)) return false
  if (!/^[A-Za-z0-9_~+/=.:-]+$/.test(text)) return false
  const digits = text.replace(/\D/g, '').length
  const mixedCase = /[a-z][A-Z]/.test(text)
  return (digits >= 3 && digits < text.length) || (mixedCase && text.length >= 24)
}
