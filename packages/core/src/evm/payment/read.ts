import { decodeBase64 } from '../../bytes/base64.ts'
import type { Finding } from '../../causes/finding.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { findNetwork } from '../../networks/find-network.ts'
import { builtInNetworks, type Networks } from '../../networks/networks.ts'
import { readToldToken, type ToldToken } from '../../networks/told-token.ts'
import { findCollector } from '../../rails/collectors.ts'
import { OtherRailError } from '../../rails/other-rail-error.ts'
import { findSecrets } from '../../sharing/find-secrets.ts'
import { maskOf } from '../../sharing/mask.ts'
import { decodeHeader } from '../../wire/header.ts'
import { type Json, jsonOf, parseJson } from '../../wire/json.ts'
import { noteJsonSlips } from '../../wire/json-text.ts'
import { Keys } from '../../wire/keys.ts'
import { anyForm, otherHeader, otherText, refuse, unreadable } from '../../wire/refusal.ts'
import { decodeText, excerpt, fileKind, longestText, undoWideText } from '../../wire/text.ts'
import { brokenCall } from './calldata.ts'
import { bytesOf, isChainHex, readChainBytes } from './chain-bytes.ts'
import { readDocument } from './document.ts'
import type { Draft, NetworkClaim } from './draft.ts'
import { isMppCredential } from './mpp.ts'
import { chainOfToken, resolveNetwork } from './network-claims.ts'
import { compareOffer } from './offer.ts'
import { signatureClaims } from './payer-claims.ts'
import type { Payment } from './payment.ts'
import type { JsonContext } from './x402.ts'

export interface ReadOptions {
  /** The network that is meant, by any name that `findNetwork` takes; goes before what the input says. */
  readonly network?: string | number
  /** Where names are looked up; the 17 built-in networks by default. */
  readonly networks?: Networks
  /** What the caller knows of the token; goes before what the input says, and before the registry. */
  readonly token?: ToldToken
}

/**
 * Reads a payment from anything that people paste: a `/verify` or `/settle` body or a PaymentPayload of x402 v1 or v2, a payment
 * header, an authorization or EIP-712 JSON with its signature, calldata, a raw transaction; as text, as bytes, or as an object that
 * was parsed already; also inside a log line, an HTTP dump or a JSON-RPC request.
 *
 * What is spelled otherwise than its standard says is read as it was meant, with a finding each. A payment is refused only when a
 * part of what was signed is missing or can't be made out. Two readings are guesses and have an error each: a decimal amount counts
 * as whole tokens (`"0.01"` is 10000 with 6 decimals), and a nonce of another length than 32 bytes is filled with zeros in front, or cut.
 *
 * Pure and synchronous; linear in the input, of which more than a mebibyte is not looked at.
 * @throws Eip3009Error `unreadable-input` for what can't be read, `unsupported-input` for what was recognised and is no signed
 * EIP-3009 authorization, `unknown-network` when `options.network` is none. Each message says what was read, what was expected and
 * what to do, and shows no secret.
 */
export function readPayment(input: string | Uint8Array | object, options: ReadOptions = {}): Payment {
  const networks = own(options, 'networks') ?? builtInNetworks
  const reader = new Reader(networks, chosenNetwork(own(options, 'network'), networks))
  const told = own(options, 'token')
  try {
    return assemble(collected(reader.read(input)), reader, told === undefined ? undefined : readToldToken(told))
  } catch (error) {
    throw error instanceof Eip3009Error ? withoutSecrets(error, input) : error
  }
}

/** A refusal says what stood in a field, and that can be a signature in a form that is not read. */
function withoutSecrets(error: Eip3009Error, input: unknown): Eip3009Error {
  const looked = typeof input === 'string' || input instanceof Uint8Array ? input.slice(0, longestText) : input
  const message = maskOf(findSecrets(looked))(error.message)
  if (message === error.message) return error
  return error instanceof OtherRailError ? new OtherRailError(error.rail, message) : new Eip3009Error(error.code, message)
}

/** What the caller gave, and not what somebody put into `Object.prototype`. */
function own<Name extends keyof ReadOptions>(options: ReadOptions, name: Name): ReadOptions[Name] | undefined {
  return Object.hasOwn(options, name) ? options[name] : undefined
}

