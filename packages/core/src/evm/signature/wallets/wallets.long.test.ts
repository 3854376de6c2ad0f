import { p256 } from '@noble/curves/nist.js'
import {
  AbiCoder,
  hashMessage as ethersHashMessage,
  keccak256 as ethersKeccak,
  getBytes,
  Interface,
  SigningKey,
  TypedDataEncoder,
} from 'ethers'
import {
  type Address,
  concatHex,
  createClient,
  custom,
  encodeAbiParameters,
  encodeFunctionData,
  encodePacked,
  type Hex,
  hashTypedData,
  pad,
  parseAbi,
  serializeErc6492Signature,
  stringToBytes,
  toFunctionSelector,
  toHex,
} from 'viem'
import { toCoinbaseSmartAccount, toWebAuthnAccount } from 'viem/account-abstraction'
import { privateKeyToAccount } from 'viem/accounts'
import { base as baseChain } from 'viem/chains'
import { hashTypedData as hashNested, wrapTypedDataSignature } from 'viem/experimental/erc7739'
import { describe, expect, it } from 'vitest'
import { base } from '../../../networks/base.ts'
import { builtInNetworks } from '../../../networks/networks.ts'
import type { Payment } from '../../payment/payment.ts'
import { examineSignature } from '../forensics.ts'
import { createKernel } from '../kernel/create.ts'
import { factoryCalls, firstOwners, safeSetup } from './deployment.ts'
import type { WalletEvidence } from './examine.ts'
import { type WalletHashId, walletHashes } from './hashes.ts'
import { isSurelyRefused, ownerCommand, whoSigned } from './tell.ts'

const kernel = createKernel()
// Public test keys: nobody's money.
const key: Hex = '0x0000000000000000000000000000000000000000000000000000000000000003'
const owner = privateKeyToAccount(key)
const second = privateKeyToAccount('0x0000000000000000000000000000000000000000000000000000000000000004')
const wallet: Address = '0x5aFE3855358E112B5647B952709E6165e1c1eEEe'
const rpc = 'https://rpc.example'

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

const paymentWith = (signature: Hex): Payment => ({
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
  signature,
  findings: [],
})

function examine(signature: Hex): WalletEvidence {
  const found = examineSignature(paymentWith(signature), builtInNetworks, { kernel, depth: 'none' }).wallet
  if (found === undefined) throw new Error('no wallet was seen')
  return found
}

const rawSign = (hash: string, by = key): Hex => new SigningKey(by).sign(hash).serialized as Hex
const signerBy = (found: WalletEvidence, id: WalletHashId): Address | undefined => found.signers.find(({ hash }) => hash === id)?.address

/** viem's own account, beside a chain that tells nothing but whether it is deployed. */
const coinbaseAccount = (deployed: boolean, owners: Parameters<typeof toCoinbaseSmartAccount>[0]['owners'], ownerIndex = 0) =>
  toCoinbaseSmartAccount({
    client: createClient({
      chain: baseChain,
      transport: custom({
        request: async ({ method }: { method: string }) => (method === 'eth_getCode' && deployed ? '0x6000' : '0x'),
      }),
    }),
    owners,
    ownerIndex,
    address: wallet,
    version: '1.1',
  })

/** A device that signs whatever it is asked to, as a browser would hand it on. */
const passkey = (change: (challenge: string) => string = (challenge) => challenge) => {
  const secret = new Uint8Array(32).fill(7)
  return {
    publicKey: toHex(p256.getPublicKey(secret, false)),
    account: toWebAuthnAccount({
      credential: { id: 'a-key', publicKey: toHex(p256.getPublicKey(secret, false).subarray(1)) },
      rpId: 'shop.example',
      getFn: async (options) => {
        const asked = new Uint8Array(options?.publicKey?.challenge as ArrayBuffer)
        const challenge = change(Buffer.from(asked).toString('base64url'))
        const clientData = stringToBytes(
          `{"type":"webauthn.get","challenge":"${challenge}","origin":"https://shop.example","crossOrigin":false}`,
        )
        const authenticator = new Uint8Array(37)
        const signed = p256.sign(clientData, secret, { format: 'der' })
        return {
          id: 'a-key',
          type: 'public-key',
          response: {
            authenticatorData: authenticator.buffer,
            clientDataJSON: clientData.buffer,
            signature: new Uint8Array(signed).buffer,
          },
        } as never
      },
    }),
  }
}

