import { describe, expect, it } from 'vitest'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { documentOf, moment, readDocument, snapshotSchema } from './snapshot.ts'

const body = { payment: 'x', answers: [1, 2] }
const whole = documentOf('evm', body)

describe('a snapshot', () => {
  it('has its head before what it holds, and comes back without it', () => {
    expect(whole).toEqual({ schema: 'eip3009/snapshot@1', family: 'evm', ...body })
    expect(Object.keys(whole).slice(0, 2)).toEqual(['schema', 'family'])
    expect(readDocument(whole, 'evm')).toEqual(body)
    expect(readDocument(JSON.stringify(whole), 'evm')).toEqual(body)
  })

  it('may begin with a byte order mark, as files of some editors do', () => {
    expect(readDocument(`\uFEFF${JSON.stringify(whole)}`, 'evm')).toEqual(body)
  })

  it('of nothing but a head holds nothing', () => {
    for (const none of ['text', 7, null, true, [1, 2]] as const)
      expect(documentOf('solana', none)).toEqual({ schema: snapshotSchema, family: 'solana' })
    expect(readDocument(documentOf('solana', null), 'solana')).toEqual({})
  })

  it('has a moment: now, and when the payment was, where somebody said', () => {
    expect(moment.encode({ now: 7n, at: null })).toEqual({ now: '7', at: null })
    expect(moment.decode({ now: '7', at: '5' }, 'moment')).toEqual({ now: 7n, at: 5n })
    expect(() => moment.decode({ now: '7' }, 'moment')).toThrow('moment.at')
  })
})

const circle: Record<string, unknown> = {}
circle.self = circle

const nested = (levels: number): string =>
  `{"schema":"${snapshotSchema}","family":"evm","a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`

describe('what is no snapshot', () => {
  it.each<readonly [title: string, input: string | object, says: RegExp]>([
    ['no JSON', 'hello', /no JSON/],
    ['nothing', '', /no JSON/],
    ['a list', '[]', /no object/],
    ['a text', '"x"', /no object/],
    ['null', 'null', /no object/],
    ['an object without a schema', {}, /schema/],
    ['a schema of another version', { ...whole, schema: 'eip3009/snapshot@2' }, /eip3009\/snapshot@2/],
    ['one of the other family', documentOf('solana', body), /solana/],
    ['one of no family', { schema: snapshotSchema }, /family/],
    ['what goes round in a circle', circle, /no JSON/],
    ['a bigint', { ...whole, big: 7n } as object, /no JSON/],
    ['65 levels', nested(65), /64 levels/],
    ['more than 64 MiB', `{"a":"${'x'.repeat(64 * 1024 * 1024)}"}`, /characters/],
  ])('%s is refused in one sentence', (_, input, says) => {
    const read = (): unknown => readDocument(input, 'evm')
    expect(read).toThrow(Eip3009Error)
    expect(read).toThrow(expect.objectContaining({ code: 'unreadable-input' }))
    expect(read).toThrow(says)
    expect(read).toThrow(/^Read .+; expected a snapshot .+\.$/)
  })

  it('64 levels are not too many', () => {
    expect(readDocument(nested(64), 'evm')).toHaveProperty('a')
  })

  it('objects and lists count alike, and what is closed again does not', () => {
    const side = '{"b":[]},'.repeat(200)
    expect(readDocument(`{"schema":"${snapshotSchema}","family":"evm","a":[${side}{}]}`, 'evm')).toHaveProperty('a')
    const mixed = (levels: number): string =>
      `{"schema":"${snapshotSchema}","family":"evm","a":${'[{"b":'.repeat(levels)}1${'}]'.repeat(levels)}}`
    expect(readDocument(mixed(31), 'evm')).toHaveProperty('a')
    expect(() => readDocument(mixed(32), 'evm')).toThrow(/64 levels/)
  })
})
