/**
 * Which vitest project a test file is in, by what it imports, itself or through other files of the tests. What it does not follow from is a list that
 * somebody keeps: `pure` is what is left, and there nothing can open a chain, listen, connect or start a process (`test/pure.ts`). What opens nothing and
 * takes longer than somebody waits who is typing says so in its name, `….long.test.ts`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export type TestProject = 'package' | 'chain' | 'long' | 'pure'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Modules that start processes, or need what is built. */
const processes = /^(?:node:child_process|esbuild)$/

/** Modules that listen or connect, or run what does. */
const servers = /^(?:node:https?|node:net|node:worker_threads|litesvm)$|\/cli\/src\/main\.ts$/

/** What opens a chain or starts a thread, wherever it is imported from. */
const openers =
  /\b(?:createChainTest|embeddedReplayer|forkedReplayer|liteSvmReplayer|openChain|openDoor|openFork|openRecording|openSvm|searchInThreads|signerConformance|startAnvil|testSigner)\b/

/** Faces of core with openers in them. */
const faces = /^@eip3009\/core\/(?:replay|solana|threads|vitest)$/

/** Every test file, from the root, in order. */
export function testFiles(base = root): readonly string[] {
  const found: string[] = []
  const walk = (folder: string): void => {
    for (const entry of existsSync(join(base, folder)) ? readdirSync(join(base, folder), { withFileTypes: true }) : []) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory() && entry.name !== 'node_modules' && entry.name !== 'dist') walk(path)
      if (entry.isFile() && /^(?:packages\/[^/]+\/src|test|examples)\/.*\.test\.ts$/.test(path)) found.push(path)
    }
  }
  for (const folder of ['packages', 'test', 'examples']) walk(folder)
  return found.sort()
}

/** The project of a test file, given from the root. */
export function projectOf(file: string, base = root): TestProject {
  const found = new Set<TestProject>()
  const seen = new Set<string>()
  const visit = (path: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    for (const { clause, from } of importsOf(path)) {
      if (processes.test(from)) found.add('package')
      if (servers.test(from) || openers.test(clause) || (clause.startsWith('*') && faces.test(from))) found.add('chain')
      const next = from.startsWith('.') ? resolve(dirname(path), from) : undefined
      // What is not of the tests is told by the names that are imported from it.
      if (next !== undefined && existsSync(next) && /^(?:test|scripts|examples)\//.test(relative(base, next).replaceAll('\\', '/')))
        visit(next)
    }
  }
  visit(join(base, file))
  if (found.has('package')) return 'package'
  if (found.has('chain')) return 'chain'
  return file.endsWith('.long.test.ts') ? 'long' : 'pure'
}

interface Import {
  /** What stands between `import` and `from`, or before a call of it. */
  readonly clause: string
  readonly from: string
}

/** Imports of values: types open nothing. */
function importsOf(path: string): readonly Import[] {
  const text = readFileSync(path, 'utf8')
  const statements = [...text.matchAll(/^(?:import|export)\s+(?!type\s)(?:([\w*{][^'"]*?)\s+from\s+)?'([^']+)'/gm)]
  const calls = [...text.matchAll(/^(.*)\bimport\('([^']+)'\)/gm)].filter(([, before = '']) => !/typeof\s+$/.test(before))
  return [...statements, ...calls].map(([, clause = '', from = '']) => ({ clause, from }))
}

/** The files of each project. */
export function testProjects(base = root): Readonly<Record<TestProject, string[]>> {
  const all: Record<TestProject, string[]> = { package: [], chain: [], long: [], pure: [] }
  for (const file of testFiles(base)) all[projectOf(file, base)].push(file)
  return all
}
