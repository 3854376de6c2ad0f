import { describe, expect, it } from 'vitest'
import {
  chain,
  delegate,
  evidenceOf,
  opens,
  pay,
  payee,
  said,
  signatureOf,
  stranger,
  unread,
  usdc,
  usdcDomain,
  type Words,
} from '../../../../../test/evidence/evm.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { known } from '../../evidence/known.ts'
import type { ChainState } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import type { Edit } from '../signature/edit.ts'
import type { Match, SignatureEvidence } from '../signature/forensics.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import { signatureChecks } from './signature.ts'

const paid = pay()
const whole = signatureOf(paid)
const { expected } = whole
const [match] = whole.matches
if (expected === undefined || match === undefined) throw new TypeError('the payment is signed')
const foreign = pay({ by: 'stranger' })
const wallet = { wrappers: ['a wrapper'], kinds: ['coinbase'], signers: [], slips: [], elsewhere: [] } as unknown as NonNullable<
  SignatureEvidence['wallet']
>
const call = { function: 'transferWithAuthorization', selector: '0x', overload: 'vrs' } as const
const edit = (cause: CauseId, field: string, more: Partial<Edit> = {}): Edit => ({ cause, generator: 'domain-name', field, ...more })
const signed = (edits: readonly Edit[], change: Partial<Match> = {}, more: Partial<SignatureEvidence> = {}): SignatureEvidence => ({
  ...whole,
  matches: [{ ...match, edits, ...change }],
  ...more,
})
const of = (
  id: (typeof signatureChecks)[number]['id'],
  given: Payment,
  signature = signatureOf(given),
  words?: Words,
  more: Partial<ChainState> = {},
): string =>
  said(signatureChecks, id, given, evidenceOf(given, words === undefined ? undefined : [chain(given, words, more)], { signature }))
const findings = (given: Payment, evidence: Evidence, id: string): readonly Finding[] => {
  const result = signatureChecks.find((check) => check.id === id)?.run(given, evidence)
  return result?.outcome === 'fail' ? result.findings : []
}
const offered = (extra: NonNullable<NonNullable<Payment['requirements']>['extra']>, more: Partial<Payment> = {}): Payment =>
  pay({}, { requirements: { extra }, ...more })

