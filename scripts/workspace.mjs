// Brings a fresh clone to a built workspace with nothing but Node and npm: installs with the pinned pnpm when the
// lockfile is newer than what is installed, builds when a source is newer than its build. Plain JavaScript, since it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The packages that are built, in the order in which they need each other. */
const builtPackages = ['fixtures', 'core', 'cli']

/** In the workspace's root, with the programs that it installed. */
function inside(options = {}) {
  const bin = join(root, 'node_modules', '.bin')
  return {
    cwd: root,
    shell: process.platform === 'win32',
    ...options,
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`, ...options.env },
  }
}

/** Runs a command beside others: its exit code, and all that it said, in the order in which it did. */
export function start(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, inside({ stdio: ['ignore', 'pipe', 'pipe'] }))
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    child.on('error', ({ message }) => resolve({ status: 127, output: `${command} could not be started: ${message}\n` }))
    child.on('close', (status) => resolve({ status: status ?? 1, output }))
  })
}

/** Runs a command in the workspace's root and returns its exit code; its output goes where ours goes, or with `stdio: 'pipe'` into `log`. */
export function run(command, args, { log = [], ...options } = {}) {
  const result = spawnSync(command, args, inside({ stdio: 'inherit', ...options }))
  log.push(...[result.stdout, result.stderr].filter(Boolean).map(String))
  if (result.error) {
    process.stderr.write(`${command} could not be started: ${result.error.message}\n`)
    return 127
  }
  return result.status ?? 1
}

/** Installs and builds what is missing or stale. Exits when that fails. Progress goes to stderr, so that stdout stays the job's own. */
export function prepare() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) fail(`Node ${process.versions.node} is too old: this needs Node 20.19 or later.`)
  install()
  build()
}

function install() {
  const marker = join(root, 'node_modules', '.modules.yaml')
  const lockfile = join(root, 'pnpm-lock.yaml')
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(lockfile).mtimeMs) return
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  note(`installing the workspace with ${packageManager} …`)
  const status = run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn'], {
    stdio: ['ignore', process.stderr, process.stderr],
  })
  if (status !== 0) fail('The workspace could not be installed: see the lines above. Is the npm registry reachable?')
}

function build() {
  for (const name of builtPackages) {
    const folder = join(root, 'packages', name)
    const built = newest(join(folder, 'dist'))
    const stale = Math.max(
      newest(join(folder, 'src')),
      newest(join(folder, 'data')),
      statSync(join(folder, 'package.json')).mtimeMs,
      statSync(join(folder, 'tsdown.config.ts')).mtimeMs,
    )
    if (built > stale) continue
    note(`building packages/${name} …`)
    const log = []
    const status = run('tsdown', ['--log-level', 'warn'], { cwd: folder, stdio: 'pipe', log })
    if (status !== 0) fail(`${log.join('')}\npackages/${name} could not be built: see the lines above.`)
  }
}

/** The latest modification time below a folder, 0 when there is nothing. */
function newest(folder) {
  if (!existsSync(folder)) return 0
  let latest = 0
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) latest = Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs)
  }
  return latest
}

function note(text) {
  process.stderr.write(`${text}\n`)
}

function fail(text) {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