/** A bare authorization to a collector is what its rail signs: a ReceiveWithAuthorization. */
function collected(draft: Draft): Draft {
  const collector = draft.rail === 'eip3009' && draft.call === undefined ? findCollector(draft.authorization.to) : undefined
  if (collector === undefined) return draft
  const { label, rail } = collector
  return { ...draft, rail, primaryType: 'ReceiveWithAuthorization', recognised: `${draft.recognised}, to ${label}` }
}

function chosenNetwork(network: string | number | undefined, networks: Networks): readonly NetworkClaim[] {
  if (network === undefined) return []
  const answer = findNetwork(network, networks)
  const name = String(network)
  if (answer.kind === 'unknown' && !/^(?:eip155:)?[0-9]{1,15}$/.test(name)) throw new Eip3009Error('unknown-network', answer.reason)
  return [{ field: 'options.network', name: answer.kind === 'network' ? answer.network.caip2 : name, party: 'nobody' }]
}

/** Puts the draft's claims together: which network, which token, and whether the payment answers the offer. */
function assemble(draft: Draft, { networks, chosen, findings }: Reader, told: ToldToken | undefined): Payment {
  const claimed = resolveNetwork([...chosen, ...draft.networks], networks, findings)
  const token = told?.address ?? draft.tokens[0]?.address
  const inferred = chosen.length === 0 && draft.networks.length === 0 ? chainOfToken(token, networks) : undefined
  const network = claimed.network ?? (inferred?.family === 'evm' ? inferred : undefined)
  const chainId = claimed.chainId ?? inferred?.chainId
  findings.push(...compareOffer(draft))
  const requirements = draft.requirements ?? draft.accepted
  const networkName = draft.networks.find(({ field }) => field === 'network' || field.endsWith('.network'))?.name
  return {
    kind: 'eip3009',
    rail: draft.rail,
    form: draft.form,
    recognised: [
      draft.recognised,
      ...(inferred === undefined ? [] : [`the network is ${inferred.id}, by the token's address`]),
      ...(told?.address === undefined ? [] : [`the token is ${told.address}, as it was told`]),
    ].join('; '),
    ...(draft.x402Version === undefined ? {} : { x402Version: draft.x402Version }),
    ...(networkName === undefined ? {} : { networkName }),
    ...(network === undefined ? {} : { network }),
    ...(chainId === undefined ? {} : { chainId }),
    ...(token === undefined ? {} : { token }),
    ...(told === undefined ? {} : { told }),
    primaryType: draft.primaryType,
    authorization: draft.authorization,
    signature: draft.signature,
    ...(draft.claimedDomain === undefined ? {} : { claimedDomain: draft.claimedDomain }),
    ...(requirements === undefined ? {} : { requirements: requirements.read }),
    ...(draft.accepted === undefined ? {} : { accepted: draft.accepted.read }),
    ...(draft.call === undefined ? {} : { call: draft.call }),
    payerClaims: [...(draft.payerClaims ?? []), ...signatureClaims(draft.signature)],
    findings,
  }
}

/** Quotes in quotes and text in text end after this many turns. */
const mostTurns = 3
/** Lines of a JSON log; each is read once. */
const mostDocuments = 2_000
/** Openings of JSON inside other text; each may be read up to the end of the text. */
const mostOpenings = 32

