import { type Address, encodeFunctionData, type Hex } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { base, domain, now, openWorld, payee, payment, relayer, settle, stranger, tokenAbi, type World } from '../chain/chain-world.ts'
import { run } from '../fake-console.ts'
import { mineAnyway, scenarios } from './fail.ts'

const richRelayer: Address = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'
const forwarder: Address = '0x00000000000000000000000000000000000000F1'

/** A contract that passes what follows the first four bytes on to `to`, and reverts as that does. */
const forwarding = (to: Address, first = ''): Hex =>
  `0x${first}3660049003806004600037600060008260006000${'73'}${to.slice(2).toLowerCase()}5af13d600060003e${push(0x38 + first.length / 2)}573d6000fd5b3d6000f3`
const push = (value: number): string => `60${value.toString(16).padStart(2, '0')}`
/** Goes on only in one block, at one second: `require(block.number == …)`, `require(block.timestamp == …)`. */
const onlyIn = (block: bigint, time: bigint): string => `43${push(Number(block))}14600a575f5ffd5b4263${time.toString(16)}146018575f5ffd5b`
/** Called with nothing it remembers that; called with something it goes on only if it does. */
const onceOpened = '3660095760015f55005b5f546012575f5ffd5b'

let world: World
let snapshot: unknown
beforeAll(async () => {
  world = await openWorld()
})
beforeEach(async () => {
  if (snapshot !== undefined) await world.request('evm_revert', snapshot)
  snapshot = await world.request('evm_snapshot')
})
afterAll(() => world[Symbol.asyncDispose]())

describe('a failed transaction, replayed by its hash', () => {
  it.each(scenarios.map((scenario, index) => [`${index} ${scenario.cause}`, scenario] as const))(
    '%s',
    async (_, { cause, revert, stage }) => {
      const { paid, time, data = settle(paid) } = await stage(world)
      const mined = await mineAnyway(world, { data, time })
      expect(mined.status).toBe('0x0')
      const { code, out, err } = await run(['replay', mined.hash, '--rpc-url', world.url, '--json'])
      const report = JSON.parse(out === '' ? `"${err}"` : out)
      expect(report).toMatchObject({
        status: 'reverted',
        revert,
        cause,
        proof: 'proven',
        mined: { hash: mined.hash, status: 'reverted', gasUsed: String(mined.gasUsed), same: true, inner: false },
        chain: { kind: 'fork', atItsBlock: true },
      })
      const gas = BigInt(report.gasUsed)
      expect((gas > mined.gasUsed ? gas - mined.gasUsed : mined.gasUsed - gas) * 100n <= mined.gasUsed).toBe(true)
      // What was altered in calldata, the facilitator altered.
      expect(code).toBe(cause === 'message-altered' ? 3 : 1)
      // The counterfactual: with what the findings predict undone, it settles.
      expect(report.runs.slice(0, 2).map(({ outcome }: { outcome: string }) => outcome)).toEqual(['reverted', 'settled'])
    },
  )
})

