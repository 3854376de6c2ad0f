import { sameAddress } from '../../bytes/address.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { EvidenceNote, Finding, Party } from '../../causes/finding.ts'
import { fromFindings } from '../../evidence/check.ts'
import { duration } from '../../text/utc.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { windowOf } from '../evidence/moment.ts'
import type { Payment } from '../payment/payment.ts'
import type { Edit } from '../signature/edit.ts'
import type { Match } from '../signature/forensics.ts'
import { gatewayWallets } from '../signature/gateway-domain.ts'
import { presentFields } from '../typed-data/domain.ts'
import type { Check } from './check.ts'

/** Whether Circle Gateway checks the signature, and no token: by the offer, or by the domain that was signed where nothing else says. */
export function isGateways({ signature }: Pick<Evidence, 'signature'>): boolean {
  return signature.expected?.basis === 'gateway'
}

/** Seconds that Circle's client lets an authorization for Gateway be valid at least (GATEWAY_MIN_AUTH_VALIDITY_SECONDS of @circle-fin/x402-batching 3.3.0). */
const shortestValidity = 604_800n

/** Whether an offer through Gateway, and the window of what answers it, are as Circle's own client has them. Gateway's own word is not known here, so nothing of it is an error. */
export const gatewayChecks: readonly Check[] = [
  {
    id: 'gateway-offer',
    run: (payment, { networks }) => fromFindings(payment.rail === 'circle-gateway' ? oddOffer(payment, networks) : []),
  },
]

function oddOffer(payment: Payment, networks: Evidence['networks']): Finding[] {
  const out: Finding[] = []
  const note = (
    cause: CauseId,
    party: Party,
    field: string,
    seen: string | undefined,
    expected: string,
    summary: string,
    fix: string,
  ): void => {
    const evidence: EvidenceNote[] = [{ source: 'payload', says: `${field} is ${seen ?? 'missing'}` }]
    out.push({ cause, party, severity: 'warning', field, ...(seen === undefined ? {} : { seen }), expected, summary, evidence, fix })
  }
  const { opens, closes } = windowOf(payment.authorization)
  const length = closes - opens + 2n
  if (length > 0n && length < shortestValidity) {
    const summary = `The authorization is valid for ${duration(length)}; Circle's client signs for 7 days at least, and Gateway answers authorization_validity_too_short to less.`
    note(
      'window-too-short',
      'client',
      'authorization.validBefore',
      `${length} s`,
      `at least ${shortestValidity} s`,
      summary,
      'sign with validBefore 7 days and some minutes ahead',
    )
  }
  const extra = payment.requirements?.extra
  if (extra === undefined) return out
  const wallets = gatewayWallets(payment, networks).map(({ address }) => address)
  const expected = wallets.join(' or ')
  if (extra.version !== '1') {
    const summary = `The offer's extra.version is ${extra.version === undefined ? 'missing' : `"${extra.version}"`}; Circle's client takes an offer for Gateway's only with version "1".`
    note('domain-version-mismatch', 'server', 'requirements.extra.version', extra.version, '1', summary, 'offer extra.version "1"')
  }
  if (extra.verifyingContract === undefined) {
    const summary = "The offer names no extra.verifyingContract, without which Circle's client refuses to sign."
    note(
      'domain-field-missing',
      'server',
      'requirements.extra.verifyingContract',
      undefined,
      expected,
      summary,
      `offer extra.verifyingContract ${expected}`,
    )
  } else if (!wallets.some((address) => sameAddress(address, extra.verifyingContract))) {
    const summary = `The offer's extra.verifyingContract is ${extra.verifyingContract}, which is not Circle Gateway's wallet there (${expected}).`
    note(
      'verifying-contract-mismatch',
      'server',
      'requirements.extra.verifyingContract',
      extra.verifyingContract,
      expected,
      summary,
      `offer extra.verifyingContract ${expected}`,
    )
  }
  return out
}

