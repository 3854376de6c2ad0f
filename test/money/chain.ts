import { Agent, request as httpRequest } from 'node:http'
import { builtInNetworks, type EvmNetwork } from '@eip3009/core'
import { openChain } from '@eip3009/core/replay'
import { type Address, concat, encodeFunctionData, getAddress, type Hex, keccak256, pad, parseAbi, toHex } from 'viem'

const network = builtInNetworks.all.find(({ id }) => id === 'base') as EvmNetwork
const [other] = network.otherTokens
if (other === undefined) throw new TypeError('Base has no second token')

export const chainId = network.chainId
export const usdc: Token = { address: network.usdc.address, domain: { name: 'USD Coin', version: '2' } }
export const eurc: Token = { address: other.address, domain: { name: 'EURC', version: '2' } }

export interface Token {
  readonly address: Address
  readonly domain: { readonly name: string; readonly version: string }
}

const labelled = (label: number): Address => getAddress(pad(toHex(label), { size: 20 }))
/** Accounts without a meaning of their own. */
const sink = labelled(0x517c)
const role = labelled(0x701e)
const relayers: readonly Address[] = [labelled(0xfac1), labelled(0xfac2)]
export const adversary = labelled(0xad)
/** Nothing is at it: a call of it does nothing. */
const delegate = labelled(0xde1e)

const abi = parseAbi([
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
  'function receiveWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
  'function cancelAuthorization(address authorizer, bytes32 nonce, bytes signature)',
  'function authorizationState(address authorizer, bytes32 nonce) view returns (bool)',
  'function balanceOf(address) view returns (uint256)',
  'function configureMinter(address minter, uint256 allowance)',
  'function mint(address to, uint256 amount)',
  'function transfer(address to, uint256 amount)',
  'function pause()',
  'function unpause()',
  'function blacklist(address account)',
  'function unBlacklist(address account)',
  'function masterMinter() view returns (address)',
  'function pauser() view returns (address)',
  'function blacklister() view returns (address)',
  'function initialize(string name, string symbol, string currency, uint8 decimals, address masterMinter, address pauser, address blacklister, address owner)',
  'function initializeV2(string name)',
  'function initializeV2_1(address lostAndFound)',
  'function initializeV2_2(address[] accounts, string symbol)',
])

/** An EIP-3009 message. */
export interface Message {
  readonly from: Address
  readonly to: Address
  readonly value: bigint
  readonly validAfter: bigint
  readonly validBefore: bigint
  readonly nonce: Hex
}

export interface Call {
  readonly from: Address
  readonly to: Address
  readonly data: Hex
}

export interface Moved {
  readonly token: Address
  readonly to: Address
  readonly value: bigint
}

export function settling(token: Token, message: Message, signature: Hex, sender: Address, how: 'transfer' | 'receive' = 'transfer'): Call {
  const { from, to, value, validAfter, validBefore, nonce } = message
  const data = encodeFunctionData({
    abi,
    functionName: `${how}WithAuthorization`,
    args: [from, to, value, validAfter, validBefore, nonce, signature],
  })
  return { from: sender, to: token.address, data }
}

/** FiatToken's slot of the pauser, with the pause in the byte above it; and of a balance, whose highest bit says that the account is listed. */
const pauseSlot = toHex(1n, { size: 32 })
const balanceSlot = (account: Address): Hex => keccak256(concat([pad(account), toHex(9n, { size: 32 })]))

const transferTopic = '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef'

const agent = new Agent({ keepAlive: true })

function post(port: number, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const sending = httpRequest({ host: '127.0.0.1', port, agent, method: 'POST', headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('error', reject)
      response.on('end', () => resolve(text))
    })
    sending.on('error', reject)
    sending.end(body)
  })
}

export interface RpcCall {
  readonly method: string
  readonly params: readonly unknown[]
}

export type Json = { readonly result?: unknown; readonly error?: { readonly code: number; readonly message: string; readonly data?: Hex } }

/** Circle's contract twice on one chain, USDC and EURC, put back to the same state for each scenario. */
export class Chain implements AsyncDisposable {
  readonly #port: number
  readonly #close: () => Promise<void>
  #base: unknown
  #baseTime = 0n
  #turn = 0n
  #roles: Readonly<Record<'masterMinter' | 'pauser' | 'blacklister', Address>> | undefined
  /** Of the newest block. */
  time = 0n

  private constructor(port: number, close: () => Promise<void>) {
    this.#port = port
    this.#close = close
  }

  static async open(start: bigint, funded: readonly Address[]): Promise<Chain> {
    const embedded = await openChain({ network })
    const chain = new Chain(embedded.anvil.port, () => embedded.close())
    await chain.#setUp(start, funded)
    return chain
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close()
  }

