import type { Drift } from '@eip3009/core'
import { printable } from '@eip3009/core'
import { paint, shorten, wrap } from '@eip3009/core/report'
import type { DomainRow, DomainsReport } from '../domain-rows.ts'
import { rpcVariable } from '../sources/rpc-variables.ts'
import { alignColumns, markdownTable } from './columns.ts'

interface Style {
  readonly color: boolean
  readonly columns: number
}

const head = ['network', 'token', 'name', 'version', 'separator, computed', 'published', 'on chain']

/** What differs, each as a line that can be pasted, then the tokens as a table. */
export function renderDomains(report: DomainsReport, { color, columns }: Style): string {
  const { bad, warn, dim } = paint(color)
  const { rows, withoutDomain, against } = report
  const width = Math.max(60, Math.min(columns, 130))
  const parts: string[][] = []
  if (against !== undefined) parts.push(...comparison(against, paint(color), width))
  const chainLines = rows.flatMap(({ onChain }) => (onChain.kind === 'differs' ? onChain.lines : []))
  if (chainLines.length > 0)
    parts.push([bad('✗ The chain differs from the registry:'), ...chainLines.map((line) => `  ${printable(line)}`)])
  if (rows.length > 0) {
    const [top = '', ...body] = alignColumns([head, ...rows.map((row) => cells(row, shorten))])
    parts.push([dim(top), ...body.map((line, index) => (isBad(rows[index]) ? bad(line) : line))])
  }
  parts.push([
    ...(rows.length > 0 ? [summary(rows)] : []),
    ...withoutDomain.map(({ id }) => `${id} has no EIP-712 domain: a payment there is a signed transaction.`),
    ...unread(rows).flatMap((text) => wrap(printable(text), width - 2).map((part, index) => (index === 0 ? warn(part) : `  ${part}`))),
  ])
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

/** Whether somebody's table has drifted, and where. */
function comparison(
  { name, drifts, notes, compared, skipped }: NonNullable<DomainsReport['against']>,
  { good, bad, dim, strong }: ReturnType<typeof paint>,
  width: number,
): string[][] {
  const mark = drifts.length === 0 ? good('✓') : bad('✗')
  const found = drifts.length === 0 ? 'none differs' : plural(drifts.length, 'drift')
  const listed = (all: readonly Drift[]): string[] => all.flatMap((drift) => [`  ${printable(drift.line)}`, dim(`    ${where(drift)}`)])
  return [
    [`${mark} ${strong(printable(name))}: ${plural(compared, 'value')} compared, ${found}`, ...listed(drifts)],
    ...(notes.length > 0 ? [['Different, but nobody can say which is right:', ...listed(notes)]] : []),
    ...(skipped.length > 0 ? [wrap(`Not compared: ${skippedText(skipped)}`, width)] : []),
  ]
}

/** The same as Markdown, with everything in full. */
export function domainsMarkdown({ rows, withoutDomain, against }: DomainsReport): string {
  const parts = [
    markdownTable([
      ['network', 'token', 'address', ...head.slice(2)],
      ...rows.map((row) => [...cells(row, whole).slice(0, 2), row.address, ...cells(row, whole).slice(2)]),
    ]),
  ]
  parts.push(summary(rows))
  for (const { id } of withoutDomain) parts.push(`${id} has no EIP-712 domain: a payment there is a signed transaction.`)
  const chainLines = rows.flatMap(({ onChain }) => (onChain.kind === 'differs' ? onChain.lines : []))
  if (chainLines.length > 0) parts.push(`The chain differs from the registry:\n\n${list(chainLines)}`)
  parts.push(...unread(rows).map(printable))
  if (against !== undefined) {
    const { name, drifts, notes, compared, skipped } = against
    parts.push(
      `## ${printable(name)}\n\n${plural(compared, 'value')} compared, ${drifts.length === 0 ? 'none differs' : plural(drifts.length, 'drift')}.`,
    )
    if (drifts.length > 0) parts.push(list(drifts.map(({ line }) => line)))
    if (notes.length > 0) parts.push(`Different, but nobody can say which is right:\n\n${list(notes.map(({ line }) => line))}`)
    if (skipped.length > 0) parts.push(`Not compared: ${skippedText(skipped)}`)
  }
  return `${parts.join('\n\n')}\n`
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${printable(line)}`).join('\n')
}

function whole(text: string): string {
  return text
}

function cells(row: DomainRow, shape: (hex: string) => string): string[] {
  const { network, symbol, domain, computed, published, role } = row
  return [
    network.id,
    role === 'lookalike' ? `${symbol} (lookalike)` : symbol,
    `"${domain.name ?? ''}"`,
    `"${domain.version ?? ''}"`,
    shape(computed),
    published === undefined ? 'not published' : published === computed ? '=' : `≠ ${shape(published)}`,
    onChainCell(row, shape),
  ]
}

function onChainCell({ onChain, computed }: DomainRow, shape: (hex: string) => string): string {
  switch (onChain.kind) {
    case 'not-asked':
      return 'not read'
    case 'same':
      return '='
    case 'unread':
      return onChain.short
    case 'differs':
      if (onChain.separator === undefined) return '≠ none'
      return onChain.separator === computed ? '= (see below)' : `≠ ${shape(onChain.separator)}`
  }
}

function isBad(row: DomainRow | undefined): boolean {
  return row !== undefined && (row.onChain.kind === 'differs' || (row.published !== undefined && row.published !== row.computed))
}

function summary(rows: readonly DomainRow[]): string {
  const networks = new Set(rows.map(({ network }) => network.id)).size
  const published = rows.filter((row) => row.published !== undefined)
  const right = published.filter((row) => row.published === row.computed).length
  const all = right === published.length ? 'all equal what is computed' : `${published.length - right} differ from what is computed`
  return `${plural(rows.length, 'token')} on ${plural(networks, 'network')}; ${plural(published.length, 'separator')} published, ${all}.`
}

/** Why a chain was not read, once for each RPC. */
function unread(rows: readonly DomainRow[]): string[] {
  const reasons = rows.flatMap(({ onChain, network }) =>
    onChain.kind === 'unread' ? [`On chain: ${network.id} was not read from ${onChain.source}: ${onChain.reason}.`] : [],
  )
  if (rows.length > 0 && rows.every(({ onChain }) => onChain.kind === 'not-asked')) {
    const [first] = rows
    if (first !== undefined) {
      reasons.push(`On chain: not read, no RPC was given (--rpc ${first.network.id}=URL, or ${rpcVariable(first.network)}).`)
    }
  }
  return [...new Set(reasons)]
}

function where({ path, seenIn, doubt }: Drift): string {
  const parts = [path === '' ? [] : [`at ${path}`], seenIn === undefined ? [] : [`also seen in ${seenIn}`]].flat()
  const ours = doubt === undefined ? [] : [`the registry's own value is of ${doubt.confidence} confidence: ${doubt.source}`]
  return printable([...parts, ...ours].join(' · '))
}

/** How many entries were left out, and the first reasons. */
function skippedText(skipped: readonly { readonly why: string }[]): string {
  const reasons = [...new Set(skipped.map(({ why }) => why.replace(/\.$/, '').replace(/; expected .*$/, '')))]
  const more = reasons.length > 3 ? '; and others' : ''
  return printable(`${plural(skipped.length, 'entry', 'entries')}: ${reasons.slice(0, 3).join('; ')}${more}.`)
}

function plural(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : nouns}`
}
