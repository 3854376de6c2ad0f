import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { createNetworks } from '../../networks/networks.ts'
import type { Payment } from './payment.ts'
import { readEvmPayment } from './read.ts'

/** The example of the x402 specification, v1 and v2 (specs/x402-specification-v1.md and -v2.md, 5.2.1). */
const authorization = {
  from: '0x857b06519E91e3A54538791bDbb0E22373e36b66',
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: '10000',
  validAfter: '1740672089',
  validBefore: '1740672154',
  nonce: '0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480',
}
const signature =
  '0x2d6a7588d6acca505cbf0d9a4a227e0c52c6c34008c8e8986a1283259764173608a2ce6496642e377d6da8dbbf5836e9bd15092f9ecab05ded3d6293af148b571c'
const inner = { signature, authorization }
const asset = '0x036CbD53842c5426634e7929541eC2318f3dCF7e'
const extra = { name: 'USDC', version: '2' }
const resource = 'https://api.example.com/premium-data'

const v1Payload = { x402Version: 1, scheme: 'exact', network: 'base-sepolia', payload: inner }
const v1Requirements = {
  scheme: 'exact',
  network: 'base-sepolia',
  maxAmountRequired: '10000',
  resource,
  description: 'Access to premium market data',
  mimeType: 'application/json',
  payTo: authorization.to,
  maxTimeoutSeconds: 60,
  asset,
  extra,
}
const v1 = { x402Version: 1, paymentPayload: v1Payload, paymentRequirements: v1Requirements }

const v2Requirements = {
  scheme: 'exact',
  network: 'eip155:84532',
  amount: '10000',
  asset,
  payTo: authorization.to,
  maxTimeoutSeconds: 60,
  extra,
}
const v2Payload = {
  x402Version: 2,
  resource: { url: resource, description: 'Access to premium market data', mimeType: 'application/json' },
  accepted: v2Requirements,
  payload: inner,
  extensions: {},
}
const v2 = { x402Version: 2, paymentPayload: v2Payload, paymentRequirements: v2Requirements }

/** Findings in short: severity, cause, field, seen → expected. */
function found(input: string | object): readonly string[] {
  return shortly(readEvmPayment(input))
}

function shortly({ findings }: Payment): readonly string[] {
  return findings.map(({ severity, cause, field, seen, expected }) => `${severity} ${cause} ${field}: ${seen} → ${expected}`)
}

const recipient = '0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19'

describe('bodies of the specification', () => {
  test('v1', () => {
    expect(readEvmPayment(v1)).toMatchObject({
      recognised: 'x402 v1 /verify or /settle body',
      x402Version: 1,
      networkName: 'base-sepolia',
      chainId: 84532,
      token: asset,
      requirements: {
        scheme: 'exact',
        network: 'base-sepolia',
        amount: 10000n,
        payTo: authorization.to,
        asset,
        maxTimeoutSeconds: 60,
        extra,
        resource,
      },
      findings: [],
    })
  })

  test('v2', () => {
    const payment = readEvmPayment(v2)
    expect(payment).toMatchObject({
      recognised: 'x402 v2 /verify or /settle body',
      x402Version: 2,
      networkName: 'eip155:84532',
      chainId: 84532,
      token: asset,
      requirements: { amount: 10000n },
      accepted: { amount: 10000n },
      findings: [],
    })
  })
})

