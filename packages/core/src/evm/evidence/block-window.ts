import { modelOf, type TokenFamily } from '../../tokens/models.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { windowOf } from './moment.ts'

/** Bit 47, by which OpenZeppelin's ERC-3009 contracts tell numbers of blocks from seconds. */
const blockFlag = 1n << 47n

/**
 * The first and the last block at which the token accepts, where its window is in numbers of blocks: some families read it so when bit 47 is set in
 * both times. Undefined where it is in seconds.
 */
export function blockWindowOf(
  { validAfter, validBefore }: Authorization,
  family: TokenFamily | undefined,
): { readonly opens: bigint; readonly closes: bigint } | undefined {
  if (family === undefined || modelOf(family).clock !== 'time-or-block') return undefined
  if ((validAfter & validBefore & blockFlag) === 0n) return undefined
  return windowOf({ validAfter: validAfter & ~blockFlag, validBefore: validBefore & ~blockFlag })
}
