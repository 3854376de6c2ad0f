import { type Address, createPublicClient, domainSeparator, type Hex, http, parseAbi, parseSignature, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { base } from '../../networks/base.ts'
import { celo } from '../../networks/celo.ts'
import { delegationTo, type Intervention, type ReplayPayment, walletCode } from '../evidence/replay.ts'
import { type EmbeddedChain, openChain } from './open-chain.ts'

const payer = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const to = '0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19'
const validAfter = 1_761_924_682n
const validBefore = 1_761_925_342n
const inside = validAfter + 100n
const baseDomain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address } as const
const curve = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

const members = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const
const types = { TransferWithAuthorization: members, ReceiveWithAuthorization: members } as const

/** Signed by viem. */
async function sign(
  nonce = 1,
  primaryType: ReplayPayment['primaryType'] = 'TransferWithAuthorization',
  domain: Parameters<typeof payer.signTypedData>[0]['domain'] = baseDomain,
  payee: Address = to,
): Promise<ReplayPayment> {
  const authorization = { from: payer.address, to: payee, value: 5n, validAfter, validBefore, nonce: toHex(nonce, { size: 32 }) }
  const signature = await payer.signTypedData({ domain, types, primaryType, message: authorization })
  return { primaryType, authorization, signature }
}

const wrongName = { ...baseDomain, name: 'USDC' }
const delegate = '0x63c0c19a282a1B52b07dD5a65b58948A07DAE32B'

let chain: EmbeddedChain
beforeAll(async () => {
  chain = await openChain({ network: base })
})
afterAll(() => chain.close())

/** Each kind of change, and what FiatToken's source says that it answers; null for a settlement. */
const changes = [
  ['nothing', [], null],
  ['the first second', [{ kind: 'time', at: validAfter + 1n }], null],
  ['the second before', [{ kind: 'time', at: validAfter }], 'FiatTokenV2: authorization is not yet valid'],
  ['the time zero', [{ kind: 'time', at: 0n }], 'FiatTokenV2: authorization is not yet valid'],
  ['the last second', [{ kind: 'time', at: validBefore - 1n }], null],
  ['the second after', [{ kind: 'time', at: validBefore }], 'FiatTokenV2: authorization is expired'],
  ['the end of time', [{ kind: 'time', at: 2n ** 64n - 1n }], 'FiatTokenV2: authorization is expired'],
  ['too low a balance', [{ kind: 'balance', value: 4n }], 'ERC20: transfer amount exceeds balance'],
  ['no balance', [{ kind: 'balance', value: 0n }], 'ERC20: transfer amount exceeds balance'],
  ['more than enough', [{ kind: 'balance', value: 6n }], null],
  ['a blacklisted payer', [{ kind: 'blacklist', address: payer.address }], 'Blacklistable: account is blacklisted'],
  ['a blacklisted payee', [{ kind: 'blacklist', address: to }], 'Blacklistable: account is blacklisted'],
  ['a pause', [{ kind: 'paused' }], 'Pausable: paused'],
  ['a used nonce', [{ kind: 'nonce-used' }], 'FiatTokenV2: authorization is used or canceled'],
  ['a contract that accepts', [{ kind: 'payer-code', code: walletCode.accepts }], null],
  ['a contract that refuses', [{ kind: 'payer-code', code: walletCode.refuses }], 'FiatTokenV2: invalid signature'],
  ['a delegate that accepts', [{ kind: 'payer-code', code: delegationTo(delegate), delegateCode: walletCode.accepts }], null],
  [
    'a delegate that refuses',
    [{ kind: 'payer-code', code: delegationTo(delegate), delegateCode: walletCode.refuses }],
    'FiatTokenV2: invalid signature',
  ],
  ['a delegate without code', [{ kind: 'payer-code', code: delegationTo(delegate) }], 'FiatTokenV2: invalid signature'],
  ['another value', [{ kind: 'authorization', fields: { value: 6n } }], 'FiatTokenV2: invalid signature'],
  ['another signature', [{ kind: 'signature', signature: '0x' }], 'ECRecover: invalid signature length'],
  ['the other function', [{ kind: 'function', function: 'receiveWithAuthorization', overload: 'bytes' }], 'FiatTokenV2: invalid signature'],
  ['the other overload', [{ kind: 'function', function: 'transferWithAuthorization', overload: 'bytes' }], null],
  ['another sender', [{ kind: 'sender', sender: delegate }], null],
  ['another separator', [{ kind: 'token-separator', separator: domainSeparator({ domain: wrongName }) }], 'FiatTokenV2: invalid signature'],
  [
    'several at once',
    [
      { kind: 'time', at: validBefore },
      { kind: 'blacklist', address: to },
      { kind: 'balance', value: 0n },
    ],
    'Blacklistable: account is blacklisted',
  ],
] as const satisfies readonly (readonly [string, readonly Intervention[], string | null])[]

