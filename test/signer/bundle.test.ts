import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { buildSync } from 'esbuild'
import { pad } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { beforeAll, describe, expect, it } from 'vitest'

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url))

/** The signer as a bundler puts it into a page; what only a client needs stays outside. Bare imports would fail here, since nothing but those is external. */
function bundle(): string {
  const { outputFiles } = buildSync({
    entryPoints: [path('packages/core/src/signer.ts')],
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'signer',
    external: ['./preflight-on-chain*'],
    logLevel: 'silent',
    write: false,
  })
  return outputFiles.map(({ text }) => text).join('\n')
}

let code: string
beforeAll(() => {
  code = bundle()
})

describe('in a browser', () => {
  it('creates, signs and checks, with nothing of Node at hand', async () => {
    const account = privateKeyToAccount(pad('0x01'))
    // A page's globals, as far as the signer needs any, and no process, Buffer, require or global.
    const page = createContext({ TextEncoder, crypto: globalThis.crypto, console: undefined, account, log: [] as unknown[] })
    const result = await runInContext(
      `${code};
      (async () => {
        const unsigned = signer.createAuthorization({ network: 'base', from: account.address, to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C', value: '0.01 USDC' })
        const payment = await signer.signAuthorization(account, unsigned)
        const { notChecked } = await signer.preflight(payment)
        return JSON.stringify([typeof process, typeof Buffer, typeof require, payment.signature.length, notChecked.length, signer.toX402V1(payment).network])
      })()`,
      page,
    )
    expect(JSON.parse(result)).toEqual(['undefined', 'undefined', 'undefined', 132, 5, 'base'])
  })

  it("holds no import of Node's", () => {
    expect(code.length).toBeGreaterThan(20_000)
    expect(code).not.toMatch(/node:|require\(/)
  })
})

describe('the built entry', () => {
  /** The files that loading an entry of the build loads with it: static imports only. */
  function loaded(entry: string, seen = new Map<string, string>()): Map<string, string> {
    if (seen.has(entry)) return seen
    const text = readFileSync(path(`packages/core/dist/${entry}`), 'utf8')
    seen.set(entry, text)
    for (const [, name = ''] of text.matchAll(/^(?:import|export)\b[^'"\n]*["']\.\/([^"']+)["']/gm)) loaded(name, seen)
    return seen
  }

  it('loads neither Node, viem, ethers nor the diagnosis', () => {
    const files = loaded('signer.js')
    expect(files.size).toBeGreaterThan(1)
    const text = [...files.values()].join('\n')
    expect(text).not.toMatch(/from ["'](?:node:|viem|ethers)/)
    expect(text).not.toContain('eip3009/diagnosis@1')
    expect([...text.matchAll(/import\("\.\/([^"]+)"\)/g)].map(([, name]) => name)).toEqual([expect.stringMatching(/^preflight-on-chain-/)])
    // The diagnosis is what the index loads: the walk would see it.
    expect([...loaded('index.js').values()].join('\n')).toContain('eip3009/diagnosis@1')
  })
})
