import type { CoverableHex, Selector } from '../bytes/hex.ts'
import type { CauseId } from '../causes/catalogue.ts'
import type { Party } from '../causes/party.ts'
import type { RetryAction } from '../causes/retry.ts'
import type { RailId } from '../rails/rail.ts'
import type { Count } from '../text/written.ts'
import type { CheckName } from '../tokens/model.ts'
import type { TokenFamily } from '../tokens/models.ts'
import type { Argument } from './abi.ts'
import type { Speaker } from './node-rule.ts'
import type { FacilitatorFamily } from './reason-codes.ts'
import type { Progress } from './stage.ts'

export interface Checkpoint {
  /** The first of them, where one answer stands for several. */
  readonly check: CheckName
  /** The families of tokens that word it so. */
  readonly families: readonly TokenFamily[]
  /** Whether other contracts word it so too. Then nothing follows from it unless the token is known. */
  readonly shared: boolean
}

interface Base {
  /** `Error`, `Panic`, the custom error's name, a node error's short name, the reason code, `HTTP 429`. */
  readonly name: string
  /** What the other side said, as one plain line that is safe to print. */
  readonly message: string
  readonly args: readonly Argument[]
  /** What can really have caused it, the likeliest first. Empty when nothing is known, or when it has nothing to do with a payment. */
  readonly causes: readonly CauseId[]
  /** The wrappers around it, the outermost first: `ContractFunctionExecutionError`, `JSON-RPC error 3`, `FailedOpWithRevert`. */
  readonly via: readonly string[]
  /** The token's check that failed. Absent where the words are no check's of a token whose order of checks is known. */
  readonly checkpoint?: Checkpoint
  /** Who has to act. Absent when the causes disagree about it. */
  readonly party?: Party
  readonly retry?: RetryAction
  /** The rail that it is of, where that is another than EIP-3009's own: a code of Permit2 or of batch settlement, or any answer about another chain. */
  readonly rail?: RailId
}

/** A revert with a reason in words, from `Error(string)` or as a node or a library repeats it. */
export interface ErrorString extends Base {
  readonly kind: 'error-string'
  /** Whether the string is one of those known. */
  readonly known: boolean
  readonly data?: CoverableHex
}

/** `Panic(uint256)`: a bug in the contract, or arithmetic that it refuses. */
export interface Panic extends Base {
  readonly kind: 'panic'
  readonly code: bigint
  readonly data?: CoverableHex
}

/** A custom error. `args` is empty when only its name or selector came through. */
export interface CustomError extends Base {
  readonly kind: 'custom-error'
  readonly known: boolean
  readonly selector: Selector
  /** Where an error with this selector is declared. */
  readonly origins: readonly string[]
  readonly data?: CoverableHex
}

/** A revert without any data, or a text that says no more than "reverted". */
export interface EmptyRevert extends Base {
  readonly kind: 'empty'
}

/** A node or a library that says in words why it does not do what was asked: pool, fees, limits, access. */
export interface RpcError extends Base {
  readonly kind: 'rpc-error'
  /** Whether the words are known ones. False when nothing but the code says something. */
  readonly known: boolean
  /** Who says it; absent where the words are not known and the number could be anybody's. */
  readonly speaker?: Speaker
  /** How far the payment had come, where that is certain. */
  readonly stage?: Progress
  /**
   * The JSON-RPC code, where there was one. The words count more: codes collide.
   * @asType integer
   */
  readonly code?: number
}

/** An HTTP status, and nothing in the body that says more. */
export interface HttpError extends Base {
  readonly kind: 'http-error'
  readonly status: Count
}

/** Something that happened and is no failure: a contract's log, or an answer that says so. */
export interface EventLog extends Base {
  readonly kind: 'event'
}

/** A facilitator's reason code. */
export interface ReasonCode extends Base {
  readonly kind: 'reason-code'
  readonly code: string
  /** Whether the code itself was read, or words that stand for it: who says those is not certain. */
  readonly by: 'code' | 'words'
  /** How far the payment had come, where the code is only said then. */
  readonly stage?: Progress
  /** False for a code that no facilitator is known to use. */
  readonly known: boolean
  /** The families that use the code. */
  readonly facilitators: readonly FacilitatorFamily[]
}

/** A Solana program that failed. */
export interface ProgramError extends Base {
  readonly kind: 'program-error'
  /** Index of the instruction that failed. */
  readonly instruction?: Count
  /** The number of `Custom(n)`; it means something only together with the program. */
  readonly custom?: Count
}

export interface Unknown extends Base {
  readonly kind: 'unknown'
}

/** What an input says that says something. */
export type Recognised = ErrorString | Panic | CustomError | EmptyRevert | RpcError | HttpError | ReasonCode | ProgramError | EventLog

/** What an input says, before anything is concluded from it. */
export type Decoded = Recognised | Unknown
