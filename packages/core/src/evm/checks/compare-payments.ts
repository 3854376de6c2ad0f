import { sameAddress } from '../../bytes/address.ts'
import type { Finding } from '../../causes/finding.ts'
import { utc } from '../../text/utc.ts'
import type { Payment } from '../payment/payment.ts'

/** Two payments of one list that are right alone and wrong beside each other. */
export interface PaymentPair {
  /** Their places in the list, the earlier first. */
  readonly payments: readonly [number, number]
  /** `nonce-reused` or `retry-mints-new-nonce`, as a warning: whether it was meant, nobody can read from the bytes. */
  readonly finding: Finding
}

/**
 * What only shows beside another payment of the same payer and token: one nonce for two payments, of which one settles, and two nonces for what may be
 * one purchase, of which both do. Compares each with each, offline.
 */
export function comparePayments(payments: readonly Payment[]): PaymentPair[] {
  return payments.flatMap((first, one) =>
    payments.slice(one + 1).flatMap((second, after): PaymentPair[] => {
      const finding = ofOneAccount(first, second) ? between(first, second) : undefined
      return finding === undefined ? [] : [{ payments: [one, one + 1 + after], finding }]
    }),
  )
}

/** A nonce counts for one payer at one token of one chain. What is not named by both may be the same. */
function ofOneAccount(first: Payment, second: Payment): boolean {
  const sameToken = first.token === undefined || second.token === undefined || sameAddress(first.token, second.token)
  const sameChain = first.chainId === undefined || second.chainId === undefined || first.chainId === second.chainId
  return sameAddress(first.authorization.from, second.authorization.from) && sameToken && sameChain
}

function between({ authorization: first }: Payment, { authorization: second }: Payment): Finding | undefined {
  const samePayee = sameAddress(first.to, second.to) && first.value === second.value
  const sameWindow = first.validAfter === second.validAfter && first.validBefore === second.validBefore
  const common = { party: 'client', severity: 'warning', field: 'authorization.nonce' } as const
  if (first.nonce.toLowerCase() === second.nonce.toLowerCase()) {
    if (samePayee && sameWindow) return undefined
    return {
      ...common,
      cause: 'nonce-reused',
      seen: first.nonce,
      summary: `Two different payments have the nonce ${first.nonce}: whichever settles first, the other never does`,
      evidence: [
        {
          source: 'payload',
          says: `one pays ${first.value} to ${first.to}, the other ${second.value} to ${second.to}, from ${first.from}`,
        },
      ],
      fix: 'If the second one was to replace the first, nothing is wrong; if both are to be paid, the one that did not settle needs a nonce of its own',
    }
  }
  const [opens, closes] = [max(first.validAfter, second.validAfter), min(first.validBefore, second.validBefore)]
  if (!samePayee || opens + 1n >= closes) return undefined
  return {
    ...common,
    cause: 'retry-mints-new-nonce',
    seen: second.nonce,
    summary: `Two payments of ${first.value} to ${first.to} are good at once, with two nonces: if they are for one purchase, the payer pays twice`,
    evidence: [{ source: 'payload', says: `both can settle until ${utc(closes)}, with the nonces ${first.nonce} and ${second.nonce}` }],
    fix: `If they are for one purchase, send one of them only and cancel the other: nonce ${second.nonce}, or ${first.nonce}. Then see on chain which of the two was first`,
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
