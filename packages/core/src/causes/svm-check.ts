/**
 * What facilitators look at, one thing each; more may be added.
 * @pattern ^[a-z0-9]+(-[a-z0-9]+)*$
 */
export type SvmCheck =
  | 'network'
  | 'accepted-equal'
  | 'fee-payer-offered'
  /** The text as base64, and the bytes as a transaction. */
  | 'decode'
  | 'decode-message'
  | 'message-version'
  | 'fee-payer-first'
  | 'fee-payer-signs'
  | 'signatures'
  | 'lookup-tables'
  | 'instruction-count'
  | 'compute-limit'
  | 'compute-limit-cap'
  | 'compute-price'
  | 'compute-price-cap'
  | 'token-account-creation'
  | 'transfer'
  | 'fee-payer-authority'
  | 'fee-payer-isolated'
  | 'mint'
  | 'recipient'
  | 'source-exists'
  | 'destination-exists'
  | 'amount'
  | 'extra-instructions'
  | 'memo'
  | 'simulation'
  /** Any transfer that is right in all of authority, mint, recipient, accounts and amount. */
  | 'some-transfer'
  /** The same, and no second one. Transfers that a program makes inside of its own call are not seen. */
  | 'one-transfer'
  /** Nobody but the fee payer and one more has to sign. */
  | 'signer-count'
