import { Eip3009Error } from '@eip3009/core'
import {
  captureSnapshot,
  investigateSvm,
  liteSvmReplayer,
  readSnapshot,
  type SvmPayment,
  type SvmSources,
  svmReader,
  svmSecretsOf,
} from '@eip3009/core/solana'
import type { Console } from '../console.ts'
import { patiently } from '../progress.ts'
import { renderSvmReplay, svmReplayReport } from '../report/svm-replay.ts'
import { renderDiagnosis } from '../report/terminal.ts'
import { shown } from '../sharing.ts'
import type { Sources } from '../sources/read-sources.ts'
import { readSnapshotText, saveSnapshot, tellAge } from '../sources/snapshot.ts'
import { UsageError } from '../usage-error.ts'
import type { Examined, Wishes } from './examined.ts'

/** Finds out what is wrong with a payment on Solana, from its own bytes, what a cluster says and a replay, whatever is to be shown of that. */
export async function examineSvm(payment: SvmPayment, sources: Sources, wishes: Wishes, console: Console): Promise<Examined> {
  refuseOthers(sources, wishes)
  const { readers, now, at: then } = await sourcesOf(payment, sources, console)
  const at = sources.at ?? then
  const { answer, transaction } = sources
  const investigation = await investigateSvm(payment, {
    now,
    readers,
    ...(at === undefined ? {} : { at }),
    ...(answer === undefined ? {} : { answer }),
    ...(transaction === undefined ? {} : { transaction }),
    ...(wishes.replay === 'no' ? {} : { replayer: liteSvmReplayer() }),
  })
  const { diagnosis, replay, answers } = investigation
  if (sources.saveSnapshot !== undefined)
    await saveSnapshot(sources.saveSnapshot, captureSnapshot(payment, { answers, now, ...(at === undefined ? {} : { at }) }))
  const secrets = () => svmSecretsOf(payment, diagnosis.settlement !== null)
  if (wishes.replay !== 'shown') {
    const model = shown(diagnosis, console, secrets)
    return { answer: diagnosis, report: { model, text: (look) => renderDiagnosis(model, look) } }
  }
  if ('reason' in replay) throw new Eip3009Error('chain-unavailable', `There is nothing to replay it on: ${replay.reason}.`)
  const model = shown(svmReplayReport(diagnosis, replay), console, secrets)
  return { answer: diagnosis, report: { model, text: (look) => renderSvmReplay(model, look) } }
}

/** What means nothing of a payment on Solana. */
function refuseOthers({ block, facilitator, told }: Sources, wishes: Wishes): void {
  const { token, tokenName, tokenVersion, tokenFamily, decimals } = told
  if ([token, tokenName, tokenVersion, tokenFamily, decimals].some((each) => each !== undefined))
    throw new UsageError(
      '--token, --token-name, --token-version, --token-family and --decimals are for EVM chains: a payment on Solana names its mint and decimals itself.',
    )
  if (block !== undefined)
    throw new UsageError('--block is for EVM chains: an RPC of Solana has only the newest state; --at says when the payment was made.')
  if (facilitator !== undefined)
    throw new UsageError('--facilitator-address is for EVM chains: a payment on Solana names its fee payer itself.')
  if (wishes.matrix)
    throw new UsageError('--matrix is for EVM chains: of a payment on Solana every change that explains the failure is tried anyway.')
  if (wishes.export !== undefined)
    throw new UsageError(
      '--export is for EVM chains: --save-snapshot keeps what a cluster said, and --snapshot replays on that without it.',
    )
}

async function sourcesOf(
  payment: SvmPayment,
  { now, urlsFor, timeout, headers, snapshot, saveSnapshot: path }: Sources,
  console: Console,
): Promise<SvmSources> {
  if (snapshot !== undefined) {
    const kept = readSnapshot(await readSnapshotText(snapshot, console))
    tellAge(kept.now, console)
    return kept
  }
  const urls = urlsFor(payment.network)
  if (path !== undefined && urls.length === 0) throw new UsageError('--save-snapshot needs an RPC to ask; give one by --rpc-url.')
  return { now, readers: urls.map((url) => impatient(svmReader(url, { totalTimeout: timeout, headers }), console)) }
}

/** The same reader, which says on stderr what it waits for when that takes a while. */
function impatient(reader: SvmSources['readers'][number], console: Console): typeof reader {
  return {
    source: reader.source,
    read: (question) => patiently(`reading ${question.network.id} from ${reader.source}`, console, () => reader.read(question)),
  }
}
