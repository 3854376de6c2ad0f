import { describe, expect, it } from 'vitest'
import type { Block, ReportDocument } from './document.ts'
import { renderGithub } from './render-github.ts'
import { renderMarkdown } from './render-markdown.ts'
import { renderText } from './render-text.ts'

const from = '0x6bdc03ae4BBAb31843dDDaAE749149aE675ea011'

/** One block of each role: a role that a renderer leaves out does not compile, and is missed below. */
const blocks: { readonly [Role in Block['role']]: Extract<Block, { role: Role }> } = {
  rows: { role: 'rows', rows: [{ label: 'Money', text: 'not moved' }] },
  facts: {
    role: 'facts',
    label: 'authorization.value',
    values: [
      { label: 'seen', text: '10000' },
      { label: 'expected', text: '10100' },
    ],
    mark: true,
  },
  table: {
    role: 'table',
    heads: ['signed under', 'base expects'],
    rows: [
      { label: 'name', left: '"USDC"', right: '"USD Coin"', differs: true, mark: true },
      { label: 'recovers to', left: `${from} = from`, right: 'no key', differs: true, mark: false },
    ],
    short: true,
  },
  lines: { role: 'lines', label: 'Calls', lines: ['USDC.transferWithAuthorization', '  [delegatecall]'] },
  note: { role: 'note', text: 'One of these is why:', rows: [{ label: 'eip7702-payer', text: 'it has code' }] },
}
const document: ReportDocument = {
  title: {
    tone: 'bad',
    mark: '✗ FAILS',
    headline: 'The client signed for a token named "USDC".',
    details: ['cause domain-name-mismatch', 'proven by replay'],
  },
  blocks: Object.values(blocks),
}

/** Every word of it, however it is laid out. */
const words = [
  '✗ FAILS',
  'domain-name-mismatch',
  'Money',
  'not moved',
  'authorization.value',
  '10000',
  '10100',
  'USD Coin',
  'recovers to',
  'eip7702-payer',
  'it has code',
]

describe('a report', () => {
  it.each([
    ['text', renderText(document, { color: false, columns: 100 })],
    ['Markdown', renderMarkdown(document).replaceAll('\\', '')],
    ['GitHub', renderGithub(document).replaceAll('%0A', '\n')],
  ])('says all of it as %s', (_, said) => {
    for (const word of words) expect(said).toContain(word)
  })

  it('begins with the answer', () => {
    expect(renderText(document, { color: false, columns: 100 }).split('\n')[0]).toBe(
      '✗ FAILS        The client signed for a token named "USDC".',
    )
    expect(renderMarkdown(document).split('\n')[0]).toBe('### ✗ FAILS: The client signed for a token named "USDC".')
    expect(renderGithub(document)).toMatch(/^::error title=✗ FAILS::The client signed for a token named "USDC"\.%0Acause/)
  })

  it('marks where two values first differ, below both', () => {
    const lines = renderText({ ...document, blocks: [blocks.facts] }, { color: false, columns: 100 }).split('\n')
    const [seen = '', expected = '', caret = ''] = lines.slice(3)
    expect(seen.indexOf('10000')).toBe(expected.indexOf('10100'))
    // 10000 and 10100 differ in their third digit.
    expect(caret).toBe(`${' '.repeat(seen.indexOf('10000') + 2)}^`)
  })

  it('keeps lines as they are, and leaves them out of what is read in passing', () => {
    expect(renderText(document, { color: false, columns: 100 })).toContain(
      '\n\n  Calls\n    USDC.transferWithAuthorization\n      [delegatecall]\n',
    )
    expect(renderMarkdown(document)).toContain('\n\n```\nUSDC.transferWithAuthorization\n  [delegatecall]\n```\n')
    expect(renderGithub(document)).not.toContain('delegatecall')
  })

  it('tells addresses by their ends in a terminal, and whole where there is room', () => {
    expect(renderText(document, { color: false, columns: 100 })).toContain('0x6bdc03ae…675ea011 = from')
    expect(renderMarkdown(document)).toContain(`\`${from} = from\``)
  })

  it.each(['good', 'bad', 'warn'] as const)('has a level of GitHub for %s news', (tone) => {
    const levels = { good: 'notice', bad: 'error', warn: 'warning' }
    expect(renderGithub({ title: { ...document.title, tone }, blocks: [] })).toContain(`::${levels[tone]} `)
  })
})

describe('words from outside', () => {
  const hostile = 'a\n::error::b\u001b[31m|<img src=x>[x](http://evil.example) @octocat `code` **bold** \u202e# head'
  const report: ReportDocument = {
    title: { ...document.title, headline: hostile },
    blocks: [
      { role: 'rows', rows: [{ label: 'Read as', text: hostile }] },
      {
        role: 'table',
        heads: ['a', hostile],
        rows: [{ label: hostile, left: hostile, right: hostile, differs: true, mark: true }],
        short: false,
      },
    ],
  }

  it('end no line and move no cursor', () => {
    const lines = renderText(report, { color: false, columns: 100 }).split('\n')
    expect(lines.join('')).not.toMatch(/\p{Cc}|\u202e/u)
    for (const line of lines) expect(line).not.toMatch(/^::/)
  })

  it('are one command for GitHub', () => {
    const said = renderGithub(report, { file: 'a,b:c%\n.json' })
    expect(said.match(/\n/g)).toHaveLength(1)
    expect(said).toMatch(/^::error file=a%2Cb%3Ac%25/)
  })

  it('do not end the lines that they stand in', () => {
    const calls = renderMarkdown({ ...report, blocks: [{ role: 'lines', label: 'Calls', lines: ['```', hostile] }] })
    const [opening = '', ...rest] = calls.split('\n').slice(6)
    expect(opening).toBe('````')
    expect(rest.filter((line) => line.startsWith(opening))).toEqual([opening])
    expect(rest.at(-2)).toBe(opening)
  })

  it('are no markup, no link and no mention', () => {
    const said = renderMarkdown(report)
    const plain = said.replace(/(`+)(?:(?!\1).)*\1/g, '')
    expect(plain).not.toMatch(/(?<!\\)<|(?<!\\)\[|(?<!\\)\*\*bold/)
    expect(plain).not.toContain('@octocat')
    expect(plain).not.toContain('http://')
    // Each row of a table has as many cells as its head, whatever stands in them.
    const rows = said.split('\n').filter((line) => line.startsWith('| '))
    expect(new Set(rows.map((row) => row.replaceAll('\\|', '').split('|').length))).toEqual(new Set([5]))
  })
})
