/** Starts the kernel: the WebAssembly one where the platform has WebAssembly with SIMD, the reference everywhere else. */
import { KERNEL_BASE64 } from './bytes.ts'
import { nobleKernel } from './noble.ts'
import type { Kernel } from './recoverer.ts'
import { type KernelExports, wasmKernel } from './wasm.ts'

/** As much of the WebAssembly interface as is used here; without the DOM's or Node's types. */
interface Engine {
  validate(bytes: Uint8Array): boolean
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
  instantiate(bytes: Uint8Array): Promise<{ readonly instance: { readonly exports: unknown } }>
}

function engine(): Engine | undefined {
  return (globalThis as unknown as { readonly WebAssembly?: Engine }).WebAssembly
}

/** The kernel's module. */
export function kernelBytes(): Uint8Array<ArrayBuffer> {
  const text = atob(KERNEL_BASE64)
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i)
  return bytes
}

/**
 * Compiles and starts the kernel at once: in Node, in workers, and on the main thread of browsers that allow modules of this size there.
 * Where that is refused (no WebAssembly, no SIMD, a content security policy, a size limit), the reference answers.
 */
export function createKernel(): Kernel {
  const wasm = engine()
  if (wasm === undefined) return nobleKernel()
  try {
    return wasmKernel(new wasm.Instance(new wasm.Module(kernelBytes())).exports as KernelExports)
  } catch {
    return nobleKernel()
  }
}

/** Like `createKernel`, compiled off the main thread: what a web page should call. Never rejects. */
export async function loadKernel(): Promise<Kernel> {
  const wasm = engine()
  if (wasm === undefined) return nobleKernel()
  try {
    const { instance } = await wasm.instantiate(kernelBytes())
    return wasmKernel(instance.exports as KernelExports)
  } catch {
    return nobleKernel()
  }
}
