import type { Address, Hex } from 'viem'
import { parseSignature, serializeCompactSignature, serializeErc6492Signature, signatureToCompactSignature } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../causes/finding.ts'
import type { Retry } from '../../money/retry.ts'
import { base } from '../../networks/base.ts'
import { polygon } from '../../networks/polygon.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import type { EvmDiagnosis } from '../diagnosis/diagnosis.ts'
import type { Payment } from '../payment/payment.ts'
import { readEvmPayment } from '../payment/read.ts'
import { embeddedReplayer } from '../world/open-chain.ts'

// Public test keys: nobody's money.
const payer = privateKeyToAccount(`0x${'0'.repeat(63)}1`)
const stranger = privateKeyToAccount(`0x${'0'.repeat(63)}2`)
const now = 1_790_003_100n

const authorization = {
  from: payer.address,
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: 10_000n,
  validAfter: 1_790_003_000n,
  validBefore: 1_790_003_600n,
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
const domain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address } as const

interface Change {
  /** What viem signs. */
  readonly domain?: object
  readonly message?: object
  readonly type?: 'TransferWithAuthorization' | 'ReceiveWithAuthorization'
  readonly signer?: typeof payer
  readonly bytes?: (signature: Hex) => Hex
  /** What is sent. */
  readonly payload?: Partial<Payment>
}

async function payment({
  domain: other = domain,
  message = {},
  type = 'TransferWithAuthorization',
  signer = payer,
  bytes,
  payload,
}: Change = {}): Promise<Payment> {
  const signature = await signer.signTypedData({
    domain: other,
    types: { TransferWithAuthorization: members, ReceiveWithAuthorization: members },
    primaryType: type,
    message: { ...authorization, ...message },
  })
  return {
    family: 'evm',
    rail: 'eip3009',
    payerClaims: [],
    form: 'x402-settle-body',
    recognised: 'a test payment',
    networkName: 'base',
    network: base,
    chainId: 8453,
    token: base.usdc.address,
    primaryType: 'TransferWithAuthorization',
    authorization,
    signature: bytes === undefined ? signature : bytes(signature),
    requirements: { amount: 10_000n, payTo: authorization.to, asset: base.usdc.address, extra: { name: 'USD Coin', version: '2' } },
    findings: [],
    ...payload,
  }
}

const flip = (signature: Hex): Hex => `0x${signature.slice(2, 130)}${signature.endsWith('1b') ? '1c' : '1b'}`
const compact = (signature: Hex): Hex => serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)))

/**
 * What the reference facilitator (@x402/evm 2.27.0) answers with the one code invalid_exact_evm_signature and no message. A client that was
 * misled by the server's extra.name is another case than one that was not.
 */
const twelve: readonly (readonly [
  string,
  Change,
  Partial<Omit<EvmDiagnosis, 'retry'>> & { readonly retry?: Pick<Retry, 'action'> },
  Partial<Finding> | undefined,
])[] = [
  [
    'name',
    { domain: { ...domain, name: 'USDC' } },
    { cause: 'domain-name-mismatch', party: 'client' },
    { signed: 'USDC', expected: 'USD Coin' },
  ],
  [
    'version',
    { domain: { ...domain, version: '1' } },
    { cause: 'domain-version-mismatch', party: 'client' },
    { signed: '1', expected: '2' },
  ],
  [
    'chain id',
    { domain: { ...domain, chainId: 84532 } },
    { cause: 'chain-id-mismatch', party: 'client' },
    { signed: '84532', expected: '8453' },
  ],
  [
    'contract',
    { domain: { ...domain, verifyingContract: '0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85' } },
    { cause: 'verifying-contract-mismatch', party: 'client' },
    { signed: '0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85', expected: base.usdc.address },
  ],
  [
    'extra.name of the server, the client being right',
    { payload: { requirements: { extra: { name: 'USDC', version: '2' } } } },
    { cause: 'facilitator-config-drift', party: 'server' },
    { field: 'requirements.extra.name', seen: 'USDC', expected: 'USD Coin' },
  ],
  ['key', { signer: stranger }, { cause: 'signer-not-owner' }, { seen: stranger.address, expected: payer.address }],
  [
    'value, changed after signing',
    { message: { value: 1_000n } },
    { cause: 'message-altered' },
    { field: 'authorization.value', seen: '10000', signed: '1000', expected: '10000' },
  ],
  ['flipped v', { bytes: flip }, { cause: 'v-flipped', retry: { action: 'fix-first' } }, { field: 'signature.v' }],
  ['64 bytes', { bytes: compact }, { cause: 'compact-eip2098', retry: { action: 'fix-first' } }, { field: 'signature' }],
  ['empty domain', { domain: {} }, { cause: 'eip712domain-type-missing' }, { field: 'domain' }],
  ['other type', { type: 'ReceiveWithAuthorization' }, { cause: 'primary-type-mismatch' }, { signed: 'ReceiveWithAuthorization' }],
]

