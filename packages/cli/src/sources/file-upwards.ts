import { lstat, open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, textOf, unreadable } from '../files.ts'
import { UsageError } from '../usage-error.ts'

/** A file as it was found. */
export interface FoundFile {
  readonly path: string
  readonly text: string
}

/** No configuration is longer, and what is longer is none. */
const mostBytes = 1024 * 1024

/** The file of this name in a folder or in the nearest one above it. */
export async function findUpwards(start: string, name: string): Promise<FoundFile | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    const found = await readIfThere(join(folder, name))
    if (found !== undefined || dirname(folder) === folder) return found
  }
}

/** @throws UsageError where it is there, and can not be read. What can not be looked for, in a folder that is closed, is not there. */
export async function readIfThere(path: string): Promise<FoundFile | undefined> {
  const found = await stat(path).catch(async (error: unknown) => {
    // A link that leads nowhere was put there to lead somewhere.
    if ((await lstat(path).catch(() => undefined)) === undefined) return undefined
    if (codeOf(error) === 'ENOENT') throw new UsageError(`"${path}" is a link to nothing; mend it, or delete it.`)
    throw unreadable(`"${path}"`, error)
  })
  if (found === undefined || !found.isFile()) return undefined
  if (found.size > mostBytes) throw new UsageError(`"${path}" has more than ${mostBytes / 1024 / 1024} MB, which no configuration has.`)
  try {
    const file = await open(path)
    try {
      return { path, text: textOf(await file.readFile()) }
    } finally {
      await file.close()
    }
  } catch (error) {
    throw unreadable(`"${path}"`, error)
  }
}
