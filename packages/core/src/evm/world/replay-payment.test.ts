import fc from 'fast-check'
import {
  type Address,
  domainSeparator,
  encodeErrorResult,
  encodeFunctionData,
  type Hex,
  hashTypedData,
  parseAbi,
  parseSignature,
  serializeCompactSignature,
  serializeSignature,
  signatureToCompactSignature,
  toHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { base } from '../../networks/base.ts'
import { baseSepolia } from '../../networks/base-sepolia.ts'
import { delegationTo, type Intervention, type ReplayOutcome, type ReplayPayment, walletCode } from '../evidence/replay.ts'
import type { PrimaryType } from '../payment/payment.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { type EmbeddedChain, openChain } from './open-chain.ts'
import { modelToken } from './place-token.ts'
import { planReplay } from './plan-replay.ts'

/** The incident: Base, 2025-10-31. Its signature is right; the revert that was seen is "FiatTokenV2: invalid signature". */
const incident: ReplayPayment = {
  primaryType: 'TransferWithAuthorization',
  authorization: {
    from: '0x6bdc03ae4BBAb31843dDDaAE749149aE675ea011',
    to: '0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19',
    value: 10000n,
    validAfter: 1761924682n,
    validBefore: 1761925342n,
    nonce: '0x557d32dd39152569962a110ce6aa2ba11326cf2b067974b319352fcfa26c3b13',
  },
  signature:
    '0x55c264bdf91e736e5550d79c145d21e6777cfe0548adc4e30ff4356aeae2191c68e87a9c601dcafa6de5c4d68e40a40e0aceb6add2edba045f3b4d5d3740a2f61b',
}
const { from, to, value, validAfter, validBefore, nonce } = incident.authorization
const inside = validAfter + 100n

const payer = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const baseDomain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address } as const

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
  changes: Partial<Authorization> = {},
  primaryType: PrimaryType = 'TransferWithAuthorization',
  domain: Parameters<typeof hashTypedData>[0]['domain'] = baseDomain,
): Promise<ReplayPayment> {
  const authorization: Authorization = {
    from: payer.address,
    to,
    value: 5n,
    validAfter,
    validBefore,
    nonce: toHex(1, { size: 32 }),
    ...changes,
  }
  const signature = await payer.signTypedData({ domain, types, primaryType, message: authorization })
  return { primaryType, authorization, signature }
}

const digestOf = ({ authorization, primaryType }: ReplayPayment): Hex =>
  hashTypedData({ domain: baseDomain, types, primaryType, message: authorization })

let chain: EmbeddedChain
beforeAll(async () => {
  chain = await openChain({ network: base })
})
afterAll(() => chain.close())

const replay = (payment: ReplayPayment, ...interventions: Intervention[]): Promise<ReplayOutcome> =>
  chain.replay(payment, { at: inside, interventions })

/** `settled`, or the revert string. */
function answer(outcome: ReplayOutcome): string | null {
  return outcome.status === 'settled' ? 'settled' : outcome.reason
}

describe('the incident', () => {
  it('settles inside its window and moves its value', async () => {
    const outcome = await replay(incident)
    expect(outcome).toMatchObject({
      status: 'settled',
      at: inside,
      interventions: [],
      call: {
        function: 'transferWithAuthorization',
        overload: 'vrs',
        selector: '0xe3ee160e',
        sender: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
      },
      signatureCheck: { by: 'ecrecover', digest: digestOf(incident), recovered: from },
      balances: [
        { address: from, before: value, after: 0n },
        { address: to, before: 0n, after: value },
      ],
      events: [
        { name: 'AuthorizationUsed', authorizer: from, nonce },
        { name: 'Transfer', from, to, value },
      ],
    })
  })

  it('is judged by the second, both ends excluded', async () => {
    const at = async (time: bigint) => answer(await chain.replay(incident, { at: time }))
    expect(await at(0n)).toBe('FiatTokenV2: authorization is not yet valid')
    expect(await at(validAfter)).toBe('FiatTokenV2: authorization is not yet valid')
    expect(await at(validAfter + 1n)).toBe('settled')
    expect(await at(validBefore - 1n)).toBe('settled')
    expect(await at(validBefore)).toBe('FiatTokenV2: authorization is expired')
    expect(await at(2n ** 64n - 1n)).toBe('FiatTokenV2: authorization is expired')
    expect(answer(await replay(incident, { kind: 'time', at: validBefore }))).toBe('FiatTokenV2: authorization is expired')
  })

  it('reverts with what was seen once the payer is delegated', async () => {
    const delegate = '0x63c0c19a282a1B52b07dD5a65b58948A07DAE32B'
    for (const code of [undefined, '0x', walletCode.refuses] as const) {
      const intervention = {
        kind: 'payer-code',
        code: delegationTo(delegate),
        ...(code === undefined ? {} : { delegateCode: code }),
      } as const
      const outcome = await replay(incident, intervention)
      expect(outcome).toMatchObject({
        status: 'reverted',
        reason: 'FiatTokenV2: invalid signature',
        data: encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: ['FiatTokenV2: invalid signature'] }),
        interventions: [intervention],
        signatureCheck: {
          by: 'erc1271',
          digest: digestOf(incident),
          wallet: from,
          answer: code === walletCode.refuses ? `0xffffffff${'0'.repeat(56)}` : '0x',
          accepted: false,
        },
        balances: [
          { address: from, before: value, after: value },
          { address: to, before: 0n, after: 0n },
        ],
      })
    }
    expect(answer(await replay(incident))).toBe('settled')
  })

  it('settles with a delegate that accepts', async () => {
    const outcome = await replay(incident, { kind: 'payer-code', code: delegationTo(to), delegateCode: walletCode.accepts })
    expect(outcome).toMatchObject({ status: 'settled', signatureCheck: { by: 'erc1271', accepted: true } })
  })
})

