import { describe, expect, it } from 'vitest'
import { type CauseEntry, type CauseId, catalogue, causeIds, sections } from './catalogue.ts'
import type { Finding } from './finding.ts'
import { firstOnChain, inOrder, rank } from './rank.ts'
import { type Stage, stages } from './stage.ts'

const finding = (
  cause: CauseId,
  severity: Finding['severity'] = 'error',
  source: Finding['evidence'][number]['source'] = 'payload',
): Finding => ({
  cause,
  party: 'client',
  severity,
  summary: cause,
  evidence: [{ source, says: cause }],
  fix: cause,
})
const ranked = (...causes: readonly CauseId[]): CauseId[] => rank(causes.map((cause) => finding(cause))).map(({ cause }) => cause)
const causesOf = (id: (typeof sections)[number]['id']): readonly CauseId[] => sections.find((section) => section.id === id)?.causes ?? []

describe('rank', () => {
  it('has a place of its own for each cause', () => {
    const places = causeIds.map((id) => `${catalogue[id].stops.at} ${catalogue[id].stops.place}`)
    expect(places.length).toBeGreaterThan(90)
    expect(new Set(places).size).toBe(places.length)
    // And no stage has a gap, in which somebody would look for the cause that is missing.
    const counts = new Map<Stage, number[]>()
    for (const { stops } of Object.values<CauseEntry>(catalogue)) counts.set(stops.at, [...(counts.get(stops.at) ?? []), stops.place])
    expect([...counts.keys()].sort()).toEqual([...stages].sort())
    for (const list of counts.values()) expect(list.sort((a, b) => a - b)).toEqual(list.map((_, index) => index + 1))
  })

  it('puts what was signed before what the payer holds, and behind what the token looks at first', () => {
    const signed = [...causesOf('digest'), ...causesOf('signature-bytes')]
    expect(signed).toHaveLength(18)
    for (const cause of signed) {
      for (const later of ['insufficient-balance', 'eip7702-payer', 'facilitator-out-of-gas-money'] as const)
        expect(ranked(later, cause), cause).toEqual([cause, later])
      for (const earlier of ['paused', 'blacklisted', 'not-yet-valid', 'expired', 'authorization-used'] as const)
        expect(ranked(cause, earlier), cause).toEqual([earlier, cause])
    }
  })

  // FiatToken v2.2 and its revert strings: whenNotPaused, notBlacklisted, _requireValidAuthorization, ECRecover, the digest, _transfer.
  const fiatToken: readonly CauseId[] = [
    'paused',
    'blacklisted',
    'not-yet-valid',
    'expired',
    'authorization-used',
    'signature-length',
    'high-s',
    'v-0-or-1',
    'domain-name-mismatch',
    'insufficient-balance',
  ]
  // x402's specification of the scheme on Solana, section by section.
  const svmScheme: readonly CauseId[] = [
    'svm-compute-limit',
    'svm-compute-price',
    'svm-fee-payer-mismatch',
    'svm-fee-payer-transfers',
    'svm-mint-mismatch',
    'svm-recipient-mismatch',
    'svm-amount-mismatch',
  ]
  // What explains the next one.
  const explains: readonly (readonly CauseId[])[] = [
    ['svm-already-processed', 'svm-blockhash-expired'],
    ['svm-transaction-malformed', 'svm-signature-invalid'],
    ['svm-signature-invalid', 'svm-amount-mismatch', 'svm-signature-missing'],
    ['svm-wallet-injected-instructions', 'svm-compute-limit', 'svm-instruction-layout'],
    ['network-mismatch', 'svm-wrong-cluster', 'svm-mint-mismatch', 'svm-source-account-missing', 'svm-insufficient-funds'],
    [
      'header-encoding',
      'wire-version-mismatch',
      'malformed-field',
      'network-mismatch',
      'asset-mismatch',
      'amount-mismatch',
      'accepted-mismatch',
    ],
    ['window-inverted', 'time-in-milliseconds', 'expired'],
    ['executed-by-third-party', 'authorization-used'],
    ['rpc-wrong-chain', 'rpc-fault'],
  ]
  it.each([fiatToken, svmScheme, ...explains].map((order) => [order.join(' < '), order] as const))('%s', (_title, order) => {
    expect(ranked(...[...order].reverse())).toEqual(order)
    for (const [index, cause] of order.entries())
      for (const later of order.slice(index + 1)) expect(inOrder(cause, later), `${cause} before ${later}`).toBeLessThan(0)
  })

  it('puts errors before warnings before notes, and leaves equals as they are', () => {
    const own = [finding('insufficient-balance'), finding('paused', 'info'), finding('paused', 'warning'), finding('paused')]
    expect(rank(own).map(({ cause, severity }) => `${severity} ${cause}`)).toEqual([
      'error paused',
      'error insufficient-balance',
      'warning paused',
      'info paused',
    ])
    const two = [
      { ...finding('blacklisted'), field: 'to' },
      { ...finding('blacklisted'), field: 'from' },
    ]
    expect(rank(two)).toEqual(two)
  })
})

describe('firstOnChain', () => {
  it('is for the one that the cluster meets first', () => {
    const rows = [
      [['svm-insufficient-funds', 'svm-signature-missing'], 'svm-signature-missing'],
      [['svm-blockhash-expired', 'svm-insufficient-funds'], 'svm-blockhash-expired'],
      [['svm-authority-mismatch', 'svm-account-frozen'], 'svm-account-frozen'],
      [['svm-memo-mismatch', 'svm-amount-mismatch', 'accepted-mismatch'], null],
      [[], null],
    ] as const satisfies readonly (readonly [readonly CauseId[], CauseId | null])[]
    for (const [causes, first] of rows) expect(firstOnChain(causes.map((cause) => finding(cause)))).toBe(first)
  })

  it('takes what the payload shows in a form that the cluster takes only from the chain or a replay', () => {
    expect(firstOnChain([finding('svm-mint-mismatch')])).toBeNull()
    expect(firstOnChain([finding('svm-mint-mismatch', 'error', 'chain')])).toBe('svm-mint-mismatch')
    expect(firstOnChain([finding('svm-compute-limit', 'error', 'replay')])).toBe('svm-compute-limit')
    expect(firstOnChain([finding('svm-mint-mismatch', 'warning', 'chain')])).toBeNull()
  })

  it('has a place of its own for each cause that the cluster meets', () => {
    const met = causeIds.flatMap((id) => {
      const entry = catalogue[id]
      return entry.family === 'solana' && entry.cluster.place !== 'never' ? [entry.cluster.place] : []
    })
    expect(met.length).toBeGreaterThan(20)
    expect(new Set(met).size).toBe(met.length)
  })
})
