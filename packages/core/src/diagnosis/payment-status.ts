import type { Address, Hex } from '../bytes/hex.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { clock } from '../evidence/clock.ts'
import { ifKnown } from '../evidence/known.ts'
import { evmStatus, type StatusCase } from '../evm/diagnosis/status.ts'
import { blockWindowOf } from '../evm/evidence/block-window.ts'
import type { AskedAuthorization, StatusAnswer, StatusQuestion } from '../evm/evidence/status.ts'
import type { Payment as EvmPayment } from '../evm/payment/payment.ts'
import { readEvmPayment } from '../evm/payment/read.ts'
import { type ChainSource, connectChain } from '../evm/state/connect-chain.ts'
import { readStatus } from '../evm/state/read-status.ts'
import type { PaymentStatus } from '../money/status.ts'
import { getNetwork } from '../networks/find-network.ts'
import { findToken } from '../networks/find-token.ts'
import type { EvmNetwork, SolanaNetwork } from '../networks/network.ts'
import type { ChainClient } from '../rpc/chain-client.ts'
import { askClusters } from '../solana/diagnosis/ask-clusters.ts'
import { svmStatus, unseenTransaction } from '../solana/diagnosis/status.ts'
import { connectSolana } from '../solana/state/connect-solana.ts'
import { readSentTransaction } from '../solana/state/read-sent.ts'
import { svmReader } from '../solana/state/read-state.ts'
import type { SvmPayment } from '../solana/transaction/payment.ts'
import { readSvmPayment } from '../solana/transaction/read.ts'

/** An authorization by what makes it the only one of its kind, or a transaction. `network` is a name, a chain id or a CAIP-2 id. */
export type StatusTarget =
  | { readonly network: string | number; readonly token: Address; readonly from: Address; readonly nonce: Hex }
  /** Its hash, or on Solana its signature in base58. */
  | { readonly network: string | number; readonly transaction: string }

export interface StatusOptions {
  /** Whom to ask: a URL, on EVM chains also a viem client, an EIP-1193 or an ethers provider; several have to agree. Without one nobody is asked. */
  readonly rpc?: ChainSource | readonly ChainSource[]
  /** For URLs. Never printed. */
  readonly headers?: Readonly<Record<string, string>>
  /** Milliseconds that each may take in all; 30 000 when absent. */
  readonly timeout?: number
  /** Unix seconds; the clock of this machine when absent. */
  readonly now?: bigint
  /** When a payment on Solana was made, unix seconds; the time of the record that it stands in when absent. On EVM chains the nonce tells, whenever that was. */
  readonly at?: bigint
  /** The transaction that somebody says the payment became; what was answered beside it counts when absent. */
  readonly transaction?: string
}

interface Asking {
  readonly sources: readonly ChainSource[]
  readonly headers: Readonly<Record<string, string>>
  readonly timeout: number
  readonly now: bigint
}

/**
 * What became of a payment's money: used, canceled, unused or waiting, by which transaction, by whom and when, and how sure it is that this stays so. Nothing
 * is replayed, and no signature leaves the machine. Never rejects because of an RPC: what could not be read is `unknown`, with the one call that would tell.
 * @throws Eip3009Error `unknown-network`, and `invalid-argument` for what is no RPC.
 */
export async function paymentStatus(of: EvmPayment | SvmPayment | StatusTarget, options: StatusOptions = {}): Promise<PaymentStatus> {
  const { rpc = [], headers = {}, timeout = 30_000, now = clock() } = options
  const asking: Asking = { sources: isList(rpc) ? rpc : [rpc], headers, timeout, now }
  if ('family' in of) return of.family === 'evm' ? ofEvm(of, options.transaction, asking) : ofSvm(of, options, asking)
  const network = getNetwork(of.network)
  if (network.family === 'solana') {
    if ('transaction' in of) return ofSignature(of.transaction, network, asking)
    throw new Eip3009Error(
      'invalid-argument',
      `On ${network.id} there are no nonces of EIP-3009; give the payment, or the signature of its transaction.`,
    )
  }
  if ('transaction' in of) return ofHash(hashOf(of.transaction), network, asking)
  const { token, from, nonce } = of
  return ask({ network, chainId: network.chainId, authorization: { token, from, nonce }, now }, asking)
}

function isList(rpc: ChainSource | readonly ChainSource[]): rpc is readonly ChainSource[] {
  return Array.isArray(rpc)
}

function hashOf(text: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as Hex
  throw new Eip3009Error(
    'invalid-argument',
    'A transaction on an EVM chain is given by its hash, 0x and 64 hex digits; got something else.',
  )
}

async function ask(one: StatusCase, { sources, headers, timeout }: Asking): Promise<PaymentStatus> {
  const { chainId, authorization, transaction } = one
  if (chainId === undefined) return evmStatus(one, [])
  const question: StatusQuestion = {
    chainId,
    ...(authorization === undefined ? {} : { authorization }),
    ...(transaction === undefined ? {} : { transaction }),
  }
  return evmStatus(one, await askAll(question, { sources, headers, timeout }))
}

