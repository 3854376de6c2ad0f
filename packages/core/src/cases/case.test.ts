import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCase, readCases } from './case.ts'

const payment = {
  signature: `0x${'11'.repeat(64)}1b`,
  authorization: {
    from: '0x6bdc03ae4BBAb31843dDDaAE749149aE675ea011',
    to: '0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19',
    value: '10000',
    validAfter: '1761924682',
    validBefore: '1761925342',
    nonce: `0x${'22'.repeat(32)}`,
  },
}
const recording = {
  schema: 'eip3009/recording@1',
  network: 'eip155:8453',
  chainId: 8453,
  token: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
  at: '1761925000',
  from: 'fork of base',
  state: 'own',
  recorded: { outcome: 'reverted', revert: 'FiatTokenV2: invalid signature', gasUsed: '54323', cause: 'signer-not-owner' },
  sent: null,
}
const good = { payment, expect: { verdict: 'fails', cause: 'signer-not-owner' }, network: 'base' }

describe('readCase', () => {
  it('reads a payment, what it has to come to, and when', () => {
    expect(readCase(JSON.stringify({ ...good, at: 1_761_925_000, description: 'once' }))).toMatchObject({
      payment: { network: { id: 'base' }, authorization: { value: 10000n } },
      expect: { verdict: 'fails', cause: 'signer-not-owner' },
      at: 1_761_925_000n,
      description: 'once',
    })
    expect(readCase(JSON.stringify({ ...good, expect: { verdict: 'settles' } })).expect).toEqual({ verdict: 'settles' })
    expect(readCase(JSON.stringify({ ...good, expect: { verdict: 'settles', cause: null } })).expect).toEqual({ verdict: 'settles' })
    expect(readCase(`\uFEFF${JSON.stringify(good)}`).at).toBeUndefined()
  })

  it('reads a payment that is text, as a header is', () => {
    const header = btoa(JSON.stringify({ x402Version: 1, scheme: 'exact', network: 'base', payload: payment }))
    expect(readCase(JSON.stringify({ payment: header, expect: { verdict: 'fails' } })).payment.network?.id).toBe('base')
  })

  it.each([
    ['1761925000', 1_761_925_000n],
    ['2025-10-31T15:36:40Z', 1_761_925_000n],
    ['2025-10-31T16:36:40+01:00', 1_761_925_000n],
    [0, 0n],
  ])('takes the time %s', (at, seconds) => {
    expect(readCase(JSON.stringify({ ...good, at })).at).toBe(seconds)
  })

  it.each([
    ['not json', /^The file is no JSON: /],
    ['[]', 'A case is a list; expected { "payment": …, "expect": { "verdict": "fails", "cause": "…" } }.'],
    ['null', /^A case is null; expected/],
    [{ expect: good.expect }, 'The case has no payment; put the body, payload or header under "payment".'],
    [{ ...good, payment: 5 }, 'The case has the payment 5; put the body, payload or header under "payment".'],
    [{ payment }, 'The case does not say what it expects; add "expect": { "verdict": "settles" }, or "fails" and a cause.'],
    [
      { payment, expects: {} },
      'There is no member "expects" in a case (did you mean "expect"?); it has payment, expect, network, token, at, snapshot, description, $schema.',
    ],
    [{ payment, expect: 'fails' }, 'The case\'s expect is "fails"; expected { "verdict": "fails", "cause": "…" }.'],
    [{ payment, expect: { verdict: 'fail' } }, 'The case\'s expect.verdict is "fail"; expected "settles", "fails", "inconclusive".'],
    [{ payment, expect: {} }, 'The case\'s expect.verdict is undefined; expected "settles", "fails", "inconclusive".'],
    [
      { payment, expect: { verdict: 'fails', cause: 'domain-name-missmatch' } },
      'The case\'s expect.cause is "domain-name-missmatch", which is no cause (did you mean "domain-name-mismatch"?); eip3009 explain lists all.',
    ],
    [
      { payment, expect: { verdict: 'settles', cause: 'expired' } },
      'The case expects the cause "expired" of a payment that settles; expected "verdict": "fails", or no cause.',
    ],
    [
      { ...good, at: 1_761_925_000_000 },
      "The case's at is 1761925000000, which looks like milliseconds; expected unix seconds: 1761925000.",
    ],
    [{ ...good, at: 'yesterday' }, /^The case's at is "yesterday"; expected unix seconds, or an ISO time/],
    [{ ...good, at: '2025-10-31T15:36:40' }, /expected unix seconds, or an ISO time/],
    [{ ...good, at: 1.5 }, /^The case's at is 1.5;/],
    [{ ...good, at: -1 }, /^The case's at is -1;/],
    [{ ...good, network: 'bse' }, /^The case's network: "bse" is no network that is known/],
    [{ ...good, network: true }, /^The case's network is true/],
    [{ ...good, description: 1 }, /^The case's description is 1/],
    [{ ...good, payment: {} }, /in which there is no payment/],
  ])('refuses %j', (input, message) => {
    const text = typeof input === 'string' ? input : JSON.stringify(input)
    expect(() => readCase(text)).toThrow(
      expect.objectContaining({ name: 'Eip3009Error', message: typeof message === 'string' ? message : expect.stringMatching(message) }),
    )
  })
})

describe('readCases', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'eip3009-cases-'))
    await writeFile(join(folder, 'b.json'), JSON.stringify(good))
    await writeFile(join(folder, 'a.json'), '{')
    await writeFile(join(folder, 'notes.md'), 'no case')
    await writeFile(join(folder, '.hidden.json'), '{')
    await mkdir(join(folder, 'exported'))
    await writeFile(join(folder, 'exported', 'recording.json'), JSON.stringify(recording))
    await writeFile(join(folder, 'exported', 'payment.json'), JSON.stringify(payment))
    await writeFile(join(folder, 'exported', 'state.json'), '{}')
    await mkdir(join(folder, 'other'))
    await writeFile(join(folder, 'other', 'x.json'), '{}')
    await mkdir(join(folder, 'empty'))
    await symlink(join(folder, 'nowhere'), join(folder, 'z.json'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('has every file that should be a case, by name, and says which are none', async () => {
    const cases = await readCases(folder)
    expect(cases.map(({ file, name, kind }) => [file, name, kind])).toEqual([
      ['a.json', 'a', 'unreadable'],
      ['b.json', 'b', 'case'],
      ['exported/recording.json', 'exported', 'case'],
      ['z.json', 'z', 'unreadable'],
    ])
    expect(cases[2]).toMatchObject({
      recording: join(folder, 'exported'),
      expect: { verdict: 'fails', cause: 'signer-not-owner' },
      at: 1_761_925_000n,
      payment: { network: { id: 'base' } },
    })
    expect(cases[3]).toMatchObject({ reason: 'The file can not be read (ENOENT).' })
  })

  it('is one case where it is a recording itself', async () => {
    expect(await readCases(join(folder, 'exported'))).toMatchObject([{ kind: 'case', name: 'exported', file: 'recording.json' }])
    for (const wrong of [
      { schema: 'another' },
      { recorded: { outcome: 'fine', cause: null } },
      { recorded: { outcome: 'settled', cause: 'x' } },
    ]) {
      await writeFile(join(folder, 'exported', 'recording.json'), JSON.stringify({ ...recording, ...wrong }))
      expect(await readCases(join(folder, 'exported'))).toMatchObject([
        { kind: 'unreadable', reason: expect.stringContaining('export it again') },
      ])
    }
  })

  it('is empty where there is none', async () => {
    expect(await readCases(join(folder, 'empty'))).toEqual([])
  })

  it('says what it is that is no directory', async () => {
    await expect(readCases(join(folder, 'b.json'))).rejects.toThrow(/is no directory; give the one that holds the cases/)
    await expect(readCases(join(folder, 'gone'))).rejects.toThrow(/^There is no directory/)
  })
})
