/** `pnpm bench <name>`: runs `scripts/bench/<name>.ts`; without a name, lists them. */
import { readdirSync } from 'node:fs'

const names = readdirSync(new URL('./bench/', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3))
  .sort()
const [name] = process.argv.slice(2)

if (name !== undefined && names.includes(name)) {
  const { run } = (await import(new URL(`./bench/${name}.ts`, import.meta.url).href)) as { readonly run: () => Promise<void> }
  await run()
} else {
  const problem = name === undefined ? '' : `There is no benchmark "${name}". `
  process.stderr.write(`${problem}Give one of these names: ${names.join(', ')}\n`)
  process.exitCode = 2
}