describe("the token's checks", () => {
  const blank: Address = '0x0000000000000000000000000000000000000000'

  it('come in their order, each hiding the next', async () => {
    const good = await sign()
    const stranger = await sign({ value: 6n })
    // From all faults to none: each step takes away the fault that was reported.
    const faults: [string, Intervention][] = [
      ['Pausable: paused', { kind: 'paused' }],
      ['Blacklistable: account is blacklisted', { kind: 'blacklist', address: payer.address }],
      ['Blacklistable: account is blacklisted', { kind: 'blacklist', address: to }],
      ['FiatTokenV2: authorization is not yet valid', { kind: 'time', at: validAfter }],
      ['FiatTokenV2: authorization is used or canceled', { kind: 'nonce-used' }],
      ['FiatTokenV2: invalid signature', { kind: 'signature', signature: stranger.signature }],
      ['ERC20: transfer amount exceeds balance', { kind: 'balance', value: 4n }],
    ]
    for (let first = 0; first < faults.length; first++) {
      const inForce = faults.slice(first).map(([, intervention]) => intervention)
      expect(answer(await replay(good, ...inForce))).toBe(faults[first]?.[0])
      const late = inForce.map(
        (intervention): Intervention => (intervention.kind === 'time' ? { kind: 'time', at: validBefore } : intervention),
      )
      if (first === 3) expect(answer(await replay(good, ...late))).toBe('FiatTokenV2: authorization is expired')
    }
    expect(answer(await replay(good))).toBe('settled')
  })

  it('refuse malformed signatures, each with its own words', async () => {
    const good = await sign()
    const { r, s } = parseSignature(good.signature)
    const curve = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const v = good.signature.slice(-2)
    const highS = toHex(curve - BigInt(s), { size: 32 })
    const cases: [Hex, string][] = [
      [serializeCompactSignature(signatureToCompactSignature(parseSignature(good.signature))), 'ECRecover: invalid signature length'],
      [`${good.signature}00`, 'ECRecover: invalid signature length'],
      ['0x', 'ECRecover: invalid signature length'],
      [`${r}${highS.slice(2)}${v === '1b' ? '1c' : '1b'}`, "ECRecover: invalid signature 's' value"],
      [`${r}${s.slice(2)}${v === '1b' ? '00' : '01'}`, "ECRecover: invalid signature 'v' value"],
      [`0x${'00'.repeat(32)}${'00'.repeat(31)}011b`, 'ECRecover: invalid signature'],
      [`${r}${s.slice(2)}${v === '1b' ? '1c' : '1b'}`, 'FiatTokenV2: invalid signature'],
    ]
    for (const [signature, reason] of cases) {
      const outcome = await replay({ ...good, signature })
      expect(answer(outcome)).toBe(reason)
      expect(outcome.call.overload).toBe(signature.length === 132 ? 'vrs' : 'bytes')
      // The repaired bytes settle.
      expect(answer(await replay({ ...good, signature }, { kind: 'signature', signature: good.signature }))).toBe('settled')
    }
    const nobody = await replay({ ...good, signature: `0x${'00'.repeat(32)}${'00'.repeat(31)}011b` })
    expect(nobody.signatureCheck).toEqual({ by: 'ecrecover', digest: digestOf(good), recovered: null })
  })

  it('come to the transfer last', async () => {
    expect(answer(await replay(await sign({ to: blank })))).toBe('ERC20: transfer to the zero address')
    expect(answer(await replay(await sign({ value: 2n ** 256n - 1n })))).toBe('ERC20: transfer amount exceeds balance')
    expect(answer(await replay(await sign({ value: 2n ** 255n - 1n })))).toBe('settled')
    expect(answer(await replay(await sign({ value: 0n })))).toBe('settled')
  })

  it("refuse the token's own address", async () => {
    expect(answer(await replay(await sign({ to: base.usdc.address })))).toBe('Blacklistable: account is blacklisted')
    expect(answer(await replay(await sign({ from: base.usdc.address })))).toBe('Blacklistable: account is blacklisted')
  })

  it('refuse the nonce of a payment that settled, but not after the state is restored', async () => {
    const good = await sign()
    expect(answer(await replay(good))).toBe('settled')
    expect(answer(await replay(good))).toBe('settled')
    expect(answer(await replay(good, { kind: 'nonce-used' }))).toBe('FiatTokenV2: authorization is used or canceled')
  })
})

