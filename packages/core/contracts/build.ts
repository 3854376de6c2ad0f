/**
 * Compiles the OpenZeppelin tokens and writes their code as a TypeScript module: `pnpm build:contracts`. With --check it writes nothing and fails
 * when the committed module is not, byte for byte, what the compiler makes.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile } from './compile.ts'
import { codeModule } from './module.ts'

const target = fileURLToPath(new URL('../src/evm/world/openzeppelin-code.ts', import.meta.url))
const made = codeModule(compile())
if (process.argv.includes('--check')) {
  const same = readFileSync(target, 'utf8') === made
  process.stdout.write(same ? 'the compiled tokens are what the compiler makes\n' : `${target} is out of date: pnpm build:contracts\n`)
  process.exit(same ? 0 : 1)
}
writeFileSync(target, made)
process.stdout.write(`${made.length} characters written to ${target}\n`)
