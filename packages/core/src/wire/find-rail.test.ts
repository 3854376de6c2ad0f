import { randomBytes } from 'node:crypto'
import { Keypair, PublicKey, SystemProgram, Transaction, TransactionMessage, VersionedTransaction } from '@solana/web3.js'
import { describe, expect, test } from 'vitest'
import { otherChains } from '../networks/other-chains.ts'
import { readPayment } from '../payment/read-payment.ts'
import { OtherRailError } from '../rails/other-rail-error.ts'
import { type RailId, rails } from '../rails/rail.ts'

const from = '0x6bdc03ae4BBAb31843dDDaAE749149aE675ea011'
const to = '0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19'
const authorization = { from, to, value: '10000', validAfter: '0', validBefore: '4102444800', nonce: `0x${'ab'.repeat(32)}` }
const signature = `0x${'11'.repeat(64)}1b`

function refused(input: object | string): { readonly rail: RailId | undefined; readonly message: string } {
  try {
    readPayment(input)
  } catch (error) {
    if (error instanceof Error) return { rail: error instanceof OtherRailError ? error.rail : undefined, message: error.message }
    throw error
  }
  return { rail: undefined, message: 'read' }
}

/** A payload of either version, with the network and the scheme where each has them. */
function payloads(network: string, payload: unknown, scheme = 'exact'): object[] {
  return [
    { x402Version: 1, scheme, network, payload },
    { x402Version: 2, accepted: { scheme, network, amount: '1', asset: 'x', payTo: 'y', maxTimeoutSeconds: 60 }, payload },
  ]
}

const base64 = (length: number, first: number): string =>
  Buffer.from([first, ...Array.from({ length: length - 1 }, (_, i) => (i * 37 + 11) % 256)]).toString('base64')

/** What payments carry on other chains, by the specifications' examples, and one that looks exactly like Solana's. */
const carried: Readonly<Record<string, unknown>> = {
  'Stellar XDR': { transaction: base64(300, 0) },
  'an Aptos transaction, which begins as one signature does': { transaction: base64(300, 1) },
  Sui: { transaction: base64(300, 0), signature: base64(97, 0) },
  'Hedera protobuf': { transaction: base64(400, 0x0a) },
  NEAR: { signedDelegateAction: base64(200, 0) },
  Algorand: { paymentGroup: [base64(200, 0x82)], paymentIndex: 0 },
  TON: { settlementBoc: base64(200, 0xb5), asset: `0:${'b1'.repeat(32)}` },
  XRPL: { signedTxBlob: '1200002280000000'.repeat(10) },
  Starknet: {
    signature: { r: '0x1', s: '0x2' },
    authorization: { from: '0x1', to: '0x2', amount: '1', token: '0x3', nonce: '1', validUntil: '0' },
  },
  HyperCore: { action: { type: 'sendAsset' }, signature: { r: '0x1', s: '0x2', v: 27 }, nonce: 1 },
  'bytes of Solana': { transaction: solanaTransaction() },
}

function solanaTransaction(): string {
  const payer = Keypair.generate()
  const transaction = new Transaction({ feePayer: payer.publicKey, recentBlockhash: new PublicKey(randomBytes(32)).toBase58() })
  transaction.add(SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: payer.publicKey, lamports: 1 }))
  transaction.sign(payer)
  return transaction.serialize().toString('base64')
}

describe('the network comes first', () => {
  const names = otherChains.flatMap(({ id, namespaces, names: known }) => [
    ...namespaces.map((namespace) => [id, `${namespace}:testnet`] as const),
    ...namespaces.map((namespace) => [id, `${namespace.toUpperCase()}:1`] as const),
    ...known.map((name) => [id, name] as const),
    ...known.map((name) => [id, name.replaceAll('-', '_')] as const),
  ])

  test.each(Object.entries(carried))('%s, under every network that is not Solana', (_what, payload) => {
    expect(names.length).toBeGreaterThan(80)
    for (const [id, name] of [
      ...names,
      ['other-chain', 'cosmos:noble-1'],
      ['other-chain', 'bip122:000000000019d6689c085ae165831e93'],
    ] as const) {
      for (const input of payloads(name, payload)) {
        const { rail, message } = refused(input)
        expect([name, rail]).toEqual([name, id])
        expect(message).toMatch(/^Read .+; expected .+; .+\.$/)
        if (id !== 'other-chain') expect(message).toContain(otherChains.find((chain) => chain.id === id)?.label)
      }
    }
  })

  test('also where only the offer names it', () => {
    const input = {
      x402Version: 2,
      paymentPayload: { x402Version: 2, payload: { transaction: base64(300, 1) } },
      paymentRequirements: { scheme: 'exact', network: 'stellar:pubnet', amount: '1' },
    }
    expect(refused(input).rail).toBe('stellar')
  })

  test('an EVM network makes base64 no transaction of Solana', () => {
    for (const network of ['base', 'eip155:8453', 'eip155:999999', '196', 'arbitrum']) {
      for (const input of payloads(network, { transaction: solanaTransaction() })) {
        expect(refused(input).message).toContain('without an authorization')
      }
    }
  })

  test('TRON, with base58 addresses or with hex', () => {
    const tron = { ...authorization, from: 'TYukBQZ2XXCehNLMRhRx6A4XKXD7cT6bnX', to: 'TXLAQ63Xg1NAzckPwKHvzw7CSEmLMEqcdj' }
    for (const each of [tron, authorization]) {
      for (const input of payloads('tron:nile', { signature, authorization: each })) expect(refused(input).rail).toBe('tron')
    }
    expect(refused({ authorization: tron, signature }).message).toContain('looks like a TRON address')
    expect(refused('TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t').message).toContain('looks like a TRON address')
  })
})