describe('tolerated shapes', () => {
  test.each<[string, object, readonly string[]]>([
    // Cronos' facilitator: base64 under paymentHeader, the authorization's fields directly in payload, numbers for times.
    [
      'a Cronos body',
      {
        x402Version: 1,
        paymentHeader: Buffer.from(
          JSON.stringify({ ...v1Payload, payload: { ...authorization, validAfter: 1740672089, signature, asset } }),
        ).toString('base64'),
        paymentRequirements: v1Requirements,
      },
      [
        'warning wire-version-mismatch paymentHeader: paymentHeader → paymentPayload',
        'warning wire-version-mismatch payload: payload → payload.authorization',
        'warning malformed-field authorization.validAfter: 1740672089 → "1740672089"',
      ],
    ],
    ['a paymentPayload in base64', { ...v1, paymentPayload: Buffer.from(JSON.stringify(v1Payload)).toString('base64') }, []],
    [
      'a paymentPayload as JSON text',
      { ...v1, paymentPayload: JSON.stringify(v1Payload) },
      ['error header-encoding paymentPayload: undefined → undefined'],
    ],
    [
      'a payload nested twice',
      { ...v1Payload, payload: { payload: inner } },
      ['error wire-version-mismatch payload.payload: payload.payload → payload'],
    ],
    [
      'a flat payload',
      { x402Version: 1, scheme: 'exact', network: 'base-sepolia', ...inner },
      ['error wire-version-mismatch payload: payload → payload.authorization'],
    ],
    [
      'fields at the top',
      { x402Version: 1, scheme: 'exact', network: 'base-sepolia', ...authorization, signature },
      ['error wire-version-mismatch payload: payload → payload.authorization'],
    ],
    [
      'requirements as a list',
      { ...v1, paymentRequirements: [v1Requirements] },
      ['error wire-version-mismatch paymentRequirements: paymentRequirements → paymentRequirements'],
    ],
    [
      'accepts for requirements',
      { x402Version: 1, paymentPayload: v1Payload, accepts: [{ ...v1Requirements, network: 'base', asset: recipient }, v1Requirements] },
      ['error wire-version-mismatch accepts: accepts → paymentRequirements'],
    ],
    [
      'payload and requirements',
      { payload: v1Payload, requirements: v1Requirements },
      ['warning wire-version-mismatch payload: payload → paymentPayload'],
    ],
    [
      'snake_case',
      {
        x402_version: 1,
        payment_payload: {
          ...v1Payload,
          payload: { signature, authorization: { ...authorization, validBefore: undefined, valid_before: '1740672154' } },
        },
        payment_requirements: v1Requirements,
      },
      [
        'warning malformed-field keys: payment_payload, payment_requirements, valid_before, x402_version → paymentPayload, paymentRequirements, validBefore, x402Version',
      ],
    ],
    ['no version', { ...v1Payload, x402Version: undefined }, ['warning wire-version-mismatch x402Version: missing → 1']],
    ['a version as text', { ...v1Payload, x402Version: '1' }, ['warning malformed-field x402Version: 1 → the number 1']],
    ['version 3', { ...v2Payload, x402Version: 3 }, ['error wire-version-mismatch x402Version: 3 → 1 or 2']],
    ['a scheme in other letters', { ...v1Payload, scheme: 'Exact' }, ['warning malformed-field scheme: Exact → exact']],
    ['no scheme', { ...v1Payload, scheme: undefined }, ['warning malformed-field scheme: missing → exact']],
  ])('%s', (_name, input, expected) => {
    const payment = readEvmPayment(input)
    expect(shortly(payment)).toEqual(expected)
    expect(payment).toMatchObject({ chainId: 84532, signature, authorization: { value: 10000n, validBefore: 1740672154n } })
  })

  test('the entry of accepts that fits best is taken', () => {
    const others = [{ ...v1Requirements, network: 'base', asset: recipient }, { ...v1Requirements, maxAmountRequired: '5' }, v1Requirements]
    expect(readEvmPayment({ x402Version: 1, paymentPayload: v1Payload, accepts: others }).requirements).toMatchObject({
      asset,
      amount: 10000n,
    })
  })
})

