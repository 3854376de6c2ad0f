import { describe, expect, test } from 'vitest'
import { reverts } from '../../../fixtures/src/reverts/reverts.ts'
import { decodeRevert } from './revert.ts'

describe('answers as they come', () => {
  test.each(reverts.map((fixture) => [fixture.id, fixture] as const))('%s', (_id, { input, expect: wanted }) => {
    const got = decodeRevert(input)
    expect({ kind: got.kind, name: got.name }).toEqual({ kind: wanted.kind, name: wanted.name })
    if (wanted.message !== undefined) expect(got.message).toContain(wanted.message)
    if (wanted.cause !== undefined) expect(got.cause ?? null).toBe(wanted.cause)
    if (wanted.party !== undefined) expect(got.party ?? null).toBe(wanted.party)
    if (wanted.retry !== undefined) expect(got.retry).toBe(wanted.retry)
    if (wanted.mayBe !== undefined) expect(got.causes).toEqual(expect.arrayContaining([...wanted.mayBe]))
    for (const pattern of wanted.cannotBe ?? []) {
      const named = got.causes.filter((cause) => (pattern.endsWith('*') ? cause.startsWith(pattern.slice(0, -1)) : cause === pattern))
      expect({ pattern, named }).toEqual({ pattern, named: [] })
    }
    if (wanted.speaker !== undefined) expect('speaker' in got ? got.speaker : null).toBe(wanted.speaker)
    if (wanted.stage !== undefined) expect('stage' in got ? got.stage : null).toBe(wanted.stage)
    if (wanted.via !== undefined) expect(got.via.slice(0, wanted.via.length)).toEqual(wanted.via)
    if (wanted.relayer !== undefined) expect(got.relayer).toBe(wanted.relayer)
    if (wanted.transaction !== undefined) expect(got.transaction).toBe(wanted.transaction)
  })
})
