import { readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEvmPayment } from '@eip3009/core'
import { openChain, openFork, openRecording, writeRecording } from '@eip3009/core/replay'
import { encodeFunctionData, type Hex, pad } from 'viem'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { base, domain, now, openWorld, payment, settle, tokenAbi, type World } from '../chain/chain-world.ts'
import { run } from '../fake-console.ts'
import { answering, type Call, forward, startRpcServer } from '../rpc-server.ts'
import { mineAnyway } from './fail.ts'

let world: World
let snapshot: unknown
let folder = ''
beforeAll(async () => {
  world = await openWorld()
})
beforeEach(async () => {
  if (snapshot !== undefined) await world.request('evm_revert', snapshot)
  snapshot = await world.request('evm_snapshot')
  folder = await mkdtemp(join(tmpdir(), 'eip3009-replay-'))
})
afterEach(() => rm(folder, { recursive: true }))
afterAll(() => world[Symbol.asyncDispose]())

const wrongName = { domain: { ...domain, name: 'USDC' } }
const body = async (changes: Parameters<typeof payment>[0] = {}): Promise<string> => {
  const { authorization, signature } = await payment(changes)
  const { from, to, value, validAfter, validBefore, nonce } = authorization
  return JSON.stringify({
    x402Version: 1,
    scheme: 'exact',
    network: 'base',
    payload: {
      signature,
      authorization: { from, to, value: String(value), validAfter: String(validAfter), validBefore: String(validBefore), nonce },
    },
  })
}
const callsIn = (requests: readonly unknown[]): Call[] =>
  requests.flatMap((each) => (Array.isArray(each) ? (each as Call[]) : [each as Call]))