/** Who is at fault follows from where the wrong value stands: what the offer told, the server; what nobody told, the client; what was called, the facilitator. */
describe('whose fault a difference is', () => {
  const name = edit('domain-name-mismatch', 'domain.name', { signed: 'USDC', expected: 'USD Coin' })
  const version = edit('domain-version-mismatch', 'domain.version', { signed: '1', expected: '2' })
  const contract = edit('verifying-contract-mismatch', 'domain.verifyingContract', { signed: stranger, expected: usdc })
  const type = (signedAs: string): Edit =>
    edit('primary-type-mismatch', 'primaryType', { signed: signedAs, expected: 'TransferWithAuthorization' })
  const altered = edit('message-altered', 'authorization.value', { seen: '10000', signed: '9999' })
  const rows: readonly (readonly [string, Payment, readonly Edit[], string])[] = [
    ['nothing', paid, [], 'pass'],
    ['another name', paid, [name], 'error domain-name-mismatch/client domain.name'],
    ['the name that the offer told', offered({ name: 'USDC' }), [name], 'error domain-name-mismatch/server domain.name'],
    ['another name than the offer told', offered({ name: 'Other' }), [name], 'error domain-name-mismatch/client domain.name'],
    ['another version', paid, [version], 'error domain-version-mismatch/client domain.version'],
    ['the version that the offer told', offered({ version: '1' }), [version], 'error domain-version-mismatch/server domain.version'],
    [
      'another chain',
      offered({ name: 'USDC' }),
      [edit('chain-id-mismatch', 'domain.chainId', { signed: '1', expected: '8453' })],
      'error chain-id-mismatch/client domain.chainId',
    ],
    ['another contract', paid, [contract], 'error verifying-contract-mismatch/client domain.verifyingContract'],
    [
      'the asset that the offer names',
      pay({}, { requirements: { asset: stranger } }),
      [contract],
      'error verifying-contract-mismatch/server domain.verifyingContract',
    ],
    [
      'another asset than the offer names',
      pay({}, { requirements: { asset: usdc } }),
      [contract],
      'error verifying-contract-mismatch/client domain.verifyingContract',
    ],
    [
      'another layout',
      paid,
      [edit('nonstandard-domain-layout', 'domain', { signed: 'name, version', expected: 'name, chainId' })],
      'error nonstandard-domain-layout/client domain',
    ],
    [
      'a field left out',
      paid,
      [edit('domain-field-missing', 'domain.name', { expected: 'USD Coin' })],
      'error domain-field-missing/client domain.name',
    ],
    ['no domain', paid, [edit('eip712domain-type-missing', 'domain')], 'error eip712domain-type-missing/client domain'],
    ['to be received', paid, [type('ReceiveWithAuthorization')], 'error primary-type-mismatch/client primaryType'],
    [
      'to be received, and the call transfers',
      pay({}, { call }),
      [type('ReceiveWithAuthorization')],
      'error primary-type-mismatch/facilitator primaryType',
    ],
    ['an allowance, and the call transfers', pay({}, { call }), [type('Permit')], 'error primary-type-mismatch/client primaryType'],
    [
      'a cancellation, and the call transfers',
      pay({}, { call }),
      [type('CancelAuthorization')],
      'error primary-type-mismatch/client primaryType',
    ],
    [
      'another struct',
      paid,
      [edit('struct-type-mismatch', 'struct', { signed: 'X', expected: 'Y' })],
      'error struct-type-mismatch/client struct',
    ],
    ['another value', paid, [altered], 'error message-altered/client authorization.value'],
    ['another value in the call', pay({}, { call }), [altered], 'error message-altered/facilitator authorization.value'],
    [
      'with a prefix',
      paid,
      [{ ...edit('message-prefixed', 'digest'), generator: 'personal-sign' }],
      'error message-prefixed/client digest',
    ],
    ['hashed twice', paid, [edit('message-prefixed', 'digest')], 'error message-prefixed/client digest'],
    ['v of 0 or 1', paid, [edit('v-0-or-1', 'signature.v', { seen: '0' })], 'error v-0-or-1/client signature.v'],
    ['the other v', paid, [edit('v-flipped', 'signature.v', { expected: '28' })], 'error v-flipped/client signature.v'],
    ['a high s', paid, [edit('high-s', 'signature.s')], 'error high-s/wallet signature.s'],
    ['64 bytes', paid, [edit('compact-eip2098', 'signature')], 'error compact-eip2098/client signature'],
    [
      'DER',
      paid,
      [{ ...edit('signature-byte-order', 'signature', { seen: 'DER' }), generator: 'der' }],
      'error signature-byte-order/client signature',
    ],
    [
      'another order',
      paid,
      [edit('signature-byte-order', 'signature', { seen: 's, r, v', expected: 'r, s, v' })],
      'error signature-byte-order/client signature',
    ],
    [
      'a wrapper around its own',
      paid,
      [edit('smart-wallet-signature', 'signature', { seen: '99 bytes: a wrapper' })],
      'error smart-wallet-signature/wallet signature',
    ],
    ['another length', paid, [edit('signature-length', 'signature', { seen: '66 bytes' })], 'error signature-length/client signature'],
    [
      'two at once',
      offered({ name: 'USDC' }),
      [name, version],
      'error domain-name-mismatch/server domain.name, error domain-version-mismatch/client domain.version',
    ],
  ]
  it.each(rows)('%s', (_name, given, edits, found) => expect(of('signer', given, signed(edits))).toBe(found))

  it('says what was seen, signed and expected, each where it is known', () => {
    const values = (each: Edit) =>
      findings(paid, evidenceOf(paid, undefined, { signature: signed([each]) }), 'signer').map(
        ({ seen, signed: was, expected: right }) => ({ seen, was, right }),
      )
    expect(values(edit('message-altered', 'authorization.value', { seen: 'a', signed: 'b', expected: 'c' }))).toEqual([
      { seen: 'a', was: 'b', right: 'c' },
    ])
    expect(values(edit('message-altered', 'authorization.value'))).toEqual([{ seen: undefined, was: undefined, right: undefined }])
    expect(
      findings(paid, evidenceOf(paid, undefined, { signature: signed([edit('high-s', 'signature.s')]) }), 'signer')[0],
    ).not.toHaveProperty('signed')
  })

  it('shows under what it recovers to whom, and where the registry has it', () => {
    const sources = (each: Edit, signature: Partial<SignatureEvidence> = {}, change: Partial<Match> = {}) =>
      findings(paid, evidenceOf(paid, undefined, { signature: signed([each], change, signature) }), 'signer')
        .flatMap(({ evidence }) => evidence.map(({ source }) => source))
        .join()
    expect(sources(name)).toBe('computed,computed,registry')
    expect(sources(name, { expected: { ...expected, basis: 'chain' } })).toBe('computed,computed')
    expect(sources(altered)).toBe('computed')
    expect(sources(altered, {}, { digest: `0x${'01'.repeat(32)}` })).toBe('computed,computed')
    const { digest: _, ...without } = whole
    expect(
      findings(paid, evidenceOf(paid, undefined, { signature: { ...without, matches: [{ ...match, edits: [altered] }] } }), 'signer')[0]
        ?.evidence,
    ).toHaveLength(1)
  })
})

