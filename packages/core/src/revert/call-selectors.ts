import type { Hex } from '../bytes/hex.ts'

/**
 * Calls on the path of a payment, by selector: a request that is logged beside an error is not revert data. Committed, not computed;
 * a test recomputes each one.
 */
export const callSignatures = {
  '0xe3ee160e': 'transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)',
  '0xcf092995': 'transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)',
  '0xef55bec6': 'receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)',
  '0x88b7ab63': 'receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)',
  '0x5a049a70': 'cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)',
  '0xb7b72899': 'cancelAuthorization(address,bytes32,bytes)',
  '0xe94a0102': 'authorizationState(address,bytes32)',
  '0x3644e515': 'DOMAIN_SEPARATOR()',
  '0x70a08231': 'balanceOf(address)',
  '0x06fdde03': 'name()',
  '0x54fd4d50': 'version()',
  '0x5c975abb': 'paused()',
  '0xfe575a87': 'isBlacklisted(address)',
  '0x095ea7b3': 'approve(address,uint256)',
  '0xa9059cbb': 'transfer(address,uint256)',
  '0x23b872dd': 'transferFrom(address,address,uint256)',
  '0xd505accf': 'permit(address,address,uint256,uint256,uint8,bytes32,bytes32)',
  '0x1626ba7e': 'isValidSignature(bytes32,bytes)',
  '0x6ccea652': 'isValidSignatureNow(address,bytes32,bytes)',
  '0x82ad56cb': 'aggregate3((address,bool,bytes)[])',
  '0xbce38bd7': 'tryAggregate(bool,(address,bytes)[])',
  '0x252dba42': 'aggregate((address,bytes)[])',
  '0x174dea71': 'aggregate3Value((address,bool,uint256,bytes)[])',
  // Paxos's tokens, where one bad entry reverts all, and Circle's FiatTokenUtil, where one may fail alone.
  '0xf5968e2d': 'transferWithAuthorizationBatch(address[],address[],uint256[],uint256[],uint256[],bytes32[],uint8[],bytes32[],bytes32[])',
  '0xe5c880f0': 'transferWithMultipleAuthorizations(bytes,bytes,bool)',
  '0xdd62ed3e': 'allowance(address,address)',
  '0x6a761202': 'execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)',
} as const satisfies Record<string, string>

/** Whether `selector` (`0x` and 8 lower-case digits) begins a known call. */
export function isCallSelector(selector: string): boolean {
  return Object.hasOwn(callSignatures, selector)
}

/** What a call is named: the function of a known selector without its parameters, the selector of an unknown one. */
export function callName(input: Hex): string {
  const selector = input.slice(0, 10).toLowerCase()
  if (selector.length < 10) return 'a plain transfer'
  return isCallSelector(selector) ? callSignatures[selector as keyof typeof callSignatures].replace(/\(.*/, '') : selector
}
