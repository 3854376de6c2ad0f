import { readFileSync } from 'node:fs'
import { diagnose, type EvmDiagnosis, readPayment } from '@eip3009/core'
import { fixture, fixtureCauses, fixtureNetworks, vectors } from '@eip3009/fixtures'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { generate } from '../scripts/fixtures/generate.ts'

const data = (name: string): string => readFileSync(new URL(`../packages/fixtures/data/${name}`, import.meta.url), 'utf8')

describe('every fixture diagnoses to its own cause', () => {
  it('for all 15 EVM networks', () => {
    expect(fixtureNetworks).toHaveLength(15)
    expect(fixtureCauses.length).toBeGreaterThan(30)
    for (const network of fixtureNetworks) expect(Object.keys(JSON.parse(data(`${network}.json`)).fixtures)).toEqual(fixtureCauses)
  })

  describe.each(fixtureNetworks)('%s', (network) => {
    it.each(fixtureCauses)('%s', async (cause) => {
      const { input, at, verdict } = fixture(network, cause)
      const diagnosis: EvmDiagnosis = await diagnose(readPayment(input), { now: BigInt(at), at: BigInt(at) })
      expect(diagnosis.verdict).toBe(verdict)
      const causes = diagnosis.findings.map((finding) => finding.cause)
      if (cause === 'valid') expect(causes).toEqual([])
      else if (verdict === 'settles') expect(causes).toContain(cause)
      else
        expect(cause === 'boundary-second' ? causes : diagnosis.cause).toEqual(
          cause === 'boundary-second' ? expect.arrayContaining([cause]) : cause,
        )
    })
  })
})

describe('the data', () => {
  it('is what the generator writes, byte for byte in its values', async () => {
    const files = await generate()
    expect(files.size).toBe(18)
    for (const [name, content] of files) expect(JSON.parse(data(name))).toEqual(JSON.parse(content))
  })

  it('follows its schema', () => {
    const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(data('fixtures.schema.json')))
    for (const network of fixtureNetworks) {
      validate(JSON.parse(data(`${network}.json`)))
      expect(validate.errors ?? []).toEqual([])
    }
  })

  it('has two vectors a network', () => {
    expect(vectors).toHaveLength(30)
  })
})
