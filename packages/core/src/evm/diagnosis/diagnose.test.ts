import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it, vi } from 'vitest'
import { toHex, writeWord } from '../../bytes/bytes.ts'
import { base } from '../../networks/base.ts'
import type { Payment } from '../payment/payment.ts'
import { tokenDomain } from '../signature/expected-domain.ts'
import { canonicalSignature, curveOrder, readSignature } from '../signature/signature.ts'
import { diagnose } from './diagnose.ts'
import type { EvmDiagnosis } from './diagnosis.ts'

// A public test key (the number 1): nobody's money.
const account = privateKeyToAccount('0x0000000000000000000000000000000000000000000000000000000000000001')
const stranger = privateKeyToAccount('0x0000000000000000000000000000000000000000000000000000000000000002')
const now = 1_790_000_300n

const authorization = {
  from: account.address,
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: 10_000n,
  validAfter: 1_790_000_000n,
  validBefore: 1_790_000_600n,
  nonce: `0x${'ab'.repeat(32)}`,
} as const
const members = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const
const baseDomain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address } as const

interface Signed {
  readonly domain?: object
  readonly primaryType?: 'TransferWithAuthorization' | 'ReceiveWithAuthorization'
  readonly signer?: typeof account
  readonly message?: Partial<typeof authorization> | object
}

/** viem signs what `signed` says; the payment says what it always says. */
async function payment(
  { domain = baseDomain, primaryType = 'TransferWithAuthorization', signer = account, message = {} }: Signed = {},
  extra: Partial<Payment> = {},
): Promise<Payment> {
  const types = { TransferWithAuthorization: members, ReceiveWithAuthorization: members }
  const signature = await signer.signTypedData({ domain, types, primaryType, message: { ...authorization, ...message } })
  return {
    family: 'evm',
    rail: 'eip3009',
    payerClaims: [],
    form: 'x402-payment-payload',
    recognised: 'a test payment',
    networkName: 'base',
    network: base,
    chainId: 8453,
    token: base.usdc.address,
    primaryType: 'TransferWithAuthorization',
    authorization,
    signature,
    findings: [],
    ...extra,
  }
}

const errors = (diagnosis: EvmDiagnosis): string[] =>
  diagnosis.findings.filter(({ severity }) => severity === 'error').map(({ cause }) => cause)

describe('a payment with nothing wrong', () => {
  it('settles, and names all that this takes for granted', async () => {
    const diagnosis = await diagnose(await payment(), { now })
    expect(diagnosis).toMatchObject({
      verdict: 'settles',
      cause: null,
      party: null,
      proof: 'inferred',
      evm: { signer: account.address },
      retry: { action: 'send-same' },
      money: { state: 'can-move' },
    })
    expect(diagnosis.assumes.join(' ')).toMatch(/holds 0.01 USDC.*nonce.*no code.*blacklisted.*paused/)
    expect(diagnosis.skipped.map(({ id }) => id)).toContain('nonce')
  })

  it('is JSON-safe', async () => {
    const diagnosis = await diagnose(await payment(), { now })
    expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis)
  })
})

const { name: _name, ...nameless } = baseDomain

