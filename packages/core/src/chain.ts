export { type ChainClient, describeAnswer, type RpcAnswer, type RpcCall, RpcError } from './chain/chain-client.ts'
export { type ChainSource, connectChain, type RequestProvider, type SendProvider } from './chain/connect-chain.ts'
export type { HttpOptions } from './chain/http-client.ts'
export { type ChainReaderOptions, chainReader, type ReadChainOptions, readChain } from './chain/read-chain.ts'
export type { DomainAnswer, DomainReading, DomainTarget, Implementation, ReadDomainOptions, TokenFunction } from './chain/read-domain.ts'
export { readDomain, tokenFunctions } from './chain/read-domain.ts'
export type { Presence, Reading } from './chain/reading.ts'
export { redactUrl } from './chain/redact-url.ts'
export { type RpcEndpoint, readRpcUrl } from './chain/rpc-url.ts'
export type {
  AccountCode,
  ChainAnswer,
  ChainQuestion,
  ChainReader,
  ChainState,
  FacilitatorState,
  Known,
  Settlement,
  Simulation,
  WalletAnswer,
} from './evidence/chain.ts'
