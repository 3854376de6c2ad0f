/**
 * The errors of Kora, a service that pays fees on Solana: their names, which it gives as `data.error_type`, the numbers that it has for them in
 * the range that JSON-RPC leaves to servers, and how the message begins. Null where others begin so too under the same number.
 * Source: KoraError and KoraErrorCode, github.com/solana-foundation/kora e9bc391 (August 2026), crates/lib/src/error.rs.
 */
const koraErrors: readonly (readonly [name: string, code: number, begins: string | null])[] = [
  ['InvalidTransaction', -32_000, null],
  ['ValidationError', -32_001, 'Validation error: '],
  ['UnsupportedFeeToken', -32_002, null],
  ['InsufficientFunds', -32_003, 'Insufficient funds: '],
  ['InvalidRequest', -32_004, 'Invalid request: '],
  ['FeeEstimationFailed', -32_005, 'Fee estimation failed: '],
  ['TransactionExecutionFailed', -32_006, 'Transaction execution failed: '],
  ['SigningError', -32_020, 'Signing error: '],
  ['RateLimitExceeded', -32_030, 'Rate limit exceeded'],
  ['UsageLimitExceeded', -32_031, 'Usage limit exceeded: '],
  ['Unauthorized', -32_032, 'Unauthorized: '],
  ['SwapError', -32_040, 'Swap error: '],
  ['TokenOperationError', -32_041, 'Token operation failed: '],
  ['AccountNotFound', -32_050, 'Account '],
  ['JitoError', -32_060, 'Jito error: '],
  ['RecaptchaError', -32_061, 'reCAPTCHA error: '],
  ['InternalServerError', -32_090, 'Internal error: '],
  ['ConfigError', -32_091, 'Invalid configuration: '],
  ['SerializationError', -32_092, 'Serialization error: '],
  ['RpcError', -32_093, 'RPC error: '],
]

const names: ReadonlySet<unknown> = new Set(koraErrors.map(([name]) => name))

/** Whether an error is Kora's, by the name that it gives it, or by a number together with how its message begins. */
export function isKoraError(errorType: unknown, code: unknown, message: unknown): boolean {
  if (names.has(errorType)) return true
  const begins = koraErrors.find(([, number]) => number === code)?.[2]
  return typeof message === 'string' && begins !== undefined && begins !== null && message.startsWith(begins)
}
