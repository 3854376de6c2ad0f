import { diagnose, readEvmPayment } from '@eip3009/core'
import { embeddedReplayer } from '@eip3009/core/replay'
import { type Address, type Hex, keccak256, toBytes, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { run } from './fake-console.ts'

const account = privateKeyToAccount(keccak256(toHex('eip3009 test: rails')))
const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const shop = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const gateway = '0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE'
const collector = '0x8612dfdc421f80336cd14E8EF9cb1E765dB5ab88'
const now = 1_795_700_000n
const members = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const

const token = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: usdc } as const
const wallet = { name: 'GatewayWalletBatched', version: '1', chainId: 8453, verifyingContract: gateway } as const
const challenge = { id: 'kM9xPqWvT2nJrHsY4aDfEb', realm: 'api.example.com', method: 'evm', intent: 'charge' }
const bound = keccak256(toBytes(`${challenge.id}${challenge.realm}`))
const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

async function sign(
  domain: typeof token | typeof wallet,
  {
    to = shop as Address,
    nonce = keccak256('0x01') as Hex,
    type = 'TransferWithAuthorization' as 'TransferWithAuthorization' | 'ReceiveWithAuthorization',
  } = {},
) {
  const message = { from: account.address, to, value: 10_000n, validAfter: 0n, validBefore: now + 700_000n, nonce } as const
  const signature = await account.signTypedData({ domain, types: { [type]: members }, primaryType: type, message })
  const authorization = Object.fromEntries(Object.entries(message).map(([name, value]) => [name, String(value)]))
  return { authorization, signature }
}

const offer = (extra: object, scheme = 'exact') => ({
  scheme,
  network: 'eip155:8453',
  asset: usdc,
  amount: '10000',
  payTo: shop,
  maxTimeoutSeconds: 700_000,
  extra,
})
const mpp = await sign(token, { nonce: bound })
const request = { amount: '10000', currency: usdc, recipient: shop, methodDetails: { chainId: 8453 } }
const credential = {
  challenge: { ...challenge, request: base64url(request) },
  payload: { type: 'authorization', ...mpp.authorization, signature: mpp.signature },
  source: `did:pkh:eip155:8453:${account.address}`,
}
const captured = {
  x402Version: 2,
  accepted: offer({ name: 'USD Coin', version: '2' }, 'auth-capture'),
  payload: { ...(await sign(token, { to: collector, type: 'ReceiveWithAuthorization' })), salt: bound },
}
const gatewayExtra = { name: wallet.name, version: '1', verifyingContract: gateway }
const batched = { x402Version: 2, accepted: offer(gatewayExtra), payload: await sign(wallet) }

describe('what a rail decides, no replay at the token decides', () => {
  it('MPP and auth-capture: the token takes it, and nothing is proven by that', async () => {
    for (const [input, id] of [
      [credential, 'mpp-server-decides'],
      [captured, 'collector-decides'],
    ] as const) {
      const found = await diagnose(readEvmPayment(input), { now, replayer: embeddedReplayer() })
      expect(found).toMatchObject({ verdict: 'inconclusive', proof: null, cause: null, undecided: { id }, money: { state: 'can-move' } })
      expect(found.replay?.runs[0]?.outcome).toBe('settled')
    }
  })

  it('MPP: what its server refuses fails, though the token takes it', async () => {
    const other = { ...credential, challenge: { ...credential.challenge, id: 'another' } }
    const found = await diagnose(readEvmPayment(other), { now, replayer: embeddedReplayer() })
    expect(found).toMatchObject({ verdict: 'fails', cause: 'nonce-not-bound', party: 'client', money: { state: 'can-move' } })
    expect(found.proof).not.toBe('proven')
  })

  it('Circle Gateway: no token is asked', async () => {
    const found = await diagnose(readEvmPayment(batched), { now, replayer: embeddedReplayer() })
    expect(found).toMatchObject({ verdict: 'inconclusive', proof: null, replay: null, undecided: { id: 'gateway-decides' } })
    expect(found.skipped.map(({ check }) => check)).toContain('replay')
  })
})

describe('the commands', () => {
  it('diagnose reads the header of MPP, and says who decides', async () => {
    const { code, out } = await run(['diagnose', `Authorization: Payment ${base64url(credential)}`, '--no-replay', '--at', String(now)])
    expect(code).toBe(4)
    expect(out.replace(/\s+/g, ' ')).toContain('only the MPP server tells')
    expect(out).toContain('MPP credential (evm/charge, authorization)')
    expect(out).not.toContain('x402')
  })

  it('replay and signature know that Gateway is no token', async () => {
    const text = JSON.stringify(batched)
    const replayed = await run(['replay', text])
    expect([replayed.code, replayed.err]).toEqual([4, expect.stringContaining('only Gateway can settle it')])
    const signature = await run(['signature', text])
    expect(signature.out).toContain('as Circle Gateway checks it')
    const wrong = await run(['signature', JSON.stringify({ ...batched, payload: await sign(token) })])
    expect(wrong.out).toContain('Circle Gateway expects')
  })

  it('diagnose names a payment of another chain, and nothing of Solana', async () => {
    const transaction = Buffer.alloc(300, 1).toString('base64')
    for (const [network, label] of [
      ['stellar:pubnet', 'Stellar'],
      ['aptos:1', 'Aptos'],
      ['sui:mainnet', 'Sui'],
      ['hedera:mainnet', 'Hedera'],
      ['tron:mainnet', 'TRON'],
    ] as const) {
      const input = JSON.stringify({ x402Version: 2, accepted: { scheme: 'exact', network, amount: '1' }, payload: { transaction } })
      for (const command of ['diagnose', 'decode']) {
        const { code, out, err } = await run([command, input])
        expect([network, code, out]).toEqual([network, 2, ''])
        expect(err).toContain(`an x402 payment on ${label}`)
        expect(err).not.toMatch(/svm|Solana transaction/)
      }
    }
  })

  it('decode says that it does not know, or whose code it is, and never that it has nothing to do with a payment', async () => {
    for (const [code, says] of [
      ['permit2_allowance_required', 'permit2-allowance-missing'],
      ['invalid_batch_settlement_evm_channel_not_found', 'none of EIP-3009: it is about an x402 payment of the scheme "batch-settlement"'],
      ['payment_moon_phase_wrong', 'not known'],
      ['settlement_pending', 'nothing may be signed anew'],
    ] as const) {
      const { out } = await run(['decode', JSON.stringify({ errorReason: code })])
      expect(out.replace(/\s+/g, ' ')).toContain(says)
      expect(out).not.toContain('nothing to do with a payment')
    }
  })

  it("decode reads an answer's header, and a log of the token", async () => {
    const answer = { success: false, errorReason: 'insufficient_funds', transaction: '', network: 'eip155:84532' }
    const { code, out } = await run(['decode', `PAYMENT-RESPONSE: ${Buffer.from(JSON.stringify(answer)).toString('base64')}`])
    expect([code, out]).toEqual([0, expect.stringContaining('insufficient-balance')])
    const log = {
      address: usdc,
      topics: [keccak256(toBytes('AuthorizationUsed(address,bytes32)')), `0x${account.address.slice(2).padStart(64, '0')}`, bound],
      data: '0x',
    }
    const used = await run(['decode', JSON.stringify(log)])
    expect(used.out).toMatch(/^AuthorizationUsed/)
    expect(used.out).not.toContain('reverted')
  })
})
