import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { domain, openWorld, payment, settle, type World } from '../chain/chain-world.ts'
import { forward, type RpcServer, startRpcServer } from '../rpc-server.ts'
import { until } from '../until.ts'
import { mineAnyway } from './fail.ts'

const bin = fileURLToPath(new URL('../../packages/cli/dist/bin.js', import.meta.url))

interface ProcessState {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly state: string
}

/** What runs on this machine, zombies left out: those only wait to be collected. */
function processes(): ProcessState[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid): ProcessState[] => {
      try {
        // pid (name) state ppid pgrp …; the name may have spaces and brackets.
        const [state = '', parent, group] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
        return state === 'Z' ? [] : [{ pid: Number(pid), parent: Number(parent), group: Number(group), state }]
      } catch {
        // It ended while the list was read.
        return []
      }
    })
}

const groupOf = (child: ChildProcess): number | undefined => processes().find(({ parent }) => parent === child.pid)?.group
const living = (group: number): number => processes().filter((process) => process.group === group).length

let world: World
let hash: string
beforeAll(async () => {
  world = await openWorld()
  hash = (await mineAnyway(world, { data: settle(await payment({ domain: { ...domain, name: 'USDC' } })) })).hash
})
afterAll(() => world[Symbol.asyncDispose]())

/** An RPC that stops answering once the fork is on its way, so that the CLI is caught in the middle of it. */
async function stuckRpc(): Promise<RpcServer & { readonly stuck: Promise<void> }> {
  let reached: () => void = () => undefined
  const stuck = new Promise<void>((resolve) => {
    reached = resolve
  })
  let storage = 0
  const server = await startRpcServer((request) => {
    if (!JSON.stringify(request).includes('eth_getStorageAt') || ++storage < 3) return forward(world.url, request)
    reached()
    return 'hang'
  })
  return Object.assign(server, { stuck })
}

// Only /proc tells who is whose child without a tool that small images have not.
describe.skipIf(!existsSync('/proc/self/stat'))('a replay leaves no anvil behind', () => {
  it.each([
    ['replay', 'SIGKILL'],
    ['replay', 'SIGINT'],
    ['replay', 'SIGTERM'],
    ['replay', 'SIGHUP'],
    ['diagnose', 'SIGINT'],
  ] as const)('of %s when it is ended by %s in the middle of a fork', async (command, signal) => {
    await using rpc = await stuckRpc()
    const child = spawn(process.execPath, [bin, command, hash, '--rpc-url', rpc.url], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    await rpc.stuck
    const group = groupOf(child) ?? 0
    expect(living(group)).toBeGreaterThanOrEqual(2)
    child.kill(signal)
    await ended
    await until(() => living(group) === 0)
  })

  it('when it has answered', async () => {
    let child: ChildProcess | undefined
    let group: number | undefined
    // An anvil that forks asks for storage: then it runs, for certain.
    await using rpc = await startRpcServer((request) => {
      if (group === undefined && child !== undefined && JSON.stringify(request).includes('eth_getStorageAt')) group = groupOf(child)
      return forward(world.url, request)
    })
    child = spawn(process.execPath, [bin, 'replay', hash, '--rpc-url', rpc.url], { stdio: 'ignore' })
    await once(child, 'exit')
    const seen = group
    expect(seen).toBeGreaterThan(1)
    await until(() => living(seen ?? 0) === 0)
  })
})
