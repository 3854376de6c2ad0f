import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { recordsOf, type WalkLimits } from './expand.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'eip3009-expand-'))
  await mkdir(join(root, 'b', 'node_modules'), { recursive: true })
  await mkdir(join(root, 'a', '.git'), { recursive: true })
  for (const name of ['a/1.json', 'a/2.json', 'a/.hidden', 'a/.git/x', 'b/1.txt', 'b/node_modules/x.json', 'c.json'])
    await writeFile(join(root, name), 'x')
  await symlink(root, join(root, 'b', 'again'))
})
afterAll(() => rm(root, { recursive: true }))

async function found(args: readonly string[], limits?: WalkLimits): Promise<readonly string[]> {
  const all: string[] = []
  const console = { stdin: async function* () {}, patience: Number.POSITIVE_INFINITY, err: () => undefined }
  for await (const record of recordsOf(args, () => false, console, limits)) {
    const says = record.kind === 'unreadable' ? ` ${record.says}` : ''
    all.push(`${relative(root, record.place.file)}${says}`)
  }
  return all
}

it('goes through folders by name, once each, and not into what is hidden', async () => {
  expect(await found([root])).toEqual(['a/1.json', 'a/2.json', 'b/1.txt', 'c.json'])
  expect(await found([join(root, 'b'), join(root, 'a', '*.json'), join(root, 'a', '2*')])).toEqual([
    'b/1.txt',
    'b/again/a/1.json',
    'b/again/a/2.json',
    'b/again/c.json',
    'a/1.json',
    'a/2.json',
    'a/2.json',
  ])
})

it.each([
  ['*.json', ['c.json']],
  ['*/1.*', ['a/1.json', 'b/1.txt']],
  ['**/*.json', ['a/1.json', 'a/2.json', 'c.json']],
  ['{a,b}/?.{json,txt}', ['a/1.json', 'a/2.json', 'b/1.txt']],
  ['a/**', ['a/1.json', 'a/2.json']],
  ['{a,c}*', ['a/1.json', 'a/2.json', 'c.json']],
])('finds %s', async (pattern, wanted) => {
  expect(await found([join(root, pattern)])).toEqual(wanted)
})

it.each(['./a/1*.json', 'b/../a/1*', 'b//../a/./1*', './**/1.j*'])(
  'finds what %s says, however the folder before it is spelled',
  async (pattern) => {
    expect(await found([`${root}/${pattern}`])).toEqual(['a/1.json'])
    expect(await found([`${relative(process.cwd(), root)}/${pattern}`])).toEqual(['a/1.json'])
  },
)

it('finds files from where it is called', async () => {
  expect(await found(['./package*.json'])).toEqual([relative(root, 'package.json')])
})

it('says where it stopped, and how to go on', async () => {
  expect(await found([root], { files: 2, names: 100 })).toEqual([
    'a/1.json',
    'a/2.json',
    'b/1.txt 2 files were read up to here, and no more are; give what is left by itself, folder by folder or as a pattern.',
  ])
  const cut = await found([join(root, 'a')], { files: 100, names: 1 })
  expect(cut[0]).toMatch(
    /^a 1 names of files and folders were looked at, and of what else is in here none was; give what is left by itself/,
  )
})
