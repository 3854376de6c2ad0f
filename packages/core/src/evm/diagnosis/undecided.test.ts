import { describe, expect, it } from 'vitest'
import {
  chain,
  closes,
  evidenceOf,
  now,
  opens,
  pay,
  payee,
  signatureOf,
  stranger,
  unread,
  usdc,
  usdcDomain,
} from '../../../../../test/evidence/evm.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { builtInNetworks } from '../../networks/networks.ts'
import { claimedCode, payerClaimChecks } from '../checks/payer-claim.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { PayerClaim } from '../payment/payer-claims.ts'
import type { Payment } from '../payment/payment.ts'
import type { ExpectedDomain } from '../signature/expected-domain.ts'
import type { Match, SignatureEvidence } from '../signature/forensics.ts'
import { typeHashes } from '../typed-data/authorization.ts'
import { domainSeparator, type Eip712Domain } from '../typed-data/domain.ts'
import { withoutWhatChanged } from './changed-after-signing.ts'
import { goodFor } from './good-for.ts'
import { leftToRail, outsideTheToken, railOf } from './rail.ts'
import { isRefusedBySome, refusedByToken } from './refused-by-token.ts'
import { undecided } from './undecided.ts'

const paid = pay()
const whole = signatureOf(paid)
const { expected, ...rest } = whole
const [match] = whole.matches
if (expected === undefined || match === undefined) throw new TypeError('the payment is signed')
const basis = (is: ExpectedDomain['basis'], more: Partial<SignatureEvidence> = {}): SignatureEvidence => ({
  ...rest,
  expected: { ...expected, basis: is },
  ...more,
})
const wallet = { wrappers: ['a wrapper'], kinds: ['coinbase'], signers: [], slips: [], elsewhere: [] } as unknown as NonNullable<
  SignatureEvidence['wallet']
>
const finding = (cause: CauseId, more: Partial<Finding> = {}): Finding => ({
  cause,
  party: 'nobody',
  severity: 'error',
  summary: 's',
  evidence: [],
  fix: 'f',
  ...more,
})
const evidence = (signature: SignatureEvidence, given = paid): Evidence => evidenceOf(given, undefined, { signature })
const claim: PayerClaim = { kind: 'contract', field: 'payload.smartWallet', says: 'true' }

describe('what keeps a verdict open', () => {
  const { token: _, ...untokened } = paid
  const { network: __, chainId: ___, ...unplaced } = paid
  const { networkName: ____, ...unnamed } = unplaced
  const call = { function: 'transferWithAuthorization', selector: '0x', overload: 'vrs' } as const
  const rows: readonly (readonly [string, Payment, SignatureEvidence, string | undefined])[] = [
    ['a token that is known', paid, whole, undefined],
    ['what the chain tells', paid, basis('chain'), undefined],
    ['what the user tells', paid, basis('user'), undefined],
    ['only there does it fit', paid, basis('any-network'), undefined],
    ['what the offer says', paid, basis('offer'), 'token-unknown'],
    ['what the typed data say', paid, basis('typed-data'), 'token-unknown'],
    ['what a token of that address is elsewhere', paid, basis('elsewhere'), 'token-unknown'],
    ['a usual name', paid, basis('usual'), 'token-unknown'],
    ['sources that differ', paid, basis('disputed'), 'token-disputed'],
    ['good for another token', paid, basis('other-token'), 'other-token'],
    ['good for another token than was called', { ...paid, call }, basis('other-token'), 'called-address-unknown'],
    ['good for another token, and nothing is named that was called', { ...untokened, call }, basis('other-token'), 'other-token'],
    ['nothing names a network', unnamed, rest, 'network-unnamed'],
    ['a network that nobody knows', { ...unplaced, networkName: 'atlantis' }, rest, 'network-unknown'],
    ['a chain, and no token', { ...untokened }, rest, 'token-unnamed'],
    ['a chain that nobody knows, and no token', { ...untokened, chainId: 424_242 }, rest, 'token-unnamed'],
    ['a chain and a token, and nothing known of them', { ...paid, chainId: 424_242 }, rest, 'network-unknown'],
    ['Circle Gateway', { ...paid, rail: 'circle-gateway' }, basis('gateway'), 'gateway-decides'],
    ["a smart wallet's signature", paid, { ...whole, matches: [], wallet }, 'wallet-not-asked'],
    ["a smart wallet's signature that is the payer's own", paid, { ...whole, wallet }, undefined],
    ['a payer that is said to be a contract', { ...paid, payerClaims: [claim] }, whole, 'wallet-not-asked'],
    ['an MPP charge', { ...paid, rail: 'mpp-charge' }, whole, 'mpp-server-decides'],
    ['an MPP charge of a smart wallet', { ...paid, rail: 'mpp-charge' }, { ...whole, matches: [], wallet }, 'wallet-not-asked'],
    ['through a collector', { ...paid, rail: 'escrow' }, whole, 'collector-decides'],
  ]
  it.each(rows)('%s', (_name, given, signature, id) => {
    expect(undecided(given, evidence(signature, given), [])?.id).toBe(id)
    // What stops it whatever the token is decides all the same.
    expect(undecided(given, evidence(signature, given), [finding('expired')])).toBeUndefined()
  })

  it('each names the call that would tell, where one would', () => {
    const check = (signature: SignatureEvidence, given: Payment = paid) => undecided(given, evidence(signature, given), [])?.check
    expect(check(basis('offer', { matches: [match] }))).toContain(`cast call ${usdc}`)
    expect(check(basis('offer', { matches: [match] }))).toContain(match.separator)
    expect(check(basis('offer', { matches: [] }))).not.toContain('must be')
    expect(check(basis('other-token'), { ...paid, call })).toBe(`cast code ${usdc} --rpc-url https://mainnet.base.org`)
    expect(check({ ...whole, matches: [], wallet })).toContain('--rpc-url https://mainnet.base.org')
    expect(check(rest)).toBeUndefined()
    const { network: _gone, ...nowhere } = expected
    expect(check({ ...rest, expected: { ...nowhere, basis: 'offer' } })).toContain('<an RPC of that chain>')
  })
})

