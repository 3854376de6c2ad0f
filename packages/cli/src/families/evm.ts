import { Eip3009Error, type EvmPayment, investigate, type SearchDepth, secretsOf } from '@eip3009/core'
import type { EvidenceSources } from '@eip3009/core/chain'
import { type MatrixRow, replayMatrix } from '@eip3009/core/internal'
import { diagnosisDocument } from '@eip3009/core/report'
import type { Console } from '../console.ts'
import { waiting } from '../progress.ts'
import { replayDocument } from '../report/replay.ts'
import { replayReport } from '../report/replay-report.ts'
import { searchLimits } from '../search.ts'
import { shown } from '../sharing.ts'
import type { Sources } from '../sources/read-sources.ts'
import { saveSnapshot } from '../sources/snapshot.ts'
import { UsageError } from '../usage-error.ts'
import type { Examined, Wishes } from './examined.ts'
import { exportReplay } from './export-replay.ts'
import { type EvmInvestigation, type EvmSource, openStage } from './stage.ts'

interface Recording {
  readonly sources: EvidenceSources
  readonly save: (payment: EvmPayment) => Promise<void>
}

export interface EvmOptions {
  readonly search?: SearchDepth | undefined
}

/** Finds out what is wrong with a payment on an EVM chain: reads, replays and diagnoses it once, whatever is to be shown of that. */
export async function examineEvm(
  source: EvmSource,
  sources: Sources,
  { search }: EvmOptions,
  wishes: Wishes,
  console: Console,
): Promise<Examined> {
  if (sources.snapshot !== undefined && (wishes.matrix || wishes.export !== undefined))
    throw new UsageError(
      'A snapshot has the replays that were made, and no chain for more: leave --matrix and --export out, or --snapshot.',
    )
  const wait = waiting(console)
  try {
    await using stage = await openStage(source, sources, wishes, console, wait)
    const { answer, transaction } = sources
    if (transaction !== undefined && !transaction.startsWith('0x'))
      throw new UsageError('--tx is a signature of Solana, and the payment is on an EVM chain; give the hash of its transaction.')
    const told = { ...(answer === undefined ? {} : { answer }), ...(transaction === undefined ? {} : { transaction }) }
    const given = { search: searchLimits(search, console), now: sources.now, ...told, ...stage.options }
    if (wishes.replay !== 'shown') {
      const kept = sources.saveSnapshot === undefined ? undefined : await recorded(given, sources.saveSnapshot)
      await using found = await investigate(stage.payment, { ...given, ...kept?.sources })
      await kept?.save(stage.payment)
      const model = shown(found.diagnosis, console, () => secretsOf(found.payment, found.signature))
      return { answer: found.diagnosis, report: { model, document: () => diagnosisDocument(model) } }
    }
    await using found = await investigate(stage.payment, given)
    const { diagnosis, replay } = found
    const secrets = () => secretsOf(found.payment, found.signature)
    if ('code' in replay) throw notReplayed(found)
    const { chain, asIs, runs } = replay
    wait.progress(`replaying on the ${chain.description}`)
    const at = BigInt(diagnosis.time.judgedAt)
    const matrix: readonly MatrixRow[] = wishes.matrix ? await replayMatrix(chain, found.payment, { at, signature: found.signature }) : []
    if (wishes.export !== undefined)
      await exportReplay(wishes.export, { payment: found.payment, at, chain, asIs, runs, diagnosis }, console)
    const whole = replayReport({
      payment: found.payment,
      chain,
      asIs,
      diagnosis,
      signed: found.signature.matches[0],
      matrix,
      exported: wishes.export ?? null,
    })
    const model = shown(whole, console, secrets)
    return { answer: diagnosis, report: { model, document: () => replayDocument(model) } }
  } finally {
    wait.done()
  }
}

/** The same sources, and how what they said is written down afterwards. */
async function recorded(given: EvidenceSources, path: string): Promise<Recording> {
  const { captureSnapshot, recordSources } = await import('@eip3009/core/chain')
  const sources = recordSources(given)
  return { sources, save: (payment) => saveSnapshot(path, captureSnapshot(payment, sources)) }
}

/** Why there is nothing to show: no chain, or one that only what the payload says could be put on, which could only agree with it. */
function notReplayed({ replay, payment, diagnosis: { headline, undecided } }: EvmInvestigation): Error {
  if (!('code' in replay)) return new Eip3009Error('internal', 'A replay that was made was said not to be; please report this.')
  if (replay.error !== undefined) return replay.error
  if (undecided?.id === 'network-unnamed' || (payment.network === undefined && payment.chainId === undefined)) {
    return new UsageError('Nothing says which network the payment is for, so there is no chain to replay it on; name it: --network base.')
  }
  if (replay.code !== 'token-unknown' && replay.code !== 'moot')
    return new Eip3009Error('chain-unavailable', `There is nothing to replay it on: ${replay.reason}.`)
  const why =
    undecided === null
      ? "nothing here knows this token's domain, and a replay of what only the payload says could only agree with it; tell it by --token-name and --token-version."
      : `${headline}${undecided.check === null ? '' : ` ${undecided.check}`}`
  return new Eip3009Error('chain-unavailable', `${why.charAt(0).toUpperCase()}${why.slice(1)}`)
}
