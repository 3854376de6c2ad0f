import type { Finding } from '../../causes/finding.ts'
import { fromFindings } from '../../evidence/check.ts'
import { ifKnown } from '../../evidence/known.ts'
import { believed } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { PayerClaim } from '../payment/payer-claims.ts'
import type { Payment } from '../payment/payment.ts'
import { askedCode } from './account.ts'
import type { Check } from './check.ts'

/** What the input itself says of the payer's account, where it decides about the signature and no chain told what is there. */
export const payerClaimChecks: readonly Check[] = [
  {
    id: 'payer-claim',
    run: (payment, evidence) => {
      const claim = claimedCode(payment, evidence)
      // That a signature is a wallet's is said already where it was taken apart.
      return fromFindings(
        claim === undefined || (claim.kind === 'contract' && evidence.signature.wallet !== undefined) ? [] : [said(claim)],
      )
    },
  },
]

type CodeClaim = Exclude<PayerClaim, { kind: 'delegation-cleared' }>

/**
 * By which word of the input the payer's account has code that the token asks about the signature. Undefined where nothing says so, where the token does
 * not look at code, and where a chain told what is at the account; only a transaction that installs the code itself comes after what was read.
 */
export function claimedCode(payment: Payment, { chains, signature }: Evidence): CodeClaim | undefined {
  // Of two tuples for one account the later one counts.
  const claim = payment.payerClaims.findLast(({ kind }) => kind !== 'contract') ?? payment.payerClaims[0]
  if (claim === undefined || claim.kind === 'delegation-cleared') return undefined
  const code = ifKnown(believed(chains ?? [])?.payer.code ?? { known: false, reason: '' })
  if (code !== undefined && (code.kind !== 'none' || claim.kind === 'contract')) return undefined
  const { expected, matches } = signature
  const asks = expected?.family === undefined ? undefined : askedCode(expected.family, payment)
  if (asks === 'never' || (asks === 'after' && matches.length > 0)) return undefined
  return claim
}

/** Where the code comes from, as a clause. */
export function describeClaim(claim: CodeClaim): string {
  return claim.kind === 'delegated'
    ? `the transaction itself gives the payer the code of ${claim.delegate} (${claim.field})`
    : `the input says that the payer is a smart wallet (${claim.field}: ${claim.says})`
}

function said(claim: CodeClaim): Finding {
  const clause = describeClaim(claim)
  const isDelegated = claim.kind === 'delegated'
  return {
    cause: isDelegated ? 'eip7702-payer' : 'smart-wallet-signature',
    party: 'wallet',
    severity: 'warning',
    field: claim.field,
    seen: isDelegated ? claim.delegate : claim.says,
    summary: `${clause.charAt(0).toUpperCase()}${clause.slice(1)}: the token then asks that code about the signature, and recovers no key.`,
    evidence: [{ source: 'payload', says: clause }],
    fix: isDelegated
      ? 'ask the chain what that code answers (eip3009 replay of the transaction with --rpc-url); a payer whose code refuses plain signatures has to sign as that code expects'
      : 'ask the wallet on chain (--rpc-url): only its isValidSignature tells whether it accepts the signature',
  }
}
