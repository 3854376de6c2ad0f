/**
 * The way of a payment, first to last: what explains other findings stands before them, and then they stand in the order in which a payment
 * stops. Up to `network` and in `asset` nobody can tell what the payment is; a facilitator compares the offer next; then the token checks
 * FiatToken's way (its gates, the window, the nonce, the signature's bytes, the digest, a wallet's code, the balance), as its revert strings show.
 */
export const stages = [
  /** What has become of it on chain makes all else history. */
  'landed',
  /** Bytes and fields that can not be read as they are. */
  'wire',
  'network',
  'asset',
  /**
   * How a transaction of Solana is built, in the order of the scheme's specification. A signature that does not fit goes before the fields,
   * because what was changed after signing is why they are wrong.
   */
  'layout',
  'offer',
  /** What stops every payment of a token, or of an account. */
  'gate',
  'window',
  'nonce',
  /** The signature's bytes, whatever they sign. */
  'bytes',
  /** What was hashed, and by whose key. */
  'digest',
  /** What a payer's code makes of it. */
  'wallet',
  /** What those who verify hold against a payment that the token would take. */
  'verifier',
  /** Whether the accounts are there and hold enough. */
  'accounts',
  /** Whoever submits it. */
  'relay',
  /** What explains nothing else: a blockhash is dead soon enough, whatever is wrong. */
  'late',
  /** The RPC that was asked. */
  'node',
] as const

export type Stage = (typeof stages)[number]
