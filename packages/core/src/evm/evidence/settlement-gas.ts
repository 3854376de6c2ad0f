/**
 * Gas of a transferWithAuthorization on FiatToken v2.2 with a little air: Base Sepolia charged 78 176, a first payment to an account some 20 000 more.
 */
export const settlementGas = 110_000n

/** Whether an account has too little for that much gas. Wei, and wei for one unit of gas. */
export function isShort(native: bigint, gasPrice: bigint): boolean {
  return native === 0n || native < gasPrice * settlementGas
}

/** More than any payment needs, and no more than every chain takes (EIP-7825). */
export const ampleGas = 16_000_000n
