import { sameAddress } from '../../bytes/address.ts'
import type { Address } from '../../bytes/hex.ts'
import { ifKnown } from '../../evidence/known.ts'
import type { Token } from '../../networks/network.ts'
import type { Provenance } from '../../networks/provenance.ts'
import { reasonOf } from '../../rpc/chain-client.ts'
import { believed, type ChainAnswer, type ChainQuestion, type ChainReader, type ChainState } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { type Moment, opensEver } from '../evidence/moment.ts'
import type { Payment } from '../payment/payment.ts'
import { type ExpectedDomain, tokenDomain } from '../signature/expected-domain.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import type { Search } from './search-limits.ts'

export interface ChainOptions {
  readonly block?: bigint
  readonly facilitator?: Address
}

/**
 * Asks every chain about the payment at the moment that is judged, and takes the token's own word for its domain where it differs from what was
 * taken for it. Evidence without chains when the payment does not say which chain and token to ask about.
 */
export async function askChains(
  payment: Payment,
  evidence: Evidence,
  readers: readonly ChainReader[],
  options: ChainOptions,
  search: Search,
): Promise<Evidence> {
  const question = questionOf(payment, evidence, options)
  if (question === undefined) return { ...evidence, chains: [] }
  const chains = await Promise.all(readers.map((reader) => askChain(reader, question)))
  const state = believed(chains)
  if (state === undefined) return { ...evidence, chains }
  const { moment } = evidence
  const read = domainOf(state, payment, evidence)
  const signature = read === undefined ? evidence.signature : await search(payment, read)
  const then = signedAt(payment)
  const reader = readers[chains.indexOf(state)]
  const asksThen = then !== undefined && reader !== undefined && isOfAnotherName(signature, state)
  const separatorThen = asksThen ? await separatorAt(reader, question, then) : undefined
  return {
    ...evidence,
    chains: separatorThen === undefined ? chains : chains.map((each) => (each === state ? { ...state, separatorThen } : each)),
    moment: options.block === undefined || moment.basis === 'given' || state.instead !== undefined ? moment : atBlock(state, moment),
    signature,
  }
}

/** What a chain is asked about a payment; undefined when the payment does not say which chain and token to ask about. */
export function questionOf(payment: Payment, evidence: Evidence, { block, facilitator }: ChainOptions): ChainQuestion | undefined {
  const { expected, digest } = evidence.signature
  const token = payment.token ?? expected?.domain.verifyingContract
  const chainId = payment.network?.chainId ?? payment.chainId ?? expected?.network?.chainId
  if (token === undefined || chainId === undefined) return undefined
  const { moment } = evidence
  const network = payment.network ?? expected?.network
  const named = payment.beside?.answer?.revert.transaction
  return {
    payment,
    token,
    chainId,
    ...(network?.family === 'evm' ? { blockTime: network.blockTime } : {}),
    ...(digest === undefined ? {} : { digest }),
    // What the token hashed tells most where the signature does not fit as it is.
    ...(evidence.signature.matches.some(({ edits }) => edits.length === 0) ? {} : { trace: true }),
    ...(block === undefined ? (moment.basis === 'now' ? {} : { at: moment.time }) : { block }),
    ...(facilitator === undefined ? {} : { facilitator }),
    ...(named === undefined ? {} : { transaction: named }),
    ...(expected?.family === undefined ? {} : { family: expected.family }),
  }
}

/** When it was signed, as far as that follows from the payment; a window that is open since ever tells nothing. */
function signedAt({ authorization, requirements }: Payment): bigint | undefined {
  if (!opensEver(authorization)) return authorization.validAfter
  const wait = requirements?.maxTimeoutSeconds
  return wait === undefined ? undefined : authorization.validBefore - BigInt(Math.floor(wait))
}

/** Whether what was signed fits the same contract on the same chain under another name or version than the token has. One that has the domain on record was not renamed since. */
function isOfAnotherName({ matches: [match], expected }: Evidence['signature'], { token }: ChainState): boolean {
  const own = ifKnown(token.separator)
  if (match === undefined || expected === undefined || expected.basis === 'registry' || typeof own !== 'string' || own === match.separator)
    return false
  return sameAddress(match.domain.verifyingContract, token.address) && match.domain.chainId === expected.domain.chainId
}

async function separatorAt(reader: ChainReader, question: ChainQuestion, at: bigint): Promise<ChainState['separatorThen']> {
  const { block: _, trace: __, ...rest } = question
  const answer = await askChain(reader, { ...rest, at })
  if (answer.kind !== 'read' || answer.instead !== undefined) return undefined
  const separator = ifKnown(answer.token.separator)
  return typeof separator === 'string' ? { block: answer.block.number, time: answer.block.time, separator } : undefined
}

/** A reader that a caller made can throw, which says as much of the chain as no answer. */
async function askChain(reader: ChainReader, question: ChainQuestion): Promise<ChainAnswer> {
  try {
    return await reader.read(question)
  } catch (error) {
    return { kind: 'unreachable', source: reader.source, reason: reasonOf(error) }
  }
}

function atBlock({ block }: ChainState, { now }: Moment): Moment {
  return { time: block.time, basis: 'given', now }
}

/** The domain that hashes to the separator that the token answers; undefined when it is the one on record, or nothing that we know of hashes to it. */
function domainOf(state: ChainState, payment: Payment, { signature: { expected } }: Evidence): ExpectedDomain | undefined {
  const network = payment.network ?? expected?.network
  const { name, version, symbol, decimals, separator, functions, address } = state.token
  const own = ifKnown(separator)
  if (own === undefined || own === null || (expected?.basis === 'registry' && expected.separator === own)) return undefined
  for (const layout of ['standard', 'salt'] as const) {
    const token: Token = {
      symbol: ifKnown(symbol) ?? 'tokens',
      address,
      name: ifKnown(name) ?? expected?.domain.name ?? '',
      version: ifKnown(version) ?? expected?.domain.version ?? '2',
      layout,
      decimals: ifKnown(decimals) ?? 0,
      // Another name on chain makes no other contract of it.
      ...(expected?.family === undefined ? {} : { family: expected.family }),
      overloads: { vrs: ifKnown(functions['transfer-vrs']) !== false, bytes: ifKnown(functions['transfer-bytes']) !== false },
      separator: own,
    }
    const domain = tokenDomain(token, state.chainId)
    if (domainSeparator(domain) !== own) continue
    const provenance: Provenance = { from: 'chain', says: `DOMAIN_SEPARATOR() at block ${state.block.number} of ${state.source}` }
    const told = ifKnown(decimals)
    const described =
      told === undefined || told === null ? {} : { token, units: { decimals: told, symbol: ifKnown(symbol) ?? 'tokens', provenance } }
    const family = expected?.family === undefined ? {} : { family: expected.family }
    return { domain, separator: own, basis: 'chain', provenance, ...described, ...family, ...(network === undefined ? {} : { network }) }
  }
  return undefined
}
