import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/chain.ts', 'src/replay.ts', 'src/solana.ts'],
  root: 'src',
  format: 'esm',
  platform: 'neutral',
  // ./replay is for Node; everything else uses none of these, which the layer check proves.
  deps: { neverBundle: [/^node:/] },
  target: 'es2023',
  // One file a module keeps stack traces readable and lets a bundler drop what a user does not import.
  unbundle: true,
  dts: true,
})
