import { toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Payment } from '../payment/payment.ts'
import { type Eip712Domain, presentFields } from '../typed-data/domain.ts'
import type { Edit } from './edit.ts'
import type { Ended, SignatureEvidence } from './forensics.ts'
import type { Match } from './match.ts'
import { readings } from './readings.ts'
import { numberWord, standardType } from './type-parts.ts'
import type { WalletEvidence } from './wallet.ts'
import type { KnownAccount } from './who-is.ts'

/** Each step from the type to the digest. Numbers are decimal strings. */
export interface Rungs {
  readonly type: string
  readonly typeHash: Hex
  readonly message: Readonly<Record<string, string>>
  readonly structHash: Hex
  readonly domain: Readonly<Record<string, string>>
  readonly separator: Hex
  readonly digest: Hex
  /** Whom the signature recovers to under this digest; null when no key could have made it. */
  readonly recovered: Address | null
}

/** The ladder of one signature: what the token computes beside what was signed. JSON-safe. */
export interface SignatureLadder {
  readonly schema: 'eip3009/signature@1'
  readonly payment: { readonly recognised: string; readonly network: string | null; readonly token: string | null; readonly from: Address }
  /** `valid`: as the token checks it; `explained`: valid for something else; `unexplained`: of another key, as far as was tried; `unreadable`: no signature in the bytes, or no domain to check it under. */
  readonly standing: 'valid' | 'explained' | 'unexplained' | 'unreadable'
  /** Who checks it: the token, or Circle Gateway under a domain of its own. */
  readonly checkedBy: 'token' | 'circle-gateway'
  readonly expected: Rungs | null
  readonly signed: Rungs | null
  /** The bytes as they are, and as they are read. */
  readonly signature: {
    readonly bytes: Hex
    readonly length: number
    readonly r: Hex | null
    readonly s: Hex | null
    readonly v: number | null
    /** The same signature as the token takes it, where the bytes are at fault and it recovers to the signer so. */
    readonly repaired: Hex | null
  }
  readonly recoveredIs: readonly KnownAccount[]
  readonly edits: readonly Edit[]
  /** Other explanations that are as small. */
  readonly others: readonly (readonly Edit[])[]
  /** What was tolerated or looks wrong in how the payment was written, of which a strict reader refuses some. */
  readonly findings: readonly { readonly cause: CauseId; readonly says: string }[]
  readonly wallet: WalletEvidence | null
  readonly tried: number
  readonly triedBy: Readonly<Record<string, number>>
  readonly ended: Ended
}

/** Lays a payment's signature out step by step, as `examineSignature` or `searchSignature` understood it. */
export function signatureLadder(payment: Payment, evidence: SignatureEvidence): SignatureLadder {
  const { bytes, expected, digest, recovered, matches, wallet } = evidence
  const [match, ...others] = matches
  const ecdsa = bytes.ecdsa ?? readings(payment.signature)[0]?.ecdsa
  const own = standardType(payment.primaryType)
  const network = payment.network?.id ?? expected?.network?.id ?? payment.networkName
  const atFault = match?.edits.some(({ field }) => field.startsWith('signature')) === true
  return {
    schema: 'eip3009/signature@1',
    payment: {
      recognised: payment.recognised,
      network: network ?? null,
      token: payment.token ?? (expected?.basis === 'gateway' ? expected.token?.address : expected?.domain.verifyingContract) ?? null,
      from: payment.authorization.from,
    },
    standing: standingOf(evidence, match),
    checkedBy: expected?.basis === 'gateway' ? 'circle-gateway' : 'token',
    expected:
      expected === undefined || digest === undefined
        ? null
        : {
            type: own.typeString,
            typeHash: toHex(own.typeHash),
            message: texts({ ...payment.authorization }),
            structHash: evidence.structHash,
            domain: domainTexts(expected.domain),
            separator: expected.separator,
            digest,
            recovered: recovered ?? null,
          },
    signed: match === undefined ? null : rungsOf(match),
    signature: {
      bytes: payment.signature,
      length: bytes.length,
      r: ecdsa === undefined ? null : toHex(numberWord(ecdsa.r)),
      s: ecdsa === undefined ? null : toHex(numberWord(ecdsa.s)),
      v: bytes.v ?? (ecdsa === undefined ? null : 27 + ecdsa.yParity),
      repaired: match !== undefined && atFault ? match.signature : null,
    },
    recoveredIs: evidence.recoveredIs,
    edits: match?.edits ?? [],
    others: others.map(({ edits }) => edits),
    findings: payment.findings.map(({ cause, summary }) => ({ cause, says: summary })),
    wallet: wallet ?? null,
    tried: evidence.tried,
    triedBy: evidence.triedBy,
    ended: evidence.ended,
  }
}

function standingOf({ expected, bytes }: SignatureEvidence, match: Match | undefined): SignatureLadder['standing'] {
  if (match !== undefined) return match.edits.length === 0 ? 'valid' : 'explained'
  return expected === undefined || bytes.ecdsa === undefined ? 'unreadable' : 'unexplained'
}

function rungsOf(match: Match): Rungs {
  return {
    type: match.typeString,
    typeHash: match.typeHash,
    message: texts({ ...match.authorization }),
    structHash: match.structHash,
    domain: domainTexts(match.domain),
    separator: match.separator,
    digest: match.digest,
    recovered: match.signer,
  }
}

function domainTexts(domain: Eip712Domain): Record<string, string> {
  return Object.fromEntries(presentFields(domain).map((field) => [field, String(domain[field])]))
}

function texts(values: Readonly<Record<string, string | bigint>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}
