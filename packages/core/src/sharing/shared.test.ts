import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import type { Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { readEvmPayment } from '../evm/payment/read.ts'
import { examineSignature } from '../evm/signature/forensics.ts'
import { secretsOf } from '../evm/signature/secrets.ts'
import { builtInNetworks } from '../networks/networks.ts'
import { redact } from './redact.ts'
import { noSecrets } from './secrets.ts'
import { shared, sharerOf } from './shared.ts'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
// Spread evenly, as halves of signatures are: bytes that a generator prefers, such as zeros, are in every text.
const half = fc.nat().map((seed) => createHash('sha256').update(String(seed)).digest())

/** Ways to write bytes that Buffer and BigInt know, and what other languages print. */
const encodings: Readonly<Record<string, (bytes: Buffer) => string>> = {
  hex: (bytes) => bytes.toString('hex'),
  '0x': (bytes) => `0x${bytes.toString('hex')}`,
  upper: (bytes) => bytes.toString('hex').toUpperCase(),
  colons: (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':'),
  spaces: (bytes) => bytes.toString('hex').replace(/.{8}/g, '$& '),
  prefixed: (bytes) => [...bytes].map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', '),
  list: (bytes) => `[${[...bytes].join(', ')}]`,
  lines: (bytes) => JSON.stringify([...bytes], null, 4),
  signed: (bytes) => [...new Int8Array(bytes)].join(','),
  keyed: (bytes) => JSON.stringify({ ...bytes }),
  decimal: (bytes) => String(BigInt(`0x${bytes.toString('hex')}`)),
  limbs: (bytes) => [0, 8, 16].map((at) => bytes.readBigUInt64BE(at)).join(', '),
  base64: (bytes) => bytes.toString('base64'),
  base64url: (bytes) => bytes.toString('base64url'),
  'base64, one behind': (bytes) => Buffer.concat([Buffer.from('a'), bytes]).toString('base64'),
  'base64, two behind': (bytes) => Buffer.concat([Buffer.from('ab'), bytes]).toString('base64'),
  'base64 in PHP': (bytes) => bytes.toString('base64').replaceAll('/', '\\/'),
  'base64 of hex': (bytes) => Buffer.from(`"${bytes.toString('hex')}"`).toString('base64'),
  'hex of hex': (bytes) => Buffer.from(bytes.toString('hex')).toString('hex'),
  'codes of hex': (bytes) => [...Buffer.from(bytes.toString('hex'))].join(' , '),
  python: (bytes) => [...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  percent: (bytes) => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  json: (bytes) => [...bytes].map((byte) => `\\u00${byte.toString(16).padStart(2, '0')}`).join(''),
  printable: (bytes) => [...bytes].map((byte) => `\\u{${byte.toString(16)}}`).join(''),
  binary: (bytes) => bytes.toString('latin1'),
}

describe.each(Object.entries(encodings))('%s', (name, write) => {
  const around = fc.constantFrom('', ' ', '"', 'fix: ', '…', '(', ': ', '\n')

  test('of a secret, whole or a part of it, is covered, and what stands around it is not', () => {
    fc.assert(
      fc.property(half, fc.nat(8), around, around, (bytes, cut, before, after) => {
        // A decimal number and four limbs are written whole; of the others a part is enough to be found.
        const part = name === 'decimal' || name === 'limbs' ? bytes : bytes.subarray(cut, 32 - (cut % 3))
        const written = write(part)
        const sharer = sharerOf({ ...noSecrets, hidden: [bytes.toString('hex')] })
        const out = sharer.text(`The value ${before}${written}${after} of 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 stays`)
        // What is left of it in a row is less than any window.
        const left = out
          .slice(13 + before.length)
          .split('*')
          .map((each) => each.length)
        expect(out).toContain('*')
        expect(Math.max(...left.slice(1, -1), 0), out).toBeLessThan(24)
        expect(out).not.toContain(written.slice(8, 40))
        // A character of the same alphabet that touches it is not told apart.
        expect(out.startsWith('The value'), out).toBe(true)
        expect(out.endsWith('of 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 stays'), out).toBe(true)
        expect(sharer.text(out)).toBe(out)
      }),
      { numRuns: 60 },
    )
  })

  test('of anything else stays', () => {
    fc.assert(
      fc.property(half, half, (secret, other) => {
        fc.pre(!secret.equals(other))
        const text = `The value is ${write(other.subarray(0, 24))}.`
        expect(sharerOf({ ...noSecrets, hidden: [secret.toString('hex')] }).text(text)).toBe(redact(text))
      }),
      { numRuns: 40 },
    )
  })
})

describe('a payment', () => {
  const account = privateKeyToAccount(generatePrivateKey())
  const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
  const types = {
    TransferWithAuthorization: [
      { name: 'from', type: 'address' },
      { name: 'to', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'validAfter', type: 'uint256' },
      { name: 'validBefore', type: 'uint256' },
      { name: 'nonce', type: 'bytes32' },
    ],
  } as const
  const signed = async (rearranged: (r: string, s: string, v: string) => string) => {
    const message = {
      from: account.address,
      to: token,
      value: 1n,
      validAfter: 0n,
      validBefore: 2n ** 40n,
      nonce: generatePrivateKey(),
    } as const
    const domain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: token } as const
    const whole = await account.signTypedData({ domain, types, primaryType: 'TransferWithAuthorization', message })
    const [r, s, v] = [whole.slice(2, 66), whole.slice(66, 130), whole.slice(130)]
    const signature: Hex = `0x${rearranged(r, s, v)}`
    const authorization = { ...message, value: '1', validAfter: '0', validBefore: String(2n ** 40n) }
    const payment = readEvmPayment({ network: 'base', asset: token, authorization, signature })
    return { payment, r, s, v, n: (order - BigInt(`0x${s}`)).toString(16).padStart(64, '0') }
  }

  test('r is shown where it is known to be r, v always, and s and n − s never', async () => {
    for (const [rearranged, known] of [
      [(r: string, s: string, v: string) => r + s + v, true],
      [(r: string, s: string, v: string) => s + r + v, true],
      [(r: string, s: string, v: string) => r + s + v, false],
      [(r: string, s: string, v: string) => s + r + v, false],
    ] as const) {
      const { payment, r, s, v, n } = await signed(rearranged)
      const secrets = known ? secretsOf(payment, examineSignature(payment, builtInNetworks)) : secretsOf(payment)
      const model = {
        signature: payment.signature,
        says: [`r ${r}`, `s 0x${s}`, `fixed 0x${r}${n}${v}`],
        nonce: payment.authorization.nonce,
      }
      const out = shared(model, secrets)
      const shownR = known ? r : '*'.repeat(64)
      expect(out).toEqual({
        signature: `0x${rearranged(shownR, '*'.repeat(64), v)}`,
        says: [`r ${shownR}`, `s 0x${'*'.repeat(64)}`, `fixed 0x${shownR}${'*'.repeat(64)}${v}`],
        nonce: payment.authorization.nonce,
      })
    }
  })

  test('in members, lists, bytes, bigints and names of members', async () => {
    const { payment, s, n } = await signed((r, second, v) => r + second + v)
    const bytes = Buffer.from(s, 'hex')
    const out = shared(
      {
        a: { [`0x${s}`]: 1 },
        b: [...bytes],
        c: new Uint8Array(bytes),
        d: BigInt(`0x${s}`),
        e: BigInt(`0x${n}`),
        f: [1, 2, 3, 4, 5, 6],
        g: 10_000n,
        h: null,
      },
      secretsOf(payment),
    )
    expect(out).toEqual({
      a: { [`0x${'*'.repeat(64)}`]: 1 },
      b: '***',
      c: '***',
      d: expect.stringMatching(/^\*+$/),
      e: expect.stringMatching(/^\*+$/),
      f: [1, 2, 3, 4, 5, 6],
      g: 10_000n,
      h: null,
    })
  })

  test('credentials go with it', async () => {
    const { payment } = await signed((r, s, v) => r + s + v)
    expect(shared({ network: 'Bearer abcdefghijklmnop', says: 'from https://u:p@x.example' }, secretsOf(payment))).toEqual({
      network: 'Bearer ***',
      says: 'from https://x.example',
    })
  })
})