describe('an EIP-3009 authorization under the name of another chain', () => {
  test('is named as what it is', () => {
    const [, second] = payloads('near:mainnet', { signature, authorization })
    expect(refused(second ?? {})).toMatchObject({
      rail: 'near',
      message: expect.stringContaining('an EIP-3009 authorization whose payment names NEAR ("near:mainnet")'),
    })
  })
})

describe('where no network is named', () => {
  test('bytes count as Solana only where they begin as its transactions do', () => {
    const payer = Keypair.generate()
    const versioned = new VersionedTransaction(
      new TransactionMessage({
        payerKey: payer.publicKey,
        recentBlockhash: new PublicKey(randomBytes(32)).toBase58(),
        instructions: [SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: payer.publicKey, lamports: 1 })],
      }).compileToV0Message(),
    )
    versioned.sign([payer])
    for (const transaction of [solanaTransaction(), Buffer.from(versioned.serialize()).toString('base64')])
      expect(readPayment({ x402Version: 2, payload: { transaction } }).family).toBe('solana')
    for (const first of [0, 1, 0x0a, 0x7b, 0x82])
      expect(refused({ x402Version: 2, payload: { transaction: base64(400, first) } }).message).toContain('without an authorization')
  })
})

describe('schemes and shapes on an EVM network', () => {
  const permit2 = { permit2Authorization: { from, permitted: {}, spender: to, witness: { to } }, signature }
  const upto = { permit2Authorization: { from, permitted: {}, spender: to, witness: { to, facilitator: to } }, signature }
  const deposit = {
    type: 'deposit',
    channelConfig: {},
    voucher: {},
    deposit: { amount: '1', authorization: { erc3009Authorization: { validAfter: '0', validBefore: '1', salt: '0x', signature } } },
  }

  test.each([
    ['permit2-exact', 'exact', permit2, 'Permit2'],
    ['permit2-upto', 'exact', upto, 'upto'],
    ['permit2-upto', 'upto', { authorization, signature }, 'upto'],
    ['erc7710', 'exact', { delegationManager: to, permissionContext: '0x', delegator: from }, 'ERC-7710'],
    [
      'eip2612-permit',
      'exact',
      { signature, authorization: { owner: from, spender: to, value: '1', deadline: '2', nonce: '0' } },
      'EIP-2612',
    ],
    ['batch-settlement', 'batch-settlement', deposit, 'carries an EIP-3009 authorization to a collector'],
    ['batch-settlement', 'batch-settlement', { type: 'voucher', channelConfig: {}, voucher: {} }, 'a voucher of'],
    ['batch-settlement', 'exact', deposit, 'carries an EIP-3009 authorization to a collector'],
    ['escrow', 'escrow', { authorization, signature, paymentInfo: {} }, 'carries an EIP-3009 authorization to a collector'],
    ['auth-capture', 'auth-capture', { permit2Authorization: {}, signature, salt: '0x' }, 'which Permit2 carries'],
    ['auth-capture', 'auth-capture', { type: 'void', paymentInfo: {}, authorizerSignature: signature }, 'a void of'],
    ['deferred', 'deferred', { voucher: {}, signature }, 'deferred'],
    ['other-scheme', 'streaming', { signature }, '"streaming"'],
  ] as const)('%s by the scheme %s', (id, scheme, payload, says) => {
    for (const input of payloads('eip155:8453', payload, scheme)) {
      const { rail, message } = refused(input)
      expect(rail).toBe(id)
      expect(message).toContain(says)
      expect(message).not.toContain('the one that EIP-3009 carries')
    }
  })

  test('of a namespace that nobody knows a known scheme says more', () => {
    for (const input of payloads('cloudflare:402', { signature: 'x' }, 'deferred')) expect(refused(input).rail).toBe('deferred')
  })

  test('a settlement router is asked for by the offer', () => {
    const accepted = { scheme: 'exact', network: 'eip155:8453', extra: { name: 'USD Coin', version: '2', settlementRouter: to } }
    expect(refused({ x402Version: 2, accepted, payload: { authorization, signature } }).rail).toBe('settlement-router')
  })

  test('every rail says what it is and where that is known from', () => {
    const all = Object.entries(rails)
    expect(all.length).toBeGreaterThan(30)
    for (const [id, { what, source }] of all) {
      expect([id, /^an? .{6,}[^.]$/.test(what)]).toEqual([id, true])
      expect([id, source.length > 6]).toEqual([id, true])
    }
  })
})
