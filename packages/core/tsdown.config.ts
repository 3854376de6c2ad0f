import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/index.ts', 'src/replay.ts'],
  root: 'src',
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  // One file a module keeps stack traces readable and lets a bundler drop what a user does not import.
  unbundle: true,
  dts: true,
})