/** The outcome without what only a mined transaction has. */
const common = ({ at, interventions, call, ...outcome }: Awaited<ReturnType<EmbeddedChain['simulate']>>[number]) => ({
  at,
  interventions,
  call,
  status: outcome.status,
  ...(outcome.status === 'settled' ? {} : { reason: outcome.reason, data: outcome.data }),
})

describe('a simulated outcome is the mined one', () => {
  it.each(changes)('under %s', async (_, interventions, expected) => {
    const payment = await sign()
    const [simulated] = await chain.simulate([{ payment, at: inside, interventions }])
    const mined = await chain.replay(payment, { at: inside, interventions })
    expect(simulated).toEqual(common(mined))
    expect(simulated?.status === 'reverted' ? simulated.reason : null).toBe(expected)
  })

  it('of a wrong name, as it is and under the name that was signed', async () => {
    const payment = await sign(2, 'TransferWithAuthorization', wrongName)
    const separator = { kind: 'token-separator', separator: domainSeparator({ domain: wrongName }) } as const
    const [asIs, undone] = await chain.simulate([
      { payment, at: inside },
      { payment, at: inside, interventions: [separator] },
    ])
    expect(asIs).toEqual(common(await chain.replay(payment, { at: inside })))
    expect(undone).toEqual(common(await chain.replay(payment, { at: inside, interventions: [separator] })))
    expect([asIs?.status, undone?.status]).toEqual(['reverted', 'settled'])
  })

  it('of what cannot settle for its bytes', async () => {
    const good = await sign()
    const { r, s } = parseSignature(good.signature)
    const flipped = good.signature.endsWith('1b') ? '1c' : '1b'
    const broken: readonly Hex[] = [
      `${r}${s.slice(2)}00`,
      `${r}${s.slice(2)}${flipped}`,
      `${r}${toHex(curve - BigInt(s), { size: 32 }).slice(2)}${flipped}`,
      `${good.signature}00`,
      '0x',
    ]
    const simulated = await chain.simulate(broken.map((signature) => ({ payment: { ...good, signature }, at: inside })))
    const mined = []
    for (const signature of broken) mined.push(common(await chain.replay({ ...good, signature }, { at: inside })))
    expect(simulated).toEqual(mined)
    expect(new Set(simulated.map((each) => each.status === 'reverted' && each.reason)).size).toBe(4)
  })

  it('of receiveWithAuthorization, which the payee sends', async () => {
    const payment = await sign(3, 'ReceiveWithAuthorization')
    const stranger = [{ kind: 'sender', sender: delegate }] as const
    const [own, other] = await chain.simulate([
      { payment, at: inside },
      { payment, at: inside, interventions: stranger },
    ])
    expect(own).toEqual(common(await chain.replay(payment, { at: inside })))
    expect(other).toEqual(common(await chain.replay(payment, { at: inside, interventions: stranger })))
    expect(own).toMatchObject({ status: 'settled', call: { sender: to, selector: '0xef55bec6' } })
    expect(other).toMatchObject({ status: 'reverted', reason: 'FiatTokenV2: caller must be the payee' })
  })

  it("on Celo's token, and on one without the bytes overload", async () => {
    const older = { network: base, token: { ...base.usdc, overloads: { vrs: true, bytes: false } } }
    for (const target of [{ network: celo }, older]) {
      await using other = await openChain(target)
      const { usdc, chainId } = target.network
      const payment = await sign(1, 'TransferWithAuthorization', { ...usdc, chainId, verifyingContract: usdc.address })
      const blacklisted = [{ kind: 'blacklist', address: to }] as const
      const simulated = await other.simulate([
        { payment, at: inside },
        { payment, at: inside, interventions: blacklisted },
      ])
      expect(simulated).toEqual([
        common(await other.replay(payment, { at: inside })),
        common(await other.replay(payment, { at: inside, interventions: blacklisted })),
      ])
      expect(simulated.map(({ status }) => status)).toEqual(['settled', 'reverted'])
    }
  })

  it('of a sender that cannot pay for gas, and of one that can', async () => {
    const payment = await sign()
    const [poor, rich] = await chain.simulate(
      [10n, 10n ** 18n].map((wei) => ({ payment, at: inside, interventions: [{ kind: 'relayer-funds', wei, gasPrice: 10n ** 9n }] })),
    )
    expect(poor).toMatchObject({ status: 'reverted', refused: true, data: '0x' })
    expect(rich).toMatchObject({ status: 'settled' })
  })
})

