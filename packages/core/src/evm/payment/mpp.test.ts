import fc from 'fast-check'
import { getAddress, type Hex, keccak256, toBytes, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { OtherRailError } from '../../rails/other-rail-error.ts'
import { jsonOf } from '../../wire/json.ts'
import { isMppCredential } from '../../wire/mpp-credential.ts'
import { readEvmPayment } from './read.ts'

const payer = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const shop = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const request = { amount: '10000', currency: usdc, recipient: shop, methodDetails: { chainId: 8453, credentialTypes: ['authorization'] } }
const challenge = { id: 'kM9xPqWvT2nJrHsY4aDfEb', realm: 'api.example.com', method: 'evm', intent: 'charge' }
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

interface Changes {
  readonly request?: object
  readonly payload?: object
  readonly challenge?: object
  readonly source?: string
}

/** A credential as mppx 0.11.0 makes it (Credential.serialize, evm/client): nonce = keccak256(utf8(id ‖ realm)). */
function credential(changes: Changes = {}): Record<string, unknown> {
  return {
    challenge: { ...challenge, request: base64url({ ...request, ...changes.request }), ...changes.challenge },
    payload: {
      type: 'authorization',
      signature: `0x${'11'.repeat(64)}1b`,
      from: payer.address,
      to: shop,
      value: '10000',
      validAfter: '0',
      validBefore: '4102444800',
      nonce: keccak256(toBytes(`${challenge.id}${challenge.realm}`)),
      ...changes.payload,
    },
    source: changes.source ?? `did:pkh:eip155:8453:${payer.address}`,
  }
}

const found = (input: object | string): string[] =>
  readEvmPayment(input).findings.map(({ severity, cause, field }) => `${severity} ${cause} ${field}`)

describe('a credential of evm/charge', () => {
  test('is MPP, on the chain and in the token of its challenge, with the challenge as the offer', () => {
    const payment = readEvmPayment(credential())
    expect(payment).toMatchObject({
      rail: 'mpp-charge',
      form: 'mpp-credential',
      recognised: 'MPP credential (evm/charge, authorization)',
      chainId: 8453,
      token: usdc,
      requirements: { amount: 10000n, payTo: shop, asset: usdc },
      findings: [],
    })
    expect(payment.network?.id).toBe('base')
    expect(payment.x402Version).toBeUndefined()
  })

  test('in each form that it travels in', () => {
    const value = base64url(credential())
    for (const text of [
      value,
      `Payment ${value}`,
      `Authorization: Payment ${value}`,
      `authorization: payment ${value}`,
      `-H 'Authorization: Payment ${value}'`,
      `Payment-Authorization: Payment ${value}`,
      `curl https://api.example.com/r -H "Authorization: Payment ${value}"`,
      JSON.stringify({ _meta: { 'org.paymentauth/credential': credential() } }),
      JSON.stringify({ ...credential(), challenge: { ...challenge, request } }),
    ]) {
      const { rail, findings } = readEvmPayment(text)
      expect([text.slice(0, 40), rail]).toEqual([text.slice(0, 40), 'mpp-charge'])
      // base64url without padding is MPP's own spelling.
      expect([text.slice(0, 40), findings]).toEqual([text.slice(0, 40), []])
    }
  })

  test.each([
    [{ request: { amount: '20000' } }, 'error amount-mismatch authorization.value'],
    [{ request: { amount: '9999' } }, 'error amount-mismatch authorization.value'],
    [{ request: { recipient: payer.address } }, 'error recipient-mismatch authorization.to'],
    [{ payload: { nonce: `0x${'ab'.repeat(32)}` } }, 'error nonce-not-bound authorization.nonce'],
    [{ challenge: { id: 'another' } }, 'error nonce-not-bound authorization.nonce'],
    [{ challenge: { realm: 'api.example.org' } }, 'error nonce-not-bound authorization.nonce'],
    [{ source: `did:pkh:eip155:1:${payer.address}` }, 'error malformed-field source'],
    [{ source: `did:pkh:eip155:8453:${shop}` }, 'error malformed-field source'],
    [{ source: `did:pkh:eip155:8453:${payer.address.toLowerCase()}` }, 'error malformed-field source'],
  ] satisfies [Changes, string][])('what an MPP server refuses, it is told: %j', (changes, finding) => {
    expect(found(credential(changes))).toEqual([finding])
  })

  test('any challenge binds its nonce as viem hashes it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        (id, realm) => {
          const nonce = keccak256(toBytes(`${id}${realm}`))
          expect(found(credential({ challenge: { id, realm }, payload: { nonce } }))).toEqual([])
          const other: Hex = toHex(BigInt(nonce) ^ 1n, { size: 32 })
          expect(found(credential({ challenge: { id, realm }, payload: { nonce: other } }))).toEqual([
            'error nonce-not-bound authorization.nonce',
          ])
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('what is no authorization of evm/charge', () => {
  test.each([
    [credential({ challenge: { method: 'tempo' } }), 'mpp-other', '"tempo"'],
    [credential({ challenge: { method: 'stripe' } }), 'mpp-other', '"stripe"'],
    [credential({ payload: { type: 'permit2' } }), 'mpp-charge', 'of the type "permit2"'],
    [credential({ payload: { type: 'transaction' } }), 'mpp-charge', 'of the type "transaction"'],
  ] as const)('%#', (input, rail, says) => {
    for (const each of [input, `Authorization: Payment ${base64url(input)}`]) {
      const error = (() => {
        try {
          return readEvmPayment(each)
        } catch (thrown) {
          return thrown
        }
      })()
      expect(error).toBeInstanceOf(OtherRailError)
      expect(error).toMatchObject({ rail, message: expect.stringContaining(says) })
    }
  })

  test('other JSON with a challenge and a payload', () => {
    for (const value of [{ challenge: 'text', payload: {} }, { challenge: { method: 'S256' }, payload: {} }, { payload: {} }]) {
      const json = jsonOf(value)
      expect(json.ok && json.value instanceof Map && isMppCredential(json.value)).toBe(false)
    }
    expect(getAddress(usdc)).toBe(usdc)
  })
})
