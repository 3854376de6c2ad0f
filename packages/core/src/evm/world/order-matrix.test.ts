import { createRequire } from 'node:module'
import { type Abi, type Address, decodeErrorResult, encodeFunctionData, type Hex, keccak256, parseAbi, parseSignature, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CauseId } from '../../causes/catalogue.ts'
import { decodeRevert } from '../../revert/revert.ts'
import { callsOf, checksOf, type ModelledCall, sayWords } from '../../tokens/ask-model.ts'
import type { CheckName } from '../../tokens/model.ts'
import { modelOf } from '../../tokens/models.ts'
import { blockWindowOf } from '../evidence/block-window.ts'
import { delegationTo, type Intervention, walletCode } from '../evidence/replay.ts'
import { type EmbeddedChain, openChain } from './open-chain.ts'
import type { SimulatedOutcome, Simulation } from './simulate.ts'

// What a contract answers to two faults at once is what its model says, for every pair, on every code that is at hand.

const { abi: openZeppelin } = createRequire(import.meta.url)('@openzeppelin/contracts/build/contracts/ERC20TransferAuthorization.json') as {
  readonly abi: Abi
}
const errors: Abi = [...parseAbi(['error Error(string)']), ...openZeppelin]

const payer = privateKeyToAccount(keccak256(toHex('order matrix: payer')))
const stranger = privateKeyToAccount(keccak256(toHex('order matrix: stranger')))
const payee: Address = '0x00000000000000000000000000000000000000b2'
const zero: Address = '0x0000000000000000000000000000000000000000'
const token: Address = '0x00000000000000000000000000000000000c0de0'
const chainId = 84532
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const now = 1_790_000_000n
/** A key of the payer's choice, and its first turn: what both kinds of nonces take. */
const nonce: Hex = `0x${'ab'.repeat(24)}${'00'.repeat(8)}`

const fields = ['address from', 'address to', 'uint256 value', 'uint256 validAfter', 'uint256 validBefore', 'bytes32 nonce'].map((each) => {
  const [type = '', name = ''] = each.split(' ')
  return { type, name }
})
const types = { TransferWithAuthorization: fields, ReceiveWithAuthorization: fields }

/** One thing that is wrong, the check that it fails, and a cause that is there with it. */
const faults = {
  paused: { fails: 'paused', cause: 'paused' },
  'payer listed': { fails: 'from-blacklisted', cause: 'blacklisted' },
  'payee listed': { fails: 'to-blacklisted', cause: 'blacklisted' },
  'somebody else calls': { fails: 'caller-is-payee', cause: 'primary-type-mismatch' },
  'opens this second': { fails: 'after', cause: 'not-yet-valid' },
  'closes this second': { fails: 'before', cause: 'expired' },
  'nonce used': { fails: 'unused', cause: 'authorization-used' },
  'nonce drawn at random': { fails: 'in-sequence', cause: 'nonce-out-of-sequence' },
  'a byte too few': { fails: 'length', cause: 'signature-length' },
  's too high': { fails: 's', cause: 'high-s' },
  'v of 0 or 1': { fails: 'v', cause: 'v-0-or-1' },
  'no key': { fails: 'recovered', cause: 'signature-byte-order' },
  "another's key": { fails: 'signature', cause: 'signer-not-owner' },
  'zero payee': { fails: 'to-zero', cause: 'payee-not-payable' },
  'token as payee': { fails: 'to-itself', cause: undefined },
  'too little': { fails: 'balance', cause: 'insufficient-balance' },
} as const satisfies Record<string, { readonly fails: CheckName; readonly cause: CauseId | undefined }>

type Fault = keyof typeof faults
const all = Object.keys(faults) as Fault[]

/** Which checks of this call a set of faults fails. */
function failing({ family, call }: ModelledCall, broken: ReadonlySet<Fault>): ReadonlySet<CheckName> {
  const { blacklist, nonces } = modelOf(family)
  const out = new Set<CheckName>()
  for (const fault of broken) {
    const { fails } = faults[fault]
    if ((fails === 'after' || fails === 'before') && call.order.includes('window')) out.add('window')
    else if (fails === 'unused' && nonces === 'sequential') out.add('in-sequence')
    else if (fails === 'to-itself' && blacklist?.itself === true) out.add('to-blacklisted')
    else out.add(fails)
  }
  return out
}

/** Faults that this call of this contract can have at all. */
function possible({ family, function: called, overload }: ModelledCall): readonly Fault[] {
  const { pause, blacklist, nonces } = modelOf(family)
  return all.filter((fault) => {
    if (fault === 'paused') return pause !== null
    if (fault === 'payer listed' || fault === 'payee listed') return blacklist !== null
    if (fault === 'somebody else calls') return called === 'receiveWithAuthorization'
    if (fault === 'nonce drawn at random') return nonces === 'sequential'
    return fault !== 'a byte too few' || overload === 'bytes'
  })
}

