import { toHex } from '../../bytes/bytes.ts'
import type { Finding } from '../../causes/finding.ts'
import { builtInNetworks } from '../../networks/networks.ts'
import { carriedBytes } from '../../wire/carried-bytes.ts'
import { type CarriedTransaction, carriedTransaction, sentSignature } from '../../wire/carried-transaction.ts'
import type { WireContext } from '../../wire/context.ts'
import type { Readers, ReadPayment } from '../../wire/document.ts'
import { type Envelope, misplaced } from '../../wire/envelope.ts'
import { isList, isNumber, isObject, type Json, type JsonObject } from '../../wire/json.ts'
import { claimsIn, noteUnknown, type ResolvedClaim, resolveClaim, twoNetworks } from '../../wire/network-claims.ts'
import { leftOut, offerMembers } from '../../wire/offer-members.ts'
import { chosenNetwork, readWire } from '../../wire/reader.ts'
import { type Refusal, refuse, unreadable, unsupported } from '../../wire/refusal.ts'
import { shownValue } from '../../wire/shown-value.ts'
import { show } from '../../wire/text.ts'
import { readTransactionText } from './describe-transaction.ts'
import { knownMint } from './known-mint.ts'
import { svmMarks } from './marks.ts'
import { offerDifferences } from './offer-differences.ts'
import type { SvmPayment, SvmRequirements, SvmSlip, SvmTransaction } from './payment.ts'
import { signedBytesOf } from './signed-bytes.ts'
import { isSvmKey } from './token-account.ts'
import { readSvmTransaction } from './transaction.ts'
import { transferOf } from './transfer.ts'

/** A payment without what the reader of the wire noted on the way to it. */
export type SvmDraft = Omit<SvmPayment, 'findings'>

const readers: Readers<SvmDraft> = {
  x402: {
    evm: () => {
      throw refuse(
        unsupported(
          'an x402 payment that is not on Solana',
          'paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header',
          'a payload with a base64 transaction, on a Solana network',
        ),
      )
    },
    solana: readSolana,
  },
  alone: readAlone,
  payments: svmPayment,
}

/** Which payment it is: one message is one, whoever has signed it so far. */
export function svmPayment(draft: SvmDraft): ReadPayment {
  const { transaction, bytes } = draft
  const transfer = transaction === null ? undefined : transferOf(transaction)
  return {
    marks: svmMarks(draft),
    key: toHex(signedBytesOf(draft)?.message ?? bytes ?? new Uint8Array()),
    says:
      transaction === null
        ? 'a transaction that can not be decoded'
        : transfer === undefined
          ? `the transaction of the fee payer ${transaction.feePayer}`
          : `${transfer.amount} atomic units from ${transfer.authority ?? 'an account of a lookup table'} to ${transfer.destination ?? 'one'}, with blockhash ${transaction.blockhash}`,
  }
}

/**
 * Reads an x402 payment on Solana, version 1 or 2, as `readPayment` does. A transaction that can not be decoded is a finding, so that the rest is
 * still told.
 * @throws Eip3009Error as `readPayment` does, and for a payment on another chain.
 */
export function readSvmPayment(input: string | Uint8Array | object, options: { readonly network?: string | number } = {}): SvmPayment {
  const network = Object.hasOwn(options, 'network') ? options.network : undefined
  const { found, findings } = readWire(input, readers, { networks: builtInNetworks, chosen: chosenNetwork(network, builtInNetworks) })
  return { ...found, findings }
}

/**
 * Reads on from an x402 payment on Solana that was found.
 * @throws Eip3009Error when it is of another scheme than exact, or has no transaction.
 */
