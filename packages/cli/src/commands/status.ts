import {
  Eip3009Error,
  type EvmNetwork,
  findNetwork,
  type Network,
  type Payment,
  type PaymentStatus,
  paymentStatus,
  type Secrets,
  type StatusTarget,
  secretsOf,
  svmSecretsOf,
} from '@eip3009/core'
import { statusDocument } from '@eip3009/core/report'
import type { Console } from '../console.ts'
import { exitCodeOfStatus } from '../exit-codes.ts'
import { hashIn, isHash, longestLine, refuseAloneHash, tryRead } from '../families/examine.ts'
import { holdsSeveral } from '../families/how-many.ts'
import { networkOfTransaction, noRpc } from '../families/transaction.ts'
import { textOf } from '../files.ts'
import { patiently } from '../progress.ts'
import { shown } from '../sharing.ts'
import { type FormatOptions, formatOf } from '../sources/format.ts'
import { readInput } from '../sources/input.ts'
import type { RpcOptions } from '../sources/known-rpcs.ts'
import { refuseUnused } from '../sources/option-uses.ts'
import { readSources, refuseHeaders, type Sources } from '../sources/read-sources.ts'
import { readTold } from '../sources/told.ts'
import { UsageError } from '../usage-error.ts'
import { printReport } from './print-report.ts'

export interface StatusOptions extends RpcOptions, FormatOptions {
  readonly input: readonly string[]
  readonly network?: string | undefined
  readonly tx?: string | undefined
  readonly at?: string | undefined
  readonly timeout: number
  readonly share: boolean
}

/** Says what became of a payment, an authorization or a transaction, and returns the exit code. */
export async function statusCommand(options: StatusOptions, console: Console): Promise<number> {
  formatOf(options)
  const { status, secrets } = await found(options, console)
  const model = shown(status, console, secrets)
  printReport({ model, document: () => statusDocument(model) }, options, console)
  return exitCodeOfStatus(status)
}

interface Found {
  readonly status: PaymentStatus
  readonly secrets?: () => Secrets
}

async function found(options: StatusOptions, console: Console): Promise<Found> {
  const [first = '', ...rest] = options.input
  // First, so that what is said of an option that is wrong is without the input's secrets.
  const input = rest.length === 0 ? await readInput(first, console) : ''
  const asked = { ...(await readSources(options, console)), ...(await readTold(options, console)) }
  if (rest.length > 0) return { status: await ofAuthorization(options, asked, console) }
  const text = textOf(input).trim()
  const isArgument = typeof input === 'string'
  if (isHash(text) && isArgument) return { status: await ofHash(text, options, asked, console) }
  if (isSignature(text) && isArgument) {
    refuseTwo(options)
    return { status: await ofSignature(text, asked, console) }
  }
  if (!isArgument) refuseAloneHash(text)
  if (await holdsSeveral(input))
    throw new UsageError(
      'Read several payments, or transactions; status is of one, so give that alone. eip3009 diagnose tells where each stands.',
    )
  const payment = tryRead(input, { network: options.network })
  if (payment instanceof Eip3009Error) {
    const hash = text.length > longestLine ? undefined : hashIn(text, isArgument)
    if (hash === undefined) throw payment
    return { status: await ofHash(hash, options, asked, console, payment) }
  }
  refuseUnused('status', payment.family, options)
  const status = await ask(payment, payment.network, asked, console)
  return { status, secrets: () => (payment.family === 'evm' ? secretsOf(payment) : svmSecretsOf(payment, status.state === 'paid')) }
}

/** @throws UsageError for a transaction beside one. */
function refuseTwo({ tx }: StatusOptions): void {
  if (tx !== undefined) throw new UsageError('--tx is for a payment: what was given is a transaction itself; leave --tx out.')
}

/** 64 bytes in base58. */
function isSignature(text: string): boolean {
  return /^[1-9A-HJ-NP-Za-km-z]{86,88}$/.test(text)
}

