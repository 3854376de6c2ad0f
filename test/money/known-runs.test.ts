import { diagnose, type EvmDiagnoseOptions, type EvmDiagnosis, type EvmPayment, readEvmPayment } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { type Address, encodeFunctionData, type Hex, pad, parseAbi } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  authorizationMembers,
  base,
  domain,
  now,
  openWorld,
  payee,
  payer,
  payment,
  relayer,
  settle,
  stranger,
  tokenAbi,
  type World,
} from '../chain/chain-world.ts'
import { walletCode } from './payments.ts'

// What advice cost people, each beside Circle's contract: what was advised, and what the same bytes could do all the same.

const token = base.usdc.address
const window = { validAfter: now - 300n, validBefore: now + 300n }
const nonce: Hex = pad('0xab')
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

type Message = {
  readonly from: Address
  readonly to: Address
  readonly value: bigint
  readonly validAfter: bigint
  readonly validBefore: bigint
  readonly nonce: Hex
}
type Type = 'TransferWithAuthorization' | 'ReceiveWithAuthorization'

const message = (changes: Partial<Message> = {}): Message => ({
  from: payer.address,
  to: payee,
  value: 10_000n,
  ...window,
  nonce,
  ...changes,
})
const sign = (of: Message, type: Type = 'TransferWithAuthorization', signer = payer): Promise<Hex> =>
  signer.signTypedData({ domain, types: { [type]: authorizationMembers }, primaryType: type, message: of })

/** An x402 v2 payload, whatever was signed: what is sent, and what the offer asks for. */
function body(sent: Message, signature: Hex, asked = sent.value): string {
  const { from, to, value, validAfter, validBefore } = sent
  return JSON.stringify({
    x402Version: 2,
    payload: {
      signature,
      authorization: {
        from,
        to,
        value: String(value),
        validAfter: String(validAfter),
        validBefore: String(validBefore),
        nonce: sent.nonce,
      },
    },
    accepted: {
      scheme: 'exact',
      network: 'eip155:8453',
      amount: String(asked),
      asset: token,
      payTo: payee,
      maxTimeoutSeconds: 600,
      extra: { name: 'USD Coin', version: '2' },
    },
  })
}
const ask = (input: string | EvmPayment, options: Partial<EvmDiagnoseOptions> = {}): Promise<EvmDiagnosis> =>
  diagnose(typeof input === 'string' ? readEvmPayment(input) : input, { now: now + 1n, chains: [chainReader(world.url)], ...options })
const offline = (input: string, at = now + 1n): Promise<EvmDiagnosis> => diagnose(readEvmPayment(input), { now: at })

async function balanceOf(account: Address): Promise<bigint> {
  return BigInt(
    (await world.request(
      'eth_call',
      { to: token, data: encodeFunctionData({ abi: tokenAbi, functionName: 'balanceOf', args: [account] }) },
      'latest',
    )) as Hex,
  )
}
const transferring = ({ from, to, value, validAfter, validBefore, nonce: own }: Message, signature: Hex): Hex =>
  encodeFunctionData({
    abi: tokenAbi,
    functionName: 'transferWithAuthorization',
    args: [from, to, value, validAfter, validBefore, own, signature],
  })
const settles = (of: Message, signature: Hex): Promise<Hex> => world.send(relayer, token, transferring(of, signature))

describe('an amount that differs from the offer, with the window open', () => {
  it.each(['with a chain', 'without one'])(
    'is signed again with the nonce of the first, so that one of the two settles: %s',
    async (how) => {
      const first = message()
      const signature = await sign(first)
      const input = body(first, signature, 20_000n)
      const { money, retry, fix, findings } = how === 'with a chain' ? await ask(input) : await offline(input)
      expect(money.state).toBe('can-move')
      expect(retry).toMatchObject({ action: 'sign-again', sameNonce: true, nonce })
      for (const text of [retry.says, fix, findings.find(({ cause }) => cause === 'amount-mismatch')?.fix]) expect(text).toContain(nonce)
      const before = await balanceOf(payee)
      await settles(first, signature)
      const second = message({ value: 20_000n, nonce: retry.nonce ?? pad('0x01') })
      await expect(settles(second, await sign(second))).rejects.toThrow()
      expect(await balanceOf(payee)).toBe(before + 10_000n)
    },
  )
})

describe('a window that is over by a clock', () => {
  it('without a chain: nothing is signed before its nonce was looked up', async () => {
    const first = message({ validBefore: now + 10n })
    expect(await offline(body(first, await sign(first)), now + 60n)).toMatchObject({
      money: { state: 'unknown' },
      retry: { action: 'unknown', onlyIf: ['nonce-unused'] },
    })
  })

  it.each([60n, 3600n])('with a chain that is %s s behind: waits for its block, in which the same bytes still settle', async (late) => {
    const first = message({ validBefore: now + 10n })
    const signature = await sign(first)
    const diagnosis = await ask(body(first, signature), { now: now + late })
    expect(diagnosis.money.state).not.toBe('not-moved')
    expect(diagnosis.retry.action).toBe('wait')
    expect(BigInt(diagnosis.retry.notBefore?.time ?? 0)).toBeGreaterThanOrEqual(now + 10n)
    await settles(first, signature)
    // Where such a block is there, it is over, and the same nonce is asked for all the same.
    const unused = message({ validBefore: now + 10n, nonce: pad('0xcd') })
    await world.mine(now + late)
    expect(await ask(body(unused, await sign(unused)), { now: now + late })).toMatchObject({
      money: { state: 'not-moved' },
      retry: { action: 'sign-again', sameNonce: true, nonce: unused.nonce },
    })
  })
})

