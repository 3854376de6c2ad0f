import { builtInNetworks, type CauseId, decodeRevert, type EvmNetwork } from '@eip3009/core'
import { type EmbeddedChain, openChain } from '@eip3009/core/replay'
import { fixtureSigner } from '@eip3009/fixtures'
import { encodeAbiParameters, encodeFunctionData, type Hex, keccak256, parseAbi, parseTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

// Every string of FiatToken v2.2's own checks, produced by Circle's contract and read off each way in which a node reports it.

const abi = parseAbi([
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
  'function receiveWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
  'function pause()',
  'function blacklist(address)',
  'function pauser() view returns (address)',
  'function blacklister() view returns (address)',
])
const payer = privateKeyToAccount(fixtureSigner.privateKey)
// anvil's first account, known to everybody.
const relayer = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const base = builtInNetworks.all.find((network): network is EvmNetwork => network.id === 'base')
const now = 1_790_000_000n

interface Fields {
  readonly to?: Hex
  readonly validAfter?: bigint
  readonly validBefore?: bigint
}

let chain: EmbeddedChain
let clean: string
beforeAll(async () => {
  if (base === undefined) throw new TypeError('base is missing')
  chain = await openChain({ network: base })
  await rpc('evm_setNextBlockTimestamp', [Number(now)])
  await rpc('evm_mine', [])
  await rpc('anvil_setBalance', [relayer.address, '0x56bc75e2d63100000'])
  clean = await rpc('evm_snapshot', [])
})
afterAll(() => chain.close())
beforeEach(async () => {
  await rpc('evm_revert', [clean])
  clean = await rpc('evm_snapshot', [])
})

/** The chain mines only when it is told to; a second a block keeps its clock where the fixtures are. */
async function mine(): Promise<void> {
  await rpc('anvil_setBlockTimestampInterval', [1])
  await rpc('evm_mine', [])
}

/** The node's answer; its error object is thrown as it is. */
async function rpc(method: string, params: readonly unknown[]): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${chain.anvil.port}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result, error } = (await response.json()) as { readonly result: string; readonly error?: unknown }
  if (error !== undefined) throw error
  return result
}

async function payment(
  { to = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C', validAfter = 0n, validBefore = now + 3600n }: Fields = {},
  signature?: (good: Hex) => Hex,
): Promise<readonly [Hex, Hex, bigint, bigint, bigint, Hex, Hex]> {
  const message = { from: payer.address, to, value: 10_000n, validAfter, validBefore, nonce: `0x${'01'.repeat(32)}` } as const
  const members = ['address from', 'address to', 'uint256 value', 'uint256 validAfter', 'uint256 validBefore', 'bytes32 nonce']
  const types = {
    TransferWithAuthorization: members.map((member) => ({ type: member.split(' ')[0] ?? '', name: member.split(' ')[1] ?? '' })),
  }
  const domain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: chain.token }
  const good = await payer.signTypedData({ domain, types, primaryType: 'TransferWithAuthorization', message })
  return [message.from, to, message.value, validAfter, validBefore, message.nonce, signature === undefined ? good : signature(good)]
}

const transfer = async (...args: Parameters<typeof payment>): Promise<Hex> =>
  encodeFunctionData({ abi, functionName: 'transferWithAuthorization', args: await payment(...args) })

async function asRole(role: 'pauser' | 'blacklister', data: Hex): Promise<void> {
  const word = await rpc('eth_call', [{ to: chain.token, data: encodeFunctionData({ abi, functionName: role }) }, 'latest'])
  const holder = `0x${word.slice(26)}`
  await rpc('anvil_setBalance', [holder, '0x56bc75e2d63100000'])
  await rpc('anvil_impersonateAccount', [holder])
  await rpc('eth_sendTransaction', [{ from: holder, to: chain.token, data }])
  await mine()
}

const put = (signature: Hex, at: number, hex: string): Hex =>
  `0x${signature.slice(2, 2 + 2 * at)}${hex}${signature.slice(2 + 2 * at + hex.length)}`

