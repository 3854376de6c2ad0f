// How numbers and keys stand in what is written as JSON. The compiler takes them for any text; the JSON Schemas that are made of these types do not.

/**
 * A whole number in decimal digits, of any size: atomic units, unix seconds, the number of a block.
 * @pattern ^[0-9]+$
 */
export type Digits = string

/**
 * The same of what somebody else wrote, who can have written a number below zero.
 * @pattern ^-?[0-9]+$
 */
export type SignedDigits = string

/**
 * A whole number that is small and not negative.
 * @asType integer
 * @minimum 0
 */
export type Count = number

/**
 * A number that one byte holds.
 * @asType integer
 * @minimum 0
 * @maximum 255
 */
export type Byte = number

/**
 * 32 bytes in base58: an account or a mint of Solana, a blockhash.
 * @pattern ^[1-9A-HJ-NP-Za-km-z]{32,44}$
 */
export type SolanaKey = string

/**
 * 64 bytes in base58: the id of a transaction on Solana, which is its first signature. With `--share` stars stand for one that others should not have.
 * @pattern ^[*1-9A-HJ-NP-Za-km-z]{64,88}$
 */
export type SolanaTransactionId = string