describe('what is refused today and taken tomorrow is not over', () => {
  const wallet: Address = '0x00000000000000000000000000000000000000F5'
  const mint = async (to: Address): Promise<void> => {
    const minter =
      `0x${((await world.request('eth_call', { to: token, data: encodeFunctionData({ abi: tokenAbi, functionName: 'masterMinter' }) }, 'latest')) as Hex).slice(26)}` as const
    await world.send(minter, token, encodeFunctionData({ abi: tokenAbi, functionName: 'mint', args: [to, 1_000_000n] }))
  }

  it('a wallet without money, after it was funded', async () => {
    await world.setCode(wallet, walletCode)
    const of = message({ from: wallet })
    const signature = await sign(of)
    const diagnosis = await ask(body(of, signature))
    expect(diagnosis).toMatchObject({ cause: 'insufficient-balance', money: { state: 'can-move', instruments: [{ needs: ['funds'] }] } })
    expect(diagnosis.retry.action).toBe('fix-first')
    await mint(wallet)
    await settles(of, signature)
  })

  it('a wallet that is not deployed, after it was', async () => {
    const of = message({ from: wallet })
    const signature = await sign(of)
    await mint(wallet)
    const diagnosis = await ask(body(of, signature))
    expect(diagnosis.money.state).toBe('unknown')
    expect(diagnosis.retry.action).toBe('unknown')
    await world.setCode(wallet, walletCode)
    await settles(of, signature)
  })

  it('a payer whose delegate takes another key, asked without a chain', async () => {
    const of = message()
    const signature = await sign(of, 'TransferWithAuthorization', stranger)
    const diagnosis = await offline(body(of, signature))
    expect(diagnosis).toMatchObject({ money: { state: 'unknown' }, retry: { action: 'unknown' } })
  })
})

it('a ReceiveWithAuthorization is good for the payee, and replaced over its own nonce', async () => {
  const of = message()
  const signature = await sign(of, 'ReceiveWithAuthorization')
  const { cause, money, retry } = await ask(body(of, signature))
  expect({ cause, retry }).toMatchObject({ cause: 'primary-type-mismatch', retry: { action: 'sign-again', nonce } })
  expect(money).toMatchObject({
    state: 'can-move',
    instruments: [{ form: 'receive', state: 'live', usableBy: 'payee' }, { form: 'as-sent' }],
  })
  const { from, to, value, validAfter, validBefore } = of
  await world.send(
    to,
    token,
    encodeFunctionData({
      abi: parseAbi(['function receiveWithAuthorization(address, address, uint256, uint256, uint256, bytes32, bytes)']),
      args: [from, to, value, validAfter, validBefore, nonce, signature],
    }),
  )
})

describe('fields that were altered after signing', () => {
  it('what was signed has settled: it moved, and nothing is signed anew unless the payer agrees', async () => {
    const signed = message()
    const signature = await sign(signed)
    const sent = body(message({ value: 20_000n }), signature)
    const before = await offline(sent)
    expect(before.money).toMatchObject({ state: 'can-move', instruments: [{ form: 'as-signed', state: 'live' }, { form: 'as-sent' }] })
    expect(before.retry).toMatchObject({ action: 'sign-again', nonce })
    await settles(signed, signature)
    const after = await ask(sent)
    expect(after).toMatchObject({
      money: { state: 'moved', instruments: [{ form: 'as-signed', pays: { value: '10000' } }] },
      // What it moved is half of what is asked: another signature for the whole would make it too much.
      retry: { action: 'unknown', onlyIf: ['payer-agrees'] },
    })
  })

  it('validBefore altered to the past: what was signed is still good', async () => {
    const signed = message()
    const signature = await sign(signed)
    const diagnosis = await ask(body(message({ validBefore: now - 100n }), signature))
    expect(diagnosis).toMatchObject({ cause: 'message-altered', money: { state: 'can-move' }, retry: { action: 'fix-first' } })
    await settles(signed, signature)
  })

  it('the nonce altered: what was signed is not known, and no nonce is named', async () => {
    const signed = message()
    const signature = await sign(signed)
    await settles(signed, signature)
    const diagnosis = await ask(body(message({ nonce: pad('0xcd') }), signature))
    expect(diagnosis).toMatchObject({
      cause: 'signer-not-owner',
      money: { state: 'unknown' },
      retry: { action: 'unknown', nonce: null, onlyIf: ['signed-message-known', 'not-good-elsewhere'] },
    })
  })
})

it('what settled is not final before its block is: after it was taken back the same bytes are sent again', async () => {
  const paid = await payment()
  const back = await world.request('evm_snapshot')
  await world.send(relayer, token, settle(paid))
  expect(await ask(paid)).toMatchObject({ money: { state: 'moved', finality: 'latest', depth: '1' }, retry: { action: 'never' } })
  await world.request('evm_revert', back)
  expect(await ask(paid)).toMatchObject({ money: { state: 'can-move' }, retry: { action: 'send-same' } })
})
