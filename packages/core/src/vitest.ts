export { type ChainTestContext, createChainTest } from './regression/chain-test.ts'
export {
  type ConformanceOptions,
  type ConformanceReport,
  type NetworkConformance,
  type SignerFault,
  type SignerUnderTest,
  signerConformance,
} from './regression/conformance.ts'
export { describeConformance, testSigner } from './regression/conformance-test.ts'
export type { AssertionOptions, PaymentMatchers } from './regression/matchers.ts'
export { type ProbedTypedData, type ProbeId, type SigningContext, type SigningOffer, signingProbes } from './regression/signing-probes.ts'
export type { ChainTestOptions, TestChain } from './regression/test-chain.ts'
