import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../../../../../test/until.ts'
import { startAnvil } from './start-anvil.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'eip3009-anvil-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

interface ProcessState {
  readonly pid: number
  readonly group: number
  readonly state: string
}

/** What runs on this machine, from /proc where there is one, since small images have no `ps`. */
function processes(): ProcessState[] {
  if (!existsSync('/proc/self/stat')) {
    const lines = execFileSync('ps', ['-axo', 'pid=,pgid=,state='], { encoding: 'utf8' }).trim().split('\n')
    return lines.map((line) => {
      const [pid, group, state = ''] = line.trim().split(/\s+/)
      return { pid: Number(pid), group: Number(group), state }
    })
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid): ProcessState[] => {
      try {
        // pid (name) state ppid pgrp …; the name may have spaces and brackets.
        const [state = '', , group] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
        return [{ pid: Number(pid), group: Number(group), state }]
      } catch {
        return []
      }
    })
}

/** The living members of a process group; zombies only wait to be collected by whoever is their parent. */
function livingMembers(group: number): ProcessState[] {
  return processes().filter((process) => process.group === group && !process.state.startsWith('Z'))
}

/** Whether the process whose id was written to the file lives. */
function lives(file: string): boolean {
  const pid = Number(readFileSync(file, 'utf8'))
  expect(pid).toBeGreaterThan(1)
  return processes().some((process) => process.pid === pid && !process.state.startsWith('Z'))
}

function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', () => resolve(true))
  })
}

/** Its port is closed with its last process, and may be somebody else's by now. */
const isGone = (group: number): Promise<void> => until(() => livingMembers(group).length === 0)

/** An executable that stands in for anvil. */
function standIn(script: string): string {
  const path = join(folder, 'anvil')
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

/** Runs a program that may say `startAnvil`, `openChain` and `ready()`, in a Node of its own. */
function run(program: string) {
  const module = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href)
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const source = `
    import { startAnvil } from ${module('start-anvil.ts')}
    import { openChain } from ${module('open-chain.ts')}
    const network = { chainId: 8453, token: { address: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', name: 'USD Coin', version: '2' } }
    const told = () => new Promise((resolve) => process.stdin.once('data', resolve))
    const ready = (value) => new Promise((resolve) => process.stdout.write(JSON.stringify(value) + '\\n', resolve))
    ${program}`
  const child = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', source], { stdio: ['pipe', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  const said = new Promise<unknown>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
      if (text.includes('\n')) resolve(JSON.parse(text))
    })
    ended.then(() => reject(new Error(`the program ended before it was ready: ${errors}`)))
  })
  return { child, ended, said, errors: () => errors }
}

const opens = 'const chain = await openChain(network); await ready(chain.anvil);'