const rows: readonly (readonly [string, CauseId, () => Promise<Hex>])[] = [
  ['Pausable: paused', 'paused', async () => asRole('pauser', encodeFunctionData({ abi, functionName: 'pause' })).then(() => transfer())],
  [
    'Blacklistable: account is blacklisted',
    'blacklisted',
    async () => asRole('blacklister', encodeFunctionData({ abi, functionName: 'blacklist', args: [payer.address] })).then(() => transfer()),
  ],
  ['FiatTokenV2: authorization is not yet valid', 'not-yet-valid', () => transfer({ validAfter: now + 1800n })],
  ['FiatTokenV2: authorization is expired', 'expired', () => transfer({ validBefore: now })],
  [
    'FiatTokenV2: authorization is used or canceled',
    'authorization-used',
    async () => rpc('anvil_setStorageAt', [chain.token, authorizationSlot(), `0x${'00'.repeat(31)}01`]).then(() => transfer()),
  ],
  ['FiatTokenV2: invalid signature', 'message-altered', () => transfer({}, (good) => put(good, 64, good.endsWith('1b') ? '1c' : '1b'))],
  ['ECRecover: invalid signature length', 'signature-length', () => transfer({}, (good) => `${good}00`)],
  ["ECRecover: invalid signature 'v' value", 'v-0-or-1', () => transfer({}, (good) => put(good, 64, '00'))],
  ["ECRecover: invalid signature 's' value", 'high-s', () => transfer({}, (good) => put(good, 32, 'ff'.repeat(32)))],
  ['ECRecover: invalid signature', 'signature-byte-order', () => transfer({}, (good) => put(good, 0, '00'.repeat(31).concat('05')))],
  ['ERC20: transfer to the zero address', 'malformed-field', () => transfer({ to: `0x${'00'.repeat(20)}` })],
  ['ERC20: transfer amount exceeds balance', 'insufficient-balance', () => transfer()],
  [
    'FiatTokenV2: caller must be the payee',
    'primary-type-mismatch',
    async () => encodeFunctionData({ abi, functionName: 'receiveWithAuthorization', args: await payment() }),
  ],
]

describe.each(rows)('%s', (reason, cause, prepare) => {
  const expectDecoded = (answer: unknown, how: string): void => {
    const revert = decodeRevert(answer, { standard: 'FiatTokenV2_2' })
    expect([how, revert.message]).toEqual([how, reason])
    expect(revert.kind).toBe('error-string')
    if (cause !== 'malformed-field') expect(revert.causes).toContain(cause)
  }
  const refused = (method: string, params: readonly unknown[]): Promise<unknown> =>
    rpc(method, params).then(
      (result) => expect.fail(`${method} answered ${result}`),
      (error: unknown) => error,
    )

  it('is decoded from eth_call, eth_estimateGas and a mined receipt', async () => {
    const data = await prepare()
    const call = { from: relayer.address, to: chain.token, data }
    expectDecoded(await refused('eth_call', [call, 'latest']), 'eth_call')
    expectDecoded(await refused('eth_estimateGas', [call]), 'eth_estimateGas')

    // A receipt has no reason: what was mined is executed again at its own block.
    const nonce = Number(await rpc('eth_getTransactionCount', [relayer.address, 'latest']))
    const raw = await relayer.signTransaction({
      type: 'eip1559',
      chainId: 8453,
      nonce,
      to: chain.token,
      data,
      gas: 300_000n,
      maxFeePerGas: 10n ** 10n,
    })
    const hash = await rpc('eth_sendRawTransaction', [raw])
    await mine()
    const receipt = (await rpc('eth_getTransactionReceipt', [hash])) as unknown as { readonly status: string; readonly blockNumber: string }
    expect(receipt.status).toBe('0x0')
    expect(parseTransaction(raw).data).toBe(data)
    expectDecoded(await refused('eth_call', [call, receipt.blockNumber]), 're-execution')
  })
})

describe('what the node itself refuses, over eth_sendRawTransaction', () => {
  const send = async (account: typeof relayer, nonce: number): Promise<unknown> => {
    const data = await transfer()
    const raw = await account.signTransaction({
      type: 'eip1559',
      chainId: 8453,
      nonce,
      to: chain.token,
      data,
      gas: 300_000n,
      maxFeePerGas: 10n ** 10n,
    })
    return rpc('eth_sendRawTransaction', [raw]).catch((error: unknown) => error)
  }

  it('a relayer without gas money is the facilitator’s fault, not the payer’s', async () => {
    expect(decodeRevert(await send(payer, 0))).toMatchObject({ cause: 'facilitator-out-of-gas-money', party: 'facilitator' })
  })

  it('a nonce that was used', async () => {
    await rpc('anvil_setNonce', [relayer.address, '0x5'])
    expect(decodeRevert(await send(relayer, 1))).toMatchObject({ cause: 'facilitator-nonce', party: 'facilitator' })
  })
})

/** authorizationStates is the mapping at slot 16 of FiatToken v2.2: payer, then nonce. */
function authorizationSlot(): Hex {
  const outer = keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [payer.address, 16n]))
  return keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [`0x${'01'.repeat(32)}`, outer]))
}