describe('a token that is only claimed', () => {
  const claimed = (basis: 'offer' | 'disputed') => ({ expected: { ...expected, basis } }) as const
  // Another chain, another contract, no domain and another message are refused by every token; names, versions, structs and forms are a token's own matter.
  it.each([
    ['domain-name-mismatch', 'domain.name', 'warning domain-name-mismatch/nobody domain.name'],
    ['domain-version-mismatch', 'domain.version', 'warning domain-version-mismatch/nobody domain.version'],
    ['domain-field-missing', 'domain.version', 'warning domain-field-missing/nobody domain.version'],
    ['nonstandard-domain-layout', 'domain', 'warning nonstandard-domain-layout/nobody domain'],
    ['struct-type-mismatch', 'struct', 'warning struct-type-mismatch/nobody struct'],
    ['high-s', 'signature.s', 'warning high-s/nobody signature.s'],
    ['compact-eip2098', 'signature', 'warning compact-eip2098/nobody signature'],
    ['signature-length', 'signature', 'warning signature-length/nobody signature'],
    ['chain-id-mismatch', 'domain.chainId', 'error chain-id-mismatch/client domain.chainId'],
    ['verifying-contract-mismatch', 'domain.verifyingContract', 'error verifying-contract-mismatch/client domain.verifyingContract'],
    ['eip712domain-type-missing', 'domain', 'error eip712domain-type-missing/client domain'],
    ['message-altered', 'authorization.value', 'error message-altered/client authorization.value'],
    ['v-0-or-1', 'signature.v', 'error v-0-or-1/client signature.v'],
    ['v-flipped', 'signature.v', 'error v-flipped/client signature.v'],
  ] as const)('%s', (cause, field, found) => {
    for (const basis of ['offer', 'disputed'] as const)
      expect(of('signer', paid, signed([edit(cause, field)], {}, claimed(basis)))).toBe(found)
  })
})