describe("Coinbase Smart Wallet, by viem's account", () => {
  it('deployed: who signed inside, and who would tell whether that is an owner', async () => {
    const account = await coinbaseAccount(true, [second, owner], 1)
    const signature = await account.signTypedData(typedData)
    const found = examine(signature)
    expect(found.signers).toMatchObject([{ address: owner.address, hash: 'coinbase', named: false }])
    expect(found.wrappers).toEqual(['a Coinbase Smart Wallet SignatureWrapper of owner 1'])
    expect(whoSigned(found)).toContain(`signed by ${owner.address} inside`)
    expect(ownerCommand(wallet, signature, found, rpc)).toBe(
      `cast call ${wallet} "isOwnerAddress(address)(bool)" ${owner.address} --rpc-url ${rpc}`,
    )
  })

  it('not deployed: an owner whom the call names that deploys it', async () => {
    const account = await coinbaseAccount(false, [owner, second])
    const found = examine(await account.signTypedData(typedData))
    expect(found).toMatchObject({
      kinds: ['erc6492', 'coinbase'],
      deployment: { owners: [owner, second].map(({ address }) => ({ kind: 'address', address })) },
      signers: [{ address: owner.address, hash: 'coinbase', named: true }],
      slips: [],
    })
    expect(isSurelyRefused(found)).toBe(false)
  })

  it("a passkey: its challenge is the wallet's hash", async () => {
    const { account: device, publicKey } = passkey()
    const found = examine(await (await coinbaseAccount(false, [device, owner])).signTypedData(typedData))
    expect(found.passkey).toMatchObject({ asked: 'wallet-hash', origin: 'https://shop.example' })
    expect(found.signers).toEqual([])
    expect(found.deployment?.owners[0]).toEqual({ kind: 'passkey', key: `0x${publicKey.slice(4)}` })
    expect(whoSigned(found)).toContain("inside is a passkey's signature, which is not checked here")
    const deployed = await (await coinbaseAccount(true, [device], 0)).signTypedData(typedData)
    expect(ownerCommand(wallet, deployed, examine(deployed), rpc)).toContain('"ownerAtIndex(uint256)(bytes)" 0')
  })

  it('a passkey that was asked for something else', async () => {
    const plain = Buffer.from(digest.slice(2), 'hex').toString('base64url')
    const slip = examine(await (await coinbaseAccount(false, [passkey(() => plain).account])).signTypedData(typedData))
    expect(slip.passkey).toMatchObject({ challenge: digest, asked: 'slip' })
    const other = examine(await (await coinbaseAccount(false, [passkey(() => 'A'.repeat(43)).account])).signTypedData(typedData))
    expect(other.passkey).toMatchObject({ challenge: `0x${'00'.repeat(32)}`, asked: 'other' })
    const words = examine(await (await coinbaseAccount(false, [passkey(() => 'AAAA').account])).signTypedData(typedData))
    expect(words.passkey).toMatchObject({ challenge: null, asked: 'unknown' })
    expect([slip, other, words].map(isSurelyRefused)).toEqual([true, true, false])
  })
})

/** What an owner signs by the wallets' own words, hashed by ethers. */
const inDomain = (domain: object, type: string, member: 'bytes32' | 'bytes', name: string) =>
  TypedDataEncoder.hash(domain, { [type]: [{ name, type: member }] }, { [name]: digest })
const own = { chainId: 8453, verifyingContract: wallet }
const kernel2 = (version: string): string =>
  // The digest stands where a struct's hash would.
  ethersKeccak(`0x1901${TypedDataEncoder.hashDomain({ ...own, name: 'Kernel', version }).slice(2)}${digest.slice(2)}`)

const personal = (hash: string): string => ethersHashMessage(getBytes(hash))
const inFactory = (inner: Hex, data: Hex = '0x3ffba36f'): Hex =>
  serializeErc6492Signature({ address: second.address, data, signature: inner })
const nested = (version: string): Hex =>
  hashNested({ ...typedData, verifierDomain: { name: 'Nexus', version, chainId: 8453, verifyingContract: wallet, salt: pad('0x') } })
