import { createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fixture, variants } from '@eip3009/fixtures'
import { PublicKey, VersionedTransaction } from '@solana/web3.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { run } from '../fake-console.ts'

interface Printed {
  readonly standing: string
  readonly message: { readonly from: number; readonly to: number; readonly base64: string } | null
  readonly signatures: readonly {
    readonly key: string
    readonly role: string
    readonly state: string
    readonly signedBy: string | null
    readonly cause: string | null
  }[]
}

const schema = JSON.parse(readFileSync(new URL('../../packages/core/schema/svm-signature.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema)

type Body = { readonly paymentPayload: { readonly payload: { readonly transaction: string } } }

async function signature(input: object): Promise<{ readonly code: number; readonly printed: Printed; readonly text: string }> {
  const { code, out } = await run(['signature', JSON.stringify(input), '--json'])
  const printed = JSON.parse(out) as Printed
  expect(validate(printed), JSON.stringify(validate.errors)).toBe(true)
  const { out: text } = await run(['signature', JSON.stringify(input)])
  return { code, printed, text }
}

/** The same body with its transaction's bytes changed. */
function changed(body: Body, change: (bytes: Buffer) => Buffer): Body {
  const bytes = change(Buffer.from(body.paymentPayload.payload.transaction, 'base64'))
  const { paymentPayload } = body
  return { ...body, paymentPayload: { ...paymentPayload, payload: { ...paymentPayload.payload, transaction: bytes.toString('base64') } } }
}

const valid = fixture('solana', 'valid').input as Body

/** Whether Node's own ed25519 takes a signature. */
function nodeTakes(key: string, message: Uint8Array, of: Uint8Array): boolean {
  // SubjectPublicKeyInfo of an ed25519 key has this prefix (RFC 8410).
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), new PublicKey(key).toBytes()])
  return verify(null, message, createPublicKey({ key: der, format: 'der', type: 'spki' }), of)
}

describe('eip3009 signature, of a payment on Solana', () => {
  it('says of each fixture what Node says of its signatures, over the very bytes that it names', async () => {
    let invalid = 0
    for (const name of ['valid', 'svm-signature-invalid', 'svm-signature-missing', 'svm-lookup-table-unresolved', 'version-1-body']) {
      const body = variants('solana').find((each) => each.name === name)?.input as Body
      const { printed, code } = await signature(body)
      const bytes = Buffer.from(body.paymentPayload.payload.transaction, 'base64')
      const { message, signatures } = VersionedTransaction.deserialize(bytes)
      const { from = 0, to = 0, base64 = '' } = printed.message ?? {}
      expect(bytes.subarray(from, to)).toEqual(Buffer.from(message.serialize()))
      expect(base64).toBe(Buffer.from(message.serialize()).toString('base64'))
      printed.signatures.forEach(({ key, state }, index) => {
        expect(key).toBe(message.staticAccountKeys[index]?.toBase58())
        const own = signatures[index] ?? new Uint8Array(64)
        const expected = own.every((byte) => byte === 0) ? 'missing' : nodeTakes(key, message.serialize(), own) ? 'valid' : 'invalid'
        expect([name, index, state]).toEqual([name, index, expected])
        if (expected === 'invalid') invalid++
      })
      expect([name, code]).toEqual([name, /signature/.test(name) ? 1 : 0])
    }
    expect(invalid).toBeGreaterThan(0)
  })

  it('names the cause that follows, in text as well', async () => {
    for (const cause of ['svm-signature-invalid', 'svm-signature-missing'] as const) {
      const { printed, text } = await signature(fixture('solana', cause).input)
      expect(printed.standing).toBe('not-valid')
      expect(printed.signatures.find(({ role }) => role === 'payer')?.cause).toBe(cause)
      expect(text).toMatch(new RegExp(`✗ NOT VALID[^]+eip3009 explain ${cause}`))
    }
  })

  it("says whose a signature is that stands in another's place", async () => {
    const swapped = changed(valid, (bytes) =>
      Buffer.concat([bytes.subarray(0, 1), bytes.subarray(65, 129), bytes.subarray(1, 65), bytes.subarray(129)]),
    )
    const { printed, text } = await signature(swapped)
    const payer = printed.signatures.find(({ role }) => role === 'payer')
    expect(printed.signatures[0]).toMatchObject({ state: 'invalid', signedBy: payer?.key })
    expect(payer).toMatchObject({ state: 'missing', cause: 'svm-signature-missing' })
    expect(text).toContain(`it is ${payer?.key}'s over this very message`)
  })

  it('has nothing to say where there is no transaction, and does not search', async () => {
    const { printed, code } = await signature(fixture('solana', 'svm-transaction-malformed').input)
    expect([printed.standing, code]).toEqual(['unreadable', 4])
    const refused = await run(['signature', JSON.stringify(valid), '--timeout', '1000'])
    expect([refused.code, refused.out]).toEqual([2, ''])
    expect(refused.err).toContain('are for EVM signatures')
  })

  it('shows no signature with --share', async () => {
    const { out } = await run(['signature', JSON.stringify(valid), '--json', '--share'])
    expect(out).toContain('eip3009/svm-signature@1')
    expect(out).toMatch(/"signature": "\*{80,}"/)
  })
})
