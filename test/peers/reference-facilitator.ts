import { readFileSync } from 'node:fs'
import { diagnose, readEvmPayment } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { delegationTo, walletCode } from '@eip3009/core/replay'
import type { PaymentPayload, PaymentRequirements } from '@x402/core/types'
import { ExactEvmScheme } from '@x402/evm/exact/facilitator'
import { type Address, createPublicClient, createWalletClient, encodeFunctionData, type Hex, http, pad } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import {
  base,
  settle as callOf,
  domain,
  now,
  openWorld,
  payee,
  payer,
  relayer,
  stranger,
  tokenAbi,
  value,
  type World,
} from '../chain/chain-world.ts'

/** A file of a package that its exports do not name. */
const installed = (path: string): URL => new URL(`../node_modules/${path}`, import.meta.url)

/** The version of the reference facilitator that is run; the page names it. */
export const referenceVersion: string = JSON.parse(readFileSync(installed('@x402/evm/package.json'), 'utf8')).version

/** What a /verify body has, as far as a case may break it. */
export interface Body {
  readonly authorization: Readonly<Record<'from' | 'to' | 'value' | 'validAfter' | 'validBefore' | 'nonce', string>>
  readonly signature: Hex
  readonly asset: Address
  readonly amount: string
  readonly payTo: Address
  readonly extra: { readonly name: string; readonly version: string }
}

/** One way to break a payment. */
export interface Case {
  /** What is broken, in a few words; `who` breaks it, where that tells two cases apart. */
  readonly broken: string
  readonly body: () => Promise<Body>
  /** What the chain gets before. */
  readonly arrange?: (world: World) => Promise<unknown>
}

/** What both said. */
export interface Comparison {
  readonly broken: string
  /** `valid`, or the reason that the reference gave. */
  readonly verify: string
  /** `settled`, or the reason. */
  readonly settle: string
  /** Whether the reference's answer to verify came with a message besides the code. */
  readonly message: string
  readonly verdict: string
  readonly cause: string
  readonly party: string
  readonly headline: string
}

const members = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
]
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const authorization = {
  from: payer.address,
  to: payee,
  value: String(value),
  validAfter: String(now - 300n),
  validBefore: String(now + 300n),
  nonce: pad('0xab'),
}

interface Signing {
  readonly by?: PrivateKeyAccount
  readonly under?: object
  readonly type?: string
  /** The types that the wallet is given; those of the primary type and, from viem, the domain's when absent. */
  readonly types?: object
  readonly message?: Body['authorization']
}

/** A body with a signature over its own authorization, unless something else is said. */
async function signed(signing: Signing = {}, changes: Partial<Body> = {}): Promise<Body> {
  const { by = payer, under = domain, type = 'TransferWithAuthorization', types = {} } = signing
  const message = signing.message ?? changes.authorization ?? authorization
  const typedData = { domain: under, types: { [type]: members, ...types }, primaryType: type, message }
  const signature = await by.signTypedData(typedData as never)
  return {
    authorization,
    signature,
    asset: base.usdc.address,
    amount: String(value),
    payTo: payee,
    extra: { name: 'USD Coin', version: '2' },
    ...changes,
  }
}

/** The good body with other signature bytes: of its r, s and parity. */
async function withBytes(change: (r: string, s: bigint, parity: number) => string): Promise<Body> {
  const body = await signed()
  const hex = body.signature
  const bytes = change(hex.slice(2, 66), BigInt(`0x${hex.slice(66, 130)}`), Number(`0x${hex.slice(130)}`) - 27)
  return { ...body, signature: `0x${bytes}` }
}

const word = (number: bigint): string => number.toString(16).padStart(64, '0')
const altered = async (change: Partial<Body['authorization']>, more: Partial<Body> = {}): Promise<Body> => ({
  ...(await signed()),
  authorization: { ...authorization, ...change },
  ...more,
})
const window = (change: Partial<Body['authorization']>): Promise<Body> => signed({}, { authorization: { ...authorization, ...change } })
const asBlacklister = (account: Address) => (world: World) =>
  world.asRole('blacklister', encodeFunctionData({ abi: tokenAbi, functionName: 'blacklist', args: [account] }))