const validator: Address = '0x00000004171351c442B202678c48D8AB5B321E8f'

describe('each row of the table', () => {
  const types = { TransferWithAuthorization: [...typedData.types.TransferWithAuthorization] }
  const bare = (inner: Hex): Hex => inFactory(inner)
  const twoSigned = (inner: Hex): Hex =>
    concatHex([inner, rawSign(digest, '0x0000000000000000000000000000000000000000000000000000000000000005')])
  const rootMode = (inner: Hex): Hex => concatHex(['0x00', inner])
  const inModule = (inner: Hex): Hex => concatHex([validator, inner])
  const inNested = (inner: Hex): Hex => concatHex([validator, wrapTypedDataSignature({ ...typedData, signature: inner })])
  const k3 = (version: string): string => inDomain({ ...own, name: 'Kernel', version }, 'Kernel', 'bytes32', 'hash')
  /** What is prefixed is what the digest is a hash of. */
  const prefixed = `0x1901${TypedDataEncoder.hashDomain(typedData.domain).slice(2)}${TypedDataEncoder.hashStruct(typedData.primaryType, types, authorization).slice(2)}`
  const nexusPersonal = (version: string): string =>
    TypedDataEncoder.hash({ ...own, name: 'Nexus', version }, { PersonalSign: [{ name: 'prefixed', type: 'bytes' }] }, { prefixed })
  const rows: Record<WalletHashId, readonly [hash: string, wrap: (inner: Hex) => Hex]> = {
    coinbase: [
      inDomain({ ...own, name: 'Coinbase Smart Wallet', version: '1' }, 'CoinbaseSmartWalletMessage', 'bytes32', 'hash'),
      wrapCoinbase,
    ],
    safe: [inDomain(own, 'SafeMessage', 'bytes', 'message'), twoSigned],
    'safe-without-chain': [inDomain({ verifyingContract: wallet }, 'SafeMessage', 'bytes', 'message'), twoSigned],
    'kernel-0.3.1': [k3('0.3.1'), rootMode],
    'kernel-0.3.1-personal': [personal(k3('0.3.1')), rootMode],
    'kernel-0.3.0-beta': [k3('0.3.0-beta'), rootMode],
    'kernel-0.3.0-beta-personal': [personal(k3('0.3.0-beta')), rootMode],
    'kernel-0.3.2': [k3('0.3.2'), rootMode],
    'kernel-0.3.2-personal': [personal(k3('0.3.2')), rootMode],
    'kernel-0.3.3': [k3('0.3.3'), rootMode],
    'kernel-0.3.3-personal': [personal(k3('0.3.3')), rootMode],
    'kernel-0.2.4': [kernel2('0.2.4'), bare],
    'kernel-0.2.4-personal': [personal(kernel2('0.2.4')), bare],
    'light-account': [inDomain({ ...own, name: 'LightAccount', version: '1' }, 'LightAccountMessage', 'bytes', 'message'), rootMode],
    thirdweb: [inDomain({ ...own, name: 'Account', version: '1' }, 'AccountMessage', 'bytes', 'message'), bare],
    'nexus-1.2.0': [nested('1.2.0'), inNested],
    'nexus-1.2.1': [nested('1.2.1'), inNested],
    'nexus-1.0.2': [nested('1.0.2'), inNested],
    'nexus-1.0.0': [nested('1.0.0'), inNested],
    'nexus-personal-1.2.0': [personal(nexusPersonal('1.2.0')), inModule],
    'nexus-personal-1.2.1': [personal(nexusPersonal('1.2.1')), inModule],
    'nexus-personal-1.0.2': [personal(nexusPersonal('1.0.2')), inModule],
    'nexus-personal-1.0.0': [personal(nexusPersonal('1.0.0')), inModule],
    digest: [digest, inModule],
  }

  it.each(Object.entries(rows) as [WalletHashId, (typeof rows)[WalletHashId]][])('%s', (id, [hash, wrap]) => {
    expect(signerBy(examine(wrap(rawSign(hash))), id)).toBe(owner.address)
  })

  it('names where it is from', () => {
    for (const { source, says } of Object.values(walletHashes)) expect([source.length > 20, says.length > 5]).toEqual([true, true])
  })
})

