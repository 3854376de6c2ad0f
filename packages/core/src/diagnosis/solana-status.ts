import { Eip3009Error } from '../errors/eip3009-error.ts'
import type { ChainSource } from '../evm/state/connect-chain.ts'
import type { PaymentStatus } from '../money/status.ts'
import type { SolanaNetwork } from '../networks/network.ts'
import type { ChainClient } from '../rpc/chain-client.ts'
import { askClusters } from '../solana/diagnosis/ask-clusters.ts'
import { svmStatus, unseenTransaction } from '../solana/diagnosis/status.ts'
import { connectSolana } from '../solana/state/connect-solana.ts'
import { readSentTransaction } from '../solana/state/read-sent.ts'
import { svmReader } from '../solana/state/read-state.ts'
import type { SvmPayment } from '../solana/transaction/payment.ts'
import { readSvmPayment } from '../solana/transaction/read.ts'
import type { Asking } from './evm-status.ts'

/** What became of a payment, and of the transaction that it is said to have become. */
export async function ofPayment(
  payment: SvmPayment,
  { transaction, at: then }: { readonly transaction?: string; readonly at?: bigint },
  asking: Asking,
): Promise<PaymentStatus> {
  const { sources, headers, timeout, now } = asking
  const { beside } = payment
  const named = transaction ?? beside?.answer?.revert.solanaTransaction
  const at = then ?? beside?.time
  const when = { now, ...(at === undefined ? {} : { at }) }
  const readers = sources.map((source) => svmReader(clusterOf(source), { headers, totalTimeout: timeout }))
  return svmStatus(payment, await askClusters(payment, readers, when), { ...when, ...(named === undefined ? {} : { named }) })
}

/** A transaction by its signature: what it pays is in its own bytes. */
export async function ofTransaction(id: string, network: SolanaNetwork, asking: Asking): Promise<PaymentStatus> {
  const { sources, headers, timeout } = asking
  const clients = sources.map((source) => connectSolana(clusterOf(source), { headers, timeout }))
  const sent = await Promise.all(clients.map((client) => readSentTransaction(client, id, network)))
  const found = sent.find((each) => each.kind === 'found')
  if (found === undefined) return unseenTransaction(id, network, sent)
  const body = { x402Version: 1, scheme: 'exact', network: network.id, payload: { transaction: found.bytes } }
  return ofPayment(readSvmPayment(body), { transaction: id }, asking)
}

function clusterOf(source: ChainSource): string | URL | ChainClient {
  if (typeof source === 'string' || source instanceof URL) return source
  if ('kind' in source && source.kind === 'chain-client') return source
  throw new Eip3009Error('invalid-argument', 'A Solana cluster is given as the URL of an RPC.')
}