export function readSolana(envelope: Envelope, context: WireContext): SvmDraft {
  const { payload, body, form, offer: offerSource } = envelope
  const { findings, keys, networks, chosen } = context
  const acceptedSource = payload.get('accepted')
  const scheme = isObject(acceptedSource) ? acceptedSource.get('scheme') : payload.get('scheme')
  if (typeof scheme === 'string' && scheme.toLowerCase() !== 'exact') {
    throw refuse(
      unsupported(
        `a payment on Solana of the x402 scheme "${show(scheme)}"`,
        'paste a payment of the scheme "exact"',
        'a payment of the scheme "exact"',
      ),
    )
  }
  const sent = sentSignature(payload)
  if (sent !== undefined) {
    context.sentIds.push(sent)
    throw refuse(sentAlready(sent))
  }

  const accepted = isObject(acceptedSource) ? requirementsOf(acceptedSource, 'accepted', context) : undefined
  const offer = offerSource === undefined ? undefined : requirementsOf(offerSource, 'requirements', context)
  const requirements = offer ?? accepted
  const claims = claimsIn(envelope)
  const resolved = [...chosen, ...claims].map((claim) => resolveClaim(claim, networks))
  noteUnknown(resolved, findings)
  noteDisagreement(resolved, findings)
  const network = resolved.map((each) => each.network).find((each) => each?.family === 'solana')
  const declared = versionOf(keys.get(payload, 'x402Version') ?? (body === undefined ? undefined : keys.get(body, 'x402Version')))
  const version = declared ?? (isObject(acceptedSource) ? 2 : undefined)
  const shape = version === undefined ? 'x402' : `x402 v${version}`
  const what = form === 'x402-settle-body' ? '/verify or /settle body' : 'PaymentPayload'
  return {
    family: 'solana',
    form,
    recognised: `${shape} ${what} with a Solana transaction`,
    ...(version === undefined ? {} : { x402Version: version }),
    ...(claims[0] === undefined ? {} : { networkName: claims[0].name }),
    ...(network === undefined ? {} : { network }),
    ...transactionOf(carriedTransaction(payload), findings),
    ...(requirements === undefined ? {} : { requirements }),
    ...(accepted === undefined ? {} : { accepted }),
    keys: keysIn([payload, ...(body === undefined ? [] : [body])]),
    differences: isObject(acceptedSource) && offerSource !== undefined ? offerDifferences(acceptedSource, offerSource, keys) : [],
  }
}

/**
 * Reads a transaction that stands alone as base64, as a wallet or an RPC gives it. Nothing says what was asked for; the cluster is the one that was chosen,
 * or the only one that has its mint. Undefined for other text, and for a transaction that moves no tokens, which is no payment.
 */
export function readAlone(text: string, { findings, networks, chosen }: WireContext): SvmDraft | undefined {
  const read = readTransactionText(text)
  if (read?.ok !== true || !movesTokens(read.transaction)) return undefined
  const clusters = knownMint(transferOf(read.transaction)?.mint)?.clusters ?? []
  const named = chosen.map((claim) => resolveClaim(claim, networks).network).find((each) => each?.family === 'solana')
  const network = named ?? (clusters.length === 1 ? clusters[0] : undefined)
  return {
    family: 'solana',
    form: 'solana-transaction',
    recognised: 'a transaction on Solana',
    ...(network === undefined ? {} : { network }),
    ...transactionOf({ value: text }, findings),
    keys: [],
    differences: [],
  }
}

function movesTokens({ instructions }: SvmTransaction): boolean {
  return instructions.some(({ meaning }) => meaning.kind === 'transfer-checked' || meaning.kind === 'plain-transfer')
}

function versionOf(value: Json | undefined): 1 | 2 | undefined {
  const digits = isNumber(value) ? value.digits : value
  return digits === '1' ? 1 : digits === '2' ? 2 : undefined
}

/** Where a transaction differs from standard base64 of itself. Who takes that, the profiles of facilitators know. */
const slipNames = {
  'url-alphabet': 'is base64url, with - and _',
  unpadded: 'is base64 without its padding',
  'line-breaks': 'is base64 with white space in it',
  'percent-encoded': 'is percent-encoded base64',
  hex: 'is hex',
  'byte-list': 'is a list of numbers',
} as const satisfies Record<Exclude<SvmSlip, 'trailing-bytes'>, string>

const encode = 'Send serialize() of the signed transaction as standard base64, once.'

/** Some sellers take the signature of a transaction that the payer has sent: another scheme, under the name of this one. */
function sentAlready(signature: string): Refusal {
  return unsupported(
    `the signature ${signature.slice(0, 16)}… of a transaction on Solana that was sent already, in place of the transaction that the scheme "exact" carries`,
    `look that transaction up on its cluster before anything else: if it landed without an error, the payment was made, and an answer that says "not found" or "not confirmed" is no reason to pay again`,
    'a payload with the signed transaction as base64',
  )
}

