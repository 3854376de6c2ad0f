import { toHex } from '../../bytes/bytes.ts'
import type { Address, Bytes32, CoverableBytes32, CoverableHex } from '../../bytes/hex.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Byte, Count } from '../../text/written.ts'
import type { Payment } from '../payment/payment.ts'
import { type AuthorizationReport, authorizationReport } from '../typed-data/authorization.ts'
import { type DomainText, domainText } from '../typed-data/domain.ts'
import type { Edit } from './edit.ts'
import type { Ended, SignatureEvidence } from './forensics.ts'
import type { Match } from './match.ts'
import { readings } from './readings.ts'
import { numberWord, standardType } from './type-parts.ts'
import type { WalletEvidence, WalletSigner } from './wallets/examine.ts'
import { ownerCommand, rpcOf } from './wallets/tell.ts'
import type { KnownAccount } from './who-is.ts'

/** Each step from the type to the digest. Numbers are decimal strings. */
export interface Rungs {
  /** The type string. */
  readonly type: string
  readonly typeHash: Bytes32
  readonly message: AuthorizationReport
  readonly structHash: Bytes32
  readonly domain: DomainText
  readonly separator: Bytes32
  readonly digest: Bytes32
  /** Whom the signature recovers to under this digest; null when no key could have made it. */
  readonly recovered: Address | null
}

/**
 * What `eip3009 signature --json` prints: what the token computes beside what was signed. JSON-safe: times are unix seconds and amounts are atomic units,
 * as decimal strings.
 */
export interface SignatureLadder {
  readonly schema: 'eip3009/signature@1'
  readonly payment: { readonly recognised: string; readonly network: string | null; readonly token: Address | null; readonly from: Address }
  /** `valid`: as the token checks it; `explained`: valid for something else; `unexplained`: of another key, as far as was tried; `unreadable`: no signature in the bytes, or no domain to check it under. */
  readonly standing: 'valid' | 'explained' | 'unexplained' | 'unreadable'
  /** Who checks it: the token, or Circle Gateway under a domain of its own. */
  readonly checkedBy: 'token' | 'circle-gateway'
  /** What the token computes; null where nothing says which token. */
  readonly expected: Rungs | null
  /** What was signed; null where nothing that was tried fits. */
  readonly signed: Rungs | null
  /** The bytes as they are, and as they are read. */
  readonly signature: {
    readonly bytes: CoverableHex
    /** Bytes. */
    readonly length: Count
    readonly r: CoverableBytes32 | null
    readonly s: CoverableBytes32 | null
    readonly v: Byte | null
    /** The same signature as the token takes it, where the bytes are at fault and it recovers to the signer so. */
    readonly repaired: CoverableHex | null
  }
  /** What is known of the address that signed in place of the payer. */
  readonly recoveredIs: readonly KnownAccount[]
  /** The smallest set that explains the signature; empty when nothing differs, or nothing fits. */
  readonly edits: readonly Edit[]
  /** Other explanations that are as small. */
  readonly others: readonly (readonly Edit[])[]
  /** What was tolerated or looks wrong in how the payment was written, of which a strict reader refuses some. */
  readonly findings: readonly { readonly cause: CauseId; readonly says: string }[]
  readonly wallet: WalletEvidence | null
  /** Whom the signature recovers to if from is a wallet that puts nothing around it; empty where it is wrapped, or explained. */
  readonly ifWallet: readonly WalletSigner[]
  /** The `cast call` that tells whether whoever signed inside of the wallet's signature is an owner; null where there is none. */
  readonly ask: string | null
  /** How many hypotheses were recovered. */
  readonly tried: Count
  /** How many of each kind; kinds may be added. */
  readonly triedBy: Readonly<Record<string, Count>>
  readonly ended: Ended
}

/** Lays a payment's signature out step by step, as `examineSignature` or `searchSignature` understood it. */
export function signatureLadder(payment: Payment, evidence: SignatureEvidence): SignatureLadder {
  const { bytes, expected, digest, recovered, matches, wallet } = evidence
  const [match, ...others] = matches
  const ecdsa = bytes.ecdsa ?? readings(payment.signature)[0]?.ecdsa
  const own = standardType(payment.primaryType)
  const { from } = payment.authorization
  const network = payment.network?.id ?? expected?.network?.id ?? payment.networkName
  const atFault = match?.edits.some(({ field }) => field.startsWith('signature')) === true
  return {
    schema: 'eip3009/signature@1',
    payment: {
      recognised: payment.recognised,
      network: network ?? null,
      token: payment.token ?? (expected?.basis === 'gateway' ? expected.token?.address : expected?.domain.verifyingContract) ?? null,
      from,
    },
    standing: standingOf(evidence, match),
    checkedBy: expected?.basis === 'gateway' ? 'circle-gateway' : 'token',
    expected:
      expected === undefined || digest === undefined
        ? null
        : {
            type: own.typeString,
            typeHash: toHex(own.typeHash),
            message: authorizationReport(payment.authorization),
            structHash: evidence.structHash,
            domain: domainText(expected.domain),
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
    ifWallet: evidence.ifWallet ?? [],
    ask: wallet === undefined || match !== undefined ? null : (ownerCommand(from, payment.signature, wallet, rpcOf(expected)) ?? null),
    tried: evidence.tried,
    triedBy: evidence.triedBy,
    ended: evidence.ended,
  }
}

function standingOf({ expected, bytes, wallet }: SignatureEvidence, match: Match | undefined): SignatureLadder['standing'] {
  if (match !== undefined) return match.edits.length === 0 ? 'valid' : 'explained'
  return expected === undefined || (bytes.ecdsa === undefined && wallet === undefined) ? 'unreadable' : 'unexplained'
}

function rungsOf(match: Match): Rungs {
  return {
    type: match.typeString,
    typeHash: match.typeHash,
    message: authorizationReport(match.authorization),
    structHash: match.structHash,
    domain: domainText(match.domain),
    separator: match.separator,
    digest: match.digest,
    recovered: match.signer,
  }
}
