// What stands around every test of the project `pure`: whoever tries to open a chain, to listen, to connect or to start a process there is told so.
// Which project a file is in follows from what it imports (`scripts/test-projects.ts`); what opens one by another way shows here.
import { createRequire, syncBuiltinESMExports } from 'node:module'

const require = createRequire(import.meta.url)

function refuse(what: string): () => never {
  return () => {
    throw new Error(`${what}: not in a test of the project pure. Import what does it by its name, and scripts/test-projects.ts sees it.`)
  }
}

const childProcess = require('node:child_process') as Record<string, unknown>
for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) childProcess[name] = refuse(name)
const net = require('node:net') as typeof import('node:net')
net.Server.prototype.listen = refuse('listen')
net.Socket.prototype.connect = refuse('connect')
const threads = require('node:worker_threads') as { Worker: unknown }
threads.Worker = class {
  constructor() {
    refuse('a worker')()
  }
}
syncBuiltinESMExports()
