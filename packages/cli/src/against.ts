import { existsSync, readFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { builtInNetworks, readTable } from '@eip3009/core'
import type { Console } from './console.ts'
import { codeOf, textOf, unreadable } from './files.ts'
import { UsageError } from './usage-error.ts'

/** Somebody's table of networks and tokens, as JSON would have it. */
export interface ForeignTable {
  /** `table.json`, or `@x402/evm 2.27.0`. */
  readonly name: string
  readonly value: unknown
}

/** More than any table, and little enough to hold in memory. */
const mostBytes = 16 * 1024 * 1024

const packageName = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(\/[\w./-]+)?$/

/** Further entry points that hold a part of a package's table. */
const alsoIn: ReadonlyMap<string, readonly string[]> = new Map([
  ['@x402/evm', ['@x402/evm/v1']],
  ['x402', ['x402/types']],
])

/**
 * The table that --against names: a JSON file, or what an installed package exports, looked up from the working directory.
 * @throws UsageError when there is neither, or it can not be read.
 */
export async function readAgainst(name: string, console: Console): Promise<ForeignTable> {
  const path = isAbsolute(name) ? name : resolve(console.cwd(), name)
  const found = await stat(path).catch((error: unknown) => {
    if (['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'].includes(codeOf(error))) return undefined
    throw unreadable(`"${name.slice(0, 200)}"`, error)
  })
  if (found?.isFile()) return { name, value: await readJson(path, name, found.size) }
  if (found !== undefined && (isAbsolute(name) || name.startsWith('.')))
    throw new UsageError(
      `"${name.slice(0, 200)}" is ${found.isDirectory() ? 'a folder' : 'no file that stays as it is'}; --against takes a JSON file.`,
    )
  if (/\.json$/i.test(name) || /^\.{0,2}\//.test(name) || !packageName.test(name)) {
    throw new UsageError(
      `There is no file "${name.slice(0, 200)}"; --against takes a JSON file, or the name of an installed package such as @x402/evm.`,
    )
  }
  return await readPackage(name, console)
}

async function readJson(path: string, name: string, size: number): Promise<unknown> {
  if (size > mostBytes) {
    throw new UsageError(`"${name}" has more than ${mostBytes / 1024 / 1024} MB, which no table of networks has; give the table alone.`)
  }
  const bytes = await readFile(path).catch((error: unknown) => {
    throw unreadable(`"${name}"`, error)
  })
  try {
    return JSON.parse(textOf(bytes))
  } catch {
    throw new UsageError(`"${name}" is not JSON; save the table as JSON: an object keyed by network, or a list.`)
  }
}

async function readPackage(name: string, console: Console): Promise<ForeignTable> {
  const found = [name, ...(alsoIn.get(name) ?? [])].flatMap((specifier) => {
    const file = locate(specifier, console.cwd())
    return file === undefined ? [] : [{ specifier, file }]
  })
  const [first] = found
  if (first === undefined) {
    throw new UsageError(
      `The package ${name} is not installed where this runs, or has nothing of that name to import; install it (npm install ${name}), or give its table as a JSON file.`,
    )
  }
  const value: Record<string, unknown> = {}
  for (const { specifier, file } of found) Object.assign(value, await exportsOf(file, specifier))
  if (name === '@x402/evm' && !('DEFAULT_ASSETS' in value)) value.offers = await pricedBy(console.cwd())
  if (readTable(value).length === 0) {
    throw new UsageError(`The package ${name} exports no table of networks or tokens; give its table as a JSON file.`)
  }
  return { name: `${name}${await versionOf(first.file)}`, value }
}

/** The file that `import` would load, looked up from `cwd`; undefined when the package is not there or has no such entry point. */
function locate(specifier: string, cwd: string): string | undefined {
  try {
    return createRequire(join(cwd, 'anything.js')).resolve(specifier)
  } catch (error) {
    // A package that can only be imported is invisible to `require`.
    return (error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? importOnly(specifier, cwd) : undefined
  }
}

function importOnly(specifier: string, cwd: string): string | undefined {
  const parts = specifier.split('/')
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
  const entry = specifier === name ? '.' : `.${specifier.slice(name.length)}`
  for (let folder = cwd; ; folder = dirname(folder)) {
    const home = join(folder, 'node_modules', name)
    if (existsSync(join(home, 'package.json'))) {
      const exports = exportsIn(join(home, 'package.json'))
      const byEntry = typeof exports === 'object' && exports !== null && Object.hasOwn(exports, entry)
      const target = importTarget(byEntry ? Reflect.get(exports, entry) : entry === '.' ? exports : undefined)
      return target === undefined ? undefined : join(home, target)
    }
    if (folder === dirname(folder)) return undefined
  }
}

function exportsIn(manifest: string): unknown {
  try {
    const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly exports?: unknown }
    return exports
  } catch {
    // A manifest that can not be read exports nothing.
    return undefined
  }
}

/** The file that a conditional export gives to `import` in Node: the first condition that applies, as Node takes it. */
function importTarget(target: unknown): string | undefined {
  if (typeof target === 'string') return target
  if (typeof target !== 'object' || target === null) return undefined
  for (const [condition, inner] of Object.entries(target)) {
    const found = ['node', 'import', 'default'].includes(condition) ? importTarget(inner) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** Code of others: it can do anything while it loads. */
async function load(file: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    throw new UsageError(
      `The package ${name} cannot be loaded (${error instanceof Error ? error.message.split('\n', 1)[0] : 'it throws while it loads'}).`,
    )
  }
}

/** What a module exports besides functions, with its maps as objects. */
async function exportsOf(file: string, name: string): Promise<Record<string, unknown>> {
  const module: Readonly<Record<string, unknown>> = await load(file, name)
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(module)) {
    if (value instanceof Map) out[key] = Object.fromEntries(value)
    else if (isData(value)) out[key] = value
  }
  // A CommonJS module has everything once more as its default.
  const { default: whole, 'module.exports': again, ...named } = out
  return Object.keys(named).length > 0 ? named : out
}

interface PricingScheme {
  parsePrice?(price: string, network: string): Promise<unknown>
}

/**
 * What a server of @x402/evm offers when it is given a price in dollars, by CAIP-2 id. Versions before 2.20 or so keep their table to themselves,
 * and this is all that can be had of it.
 */
async function pricedBy(cwd: string): Promise<Record<string, unknown>> {
  const file = locate('@x402/evm/exact/server', cwd)
  if (file === undefined) return {}
  const { ExactEvmScheme } = (await load(file, '@x402/evm/exact/server')) as { readonly ExactEvmScheme?: new () => PricingScheme }
  const scheme = ExactEvmScheme === undefined ? undefined : new ExactEvmScheme()
  const offers: Record<string, unknown> = {}
  for (const { family, caip2 } of builtInNetworks.all) {
    if (family !== 'evm' || scheme?.parsePrice === undefined) continue
    // It throws for the networks that it has no token for.
    const offer = await scheme.parsePrice('$0.10', caip2).catch(() => undefined)
    if (offer !== undefined) offers[caip2] = offer
  }
  return offers
}

/** The version of the package that a file belongs to, behind a space; nothing when there is none. */
async function versionOf(file: string): Promise<string> {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = await readFile(join(folder, 'package.json'), 'utf8').then(JSON.parse, () => undefined)
    if (typeof manifest?.version === 'string' && typeof manifest.name === 'string') return ` ${manifest.version}`
  }
  return ''
}

/** A plain object or a list: an instance of a class is no table. */
function isData(value: unknown): boolean {
  if (Array.isArray(value)) return true
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
