import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { builtInNetworks, type EvmPayment, readEvmPayment, type SearchOptions, type SignatureEvidence } from '@eip3009/core'
import { searchSteps } from '@eip3009/core/internal'
import * as source from '@eip3009/core/threads'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, it } from 'vitest'
import { authorizationMembers } from './chain/chain-world.ts'

/** Threads need a program in a file of its own, which only the built package has. */
const built: typeof source = await import(new URL('../packages/core/dist/threads.js', import.meta.url).href)

const account = privateKeyToAccount('0x00000000000000000000000000000000000000000000000000000000000000a1')
const authorization = {
  from: account.address,
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: 1_234_567n,
  validAfter: 1_790_000_017n,
  validBefore: 1_790_000_643n,
  nonce: `0x${'5a'.repeat(32)}`,
} as const

/** Two slips at once, one of them unlikely: signed under another name, and one digit of the amount is another. More are tried than before threads start. */
async function payment(): Promise<EvmPayment> {
  const signature = await account.signTypedData({
    domain: { name: 'USDC', version: '2', chainId: 8453, verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' },
    types: {
      TransferWithAuthorization: authorizationMembers,
    },
    primaryType: 'TransferWithAuthorization',
    message: authorization,
  })
  const text = {
    ...authorization,
    value: '1234867',
    validAfter: String(authorization.validAfter),
    validBefore: String(authorization.validBefore),
  }
  return readEvmPayment(JSON.stringify({ authorization: text, signature, network: 'base' }))
}

function inOneThread(broken: EvmPayment, options: SearchOptions = {}): SignatureEvidence {
  const steps = searchSteps(broken, builtInNetworks, { maxHypotheses: 60_000_000, ...options })
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

describe('a search in threads', () => {
  let broken: EvmPayment
  let expected: SignatureEvidence
  beforeAll(async () => {
    broken = await payment()
    expected = inOneThread(broken)
  })

  it('the example is one that threads are for', () => {
    expect(expected.ended).toBe('found')
    expect(expected.tried).toBeGreaterThan(200_000)
    expect(expected.matches[0]?.edits.map(({ field, signed }) => [field, signed])).toEqual([
      ['domain.name', 'USDC'],
      ['authorization.value', '1234567'],
    ])
  })

  it.each([1, 2, 3])('%i threads give the answer that one gives', async (threads) => {
    const said: { readonly tried: number; readonly threads: number }[] = []
    const evidence = await built.searchInThreads(broken, builtInNetworks, { threads, onProgress: (progress) => said.push(progress) })
    expect(evidence.matches).toEqual(expected.matches)
    expect(evidence.ended).toBe('found')
    expect(Object.values(evidence.triedBy).reduce((sum, count) => sum + count, 0)).toBe(evidence.tried)
    expect(said.some((progress) => progress.threads === threads)).toBe(true)
    if (threads === 1) expect(evidence.tried).toBe(expected.tried)
  })

  it('ends at the same hypothesis whatever the number of threads', async () => {
    const few = { maxHypotheses: expected.tried - 10_000 }
    const one = inOneThread(broken, few)
    expect(one.ended).toBe('max-hypotheses')
    for (const threads of [1, 2, 3]) {
      const { ended, matches, tried } = await built.searchInThreads(broken, builtInNetworks, { ...few, threads })
      expect({ ended, matches, tried }).toEqual({ ended: 'max-hypotheses', matches: [], tried: one.tried })
    }
  })

  it('stops when it is told to, or has run out of time', async () => {
    // Nothing explains it, and nobody lives to see the end of the search: only what stops it can.
    const unexplained = { ...broken, signature: `0x${'11'.repeat(64)}1b` } as const
    const endless = { threads: 2, maxHypotheses: Number.MAX_SAFE_INTEGER } as const
    const signal = { aborted: false }
    const stopped = await built.searchInThreads(unexplained, builtInNetworks, {
      ...endless,
      signal,
      onProgress: ({ threads }) => {
        if (threads === 2) signal.aborted = true
      },
    })
    expect(stopped.ended).toBe('aborted')
    const late = await built.searchInThreads(unexplained, builtInNetworks, { ...endless, timeoutMs: 1 })
    expect(late.ended).toBe('timeout')
  })

  it('rejects with what a callback throws, and leaves no thread behind', async () => {
    const failing = built.searchInThreads(broken, builtInNetworks, {
      threads: 2,
      onProgress: ({ threads }) => {
        if (threads === 2) throw new Error('of the caller')
      },
    })
    await expect(failing).rejects.toThrow('of the caller')
  })

  it('rejects where a task can not be given to a thread, and leaves nothing that nobody holds', async () => {
    const odd = { ...broken, more: { toString: () => 'a function can not be cloned' } } as unknown as EvmPayment
    await expect(built.searchInThreads(odd, builtInNetworks, { threads: 2 })).rejects.toThrow(/could not be cloned/)
  })

  it('searches on the calling thread where there is no program for others', async () => {
    const evidence = await source.searchInThreads(broken, builtInNetworks, { threads: 2 })
    expect(evidence.matches).toEqual(expected.matches)
    expect(evidence.tried).toBe(expected.tried)
  })

  it('refuses a number of threads that is none', async () => {
    await expect(built.searchInThreads(broken, builtInNetworks, { threads: 0 })).rejects.toThrow(
      'options.threads has to be a whole number above 0',
    )
  })

  it('is what the built command does when it is asked to search on', () => {
    const { authorization: signed, signature } = broken
    const input = JSON.stringify({ authorization: signed, signature, network: 'base' }, (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    const bin = fileURLToPath(new URL('../packages/cli/dist/bin.js', import.meta.url))
    const run = spawnSync(process.execPath, [bin, 'signature', '-', '--max-hypotheses', '60000000', '--threads', '2', '--json'], {
      input,
      encoding: 'utf8',
    })
    expect(run.status).toBe(1)
    expect(JSON.parse(run.stdout)).toMatchObject({ standing: 'explained' })
    expect(run.stderr).not.toContain('fault of the tool')
  })
})