describe('what surrounds it', () => {
  const hashOf = async (index: number): Promise<unknown> => {
    const block = (await world.request('eth_getBlockByNumber', 'latest', false)) as { readonly transactions: readonly Hex[] }
    return block.transactions[index]
  }

  it('with others before it, it is replayed in the block of its own number and time', async () => {
    const block = BigInt((await world.request('eth_blockNumber')) as Hex) + 1n
    await world.setCode(forwarder, forwarding(base.usdc.address, onlyIn(block, now + 7n)))
    const other = { from: richRelayer, to: payee, data: '0x' as const }
    const paid = await payment({ domain: { ...domain, name: 'USDC' } })
    const mined = await mineAnyway(world, {
      to: forwarder,
      data: `0xdeadbeef${settle(paid).slice(2)}`,
      before: [other, { ...other, to: stranger.address }],
      time: now + 7n,
    })
    const { out } = await run(['replay', mined.hash, '--rpc-url', world.url, '--json'])
    expect(JSON.parse(out)).toMatchObject({
      revert: 'FiatTokenV2: invalid signature',
      cause: 'domain-name-mismatch',
      proof: 'proven',
      gasUsed: String(mined.gasUsed),
      mined: { same: true, inner: true },
      chain: { atItsBlock: true, earlier: { count: 2, replayed: 2 } },
    })
  })

  it('a contract that calls the token only because of what came first', async () => {
    await world.setCode(forwarder, forwarding(base.usdc.address, onceOpened))
    const paid = await payment({ domain: { ...domain, name: 'USDC' } })
    const data: Hex = `0xdeadbeef${settle(paid).slice(2)}`
    const mined = await mineAnyway(world, { to: forwarder, data, before: [{ from: richRelayer, to: forwarder, data: '0x' }] })
    const { out, err } = await run(['replay', mined.hash, '--rpc-url', world.url, '--json'])
    expect(err).toBe('')
    expect(JSON.parse(out)).toMatchObject({ cause: 'domain-name-mismatch', proof: 'proven', mined: { same: true, inner: true } })
  })

  it('an earlier transaction of its own block used the nonce, and without that one it settles', async () => {
    const paid = await payment()
    const first = { from: richRelayer, to: base.usdc.address, data: settle(paid) }
    const mined = await mineAnyway(world, { data: settle(paid), before: [first] })
    const { out } = await run(['replay', mined.hash, '--rpc-url', world.url, '--json', '--matrix'])
    const report = JSON.parse(out)
    expect(report).toMatchObject({
      status: 'reverted',
      revert: 'FiatTokenV2: authorization is used or canceled',
      cause: 'authorization-used',
      proof: 'proven',
      chain: { earlier: { count: 1, replayed: 1, failed: [] } },
      mined: { same: true },
      // The transaction as the chain has it, not the one that the replay sent.
      diagnosis: { money: { state: 'moved' }, settlement: { sender: richRelayer, transaction: await hashOf(0), block: '6' } },
    })
    const alone = Object.fromEntries(report.matrix.map(({ name, outcome }: { name: string; outcome: string }) => [name, outcome]))
    expect(alone).toMatchObject({ 'latest for pending': 'settled', 'free the nonce': 'settled', unpause: 'reverted' })
  })

  it('two things are wrong at once: both are proven, and neither alone is enough', async () => {
    const paid = await payment({ domain: { ...domain, name: 'USDC' } })
    await world.asRole('pauser', encodeFunctionData({ abi: tokenAbi, functionName: 'pause' }))
    const mined = await mineAnyway(world, { data: settle(paid) })
    const { out } = await run(['replay', mined.hash, '--rpc-url', world.url, '--json', '--matrix'])
    const { diagnosis, matrix, revert } = JSON.parse(out)
    expect(revert).toBe('Pausable: paused')
    const proofs = diagnosis.findings.map(({ cause, proof }: Record<string, string>) => [cause, proof])
    expect(proofs.slice(0, 2)).toEqual([
      ['paused', 'proven'],
      ['domain-name-mismatch', 'proven'],
    ])
    expect(matrix.filter(({ outcome }: { outcome: string }) => outcome === 'settled')).toEqual([])
    expect(matrix.find(({ name }: { name: string }) => name === 'unpause')).toMatchObject({ says: 'FiatTokenV2: invalid signature' })
  })

  it('the token was called by another contract: the call inside is found by a trace of our own', async () => {
    await world.setCode(forwarder, forwarding(base.usdc.address))
    const paid = await payment({ domain: { ...domain, name: 'USDC' } })
    const mined = await mineAnyway(world, { to: forwarder, data: `0xdeadbeef${settle(paid).slice(2)}` })
    const { out } = await run(['replay', mined.hash, '--rpc-url', world.url, '--json'])
    expect(JSON.parse(out)).toMatchObject({
      status: 'reverted',
      revert: 'FiatTokenV2: invalid signature',
      cause: 'domain-name-mismatch',
      proof: 'proven',
      mined: { inner: true, same: true, gasUsed: String(mined.gasUsed) },
      call: { sender: relayer },
    })
  })

  it('too little gas: with more the same payment settles', async () => {
    const paid = await payment()
    const mined = await mineAnyway(world, { data: settle(paid), gas: 50_000n })
    expect(mined.status).toBe('0x0')
    const { code, out } = await run(['replay', mined.hash, '--rpc-url', world.url, '--json'])
    expect(code).toBe(3)
    expect(JSON.parse(out)).toMatchObject({
      status: 'reverted',
      cause: 'facilitator-gas-limit',
      party: 'facilitator',
      proof: 'proven',
      mined: { same: true },
      diagnosis: { retry: { action: 'send-same' }, findings: [{ cause: 'facilitator-gas-limit', proof: 'proven' }] },
    })
  })

  it('too little gas and a wrong name: the name alone is no excuse for the gas', async () => {
    const paid = await payment({ domain: { ...domain, name: 'USDC' } })
    const mined = await mineAnyway(world, { data: settle(paid), gas: 50_000n })
    const { out } = await run(['replay', mined.hash, '--rpc-url', world.url, '--json'])
    const { diagnosis, proof } = JSON.parse(out)
    expect(proof).toBe('proven')
    // Called under another domain it is sent anew, with gas of our own: only the name is shown.
    expect(diagnosis.findings[0]).toMatchObject({ cause: 'domain-name-mismatch', proof: 'proven' })
  })

  it('a transaction that settled is replayed as it was', async () => {
    const paid = await payment()
    const mined = await mineAnyway(world, { data: settle(paid) })
    expect(mined.status).toBe('0x1')
    const { code, out } = await run(['replay', mined.hash, '--rpc-url', world.url, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      status: 'settled',
      mined: { status: 'succeeded', same: true },
      balances: [
        { before: '1000000', after: '990000' },
        { before: '0', after: '10000' },
      ],
      events: [{ name: 'AuthorizationUsed' }, { name: 'Transfer', value: '10000' }],
    })
  })

  it('a transaction without a payment is named for what it is', async () => {
    const data = encodeFunctionData({ abi: tokenAbi, functionName: 'balanceOf', args: [payee] })
    const mined = await mineAnyway(world, { data })
    const { code, err } = await run(['replay', mined.hash, '--rpc-url', world.url])
    expect(code).toBe(2)
    expect(err).toContain('has no transferWithAuthorization or receiveWithAuthorization in it')
    expect(err).toContain('balanceOf')
  })

  it('a log line that names the transaction is enough', async () => {
    const mined = await mineAnyway(world, { data: settle(await payment({ domain: { ...domain, name: 'USDC' } })) })
    const line = `2026-09-22T10:00:00Z ERROR settle failed: transaction reverted transactionHash=${mined.hash} network=base`
    const { out } = await run(['replay', line, '--rpc-url', world.url, '--json'])
    expect(JSON.parse(out)).toMatchObject({ mined: { hash: mined.hash }, cause: 'domain-name-mismatch', proof: 'proven' })
  })

  it('a transaction that waits is replayed on the newest block', async () => {
    const hash = await world.request('eth_sendTransaction', {
      from: relayer,
      to: base.usdc.address,
      data: settle(await payment({ domain: { ...domain, name: 'USDC' } })),
      gas: '0x7a120',
      gasPrice: '0x0',
    })
    const { code, out } = await run(['replay', String(hash), '--rpc-url', world.url, '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ cause: 'domain-name-mismatch', proof: 'proven', mined: null, chain: { atItsBlock: false } })
  })

  it('a raw transaction that was mined is replayed where it was', async () => {
    const paid = await payment({ domain: { ...domain, name: 'USDC' } })
    const raw = await stranger.signTransaction({
      chainId: 8453,
      to: base.usdc.address,
      data: settle(paid),
      gas: 500_000n,
      gasPrice: 0n,
      nonce: 0,
      type: 'legacy',
    })
    const hash = await world.request('eth_sendRawTransaction', raw)
    await world.mine(now + 5n)
    const { out } = await run(['replay', raw, '--rpc-url', world.url, '--json'])
    expect(JSON.parse(out)).toMatchObject({ mined: { hash, same: true }, call: { sender: stranger.address }, proof: 'proven' })
  })
})
