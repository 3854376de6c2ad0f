export { type AuthorizationRequest, createAuthorization, type UnsignedPayment } from './signer/create-authorization.ts'
export { type PreflightOptions, preflight } from './signer/preflight.ts'
export { type Preflight, PreflightError } from './signer/preflight-error.ts'
export {
  type PaymentSigner,
  type SignableTypedData,
  type SignedPayment,
  type SignTypedData,
  signAuthorization,
  type TypedDataAccount,
  type TypedDataClient,
  type TypedDataSigner,
  typedDataOf,
} from './signer/sign-authorization.ts'
export type { SignerNetwork, SignerToken } from './signer/signer-network.ts'
export {
  fromRequirements,
  toX402V1,
  toX402V2,
  type X402ExactPayload,
  type X402PayloadV1,
  type X402PayloadV2,
  type X402Requirements,
} from './signer/x402.ts'
