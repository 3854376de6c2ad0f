/** One thing that a token looks at before it moves money. */
export type CheckName =
  | 'paused'
  /** Only what needs a signature is paused. */
  | 'signatures-paused'
  /** The account that calls the token, which is the relayer. */
  | 'sender-blocked'
  | 'from-blacklisted'
  | 'to-blacklisted'
  | 'caller-is-payee'
  | 'after'
  | 'before'
  /** Both ends of the window in one check, so that one answer means either. */
  | 'window'
  | 'unused'
  /** The nonce is the next of its key: neither used before nor ahead of another. */
  | 'in-sequence'
  | 'length'
  | 's'
  | 'v'
  | 'recovered'
  | 'signature'
  | 'from-zero'
  | 'to-zero'
  /** The payee is the token's own address, refused as such and not by a blacklist. */
  | 'to-itself'
  | 'balance'
  /** The chain's own money, which the token moves through a precompile. */
  | 'native-transfer'

/** What a token answers where a check fails. */
export type Words =
  /** The reason of `Error(string)`. */
  | { readonly text: string }
  /** A custom error, as its selector is made: `ERC3009UsedAuthorization(address,bytes32)`. */
  | { readonly error: string }
  /** It does not revert. */
  | { readonly returns: string }
  /** It reverts, and how it words that nobody has published. */
  | { readonly unpublished: true }

export type AuthorizationFunction = 'transferWithAuthorization' | 'receiveWithAuthorization'
export type Overload = 'vrs' | 'bytes'

/** How one overload of one function goes about a payment. */
export interface CallModel {
  /** The first that fails is the answer. */
  readonly order: readonly CheckName[]
  /** What it answers to each of them. */
  readonly words: Readonly<Partial<Record<CheckName, Words>>>
  /**
   * What code at the payer's address changes. `instead`: the code is asked by ERC-1271 and no key is recovered; `after`: it is asked when the
   * key that was recovered is not the payer's; `never`: the token does not look.
   */
  readonly payerCode: 'instead' | 'after' | 'never'
}

/** What is known of one family of token contracts, read in its source. */
export interface FamilyModel {
  /** For people: `FiatToken v2.2`. */
  readonly label: string
  /** An overload that the contract has not is absent. */
  readonly calls: Readonly<Record<AuthorizationFunction, Readonly<Partial<Record<Overload, CallModel>>>>>
  /** Whether the second that equals validAfter or validBefore is in the window. */
  readonly boundaries: { readonly validAfter: 'excluded' | 'included'; readonly validBefore: 'excluded' | 'included' }
  /** `time-or-block`: with bit 47 set in both of them, validAfter and validBefore are numbers of blocks. */
  readonly clock: 'time' | 'time-or-block'
  /** `sequential`: 192 bits of a key that the payer chooses, and 64 bits that count up from 0 for each key. */
  readonly nonces: 'random' | 'sequential'
  /** The view function that tells whether it is paused; `never` for a token that can not be, null where whoever built on the contract decides. */
  readonly pause: 'paused' | 'isTransferPaused' | 'never' | null
  /** The view function that tells whether an account is listed, and whether the token lists itself when it is set up; null as for `pause`. */
  readonly blacklist: { readonly function: BlacklistFunction; readonly itself: boolean } | null
  /** `salt`: name, version, verifyingContract and salt = bytes32(chainId), in place of the four usual fields. */
  readonly layout: 'standard' | 'salt'
  /** Where it was read; what was not read there is said in the words. */
  readonly source: string
}

/** Selectors of the view functions that tell whether an account is listed. */
export const blacklistSelectors = {
  isBlacklisted: '0xfe575a87',
  isFrozen: '0xe5839836',
  isBlocked: '0xfbac3951',
  isAccountFrozen: '0xe816d97f',
} as const

export type BlacklistFunction = keyof typeof blacklistSelectors

/** Selectors of the view functions that tell whether the token is paused. */
export const pauseSelectors = { paused: '0x5c975abb', isTransferPaused: '0xa1a1ef43' } as const

/** A call's model: the compiler asks for the words of each check in the order. */
export function callModel<const Order extends readonly CheckName[]>(
  order: Order,
  payerCode: CallModel['payerCode'],
  words: { readonly [Check in Order[number]]: Words },
): CallModel {
  return { order, payerCode, words }
}

/** The same call without a check: of `receiveWithAuthorization` without the one that only that function makes. */
function without(call: CallModel, check: CheckName): CallModel {
  const { [check]: _, ...words } = call.words
  return { ...call, order: call.order.filter((each) => each !== check), words }
}

/** Both functions of a contract that differ in nothing but who may call: given is how it receives. */
export function bothFunctions(receive: Readonly<Partial<Record<Overload, CallModel>>>): FamilyModel['calls'] {
  const transfer = Object.fromEntries(Object.entries(receive).map(([overload, call]) => [overload, without(call, 'caller-is-payee')]))
  return { transferWithAuthorization: transfer, receiveWithAuthorization: receive }
}

/** Both comparisons are strict: `validAfter < block time < validBefore`. */
export const strict = { validAfter: 'excluded', validBefore: 'excluded' } as const
