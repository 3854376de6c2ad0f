import { readFileSync } from 'node:fs'
import { decodeRevert } from '@eip3009/core'
import type { SvmFacilitatorAnswer } from '@eip3009/core/solana'
import { type SvmVariant, svmFixtureNetworks, variants } from '@eip3009/fixtures'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { asVersion1, facilitators, predictionsFor, verifyWith } from './svm-facilitators.ts'
import { svmFacilitatorsPage } from './svm-facilitators-page.ts'

const profiles = Object.keys(facilitators) as (keyof typeof facilitators)[]

// Both versions print what they can not decode.
const silenced = vi.spyOn(console, 'error')
beforeAll(() => void silenced.mockImplementation(() => undefined))
afterAll(() => silenced.mockRestore())

/** Litesvm has no Lighthouse, so a simulation over it says nothing; and these are the facilitators of version 2. */
const told = (network: 'solana' | 'solana-devnet'): readonly SvmVariant[] =>
  variants(network).filter(({ chain, name }) => chain.outcome !== 'unknown' && name !== 'version-1-body')

const bodies: Readonly<Partial<Record<string, (variant: SvmVariant) => SvmVariant>>> = { 'x402-svm-2.27-v1': asVersion1 }
const bodyFor = (profile: string, variant: SvmVariant): SvmVariant => bodies[profile]?.(variant) ?? variant

function predicted(variant: SvmVariant, profile: string): SvmFacilitatorAnswer {
  const answer = predictionsFor(bodyFor(profile, variant)).get(profile)
  if (answer === undefined) throw new TypeError(`no profile ${profile}`)
  return answer
}

describe.each(svmFixtureNetworks)('%s', (network) => {
  describe.each(profiles)('%s answers what its profile predicts', (profile) => {
    it.each(told(network))('$name', async (variant) => {
      const real = await verifyWith(profile, bodyFor(profile, variant))
      const { verify, code } = predicted(variant, profile)
      // Some codes have details behind a colon.
      expect(verify === 'accepts' ? null : (code ?? 'throws')).toBe(real?.split(':')[0] ?? null)
    })
  })
})

/** Codes that name another thing than what is wrong, each with why. */
const mislabels: Readonly<Record<string, string>> = {
  'amount-tampered x402-svm-2.10': 'checks the fields before anybody checks the signature, so that it names the field that was altered',
  'pay-to-token-account x402-svm-2.27': 'sees the run fail, since that payee has no token account; that payTo is no wallet is the root',
  'pay-to-token-account x402-svm-2.27-v1': 'sees the run fail, since that payee has no token account; that payTo is no wallet is the root',
  'pay-to-token-account x402-svm-2.10': 'sees the run fail, since that payee has no token account; that payTo is no wallet is the root',
}

describe.each(profiles)('the codes of %s decode to what is wrong', (profile) => {
  it.each(told('solana').filter(({ cause }) => cause !== 'valid'))('$name', async (variant) => {
    const code = await verifyWith(profile, bodyFor(profile, variant))
    if (code === null || code === 'throws') return
    const named = decodeRevert(code).causes.includes(variant.cause as never)
    expect({ name: variant.name, code, named }).toEqual({ name: variant.name, code, named: !(`${variant.name} ${profile}` in mislabels) })
  })
})

/** The same transaction as it is, or written otherwise than as standard base64. */
const forms: Readonly<Record<string, (text: string) => unknown>> = {
  'as it is': (text) => text,
  unpadded: (text) => text.replace(/=+$/, ''),
  'url-alphabet': (text) => text.replaceAll('+', '-').replaceAll('/', '_'),
  'line-breaks': (text) => text.replace(/(.{76})/g, '$1\n'),
  'percent-encoded': (text) => encodeURIComponent(text),
  hex: (text) => Buffer.from(text, 'base64').toString('hex'),
  'byte-list': (text) => [...Buffer.from(text, 'base64')],
  'a Buffer': (text) => JSON.parse(JSON.stringify(Buffer.from(text, 'base64'))),
}

describe.each(profiles)('%s takes a transaction in the forms that its profile says', (profile) => {
  it.each(Object.keys(forms))('%s', async (form) => {
    const variant = told('solana').find(({ name }) => name === 'valid')
    if (variant === undefined) throw new TypeError('no valid payment')
    const input = structuredClone(variant.input) as { paymentPayload: { payload: { transaction: unknown } } }
    const own = String(input.paymentPayload.payload.transaction)
    expect(own).toMatch(/[+/].*=$/)
    input.paymentPayload.payload.transaction = forms[form]?.(own)
    const real = await verifyWith(profile, bodyFor(profile, { ...variant, input }))
    expect(predicted({ ...variant, input }, profile).verify).toBe(real === null ? 'accepts' : 'refuses')
  })
})

it('compares more than 60 payments a version', () => expect(told('solana').length).toBeGreaterThan(60))

it('the page about them says what they answered; where it does not, run `pnpm docs`', async () => {
  expect(await svmFacilitatorsPage()).toBe(readFileSync(new URL('../../docs/svm-facilitators.md', import.meta.url), 'utf8'))
})
