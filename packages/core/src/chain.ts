export type { Known } from './evidence/known.ts'
export type { Snapshot, SnapshotFamily } from './evidence/snapshot.ts'
export type {
  AccountCode,
  ChainAnswer,
  ChainQuestion,
  ChainReader,
  ChainState,
  FacilitatorState,
  Head,
  SentReceipt,
  Settlement,
  Simulation,
  WalletAnswer,
} from './evm/evidence/chain.ts'
export type { EvidenceSources, RecordedSources } from './evm/evidence/snapshot.ts'
export type { ChainSource, RequestProvider, SendProvider } from './evm/state/connect-chain.ts'
export type { ChainReaderOptions, ReadChainOptions } from './evm/state/read-chain.ts'
export type {
  DomainAnswer,
  DomainReading,
  DomainTarget,
  Implementation,
  ReadDomainOptions,
  TokenFunction,
} from './evm/state/read-domain.ts'
export { tokenFunctions } from './evm/state/read-domain.ts'
export type { Presence, Reading } from './evm/state/reading.ts'
export {
  captureSnapshot,
  chainReader,
  connectChain,
  describeAnswer,
  readChain,
  readDomain,
  readRpcUrl,
  readSnapshot,
  recordSources,
  redactUrl,
} from './guarded/chain.ts'
export { type ChainClient, type RpcAnswer, type RpcCall, RpcError } from './rpc/chain-client.ts'
export type { HttpOptions } from './rpc/http-client.ts'
export type { RpcEndpoint } from './rpc/rpc-url.ts'
