import type { Finding } from '../../causes/finding.ts'
import { findNetwork } from '../../networks/find-network.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import { decodeBase64 } from '../../payment/base64.ts'
import { shownValue } from '../../payment/field.ts'
import { isNumber, isObject, type Json, type JsonObject } from '../../payment/json.ts'
import { refuse, unreadable, unsupported } from '../../payment/refusal.ts'
import { show } from '../../payment/text.ts'
import { offerDifferences } from './offer-differences.ts'
import type { SvmPayment, SvmRequirements } from './payment.ts'
import { isSvmKey } from './token-account.ts'
import { readSvmTransaction } from './transaction.ts'
import { findEnvelope, namedNetworks, transactionText } from './wire.ts'

/**
 * Reads an x402 payment on Solana, version 1 or 2: a `/verify` or `/settle` body, a PaymentPayload, or a header value, as JSON text,
 * bytes or an object. A transaction that can not be decoded is a finding, so that the rest is still told.
 * @throws Eip3009Error `unsupported-input` when it is no payment on Solana, or of another scheme than exact; `unreadable-input` when
 * it is one and has no transaction.
 */
export function readSvmPayment(input: string | Uint8Array | object): SvmPayment {
  const findings: Finding[] = []
  const envelope = findEnvelope(input, findings)
  if (envelope === undefined) {
    throw refuse(
      unsupported(
        'something that is no x402 payment on Solana',
        'paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header',
        'a payload with a base64 transaction, on a Solana network',
      ),
    )
  }
  const { payload, body, form } = envelope
  const acceptedSource = payload.get('accepted')
  const offerSource = body?.get('paymentRequirements')
  const scheme = isObject(acceptedSource) ? acceptedSource.get('scheme') : payload.get('scheme')
  if (typeof scheme === 'string' && scheme.toLowerCase() !== 'exact') {
    throw refuse(unsupported(`a payment on Solana of the x402 scheme "${show(scheme)}"`, 'paste a payment of the scheme "exact"'))
  }

  const accepted = isObject(acceptedSource) ? requirementsOf(acceptedSource, 'accepted', findings) : undefined
  const offer = isObject(offerSource) ? requirementsOf(offerSource, 'requirements', findings) : undefined
  const requirements = offer ?? accepted
  const names = namedNetworks(envelope)
  const resolved = names.flatMap(({ field, name }) => {
    const answer = findNetwork(name)
    return answer.kind === 'network' ? [{ field, name, network: answer.network }] : []
  })
  noteDisagreement(resolved, findings)
  const network = resolved.map((each) => each.network).find((each): each is SolanaNetwork => each.family === 'solana')
  const version = versionOf(payload.get('x402Version') ?? body?.get('x402Version')) ?? (isObject(acceptedSource) ? 2 : undefined)
  const shape = version === undefined ? 'x402' : `x402 v${version}`
  const what =
    form === 'x402-settle-body' ? '/verify or /settle body' : form === 'x402-header' ? 'PaymentPayload in a header value' : 'PaymentPayload'
  return {
    kind: 'svm',
    form,
    recognised: `${shape} ${what} with a Solana transaction`,
    ...(version === undefined ? {} : { x402Version: version }),
    ...(names[0] === undefined ? {} : { networkName: names[0].name }),
    ...(network === undefined ? {} : { network }),
    ...transactionOf(transactionText(payload), findings),
    ...(requirements === undefined ? {} : { requirements }),
    ...(accepted === undefined ? {} : { accepted }),
    differences: isObject(acceptedSource) && isObject(offerSource) ? offerDifferences(acceptedSource, offerSource) : [],
    findings,
  }
}

function versionOf(value: Json | undefined): 1 | 2 | undefined {
  const digits = isNumber(value) ? value.digits : value
  return digits === '1' ? 1 : digits === '2' ? 2 : undefined
}

const slipNames = {
  'url-alphabet': 'is base64url, with - and _',
  unpadded: 'has no padding',
  'line-breaks': 'has white space in it',
  'percent-encoded': 'is percent-encoded',
} as const

