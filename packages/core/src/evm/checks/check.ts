import type { Check as AnyCheck } from '../../evidence/check.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'

/** What is checked of an EVM payment, as people would say it. */
export const checkNames = {
  'window-form': 'window is well formed',
  'window-open': 'window is open',
  'signature-bytes': 'signature bytes',
  signer: 'signature recovers to from',
  'wallet-signature': 'smart wallet accepts the signature',
  'offer-domain': "offer names the token's domain",
  'gateway-offer': 'offer is as Circle Gateway has it',
  asset: 'asset is a known token',
  overload: 'token has the overload',
  amount: 'value is one that somebody can have',
  payee: 'payee can be paid',
  'nonce-form': 'nonce has a turn',
  balance: 'payer holds the value',
  nonce: 'nonce is unused',
  transaction: 'transaction that was sent has the payment in it',
  'nonce-in-turn': 'nonce is the next of its key',
  'payer-claim': 'input says nothing of code at the payer',
  'payer-code': 'payer has no code',
  blacklist: 'nobody is blacklisted',
  pause: 'token is not paused',
  contract: 'asset is a contract with EIP-3009',
  'domain-on-chain': 'domain on chain is the one that was taken',
  'rpc-chain': 'RPC serves the chain',
  'rpc-agreement': 'RPCs agree',
  pending: 'pending block agrees with the newest',
  'facilitator-gas': 'facilitator can pay for gas',
  'facilitator-calls': 'token takes calls of the facilitator',
  'facilitator-gas-limit': 'transaction has enough gas',
  'facilitator-queue': 'facilitator has no transactions waiting',
  fork: "replay on the chain's own state",
  replay: 'replay',
} as const satisfies Record<string, string>

export type CheckId = keyof typeof checkNames

/** A check of an EVM payment. */
export type Check = AnyCheck<Payment, Evidence, CheckId>
