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
} from './evidence/replay.ts'
export { walletCode } from './evidence/replay.ts'
export {
  delegationTo,
  describeIntervention,
  embeddedReplayer,
  openChain,
  openFork,
  openRecording,
  readCase,
  readCases,
  runCases,
  shareChains,
  writeRecording,
} from './guarded/replay.ts'
export type { Expectation, RecordedCase, UnreadableCase } from './regression/case.ts'
export type { CaseChain, CaseOutcome, CaseResult, RunOptions } from './regression/run-cases.ts'
export type { SharedChains } from './regression/shared-chains.ts'
export type { EmbeddedChain, EmbeddedOptions, OpenChainTarget } from './replay/open-chain.ts'
export type { ForkedChain, ForkOptions, ForkPoint, ForkSource, SentPayment } from './replay/open-fork.ts'
export type { Recorder } from './replay/own-state.ts'
export type { RecordedChain, RecordingSource } from './replay/recording.ts'
export type { SimulatedOutcome, Simulation } from './replay/simulate.ts'
