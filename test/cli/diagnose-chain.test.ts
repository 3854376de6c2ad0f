import type { EvmDiagnosis } from '@eip3009/core'
import { hashTypedData } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { base, domain, openWorld, payment, relayer, settle, type World } from '../chain/chain-world.ts'
import { startRpcServer } from '../rpc-server.ts'
import { runCli } from './run-cli.ts'

const members = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const

let world: World
let body: string
let hash: string
beforeAll(async () => {
  world = await openWorld()
  const { authorization, signature } = await payment()
  const { from, to, value, validAfter, validBefore, nonce } = authorization
  body = JSON.stringify({
    x402Version: 1,
    scheme: 'exact',
    network: 'base',
    payload: {
      signature,
      authorization: { from, to, value: String(value), validAfter: String(validAfter), validBefore: String(validBefore), nonce },
    },
  })
  hash = await world.send(relayer, base.usdc.address, settle(await payment()), validBefore - 100n)
})
afterAll(() => world[Symbol.asyncDispose]())

const diagnose = (...options: readonly string[]) => runCli(['diagnose', '-', '--no-replay', ...options], body)

describe('diagnose --rpc-url', () => {
  it("finds the transaction that settled it, and exits with the payment's code", async () => {
    const { code, stdout } = await diagnose('--rpc-url', world.url, '--json')
    const diagnosis: EvmDiagnosis = JSON.parse(stdout)
    expect([code, diagnosis.cause, diagnosis.settlement?.transaction, diagnosis.money.state]).toEqual([
      1,
      'authorization-used',
      hash,
      'moved',
    ])
  })

  it('says so on one screen', async () => {
    const { stdout, stderr } = await diagnose('--rpc-url', world.url, '--rpc-url', world.url.replace('127.0.0.1', 'localhost'))
    expect(stdout).toMatch(/^✗ FAILS +It was settled already/)
    expect(stdout).toContain('proven on chain')
    expect(stdout).toContain('do not send anything again')
    expect(stdout.match(/^ {2}Chain /gm)).toHaveLength(2)
    expect(stdout.split('\n').length).toBeLessThanOrEqual(40)
    expect(stderr).toBe('')
  })

  it('reads an earlier block', async () => {
    const { code, stdout } = await diagnose('--rpc-url', world.url, '--block', '5', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'settles', money: { state: 'moved' }, chain: [{ block: { number: '5' } }] })
  })

  it('tells who submitted it', async () => {
    const { stdout } = await diagnose(
      '--rpc-url',
      world.url,
      '--facilitator-address',
      '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
      '--json',
    )
    expect(JSON.parse(stdout)).toMatchObject({ cause: 'executed-by-third-party', party: 'nobody' })
  })

  it("takes the RPC of the payment's network from the environment, and --rpc-url before it", async () => {
    const dead = { EIP3009_RPC_BASE: 'http://127.0.0.1:9', EIP3009_RPC_POLYGON: world.url }
    const given = await runCli(['diagnose', '-', '--no-replay', '--json'], body, { ...dead, EIP3009_RPC_BASE: ` ${world.url} ` })
    expect(JSON.parse(given.stdout)).toMatchObject({ cause: 'authorization-used', settlement: { transaction: hash } })
    const before = await runCli(['diagnose', '-', '--no-replay', '--json', '--rpc-url', world.url], body, dead)
    expect(JSON.parse(before.stdout)).toMatchObject({ cause: 'authorization-used', chain: [{ kind: 'read' }] })
    const other = await runCli(['diagnose', '-', '--no-replay', '--json'], body, { EIP3009_RPC_POLYGON: world.url, EIP3009_RPC_BASE: '' })
    expect(JSON.parse(other.stdout)).toMatchObject({ chain: [] })
    const broken = await runCli(['diagnose', '-', '--no-replay', '--timeout', '3000', '--json'], body, dead)
    expect([broken.code, JSON.parse(broken.stdout).cause]).toEqual([4, 'rpc-fault'])
  })

  it("takes a payment that names no network for one of the RPC's chain, and says so", async () => {
    const { authorization } = JSON.parse(body).payload
    const signature = `0x${'11'.repeat(64)}1b`
    const { stdout } = await runCli(['diagnose', '-', '--no-replay', '--rpc-url', world.url], JSON.stringify({ authorization, signature }))
    expect(stdout.replace(/\s+/g, ' ')).toContain(`which names no network: taken for base, that of ${world.url}, chain 8453`)
  })

  it('shows the digest that the token hashed where the signature does not fit', async () => {
    const wrong = JSON.parse(body)
    wrong.payload.authorization.nonce = `0x${'cd'.repeat(32)}`
    const { stdout } = await runCli(['diagnose', '-', '--no-replay', '--search', 'quick', '--rpc-url', world.url], JSON.stringify(wrong))
    const { authorization } = wrong.payload
    const digest = hashTypedData({
      domain,
      types: { TransferWithAuthorization: members },
      primaryType: 'TransferWithAuthorization',
      message: authorization,
    })
    expect(stdout.replace(/\s+/g, ' ')).toContain(`token hashed ${digest}`)
    expect((await diagnose('--rpc-url', world.url)).stdout).not.toContain('token hashed')
  })

  it('gives up in time on an RPC that hangs, and says what it waited for', async () => {
    await using server = await startRpcServer(() => 'hang')
    const { code, stdout, progress } = await diagnose('--rpc-url', server.url, '--timeout', '1500')
    expect(code).toBe(4)
    expect(stdout).toMatch(/^\? INCONCLUSIVE/)
    expect(stdout).toContain('rpc-fault')
    expect(progress).toContain(`reading chain 8453 from ${server.url} …\n`)
  })

  it.each([
    [['--rpc-url', 'not a url']],
    [['--rpc-url', 'ws://127.0.0.1:1']],
    [['--block', '5']],
    [['--facilitator-address', relayer]],
    [['--rpc-url', 'http://127.0.0.1:1', '--block', 'latest']],
    [['--rpc-url', 'http://127.0.0.1:1', '--facilitator-address', '0x12']],
    [['--rpc-url', 'http://127.0.0.1:1', '--timeout', '0']],
  ])('refuses %s in one sentence', async (options) => {
    const { code, stdout, stderr } = await diagnose(...options)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^eip3009: .+\.\n$/)
  })
})
