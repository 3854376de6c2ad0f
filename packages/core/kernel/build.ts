/** Writes the kernel's bytes as a TypeScript module: `pnpm build:kernel`. A test compares the committed module with what this writes. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { kernelModule } from './module.ts'
import { bytesModule } from './source.ts'

const target = fileURLToPath(new URL('../src/evm/signature/kernel/bytes.ts', import.meta.url))
const bytes = kernelModule()
writeFileSync(target, bytesModule(bytes))
process.stdout.write(`${bytes.length} bytes of WebAssembly written to ${target}\n`)
