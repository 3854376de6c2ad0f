import { describe, expect, test } from 'vitest'
import { catalogue, causeIds } from '../causes/catalogue.ts'
import { findReason, isReasonForm } from './reason-codes.ts'
import { decodeRevert } from './revert.ts'

describe('what the catalogue says that a cause looks like is decoded to that cause', () => {
  // "masked-reason" is what we say of an answer, not what an answer means.
  const reports = causeIds
    .filter((id) => id !== 'masked-reason')
    .flatMap((id) => {
      const { token, facilitator } = catalogue[id].reports
      return [...token.map((text) => [id, text] as const), ...facilitator.filter(isReasonForm).map((text) => [id, text] as const)]
    })

  test.each(reports)('%s: %s', (id, text) => {
    if (isReasonForm(text)) expect(findReason(text), text).toBeDefined()
    expect(decodeRevert(text).causes).toContain(id)
  })
})
