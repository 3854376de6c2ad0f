import { type CauseId, catalogue, sections } from '@eip3009/core'
import { paint, parties, wrap } from '@eip3009/core/report'
import { sayRetry, whyNoReplay } from './names.ts'

interface Style {
  readonly color: boolean
  readonly columns: number
}

const labelWidth = 14

/** One cause as a page: what happened, how it is proven, what to do. */
export function renderCause(id: CauseId, { color, columns }: Style): string {
  const { title, parties: who, meaning, proof, fix, retry, reports, references, related, ...rest } = catalogue[id]
  const { bad, strong, dim } = paint(color)
  const width = Math.max(60, Math.min(columns, 110))
  const lines = [`${bad(id)}  ${strong(title)}`, '']
  const row = (label: string, text: string): void => {
    wrap(text, width - labelWidth - 2).forEach((part, index) => {
      lines.push(`  ${dim((index === 0 ? label : '').padEnd(labelWidth))}${part}`)
    })
  }
  row('What happened', meaning)
  row('Fault', who.map((party) => parties[party]).join(', or '))
  row('Proof', `${proof.how} (needs ${proof.needs.join(' or ')})`)
  const not = whyNoReplay(id)
  if (not !== undefined) row('Replay', not)
  row('Fix', fix)
  if ('code' in rest) for (const line of rest.code.split('\n')) lines.push(`  ${' '.repeat(labelWidth)}  ${line}`)
  row('Retry', sayRetry(retry, id))
  if (reports.token.length > 0) row('Token says', reports.token.join('; '))
  if (reports.facilitator.length > 0) row('Facilitators', reports.facilitator.join('; '))
  if (related.length > 0) row('See also', related.join(', '))
  for (const [index, { title: name, url }] of references.entries()) {
    lines.push(`  ${dim((index === 0 ? 'References' : '').padEnd(labelWidth))}${name}: ${url}`)
  }
  return `${lines.join('\n')}\n`
}

/** All causes, a line each, by section. */
export function renderCauseList({ color }: Style): string {
  const { strong, dim } = paint(color)
  const width = Math.max(...sections.flatMap(({ causes }) => causes.map((id) => id.length))) + 2
  const lines = sections.flatMap(({ title, causes }) => [
    strong(title),
    ...causes.map((id) => `  ${id.padEnd(width)}${catalogue[id].title}`),
    '',
  ])
  return `${[...lines, dim('eip3009 explain <cause> tells one in full.')].join('\n')}\n`
}