const encode = 'Send serialize() of the signed transaction as standard base64, once.'

function transactionOf(value: Json | undefined, findings: Finding[]): Pick<SvmPayment, 'transaction' | 'bytes' | 'slips'> {
  if (typeof value !== 'string' || value.trim() === '') {
    throw refuse(
      unreadable(
        `an x402 payment on Solana whose payload.transaction is ${value === undefined ? 'missing' : shownValue(value)}`,
        'the signed transaction as base64',
        'copy the whole payment again, as the client sent it',
      ),
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
  const decoded = decodeBase64(value.trim())
  if (!decoded.ok) {
    malformed('error', `The transaction can not be decoded: its text of ${value.length} characters ${decoded.problem}.`)
    return { transaction: null, bytes: null, slips: [] }
  }
  const read = readSvmTransaction(decoded.bytes)
  if (!read.ok) {
    malformed('error', `The transaction can not be decoded: it ${read.problem}.`)
    return { transaction: null, bytes: decoded.bytes, slips: decoded.slips }
  }
  for (const slip of decoded.slips)
    malformed('warning', `The transaction's base64 ${slipNames[slip]}: some decoders take that, others refuse it.`)
  const { trailingBytes } = read.transaction
  if (trailingBytes > 0)
    malformed(
      'warning',
      `There are ${trailingBytes} bytes behind the transaction: some decoders take them without a word, others refuse it.`,
    )
  const slips = [...decoded.slips, ...(trailingBytes > 0 ? (['trailing-bytes'] as const) : [])]
  return { transaction: read.transaction, bytes: decoded.bytes, slips }
}

/** The fields of an offer that a transaction answers. What can not be read is noted and left out. */
function requirementsOf(source: JsonObject, path: 'requirements' | 'accepted', findings: Finding[]): SvmRequirements {
  const extra = source.get('extra')
  const amountName = source.has('amount') ? 'amount' : 'maxAmountRequired'
  const bad = (field: string, seen: Json | undefined, expected: string): void => {
    const summary = `The offer's ${field} is ${shownValue(seen)}; it has to be ${expected}.`
    findings.push({
      cause: 'malformed-field',
      party: 'server',
      severity: 'error',
      field: `${path}.${field}`,
      expected,
      summary,
      evidence: [{ source: 'payload', says: summary }],
      fix: `Offer ${field} as ${expected}.`,
    })
  }
  const key = (field: string, value: Json | undefined): string | undefined => {
    if (value === undefined) return undefined
    if (typeof value === 'string' && isSvmKey(value)) return value
    bad(field, value, 'the base58 of 32 bytes')
    return undefined
  }
  const amount = amountOf(source.get(amountName))
  if (amount === undefined && source.has(amountName)) bad(amountName, source.get(amountName), 'a whole number of atomic units, below 2^64')
  const network = source.get('network')
  const memo = isObject(extra) ? extra.get('memo') : undefined
  const fields = {
    payTo: key('payTo', source.get('payTo')),
    asset: key('asset', source.get('asset')),
    feePayer: key('extra.feePayer', isObject(extra) ? extra.get('feePayer') : undefined),
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

function noteDisagreement(
  resolved: readonly { readonly field: string; readonly name: string; readonly network: { readonly id: string } }[],
  findings: Finding[],
): void {
  const [first] = resolved
  const other = resolved.find(({ network }) => network.id !== first?.network.id)
  if (first === undefined || other === undefined) return
  const summary = `${first.field} is "${show(first.name)}" and ${other.field} is "${show(other.name)}": two networks.`
  findings.push({
    cause: 'network-mismatch',
    party: 'client',
    severity: 'error',
    field: first.field,
    seen: first.name,
    expected: other.name,
    summary,
    evidence: [{ source: 'payload', says: summary }],
    fix: 'Answer the offer of the network that you pay on, and name it the same in both places.',
  })
}
