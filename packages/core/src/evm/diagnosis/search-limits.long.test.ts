import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { builtInNetworks } from '../../networks/networks.ts'
import { takeTurn } from '../../verdict/take-turn.ts'
import { readEvmPayment } from '../payment/read.ts'
import { createKernel } from '../signature/kernel/create.ts'
import { inTurns, type Kernel } from '../signature/kernel/recoverer.ts'
import { searchSignature } from '../signature/search-signature.ts'
import { diagnose } from './diagnose.ts'
import { searchWithin } from './search-limits.ts'

// Public test keys: nobody's money.
const payer = privateKeyToAccount(`0x${'0'.repeat(63)}1`)
const stranger = privateKeyToAccount(`0x${'0'.repeat(63)}2`)
const now = 1_790_000_300n
const authorization = {
  from: payer.address,
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: 10_000n,
  validAfter: 1_790_000_000n,
  validBefore: 1_790_000_600n,
  nonce: `0x${'ab'.repeat(32)}`,
} as const

async function payment(name: string, signer = payer) {
  const signature = await signer.signTypedData({
    domain: { name, version: '2', chainId: 8453, verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' },
    types: {
      TransferWithAuthorization: [
        { name: 'from', type: 'address' },
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'validAfter', type: 'uint256' },
        { name: 'validBefore', type: 'uint256' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    primaryType: 'TransferWithAuthorization',
    message: authorization,
  })
  const { value, validAfter, validBefore, ...rest } = authorization
  const numbers = { value: String(value), validAfter: String(validAfter), validBefore: String(validBefore) }
  const asset = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
  return readEvmPayment({ network: 'base', asset, authorization: { ...rest, ...numbers }, signature })
}

/** A kernel that says how many hypotheses each question has. */
function counting(note: (hypotheses: number) => void): Kernel {
  const kernel = createKernel()
  return {
    ...kernel,
    createRecoverer: (signature, expected) => {
      const { inTurns: turns } = kernel.createRecoverer(signature, expected)
      return inTurns({
        recoverAddresses: (digests, more) => {
          note(digests.length / 32)
          return turns.recoverAddresses(digests, more)
        },
        findMatches: (digests, target, more) => {
          note(digests.length / 32)
          return turns.findMatches(digests, target, more)
        },
        findPairs: (separators, structs, target, more) => {
          note((separators.length / 32) * (structs.length / 32))
          return turns.findPairs(separators, structs, target, more)
        },
      })
    },
  }
}

describe('a search that others share a thread with', () => {
  it.each([300, 1024])('asks no more than %i hypotheses before others have their turn', async (yieldEvery) => {
    const asked: (number | 'turn')[] = []
    const evidence = await searchSignature(await payment('USD Coin', stranger), builtInNetworks, {
      depth: 'quick',
      yieldEvery,
      maxHypotheses: 25_000,
      kernel: counting((hypotheses) => asked.push(hypotheses)),
      pause: async () => {
        asked.push('turn')
      },
    })
    const numbers = asked.filter((each) => each !== 'turn')
    expect(numbers.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0.9 * evidence.tried)
    expect(Math.max(...numbers)).toBeLessThanOrEqual(yieldEvery)
    asked.forEach((each, index) => {
      if (each !== 'turn' && index > 0) expect(asked[index - 1]).toBe('turn')
    })
  })

  it('has turns while the tables are made, and within a batch of the kernel', async () => {
    const seen: string[] = []
    await searchSignature(await payment('USD Coin', stranger), builtInNetworks, {
      depth: 'quick',
      maxHypotheses: 12_000,
      kernel: counting((hypotheses) => seen.push(hypotheses > 4096 ? 'batches' : 'few')),
      pause: async () => {
        seen.push('turn')
      },
    })
    const after = seen.slice(seen.indexOf('batches') + 1)
    expect(after.findIndex((each) => each !== 'turn')).toBeGreaterThan(20)
  })

  it('by a clock: a turn as soon as four milliseconds of it are over', async () => {
    let time = 0
    const turns: number[] = []
    await searchSignature(await payment('USD Coin', stranger), builtInNetworks, {
      depth: 'quick',
      maxHypotheses: 12_000,
      clock: () => time++,
      pause: async () => {
        turns.push(time)
      },
    })
    expect(turns.length).toBeGreaterThan(20)
    expect(Math.max(...turns.map((each, index) => each - (turns[index - 1] ?? 0)))).toBeLessThanOrEqual(6)
  })

  it('gives the answer that one gives which waits for nobody, also when two use one kernel', async () => {
    const kernel = createKernel()
    const both = await Promise.all(
      [await payment('USD Coin', stranger), await payment('usdc')].map((each) =>
        searchSignature(each, builtInNetworks, { depth: 'quick', kernel, maxHypotheses: 30_000, pause: takeTurn }),
      ),
    )
    const alone = await searchSignature(await payment('USD Coin', stranger), builtInNetworks, { depth: 'quick', maxHypotheses: 30_000 })
    expect(both[0]).toEqual(alone)
    expect(both[1]?.matches[0]?.edits.map(({ cause }) => cause)).toEqual(['domain-name-mismatch'])
  })

  it('goes on in a round of the event loop of its own', async () => {
    let round = 0
    let isOver = false
    const count = (): void => {
      round++
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    const rounds: number[] = []
    const turns = [1, 2, 3, 4].map(async () => {
      await takeTurn()
      rounds.push(round)
    })
    await Promise.all(turns)
    isOver = true
    expect(new Set(rounds).size).toBe(4)
  })
})

describe('limits of a diagnosis', () => {
  it('without any it is bounded, and the report does not say that all was tried', async () => {
    const { findings } = await diagnose(await payment('USD Coin', stranger), { now })
    const says = JSON.stringify(findings)
    expect(says).not.toContain('which is all that is known to happen')
    const [, tried] = /(\d+) hypotheses/.exec(says.replaceAll(',', '')) ?? []
    expect(Number(tried)).toBeGreaterThan(50_000)
    expect(Number(tried)).toBeLessThan(150_000)
  })

  it('`none` asks nothing but what the token does', async () => {
    const evidence = await searchWithin(builtInNetworks, { depth: 'none' })(await payment('USDC'))
    // The token, and Circle Gateway, whose words an authorization alone could be meant for.
    expect(evidence).toMatchObject({ matches: [], tried: 2, ended: 'depth' })
  })

  it('a budget ends the search, by the clock that was given', async () => {
    let time = 0
    const evidence = await searchWithin(builtInNetworks, { budgetMs: 20, now: () => time++ })(await payment('USD Coin', stranger))
    expect(evidence).toMatchObject({ matches: [], ended: 'timeout' })
    expect(time).toBeLessThan(100)
  })

  it('a signal ends it, and the diagnosis is made of what there is', async () => {
    const abort = new AbortController()
    const search = { signal: abort.signal, onProgress: () => abort.abort() }
    expect(await searchWithin(builtInNetworks, search)(await payment('USDC'))).toMatchObject({ matches: [], ended: 'aborted' })
    expect((await diagnose(await payment('USDC'), { now, search })).schema).toBe('eip3009/diagnosis@1')
  })

  it('takes what is known already, and searches no more', async () => {
    const given = await payment('USDC')
    const signature = await searchWithin(builtInNetworks)(given)
    const search = {
      onProgress: () => {
        throw new Error('searched again')
      },
    }
    expect((await diagnose(given, { now, search, signature })).cause).toBe('domain-name-mismatch')
  })

  it.each([
    [{ depth: 'deeper' }, 'search.depth takes one of none, quick, pairs, deep; got "deeper"'],
    [{ maxHypotheses: -1 }, 'search.maxHypotheses takes a whole number; got -1'],
    [{ maxHypotheses: 1.5 }, 'got 1.5'],
    [{ budgetMs: Number.NaN }, 'search.budgetMs takes a number of milliseconds; got NaN'],
    [{ yieldEvery: 0 }, 'search.yieldEvery takes a whole number above 0; got 0'],
  ])('refuses %o', async (search, says) => {
    const made = diagnose(await payment('USDC'), { now, search: search as object })
    await expect(made).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(says) })
  })
})
