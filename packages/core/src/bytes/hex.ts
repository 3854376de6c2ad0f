/**
 * Bytes as text: lower-case hex behind `0x`. The same type as viem's, so that values pass both ways.
 * @pattern ^0x[0-9a-f]*$
 */
export type Hex = `0x${string}`

/**
 * 20 bytes as text, with the checksum of EIP-55. The same type as viem's.
 * @pattern ^0x[0-9a-fA-F]{40}$
 */
export type Address = `0x${string}`

/**
 * 32 bytes as text: a hash, a separator, a transaction.
 * @pattern ^0x[0-9a-f]{64}$
 */
export type Bytes32 = `0x${string}`

/**
 * The four bytes by which a contract tells its functions and errors apart.
 * @pattern ^0x[0-9a-f]{8}$
 */
export type Selector = `0x${string}`

/**
 * Bytes that can hold half of a signature: with `--share` stars stand where it was.
 * @pattern ^0x[0-9a-f*]*$
 */
export type CoverableHex = `0x${string}`

/**
 * 32 bytes that can be half of a signature: with `--share` they are stars.
 * @pattern ^0x[0-9a-f*]{64}$
 */
export type CoverableBytes32 = `0x${string}`
