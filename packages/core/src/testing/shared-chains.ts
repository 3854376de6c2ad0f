import type { ReplayChain, Replayer, ReplayTarget } from '../evm/evidence/replay.ts'

/** A replayer whose chains are opened once, lent to everybody who asks for the same token, and closed together. */
export interface SharedChains extends Replayer, AsyncDisposable {
  /** Ends every chain, those that are still being opened included. Whoever asks afterwards gets a new one. */
  close(): Promise<void>
}

/** Shares what `opener` opens. A chain that did not open is not tried again: the next one who asks hears the same reason. */
export function shareChains(opener: Replayer): SharedChains {
  const chains = new Map<string, Promise<ReplayChain>>()
  const close = async (): Promise<void> => {
    const opened = [...chains.values()]
    chains.clear()
    await Promise.all(
      opened.map((chain) =>
        chain.then(
          (one) => one.close(),
          () => undefined,
        ),
      ),
    )
  }
  return {
    open: async (target) => {
      const key = keyOf(target)
      const chain = chains.get(key) ?? opener.open(target)
      chains.set(key, chain)
      // Whoever borrows it does not end it for the others.
      return { ...(await chain), close: async () => undefined }
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function keyOf(target: ReplayTarget): string {
  if (!('network' in target)) return JSON.stringify([target.chainId, target.token])
  const { network, token = network.usdc } = target
  return JSON.stringify([network.chainId, token.address, token.name, token.version, token.layout, token.overloads, token.family])
}
