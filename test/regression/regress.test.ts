import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CaseChain, type CaseResult, readCases, runCases } from '@eip3009/core/replay'
import { type FixtureCause, fixture, fixtureNetworks } from '@eip3009/fixtures'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderRegression } from '../../packages/cli/src/report/regress.ts'
import { regressionGithub } from '../../packages/cli/src/report/regress-github.ts'
import { regressionJunit } from '../../packages/cli/src/report/regress-junit.ts'
import { summarize } from '../../packages/cli/src/report/regress-summary.ts'
import { run } from '../fake-console.ts'
import { parseXml } from '../parse-xml.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'eip3009-regress-'))
})
afterAll(() => rm(root, { recursive: true }))

let count = 0
async function directory(files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(root, `${count++}-`))
  for (const [name, value] of Object.entries(files))
    await writeFile(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value))
  return folder
}

const caseOf = (network: (typeof fixtureNetworks)[number], cause: FixtureCause, expected: FixtureCause = cause): object => {
  const { input, at } = fixture(network, cause)
  return { payment: input, at, expect: expected === 'valid' ? { verdict: 'settles' } : { verdict: 'fails', cause: expected } }
}

const schema = JSON.parse(readFileSync(new URL('../../packages/cli/schema/regression.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ allErrors: true, strictTypes: true }).compile(schema)

describe('eip3009 regress', () => {
  it('is green when every case comes to what it should, on every network', async () => {
    const causes = ['valid', 'domain-name-mismatch', 'v-0-or-1', 'expired'] as const
    const files = fixtureNetworks.flatMap((network) => causes.map((cause) => [`${network}-${cause}.json`, caseOf(network, cause)] as const))
    const folder = await directory(Object.fromEntries(files))
    const { code, out } = await run(['regress', folder, '--parallel', '2'])
    expect([code, out.split('\n')[0]]).toEqual([0, '✓ All 60 cases are as expected'])
    expect(out).toContain('✓ celo-expired ')
    expect(out).toContain('fails with expired · embedded celo, FiatTokenCelo v2.2')
  })

  it('is red when one does not, and says what came instead', async () => {
    const folder = await directory({
      'good.json': caseOf('base', 'valid'),
      'now-fails.json': caseOf('base', 'domain-name-mismatch', 'valid'),
      'now-settles.json': caseOf('base', 'valid', 'expired'),
      'other-cause.json': caseOf('base', 'v-0-or-1', 'high-s'),
      'any-cause.json': { ...caseOf('base', 'v-0-or-1'), expect: { verdict: 'fails' } },
    })
    const { code, out } = await run(['regress', folder])
    expect([code, out.split('\n')[0]]).toEqual([1, '✗ Of 5 cases 3 differ, 2 are as expected'])
    expect(out.replace(/ {2,}/g, ' ')).toContain('differs Expected settles, but it fails with domain-name-mismatch: The client signed for')
    expect(out).toContain('FiatTokenV2: invalid signature')
    expect(out).toMatch(/fix +sign with name "USD Coin"/)
    expect(out).toMatch(/Expected fails with expired, but it settles:/)
    expect(out).toMatch(/Expected fails with high-s, but it fails with v-0-or-1:/)
  })

  it('reads on past a case that it cannot read, and is not green then', async () => {
    const folder = await directory({ 'a.json': '{', 'b.json': caseOf('base', 'valid'), 'c.json': { payments: [] } })
    const { code, out } = await run(['regress', folder])
    expect([code, out.split('\n')[0]]).toEqual([2, '✗ Of 3 cases 2 can not be read, 1 is as expected'])
    expect(out).toContain('did you mean "payment"?')
  })

  it('is never green on nothing', async () => {
    const folder = await directory({ 'readme.md': 'nothing yet' })
    const { code, out, err } = await run(['regress', folder])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^eip3009: There is no case in ".*", so nothing can be shown; a case is a file <name>\.json with/)
    expect((await run(['regress', join(folder, 'gone')])).err).toMatch(/^eip3009: There is no directory/)
    expect((await run(['regress', folder, '--parallel', '0'])).code).toBe(2)
    expect((await run(['regress', folder, '--rpc', 'base'])).code).toBe(2)
    expect((await run(['regress'])).code).toBe(2)
  })

  it('replays what replay --export wrote, with its own state', async () => {
    const folder = await directory({ 'good.json': caseOf('base', 'valid') })
    const payment = fileURLToPath(new URL('../../examples/incident/wrong-name.json', import.meta.url))
    expect((await run(['replay', payment, '--export', join(folder, 'wrong-name')])).code).toBe(1)
    const { code, out } = await run(['regress', folder])
    expect([code, out.split('\n')[0]]).toEqual([0, '✓ All 2 cases are as expected'])
    expect(out).toMatch(/✓ wrong-name +fails with domain-name-mismatch · recording of the embedded base-sepolia/)
    expect((await run(['regress', join(folder, 'wrong-name')])).out).toMatch(/^✓ The one case is as expected\n/)
    await writeFile(join(folder, 'wrong-name', 'state.json'), '{}')
    expect((await run(['regress', folder])).code).not.toBe(0)
  })

  it('names files as GitHub knows them', async () => {
    const folder = await directory({ 'a.json': caseOf('base', 'valid', 'expired') })
    const { out } = await run(['regress', folder, '--format', 'github'], { cwd: root })
    expect(out.split('\n')[1]).toMatch(
      /^::error file=\d+-[^/,]+\/a\.json,title=payment differs::a: Expected fails with expired, but it settles/,
    )
  })

  it('prints one JSON object', async () => {
    const folder = await directory({ 'a.json': caseOf('base', 'valid'), 'b.json': '{' })
    const { code, out } = await run(['regress', folder, '--json'])
    expect(code).toBe(2)
    const report = JSON.parse(out)
    validate(report)
    expect(validate.errors ?? []).toEqual([])
    for (const name of Object.keys(report)) expect(validate({ ...report, [name]: undefined }), name).toBe(false)
    expect(validate({ ...report, results: [{ ...report.results[0], outcome: 'fine' }] })).toBe(false)
    expect(report).toMatchObject({
      schema: 'eip3009/regression@1',
      directory: folder,
      answer: 'Of 2 cases 1 can not be read, 1 is as expected',
      cases: 2,
      asExpected: 1,
      unreadable: 1,
      results: [
        { file: 'a.json', outcome: 'as-expected', network: 'base', actual: { verdict: 'settles', proof: 'proven' } },
        { file: 'b.json', outcome: 'unreadable', actual: null },
      ],
    })
  })
})

/** What somebody can put into a payment or a file name. */
const nasty = (says: string): CaseResult => ({
  file: `a%,:&<>"'\n::error::.json`,
  name: `a&<>"'`,
  outcome: 'differs',
  says,
  network: 'base',
  expected: { verdict: 'settles', cause: null },
  actual: {
    verdict: 'fails',
    cause: 'expired',
    headline: says,
    proof: 'proven',
    revert: '</failure>',
    standIn: false,
    tokenSays: null,
    fix: ']]>',
    chain: null,
  },
  milliseconds: 12,
})

describe('reporters', () => {
  it('junit: XML that nothing in a case can break', () => {
    const results = [nasty('a\u0000b\u001b[31m\uD800 <script>&amp;\r\n"x"'), { ...nasty('fine'), outcome: 'as-expected' as const }]
    const xml = regressionJunit({ directory: 'payments', results, counts: summarize(results) })
    expect(xml).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="eip3009 regress" tests="2" failures="1" errors="0"/)
    // Nothing that XML 1.0 has no character for.
    expect(xml).toMatch(/^[\t\n\u0020-\uD7FF\uE000-\uFFFD]*$/)
    const [suite] = parseXml(xml).children
    expect(suite?.children.map(({ children }) => children.map(({ name }) => name))).toEqual([['failure'], []])
    expect(suite?.children[0]?.children[0]?.attributes.message).toBe('a\\u{0}b\\u{1b}[31m\\u{d800} <script>&amp;\r\n"x"')
    expect(suite?.children[0]?.children[0]?.text).toContain('Token says: </failure>\nFix: ]]>')
    expect(xml).toContain('message="a\\u{0}b\\u{1b}[31m\\u{d800} &lt;script&gt;&amp;amp;&#13;&#10;&quot;x&quot;"')
    expect(xml).toContain('Token says: &lt;/failure&gt;\nFix: ]]&gt;')
  })

  it('github: one command a case, which no text can end', () => {
    const results = [nasty('100% wrong\n::add-mask::x\r\n')]
    const text = regressionGithub({ directory: 'payments/', results, counts: summarize(results) })
    const lines = text.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toBe('Of 1 case 1 differs, 0 are as expected')
    expect(lines[1]).toMatch(
      /^::error file=payments\/a%25%2C%3A&<>"'%0A%3A%3Aerror%3A%3A\.json,title=payment differs::a&<>"': 100%25 wrong%0A::add-mask::x/,
    )
  })

  it('all: nothing that hides, or turns text around, not even from a file name', () => {
    const odd = '\u202egnp.\u2066x\u2069\u200b\ufeff\u2028\u009b31m\u{e0041}'
    const one = { ...nasty(odd), file: `${odd}.json`, name: odd }
    const results = [{ ...one, actual: one.actual === null ? null : { ...one.actual, revert: odd, fix: odd } }]
    const regression = { directory: `payments${odd}`, results, counts: summarize(results) }
    for (const report of [
      regressionJunit(regression),
      regressionGithub(regression),
      renderRegression(regression, { color: false, columns: 100 }),
    ]) {
      expect(report).toContain('\\u{202e}gnp.')
      expect(report.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    }
  })
})

describe('runCases', () => {
  const cases = async () =>
    readCases(await directory({ 'a.json': caseOf('base', 'valid'), 'b.json': caseOf('polygon', 'valid'), 'c.json': '{' }))

  it('tells a chain that could not be had from a payment that fails', async () => {
    const results = await runCases(await cases(), {
      now: 1_790_000_000n,
      open: async (network): Promise<CaseChain> => {
        if (network?.id === 'base') throw new TypeError('no anvil here')
        return { replayer: { open: () => Promise.reject(new TypeError('a bug')) }, [Symbol.asyncDispose]: async () => undefined }
      },
    }).catch((error: unknown) => error)
    // A bug is no case's fault.
    expect(results).toBeInstanceOf(TypeError)
    const unavailable = await runCases(await cases(), {
      now: 1_790_000_000n,
      open: async () => {
        throw new TypeError('no anvil here')
      },
    })
    expect(unavailable.map(({ outcome }) => outcome)).toEqual(['not-run', 'not-run', 'unreadable'])
    expect(unavailable[0]?.says).toBe('It was not replayed: no anvil here')
  })

  it('does not take a computed answer for a shown one', async () => {
    const { Eip3009Error } = await import('@eip3009/core')
    const results = await runCases(await cases(), {
      now: 1_790_000_000n,
      open: async () => ({
        replayer: { open: () => Promise.reject(new Eip3009Error('missing-package', 'no package')) },
        [Symbol.asyncDispose]: async () => undefined,
      }),
    })
    expect(results.map(({ outcome, says }) => [outcome, says])).toEqual([
      ['not-run', 'It was not replayed: no package'],
      ['not-run', 'It was not replayed: no package'],
      ['unreadable', expect.stringMatching(/^The file is no JSON/)],
    ])
  })

  it('begins nothing more once it is interrupted', async () => {
    const results = await runCases(await cases(), {
      now: 1_790_000_000n,
      signal: AbortSignal.abort(),
      open: () => Promise.reject(new TypeError('not asked')),
    })
    expect(results.map(({ says }) => says).slice(0, 2)).toEqual(Array(2).fill('It was not replayed: the run was interrupted.'))
  })
})