describe('versions', () => {
  test.each<[string, object, readonly string[]]>([
    [
      'a v1 shape that says 2',
      { ...v1Payload, x402Version: 2, network: 'eip155:84532' },
      ['error wire-version-mismatch x402Version: 2 → 1'],
    ],
    [
      'a v2 shape that says 1',
      { ...v2Payload, x402Version: 1, accepted: { ...v2Requirements, network: 'base-sepolia' } },
      ['error wire-version-mismatch x402Version: 1 → 2'],
    ],
    ['the body against its payload', { ...v1, x402Version: 2 }, ['error wire-version-mismatch x402Version: 2 → 1']],
    [
      'a v1 name in v2',
      { ...v2Payload, accepted: { ...v2Requirements, network: 'base-sepolia' } },
      ['warning wire-version-mismatch accepted.network: base-sepolia → "eip155:84532"'],
    ],
    [
      'a CAIP-2 id in v1',
      { ...v1Payload, network: 'eip155:84532' },
      ['warning wire-version-mismatch network: eip155:84532 → "base-sepolia"'],
    ],
    [
      'a bare chain id',
      { ...v2Payload, accepted: { ...v2Requirements, network: 84532 } },
      [
        'warning wire-version-mismatch accepted.network: 84532 → "eip155:84532"',
        'warning malformed-field accepted.network: 84532 → "84532"',
      ],
    ],
    [
      'v2 requirements in v1',
      { ...v1, paymentRequirements: { ...v2Requirements, network: 'base-sepolia' } },
      ['error wire-version-mismatch requirements.amount: amount → maxAmountRequired'],
    ],
    [
      'v1 requirements in v2',
      { ...v2, paymentRequirements: { ...v2Requirements, amount: undefined, maxAmountRequired: '10000' } },
      [
        'error wire-version-mismatch requirements.maxAmountRequired: maxAmountRequired → amount',
        'error accepted-mismatch accepted.maxAmountRequired: missing → 10000',
        'warning accepted-mismatch accepted.amount: 10000 → missing',
      ],
    ],
    ['v1 with fields of v2 beside its own', { ...v1, paymentRequirements: { ...v1Requirements, amount: '10000' } }, []],
  ])('%s', (_name, input, expected) => {
    expect([...found(input)].sort()).toEqual([...expected].sort())
  })
})

describe('networks', () => {
  const mismatch = 'error network-mismatch requirements.network: base → base-sepolia'

  test.each<[string, object, readonly string[]]>([
    ['another one in the offer', { ...v1, paymentRequirements: { ...v1Requirements, network: 'base' } }, [mismatch]],
    [
      'one name and one CAIP-2 id',
      { ...v1, paymentRequirements: { ...v1Requirements, network: 'eip155:84532' } },
      [
        'warning wire-version-mismatch requirements.network: eip155:84532 → "base-sepolia"',
        'warning network-mismatch requirements.network: eip155:84532 → base-sepolia',
      ],
    ],
    [
      'accepted against the offer',
      { ...v2, paymentRequirements: { ...v2Requirements, network: 'eip155:8453' } },
      ['error network-mismatch requirements.network: eip155:8453 → eip155:84532'],
    ],
    [
      'an unknown name',
      { ...v1Payload, network: 'base-sepola' },
      ['warning network-unsupported network: base-sepola → base-sepolia (eip155:84532)'],
    ],
    [
      'an unknown chain',
      { ...v2Payload, accepted: { ...v2Requirements, network: 'eip155:36963' } },
      ['warning network-unsupported accepted.network: eip155:36963 → undefined'],
    ],
    ['Solana', { ...v1Payload, network: 'solana' }, ['error network-mismatch network: solana → an EVM network']],
  ])('%s', (_name, input, expected) => {
    expect(found(input)).toEqual(expected)
  })

  test('a chain that is not known is kept by its id', () => {
    const payment = readEvmPayment({ ...v2Payload, accepted: { ...v2Requirements, network: 'eip155:36963' } })
    expect([payment.network, payment.chainId, payment.networkName]).toEqual([undefined, 36963, 'eip155:36963'])
  })

  test('the finding names both places', () => {
    const { findings } = readEvmPayment({ ...v1, paymentRequirements: { ...v1Requirements, network: 'base' } })
    expect(findings).toMatchInlineSnapshot(`
      [
        {
          "cause": "network-mismatch",
          "evidence": [
            {
              "says": "network is "base-sepolia" (chain 84532); requirements.network is "base" (chain 8453).",
              "source": "payload",
            },
          ],
          "expected": "base-sepolia",
          "field": "requirements.network",
          "fix": "Use one network throughout: sign for chain 84532 if "base-sepolia" (chain 84532) is meant, and make requirements.network agree.",
          "party": "server",
          "seen": "base",
          "severity": "error",
          "summary": "network is "base-sepolia" (chain 84532) and requirements.network is "base" (chain 8453): two networks.",
        },
      ]
    `)
  })
})

