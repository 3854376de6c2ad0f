/**
 * What the command line needs of core and nobody else should: it changes with any version, whatever its number. Everything that is promised stands on the
 * other faces.
 */
export type { Address, Bytes32, CoverableBytes32 } from './bytes/hex.ts'
export type { SolanaCauseEntry } from './causes/cause.ts'
export { domainText } from './evm/typed-data/domain.ts'
export type { DecodedAnswer } from './revert/revert.ts'
export type { Count, Digits, SolanaKey } from './text/written.ts'
