export type {
  BalanceChange,
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
export { type EmbeddedChain, type EmbeddedOptions, embeddedReplayer, openChain } from './replay/open-chain.ts'
