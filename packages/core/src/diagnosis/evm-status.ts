import type { Hex } from '../bytes/hex.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { ifKnown } from '../evidence/known.ts'
import { evmStatus, type StatusCase } from '../evm/diagnosis/status.ts'
import { blockWindowOf } from '../evm/evidence/block-window.ts'
import type { AskedAuthorization, StatusAnswer, StatusQuestion } from '../evm/evidence/status.ts'
import type { Payment as EvmPayment } from '../evm/payment/payment.ts'
import { readEvmPayment } from '../evm/payment/read.ts'
import { type ChainSource, connectChain } from '../evm/state/connect-chain.ts'
import { readStatus } from '../evm/state/read-status.ts'
import type { PaymentStatus } from '../money/status.ts'
import { findToken } from '../networks/find-token.ts'
import type { EvmNetwork } from '../networks/network.ts'

/** Whom to ask, and when. */
export interface Asking {
  readonly sources: readonly ChainSource[]
  readonly headers: Readonly<Record<string, string>>
  readonly timeout: number
  readonly now: bigint
}

/** What became of an authorization of which no more is known than what makes it the only one of its kind. */
export function ofAuthorization(
  { token, from, nonce }: Pick<AskedAuthorization, 'token' | 'from' | 'nonce'>,
  network: EvmNetwork,
  asking: Asking,
): Promise<PaymentStatus> {
  return ask({ network, chainId: network.chainId, authorization: { token, from, nonce }, now: asking.now }, asking)
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

/** What became of a payment, and of the transaction that it is said to have become. */
export async function ofPayment(
  payment: EvmPayment,
  { transaction: named }: { readonly transaction?: string },
  asking: Asking,
): Promise<PaymentStatus> {
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
export async function ofTransaction(given: string, network: EvmNetwork, asking: Asking): Promise<PaymentStatus> {
  const transaction = hashOf(given)
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