/** Two payees, or a signature that is cut and has a wrong last byte, can not be at once. */
function excluded(one: Fault, other: Fault): boolean {
  const both = new Set([one, other])
  const has = (...pair: readonly Fault[]): boolean => pair.every((each) => both.has(each))
  return one !== other && (has('zero payee', 'token as payee') || has('a byte too few', 'v of 0 or 1'))
}

async function simulation(
  { family, function: called, overload }: ModelledCall,
  broken: ReadonlySet<Fault>,
  code?: Hex,
): Promise<Simulation> {
  const message = {
    from: payer.address,
    to: broken.has('zero payee') ? zero : broken.has('token as payee') ? token : payee,
    value: 10_000n,
    validAfter: broken.has('opens this second') ? now : now - 1n,
    validBefore: broken.has('closes this second') ? now : now + 1n,
    nonce: broken.has('nonce drawn at random') ? keccak256(toHex('order matrix: nonce')) : nonce,
  }
  const primaryType = called === 'transferWithAuthorization' ? 'TransferWithAuthorization' : 'ReceiveWithAuthorization'
  const domain = { name: 'Matrix', version: versionOf(family), chainId, verifyingContract: token }
  const signer = broken.has("another's key") ? stranger : payer
  const { r, s, v } = parseSignature(await signer.signTypedData({ domain, types, primaryType, message }))
  const sentR = broken.has('no key') ? `0x${'00'.repeat(32)}` : r
  const sentS = broken.has('s too high') ? toHex(order - BigInt(s), { size: 32 }) : s
  const sentV = (broken.has('v of 0 or 1') ? Number(v) - 27 : Number(v)).toString(16).padStart(2, '0')
  const interventions: Intervention[] = [
    ...(broken.has('paused') ? [{ kind: 'paused' } as const] : []),
    ...(broken.has('payer listed') ? [{ kind: 'blacklist', address: message.from } as const] : []),
    ...(broken.has('payee listed') ? [{ kind: 'blacklist', address: message.to } as const] : []),
    ...(broken.has('somebody else calls') ? [{ kind: 'sender', sender: stranger.address } as const] : []),
    ...(broken.has('nonce used') ? [{ kind: 'nonce-used' } as const] : []),
    ...(broken.has('too little') ? [{ kind: 'balance', value: 9_999n } as const] : []),
    ...(code === undefined ? [] : [{ kind: 'payer-code', code: delegationTo(stranger.address), delegateCode: code } as const]),
    { kind: 'function', function: called, overload },
  ]
  const signature: Hex = `0x${sentR.slice(2)}${sentS.slice(2)}${broken.has('a byte too few') ? '' : sentV}`
  return { payment: { authorization: message, signature, primaryType }, at: now, interventions }
}

const versionOf = (family: string): string => (family.startsWith('FiatToken') ? '2' : '1')

/** What it answered, read by viem: a revert string, or a custom error with the types of its arguments; undefined for a success. */
function answered(outcome: SimulatedOutcome): string | undefined {
  if (outcome.status === 'settled') return undefined
  const { errorName, args = [], abiItem } = decodeErrorResult({ abi: errors, data: outcome.data })
  if (errorName === 'Error') return String(args[0])
  const inputs = 'inputs' in abiItem ? abiItem.inputs : []
  return `${errorName}(${inputs.map(({ type }) => type).join(',')})`
}

/** Every code that an embedded chain has. npm's v2 and v2.1 ask a payer with code, where their models and the deployed contracts do not. */
const families = ['FiatTokenV2', 'FiatTokenV2_1', 'FiatTokenV2_2', 'FiatTokenCeloV2_2', 'ERC3009', 'ERC20TransferAuthorization'] as const

