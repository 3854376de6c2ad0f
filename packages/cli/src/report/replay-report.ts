import { type EvmDiagnosis, type EvmPayment, type Match, type MatrixRow, revertOf, tokenSays } from '@eip3009/core'
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
  readonly chain: {
    readonly description: string
    readonly kind: 'embedded' | 'fork' | 'recorded'
    /** Whose code answered. */
    readonly code: ReplayCode
    readonly controls: readonly string[]
    readonly block: { readonly number: string; readonly hash: string; readonly time: string } | null
    /** Whether the state is that of right before the transaction, with everything in it that came first in the block; null where there is none. */
    readonly atItsBlock: boolean | null
    readonly earlier: ForkPoint['earlier'] | null
  }
  readonly at: string
  /** The transaction as the chain has it, beside what came of the replay; null when none was read, or it is not mined. */
  readonly mined: {
    readonly hash: string
    readonly block: string
    readonly status: 'succeeded' | 'reverted'
    readonly gasUsed: string
    /** Whether the replay did the same: the outcome, and the gas within one in a hundred. */
    readonly same: boolean
    readonly inner: boolean
  } | null
  readonly call: { readonly function: string; readonly overload: string; readonly selector: string; readonly sender: string }
  readonly gasUsed: string
  readonly balances: readonly { readonly address: string; readonly before: string; readonly after: string }[]
  readonly events: readonly Readonly<Record<string, string>>[]
  /** Digest and address: what the token computed beside what was signed. */
  readonly signature: {
    readonly token: {
      readonly by: SignatureCheck['by']
      readonly digest: string
      readonly recovered: string | null
      readonly accepted: boolean | null
    } | null
    readonly signed: { readonly digest: string; readonly recovered: string } | null
  }
  readonly trace: readonly string[]
  readonly runs: readonly NonNullable<EvmDiagnosis['replay']>['runs'][number][]
  readonly matrix: readonly MatrixRow[]
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
    events: asIs.status === 'settled' ? asIs.events.map(plainEvent) : [],
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

function plainEvent(event: TokenEvent): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [name, String(value)]))
}
