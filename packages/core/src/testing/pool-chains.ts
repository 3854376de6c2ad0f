import { Eip3009Error } from '../errors/eip3009-error.ts'
import type { EmbeddedChain } from '../evm/world/open-chain.ts'
import type { ForkedChain } from '../evm/world/open-fork.ts'

export type OwnChain = EmbeddedChain | ForkedChain

export interface LentChain<C extends OwnChain = OwnChain> {
  readonly chain: C
  /** Brings back the state that it was lent with, whatever was done to it, and lets the next one have it. */
  giveBack(): Promise<void>
}

/** Chains that are lent to one borrower at a time: as many as are borrowed at once, each used again after it was put back as it was. */
export interface ChainPool<C extends OwnChain = OwnChain> {
  take(): Promise<LentChain<C>>
  /** Ends the chains that nobody has borrowed; the others end when they are given back. */
  close(): Promise<void>
}

export function poolChains<C extends OwnChain>(open: () => Promise<C>): ChainPool<C> {
  const free: C[] = []
  let closed = false
  return {
    take: async () => {
      closed = false
      const chain = free.pop() ?? (await open())
      const [snapshot] = await write(chain, [['evm_snapshot', []]])
      const giveBack = async (): Promise<void> => {
        // Mining on every transaction, or by the clock, is no part of a snapshot.
        const [reverted] = await write(chain, [
          ['evm_revert', [snapshot]],
          ['evm_setAutomine', [false]],
          ['evm_setIntervalMining', [0]],
        ])
        if (reverted === true && !closed) free.push(chain)
        else await chain.close()
      }
      return { chain: { ...chain, replay: whileNotMining(chain) }, giveBack }
    },
    close: async () => {
      closed = true
      await Promise.all(free.splice(0).map((chain) => chain.close()))
    },
  }
}

/** Replays mine at seconds of their own, so a test that had its chain mine on every transaction has to wait for that while one is under way. */
function whileNotMining(chain: OwnChain): OwnChain['replay'] {
  let last: Promise<unknown> = Promise.resolve()
  return (...args) => {
    const next = last.then(async () => {
      const [mining] = await write(chain, [['anvil_getAutomine', []]])
      if (mining !== true) return chain.replay(...args)
      await write(chain, [['evm_setAutomine', [false]]])
      try {
        return await chain.replay(...args)
      } finally {
        await write(chain, [['evm_setAutomine', [true]]])
      }
    })
    last = next.catch(() => undefined)
    return next
  }
}

/** Where a test's own client finds its chain. */
export function urlOf({ anvil }: OwnChain): string {
  return `http://127.0.0.1:${anvil.port}`
}

/** Calls of anvil's own methods, one after another. */
async function write(chain: OwnChain, calls: readonly (readonly [string, readonly unknown[]])[]): Promise<readonly unknown[]> {
  const results: unknown[] = []
  for (const [method, params] of calls) {
    const response = await fetch(urlOf(chain), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    }).catch((cause: unknown) => {
      throw new Eip3009Error('chain-unavailable', `The ${chain.description} ended while a test was using it.`, { cause })
    })
    results.push(((await response.json()) as { readonly result?: unknown }).result)
  }
  return results
}
