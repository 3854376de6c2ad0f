#!/usr/bin/env node
import { exitCodes } from './exit-codes.ts'

// Whatever is thrown, be it while this loads, in an event or in a promise that nobody waits for: one sentence, and never exit code 1, which says
// that a payment fails. Node's own answer would be a stack trace and that.
process.on('uncaughtException', crash)
process.on('unhandledRejection', crash)
try {
  const { processConsole } = await import('./console.ts')
  const { main } = await import('./main.ts')
  process.exitCode = await main(process.argv.slice(2), processConsole())
} catch (error) {
  await crash(error)
}

async function crash(error: unknown): Promise<void> {
  const { code, sentence } = await import('./report-error.ts').then(
    ({ describeError, exitCodeOfError }) => ({ code: exitCodeOfError(error), sentence: describeError(error) }),
    () => ({
      code: exitCodes.inconclusive,
      sentence: 'this is a fault of the tool, not of the payment: a part of it can not be loaded; install it again.',
    }),
  )
  // What still runs must not go on to a report and its exit code; and a pipe takes what it is given before the process ends.
  process.stderr.write(`eip3009: ${sentence}\n`, () => process.exit(code))
}
