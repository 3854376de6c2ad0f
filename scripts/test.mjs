// `npm test`: every test of the workspace. Ends with a plain line `N passed, N failed, N skipped`, counted by vitest itself.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepare, run } from './workspace.mjs'

prepare()
const folder = mkdtempSync(join(tmpdir(), 'eip3009-test-'))
const report = join(folder, 'report.json')
let status
try {
  status = run('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)])
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'))
  process.stdout.write(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped\n`)
  if (numPassedTests === 0) status ||= 1
} catch (error) {
  process.stderr.write(`The test run left no report (${error instanceof Error ? error.message : String(error)}).\n`)
  status ||= 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exit(status)
