import { readdirSync, readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { type Payment, readPayment } from '@eip3009/core'
import { Interface, makeError, Signature } from 'ethers'
import { describe, expect, it } from 'vitest'
import { goPlus, goSharp, node, pydantic, pydanticString, rust, type Value } from './printers.ts'

const folder = new URL('prints/', import.meta.url)
const recorded = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .map((name) => [name.replace('.txt', ''), readFileSync(new URL(name, folder), 'utf8').trim()]),
)
const record = (name: string): string => recorded.get(name) ?? ''

const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const authorization = {
  from: '0xdA42Bb49a3bda8Ef5c5869aAee3d439fb3570B94',
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: '10000',
  validAfter: '1795600000',
  validBefore: '1795900000',
  nonce: '0x4b4ecedb4964a40fe416b16c7bd8b46092040ec42ef0aa69e59f09872f105cf3',
} as const
const signature =
  '0x598b4ce0be2a523402960f71604a514f0e419d012accfb5a162fb6abcc61747c773d9007243413d35a1ffcece2479902434c7025a8834b4e314a05afa4b71b041c'
const payload = { x402Version: 1, scheme: 'exact', network: 'base', payload: { signature, authorization } } as const
const requirements = {
  scheme: 'exact',
  network: 'base',
  maxAmountRequired: '10000',
  resource: 'https://example.com/r',
  description: '',
  mimeType: '',
  outputSchema: null,
  payTo: authorization.to,
  maxTimeoutSeconds: 60,
  asset: usdc,
  extra: { name: 'USD Coin', version: '2' },
} as const
const body: Value = { x402Version: 1, paymentPayload: payload, paymentRequirements: requirements }

const { outputSchema, extra, ...others } = requirements
/** In the order of its fields there. */
const goRequirements: Value = { ...others, description: 'the weather today', outputSchema, extra }

describe("the test's own printers print what the languages printed", () => {
  it.each([
    ['rust-debug', `WARN settle: ${rust(body, 'verifyRequest')}`],
    ['rust-pretty', rust(body, 'verifyRequest', true)],
    ['rust-payload', `Invalid signature payload=${rust({ signature, authorization }, 'payload').slice('Evm('.length, -1)} network=Base`],
    ['go-plus', `settle failed: ${goPlus(payload)} ${goPlus(goRequirements)}`],
    ['go-sharp', goSharp(payload, 'paymentPayload').replace('main.Payload{', 'main.ExactEvmPayloadV{')],
    ['pydantic-repr', pydantic(payload, 'paymentPayload')],
    ['pydantic-str', pydanticString(payload)],
    [
      'pydantic-both',
      `settle failed: payload=${pydantic(payload, 'paymentPayload')} requirements=${pydantic({ ...requirements, description: "the weather, today's" }, 'paymentRequirements')}`,
    ],
  ])('%s', (name, printed) => {
    expect(printed).toBe(record(name))
  })
})

/** What does not settle is an error; nothing of how a program spells is the client's. */
const blamed = ({ findings }: Payment): readonly string[] =>
  findings.filter(({ severity }) => severity !== 'info').map(({ summary }) => summary)

const signed = {
  family: 'evm',
  signature,
  authorization: { ...authorization, value: 10_000n, validAfter: 1_795_600_000n, validBefore: 1_795_900_000n },
}

describe('what programs of other languages printed', () => {
  const refused: Readonly<Record<string, RegExp>> = {
    'go-pointer':
      /^Read a print of a payment whose payload is 0x[0-9a-f]+, a pointer, which Go does not follow; expected the whole payment;/,
  }

  it('is there, of each language', () => {
    expect(recorded.size).toBeGreaterThan(15)
  })

  it.each([...recorded])('%s', (name, text) => {
    const says = refused[name]
    if (says !== undefined) {
      expect(() => readPayment(text)).toThrow(says)
      return
    }
    const payment = readPayment(text)
    expect(blamed(payment)).toEqual([])
    if (name === 'rust-solana') expect(payment).toMatchObject({ family: 'solana', network: { id: 'solana' } })
    else expect(payment).toMatchObject(signed)
  })

  it.each([
    ['rust-debug', { network: { id: 'base' }, token: usdc, requirements: { extra: { name: 'USD Coin', version: '2' } } }],
    ['rust-pretty', { network: { id: 'base' }, token: usdc, requirements: { amount: 10_000n } }],
    ['rust-payload', { network: { id: 'base' } }],
    ['pydantic-both', { network: { id: 'base' }, token: usdc, form: 'x402-settle-body' }],
    ['go-plus', { network: { id: 'base' }, form: 'x402-payment-payload' }],
    ['go-slog', { network: { id: 'base' } }],
    ['dataclass-bytes', { network: { id: 'base' } }],
    ['pprint-dict', { network: { id: 'base' }, token: usdc, claimedDomain: { name: 'USD Coin', version: '2', chainId: 8453n } }],
    ['web3-attributedict', { network: { id: 'base' }, token: usdc, call: { transaction: { to: usdc, chainId: 8453 } } }],
  ])('%s: what stands around it is taken, too', (name, expected) => {
    expect(readPayment(record(name))).toMatchObject(expected)
  })
})

