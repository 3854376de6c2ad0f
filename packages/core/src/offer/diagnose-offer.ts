import type { CauseId } from '../causes/catalogue.ts'
import type { Finding } from '../causes/finding.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { clock } from '../evidence/clock.ts'
import type { ChainReader } from '../evm/evidence/chain.ts'
import type { Replayer } from '../evm/evidence/replay.ts'
import { isKnown } from '../evm/signature/expected-domain.ts'
import type { EvmNetwork } from '../networks/network.ts'
import { builtInNetworks, type Networks } from '../networks/networks.ts'
import { OtherRailError } from '../rails/other-rail-error.ts'
import { formatUnits } from '../text/amount.ts'
import type { ChainReport } from '../verdict/diagnosis.ts'
import { isObject } from '../wire/json.ts'
import { shownValue } from '../wire/shown-value.ts'
import { show } from '../wire/text.ts'
import { correctedEvm, evmTerms, type OfferOptions } from './evm-entry.ts'
import { findOffers, type OfferedEntry } from './find-offers.ts'
import { plainValue } from './json-value.ts'
import { type NetworkTerms, networkTerms } from './network-terms.ts'
import type { OfferDiagnosis, OfferEntryReport, OfferStanding } from './offer.ts'
import { correctedSolana, solanaTerms } from './solana-entry.ts'
import { otherTransfer } from './terms.ts'

export interface DiagnoseOfferOptions {
  /** Unix seconds; the clock of this machine when absent. */
  readonly now?: bigint
  /** Where networks are looked up; the built-in ones unless given. */
  readonly networks?: Networks
  /** The chains to ask about the token of an entry on that network, each made by `chainReader` of `@eip3009/core/chain`. */
  readonly chainsFor?: (network: EvmNetwork | undefined) => readonly ChainReader[]
  /** Replays what a client would pay by it, where given. */
  readonly replayer?: Replayer
}

/**
 * Checks what a server offers before anybody pays: a 402 body, a `PAYMENT-REQUIRED` header or a list of requirements, in whatever was pasted. Each entry on
 * an EVM chain is paid by a client that does exactly what it says, with a key of nobody's, and that payment is diagnosed like any other; one on Solana is
 * read as payments' offers are.
 * @throws Eip3009Error `unreadable-input` where there is no offer in it, or a payment stands beside it.
 */
export async function diagnoseOffer(input: string | Uint8Array | object, options: DiagnoseOfferOptions = {}): Promise<OfferDiagnosis> {
  const found = findOffers(input)
  if (found === undefined) {
    throw new Eip3009Error(
      'unreadable-input',
      'Read no x402 offer, or one beside a payment; expected a 402 body with accepts, a PAYMENT-REQUIRED header or payment requirements; paste what the server answered before it was paid.',
    )
  }
  const { now = clock(), networks = builtInNetworks, chainsFor = () => [], replayer } = options
  const own: OfferOptions = { now, networks, chainsFor, ...(replayer === undefined ? {} : { replayer }) }
  const entries: OfferEntryReport[] = []
  const chain: ChainReport[] = []
  for (const entry of found.entries) {
    const { report, read } = await entryReport(entry, own)
    entries.push(report)
    chain.push(...read)
  }
  const worst = worstOf(entries)
  return {
    schema: 'eip3009/offer@1',
    recognised: found.recognised,
    standing: worst.standing,
    headline: headlineOf(entries, worst),
    cause: worst.cause,
    party: worst.party,
    proof: worst.proof,
    entries,
    chain,
  }
}

const order = ['fails', 'unknown', 'good', 'other-rail'] as const satisfies readonly OfferStanding[]

function worstOf(entries: readonly OfferEntryReport[]): OfferEntryReport {
  const sorted = order.flatMap((standing) => entries.filter((each) => each.standing === standing))
  const [first] = sorted
  if (first === undefined) throw new Eip3009Error('internal', 'an offer without an entry was found')
  return first
}

function headlineOf(entries: readonly OfferEntryReport[], worst: OfferEntryReport): string {
  if (entries.length === 1) return worst.says
  const count = entries.filter(({ standing }) => standing === worst.standing).length
  if (count === entries.length && worst.standing === 'good') return `All ${count} entries: ${worst.says}`
  return `${count} of ${entries.length} entries; ${worst.path}: ${worst.says}`
}

