import { Eip3009Error, investigate } from '@eip3009/core'
import { diagnosisDocument } from '@eip3009/core/report'
import {
  captureSnapshot,
  liteSvmReplayer,
  readSnapshot,
  type SvmPayment,
  type SvmSources,
  svmReader,
  svmSecretsOf,
} from '@eip3009/core/solana'
import type { Console } from '../console.ts'
import { patiently } from '../progress.ts'
import { svmReplayDocument, svmReplayReport } from '../report/svm-replay.ts'
import { shown } from '../sharing.ts'
import { refuseHeaders, type Sources } from '../sources/read-sources.ts'
import { readSnapshotText, saveSnapshot, tellAge } from '../sources/snapshot.ts'
import { UsageError } from '../usage-error.ts'
import type { Examined, Wishes } from './examined.ts'

/** Finds out what is wrong with a payment on Solana, from its own bytes, what a cluster says and a replay, whatever is to be shown of that. */
export async function examineSvm(payment: SvmPayment, sources: Sources, wishes: Wishes, console: Console): Promise<Examined> {
  const { readers, now, at: then } = await sourcesOf(payment, sources, console)
  const at = sources.at ?? then
  const { answer, transaction } = sources
  if (transaction?.startsWith('0x') === true)
    throw new UsageError('--tx is a hash of an EVM chain, and the payment is on Solana; give the signature of its transaction.')
  const investigation = await investigate(payment, {
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
    return { answer: diagnosis, report: { model, document: () => diagnosisDocument(model) } }
  }
  if ('reason' in replay) throw new Eip3009Error('chain-unavailable', `There is nothing to replay it on: ${replay.reason}.`)
  const model = shown(svmReplayReport(diagnosis, replay), console, secrets)
  return { answer: diagnosis, report: { model, document: () => svmReplayDocument(model) } }
}

async function sourcesOf(payment: SvmPayment, sources: Sources, console: Console): Promise<SvmSources> {
  const { now, urlsFor, headersFor, timeout, snapshot, saveSnapshot: path } = sources
  if (snapshot !== undefined) {
    const kept = readSnapshot(await readSnapshotText(snapshot, console))
    tellAge(kept.now, console)
    return kept
  }
  const urls = urlsFor(payment.network)
  if (path !== undefined && urls.length === 0) throw new UsageError('--save-snapshot needs an RPC to ask; give one by --rpc-url.')
  refuseHeaders(sources, urls)
  return {
    now,
    readers: urls.map((url) => impatient(svmReader(url, { totalTimeout: timeout, headers: headersFor(payment.network) }), console)),
  }
}

/** The same reader, which says on stderr what it waits for when that takes a while. */
function impatient(reader: SvmSources['readers'][number], console: Console): typeof reader {
  return {
    source: reader.source,
    read: (question) => patiently(`reading ${question.network.id} from ${reader.source}`, console, () => reader.read(question)),
  }
}