describe("what Node's console and ethers print", () => {
  class ExactPayload {
    signature = signature
    authorization = { ...authorization, value: 10_000n, nonce: Buffer.from(authorization.nonce.slice(2), 'hex') }
  }
  const call = new Interface([
    'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
  ])
  const data = call.encodeFunctionData('transferWithAuthorization', [
    ...Object.values(authorization),
    28,
    `0x${signature.slice(2, 66)}`,
    `0x${signature.slice(66, 130)}`,
  ])
  const parsed = call.parseTransaction({ data })

  it.each([
    ['an object of a class, with a buffer', `settle failed ${inspect(new ExactPayload(), { depth: 9 })} network: base`],
    [
      'typed arrays',
      inspect(
        {
          authorization: { ...authorization, nonce: Uint8Array.from(bytesOf(authorization.nonce)) },
          signature: Uint8Array.from(bytesOf(signature)),
        },
        { maxArrayLength: null },
      ),
    ],
    [
      'a map',
      node(Object.fromEntries(Object.entries(authorization)))
        .replace(/^/, 'authorization: ')
        .concat(`\nsignature: '${signature}'`),
    ],
    ["ethers' signature beside the values", `${inspect({ ...authorization, value: 10_000n })}\n${inspect(Signature.from(signature))}`],
    ["ethers' Result", inspect(parsed?.args)],
    ["ethers' TransactionDescription", inspect(parsed, { depth: 2 })],
    [
      "ethers' error",
      makeError('execution reverted', 'CALL_EXCEPTION', {
        action: 'call',
        data: '0x',
        reason: null,
        transaction: { to: usdc, data },
        invocation: null,
        revert: null,
      }).message,
    ],
  ])('%s', (_name, text) => {
    const payment = readPayment(text)
    expect(payment).toMatchObject(signed)
    expect(blamed(payment)).toEqual([])
  })
})

describe('what is not there is said', () => {
  it.each([
    [
      'what a console left out',
      inspect({ paymentPayload: payload }),
      /whose authorization is \[Object\], which a console put in place of the value/,
    ],
    [
      'bytes that a console cut',
      inspect({ authorization, signature: Buffer.from(signature.slice(2), 'hex') }),
      /whose signature is "0x598b4c…", which its author cut/,
    ],
    [
      'an address that its author cut',
      goPlus({ signature, authorization: { ...authorization, from: '0x19E7...' } }),
      /whose authorization\.from is "0x19E7\.\.\.", which its author cut/,
    ],
    [
      'the same in JSON',
      JSON.stringify({ signature, authorization: { ...authorization, from: '0x19E7...' } }),
      /whose authorization\.from is "0x19E7\.\.\.", which its author cut/,
    ],
    [
      'a nonce in the middle',
      JSON.stringify({ signature, authorization: { ...authorization, nonce: '0x4b4e…5cf3' } }),
      /whose authorization\.nonce is "0x4b4e…5cf3", which its author cut/,
    ],
    [
      'a word in place of the signature',
      JSON.stringify({ signature: '<redacted>', authorization }),
      /whose signature is "<redacted>", which its author left out/,
    ],
    ['stars', JSON.stringify({ signature: '***', authorization }), /whose signature is "\*\*\*", which its author left out/],
    [
      'an amount',
      JSON.stringify({ signature, authorization: { ...authorization, value: '[REDACTED]' } }),
      /authorization\.value is "\[REDACTED\]", which its author left out/,
    ],
    ['the end', rust(body, 'verifyRequest').slice(0, -40), /a print of a payment that ends before its last bracket/],
    [
      'a second signature',
      `${pydantic(payload.payload, 'payload')} ${inspect({ signature: `0x${'ab'.repeat(65)}` })}`,
      /beside 2 signatures; expected one signature/,
    ],
    [
      'a second payment',
      [payload, { ...payload, payload: { signature, authorization: { ...authorization, nonce: `0x${'77'.repeat(32)}` } } }]
        .map((each) => pydantic(each, 'paymentPayload'))
        .join('\n'),
      /prints of 2 payments; expected one payment/,
    ],
    ['the signature', inspect(authorization), /an authorization whose signature is missing/],
  ])('%s', (_name, text, says) => {
    expect(() => readPayment(text)).toThrow(says)
  })

  it.each([
    [
      'the ABI',
      'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external',
    ],
    [
      'a type in TypeScript',
      'interface Authorization { from: string; to: string; value: string; validAfter: string; validBefore: string; nonce: string }',
    ],
    [
      'a struct in Rust',
      'pub struct ExactEvmPayloadAuthorization { pub from: EvmAddress, pub to: EvmAddress, pub value: TokenAmount, pub valid_before: UnixTimestamp, pub nonce: HexEncodedNonce }',
    ],
    [
      'a struct in Go',
      'type Authorization struct { From string `json:"from"`; To string; Value string; ValidBefore string; Nonce string }',
    ],
    [
      'an example in the docs',
      'Sign {from: payer, to: payTo, value: amount, validAfter: 0, validBefore: now + 60, nonce: random} and send it with signature: sig',
    ],
    ['a sentence', "The payer's signature isn't right: value: 10000, nonce: used, from: the client, to: the server, validBefore: soon"],
    ['two addresses and a hash', `Transfer from ${authorization.from} to ${authorization.to} value 10000 in 0x${'34'.repeat(32)}`],
  ])('no payment is made of %s', (_name, text) => {
    expect(() => readPayment(text)).toThrow(/^Read /)
  })
})

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex')
}