describe('what was signed', () => {
  // Whether money can move by it depends on whose domain was signed: the token's own under a wrong name is nobody's, another contract is nobody knows whose.
  const rows: readonly (readonly [string, Signed, string, object, EvmDiagnosis['money']['state']])[] = [
    [
      'another name',
      { domain: { ...baseDomain, name: 'USDC' } },
      'domain-name-mismatch',
      { field: 'domain.name', signed: 'USDC', expected: 'USD Coin' },
      'not-moved',
    ],
    [
      'another version',
      { domain: { ...baseDomain, version: '1' } },
      'domain-version-mismatch',
      { field: 'domain.version', signed: '1', expected: '2' },
      'not-moved',
    ],
    [
      'another chain',
      { domain: { ...baseDomain, chainId: 84532 } },
      'chain-id-mismatch',
      { field: 'domain.chainId', signed: '84532', expected: '8453' },
      'unknown',
    ],
    [
      'the payee as contract',
      { domain: { ...baseDomain, verifyingContract: authorization.to } },
      'verifying-contract-mismatch',
      { signed: authorization.to, expected: base.usdc.address },
      'unknown',
    ],
    ['an empty domain', { domain: {} }, 'eip712domain-type-missing', { field: 'domain' }, 'not-moved'],
    ['a domain without a name', { domain: nameless }, 'domain-field-missing', { field: 'domain.name', expected: 'USD Coin' }, 'not-moved'],
    [
      'the other type',
      { primaryType: 'ReceiveWithAuthorization' },
      'primary-type-mismatch',
      { field: 'primaryType', signed: 'ReceiveWithAuthorization' },
      'can-move',
    ],
    [
      'another key, or so it seems without a chain',
      { signer: stranger },
      'signer-not-owner',
      { seen: stranger.address, expected: account.address, summary: expect.stringMatching(/^Unless from is a contract wallet/) },
      'unknown',
    ],
  ]
  it.each(rows)('%s', async (_title, signed, cause, finding, state) => {
    const diagnosis = await diagnose(await payment(signed), { now })
    expect(errors(diagnosis)).toEqual([cause])
    expect(diagnosis).toMatchObject({
      verdict: 'fails',
      cause,
      retry: { action: cause === 'signer-not-owner' ? 'unknown' : 'sign-again' },
      money: { state },
    })
    expect(diagnosis.findings[0]).toMatchObject(finding)
  })

  it("another network's token: each field that differs", async () => {
    const diagnosis = await diagnose(
      await payment({
        domain: { name: 'USDC', version: '2', chainId: 84532, verifyingContract: '0x036CbD53842c5426634e7929541eC2318f3dCF7e' },
      }),
      { now },
    )
    expect(errors(diagnosis)).toEqual(['domain-name-mismatch', 'chain-id-mismatch', 'verifying-contract-mismatch'])
  })

  it('blames the server when its extra.name was followed', async () => {
    const diagnosis = await diagnose(
      await payment({ domain: { ...baseDomain, name: 'USDC' } }, { requirements: { extra: { name: 'USDC', version: '2' } } }),
      { now },
    )
    expect(diagnosis).toMatchObject({ cause: 'domain-name-mismatch', party: 'server' })
  })

  it('blames the server when its extra.name is wrong and the client was right', async () => {
    const diagnosis = await diagnose(await payment({}, { requirements: { extra: { name: 'USDC', version: '2' } } }), { now })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'facilitator-config-drift', party: 'server' })
  })

  it('finds the network when the payload names none', async () => {
    const { network: _network, networkName: _networkName, chainId: _chainId, token: _token, ...bare } = await payment()
    const diagnosis = await diagnose(bare, { now })
    expect(diagnosis).toMatchObject({ verdict: 'settles', payment: { network: 'base' } })
    expect(diagnosis.assumes.join(' ')).toContain('payload does not say so')
  })

  it('is inconclusive when nothing names the network and nothing fits', async () => {
    const { network: _network, networkName: _networkName, chainId: _chainId, token: _token, ...bare } = await payment({ signer: stranger })
    expect(await diagnose(bare, { now })).toMatchObject({
      verdict: 'inconclusive',
      cause: null,
      retry: { action: 'unknown' },
      money: { state: 'unknown' },
    })
  })
})

describe('money', () => {
  it('can move on the network that was signed for, though not here', async () => {
    const other = { name: 'USDC', version: '2', chainId: 84532, verifyingContract: '0x036CbD53842c5426634e7929541eC2318f3dCF7e' }
    const { money } = await diagnose(await payment({ domain: other }), { now })
    expect(money.state).toBe('can-move')
    expect(money.says).toContain('USDC on base-sepolia')
  })

  it('can move once somebody repairs the bytes, until the window closes', async () => {
    const good = await payment()
    const damaged = { ...good, signature: negateS(good.signature) }
    expect((await diagnose(damaged, { now })).money).toMatchObject({ state: 'can-move', says: expect.stringContaining('bytes put right') })
    // Somebody may have done so while it was open.
    expect((await diagnose(damaged, { now: authorization.validBefore })).money.state).toBe('unknown')
  })
})

