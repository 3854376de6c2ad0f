import type { Address, Hex } from '../../bytes/hex.ts'
import type { DomainLayout, EvmNetwork, Overloads, Token } from '../../networks/network.ts'
import type { TokenFamily } from '../../tokens/models.ts'
import type { Payment, TokenCall } from '../payment/payment.ts'
import type { Authorization } from '../typed-data/authorization.ts'

/** What a replay needs of a payment. */
export type ReplayPayment = Pick<Payment, 'authorization' | 'signature' | 'primaryType' | 'call'>

/** One change to a payment, to the chain's time or to its state, in force during one replay only. */
export type Intervention =
  /** Another block time, unix seconds. */
  | { readonly kind: 'time'; readonly at: bigint }
  /** Other signature bytes, e.g. repaired ones. */
  | { readonly kind: 'signature'; readonly signature: Hex }
  /** Other members of the authorization; the signature stays as it is. */
  | { readonly kind: 'authorization'; readonly fields: Partial<Authorization> }
  /** Another function of the token, or another overload. */
  | { readonly kind: 'function'; readonly function: TokenCall['function']; readonly overload?: TokenCall['overload'] }
  /** Another account sends the transaction. */
  | { readonly kind: 'sender'; readonly sender: Address }
  /** Code at the payer's address. Of an EIP-7702 delegation (`delegationTo`), `delegateCode` is the code at the delegate; none when absent. */
  | { readonly kind: 'payer-code'; readonly code: Hex; readonly delegateCode?: Hex }
  /** The payer has this many atomic units, instead of just enough. */
  | { readonly kind: 'balance'; readonly value: bigint }
  | { readonly kind: 'blacklist'; readonly address: Address }
  | { readonly kind: 'blacklist-lifted'; readonly address: Address }
  | { readonly kind: 'paused' }
  | { readonly kind: 'unpaused' }
  /** The authorization's nonce is used or canceled. */
  | { readonly kind: 'nonce-used' }
  | { readonly kind: 'nonce-free' }
  /** The sender has this much wei and pays `gasPrice` wei for a unit of gas; without this gas costs nothing. */
  | { readonly kind: 'relayer-funds'; readonly wei: bigint; readonly gasPrice: bigint }
  /** The transaction may use this much gas, instead of what it was sent with. */
  | { readonly kind: 'gas'; readonly limit: bigint }
  /** The state of the last block: what was pending, or stood before the transaction in its own block, is left out. */
  | { readonly kind: 'latest' }
  /** The token checks signatures under this domain separator. Needs a signature of 65 bytes, since it is called by (v, r, s). */
  | { readonly kind: 'token-separator'; readonly separator: Hex }

/** A call as a call tracer shows it. */
export interface CallFrame {
  /** `CALL`, `DELEGATECALL`, `STATICCALL`, `CREATE` … */
  readonly type?: string
  readonly from?: Address
  readonly to?: Address
  readonly gasUsed?: Hex
  /** Wei. */
  readonly value?: Hex
  readonly input: Hex
  readonly output?: Hex
  readonly error?: string
  readonly calls?: readonly CallFrame[]
}

/** What the token did to check the signature, as the call trace shows it. */
export type SignatureCheck =
  /** The `ecrecover` precompile was asked; `recovered` is null when it recovered nobody. */
  | { readonly by: 'ecrecover'; readonly digest: Hex; readonly recovered: Address | null }
  /** The payer has code, so its `isValidSignature` was asked; `answer` is what it returned, `0x` when nothing. */
  | { readonly by: 'erc1271'; readonly digest: Hex; readonly wallet: Address; readonly answer: Hex; readonly accepted: boolean }

export type TokenEvent =
  | { readonly name: 'Transfer'; readonly from: Address; readonly to: Address; readonly value: bigint }
  | { readonly name: 'AuthorizationUsed'; readonly authorizer: Address; readonly nonce: Hex }

export interface BalanceChange {
  readonly address: Address
  /** Atomic units. */
  readonly before: bigint
  readonly after: bigint
}

interface ReplayedCall {
  /** The block's time, unix seconds. */
  readonly at: bigint
  readonly interventions: readonly Intervention[]
  /** What was called, and by whom. */
  readonly call: {
    readonly function: TokenCall['function']
    readonly overload: TokenCall['overload']
    readonly selector: Hex
    readonly sender: Address
  }
  readonly gasUsed: bigint
  /** Null when the token did not come to check the signature. */
  readonly signatureCheck: SignatureCheck | null
  /** Of payer and payee; one entry when they are the same. */
  readonly balances: readonly BalanceChange[]
  /** The calls inside of the transaction; absent where none was sent. */
  readonly trace?: CallFrame
}

/** What the token answered when a payment was sent to it as a mined transaction. Balances are read from the chain, not inferred. */
export type ReplayOutcome =
  | (ReplayedCall & { readonly status: 'settled'; readonly events: readonly TokenEvent[] })
  | (ReplayedCall & {
      readonly status: 'reverted'
      /** The string of Error(string); null when there was none. */
      readonly reason: string | null
      /** The revert data as it is; `0x` when there was none. */
      readonly data: Hex
      /** The chain did not take the transaction at all; `reason` is what it said to that. */
      readonly refused?: true
    })

/** A token on a chain that the registry does not have. `layout` is `standard` and `overloads` are both when nothing is said. */
export interface ReplayToken {
  readonly address: Address
  /** The EIP-712 domain's name and version. */
  readonly name: string
  readonly version: string
  readonly symbol?: string
  readonly decimals?: number
  readonly layout?: DomainLayout
  readonly overloads?: Overloads
  readonly separator?: Hex
  /** Which contract it is, where somebody knows; it decides whose code answers. */
  readonly family?: TokenFamily
}