  async batch(calls: readonly RpcCall[]): Promise<readonly Json[]> {
    if (calls.length === 0) return []
    const answers = await post(this.#port, JSON.stringify(calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call }))))
    const byId = new Map((JSON.parse(answers) as readonly (Json & { readonly id: number })[]).map((each) => [each.id, each]))
    return calls.map((_, id) => byId.get(id) ?? {})
  }

  async request(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const [answer] = await this.batch([{ method, params }])
    if (answer?.error !== undefined) throw new TypeError(`${method}: ${answer.error.message}`)
    return answer?.result
  }

  async mine(time = this.time + 1n): Promise<void> {
    this.time = time > this.time ? time : this.time + 1n
    await this.request('evm_mine', toHex(this.time))
  }

  /** One block with all of them, those of one sender in this order; whether each succeeded. */
  async send(calls: readonly Call[], time?: bigint): Promise<readonly boolean[]> {
    const hashes = await this.submit(calls, time)
    const receipts = await this.batch(hashes.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] })))
    return receipts.map(({ result }) => (result as { readonly status: Hex } | null)?.status === '0x1')
  }

  /** The same, whatever comes of them. */
  async submit(calls: readonly Call[], time?: bigint): Promise<readonly unknown[]> {
    if (calls.length === 0) {
      await this.mine(time)
      return []
    }
    const senders = [...new Set(calls.map(({ from }) => from))]
    const counts = await this.batch(senders.map((from) => ({ method: 'eth_getTransactionCount', params: [from, 'latest'] })))
    const next = new Map(senders.map((from, index) => [from, Number(counts[index]?.result)]))
    const transactions = calls.map((call) => {
      const nonce = next.get(call.from) ?? 0
      next.set(call.from, nonce + 1)
      return { method: 'eth_sendTransaction', params: [{ ...call, nonce: toHex(nonce), gas: '0x7a120', gasPrice: '0x0' }] }
    })
    const hashes = await this.batch(transactions)
    const refused = hashes.find(({ error }) => error !== undefined)
    if (refused !== undefined) throw new TypeError(`eth_sendTransaction: ${refused.error?.message}`)
    await this.mine(time)
    return hashes.map(({ result }) => result)
  }

  async block(): Promise<bigint> {
    return BigInt((await this.request('eth_blockNumber')) as Hex)
  }

  snapshot(): Promise<unknown> {
    return this.request('evm_snapshot')
  }

  /** Goes back to where a snapshot was made, at that time. */
  async revert(snapshot: unknown, time: bigint): Promise<void> {
    await this.request('evm_revert', snapshot)
    this.time = time
  }

  /** The state that every scenario begins with. */
  async reset(): Promise<void> {
    await this.revert(this.#base, this.#baseTime)
    this.#base = await this.snapshot()
    this.#turn += 1n
    // Blocks of another scenario that were the same would have the same hash, and anvil forgets the states of old ones.
    await this.request('anvil_setCoinbase', pad(toHex(this.#turn), { size: 20 }))
  }

  async setCode(account: Address, code: Hex): Promise<void> {
    await this.request('anvil_setCode', account, code)
  }

  /** Whatever is in the way of money from one account to the others goes away: no pause, no list, no code but `code`, and money for everything. */
  async clear(from: Address, code: Hex, others: readonly Address[]): Promise<void> {
    const amount = toHex(10n ** 14n, { size: 32 })
    const zero = toHex(0n, { size: 32 })
    await this.batch([
      { method: 'anvil_setCode', params: [from, code] },
      ...[usdc, eurc].flatMap(({ address }) => [
        { method: 'anvil_setStorageAt', params: [address, pauseSlot, pad(this.#roles?.pauser ?? role)] },
        ...others
          .filter((each) => each !== from)
          .map((each) => ({ method: 'anvil_setStorageAt', params: [address, balanceSlot(each), zero] })),
        { method: 'anvil_setStorageAt', params: [address, balanceSlot(from), amount] },
      ]),
    ])
  }

  async delegate(account: Address): Promise<void> {
    await this.setCode(delegate, '0x00')
    await this.setCode(account, `0xef0100${delegate.slice(2).toLowerCase()}`)
  }

  minting({ address }: Token, account: Address, amount: bigint): Call {
    return { from: role, to: address, data: encodeFunctionData({ abi, functionName: 'mint', args: [account, amount] }) }
  }

  emptying({ address }: Token, account: Address, amount: bigint): Call {
    return { from: account, to: address, data: encodeFunctionData({ abi, functionName: 'transfer', args: [sink, amount] }) }
  }

  pausing(token: Token, on: boolean): Call {
    return this.#asRole('pauser', token, encodeFunctionData({ abi, functionName: on ? 'pause' : 'unpause' }))
  }

  listing(token: Token, account: Address, on: boolean): Call {
    return this.#asRole('blacklister', token, encodeFunctionData({ abi, functionName: on ? 'blacklist' : 'unBlacklist', args: [account] }))
  }

  canceling({ address }: Token, authorizer: Address, nonce: Hex, signature: Hex): Call {
    const data = encodeFunctionData({ abi, functionName: 'cancelAuthorization', args: [authorizer, nonce, signature] })
    return { from: relayers[1] ?? adversary, to: address, data }
  }

  async isUsed({ address }: Token, authorizer: Address, nonce: Hex): Promise<boolean> {
    const data = encodeFunctionData({ abi, functionName: 'authorizationState', args: [authorizer, nonce] })
    return BigInt((await this.request('eth_call', { to: address, data }, 'latest')) as Hex) === 1n
  }

  async balance({ address }: Token, account: Address): Promise<bigint> {
    const data = encodeFunctionData({ abi, functionName: 'balanceOf', args: [account] })
    return BigInt((await this.request('eth_call', { to: address, data }, 'latest')) as Hex)
  }

  /** All that left an account in a scenario, by the logs. */
  async moved(account: Address): Promise<readonly Moved[]> {
    const logs = (await this.request('eth_getLogs', {
      address: [usdc.address, eurc.address],
      fromBlock: '0x0',
      toBlock: 'latest',
      topics: [transferTopic, pad(account)],
    })) as readonly { readonly address: Address; readonly topics: readonly Hex[]; readonly data: Hex }[]
    return logs
      .map(({ address, topics, data }) => ({
        token: getAddress(address),
        to: getAddress(`0x${(topics[2] ?? '').slice(26)}`),
        value: BigInt(data),
      }))
      .filter(({ to }) => to !== sink)
  }

  #asRole(name: 'pauser' | 'blacklister', token: Token, data: Hex): Call {
    return { from: token === usdc ? (this.#roles?.[name] ?? role) : role, to: token.address, data }
  }

  async #setUp(start: bigint, funded: readonly Address[]): Promise<void> {
    this.time = start
    await this.mine(start)
    const read = async (functionName: 'masterMinter' | 'pauser' | 'blacklister'): Promise<Address> => {
      const data = encodeFunctionData({ abi, functionName })
      return getAddress(`0x${((await this.request('eth_call', { to: usdc.address, data }, 'latest')) as Hex).slice(26)}`)
    }
    this.#roles = { masterMinter: await read('masterMinter'), pauser: await read('pauser'), blacklister: await read('blacklister') }
    await this.setCode(eurc.address, (await this.request('eth_getCode', usdc.address, 'latest')) as Hex)
    for (const slot of [
      // keccak256 of org.zeppelinos.proxy.implementation and org.zeppelinos.proxy.admin.
      '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3',
      '0x10d6a54a4754c8869d6886b5f5d7fbfa5b4522237ea5c60d11bc4e7a1ff9390b',
    ])
      await this.request('anvil_setStorageAt', eurc.address, slot, await this.request('eth_getStorageAt', usdc.address, slot, 'latest'))
    const by = (data: Hex, to = eurc.address, from = role): Call => ({ from, to, data })
    const amount = 10n ** 14n
    const configure = encodeFunctionData({ abi, functionName: 'configureMinter', args: [role, 10n ** 18n] })
    const done = await this.send([
      by(encodeFunctionData({ abi, functionName: 'initialize', args: ['EURC', 'EURC', 'EUR', 6, role, role, role, role] })),
      by(encodeFunctionData({ abi, functionName: 'initializeV2', args: ['EURC'] })),
      by(encodeFunctionData({ abi, functionName: 'initializeV2_1', args: [sink] })),
      by(encodeFunctionData({ abi, functionName: 'initializeV2_2', args: [[], 'EURC'] })),
      by(configure),
      by(configure, usdc.address, this.#roles.masterMinter),
      ...funded.flatMap((account) => [this.minting(usdc, account, amount), this.minting(eurc, account, amount)]),
    ])
    if (done.includes(false)) throw new TypeError(`the tokens can not be set up: ${done.join(' ')}`)
    this.#base = await this.snapshot()
    this.#baseTime = this.time
  }
}

/** Who submits for the seller. */
export const relayer = (through: 'same' | 'another'): Address => relayers[through === 'same' ? 0 : 1] ?? adversary