/** The twelve that the reference answers with one code come first. */
export const cases: readonly Case[] = [
  { broken: 'the client signed for the name "USDC"', body: () => signed({ under: { ...domain, name: 'USDC' } }) },
  { broken: 'the client signed for version "1"', body: () => signed({ under: { ...domain, version: '1' } }) },
  { broken: 'the client signed for chain 84532', body: () => signed({ under: { ...domain, chainId: 84532 } }) },
  { broken: 'the client signed for another contract', body: () => signed({ under: { ...domain, verifyingContract: payee } }) },
  { broken: 'the wallet hashed an empty EIP712Domain', body: () => signed({ under: {}, types: { EIP712Domain: [] } }) },
  { broken: 'the client signed ReceiveWithAuthorization', body: () => signed({ type: 'ReceiveWithAuthorization' }) },
  {
    broken: 'the server names the token "USDC", and the client is right',
    body: () => signed({}, { extra: { name: 'USDC', version: '2' } }),
  },
  { broken: 'another key signed', body: () => signed({ by: stranger }) },
  { broken: 'validBefore was changed after signing', body: () => altered({ validBefore: String(now + 600n) }) },
  { broken: 'v is flipped', body: () => withBytes((r, s, parity) => `${r}${word(s)}${(28 - parity).toString(16)}`) },
  { broken: '64 bytes (EIP-2098)', body: () => withBytes((r, s, parity) => `${r}${word(s + (BigInt(parity) << 255n))}`) },
  {
    broken: 'the payer is delegated (EIP-7702) to code that refuses',
    body: () => signed(),
    arrange: async (world) => {
      await world.setCode(payer.address, delegationTo(stranger.address))
      await world.setCode(stranger.address, walletCode.refuses)
    },
  },
  { broken: 'value was changed after signing, and the offer with it', body: () => altered({ value: '20000' }, { amount: '20000' }) },
  {
    broken: 'server and client agree on the name "USDC"',
    body: () => signed({ under: { ...domain, name: 'USDC' } }, { extra: { name: 'USDC', version: '2' } }),
  },
  {
    broken: 'server and client agree on version "1"',
    body: () => signed({ under: { ...domain, version: '1' } }, { extra: { name: 'USD Coin', version: '1' } }),
  },
  { broken: 'v is 0 or 1', body: () => withBytes((r, s, parity) => `${r}${word(s)}0${parity}`) },
  { broken: 's is in the upper half', body: () => withBytes((r, s, parity) => `${r}${word(order - s)}${(28 - parity).toString(16)}`) },
  { broken: 'the signature has 66 bytes', body: () => withBytes((r, s, parity) => `${r}${word(s)}${(27 + parity).toString(16)}00`) },
  { broken: 'the payer is blacklisted', body: () => signed(), arrange: asBlacklister(payer.address) },
  { broken: 'the payee is blacklisted', body: () => signed(), arrange: asBlacklister(payee) },
  {
    broken: 'the token is paused',
    body: () => signed(),
    arrange: (world) => world.asRole('pauser', encodeFunctionData({ abi: tokenAbi, functionName: 'pause' })),
  },
  { broken: 'validAfter is in milliseconds', body: () => window({ validAfter: `${now}000`, validBefore: `${now + 300n}000` }) },
  { broken: 'validBefore is in milliseconds', body: () => window({ validBefore: `${now + 300n}000` }) },
  { broken: 'the window closed', body: () => window({ validBefore: String(now - 1n) }) },
  {
    broken: 'validAfter is this very second',
    body: () => window({ validAfter: String(now) }),
    // The chain's own clock, by which it estimates gas, runs on after a block: on a slow machine it would be a second later already.
    arrange: async (world) => {
      await world.request('anvil_setTime', Number(now) - 60)
    },
  },
  {
    broken: 'the payer has too little',
    body: () => signed({ by: stranger }, { authorization: { ...authorization, from: stranger.address } }),
  },
  {
    broken: 'the nonce was used',
    body: () => signed(),
    arrange: async (world) => {
      const { from, to, nonce } = authorization
      const message = { from, to, value, validAfter: now - 300n, validBefore: now + 300n, nonce }
      const { signature } = await signed()
      await world.send(relayer, base.usdc.address, callOf({ authorization: message, signature } as Parameters<typeof callOf>[0]))
    },
  },
  { broken: 'the amount is less than the offer asks for', body: () => signed({}, { amount: '20000' }) },
  { broken: 'the payee is not the one of the offer', body: () => signed({}, { payTo: relayer }) },
  { broken: 'there is no contract at the asset', body: () => signed({ under: { ...domain, verifyingContract: payee } }, { asset: payee }) },
  { broken: 'nothing', body: () => signed() },
]

