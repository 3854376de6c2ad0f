import { createHash } from 'node:crypto'
import { markOf, placeText, standingOf, Tally, type TallyReport, tallyDocument } from '@eip3009/core/internal'
import { renderGithub, renderMarkdown, renderText } from '@eip3009/core/report'
import type { Console } from '../console.ts'
import { exitCodeOf, exitCodes, worstOf } from '../exit-codes.ts'
import { type ManyDiagnoses, type ManyOptions, type Outcome, openMany } from '../families/many.ts'
import { progressLines } from '../progress.ts'
import { jsonLine } from '../report/json-text.ts'
import { recordsOf } from '../sources/expand.ts'
import { type FormatOptions, formatOf } from '../sources/format.ts'
import type { Counts, SourceRecord } from '../sources/records.ts'
import { UsageError } from '../usage-error.ts'
import { type CaseWriter, openCases, type RecordedCount } from './record-cases.ts'

export interface DiagnoseManyOptions extends ManyOptions, FormatOptions {
  /** A folder for cases. */
  readonly record?: string | undefined
}

/** Options that are about one payment. */
const ofOne = {
  answer: '--answer is what was answered to one payment; of several each record has its own beside it.',
  tx: '--tx is the transaction of one payment; give the hashes themselves to have several looked up.',
  snapshot: '--snapshot is of one payment; give that payment alone.',
  saveSnapshot: '--save-snapshot keeps what was said of one payment; give that payment alone.',
} as const satisfies Partial<Record<keyof DiagnoseManyOptions, string>>

/** Diagnoses every payment that the arguments stand for, prints what they come to, and returns the exit code. */
export async function diagnoseMany(
  args: readonly string[],
  options: DiagnoseManyOptions,
  isSeveral: Counts,
  console: Console,
): Promise<number> {
  const isJson = formatOf(options) === 'json'
  for (const [name, says] of Object.entries(ofOne)) if (options[name as keyof typeof ofOne] !== undefined) throw new UsageError(says)
  if (options.block === 'pending') throw new UsageError('--block pending is of one payment; leave it out, or give that payment alone.')
  const { record } = options
  if (record !== undefined && console.sharing !== undefined)
    throw new UsageError('--share leaves out what can move money, and a case has to hold it: give one of --share and --record.')
  const tally = new Tally()
  const codes = new Set<number>()
  let cases: CaseWriter | undefined
  const take = async (outcome: Outcome): Promise<void> => {
    const { place } = outcome
    if (outcome.kind !== 'diagnosed') {
      const { kind, says } = outcome
      tally.addUnread(kind, { place, says })
      if (kind === 'no-payment') return
      codes.add(kind === 'unreadable' ? exitCodes.usage : exitCodes.inconclusive)
      if (isJson) console.out(jsonLine({ schema: 'eip3009/many-unread@1', place, kind, says }))
      return
    }
    const { diagnosis } = outcome
    const isNew = tally.add(shortOf(outcome.key), markOf(diagnosis), place)
    codes.add(exitCodeOf(diagnosis))
    if (isNew) await cases?.write(outcome)
    if (isJson)
      console.out(jsonLine({ schema: 'eip3009/many-payment@1', place, standing: standingOf(diagnosis), again: !isNew, diagnosis }))
  }
  const progress = progressLines(console)
  let isWhole: boolean
  {
    await using many = await openMany(options, console)
    cases = record === undefined ? undefined : await openCases(record, options, many)
    let done = 0
    isWhole = await eachInOrder(recordsOf(args, isSeveral, console), many, console, async (outcome) => {
      await take(outcome)
      if (outcome.kind === 'diagnosed') done++
      progress(() => `${done.toLocaleString('en')} diagnosed so far …`)
    })
  }
  const report = tally.report()
  const nothing = isJson || !isWhole || record !== undefined ? undefined : nothingIn(report)
  if (nothing !== undefined) throw new UsageError(nothing)
  const document = tallyDocument(report, { isWhole })
  if (isJson) console.out(jsonLine({ schema: 'eip3009/many@1', answer: document.title.headline, isWhole, ...report }))
  else if (options.format === 'markdown') console.out(renderMarkdown(document))
  else if (options.format === 'github') console.out(renderGithub(document))
  else console.out(renderText(document, { color: console.color, columns: console.columns ?? 120 }))
  if (record !== undefined && cases !== undefined) console.err(recordedText(record, cases.count))
  if (report.payments === 0 && report.notDiagnosed.count === 0) codes.add(exitCodes.usage)
  if (!isWhole) codes.add(exitCodes.inconclusive)
  return worstOf(codes)
}

/** The one sentence where all that was given is one text, and no payment is in it. */
function nothingIn({ payments, notDiagnosed, unreadable, noPayment }: TallyReport): string | undefined {
  if (payments > 0 || notDiagnosed.count > 0) return undefined
  const unread = [...unreadable.some, ...noPayment.some]
  const [first] = unread
  if (first === undefined || unread.some(({ place }) => place.file !== first.place.file)) return undefined
  const where = first.place.file === '-' ? 'standard input' : placeText(first.place)
  const count = unreadable.count + noPayment.count
  if (unreadable.count === 0)
    return `Read ${count.toLocaleString('en')} pieces of ${where === 'standard input' ? where : first.place.file}, and found no payment in any; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.`
  return `Found no payment in ${where}. ${first.says.replace(/\.$/, '')}${unreadable.count === 1 ? '' : `; ${(unreadable.count - 1).toLocaleString('en')} more could not be read`}.`
}

function recordedText(directory: string, { written, known, left }: RecordedCount): string {
  const others = [
    ...(known === 0 ? [] : [`${known} were there already`]),
    ...(left === 0 ? [] : [`${left} are no cases by themselves: they are hashes, hang on what a chain said, or stand among credentials`]),
  ]
  return `eip3009: "${directory}" has ${written} new ${written === 1 ? 'case' : 'cases'}${others.map((each) => `; ${each}`).join('')}. A case holds a signed authorization: whoever has it can try to take the money while its window is open.\n`
}

/** What tells payments apart, short enough to be kept of many; and it is not the signature. */
function shortOf(key: string): string {
  return createHash('sha256').update(key).digest('base64')
}

/**
 * Diagnoses records as they come, some at a time, and hands on what became of them in their order. Returns whether all of them were: when it is interrupted
 * it does not wait for those that were begun.
 */
async function eachInOrder(
  records: AsyncGenerator<SourceRecord>,
  many: ManyDiagnoses,
  { onInterrupt }: Console,
  take: (outcome: Outcome) => Promise<void>,
): Promise<boolean> {
  let stop: (() => void) | undefined
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined)
  })
  const forget = onInterrupt?.(() => stop?.())
  const begun: Promise<Outcome>[] = []
  try {
    for (let next = await Promise.race([records.next(), stopped]); ; next = await Promise.race([records.next(), stopped])) {
      if (next === undefined) return false
      if (next.done !== true) begun.push(many.diagnose(next.value))
      while (begun.length > 0 && (next.done === true || begun.length >= many.atOnce)) {
        const outcome = await Promise.race([begun[0], stopped])
        if (outcome === undefined) return false
        begun.shift()
        await take(outcome)
      }
      if (next.done === true) return true
    }
  } finally {
    forget?.()
  }
}
