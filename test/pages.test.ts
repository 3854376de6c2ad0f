import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = (name: string): string => readFileSync(join(root, name), 'utf8')
const pathsIn = (text: string): string[] => [...text.matchAll(/`((?:packages|scripts|test)\/[^`*]+)`/g)].map(([, path = '']) => path)

/** What a file imports of ours, at once or when it runs. */
function importsOf(file: string): string[] {
  const faces = /^@eip3009\/core(?:\/([a-z]+))?$/
  return [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].flatMap(([, name = '']) => {
    const face = faces.exec(name)
    if (face !== null) return [`packages/core/src/${face[1] ?? 'index'}.ts`]
    return name.startsWith('.') ? [relative(root, resolve(root, dirname(file), name))] : []
  })
}

function reach(from: readonly string[]): ReadonlySet<string> {
  const seen = new Set(from)
  for (const file of seen) for (const next of importsOf(file)) if (existsSync(join(root, next))) seen.add(next)
  return seen
}

describe.each(['ARCHITECTURE.md', 'docs/adding.md', 'CONTRIBUTING.md'])('%s', (name) => {
  it('names files that are there', () => {
    const paths = [
      ...pathsIn(page(name)),
      ...[...page(name).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => join(dirname(name), link)),
    ]
    expect(paths.length).toBeGreaterThan(3)
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })
})

describe('a walk of one payment', () => {
  const walks = page('ARCHITECTURE.md').split(/^### /m).slice(1)

  it('is told for EVM offline, on a fork, and for Solana', () => expect(walks).toHaveLength(3))

  it.each(walks.map((walk) => [walk.split('\n')[0] ?? '', walk] as const))('%s', (_, walk) => {
    const stops = [...walk.matchAll(/^\d+\. `([^`]+)`$/gm)].map(([, path = '']) => path)
    expect(stops.length).toBeGreaterThan(9)
    expect(stops.length).toBeLessThanOrEqual(15)
    // Each is reached from one before it, so that the page cannot tell of a way that is none.
    for (const [index, stop] of stops.slice(1).entries()) expect(reach(stops.slice(0, index + 1)), stop).toContain(stop)
    // Once in core, it stays there: no run goes back through the command line.
    const first = stops.findIndex((stop) => stop.startsWith('packages/core/'))
    expect(stops.slice(first).filter((stop) => stop.startsWith('packages/cli/'))).toEqual([])
  })
})

it('every room of core stands in the page', () => {
  const list = /export const rooms = \[([^\]]+)\]/.exec(page('scripts/layers.mjs'))?.[1] ?? ''
  const rooms = [...list.matchAll(/'([^']+)'/g)].map(([, room = '']) => room)
  expect(rooms.length).toBeGreaterThan(30)
  const table = page('ARCHITECTURE.md').split('## The spine')[0] ?? ''
  const named = new Set([...table.matchAll(/`([a-z0-9/*-]+)`/g)].map(([, name = '']) => name))
  const isNamed = (room: string): boolean => named.has(room) || (named.has(`${room.split('/')[0]}/*`) && room.includes('/'))
  expect(rooms.filter((room) => !isNamed(room))).toEqual([])
})
