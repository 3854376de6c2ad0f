export type {
  BalanceChange,
  CallFrame,
  Intervention,
  ReplayChain,
  Replayer,
  ReplayOptions,
  ReplayOutcome,
  ReplayPayment,
  ReplayTarget,
  ReplayToken,
  SignatureCheck,
  TokenEvent,
} from './evidence/replay.ts'
export { delegationTo, describeIntervention, walletCode } from './evidence/replay.ts'
export { type Expectation, type RecordedCase, readCase, readCases, type UnreadableCase } from './regression/case.ts'
export { type CaseChain, type CaseOutcome, type CaseResult, type RunOptions, runCases } from './regression/run-cases.ts'
export { type SharedChains, shareChains } from './regression/shared-chains.ts'
export { type EmbeddedChain, type EmbeddedOptions, embeddedReplayer, type OpenChainTarget, openChain } from './replay/open-chain.ts'
export { type ForkedChain, type ForkOptions, type ForkPoint, type ForkSource, openFork, type SentPayment } from './replay/open-fork.ts'
export type { Recorder } from './replay/own-state.ts'
export { openRecording, type RecordedChain, type RecordingSource, writeRecording } from './replay/recording.ts'
export type { SimulatedOutcome, Simulation } from './replay/simulate.ts'