interface Reported {
  readonly report: OfferEntryReport
  readonly read: readonly ChainReport[]
}

async function entryReport(entry: OfferedEntry, options: OfferOptions): Promise<Reported> {
  const { source, path, x402Version } = entry
  const terms = networkTerms(source.get('network'), x402Version, options.networks)
  const scheme = source.get('scheme')
  const common = {
    path,
    x402Version: x402Version ?? null,
    scheme: scheme === undefined ? null : shownValue(scheme),
    network: terms.network?.id ?? (source.has('network') ? shownValue(source.get('network')) : null),
  }
  const elsewhere = otherRailOf(entry)
  if (elsewhere !== undefined) return { report: onOtherRail(entry, common, elsewhere), read: [] }
  return isSolanas(entry, terms) ? { report: solanaReport(entry, terms, common), read: [] } : evmReport(entry, terms, common, options)
}

type Common = Pick<OfferEntryReport, 'path' | 'x402Version' | 'scheme' | 'network'>

/** How it is paid otherwise, as a clause; undefined for the exact scheme by EIP-3009 or on Solana. */
function otherRailOf({ source }: OfferedEntry): string | undefined {
  const scheme = source.get('scheme')
  if (typeof scheme === 'string' && scheme.toLowerCase() !== 'exact') return `its scheme is "${show(scheme)}"`
  const method = otherTransfer(source)
  return method === undefined ? undefined : `its extra.assetTransferMethod is "${method}"`
}

function onOtherRail({ source }: OfferedEntry, common: Common, why: string): OfferEntryReport {
  return {
    ...common,
    family: null,
    standing: 'other-rail',
    says: `It is not paid by EIP-3009 (${why}), and nothing of it is judged here.`,
    cause: null,
    party: null,
    proof: null,
    asset: source.has('asset') ? shownValue(source.get('asset')) : null,
    symbol: null,
    amount: null,
    price: null,
    payTo: source.has('payTo') ? shownValue(source.get('payTo')) : null,
    findings: [],
    facilitators: { answers: [], refusals: [] },
    corrected: null,
  }
}

function isSolanas({ source }: OfferedEntry, { network }: NetworkTerms): boolean {
  if (network !== undefined) return network.family === 'solana'
  const name = source.get('network')
  if (typeof name === 'string' && /^solana\b/i.test(name)) return true
  const asset = source.get('asset')
  const extra = source.get('extra')
  return typeof asset === 'string' && !asset.startsWith('0x') && isObject(extra) && extra.has('feePayer')
}

function solanaReport(entry: OfferedEntry, network: NetworkTerms, common: Common): OfferEntryReport {
  const terms = solanaTerms(entry, network)
  const { read, mint } = terms
  const findings = sorted([...network.findings, ...terms.findings])
  const [first] = findings.filter(({ severity }) => severity === 'error')
  const unknown = network.unknown ?? (mint === undefined ? `the mint ${read.asset ?? ''} is none that is known` : undefined)
  const price =
    read.amount === undefined
      ? null
      : mint === undefined
        ? `${read.amount} atomic units`
        : `${formatUnits(read.amount, mint.decimals)} ${mint.symbol}`
  const standing: OfferStanding = first !== undefined ? 'fails' : unknown !== undefined ? 'unknown' : 'good'
  const corrected = standing === 'fails' ? correctedSolana(entry.source, entry.x402Version, terms, network) : undefined
  return {
    ...common,
    family: 'solana',
    standing,
    says:
      first !== undefined
        ? failing(first)
        : unknown !== undefined
          ? sentence(network.unknown === undefined ? `Unknown token: ${unknown}` : `Unknown network: ${unknown}`)
          : `${price} on ${common.network ?? 'Solana'} to ${read.payTo ?? ''}: mint, payee, fee payer and network are as clients need them.`,
    cause: first?.cause ?? null,
    party: first?.party ?? null,
    proof: standing === 'unknown' ? null : 'inferred',
    asset: read.asset ?? null,
    symbol: mint?.symbol ?? null,
    amount: read.amount === undefined ? null : String(read.amount),
    price,
    payTo: read.payTo ?? null,
    findings,
    facilitators: { answers: [], refusals: [] },
    corrected: corrected === undefined ? null : JSON.stringify(plainValue(corrected), null, 2),
  }
}

