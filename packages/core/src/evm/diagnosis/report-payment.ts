import { isGateways } from '../checks/gateway.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import { describeSearch } from '../signature/describe-search.ts'
import type { Match, SignatureEvidence } from '../signature/forensics.ts'
import { type Authorization, authorizationFields } from '../typed-data/authorization.ts'
import type { Eip712Domain } from '../typed-data/domain.ts'
import type { AuthorizationReport, Diagnosis, DomainReport, SearchReport, SignedReport, TokenReport } from './diagnosis.ts'
import { railOf } from './rail.ts'

/** A domain as JSON has it. */
export function domainReport({ name, version, chainId, verifyingContract, salt }: Eip712Domain, separator: `0x${string}`): DomainReport {
  return {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(chainId === undefined ? {} : { chainId: String(chainId) }),
    ...(verifyingContract === undefined ? {} : { verifyingContract }),
    ...(salt === undefined ? {} : { salt }),
    separator,
  }
}

/** The payment as it was read, with what is known of its network and token. */
export function describePayment(payment: Payment, evidence: Evidence): Diagnosis['payment'] {
  const { expected } = evidence.signature
  // Gateway's contract checks the signature and is no token.
  const checkedBy = isGateways(evidence) ? expected?.token?.address : expected?.domain.verifyingContract
  const network = payment.network ?? expected?.network
  return {
    rail: railOf(payment, evidence),
    form: payment.form,
    recognised: payment.recognised,
    network: network?.id ?? payment.networkName ?? null,
    chainId: network?.chainId ?? payment.chainId ?? null,
    token: payment.token ?? checkedBy ?? null,
    symbol: expected?.units?.symbol ?? null,
    decimals: expected?.units?.decimals ?? null,
    primaryType: payment.primaryType,
    ...authorizationReport(payment.authorization),
    signatureBytes: payment.signature.length / 2 - 1,
  }
}

function authorizationReport({ from, to, value, validAfter, validBefore, nonce }: Authorization): AuthorizationReport {
  return { from, to, value: String(value), validAfter: String(validAfter), validBefore: String(validBefore), nonce }
}

/** The message that was signed, where it is known and is another one than was sent. */
export function signedReport(payment: Payment, match: Match | undefined): SignedReport | null {
  if (match === undefined) return null
  const differs = authorizationFields.filter((field) => match.authorization[field] !== payment.authorization[field])
  if (differs.length === 0 && match.primaryType === payment.primaryType) return null
  return { primaryType: match.primaryType, ...authorizationReport(match.authorization), differs }
}

/** Where what is known of the token comes from. */
export function tokenReport({ signature: { expected } }: Evidence): TokenReport {
  return { domain: expected?.provenance ?? null, units: expected?.units?.provenance ?? null }
}

/** How far the signature was searched over, and what that says where nothing was found. */
export function searchReport(signature: SignatureEvidence): SearchReport {
  const { tried, ended, coverage, matches } = signature
  return { tried, ended, says: matches.length > 0 ? null : describeSearch(signature), coverage }
}