describe('requirements', () => {
  const withRequirement = (change: object): object => ({ ...v1, paymentRequirements: { ...v1Requirements, ...change } })

  test.each<[string, object, readonly string[]]>([
    ['a number for the amount', { maxAmountRequired: 10000 }, ['warning malformed-field requirements.maxAmountRequired: 10000 → "10000"']],
    ['a decimal amount', { maxAmountRequired: '0.01' }, ['error amount-units-wrong requirements.maxAmountRequired: 0.01 → 10000']],
    [
      'a role for the recipient',
      { payTo: 'merchant' },
      ['error malformed-field requirements.payTo: merchant → an address: 0x and 40 hex digits'],
    ],
    [
      'a wrong checksum',
      { payTo: authorization.to.replace('Bc', 'bC') },
      [`warning malformed-field requirements.payTo: ${authorization.to.replace('Bc', 'bC')} → ${authorization.to}`],
    ],
    ['a timeout as text', { maxTimeoutSeconds: '60' }, ['warning malformed-field requirements.maxTimeoutSeconds: 60 → the number 60']],
    ['a version as a number', { extra: { name: 'USDC', version: 2 } }, ['warning malformed-field requirements.extra.version: 2 → "2"']],
    ['an asset with its domain', { asset: { address: asset, eip712: extra } }, []],
    ['another scheme', { scheme: 'upto' }, ['error accepted-mismatch scheme: exact → upto']],
    ['fields that nobody knows', { priority: 'high' }, []],
    [
      'nothing but the payee',
      {
        scheme: undefined,
        network: undefined,
        asset: undefined,
        maxAmountRequired: undefined,
        extra: undefined,
        maxTimeoutSeconds: undefined,
      },
      [],
    ],
  ])('%s', (_name, change, expected) => {
    expect(found(withRequirement(change))).toEqual(expected)
  })
})

describe('fields of the authorization', () => {
  test.each<[string, object, readonly string[]]>([
    ['a number', { value: 10000 }, ['warning malformed-field authorization.value: 10000 → "10000"']],
    ['a decimal', { value: '0.01' }, ['error amount-units-wrong authorization.value: 0.01 → 10000']],
    ['hex', { validAfter: '0x67c08719' }, ['warning malformed-field authorization.validAfter: 0x67c08719 → 1740670745']],
    [
      'white space',
      { to: ` ${authorization.to}` },
      [`warning malformed-field authorization.to:  ${authorization.to} → ${authorization.to}`],
    ],
    ['a short nonce', { nonce: '0x1234' }, ['error malformed-field authorization.nonce: 0x1234 → 64 hex digits']],
    ['from = to', { from: authorization.to }, [`info self-payment authorization.to: ${authorization.to} → undefined`]],
  ])('%s', (_name, change, expected) => {
    expect(found({ ...v1Payload, payload: { signature, authorization: { ...authorization, ...change } } })).toEqual(expected)
  })

  test('a decimal counts in the decimals of its own token', () => {
    const networks = createNetworks([{ id: 'own-chain', chainId: 424242, usdc: { address: recipient, name: 'Own Dollar', decimals: 18 } }])
    const decimal = { ...authorization, value: '1.5' }
    const own = {
      x402Version: 2,
      accepted: { scheme: 'exact', network: 'eip155:424242', asset: recipient },
      payload: { signature, authorization: decimal },
    }
    expect(readEvmPayment(own, { networks })).toMatchObject({
      network: { id: 'own-chain' },
      authorization: { value: 1500000000000000000n },
    })
    expect(readEvmPayment({ authorization: decimal, signature }).authorization.value).toBe(1500000n)
  })

  test('every finding can be printed: one line, party, evidence and a fix', () => {
    const bad = { ...authorization, value: 0.01, validAfter: 1740672089, nonce: '0x1234', to: `0X${authorization.to.slice(2)}` }
    const { findings } = readEvmPayment({
      ...v1,
      paymentPayload: { ...v1Payload, network: 'base', payload: { signature: `${signature}f`, authorization: bad } },
    })
    expect(findings.length).toBeGreaterThan(6)
    for (const finding of findings) {
      expect(finding.summary).toMatch(/^\S.*\.$/)
      expect(finding.fix).toMatch(/^\S.*\.$/)
      expect(finding.evidence.length).toBeGreaterThan(0)
      expect(JSON.stringify(finding)).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    }
  })
})
