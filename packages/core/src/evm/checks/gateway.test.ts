import { describe, expect, it } from 'vitest'
import { evidenceOf, now, opens, pay, said, signatureOf, stranger, usdc } from '../../../../../test/evidence/evm.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import { instrumentsOf } from '../diagnosis/instruments.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import type { Edit } from '../signature/edit.ts'
import type { Match, SignatureEvidence } from '../signature/forensics.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import { gatewayChecks, isGateways } from './gateway.ts'
import { signatureChecks } from './signature.ts'

/** Circle's wallet on the mainnets, and the domain that its client signs under (BatchEvmScheme of @circle-fin/x402-batching 3.3.0). */
const wallet = '0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE'
const domain = { name: 'GatewayWalletBatched', version: '1', chainId: 8453n, verifyingContract: wallet } as const
const week = 604_800n

const through = (
  extra?: NonNullable<NonNullable<Payment['requirements']>['extra']>,
  seconds = week,
  more: Partial<Payment> = {},
): Payment =>
  pay(
    { says: { validAfter: opens, validBefore: opens + seconds } },
    { rail: 'circle-gateway', ...(extra === undefined ? {} : { requirements: { extra } }), ...more },
  )
const right = { version: '1', verifyingContract: wallet } as const

describe('an offer through Gateway', () => {
  const of = (given: Payment): string => said(gatewayChecks, 'gateway-offer', given, evidenceOf(given))
  const short = 'warning window-too-short/client authorization.validBefore'
  const version = 'warning domain-version-mismatch/server requirements.extra.version'
  const missing = 'warning domain-field-missing/server requirements.extra.verifyingContract'
  const other = 'warning verifying-contract-mismatch/server requirements.extra.verifyingContract'
  const rows: readonly (readonly [string, Payment, string])[] = [
    ['as Circle has it', through(right), 'pass'],
    ['in other case', through({ ...right, verifyingContract: wallet.toLowerCase() as `0x${string}` }), 'pass'],
    ['nothing is offered', through(), 'pass'],
    ['valid for just a week', through(right, week), 'pass'],
    ['a second less', through(right, week - 1n), short],
    ['no second at all', through(right, 0n), 'pass'],
    ['one second', through(right, 1n), short],
    ['a second less, and nothing is offered', through(undefined, week - 1n), short],
    ['another version', through({ ...right, version: '2' }), version],
    ['no version', through({ verifyingContract: wallet }), version],
    ['no contract', through({ version: '1' }), missing],
    ['another contract', through({ ...right, verifyingContract: stranger }), other],
    ['everything at once', through({ verifyingContract: stranger }, 9n), `${short}, ${version}, ${other}`],
    ['the same of another rail', through({ verifyingContract: stranger }, 9n, { rail: 'x402-exact' }), 'pass'],
  ]
  it.each(rows)('%s', (_name, given, found) => expect(of(given)).toBe(found))
})

