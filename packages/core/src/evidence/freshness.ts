/** An age in seconds above which a newest block is no longer the chain's head: no network makes a block less often. */
export const freshFor = 120n

/** The same for a chain whose blocks are so many seconds apart: twenty of them, and never so few that two clocks and a slow answer would do. */
export function freshnessOf(blockTime: number | undefined): bigint {
  if (blockTime === undefined) return freshFor
  const twenty = BigInt(Math.ceil(20 * blockTime))
  return twenty < 30n ? 30n : twenty > freshFor ? freshFor : twenty
}

/**
 * Seconds that a newest block lies behind the moment that counts, both in unix seconds; undefined where it is of then. What was read of a node that
 * stands still is no evidence of anything later.
 */
export function lagOf(newest: bigint, moment: bigint, blockTime: number | undefined): bigint | undefined {
  const lag = moment - newest
  return lag > freshnessOf(blockTime) ? lag : undefined
}
