import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtInNetworks, type EvmNetwork } from '@eip3009/core'
import { type EmbeddedChain, openChain } from '@eip3009/core/replay'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { run } from '../../../../test/fake-console.ts'
import { answering, startRpcServer } from '../../../../test/rpc-server.ts'

const evm = builtInNetworks.all.filter((network): network is EvmNetwork => network.family === 'evm')
const base = evm.find(({ id }) => id === 'base') as EvmNetwork

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eip3009-domains-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function table(name: string, value: unknown): Promise<string> {
  await writeFile(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value))
  return name
}

describe('without an RPC', () => {
  it('prints a line a token, calls nobody, and says so', async () => {
    const fetch = vi.spyOn(globalThis, 'fetch')
    const { code, out, err } = await run(['domains'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const lines = out.split('\n').filter((line) => / 0x[0-9a-f]{8}…/.test(line))
    expect(lines).toHaveLength(15 + 9 + 1)
    expect(out).toContain('On chain: not read, no RPC was given (--rpc base-sepolia=URL, or EIP3009_RPC_BASE_SEPOLIA).')
    expect(fetch).not.toHaveBeenCalled()
    fetch.mockRestore()
  })

  it('shows the networks that are named, aligned', async () => {
    const { out } = await run(['domains', 'base', 'eip155:137', 'solana'])
    expect(out).toMatchInlineSnapshot(`
      "network  token               name              version  separator, computed  published      on chain
      base     USDC                "USD Coin"        "2"      0x02fa7265…a2c7834f  =              not read
      base     EURC                "EURC"            "2"      0xec4dcbde…094203bb  =              not read
      polygon  USDC                "USD Coin"        "2"      0xcaa2ce1a…985be2ca  =              not read
      polygon  AUSD                "AUSD"            "1"      0xbf65925f…da4d3cb7  not published  not read
      polygon  USDC.e (lookalike)  "USD Coin (PoS)"  "1"      0x294369e0…2d199a19  =              not read

      5 tokens on 2 networks; 4 separators published, all equal what is computed.
      solana has no EIP-712 domain: a payment there is a signed transaction.
      On chain: not read, no RPC was given (--rpc base=URL, or EIP3009_RPC_BASE).
      "
    `)
  })

  it('prints JSON in full, and Markdown', async () => {
    const json = JSON.parse((await run(['domains', 'base', '--json'])).out)
    expect(json).toMatchObject({ schema: 'eip3009/domains@1', against: null })
    expect(json.tokens[0]).toEqual({
      network: 'base',
      caip2: 'eip155:8453',
      symbol: 'USDC',
      role: 'usdc',
      address: base.usdc.address,
      decimals: 6,
      domain: { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: base.usdc.address },
      computed: base.usdc.separator,
      published: base.usdc.separator,
      onChain: { status: 'not-asked' },
    })
    expect((await run(['domains', 'base', '--format', 'json'])).out).toBe((await run(['domains', 'base', '--json'])).out)
    const { out } = await run(['domains', 'base', '--format', 'markdown'])
    expect(out).toContain(`| base | USDC | ${base.usdc.address} | "USD Coin" | "2" | ${base.usdc.separator} | = | not read |`)
  })

  it('has colour on a terminal and none in a pipe', async () => {
    expect((await run(['domains', 'base'], { color: true })).out).toContain('\u001b[2m')
    expect((await run(['domains', 'base'])).out).not.toContain('\u001b')
  })
})

describe('with an RPC', () => {
  let chain: EmbeddedChain
  let url: string
  beforeAll(async () => {
    chain = await openChain({ network: base })
    url = `http://127.0.0.1:${chain.anvil.port}`
  })
  afterAll(() => chain.close())

  it.each([
    ['--rpc-url', () => [['domains', 'base', '--rpc-url', url], {}] as const],
    ['--rpc', () => [['domains', 'base', '--rpc', `8453=${url}`], {}] as const],
    ['the environment', () => [['domains', 'base'], { EIP3009_RPC_BASE: url }] as const],
  ])('given by %s the chain is read: its USDC is right, and its EURC is not there', async (_how, invocation) => {
    const [args, env] = invocation()
    const { code, out } = await run(args, { env })
    expect(code).toBe(1)
    expect(out).toMatch(/^base +USDC .* = +=$/m)
    expect(out).toMatch(/^base +EURC .* ≠ none$/m)
    expect(out).toContain(`base EURC: there is no contract at 0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42 (read from ${url} at block `)
  })

  it('a drift of a table is proven by what was read', async () => {
    const file = await table('read.json', { base: { address: base.usdc.address, name: 'USDC' } })
    const { out } = await run(['domains', 'base', '--against', file, '--rpc-url', url], { cwd: folder })
    expect(out).toContain(`DOMAIN_SEPARATOR() is ${base.usdc.separator}, read from ${url} at block `)
  })

  it('of another chain is not believed', async () => {
    const { code, out } = await run(['domains', 'polygon', '--rpc-url', url])
    expect(code).toBe(4)
    expect(out).toMatch(/^polygon +USDC .* chain 8453$/m)
    expect(out).toContain(`On chain: polygon was not read from ${url}: it is of chain 8453, not of polygon (137).`)
    expect(JSON.parse((await run(['domains', 'polygon', '--rpc-url', url, '--json'])).out).tokens[0].onChain).toEqual({
      status: 'unread',
      source: url,
      reason: 'it is of chain 8453, not of polygon (137)',
    })
  })

  it('whose token has another domain than the registry, the domain is found and named', async () => {
    const token = { address: base.usdc.address, name: 'USDC', version: '2', symbol: 'USDC' }
    await using other = await openChain({ chainId: 8453, token })
    const { code, out } = await run(['domains', 'base', '--rpc-url', `http://127.0.0.1:${other.anvil.port}`])
    expect(code).toBe(1)
    // 0xe824… is the separator of "USDC" on Base.
    expect(out).toMatch(
      /base: DOMAIN_SEPARATOR\(\) is 0xe824be45ff6ee69e5f9486cef877c2a7f3c987b25b91038a372bb1c70646a3d7 \(read from http:\S+ at block \d+\), which is that of name "USDC", version "2", chainId 8453, verifyingContract 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913; the registry has 0x02fa7265/,
    )
  })

  it('whose token lacks the bytes overload and has other decimals, both are said', async () => {
    const token = { address: base.usdc.address, name: 'USD Coin', version: '2', decimals: 18, overloads: { vrs: true, bytes: false } }
    await using other = await openChain({ chainId: 8453, token })
    const { code, out } = await run(['domains', 'base', '--rpc-url', `http://127.0.0.1:${other.anvil.port}`])
    expect(code).toBe(1)
    expect(out).toContain('base: decimals() is 18 (read from')
    expect(out).toMatch(/base: the code does not have transferWithAuthorization\(bytes\) \(read from .*\); the registry says that it has/)
    expect(out).toContain('= (see below)')
  })

  it('that does not answer leaves the question open, and its key unprinted', async () => {
    await using server = await startRpcServer(() => ({ status: 502, body: '<html><title>Bad Gateway</title></html>' }))
    const { code, out, err } = await run(['domains', 'base', '--rpc', `base=${server.url}/v2/S3CR3TK3Y?key=S3CR3TK3Y`])
    expect({ code, err }).toEqual({ code: 4, err: '' })
    expect(out.replace(/\s+/g, ' ')).toContain(
      `On chain: base was not read from ${server.url}/v2/…?key=…: it answered HTTP 502 with an HTML page, "Bad Gateway".`,
    )
    expect(out).not.toContain('S3CR3TK3Y')
    // Two tokens, and the dead RPC was asked once.
    expect(server.requests).toHaveLength(1)
  })

  it('that is slow is given up after --timeout', async () => {
    await using server = await startRpcServer(() => 'hang')
    const { code, out } = await run(['domains', 'base', '--rpc-url', server.url, '--timeout', '50'])
    expect(code).toBe(4)
    expect(out).toContain('it took more than 50 ms in all')
  })

  it('whose one call fails leaves that fact unknown', async () => {
    await using server = await startRpcServer((body) =>
      answering(body, ({ method }) =>
        method === 'eth_chainId' ? { result: '0x2105' } : { error: { code: -32005, message: 'limit exceeded' } },
      ),
    )
    const { code, out } = await run(['domains', 'base', '--rpc-url', server.url])
    expect(code).toBe(4)
    expect(out).toMatch(/^base +USDC .* unknown$/m)
    expect(out).toContain('it answered error -32005, "limit exceeded"')
  })
})

describe('--against a file', () => {
  it('says what to change, as a line that can be pasted, and exits with 1', async () => {
    const file = await table('table.json', { '8453': { usdcAddress: base.usdc.address, usdcName: 'USDC' } })
    const { code, out } = await run(['domains', 'base', '--against', file], { cwd: folder })
    expect(code).toBe(1)
    expect(out.slice(out.indexOf('✗'))).toMatchInlineSnapshot(`
      "✗ table.json: 3 values compared, 1 drift
        base: EIP-712 name should be "USD Coin", not "USDC" (DOMAIN_SEPARATOR() is 0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f, computed from name "USD Coin", version "2", chainId 8453, verifyingContract 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913)
          at 8453.usdcName · also seen in x402-rs and Coinbase's TypeScript SDK before 2025-06-26; UltravioletaDAO docs/STABLECOIN_EIP3009_COMPATIBILITY.md

      network  token  name        version  separator, computed  published  on chain
      base     USDC   "USD Coin"  "2"      0x02fa7265…a2c7834f  =          not read
      base     EURC   "EURC"      "2"      0xec4dcbde…094203bb  =          not read

      2 tokens on 1 network; 2 separators published, all equal what is computed.
      On chain: not read, no RPC was given (--rpc base=URL, or EIP3009_RPC_BASE).
      "
    `)
    const json = JSON.parse((await run(['domains', 'base', '--against', file, '--json'], { cwd: folder })).out)
    expect(json.against).toMatchObject({
      name: 'table.json',
      compared: 3,
      drifts: [{ fact: 'usdc.name', seen: 'USDC', expected: 'USD Coin', path: '8453.usdcName' }],
    })
    expect((await run(['domains', 'base', '--against', file, '--format', 'markdown'], { cwd: folder })).out).toContain(
      '\n- base: EIP-712 name should be',
    )
  })

  it('that is right exits with 0', async () => {
    const rows = evm.map(({ caip2, usdc: { address, name, version } }) => [caip2, { address, name, version, decimals: 6 }])
    const { code, out } = await run(['domains', '--against', await table('right.json', Object.fromEntries(rows))], { cwd: folder })
    expect(code).toBe(0)
    expect(out).toContain('✓ right.json: 75 values compared, none differs')
  })

  it('shows the networks that are in the table, and no others', async () => {
    const file = await table('two.json', { base: { usdc: { name: 'USD Coin' } }, polygon: { usdc: { name: 'USDC' } } })
    for (const format of ['text', 'markdown']) {
      const { out } = await run(['domains', '--against', file, '--format', format], { cwd: folder })
      const shown = evm.map(({ id }) => id).filter((id) => new RegExp(`^(?:\\| )?${id} `, 'm').test(out))
      expect(shown.sort()).toEqual(['base', 'polygon'])
    }
    const named = await run(['domains', 'celo', '--against', file], { cwd: folder })
    expect(named.out).toMatch(/^celo /m)
    const nothing = await run(['domains', '--against', await table('none.json', {})], { cwd: folder })
    expect(nothing.out).not.toMatch(/^base /m)
  })

  it('finds every wrong value of names, versions, addresses and chain ids that was seen', async () => {
    const seen = evm.flatMap((network) =>
      network.wrongValues
        .filter(({ fact }) => /^(chainId|usdc\.(name|version|address))$/.test(fact))
        .map((wrong) => ({ network, ...wrong })),
    )
    const rows = seen.map(({ network: { id, chainId, usdc }, fact, wrong }) => {
      const row: Record<string, unknown> = { network: id, chainId, address: usdc.address, name: usdc.name, version: usdc.version }
      return { ...row, [fact.replace('usdc.', '')]: fact === 'chainId' ? Number(wrong) : wrong }
    })
    const { code, out } = await run(['domains', '--against', await table('wrong.json', rows), '--json'], { cwd: folder })
    expect(code).toBe(1)
    const found = JSON.parse(out).against.drifts.map(
      (drift: { network: string; fact: string; seen: string }) => `${drift.network} ${drift.fact} ${drift.seen}`,
    )
    expect(found.sort()).toEqual(seen.map(({ network, fact, wrong }) => `${network.id} ${fact} ${wrong}`).sort())
    expect(found).toHaveLength(16)
  })

  it('of other networks than those that are named does not count', async () => {
    const file = await table('other.json', { polygon: { address: '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359', name: 'USDC' } })
    expect((await run(['domains', 'base', '--against', file], { cwd: folder })).code).toBe(0)
    expect((await run(['domains', 'polygon', '--against', file], { cwd: folder })).code).toBe(1)
  })

  it('prints nothing of it that could rewrite a terminal', async () => {
    const file = await table('evil.json', { base: { address: base.usdc.address, name: 'USD\u001b[2KCoin', symbol: '\u202eUSDC' } })
    const { out } = await run(['domains', 'base', '--against', file], { cwd: folder })
    for (const character of ['\u001b', '\u202e']) expect(out).not.toContain(character)
    expect(out).toContain('\\u{1b}[2K')
  })

  it.each([
    [
      'nothing.json',
      'There is no file "nothing.json"; --against takes a JSON file, or the name of an installed package such as @x402/evm.',
    ],
    ['./nothing', 'There is no file "./nothing"; --against takes a JSON file, or the name of an installed package such as @x402/evm.'],
    ['broken.json', '"broken.json" is not JSON; save the table as JSON: an object keyed by network, or a list.'],
    [
      '@nobody/has-this',
      'The package @nobody/has-this is not installed where this runs, or has nothing of that name to import; install it (npm install @nobody/has-this), or give its table as a JSON file.',
    ],
  ])('%s is refused in a sentence', async (name, message) => {
    await table('broken.json', '{ "base": ')
    expect(await run(['domains', '--against', name], { cwd: folder })).toEqual({ code: 2, out: '', err: `eip3009: ${message}\n` })
  })
})

describe('--against a package', () => {
  /** A package as npm would install it. */
  async function install(name: string, manifest: object, files: Readonly<Record<string, string>>, where = folder): Promise<void> {
    const home = join(where, 'node_modules', name)
    await mkdir(home, { recursive: true })
    await writeFile(join(home, 'package.json'), JSON.stringify({ name, version: '9.8.7', ...manifest }))
    for (const [path, text] of Object.entries(files)) await writeFile(join(home, path), text)
  }
  const asset = `{ asset: '${base.usdc.address}', name: 'USDC', version: '2', decimals: 6, symbol: 'USDC' }`

  it('reads the default assets of @x402/evm and its chain ids', async () => {
    await install(
      '@x402/evm',
      { exports: { '.': { import: './index.mjs', require: './index.cjs' }, './v1': { import: './v1.mjs', require: './v1.mjs' } } },
      {
        'index.cjs': `exports.DEFAULT_ASSETS = { 'eip155:8453': [${asset}] }; exports.authorizationTypes = { a: [{ name: 'from', type: 'address' }] }; exports.getDefaultAsset = () => 1`,
        'v1.mjs': 'export const EVM_NETWORK_CHAIN_ID_MAP = { base: 8453, "sei-testnet": 713715 }',
      },
    )
    const { code, out } = await run(['domains', '--against', '@x402/evm'], { cwd: folder })
    expect(code).toBe(1)
    expect(out).toContain('✗ @x402/evm 9.8.7: 8 values compared, 2 drifts')
    expect(out).toContain('base: EIP-712 name should be "USD Coin", not "USDC"')
    expect(out).toContain('sei-testnet: chain id should be 1328, not 713715')
  })

  it('reads what older versions of it offer for a price', async () => {
    // Node remembers the manifests that it has read, so this one stands elsewhere.
    const elsewhere = join(folder, 'older')
    await install(
      '@x402/evm',
      { exports: { '.': './index.mjs', './exact/server': './server.mjs' } },
      {
        'index.mjs': 'export const PERMIT2_ADDRESS = "0x"',
        'server.mjs': `export class ExactEvmScheme {
        async parsePrice(price, network) {
          if (network !== 'eip155:8453') throw new Error('no default asset')
          return { amount: '100000', asset: '${base.usdc.address}', extra: { name: 'USDC', version: '2' } }
        }
      }`,
      },
      elsewhere,
    )
    const { out } = await run(['domains', 'base', '--against', '@x402/evm'], { cwd: elsewhere })
    expect(out).toContain('at offers["eip155:8453"].extra.name')
  })

  it('reads packages that can only be imported, and maps', async () => {
    await install(
      'only-esm',
      { type: 'module', exports: { './tables': { types: './t.d.ts', import: './t.js' } } },
      {
        't.js': `export const EvmNetworkToChainId = new Map([['celo-sepolia', 44787]])`,
      },
    )
    const { out } = await run(['domains', 'celo-sepolia', '--against', 'only-esm/tables'], { cwd: folder })
    expect(out).toContain('✗ only-esm/tables 9.8.7: 1 value compared, 1 drift')
  })

  it('says so when there is no table in it, or it cannot be loaded', async () => {
    await install('no-table', { main: 'index.js' }, { 'index.js': 'module.exports = { f() {} }' })
    expect((await run(['domains', '--against', 'no-table'], { cwd: folder })).err).toBe(
      'eip3009: The package no-table exports no table of networks or tokens; give its table as a JSON file.\n',
    )
    await install('broken', { main: 'index.js' }, { 'index.js': 'throw new Error("needs a server")' })
    expect(await run(['domains', '--against', 'broken'], { cwd: folder })).toEqual({
      code: 2,
      out: '',
      err: 'eip3009: The package broken cannot be loaded (needs a server).\n',
    })
  })
})

describe('bad usage is one sentence and exit code 2', () => {
  it.each([
    [['domains', 'celo-alfajores'], '"celo-alfajores" is Celo Alfajores, which is retired; did you mean celo-sepolia (11142220)?'],
    [
      ['domains', '--rpc-url', 'http://x'],
      '--rpc-url is the RPC of one network; name that one, or give each its own: --rpc base=URL --rpc polygon=URL.',
    ],
    [
      ['domains', 'base', 'polygon', '--rpc-url', 'http://x'],
      '--rpc-url is the RPC of one network; name that one, or give each its own: --rpc base=URL --rpc polygon=URL.',
    ],
    [['domains', 'base', '--rpc-url', 'http://x', '--rpc', 'base=http://y'], '--rpc-url and --rpc both give the RPC of base; give one.'],
    [['domains', '--rpc', 'base=http://x', '--rpc', '8453=http://y'], '--rpc gives two URLs for base; give one.'],
    [['domains', '--rpc', 'https://x.example/KEY'], '--rpc takes a network and a URL: --rpc base=https://mainnet.base.org.'],
    [['domains', '--rpc', 'base=wss://user:KEY@x.example'], '--rpc base needs a URL that starts with https:// or http://.'],
    [['domains', '--rpc', 'solana=https://x.example'], '--rpc solana is not an EVM network: there is no domain to read.'],
    [['domains', '--timeout', '0'], '--timeout takes a whole number of milliseconds from 1 to 86400000, such as 30000.'],
  ])('%j', async (args, message) => {
    const { code, out, err } = await run(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toBe(`eip3009: ${message}\n`)
  })

  it('and so is a variable of the environment that is no URL', async () => {
    expect(await run(['domains'], { env: { EIP3009_RPC_CELO_SEPOLIA: 'KEY' } })).toEqual({
      code: 2,
      out: '',
      err: 'eip3009: EIP3009_RPC_CELO_SEPOLIA needs a URL that starts with https:// or http://.\n',
    })
  })
})
