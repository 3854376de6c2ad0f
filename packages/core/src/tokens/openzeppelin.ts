import { bothFunctions, callModel, type FamilyModel, strict, type Words } from './model.ts'

const wrong: Words = { error: 'ERC3009InvalidSignature()' }
const unrecovered: Words = { error: 'ECDSAInvalidSignature()' }
const outOfSequence: Words = { error: 'InvalidAccountNonce(address,uint256)' }

/** The signature comes first: before the caller, the window and the nonce. */
const recovery = {
  s: { error: 'ECDSAInvalidSignatureS(bytes32)' },
  v: unrecovered,
  recovered: unrecovered,
  signature: wrong,
  'caller-is-payee': { error: 'ERC20InvalidReceiver(address)' },
  window: { error: 'ERC3009InvalidAuthorizationTime(uint256,uint256)' },
} as const satisfies Record<string, Words>

const transfer = {
  'from-zero': { error: 'ERC20InvalidSender(address)' },
  'to-zero': { error: 'ERC20InvalidReceiver(address)' },
  balance: { error: 'ERC20InsufficientBalance(address,uint256,uint256)' },
} as const satisfies Record<string, Words>

const recovering = ['s', 'v', 'recovered', 'signature', 'caller-is-payee', 'window'] as const
const transfers = ['from-zero', 'to-zero', 'balance'] as const

const shared = {
  boundaries: strict,
  clock: 'time-or-block',
  // The contracts themselves have neither; a token that is built on them may add both.
  pause: null,
  blacklist: null,
  layout: 'standard',
} as const

const contracts = 'https://github.com/OpenZeppelin/openzeppelin-contracts/blob/v5.7.0/contracts/token/ERC20/extensions'

/** The two ERC-3009 contracts of OpenZeppelin 5.7. A token that is built on them may check more. */
export const openZeppelin = {
  ERC3009: {
    ...shared,
    label: "OpenZeppelin's ERC3009",
    calls: bothFunctions({
      vrs: callModel([...recovering, 'unused', ...transfers], 'never', {
        ...recovery,
        unused: { error: 'ERC3009UsedAuthorization(address,bytes32)' },
        ...transfer,
      }),
    }),
    nonces: 'random',
    source: `${contracts}/draft-ERC3009.sol`,
  },
  ERC20TransferAuthorization: {
    ...shared,
    label: "OpenZeppelin's ERC20TransferAuthorization",
    calls: bothFunctions({
      vrs: callModel([...recovering, 'in-sequence', ...transfers], 'never', { ...recovery, 'in-sequence': outOfSequence, ...transfer }),
      bytes: callModel(['length', ...recovering, 'in-sequence', ...transfers], 'instead', {
        ...recovery,
        length: wrong,
        s: wrong,
        v: wrong,
        recovered: wrong,
        'in-sequence': outOfSequence,
        ...transfer,
      }),
    }),
    nonces: 'sequential',
    source: `${contracts}/ERC20TransferAuthorization.sol`,
  },
} as const satisfies Record<string, FamilyModel>