describe('the twelve payments that the reference facilitator calls invalid_exact_evm_signature', () => {
  it.each(twelve)('%s', async (_name, change, diagnosis, finding) => {
    const found = await diagnose(await payment(change), { now })
    expect(found).toMatchObject({ verdict: 'fails', ...diagnosis })
    expect(found.findings.filter(({ severity }) => severity === 'error')).toHaveLength(1)
    if (finding !== undefined) expect(found.findings[0]).toMatchObject(finding)
  })

  it('have eleven causes of their own; validBefore and value share one and are told apart by their field', async () => {
    expect(new Set(twelve.map(([, , { cause }]) => cause)).size).toBe(11)
    const found = await diagnose(await payment({ payload: { authorization: { ...authorization, validBefore: 1_790_003_800n } } }), { now })
    expect(found).toMatchObject({ cause: 'message-altered' })
    expect(found.findings[0]).toMatchObject({ field: 'authorization.validBefore', seen: '1790003800', signed: '1790003600' })
    expect(found.findings[0]?.summary).toContain('validBefore was 1790003600 when it was signed, the payload says 1790003800')
  })

  it('the twelfth, a payer with EIP-7702 code: the signature is valid, and a replay shows what the token answers then', async () => {
    const found = await diagnose(await payment(), { now, replayer: embeddedReplayer() })
    expect(found).toMatchObject({ verdict: 'settles', cause: null, evm: { signer: payer.address } })
    expect(found.explanations[0]).toMatchObject({ cause: 'eip7702-payer', revert: 'FiatTokenV2: invalid signature', shown: true })
    expect(found.assumes.join(' ')).toContain('no EIP-7702 delegation')
  })
})

const offer = {
  scheme: 'exact',
  network: 'eip155:8453',
  amount: '10000',
  asset: base.usdc.address,
  payTo: authorization.to,
  maxTimeoutSeconds: 600,
} as const

/** The payload as it travels: viem's signature under the right domain. */
async function wire(): Promise<object> {
  const { signature } = await payment()
  const { value, validAfter, validBefore } = authorization
  return {
    signature,
    authorization: { ...authorization, value: `${value}`, validAfter: `${validAfter}`, validBefore: `${validBefore}` },
  }
}

