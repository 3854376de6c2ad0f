import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Solc {
  version(): string
  compile(input: string, callbacks: { readonly import: (path: string) => { readonly contents: string } }): string
}

interface Reference {
  readonly start: number
  readonly length: number
}

interface Compiled {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          {
            readonly evm: {
              readonly deployedBytecode: {
                readonly object: string
                readonly immutableReferences: Readonly<Record<string, readonly Reference[]>>
              }
            }
            readonly storageLayout: {
              readonly storage: readonly { readonly label: string; readonly slot: string; readonly type: string }[]
            }
          }
        >
      >
    >
  >
  readonly sources: Readonly<Record<string, { readonly ast: unknown }>>
}

const require = createRequire(import.meta.url)
const library = dirname(require.resolve('@openzeppelin/contracts/package.json'))
const file = 'OpenZeppelinTokens.sol'

/** No metadata in the code, so that nothing but the sources and the compiler decides its bytes. */
const settings = {
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs: 200 },
  metadata: { appendCBOR: false, bytecodeHash: 'none' },
  outputSelection: {
    '*': { '*': ['evm.deployedBytecode.object', 'evm.deployedBytecode.immutableReferences', 'storageLayout'], '': ['ast'] },
  },
}

/** A contract as its code is placed: the bytes, where its immutables go, and its storage. */
export interface CompiledContract {
  readonly code: string
  /** Offset in bytes of each 32-byte immutable. */
  readonly immutables: Readonly<Record<string, readonly number[]>>
  /** Slot of each state variable that a replay sets. */
  readonly slots: Readonly<Record<string, number>>
}

export interface Compilation {
  readonly compiler: string
  readonly library: string
  /** SHA-256 of the sources and settings: another means that the code has to be compiled anew. */
  readonly inputs: string
  readonly contracts: Readonly<Record<string, CompiledContract>>
}

/** What would be compiled: a hash of every source that is read and of the settings, with the versions. */
export function inputsOf(): Pick<Compilation, 'library' | 'inputs'> {
  const hash = createHash('sha256').update(JSON.stringify(settings))
  const seen = new Set<string>()
  const read = (path: string, text: string): void => {
    if (seen.has(path)) return
    seen.add(path)
    hash.update(`${path}\n${text}\n`)
    for (const [, imported = ''] of text.matchAll(/^import [^"]*"([^"]+)";/gm)) {
      const target = imported.startsWith('.') ? join(dirname(path), imported) : imported
      read(target, sourceOf(target))
    }
  }
  read(file, ownSource())
  const { version } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8')) as { readonly version: string }
  return { library: `@openzeppelin/contracts ${version}`, inputs: hash.digest('hex') }
}

/** Compiles the tokens. Takes some ten seconds. */
export function compile(): Compilation {
  const solc = require('solc') as Solc
  const input = { language: 'Solidity', sources: { [file]: { content: ownSource() } }, settings }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: (path) => ({ contents: sourceOf(path) }) })) as Compiled
  const failed = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  if (failed.length > 0) throw new TypeError(failed.map(({ formattedMessage }) => formattedMessage).join('\n'))
  const names = immutableNames(Object.values(output.sources).map(({ ast }) => ast))
  const contracts = Object.fromEntries(
    Object.entries(output.contracts[file] ?? {}).map(([name, { evm, storageLayout }]): [string, CompiledContract] => [
      name,
      {
        code: `0x${evm.deployedBytecode.object}`,
        immutables: Object.fromEntries(
          Object.entries(evm.deployedBytecode.immutableReferences).map(([id, places]) => [
            names.get(id) ?? id,
            places.map(({ start }) => start),
          ]),
        ),
        slots: Object.fromEntries(storageLayout.storage.map(({ label, slot, type }) => [slotName(label, type), Number(slot)])),
      },
    ]),
  )
  return { compiler: `solc ${solc.version()}`, ...inputsOf(), contracts }
}

/** Nonces and NoncesKeyed both have a `_nonces`. */
function slotName(label: string, type: string): string {
  return label === '_nonces' && type.includes('t_uint192') ? '_keyedNonces' : label
}

function immutableNames(trees: readonly unknown[]): Map<string, string> {
  const names = new Map<string, string>()
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if ('mutability' in node && node.mutability === 'immutable' && 'id' in node && 'name' in node)
      names.set(String(node.id), String(node.name))
    for (const inner of Object.values(node)) visit(inner)
  }
  trees.forEach(visit)
  return names
}

function ownSource(): string {
  return readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8')
}

function sourceOf(path: string): string {
  return readFileSync(join(library, path.replace(/^@openzeppelin\/contracts\//, '')), 'utf8')
}