describe('startAnvil', () => {
  it('answers with its chain id, on its own port of 127.0.0.1', async () => {
    const anvil = await startAnvil({ chainId: 36963 })
    expect(await anvil.request('eth_chainId')).toBe('0x9063')
    expect(
      await anvil.batch([
        { method: 'eth_blockNumber', params: [] },
        { method: 'net_version', params: [] },
      ]),
    ).toEqual(['0x0', '36963'])
    await expect(anvil.request('eth_noSuchThing')).rejects.toMatchObject({ code: 'chain-unavailable' })
    await Promise.all([anvil.stop(), anvil.stop()])
    await isGone(anvil.pid)
    await expect(anvil.request('eth_chainId')).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Eip3009Error: The local chain has been closed.]`,
    )
  })

  it('says so when anvil is killed', async () => {
    const anvil = await startAnvil({ chainId: 1 })
    process.kill(-anvil.pid, 'SIGKILL')
    await expect(until(() => anvil.request('eth_chainId').then(() => false))).rejects.toMatchObject({ code: 'chain-unavailable' })
    await anvil.stop()
    await isGone(anvil.pid)
  })

  it('ends anvil when only the shell between is killed', async () => {
    const anvil = await startAnvil({ chainId: 1 })
    process.kill(anvil.pid, 'SIGKILL')
    await isGone(anvil.pid)
  })

  it('leaves nothing on disk, however many blocks there are', async () => {
    const before = process.env.HOME
    process.env.HOME = folder
    try {
      const anvil = await startAnvil({ chainId: 1 })
      for (let block = 0; block < 600; block += 100) await anvil.request('anvil_mine', ['0x64'])
      expect(await anvil.request('eth_blockNumber')).toBe('0x258')
      await anvil.stop()
      expect(filesUnder(folder)).toEqual([])
    } finally {
      process.env.HOME = before
    }
  })
})

function filesUnder(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
}

describe('a start that fails', () => {
  const failure = (binary: string, startTimeout?: number): Promise<unknown> =>
    startAnvil({ chainId: 1, binary, ...(startTimeout === undefined ? {} : { startTimeout }) }).then(
      () => 'started',
      (error: unknown) => error,
    )
  const message = async (...args: Parameters<typeof failure>): Promise<string> => String(await failure(...args)).replaceAll(folder, '…')

  it('says that there is no such file', async () => {
    expect(await message('/nowhere/anvil')).toMatchInlineSnapshot(
      `"Eip3009Error: The option binary names "/nowhere/anvil" as the anvil binary, but there is no such file."`,
    )
  })

  it('says that the file cannot be run', async () => {
    const path = join(folder, 'anvil')
    writeFileSync(path, 'not a program')
    expect(await message(path)).toMatch(
      /^Eip3009Error: anvil did not start: it ended with exit code 126\. Its last words: .*[Pp]ermission denied/,
    )
  })

  it('says that no process could be started', async () => {
    const gone = mkdtempSync(join(tmpdir(), 'eip3009-gone-'))
    writeFileSync(join(gone, 'anvil'), '')
    const started = message(join(gone, 'anvil'))
    // Before the process is started, which takes an import: its folder is where it would have run.
    rmSync(gone, { recursive: true })
    expect(await started).toBe('Eip3009Error: anvil did not start: spawn /bin/sh ENOENT. It printed nothing.')
  })

  it('says what an anvil said that ended at once', async () => {
    expect(await message(standIn('echo "error: unexpected argument" >&2; exit 2'))).toMatchInlineSnapshot(
      `"Eip3009Error: anvil did not start: it ended with exit code 2. Its last words: "error: unexpected argument"."`,
    )
    expect(await message(standIn('kill -SEGV $$'))).toMatch(/^Eip3009Error: anvil did not start: it ended with exit code 139\./)
    expect(await message(standIn('exit 0'))).toMatchInlineSnapshot(
      `"Eip3009Error: anvil did not start: it ended with exit code 0. It printed nothing."`,
    )
  })

  /** What is said when the stand-in was given up, after it had come as far as writing `file`: on a busy machine that takes its time. */
  async function givenUp(path: string, file: string): Promise<string> {
    for (let patience = 200; ; patience *= 2) {
      const said = await message(path, patience)
      if (existsSync(file)) return said.replace(`${patience} ms`, 'so many ms')
    }
  }

  it('does not wait for one that says nothing', async () => {
    const file = join(folder, 'pid')
    const path = standIn(`echo $$ > ${file}.part; mv ${file}.part ${file}; exec sleep 1000`)
    expect(await givenUp(path, file)).toBe('Eip3009Error: anvil did not start: it did not answer within so many ms. It printed nothing.')
    expect(lives(file)).toBe(false)
  })

  it('ends what a script around anvil has started', async () => {
    const file = join(folder, 'pid')
    const path = standIn(`sleep 1000 & echo $! > ${file}.part; mv ${file}.part ${file}; wait`)
    expect(await givenUp(path, file)).toContain('did not answer within so many ms')
    await until(() => !lives(file))
  })

  it('does not believe a port that nobody answers at', async () => {
    expect(await message(standIn('echo "Listening on 127.0.0.1:1"; exec sleep 1000'))).toMatch(
      /^Eip3009Error: anvil did not start: The local chain did not answer eth_chainId: connect ECONNREFUSED 127\.0\.0\.1:1\./,
    )
  })

  it('does not believe another chain, and asks it for nothing but its id', async () => {
    const asked: string[] = []
    const other = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        const [{ id, method }] = JSON.parse(body)
        asked.push(method)
        response.end(JSON.stringify([{ jsonrpc: '2.0', id, result: '0x2105' }]))
      })
    })
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    expect(await message(standIn(`echo "Listening on 127.0.0.1:${port}"; exec sleep 1000`))).toMatch(
      /^Eip3009Error: anvil did not start: it answered chain id "0x2105" instead of 1\./,
    )
    expect(asked).toEqual(['eth_chainId'])
    other.close()
  })
})

describe('an anvil whose parent ends', () => {
  const endings: readonly (readonly [string, string, NodeJS.Signals | undefined, readonly [number | null, NodeJS.Signals | null]])[] = [
    ['by SIGINT', 'await told()', 'SIGINT', [null, 'SIGINT']],
    ['by SIGTERM', 'await told()', 'SIGTERM', [null, 'SIGTERM']],
    ['by SIGKILL', 'await told()', 'SIGKILL', [null, 'SIGKILL']],
    ['by SIGHUP', 'await told()', 'SIGHUP', [null, 'SIGHUP']],
    ['by an uncaught exception', 'await told(); setImmediate(() => { throw new Error("uncaught") })', undefined, [1, null]],
    ['by an unhandled rejection', 'await told(); Promise.reject(new Error("unhandled"))', undefined, [1, null]],
    ['by process.exit', 'await told(); process.exit(3)', undefined, [3, null]],
    ['by process.abort', 'await told(); process.abort()', undefined, [null, 'SIGABRT']],
    [
      'in the middle of a request',
      'void chain.replay({}, { at: 0n }).catch(() => {}); await told(); process.exit(0)',
      undefined,
      [0, null],
    ],
  ]

  it.each(endings)('ends too: %s', async (_, program, signal, exit) => {
    const { child, said, ended } = run(`${opens} ${program}`)
    const { pid, port } = (await said) as { pid: number; port: number }
    expect(livingMembers(pid).length).toBeGreaterThan(0)
    expect(await refuses(port)).toBe(false)
    if (signal === undefined) child.stdin.write('now\n')
    else child.kill(signal)
    expect(await ended).toEqual(exit)
    await isGone(pid)
  })

  it('ends too when nothing is left to do, without having been closed', async () => {
    const { said, ended, errors } = run(opens)
    const { pid } = (await said) as { pid: number }
    expect([await ended, errors()]).toEqual([[0, null], ''])
    await isGone(pid)
  })

  it('ends too when it had not started yet', async () => {
    const file = join(folder, 'pid')
    const binary = standIn(`echo $$ > ${file}.part; mv ${file}.part ${file}; exec sleep 1000`)
    const { child, said } = run(`await ready(1); await startAnvil({ chainId: 1, binary: ${JSON.stringify(binary)} })`)
    await said
    await until(() => existsSync(file))
    child.kill('SIGKILL')
    await until(() => !lives(file))
  })

  it('does not hold a program up after it was closed', async () => {
    const { said, ended, errors } = run(`${opens} await chain.replay({}, { at: 0n }).catch(() => {}); await chain.close()`)
    const { pid } = (await said) as { pid: number }
    expect([await ended, errors()]).toEqual([[0, null], ''])
    await isGone(pid)
  })

  it('is closed by what await using calls', async () => {
    const { child, said, ended, errors } = run(`{ ${opens} await chain[Symbol.asyncDispose]() } await told()`)
    const { pid } = (await said) as { pid: number }
    await isGone(pid)
    child.stdin.end('now\n')
    expect([await ended, errors()]).toEqual([[0, null], ''])
  })
})