function askAll(
  question: StatusQuestion,
  { sources, headers, timeout }: Pick<Asking, 'sources' | 'headers' | 'timeout'>,
): Promise<StatusAnswer[]> {
  return Promise.all(
    sources.map((source) => readStatus(connectChain(source, { headers, timeout: Math.min(timeout, 10_000) }), question, timeout)),
  )
}

async function ofEvm(payment: EvmPayment, named: string | undefined, asking: Asking): Promise<PaymentStatus> {
  const { network, beside, call } = payment
  const chainId = payment.chainId ?? network?.chainId
  const said = named ?? beside?.answer?.revert.transaction ?? call?.transaction?.hash
  const authorization = authorizationOf(payment)
  return ask(
    {
      ...(network === undefined ? {} : { network }),
      chainId,
      ...(authorization === undefined ? {} : { authorization }),
      ...(said === undefined ? {} : { transaction: hashOf(said) }),
      ...(payment.rail === 'circle-gateway'
        ? { elsewhere: 'it is settled by Circle Gateway, of whose nonces the token knows nothing: ask Gateway' }
        : {}),
      now: asking.now,
    },
    asking,
  )
}

/** Undefined where no token keeps its nonce, or where nothing tells which one does. */
function authorizationOf({ network, token: given, requirements, authorization, rail }: EvmPayment): AskedAuthorization | undefined {
  const token = given ?? requirements?.asset ?? network?.usdc.address
  // Gateway keeps nonces of its own; every other rail comes to the token's in the end.
  if (token === undefined || rail === 'circle-gateway') return undefined
  const { from, nonce, to, value, validAfter, validBefore } = authorization
  const [known] = findToken(token)
  const family = known !== undefined && 'token' in known && 'family' in known.token ? known.token.family : undefined
  // What is in numbers of blocks is compared with no clock.
  const window = blockWindowOf(authorization, family) === undefined ? { validAfter, validBefore } : {}
  return { token, from, nonce, to, value, ...window }
}

/** A transaction, and what became of the payment in it: of one that failed the payment may be good, and settled by another. */
async function ofHash(transaction: Hex, network: EvmNetwork, asking: Asking): Promise<PaymentStatus> {
  const one = { network, chainId: network.chainId, transaction, now: asking.now }
  const answers = await askAll({ chainId: network.chainId, transaction }, asking)
  const sent = answers.flatMap((answer) => (answer.kind === 'read' && answer.sent !== undefined ? (ifKnown(answer.sent) ?? []) : []))
  const found = sent.find(({ uses }) => uses.length > 0) ?? sent[0]
  const logged = found?.uses.length === 1 ? found.uses[0] : undefined
  const payment = found?.object == null ? undefined : paymentIn(found.object, network)
  const read = payment === undefined ? undefined : authorizationOf(payment)
  const isSame = logged === undefined || (read !== undefined && read.nonce.toLowerCase() === logged.nonce)
  const authorization =
    (found?.uses.length ?? 0) > 1 ? undefined : isSame ? read : logged && { token: logged.token, from: logged.from, nonce: logged.nonce }
  return authorization === undefined ? evmStatus(one, answers) : ask({ ...one, authorization }, asking)
}

function paymentIn(transaction: object, network: EvmNetwork): EvmPayment | undefined {
  try {
    return readEvmPayment(transaction, { network: network.caip2 })
  } catch (error) {
    // Most transactions are no payment of this kind.
    if (error instanceof Eip3009Error) return undefined
    throw error
  }
}

async function ofSvm(payment: SvmPayment, { transaction, at: then }: StatusOptions, asking: Asking): Promise<PaymentStatus> {
  const { sources, headers, timeout, now } = asking
  const { beside } = payment
  const named = transaction ?? beside?.answer?.revert.solanaTransaction
  const at = then ?? beside?.time
  const when = { now, ...(at === undefined ? {} : { at }) }
  const readers = sources.map((source) => svmReader(clusterOf(source), { headers, totalTimeout: timeout }))
  return svmStatus(payment, await askClusters(payment, readers, when), { ...when, ...(named === undefined ? {} : { named }) })
}

async function ofSignature(id: string, network: SolanaNetwork, asking: Asking): Promise<PaymentStatus> {
  const { sources, headers, timeout } = asking
  const clients = sources.map((source) => connectSolana(clusterOf(source), { headers, timeout }))
  const sent = await Promise.all(clients.map((client) => readSentTransaction(client, id, network)))
  const found = sent.find((each) => each.kind === 'found')
  if (found === undefined) return unseenTransaction(id, network, sent)
  const body = { x402Version: 1, scheme: 'exact', network: network.id, payload: { transaction: found.bytes } }
  return ofSvm(readSvmPayment(body), { transaction: id }, asking)
}

function clusterOf(source: ChainSource): string | URL | ChainClient {
  if (typeof source === 'string' || source instanceof URL) return source
  if ('kind' in source && source.kind === 'chain-client') return source
  throw new Eip3009Error('invalid-argument', 'A Solana cluster is given as the URL of an RPC.')
}