async function evmReport(entry: OfferedEntry, network: NetworkTerms, common: Common, options: OfferOptions): Promise<Reported> {
  let terms: Awaited<ReturnType<typeof evmTerms>>
  try {
    terms = await evmTerms(entry, network, options)
  } catch (error) {
    if (error instanceof OtherRailError) return { report: onOtherRail(entry, common, `it is of the rail ${error.rail}`), read: [] }
    throw error
  }
  const { read, expected, diagnosis } = terms
  const findings = sorted([...network.findings, ...terms.findings])
  const [first] = findings.filter(({ severity }) => severity === 'error')
  const unknown =
    (expected?.basis === 'chain' ? undefined : network.unknown) ??
    (read.asset === undefined || (expected !== undefined && isKnown(expected))
      ? undefined
      : expected?.basis === 'disputed'
        ? `sources disagree on the domain that ${expected.token?.symbol ?? read.asset}${common.network === null ? '' : ` on ${common.network}`} hashes`
        : `the token ${read.asset} is none that is known${common.network === null ? '' : ` on ${common.network}`}, and its name and version are the offer's own word`)
  const stopped = diagnosis?.verdict === 'inconclusive' && unknown === undefined ? diagnosis.headline : undefined
  const units = expected?.units
  const price =
    read.amount === undefined
      ? null
      : units === undefined
        ? `${read.amount} atomic units`
        : `${formatUnits(read.amount, units.decimals)} ${units.symbol}`
  const standing: OfferStanding = first !== undefined ? 'fails' : unknown !== undefined || stopped !== undefined ? 'unknown' : 'good'
  // What is wrong with the terms alone is not in the payment that was made of them, which facilitators would be told of.
  const isOfPayment = findings.every(
    ({ severity, cause }) =>
      severity !== 'error' ||
      (!ofTerms.has(cause) && diagnosis?.findings.some((each) => each.severity === 'error' && each.cause === cause) === true),
  )
  const corrected = standing === 'fails' ? correctedEvm(entry.source, entry.x402Version, terms, network) : undefined
  const isProven =
    diagnosis?.proof === 'proven' &&
    (standing === 'good' ? diagnosis.verdict === 'settles' : diagnosis.verdict === 'fails' && diagnosis.cause === first?.cause)
  return {
    report: {
      ...common,
      family: 'evm',
      standing,
      says:
        first !== undefined
          ? failing(first)
          : unknown !== undefined
            ? sentence(
                network.unknown !== undefined
                  ? `Unknown network: ${unknown}`
                  : `${expected?.basis === 'disputed' ? 'Unknown domain' : 'Unknown token'}: ${unknown}`,
              )
            : stopped !== undefined
              ? `Nobody here can tell: ${stopped}`
              : `${price} on ${common.network} to ${read.payTo}: a client that does what it says makes a payment that settles.`,
      cause: first?.cause ?? null,
      party: first?.party ?? null,
      proof: standing === 'unknown' ? null : isProven ? 'proven' : 'inferred',
      asset: read.asset ?? null,
      symbol: expected?.token?.symbol ?? units?.symbol ?? null,
      amount: read.amount === undefined ? null : String(read.amount),
      price,
      payTo: read.payTo ?? null,
      findings,
      facilitators: diagnosis !== undefined && isOfPayment ? diagnosis.facilitators : { answers: [], refusals: [] },
      corrected: corrected === undefined ? null : JSON.stringify(plainValue(corrected), null, 2),
    },
    read: diagnosis?.chain ?? [],
  }
}

/** Of these a payment is made that has what was meant. */
const ofTerms: ReadonlySet<CauseId> = new Set(['malformed-field', 'amount-units-wrong'])

/** What keeps a client from making a payment at all; with anything else it makes one, which fails. */
const unpayable: ReadonlySet<CauseId> = new Set([
  'malformed-field',
  'wire-version-mismatch',
  'network-unsupported',
  'domain-field-missing',
  'svm-fee-payer-mismatch',
])

function failing({ cause, summary }: Finding): string {
  return unpayable.has(cause)
    ? `Clients can not pay it as it is (${cause}): ${summary}`
    : `Clients that sign it as it is get ${cause}: ${summary}`
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`
}

const severities = ['error', 'warning', 'info'] as const

function sorted(findings: OfferEntryReport['findings']): OfferEntryReport['findings'] {
  return severities.flatMap((severity) => findings.filter((each) => each.severity === severity))
}
