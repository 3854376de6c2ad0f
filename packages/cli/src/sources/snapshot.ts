import { open } from 'node:fs/promises'
import { utc } from '@eip3009/core/internal'
import type { Console } from '../console.ts'
import { codeOf, textOf } from '../files.ts'
import { UsageError } from '../usage-error.ts'
import { readNamed } from './input.ts'

/** The text of a snapshot that was kept. */
export async function readSnapshotText(path: string, console: Console): Promise<string> {
  return textOf(await readNamed(path, '--snapshot', 'give the file that --save-snapshot wrote', console))
}

/** An answer from a snapshot is as of then, which whoever acts on it has to know. Beside the report, which is the same as it was. */
export function tellAge(then: bigint, console: Console): void {
  if (console.now() - then < 60n) return
  console.err(`eip3009: the snapshot is of ${utc(then)}, and so is what is said here: what could still move then may have moved since.\n`)
}

/** Written into a new file only: what somebody captured before is evidence. */
export async function saveSnapshot(path: string, snapshot: object): Promise<void> {
  try {
    const file = await open(path, 'wx')
    try {
      await file.writeFile(`${JSON.stringify(snapshot, null, 2)}\n`)
    } finally {
      await file.close()
    }
  } catch (error) {
    const code = codeOf(error)
    throw new UsageError(
      code === 'EEXIST'
        ? `--save-snapshot "${path}" exists already; give the name of a new file.`
        : `--save-snapshot "${path}" can not be written (${code}); give a file in a folder that you may write to.`,
    )
  }
}
