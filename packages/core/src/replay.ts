export type { Expectation, RecordedCase, UnreadableCase } from './cases/case.ts'
export type { CaseChain, CaseOutcome, CaseResult, RunOptions } from './cases/run-cases.ts'
export type { Fork, Forker, ForkPlace } from './evm/evidence/fork.ts'
export type {
  BalanceChange,
  CallFrame,
  Intervention,
  ReplayChain,
  ReplayCode,
  Replayer,
  ReplayOptions,
  ReplayOutcome,
  ReplayPayment,
  ReplayTarget,
  ReplayToken,
  SignatureCheck,
  TokenEvent,
} from './evm/evidence/replay.ts'
export { walletCode } from './evm/evidence/replay.ts'
export type { EmbeddedChain, EmbeddedOptions, OpenChainTarget } from './evm/world/open-chain.ts'
export type { ForkedChain, ForkOptions, ForkPoint, ForkSource, SentPayment } from './evm/world/open-fork.ts'
export type { Recorder } from './evm/world/own-state.ts'
export type { RecordedChain, RecordingSource } from './evm/world/recording.ts'
export type { SimulatedOutcome, Simulation } from './evm/world/simulate.ts'
export {
  delegationTo,
  describeIntervention,
  embeddedReplayer,
  openChain,
  openFork,
  openRecording,
  ownChains,
  readCase,
  readCases,
  rpcForker,
  runCases,
  shareChains,
  writeRecording,
} from './guarded/replay.ts'
export type { SharedChains } from './testing/shared-chains.ts'
