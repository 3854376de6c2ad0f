import {
  type Address,
  concatHex,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  hashMessage,
  hashTypedData,
  pad,
  parseAbi,
  serializeErc6492Signature,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { wrapTypedDataSignature } from 'viem/experimental/erc7739'
import { describe, expect, it } from 'vitest'
import { base } from '../../../networks/base.ts'
import { builtInNetworks } from '../../../networks/networks.ts'
import type { Payment } from '../../payment/payment.ts'
import { structHash } from '../../typed-data/authorization.ts'
import { domainSeparator } from '../../typed-data/domain.ts'
import { examineSignature, type SignatureEvidence } from '../forensics.ts'
import { createKernel } from '../kernel/create.ts'
import { unwrap, unwrapAll } from './wrappers.ts'

const kernel = createKernel()
// Public test keys: nobody's money.
const owner = privateKeyToAccount('0x0000000000000000000000000000000000000000000000000000000000000003')
const second = privateKeyToAccount('0x0000000000000000000000000000000000000000000000000000000000000004')
const wallet: Address = '0x5aFE3855358E112B5647B952709E6165e1c1eEEe'
const factory: Address = '0x0BA5ED0c6AA8c49038F819E587E2633c4A9F428a'

const authorization = {
  from: wallet,
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: 10_000n,
  validAfter: 1_790_000_000n,
  validBefore: 1_790_000_600n,
  nonce: `0x${'ab'.repeat(32)}`,
} as const

const typedData = {
  domain: { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address },
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
  primaryType: 'TransferWithAuthorization',
  message: authorization,
} as const

const digest = hashTypedData(typedData)

const examine = (signature: Hex, from: Address = wallet): SignatureEvidence => {
  const payment: Payment = {
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
    authorization: { ...authorization, from },
    signature,
    findings: [],
  }
  return examineSignature(payment, builtInNetworks, { kernel, maxHypotheses: 2000 })
}

/** What an owner signs for a Coinbase Smart Wallet: the digest under the wallet's own domain. */
const replaySafe = (name: string, version: string, type: string) =>
  ({
    domain: { name, version, chainId: 8453, verifyingContract: wallet },
    types: { [type]: [{ name: 'hash', type: 'bytes32' }] },
    primaryType: type,
    message: { hash: digest },
  }) as const

const coinbaseWrapper = (signatureData: Hex, ownerIndex = 0n): Hex =>
  encodeAbiParameters(
    [
      {
        type: 'tuple',
        components: [
          { type: 'uint256', name: 'ownerIndex' },
          { type: 'bytes', name: 'signatureData' },
        ],
      },
    ],
    [{ ownerIndex, signatureData }],
  )

describe('Coinbase Smart Wallet', () => {
  it("undeployed: the owner that the factory's calldata names signed the replay-safe hash", async () => {
    const inner = await owner.signTypedData(replaySafe('Coinbase Smart Wallet', '1', 'CoinbaseSmartWalletMessage'))
    const data = encodeFunctionData({
      abi: parseAbi(['function createAccount(bytes[] owners, uint256 nonce)']),
      args: [[pad(owner.address)], 0n],
    })
    const evidence = examine(serializeErc6492Signature({ address: factory, data, signature: coinbaseWrapper(inner) }))
    expect(evidence.matches).toEqual([])
    expect(evidence.wallet).toMatchObject({ kinds: ['erc6492', 'coinbase'], deployment: { factory, calldata: data.toLowerCase() } })
    expect(evidence.wallet?.signers).toContainEqual({
      address: owner.address,
      hash: 'coinbase',
      under: "Coinbase Smart Wallet's replay-safe hash",
      named: true,
    })
    expect(evidence.wallet?.signers.filter(({ named }) => named)).toHaveLength(1)
  })

  it('deployed: the wrapper is read, and nobody claims to know the owner', async () => {
    const inner = await owner.signTypedData(replaySafe('Coinbase Smart Wallet', '1', 'CoinbaseSmartWalletMessage'))
    const { wallet: found } = examine(coinbaseWrapper(inner, 3n))
    expect(found?.wrappers).toEqual(['a Coinbase Smart Wallet SignatureWrapper of owner 3'])
    expect(found?.signers).toContainEqual({
      address: owner.address,
      hash: 'coinbase',
      under: "Coinbase Smart Wallet's replay-safe hash",
      named: false,
    })
  })

  it("a passkey's signature is named as one", () => {
    const { wallet: found, matches } = examine(coinbaseWrapper(`0x${'11'.repeat(352)}`))
    expect(found).toMatchObject({ kinds: ['coinbase'], signers: [], opaque: expect.stringContaining('passkey') })
    expect(matches).toEqual([])
  })
})

describe('Safe', () => {
  const message = {
    domain: { chainId: 8453, verifyingContract: wallet },
    types: { SafeMessage: [{ name: 'message', type: 'bytes' }] },
    primaryType: 'SafeMessage',
    message: { message: digest },
  } as const

  it('two owners, one of them by eth_sign', async () => {
    const typed = await owner.signTypedData(message)
    const prefixed = await second.sign({ hash: hashMessage({ raw: hashTypedData(message) }) })
    const withV: Hex = `0x${prefixed.slice(2, 130)}${(Number.parseInt(prefixed.slice(130), 16) + 4).toString(16)}`
    const { wallet: found } = examine(concatHex([typed, withV]))
    expect(found?.kinds).toEqual(['safe'])
    const signers = found?.signers.filter(({ under }) => under.startsWith('the Safe')).map(({ address }) => address)
    expect(signers).toEqual([owner.address, second.address])
  })

  it("a contract owner's signature behind the static part", () => {
    const contractPart = concatHex([pad(second.address), pad('0x41'), '0x00', pad('0x03'), '0xc0ffee'])
    expect(unwrap(contractPart)).toEqual({ kind: 'safe', owners: [{ by: 'contract', owner: second.address, bytes: 3 }], inner: [] })
    expect(examine(contractPart).wallet?.opaque).toBe('no signature by a key')
  })

  it('an approval on chain', () => {
    expect(unwrap(concatHex([pad(second.address), pad('0x00'), '0x01']))).toMatchObject({
      owners: [{ by: 'approval', owner: second.address }],
    })
  })
})

describe('Kernel', () => {
  it.each([
    ['0x00', 'root'],
    ['0x01845adb2c711129d4f3966735ed98a9f09fc4ce57', 'validator'],
    ['0x02deadbeef', 'permission'],
  ] as const)('%s is its %s', async (prefix, mode) => {
    const inner = await owner.signTypedData(replaySafe('Kernel', '0.3.1', 'Kernel'))
    const signature = concatHex([prefix, inner])
    expect(unwrap(signature)).toMatchObject({ kind: 'kernel', mode, inner: [inner] })
    expect(examine(signature).wallet?.signers).toContainEqual({
      address: owner.address,
      hash: 'kernel-0.3.1',
      under: "Kernel 0.3.1's wrapped hash",
      named: false,
    })
  })
})

describe('ERC-7739', () => {
  const wrap = async (
    domain: typeof typedData.domain | { name: string; version: string; chainId: number; verifyingContract: Address },
  ): Promise<Hex> => wrapTypedDataSignature({ ...typedData, domain, signature: await owner.sign({ hash: digest }) })

  it('carries what was signed: this token and this message', async () => {
    expect(examine(await wrap(typedData.domain)).wallet).toMatchObject({
      kinds: ['erc7739'],
      contents: { sameSeparator: true, sameStruct: true, structHash: structHash('TransferWithAuthorization', authorization) },
    })
  })

  it('or another token', async () => {
    const domain = { ...typedData.domain, name: 'USDC' }
    expect(examine(await wrap(domain)).wallet?.contents).toMatchObject({
      separator: domainSeparator({ ...domain, chainId: 8453n }),
      sameSeparator: false,
      sameStruct: true,
    })
  })
})

it("a payer's own signature in a wrapper is unwrapped and found", async () => {
  const from = owner.address
  const good = await owner.signTypedData({ ...typedData, message: { ...authorization, from } })
  const evidence = examine(serializeErc6492Signature({ address: factory, data: '0x3ffba36f', signature: good }), from)
  expect(evidence.matches[0]).toMatchObject({ signature: good, edits: [{ cause: 'smart-wallet-signature', field: 'signature' }] })
})

describe('bytes that only look like a wrapper', () => {
  it.each<readonly [string, Hex]>([
    ['the suffix of ERC-6492 alone', `0x${'6492'.repeat(16)}`],
    ['a suffix behind offsets that point outside', `0x${'ff'.repeat(96)}${'6492'.repeat(16)}`],
    [
      'a length that is longer than the bytes',
      encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }, { type: 'uint256' }], [0n, 64n, 2n ** 255n]),
    ],
    ['nothing', '0x'],
    ['a plain signature', `0x${'11'.repeat(64)}1b`],
    ['a signature twice', `0x${'11'.repeat(64)}1b${'11'.repeat(64)}1b`],
  ])('%s', (_name, bytes) => {
    expect(unwrap(bytes)).toBeUndefined()
  })

  it('nested without end is read four layers deep', () => {
    let bytes: Hex = `0x${'11'.repeat(64)}1b`
    for (let depth = 0; depth < 30; depth++) bytes = serializeErc6492Signature({ address: factory, data: '0x', signature: bytes })
    expect(unwrapAll(bytes).wrappers).toHaveLength(4)
    expect(examine(bytes).matches).toEqual([])
  })
})
