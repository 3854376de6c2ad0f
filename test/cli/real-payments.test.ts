import { readFileSync } from 'node:fs'
import type { EvmDiagnosis } from '@eip3009/core'
import { realPayments } from '@eip3009/fixtures'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { runCli } from './run-here.ts'

const schema = JSON.parse(readFileSync(new URL('../../packages/core/schema/diagnosis.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ allErrors: true }).compile(schema)

async function diagnoseJson(id: string, ...options: string[]): Promise<{ code: number | null; diagnosis: EvmDiagnosis }> {
  const payment = realPayments.find((each) => each.id === id)
  if (payment === undefined) throw new TypeError(`no payment ${id}`)
  const { code, stdout, stderr } = await runCli(['diagnose', '-', '--json', ...options], JSON.stringify(payment.input))
  expect(stderr).toBe('')
  const diagnosis: EvmDiagnosis = JSON.parse(stdout)
  validate(diagnosis)
  expect(validate.errors ?? []).toEqual([])
  return { code, diagnosis }
}

const causes = (diagnosis: EvmDiagnosis): string[] => diagnosis.findings.map(({ cause }) => cause)

describe('the seven real payments, through the built CLI', () => {
  it('are seven', () => expect(realPayments).toHaveLength(7))

  it.each(realPayments.map((payment) => [payment.id, payment] as const))(
    '%s comes out as is known of it',
    async (id, { verdict, cause, digest }) => {
      const { code, diagnosis } = await diagnoseJson(id)
      expect([diagnosis.verdict, diagnosis.cause]).toEqual([verdict, cause])
      expect(code).toBe(verdict === 'settles' ? 0 : 1)
      // What was signed is independent of us: viem or ethers made these digests.
      if (digest !== undefined) {
        const shown = diagnosis.replay?.runs.find(({ outcome }) => outcome === 'settled')?.digest
        const signedDigest = verdict === 'fails' && diagnosis.replay !== null ? shown : diagnosis.evm.digest
        expect(signedDigest).toBe(digest)
      }
    },
  )

  it('the incident: the signature is valid, it settles inside its window, and a payer with code gives the observed revert', async () => {
    const { diagnosis } = await diagnoseJson('base-incident-2025-10-31')
    expect(diagnosis.evm.signer).toBe(diagnosis.payment.from)
    expect(diagnosis.time.basis).toBe('inside-window')
    expect(diagnosis.evm.window).toMatchObject({ judged: 'open', now: 'closed' })
    const [asIs, delegated] = diagnosis.replay?.runs ?? []
    expect(asIs).toMatchObject({ interventions: [], outcome: 'settled', digest: diagnosis.evm.digest, recovered: diagnosis.payment.from })
    expect(delegated).toMatchObject({ outcome: 'reverted', revert: 'FiatTokenV2: invalid signature' })
    expect(delegated?.interventions.join()).toContain('EIP-7702')
    expect(diagnosis.explanations[0]).toMatchObject({ cause: 'eip7702-payer', shown: true })
    expect(causes(diagnosis)).toContain('expired')
    expect(diagnosis).toMatchObject({ retry: { action: 'unknown', onlyIf: ['nonce-unused'] }, money: { state: 'unknown' } })
  })

  it('the wrong name: signed for mainnet, proven by a token with that name', async () => {
    const { diagnosis } = await diagnoseJson('cdp-unable-to-estimate-gas')
    expect(diagnosis).toMatchObject({
      party: 'client',
      proof: 'proven',
      retry: { action: 'sign-again' },
      money: { state: 'not-moved' },
      evm: { domain: { signed: { name: 'USD Coin' }, expected: { name: 'USDC' } } },
    })
    expect(diagnosis.replay?.runs.map(({ outcome, revert }) => [outcome, revert])).toEqual([
      ['reverted', 'FiatTokenV2: invalid signature'],
      ['settled', null],
    ])
  })

  it('the specification’s example: valid, expired, with a window of 65 s', async () => {
    const { diagnosis } = await diagnoseJson('x402-spec-example')
    expect(diagnosis.findings.find(({ cause }) => cause === 'expired')?.summary).toContain('window of 65 s')
  })

  it('the payment that settled on chain: a self-payment, with the gas that the chain charged', async () => {
    const { diagnosis } = await diagnoseJson('settled-on-base-sepolia')
    expect(causes(diagnosis)).toContain('self-payment')
    // Base Sepolia's own receipt says 78176: Circle's contract on our chain is the contract on that one.
    expect(diagnosis.replay?.runs[0]).toMatchObject({ outcome: 'settled', gasUsed: '78176' })
  })

  it('the recovery byte 0: on a chain that we do not know, with the bytes that would do', async () => {
    const { diagnosis } = await diagnoseJson('recovery-byte-zero')
    expect(diagnosis.findings[0]).toMatchObject({ field: 'signature.v', seen: '0', expected: '27' })
    // No token is known there that it could be replayed on; that the precompile takes 27 and 28 only holds everywhere.
    expect(diagnosis).toMatchObject({
      proof: 'inferred',
      retry: { action: 'unknown', onlyIf: ['nonce-unused'] },
      replay: null,
      evm: { token: { domain: { from: 'claim' } } },
    })
  })
})

describe('the moment', () => {
  it('--at inside the window, before it, after it, and at its strict ends', async () => {
    const says = async (at: string) => (await diagnoseJson('base-incident-2025-10-31', '--at', at)).diagnosis
    expect(await says('1761925000')).toMatchObject({ verdict: 'settles', time: { basis: 'given' } })
    expect(await says('2025-10-31T15:31:00Z')).toMatchObject({
      verdict: 'fails',
      cause: 'not-yet-valid',
      proof: 'proven',
      // Now it is over by the clock, and nothing tells what became of its nonce.
      retry: { action: 'unknown', onlyIf: ['nonce-unused'] },
    })
    expect(await says('1761924682')).toMatchObject({ cause: 'not-yet-valid' })
    expect(await says('now')).toMatchObject({
      cause: 'expired',
      proof: 'proven',
      replay: { runs: [{ revert: 'FiatTokenV2: authorization is expired' }, { outcome: 'settled' }] },
    })
    expect(await says('1761925342')).toMatchObject({ cause: 'expired' })
    expect(await says('1761925341')).toMatchObject({ verdict: 'settles' })
  })

  it('shows every fault at once: expired hides a wrong name', async () => {
    const { diagnosis } = await diagnoseJson('cdp-unable-to-estimate-gas', '--at', 'now')
    expect(causes(diagnosis).slice(0, 2)).toEqual(['expired', 'domain-name-mismatch'])
    expect(diagnosis.proof).toBe('proven')
  })
})

describe('without replay', () => {
  it('says what it infers and never claims more', async () => {
    const { diagnosis } = await diagnoseJson('cdp-unable-to-estimate-gas', '--no-replay')
    expect(diagnosis).toMatchObject({ cause: 'domain-name-mismatch', proof: 'inferred', replay: null })
    expect(diagnosis.skipped).toContainEqual({ id: 'replay', check: 'replay', code: 'not-wanted', reason: 'not asked for' })
  })
})
