import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FixtureCause, fixture } from '@eip3009/fixtures'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseXml, type XmlElement } from '../parse-xml.ts'
import { runCli } from './run-here.ts'

const schema = JSON.parse(readFileSync(new URL('../../packages/cli/schema/regression.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ strictTypes: true }).compile(schema)

const caseOf = (cause: FixtureCause, expected: FixtureCause = cause): string => {
  const { input, at } = fixture('base', cause)
  return JSON.stringify({
    payment: input,
    at,
    expect: expected === 'valid' ? { verdict: 'settles' } : { verdict: 'fails', cause: expected },
  })
}

let root: string
/** A directory for each exit code: all as expected, one that differs, one that can not be read beside one that differs. */
const directories = { 0: 'green', 1: 'red', 2: 'broken' } as const
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'eip3009-regress-'))
  const files = {
    'green/fails.json': caseOf('domain-name-mismatch'),
    'green/settles.json': caseOf('valid'),
    'red/<now> & "then".json': caseOf('domain-name-mismatch', 'valid'),
    'red/settles.json': caseOf('valid'),
    'broken/differs.json': caseOf('valid', 'expired'),
    'broken/half.json': '{ "payment": ',
  }
  for (const name of Object.values(directories)) await mkdir(join(root, name))
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text)
})
afterAll(() => rm(root, { recursive: true }))

describe.each(Object.entries(directories))('the built eip3009 regress, exit code %s', (code, name) => {
  const regress = async (...options: string[]): Promise<string> => {
    const result = await runCli(['regress', join(root, name), ...options])
    expect([result.code, result.stderr]).toEqual([Number(code), ''])
    return result.stdout
  }
  const counted = { green: [0, 0], red: [1, 0], broken: [1, 1] }[name]

  it('junit, as an XML parser reads it', async () => {
    const { name: suites, attributes, children } = parseXml(await regress('--format', 'junit'))
    expect([suites, attributes]).toMatchObject([
      'testsuites',
      { name: 'eip3009 regress', tests: '2', failures: String(counted[0]), errors: String(counted[1]) },
    ])
    const [suite, ...others] = children
    expect([suite?.name, others]).toEqual(['testsuite', []])
    const cases: readonly XmlElement[] = suite?.children ?? []
    expect(cases.map((each) => each.name)).toEqual(['testcase', 'testcase'])
    expect(cases.every(({ attributes: { time } }) => /^\d+\.\d{3}$/.test(time ?? ''))).toBe(true)
    const elements = cases.flatMap((each) => each.children.map((child) => child.name))
    expect(elements.sort()).toEqual([...Array(counted[1]).fill('error'), ...Array(counted[0]).fill('failure')])
    if (name !== 'red') return
    const failed = cases.find((each) => each.children.length > 0)
    // What the file is called comes out as it is.
    expect(failed?.attributes).toMatchObject({ name: '<now> & "then": settles', file: `${join(root, name)}/<now> & "then".json` })
    expect(failed?.children[0]?.attributes).toMatchObject({ type: 'domain-name-mismatch' })
    expect(failed?.children[0]?.text).toContain('\nToken says: FiatTokenV2: invalid signature\n')
  })

  it('github, one annotation for each case that is not as expected', async () => {
    const [answer, ...lines] = (await regress('--format', 'github')).trimEnd().split('\n')
    expect(answer).toMatch(name === 'green' ? /^All 2 cases are as expected$/ : /^Of 2 cases /)
    expect(lines.map((line) => /^::error file=[^:,]+,title=([^:,]+)::/.exec(line)?.[1])).toEqual(
      { green: [], red: ['payment differs'], broken: ['payment differs', 'unreadable case'] }[name],
    )
  })

  it('json, as the schema says, by either option', async () => {
    const report = JSON.parse(await regress('--json'))
    expect([validate(report), validate.errors ?? []]).toEqual([true, []])
    expect(report).toMatchObject({ cases: 2, differ: counted[0], unreadable: counted[1] })
    const again = JSON.parse(await regress('--format', 'json'))
    expect(Object.keys(again)).toEqual(Object.keys(report))
  })
})

describe('the parser of this test', () => {
  it.each([
    '<a/>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<a><b></a></b>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<a>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<a/><a/>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<a x="1" x="2"/>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<a x="<"/>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<a>&nbsp;</a>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<a>fish & chips</a>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<a>\u0000</a>',
    '<?xml version="1.0" encoding="UTF-8"?>\n<a>]]></a>',
  ])('refuses %j', (document) => {
    expect(() => parseXml(document)).toThrow(SyntaxError)
  })
})

it('refuses two forms at once', async () => {
  const result = await runCli(['regress', join(root, 'green'), '--json', '--format', 'junit'])
  expect(result).toMatchObject({ code: 2, stdout: '' })
  expect(result.stderr).toBe('eip3009: --json and --format junit ask for two forms; give one of them.\n')
})
