import type { EvmPayment } from '@eip3009/core'
import { type Address, encodeFunctionData, type Hex, parseAbi, toHex } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { base, now, openWorld, payee, payer, payment, relayer, settle, type World } from '../chain/chain-world.ts'
import { run } from '../fake-console.ts'
import { forward, startRpcServer } from '../rpc-server.ts'

const somebody: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const delegate: Address = '0x00000000000000000000000000000000000000d1'
/** `isValidSignature` that answers 0xffffffff to everything. */
const refuses = '0x63ffffffff60e01b60005260206000f3'
const transfer = parseAbi(['function transfer(address to, uint256 value) returns (bool)'])

let world: World
let snapshot: unknown
beforeAll(async () => {
  world = await openWorld()
})
beforeEach(async () => {
  // What waits is no part of a snapshot.
  await world.request('anvil_dropAllTransactions')
  if (snapshot !== undefined) await world.request('evm_revert', snapshot)
  snapshot = await world.request('evm_snapshot')
})
afterAll(() => world[Symbol.asyncDispose]())

const bodyOf = ({ authorization, signature }: EvmPayment): string => {
  const members = Object.fromEntries(Object.entries(authorization).map(([name, value]) => [name, String(value)]))
  return JSON.stringify({ x402Version: 1, scheme: 'exact', network: 'base', payload: { signature, authorization: members } })
}

const send = (transaction: object): Promise<unknown> =>
  world.request('eth_sendTransaction', { gas: '0x30d40', gasPrice: '0x0', ...transaction })

/** What a facilitator asks before it sends. */
async function estimate(paid: EvmPayment, tag: string): Promise<string> {
  const call = { from: relayer, to: base.usdc.address, data: settle(paid) }
  return world.request('eth_estimateGas', call, tag).then(
    () => 'settles',
    (error: Error) => error.message,
  )
}

async function delegatePayer(): Promise<void> {
  const { address, chainId, nonce, r, s, yParity } = await payer.signAuthorization({ contractAddress: delegate, chainId: 8453, nonce: 0 })
  const authorization = { address, chainId: toHex(chainId), nonce: toHex(nonce), r, s, yParity: toHex(yParity ?? 0) }
  await world.setCode(delegate, refuses)
  await world.request('eth_sendTransaction', {
    from: somebody,
    to: somebody,
    gas: '0x30d40',
    maxFeePerGas: '0x0',
    maxPriorityFeePerGas: '0x0',
    authorizationList: [authorization],
  })
}

const spend = (): Promise<unknown> =>
  send({
    from: payer.address,
    to: base.usdc.address,
    data: encodeFunctionData({ abi: transfer, functionName: 'transfer', args: [somebody, 1_000_000n] }),
  })

describe('a payment that settles on latest and not on pending', () => {
  it.each([
    ['a delegation of the payer', async () => delegatePayer(), 'FiatTokenV2: invalid signature', 'pending-block-estimate'],
    ['his balance spent', async () => spend(), 'ERC20: transfer amount exceeds balance', 'pending-block-estimate'],
    [
      'the nonce used',
      async (paid: EvmPayment) => send({ from: somebody, to: base.usdc.address, data: settle(paid) }),
      'FiatTokenV2: authorization is used or canceled',
      'settlement-unconfirmed',
    ],
  ] as const)('%s, which waits: proven by leaving it out', async (_, wait, revert, cause) => {
    const paid = await payment()
    await wait(paid)
    // The node's own word, as the facilitator hears it.
    expect([await estimate(paid, 'latest'), await estimate(paid, 'pending')]).toEqual(['settles', expect.stringContaining(revert)])

    const { code, out, err } = await run(['replay', bodyOf(paid), '--rpc-url', world.url, '--block', 'pending', '--matrix', '--json'])
    expect(err).toBe('')
    const report = JSON.parse(out)
    expect(report).toMatchObject({
      status: 'reverted',
      revert,
      cause,
      proof: 'proven',
      chain: { earlier: { count: 1, replayed: 1, leftOut: null } },
    })
    expect(code).toBe(3)
    expect(report.chain.description).toContain('at the pending block: block 5, then 1 transaction that waits there')
    const settled = report.matrix.filter(({ outcome }: { readonly outcome: string }) => outcome === 'settled')
    expect(settled.map(({ name }: { readonly name: string }) => name)).toContain('latest for pending')

    const plain = await run(['replay', bodyOf(paid), '--rpc-url', world.url, '--at', String(now), '--json'])
    expect(JSON.parse(plain.out)).toMatchObject({ status: 'settled', chain: { earlier: null } })
  })

  it('is not blamed on what waits where it is wrong by itself', async () => {
    const paid = await payment({ domain: { name: 'USDC', version: '2', chainId: 8453, verifyingContract: base.usdc.address } })
    await send({ from: somebody, to: payee, value: '0x1' })
    const { out } = await run(['replay', bodyOf(paid), '--rpc-url', world.url, '--block', 'pending', '--json'])
    const { cause, proof, diagnosis } = JSON.parse(out)
    expect([cause, proof]).toEqual(['domain-name-mismatch', 'proven'])
    expect(diagnosis.findings.map((finding: { readonly cause: string }) => finding.cause)).not.toContain('pending-block-estimate')
  })

  it('nothing waits: it settles there too', async () => {
    const { code, out } = await run(['replay', bodyOf(await payment()), '--rpc-url', world.url, '--block', 'pending', '--matrix', '--json'])
    const { status, matrix } = JSON.parse(out)
    expect([code, status]).toEqual([0, 'settled'])
    expect(matrix.map(({ name }: { readonly name: string }) => name)).not.toContain('latest for pending')
  })

  it('a node without a pending block is told from one in which nothing waits', async () => {
    const paid = bodyOf(await payment())
    await using rpc = await startRpcServer((request) =>
      forward(world.url, JSON.parse(JSON.stringify(request).replaceAll('"pending"', '"latest"'))),
    )
    const { code, err } = await run(['replay', paid, '--rpc-url', rpc.url, '--block', 'pending'])
    expect([code, err]).toEqual([4, expect.stringContaining('has no pending block')])
  })

  it.each([
    [['--export', 'x'], '--export records what was mined'],
    [[], '--block needs an RPC'],
  ])('with %j it is refused in one sentence', async (args, words) => {
    const { code, err } = await run(['replay', bodyOf(await payment()), '--block', 'pending', ...args])
    expect([code, err]).toEqual([2, expect.stringContaining(words)])
    const hash: Hex = `0x${'12'.repeat(32)}`
    const asked = await run(['replay', hash, '--rpc-url', world.url, '--block', 'pending'])
    expect([asked.code, asked.err]).toEqual([2, expect.stringContaining('leave it out for a transaction')])
  })
})
