import { diagnose, readEvmPayment } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { createPublicClient, http } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answering, startRpcServer } from '../rpc-server.ts'
import { domain, now, openWorld, payment, type World } from './chain-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

/** An authorization and a signature, and nothing that says for which network or token. */
async function bare(name: string): Promise<string> {
  const { authorization, signature } = await payment({ domain: { ...domain, name } })
  return JSON.stringify({ authorization, signature }, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

describe('a payment that names no network', () => {
  it("is taken for one of the RPC's chain, and the report says so", async () => {
    const paid = readEvmPayment(await bare('Some Dollar'))
    expect((await diagnose(paid, { now })).verdict).toBe('inconclusive')
    for (const source of [world.url, createPublicClient({ transport: http(world.url) })]) {
      const diagnosis = await diagnose(paid, { now, chains: [chainReader(source)] })
      expect(diagnosis).toMatchObject({
        verdict: 'fails',
        payment: { network: 'base', token: domain.verifyingContract },
        evm: { chainId: 8453 },
      })
      expect(diagnosis.payment.recognised).toMatch(/which names no network: taken for base, that of .+, chain 8453$/)
    }
  })

  it("needs nobody's word where the signature fits one network's token", async () => {
    const diagnosis = await diagnose(readEvmPayment(await bare('USD Coin')), { now, chains: [chainReader(world.url)] })
    expect(diagnosis).toMatchObject({ verdict: 'settles', proof: 'proven', payment: { network: 'base' } })
    expect(diagnosis.payment.recognised).not.toContain('taken for')
  })

  it('is not taken for a chain that the signature contradicts', async () => {
    await using server = await startRpcServer((body) => answering(body, () => ({ result: '0x89' })))
    const diagnosis = await diagnose(readEvmPayment(await bare('USD Coin')), { now, chains: [chainReader(server.url)] })
    expect(diagnosis.findings).toMatchObject([{ cause: 'rpc-wrong-chain', seen: '137', expected: '8453' }])
  })

  it('may be on a chain that nobody here knows', async () => {
    await using server = await startRpcServer((body) =>
      answering(body, ({ method }) => (method === 'eth_chainId' ? { result: '0x1e240' } : { error: { code: -32601, message: 'no' } })),
    )
    const diagnosis = await diagnose(readEvmPayment(await bare('Some Dollar')), { now, chains: [chainReader(server.url)] })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', payment: { network: null }, evm: { chainId: 123_456 } })
  })

  it('stays without a network where no RPC answers', async () => {
    await using server = await startRpcServer(() => 'hang up')
    const diagnosis = await diagnose(readEvmPayment(await bare('Some Dollar')), { now, chains: [chainReader(server.url, { retries: 0 })] })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', payment: { network: null }, evm: { chainId: null } })
  })
})
