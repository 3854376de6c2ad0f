import { isGateways } from '../checks/gateway.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { windowOf, windowState } from '../evidence/moment.ts'
import type { Payment } from '../payment/payment.ts'
import { describeSearch } from '../signature/describe-search.ts'
import type { Match, SignatureEvidence } from '../signature/forensics.ts'
import { authorizationFields, authorizationReport } from '../typed-data/authorization.ts'
import { domainText } from '../typed-data/domain.ts'
import type { EvmDiagnosis, EvmReport, SearchReport, SignedReport, TokenReport } from './diagnosis.ts'
import { railOf } from './rail.ts'

/** The payment as it was read, with what is known of its network and token. */
export function paymentReport(payment: Payment, evidence: Evidence): EvmDiagnosis['payment'] {
  const { expected } = evidence.signature
  // Gateway's contract checks the signature and is no token.
  const checkedBy = isGateways(evidence) ? expected?.token?.address : expected?.domain.verifyingContract
  const { from, to, value } = payment.authorization
  return {
    form: payment.form,
    recognised: payment.recognised,
    network: (payment.network ?? expected?.network)?.id ?? payment.networkName ?? null,
    token: payment.token ?? checkedBy ?? null,
    symbol: expected?.units?.symbol ?? null,
    decimals: expected?.units?.decimals ?? null,
    from,
    to,
    value: String(value),
  }
}

/** What of the answer only a payment on an EVM chain has. */
export function evmReport(payment: Payment, evidence: Evidence): EvmReport {
  const { moment, signature } = evidence
  const { expected } = signature
  const [match] = signature.matches
  const { opens, closes } = windowOf(payment.authorization)
  return {
    rail: railOf(payment, evidence),
    chainId: (payment.network ?? expected?.network)?.chainId ?? payment.chainId ?? null,
    authorization: {
      ...authorizationReport(payment.authorization),
      primaryType: payment.primaryType,
      signatureBytes: payment.signature.length / 2 - 1,
    },
    window: {
      opens: String(opens),
      closes: String(closes),
      judged: windowState(payment.authorization, moment.time),
      now: windowState(payment.authorization, moment.now),
    },
    signed: signedReport(payment, match),
    token: tokenReport(evidence),
    search: searchReport(signature),
    signer: signature.recovered ?? null,
    digest: signature.digest ?? null,
    domain: {
      signed: match === undefined ? null : { ...domainText(match.domain), separator: match.separator },
      expected: expected === undefined ? null : { ...domainText(expected.domain), separator: expected.separator },
    },
  }
}

/** The message that was signed, where it is known and is another one than was sent. */
function signedReport(payment: Payment, match: Match | undefined): SignedReport | null {
  if (match === undefined) return null
  const differs = authorizationFields.filter((field) => match.authorization[field] !== payment.authorization[field])
  if (differs.length === 0 && match.primaryType === payment.primaryType) return null
  return { primaryType: match.primaryType, ...authorizationReport(match.authorization), differs }
}

/** Where what is known of the token comes from. */
function tokenReport({ signature: { expected } }: Evidence): TokenReport {
  return { domain: expected?.provenance ?? null, units: expected?.units?.provenance ?? null }
}

/** How far the signature was searched over, and what that says where nothing was found. */
function searchReport(signature: SignatureEvidence): SearchReport {
  const { tried, ended, coverage, matches } = signature
  return { tried, ended, says: matches.length > 0 ? null : describeSearch(signature), coverage }
}
