import { delegationTo, walletCode } from '@eip3009/core/replay'
import { createAuthorization, type PreflightError, preflight, type SignedPayment, signAuthorization } from '@eip3009/core/signer'
import { encodeFunctionData, type Hex } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { base, now, openWorld, payee, payer, relayer, stranger, tokenAbi, type World } from '../chain/chain-world.ts'
import { startRpcServer } from '../rpc-server.ts'

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

const signed = (signer = payer, request: object = {}): Promise<SignedPayment> =>
  signAuthorization(signer, createAuthorization({ network: 'base', from: signer.address, to: payee, value: '0.01 USDC', now, ...request }))

const refusal = async (payment: SignedPayment, at = now): Promise<PreflightError> => {
  const outcome: unknown = await preflight(payment, { client: world.url, now: at }).then(
    () => 'it passed',
    (error: unknown) => error,
  )
  expect(outcome).toMatchObject({ name: 'PreflightError', code: 'unsettleable' })
  return outcome as PreflightError
}

describe('with a client', () => {
  it('a good payment passes, and only the facilitator, who is not known, was not looked at', async () => {
    const { warnings, notChecked } = await preflight(await signed(), { client: world.url, now })
    expect(warnings).toEqual([])
    expect(notChecked).toMatchObject([{ check: 'facilitator can pay for gas' }, { check: 'facilitator has no transactions waiting' }])
  })

  it('too little money, a pause, a blacklist and a delegation are named, with the fix', async () => {
    expect(await refusal(await signed(stranger))).toMatchObject({
      causeId: 'insufficient-balance',
      fix: expect.stringContaining('send 0.01 USDC'),
    })
    await world.setCode(payer.address, delegationTo(relayer))
    await world.setCode(relayer, walletCode.refuses)
    expect((await refusal(await signed())).causeId).toBe('eip7702-payer')
    await world.setCode(payer.address, '0x')
    await world.asRole('blacklister', encodeFunctionData({ abi: tokenAbi, functionName: 'blacklist', args: [payee] }))
    expect((await refusal(await signed(), now + 1n)).causeId).toBe('blacklisted')
    await world.asRole('pauser', encodeFunctionData({ abi: tokenAbi, functionName: 'pause' }))
    expect((await refusal(await signed(), now + 2n)).causeId).toBe('paused')
  })

  it("the chain's own word on the domain counts, also where the token is not on record", async () => {
    const token = { ...base.usdc, name: 'USDC' }
    expect(await refusal(await signed(payer, { token }))).toMatchObject({
      causeId: 'domain-name-mismatch',
      fix: expect.stringContaining('USD Coin'),
    })
  })

  it('a smart wallet is asked whether it accepts', async () => {
    const wallet: Hex = '0x00000000000000000000000000000000000000A1'
    const smart = { address: wallet, type: 'smart', signTypedData: payer.signTypedData }
    const data = encodeFunctionData({
      abi: [
        {
          type: 'function',
          name: 'transfer',
          inputs: [{ type: 'address' }, { type: 'uint256' }],
          outputs: [],
          stateMutability: 'nonpayable',
        },
      ],
      args: [wallet, 10_000n],
    })
    await world.send(payer.address, base.usdc.address, data)
    const long = async (): Promise<Hex> => `0x${'ab'.repeat(200)}`
    const payment = await signAuthorization(
      { ...smart, signTypedData: long },
      createAuthorization({ network: 'base', from: wallet, to: payee, value: 10_000n, now }),
    )
    await world.setCode(wallet, walletCode.refuses)
    expect((await refusal(payment, now + 1n)).causeId).toBe('smart-wallet-signature')
    await world.setCode(wallet, walletCode.accepts)
    expect((await preflight(payment, { client: world.url, now: now + 1n })).warnings).toEqual([])
  })

  it('a clock that is minutes behind the chain is not trusted, and nothing is called good by it', async () => {
    const payment = await signed()
    await world.mine(now + 296n)
    const { causeId, message } = await refusal(payment, now + 10n)
    expect(causeId).toBeNull()
    expect(message).toContain('the clock here says')
  })

  it('an RPC that can not be read is an error of its own, in time', async () => {
    await using server = await startRpcServer(() => 'hang')
    await expect(preflight(await signed(), { client: server.url, now, timeout: 200 })).rejects.toMatchObject({ code: 'rpc-unavailable' })
    await expect(preflight(await signed(), { client: 'ftp://x', now })).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  it('an RPC of another chain is named', async () => {
    await using server = await startRpcServer((body) => ({
      body: [body].flat().map((call) => ({ jsonrpc: '2.0', id: (call as { id: number }).id, result: '0x1' })),
    }))
    expect(await preflight(await signed(), { client: server.url, now }).catch((error: unknown) => error)).toMatchObject({
      causeId: 'rpc-wrong-chain',
    })
  })
})