/** MPP's header: `Authorization: Payment eyJ…`, its own name `Payment-Authorization`, or the scheme and the value alone. */
const mppHeader = /(?:^|authorization["']?\s*[:=]\s*["']?)payment\s+(ey[A-Za-z0-9+/_=-]{40,})/i

const pasteBody = 'paste the body of the failed /verify or /settle request'

class Reader {
  readonly networks: Networks
  readonly chosen: readonly NetworkClaim[]
  readonly findings: Finding[] = []

  constructor(networks: Networks, chosen: readonly NetworkClaim[]) {
    this.networks = networks
    this.chosen = chosen
  }

  read(input: unknown): Draft {
    if (typeof input === 'string') return this.#text(input, 0)
    if (isBytes(input)) return this.#bytes(input)
    if (typeof input !== 'object' || input === null) {
      throw refuse(
        unreadable(
          input === null || input === undefined ? String(input) : `a ${typeof input}`,
          'a string, a Uint8Array or a parsed JSON object',
          pasteBody,
        ),
      )
    }
    const value = jsonOf(input)
    if (!value.ok) throw refuse(unreadable(`an object that ${value.problem}`, 'plain JSON data', 'pass the JSON text or a plain object'))
    return this.#document(value.value)
  }

  #bytes(bytes: Uint8Array): Draft {
    if (bytes.length > longestText) {
      const kind = fileKind(bytes) ?? 'data'
      throw refuse(
        unreadable(
          `${kind} of ${bytes.length} bytes`,
          `at most ${longestText} bytes, of which a payment needs a few thousand`,
          'cut the payment out of it',
        ),
      )
    }
    // Calldata and raw transactions are never valid UTF-8 text of a payment, and text never begins like them.
    if (isChainHex(hexStart(bytes)) && bytes.length > 65) return readChainBytes(bytes, this.findings)
    const decoded = decodeText(bytes)
    if (!decoded.ok) {
      throw refuse(
        unreadable(
          `${decoded.what} (${bytes.length} bytes, beginning 0x${hexStart(bytes)})`,
          anyForm,
          'unpack it or pass the text of the payment',
        ),
      )
    }
    if (decoded.encoding === 'UTF-16') this.#noteEncoding('is UTF-16 text, as PowerShell\'s ">" writes it')
    else if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.#noteEncoding('begins with a byte order mark')
    return this.#text(decoded.text, 0)
  }

  #text(raw: string, turn: number): Draft {
    if (raw.length > longestText) {
      throw refuse(
        unreadable(
          `${raw.length} characters (${excerpt(raw)})`,
          `at most ${longestText}, of which a payment needs a few thousand`,
          'cut the payment out of it',
        ),
      )
    }
    const narrow = undoWideText(raw)
    if (narrow !== undefined) this.#noteEncoding('is UTF-16 text that was read as single bytes')
    if (raw.charCodeAt(0) === 0xfeff) this.#noteEncoding('begins with a byte order mark')
    const text = (narrow ?? raw).trim()
    if (text === '') throw refuse(unreadable(raw === '' ? 'nothing' : `only white space (${raw.length} characters)`, anyForm, pasteBody))

    const draft = this.#whole(text, turn) ?? this.#embedded(text)
    if (draft !== undefined) return draft
    throw refuse(otherText(text))
  }

  /** The text as one thing: JSON, a header, a quoted text, hex, base64. */
  #whole(text: string, turn: number): Draft | undefined {
    // A log's time stamp in brackets, [2025-10-31 …, is no JSON list.
    if (text.startsWith('{') || /^\[\s*[[{"]/.test(text)) return this.#documents(text)
    const header = /(?:^|[^A-Za-z0-9-])(x-payment|payment-signature)["']?\s*[:=]\s*(?=\S)/i.exec(text)
    if (header?.[1] !== undefined) return this.#header(header[1].toUpperCase(), text.slice(header.index + header[0].length))
    const credential = mppHeader.exec(text)
    if (credential?.[1] !== undefined) return this.#header('Authorization: Payment', credential[1])
    const quote = text.charAt(0)
    if (turn < mostTurns && text.length > 2 && '"\'`'.includes(quote) && text.endsWith(quote)) {
      const inner = quote === '"' ? parseJson(text) : undefined
      return this.#text(inner?.ok && typeof inner.value === 'string' ? inner.value : text.slice(1, -1), turn + 1)
    }
    return this.#hex(text) ?? this.#base64(text)
  }

  #hex(text: string): Draft | undefined {
    const compact = text.replace(/\s+/g, '')
    const prefixed = /^0[xX]/.test(compact)
    const digits = prefixed ? compact.slice(2) : compact
    const wrong = digits.search(/[^0-9a-fA-F]/)
    if (!prefixed && (wrong !== -1 || !isChainHex(digits))) return undefined
    if (wrong !== -1) {
      const broken = /^(?:\.\.|…)/.test(digits.slice(wrong)) ? brokenCall(digits.slice(0, wrong), 'dots') : undefined
      if (broken !== undefined) throw refuse(broken)
      // Words around hex make it a log line; a stray character in it makes it broken hex.
      if (compact.length !== text.length || wrong < 8) return undefined
      throw refuse(
        unreadable(
          `hex of ${digits.length} digits with ${excerpt(digits.charAt(wrong))} at character ${wrong + 3}`,
          'only the digits 0-9 and a-f after 0x',
          'copy the hex again, whole',
        ),
      )
    }
    if (digits.length % 2 === 1) {
      const broken = brokenCall(digits, '')
      if (broken !== undefined) throw refuse(broken)
      throw refuse(
        unreadable(
          `hex with ${digits.length} digits, an odd number`,
          'two digits a byte',
          'copy the hex again: a digit was lost or the end was cut',
        ),
      )
    }
    if (!prefixed || compact.length !== text.length || compact.startsWith('0X')) this.#noteHex(prefixed, compact)
    return readChainBytes(bytesOf(digits), this.findings)
  }

  #base64(text: string): Draft | undefined {
    if (text.length < 16 || !/^[A-Za-z0-9+/_=\s%-]+$/.test(text)) return undefined
    const decoded = decodeBase64(text)
    const first = decoded.ok ? decoded.bytes.find((byte) => byte > 0x20) : undefined
    // { or a quote or, of base64 in base64, the first letter of eyJ: anything else is no payment header.
    if (!decoded.ok ? !text.startsWith('ey') : first !== 0x7b && first !== 0x22 && !(first === 0x65 && text.startsWith('ZXl')))
      return undefined
    return this.#header('base64', text)
  }

  #header(name: string, rest: string): Draft {
    const value = rest.startsWith('{') ? balanced(rest) : headerValue(rest)
    const field = name === 'base64' ? 'header' : name
    const before = this.findings.length
    const content = decodeHeader(value, field, this.findings)
    // MPP's credentials are base64url without padding, where x402 has plain base64.
    if (isMppCredential(content)) this.findings.length = before
    const inner = this.#document(content)
    this.#noteHeaderVersion(name, inner)
    return {
      ...inner,
      form: inner.form === 'x402-payment-payload' ? 'x402-header' : inner.form,
      recognised: `${inner.recognised} in ${name === 'base64' ? 'a base64 header value' : `the ${name} header`}`,
    }
  }

  /** One JSON document, or several after each other, of which the first payment counts. */
  #documents(text: string): Draft | undefined {
    let start = 0
    let first: Eip3009Error | undefined
    for (let count = 0; count < mostDocuments && start < text.length; count++) {
      const parsed = parseJson(text, start)
      if (!parsed.ok) {
        const after = start === 0 ? '' : ` after a first document without a payment`
        first ??= refuse(
          unreadable(
            `JSON of ${text.length} characters${after} that ${parsed.problem}`,
            'a whole JSON object',
            parsed.truncated ? 'copy it again up to its last bracket' : 'correct it there, or copy it again from where it was sent',
          ),
        )
        throw first
      }
      const attempt = this.#attempt(() => {
        noteJsonSlips(this.findings, 'malformed-field', 'input', parsed.slips)
        return this.#document(parsed.value)
      })
      const rest = text.slice(parsed.end).trim()
      if (!(attempt instanceof Eip3009Error)) {
        if (rest !== '') this.#noteRest(rest)
        return attempt
      }
      first ??= attempt
      start = text.length - rest.length
      if (rest === '' || !/^[[{]/.test(rest)) break
    }
    if (first !== undefined) throw first
    return undefined
  }

  /** A payment inside other text: a JSON object, calldata, a header value. */
  #embedded(text: string): Draft | undefined {
    let refusal: Eip3009Error | undefined
    let start = text.indexOf('{')
    for (let count = 0; count < mostOpenings && start !== -1; count++) {
      const parsed = parseJson(text, start)
      if (parsed.ok) {
        const attempt = this.#attempt(() => {
          noteJsonSlips(this.findings, 'malformed-field', 'input', parsed.slips)
          return this.#document(parsed.value)
        })
        if (!(attempt instanceof Eip3009Error)) return { ...attempt, recognised: `${attempt.recognised}, in a line of text` }
        if (attempt.code === 'unsupported-input') refusal ??= attempt
      } else if (parsed.truncated && /"(?:paymentPayload|authorization|x402Version)"/.test(text.slice(start))) {
        throw refuse(unreadable(`text with JSON that ${parsed.problem}`, 'a whole JSON object', 'copy it again up to its last bracket'))
      }
      start = text.indexOf('{', parsed.ok ? parsed.end : start + 1)
    }
    const call = /0[xX](?:e3ee160e|cf092995|ef55bec6|88b7ab63)[0-9a-f]+(?:\.{2,}|…)?/i.exec(text)
    if (call !== null) {
      const digits = call[0].slice(2).replace(/[.…]+$/, '')
      const broken = brokenCall(digits, call[0].length === digits.length + 2 ? '' : 'dots')
      if (broken !== undefined) throw refuse({ ...broken, what: `a text with ${broken.what}` })
      const draft = readChainBytes(bytesOf(digits), this.findings)
      return { ...draft, recognised: `${draft.recognised}, in a line of text` }
    }
    if (refusal !== undefined) throw refusal
    if (otherHeader(text) !== undefined) return undefined
    const token = /(?:^|[^A-Za-z0-9+/_.-])(ey[A-Za-z0-9+/_-]{100,}={0,2})(?![A-Za-z0-9+/_.-])/.exec(text)
    return token?.[1] === undefined ? undefined : this.#header('base64', token[1])
  }

  #document(value: Json): Draft {
    const keys = new Keys()
    const context: JsonContext = {
      findings: this.findings,
      keys,
      networks: this.networks,
      chosen: this.chosen,
      decodeHeader: (text, field) => decodeHeader(text, field, this.findings),
    }
    const draft = readDocument(value, context)
    keys.note(this.findings)
    return draft
  }

  /** Findings of an attempt that led nowhere are dropped with it. */
  #attempt(run: () => Draft): Draft | Eip3009Error {
    const before = this.findings.length
    try {
      return run()
    } catch (error) {
      if (!(error instanceof Eip3009Error)) throw error
      this.findings.length = before
      return error
    }
  }

  #noteEncoding(says: string): void {
    this.#note(
      'malformed-field',
      `The input ${says}; servers and JSON.parse expect UTF-8 without a mark.`,
      'Save it as UTF-8 without a byte order mark.',
    )
  }

  #noteHex(prefixed: boolean, compact: string): void {
    const says = prefixed ? (compact.startsWith('0X') ? 'begins with 0X' : 'has white space in it') : 'has no 0x in front'
    this.#note('malformed-field', `The hex ${says}.`, 'Write it as 0x and the digits, in one piece.')
  }

  #noteRest(rest: string): void {
    this.#note(
      'malformed-field',
      `${rest.length} characters after the JSON were not read (${excerpt(rest)}).`,
      'Paste one payment at a time.',
    )
  }

  #noteHeaderVersion(name: string, { x402Version }: Draft): void {
    const usual = name === 'X-PAYMENT' ? 1 : name === 'PAYMENT-SIGNATURE' ? 2 : undefined
    if (usual === undefined || x402Version === undefined || x402Version === usual) return
    const right = x402Version === 1 ? 'X-PAYMENT' : 'PAYMENT-SIGNATURE'
    const summary = `The header is ${name}, which is x402 v${usual}'s, and the payment in it is v${x402Version}.`
    this.findings.push({
      cause: 'wire-version-mismatch',
      party: 'client',
      severity: 'warning',
      field: 'header',
      seen: name,
      expected: right,
      summary,
      evidence: [{ source: 'payload', says: summary }],
      fix: `Send it as ${right}, or build an x402 v${usual} payment.`,
    })
  }

  #note(cause: 'malformed-field', summary: string, fix: string): void {
    this.findings.push({
      cause,
      party: 'client',
      severity: 'warning',
      field: 'input',
      summary,
      evidence: [{ source: 'payload', says: summary }],
      fix,
    })
  }
}

function isBytes(input: unknown): input is Uint8Array {
  try {
    return input instanceof Uint8Array
  } catch {
    // A proxy may refuse to tell what it is; the object reader answers for it.
    return false
  }
}

function hexStart(bytes: Uint8Array): string {
  return [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The JSON object at the beginning of a text, without what follows. */
function balanced(text: string): string {
  const parsed = parseJson(text)
  return parsed.ok ? text.slice(0, parsed.end) : text
}

/** A header's value: up to a space or a quote, and on over the lines that are base64 and nothing else. */
function headerValue(rest: string): string {
  const [first = '', ...lines] = rest.replace(/^["'`]/, '').split(/\r?\n/)
  const token = /^[^\s"'`,;\\]*/.exec(first)?.[0] ?? ''
  if (token.length < first.trimEnd().length) return token
  const end = lines.findIndex((line) => !/^[ \t]*[A-Za-z0-9+/_-]{4,}={0,2}[ \t]*$/.test(line))
  return [token, ...lines.slice(0, end === -1 ? lines.length : end)].join('\n')
}
