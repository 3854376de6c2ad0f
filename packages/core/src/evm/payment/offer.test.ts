import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../causes/finding.ts'
import { readEvmPayment } from './read.ts'

const from = '0x857b06519E91e3A54538791bDbb0E22373e36b66'
const payTo = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const other = '0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19'
const asset = '0x036CbD53842c5426634e7929541eC2318f3dCF7e'
const offer = {
  scheme: 'exact',
  network: 'eip155:84532',
  amount: '10000',
  asset,
  payTo,
  maxTimeoutSeconds: 60,
  extra: { name: 'USDC', version: '2' },
}
const authorization = { from, to: payTo, value: '10000', validAfter: '1', validBefore: '2', nonce: `0x${'11'.repeat(32)}` }
const signature = `0x${'22'.repeat(65)}`

function v2(change: { readonly authorization?: object; readonly accepted?: object; readonly requirements?: object }): readonly Finding[] {
  return readEvmPayment({
    x402Version: 2,
    paymentPayload: {
      x402Version: 2,
      accepted: { ...offer, ...change.accepted },
      payload: { signature, authorization: { ...authorization, ...change.authorization } },
    },
    paymentRequirements: { ...offer, ...change.requirements },
  }).findings
}

function v1(value: string, maxAmountRequired: string): readonly Finding[] {
  return readEvmPayment({
    x402Version: 1,
    paymentPayload: {
      x402Version: 1,
      scheme: 'exact',
      network: 'base-sepolia',
      payload: { signature, authorization: { ...authorization, value } },
    },
    paymentRequirements: { scheme: 'exact', network: 'base-sepolia', maxAmountRequired, asset, payTo },
  }).findings
}

function short(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ severity, cause, field, seen, expected }) => `${severity} ${cause} ${field}: ${seen} → ${expected}`)
}

describe('amounts', () => {
  test('v2 wants exactly what was asked for', () => {
    expect(short(v2({}))).toEqual([])
    expect(short(v2({ authorization: { value: '9999' } }))).toEqual(['error amount-mismatch authorization.value: 9999 → 10000'])
    expect(short(v2({ authorization: { value: '10001' } }))).toEqual(['error amount-mismatch authorization.value: 10001 → 10000'])
  })

  test('v1 takes more, not less', () => {
    expect(short(v1('10000', '10000'))).toEqual([])
    expect(short(v1('9999', '10000'))).toEqual(['error amount-mismatch authorization.value: 9999 → 10000'])
    expect(short(v1('10001', '10000'))).toEqual(['warning amount-mismatch authorization.value: 10001 → 10000'])
  })

  test('a power of ten is a mistake of units, whatever the version', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 18n), fc.integer({ min: 1, max: 18 }), fc.boolean(), (amount, power, more) => {
        const scaled = amount * 10n ** BigInt(power)
        const [value, asked] = more ? [scaled, amount] : [amount, scaled]
        expect(short(v1(String(value), String(asked)))).toEqual([`error amount-units-wrong authorization.value: ${value} → ${asked}`])
      }),
    )
  })

  test('any other amount is none', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 20n), fc.bigInt(0n, 10n ** 20n), (value, asked) => {
        const [large, small] = value > asked ? [value, asked] : [asked, value]
        fc.pre(value !== asked && (small === 0n || large % small !== 0n))
        expect(v1(String(value), String(asked)).map(({ cause }) => cause)).toEqual(['amount-mismatch'])
      }),
    )
  })

  test('says which units were taken for which', () => {
    const summary = (value: string, asked: string): string | undefined => v1(value, asked)[0]?.summary
    expect([
      summary('10000000000000000', '10000'),
      summary('1', '1000000'),
      summary('100', '10000'),
      summary('0', '5'),
    ]).toMatchInlineSnapshot(`
      [
        "The payment authorizes 10000000000000000 atomic units, 10^12 times as much as the 10000 asked for: 18 decimals were taken for 6.",
        "The payment authorizes 1 atomic unit, 10^6 times less than the 1000000 asked for: whole tokens were taken for atomic units.",
        "The payment authorizes 100 atomic units, 10^2 times less than the 10000 asked for.",
        "The payment authorizes 0 atomic units, 5 less than the 5 asked for.",
      ]
    `)
  })
})