describe('who is to blame, and what to do', () => {
  const first = async (change: Change): Promise<Finding | undefined> => (await diagnose(await payment(change), { now })).findings[0]

  it('the server, where the client followed its extra.name', async () => {
    const finding = await first({
      domain: { ...domain, name: 'USDC' },
      payload: { requirements: { extra: { name: 'USDC', version: '2' } } },
    })
    expect(finding).toMatchObject({
      cause: 'domain-name-mismatch',
      party: 'server',
      fix: expect.stringContaining('set extra.name to "USD Coin"'),
    })
  })

  it('the server in so many words only where its own requirements were read, and not the copy of the client alone', async () => {
    const read = readEvmPayment(
      JSON.stringify({
        x402Version: 2,
        accepted: { ...offer, extra: { name: 'USDC', version: '2' } },
        payload: await wire(),
      }),
    )
    const copied = (await diagnose(read, { now })).findings[0]
    expect(copied).toMatchObject({ cause: 'facilitator-config-drift', field: 'accepted.extra.name', seen: 'USDC', expected: 'USD Coin' })
    expect(copied?.summary).toContain("The client's copy of the offer")
    expect(copied?.summary).not.toContain("The server's")
  })

  it('the client, where its copy differs from a right offer', async () => {
    const right = { ...offer, extra: { name: 'USD Coin', version: '2' } }
    const read = readEvmPayment(
      JSON.stringify({
        x402Version: 2,
        paymentPayload: { x402Version: 2, accepted: { ...right, extra: { name: 'USDC', version: '2' } }, payload: await wire() },
        paymentRequirements: right,
      }),
    )
    const { findings } = await diagnose(read, { now })
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([
      { cause: 'accepted-mismatch', party: 'client', field: 'accepted.extra.name', seen: 'USDC', expected: 'USD Coin' },
    ])
  })

  it('a chain without a name is said once', async () => {
    const { network: _network, networkName: _name, ...bare } = await payment()
    const { findings } = await diagnose(
      { ...bare, chainId: 4_242_424, networkName: 'eip155:4242424', requirements: { extra: { name: 'USD Coin', version: '2' } } },
      { now },
    )
    const finding = findings.find(({ cause }) => cause === 'chain-id-mismatch')
    expect(finding?.summary).toContain('The payment is for chain 4242424.')
  })

  it('the facilitator, where its calldata has another amount than was signed', async () => {
    const call = { function: 'transferWithAuthorization', selector: '0xe3ee160e', overload: 'vrs' } as const
    const finding = await first({ payload: { call, authorization: { ...authorization, value: 20_000n } } })
    expect(finding).toMatchObject({ cause: 'message-altered', party: 'facilitator', seen: '20000', signed: '10000', expected: '10000' })
    expect(finding?.summary).toBe(
      'value was 10000 (0.01 USDC) when it was signed, the calldata says 20000 (0.02 USDC); the offer asks for what was signed.',
    )
    expect(finding?.fix).toContain('send value 10000, as it was signed')
  })

  it('a new signature, where what was signed is not what the offer asks for', async () => {
    const finding = await first({ message: { to: stranger.address }, payload: { requirements: { payTo: authorization.to } } })
    // An address that nobody knows is not guessed: the key is named instead.
    expect(finding?.cause).toBe('signer-not-owner')
    const known = await first({ message: { to: base.usdc.address }, payload: { requirements: { payTo: authorization.to } } })
    expect(known).toMatchObject({
      field: 'authorization.to',
      signed: base.usdc.address,
      fix: expect.stringContaining(`sign again with to ${authorization.to}`),
    })
  })

  it.each<readonly [string, Address, string]>([
    ["a proxy's implementation", '0x2Ce6311ddAE708829bc0784C967b7d77D19FD779', 'the implementation behind a proxy of USDC'],
    ['Gateway', '0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE', 'the Circle Gateway wallet'],
    ["another network's token", '0x036CbD53842c5426634e7929541eC2318f3dCF7e', 'USDC of base-sepolia'],
    ['the payee', authorization.to, 'the payee'],
  ])('names %s', async (_name, verifyingContract, label) => {
    expect((await first({ domain: { ...domain, verifyingContract } }))?.summary).toContain(`${verifyingContract} (${label})`)
  })

  it('names a chain that is retired', async () => {
    expect((await first({ domain: { ...domain, chainId: 84531 } }))?.summary).toContain('chain 84531 (Base Goerli, which is retired)')
  })

  it('says what was tried where nothing fits', async () => {
    const finding = await first({ signer: stranger })
    expect(finding?.evidence.map(({ says }) => says).join(' ')).toMatch(
      /\d{2},\d{3} hypotheses were tried: no single slip and none of the likelier pairs explains it; of .*domain × bytes.* all pairs were tried/,
    )
  })

  it.each([100, 150, 199, 260])("says of a smart wallet's signature that is cut to %i bytes that it is one", async (length) => {
    const whole = serializeErc6492Signature({
      address: '0x0BA5ED0c6AA8c49038F819E587E2633c4A9F428a',
      data: '0x3ffba36f',
      signature: `0x${'11'.repeat(64)}1b`,
    })
    const finding = await first({ bytes: () => whole.slice(0, 2 + 2 * length) as Hex })
    expect(finding?.cause).toBe('signature-length')
    expect(finding?.summary).toContain('ERC-6492 wrapper of a smart wallet (factory 0x0BA5ED0c6AA8c49038F819E587E2633c4A9F428a)')
    expect(finding?.fix).not.toContain('65 bytes')
  })

  it.each([
    ['both chainId and salt', { chainId: 137 }, 'nonstandard-domain-layout'],
    ['chainId in place of salt', { chainId: 137, salt: undefined }, 'nonstandard-domain-layout'],
    ['no salt', { salt: undefined }, 'domain-field-missing'],
    ["another chain's salt", { salt: `0x${'0'.repeat(62)}01` }, 'chain-id-mismatch'],
  ])('tells the layout from the chain where the token has a salt: %s', async (_, other, cause) => {
    const token = '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174'
    const salted = { name: 'USD Coin (PoS)', version: '1', verifyingContract: token, salt: `0x${'0'.repeat(62)}89`, ...other }
    // No token is named: each of the chain's is tried.
    const { token: _token, requirements: _offer, ...unnamed } = await payment({ domain: salted })
    const given: Payment = { ...unnamed, networkName: 'polygon', network: polygon, chainId: 137 }
    const finding = (await diagnose(given, { now })).findings[0]
    expect(finding?.cause).toBe(cause)
    expect(`${finding?.summary} ${finding?.fix}`).not.toContain('nothing')
  })

  it("leaves a smart wallet's signature to the chain", async () => {
    const wrapped: Hex = `0x00${'11'.repeat(64)}1b`
    const found = await diagnose({ ...(await payment()), signature: wrapped }, { now })
    expect(found).toMatchObject({ verdict: 'inconclusive', cause: null, money: { state: 'unknown' } })
    expect(found.findings).toMatchObject([{ cause: 'smart-wallet-signature', severity: 'warning' }])
    expect(found.skipped.map(({ id }) => id)).toContain('wallet-signature')
  })
})
