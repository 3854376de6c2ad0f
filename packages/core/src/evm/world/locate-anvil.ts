import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { missingPackage } from './missing-package.ts'

/** Platforms that @foundry-rs/anvil 1.7 has a binary for, as Node names them, and the package's suffix. */
const platformPackages: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-amd64',
  'linux-arm64': 'linux-arm64',
  'linux-x64': 'linux-amd64',
  'win32-x64': 'win32-amd64',
}

export interface LocateOptions {
  /** The module that the packages are looked up from. */
  readonly from?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** As Node names it: `linux-x64`. */
  readonly platform?: string
}

/**
 * The path of the anvil binary: `EIP3009_ANVIL` where it is set, else the one that @foundry-rs/anvil brought along.
 * That package's own launcher is passed by, because it exits with 0 on errors and its install script is often blocked.
 * @throws Eip3009Error `missing-package` when there is none, `invalid-argument` when `EIP3009_ANVIL` names no file.
 */
export function locateAnvil(options: LocateOptions = {}): string {
  const { from = import.meta.url, env = process.env, platform = `${process.platform}-${process.arch}` } = options
  const chosen = env.EIP3009_ANVIL
  if (chosen !== undefined && chosen !== '') return existing(chosen, 'EIP3009_ANVIL')

  const suffix = platformPackages[platform]
  if (suffix === undefined) {
    throw new Eip3009Error(
      'missing-package',
      `@foundry-rs/anvil has no anvil for ${quote(platform)}; install Foundry and set EIP3009_ANVIL to the path of its anvil.`,
    )
  }
  const name = `@foundry-rs/anvil-${suffix}`
  const launcher = resolved(() => createRequire(from).resolve('@foundry-rs/anvil/package.json'))
  // The platform's package is a dependency of the launcher, so with pnpm only the launcher can see it.
  const manifest = resolved(() => createRequire(launcher ?? from).resolve(`${name}/package.json`))
  if (manifest === undefined) {
    if (launcher === undefined) throw missingPackage('@foundry-rs/anvil')
    throw new Eip3009Error(
      'missing-package',
      `@foundry-rs/anvil is installed without its optional dependency ${name}; install it: npm install ${name}`,
    )
  }
  return existing(join(dirname(manifest), 'bin', platform.startsWith('win32') ? 'anvil.exe' : 'anvil'), name)
}

/** The absolute path, if there is a file: a missing binary would only be noticed as a crash of the spawning process. */
export function existing(path: string, said: string): string {
  if (existsSync(path)) return resolve(path)
  throw new Eip3009Error('invalid-argument', `${said} names ${quote(path)} as the anvil binary, but there is no such file.`)
}

function resolved(resolve: () => string): string | undefined {
  try {
    return resolve()
  } catch {
    return undefined
  }
}
