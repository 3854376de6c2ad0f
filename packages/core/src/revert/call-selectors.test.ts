import { toFunctionSelector } from 'viem'
import { expect, test } from 'vitest'
import { callSignatures, isCallSelector } from './call-selectors.ts'
import { decodeRevert } from './revert.ts'
import { isErrorSelector } from './revert-data.ts'

test.each(Object.entries(callSignatures))('%s is the selector of %s, and of no error', (selector, signature) => {
  expect(toFunctionSelector(signature)).toBe(selector)
  expect(isCallSelector(selector)).toBe(true)
  expect(isErrorSelector(selector)).toBe(false)
})

test('calldata is not taken for revert data', () => {
  const calldata = `0x70a08231${'00'.repeat(32)}`
  expect(decodeRevert(calldata)).toMatchObject({ kind: 'unknown', causes: [] })
  expect(decodeRevert(calldata).message).toContain('calldata')
  expect(decodeRevert({ to: `0x${'11'.repeat(20)}`, data: calldata }).kind).toBe('unknown')
})
