import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/chain.ts',
    'src/replay.ts',
    'src/report.ts',
    'src/internal.ts',
    'src/signer.ts',
    'src/solana.ts',
    'src/threads.ts',
    'src/threads/search-thread.ts',
    'src/threads/pool-thread.ts',
    'src/vitest.ts',
  ],
  root: 'src',
  format: 'esm',
  platform: 'neutral',
  // ./replay is for Node; everything else uses none of these, which the layer check proves.
  deps: { neverBundle: [/^node:/] },
  target: 'es2023',
  // A few chunks instead of a file a module: Node spends 0.5 ms on each file that it loads, and 200 files were a third of a diagnosis.
  dts: true,
})
