// Fails on an import that runs upwards, on a cycle, on a folder that is in no layer, and on Node or viem at run time in a pure folder. Type imports
// count as imports. `node scripts/check-layers.mjs DIRECTORY` checks another tree: the test that shows that it can fail plants one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import { layers, solanaRooms, withInputOutput } from './layers.mjs'
import { root } from './workspace.mjs'

const core = '^packages/core/src/'
const folder = (name) => `${core}${name}/`
const tests = '\\.(test|bench)\\.ts$'
const source = `${core}(?!.*${tests}).+`

const upwards = layers.map((name, index) => ({
  name: `${name}-imports-downwards`,
  severity: 'error',
  from: { path: folder(name), pathNot: tests },
  to: { path: [...layers.slice(0, index).map(folder), `${core}[^/]+\\.ts$`] },
}))

const room = (name) => folder(`solana/${name}`)
const upstairs = solanaRooms.slice(1).map((name, index) => ({
  name: `solana-${name}-imports-downwards`,
  severity: 'error',
  from: { path: room(name), pathNot: tests },
  to: { path: solanaRooms.slice(0, index + 1).map(room) },
}))

const outside = (name, path, listed) => [
  { name, severity: 'error', from: { path: core }, to: { path, pathNot: listed } },
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
        ...upstairs,
        // What is in no layer may import anything and be imported by anything: both ways have to be shut.
        ...outside('every-folder-is-a-layer', `${core}[^/]+/`, layers.map(folder)),
        ...outside('every-folder-of-solana-is-a-room', `${folder('solana')}[^/]+/`, solanaRooms.map(room)),
        {
          name: 'pure-folders-use-no-node',
          severity: 'error',
          from: { path: source, pathNot: [...withInputOutput.map(folder), `${core}(replay|threads|vitest)\\.ts$`] },
          to: { dependencyTypes: ['core'] },
        },
        {
          name: 'pure-folders-import-viem-as-types-only',
          severity: 'error',
          from: { path: source, pathNot: [...withInputOutput.map(folder), `${core}(replay|threads|vitest)\\.ts$`] },
          to: { path: 'node_modules/(viem|ethers|@viem|yargs)/', dependencyTypesNot: ['type-only'] },
        },
        {
          name: 'only-solana-imports-web3js',
          severity: 'error',
          from: { path: source, pathNot: folder('solana') },
          to: { path: 'node_modules/@solana/' },
        },
        {
          // Of the Solana folder the index may have what reads the wire, which runs without web3.js.
          name: 'index-loads-no-web3js',
          severity: 'error',
          from: { path: `${core}(guarded/)?(?!solana)[^/]+\\.ts$` },
          to: { path: 'node_modules/@solana/', reachable: true },
        },
        {
          name: 'index-is-isomorphic',
          severity: 'error',
          from: { path: `${core}(guarded/)?(?!replay|threads|vitest)[^/]+\\.ts$` },
          to: { path: withInputOutput.map(folder) },
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

const { modules, summary } = result.output
const ours = modules.filter((module) => module.source.startsWith('packages/core/src/')).length
for (const { from, to, rule } of summary.violations) process.stderr.write(`${rule.name}: ${from} → ${to}\n`)
process.stdout.write(
  `layers: ${ours} modules of core and ${modules.length} in all, ${summary.totalDependenciesCruised} imports, ${summary.error} violations\n`,
)
// A run that saw nothing proves nothing: TypeScript 7 has no compiler API, and then no module is seen at all.
process.exit(summary.error > 0 || ours < 20 ? 1 : 0)
