import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNetwork } from '@eip3009/core'
import { openChain } from '@eip3009/core/replay'
import { createChainTest } from '@eip3009/core/vitest'
import { fixture, fixtureSigner } from '@eip3009/fixtures'
import { createTestClient, encodeAbiParameters, encodeFunctionData, http, keccak256, toHex } from 'viem'
import { afterAll, expect as bareExpect, describe, it } from 'vitest'
import { now, openWorld, payment, tokenAbi } from '../chain/chain-world.ts'
import { run } from '../fake-console.ts'

const answer = findNetwork('base')
if (answer.kind === 'unknown' || answer.network.family !== 'evm') throw new RangeError('base')
const { usdc } = answer.network

/** Stands in for the live chain: the fixtures' payer has money there, and the payee of none of them. */
const upstream = await openChain({ network: answer.network })
const forkUrl = `http://127.0.0.1:${upstream.anvil.port}`
const live = createTestClient({ mode: 'anvil', transport: http(forkUrl) })
/** Slot 9 of FiatToken is its mapping of balances; the top bit is the blacklist. */
const slotOf = (account: `0x${string}`) => keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [account, 9n]))
await live.setStorageAt({ address: usdc.address, index: slotOf(fixtureSigner.address), value: toHex(10n ** 12n, { size: 32 }) })
await live.mine({ blocks: 1 })
afterAll(() => upstream.close())

const blacklist = async (): Promise<void> => {
  const value = toHex((1n << 255n) | (10n ** 12n), { size: 32 })
  await live.setStorageAt({ address: usdc.address, index: slotOf(fixtureSigner.address), value })
  await live.mine({ blocks: 1 })
}

describe('a chain test on a fork', () => {
  const test = createChainTest({ forkUrl })

  test('has the state of the live chain, and leaves it alone', async ({ chain, expect }) => {
    expect([chain.network.id, chain.description.startsWith('fork')]).toEqual(['base', true])
    await expect(fixture('base', 'valid')).toSettle()
    await expect(fixture('base', 'domain-name-mismatch')).toFailWith('domain-name-mismatch')
    await expect(fixture('base', 'valid')).toRecoverTo(fixtureSigner.address)
    const own = createTestClient({ mode: 'anvil', transport: http(chain.rpcUrl) })
    await own.setStorageAt({ address: usdc.address, index: slotOf(fixtureSigner.address), value: toHex(0, { size: 32 }) })
    await expect(fixture('base', 'valid')).toFailWith('insufficient-balance')
  })

  test('which is as it was for the next one', async ({ expect }) => {
    await expect(fixture('base', 'valid')).toSettle()
  })
})

describe('eip3009 regress --rpc', () => {
  it('replays on forks, where the live state counts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'eip3009-forked-'))
    try {
      const { input, at } = fixture('base', 'valid')
      await writeFile(join(folder, 'valid.json'), JSON.stringify({ payment: input, at, expect: { verdict: 'settles' } }))
      const wrong = fixture('base', 'domain-name-mismatch')
      await writeFile(
        join(folder, 'wrong.json'),
        JSON.stringify({ payment: wrong.input, at: wrong.at, expect: { verdict: 'fails', cause: 'domain-name-mismatch' } }),
      )
      const before = await run(['regress', folder, '--rpc', `base=${forkUrl}`])
      bareExpect([before.code, before.out.split('\n')[0]]).toEqual([0, '✓ All 2 cases are as expected'])
      bareExpect(before.out).toContain('fork')

      await blacklist()
      const after = await run(['regress', folder, '--rpc', `base=${forkUrl}`, '--json'])
      bareExpect(JSON.parse(after.out)).toMatchObject({
        differ: 2,
        results: [{ actual: { cause: 'blacklisted' } }, { outcome: 'differs' }],
      })
      bareExpect(after.code).toBe(1)
      bareExpect((await run(['regress', folder])).code).toBe(0)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('judges an old payment inside its window where nothing says when, as replay does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'eip3009-forked-'))
    await using world = await openWorld()
    try {
      const { authorization, signature } = await payment({ after: now - 900n, before: now - 600n })
      const members = Object.fromEntries(Object.entries(authorization).map(([name, value]) => [name, String(value)]))
      const body = { x402Version: 1, scheme: 'exact', network: 'base', payload: { signature, authorization: members } }
      await writeFile(join(folder, 'old.json'), JSON.stringify({ payment: body, expect: { verdict: 'settles' } }))
      // Long after the window, and no reason for anything that happened in it.
      await world.asRole('pauser', encodeFunctionData({ abi: tokenAbi, functionName: 'pause' }))
      const { code, out } = await run(['regress', folder, '--rpc', `base=${world.url}`])
      bareExpect([code, out.split('\n')[0]]).toEqual([0, '✓ The one case is as expected'])
      const replayed = await run(['replay', JSON.stringify(body), '--rpc-url', world.url, '--json'])
      bareExpect(JSON.parse(replayed.out)).toMatchObject({ status: 'settled' })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('says that an RPC does not answer, and is not green', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'eip3009-forked-'))
    try {
      const { input, at } = fixture('base', 'valid')
      await writeFile(join(folder, 'valid.json'), JSON.stringify({ payment: input, at, expect: { verdict: 'settles' } }))
      const { code, out } = await run(['regress', folder, '--rpc', 'base=http://127.0.0.1:1/v2/0123456789abcdef0123456789abcdef'])
      bareExpect([code, out.split('\n')[0]]).toEqual([4, '✗ Of 1 case 1 could not be replayed, 0 are as expected'])
      bareExpect(out).not.toContain('0123456789abcdef0123456789abcdef')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
