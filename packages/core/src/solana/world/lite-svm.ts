import { Eip3009Error } from '../../errors/eip3009-error.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import { loadSvm, type SvmLibrary } from './open-svm.ts'
import type { SvmChain, SvmReplayer } from './svm-chain.ts'

/**
 * Replays in litesvm, which is loaded when the first chain is opened, and web3.js with it. A chain that opened is opened once: each replay has a world of
 * its own.
 */
export function liteSvmReplayer(load: () => Promise<SvmLibrary> = loadSvm): SvmReplayer {
  const opened = new Map<SolanaNetwork, SvmChain>()
  return {
    open: async (network) => {
      const known = opened.get(network)
      if (known !== undefined) return known
      const library = await load()
      const { openSvmChain } = await loadWorld()
      const chain = await openSvmChain(library, network)
      opened.set(network, chain)
      return chain
    },
  }
}

/** @throws Eip3009Error `missing-package` where web3.js, which is optional, is not installed. */
async function loadWorld(): Promise<typeof import('./replay-svm.ts')> {
  try {
    return await import('./replay-svm.ts')
  } catch (error) {
    throw new Eip3009Error(
      'missing-package',
      'A replay on Solana needs the package @solana/web3.js 1.x, which is not installed. Install it: npm install @solana/web3.js@1.99.0',
      { cause: error },
    )
  }
}