describe.each(families)('%s', (family) => {
  let chain: EmbeddedChain
  beforeAll(async () => {
    chain = await openChain({ chainId, token: { address: token, name: 'Matrix', version: versionOf(family), family } })
  }, 60_000)
  afterAll(() => chain?.close())

  const codes = [
    ['no code', undefined],
    ['code that accepts', walletCode.accepts],
    ['code that refuses', walletCode.refuses],
  ] as const

  describe.each(callsOf(family).map((call) => [call.function, call.overload, call] as const))('%s by %s', (_function, _overload, call) => {
    it.each(codes)('answers all pairs of faults as its model does, for a payer with %s', async (_name, code) => {
      const own = possible(call)
      const pairs = [
        [],
        ...own.flatMap((one, index) => own.slice(index).flatMap((other) => (excluded(one, other) ? [] : [[one, other] as const]))),
      ].map((pair) => new Set<Fault>(pair))
      expect(pairs.length).toBeGreaterThan(50)
      const outcomes = await chain.simulate(await Promise.all(pairs.map((pair) => simulation(call, pair, code))))
      const { payerCode } = call.call
      const asked = code !== undefined && payerCode === 'instead'
      const wrong = pairs.flatMap((pair, index) => {
        const fails = failing(call, pair)
        // Code that is asked decides in place of a key.
        const checks = checksOf(call.call, asked).filter((check) => !(asked && check === 'signature' && code === walletCode.accepts))
        const refusing = asked && code === walletCode.refuses ? new Set([...fails, 'signature']) : fails
        const first = checks.find((check) => refusing.has(check))
        const expected = first === undefined ? undefined : sayWords(call.call.words[first])
        const outcome = outcomes[index]
        const said = outcome === undefined ? 'nothing' : answered(outcome)
        return said === expected ? [] : [{ faults: [...pair], expected, said }]
      })
      expect(wrong).toEqual([])
    })

    it('is read so that neither of two faults is ever ruled out', async () => {
      const own = possible(call)
      const pairs = own.flatMap((one, index) => own.slice(index).flatMap((other) => (excluded(one, other) ? [] : [[one, other] as const])))
      const outcomes = await chain.simulate(await Promise.all(pairs.map((pair) => simulation(call, new Set(pair)))))
      const { function: called, overload } = call
      const wrong = pairs.flatMap((pair, index) => {
        const outcome = outcomes[index]
        if (outcome?.status !== 'reverted') return []
        const causes: readonly CauseId[] = pair.flatMap((fault) => faults[fault].cause ?? [])
        return [{}, { standard: family }, { standard: family, function: called, overload, payerHasCode: false }].flatMap((context) => {
          const { rulesOut } = decodeRevert(outcome.data, context)
          const out = rulesOut.filter((cause) => causes.includes(cause))
          return out.length === 0 ? [] : [{ pair, context, out }]
        })
      })
      expect(wrong).toEqual([])
    })
  })
})

describe("windows of OpenZeppelin's contracts", () => {
  const flag = 1n << 47n
  const abi = parseAbi([
    'function transferWithAuthorization(address, address, uint256, uint256, uint256, bytes32, uint8, bytes32, bytes32)',
  ])
  let chain: EmbeddedChain
  beforeAll(async () => {
    chain = await openChain({ chainId, token: { address: token, name: 'Matrix', version: '1', family: 'ERC3009' } })
    await rpc('anvil_mine', ['0x5'])
  }, 60_000)
  afterAll(() => chain?.close())

  const rpc = async (method: string, params: readonly unknown[]): Promise<{ readonly error?: { readonly data?: Hex } }> => {
    const response = await fetch(`http://127.0.0.1:${chain.anvil.port}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    return (await response.json()) as { readonly error?: { readonly data?: Hex } }
  }

  it.each([
    ['in blocks where bit 47 is in both times', flag, flag + 1_000_000n, undefined],
    ['in seconds where it is in validAfter only', flag, now + 1n, 'ERC3009InvalidAuthorizationTime'],
    ['in seconds where it is in validBefore only', now - 1n, flag + 1n, undefined],
    ['closed where the block is past', flag, flag + 1n, 'ERC3009InvalidAuthorizationTime'],
  ] as const)('are %s', async (_name, validAfter, validBefore, expected) => {
    // Nothing is paid, so that the payer needs nothing.
    const message = { from: payer.address, to: payee, value: 0n, validAfter, validBefore, nonce }
    const domain = { name: 'Matrix', version: '1', chainId, verifyingContract: token }
    const { r, s, v } = parseSignature(await payer.signTypedData({ domain, types, primaryType: 'TransferWithAuthorization', message }))
    const args = [payer.address, payee, 0n, validAfter, validBefore, nonce, Number(v), r, s] as const
    const data = encodeFunctionData({ abi, functionName: 'transferWithAuthorization', args })
    const { error } = await rpc('eth_call', [{ to: token, data }, 'latest', {}, { time: toHex(now) }])
    expect(error === undefined ? undefined : decodeErrorResult({ abi: errors, data: error.data ?? '0x' }).errorName).toBe(expected)
    const inBlocks = blockWindowOf({ ...message }, 'ERC3009')
    expect(inBlocks === undefined).toBe((validAfter & validBefore & flag) === 0n)
    expect(blockWindowOf({ ...message }, 'FiatTokenV2_2')).toBeUndefined()
  })

  it('can not be shown by a replay, which has blocks of its own', async () => {
    const message = { from: payer.address, to: payee, value: 1n, validAfter: flag, validBefore: flag + 9n, nonce }
    const payment = { authorization: message, signature: `0x${'11'.repeat(65)}`, primaryType: 'TransferWithAuthorization' } as const
    await expect(chain.replay(payment, { at: now })).rejects.toMatchObject({ code: 'unsupported-input' })
  })
})