describe('simulations', () => {
  it('come back in their order, in any number, and do not see each other', async () => {
    const payments = await Promise.all(Array.from({ length: 7 }, (_, index) => sign(index + 10)))
    const simulations = Array.from({ length: 1203 }, (_, index) => ({
      payment: payments[index % payments.length] as ReplayPayment,
      at: inside,
      interventions: [changes[index % changes.length]?.[1] ?? []].flat(),
    }))
    const outcomes = await chain.simulate(simulations)
    expect(outcomes).toHaveLength(simulations.length)
    expect(outcomes.map((outcome) => (outcome.status === 'reverted' ? outcome.reason : null))).toEqual(
      simulations.map((_, index) => changes[index % changes.length]?.[2]),
    )
    expect(await chain.simulate([])).toEqual([])
  })

  it('leave the token as it was, and take turns with replays', async () => {
    const payment = await sign()
    const client = createPublicClient({ transport: http(`http://127.0.0.1:${chain.anvil.port}`, { retryCount: 0 }), cacheTime: 0 })
    const abi = parseAbi(['function balanceOf(address) view returns (uint256)', 'function paused() view returns (bool)'])
    const [, mined, simulated] = await Promise.all([
      chain.replay(payment, { at: inside, interventions: [{ kind: 'paused' }] }),
      chain.replay(payment, { at: inside }),
      chain.simulate([{ payment, at: inside }]),
      chain.replay(payment, { at: inside, interventions: [{ kind: 'paused' }] }),
    ])
    expect([mined.status, simulated[0]?.status]).toEqual(['settled', 'settled'])
    expect(await client.readContract({ abi, address: base.usdc.address, functionName: 'balanceOf', args: [payer.address] })).toBe(0n)
    expect(await client.readContract({ abi, address: base.usdc.address, functionName: 'paused' })).toBe(false)
    expect(await client.getCode({ address: payer.address })).toBeUndefined()
  })

  it('refuse what no chain can be given', async () => {
    const payment = await sign()
    await expect(chain.simulate([{ payment, at: -1n }])).rejects.toMatchObject({ name: 'Eip3009Error', code: 'invalid-argument' })
    expect(await chain.simulate([{ payment, at: inside }])).toMatchObject([{ status: 'settled' }])
  })

  it('end with the chain', async () => {
    const other = await openChain({ network: base })
    await other.close()
    await expect(other.simulate([{ payment: await sign(), at: inside }])).rejects.toMatchObject({ code: 'chain-unavailable' })
  })
})