/** Which token to replay against: a network's USDC, another token there, or a token on a chain that the registry does not have. */
export type ReplayTarget =
  | { readonly network: EvmNetwork; readonly token?: Token }
  | {
      readonly chainId: number
      /** What the chain is called, where it has a name. */
      readonly place?: string
      readonly token: ReplayToken
    }

/** When a payment is replayed, and what is changed. */
export interface ReplayOptions {
  /** The block's time, unix seconds. An intervention of kind `time` overrides it. */
  readonly at: bigint
  readonly interventions?: readonly Intervention[]
}

/**
 * Whose code answered a replay. `artifact`: the code of the token's own family; `stand-in`: that of another, since the token's own is not at hand
 * (`of` null: nobody knows what it is); `fork`: the token's own code as its chain has it.
 */
export type ReplayCode =
  | { readonly kind: 'artifact'; readonly family: TokenFamily }
  | { readonly kind: 'stand-in'; readonly family: TokenFamily; readonly of: TokenFamily | null }
  | { readonly kind: 'fork'; readonly family: TokenFamily | null }

/** A chain of our own with the token on it. Its controls behaved, else it would not have opened. */
export interface ReplayChain {
  /**
   * What a replay begins with. `assumed`, also when absent: the payer has exactly the value and nobody is in the way, so that trouble has to
   * be set. `own`: whatever the chain has, so that trouble is there and has to be lifted.
   */
  readonly state?: 'assumed' | 'own'
  /**
   * What is in the state beyond the last whole block: transactions that came first in the payment's own block, or that wait in the node's pending
   * block. The intervention `latest` leaves them out; where this is absent there is nothing that it could leave out.
   */
  readonly earlier?: 'mined' | 'pending'
  /** One phrase: `embedded base-sepolia, FiatToken v2.2`. */
  readonly description: string
  readonly code: ReplayCode
  readonly chainId: number
  readonly token: Address
  /** What the token's `DOMAIN_SEPARATOR()` returned. */
  readonly separator: Hex
  /** What the controls showed, one sentence each. */
  readonly controls: readonly string[]
  /** Sends the payment to the chain's token, whatever token the payment names, and restores the chain's state afterwards. */
  replay(payment: ReplayPayment, options: ReplayOptions): Promise<ReplayOutcome>
  close(): Promise<void>
}

/** Where a diagnosis gets chains from. */
export interface Replayer<Chain extends ReplayChain = ReplayChain> {
  /** `own`: whatever the target, its chains are the payment's own, with the token's own code on them. */
  readonly state?: 'own' | 'assumed'
  open(target: ReplayTarget): Promise<Chain>
}

/** The code of an account that is delegated to `delegate`, as EIP-7702 writes it. */
export function delegationTo(delegate: Address): Hex {
  return `0xef0100${delegate.slice(2).toLowerCase()}`
}

/** Code of two smallest wallets: whatever `isValidSignature` is asked, one answers 0xffffffff, the other ERC-1271's magic value. */
export const walletCode = {
  refuses: '0x63ffffffff60e01b60005260206000f3',
  accepts: '0x631626ba7e60e01b60005260206000f3',
} as const satisfies Record<string, Hex>

/** What an intervention is, in one sentence. */
export function describeIntervention(intervention: Intervention): string {
  switch (intervention.kind) {
    case 'time':
      return `The block's time is ${intervention.at}.`
    case 'signature':
      return `The signature is ${shorten(intervention.signature)}.`
    case 'authorization':
      return `The authorization has ${Object.entries(intervention.fields)
        .map(([field, value]) => `${field} ${value}`)
        .join(', ')}.`
    case 'function':
      return intervention.overload === undefined
        ? `The token's ${intervention.function} is called.`
        : `The token's ${intervention.function} is called with ${intervention.overload === 'vrs' ? '(v, r, s)' : 'signature bytes'}.`
    case 'sender':
      return `The transaction is sent by ${intervention.sender}.`
    case 'payer-code':
      return describeCode(intervention.code, intervention.delegateCode)
    case 'balance':
      return `The payer has ${intervention.value} atomic units.`
    case 'blacklist':
      return `${intervention.address} is blacklisted.`
    case 'blacklist-lifted':
      return `${intervention.address} is not blacklisted.`
    case 'paused':
      return 'The token is paused.'
    case 'unpaused':
      return 'The token is not paused.'
    case 'nonce-used':
      return 'The nonce is used or canceled.'
    case 'nonce-free':
      return 'The nonce is unused.'
    case 'relayer-funds':
      return `The sender has ${intervention.wei} wei and pays ${intervention.gasPrice} wei a unit of gas.`
    case 'gas':
      return `The transaction may use ${intervention.limit} gas.`
    case 'latest':
      return 'The state is that of the last whole block, without the transactions that came after it.'
    case 'token-separator':
      return `The token is made to check signatures under ${intervention.separator}, the separator of the domain that was signed.`
  }
}

function describeCode(code: Hex, delegateCode: Hex | undefined): string {
  if (code === '0x') return 'The payer has no code.'
  if (!/^0xef0100[0-9a-f]{40}$/i.test(code)) return `The payer is a contract, with ${(code.length - 2) / 2} bytes of code.`
  const delegate = `0x${code.slice(8)}`
  const what = delegateCode === undefined || delegateCode === '0x' ? 'an address without code' : 'a contract'
  return `The payer is delegated (EIP-7702) to ${delegate}, ${what}.`
}

function shorten(hex: Hex): string {
  return hex.length > 30 ? `${hex.slice(0, 12)}…${hex.slice(-8)} (${(hex.length - 2) / 2} bytes)` : hex
}
