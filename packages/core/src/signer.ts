export { createAuthorization, fromRequirements, preflight, signAuthorization, toX402V1, toX402V2, typedDataOf } from './guarded/signer.ts'
export type { AuthorizationRequest, UnsignedPayment } from './signer/create-authorization.ts'
export type { PreflightOptions } from './signer/preflight.ts'
export { type Preflight, PreflightError } from './signer/preflight-error.ts'
export type {
  PaymentSigner,
  SignableTypedData,
  SignedPayment,
  SignTypedData,
  TypedDataAccount,
  TypedDataClient,
  TypedDataSigner,
} from './signer/sign-authorization.ts'
export type { SignerNetwork, SignerToken } from './signer/signer-network.ts'
export type { X402ExactPayload, X402PayloadV1, X402PayloadV2, X402Requirements } from './signer/x402.ts'