describe('recipient and asset', () => {
  test('another recipient', () => {
    expect(v2({ authorization: { to: other } })).toMatchInlineSnapshot(`
      [
        {
          "cause": "recipient-mismatch",
          "evidence": [
            {
              "says": "authorization.to is 0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19.",
              "source": "payload",
            },
            {
              "says": "requirements.payTo is 0x209693Bc6afc0C5328bA36FaF03C514EF312287C.",
              "source": "payload",
            },
          ],
          "expected": "0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
          "field": "authorization.to",
          "fix": "Sign an authorization with to = 0x209693Bc6afc0C5328bA36FaF03C514EF312287C",
          "party": "client",
          "seen": "0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19",
          "severity": "error",
          "summary": "The payment goes to 0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19, and the offer asks for 0x209693Bc6afc0C5328bA36FaF03C514EF312287C.",
        },
      ]
    `)
  })

  test('case does not matter', () => {
    expect(short(v2({ authorization: { to: payTo.toLowerCase() } }))).toEqual([])
  })

  test('another asset in the copy of the offer', () => {
    expect(short(v2({ accepted: { asset: other } }))).toEqual([`error asset-mismatch accepted.asset: ${other} → ${asset}`])
  })

  test('a bare v2 payload is compared with its own copy of the offer', () => {
    const { findings } = readEvmPayment({
      x402Version: 2,
      accepted: { ...offer, amount: '20000', payTo: other },
      payload: { signature, authorization },
    })
    expect(short(findings)).toEqual([
      'error amount-mismatch authorization.value: 10000 → 20000',
      `error recipient-mismatch authorization.to: ${payTo} → ${other}`,
    ])
  })
})

describe('the copy of the offer', () => {
  test.each<[string, Parameters<typeof v2>[0], readonly string[]]>([
    ['another amount', { accepted: { amount: '5000' } }, ['error accepted-mismatch accepted.amount: 5000 → 10000']],
    ['another payee', { accepted: { payTo: other } }, [`error accepted-mismatch accepted.payTo: ${other} → ${payTo}`]],
    ['another timeout', { accepted: { maxTimeoutSeconds: 300 } }, ['error accepted-mismatch accepted.maxTimeoutSeconds: 300 → 60']],
    [
      'another name',
      { accepted: { extra: { name: 'USD Coin', version: '2' } } },
      ['error accepted-mismatch accepted.extra.name: USD Coin → USDC'],
    ],
    [
      'no extra',
      { accepted: { extra: undefined } },
      ['error accepted-mismatch accepted.extra.name: missing → USDC', 'error accepted-mismatch accepted.extra.version: missing → 2'],
    ],
    ['more in extra', { accepted: { extra: { ...offer.extra, assetTransferMethod: 'eip3009' } } }, []],
    ['a field too much', { accepted: { description: 'x' } }, ['warning accepted-mismatch accepted.description: x → missing']],
    ['a field too little', { requirements: { description: 'x' } }, ['error accepted-mismatch accepted.description: missing → x']],
    [
      'another case',
      { accepted: { payTo: payTo.toLowerCase() } },
      [`warning accepted-mismatch accepted.payTo: ${payTo.toLowerCase()} → ${payTo}`],
    ],
    [
      'a number for a string',
      { accepted: { amount: 10000 } },
      ['warning malformed-field accepted.amount: 10000 → "10000"', 'warning accepted-mismatch accepted.amount: 10000 → "10000"'],
    ],
    ['lists and objects', { accepted: { outputSchema: { a: [1, { b: 2 }] } }, requirements: { outputSchema: { a: [1, { b: 2 }] } } }, []],
    [
      'objects that differ',
      { accepted: { outputSchema: { a: [1, { b: 3 }] } }, requirements: { outputSchema: { a: [1, { b: 2 }] } } },
      ['error accepted-mismatch accepted.outputSchema: an object → an object'],
    ],
  ])('%s', (_name, change, expected) => {
    expect(short(v2(change))).toEqual(expected)
  })
})
