import { createHash } from 'node:crypto'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { readEvmPayment } from '../../packages/core/src/evm/payment/read.ts'
import { run } from '../fake-console.ts'

const patience = 600_000

// Put together here, so that no scanner of secrets takes this file for one.
const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow'
const random = createHash('sha512').update('made up').digest('base64url')
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', random.slice(0, 43)].join('.')
const pem = `-----BEGIN EC PRIVATE ${'KEY'}-----\n${random.slice(0, 40)}\n${random.slice(40, 80)}\n-----END EC PRIVATE ${'KEY'}-----`

const account = privateKeyToAccount(generatePrivateKey())
const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'

type Field = 'network' | 'scheme' | 'asset' | 'payTo' | 'name' | 'version' | 'from' | 'to' | 'value'

/** A payment that is signed as it says, with something else in one of its fields. */
async function paymentWith(changes: Partial<Record<Field, string>>, value = '10000'): Promise<string> {
  const authorization = {
    from: account.address,
    to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    value,
    validAfter: '1740672089',
    validBefore: '2000000000',
    nonce: `0x${'4a7b91c2d3e5f601'.repeat(4)}`,
  } as const
  const signature = await account.signTypedData({
    domain: { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: usdc },
    primaryType: 'TransferWithAuthorization',
    types: {
      TransferWithAuthorization: [
        { name: 'from', type: 'address' },
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'validAfter', type: 'uint256' },
        { name: 'validBefore', type: 'uint256' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    message: { ...authorization, value: BigInt(value), validAfter: 1740672089n, validBefore: 2000000000n },
  })
  const {
    network = 'eip155:8453',
    scheme = 'exact',
    asset = usdc,
    payTo = authorization.to,
    name = 'USD Coin',
    version = '2',
    ...rest
  } = changes
  const accepted = { scheme, network, amount: value, asset, payTo, maxTimeoutSeconds: 300, extra: { name, version } }
  return JSON.stringify({
    x402Version: 2,
    paymentPayload: { x402Version: 2, accepted, payload: { signature, authorization: { ...authorization, ...rest } } },
    paymentRequirements: accepted,
  })
}

const quick = ['--no-replay', '--search', 'quick']
const commands = [['diagnose', ...quick], ['diagnose', ...quick, '--json'], ['signature', '--search', 'quick'], ['decode']]

async function printed(input: string, [name = '', ...options]: readonly string[]): Promise<string> {
  const { out, err } = await run([name, input, ...options, '--share'])
  expect(out + err, name).not.toBe('')
  return out + err
}

/** The pieces of a secret that a text shows, whatever stands between and in letters of either size. */
function piecesIn(text: string, secret: string, width: number): readonly string[] {
  const compact = (all: string): string => all.replace(/\s|\\n/g, '').toLowerCase()
  const [seen, whole] = [compact(text), compact(secret)]
  return Array.from({ length: Math.max(0, whole.length - width + 1) }, (_, at) => whole.slice(at, at + width)).filter((piece) =>
    seen.includes(piece),
  )
}

const keys = Array.from({ length: 4 }, () => generatePrivateKey())
const fields: readonly Field[] = ['network', 'scheme', 'asset', 'payTo', 'name', 'version', 'from', 'to', 'value']
const secrets: Readonly<Record<string, readonly [text: string, secret: string, width: number]>> = {
  'a recovery phrase': [words, words, 12],
  'a recovery phrase in capitals': [words.toUpperCase(), words, 12],
  'a JWT': [`Bearer ${jwt}`, jwt, 10],
  'a private key in PEM': [pem, random.slice(0, 80), 10],
  'a private key': [keys[0] ?? '', (keys[0] ?? '').slice(2), 10],
  'a private key without its prefix': [(keys[1] ?? '').slice(2), (keys[1] ?? '').slice(2), 10],
  'a private key in base64': [
    Buffer.from((keys[2] ?? '').slice(2), 'hex').toString('base64'),
    Buffer.from((keys[2] ?? '').slice(2), 'hex').toString('base64'),
    10,
  ],
  'a private key as a number': [String(BigInt(keys[3] ?? 0)), String(BigInt(keys[3] ?? 0)), 14],
}

describe.each(Object.entries(secrets))('%s in the wrong field', (_, [text, secret, width]) => {
  it.each(fields)(
    '%s is covered by --share in whatever spelling it is read',
    async (field) => {
      const body = await paymentWith({ [field]: text })
      for (const input of [body, Buffer.from(body).toString('base64')]) {
        for (const command of commands) {
          const shown = await printed(input, command)
          expect(shown, command.join(' ')).not.toContain('fault of the tool')
          expect(piecesIn(shown, secret, width), command.join(' ')).toEqual([])
        }
      }
    },
    patience,
  )
})

it('a key in place of a network is named and not shown without --share, too', async () => {
  const key = generatePrivateKey()
  const { out } = await run(['diagnose', await paymentWith({ network: key }), ...quick])
  expect(out).toContain('32 bytes in hex, which are not shown')
  expect(piecesIn(out, key.slice(2), 10)).toEqual([])
})

it('a refusal of the library is without a phrase that it read without its spaces', async () => {
  const body = await paymentWith({ from: words })
  for (const input of [body, JSON.parse(body) as object, Buffer.from(body)]) {
    let message = ''
    try {
      readEvmPayment(input)
    } catch (error) {
      message = error instanceof Error ? error.message : ''
    }
    expect(message).toContain('authorization.from')
    expect(piecesIn(message, words, 12)).toEqual([])
  }
})

it.each(['7'.repeat(77), String(BigInt(generatePrivateKey()))])(
  'an amount of as many digits as a secret has is covered, and the report is whole',
  async (value) => {
    const input = await paymentWith({}, value)
    for (const options of [[], ['--no-replay']]) {
      const { out, err } = await run(['diagnose', input, '--search', 'quick', '--share', ...options])
      expect(err).toBe('')
      expect(out).toContain('Read as')
      expect(out).not.toContain(value.slice(0, 14))
    }
    const { out, err } = await run(['replay', input, '--search', 'quick', '--share'])
    expect(err).toBe('')
    expect(out).not.toContain(value.slice(0, 14))
  },
  patience,
)

describe('an option that is given a part of the signature', () => {
  it.each(['--at', '--block', '--network', '--search', '--chain-id', '--timeout'])(
    '%s is refused without it',
    async (option) => {
      const input = await paymentWith({})
      const s = /0x[0-9a-f]{64}([0-9a-f]{64})/.exec(input)?.[1] ?? ''
      for (const value of [`0x${s}`, s]) {
        const { out, err } = await run(['diagnose', input, '--share', option, value])
        expect(out + err).not.toBe('')
        expect(piecesIn(out + err, s, 10)).toEqual([])
      }
    },
    patience,
  )
})
