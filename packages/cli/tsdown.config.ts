import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/bin.ts'],
  root: 'src',
  format: 'esm',
  platform: 'node',
  target: 'es2023',
  unbundle: true,
  dts: false,
  outExtensions: () => ({ js: '.js' }),
})
