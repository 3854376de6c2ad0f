// Fails on an import that runs upwards, on a cycle, on a folder that is no room, on a room that grew too large, and on Node or viem at run time in a pure folder. Type imports
// count as imports. `node scripts/check-layers.mjs DIRECTORY` checks another tree: the test that shows that it can fail plants one.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import { cliFloors, mostOfCore, rooms, withNode } from './layers.mjs'
import { root } from './workspace.mjs'

const core = '^packages/core/src/'
const folder = (name) => `${core}${name}/`
const tests = '\\.(test|bench)\\.ts$'
const source = `${core}(?!.*${tests}).+`

const upwards = rooms.map((name, index) => ({
  name: `${name.replace('/', '-')}-imports-downwards`,
  severity: 'error',
  from: { path: folder(name), pathNot: tests },
  to: { path: [...rooms.slice(0, index).map(folder), `${core}[^/]+\\.ts$`] },
}))

const cli = '^packages/cli/src/'
const floor = (name) => (name.endsWith('.ts') ? `${cli}${name.replace('.', '\\.')}$` : `${cli}${name}/`)
const floors = cliFloors.map(floor)
// Above the first there is nothing, and an empty list of paths would be all of them.
const cliUpwards = [...cliFloors, 'other files']
  .map((name, index) => ({
    name: `cli-${name.replace('.ts', '').replace(' ', '-')}-imports-downwards`,
    severity: 'error',
    // The files that are no floor's.
    from: index < floors.length ? { path: floors[index], pathNot: tests } : { path: `${cli}[^/]+$`, pathNot: [tests, ...floors] },
    to: { path: floors.slice(0, index) },
  }))
  .slice(1)

const families = ['evm', 'solana']
const apart = families.map((family, index) => ({
  name: `${family}-stands-apart`,
  severity: 'error',
  from: { path: [folder(family), folder(`facilitators/${family}`)], pathNot: tests },
  to: { path: families.toSpliced(index, 1).flatMap((other) => [folder(other), folder(`facilitators/${other}`)]) },
}))

const outside = (name, src, path, listed) => [
  { name, severity: 'error', from: { path: src }, to: { path, pathNot: listed } },
  { name, severity: 'error', from: { path, pathNot: listed }, to: {} },
]

const [, , baseDir = root] = process.argv
const result = await cruise(
  ['packages', 'examples', 'test', 'scripts'].filter((folder) => existsSync(join(baseDir, folder))),
  {
    baseDir,
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    validate: true,
    ruleSet: {
      forbidden: [
        { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
        ...upwards,
        ...apart,
        // What is in no layer may import anything and be imported by anything: both ways have to be shut.
        ...outside('every-folder-is-a-room', core, `${core}[^/]+/`, rooms.map(folder)),
        ...cliUpwards,
        ...outside('every-folder-is-a-floor', cli, `${cli}[^/]+/`, floors),
        {
          name: 'pure-folders-use-no-node',
          severity: 'error',
          from: { path: source, pathNot: [...withNode.map(folder), `${core}(replay|threads|vitest)\\.ts$`] },
          to: { dependencyTypes: ['core'] },
        },
        {
          name: 'pure-folders-import-viem-as-types-only',
          severity: 'error',
          from: { path: source, pathNot: [...withNode.map(folder), `${core}(replay|threads|vitest)\\.ts$`] },
          to: { path: 'node_modules/(viem|ethers|@viem|yargs)/', dependencyTypesNot: ['type-only'] },
        },
        {
          // What a transaction says is read without it: web3.js builds the transactions and accounts of a replay, and its Connection is a type.
          name: 'only-solanas-world-loads-web3js',
          severity: 'error',
          from: { path: source, pathNot: folder('solana/world') },
          to: { path: 'node_modules/@solana/', dependencyTypesNot: ['type-only'] },
        },
        {
          name: 'index-loads-no-web3js',
          severity: 'error',
          from: { path: `${core}(guarded/)?(?!solana|replay)[^/]+\\.ts$` },
          to: { path: 'node_modules/@solana/', reachable: true },
        },
        {
          name: 'index-is-isomorphic',
          severity: 'error',
          from: { path: `${core}(guarded/)?(?!replay|threads|vitest)[^/]+\\.ts$` },
          to: { path: withNode.map(folder) },
        },
        {
          name: 'fixtures-import-nothing',
          severity: 'error',
          from: { path: '^packages/fixtures/src/', pathNot: tests },
          to: { pathNot: '^packages/fixtures/' },
        },
        { name: 'core-does-not-import-the-cli', severity: 'error', from: { path: '^packages/core/' }, to: { path: '^packages/cli/' } },
      ],
    },
  },
  { tsConfigFileName: 'tsconfig.json' },
)

/** The rooms that hold too much of core, each with its share. */
function tooLarge(modules) {
  const lines = new Map()
  for (const { source: file } of modules) {
    if (!new RegExp(source).test(file)) continue
    const home = rooms.find((name) => new RegExp(folder(name)).test(file)) ?? ''
    lines.set(home, (lines.get(home) ?? 0) + readFileSync(join(baseDir, file), 'utf8').split('\n').length)
  }
  const all = [...lines.values()].reduce((sum, count) => sum + count, 0)
  return all < 10_000 ? [] : [...lines].filter(([, count]) => count / all > mostOfCore).map(([name, count]) => [name, count / all])
}

const { modules, summary } = result.output
const ours = modules.filter((module) => module.source.startsWith('packages/core/src/')).length
for (const { from, to, rule } of summary.violations) process.stderr.write(`${rule.name}: ${from} → ${to}\n`)
const large = tooLarge(modules)
for (const [name, share] of large)
  process.stderr.write(`room-too-large: ${name} holds ${Math.round(share * 100)} % of core, of which ${mostOfCore * 100} % is the most\n`)
process.stdout.write(
  `layers: ${ours} modules of core and ${modules.length} in all, ${summary.totalDependenciesCruised} imports, ${summary.error} violations\n`,
)
// A run that saw nothing proves nothing: TypeScript 7 has no compiler API, and then no module is seen at all.
process.exit(summary.error > 0 || large.length > 0 || ours < 20 ? 1 : 0)
