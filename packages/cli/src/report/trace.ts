import { callName } from '@eip3009/core/internal'
import type { CallFrame } from '@eip3009/core/replay'
import { ofNumber, shorten } from '@eip3009/core/report'

/** What a trace that is no longer read by anybody is cut at. */
const mostLines = 60

/** The calls of a transaction, one a line, indented by depth: what was called, on whom, and what came of it. */
export function traceLines(root: CallFrame): string[] {
  const lines: string[] = []
  const visit = (frame: CallFrame, depth: number): void => {
    lines.push(`${'  '.repeat(depth)}${frameLine(frame)}`)
    for (const call of frame.calls ?? []) visit(call, depth + 1)
  }
  visit(root, 0)
  return lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `… ${lines.length - mostLines} more calls`]
}

function frameLine({ type, to, input, output, error, gasUsed }: CallFrame): string {
  const how = type === undefined || type === 'CALL' ? '' : ` [${type.toLowerCase()}]`
  const what = to === undefined ? 'a new contract' : isRecovery(to) ? 'ecrecover' : callName(input)
  const where = to === undefined || isRecovery(to) ? '' : ` on ${shorten(to)}`
  const gas = gasUsed === undefined ? '' : ` · gas ${ofNumber(gasUsed, String)}`
  return `${what}${where}${how}${gas}${error === undefined ? result(output) : ` · ✗ ${error}`}`
}

/** The precompile that recovers who signed. */
function isRecovery(address: string): boolean {
  return /^0x0{39}1$/.test(address)
}

function result(output: string | undefined): string {
  if (output === undefined || output === '0x') return ''
  return output.length <= 66
    ? ` → ${shorten(`0x${output.slice(2).replace(/^(?:00){12}(?=[0-9a-f]{40}$)/i, '')}`)}`
    : ` → ${(output.length - 2) / 2} bytes`
}
