import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { loadSvm, type SvmLibrary } from './open-svm.ts'
import type { SvmReplayer } from './svm-chain.ts'

/** Replays in litesvm, which is loaded when the first chain is opened, and web3.js with it. */
export function liteSvmReplayer(load: () => Promise<SvmLibrary> = loadSvm): SvmReplayer {
  return {
    open: async (network) => {
      const library = await load()
      const { openSvmChain } = await loadWorld()
      return openSvmChain(library, network)
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