function wrapCoinbase(inner: Hex): Hex {
  return AbiCoder.defaultAbiCoder().encode(['tuple(uint256 ownerIndex, bytes signatureData)'], [[0, inner]]) as Hex
}

describe('who is named by the call that deploys the wallet', () => {
  const setup = encodeFunctionData({
    abi: parseAbi([
      'function setup(address[] owners, uint256 threshold, address to, bytes data, address handler, address token, uint256 payment, address receiver)',
    ]),
    args: [[owner.address, second.address], 1n, wallet, '0x', wallet, wallet, 0n, wallet],
  })
  const both = [owner, second].map(({ address }) => ({ kind: 'address', address }))
  const calls: readonly (readonly [string, Hex, readonly unknown[]])[] = [
    [
      'createAccount(bytes[],uint256)',
      encode('createAccount(bytes[] owners, uint256 nonce)', [[pad(owner.address), pad(second.address)], 0n]),
      both,
    ],
    [
      'createProxyWithNonce(address,bytes,uint256)',
      encode('createProxyWithNonce(address singleton, bytes setup, uint256 salt)', [wallet, setup, 1n]),
      both,
    ],
    ['createAccount(address,uint256)', encode('createAccount(address owner, uint256 salt)', [owner.address, 0n]), both.slice(0, 1)],
    [
      'createAccount(address,uint256,address[],uint8)',
      encode('createAccount(address owner, uint256 index, address[] attesters, uint8 threshold)', [owner.address, 0n, [second.address], 1]),
      both.slice(0, 1),
    ],
  ]

  function encode(signature: string, args: readonly unknown[]): Hex {
    return new Interface([`function ${signature}`]).encodeFunctionData(signature.slice(0, signature.indexOf('(')), args) as Hex
  }

  it.each(calls)('%s', (_name, calldata, owners) => {
    expect(firstOwners(calldata)).toEqual(owners)
  })

  it('every call of the table is one of them', () => {
    expect(Object.entries(factoryCalls).map(([selector, { signature }]) => [selector, signature])).toEqual(
      Object.values(factoryCalls).map(({ signature }) => [toFunctionSelector(`function ${signature}`), signature]),
    )
    expect(calls.map(([name]) => name).sort()).toEqual(
      Object.values(factoryCalls)
        .map(({ signature }) => signature)
        .sort(),
    )
    expect(safeSetup).toBe(setup.slice(0, 10))
  })

  it.each<readonly [string, Hex]>([
    ['cut', calls[0]?.[1].slice(0, 100) as Hex],
    ['an offset that points outside', `0x3ffba36f${'ff'.repeat(64)}`],
    ['a length that no memory holds', `0x3ffba36f${'20'.padStart(64, '0')}${'0'.repeat(64)}${'f'.repeat(64)}`],
    ['another function', '0xdeadbeef'],
    ['nothing', '0x'],
  ])('%s names nobody', (_name, calldata) => {
    expect(firstOwners(calldata)).toEqual([])
  })

  it("a Kernel's owner is packed, and found all the same", () => {
    const hash = inDomain({ ...own, name: 'Kernel', version: '0.3.1' }, 'Kernel', 'bytes32', 'hash')
    const data = encode('createAccount(bytes data, bytes32 salt)', [
      encodePacked(['bytes4', 'address'], ['0x3c3b752b', owner.address]),
      pad('0x'),
    ])
    const found = examine(inFactory(concatHex(['0x00', rawSign(hash)]), data))
    expect(found.signers.filter(({ named }) => named)).toMatchObject([{ address: owner.address, hash: 'kernel-0.3.1' }])
  })
})