describe('whose signature it is', () => {
  const other = 'signer-not-owner/client signature'
  const contract = { kind: 'contract', bytes: 9 } as const
  const { expected: _, digest: __, ...unplaced } = whole
  const claim = { kind: 'contract', field: 'payload.smartWallet', says: 'true' } as const
  const rows: readonly (readonly [string, Payment, SignatureEvidence, Words | undefined, string])[] = [
    ["the payer's", paid, whole, undefined, 'pass'],
    ['nothing says under which domain', paid, unplaced, undefined, 'skip no-network'],
    ["somebody else's", foreign, signatureOf(foreign), undefined, `error ${other}`],
    ["somebody else's, of an account without code", foreign, signatureOf(foreign), {}, `error ${other}`],
    ["somebody else's, of nobody knows what", foreign, signatureOf(foreign), { payerCode: unread }, `error ${other}`],
    [
      "somebody else's, of a contract: that is judged there",
      foreign,
      signatureOf(foreign),
      { payerCode: contract, accepts: false },
      'pass',
    ],
    [
      "somebody else's, of a delegate that accepts",
      foreign,
      signatureOf(foreign),
      { payerCode: { kind: 'eip7702', delegate, delegateCode: known(9) }, accepts: true },
      'pass',
    ],
    [
      "somebody else's, of a delegate that refuses",
      foreign,
      signatureOf(foreign),
      { payerCode: { kind: 'eip7702', delegate, delegateCode: known(9) }, accepts: false },
      `error ${other}`,
    ],
    [
      "somebody else's, under a domain that is only claimed",
      foreign,
      { ...signatureOf(foreign), expected: { ...expected, basis: 'offer' } },
      undefined,
      `warning ${other}`,
    ],
    [
      "somebody else's, of a payer that is said to be a contract",
      { ...foreign, payerClaims: [claim] },
      signatureOf(foreign),
      undefined,
      `warning ${other}`,
    ],
    ['no key made it', foreign, (({ recovered: _recovered, ...rest }) => rest)(signatureOf(foreign)), undefined, `error ${other}`],
    ["a wallet's", foreign, { ...signatureOf(foreign), wallet }, undefined, 'warning smart-wallet-signature/wallet signature'],
    ["a wallet's, of an account without code", foreign, { ...signatureOf(foreign), wallet }, {}, 'pass'],
    [
      "a wallet's, of nobody knows what",
      foreign,
      { ...signatureOf(foreign), wallet },
      { payerCode: unread },
      'warning smart-wallet-signature/wallet signature',
    ],
    [
      "a wallet's, of a delegate that refuses",
      foreign,
      { ...signatureOf(foreign), wallet },
      { payerCode: { kind: 'eip7702', delegate, delegateCode: known(9) }, accepts: false },
      'pass',
    ],
  ]
  it.each(rows)('%s', (_name, given, signature, words, found) => expect(of('signer', given, signature, words)).toBe(found))

  it('bytes that are no signature are said as such', () => {
    const cut = pay({ bytes: (signature) => signature.slice(0, 100) as '0x' })
    expect(of('signer', cut)).toBe('pass')
    const length = 'signature-length/client signature'
    expect(of('signature-bytes', cut)).toBe(`error ${length}`)
    expect(of('signature-bytes', pay({ bytes: () => '0x' }))).toBe(`error ${length}`)
    expect(
      of('signature-bytes', pay({ bytes: (signature) => `${signature}00` as '0x' }, {}), {
        ...signatureOf(pay({ bytes: (signature) => `${signature}00` })),
        matches: [],
      }),
    ).toBe(`error ${length}`)
    expect(of('signature-bytes', paid)).toBe('pass')
    expect(of('signature-bytes', foreign)).toBe('pass')
    expect(of('signature-bytes', pay({ bytes: (signature) => signature.slice(0, 130) as '0x' }))).toBe('pass')
    expect(of('signature-bytes', { ...cut, payerClaims: [claim] })).toBe(`warning ${length}`)
    expect(of('signature-bytes', cut, { ...signatureOf(cut), wallet })).toBe('pass')
    expect(of('signature-bytes', cut, { ...signatureOf(cut), matches: whole.matches })).toBe('pass')
    // A contract is given whatever bytes there are.
    expect(of('signature-bytes', cut, signatureOf(cut), { payerCode: contract, accepts: false })).toBe('pass')
    expect(of('signature-bytes', cut, signatureOf(cut), {})).toBe(`error ${length}`)
    expect(of('signature-bytes', cut, signatureOf(cut), { payerCode: unread })).toBe(`error ${length}`)
  })

  it('whether a wallet accepts it, only the chain tells', () => {
    const wrapped = { ...signatureOf(foreign), wallet }
    expect(of('wallet-signature', foreign, wrapped)).toBe('skip no-chain')
    expect(of('wallet-signature', foreign, wrapped, { payerCode: unread })).toBe('skip fact-unread')
    expect(of('wallet-signature', foreign, wrapped, {})).toBe('pass')
    expect(of('wallet-signature', foreign)).toBe('pass')
    expect(of('wallet-signature', paid, { ...whole, wallet })).toBe('pass')
  })

  it('a wallet that signed for something else is an error', () => {
    const contents = (sameSeparator: boolean, sameStruct: boolean) =>
      ({
        ...signatureOf(foreign),
        wallet: { ...wallet, contents: { separator: '0x01', structHash: '0x02', type: 'A(uint256 a)', sameSeparator, sameStruct } },
      }) as const
    const found = (sameSeparator: boolean, sameStruct: boolean) => of('signer', foreign, contents(sameSeparator, sameStruct)).split(' ')[0]
    expect([found(true, true), found(false, true), found(true, false), found(false, false)]).toEqual(['warning', 'error', 'error', 'error'])
  })

  it('each who may have signed inside of a wrapper is named', () => {
    const signers = [
      { address: stranger, hash: 'digest', under: "the payment's digest", named: false },
      { address: payee, hash: 'safe', under: 'a hash', named: true },
    ] as const
    const evidence = evidenceOf(foreign, undefined, { signature: { ...signatureOf(foreign), wallet: { ...wallet, signers } } })
    expect(findings(foreign, evidence, 'signer')[0]?.evidence.map(({ source }) => source)).toEqual([
      'payload',
      'computed',
      'computed',
      'computed',
    ])
    const { digest: _digest, ...undigested } = signatureOf(foreign)
    expect(findings(foreign, evidenceOf(foreign, undefined, { signature: { ...undigested, wallet } }), 'signer')[0]?.evidence).toHaveLength(
      1,
    )
  })
})

