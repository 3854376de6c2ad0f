import { checkArgument, networkMembers, tokenMembers } from './check-argument.ts'
import type { UnsignedPayment } from './create-authorization.ts'

const paymentMembers = 'authorization:object primaryType:struct domain:object network:object token:object'
const authorizationMembers = 'from:address to:address value:uint256 validAfter:uint256 validBefore:uint256 nonce:bytes32'
const domainMembers = 'name:string? version:string? chainId:uint256? verifyingContract:address? salt:bytes32?'

export function checkPayment<T extends UnsignedPayment>(payment: T, more = ''): T {
  const { authorization, domain, network, token } = checkArgument(payment, paymentMembers + more)
  checkArgument(authorization, authorizationMembers)
  checkArgument(domain, domainMembers)
  checkArgument(network, networkMembers)
  checkArgument(token, tokenMembers)
  return payment
}
