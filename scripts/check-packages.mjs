// The packages as a user gets them: publint and attw on the packed tarballs, then an install into an empty folder, where every
// subpath is imported and the bin is run.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, run } from './workspace.mjs'

/** An exported name whose type is that of a JSON file carries the shape of the whole file into the types, 900 kB once. */
const mostTypes = 20_000

const names = ['core', 'cli', 'fixtures']
const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'eip3009-packages-'))
const failures = []
const must = (what, status) => {
  if (status !== 0) failures.push(what)
}

try {
  for (const name of names) {
    must(
      `pack ${name}`,
      run('npx', ['--yes', packageManager, 'pack', '--pack-destination', folder], {
        cwd: join(root, 'packages', name),
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
    )
  }
  const tarballs = readdirSync(folder).filter((file) => file.endsWith('.tgz'))
  const tarball = (name) => join(folder, tarballs.find((file) => file.startsWith(`eip3009-${name}-`)) ?? `${name}.tgz is missing`)
  for (const name of names) must(`publint ${name}`, run('publint', [tarball(name), '--strict']))
  for (const name of ['core', 'fixtures'])
    must(
      `types of ${name}`,
      run('attw', [tarball(name), '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'], { stdio: ['ignore', 'ignore', 'inherit'] }),
    )
  const types = readdirSync(join(root, 'packages', 'fixtures', 'dist'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.d.ts'),
  )
  const bytes = types.reduce((sum, file) => sum + statSync(join(root, 'packages', 'fixtures', 'dist', file)).size, 0)
  must(`the types of fixtures in ${mostTypes} bytes: they have ${bytes}, is the data in them?`, bytes > 0 && bytes <= mostTypes ? 0 : 1)
  smokeTest(tarball)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (failures.length > 0) process.stderr.write(`failed: ${failures.join(', ')}\n`)
process.stdout.write(`packages: ${names.length} packed, ${failures.length} failures\n`)
process.exit(failures.length === 0 ? 0 : 1)

function smokeTest(tarball) {
  const user = join(folder, 'user')
  const overrides = Object.fromEntries(names.map((name) => [`@eip3009/${name}`, `file:${tarball(name)}`]))
  must('make a user', run('mkdir', ['-p', user]))
  // The overrides stand in for a registry that has the packages; everything else comes from the real one, in the locked versions where it can.
  writeFileSync(join(user, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies: overrides, pnpm: { overrides } }))
  writeFileSync(join(user, 'pnpm-workspace.yaml'), "ignoredBuiltDependencies: ['@foundry-rs/anvil']\n")
  must(
    'install',
    run('npx', ['--yes', packageManager, 'install', '--prefer-offline', '--ignore-workspace', '--reporter=silent'], {
      cwd: user,
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  )
  for (const name of names) {
    const { exports } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
    for (const subpath of Object.keys(exports).filter((key) => !key.endsWith('.json') && !key.includes('*'))) {
      const specifier = `@eip3009/${name}${subpath.slice(1)}`
      const program = `const m = await import(${JSON.stringify(specifier)}); if (Object.keys(m).length === 0) process.exit(1)`
      must(`import ${specifier}`, run(process.execPath, ['--input-type=module', '--eval', program], { cwd: user }))
    }
  }
  const bin = join(user, 'node_modules', '.bin', 'eip3009')
  must('eip3009 --version', run(bin, ['--version'], { cwd: user, stdio: ['ignore', 'ignore', 'inherit'] }))
  must(
    'eip3009 diagnose',
    run(bin, ['diagnose', join(root, 'examples', 'incident', 'payment.json'), '--json'], {
      cwd: user,
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  )
}
