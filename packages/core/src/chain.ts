export { type ChainClient, type RpcAnswer, type RpcCall, RpcError } from './chain/chain-client.ts'
export type { ChainSource, RequestProvider, SendProvider } from './chain/connect-chain.ts'
export type { HttpOptions } from './chain/http-client.ts'
export type { ChainReaderOptions, ReadChainOptions } from './chain/read-chain.ts'
export type { DomainAnswer, DomainReading, DomainTarget, Implementation, ReadDomainOptions, TokenFunction } from './chain/read-domain.ts'
export { tokenFunctions } from './chain/read-domain.ts'
export type { Presence, Reading } from './chain/reading.ts'
export type { RpcEndpoint } from './chain/rpc-url.ts'
export type {
  AccountCode,
  ChainAnswer,
  ChainQuestion,
  ChainReader,
  ChainState,
  FacilitatorState,
  Head,
  Known,
  SentReceipt,
  Settlement,
  Simulation,
  WalletAnswer,
} from './evidence/chain.ts'
export { chainReader, connectChain, describeAnswer, readChain, readDomain, readRpcUrl, redactUrl } from './guarded/chain.ts'
