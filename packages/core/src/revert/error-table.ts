import type { CauseId } from '../causes/catalogue.ts'
import { anySignature, refusedSignature, spentNonce, tooEarly, tooLate } from './suspects.ts'

/** A custom error that can come back on the path of an authorization. */
export interface KnownError {
  /** Name and arguments as Solidity declares them: `ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)`. */
  readonly declaration: string
  /** Where it is declared. One selector may be declared in several places with one meaning. */
  readonly origins: readonly string[]
  /** What can really have caused it, the likeliest first; empty for errors that say nothing about a payment. */
  readonly causes: readonly CauseId[]
  /** The argument that holds another contract's revert data. */
  readonly inner?: number
}

/**
 * Custom errors of tokens, wallets and helpers by selector. Sources: OpenZeppelin contracts 5.7, Paxos paxos-token-contracts,
 * Agora agora-dollar-evm, Uniswap permit2, x402 contracts/evm, Coinbase smart-wallet, ERC-4337 account-abstraction 0.7, the validator of ERC-6492, ERC-7751.
 * The selectors are committed, not computed, so that nothing needs to hash at run time; a test recomputes each one.
 */
export const errorTable = {
  '0xe450d38c': {
    declaration: 'ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)',
    origins: ['OpenZeppelin 5'],
    causes: ['insufficient-balance', 'amount-units-wrong', 'asset-mismatch'],
  },
  '0x96c6fd1e': {
    declaration: 'ERC20InvalidSender(address sender)',
    origins: ['OpenZeppelin 5'],
    causes: ['malformed-field'],
  },
  '0xec442f05': {
    declaration: 'ERC20InvalidReceiver(address receiver)',
    origins: ['OpenZeppelin 5'],
    // Of the zero address that is what it says; of any other the caller of receiveWithAuthorization is not the payee.
    causes: ['payee-not-payable', 'primary-type-mismatch', 'facilitator-config-drift'],
  },
  '0xfb8f41b2': {
    declaration: 'ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)',
    origins: ['OpenZeppelin 5'],
    causes: ['permit2-allowance-missing'],
  },
  '0xe602df05': { declaration: 'ERC20InvalidApprover(address approver)', origins: ['OpenZeppelin 5'], causes: [] },
  '0x94280d62': { declaration: 'ERC20InvalidSpender(address spender)', origins: ['OpenZeppelin 5'], causes: [] },
  '0x62791302': { declaration: 'ERC2612ExpiredSignature(uint256 deadline)', origins: ['OpenZeppelin 5'], causes: ['expired'] },
  '0x4b800e46': {
    declaration: 'ERC2612InvalidSigner(address signer, address owner)',
    origins: ['OpenZeppelin 5'],
    causes: refusedSignature,
  },
  '0x752d88c0': {
    declaration: 'InvalidAccountNonce(address account, uint256 currentNonce)',
    origins: ['OpenZeppelin 5'],
    causes: ['nonce-out-of-sequence', 'nonce-out-of-turn', ...spentNonce],
  },
  '0x77c207f4': { declaration: 'ERC3009InvalidSignature()', origins: ['OpenZeppelin ERC-3009'], causes: anySignature },
  '0x4a931c17': {
    declaration: 'ERC3009InvalidAuthorizationTime(uint256 validAfter, uint256 validBefore)',
    origins: ['OpenZeppelin ERC-3009'],
    causes: ['expired', 'not-yet-valid', 'window-too-short', 'window-inverted', 'time-in-milliseconds', 'boundary-second'],
  },
  '0x8f7808c1': {
    declaration: 'ERC3009UsedAuthorization(address authorizer, bytes32 nonce)',
    origins: ['OpenZeppelin ERC-3009'],
    causes: spentNonce,
  },
  '0xf645eedf': { declaration: 'ECDSAInvalidSignature()', origins: ['OpenZeppelin 5'], causes: refusedSignature },
  '0xfce698f7': {
    declaration: 'ECDSAInvalidSignatureLength(uint256 length)',
    origins: ['OpenZeppelin 5'],
    causes: ['signature-length', 'compact-eip2098', 'smart-wallet-signature', 'signature-byte-order'],
  },
  '0xd78bce0c': {
    declaration: 'ECDSAInvalidSignatureS(bytes32 s)',
    origins: ['OpenZeppelin 5'],
    causes: ['high-s', 'signature-byte-order'],
  },
  '0xd93c0665': { declaration: 'EnforcedPause()', origins: ['OpenZeppelin 5'], causes: ['paused'] },
  '0x8dfc202b': { declaration: 'ExpectedPause()', origins: ['OpenZeppelin 5'], causes: [] },
  '0x118cdaa7': { declaration: 'OwnableUnauthorizedAccount(address account)', origins: ['OpenZeppelin 5'], causes: [] },
  '0x1e4fbdf7': { declaration: 'OwnableInvalidOwner(address owner)', origins: ['OpenZeppelin 5'], causes: [] },
  '0xe2517d3f': {
    declaration: 'AccessControlUnauthorizedAccount(address account, bytes32 neededRole)',
    origins: ['OpenZeppelin 5', 'Paxos'],
    causes: [],
  },
  '0x6697b232': { declaration: 'AccessControlBadConfirmation()', origins: ['OpenZeppelin 5'], causes: [] },
  '0x5274afe7': { declaration: 'SafeERC20FailedOperation(address token)', origins: ['OpenZeppelin 5'], causes: ['masked-reason'] },
  '0xe570110f': {
    declaration: 'SafeERC20FailedDecreaseAllowance(address spender, uint256 currentAllowance, uint256 requestedDecrease)',
    origins: ['OpenZeppelin 5'],
    causes: [],
  },
  '0x9996b315': {
    declaration: 'AddressEmptyCode(address target)',
    origins: ['OpenZeppelin 5'],
    causes: ['asset-has-no-code', 'rpc-wrong-chain'],
  },
  '0xcd786059': { declaration: 'AddressInsufficientBalance(address account)', origins: ['OpenZeppelin 5'], causes: [] },
  '0x1425ea42': { declaration: 'FailedInnerCall()', origins: ['OpenZeppelin 5'], causes: ['masked-reason'] },
  '0xd6bda275': { declaration: 'FailedCall()', origins: ['OpenZeppelin 5'], causes: ['masked-reason'] },
  '0xb06ebf3d': { declaration: 'FailedDeployment()', origins: ['OpenZeppelin 5'], causes: ['smart-wallet-signature'] },
  '0xcf479181': { declaration: 'InsufficientBalance(uint256 balance, uint256 needed)', origins: ['OpenZeppelin 5'], causes: [] },
  '0x3ee5aeb5': { declaration: 'ReentrancyGuardReentrantCall()', origins: ['OpenZeppelin 5', 'x402 proxies'], causes: [] },
  '0xf92ee8a9': { declaration: 'InvalidInitialization()', origins: ['OpenZeppelin 5'], causes: [] },
  '0xd7e6bcf8': { declaration: 'NotInitializing()', origins: ['OpenZeppelin 5'], causes: [] },
  '0x4c9c8ce3': { declaration: 'ERC1967InvalidImplementation(address implementation)', origins: ['OpenZeppelin 5'], causes: [] },
  '0xb398979f': { declaration: 'ERC1967NonPayable()', origins: ['OpenZeppelin 5'], causes: [] },
  '0xe07c8dba': { declaration: 'UUPSUnauthorizedCallContext()', origins: ['OpenZeppelin 5'], causes: [] },
  '0xb3512b0c': { declaration: 'InvalidShortString()', origins: ['OpenZeppelin 5'], causes: [] },
  '0xab35696f': { declaration: 'ContractPaused()', origins: ['Paxos'], causes: ['paused'] },
  '0x1fd1cc44': { declaration: 'AddressFrozen()', origins: ['Paxos'], causes: ['blacklisted'] },
  '0xd92e233d': { declaration: 'ZeroAddress()', origins: ['Paxos'], causes: ['payee-not-payable'] },
  '0xcd1fda9f': { declaration: 'TransferPaused()', origins: ['Agora'], causes: ['paused'] },
  '0xe283c875': { declaration: 'SignatureVerificationPaused()', origins: ['Agora'], causes: ['paused'] },
  '0xcf8eb597': { declaration: 'AccountIsFrozen(address frozenAccount)', origins: ['Agora'], causes: ['blacklisted', 'relayer-blocked'] },
  '0xfea94442': {
    declaration: 'InvalidPayee(address caller, address payee)',
    origins: ['Agora'],
    causes: ['primary-type-mismatch', 'facilitator-config-drift'],
  },
  '0x2ce87eeb': { declaration: 'InvalidAuthorization()', origins: ['Agora'], causes: tooEarly },
  '0xa899ef93': { declaration: 'ExpiredAuthorization()', origins: ['Agora'], causes: tooLate },
  '0x1dbc01d4': { declaration: 'UsedOrCanceledAuthorization()', origins: ['Agora'], causes: spentNonce },
  '0x868a64de': { declaration: 'InvalidPermission()', origins: ['Paxos'], causes: [] },
  '0x970ff492': { declaration: 'ArgumentLengthMismatch()', origins: ['Paxos'], causes: ['batch-item-failed'] },
  '0x5454b17d': { declaration: 'CallerMustBePayee()', origins: ['Paxos'], causes: ['primary-type-mismatch'] },
  '0xc906bf28': {
    declaration: 'AuthorizationInvalid()',
    origins: ['Paxos'],
    causes: ['not-yet-valid', 'time-in-milliseconds', 'boundary-second', 'window-inverted'],
  },
  '0x0f05f5bf': {
    declaration: 'AuthorizationExpired()',
    origins: ['Paxos', 'EIP-3009 tokens'],
    causes: ['expired', 'window-too-short', 'boundary-second', 'window-inverted'],
  },
  '0x482ff7c6': { declaration: 'BlockedAccountAuthorizer()', origins: ['Paxos'], causes: ['blacklisted'] },
  '0x356680b7': {
    declaration: 'InsufficientFunds()',
    origins: ['Paxos'],
    causes: ['insufficient-balance', 'amount-units-wrong', 'asset-mismatch'],
  },
  '0x13be252b': { declaration: 'InsufficientAllowance()', origins: ['Paxos', 'Solady'], causes: ['permit2-allowance-missing'] },
  '0x8baa579f': {
    declaration: 'InvalidSignature()',
    origins: ['Paxos', 'Agora', 'Permit2', 'Coinbase Smart Wallet'],
    causes: anySignature,
  },
  '0xed9a0195': { declaration: 'InvalidValueS()', origins: ['Paxos'], causes: ['high-s', 'signature-byte-order'] },
  '0x3d78b040': { declaration: 'InvalidECRecoverSignature()', origins: ['Paxos'], causes: refusedSignature },
  '0x1a15a3cc': { declaration: 'PermitExpired()', origins: ['Paxos', 'Solady'], causes: ['expired'] },
  '0xecefd49f': { declaration: 'InvalidNonceCount()', origins: ['Paxos'], causes: [] },
  '0xdf8e4372': {
    declaration: 'AuthorizationNotYetValid()',
    origins: ['EIP-3009 tokens'],
    causes: ['not-yet-valid', 'time-in-milliseconds', 'boundary-second', 'window-inverted'],
  },
  '0x9508f1f2': {
    declaration: 'AuthorizationAlreadyUsed()',
    origins: ['EIP-3009 tokens'],
    causes: ['authorization-used', 'executed-by-third-party', 'nonce-reused'],
  },
  '0xcbea1001': {
    declaration: 'AuthorizationUsedOrCanceled()',
    origins: ['EIP-3009 tokens'],
    causes: ['authorization-used', 'authorization-canceled', 'executed-by-third-party', 'nonce-reused'],
  },
  '0x10c74b03': { declaration: 'SignerMismatch()', origins: ['EIP-3009 tokens'], causes: refusedSignature },
  '0xff551e89': { declaration: 'InvalidSignatureV()', origins: ['EIP-3009 tokens'], causes: ['v-0-or-1', 'signature-byte-order'] },
  '0xbf4bf5b8': { declaration: 'InvalidSignatureS()', origins: ['EIP-3009 tokens'], causes: ['high-s', 'signature-byte-order'] },
  '0x3a436f55': {
    declaration: 'EIP3009Upgradeable__ErrorUnauthorized()',
    origins: ['bridged EIP-3009 tokens'],
    causes: ['primary-type-mismatch'],
  },
  '0xfbe44de7': {
    declaration: 'EIP3009Upgradeable__ErrorAuthEarly()',
    origins: ['bridged EIP-3009 tokens'],
    causes: ['not-yet-valid', 'time-in-milliseconds', 'window-inverted'],
  },
  '0xb85616f6': {
    declaration: 'EIP3009Upgradeable__ErrorAuthExpired()',
    origins: ['bridged EIP-3009 tokens'],
    causes: ['expired', 'window-too-short', 'window-inverted'],
  },
  '0x436c0ba4': {
    declaration: 'EIP3009Upgradeable__ErrorNonceAlreadyUsed(bytes32 nonce)',
    origins: ['bridged EIP-3009 tokens'],
    causes: ['authorization-used', 'authorization-canceled', 'executed-by-third-party', 'nonce-reused'],
  },
  '0x16305e66': {
    declaration: 'EIP3009Upgradeable__ErrorInvalidSignature()',
    origins: ['bridged EIP-3009 tokens'],
    causes: refusedSignature,
  },
  '0xf4d678b8': {
    declaration: 'InsufficientBalance()',
    origins: ['Solady'],
    causes: ['insufficient-balance', 'amount-units-wrong', 'asset-mismatch'],
  },
  '0xddafbaef': { declaration: 'InvalidPermit()', origins: ['Solady'], causes: refusedSignature },
  '0xcd21db4f': {
    declaration: 'SignatureExpired(uint256 signatureDeadline)',
    origins: ['Permit2'],
    causes: ['expired', 'window-too-short'],
  },
  '0x756688fe': {
    declaration: 'InvalidNonce()',
    origins: ['Permit2'],
    causes: ['authorization-used', 'executed-by-third-party', 'nonce-reused'],
  },
  '0x815e1d64': { declaration: 'InvalidSigner()', origins: ['Permit2'], causes: refusedSignature },
  '0x4be6321b': {
    declaration: 'InvalidSignatureLength()',
    origins: ['Permit2', 'ERC-6492 validator'],
    causes: ['signature-length', 'smart-wallet-signature'],
  },
  '0xb0669cbc': {
    declaration: 'InvalidContractSignature()',
    origins: ['Permit2'],
    causes: ['smart-wallet-signature', 'eip7702-payer', 'signer-not-owner'],
  },
  '0x3728b83d': { declaration: 'InvalidAmount(uint256 maxAmount)', origins: ['Permit2'], causes: ['amount-mismatch'] },
  '0xff633a38': { declaration: 'LengthMismatch()', origins: ['Permit2'], causes: ['malformed-field'] },
  '0xd81b2f2e': { declaration: 'AllowanceExpired(uint256 deadline)', origins: ['Permit2'], causes: [] },
  '0xf96fb071': { declaration: 'InsufficientAllowance(uint256 amount)', origins: ['Permit2'], causes: [] },
  '0x24d35a26': { declaration: 'ExcessiveInvalidation()', origins: ['Permit2'], causes: [] },
  '0xc4bd89a9': { declaration: 'UnsafeCast()', origins: ['Permit2'], causes: ['amount-units-wrong'] },
  '0x59106c89': { declaration: 'InvalidPermit2Address()', origins: ['x402 proxies'], causes: ['facilitator-config-drift'] },
  '0xac6b05f5': { declaration: 'InvalidDestination()', origins: ['x402 proxies'], causes: ['malformed-field'] },
  '0x49e27cff': { declaration: 'InvalidOwner()', origins: ['x402 proxies'], causes: ['malformed-field'] },
  '0x2c5211c6': { declaration: 'InvalidAmount()', origins: ['x402 proxies'], causes: ['amount-mismatch'] },
  '0xa65539fa': { declaration: 'PaymentTooEarly()', origins: ['x402 proxies'], causes: ['not-yet-valid', 'time-in-milliseconds'] },
  '0x050cda49': { declaration: 'Permit2612AmountMismatch()', origins: ['x402 proxies'], causes: ['amount-mismatch'] },
  '0xfe64b4c7': { declaration: 'AmountExceedsPermitted()', origins: ['x402 proxies'], causes: ['amount-mismatch'] },
  '0x0f6fae87': { declaration: 'UnauthorizedFacilitator()', origins: ['x402 proxies'], causes: ['facilitator-config-drift'] },
  '0x82b42900': { declaration: 'Unauthorized()', origins: ['Coinbase Smart Wallet'], causes: ['smart-wallet-signature'] },
  '0x4eeab722': {
    declaration: 'InvalidOwnerBytesLength(bytes owner)',
    origins: ['Coinbase Smart Wallet'],
    causes: ['smart-wallet-signature', 'signer-not-owner'],
  },
  '0xbff1ac65': {
    declaration: 'InvalidEthereumAddressOwner(bytes owner)',
    origins: ['Coinbase Smart Wallet'],
    causes: ['smart-wallet-signature'],
  },
  '0x68188e7a': {
    declaration: 'NoOwnerAtIndex(uint256 index)',
    origins: ['Coinbase Smart Wallet'],
    causes: ['smart-wallet-signature', 'signer-not-owner'],
  },
  '0x781f2e39': {
    declaration: 'WrongOwnerAtIndex(uint256 index, bytes expectedOwner, bytes actualOwner)',
    origins: ['Coinbase Smart Wallet'],
    causes: ['smart-wallet-signature', 'signer-not-owner'],
  },
  '0x8d16255a': { declaration: 'AlreadyOwner(bytes owner)', origins: ['Coinbase Smart Wallet'], causes: [] },
  '0x948bf897': { declaration: 'LastOwner()', origins: ['Coinbase Smart Wallet'], causes: [] },
  '0x823f1aa8': { declaration: 'NotLastOwner(uint256 ownersRemaining)', origins: ['Coinbase Smart Wallet'], causes: [] },
  '0x5daa87a0': { declaration: 'Initialized()', origins: ['Coinbase Smart Wallet'], causes: [] },
  '0x3b06e146': { declaration: 'SelectorNotAllowed(bytes4 selector)', origins: ['Coinbase Smart Wallet'], causes: [] },
  '0x2ef37813': { declaration: 'InvalidNonceKey(uint256 key)', origins: ['Coinbase Smart Wallet'], causes: [] },
  '0x3c776be1': { declaration: 'OwnerRequired()', origins: ['Coinbase Smart Wallet'], causes: ['smart-wallet-signature'] },
  '0x220266b6': {
    declaration: 'FailedOp(uint256 opIndex, string reason)',
    origins: ['ERC-4337 EntryPoint'],
    causes: ['smart-wallet-signature'],
  },
  '0x65c8fd4d': {
    declaration: 'FailedOpWithRevert(uint256 opIndex, string reason, bytes inner)',
    origins: ['ERC-4337 EntryPoint'],
    causes: ['smart-wallet-signature'],
    inner: 2,
  },
  '0xad7954bc': {
    declaration: 'PostOpReverted(bytes returnData)',
    origins: ['ERC-4337 EntryPoint'],
    causes: ['smart-wallet-signature'],
    inner: 0,
  },
  '0x86a9f750': {
    declaration: 'SignatureValidationFailed(address aggregator)',
    origins: ['ERC-4337 EntryPoint'],
    causes: ['smart-wallet-signature'],
  },
  '0x6ca7b806': { declaration: 'SenderAddressResult(address sender)', origins: ['ERC-4337 EntryPoint'], causes: [] },
  '0x99410554': {
    declaration: 'DelegateAndRevert(bool success, bytes ret)',
    origins: ['ERC-4337 EntryPoint'],
    causes: ['masked-reason'],
    inner: 1,
  },
  '0x6f2a9599': {
    declaration: 'ERC1271Revert(bytes reason)',
    origins: ['ERC-6492 validator'],
    causes: ['smart-wallet-signature', 'eip7702-payer'],
    inner: 0,
  },
  '0x9d0d6e2d': {
    declaration: 'ERC6492DeployFailed(bytes reason)',
    origins: ['ERC-6492 validator'],
    causes: ['smart-wallet-signature'],
    inner: 0,
  },
  '0x449f5db1': { declaration: 'InvalidSignatureVValue()', origins: ['ERC-6492 validator'], causes: ['v-0-or-1', 'signature-byte-order'] },
  '0x90bfb865': {
    declaration: 'WrappedError(address target, bytes4 selector, bytes reason, bytes details)',
    origins: ['ERC-7751'],
    causes: ['masked-reason'],
    inner: 2,
  },
} as const satisfies Record<string, KnownError>

/** The known error with this selector (`0x` and 8 lower-case digits). */
export function findError(selector: string): KnownError | undefined {
  const table: Readonly<Record<string, KnownError>> = errorTable
  return Object.hasOwn(table, selector) ? table[selector] : undefined
}
