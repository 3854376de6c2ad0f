import { toFunctionSelector } from 'viem'
import { describe, expect, test } from 'vitest'
import type { CauseId } from '../causes/catalogue.ts'
import { callsOf, familiesNamed, sayWords } from '../tokens/ask-model.ts'
import { tokenFamilies } from '../tokens/models.ts'
import { ruledOutAt } from './checkpoints.ts'
import { decodeRevert } from './revert.ts'

// That the orders and the words are the contracts' own, replay/order-matrix.test.ts shows on the contracts.

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
    // Too little gas reads so only where a wallet is called.
    expect(anyFamily.causes).toContain('facilitator-gas-limit')
    expect(decodeRevert('FiatTokenV2: invalid signature', { standard: 'FiatToken v2.1' }).causes).not.toContain('facilitator-gas-limit')
    expect(decodeRevert('FiatTokenV2: invalid signature', { payerHasCode: false }).causes).not.toContain('facilitator-gas-limit')
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

  test('a part of the blacklist that was passed leaves the other', () => {
    expect(ruledOutAt('to-blacklisted', ['FiatTokenV2_2'])).not.toContain('blacklisted')
    expect(ruledOutAt('from-blacklisted', ['PaxosTokenV2'])).not.toContain('blacklisted')
    expect(ruledOutAt('balance', ['PaxosTokenV2'])).toContain('blacklisted')
  })

  test("OpenZeppelin's order: the signature was right where the window or the nonce is refused, and nothing is known of them where it is not", () => {
    const time = decodeRevert('0x4a931c17')
    expect(time.rulesOut).toEqual(expect.arrayContaining(['domain-name-mismatch', 'signer-not-owner', 'high-s']))
    expect(time.rulesOut).not.toContain('authorization-used')
    const refused = decodeRevert('0x77c207f4')
    expect(refused.rulesOut).not.toContain('expired')
    expect(refused.rulesOut).not.toContain('authorization-used')
    // By (v, r, s) it has answers of its own to a high s and to no key at all; by bytes it has none.
    expect(decodeRevert('0x77c207f4', { standard: 'ERC20TransferAuthorization', overload: 'vrs' }).rulesOut).toContain('high-s')
    expect(decodeRevert('0x77c207f4', { standard: 'ERC20TransferAuthorization', overload: 'bytes' }).rulesOut).not.toContain('high-s')
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
    let looked = 0
    for (const family of tokenFamilies) {
      for (const { call } of callsOf(family)) {
        for (const words of Object.values(call.words)) {
          const said = sayWords(words)
          if (said === undefined) continue
          looked++
          const { causes, rulesOut } = decodeRevert('text' in words ? said : toFunctionSelector(said), { standard: family })
          expect(rulesOut.filter((id) => causes.includes(id))).toEqual([])
        }
      }
    }
    expect(looked).toBeGreaterThan(100)
  })

  test('means what the family means by it', () => {
    expect(decodeRevert('Blacklistable: account is blacklisted').causes).toEqual(['blacklisted', 'relayer-blocked'])
    expect(decodeRevert('Blacklistable: account is blacklisted', { standard: 'FiatTokenV2_2' }).causes).toEqual(['blacklisted'])
    expect(decodeRevert('Blocked: msg.sender is blocked')).toMatchObject({
      cause: 'relayer-blocked',
      party: 'facilitator',
      retry: 'send-same',
    })
    expect(decodeRevert('GasAbstraction: invalid signature').causes[0]).toBe('nonstandard-domain-layout')
  })
})

test.each([
  ['FiatTokenV2_2 proxy (native Circle USDC)', ['FiatTokenV2_2']],
  ['FiatToken v2.2 (native)', ['FiatTokenV2_2']],
  ['FiatTokenCeloV2_2 behind a proxy', ['FiatTokenCeloV2_2']],
  ['NativeFiatTokenV2_2', ['NativeFiatTokenV2_2']],
  ['FiatTokenV2_1', ['FiatTokenV2_1']],
  ['FiatToken v2', ['FiatTokenV2']],
  ['UChildAdministrableERC20 (PoS bridge)', ['UChildAdministrableERC20']],
  ['PaxosTokenV2', ['PaxosTokenV2']],
  ["Paxos's PYUSD", ['PaxosTokenV2', 'PaxosTokenV2Vrs']],
  ['Tether USD₮0', ['TetherTokenV2']],
  ['OpenZeppelin ERC20TransferAuthorization', ['ERC20TransferAuthorization']],
  ['FiatTokenV1_1', []],
  ['OpenZeppelin ERC20', []],
])('familiesNamed(%j) is %j', (text, families) => {
  expect(familiesNamed(text)).toEqual(families)
})
