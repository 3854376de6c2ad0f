import { open } from 'node:fs/promises'
import { findNetwork, type SolanaNetwork } from '@eip3009/core'
import {
  captureSnapshot,
  investigateSvm,
  liteSvmReplayer,
  readSnapshot,
  readSvmPayment,
  type SvmInvestigation,
  type SvmPayment,
  type SvmReader,
  svmReader,
  svmSecretsOf,
} from '@eip3009/core/solana'
import type { Console } from '../console.ts'
import { exitCodeOf } from '../exit-codes.ts'
import { textOf } from '../files.ts'
import { readInput } from '../input.ts'
import { readNumber } from '../number-options.ts'
import { patiently } from '../progress.ts'
import { jsonText } from '../report/json-text.ts'
import { renderDiagnosis } from '../report/terminal.ts'
import { rpcUrlsFor } from '../rpc-urls.ts'
import { shown } from '../sharing.ts'
import { readTime } from '../time.ts'
import { UsageError } from '../usage-error.ts'

interface DiagnoseSvmOptions {
  readonly json: boolean
  readonly at?: string | undefined
  readonly network?: string | undefined
  readonly replay: boolean
  readonly rpcUrl?: readonly string[] | undefined
  readonly timeout: number
  readonly snapshot?: string | undefined
  readonly saveSnapshot?: string | undefined
  readonly block?: string | undefined
  readonly facilitatorAddress?: string | undefined
}

/** Diagnoses a payment on Solana from its own bytes, what a cluster says and a replay, prints the report, and returns the exit code. */
export async function diagnoseSvmCommand(input: Uint8Array | string, options: DiagnoseSvmOptions, console: Console): Promise<number> {
  if (options.block !== undefined)
    throw new UsageError('--block is for EVM chains: an RPC of Solana has only the newest state; --at says when the payment was made.')
  if (options.facilitatorAddress !== undefined)
    throw new UsageError('--facilitator-address is for EVM chains: a payment on Solana names its fee payer itself.')
  const now = console.now()
  const at = options.at === undefined ? undefined : readTime(options.at, now)
  const payment = onNetwork(readSvmPayment(input), options.network)
  const readers = await readersOf(payment, options, console)
  const investigation = await investigateSvm(payment, {
    now,
    readers,
    ...(at === undefined ? {} : { at }),
    ...(options.replay ? { replayer: liteSvmReplayer() } : {}),
  })
  if (options.saveSnapshot !== undefined) await save(options.saveSnapshot, payment, investigation, now)
  const { diagnosis } = investigation
  const model = shown(diagnosis, console, () => svmSecretsOf(payment, diagnosis.settlement !== null))
  console.out(options.json ? jsonText(model) : renderDiagnosis(model, { color: console.color, columns: console.columns ?? 120 }))
  return exitCodeOf(diagnosis)
}

/** The payment on the network that was named: one that names another is not moved there. */
function onNetwork(payment: SvmPayment, name: string | undefined): SvmPayment {
  if (name === undefined) return payment
  const answer = findNetwork(name)
  if (answer.kind === 'unknown') throw new UsageError(`--network ${answer.reason}`)
  const { network } = answer
  if (!isSolana(network))
    throw new UsageError(`--network ${name} is no Solana network, and the payment is one on Solana; give solana or solana-devnet.`)
  if (payment.network !== undefined && payment.network.id !== network.id)
    throw new UsageError(
      `--network says ${network.id}, and the payment itself says ${payment.network.id}; leave --network out, or paste the right payment.`,
    )
  return { ...payment, network }
}

function isSolana(network: { readonly family: string }): network is SolanaNetwork {
  return network.family === 'solana'
}

async function readersOf(
  payment: SvmPayment,
  { rpcUrl = [], timeout, snapshot, saveSnapshot }: DiagnoseSvmOptions,
  console: Console,
): Promise<readonly SvmReader[]> {
  readNumber('timeout', timeout)
  if (snapshot !== undefined) {
    if (rpcUrl.length > 0)
      throw new UsageError('--snapshot stands in for an RPC; give one of --snapshot and --rpc-url. --save-snapshot keeps what an RPC says.')
    if (saveSnapshot !== undefined)
      throw new UsageError('--save-snapshot keeps what an RPC says, and --snapshot asks none; give one of the two.')
    const content = await readInput(snapshot, console)
    return readSnapshot(textOf(content))
  }
  const urls = rpcUrlsFor(rpcUrl, payment.network, console)
  if (saveSnapshot !== undefined && urls.length === 0) throw new UsageError('--save-snapshot needs an RPC to ask; give one by --rpc-url.')
  return urls.map((url) => impatient(svmReader(url, { totalTimeout: timeout }), console))
}

/** The same reader, which says on stderr what it waits for when that takes a while. */
function impatient(reader: SvmReader, console: Console): SvmReader {
  return {
    source: reader.source,
    read: (question) => patiently(`reading ${question.network.id} from ${reader.source}`, console, () => reader.read(question)),
  }
}

/** Written into a new file only: what somebody captured before is evidence. */
async function save(path: string, payment: SvmPayment, { answers }: SvmInvestigation, now: bigint): Promise<void> {
  try {
    const file = await open(path, 'wx')
    try {
      await file.writeFile(`${JSON.stringify(captureSnapshot(payment, answers, now), null, 2)}\n`)
    } finally {
      await file.close()
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsageError(
      code === 'EEXIST'
        ? `--save-snapshot "${path}" exists already; give the name of a new file.`
        : `--save-snapshot "${path}" can not be written (${code}); give a file in a folder that you may write to.`,
    )
  }
}
