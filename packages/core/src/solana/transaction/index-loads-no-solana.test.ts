import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** Every file that a face of core imports at run time, itself included, and every package. */
function reach(face: string): { readonly files: ReadonlySet<string>; readonly packages: ReadonlySet<string> } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (url: URL): void => {
    if (files.has(url.pathname)) return
    files.add(url.pathname)
    const source = readFileSync(url, 'utf8')
    for (const [, clause = '', name = ''] of source.matchAll(/^(?:import|export) ([^'"]*?)from '([^']+)'/gm)) {
      if (clause.startsWith('type ')) continue
      if (name.startsWith('.')) visit(new URL(name, url))
      else packages.add(name)
    }
  }
  visit(new URL(`../../${face}.ts`, import.meta.url))
  return { files, packages }
}

const uses = (face: string): boolean => [...reach(face).packages].some((name) => name.startsWith('@solana/'))

it('importing core loads no Solana code', () => {
  expect(reach('index').files.size).toBeGreaterThan(50)
  expect(uses('index')).toBe(false)
  expect(uses('chain')).toBe(false)
  expect(uses('replay')).toBe(false)
  // What the three do not load, the face for Solana does: the walk would see it.
  expect(uses('solana')).toBe(true)
})
