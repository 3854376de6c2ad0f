import { encodeFunctionData, type Hex, keccak256, parseAbi, parseSignature, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CauseId } from '../causes/catalogue.ts'
import { base } from '../networks/base.ts'
import { authorizationStateSlot, balanceSlot, pausedBy, pauserSlot } from '../replay/fiat-token.ts'
import { accounts, modelToken, placeToken } from '../replay/place-token.ts'
import { type Anvil, startAnvil } from '../replay/start-anvil.ts'
import { type CheckName, checkOrder, ruledOutAt, tokenFamily, tokenOrders } from './checkpoints.ts'
import { decodeRevert } from './revert.ts'

const abi = parseAbi([
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
  'function receiveWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
  'function receiveWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
])
const types = {
  TransferWithAuthorization: fields(),
  ReceiveWithAuthorization: fields(),
} as const

function fields() {
  return [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ] as const
}

const payer = privateKeyToAccount(keccak256(toHex('checkpoints: payer')))
const stranger = privateKeyToAccount(keccak256(toHex('checkpoints: stranger')))
const payee = '0x00000000000000000000000000000000000000b2'
const zero = '0x0000000000000000000000000000000000000000'
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const now = 1_000n

/** What the contract says at each check, and a cause that is present whenever the test makes that check fail. */
const faults: Partial<Record<CheckName, { readonly says: string; readonly cause: CauseId }>> = {
  paused: { says: 'Pausable: paused', cause: 'paused' },
  'from-blacklisted': { says: 'Blacklistable: account is blacklisted', cause: 'blacklisted' },
  'to-blacklisted': { says: 'Blacklistable: account is blacklisted', cause: 'blacklisted' },
  'caller-is-payee': { says: 'FiatTokenV2: caller must be the payee', cause: 'primary-type-mismatch' },
  after: { says: 'FiatTokenV2: authorization is not yet valid', cause: 'not-yet-valid' },
  before: { says: 'FiatTokenV2: authorization is expired', cause: 'expired' },
  unused: { says: 'FiatTokenV2: authorization is used or canceled', cause: 'authorization-used' },
  length: { says: 'ECRecover: invalid signature length', cause: 'signature-length' },
  s: { says: "ECRecover: invalid signature 's' value", cause: 'high-s' },
  v: { says: "ECRecover: invalid signature 'v' value", cause: 'v-0-or-1' },
  recovered: { says: 'ECRecover: invalid signature', cause: 'signature-byte-order' },
  signature: { says: 'FiatTokenV2: invalid signature', cause: 'signer-not-owner' },
  'to-zero': { says: 'ERC20: transfer to the zero address', cause: 'malformed-field' },
  balance: { says: 'ERC20: transfer amount exceeds balance', cause: 'insufficient-balance' },
}

const token = modelToken({ network: base })
const domain = { name: token.name, version: '2', chainId: token.chainId, verifyingContract: token.address } as const

let anvil: Anvil
beforeAll(async () => {
  anvil = await startAnvil({ chainId: token.chainId })
  await placeToken(anvil, token)
  await anvil.request('evm_mine', [Number(now)])
})
afterAll(() => anvil.stop())

type Call = 'transferWithAuthorization' | 'receiveWithAuthorization'
type Overload = 'vrs' | 'bytes'

