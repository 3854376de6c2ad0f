import { readFileSync } from 'node:fs'
import { diagnose, type EvmDiagnosis, readEvmPayment } from '@eip3009/core'
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
      const diagnosis: EvmDiagnosis = await diagnose(readEvmPayment(input), { now: BigInt(at), at: BigInt(at) })
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
  it('is what the generator writes, byte for byte', async () => {
    const files = await generate()
    expect(files.size).toBe(18)
    for (const [name, content] of files) expect(data(name)).toBe(content)
  })

  it('has each fixture on a line of its own', () => {
    for (const network of fixtureNetworks) {
      const rows = data(`${network}.json`).match(/^ {4}"[a-z0-9-]+": \{.*\},?$/gm) ?? []
      expect(rows.map((row) => JSON.parse(`{${row.replace(/,$/, '')}}`))).toEqual(
        fixtureCauses.map((cause) => ({ [cause]: fixture(network, cause) })),
      )
    }
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
