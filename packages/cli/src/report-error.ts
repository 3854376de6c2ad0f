import { Eip3009Error, printable, redact } from '@eip3009/core'
import { exitCodes } from './exit-codes.ts'
import { UsageError } from './usage-error.ts'

/** One clear sentence for what we expected to go wrong; a plain request for a report for what we did not. Never a stack trace. */
export function describeError(error: unknown): string {
  if (isExpected(error)) return safe(error.message)
  if (isLostDirectory(error)) return 'the working directory is not there any more; change to one that is.'
  const message = error instanceof Error ? error.message : typeof error === 'string' ? error : 'something was thrown that is no error'
  // Out of files, processes, memory or space: nobody's payment, and not our doing.
  if (isOfSystem(error)) return safe(`the system did not do what this needs: ${message}`)
  return safe(`this is a fault of the tool, not of the payment: ${message}`)
}

/** 2 for what the caller can mend. Never 1, which says that a payment fails. */
export function exitCodeOfError(error: unknown): number {
  return isLostDirectory(error) || (isExpected(error) && !leavesOpen(error)) ? exitCodes.usage : exitCodes.inconclusive
}

/** What has a sentence of its own. */
function isExpected(error: unknown): error is Error {
  return error instanceof UsageError || (error instanceof Eip3009Error && error.code !== 'internal')
}

/** Nothing was wrong with what was asked, and it could not be answered; the rest is the caller's to mend. */
function leavesOpen(error: Error): boolean {
  return error instanceof Eip3009Error && ['rpc-unavailable', 'chain-unavailable', 'controls-failed'].includes(error.code)
}

/** What Node says where it is asked for the directory that it runs in, and somebody has deleted that. */
function isLostDirectory(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd'
}

function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && typeof error.syscall === 'string'
}

/** A message repeats what it is about, and that can be anything: a file's name with control characters, or a key in the wrong place. */
function safe(message: string): string {
  return printable(redact(message))
}
