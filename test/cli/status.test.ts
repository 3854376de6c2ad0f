import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixture } from '@eip3009/fixtures'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { numberToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { base, openWorld, payee, payer, payment, relayer, settle, type World } from '../chain/chain-world.ts'
import { run } from '../fake-console.ts'

const token = base.usdc.address
const schema = JSON.parse(readFileSync(new URL('../../packages/core/schema/status.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ strictTypes: true }).compile(schema)
/** Of the console that the command runs on. */
const now = 1_790_000_000n

let world: World
let folder: string
beforeAll(async () => {
  world = await openWorld(base, now)
  folder = await mkdtemp(join(tmpdir(), 'eip3009-status-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await world[Symbol.asyncDispose]()
})

async function file(input: unknown): Promise<string> {
  const path = join(folder, 'payment.json')
  await writeFile(path, typeof input === 'string' ? input : JSON.stringify(input))
  return path
}

/** The document, which its schema has to take. */
async function asked(args: readonly string[]) {
  const { code, out, err } = await run(['status', ...args, '--json'])
  const document = JSON.parse(out)
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
  return { code, document, err }
}

/** A payment as x402 writes it. */
async function body(nonce: `0x${string}`): Promise<{ readonly path: string; readonly paid: Awaited<ReturnType<typeof payment>> }> {
  const paid = await payment({ nonce, after: now - 300n, before: now + 300n })
  const { authorization, signature } = paid
  const text = Object.fromEntries(Object.entries(authorization).map(([key, value]) => [key, String(value)]))
  return { path: await file({ x402Version: 1, scheme: 'exact', network: 'base', payload: { signature, authorization: text } }), paid }
}

describe('eip3009 status', () => {
  it('of a payment, of its nonce and of its transaction says the same', async () => {
    const nonce = `0x${'a1'.repeat(32)}` as const
    const { path, paid } = await body(nonce)
    const of = [[path], ['base', token, payer.address, nonce], ['8453', 'usdc', payer.address, nonce]]
    for (const args of of) expect(await asked([...args, '--rpc-url', world.url])).toMatchObject({ code: 4, document: { state: 'unused' } })
    const hash = await world.send(relayer, token, settle(paid))
    of.push([hash])
    for (const args of of) {
      // A block that can be undone is nothing to deliver for.
      expect(await asked([...args, '--rpc', `base=${world.url}`]), args.join(' ')).toMatchObject({
        code: 4,
        document: { state: 'paid', finality: 'latest', transaction: { id: hash, paid: { to: payee, value: '10000' } } },
      })
    }
    const { out } = await run(['status', path, '--rpc-url', world.url])
    expect(out).toMatch(/^\? PAID, NOT FINAL/)
    await world.request('anvil_mine', numberToHex(100))
    for (const args of of)
      expect(await asked([...args, '--rpc-url', world.url])).toMatchObject({ code: 0, document: { state: 'paid', finality: 'finalized' } })
    const final = await run(['status', path, '--rpc-url', world.url])
    expect(final.out).toMatch(/^✓ PAID/)
    expect(final.out).toContain('do not send anything again')
    for (const format of ['markdown', 'github'])
      expect((await run(['status', path, '--rpc-url', world.url, '--format', format])).out).toContain(hash)
  })

  it('is of one payment: of several nobody is told what became of the first', async () => {
    const paid = await payment({ nonce: `0x${'a8'.repeat(32)}`, after: now - 300n, before: now + 300n })
    const other = await payment({ nonce: `0x${'a9'.repeat(32)}`, after: now - 300n, before: now + 300n })
    const [one, two] = [paid, other].map(({ authorization, signature }) =>
      JSON.stringify({ network: 'base', signature, authorization }, (_, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      ),
    )
    for (const several of [
      `${one}\n${two}\n`,
      `[${one},${two}]`,
      `${one}\n\n{"id":1}\n${two}`,
      `tx_hash\n0x${'1'.repeat(64)}\n0x${'2'.repeat(64)}`,
    ]) {
      const { code, out, err } = await run(['status', await file(several), '--rpc-url', world.url])
      expect([code, out]).toEqual([2, ''])
      expect(err).toMatch(/^eip3009: Read several payments[^\n]*\.\n$/)
    }
    // The same once more, and what was answered to it, is one.
    for (const same of [`${one}\n${one}\n`, `${one}\n{"success":false,"errorReason":"x"}\n`])
      expect(await asked([await file(same), '--rpc-url', world.url])).toMatchObject({ code: 4, document: { state: 'unused' } })
  })

  it('shares no signature', async () => {
    const { path, paid } = await body(`0x${'a2'.repeat(32)}`)
    const { out, code } = await run(['status', path, '--rpc-url', world.url, '--share', '--json'])
    expect(code).toBe(4)
    expect(out).not.toContain(paid.signature.slice(66, 120))
    expect(validate(JSON.parse(out))).toBe(true)
  })

  it('without an RPC gives the one call, filled in', async () => {
    const nonce = `0x${'a3'.repeat(32)}` as const
    const { path } = await body(nonce)
    const call = `cast call ${token} "authorizationState(address,bytes32)(bool)" ${payer.address} ${nonce} --rpc-url https://mainnet.base.org`
    for (const args of [[path], ['base', token, payer.address, nonce]])
      expect(await asked(args)).toMatchObject({ code: 4, err: '', document: { state: 'unknown', chain: [], check: call } })
    const hash = `0x${'b1'.repeat(32)}`
    expect(await asked([hash, '--network', 'base'])).toMatchObject({
      code: 4,
      document: { check: `cast receipt ${hash} --rpc-url https://mainnet.base.org`, explorer: `https://basescan.org/tx/${hash}` },
    })
    expect((await run(['status', path], { columns: 300 })).out).toContain(call)
  })

  it('of a payment on Solana names its command and its page', async () => {
    const path = await file(fixture('solana', 'valid').input)
    expect(await asked([path])).toMatchObject({
      code: 4,
      document: {
        family: 'solana',
        state: 'unknown',
        check: expect.stringMatching(/^solana (?:confirm|transaction-history) .* --url https:\/\/api\.mainnet-beta\.solana\.com$/),
      },
    })
    const id = '3dF8CbLSeytRBCHGGsmMwuriuKppx81RKDugo4DnwbaMvYmU27426S7egg9ku3PhSJANk4dr6HS72EBDRdrq2FnM'
    expect(await asked([id])).toMatchObject({ code: 4, document: { explorer: `https://solscan.io/tx/${id}` } })
  })

  it('of several networks asks each for a hash', async () => {
    const nonce = `0x${'a4'.repeat(32)}` as const
    const { paid } = await body(nonce)
    const hash = await world.send(relayer, token, settle(paid))
    const both = ['--rpc', 'polygon=http://127.0.0.1:9', '--rpc', `base=${world.url}`]
    expect(await asked([hash, ...both])).toMatchObject({ document: { state: 'paid', network: 'base' } })
    const unknown = await asked([`0x${'b2'.repeat(32)}`, ...both])
    expect(unknown).toMatchObject({ code: 4, document: { state: 'unknown', network: null } })
    expect(unknown.document.headline).toContain('That it was never sent does not follow')
  })

  it('of what is said to be pending: the same payload again, and never a new signature', async () => {
    const nonce = `0x${'a5'.repeat(32)}` as const
    const { paid } = await body(nonce)
    const { authorization, signature } = paid
    const text = Object.fromEntries(Object.entries(authorization).map(([key, value]) => [key, String(value)]))
    const hash = `0x${'b3'.repeat(32)}`
    const path = await file({
      request: { x402Version: 1, scheme: 'exact', network: 'base', payload: { signature, authorization: text } },
      response: { success: false, errorReason: 'settlement_pending', transaction: hash, network: 'base', payer: payer.address },
    })
    const { document } = await asked([path])
    expect(document).toMatchObject({
      state: 'unknown',
      transaction: { id: hash },
      check: `cast receipt ${hash} --rpc-url https://mainnet.base.org`,
    })
    for (const out of [document.retry.says, (await run(['diagnose', path, '--no-replay'], { columns: 400 })).out]) {
      expect(out).toContain('the same payload can')
      expect(out).toMatch(/nothing new may be signed|no new signature may be made/)
      expect(out).not.toContain('sign again')
    }
    expect(document.headline).toContain(hash)
    // By an RPC that knows no such transaction, the nonce tells.
    expect((await asked([path, '--rpc-url', world.url])).document).toMatchObject({ state: 'unused', transaction: { state: 'missing' } })
  })

  it.each([
    [['base', token, payer.address], 'status takes a payment, a hash, or four words: a network, a token, a payer and a nonce.'],
    [['base', '0x12', payer.address, `0x${'a1'.repeat(32)}`], 'The token "0x12" is no address; give 0x and 40 hex digits.'],
    [['base', token, payer.address, '0x12'], 'The nonce is no 32 bytes; give 0x and 64 hex digits.'],
    [
      ['solana', token, payer.address, `0x${'a1'.repeat(32)}`],
      'solana is not an EVM network: give the payment, or the signature of its transaction.',
    ],
    [
      [`0x${'b1'.repeat(32)}`, '--tx', `0x${'b2'.repeat(32)}`],
      '--tx is for a payment: what was given is a transaction itself; leave --tx out.',
    ],
    [['bse', token, payer.address, `0x${'a1'.repeat(32)}`], '"bse" is no network that is known; did you mean base (8453)?'],
    [
      ['base', token, payer.address, `0x${'a1'.repeat(32)}`, '--network', 'base'],
      'Beside a network, a token, a payer and a nonce there is nothing for --network, --tx or --at to say; leave them out.',
    ],
  ])('%j is refused in one sentence', async (args, says) => {
    expect(await run(['status', ...args])).toEqual({ code: 2, out: '', err: `eip3009: ${says}\n` })
  })
})
