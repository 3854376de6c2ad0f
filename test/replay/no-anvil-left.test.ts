import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { domain, openWorld, payment, settle, type World } from '../chain/chain-world.ts'
import { forward, type RpcServer, startRpcServer } from '../rpc-server.ts'
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

/** Yields to everything else until it is so; the test's own time limit is the only clock. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await setImmediate()
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
describe.skipIf(!existsSync('/proc/self/stat'))('eip3009 replay leaves no anvil behind', () => {
  it.each(['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const)('when it is ended by %s in the middle of a fork', async (signal) => {
    await using rpc = await stuckRpc()
    const child = spawn(process.execPath, [bin, 'replay', hash, '--rpc-url', rpc.url], { stdio: 'ignore' })
    const ended = once(child, 'exit')
    await rpc.stuck
    const group = groupOf(child) ?? 0
    expect(living(group)).toBeGreaterThanOrEqual(2)
    child.kill(signal)
    await ended
    await until(() => living(group) === 0)
  })

  it('when it has answered', async () => {
    const groups = new Set<number>()
    const child = spawn(process.execPath, [bin, 'replay', hash, '--rpc-url', world.url], { stdio: 'ignore' })
    const isOver = once(child, 'exit').then(() => true)
    for (let over = false; !over; over = await Promise.race([isOver, setImmediate(false)])) {
      const group = groupOf(child)
      if (group !== undefined && group !== 0) groups.add(group)
    }
    expect(groups.size).toBeGreaterThan(0)
    await until(() => [...groups].every((group) => living(group) === 0))
  })
})
