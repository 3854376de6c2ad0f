import type { EvmDiagnosis, EvmPayment, Match, ReplayRun } from '@eip3009/core'
import { type Address, type Bytes32, type Digits, type MatrixRow, revertOf, tokenSays } from '@eip3009/core/internal'
import type {
  EmbeddedChain,
  ForkedChain,
  ForkPoint,
  RecordedChain,
  ReplayCode,
  ReplayOutcome,
  SignatureCheck,
  TokenEvent,
} from '@eip3009/core/replay'
import { traceLines } from './trace.ts'

/** Any chain that the command line replays on. */
export type EvmChain = EmbeddedChain | ForkedChain | RecordedChain

/** An event of the token. */
type EventReport =
  | { readonly name: 'Transfer'; readonly from: Address; readonly to: Address; readonly value: Digits }
  | { readonly name: 'AuthorizationUsed'; readonly authorizer: Address; readonly nonce: Bytes32 }

/** What a replay came to, JSON-safe: numbers are decimal strings, times unix seconds, amounts atomic units. */
export interface ReplayReport {
  readonly schema: 'eip3009/replay@1'
  readonly family: 'evm'
  readonly status: 'settled' | 'reverted'
  /** What the code that runs answered, or the node where it did not take the transaction; null when it settled. */
  readonly revert: string | null
  /** How the token itself words that, where another code stood in for it (`chain.code`); null else, and where nobody knows. */
  readonly tokenSays: string | null
  readonly cause: EvmDiagnosis['cause']
  readonly party: EvmDiagnosis['party']
  readonly proof: EvmDiagnosis['proof']
  readonly headline: string
  /** Where it was replayed. */
  readonly chain: {
    readonly description: string
    readonly kind: 'embedded' | 'fork' | 'recorded'
    /** Whose code answered. */
    readonly code: ReplayCode
    /**
     * What the controls showed, one sentence each.
     * @minItems 1
     */
    readonly controls: readonly string[]
    /** The last whole block of a fork; null for other chains. */
    readonly block: { readonly number: Digits; readonly hash: Bytes32; readonly time: Digits } | null
    /** Whether the state is that of right before the transaction, with everything in it that came first in the block; null where there is none. */
    readonly atItsBlock: boolean | null
    /** Null where neither a transaction nor a pending block was read. */
    readonly earlier: ForkPoint['earlier'] | null
  }
  readonly at: Digits
  /** The transaction as the chain has it, beside what came of the replay; null when none was read, or it is not mined. */
  readonly mined: {
    readonly hash: Bytes32
    readonly block: Digits
    readonly status: 'succeeded' | 'reverted'
    readonly gasUsed: Digits
    /** Whether the replay did the same: the outcome, and the gas within one in a hundred. */
    readonly same: boolean
    /** Whether another contract called the token inside of the transaction. */
    readonly inner: boolean
  } | null
  readonly call: ReplayOutcome['call']
  readonly gasUsed: Digits
  /**
   * Of payer and payee; one entry when they are the same.
   * @minItems 1
   * @maxItems 2
   */
  readonly balances: readonly { readonly address: Address; readonly before: Digits; readonly after: Digits }[]
  /** The token's events; empty when it reverted. */
  readonly events: readonly EventReport[]
  /** Digest and address: what the token computed beside what was signed. */
  readonly signature: {
    /** What the token hashed and recovered; null when it did not come to check the signature. */
    readonly token: {
      readonly by: SignatureCheck['by']
      readonly digest: Bytes32
      readonly recovered: Address | null
      readonly accepted: boolean | null
    } | null
    /** What was signed; null when nothing that is known fits the signature. */
    readonly signed: { readonly digest: Bytes32; readonly recovered: Address } | null
  }
  /** The calls, one line each, indented by two spaces a level. */
  readonly trace: readonly string[]
  /** Every replay of the proof: the payment as it is, then with what the findings predict undone, then with less of it. */
  readonly runs: readonly ReplayRun[]
  /** Each intervention alone; empty without --matrix. */
  readonly matrix: readonly MatrixRow[]
  /** The directory that --export wrote. */
  readonly exported: string | null
  readonly diagnosis: EvmDiagnosis
}

export function replayReport({
  payment,
  chain,
  asIs,
  diagnosis,
  signed,
  matrix,
  exported,
}: {
  readonly payment: EvmPayment
  readonly chain: EvmChain
  readonly asIs: ReplayOutcome
  readonly diagnosis: EvmDiagnosis
  readonly signed: Match | undefined
  readonly matrix: readonly MatrixRow[]
  readonly exported: string | null
}): ReplayReport {
  const { signatureCheck, trace } = asIs
  const fork = 'fork' in chain ? chain : undefined
  return {
    schema: 'eip3009/replay@1',
    family: 'evm',
    status: asIs.status,
    revert: revertOf(asIs) ?? null,
    tokenSays: tokenSays(chain.code, asIs) ?? null,
    cause: diagnosis.cause,
    party: diagnosis.party,
    proof: diagnosis.proof,
    headline: diagnosis.headline,
    chain: {
      description: chain.description,
      kind: fork === undefined ? (chain.state === 'own' ? 'recorded' : 'embedded') : 'fork',
      code: chain.code,
      controls: chain.controls,
      block:
        fork === undefined
          ? null
          : { number: String(fork.fork.block.number), hash: fork.fork.block.hash, time: String(fork.fork.block.time) },
      atItsBlock:
        fork?.sent === undefined ? null : fork.fork.basis === 'transaction' && fork.fork.earlier.replayed === fork.fork.earlier.count,
      earlier: fork?.sent === undefined && fork?.fork.basis !== 'pending' ? null : fork.fork.earlier,
    },
    at: String(asIs.at),
    mined: minedReport(fork, asIs),
    call: asIs.call,
    gasUsed: String(asIs.gasUsed),
    balances: asIs.balances.map(({ address, before, after }) => ({ address, before: String(before), after: String(after) })),
    events: asIs.status === 'settled' ? asIs.events.map(eventReport) : [],
    signature: {
      token:
        signatureCheck === null
          ? null
          : {
              by: signatureCheck.by,
              digest: signatureCheck.digest,
              recovered: signatureCheck.by === 'ecrecover' ? signatureCheck.recovered : null,
              accepted: signatureCheck.by === 'erc1271' ? signatureCheck.accepted : signatureCheck.recovered === payment.authorization.from,
            },
      signed: signed === undefined ? null : { digest: signed.digest, recovered: signed.signer },
    },
    trace: trace === undefined ? [] : traceLines(trace),
    runs: diagnosis.replay?.runs ?? [],
    matrix,
    exported,
    diagnosis,
  }
}

function minedReport(fork: ForkedChain | undefined, asIs: ReplayOutcome): ReplayReport['mined'] {
  const { sent } = fork ?? {}
  if (sent?.mined == null) return null
  const { block, status, gasUsed } = sent.mined
  const difference = asIs.gasUsed > gasUsed ? asIs.gasUsed - gasUsed : gasUsed - asIs.gasUsed
  // Of the transaction itself: a contract around the token may go on where the token refused.
  const succeeded = asIs.trace !== undefined && asIs.trace.error === undefined
  return {
    hash: sent.hash,
    block: String(block),
    status,
    gasUsed: String(gasUsed),
    same: (status === 'succeeded') === succeeded && difference * 100n <= gasUsed,
    inner: sent.call.inner,
  }
}

function eventReport(event: TokenEvent): EventReport {
  return event.name === 'Transfer' ? { ...event, value: String(event.value) } : event
}
