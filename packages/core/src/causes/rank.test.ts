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
  // All of Solana's, so that no two can change places: what it became, bytes, cluster, then the scheme's order of a transaction (guards, creation, limit,
  // price, the others, who pays, whose tokens, who is in it, what was signed), of the transfer (mint, its program, payee, amount, decimals, memo), then the
  // accounts in the order of the token program, whoever pays the fee, and last what is only late.
  const svmAll: readonly CauseId[] = [
    'svm-already-processed',
    'svm-transaction-malformed',
    'svm-lookup-table-unresolved',
    'svm-wrong-cluster',
    'svm-wallet-injected-instructions',
    'svm-creates-token-account',
    'svm-compute-limit',
    'svm-compute-price',
    'svm-instruction-layout',
    'svm-fee-payer-mismatch',
    'svm-fee-payer-transfers',
    'svm-fee-payer-in-instructions',
    'svm-signature-invalid',
    'svm-mint-mismatch',
    'svm-mint-invalid',
    'svm-token-program-mismatch',
    'svm-recipient-mismatch',
    'svm-amount-mismatch',
    'svm-decimals-mismatch',
    'svm-memo-mismatch',
    'svm-token-extension',
    'svm-destination-owner-changed',
    'svm-source-account-missing',
    'svm-destination-account-missing',
    'svm-authority-mismatch',
    'svm-account-frozen',
    'svm-insufficient-funds',
    'svm-fee-payer-funds',
    'svm-signature-missing',
    'svm-landed-with-error',
    'svm-blockhash-expired',
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
  it.each([fiatToken, svmScheme, svmAll, ...explains].map((order) => [order.join(' < '), order] as const))('%s', (_title, order) => {
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
  // agave: a packet is sanitised, its signatures are verified, its tables are read; then the bank looks at the age of the blockhash and at what it has
  // processed, at the price and at who pays the fee; then the instructions run, the budget's limit at work in each. spl-token's transfer: the program of each
  // account, the mint and both accounts as they are, frozen ones, the balance, the mint of both, the decimals, the authority; Token-2022's extensions last.
  const clusterOrder = [
    'svm-transaction-malformed',
    'svm-signature-missing',
    'svm-signature-invalid',
    'svm-lookup-table-unresolved',
    'svm-blockhash-expired',
    'svm-already-processed',
    'svm-compute-price',
    'svm-fee-payer-funds',
    'svm-creates-token-account',
    'svm-compute-limit',
    'svm-token-program-mismatch',
    'svm-wrong-cluster',
    'svm-recipient-mismatch',
    'svm-source-account-missing',
    'svm-destination-account-missing',
    'svm-mint-invalid',
    'svm-account-frozen',
    'svm-insufficient-funds',
    'svm-mint-mismatch',
    'svm-decimals-mismatch',
    'svm-authority-mismatch',
    'svm-token-extension',
  ] as const satisfies readonly CauseId[]

  it('of any two is the one that the cluster meets first', () => {
    let pairs = 0
    for (const [index, first] of clusterOrder.entries())
      for (const later of clusterOrder.slice(index + 1)) {
        expect(firstOnChain([finding(later, 'error', 'chain'), finding(first, 'error', 'chain')]), `${first} before ${later}`).toBe(first)
        pairs++
      }
    expect(pairs).toBe((clusterOrder.length * (clusterOrder.length - 1)) / 2)
    // And these are all that it meets.
    const met = causeIds.filter((id) => firstOnChain([finding(id, 'error', 'chain')]) !== null)
    expect([...met].sort()).toEqual([...clusterOrder].sort())
  })

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
