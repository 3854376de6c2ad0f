import { type CauseId, catalogue, causeIds, isCauseId, sections } from '@eip3009/core'
import { editDistance } from '@eip3009/core/internal'
import type { Console } from '../console.ts'
import { exitCodes } from '../exit-codes.ts'
import { renderCause, renderCauseList } from '../report/cause.ts'
import { causeMarkdown, causesMarkdown } from '../report/cause-markdown.ts'
import { jsonText } from '../report/json-text.ts'
import { UsageError } from '../usage-error.ts'

export interface ExplainOptions {
  readonly cause?: string | undefined
  readonly json: boolean
  readonly format: 'text' | 'markdown'
}

/** Prints one cause as a page, or all of them as a list. */
export function explainCommand({ cause, json, format }: ExplainOptions, console: Console): number {
  const style = { color: console.color, columns: console.columns ?? 120 }
  if (cause === undefined) {
    if (json) console.out(jsonText({ schema: 'eip3009/causes@1', sections, causes: catalogue }))
    else console.out(format === 'markdown' ? causesMarkdown() : renderCauseList(style))
    return exitCodes.settles
  }
  const id = known(cause)
  if (json) console.out(jsonText({ schema: 'eip3009/cause@1', id, ...catalogue[id] }))
  else console.out(format === 'markdown' ? causeMarkdown(id) : renderCause(id, style))
  return exitCodes.settles
}

function known(text: string): CauseId {
  const id = text.trim().toLowerCase()
  if (isCauseId(id)) return id
  const near = causeIds.find((each) => editDistance(each, id, 4) < 4) ?? causeIds.find((each) => id.length > 3 && each.includes(id))
  throw new UsageError(
    `There is no cause "${text.slice(0, 60)}"; ${near === undefined ? 'eip3009 explain lists them' : `did you mean ${near}? eip3009 explain lists them`}.`,
  )
}
