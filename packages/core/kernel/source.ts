/** The TypeScript module that carries the kernel. */
export function bytesModule(bytes: Uint8Array): string {
  const base64 = Buffer.from(bytes).toString('base64')
  return [
    '// Written by packages/core/kernel/build.ts (`pnpm build:kernel`): do not edit.',
    '',
    `/** The kernel: ${bytes.length} bytes of WebAssembly (SIMD), in base64. */`,
    'export const KERNEL_BASE64 =',
    `  '${base64}'`,
    '',
  ].join('\n')
}