function ask(of: Payment | StatusTarget, network: Network | undefined, asked: Sources, console: Console): Promise<PaymentStatus> {
  const { urlsFor, headersFor, timeout, now, at, transaction } = asked
  const rpc = urlsFor(network)
  refuseHeaders(asked, rpc)
  const work = (): Promise<PaymentStatus> =>
    paymentStatus(of, {
      rpc,
      headers: headersFor(network),
      timeout,
      now,
      ...(at === undefined ? {} : { at }),
      ...(transaction === undefined ? {} : { transaction }),
    })
  return rpc.length === 0 ? work() : patiently(`asking an RPC of ${network?.id ?? 'that chain'}`, console, work)
}

async function ofAuthorization({ input, network: given, tx, at }: StatusOptions, asked: Sources, console: Console): Promise<PaymentStatus> {
  const [name = '', token = '', from = '', nonce = '', ...more] = input
  if (nonce === '' || more.length > 0)
    throw new UsageError('status takes a payment, a hash, or four words: a network, a token, a payer and a nonce.')
  if (given !== undefined || tx !== undefined || at !== undefined)
    throw new UsageError(
      'Beside a network, a token, a payer and a nonce there is nothing for --network, --tx or --at to say; leave them out.',
    )
  const network = evmNetwork(name, '')
  const address =
    [network.usdc, ...network.otherTokens].find(({ symbol }) => symbol.toLowerCase() === token.toLowerCase())?.address ?? token
  for (const [what, value] of [
    ['token', address],
    ['payer', from],
  ] as const)
    if (!isAddress(value)) throw new UsageError(`The ${what} "${value.slice(0, 60)}" is no address; give 0x and 40 hex digits.`)
  if (!isHash(nonce)) throw new UsageError('The nonce is no 32 bytes; give 0x and 64 hex digits.')
  if (!isAddress(address) || !isAddress(from)) throw noRpc()
  return ask({ network: network.id, token: address, from, nonce }, network, asked, console)
}

function isAddress(text: string): text is `0x${string}` {
  return /^0x[0-9a-fA-F]{40}$/.test(text)
}

function evmNetwork(name: string, option: string): EvmNetwork {
  const answer = findNetwork(name)
  if (answer.kind === 'unknown') throw new UsageError(`${option}${answer.reason}`)
  if (answer.network.family !== 'evm')
    throw new UsageError(`${option}${answer.network.id} is not an EVM network: give the payment, or the signature of its transaction.`)
  return answer.network
}

/** A hash does not say of which network it is: the one that is named, the RPC's own, or whichever of those that an RPC is known of has it. */
async function ofHash(
  hash: `0x${string}`,
  options: StatusOptions,
  asked: Sources,
  console: Console,
  unless?: Eip3009Error,
): Promise<PaymentStatus> {
  refuseTwo(options)
  refuseUnused('status', 'evm', options)
  const { told, rpcs, urlsFor } = asked
  if (told.network === undefined && urlsFor(undefined).length === 0 && !rpcs.isPublic) {
    const known = rpcs.networks().filter((each): each is EvmNetwork => each.family === 'evm')
    if (known.length === 0) throw unless ?? noRpc()
    const all = await Promise.all(known.map((network) => ask({ network: network.id, transaction: hash }, network, asked, console)))
    const has = all.find(({ transaction }) => transaction !== null && transaction.state !== 'missing' && transaction.state !== 'unknown')
    const [first] = all
    if (has !== undefined) return has
    if (first !== undefined && all.length === 1) return first
    if (first !== undefined)
      return {
        ...first,
        network: null,
        headline: `None of the RPCs that are known (${known.map(({ id }) => id).join(', ')}) has transaction ${hash}: it is of another network, was dropped, or has not come to them. That it was never sent does not follow.`,
        chain: all.flatMap(({ chain }) => chain),
        check: null,
        explorer: null,
      }
  }
  const network = await networkOfTransaction(asked)
  return ask({ network: network.id, transaction: hash }, network, asked, console)
}

async function ofSignature(id: string, asked: Sources, console: Console): Promise<PaymentStatus> {
  const { told, rpcs } = asked
  const named = findNetwork(told.network ?? rpcs.networks().find(({ family }) => family === 'solana')?.id ?? 'solana')
  if (named.kind === 'unknown') throw new UsageError(`--network ${named.reason}`)
  if (named.network.family !== 'solana')
    throw new UsageError(`--network ${named.network.id} is not Solana, and what was given is the signature of a transaction on Solana.`)
  return ask({ network: named.network.id, transaction: id }, named.network, asked, console)
}
