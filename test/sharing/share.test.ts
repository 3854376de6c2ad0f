import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openChain, type Simulation } from '@eip3009/core/replay'
import type { Hex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import { base } from '../../packages/core/src/networks/base.ts'
import { run } from '../fake-console.ts'
import { type Form, forms, payer, type Signed, sign } from './forms.ts'
import { completed, coveredBytes, finder, wordsIn } from './windows.ts'

/** How long everything may take on a machine that does much else: nothing here is about time. */
const patience = 1_800_000

let signed: Signed
let all: readonly Form[]
beforeAll(async () => {
  // The first whose s begins with a zero byte, which writers of integers leave out.
  signed = await sign(136)
  all = await forms(signed)
})

const bodies = (): readonly Form[] => all.filter(({ wire }) => wire === 'settle body' || wire === 'text')
const named = (spelling: string): Form => {
  const form = all.find((each) => each.spelling === spelling && each.wire !== 'header')
  if (form === undefined) throw new TypeError(`There is no form ${spelling}.`)
  return form
}

const formats = [[], ['--json']] as const
const commands = [['diagnose', '--no-replay', '--search', 'quick'], ['signature', '--search', 'quick'], ['decode']] as const

/** Everything that one run prints. */
async function printed(form: Form, command: readonly string[], ...options: readonly string[]): Promise<string> {
  const [name = '', ...rest] = command
  const { out, err } = await run([name, form.text, ...rest, ...options])
  expect(out + err, `${name} of ${form.name}`).not.toBe('')
  expect(err, `${name} of ${form.name}`).not.toContain('fault of the tool')
  return out + err
}

it('s begins with a zero byte, and there are at least 180 forms', () => {
  expect(signed.s).toMatch(/^00/)
  expect(new Set(all.map(({ text }) => text)).size).toBeGreaterThanOrEqual(180)
})

describe('what --share prints', () => {
  /** All that was printed with --share, for whoever tries to put a signature together from it. */
  const shared: string[] = []

  it(
    'has no eight bytes of s or n − s, and of a cut signature few bytes at all',
    async () => {
      const find = finder(signed.s)
      const found: string[] = []
      let runs = 0
      const look = async (form: Form, command: readonly string[], ...options: readonly string[]): Promise<void> => {
        const text = await printed(form, command, ...options, '--share')
        const piece = find(text)
        if (piece !== undefined) found.push(`${piece}: ${command[0]} ${options.join(' ')} of ${form.name}`)
        if (coveredBytes(text, signed.s) > 8) found.push(`${coveredBytes(text, signed.s)} bytes: ${command[0]} of ${form.name}`)
        shared.push(text)
        runs++
      }
      for (const [at, form] of bodies().entries()) {
        for (const [place, command] of commands.entries()) await look(form, command, ...(formats[(at + place) % 2] ?? []))
      }
      // The other wires by turns: what is read from them is the same payment.
      let turn = 0
      for (const form of all) {
        if (bodies().includes(form)) continue
        turn++
        await look(form, commands[turn % 2] ?? commands[0], ...(formats[(turn >> 1) % 2] ?? []))
        await look(form, commands[2], ...(formats[turn % 2] ?? []))
      }
      expect(found).toEqual([])
      expect(runs).toBeGreaterThan(500)
    },
    patience,
  )

  it(
    'of regress neither, in any of its reporters, of cases that differ and of files that are none',
    async () => {
      const find = finder(signed.s)
      const folder = await mkdtemp(join(tmpdir(), 'eip3009-share-'))
      try {
        const some = [
          'hex',
          'EIP-2098',
          'swapped',
          'cut by a byte',
          'a list of bytes',
          'a list of 64 bytes',
          'base64',
          'base64 of 64 bytes',
          '{r, s, v} without leading zeros',
          '{r, s, v} as decimal text',
          'hex with a wrong digit',
          'DER',
          'ERC-6492',
          'with a high s',
          'hex of hex',
          'calldata with v, r, s',
        ]
        for (const [index, spelling] of some.entries()) {
          await writeFile(
            join(folder, `case-${index}.json`),
            JSON.stringify({ payment: named(spelling).text, expect: { verdict: 'inconclusive' } }),
          )
        }
        await writeFile(join(folder, 'broken.json'), named('hex').text.slice(0, -30))
        const open = await run(['regress', folder, '--search', 'quick', '--format', 'json'])
        expect(find(open.out)).toBeDefined()
        for (const reporter of ['text', 'json', 'junit', 'github']) {
          const { out, err } = await run(['regress', folder, '--search', 'quick', '--format', reporter, '--share'])
          expect(out, reporter).toContain('case-5')
          expect(find(out + err), reporter).toBeUndefined()
          shared.push(out + err)
        }
      } finally {
        await rm(folder, { recursive: true })
      }
    },
    patience,
  )

  it(
    'of replay neither, with the calls, the runs and the matrix',
    async () => {
      const find = finder(signed.s)
      for (const [spelling, ...options] of [
        ['hex', '--json'],
        ['swapped', '--matrix'],
        ['swapped', '--json'],
        ['a list of 64 bytes', '--json'],
        ['cut by a byte', '--json', '--matrix'],
        ['base64', '--json'],
        ['calldata with v, r, s'],
        ['{r, s, v} as decimal text'],
      ]) {
        const { out, err } = await run(['replay', named(spelling ?? '').text, ...options, '--share'])
        expect(find(out + err), spelling).toBeUndefined()
        shared.push(out + err)
      }
    },
    patience,
  )

  it(
    'settles nothing, whatever is put together from all of it; what is printed without settles',
    async () => {
      await using chain = await openChain({ network: base })
      const { authorization } = signed
      const at = 1_790_000_000n
      /** Every two words of the texts, as r and s with either v, on the real contract; of an s that was cut, all that it can have been. */
      const settling = async (texts: readonly string[]): Promise<readonly Hex[]> => {
        const found = texts.map(wordsIn)
        const words = [...new Set(found.flatMap((each) => each.words))]
        const beginnings = [...new Set(found.flatMap((each) => each.beginnings))]
        const pairs = words.flatMap((r) => [
          ...words.filter((s) => s !== r).map((s) => [r, s]),
          ...beginnings.flatMap((each) => {
            const s = completed(each, r, signed.digest, payer.publicKey)
            return s === undefined ? [] : [[r, s]]
          }),
        ])
        const tried = pairs.flatMap(([r, s]) => (['1b', '1c'] as const).map((v): Hex => `0x${r}${s}${v}`))
        const outcomes = await chain.simulate(
          tried.map((signature): Simulation => ({ at, payment: { authorization, signature, primaryType: 'TransferWithAuthorization' } })),
        )
        return tried.filter((_, index) => outcomes[index]?.status === 'settled')
      }
      expect(shared.length).toBeGreaterThan(700)
      expect(await settling(shared)).toEqual([])

      // So that it can fail: the same, of the same forms, without --share.
      const whole: Hex = `0x${signed.r}${signed.s}${signed.v.toString(16)}`
      for (const [spelling, command] of [
        ['a list of 64 bytes', ['diagnose', '--no-replay', '--json']],
        ['base64 of 64 bytes', ['diagnose', '--no-replay']],
        ['swapped', ['signature', '--json']],
        ['{r, s, v} without leading zeros', ['signature']],
        ['cut by a byte', ['decode', '--json']],
        ['cut by two', ['decode', '--json']],
      ] as const) {
        expect(await settling([await printed(named(spelling), command)]), spelling).toContain(whole)
      }
      const outcome = await chain.replay({ authorization, signature: whole, primaryType: 'TransferWithAuthorization' }, { at })
      expect(outcome.status).toBe('settled')
    },
    patience,
  )
})