describe('who settles it', () => {
  it('by the words of the payment, or by the domain that was signed', () => {
    expect(railOf(paid, evidence(whole))).toBe('eip3009')
    expect(railOf({ ...paid, rail: 'mpp-charge' }, evidence(whole))).toBe('mpp-charge')
    expect(railOf({ ...paid, rail: 'mpp-charge' }, evidence(basis('gateway')))).toBe('circle-gateway')
    expect(outsideTheToken(evidence(whole))).toBeUndefined()
    expect(outsideTheToken(evidence(basis('gateway')))?.code).toBe('moot')
  })
  it.each([
    ['eip3009', undefined],
    ['x402-exact', undefined],
    ['circle-gateway', 'gateway-decides'],
    ['mpp-charge', 'mpp-server-decides'],
    ['auth-capture', 'collector-decides'],
    ['batch-settlement', 'collector-decides'],
    ['escrow', 'collector-decides'],
    ['settlement-router', 'collector-decides'],
  ] as const)('%s', (rail, id) => {
    expect(leftToRail({ ...paid, rail }, evidence(whole))?.id).toBe(id)
    expect(leftToRail({ ...paid, rail }, evidence({ ...whole, matches: [] }))?.id).toBe(id)
  })
})

describe('what a signature is good for', () => {
  const under = (domain: Eip712Domain, more: Partial<Match> = {}) =>
    goodFor({ ...match, domain, separator: domainSeparator(domain), ...more }, expected, builtInNetworks)
  const gateway = {
    name: 'GatewayWalletBatched',
    version: '1',
    chainId: 8453n,
    verifyingContract: '0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE',
  } as const
  const bytes: Match['edits'] = [{ cause: 'high-s', generator: 'high-s', field: 'signature.s' }] as unknown as Match['edits']
  const other = `0x${'01'.repeat(32)}` as const

  it('this token, another one, Gateway', () => {
    expect(under(usdcDomain)).toMatchObject({ kind: 'payment', type: 'TransferWithAuthorization', repaired: false })
    expect(under(usdcDomain)).not.toHaveProperty('elsewhere')
    expect(under(usdcDomain, { typeHash: typeHashes.ReceiveWithAuthorization })).toMatchObject({
      kind: 'payment',
      type: 'ReceiveWithAuthorization',
    })
    expect(under(usdcDomain, { edits: bytes })).toMatchObject({ kind: 'payment', repaired: true })
    expect(
      under({ name: 'EURC', version: '2', chainId: 8453n, verifyingContract: '0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42' }),
    ).toMatchObject({ kind: 'payment', elsewhere: 'EURC on base' })
    expect(
      under({ name: 'USD Coin', version: '2', chainId: 1n, verifyingContract: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48' }),
    ).toMatchObject({ elsewhere: 'USDC on ethereum' })
    expect(under(gateway)).toMatchObject({ kind: 'payment', elsewhere: 'a payment of Circle Gateway' })
  })

  it('its own only where that is known of it', () => {
    const asOffered = goodFor(match, { ...expected, basis: 'offer' }, builtInNetworks)
    expect(asOffered).toMatchObject({ kind: 'payment', elsewhere: 'USDC on base' })
    expect(goodFor(match, undefined, builtInNetworks)).toMatchObject({ kind: 'payment', elsewhere: 'USDC on base' })
  })

  it.each([
    ['another name of a token that is known', { ...usdcDomain, name: 'USDC' }, {}, 'nothing'],
    ['no contract', { name: 'USD Coin', version: '2', chainId: 8453n }, {}, 'nothing'],
    ['no chain', { name: 'USD Coin', version: '2', verifyingContract: usdc }, {}, 'nothing'],
    [
      'a chain in the salt',
      { name: 'USD Coin', version: '2', verifyingContract: usdc, salt: `0x${(8453).toString(16).padStart(64, '0')}` },
      {},
      'nothing',
    ],
    [
      'a salt that is no chain',
      { name: 'USD Coin', version: '2', verifyingContract: stranger, salt: `0x${'00'.repeat(31)}01` },
      {},
      'unknown',
    ],
    ['a contract that nobody knows', { ...usdcDomain, verifyingContract: stranger }, {}, 'unknown'],
    ['a chain that nobody knows', { ...usdcDomain, chainId: 424_242n }, {}, 'unknown'],
    ['with a prefix', usdcDomain, { edits: [{ cause: 'message-prefixed', generator: 'personal-sign', field: 'digest' }] }, 'nothing'],
    ['a cancellation', usdcDomain, { typeHash: other, primaryType: 'CancelAuthorization' }, 'cancellation'],
    ['an allowance', usdcDomain, { typeHash: other, primaryType: 'Permit' }, 'allowance'],
    ['a struct of its own', usdcDomain, { typeHash: other, primaryType: 'Other' }, 'nothing'],
    [
      'an allowance of nobody knows what',
      { ...usdcDomain, verifyingContract: stranger },
      { typeHash: other, primaryType: 'Permit' },
      'unknown',
    ],
  ] as const)('%s', (_name, domain, more, kind) => expect(under(domain, more as Partial<Match>).kind).toBe(kind))
})

describe('what the input says of the payer', () => {
  const delegated: PayerClaim = {
    kind: 'delegated',
    delegate: stranger,
    from: 'authorization-list',
    field: 'authorizationList[0]',
    nonce: 0n,
  }
  const cleared: PayerClaim = { kind: 'delegation-cleared', from: 'authorization-list', field: 'authorizationList[1]', nonce: 1n }
  const of = (
    claims: readonly PayerClaim[],
    {
      code,
      family,
      signature = whole,
    }: { code?: 'none' | 'contract' | 'unread'; family?: 'UChildAdministrableERC20' | 'AgoraDollar'; signature?: SignatureEvidence } = {},
  ): string | undefined => {
    const given: Payment = { ...paid, payerClaims: claims, ...(family === undefined ? {} : { told: { family } }) }
    const own = family === undefined ? signature : { ...signatureOf(given), matches: signature.matches }
    const state = chain(given, {
      payerCode: code === 'contract' ? { kind: 'contract', bytes: 9 } : code === 'unread' ? unread : { kind: 'none' },
    })
    return claimedCode(given, evidenceOf(given, code === undefined ? undefined : [state], { signature: own }))?.field
  }
  it('decides where no chain told what is there', () => {
    expect(of([])).toBeUndefined()
    expect(of([claim])).toBe('payload.smartWallet')
    expect(of([claim], { code: 'unread' })).toBe('payload.smartWallet')
    expect(of([claim], { code: 'none' })).toBeUndefined()
    expect(of([claim], { code: 'contract' })).toBeUndefined()
    expect(of([delegated])).toBe('authorizationList[0]')
    // The transaction gives it code after what was read.
    expect(of([delegated], { code: 'none' })).toBe('authorizationList[0]')
    expect(of([delegated], { code: 'contract' })).toBeUndefined()
    expect(of([cleared])).toBeUndefined()
    expect(of([delegated, cleared])).toBeUndefined()
    expect(of([cleared, delegated])).toBe('authorizationList[0]')
    expect(of([claim, delegated])).toBe('authorizationList[0]')
    expect(of([delegated, claim])).toBe('authorizationList[0]')
  })

  it('matters where the token asks', () => {
    expect(of([claim], { family: 'UChildAdministrableERC20' })).toBeUndefined()
    // AgoraDollar asks an account whose key did not sign.
    expect(of([claim], { family: 'AgoraDollar' })).toBeUndefined()
    expect(of([claim], { family: 'AgoraDollar', signature: { ...whole, matches: [] } })).toBe('payload.smartWallet')
    const { matches: _none, ...unfit } = whole
    expect(of([claim], { signature: { ...unfit, matches: [] } })).toBe('payload.smartWallet')
  })

  it('is a warning, and not said again of a wrapper', () => {
    const check = (claims: readonly PayerClaim[], signature: SignatureEvidence): string => {
      const given = { ...paid, payerClaims: claims }
      const result = payerClaimChecks[0]?.run(given, evidenceOf(given, undefined, { signature }))
      return result?.outcome === 'fail'
        ? result.findings.map(({ cause, severity }) => `${severity} ${cause}`).join()
        : (result?.outcome ?? '')
    }
    expect(check([claim], whole)).toBe('warning smart-wallet-signature')
    expect(check([claim], { ...whole, wallet })).toBe('pass')
    expect(check([delegated], { ...whole, wallet })).toBe('warning eip7702-payer')
    expect(check([], whole)).toBe('pass')
  })
})

describe('what was changed after signing', () => {
  const changed = pay({ says: { value: 12_000n, validBefore: closes }, signed: { value: 10_000n } })
  const asSigned = (fields: object, given = changed): Evidence =>
    evidence({ ...signatureOf(given), matches: [{ ...match, authorization: { ...given.authorization, ...fields } }] }, given)
  const of = (each: Finding, from: Evidence, given = changed): string =>
    withoutWhatChanged([each], given, from)
      .map(({ severity }) => severity)
      .join()
  const amount = (expected_: string, more: Partial<Finding> = {}): Finding =>
    finding('amount-mismatch', { field: 'authorization.value', expected: expected_, ...more })

  it('is not said of the offer, where what was signed is what that asks for', () => {
    expect(of(amount('10000'), asSigned({ value: 10_000n }))).toBe('warning')
    expect(of(amount('11000'), asSigned({ value: 10_000n }))).toBe('error')
    expect(of(amount('10000', { severity: 'info' }), asSigned({ value: 10_000n }))).toBe('info')
    expect(of(amount('10000', { field: 'authorization.to' }), asSigned({ value: 10_000n }))).toBe('error')
    expect(of(amount('10000'), asSigned({}))).toBe('error')
    expect(of(amount('10000'), evidence({ ...whole, matches: [] }, changed))).toBe('error')
    expect(of(finding('insufficient-balance', { field: 'authorization.value', expected: '10000' }), asSigned({ value: 10_000n }))).toBe(
      'error',
    )
    const payTo = finding('recipient-mismatch', { field: 'authorization.to', expected: payee.toLowerCase() })
    expect(of(payTo, asSigned({ to: payee }, pay({ says: { to: stranger } })), pay({ says: { to: stranger } }))).toBe('warning')
  })

  it('is not said of the window, where that was open as it was signed', () => {
    const late = pay({ says: { validBefore: now }, signed: { validBefore: closes } })
    const expired = finding('expired', { field: 'authorization.validBefore' })
    const from = (fields: object): Evidence => ({ ...asSigned(fields, late), moment: { time: now, basis: 'given', now } })
    expect(of(expired, from({ validBefore: closes }), late)).toBe('warning')
    expect(of(expired, from({ validBefore: now - 1n }), late)).toBe('error')
    const inverted = finding('window-inverted', { field: 'authorization.validBefore' })
    expect(of(inverted, from({ validBefore: opens }), late)).toBe('error')
    expect(of(inverted, from({ validBefore: closes }), late)).toBe('warning')
  })
})

it('what the token itself refuses, and what only some refuse', () => {
  expect((['paused', 'expired', 'amount-mismatch', 'relayer-blocked', 'svm-memo-mismatch'] as const).map(refusedByToken)).toEqual([
    'yes',
    'in-time',
    'no',
    'no',
    'no',
  ])
  expect(
    (['paused', 'relayer-blocked', 'network-unsupported', 'facilitator-policy-refusal', 'svm-memo-mismatch'] as const).map(isRefusedBySome),
  ).toEqual([false, true, true, true, false])
})
