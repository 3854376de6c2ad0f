import { checkArgument as check, tokenMembers } from '../signer/check-argument.ts'
import { checkPayment } from '../signer/check-payment.ts'
import { createAuthorization as plainCreateAuthorization } from '../signer/create-authorization.ts'
import { preflight as plainPreflight } from '../signer/preflight.ts'
import { signAuthorization as plainSignAuthorization, typedDataOf as plainTypedDataOf } from '../signer/sign-authorization.ts'
import { fromRequirements as plainFromRequirements, toX402V1 as plainToX402V1, toX402V2 as plainToX402V2 } from '../signer/x402.ts'

const signature = ' signature:hex'

export const createAuthorization: typeof plainCreateAuthorization = (request) => {
  const { token: own } = check(Object(request), 'token:object? primaryType:string? random:function? now:bigint?')
  if (own !== undefined) check(own, tokenMembers)
  return plainCreateAuthorization(Object(request))
}
export const preflight: typeof plainPreflight = async (payment, options = {}) =>
  plainPreflight(checkPayment(payment, signature), check(Object(options), 'now:bigint? timeout:number?'))
export const signAuthorization: typeof plainSignAuthorization = async (signer, payment) =>
  plainSignAuthorization(signer, checkPayment(payment))
export const typedDataOf: typeof plainTypedDataOf = (payment) => plainTypedDataOf(checkPayment(payment))
export const fromRequirements: typeof plainFromRequirements = (offer) => plainFromRequirements(Object(offer))
export const toX402V1: typeof plainToX402V1 = (payment) => plainToX402V1(checkPayment(payment, signature))
export const toX402V2: typeof plainToX402V2 = (payment, accepted) => plainToX402V2(checkPayment(payment, signature), Object(accepted))
