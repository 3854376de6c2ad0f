/** Bytes as text: lower-case hex behind `0x`. The same type as viem's, so that values pass both ways. */
export type Hex = `0x${string}`

/** 20 bytes as text, with the checksum of EIP-55. The same type as viem's. */
export type Address = `0x${string}`