/** Asks the reference facilitator and ours about every case, each on a chain in the same state, at the same second. */
export async function compareAll(): Promise<readonly Comparison[]> {
  await using world = await openWorld()
  await placeMulticall3(world)
  const facilitator = new ExactEvmScheme(signerOf(world))
  const out: Comparison[] = []
  for (const { broken, body, arrange } of cases) {
    const snapshot = await world.request('evm_snapshot')
    await arrange?.(world)
    out.push(await compare(world, facilitator, broken, await body()))
    await world.request('evm_revert', snapshot)
  }
  return out
}

async function compare(world: World, facilitator: ExactEvmScheme, broken: string, body: Body): Promise<Comparison> {
  const request = requestOf(body)
  const { paymentPayload: payload, paymentRequirements: requirements } = request
  const time = await timeOf(world)
  const ours = await diagnose(readEvmPayment(JSON.stringify(request)), { now: time, at: time, chains: [chainReader(world.url)] })

  const verified = await at(time, () => facilitator.verify(payload, requirements))
  const settled = await at(time, () => facilitator.settle(payload, requirements))
  return {
    broken,
    verify: verified.isValid ? 'valid' : (verified.invalidReason ?? ''),
    settle: settled.success ? 'settled' : (settled.errorReason ?? ''),
    message: verified.invalidMessage ?? '',
    verdict: ours.verdict,
    cause: ours.cause ?? ours.findings[0]?.cause ?? '',
    party: ours.party ?? ours.findings[0]?.party ?? '',
    headline: ours.headline,
  }
}

/** The time of the newest block, unix seconds. */
export async function timeOf(world: World): Promise<bigint> {
  return BigInt(((await world.request('eth_getBlockByNumber', 'latest', false)) as { timestamp: Hex }).timestamp)
}

/** What is sent to /verify, of version 2. */
export interface Request {
  readonly x402Version: 2
  readonly paymentPayload: PaymentPayload
  readonly paymentRequirements: PaymentRequirements
}

export function requestOf({ asset, amount, payTo, extra, authorization: message, signature }: Body): Request {
  const requirements: PaymentRequirements = { scheme: 'exact', network: 'eip155:8453', asset, amount, payTo, maxTimeoutSeconds: 300, extra }
  const payload: PaymentPayload = { x402Version: 2, accepted: requirements, payload: { signature, authorization: message } }
  return { x402Version: 2, paymentPayload: payload, paymentRequirements: requirements }
}

/** The reference reads the machine's clock, which is no argument of it. */
export async function at<T>(time: bigint, run: () => Promise<T>): Promise<T> {
  const clock = Date.now
  Date.now = () => Number(time) * 1000
  try {
    return await run()
  } finally {
    Date.now = clock
  }
}

/** What a facilitator hands to the reference: viem's clients, on a chain that mines when it is told to. */
export function signerOf(world: World): ConstructorParameters<typeof ExactEvmScheme>[0] {
  const chain = {
    id: 8453,
    name: 'Base',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [world.url] } },
  }
  const transport = http(world.url, { retryCount: 0 })
  const reader = createPublicClient({ chain, transport, cacheTime: 0 })
  const writer = createWalletClient({ chain, transport, account: relayer })
  const mine = async (): Promise<void> => {
    await world.mine((await reader.getBlock()).timestamp + 1n)
  }
  return {
    getAddresses: () => [relayer],
    readContract: (args) => reader.readContract({ ...args, abi: args.abi as never } as never),
    verifyTypedData: (args) => reader.verifyTypedData(args as never),
    getCode: (args) => reader.getCode(args),
    // As viem does for an account of its own: what would revert fails when its gas is estimated, and is never sent.
    writeContract: async (args) => {
      const gas = args.gas ?? (await reader.estimateContractGas({ ...args, account: relayer } as never))
      const hash = await writer.writeContract({ ...args, gas, gasPrice: 0n } as never)
      await mine()
      return hash
    },
    sendTransaction: async ({ to, data }) => {
      const hash = await writer.sendTransaction({ to, data, gasPrice: 0n })
      await mine()
      return hash
    },
    waitForTransactionReceipt: ({ hash }) => reader.getTransactionReceipt({ hash }),
  }
}

/** The reference asks through Multicall3 why a simulation failed. viem has its bytecode, for chains that lack it, and does not export it. */
export async function placeMulticall3(world: World): Promise<void> {
  const { multicall3Bytecode } = (await import(installed('viem/_esm/constants/contracts.js').href)) as { multicall3Bytecode: Hex }
  // A call without a receiver runs the constructor and answers the code that it would deploy.
  const code = (await world.request('eth_call', { from: relayer, data: multicall3Bytecode }, 'latest')) as Hex
  await world.setCode('0xcA11bde05977b3631167028862bE2a173976CA11', code)
}