describe('what a signature for Gateway differs in', () => {
  const given = through(right)
  const { expected, ...rest } = signatureOf(pay())
  const [match] = rest.matches
  if (expected === undefined || match === undefined) throw new TypeError('the payment is signed')
  const edit = (cause: CauseId, field: string, more: Partial<Edit> = {}): Edit => ({ cause, generator: 'domain-name', field, ...more })
  const signed = (edits: readonly Edit[], change: Partial<Match> = {}): SignatureEvidence => ({
    ...rest,
    expected: { ...expected, domain, separator: domainSeparator(domain), basis: 'gateway' },
    matches: [{ ...match, domain, separator: domainSeparator(domain), edits, ...change }],
  })
  const of = (edits: readonly Edit[], from: Payment = given, change: Partial<Match> = {}): string =>
    said(signatureChecks, 'signer', from, evidenceOf(from, undefined, { signature: signed(edits, change) }))
  const forToken: Partial<Match> = { domain: { name: 'USD Coin', version: '2', chainId: 8453n, verifyingContract: usdc } }
  const name = edit('domain-name-mismatch', 'domain.name', { signed: 'USD Coin', expected: 'GatewayWalletBatched' })
  const contract = edit('verifying-contract-mismatch', 'domain.verifyingContract', { signed: stranger, expected: wallet })
  const version = edit('domain-version-mismatch', 'domain.version', { signed: '2', expected: '1' })
  const altered = edit('message-altered', 'authorization.value', { signed: '1', seen: '2' })
  const mistaken = 'error verifying-contract-mismatch/client domain.verifyingContract'

  const rows: readonly (readonly [string, readonly Edit[], Payment, Partial<Match>, string])[] = [
    ['nothing', [], given, {}, 'pass'],
    // Stock clients take the asset for the contract: one thing, however many fields it changes.
    ['signed for the token itself', [name, version, contract], given, forToken, mistaken],
    [
      'signed for the token itself, and the value was changed',
      [name, contract, altered],
      given,
      forToken,
      `${mistaken}, error message-altered/client authorization.value`,
    ],
    [
      'signed for the token, which the payment does not name',
      [name],
      (({ token: _, ...untokened }) => untokened)(given),
      forToken,
      mistaken,
    ],
    ['another contract', [contract], given, {}, mistaken],
    [
      'the contract that the offer names',
      [contract],
      through({ ...right, verifyingContract: stranger }),
      {},
      'error verifying-contract-mismatch/server domain.verifyingContract',
    ],
    ['another version', [version], given, {}, 'error domain-version-mismatch/client domain.version'],
    [
      'the version that the offer names',
      [version],
      through({ ...right, version: '2' }),
      {},
      'error domain-version-mismatch/server domain.version',
    ],
    [
      'a name, which Gateway knows without the offer',
      [name],
      through({ ...right, name: 'USD Coin' }),
      {},
      'error domain-name-mismatch/client domain.name',
    ],
    ['another value', [altered], given, {}, 'error message-altered/client authorization.value'],
    // How Gateway reads odd bytes nobody knows.
    ['odd bytes', [edit('v-0-or-1', 'signature.v', { seen: '0' })], given, {}, 'warning v-0-or-1/client signature.v'],
    [
      'odd bytes and another version',
      [edit('high-s', 'signature.s'), version],
      given,
      {},
      'warning high-s/wallet signature.s, error domain-version-mismatch/client domain.version',
    ],
  ]
  it.each(rows)('%s', (_name, edits, from, change, found) => expect(of(edits, from, change)).toBe(found))

  it('says what was signed, and what Gateway has', () => {
    const one = (each: Edit, change: Partial<Match> = {}) => {
      const result = signatureChecks
        .find(({ id }) => id === 'signer')
        ?.run(given, evidenceOf(given, undefined, { signature: signed([each], change) }))
      return result?.outcome === 'fail' ? result.findings[0] : undefined
    }
    expect(one(contract)).toMatchObject({ signed: stranger, expected: wallet })
    expect(one(contract)).not.toHaveProperty('seen')
    expect(one({ ...contract, seen: 'x' })).toMatchObject({ seen: 'x' })
    expect(one(edit('domain-version-mismatch', 'domain.version'))).not.toHaveProperty('signed')
    expect(one(name, forToken)).toMatchObject({ signed: usdc, expected: wallet })
    expect(one(name, forToken)?.evidence.map(({ source }) => source)).toEqual(['computed', 'computed', 'payload'])
  })

  it('is told by the domain that is checked', () => {
    expect(isGateways({ signature: signed([]) })).toBe(true)
    expect(isGateways({ signature: { ...rest, expected } })).toBe(false)
    expect(isGateways({ signature: rest })).toBe(false)
  })

  describe('the money', () => {
    const state = (signature: SignatureEvidence, when = now, from: Payment = given): string => {
      const evidence: Evidence = evidenceOf(from, undefined, { signature, when })
      const [{ form, state: is, usableBy }] = instrumentsOf(from, evidence)
      return `${form} ${is} ${usableBy}`
    }
    it('is debited by the service, as long as the window is open', () => {
      expect(state(signed([]))).toBe('as-sent live service')
      expect(state(signed([]), opens + week - 1n)).toBe('as-sent live service')
      expect(state(signed([]), opens + week)).toBe('as-sent unknown service')
      expect(state(signed([edit('high-s', 'signature.s')]))).toBe('as-sent live service')
      expect(state({ ...signed([]), matches: [] })).toBe('as-sent unknown service')
      expect(state(signed([]), now, through(right, 1n))).toBe('as-sent unknown service')
    })
    it('is of the token where that was signed for', () => {
      expect(state(signed([name], { ...forToken, separator: expected.separator }))).toBe('elsewhere live anybody')
    })
  })
})
