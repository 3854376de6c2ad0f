import { type Hex, pad } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { getNetwork } from '../../networks/find-network.ts'
import { readEvmPayment } from '../payment/read.ts'
import { diagnose } from './diagnose.ts'
import type { EvmDiagnosis } from './diagnosis.ts'

const payer = privateKeyToAccount(pad('0x0c'))
const to = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const now = 1_790_000_000n
const { usdc, chainId } = getNetwork('base')
const fields = ['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce'].map((name) => ({
  name,
  type: name === 'nonce' ? 'bytes32' : name === 'from' || name === 'to' ? 'address' : 'uint256',
}))
const message = {
  from: payer.address,
  to,
  value: 10_000n,
  validAfter: now - 600n,
  validBefore: now + 600n,
  nonce: pad('0x79'),
} as const

interface Made {
  readonly domain?: object
  readonly bytes?: (signature: Hex) => Hex
  /** What is sent in place of what was signed. */
  readonly sent?: Partial<Record<keyof typeof message, string>>
  readonly token?: object
}

/** A payment of 10,000 atomic units to `to`, which is what the offer asks for. */
async function made({ domain, bytes = (same) => same, sent, token }: Made): Promise<EvmDiagnosis> {
  const signature = await payer.signTypedData({
    domain: { name: usdc.name, version: usdc.version, chainId, verifyingContract: usdc.address, ...domain },
    types: { TransferWithAuthorization: fields },
    primaryType: 'TransferWithAuthorization',
    message,
  })
  const authorization = { ...Object.fromEntries(Object.entries(message).map(([name, value]) => [name, String(value)])), ...sent }
  const accepted = {
    scheme: 'exact',
    network: `eip155:${chainId}`,
    asset: usdc.address,
    amount: '10000',
    payTo: to,
    maxTimeoutSeconds: 600,
    extra: { name: usdc.name, version: usdc.version },
  }
  const input = { x402Version: 2, accepted, payload: { signature: bytes(signature), authorization } }
  return diagnose(readEvmPayment(input, token === undefined ? {} : { token }), { now })
}

describe('bytes that can be mended beside a digest that can not', () => {
  const zeroOrOne = (signature: Hex): Hex => `${signature.slice(0, 130) as Hex}${signature.endsWith('1b') ? '00' : '01'}`
  const swapped = (signature: Hex): Hex => `0x${signature.slice(66, 130)}${signature.slice(2, 66)}${signature.slice(130)}`

  it.each([
    ['v in another form', zeroOrOne],
    ['swapped halves', swapped],
  ])('%s: the fix is to sign anew, as the retry is', async (_, bytes) => {
    const diagnosis = await made({ domain: { version: '1' }, bytes })
    expect(diagnosis.retry.action).toBe('sign-again')
    expect(diagnosis.fix).toContain('version')
    expect(diagnosis.fix).not.toMatch(/0x[0-9a-f]{128}/)
  })

  it('alone they are mended', async () => {
    expect((await made({ bytes: zeroOrOne })).fix).toMatch(/^send v as (?:27|28): 0x/)
  })
})

describe('what was changed after signing, where what was signed answers the offer', () => {
  it.each([
    ['value', '20000'],
    ['value', '9999'],
    ['value', '10000000'],
    ['to', '0x000000000000000000000000000000000000dEaD'],
    ['validBefore', String(now - 1n)],
  ] as const)('%s as %s: the change is the cause, and nobody has to sign anew', async (field, value) => {
    const diagnosis = await made({ sent: { [field]: value } })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'message-altered', retry: { action: 'fix-first' } })
    expect(diagnosis.fix).toContain(String(message[field]))
    expect(diagnosis.findings.filter(({ severity }) => severity === 'error').map(({ cause }) => cause)).toEqual(['message-altered'])
  })
})

describe('what somebody tells of a token', () => {
  it('is no proof against what is published of it', async () => {
    const diagnosis = await made({ token: { address: usdc.address, name: 'USDC', version: '2' } })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: null, proof: null, undecided: { id: 'token-disputed' } })
    expect(diagnosis.headline).toContain('USD Coin')
  })

  it('agrees with what is published, and is judged', async () => {
    const diagnosis = await made({ token: { address: usdc.address, name: usdc.name, version: usdc.version } })
    expect(diagnosis.verdict).toBe('settles')
  })
})
