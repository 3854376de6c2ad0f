import type { SolanaNetwork } from '../../networks/network.ts'
import type { ChainClient } from '../../rpc/chain-client.ts'
import { fieldOf, read } from './rpc-answers.ts'

/** What one RPC has of a transaction by its signature. */
export type SentTransaction =
  /** `bytes` in base64. */
  | { readonly kind: 'found'; readonly source: string; readonly bytes: string }
  /** `seen`: it was processed, and is in no block yet that most have voted for. */
  | { readonly kind: 'missing'; readonly source: string; readonly seen: boolean }
  | { readonly kind: 'wrong-cluster'; readonly source: string; readonly expected: string; readonly genesisHash: string }
  | { readonly kind: 'unreachable'; readonly source: string; readonly reason: string }

/** Never rejects because of the RPC. */
export async function readSentTransaction(client: ChainClient, id: string, network: SolanaNetwork): Promise<SentTransaction> {
  const source = client.description
  const [genesis, transaction, statuses] = await client.batch([
    { method: 'getGenesisHash', params: [] },
    { method: 'getTransaction', params: [id, { encoding: 'base64', commitment: 'confirmed', maxSupportedTransactionVersion: 0 }] },
    { method: 'getSignatureStatuses', params: [[id], { searchTransactionHistory: true }] },
  ])
  const hash = read(genesis, (value) => (typeof value === 'string' && value.length >= 32 ? value : undefined))
  if (!hash.known) return { kind: 'unreachable', source, reason: hash.reason }
  if (hash.value.slice(0, 32) !== network.caip2.slice('solana:'.length))
    return { kind: 'wrong-cluster', source, expected: network.id, genesisHash: hash.value }
  const found = read(transaction, (value): { readonly bytes: string | null } | undefined => {
    if (value === null) return { bytes: null }
    const encoded = fieldOf(value, 'transaction')
    const bytes: unknown = Array.isArray(encoded) ? encoded[0] : undefined
    return typeof bytes === 'string' ? { bytes } : undefined
  })
  if (!found.known) return { kind: 'unreachable', source, reason: found.reason }
  if (found.value.bytes !== null) return { kind: 'found', source, bytes: found.value.bytes }
  const status = read(statuses, (value) => {
    const list = fieldOf(value, 'value')
    return Array.isArray(list) ? { seen: list[0] !== null && list[0] !== undefined } : undefined
  })
  return { kind: 'missing', source, seen: status.known && status.value.seen }
}