describe('an owner who is named signed something else', () => {
  const message = (change: object) =>
    inDomain({ ...own, name: 'Coinbase Smart Wallet', version: '1', ...change }, 'CoinbaseSmartWalletMessage', 'bytes32', 'hash')
  const right = message({})
  const data = encodeFunctionData({
    abi: parseAbi(['function createAccount(bytes[] owners, uint256 nonce)']),
    args: [[pad(owner.address)], 0n],
  })
  const coinbaseFactory: Address = '0xBA5ED110eFDBa3D005bfC882d75358ACBbB85842'
  const of = (hash: string, factory: Address = coinbaseFactory): WalletEvidence =>
    examine(serializeErc6492Signature({ address: factory, data, signature: wrapCoinbase(rawSign(hash)) }))

  it.each([
    ['not-wrapped', digest],
    ['personal-sign', personal(digest)],
    ['personal-sign', personal(right)],
    ['other-chain', message({ chainId: 1 })],
    ['other-chain', message({ chainId: 84532 })],
    ['other-contract', message({ verifyingContract: base.usdc.address })],
    ['other-contract', message({ verifyingContract: owner.address })],
    [
      'wrapped-twice',
      TypedDataEncoder.hash(
        { ...own, name: 'Coinbase Smart Wallet', version: '1' },
        { CoinbaseSmartWalletMessage: [{ name: 'hash', type: 'bytes32' }] },
        { hash: right },
      ),
    ],
    ['other-wallet', inDomain(own, 'SafeMessage', 'bytes', 'message')],
  ] as const)('%s', (slip, hash) => {
    const found = of(hash)
    expect(found.slips).toMatchObject([{ address: owner.address, slip }])
    expect(found.signers.some(({ named }) => named)).toBe(false)
    expect(isSurelyRefused(found)).toBe(true)
    expect(whoSigned(found)).toContain(owner.address)
    // Whose wallet another factory deploys, nobody knows.
    expect(isSurelyRefused(of(hash, second.address))).toBe(false)
  })

  it.each([
    ['the name "USDC"', { name: 'USDC' }],
    ['the version "1"', { version: '1' }],
    ['the chain 84532', { chainId: 84532 }],
    ['the name "USDC" and the version "1"', { name: 'USDC', version: '1' }],
  ] as const)('the digest under %s', (says, change) => {
    const wrong = hashTypedData({ ...typedData, domain: { ...typedData.domain, ...change } })
    const hash = TypedDataEncoder.hash(
      { ...own, name: 'Coinbase Smart Wallet', version: '1' },
      { CoinbaseSmartWalletMessage: [{ name: 'hash', type: 'bytes32' }] },
      { hash: wrong },
    )
    const found = of(hash)
    expect(found.slips).toMatchObject([{ address: owner.address, slip: 'other-domain' }])
    expect(found.slips[0]?.under).toContain(says)
  })

  it('is not said where nothing agrees', () => {
    const found = of(personal(personal(digest)))
    expect([found.slips, isSurelyRefused(found)]).toEqual([[], false])
    expect(whoSigned(found)).not.toContain('names')
  })
})

describe('a Safe of several owners', () => {
  const hash = inDomain(own, 'SafeMessage', 'bytes', 'message')
  const [low, high] = [owner, second].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1)) as [typeof owner, typeof owner]
  const by = async (account: typeof owner): Promise<Hex> => account.sign({ hash: hash as Hex })

  it('wants them in ascending order', async () => {
    const [first, last] = [await by(low), await by(high)]
    expect(examine(concatHex([first, last]))).toMatchObject({ ascending: true })
    expect(examine(concatHex([last, first]))).toMatchObject({ ascending: false })
  })

  it('of whom one approved on chain', async () => {
    const approved = concatHex([pad(high.address), pad('0x00'), '0x01'])
    const found = examine(concatHex([await by(low), approved]))
    expect(found.elsewhere).toEqual([`${high.address}, whose approval has to be looked up on chain`])
    expect(whoSigned(found)).toMatch(new RegExp(`names, without a signature, ${high.address}`))
    expect(found.ascending).toBe(true)
    expect(whoSigned(found)).toContain(low.address)
    expect(ownerCommand(wallet, concatHex([await by(low), approved]), found, rpc)).toContain(`"isOwner(address)(bool)" ${low.address}`)
  })
})