describe('the call', () => {
  const call = (overload: 'vrs' | 'bytes', sender?: Address): Pick<ReplayPayment, 'call'> => ({
    call: {
      function: 'transferWithAuthorization',
      selector: overload === 'vrs' ? '0xe3ee160e' : '0xcf092995',
      overload,
      ...(sender === undefined ? {} : { transaction: { hash: '0x', sender } }),
    },
  })

  it('is the overload that was read', async () => {
    for (const overload of ['vrs', 'bytes'] as const) {
      const outcome = await replay({ ...(await sign()), ...call(overload) })
      expect(outcome).toMatchObject({ status: 'settled', call: { overload, selector: overload === 'vrs' ? '0xe3ee160e' : '0xcf092995' } })
    }
  })

  it('is sent by the relayer that was read', async () => {
    const relayer = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
    const outcome = await replay({ ...(await sign()), ...call('vrs', relayer) })
    expect(outcome).toMatchObject({ status: 'settled', call: { sender: relayer } })
  })

  it('is receiveWithAuthorization, from the payee, for that primary type', async () => {
    const received = await sign({}, 'ReceiveWithAuthorization')
    expect(await replay(received)).toMatchObject({
      status: 'settled',
      call: { function: 'receiveWithAuthorization', selector: '0xef55bec6', sender: to },
      signatureCheck: { digest: digestOf(received) },
    })
    expect(answer(await replay(received, { kind: 'sender', sender: from }))).toBe('FiatTokenV2: caller must be the payee')
    expect(answer(await replay(received, { kind: 'function', function: 'transferWithAuthorization' }))).toBe(
      'FiatTokenV2: invalid signature',
    )
    expect(await replay(received, { kind: 'function', function: 'receiveWithAuthorization', overload: 'bytes' })).toMatchObject({
      status: 'settled',
      call: { selector: '0x88b7ab63' },
    })
    expect(answer(await replay(await sign(), { kind: 'function', function: 'receiveWithAuthorization' }))).toBe(
      'FiatTokenV2: invalid signature',
    )
  })

  it('may come from a payee with code', async () => {
    const received = await sign({ to: payer.address }, 'ReceiveWithAuthorization')
    expect(answer(await replay(received, { kind: 'payer-code', code: walletCode.accepts }))).toBe('settled')
  })

  it('is not there on a token without the bytes overload', async () => {
    const token = { ...base.usdc, overloads: { vrs: true, bytes: false } }
    const older = await openChain({ network: base, token })
    try {
      const good = await sign()
      expect(answer(await older.replay(good, { at: inside }))).toBe('settled')
      expect(await older.replay({ ...good, ...call('bytes') }, { at: inside })).toMatchObject({
        status: 'reverted',
        reason: null,
        data: '0x',
      })
      expect(answer(await older.replay(good, { at: inside, interventions: [{ kind: 'blacklist', address: to }] }))).toBe(
        'Blacklistable: account is blacklisted',
      )
    } finally {
      await older.close()
    }
  })
})

