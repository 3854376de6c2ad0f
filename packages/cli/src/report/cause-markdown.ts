import { type CauseEntry, type CauseId, catalogue, causeIds, sections } from '@eip3009/core'
import { parties } from '@eip3009/core/report'
import { sayRetry, whyNoReplay } from './names.ts'

/** The whole catalogue as one Markdown page. */
export function causesMarkdown(): string {
  const contents = sections.map(({ title, causes }) => `- ${title}: ${causes.map((id) => `[\`${id}\`](#${id})`).join(' · ')}`)
  const body = sections.flatMap(({ title, causes }) => [`## ${title}`, '', ...causes.map((id) => causeMarkdown(id, 3))])
  return [
    '# Causes',
    '',
    `The ${causeIds.length} causes that a diagnosis, or an answer that is decoded, can name. Their ids never change meaning.`,
    '',
    ...contents,
    '',
    ...body,
  ].join('\n')
}

/** One cause as Markdown, under a heading of the given level. */
export function causeMarkdown(id: CauseId, level = 1): string {
  const { title, parties: who, meaning, proof, fix, code, retry, reports, references, related }: CauseEntry = catalogue[id]
  const list = (label: string, items: readonly string[]): string[] => (items.length === 0 ? [] : [`- **${label}:** ${items.join(', ')}`])
  return [
    `${'#'.repeat(level)} ${id}`,
    '',
    `**${title}.** ${meaning}`,
    '',
    `- **Fault:** ${who.map((party) => parties[party]).join(', or ')}`,
    `- **Proof:** ${proof.how}`,
    ...list('Replay', [whyNoReplay(id) ?? []].flat()),
    `- **Fix:** ${fix}`,
    `- **Retry:** ${sayRetry(retry, id)}`,
    ...list(
      'The token says',
      reports.token.map((text) => `\`${text}\``),
    ),
    ...list(
      'Facilitators say',
      reports.facilitator.map((text) => `\`${text}\``),
    ),
    ...list(
      'See also',
      related.map((other) => `[\`${other}\`](#${other})`),
    ),
    ...list(
      'References',
      references.map(({ title: name, url }) => `[${name}](${url})`),
    ),
    ...(code === undefined ? [] : ['', '```ts', code, '```']),
    '',
  ].join('\n')
}
