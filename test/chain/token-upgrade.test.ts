import { diagnose } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { domainSeparator, type Hex, pad, stringToHex } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { base, domain, now, openWorld, payment, relayer, settle, stranger, type World } from './chain-world.ts'
import { untrueRpc } from './untrue-rpc.ts'

const token = base.usdc.address
const separatorOf = (name: string): Hex => domainSeparator({ domain: { ...domain, name } })
/** FiatTokenV1's `name`, a short string with twice its length in its last byte. */
const nameSlot = pad('0x4')
const named = (name: string): Hex => `${stringToHex(name, { size: 31 })}${(2 * name.length).toString(16).padStart(2, '0')}`

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

async function rename(name: string, time: bigint): Promise<void> {
  await world.request('anvil_setStorageAt', token, nameSlot, named(name))
  await world.mine(time)
  const separator = await world.request('eth_call', { to: token, data: '0x3644e515' }, 'latest')
  expect(separator).toBe(separatorOf(name))
}

describe('a token that was renamed after the payment was signed', () => {
  it('is at fault, by its separator at the block of then; what is signed under the new one settles', async () => {
    const paid = await payment({ after: now - 10n })
    await rename('Bridged USDC', now + 5n)
    await expect(world.request('eth_call', { from: relayer, to: token, data: settle(paid) }, 'latest')).rejects.toThrow(
      'FiatTokenV2: invalid signature',
    )
    const diagnosis = await diagnose(paid, { now: now + 6n, chains: [chainReader(world.url)] })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'token-upgraded', party: 'token', proof: 'proven' })
    const evidence = JSON.stringify(diagnosis.findings[0]?.evidence)
    expect(evidence).toContain(separatorOf('USD Coin'))
    expect(evidence).toContain(separatorOf('Bridged USDC'))
    expect(evidence).toContain('"source":"chain","says":"DOMAIN_SEPARATOR() is')
    expect(diagnosis.findings.map(({ cause }) => cause)).not.toContain('domain-name-mismatch')
    expect(diagnosis.fix).toContain(paid.authorization.nonce)
    const anew = await payment({ domain: { ...domain, name: 'Bridged USDC' } })
    expect(await diagnose(anew, { now: now + 6n, chains: [chainReader(world.url)] })).toMatchObject({ verdict: 'settles' })
  })

  it('is at fault by what was published, where a node has not the state of then', async () => {
    const paid = await payment({ after: now - 10n })
    await rename('Bridged USDC', now + 5n)
    const { number } = (await world.request('eth_getBlockByNumber', 'latest', false)) as { number: Hex }
    await using rpc = await untrueRpc(world.url, ({ method, params }) => {
      const at = params[method === 'eth_getStorageAt' ? 2 : 1]
      const isPast = method !== 'eth_getBlockByNumber' && typeof at === 'string' && at.startsWith('0x') && BigInt(at) < BigInt(number)
      return isPast ? { error: { code: -32000, message: 'missing trie node' } } : undefined
    })
    const diagnosis = await diagnose(paid, { now: now + 6n, chains: [chainReader(rpc.url)] })
    expect(diagnosis).toMatchObject({ cause: 'token-upgraded', party: 'token' })
    expect(diagnosis.findings[0]?.evidence[0]?.source).toBe('registry')
  })

  it('is not at fault for a name that it never had', async () => {
    await rename('Bridged USDC', now + 5n)
    const wrong = await payment({ domain: { ...domain, name: 'USDC' }, after: now - 10n })
    const diagnosis = await diagnose(wrong, { now: now + 6n, chains: [chainReader(world.url)] })
    expect(diagnosis.cause).toBe('domain-name-mismatch')
    const others = await payment({ signer: stranger, after: now - 10n })
    expect((await diagnose(others, { now: now + 6n, chains: [chainReader(world.url)] })).cause).not.toBe('token-upgraded')
  })
})