describe('safety', () => {
  it('only ever reads from the RPC: a decoy sees these methods and no other', async () => {
    await using decoy = await startRpcServer((request) => forward(world.url, request))
    const mined = await mineAnyway(world, { data: settle(await payment(wrongName)) })
    const first = await run(['replay', mined.hash, '--rpc-url', decoy.url, '--matrix', '--export', join(folder, 'case')])
    const second = await run(['replay', await body(wrongName), '--rpc-url', decoy.url, '--at', String(now)])
    expect([first.code, second.code]).toEqual([1, 1])
    const methods = new Set(callsIn(decoy.requests).map(({ method }) => method))
    expect(
      [...methods].filter(
        (method) => !/^(eth_get|eth_call$|eth_chainId$|eth_gasPrice$|net_version$|eth_blockNumber$|debug_traceCall$)/.test(method),
      ),
    ).toEqual([])
    expect([...methods].sort()).toMatchInlineSnapshot(`
      [
        "debug_traceCall",
        "eth_blockNumber",
        "eth_call",
        "eth_chainId",
        "eth_getAccountInfo",
        "eth_getBalance",
        "eth_getBlockByHash",
        "eth_getBlockByNumber",
        "eth_getCode",
        "eth_getStorageAt",
        "eth_getTransactionByHash",
        "eth_getTransactionCount",
        "eth_getTransactionReceipt",
      ]
    `)
  })

  it('passes no sending on, whoever asks the anvil: the decoy hears nothing of it', async () => {
    await using decoy = await startRpcServer((request) => forward(world.url, request))
    await using fork = await openFork({ rpcUrl: decoy.url, network: base })
    const before = callsIn(decoy.requests).length
    for (const [method, params] of [
      ['eth_sendRawTransaction', ['0x02f8']],
      ['eth_sendTransaction', [{ from: base.usdc.address, to: base.usdc.address, gasPrice: '0x0', gas: '0x5208' }]],
      ['personal_sign', ['0x00', base.usdc.address]],
      ['evm_mine', []],
    ] as const) {
      const request = { jsonrpc: '2.0', id: 1, method, params }
      await fetch(`http://127.0.0.1:${fork.anvil.port}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      })
    }
    const after = callsIn(decoy.requests).slice(before)
    expect(after.filter(({ method }) => !method.startsWith('eth_get'))).toEqual([])
  })

  it('keeps keys and headers out of the arguments of anvil, and sends them', async () => {
    await using decoy = await startRpcServer((request) => forward(world.url, request))
    const url = `${decoy.url}/v2/S3cretKey0123`
    await using fork = await openFork({ rpcUrl: url, network: base, headers: { authorization: 'Bearer Tok3n', 'x-team': 'seven' } })
    expect(fork.description).not.toContain('S3cret')
    expect(decoy.headers.every(({ authorization, 'x-team': team }) => authorization === 'Bearer Tok3n' && team === 'seven')).toBe(true)
    const command = readFileSync(`/proc/${fork.anvil.pid}/cmdline`, 'utf8')
    expect(command).toContain('--fork-url')
    expect(command).not.toMatch(/S3cret|Tok3n/)
  })

  it('takes several headers, and never repeats one that it can not read', async () => {
    await using decoy = await startRpcServer((request) => forward(world.url, request))
    const { code } = await run([
      'replay',
      await body(),
      '--at',
      String(now),
      '--rpc-url',
      decoy.url,
      '--rpc-header',
      'X-Key: one',
      '--rpc-header',
      'x-other: two: 2',
    ])
    expect(code).toBe(0)
    expect(decoy.headers.some((each) => each['x-key'] === 'one' && each['x-other'] === 'two: 2')).toBe(true)
    const refused = await run(['replay', await body(), '--rpc-url', decoy.url, '--rpc-header', 'S3cret'])
    expect([refused.code, refused.err.includes('S3cret')]).toEqual([2, false])
  })
})

describe('what can not be believed', () => {
  it('an RPC of another chain', async () => {
    await using server = await startRpcServer((request) => answering(request, () => ({ result: '0x1' })))
    const { code, err } = await run(['replay', await body(), '--rpc-url', server.url])
    expect(code).toBe(4)
    expect(err).toContain('serves chain 1, not base (8453)')
  })

  it('a node without the state of that block', async () => {
    await using pruned = await startRpcServer((request) =>
      callsIn([request]).some(({ method }) => method === 'eth_getCode')
        ? answering(request, ({ method }) =>
            method === 'eth_getCode' ? { error: { code: -32000, message: 'missing trie node' } } : { result: '0x2105' },
          )
        : forward(world.url, request),
    )
    const { code, err } = await run(['replay', await body(), '--rpc-url', pruned.url, '--block', '4'])
    expect(code).toBe(4)
    expect(err).toContain('has no state of block 4: it answered error -32000, "missing trie node"')
  })

  it('a token that takes everything: the run is invalid, whatever it says', async () => {
    await world.setCode(base.usdc.address, '0x600160005260206000f3')
    const { code, out } = await run(['replay', await body(), '--rpc-url', world.url, '--at', String(now)])
    expect(code).toBe(4)
    expect(out).toMatch(/^\? INVALID {6}The fork of base/)
    const json = await run(['replay', await body(), '--rpc-url', world.url, '--at', String(now), '--json'])
    expect([json.code, JSON.parse(json.out).status]).toEqual([4, 'invalid'])
  })

  it.each([
    [[pad('0x12')], 'is a transaction hash: give an RPC'],
    [['{}'], 'no payment'],
    [['0xe3ee160e'], 'a function selector without its arguments'],
    [['{}', '--timeout', '0'], '--timeout'],
    [['{}', '--share', '--export', 'x'], '--share'],
  ])('%j is refused in one sentence', async (args, words) => {
    const { code, out, err } = await run(['replay', ...args])
    expect([code, out]).toEqual([2, ''])
    expect(err).toMatch(/^eip3009: .+\.\n$/)
    expect(err).toContain(words)
  })

  it('a hash that the chain does not know', async () => {
    const { code, err } = await run(['replay', pad('0x12'), '--rpc-url', world.url])
    expect([code, err.includes('knows no transaction')]).toEqual([2, true])
  })
})

describe('a payload', () => {
  it('is replayed at the block of the time that is given', async () => {
    const paid = await payment()
    await world.mine(now + 10n)
    await world.asRole('pauser', encodeFunctionData({ abi: tokenAbi, functionName: 'pause' }))
    expect(paid.authorization.validBefore).toBeGreaterThan(now + 20n)
    const early = await run(['replay', await body(), '--rpc-url', world.url, '--at', String(now + 10n), '--json'])
    expect(JSON.parse(early.out)).toMatchObject({ status: 'settled', chain: { block: { time: String(now + 10n) } } })
    const late = await run(['replay', await body(), '--rpc-url', world.url, '--at', String(now + 20n), '--json'])
    expect([late.code, JSON.parse(late.out)]).toMatchObject([
      1,
      { status: 'reverted', revert: 'Pausable: paused', cause: 'paused', proof: 'proven' },
    ])
    const byBlock = await run(['replay', await body(), '--rpc-url', world.url, '--block', '5', '--json'])
    expect(JSON.parse(byBlock.out)).toMatchObject({ status: 'settled', chain: { block: { number: '5' } } })
  })

  it('of a token that nobody knows is replayed only as somebody else than the payload describes it', async () => {
    const asset = '0x00000000000000000000000000000000000000AA'
    const { authorization, signature } = await payment({ domain: { ...domain, verifyingContract: asset } })
    const members = Object.fromEntries(Object.entries(authorization).map(([name, value]) => [name, String(value)]))
    const offer = { scheme: 'exact', network: 'base', maxAmountRequired: '10000', resource: 'https://example.com/paid', asset }
    const input = JSON.stringify({
      x402Version: 1,
      paymentPayload: { x402Version: 1, scheme: 'exact', network: 'base', payload: { signature, authorization: members } },
      paymentRequirements: { ...offer, payTo: authorization.to, maxTimeoutSeconds: 60, extra: { name: 'USD Coin', version: '2' } },
    })
    const unknown = await run(['replay', input, '--at', String(now)])
    expect([unknown.code, unknown.out]).toEqual([4, ''])
    expect(unknown.err).toMatch(/^eip3009: .*othing here knows this token's domain.+\n$/)
    const told = ['--token-name', 'USD Coin', '--token-version', '2']
    const { code, out } = await run(['replay', input, '--at', String(now), '--json', ...told])
    expect([code, JSON.parse(out)]).toMatchObject([0, { status: 'settled', diagnosis: { verdict: 'settles' } }])
    expect(JSON.parse(out).signature.token.recovered).toBe(authorization.from)
    // On the chain there is nothing at that address, and that is said in a sentence.
    const forked = await run(['replay', input, '--at', String(now), '--rpc-url', world.url])
    expect([forked.code, forked.out]).toEqual([2, ''])
    expect(forked.err).toMatch(/^eip3009: There is no contract at 0x0{38}AA on the fork of base .+\.\n$/)
  })

  it('needs no RPC, and a matrix tells which single change would help', async () => {
    const { code, out } = await run(['replay', await body(wrongName), '--at', String(now), '--matrix', '--json'])
    const { matrix, chain, signature } = JSON.parse(out)
    expect([code, chain.kind]).toEqual([1, 'embedded'])
    expect(matrix.filter(({ outcome }: { outcome: string }) => outcome === 'settled').map(({ name }: { name: string }) => name)).toEqual([
      'delegate the payer to code that accepts',
      "the token's domain as signed",
    ])
    const paid = await payment()
    expect(signature.signed.recovered).toBe(paid.authorization.from)
    expect(signature.token.digest).not.toBe(signature.signed.digest)
  })

  it('says the answer first, on one screen', async () => {
    const { out, err } = await run(['replay', await body(wrongName), '--rpc-url', world.url, '--at', String(now)])
    expect(out).toMatch(/^✗ REVERTED {5}FiatTokenV2: invalid signature: The client signed for a token named "USDC"/)
    expect(out).toContain('cause domain-name-mismatch · fault client signer · proven')
    expect(out.split('\n').length).toBeLessThanOrEqual(40)
    expect(err).toBe('')
  })
})

describe('an export', () => {
  const exported = async (): Promise<{ readonly directory: string; readonly err: string; readonly hash: Hex }> => {
    const directory = join(folder, 'case')
    await using gate = await startRpcServer((request) => forward(world.url, request))
    const { hash } = await mineAnyway(world, { data: settle(await payment(wrongName)) })
    const { code, err } = await run(['replay', hash, '--rpc-url', gate.url, '--export', directory])
    expect(code).toBe(1)
    return { directory, err, hash }
  }

  it('is for its owner to read alone', async () => {
    const { directory } = await exported()
    const modes = await Promise.all((await readdir(directory)).map(async (name) => (await stat(join(directory, name))).mode & 0o777))
    expect([modes.length, new Set(modes)]).toEqual([5, new Set([0o600])])
  })

  it('replays the same with the network cut, and can be exported again from itself', async () => {
    const { directory, err, hash } = await exported()
    expect(err).toContain('holds a signed authorization whose window is open')
    expect((await readdir(directory)).sort()).toEqual(['README.md', 'payment.json', 'recording.json', 'recording.test.ts', 'state.json'])
    // The RPC that it came from is gone by now, and nothing but loopback could answer for it.
    const { code, out } = await run(['replay', directory, '--json', '--export', join(folder, 'again')])
    expect(code).toBe(1)
    const report = JSON.parse(out)
    expect(report).toMatchObject({
      status: 'reverted',
      revert: 'FiatTokenV2: invalid signature',
      cause: 'domain-name-mismatch',
      proof: 'proven',
      chain: { kind: 'recorded' },
    })
    const manifest = JSON.parse(await readFile(join(directory, 'recording.json'), 'utf8'))
    expect(report.gasUsed).toBe(manifest.recorded.gasUsed)
    expect(manifest.sent.hash).toBe(hash)
    const again = await run(['replay', join(folder, 'again'), '--json'])
    expect(JSON.parse(again.out).gasUsed).toBe(report.gasUsed)
  })

  it("has a cast command that gets the token's own answer from its state", async () => {
    const { directory } = await exported()
    const readme = await readFile(join(directory, 'README.md'), 'utf8')
    const [, from, to, data] = /^cast call --from (\S+) (\S+) (\S+)$/m.exec(readme) ?? []
    const at = /^cast rpc anvil_setTime (\d+)$/m.exec(readme)?.[1]
    await using recording = await openRecording(directory)
    const rpc = async (method: string, ...params: readonly unknown[]): Promise<{ error?: { message: string } }> => {
      const response = await fetch(`http://127.0.0.1:${recording.anvil.port}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      })
      return (await response.json()) as { error?: { message: string } }
    }
    await rpc('anvil_setTime', Number(at))
    await rpc('evm_mine')
    expect((await rpc('eth_call', { from, to, data }, 'latest')).error?.message).toContain('FiatTokenV2: invalid signature')
  })

  it('keeps state that was in the way, and lets it be lifted', async () => {
    await world.asRole('pauser', encodeFunctionData({ abi: tokenAbi, functionName: 'pause' }))
    const { hash } = await mineAnyway(world, { data: settle(await payment()) })
    const directory = join(folder, 'paused')
    await run(['replay', hash, '--rpc-url', world.url, '--export', directory])
    const { out } = await run(['replay', directory, '--json'])
    expect(JSON.parse(out)).toMatchObject({ revert: 'Pausable: paused', cause: 'paused', proof: 'proven' })
  })

  it('has nothing in it that hides, or turns text around', async () => {
    await using chain = await openChain({ network: base })
    const one = readEvmPayment(await body(wrongName))
    const [directory, at] = [join(folder, 'odd'), BigInt(now)]
    const odd = 'refused\u202egnp.\u2066x\u2069\u200b\ufeff\u2028\u0085\n\u{e0041} /* `${'
    const asIs = await chain.replay(one, { at })
    const described = { ...chain, description: odd }
    await writeRecording(directory, {
      payment: one,
      at,
      chain: described,
      recorder: chain.recorder,
      asIs,
      runs: [],
      cause: null,
      headline: odd,
    })
    for (const name of await readdir(directory)) {
      const text = await readFile(join(directory, name), 'utf8')
      expect(text.replaceAll('\n', ''), name).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    }
    expect(await readFile(join(directory, 'README.md'), 'utf8')).toContain('refused\\u{202e}gnp.')
  })

  it('overwrites nothing', async () => {
    const directory = join(folder, 'case')
    await run(['replay', await body(wrongName), '--at', String(now), '--export', directory])
    await writeFile(join(directory, 'README.md'), 'mine')
    const { code, err } = await run(['replay', await body(wrongName), '--at', String(now), '--export', directory])
    expect([code, err.includes('is not empty')]).toEqual([2, true])
    expect(await readFile(join(directory, 'README.md'), 'utf8')).toBe('mine')
  })

  it.each([
    ['recording.json', '{'],
    ['recording.json', '{"schema":"other"}'],
    ['payment.json', '{}'],
    ['state.json', 'x'],
  ])('with a broken %s is refused in a sentence', async (name, text) => {
    const directory = join(folder, 'case')
    await run(['replay', await body(wrongName), '--at', String(now), '--export', directory])
    await writeFile(join(directory, name), text)
    const { code, out, err } = await run(['replay', directory])
    expect([[2, 4].includes(code), out]).toEqual([true, ''])
    expect(err).toMatch(/^eip3009: .+\.\n$/)
  })
})
