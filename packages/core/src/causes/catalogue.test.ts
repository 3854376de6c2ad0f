import { describe, expect, expectTypeOf, it } from 'vitest'
import { type CauseEntry, type CauseId, catalogue, causeIds, isCauseId, sections } from './catalogue.ts'

/** The ids as the public contract lists them. One that disappears or is renamed breaks people's scripts. */
const contract = {
  digest: `domain-name-mismatch domain-version-mismatch chain-id-mismatch verifying-contract-mismatch nonstandard-domain-layout
    domain-field-missing eip712domain-type-missing primary-type-mismatch struct-type-mismatch message-altered message-prefixed
    signer-not-owner`,
  'signature-bytes': 'v-0-or-1 v-flipped high-s compact-eip2098 signature-length signature-byte-order',
  time: 'not-yet-valid expired time-in-milliseconds window-too-short window-inverted boundary-second',
  payer: `eip7702-payer smart-wallet-signature insufficient-balance authorization-used permit2-allowance-missing authorization-canceled executed-by-third-party
    nonce-reused nonce-out-of-sequence nonce-out-of-turn retry-mints-new-nonce`,
  token: `blacklisted relayer-blocked payee-not-payable paused token-upgraded token-without-eip3009 no-bytes-overload asset-has-no-code asset-mismatch transfer-event-missing`,
  offer: `wire-version-mismatch malformed-field header-encoding amount-mismatch recipient-mismatch accepted-mismatch nonce-not-bound amount-units-wrong
    network-mismatch network-unsupported self-payment below-facilitator-minimum facilitator-schema-limit`,
  operation: `facilitator-nonce facilitator-out-of-gas-money facilitator-fee-too-low facilitator-gas-limit facilitator-auth
    settlement-reorged paid-not-delivered payee-contract-not-credited facilitator-policy-refusal facilitator-replays-answer batch-item-failed
    settlement-unconfirmed pending-block-estimate chain-halted rpc-lagging rpc-fault rpc-wrong-chain masked-reason facilitator-config-drift`,
  solana: `svm-instruction-layout svm-compute-limit svm-compute-price svm-fee-payer-mismatch svm-fee-payer-in-instructions
    svm-fee-payer-transfers svm-mint-mismatch svm-recipient-mismatch svm-amount-mismatch svm-decimals-mismatch
    svm-source-account-missing svm-destination-account-missing svm-destination-owner-changed svm-insufficient-funds svm-account-frozen
    svm-authority-mismatch svm-signature-missing svm-signature-invalid svm-blockhash-expired svm-already-processed
    svm-creates-token-account svm-memo-mismatch svm-wallet-injected-instructions svm-lookup-table-unresolved
    svm-transaction-malformed svm-fee-payer-funds svm-wrong-cluster svm-mint-invalid svm-token-program-mismatch svm-token-extension
    svm-landed-with-error`,
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '')
const entries: [string, CauseEntry][] = Object.entries(catalogue)

