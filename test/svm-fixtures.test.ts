import { readFileSync } from 'node:fs'
import { isSvmPayment } from '@eip3009/core'
import { diagnoseSvm, readSvmPayment } from '@eip3009/core/solana'
import { fixture, fixtureNetworks, svmFixtureCauses, svmFixtureNetworks } from '@eip3009/fixtures'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'

const data = (name: string): string => readFileSync(new URL(`../packages/fixtures/data/${name}`, import.meta.url), 'utf8')

describe('every fixture of the Solana networks diagnoses to its own cause', () => {
  it('for both networks', () => {
    expect(svmFixtureNetworks).toEqual(['solana', 'solana-devnet'])
    expect(svmFixtureCauses.length).toBeGreaterThan(10)
    for (const network of svmFixtureNetworks)
      expect(Object.keys(JSON.parse(data(`${network}.json`)).fixtures).sort()).toEqual([...svmFixtureCauses].sort())
  })

  describe.each(svmFixtureNetworks)('%s', (network) => {
    it.each(svmFixtureCauses)('%s', (cause) => {
      const { input, at, verdict } = fixture(network, cause)
      const payment = readSvmPayment(input)
      const diagnosis = diagnoseSvm(payment, { now: BigInt(at) })
      expect(payment.network?.id).toBe(network)
      expect(diagnosis.verdict).toBe(verdict)
      expect(diagnosis.cause).toBe(cause === 'valid' ? null : cause)
      if (cause === 'valid') expect(diagnosis.findings).toEqual([])
      expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis)
    })
  })
})

describe('a broken fixture is broken in one way', () => {
  it.each(svmFixtureCauses.filter((cause) => cause !== 'valid'))('%s', (cause) => {
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
    for (const network of svmFixtureNetworks) expect(isSvmPayment(fixture(network, 'valid').input)).toBe(true)
    for (const network of fixtureNetworks) expect(isSvmPayment(fixture(network, 'valid').input)).toBe(false)
  })
})
