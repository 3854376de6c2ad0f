import type { Reference } from './cause.ts'

/** Standards and sources that several causes rest on. Threads that only one cause cites stand with that cause. */
export const eip2 = { title: 'EIP-2: s in the lower half', url: 'https://eips.ethereum.org/EIPS/eip-2' } as const satisfies Reference
export const eip191 = { title: 'EIP-191: signed data', url: 'https://eips.ethereum.org/EIPS/eip-191' } as const satisfies Reference
export const eip712 = { title: 'EIP-712: typed data', url: 'https://eips.ethereum.org/EIPS/eip-712' } as const satisfies Reference
export const eip1271 = {
  title: 'ERC-1271: signatures of contracts',
  url: 'https://eips.ethereum.org/EIPS/eip-1271',
} as const satisfies Reference
export const eip1559 = { title: 'EIP-1559: base fee', url: 'https://eips.ethereum.org/EIPS/eip-1559' } as const satisfies Reference
export const eip1967 = { title: 'EIP-1967: proxy slots', url: 'https://eips.ethereum.org/EIPS/eip-1967' } as const satisfies Reference
export const eip2098 = {
  title: 'EIP-2098: compact signatures',
  url: 'https://eips.ethereum.org/EIPS/eip-2098',
} as const satisfies Reference
export const eip2612 = { title: 'EIP-2612: permit', url: 'https://eips.ethereum.org/EIPS/eip-2612' } as const satisfies Reference
export const eip3009 = {
  title: 'EIP-3009: transfer with authorization',
  url: 'https://eips.ethereum.org/EIPS/eip-3009',
} as const satisfies Reference
export const eip6492 = {
  title: 'ERC-6492: signatures of undeployed contracts',
  url: 'https://eips.ethereum.org/EIPS/eip-6492',
} as const satisfies Reference
export const eip7702 = {
  title: 'EIP-7702: code for ordinary accounts',
  url: 'https://eips.ethereum.org/EIPS/eip-7702',
} as const satisfies Reference

const circle = 'https://github.com/circlefin/stablecoin-evm/blob/master/contracts'

export const circleEip3009 = { title: 'Circle: EIP3009.sol', url: `${circle}/v2/EIP3009.sol` } as const satisfies Reference
export const circleV2 = { title: 'Circle: FiatTokenV2.sol', url: `${circle}/v2/FiatTokenV2.sol` } as const satisfies Reference
export const circleV22 = { title: 'Circle: FiatTokenV2_2.sol', url: `${circle}/v2/FiatTokenV2_2.sol` } as const satisfies Reference
export const circleV1 = { title: 'Circle: FiatTokenV1.sol', url: `${circle}/v1/FiatTokenV1.sol` } as const satisfies Reference
export const circleEcRecover = { title: 'Circle: ECRecover.sol', url: `${circle}/util/ECRecover.sol` } as const satisfies Reference
export const circleSignatureChecker = {
  title: 'Circle: SignatureChecker.sol',
  url: `${circle}/util/SignatureChecker.sol`,
} as const satisfies Reference
export const circleBlacklistable = {
  title: 'Circle: Blacklistable.sol',
  url: `${circle}/v1/Blacklistable.sol`,
} as const satisfies Reference
export const circlePausable = { title: 'Circle: Pausable.sol', url: `${circle}/v1/Pausable.sol` } as const satisfies Reference
export const circleAddresses = {
  title: 'Circle: USDC contract addresses',
  url: 'https://developers.circle.com/stablecoins/usdc-contract-addresses',
} as const satisfies Reference

export const paxosEip3009 = {
  title: 'Paxos: EIP3009.sol, which returns on a used authorization',
  url: 'https://github.com/paxosglobal/paxos-token-contracts/blob/master/contracts/lib/EIP3009.sol',
} as const satisfies Reference
export const openZeppelin3009 = {
  title: 'OpenZeppelin 5.7: draft-ERC3009.sol',
  url: 'https://github.com/OpenZeppelin/openzeppelin-contracts/blob/v5.7.0/contracts/token/ERC20/extensions/draft-ERC3009.sol',
} as const satisfies Reference
export const openZeppelinTransferAuthorization = {
  title: 'OpenZeppelin 5.7: ERC20TransferAuthorization.sol',
  url: 'https://github.com/OpenZeppelin/openzeppelin-contracts/blob/v5.7.0/contracts/token/ERC20/extensions/ERC20TransferAuthorization.sol',
} as const satisfies Reference

const foundation = 'https://github.com/x402-foundation/x402'

export const x402Exact = {
  title: 'x402: the exact scheme on EVM chains',
  url: `${foundation}/blob/main/specs/schemes/exact/scheme_exact_evm.md`,
} as const satisfies Reference
export const x402ExactSvm = {
  title: 'x402: the exact scheme on Solana',
  url: `${foundation}/blob/main/specs/schemes/exact/scheme_exact_svm.md`,
} as const satisfies Reference
export const permit2 = {
  title: 'Uniswap: Permit2, SignatureTransfer',
  url: 'https://docs.uniswap.org/contracts/permit2/reference/signature-transfer',
} as const satisfies Reference
export const x402Spec = {
  title: 'x402 specification, version 2',
  url: `${foundation}/blob/main/specs/x402-specification-v2.md`,
} as const satisfies Reference
export const x402Http = {
  title: 'x402: HTTP transport, version 2',
  url: `${foundation}/blob/main/specs/transports-v2/http.md`,
} as const satisfies Reference

/** A thread of x402-foundation/x402 that was read. */
export function thread(number: number, title: string, kind: 'issues' | 'pull' = 'issues'): Reference {
  return { title: `x402 #${number}: ${title}`, url: `${foundation}/${kind}/${number}` }
}