/** Whoever sends a signature chooses its bytes: they name nobody as a signer who did not sign this payment. */
describe('bytes that were made to name somebody', () => {
  it("what an owner signed for another token or another message is not called this payment's", () => {
    const verifierDomain = { name: 'Nexus', version: '1.2.0', chainId: 8453, verifyingContract: wallet, salt: pad('0x') } as const
    const sign = (of: typeof typedData): Hex => wrapTypedDataSignature({ ...of, signature: rawSign(hashNested({ ...of, verifierDomain })) })
    const right = examine(sign(typedData))
    expect(whoSigned(right)).toContain(owner.address)
    for (const other of [
      { ...typedData, domain: { ...typedData.domain, name: 'USDC' } },
      { ...typedData, message: { ...typedData.message, value: 1n } },
    ]) {
      const found = examine(sign(other as typeof typedData))
      expect(found.signers).toEqual([])
      expect(whoSigned(found)).toBe('inside is a signature for something else than this payment')
    }
  })

  it('who signed is no owner by standing elsewhere in the call that deploys a Safe', () => {
    const setup = (payee: Address, of: Address): Hex =>
      encodeFunctionData({
        abi: parseAbi(['function setup(address[], uint256, address, bytes, address, address, uint256, address)']),
        args: [[of], 1n, payee, '0x', payee, payee, 0n, payee],
      })
    const calldata = (payee: Address, of: Address): Hex =>
      encodeFunctionData({
        abi: parseAbi(['function createProxyWithNonce(address, bytes, uint256)']),
        args: [validator, setup(payee, of), 0n],
      })
    const inner = rawSign(inDomain(own, 'SafeMessage', 'bytes', 'message'))
    const found = (payee: Address, of: Address) =>
      examine(serializeErc6492Signature({ address: validator, data: calldata(payee, of), signature: inner }))
    expect(whoSigned(found(second.address, owner.address))).toContain(
      `signed by ${owner.address} inside, whom the factory's calldata names as an owner`,
    )
    const stranger = found(owner.address, second.address)
    expect(stranger.signers.some(({ named }) => named)).toBe(false)
    expect(whoSigned(stranger)).not.toContain('names')
  })

  it('of a call that is not known nobody knows as what it names somebody', () => {
    const inner = rawSign(inDomain(own, 'SafeMessage', 'bytes', 'message'))
    const found = examine(
      serializeErc6492Signature({ address: validator, data: concatHex(['0x12345678', pad(owner.address)]), signature: inner }),
    )
    expect(whoSigned(found)).toContain(`${owner.address} inside, whom the factory's calldata names, over`)
  })

  it('an approval alone is no signature', () => {
    const approved = concatHex([pad(owner.address), pad('0x00'), '0x01', pad(second.address), pad('0x00'), '0x01'])
    expect(whoSigned(examine(approved))).toMatch(/^inside is no signature by a key: /)
  })
})

describe('whom to ask about an owner', () => {
  it.each<readonly [string, Hex, string | undefined]>([
    [
      'a Kernel validator',
      concatHex(['0x01', validator, rawSign(digest)]),
      `cast call ${validator} "ecdsaValidatorStorage(address)(address)" ${wallet}`,
    ],
    ['a Nexus', concatHex([validator, rawSign(digest)]), `cast call ${validator} "getOwner(address)(address)" ${wallet}`],
    [
      'an account that nests typed data',
      wrapTypedDataSignature({ ...typedData, signature: rawSign(digest) }),
      `cast call ${wallet} "eip712Domain()`,
    ],
    ["a Kernel's root validator", concatHex(['0x00', rawSign(digest)]), undefined],
    ['a wallet that is not there', inFactory(rawSign(digest)), undefined],
  ])('%s', (_name, signature, command) => {
    const found = ownerCommand(wallet, signature, examine(signature), rpc)
    if (command === undefined) expect(found).toBeUndefined()
    else expect(found).toContain(command)
  })
})

it('65 bytes alone, if they are of a Safe with one owner', async () => {
  const signature = rawSign(inDomain(own, 'SafeMessage', 'bytes', 'message'))
  const { ifWallet } = examineSignature(paymentWith(signature), builtInNetworks, { kernel, depth: 'none' })
  expect(ifWallet?.find(({ hash }) => hash === 'safe')?.address).toBe(owner.address)
  expect(ifWallet?.map(({ hash }) => hash)).not.toContain('coinbase')
})

it("Biconomy's v2 has the module behind the signature", () => {
  const signature = encodeAbiParameters([{ type: 'bytes' }, { type: 'address' }], [rawSign(digest), validator])
  expect(signerBy(examine(signature), 'digest')).toBe(owner.address)
})