function transactionOf(carries: CarriedTransaction | undefined, findings: Finding[]): Pick<SvmPayment, 'transaction' | 'bytes' | 'slips'> {
  const value = carries?.value
  const carried = carriedBytes(value)
  if (carried === undefined) {
    throw refuse(
      unreadable(
        `an x402 payment on Solana whose payload.transaction is ${value === undefined ? 'missing' : value === '' ? 'empty' : shownValue(value)}`,
        'the signed transaction as base64',
        'copy the whole payment again, as the client sent it',
      ),
    )
  }
  if (carries?.misplaced !== undefined) {
    misplaced(
      findings,
      carries.misplaced,
      'payload.transaction',
      `The transaction stands under ${carries.misplaced}, where x402 has it under payload.transaction.`,
      'error',
    )
  }
  const malformed = (severity: Finding['severity'], summary: string): void => {
    findings.push({
      cause: 'svm-transaction-malformed',
      party: 'client',
      severity,
      field: 'payload.transaction',
      summary,
      evidence: [{ source: 'payload', says: summary }],
      fix: encode,
    })
  }
  if (!carried.ok) {
    malformed('error', `The transaction can not be decoded: its text ${carried.problem}.`)
    return { transaction: null, bytes: null, slips: [] }
  }
  const { bytes, slips } = carried
  const read = readSvmTransaction(bytes)
  if (!read.ok) {
    malformed('error', `The transaction can not be decoded: it ${read.problem}.`)
    return { transaction: null, bytes, slips }
  }
  for (const slip of slips) malformed('warning', `The transaction ${slipNames[slip]}, where the scheme has standard base64.`)
  const { trailingBytes } = read.transaction
  if (trailingBytes > 0)
    malformed(
      'warning',
      `There are ${trailingBytes} bytes behind the transaction: some decoders take them without a word, others refuse it.`,
    )
  return { transaction: read.transaction, bytes, slips: [...slips, ...(trailingBytes > 0 ? (['trailing-bytes'] as const) : [])] }
}

/** More than any payment names, and few enough to try each. */
const mostKeys = 24

/** The keys that stand anywhere in what was sent, each once. */
export function keysIn(sources: readonly Json[]): readonly string[] {
  const found = new Set<string>()
  const walk = (value: Json): void => {
    if (found.size >= mostKeys) return
    if (typeof value === 'string') {
      if (isSvmKey(value)) found.add(value)
    } else if (isObject(value)) for (const each of value.values()) walk(each)
    else if (isList(value)) for (const each of value) walk(each)
  }
  for (const source of sources) walk(source)
  return [...found]
}

/** The fields of an offer that a transaction answers. What can not be read is noted and left out. */
export function requirementsOf(
  source: JsonObject,
  path: 'requirements' | 'accepted',
  { findings, keys }: Pick<WireContext, 'findings' | 'keys'>,
): SvmRequirements {
  const { extra, network, ...members } = offerMembers(source, keys)
  const bad = (field: string, seen: Json | undefined, expected: string): void => {
    findings.push(leftOut(`${path}.${field}`, seen, 'server', { problem: `is ${shownValue(seen)}`, expected }))
  }
  const key = (field: string, value: Json | undefined): string | undefined => {
    if (value === undefined) return undefined
    if (typeof value === 'string' && isSvmKey(value)) return value
    bad(field, value, 'the base58 of 32 bytes')
    return undefined
  }
  const amount = amountOf(members.amount)
  if (amount === undefined && members.amount !== undefined)
    bad(members.amountName, members.amount, 'a whole number of atomic units, below 2^64')
  const memo = extra?.get('memo')
  const fields = {
    payTo: key('payTo', members.payTo),
    asset: key('asset', members.asset),
    feePayer: key('extra.feePayer', extra === undefined ? undefined : keys.get(extra, 'feePayer')),
  }
  return {
    ...(typeof network === 'string' ? { network } : {}),
    ...(amount === undefined ? {} : { amount }),
    ...(fields.payTo === undefined ? {} : { payTo: fields.payTo }),
    ...(fields.asset === undefined ? {} : { asset: fields.asset }),
    ...(fields.feePayer === undefined ? {} : { feePayer: fields.feePayer }),
    ...(typeof memo === 'string' ? { memo } : {}),
  }
}

function amountOf(value: Json | undefined): bigint | undefined {
  const digits = isNumber(value) ? value.digits : value
  if (typeof digits !== 'string' || !/^[0-9]{1,20}$/.test(digits)) return undefined
  const amount = BigInt(digits)
  return amount < 2n ** 64n ? amount : undefined
}

/** The first two that name two networks. What was signed says neither: it is the client that answers an offer of another one than it pays on. */
function noteDisagreement(resolved: readonly ResolvedClaim[], findings: Finding[]): void {
  const [first, ...others] = resolved.filter(({ chain }) => chain !== undefined)
  const other = others.find(({ chain }) => chain !== first?.chain)
  if (first === undefined || other === undefined) return
  const fix = 'Answer the offer of the network that you pay on, and name it the same in both places.'
  findings.push(twoNetworks(other, first, 'client', fix))
}
