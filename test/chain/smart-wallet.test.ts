import { createRequire } from 'node:module'
import { builtInNetworks, diagnose, type EvmDiagnosis, type EvmPayment } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { embeddedReplayer } from '@eip3009/core/replay'
import {
  type Abi,
  type Address,
  concat,
  encodeAbiParameters,
  encodeDeployData,
  encodeFunctionData,
  getAddress,
  type Hex,
  hashTypedData,
  pad,
  parseAbi,
} from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  authorizationMembers,
  base,
  now,
  openWorld,
  payer,
  payment,
  relayer,
  stranger,
  tokenAbi,
  value,
  type World,
} from './chain-world.ts'

/** Safe 1.4.1 as it is deployed: singleton, proxy factory, and the handler that answers isValidSignature. */
const artifact = (path: string): { readonly abi: Abi; readonly bytecode: Hex } =>
  createRequire(import.meta.url)(`@safe-global/safe-contracts/build/artifacts/contracts/${path}`)
const singleton = artifact('Safe.sol/Safe.json')
const factoryArtifact = artifact('proxies/SafeProxyFactory.sol/SafeProxyFactory.json')
const handlerArtifact = artifact('handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json')

const factoryAbi = parseAbi(['function createProxyWithNonce(address singleton, bytes initializer, uint256 saltNonce) returns (address)'])
const safeAbi = parseAbi([
  'function setup(address[] owners, uint256 threshold, address to, bytes data, address fallbackHandler, address paymentToken, uint256 payment, address paymentReceiver)',
])
const zero: Address = '0x0000000000000000000000000000000000000000'

let world: World
let safe: Address
let factory: Address
/** The call of the factory that deploys the Safe of `payer`. */
let deployment: Hex

const deploy = async ({ abi, bytecode }: { readonly abi: Abi; readonly bytecode: Hex }): Promise<Address> => {
  const hash = await world.request('eth_sendTransaction', {
    from: relayer,
    data: encodeDeployData({ abi, bytecode }),
    gas: '0xf42400',
    gasPrice: '0x0',
  })
  await world.request('evm_mine')
  const { contractAddress } = (await world.request('eth_getTransactionReceipt', hash)) as { contractAddress: Address }
  return getAddress(contractAddress)
}

/** What the Safe's owner signs for the token's digest: a SafeMessage with the digest as its bytes, under the Safe's own domain. */
async function signedBySafe(owner: typeof payer, message?: EvmPayment): Promise<{ readonly paid: EvmPayment; readonly inner: Hex }> {
  const paid = message ?? (await payment({ from: safe }))
  const digest = hashTypedData({
    domain: { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address },
    types: {
      TransferWithAuthorization: authorizationMembers,
    },
    primaryType: 'TransferWithAuthorization',
    message: paid.authorization,
  })
  const inner = await owner.signTypedData({
    domain: { chainId: 8453, verifyingContract: safe },
    types: { SafeMessage: [{ name: 'message', type: 'bytes' }] },
    primaryType: 'SafeMessage',
    message: { message: digest },
  })
  return { paid, inner }
}

/** ERC-6492: (factory, calldata, signature) and the magic suffix. */
const wrapped = (inner: Hex, calldata: Hex = deployment, by: Address = factory): Hex =>
  concat([
    encodeAbiParameters([{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }], [by, calldata, inner]),
    `0x${'6492'.repeat(16)}`,
  ])

const ask = (paid: EvmPayment): Promise<EvmDiagnosis> =>
  diagnose(paid, { now: now + 1n, chains: [chainReader(world.url)], replayer: embeddedReplayer(), networks: builtInNetworks })

/** The real token's word on it. */
async function tokenTakes({
  authorization: { from, to, value: amount, validAfter, validBefore, nonce },
  signature,
}: EvmPayment): Promise<boolean> {
  const data = encodeFunctionData({
    abi: tokenAbi,
    functionName: 'transferWithAuthorization',
    args: [from, to, amount, validAfter, validBefore, nonce, signature],
  })
  return world.request('eth_call', { from: relayer, to: base.usdc.address, data }, 'latest').then(
    () => true,
    () => false,
  )
}

beforeAll(async () => {
  world = await openWorld()
  const implementation = await deploy(singleton)
  const handler = await deploy(handlerArtifact)
  factory = await deploy(factoryArtifact)
  const initializer = encodeFunctionData({
    abi: safeAbi,
    functionName: 'setup',
    args: [[payer.address], 1n, zero, '0x', handler, zero, 0n, zero],
  })
  deployment = encodeFunctionData({ abi: factoryAbi, functionName: 'createProxyWithNonce', args: [implementation, initializer, 7n] })
  safe = getAddress(`0x${((await world.request('eth_call', { to: factory, data: deployment }, 'latest')) as Hex).slice(26)}`)
  await world.send(
    payer.address,
    base.usdc.address,
    encodeFunctionData({ abi: parseAbi(['function transfer(address, uint256) returns (bool)']), args: [safe, 4n * value] }),
  )
})
afterAll(() => world[Symbol.asyncDispose]())