/** What a signature for Circle Gateway differs in from what Gateway checks. What was said of a token's own checks is not said of Gateway's. */
export function gatewayFindings(payment: Payment, evidence: Evidence, match: Match, explain: (edit: Edit) => Finding): Finding[] {
  const { token } = evidence.signature.expected ?? {}
  const asset = payment.token ?? token?.address
  if (asset !== undefined && sameAddress(match.domain.verifyingContract, asset)) {
    return [
      signedForTheToken(payment, evidence, match, asset),
      ...match.edits.filter(({ field }) => !field.startsWith('domain')).map(explain),
    ]
  }
  return match.edits.map((edit) => {
    if (edit.field.startsWith('domain')) return otherDomain(payment, match, edit)
    const finding = explain(edit)
    return edit.field.startsWith('signature') ? unknownBytes(finding) : finding
  })
}

/** The mistake of stock clients: they know `extra.name` and `extra.version` at most, and take the asset for the contract. */
function signedForTheToken(payment: Payment, { signature }: Evidence, match: Match, asset: string): Finding {
  const { expected } = signature
  const domain = expected?.domain ?? {}
  const symbol = expected?.token?.symbol ?? 'the token'
  const fields = presentFields(domain).map((field) => `${field} ${String(domain[field])}`)
  const evidence: EvidenceNote[] = [
    { source: 'computed', says: `under the separator ${match.separator}, which is of ${asset}, the signature recovers to ${match.signer}` },
    { source: 'computed', says: `under Gateway's ${expected?.separator ?? 'domain'} it recovers to ${signature.recovered ?? 'no key'}` },
  ]
  const named = payment.requirements?.extra?.verifyingContract
  if (named !== undefined) evidence.push({ source: 'payload', says: `extra.verifyingContract is ${named}` })
  return {
    cause: 'verifying-contract-mismatch',
    party: 'client',
    severity: 'error',
    field: 'domain.verifyingContract',
    signed: asset,
    ...(domain.verifyingContract === undefined ? {} : { expected: domain.verifyingContract }),
    summary: `The client signed for ${symbol} itself, ${asset}, and the offer asks for Circle Gateway: the client ignored ${named === undefined ? "Gateway's contract" : 'extra.verifyingContract'}.`,
    evidence,
    fix: `sign under Gateway's domain (${fields.join(', ')}), as BatchEvmScheme of @circle-fin/x402-batching does; first make sure that this one is not used: ${symbol} itself takes it`,
  }
}

function otherDomain(payment: Payment, match: Match, edit: Edit): Finding {
  const field = edit.field.slice('domain.'.length)
  const extra = payment.requirements?.extra
  const offered = field === 'version' ? extra?.version : field === 'verifyingContract' ? extra?.verifyingContract : undefined
  const fromServer = offered !== undefined && offered.toLowerCase() === edit.signed?.toLowerCase()
  const [signed, expected] = [edit.signed ?? 'nothing', edit.expected ?? 'nothing']
  return {
    cause: edit.cause,
    party: fromServer ? 'server' : 'client',
    severity: 'error',
    field: edit.field,
    ...(edit.seen === undefined ? {} : { seen: edit.seen }),
    ...(edit.signed === undefined ? {} : { signed: edit.signed }),
    ...(edit.expected === undefined ? {} : { expected: edit.expected }),
    summary: `The client signed with the domain's ${field} ${signed}${fromServer ? ', as the offer has it' : ''}; Circle Gateway's domain has ${expected}.`,
    evidence: [{ source: 'computed', says: `under the separator ${match.separator} the signature recovers to ${match.signer}` }],
    fix: fromServer ? `offer ${field} ${expected}, then sign again` : `sign with ${field} ${expected}`,
  }
}

/** How Gateway reads odd bytes is not known here: what FiatToken does with them is no fault of the payment. */
function unknownBytes(finding: Finding): Finding {
  return {
    ...finding,
    severity: 'warning',
    summary: `The signature's bytes are not in the usual form of 65 with v 27 or 28 (${finding.cause}); whether Circle Gateway takes them is not known here.`,
  }
}
