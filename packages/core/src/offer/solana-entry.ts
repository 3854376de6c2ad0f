import type { Finding } from '../causes/finding.ts'
import { offerFindings } from '../solana/offer/intent.ts'
import { payeeOf } from '../solana/offer/payee.ts'
import { withoutFeePayer } from '../solana/offer/signers.ts'
import { type KnownMint, knownMint } from '../solana/transaction/known-mint.ts'
import type { SvmPayment, SvmRequirements } from '../solana/transaction/payment.ts'
import { keysIn, requirementsOf } from '../solana/transaction/read.ts'
import type { JsonObject } from '../wire/json.ts'
import { Keys } from '../wire/keys.ts'
import type { OfferedEntry } from './find-offers.ts'
import { writeJson } from './json-value.ts'
import type { NetworkTerms } from './network-terms.ts'
import { missingMembers, oddAmount, oddTimeout } from './terms.ts'

/** What an entry on Solana comes to. */
export interface SolanaTerms {
  readonly read: SvmRequirements
  readonly mint: KnownMint | undefined
  readonly findings: readonly Finding[]
}

/** A blockhash lives for 150 blocks, about a minute, so that a longer window promises nothing; what two slots and a look at the cluster take. */
const shortest = 6n

export function solanaTerms({ source, x402Version }: OfferedEntry, { network }: NetworkTerms): SolanaTerms {
  const findings: Finding[] = []
  const keys = new Keys()
  const read = requirementsOf(source, 'requirements', { findings, keys })
  const cluster = network?.family === 'solana' ? network : undefined
  const mint = knownMint(read.asset)
  const payment: SvmPayment = {
    family: 'solana',
    form: 'x402-payment-payload',
    recognised: 'an offer',
    ...(cluster === undefined ? {} : { network: cluster }),
    transaction: null,
    bytes: null,
    slips: [],
    requirements: read,
    keys: keysIn([source]),
    differences: [],
    findings: [],
  }
  const timeout = source.get('maxTimeoutSeconds')
  const seconds = typeof timeout === 'object' && timeout !== null && 'digits' in timeout ? Number(timeout.digits) : undefined
  findings.push(
    ...missingMembers(source, x402Version ?? 2, keys),
    ...offerFindings(read, cluster, payeeOf(payment)),
    ...(findings.some(({ field }) => field === 'requirements.extra.feePayer') ? [] : withoutFeePayer(read)),
    ...(read.amount === undefined
      ? []
      : oddAmount(read.amount, `requirements.${source.has('amount') ? 'amount' : 'maxAmountRequired'}`, mint)),
    ...oddTimeout(seconds, shortest),
  )
  return { read, mint, findings }
}

/** The entry as it should be; undefined where nothing of it is known better. */
export function correctedSolana(
  entry: JsonObject,
  version: 1 | 2 | undefined,
  { read, findings }: SolanaTerms,
  network: NetworkTerms,
): JsonObject | undefined {
  const out = new Map(entry)
  if (network.spelled !== undefined) out.set('network', network.spelled)
  const key = version === 1 ? 'maxAmountRequired' : 'amount'
  if (read.amount !== undefined && !out.has(key)) {
    out.delete('amount')
    out.delete('maxAmountRequired')
    out.set(key, String(read.amount))
  }
  for (const { cause, field, expected, severity } of findings) {
    if (severity !== 'error' || expected === undefined) continue
    if (cause === 'svm-wrong-cluster' && field === 'requirements.asset' && !expected.includes(' ')) out.set('asset', expected)
    if (cause === 'svm-recipient-mismatch' && field === 'requirements.payTo' && !expected.includes(' ')) out.set('payTo', expected)
  }
  return writeJson(out) === writeJson(entry) ? undefined : out
}
