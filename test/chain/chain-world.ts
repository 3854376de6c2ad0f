import { builtInNetworks, type EvmNetwork, type EvmPayment } from '@eip3009/core'
import { type EmbeddedChain, openChain } from '@eip3009/core/replay'
import { type Address, encodeFunctionData, type Hex, pad, parseAbi, toHex } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { type ChainPool, poolChains } from '../../packages/core/src/testing/pool-chains.ts'

export const base = builtInNetworks.all.find(({ id }) => id === 'base') as EvmNetwork

/** Public test keys (the numbers 1 and 2): nobody's money. */
export const payer = privateKeyToAccount(pad('0x01'))
export const stranger = privateKeyToAccount(pad('0x02'))
export const payee: Address = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
export const relayer: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'

/** The newest block of the stand-in chain, unix seconds; the window is open around it. */
export const now = 1_790_000_300n
export const value = 10_000n

export const tokenAbi = parseAbi([
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
  'function cancelAuthorization(address authorizer, bytes32 nonce, bytes signature)',
  'function configureMinter(address minter, uint256 allowance)',
  'function mint(address to, uint256 amount)',
  'function masterMinter() view returns (address)',
  'function pauser() view returns (address)',
  'function blacklister() view returns (address)',
  'function pause()',
  'function blacklist(address account)',
  'function balanceOf(address) view returns (uint256)',
])

/** What viem is told that is signed, written out here: an oracle of ours and no word of core's. */
export const authorizationMembers = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const

export const domain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address } as const

export interface Changes {
  readonly from?: Address
  readonly nonce?: Hex
  readonly signer?: PrivateKeyAccount
  readonly domain?: object
  /** The window's validAfter and validBefore. */
  readonly after?: bigint
  readonly before?: bigint
  readonly extra?: Partial<EvmPayment>
}

/** A payment that viem signed for Base's USDC, good unless something is changed. */
export async function payment({
  from = payer.address,
  nonce = pad('0xab'),
  signer = payer,
  domain: own = domain,
  after = now - 300n,
  before = now + 300n,
  extra = {},
}: Changes = {}): Promise<EvmPayment> {
  const authorization = { from, to: payee, value, validAfter: after, validBefore: before, nonce }
  const signature = await signer.signTypedData({
    domain: own,
    types: { TransferWithAuthorization: authorizationMembers },
    primaryType: 'TransferWithAuthorization',
    message: authorization,
  })
  return {
    family: 'evm',
    rail: 'eip3009',
    payerClaims: [],
    form: 'x402-payment-payload',
    recognised: 'a test payment',
    networkName: 'base',
    network: base,
    chainId: 8453,
    token: base.usdc.address,
    primaryType: 'TransferWithAuthorization',
    authorization,
    signature,
    findings: [],
    ...extra,
  }
}

/** The real contract on an anvil that says it is Base, with a payer who has money. Only what a test does to it is wrong with it. */
export interface World extends AsyncDisposable {
  readonly url: string
  readonly chain: EmbeddedChain
  request(method: string, ...params: readonly unknown[]): Promise<unknown>
  /** Sends a transaction and mines it in a block of its own, a second after the one before or at the given time. */
  send(from: Address, to: Address, data: Hex, time?: bigint): Promise<Hex>
  /** A call of the token by the holder of one of its roles. */
  asRole(role: 'pauser' | 'blacklister', data: Hex): Promise<Hex>
  mine(time: bigint): Promise<void>
  setCode(address: Address, code: Hex): Promise<void>
}

/** One a network and borrower at a time, for all files that a worker runs: each is put back as it was, and ends with the worker. */
const pools = new Map<string, ChainPool<EmbeddedChain>>()

/** `at` is its newest block's time. */
export async function openWorld(network: EvmNetwork = base, at: bigint = now): Promise<World> {
  const name = `${network.id} ${at}`
  const pool = pools.get(name) ?? poolChains(async () => staged(await openChain({ network }), network, at))
  pools.set(name, pool)
  const { chain, giveBack } = await pool.take()
  return { ...toolsOf(chain, network), [Symbol.asyncDispose]: giveBack }
}

/** A payer with money, in a chain whose clock is the payments'. */
async function staged(chain: EmbeddedChain, network: EvmNetwork, at: bigint): Promise<EmbeddedChain> {
  const { request, send, mine } = toolsOf(chain, network)
  const token = network.usdc.address
  const minter = await holderOf('masterMinter', token, request)
  await mine(at - 1000n)
  await send(minter, token, encodeFunctionData({ abi: tokenAbi, functionName: 'configureMinter', args: [minter, 10n ** 12n] }))
  await send(minter, token, encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [payer.address, 1_000_000n] }))
  await mine(at)
  return chain
}

async function holderOf(
  functionName: 'masterMinter' | 'pauser' | 'blacklister',
  token: Address,
  request: World['request'],
): Promise<Address> {
  const data = encodeFunctionData({ abi: tokenAbi, functionName })
  return `0x${((await request('eth_call', { to: token, data }, 'latest')) as Hex).slice(26)}`
}

function toolsOf(chain: EmbeddedChain, network: EvmNetwork): Omit<World, keyof AsyncDisposable> {
  const url = `http://127.0.0.1:${chain.anvil.port}`
  const token = network.usdc.address
  const request = async (method: string, ...params: readonly unknown[]): Promise<unknown> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } }
    if (error !== undefined) throw new TypeError(`${method}: ${error.message}`)
    return result
  }
  const mine = async (time: bigint): Promise<void> => {
    await request('evm_mine', toHex(time))
  }
  const newest = async (): Promise<bigint> => {
    const { timestamp } = (await request('eth_getBlockByNumber', 'latest', false)) as { timestamp: Hex }
    return BigInt(timestamp)
  }
  const send = async (from: Address, to: Address, data: Hex, time?: bigint): Promise<Hex> => {
    const hash = (await request('eth_sendTransaction', { from, to, data, gas: '0xf42400', gasPrice: '0x0' })) as Hex
    await mine(time ?? (await newest()) + 1n)
    const receipt = (await request('eth_getTransactionReceipt', hash)) as { status: Hex }
    if (receipt.status !== '0x1') throw new TypeError('a transaction that sets the scene reverted')
    return hash
  }
  return {
    url,
    chain,
    request,
    send,
    mine,
    asRole: async (name, data) => send(await holderOf(name, token, request), token, data),
    setCode: async (address, code) => {
      await request('anvil_setCode', address, code)
    },
  }
}

/** Sends the payment to the token as a facilitator does. */
export function settle({ authorization, signature }: EvmPayment): Hex {
  const { from, to, validAfter, validBefore, nonce } = authorization
  return encodeFunctionData({
    abi: tokenAbi,
    functionName: 'transferWithAuthorization',
    args: [from, to, authorization.value, validAfter, validBefore, nonce, signature],
  })
}
