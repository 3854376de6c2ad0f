import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

interface Reach {
  readonly files: ReadonlySet<string>
  readonly packages: ReadonlySet<string>
}

const atOnce = /^(?:import|export) ([^'"]*?)from '([^']+)'/gm
const later = /\b(await )import\('([^']+)'/g

/** Every file and package that a face of core imports: when it is imported itself, and with `whenever` also what its functions import when they are called. */
function reach(face: string, whenever: boolean): Reach {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (url: URL): void => {
    if (files.has(url.pathname)) return
    files.add(url.pathname)
    const source = readFileSync(url, 'utf8')
    for (const [, clause = '', name = ''] of [...source.matchAll(atOnce), ...(whenever ? source.matchAll(later) : [])]) {
      if (clause.startsWith('type ')) continue
      if (name.startsWith('.')) visit(new URL(name, url))
      else packages.add(name)
    }
  }
  visit(new URL(`../../${face}.ts`, import.meta.url))
  return { files, packages }
}

const uses = (face: string, whenever: boolean): boolean =>
  [...reach(face, whenever).packages].some((name) => name.startsWith('@solana/') || name.startsWith('litesvm'))

it('importing a face loads no Solana package', () => {
  expect(reach('index', false).files.size).toBeGreaterThan(50)
  for (const face of ['index', 'chain', 'replay', 'solana']) expect(uses(face, false), face).toBe(false)
})

it('a diagnosis loads none either: only what replays does', () => {
  const { files } = reach('index', true)
  // The walk sees what is loaded for a payment on Solana, and not when core is imported.
  expect([...files].some((file) => file.endsWith('/solana/diagnosis/investigate.ts'))).toBe(true)
  expect([...reach('index', false).files].some((file) => file.endsWith('/solana/diagnosis/investigate.ts'))).toBe(false)
  expect(uses('index', true)).toBe(false)
  expect(uses('solana', true)).toBe(true)
  expect(uses('replay', true)).toBe(true)
})
