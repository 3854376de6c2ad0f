/** What stands where a secret stood. */
const redacted = '***'

const depthLimit = 32
const nodeLimit = 20_000

/**
 * Takes out of a text or a value what must not be shared, so that a log, a report or a payment can be shown to somebody else:
 *
 * - URLs lose user names and passwords, keys in the path (as RPC providers put them there) and keys in the query;
 * - headers and settings that carry a secret by name (`Authorization`, `x-api-key`, `PRIVATE_KEY=`) lose their value;
 * - tokens with three parts (JWT), PEM private keys, 32-byte keys beside words such as "key" or "secret" are masked;
 * - a signature loses its `s`, in hex, in calldata and inside a base64 payment, so that nobody can send the authorization. `r`, the
 *   digest, the nonce and every address stay: they are what a diagnosis needs.
 *
 * Everything else stays as it is. Redacting twice changes nothing. Objects come back as new plain objects, with `[circular]` where
 * they contain themselves; nothing is written to the input.
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
    if (isKeyBytes(value)) return redacted
    return value.map((item: unknown) => redactValue(item, key, walk, depth + 1))
  }
  // A name's value may also be a list or an object of secrets, such as cookies; an x402 `authorization` is none.
  if (secretNames.test(key) && !publicNames.test(key)) return redacted
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  const json = read(value, 'toJSON')
  if (isMethod(json)) return redactValue(tryCall(json, value), key, walk, depth + 1)
  const out: Record<string, unknown> = {}
  for (const name of namesOf(value)) {
    const member = read(value, name)
    if (member === undefined) continue
    // Defined, not assigned: a member may be called __proto__.
    Object.defineProperty(out, name, {
      value: redactValue(member, name, walk, depth + 1),
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

/** A Solana key pair, as its tools write it: 64 numbers below 256. */
function isKeyBytes(list: readonly unknown[]): boolean {
  return list.length === 64 && list.every((item) => Number.isInteger(item) && Number(item) >= 0 && Number(item) < 256)
}

function redactMember(text: string, key: string): string {
  if (text === '' || text === redacted) return text
  if (/^(?:signature|sig|signedpayload)$/i.test(key) && hexForm.test(text)) return withoutS(text)
  if (/^s$/i.test(key) && word.test(text)) return maskHex(text)
  if (secretNames.test(key)) return redacted
  if (/(?:key|pk)$/i.test(key) && !/public/i.test(key) && (word.test(text) || looksSecret(text))) return redacted
  return redactText(text)
}

const hexForm = /^0x[0-9a-fA-F]*$/
const word = /^(?:0x)?[0-9a-fA-F]{64}$/

function maskHex(hex: string): string {
  const start = hex.startsWith('0x') ? 2 : 0
  return hex.slice(0, start) + '*'.repeat(hex.length - start)
}

const erc6492 = '6492649264926492649264926492649264926492649264926492649264926492'

/** `r` and what follows `s` stay. Of a longer signature, which is some wallet's wrapper around others, only its first word. */
function withoutS(signature: string): string {
  const digits = signature.slice(2)
  const r = digits.slice(0, 64)
  if (digits.length <= 64) return signature
  if (digits.length <= 140) return `0x${r}${'*'.repeat(Math.min(64, digits.length - 64))}${digits.slice(128)}`
  const suffix = digits.toLowerCase().endsWith(erc6492) ? digits.slice(-64) : ''
  return `0x${r}${'*'.repeat(digits.length - 64 - suffix.length)}${suffix}`
}

/** The rules for text in their order: what carries its own form first, then what only its neighbours give away. */
function redactText(text: string): string {
  let out = withoutPem(text)
  out = out.replace(urlForm, (url) => redactUrl(url))
  out = out.replace(namedSecret, maskNamed)
  out = out.replace(cookies, (whole, before: string, value: string) => (value.trim().startsWith(redacted) ? whole : before + redacted))
  out = out.replace(scheme, `$1 ${redacted}`)
  out = out.replace(nearKey, maskNearKey)
  out = out.replace(namedS, (_whole, before: string, hex: string) => before + maskHex(hex))
  out = out.replace(printedArguments, (_whole, before: string, hex: string) => before + maskHex(hex))
  for (const form of calldata) out = out.replace(form, (_whole, before: string, s: string) => before + '*'.repeat(s.length))
  out = out.replace(namedSignature, (_whole, before: string, hex: string) => before + withoutS(hex))
  out = out.replace(bareSignature, (signature) => withoutS(signature))
  return out.replace(base64Form, redactRun)
}

// Every form below looks at a bounded number of characters from each of its beginnings, or at runs that cannot overlap.

