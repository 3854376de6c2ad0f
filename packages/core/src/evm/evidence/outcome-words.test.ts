import { describe, expect, it } from 'vitest'
import { now, payer, relayer, reverts, stranger } from '../../../../../test/evidence/evm.ts'
import { familyOf, familyThatRuns, revertOf, saidChecks, tokenSays } from './outcome-words.ts'
import type { CallFrame, ReplayCode, ReplayOutcome } from './replay.ts'
import { isShort } from './settlement-gas.ts'
import { readSignatureCheck } from './signature-check.ts'

const call = { at: now, interventions: [], gasUsed: 1n, signatureCheck: null, balances: [] } as const
const by = (overload: 'vrs' | 'bytes' = 'vrs') =>
  ({ ...call, call: { function: 'transferWithAuthorization', overload, selector: '0x', sender: relayer } }) as const
const settled: ReplayOutcome = { ...by(), status: 'settled', events: [] }
const refused = (says: string): ReplayOutcome => ({ ...by(), status: 'reverted', reason: says, data: reverts(says).data ?? '0x' })
const raw = (data: `0x${string}`): ReplayOutcome => ({ ...by(), status: 'reverted', reason: null, data })

describe('what was answered', () => {
  it('its reason, a custom error by its name, or the data', () => {
    expect(revertOf(settled)).toBeUndefined()
    expect(revertOf(refused('Pausable: paused'))).toBe('Pausable: paused')
    // EnforcedPause() of OpenZeppelin's Pausable.
    expect(revertOf(raw('0xd93c0665'))).toContain('EnforcedPause')
    expect(revertOf(raw('0x12345678'))).toBe('0x12345678')
    expect(revertOf(raw('0x'))).toBe('0x')
  })

  it('whose code it is, and whose runs', () => {
    const codes: readonly ReplayCode[] = [
      { kind: 'artifact', family: 'FiatTokenV2_2' },
      { kind: 'stand-in', family: 'FiatTokenV2_2', of: 'TetherTokenV2' },
      { kind: 'stand-in', family: 'FiatTokenV2_2', of: null },
      { kind: 'fork', family: null },
      { kind: 'fork', family: 'FiatTokenV2' },
    ]
    expect(codes.map(familyOf)).toEqual(['FiatTokenV2_2', 'TetherTokenV2', undefined, undefined, 'FiatTokenV2'])
    expect(codes.map(familyThatRuns)).toEqual(['FiatTokenV2_2', 'FiatTokenV2_2', 'FiatTokenV2_2', undefined, 'FiatTokenV2'])
  })

  it('which checks it means', () => {
    expect(saidChecks('FiatTokenV2_2', refused('Pausable: paused'))).toEqual(['paused'])
    expect(saidChecks('FiatTokenV2_2', refused('Blacklistable: account is blacklisted'))).toEqual(['from-blacklisted', 'to-blacklisted'])
    expect(saidChecks('FiatTokenV2_2', refused('whatever'))).toEqual([])
    expect(saidChecks(undefined, refused('Pausable: paused'))).toEqual([])
    expect(saidChecks('FiatTokenV2_2', settled)).toEqual([])
    expect(saidChecks('FiatTokenV2_2', raw('0x'))).toEqual([])
    expect(saidChecks('FiatTokenV2_2', { ...refused('Pausable: paused'), refused: true } as ReplayOutcome)).toEqual([])
  })

  it("how the token words a stand-in's answer", () => {
    const standsFor = (of: 'UChildAdministrableERC20' | 'FiatTokenV2_2' | null): ReplayCode => ({
      kind: 'stand-in',
      family: 'FiatTokenV2_2',
      of,
    })
    const used = refused('FiatTokenV2: authorization is used or canceled')
    expect(tokenSays(standsFor('UChildAdministrableERC20'), used)).toBe('GasAbstraction: authorization is used or canceled')
    expect(tokenSays(standsFor('FiatTokenV2_2'), used)).toBeUndefined()
    expect(tokenSays(standsFor(null), used)).toBeUndefined()
    expect(tokenSays({ kind: 'artifact', family: 'FiatTokenV2_2' }, used)).toBeUndefined()
    expect(tokenSays(standsFor('UChildAdministrableERC20'), settled)).toBeUndefined()
    expect(tokenSays(standsFor('UChildAdministrableERC20'), refused('Blacklistable: account is blacklisted'))).toBe(
      'Blacklistable: account is blacklisted',
    )
  })
})

describe('how the token checked the signature, by a trace', () => {
  const digest = 'ab'.repeat(32)
  const recovered = stranger.slice(2).toLowerCase().padStart(64, '0')
  const ecrecover = (output?: `0x${string}`): CallFrame => ({
    to: '0x0000000000000000000000000000000000000001',
    input: `0x${digest}${'00'.repeat(96)}`,
    ...(output === undefined ? {} : { output }),
  })
  const magic = `1626ba7e${'00'.repeat(28)}`
  const wallet = (more: Partial<CallFrame> = {}): CallFrame => ({
    to: payer,
    input: `0x1626ba7e${digest}${'00'.repeat(64)}`,
    output: `0x${magic}`,
    ...more,
  })
  const root = (...calls: readonly CallFrame[]): CallFrame => ({ to: relayer, input: '0x', calls })
  const of = (frame: CallFrame) => readSignatureCheck(frame, payer)
  it('the first of the two that it asks', () => {
    expect(of(root())).toBeNull()
    expect(of({ input: '0x' })).toBeNull()
    expect(of(root(ecrecover(`0x${recovered}`)))).toEqual({ by: 'ecrecover', digest: `0x${digest}`, recovered: stranger })
    expect(of(root(ecrecover('0x')))).toEqual({ by: 'ecrecover', digest: `0x${digest}`, recovered: null })
    expect(of(root(ecrecover()))).toMatchObject({ recovered: null })
    expect(of(root(root(ecrecover(`0x${recovered}`))))).toMatchObject({ recovered: stranger })
    expect(of(root(wallet()))).toEqual({ by: 'erc1271', digest: `0x${digest}`, wallet: payer, answer: `0x${magic}`, accepted: true })
    // A wallet's own ecrecover comes after.
    expect(of(root(wallet({ calls: [ecrecover(`0x${recovered}`)] })))).toMatchObject({ by: 'erc1271' })
    expect(of(root(ecrecover(`0x${recovered}`), wallet()))).toMatchObject({ by: 'ecrecover' })
  })
  it('a wallet accepts by the magic value alone', () => {
    const accepted = (more: Partial<CallFrame>) => (of(root(wallet(more))) as { accepted?: boolean } | null)?.accepted
    expect(accepted({ output: `0x${magic}${'00'.repeat(32)}` })).toBe(true)
    expect(accepted({ output: '0x1626ba7e' })).toBe(false)
    expect(accepted({ output: `0x${'ff'.repeat(32)}` })).toBe(false)
    expect(accepted({ error: 'execution reverted' })).toBe(false)
    expect(of(root({ input: wallet().input, to: stranger }))).toBeNull()
    expect(of(root({ input: '0x12345678', to: payer }))).toBeNull()
    const { output: _, ...silent } = wallet()
    expect(of(root(silent))).toMatchObject({ answer: '0x', accepted: false })
  })
})

it('money for 110,000 gas', () => {
  expect([isShort(0n, 0n), isShort(1n, 0n), isShort(110_000n, 1n), isShort(109_999n, 1n), isShort(60_000n, 1n)]).toEqual([
    true,
    false,
    false,
    true,
    true,
  ])
})