describe('catalogue', () => {
  it("has exactly the contract's 108 causes, section by section", () => {
    const expected = Object.entries(contract).map(([id, text]) => [id, words(text).sort()])
    expect(sections.map(({ id, causes }) => [id, [...causes].sort()])).toEqual(expected)
    expect(entries).toHaveLength(108)
    expect(causeIds).toEqual(sections.flatMap(({ causes }) => causes))
  })

  it.each(entries)('%s is complete', (id, cause) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(cause.title).toMatch(/^\S.{10,90}[^.]$/)
    const sentences = cause.meaning.match(/[.:](?=\s|$)/g) ?? []
    expect(sentences.length, 'meaning has 2 to 6 sentences').toBeGreaterThanOrEqual(2)
    expect(sentences.length, 'meaning has 2 to 6 sentences').toBeLessThanOrEqual(6)
    for (const text of [cause.meaning, cause.fix, cause.proof.how]) {
      expect(text).toMatch(/^\S.{20,}\.$/su)
      expect(text).not.toMatch(/ {2}|\n/)
    }
    for (const report of [...cause.reports.token, ...cause.reports.facilitator]) expect(report.trim()).not.toBe('')
    expect(cause.references.length).toBeGreaterThan(0)
    for (const { title, url } of cause.references) {
      expect(title.trim()).not.toBe('')
      expect(new URL(url).protocol).toBe('https:')
    }
    expect(new Set(cause.references.map(({ url }) => url)).size).toBe(cause.references.length)
    expect(new Set(cause.parties).size).toBe(cause.parties.length)
    expect(new Set(cause.related).size).toBe(cause.related.length)
    expect(cause.related).not.toContain(id)
    if ('code' in cause) expect(cause.code?.trim()).not.toBe('')
  })

  it('relates only to causes that exist', () => {
    type Related = (typeof catalogue)[CauseId]['related'][number]
    expectTypeOf<Related>().toExtend<CauseId>()
    const related = entries.flatMap(([, cause]) => cause.related)
    expect(related.length).toBeGreaterThan(200)
    expect(related.filter((id) => !isCauseId(id))).toEqual([])
  })

  it('knows its own ids from other strings', () => {
    expect(isCauseId('expired')).toBe(true)
    for (const text of ['toString', '__proto__', 'constructor', 'Expired', '']) expect(isCauseId(text)).toBe(false)
  })

  /** Where another signature needs no nonce of the first, and why. */
  const otherwise = {
    'nonce-not-bound': 'its nonce has to be another: the first is canceled before',
    'nonce-out-of-sequence': 'its turn never comes',
    'payee-not-payable': 'nothing can settle it',
    'window-inverted': 'nothing can settle it',
    'boundary-second': 'only once a block shows that it is dead',
    'settlement-reorged': 'only once a finalized block shows that it is dead',
    'chain-halted': 'says when not to',
    'network-mismatch': 'a nonce stops nothing on another network, and it says so',
    'nonce-reused': 'the nonce is spent',
  } as const satisfies Partial<Record<CauseId, string>>

  it('asks for no second signature without the nonce of the first, where that one can still be settled', () => {
    const asks = entries.filter(
      ([, { family, fix }]) =>
        family !== 'solana' && /\bsign\w*(?: \w+){0,3} (?:again|anew)/i.test(fix.replace('Nothing needs to be signed again', '')),
    )
    expect(asks.length).toBeGreaterThan(12)
    for (const [id, { fix }] of asks)
      expect(/same nonce|nonce that was signed/.test(fix) !== Object.hasOwn(otherwise, id), `${id}: ${fix}`).toBe(true)
  })

  it('takes no transaction for the settlement unless its Transfer is this payment', () => {
    const takes = entries.filter(([, { family, fix }]) => family !== 'solana' && /as the settlement|as paid/.test(fix))
    expect(takes.map(([id]) => id).sort()).toEqual(['authorization-used', 'executed-by-third-party'])
    for (const [id, { fix }] of takes) expect(fix, id).toMatch(/If its Transfer is this one/)
  })

  it('never offers to send a payment again that moved money or must not move any', () => {
    for (const id of ['authorization-used', 'authorization-canceled', 'executed-by-third-party'] as const) {
      expect(catalogue[id].retry).toBe('never')
    }
    // What landed on Solana may have failed there, and then nothing was paid: the search for it comes first.
    expect(catalogue['svm-already-processed'].retry).toBe('unknown')
    // The relayer's troubles never ask the payer for a second signature: two live authorizations would be two payments.
    for (const id of ['facilitator-nonce', 'facilitator-out-of-gas-money', 'settlement-unconfirmed', 'rpc-fault'] as const) {
      expect(catalogue[id].retry).toBe('send-same')
    }
    // Repairing bytes needs no new signature.
    for (const id of ['v-0-or-1', 'v-flipped', 'high-s', 'compact-eip2098', 'signature-byte-order'] as const) {
      expect(catalogue[id].retry).toBe('fix-first')
    }
  })
})
