import { decodeRevert, diagnose, type EvmFacilitatorAnswer, evmProfiles, readEvmPayment } from '@eip3009/core'
import { type FixtureCause, fixture } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'

async function answersTo(input: object | string, at: number): Promise<ReadonlyMap<string, EvmFacilitatorAnswer>> {
  const { facilitators } = await diagnose(readEvmPayment(input), { now: BigInt(at), at: BigInt(at) })
  return new Map(facilitators.answers.map((answer) => [answer.profile, answer]))
}

const said = (answer: EvmFacilitatorAnswer | undefined): string =>
  answer === undefined ? 'no answer' : answer.verify === 'refuses' ? `${answer.check}: ${answer.code ?? answer.details}` : answer.verify

/** Read in the sources of each; the codes are those that the sources have. Nothing is read of a chain, so what only one tells stays open. */
const read: readonly (readonly [fixture: FixtureCause, profile: string, answer: string])[] = [
  ['valid', 'x402-evm-2.16', 'depends'],
  ['valid', 'x402-rs-2.0', 'depends'],
  ['valid', 'x402-go-1', 'depends'],
  ['valid', 'cdp', 'depends'],
  // The price below the offer's: each has its own code, and CDP its own of the older package.
  ['amount-mismatch', 'x402-evm-2.6', 'amount: invalid_exact_evm_payload_authorization_value_mismatch'],
  ['amount-mismatch', 'x402-evm-2.13', 'amount: invalid_exact_evm_authorization_value'],
  ['amount-mismatch', 'x402-evm-2.17', 'amount: invalid_exact_evm_authorization_value'],
  ['amount-mismatch', 'x402-rs-2.0', 'amount: invalid_payment_amount'],
  ['amount-mismatch', 'x402-rs-1.1', 'amount: invalid_payment_amount'],
  ['amount-mismatch', 'x402-go-1', 'amount: invalid_exact_evm_payload_authorization_value_mismatch'],
  ['amount-mismatch', 'cdp', 'amount: invalid_exact_evm_payload_authorization_value'],
  // 10^12 times the price is enough for whoever wants at least that.
  ['amount-units-wrong', 'x402-python', 'amount: invalid_exact_evm_payload_authorization_value_mismatch'],
  ['amount-units-wrong', 'x402-rs-2.0', 'depends'],
  ['recipient-mismatch', 'x402-rs-2.0', 'recipient: recipient_mismatch'],
  ['recipient-mismatch', 'x402-python', 'recipient: invalid_exact_evm_payload_recipient_mismatch'],
  ['recipient-mismatch', 'x402-go-1', 'recipient: invalid_exact_evm_recipient_mismatch'],
  ['expired', 'x402-rs-2.0', 'valid-before: invalid_payment_expired'],
  ['expired', 'x402-evm-2.6', 'valid-before: invalid_exact_evm_payload_authorization_valid_before'],
  // It closes in two seconds, and all want six; how many CDP wants it does not say.
  ['window-too-short', 'x402-rs-2.0', 'valid-before: invalid_payment_expired'],
  ['window-too-short', 'x402-go-1', 'valid-before: invalid_exact_evm_payload_authorization_valid_before'],
  ['window-too-short', 'cdp', 'depends'],
  ['accepted-mismatch', 'x402-rs-2.0', 'accepted-equal: accepted_requirements_mismatch'],
  ['accepted-mismatch', 'x402-go-1', 'depends'],
  // Bytes: x402-rs reads 64 of them, and puts v and s right before it calls the token; Go and Python add 27 to v.
  ['compact-eip2098', 'x402-rs-2.0', 'depends'],
  ['compact-eip2098', 'x402-go-1', 'signature-read: invalid_exact_evm_failed_to_verify_signature'],
  ['compact-eip2098', 'x402-python', 'signature-read: invalid_exact_evm_payload_undeployed_smart_wallet'],
  ['v-0-or-1', 'x402-rs-2.0', 'depends'],
  ['v-0-or-1', 'x402-go-1', 'depends'],
  ['v-0-or-1', 'x402-evm-2.16', 'simulation: invalid_exact_evm_transaction_simulation_failed'],
  ['high-s', 'x402-rs-1.1', 'depends'],
  ['high-s', 'x402-go-1', 'simulation: invalid_exact_evm_transaction_simulation_failed'],
  // x402-rs asks nobody but the token who signed.
  ['domain-name-mismatch', 'x402-rs-2.0', 'simulation: unexpected_error'],
  ['domain-name-mismatch', 'x402-evm-2.6', 'signature: invalid_exact_evm_payload_signature'],
  ['facilitator-config-drift', 'x402-rs-2.0', 'depends'],
  ['facilitator-config-drift', 'x402-python', 'signature: invalid_exact_evm_payload_signature'],
]

describe('what was read in the sources of those that were not run', () => {
  it.each(read)('%s, %s: %s', async (cause, profile, answer) => {
    const { input, at } = fixture('base', cause)
    expect(said((await answersTo(input, at)).get(profile))).toBe(answer)
  })
})

interface Body {
  paymentPayload: { payload: { authorization: { value: string } }; accepted: { amount: string } }
  paymentRequirements: { amount: string }
}

describe('CDP, which is closed', () => {
  it('has a least amount', async () => {
    const { input, at } = fixture('base', 'valid')
    const body = structuredClone(input) as Body
    for (const each of [body.paymentRequirements, body.paymentPayload.accepted]) each.amount = '999'
    body.paymentPayload.payload.authorization.value = '999'
    expect(said((await answersTo(body, at)).get('cdp'))).toBe('minimum: invalid_exact_evm_payload_authorization_value_too_low')
  })

  it('published no order: of two reasons neither is said to be the one', async () => {
    const { input } = fixture('base', 'amount-mismatch')
    const answer = (await answersTo(input, 1_790_003_900)).get('cdp')
    expect(answer).toMatchObject({ verify: 'refuses', check: null, code: null })
    expect(answer?.also.map(({ check }) => check)).toEqual(['amount', 'valid-before'])
  })
})

it('answers nothing about a payment that is none of the scheme', async () => {
  const { input, at } = fixture('base', 'valid')
  const { payload } = (input as { paymentPayload: { payload: object } }).paymentPayload
  expect((await answersTo(payload, at)).size).toBe(0)
})

it('every code of every profile is one that is known, and names a source', () => {
  const codes = evmProfiles.flatMap(({ id, checks }) =>
    checks.flatMap(([check, code]) => (code === '' || code.includes('{}') ? [] : [[id, check, code] as const])),
  )
  expect(codes.length).toBeGreaterThan(100)
  for (const [id, check, code] of codes) expect([id, check, code, decodeRevert(code).causes.length > 0]).toEqual([id, check, code, true])
  for (const { source, checked } of evmProfiles) expect([source !== '', /^\d{4}-\d{2}-\d{2}$/.test(checked)]).toEqual([true, true])
  expect(new Set(evmProfiles.map(({ id }) => id)).size).toBe(evmProfiles.length)
})