describe('a domain that was right once, a transaction for another chain, Circle Gateway', () => {
  const old = { ...usdcDomain, name: 'Old Coin' }
  const name = edit('domain-name-mismatch', 'domain.name')
  const altered = edit('message-altered', 'authorization.value')
  it('an upgrade stands for the name, and what else differs stays', () => {
    const state: Partial<ChainState> = { separatorThen: { block: 1n, time: opens, separator: domainSeparator(old) } }
    const upgraded = 'error token-upgraded/token domain.name'
    expect(of('signer', paid, signed([name], { domain: old, separator: domainSeparator(old) }), {}, state)).toBe(upgraded)
    expect(of('signer', paid, signed([name, altered], { domain: old, separator: domainSeparator(old) }), {}, state)).toBe(
      `${upgraded}, error message-altered/client authorization.value`,
    )
  })

  it('a transaction stands for the chain id, and what else differs stays', () => {
    const given = pay({}, { call: { ...call, transaction: { to: usdc, chainId: 1 } } })
    const chainId = edit('chain-id-mismatch', 'domain.chainId')
    const wrong = 'error network-mismatch/facilitator transaction.chainId'
    expect(of('signer', given, signed([chainId]))).toBe(wrong)
    expect(of('signer', given, signed([chainId, altered]))).toBe(`${wrong}, error message-altered/facilitator authorization.value`)
  })

  it("that Gateway's domain has another name and version is one thing", () => {
    const gateway = {
      name: 'GatewayWalletBatched',
      version: '1',
      chainId: 8453n,
      verifyingContract: '0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE',
    } as const
    const contract = edit('verifying-contract-mismatch', 'domain.verifyingContract')
    const version = edit('domain-version-mismatch', 'domain.version')
    expect(of('signer', paid, signed([name, version, contract], { domain: gateway }))).toBe(
      'error verifying-contract-mismatch/client domain.verifyingContract',
    )
    expect(of('signer', paid, signed([name, version, contract]))).toBe(
      'error domain-name-mismatch/client domain.name, error domain-version-mismatch/client domain.version, error verifying-contract-mismatch/client domain.verifyingContract',
    )
  })
})

describe('the offer', () => {
  const drift = (field: string): string => `error facilitator-config-drift/server ${field}`
  const rows: readonly (readonly [string, Payment, SignatureEvidence, string])[] = [
    ['none', paid, whole, 'pass'],
    ['nothing of a domain', pay({}, { requirements: {} }), whole, 'pass'],
    ['right', offered({ name: 'USD Coin', version: '2' }), whole, 'pass'],
    ['a wrong name', offered({ name: 'USDC' }), whole, drift('requirements.extra.name')],
    ['a wrong version', offered({ version: '1' }), whole, drift('requirements.extra.version')],
    [
      'both wrong',
      offered({ name: 'USDC', version: '1' }),
      whole,
      `${drift('requirements.extra.name')}, ${drift('requirements.extra.version')}`,
    ],
    // What was followed is said of what was signed.
    ['a wrong name that was followed', offered({ name: 'USDC' }), signed([], { domain: { ...usdcDomain, name: 'USDC' } }), 'pass'],
    [
      'a wrong name, of a token that only the payload tells',
      offered({ name: 'USDC' }),
      { ...whole, expected: { ...expected, basis: 'offer' } },
      'pass',
    ],
    ['nothing known', offered({ name: 'USDC' }), (({ expected: _expected, ...rest }) => rest)(whole), 'pass'],
  ]
  it.each(rows)('%s', (_name, given, signature, found) => expect(of('offer-domain', given, signature)).toBe(found))

  it("the client's own copy of it", () => {
    const copy = { extra: { name: 'USDC' } }
    expect(of('offer-domain', pay({}, { requirements: copy, accepted: copy }), whole)).toBe(drift('accepted.extra.name'))
    expect(of('offer-domain', pay({}, { requirements: copy, accepted: { extra: { name: 'USDC' } } }), whole)).toBe(
      drift('requirements.extra.name'),
    )
  })
})
