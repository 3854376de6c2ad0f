import type { Finding } from '../../causes/finding.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import type { SolanaKey } from '../../text/written.ts'
import type { Beside } from '../../wire/beside.ts'
import type { BytesSlip } from '../../wire/carried-bytes.ts'
import type { X402Form } from '../../wire/envelope.ts'

/** What the bytes were recognised as: an x402 payment, or a transaction that stands alone. */
export type SvmForm = X402Form | 'solana-transaction'

/** What the resource server asked for. Keys are base58. Fields that it did not state, or that can not be read, are absent. */
export interface SvmRequirements {
  /** As written: an x402 v1 name or a CAIP-2 id. */
  readonly network?: string
  /** Atomic units: `maxAmountRequired` in v1, `amount` in v2. */
  readonly amount?: bigint
  readonly payTo?: string
  /** The mint. */
  readonly asset?: string
  readonly feePayer?: string
  readonly memo?: string
}

/** What an instruction does. Accounts are base58; null where they come from a lookup table, which only the chain has. */
export type SvmMeaning =
  | { readonly kind: 'compute-limit'; readonly units: number }
  | { readonly kind: 'compute-price'; readonly microLamports: bigint }
  | SvmTransfer
  /** The plain Transfer of the token program, which names neither mint nor decimals. */
  | { readonly kind: 'plain-transfer'; readonly amount: bigint }
  | { readonly kind: 'create-token-account'; readonly idempotent: boolean }
  | { readonly kind: 'memo'; readonly bytes: Uint8Array }
  /** A guard of the Lighthouse program, which wallets add while signing. */
  | { readonly kind: 'lighthouse' }
  /** The System program's AdvanceNonceAccount: the blockhash is a durable nonce, which does not die of age. */
  | { readonly kind: 'advance-nonce' }
  | { readonly kind: 'other' }

/** TransferChecked of SPL Token or Token-2022. */
export interface SvmTransfer {
  readonly kind: 'transfer-checked'
  readonly tokenProgram: string
  readonly source: string | null
  readonly mint: string | null
  readonly destination: string | null
  readonly authority: string | null
  readonly amount: bigint
  readonly decimals: number
}

export interface SvmInstruction {
  /** Base58; null where it comes from a lookup table. */
  readonly program: string | null
  readonly accounts: readonly (string | null)[]
  readonly data: Uint8Array
  readonly meaning: SvmMeaning
}

/** A slot for a signature: `missing` is 64 zero bytes. */
export interface SvmSigner {
  readonly key: SolanaKey
  readonly state: 'valid' | 'invalid' | 'missing'
}

/** A transaction as its own bytes have it. */
export interface SvmTransaction {
  readonly version: 'legacy' | 0
  readonly size: number
  /** Key 0, whose owner pays the fee. */
  readonly feePayer: string
  readonly blockhash: string
  /** The required signers in order; the first is the fee payer. */
  readonly signers: readonly SvmSigner[]
  readonly instructions: readonly SvmInstruction[]
  /** Lookup tables that it takes accounts from. */
  readonly lookupTables: readonly string[]
  /** Bytes behind the transaction, which some decoders take without a word. */
  readonly trailingBytes: number
}

/** What is odd about how a transaction is written, or about its bytes. Some decoders take some of it. */
export type SvmSlip = BytesSlip | 'trailing-bytes'

/** An x402 payment on Solana as it was read from the outside, with nothing decided about it yet. */
export interface SvmPayment {
  readonly family: 'solana'
  readonly form: SvmForm
  /** One line for people: "x402 v2 /verify or /settle body with a Solana transaction". */
  readonly recognised: string
  readonly x402Version?: 1 | 2
  /** The network as the payload names it, and the network which that is, when it is one that we know. */
  readonly networkName?: string
  readonly network?: SolanaNetwork
  /** Null where it can not be decoded; the findings say why. */
  readonly transaction: SvmTransaction | null
  /** The transaction as it came, its signatures included; null where the text is no base64. */
  readonly bytes: Uint8Array | null
  /** What is odd about how it is written, or about its bytes. */
  readonly slips: readonly SvmSlip[]
  /** The server's requirements; where only a v2 payload was read, the client's copy of them. */
  readonly requirements?: SvmRequirements
  /** The copy of the offer inside a v2 payload. */
  readonly accepted?: SvmRequirements
  /** Keys of wallets and accounts that the payload and the offer name anywhere, base58; the first few. */
  readonly keys: readonly string[]
  /** Dotted paths at which that copy differs from the server's offer in any way; empty where there is only one of them. */
  readonly differences: readonly string[]
  /** What stood beside it in what was read: what was answered to it, and when. */
  readonly beside?: Beside
  /** What was tolerated or is wrong in the wire form. */
  readonly findings: readonly Finding[]
}