describe('a smart wallet', () => {
  it('is asked about signatures of any length', async () => {
    const long: Hex = `0x${'ab'.repeat(1000)}`
    const signed = { ...(await sign()), signature: long }
    expect(await replay(signed, { kind: 'payer-code', code: walletCode.accepts })).toMatchObject({
      status: 'settled',
      signatureCheck: { by: 'erc1271', digest: digestOf(signed), accepted: true, answer: `0x1626ba7e${'0'.repeat(56)}` },
    })
    expect(await replay(signed, { kind: 'payer-code', code: walletCode.refuses })).toMatchObject({
      reason: 'FiatTokenV2: invalid signature',
      signatureCheck: { by: 'erc1271', accepted: false },
    })
  })
})

describe('corrections', () => {
  it('of a field settle what was altered after signing', async () => {
    const signed = await sign()
    const altered = { ...signed, authorization: { ...signed.authorization, value: 50n, to: from } }
    expect(answer(await replay(altered))).toBe('FiatTokenV2: invalid signature')
    expect(answer(await replay(altered, { kind: 'authorization', fields: { value: 5n } }))).toBe('FiatTokenV2: invalid signature')
    expect(await replay(altered, { kind: 'authorization', fields: { value: 5n, to } })).toMatchObject({
      status: 'settled',
      events: [{ name: 'AuthorizationUsed' }, { name: 'Transfer', from: payer.address, to, value: 5n }],
    })
  })

  it.each([
    ['another name', { ...baseDomain, name: 'USDC' }],
    ['another version', { ...baseDomain, version: '1' }],
    ['another chain', { ...baseDomain, chainId: 84532 }],
    ['another contract', { ...baseDomain, verifyingContract: baseSepolia.usdc.address }],
    ['no version', { name: 'USD Coin', chainId: 8453, verifyingContract: base.usdc.address }],
    ['a salt', { name: 'USD Coin', version: '2', verifyingContract: base.usdc.address, salt: toHex(8453, { size: 32 }) }],
    ['an empty domain', {}],
  ] as const)('of the domain settle what was signed under %s', async (_, domain) => {
    const signed = await sign({}, 'TransferWithAuthorization', domain)
    const separator = domainSeparator({ domain })
    expect(answer(await replay(signed))).toBe('FiatTokenV2: invalid signature')
    const corrected = await replay(signed, { kind: 'token-separator', separator })
    expect(corrected).toMatchObject({
      status: 'settled',
      signatureCheck: {
        digest: hashTypedData({ domain, types, primaryType: 'TransferWithAuthorization', message: signed.authorization }),
        recovered: payer.address,
      },
    })
    // Everything else is still checked.
    expect(answer(await replay(signed, { kind: 'token-separator', separator }, { kind: 'paused' }))).toBe('Pausable: paused')
    expect(answer(await replay(signed, { kind: 'token-separator', separator }, { kind: 'blacklist', address: to }))).toBe(
      'Blacklistable: account is blacklisted',
    )
    expect(answer(await replay(signed, { kind: 'token-separator', separator }, { kind: 'balance', value: 4n }))).toBe(
      'ERC20: transfer amount exceeds balance',
    )
  })

  it('settle the public report of a wrong name', async () => {
    const reported: ReplayPayment = {
      primaryType: 'TransferWithAuthorization',
      authorization: {
        from: '0xD464cFE35Ed81e65Cd11C618C68ECf3985d0E2E3',
        to: '0x25048142791b6616CB98579E0e98935DD6F99b42',
        value: 1000000n,
        validAfter: 1758996821n,
        validBefore: 1759000421n,
        nonce: '0xde875a2e7e487e5f0519621b61f66edead2afa37598975699960fe7cc6da1438',
      },
      signature:
        '0x2c6c1d89caf4d79c5aaed928f9fe329279a664a083b0bffc1b4813af7604407941e695614274ee7f7292b396aa1faa5255f783a3675d2eabb1c4842810192cd71b',
    }
    const sepolia = await openChain({ network: baseSepolia })
    try {
      const at = 1759000000n
      expect(answer(await sepolia.replay(reported, { at }))).toBe('FiatTokenV2: invalid signature')
      const separator = domainSeparator({
        domain: { name: 'USD Coin', version: '2', chainId: 84532, verifyingContract: baseSepolia.usdc.address },
      })
      expect(await sepolia.replay(reported, { at, interventions: [{ kind: 'token-separator', separator }] })).toMatchObject({
        status: 'settled',
        signatureCheck: { digest: '0x91f3a676a0d2b41c58d0fcf908883611c4683e598d172d0556008dd5fe9f5acf' },
      })
    } finally {
      await sepolia.close()
    }
  })
})

