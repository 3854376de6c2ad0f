import { readFileSync } from 'node:fs'
import { readPayment, sections } from '@eip3009/core'
import { readSvmPayment } from '@eip3009/core/solana'
import { fixture, fixtureNetworks, svmFixtureCauses, svmFixtureNetworks, variants } from '@eip3009/fixtures'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { diagnoseSvm } from '../../packages/core/src/solana/diagnosis/diagnose.ts'

const data = (name: string): string => readFileSync(new URL(`../../packages/fixtures/data/${name}`, import.meta.url), 'utf8')

describe('every fixture of the Solana networks', () => {
  it("is there for both networks, and for every cause of the catalogue's section", () => {
    expect(svmFixtureNetworks).toEqual(['solana', 'solana-devnet'])
    const causes = sections.find(({ id }) => id === 'solana')?.causes ?? []
    expect(causes.length).toBeGreaterThan(20)
    expect([...svmFixtureCauses].sort()).toEqual(['valid', ...causes].sort())
    for (const network of svmFixtureNetworks) {
      const names = variants(network).map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      for (const cause of svmFixtureCauses) expect(fixture(network, cause).cause).toBe(cause)
      expect(names.length).toBeGreaterThan(65)
    }
  })

  describe.each(svmFixtureNetworks)('%s: diagnoses to its cause from its bytes alone, where they show it', (network) => {
    it.each(variants(network))('$name', ({ input, at, verdict, cause, shownBy, name }) => {
      const payment = readSvmPayment(input)
      const diagnosis = diagnoseSvm(payment, { now: BigInt(at) })
      const errors = diagnosis.findings.filter(({ severity }) => severity === 'error')
      const named = diagnosis.findings.map((finding) => finding.cause)
      expect(payment.network?.id).toBe(network)
      expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis)
      if (verdict === 'settles' || shownBy !== 'payload') {
        expect(errors).toEqual([])
        expect(diagnosis.verdict).toBe(name in doubtful ? 'inconclusive' : 'settles')
        // A cause beside a payment that settles is a warning; what only the cluster knows is not guessed at.
        if (cause === 'valid') expect(named).toEqual([])
        else if (verdict === 'settles') expect(named).toContain(cause)
        else expect(named.filter((each) => each === cause)).toEqual(name in hinted ? [cause] : [])
      } else {
        expect(diagnosis.verdict).toBe('fails')
        expect(diagnosis.cause).toBe(cause)
      }
    })
  })
})

/** What the payload itself makes doubtful: a payTo that nobody holds the key of, and a mint of which only the transaction says what it is. */
const doubtful = { 'pay-to-token-account': true, 'svm-token-extension': true }

/** Shown by state or replay, and warned of by the payload too. */
const hinted = { 'compute-limit-too-low': true, 'pay-to-token-account': true }

describe('the fixture of a cause is broken in one way', () => {
  const shown = svmFixtureCauses.filter((cause) => cause !== 'valid' && fixture('solana', cause).shownBy === 'payload')
  it('is so for most causes', () => expect(shown.length).toBeGreaterThan(15))
  it.each(shown)('%s', (cause) => {
    const diagnosis = diagnoseSvm(readSvmPayment(fixture('solana', cause).input), { now: 0n })
    const errors = diagnosis.findings.filter(({ severity }) => severity === 'error').map((finding) => finding.cause)
    expect(errors).toEqual([cause])
  })
})

describe('the data', () => {
  it('follows its schema', () => {
    const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(data('svm-fixtures.schema.json')))
    for (const network of svmFixtureNetworks) {
      validate(JSON.parse(data(`${network}.json`)))
      expect(validate.errors ?? []).toEqual([])
    }
  })

  it('is told apart from EVM payments without loading any Solana code', () => {
    for (const network of svmFixtureNetworks) expect(readPayment(fixture(network, 'valid').input).family).toBe('solana')
    for (const network of fixtureNetworks) expect(readPayment(fixture(network, 'valid').input).family).toBe('evm')
  })
})

it.each(['base', 'constructor', '__proto__', undefined])('there are no variants of %s, and it is said so', (network) => {
  expect(() => variants(network as 'solana')).toThrow(/^There are variants for solana and solana-devnet alone; fixture\("/)
  expect(() => fixture(network as 'base', 'constructor' as 'valid')).toThrow(/^There is no fixture of /)
})