describe('a Safe that is not deployed yet', () => {
  it('would accept what is inside of its ERC-6492 wrapper: shown by a simulated deployment', async () => {
    const { paid, inner } = await signedBySafe(payer)
    const sent = { ...paid, signature: wrapped(inner) }
    expect(await tokenTakes(sent)).toBe(false)
    const diagnosis = await ask(sent)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'smart-wallet-signature', party: 'wallet' })
    expect(diagnosis.headline).toContain('In a simulation its factory deploys it, and then it accepts the signature inside of the wrapper.')
    expect(diagnosis.fix).toContain(`deploy the wallet by ${factory}`)
    expect(diagnosis.fix).toContain(inner)
    // Nothing was deployed by asking.
    expect(await world.request('eth_getCode', safe, 'latest')).toBe('0x')
  })

  it('would refuse the signature of somebody who is no owner', async () => {
    const { paid, inner } = await signedBySafe(stranger)
    const diagnosis = await ask({ ...paid, signature: wrapped(inner) })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'smart-wallet-signature' })
    expect(diagnosis.headline).toContain('then it refuses the signature inside of the wrapper')
    expect(diagnosis.fix).toContain('sign anew through the wallet')
  })

  it('is told offline by whom it was signed, and whom the call names that deploys it', async () => {
    const { paid, inner } = await signedBySafe(payer)
    const offline = await diagnose({ ...paid, signature: wrapped(inner) }, { now: now + 1n, networks: builtInNetworks })
    expect(offline.verdict).toBe('inconclusive')
    expect(offline.headline).toContain(`signed by ${payer.address} inside, whom the factory's calldata names`)
    const other = await signedBySafe(stranger)
    const foreign = await diagnose({ ...other.paid, signature: wrapped(other.inner) }, { now: now + 1n, networks: builtInNetworks })
    expect(foreign.verdict).toBe('inconclusive')
    expect(foreign.headline).not.toContain('names')
    expect(JSON.stringify(foreign.findings)).toContain(`names as its owners ${payer.address}`)
  })

  it('is another wallet than the one that the wrapper deploys', async () => {
    const { paid, inner } = await signedBySafe(payer, await payment({ from: stranger.address }))
    const diagnosis = await ask({ ...paid, signature: wrapped(inner) })
    expect(diagnosis.headline).toContain('does not deploy it either')
    expect(diagnosis.fix).toContain(`make the wrapper's factory and calldata those that deploy ${stranger.address}`)
  })
})

describe('the same Safe once it is deployed', () => {
  beforeAll(async () => {
    await world.send(relayer, factory, deployment)
  })

  it('settles with the bytes of the fix', async () => {
    const { paid, inner } = await signedBySafe(payer)
    const sent = { ...paid, signature: inner }
    expect(await tokenTakes(sent)).toBe(true)
    expect(await ask(sent)).toMatchObject({ verdict: 'settles' })
  })

  it('is asked about its owner by the command that is filled in', async () => {
    const { paid, inner } = await signedBySafe(payer)
    const approved = concat([pad(stranger.address), pad('0x00'), '0x01'])
    const { findings } = await diagnose({ ...paid, signature: concat([inner, approved]) }, { now: now + 1n, networks: builtInNetworks })
    const told = findings.map(({ summary }) => summary).join(' ')
    const [, to, call, address] = /cast call (0x\w+) "(\w+\(address\))\(bool\)" (0x\w+)/.exec(told) ?? []
    expect([to, call, address]).toEqual([safe, 'isOwner(address)', payer.address])
    const data = encodeFunctionData({ abi: parseAbi(['function isOwner(address) view returns (bool)']), args: [address as Address] })
    expect(BigInt((await world.request('eth_call', { to: safe, data }, 'latest')) as Hex)).toBe(1n)
  })

  it('refuses the wrapper, and says that the inside is good', async () => {
    const { paid, inner } = await signedBySafe(payer)
    const diagnosis = await ask({ ...paid, signature: wrapped(inner) })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'smart-wallet-signature', party: 'facilitator' })
    expect(diagnosis.fix).toContain(inner)
  })

  it('refuses a stranger, and the report names its owner beside the one who signed', async () => {
    const { paid, inner } = await signedBySafe(stranger)
    const sent = { ...paid, signature: inner }
    expect(await tokenTakes(sent)).toBe(false)
    const diagnosis = await ask(sent)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'smart-wallet-signature', party: 'wallet' })
    expect(JSON.stringify(diagnosis.findings)).toContain(`its owners: ${payer.address} (getOwners())`)
    expect(diagnosis.headline).toContain('None of its owners signed')
  })

  it("refuses its owner's signature for another chain, and what was signed is told", async () => {
    const paid = await payment({ from: safe })
    const digest = hashTypedData({
      domain: { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address },
      types: { TransferWithAuthorization: authorizationMembers },
      primaryType: 'TransferWithAuthorization',
      message: paid.authorization,
    })
    const signature = await payer.signTypedData({
      domain: { chainId: 1, verifyingContract: safe },
      types: { SafeMessage: [{ name: 'message', type: 'bytes' }] },
      primaryType: 'SafeMessage',
      message: { message: digest },
    })
    // Two of a kind are a Safe's wrapper; alone it is any account's 65 bytes.
    const sent = { ...paid, signature: concat([signature, pad(stranger.address), pad('0x00'), '0x01']) }
    expect(await tokenTakes(sent)).toBe(false)
    const diagnosis = await ask(sent)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'smart-wallet-signature', party: 'wallet' })
    expect(diagnosis.headline).toContain(
      `Its owner ${payer.address} signed the Safe's message hash for chain 1, which such a wallet does not check.`,
    )
  })

  it("refuses its owner's signature of the plain digest: the wallet hashes it first", async () => {
    const plain = await payment({ from: safe, signer: payer })
    expect(await tokenTakes(plain)).toBe(false)
    const diagnosis = await ask(plain)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'smart-wallet-signature', party: 'wallet' })
    expect(diagnosis.headline).toContain(`Its owner ${payer.address} did sign the token's digest.`)
  })
})
