import { bothFunctions, callModel, type FamilyModel, strict, type Words } from './model.ts'

const unpublished: Words = { unpublished: true }
const refused: Words = { error: 'InvalidSignature()' }

/** Tether looks at the caller, never at the payee, and can not be paused. Its EIP3009.sol is not public: words are those that its tokens were seen to answer. */
const tether = {
  'sender-blocked': { text: 'Blocked: msg.sender is blocked' },
  'caller-is-payee': unpublished,
  after: { text: 'TetherToken: auth early' },
  before: unpublished,
  unused: { text: 'TetherToken: auth invalid' },
  s: unpublished,
  v: unpublished,
  recovered: unpublished,
  signature: { text: 'TetherToken: invalid signature' },
  'from-zero': { text: 'ERC20: transfer from the zero address' },
  'to-zero': { text: 'ERC20: transfer to the zero address' },
  'from-blacklisted': { text: 'TetherToken: from is blocked' },
  'to-itself': { text: 'TetherToken: transfer to the contract address' },
  balance: { text: 'ERC20: transfer amount exceeds balance' },
} as const satisfies Record<string, Words>

const tetherStart = ['sender-blocked', 'caller-is-payee', 'after', 'before', 'unused'] as const
const tetherEnd = ['s', 'v', 'recovered', 'signature', 'from-zero', 'to-zero', 'from-blacklisted', 'to-itself', 'balance'] as const

const paxosWindow = {
  paused: { error: 'ContractPaused()' },
  'caller-is-payee': { error: 'CallerMustBePayee()' },
  after: { error: 'AuthorizationInvalid()' },
  before: { error: 'AuthorizationExpired()' },
  unused: { returns: 'emits AuthorizationAlreadyUsed and moves nothing' },
} as const satisfies Record<string, Words>

const paxosTransfer = {
  'to-zero': { error: 'ZeroAddress()' },
  'to-blacklisted': { error: 'AddressFrozen()' },
  'from-blacklisted': { error: 'AddressFrozen()' },
  balance: { error: 'InsufficientFunds()' },
} as const satisfies Record<string, Words>

const paxosStart = ['paused', 'caller-is-payee', 'after', 'before', 'unused'] as const
const paxosEnd = ['to-zero', 'to-blacklisted', 'from-blacklisted', 'balance'] as const

/** OpenZeppelin 4.9's SignatureChecker: a key first, then the account's code; one answer to whatever is wrong. */
const eitherWay = { s: refused, v: refused, recovered: refused, signature: refused } as const

const paxos = {
  boundaries: strict,
  clock: 'time',
  nonces: 'random',
  pause: 'paused',
  blacklist: { function: 'isFrozen', itself: false },
  layout: 'standard',
} as const

const frozen: Words = { error: 'AccountIsFrozen(address)' }

const agora = {
  paused: { error: 'TransferPaused()' },
  'signatures-paused': { error: 'SignatureVerificationPaused()' },
  after: { error: 'InvalidAuthorization()' },
  before: { error: 'ExpiredAuthorization()' },
  unused: { error: 'UsedOrCanceledAuthorization()' },
  v: refused,
  recovered: refused,
  signature: refused,
  'from-blacklisted': frozen,
  balance: { error: 'ERC20InsufficientBalance(address,uint256,uint256)' },
  'to-blacklisted': frozen,
} as const satisfies Record<string, Words>

const agoraEnd = ['after', 'before', 'unused', 'v', 'recovered', 'signature', 'from-blacklisted', 'balance', 'to-blacklisted'] as const
// Solady's check takes 64 bytes and any s.
const agoraTransfer = callModel(['sender-blocked', 'paused', 'signatures-paused', ...agoraEnd], 'after', {
  ...agora,
  'sender-blocked': frozen,
})
const agoraReceive = callModel(['paused', 'signatures-paused', 'caller-is-payee', ...agoraEnd], 'after', {
  ...agora,
  'caller-is-payee': { error: 'InvalidPayee(address,address)' },
})

/** Tokens of other issuers than Circle. */
export const otherIssuers = {
  TetherTokenV2: {
    label: "Tether's TetherTokenV2",
    calls: bothFunctions({
      vrs: callModel([...tetherStart, ...tetherEnd], 'instead', tether),
      bytes: callModel([...tetherStart, 'length', ...tetherEnd], 'instead', { ...tether, length: unpublished }),
    }),
    boundaries: strict,
    clock: 'time',
    nonces: 'random',
    pause: 'never',
    blacklist: { function: 'isBlocked', itself: false },
    layout: 'standard',
    source:
      "TetherTokenV2.sol and TetherToken.sol as verified for USD₮0 on Arbitrum (0xFd086bC7CD5C481DCC9C85ebE478A1C0b69FCbb9); 'auth early' as USD₮0 on Base answers, 'auth invalid' as USA₮ on Celo does",
  },
  /** Until December 2025, and what was not upgraded since: a key only. */
  PaxosTokenV2Vrs: {
    ...paxos,
    label: 'PaxosTokenV2 without contract signatures',
    calls: bothFunctions({
      vrs: callModel([...paxosStart, 's', 'v', 'recovered', 'signature', ...paxosEnd], 'never', {
        ...paxosWindow,
        s: { error: 'InvalidValueS()' },
        v: { error: 'InvalidECRecoverSignature()' },
        recovered: { error: 'InvalidECRecoverSignature()' },
        signature: refused,
        ...paxosTransfer,
      }),
    }),
    source: 'https://github.com/paxosglobal/paxos-token-contracts/blob/4421d2b/contracts/lib/EIP3009.sol',
  },
  PaxosTokenV2: {
    ...paxos,
    label: 'PaxosTokenV2',
    calls: bothFunctions({
      vrs: callModel([...paxosStart, 's', 'v', 'recovered', 'signature', ...paxosEnd], 'after', {
        ...paxosWindow,
        ...eitherWay,
        ...paxosTransfer,
      }),
      bytes: callModel([...paxosStart, 'length', 's', 'v', 'recovered', 'signature', ...paxosEnd], 'after', {
        ...paxosWindow,
        length: refused,
        ...eitherWay,
        ...paxosTransfer,
      }),
    }),
    source: 'https://github.com/paxosglobal/paxos-token-contracts/blob/cb21251/contracts/lib/EIP3009.sol',
  },
  AgoraDollar: {
    label: "Agora's AgoraDollar",
    calls: {
      transferWithAuthorization: { vrs: agoraTransfer, bytes: agoraTransfer },
      receiveWithAuthorization: { vrs: agoraReceive, bytes: agoraReceive },
    },
    boundaries: strict,
    clock: 'time',
    nonces: 'random',
    pause: 'isTransferPaused',
    blacklist: { function: 'isAccountFrozen', itself: false },
    layout: 'standard',
    source: 'https://github.com/agora-finance/agora-dollar-evm/blob/4f94ae5/src/contracts/proxy/AgoraDollarErc1967Proxy.sol',
  },
} as const satisfies Record<string, FamilyModel>
