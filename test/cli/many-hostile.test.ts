import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixture } from '@eip3009/fixtures'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../fake-console.ts'

let root: string
let count = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'eip3009-many-hostile-'))
})
afterAll(() => rm(root, { recursive: true }))

const good = JSON.stringify(fixture('base', 'valid').input)
const onSolana = JSON.stringify(fixture('solana', 'valid').input)
const at = ['--at', String(fixture('base', 'valid').at)]

/** What stands between payments: anything, but for what would be a payment by itself. */
const noise = fc
  .oneof(
    fc.string(),
    fc.json(),
    fc.constant('{"signature": "0x12'),
    fc.constant('"'.repeat(40)),
    fc.constant('['.repeat(200)),
    fc.constant('{"a":'.repeat(100)),
    fc.constant('\u0000\u0001\u001b[31m'),
    fc.constant(`0xe3ee160e${'00'.repeat(40)}`),
    fc.constant(good.slice(0, 300)),
  )
  .map((text) => text.replace(/[\r\n]/g, ' '))

async function diagnosed(path: string) {
  const { code, out, err } = await run(['diagnose', path, good, '--no-replay', '--search', 'none', '--json', ...at])
  expect(err).toBe('')
  expect([1, 2, 4, 0]).toContain(code)
  // Nothing of it reaches a terminal as it is.
  expect(out).toMatch(/^(?:\n|\P{Cc})*$/u)
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  const last = lines.at(-1)
  expect(last.schema).toBe('eip3009/many@1')
  for (const { says } of lines) if (says !== undefined) expect(says).toMatch(/^\S[^\n]*\.$/)
  expect(JSON.stringify(lines)).not.toContain('fault of the tool')
  return { last, lines }
}

async function file(content: string | Uint8Array): Promise<string> {
  const path = join(root, String(count++))
  await writeFile(path, content)
  return path
}

describe('whatever stands around them, payments are found and nothing breaks', () => {
  it('in lines', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(noise, { maxLength: 6 }), fc.array(noise, { maxLength: 6 }), async (before, after) => {
        const path = await file([...before, good, ...after, onSolana, '{"level":"info"}', '{"level":"info"}'].join('\n'))
        const { lines } = await diagnosed(path)
        expect(lines.filter(({ schema, place }) => schema === 'eip3009/many-payment@1' && place.file === path).length).toBeGreaterThan(0)
      }),
      { numRuns: 40 },
    )
  })

  it('in HAR files, whole and cut', async () => {
    const entry = (text: string) => ({
      request: { method: 'POST', postData: { text } },
      response: { status: 200 },
    })
    await fc.assert(
      fc.asyncProperty(fc.array(noise, { maxLength: 5 }), fc.double({ min: 0.2, max: 1, noNaN: true }), async (others, kept) => {
        const whole = JSON.stringify({ log: { version: '1.2', entries: [good, onSolana, ...others].map(entry) } })
        await diagnosed(await file(whole.slice(0, Math.floor(whole.length * kept))))
        const { lines } = await diagnosed(await file(whole))
        expect(lines.filter(({ standing }) => standing === 'good').length).toBeGreaterThanOrEqual(2)
      }),
      { numRuns: 20 },
    )
  })

  it('in folders of any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 8 }), async (contents) => {
        const folder = join(root, String(count++))
        await mkdir(join(folder, 'deep'), { recursive: true })
        await Promise.all(contents.map((bytes, index) => writeFile(join(folder, index % 2 === 0 ? '.' : 'deep', `f${index}`), bytes)))
        await writeFile(join(folder, 'payment.json'), onSolana)
        const { last } = await diagnosed(folder)
        expect(last.payments).toBe(2)
      }),
      { numRuns: 30 },
    )
  })
})