const urlForm = /\b(?:https?|wss?):\/\/[^\s"'<>`\\^{|}]+/gi
const base64Form = /[A-Za-z0-9_+/.-]{40,}={0,2}/g

const secretWord =
  'authorization|api[-_]?key[a-z_-]{0,12}|[a-z_-]{0,8}secret[a-z_-]{0,12}|private[-_]?key[a-z_-]{0,12}|privkey|passwd|password|passphrase|(?:access|auth|refresh|id|bearer|session)[-_]?token'
const namedSecret = new RegExp(
  `(${secretWord})(\\\\{0,4}["']?\\s{0,2}(?:[:=]|=>)\\s{0,2}\\\\{0,4}["']?)((?:bearer|basic|token|digest) )?([^\\s"'\\\\,;&<>{}[\\]()]{3,4096})`,
  'gi',
)

function maskNamed(whole: string, name: string, between: string, kind: string | undefined, value: string): string {
  // "authorization: is used" is a sentence of a token, not a header.
  if (/^authorization$/i.test(name) && kind === undefined && !looksSecret(value)) return whole
  return `${name}${between}${kind ?? ''}${value === redacted ? value : redacted}`
}

const cookies = /\b((?:set-)?cookie["']?\s{0,2}[:=]\s{0,2}["']?)([^"'\r\n]{3,4096})/gi
const scheme = /\b(bearer|basic)\s{1,4}(?!\*\*\*)[A-Za-z0-9._~+/=-]{12,4096}/gi
const nearKey =
  /((?:private|secret|priv|key|mnemonic|\bpk)[^0-9\r\n,;*]{0,24}?)(?<![0-9A-Za-z])((?:0x)?[0-9a-fA-F]{64}|[1-9A-HJ-NP-Za-km-z]{86,90})(?![0-9A-Za-z*])/gi

function maskNearKey(_whole: string, before: string): string {
  return before + redacted
}

const namedS = /(\bs\\{0,4}["']?\s{0,2}[:=]\s{0,2}\\{0,4}["']?)(0x[0-9a-fA-F]{64})(?![0-9a-fA-F*])/g
const namedSignature = /(\bsig(?:nature)?\\{0,4}["']?\s{0,2}[:=]?\s{0,2}\\{0,4}["']?)(0x[0-9a-fA-F]{128,8192})(?![0-9a-fA-F*])/gi
const bareSignature = /(?<![0-9a-fA-Fx])0x[0-9a-fA-F]{130}(?![0-9a-fA-F*])/g
/** `…, 27, 0x<r>, 0x<s>)`, as viem prints the arguments of a call. */
const printedArguments = /(, ?(?:27|28|0|1), ?"?0x[0-9a-fA-F]{64}"?, ?"?)(0x[0-9a-fA-F]{64})(?![0-9a-fA-F*])/g
/** The selectors of EIP-3009's calls, the words before `s`, and `s`. The bytes overloads have an offset, a length and `r` there. */
const calldata: readonly RegExp[] = [
  /((?:e3ee160e|ef55bec6)[0-9a-f]{512})([0-9a-f]{64})/gi,
  /((?:cf092995|88b7ab63)[0-9a-f]{576})([0-9a-f]{64})/gi,
  /(5a049a70[0-9a-f]{256})([0-9a-f]{64})/gi,
  /(b7b72899[0-9a-f]{320})([0-9a-f]{64})/gi,
]

function withoutPem(text: string): string {
  let out = ''
  let from = 0
  for (;;) {
    const begin = text.indexOf('-----BEGIN ', from)
    if (begin < 0) return out + text.slice(from)
    const header = text.slice(begin, begin + 64)
    const bodyStart = header.indexOf('PRIVATE KEY-----')
    if (bodyStart < 0 || !/^[A-Z0-9 -]*$/.test(header.slice(0, bodyStart))) {
      out += text.slice(from, begin + 11)
      from = begin + 11
      continue
    }
    const body = begin + bodyStart + 16
    const end = text.indexOf('-----END ', body)
    out += text.slice(from, body) + redacted
    from = end < 0 ? text.length : end
  }
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
    const bytes = Uint8Array.from(atob(run.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0))
    const before = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const after = JSON.stringify(redact(JSON.parse(before)))
    if (after === JSON.stringify(JSON.parse(before))) return run
    return btoa(Array.from(new TextEncoder().encode(after), (byte) => String.fromCharCode(byte)).join(''))
  } catch {
    // Not the base64 of JSON. A payment that is cut off still carries its signature.
    return `${run.slice(0, 8)}${redacted}`
  }
}

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
      if (!provider) return looksSecret(segment) ? redacted : segment
      const keyed = /^v\d$/.test(segments[index - 1] ?? '') && index === segments.length - 1
      return keyed || !isPlainWord(segment) ? redacted : segment
    })
    .join('/')
}

/** A part of a provider's path that is no key: `v2`, `base-mainnet`, `rpc`, `8453`. */
function isPlainWord(segment: string): boolean {
  return segment.length <= 32 && /^(?:v\d|\d{1,8}|[a-z]{1,14}\d{0,2}(?:[-_][a-z]{1,14}\d{0,2}){0,3})$/i.test(segment)
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