describe('the bytes of the signature', () => {
  const rows: readonly (readonly [string, (signature: `0x${string}`) => `0x${string}`, string])[] = [
    ['v of 0 or 1', (s) => `${s.slice(0, 130) as '0x'}${s.endsWith('1b') ? '00' : '01'}`, 'v-0-or-1'],
    ['the other v', (s) => `${s.slice(0, 130) as '0x'}${s.endsWith('1b') ? '1c' : '1b'}`, 'v-flipped'],
    ['s in the upper half', negateS, 'high-s'],
    ['64 bytes', compact, 'compact-eip2098'],
    // This payment's v is 28, so that without it the 64 bytes are not EIP-2098 either: there the top bit of s would say so.
    ['64 bytes, v cut off', (s) => s.slice(0, 130) as '0x', 'signature-length'],
    ['no bytes', () => '0x', 'signature-length'],
  ]
  it.each(rows)('%s', async (_title, damage, cause) => {
    const good = await payment()
    const signature = damage(good.signature)
    const diagnosis = await diagnose({ ...good, signature }, { now })
    expect(diagnosis.cause).toBe(cause)
    // Whatever can be repaired is repaired in the fix, to the very bytes that were signed.
    if (signature !== '0x') expect(diagnosis.fix).toContain(good.signature)
  })
})

function negateS(signature: `0x${string}`): `0x${string}` {
  const bytes = new Uint8Array(Buffer.from(signature.slice(2), 'hex'))
  const { ecdsa } = readSignature(signature)
  writeWord(bytes, 32, curveOrder - (ecdsa?.s ?? 0n))
  bytes[64] = bytes[64] === 27 ? 28 : 27
  return toHex(bytes)
}

function compact(signature: `0x${string}`): `0x${string}` {
  const bytes = new Uint8Array(Buffer.from(signature.slice(2), 'hex'))
  if (bytes[64] === 28) bytes[32] = (bytes[32] ?? 0) | 0x80
  return toHex(bytes.subarray(0, 64))
}

describe('time', () => {
  const at = async (fields: Partial<typeof authorization> | object, when?: bigint): Promise<EvmDiagnosis> => {
    const message = { ...authorization, ...fields }
    return diagnose(await payment({ message }, { authorization: message }), { now, ...(when === undefined ? {} : { at: when }) })
  }
  it('strict at both ends', async () => {
    expect((await at({}, 1_790_000_000n)).cause).toBe('not-yet-valid')
    expect((await at({}, 1_790_000_001n)).verdict).toBe('settles')
    expect((await at({}, 1_790_000_599n)).verdict).toBe('settles')
    expect((await at({}, 1_790_000_600n)).cause).toBe('expired')
    expect((await at({}, 1_790_000_600n)).findings.map(({ cause }) => cause)).toContain('boundary-second')
  })

  it('an empty window', async () => {
    expect(await at({ validBefore: authorization.validAfter + 1n })).toMatchObject({
      cause: 'window-inverted',
      retry: { action: 'sign-again' },
    })
  })

  it('milliseconds: not valid for millennia in validAfter, valid for millennia in validBefore', async () => {
    expect(await at({ validAfter: 1_790_000_000_000n, validBefore: 1_790_000_600_000n })).toMatchObject({
      verdict: 'fails',
      cause: 'time-in-milliseconds',
    })
    const open = await at({ validBefore: 1_790_000_600_000n })
    expect(open.verdict).toBe('settles')
    expect(open.findings).toEqual([expect.objectContaining({ cause: 'time-in-milliseconds', severity: 'warning', expected: '1790000600' })])
  })

  it('a window that no block may meet', async () => {
    expect((await at({ validAfter: now - 2n, validBefore: now + 3n })).findings).toEqual([
      expect.objectContaining({ cause: 'window-too-short', severity: 'warning' }),
    ])
  })
})

