/**
 * What the command line, the benches and the tests of this repository need of core and nobody else should: it changes with any version, whatever its number,
 * and refuses nothing that has no such type. Everything that is promised stands on the other faces.
 */
export type { Address, Bytes32, CoverableBytes32 } from './bytes/hex.ts'
export type { SolanaCauseEntry } from './causes/cause.ts'
export { hiddenAsJson, replaceHidden } from './errors/printable.ts'
export { type MatrixRow, replayMatrix } from './evm/diagnosis/replay-matrix.ts'
export { chooseMoment } from './evm/evidence/moment.ts'
export { revertOf, tokenSays } from './evm/evidence/outcome-words.ts'
export { searchSteps } from './evm/signature/forensics.ts'
export { createKernel } from './evm/signature/kernel/create.ts'
export { domainText, domainType } from './evm/typed-data/domain.ts'
export { findStandardWord, type StandardWord } from './evm/typed-data/standard-words.ts'
export { editDistance } from './networks/edit-distance.ts'
export { callName } from './revert/call-selectors.ts'
export type { DecodedAnswer } from './revert/revert.ts'
export { joinSecrets } from './sharing/secrets.ts'
export { describeTransaction, readTransactionText, type SvmTransactionReport } from './solana/transaction/describe-transaction.ts'
export { describeDomain } from './tables/drift.ts'
export { utc } from './text/utc.ts'
export type { Count, Digits, SolanaKey } from './text/written.ts'
export { parseJson } from './wire/json.ts'
export { decodeText } from './wire/text.ts'
