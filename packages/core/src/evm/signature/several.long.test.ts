import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { base } from '../../networks/base.ts'
import { builtInNetworks } from '../../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { createKernel } from './kernel/create.ts'
import { examineSignatures } from './several.ts'

const kernel = createKernel()
// Public test keys: nobody's money.
const [payer, stranger, other] = [1, 2, 3].map((key) => privateKeyToAccount(`0x${String(key).padStart(64, '0')}`)) as [
  ReturnType<typeof privateKeyToAccount>,
  ReturnType<typeof privateKeyToAccount>,
  ReturnType<typeof privateKeyToAccount>,
]

const domain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address } as const
const members = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const

/** The `index`th payment of a client whose signer signs what `signed` says. */
async function payment(index: number, signer: typeof payer, signed: object = {}, message: object = {}): Promise<Payment> {
  const nonce: Hex = `0x${String(index).padStart(64, 'a')}`
  const authorization = {
    from: payer.address,
    to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    value: 10_000n + BigInt(index),
    validAfter: 1_790_000_000n + 1000n * BigInt(index),
    validBefore: 1_790_000_600n + 1000n * BigInt(index),
    nonce,
  } as const
  return {
    family: 'evm',
    rail: 'eip3009',
    payerClaims: [],
    form: 'authorization-and-signature',
    recognised: 'a test payment',
    networkName: 'base',
    network: base,
    chainId: 8453,
    token: base.usdc.address,
    primaryType: 'TransferWithAuthorization',
    authorization,
    signature: await signer.signTypedData({
      domain: { ...domain, ...signed },
      types: { TransferWithAuthorization: members },
      primaryType: 'TransferWithAuthorization',
      message: { ...authorization, ...message },
    }),
    findings: [],
  }
}

const examine = (payments: readonly Payment[]) => examineSignatures(payments, builtInNetworks, { kernel, maxHypotheses: 12_000 })

describe('several payments at once', () => {
  it('one wrong key, consistently', async () => {
    const { each, common } = examine([await payment(1, stranger), await payment(2, stranger), await payment(3, stranger)])
    expect(each.map(({ matches }) => matches.length)).toEqual([0, 0, 0])
    expect(common).toHaveLength(1)
    expect(common[0]).toMatchObject({ address: stranger.address, isFrom: false, edits: [] })
    expect(common[0]?.signed.map(({ payment: index, match }) => [index, match.edits.length])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ])
  })

  it('a wrong key under a wrong name: no single payment shows it', async () => {
    const { common } = examine([await payment(1, stranger, { name: 'USDC' }), await payment(2, stranger, { name: 'USDC' })])
    expect(common).toMatchObject([
      {
        address: stranger.address,
        isFrom: false,
        edits: [{ cause: 'domain-name-mismatch', field: 'domain.name', signed: 'USDC', expected: 'USD Coin' }],
      },
    ])
  })

  it('the payer under the same wrong domain', async () => {
    const { common } = examine([await payment(1, payer, { version: '1' }), await payment(2, payer, { version: '1' })])
    expect(common).toMatchObject([{ address: payer.address, isFrom: true, edits: [{ cause: 'domain-version-mismatch', signed: '1' }] }])
  })

  it('a wrong key with another slip each time', async () => {
    const { common } = examine([
      await payment(1, stranger, { chainId: 1 }),
      await payment(2, stranger, {}, { value: 99n }),
      await payment(3, stranger),
    ])
    expect(common).toMatchObject([{ address: stranger.address, isFrom: false, edits: [] }])
    expect(common[0]?.signed.map(({ match }) => match.edits.map(({ cause }) => cause))).toEqual([
      ['chain-id-mismatch'],
      ['message-altered'],
      [],
    ])
  })

  it('names a signer who is the payer of another payment', async () => {
    const theirs = await payment(4, other)
    const { common } = examine([
      await payment(1, stranger),
      await payment(2, stranger),
      { ...theirs, authorization: { ...theirs.authorization, from: stranger.address } },
    ])
    expect(common[0]).toMatchObject({ address: stranger.address, is: [{ is: 'payer', label: 'the payer of payment 3' }] })
  })

  it('finds nothing in common where different keys signed', async () => {
    expect(examine([await payment(1, stranger), await payment(2, other)]).common).toEqual([])
  })

  it('takes no bytes that were pasted twice for an agreement', async () => {
    const one = await payment(1, stranger)
    const again = { ...(await payment(2, stranger)), signature: one.signature }
    const flipped: Hex = `0x${one.signature.slice(2, 130)}${one.signature.endsWith('1b') ? '1c' : '1b'}`
    expect(examine([one, one]).common).toEqual([])
    expect(examine([one, again]).common).toEqual([])
    expect(examine([one, { ...one, signature: flipped }]).common).toEqual([])
  })
})