describe('what no chain can be given', () => {
  it.each([
    ['a time before 1970', incident, { at: -1n }],
    ['a time above 64 bits', incident, { at: 2n ** 64n }],
    ['a signature above a transaction', { ...incident, signature: `0x${'00'.repeat(200_000)}` }, { at: inside }],
    [
      'a delegate of no delegation',
      incident,
      { at: inside, interventions: [{ kind: 'payer-code', code: '0x6000', delegateCode: '0x6000' }] },
    ],
    [
      'another separator for a signature that is not 65 bytes',
      { ...incident, signature: '0x1234' },
      { at: inside, interventions: [{ kind: 'token-separator', separator: domainSeparator({ domain: baseDomain }) }] },
    ],
  ] as const)('%s is refused with one sentence', async (_, payment, options) => {
    const error = await chain.replay(payment, options).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ name: 'Eip3009Error', code: 'invalid-argument' })
    expect(String(error)).toMatch(/^Eip3009Error: [A-Z][^\n]+\.$/)
    expect(answer(await replay(incident))).toBe('settled')
  })

  it('but a signature of 100 KB is merely wrong', async () => {
    expect(answer(await replay({ ...incident, signature: `0x${'ff'.repeat(100_000)}` }))).toBe('ECRecover: invalid signature length')
  })
})

describe('many payments', () => {
  const authorizations = fc.record({
    to: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => toHex(bytes)),
    value: fc.bigInt({ min: 0n, max: 2n ** 255n - 1n }),
    validAfter: fc.bigInt({ min: 0n, max: inside - 1n }),
    validBefore: fc.bigInt({ min: inside + 1n, max: 2n ** 256n - 1n }),
    nonce: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => toHex(bytes)),
  })

  it('settle when viem has signed them, under the digest that viem has signed', async () => {
    await fc.assert(
      fc.asyncProperty(authorizations, fc.constantFrom('vrs', 'bytes'), async (changes, overload) => {
        const signed = await sign(changes)
        const outcome = await replay(signed, { kind: 'function', function: 'transferWithAuthorization', overload })
        expect(outcome.status).toBe('settled')
        expect(outcome.signatureCheck).toEqual({ by: 'ecrecover', digest: digestOf(signed), recovered: payer.address })
      }),
      { numRuns: 25 },
    )
  })

  it('do not settle when one bit of r or s is another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 511 }), async (bit) => {
        const signed = await sign()
        const flipped = BigInt(signed.signature) ^ (1n << BigInt(bit + 8))
        const outcome = await replay({ ...signed, signature: toHex(flipped, { size: 65 }) })
        expect(answer(outcome)).toMatch(/^(FiatTokenV2: invalid signature|ECRecover: invalid signature( 's' value)?)$/)
      }),
      { numRuns: 25 },
    )
  })

  it('may be asked for at once and take turns', async () => {
    const times = [validAfter, inside, validBefore, inside, 0n, inside]
    const outcomes = await Promise.all(times.map((at) => chain.replay(incident, { at })))
    expect(outcomes.map(answer)).toEqual([
      'FiatTokenV2: authorization is not yet valid',
      'settled',
      'FiatTokenV2: authorization is expired',
      'settled',
      'FiatTokenV2: authorization is not yet valid',
      'settled',
    ])
  })

  it('are encoded as viem encodes them', async () => {
    const signed = await sign()
    const { r, s, yParity } = parseSignature(signed.signature)
    const message = [signed.authorization.from, to, 5n, validAfter, validBefore, signed.authorization.nonce] as const
    const abi = parseAbi([
      'function transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)',
      'function transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)',
    ])
    const vrs = encodeFunctionData({ abi: [abi[0]], args: [...message, 27 + yParity, r, s] })
    const bytes = encodeFunctionData({ abi: [abi[1]], args: [...message, serializeSignature(parseSignature(signed.signature))] })
    const data = (overload: 'vrs' | 'bytes') =>
      planReplay(signed, modelToken({ network: base }), {
        at: inside,
        interventions: [{ kind: 'function', function: 'transferWithAuthorization', overload }],
      }).data
    expect(data('vrs')).toBe(vrs)
    expect(data('bytes')).toBe(bytes)
  })
})

describe('a closed chain', () => {
  it('says so, also to a replay that is under way', async () => {
    const own = await openChain({ network: base })
    const running = own.replay(incident, { at: inside }).catch((error: unknown) => error)
    await Promise.all([own.close(), own.close()])
    expect(await running).toMatchObject({ code: 'chain-unavailable' })
    await expect(own.replay(incident, { at: inside })).rejects.toMatchObject({
      code: 'chain-unavailable',
      message: 'The local chain has been closed.',
    })
  })
})