describe('what is true of an amount, of a time to come, and of a token that nobody knows', () => {
  const of = async (fields: object, domain: object = baseDomain, more: Partial<Payment> = {}, when = now): Promise<EvmDiagnosis> => {
    const message = { ...authorization, ...fields }
    return diagnose(await payment({ domain, message }, { authorization: message, ...more }), { now: when })
  }
  const unknown = '0x1111111111111111111111111111111111111111'

  it('an amount that there is not settles nowhere; one below does where the payer has it', async () => {
    expect(await of({ value: 10n ** 21n })).toMatchObject({
      verdict: 'fails',
      cause: 'amount-units-wrong',
      retry: { action: 'sign-again' },
    })
    expect((await of({ value: 10n ** 21n - 1n })).verdict).toBe('settles')
  })

  it('money says when a window opens that is still to come', async () => {
    const says = async (validAfter: bigint): Promise<string> => (await of({ validAfter, validBefore: 1_800_000_000n })).money.says
    expect(await says(now + 3600n)).toContain('can still move from 2026-09-21 15:18:21 UTC until 2027-01-15 07:59:59 UTC')
    expect(await says(now - 3600n)).toContain('can still move until 2027-01-15 07:59:59 UTC')
  })

  it('of an unknown token a closed window is not open to whoever holds the bytes', async () => {
    const domain = { ...baseDomain, verifyingContract: unknown }
    const token = { token: unknown, requirements: { extra: { name: 'USD Coin', version: '2' } } } as const
    const says = async (when: bigint): Promise<string> => (await of({}, domain, token, when)).money.says
    expect(await says(now)).toContain('if it takes it, whoever holds these bytes can submit them')
    expect(await says(authorization.validBefore)).toMatch(/one that keeps to EIP-3009 takes it no more .*whether it did before/)
  })

  it('a transaction that was made for another chain is at fault, and not the signature in it', async () => {
    const call = { function: 'transferWithAuthorization', selector: '0xe3ee160e', overload: 'vrs' } as const
    const on = (chainId: number, domain: object = baseDomain): Promise<EvmDiagnosis> => {
      const where = { network: undefined, networkName: undefined, chainId } as object
      return of({}, domain, { ...where, call: { ...call, transaction: { to: base.usdc.address, chainId } } })
    }
    for (const chainId of [1, 424_242]) {
      const { cause, party, retry, fix } = await on(chainId)
      expect({ cause, party, action: retry.action }).toEqual({ cause: 'network-mismatch', party: 'facilitator', action: 'fix-first' })
      expect(fix).toContain('send the authorization on base')
    }
    expect((await on(424_242, { ...baseDomain, name: 'USDC' })).cause).not.toBe('network-mismatch')
  })

  it('one signed wholly for another network is to be signed for both the chain and the contract', async () => {
    const ethereum = { ...baseDomain, chainId: 1, verifyingContract: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48' }
    const { cause, fix, retry } = await of({}, ethereum)
    expect(cause).toBe('chain-id-mismatch')
    // There it is good, and a nonce of this token stops nothing there.
    expect(retry).toMatchObject({ action: 'cancel-first', nonce: authorization.nonce, onlyIf: ['cancellation-landed'] })
    expect(fix).toContain(
      `once the first is canceled: sign with chainId 8453 and verifyingContract ${base.usdc.address}; check which network the wallet is connected to`,
    )
  })
})

it('reports what was found on reading, and a broken signature at once', async () => {
  const self = { cause: 'self-payment', party: 'client', severity: 'info', summary: 's', evidence: [], fix: 'f' } as const
  const diagnosis = await diagnose(await payment({ domain: { ...baseDomain, name: 'USDC' } }, { findings: [self] }), {
    now,
    at: authorization.validBefore,
  })
  expect(diagnosis.findings.map(({ cause }) => cause)).toEqual(['expired', 'domain-name-mismatch', 'self-payment', 'boundary-second'])
})

it('knows the canonical form of what it signed', async () => {
  const { signature } = await payment()
  const { ecdsa } = readSignature(signature)
  expect(ecdsa === undefined ? undefined : canonicalSignature(ecdsa)).toBe(signature)
  expect(tokenDomain(base.usdc, 8453)).toEqual({ ...baseDomain, chainId: 8453n })
})

it('asks the clock where nobody says when it is', async () => {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(Number(now) * 1000 + 999)
  try {
    expect(await diagnose(await payment())).toEqual(await diagnose(await payment(), { now }))
  } finally {
    clock.mockRestore()
  }
})