/** The answer of the real contract to a call with exactly these faults. */
async function answer(call: Call, overload: Overload, broken: ReadonlySet<CheckName>, payerCode?: Hex): Promise<unknown> {
  const message = {
    from: payer.address,
    to: broken.has('to-zero') ? zero : payee,
    value: 10_000n,
    validAfter: broken.has('after') ? now * 5n : 10n,
    validBefore: broken.has('before') ? 20n : now * 9n,
    nonce: keccak256(toHex('checkpoints: nonce')),
  } as const
  const signer = broken.has('signature') ? stranger : payer
  const primaryType = call === 'transferWithAuthorization' ? 'TransferWithAuthorization' : 'ReceiveWithAuthorization'
  const { r, s, v } = parseSignature(await signer.signTypedData({ domain, types, primaryType, message }))
  const sentR: Hex = broken.has('recovered') ? `0x${'00'.repeat(32)}` : r
  const sentS: Hex = broken.has('s') ? toHex(order - BigInt(s), { size: 32 }) : s
  const sentV = broken.has('v') ? Number(v) - 27 : Number(v)
  const signature: Hex = `${sentR}${sentS.slice(2)}${broken.has('length') ? '' : sentV.toString(16).padStart(2, '0')}`
  const { from, to, value, validAfter, validBefore, nonce } = message
  const common = [from, to, value, validAfter, validBefore, nonce] as const
  const data =
    overload === 'bytes'
      ? encodeFunctionData({ abi, functionName: call, args: [...common, signature] })
      : encodeFunctionData({ abi, functionName: call, args: [...common, sentV, sentR, sentS] })
  const word = (bits: bigint): Hex => toHex(bits, { size: 32 })
  const listed = 1n << 255n
  const stateDiff: Record<Hex, Hex> = {
    [balanceSlot(from)]: word((broken.has('balance') ? 0n : value) | (broken.has('from-blacklisted') ? listed : 0n)),
    [balanceSlot(to)]: word(broken.has('to-blacklisted') ? listed : 0n),
    [authorizationStateSlot(from, nonce)]: word(broken.has('unused') ? 1n : 0n),
    ...(broken.has('paused') ? { [pauserSlot]: pausedBy(accounts.pauser) } : {}),
  }
  const sender = broken.has('caller-is-payee') ? stranger.address : to
  const overrides = { [token.address]: { stateDiff }, ...(payerCode === undefined ? {} : { [from]: { code: payerCode } }) }
  const response = await fetch(`http://127.0.0.1:${anvil.port}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'eth_call',
      params: [{ from: sender, to: token.address, data }, 'latest', overrides],
    }),
  })
  return response.json()
}

/** The checks of the order that the test can make fail, in that order. */
function breakable(call: Call, overload: Overload): readonly CheckName[] {
  return checkOrder('FiatTokenV2_2', call, false).filter(
    (check) =>
      check !== 'from-zero' &&
      (check !== 'length' || overload === 'bytes') &&
      (check !== 'to-zero' || call === 'transferWithAuthorization'),
  )
}

describe.each([
  ['transferWithAuthorization', 'vrs'],
  ['transferWithAuthorization', 'bytes'],
  ['receiveWithAuthorization', 'vrs'],
  ['receiveWithAuthorization', 'bytes'],
] as const)("Circle's contract, %s by %s", (call, overload) => {
  test('a call without a fault succeeds', async () => {
    expect(await answer(call, overload, new Set())).toHaveProperty('result')
  })

  test('of two faults it names the one that comes first in our order, and the other is never ruled out', async () => {
    const checks = breakable(call, overload)
    expect(checks.length).toBeGreaterThan(10)
    for (const [index, first] of checks.entries()) {
      for (const second of checks.slice(index)) {
        const response = await answer(call, overload, new Set([first, second]))
        const label = `${first} and ${second}`
        for (const context of [
          {},
          { standard: 'FiatTokenV2_2', function: call, overload },
          { standard: 'FiatTokenV2_2', function: call, overload, payerHasCode: false },
        ]) {
          const decoded = decodeRevert(response, context)
          expect(decoded.message, label).toBe(faults[first]?.says)
          expect(decoded.rulesOut, label).not.toContain(faults[second]?.cause)
        }
      }
    }
  })

  test('what comes before the failed check is ruled out', async () => {
    const decoded = decodeRevert(await answer(call, overload, new Set(['balance'])), {
      standard: 'FiatTokenV2_2',
      function: call,
      overload,
      payerHasCode: false,
    })
    expect(decoded.rulesOut).toEqual(
      expect.arrayContaining([
        'paused',
        'blacklisted',
        'not-yet-valid',
        'expired',
        'window-inverted',
        'authorization-used',
        'authorization-canceled',
        'high-s',
        'v-0-or-1',
        'domain-name-mismatch',
        'eip7702-payer',
      ]),
    )
    expect(decoded.rulesOut).not.toContain('insufficient-balance')
  })

  test('a payer with code is not recovered, and its bytes are not ruled out', async () => {
    // Code that answers nothing, as a delegate without isValidSignature does.
    const response = await answer(call, overload, new Set(['v', 's']), '0x00')
    for (const context of [{}, { standard: 'FiatTokenV2_2' }, { standard: 'FiatTokenV2_2', payerHasCode: true }]) {
      const decoded = decodeRevert(response, context)
      expect(decoded.message).toBe('FiatTokenV2: invalid signature')
      expect(decoded.rulesOut).not.toContain('v-0-or-1')
      expect(decoded.rulesOut).not.toContain('eip7702-payer')
      expect(decoded.causes).toContain('eip7702-payer')
      expect(decoded.rulesOut).toEqual(expect.arrayContaining(['expired', 'paused', 'blacklisted', 'authorization-used']))
    }
  })
})

describe('what follows from a check', () => {
  test('without a profile only what holds in every family', () => {
    const anyFamily = decodeRevert('FiatTokenV2: invalid signature')
    expect(anyFamily.rulesOut).toEqual(expect.arrayContaining(['expired', 'not-yet-valid', 'authorization-used', 'paused', 'blacklisted']))
    expect(anyFamily.rulesOut).not.toContain('insufficient-balance')
    // v2.2 asks a payer with code by ERC-1271, v2 and v2.1 never do.
    expect(anyFamily.rulesOut).not.toContain('high-s')
    expect(decodeRevert('FiatTokenV2: invalid signature', { standard: 'FiatToken v2.1' }).rulesOut).toEqual(
      expect.arrayContaining(['high-s', 'v-0-or-1', 'eip7702-payer']),
    )
  })

  test('words that other contracts use too say nothing unless the token is known', () => {
    expect(decodeRevert('ERC20: transfer amount exceeds balance').rulesOut).toEqual([])
    expect(decodeRevert('ERC20: transfer amount exceeds balance', { standard: 'a bridged OpenZeppelin token' }).rulesOut).toEqual([])
    const known = decodeRevert('ERC20: transfer amount exceeds balance', { standard: 'FiatTokenV2_2 proxy (native Circle USDC)' })
    expect(known.rulesOut).toEqual(expect.arrayContaining(['domain-name-mismatch', 'expired', 'authorization-used']))
  })

  test('ECRecover in v2.2 proves that the payer has no code', () => {
    expect(decodeRevert("ECRecover: invalid signature 's' value", { standard: 'FiatTokenV2_2' }).rulesOut).toEqual(
      expect.arrayContaining(['eip7702-payer', 'smart-wallet-signature', 'expired']),
    )
  })

  test('the bytes overload rules a wrong length out, v, r and s do not', () => {
    const at = (overload: 'vrs' | 'bytes'): readonly CauseId[] =>
      ruledOutAt('s', ['FiatTokenV2_2'], {
        standard: 'FiatTokenV2_2',
        function: 'transferWithAuthorization',
        overload,
        payerHasCode: false,
      })
    expect(at('bytes')).toContain('signature-length')
    expect(at('vrs')).not.toContain('signature-length')
  })

  test("Paxos's tokens check the signature before the freeze, and never revert for a used nonce", () => {
    const frozen = decodeRevert('0x1fd1cc44', { standard: 'PaxosTokenV2' })
    expect(frozen.rulesOut).toEqual(expect.arrayContaining(['paused', 'expired', 'authorization-used', 'domain-name-mismatch']))
    expect(frozen.rulesOut).not.toContain('insufficient-balance')
    expect(ruledOutAt('unused', ['PaxosTokenV2'])).toEqual([])
  })

  test('InvalidSignature() is declared by several: only a Paxos profile rules something out', () => {
    expect(decodeRevert('0x8baa579f').rulesOut).toEqual([])
    expect(decodeRevert('0x8baa579f', { standard: 'PaxosTokenV2' }).rulesOut).toContain('expired')
  })

  test('never rules out what it names', () => {
    for (const family of Object.keys(tokenOrders)) {
      for (const text of Object.values(faults)) {
        const { causes, rulesOut } = decodeRevert(text.says, { standard: family })
        expect(rulesOut.filter((id) => causes.includes(id))).toEqual([])
      }
    }
  })
})

test.each([
  ['FiatTokenV2_2 proxy (native Circle USDC)', 'FiatTokenV2_2'],
  ['FiatToken v2.2 (native)', 'FiatTokenV2_2'],
  ['FiatTokenCeloV2_2 behind a proxy', 'FiatTokenV2_2'],
  ['FiatTokenV2_1', 'FiatTokenV2_1'],
  ['FiatToken v2', 'FiatTokenV2'],
  ['UChildAdministrableERC20 (PoS bridge)', 'UChildAdministrableERC20'],
  ['PaxosTokenV2', 'PaxosTokenV2'],
  ['FiatTokenV1_1', undefined],
  ['OpenZeppelin ERC20', undefined],
])('tokenFamily(%j) is %s', (text, family) => {
  expect(tokenFamily(text)).toBe(family)
})
