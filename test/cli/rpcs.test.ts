import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { builtInNetworks } from '@eip3009/core'
import { fixture } from '@eip3009/fixtures'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../fake-console.ts'
import { answering, type RpcServer, startRpcServer } from '../rpc-server.ts'

let folder: string
let here: string
let server: RpcServer
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'eip3009-rpcs-')))
  here = join(folder, 'project', 'deep')
  await mkdir(here, { recursive: true })
})
afterEach(() => rm(folder, { recursive: true }))
beforeAll(async () => {
  server = await startRpcServer((body) =>
    answering(body, ({ method }) => (method === 'eth_chainId' ? { result: '0x2105' } : { result: null })),
  )
})
afterAll(() => server[Symbol.asyncDispose]())

async function put(path: string, content: unknown): Promise<string> {
  const file = join(folder, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content, null, 2))
  return file
}

/** What `networks --json` says of a network's RPC. */
async function known(name: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { code, out } = await run(['networks', name, '--json'], { cwd: here, env })
  expect(code).toBe(0)
  return JSON.parse(out).rpc
}

/** `${NAME}` as it stands in a file. */
const placeholder = (name: string): string => ['$', '{', name, '}'].join('')

const anvil = 'http://127.0.0.1:8545'

describe('the RPC of a network is that of the first that has one', () => {
  it('of the environment, eip3009.config.json and foundry.toml', async () => {
    expect(await known('base')).toBeNull()
    const toml = await put('foundry.toml', '[rpc_endpoints]\nbase = "https://foundry.example"\n')
    expect(await known('base')).toEqual({
      network: 'base',
      origin: 'foundry',
      from: `"base" in ${toml}`,
      url: 'https://foundry.example',
      problem: null,
    })
    const own = await put('home/eip3009/eip3009.config.json', { rpc: { 'eip155:8453': 'https://own.example' } })
    const env = { XDG_CONFIG_HOME: join(folder, 'home') }
    expect(await known('base', env)).toMatchObject({ origin: 'config', from: `"eip155:8453" in ${own}`, url: 'https://own.example' })
    const near = await put('project/eip3009.config.json', { rpc: { 8453: { url: 'https://near.example' } } })
    expect(await known('base', env)).toMatchObject({ origin: 'config', from: `"8453" in ${near}`, url: 'https://near.example' })
    expect(await known('base', { ...env, EIP3009_RPC_BASE: 'https://set.example' })).toMatchObject({
      origin: 'environment',
      from: 'EIP3009_RPC_BASE',
      url: 'https://set.example',
    })
    // What a nearer file does not have, the next one has.
    expect(await known('polygon', env)).toBeNull()
    await put('foundry.toml', '[rpc_endpoints]\npolygon = "https://foundry.example"\n')
    expect(await known('polygon', env)).toMatchObject({ origin: 'foundry' })
  })

  it('and an option goes before all, in every command that asks', async () => {
    await put('eip3009.config.json', { rpc: { base: 'http://127.0.0.1:1' } })
    const payment = await put('payment.json', fixture('base', 'valid').input)
    for (const args of [
      ['domains', 'base', '--rpc', `base=${server.url}`],
      ['domains', 'base', '--rpc-url', server.url],
      ['diagnose', payment, '--no-replay', '--rpc', `8453=${server.url}`],
      ['diagnose', payment, '--no-replay', '--rpc-url', server.url],
    ]) {
      const before = server.requests.length
      const { err } = await run([...args, '--rpc-header', 'x-key: K'], { cwd: here })
      expect(server.requests.length, args.join(' ')).toBeGreaterThan(before)
      expect(server.headers.at(-1)).toMatchObject({ 'x-key': 'K' })
      expect(err).toBe('')
    }
  })

  it('of both families', async () => {
    await put('eip3009.config.json', { rpc: { 'solana-devnet': anvil } })
    expect(await known('solana-devnet')).toMatchObject({ network: 'solana-devnet', origin: 'config', url: anvil })
    const payment = await put('payment.json', fixture('solana-devnet', 'valid').input)
    const { err } = await run(['diagnose', payment, '--no-replay', '--rpc', `solana-devnet=${server.url}`], { cwd: here })
    expect(err).toBe('')
  })
})

describe('a file that nobody gave', () => {
  it('is told where it is followed, once, and its keys are not', async () => {
    const path = await put('project/eip3009.config.json', {
      rpc: { base: { url: `${server.url}/${placeholder('PATH_KEY')}`, headers: { Authorization: `Bearer ${placeholder('HEADER_KEY')}` } } },
    })
    const payment = await put('payment.json', fixture('base', 'valid').input)
    const env = { PATH_KEY: 'k3yInThePath0123456789', HEADER_KEY: 'k3yInTheHeader' }
    const { err, out } = await run(['diagnose', payment, '--no-replay'], { cwd: here, env })
    expect(err).toBe(`eip3009: base is asked at ${server.url}/… ("base" in ${path}).\n`)
    expect(server.headers.at(-1)).toMatchObject({ authorization: 'Bearer k3yInTheHeader' })
    expect(`${out}${err}`).not.toContain('k3y')
  })

  it('gets no header that was meant for another RPC', async () => {
    const path = await put('foundry.toml', `[rpc_endpoints]\nbase = "${server.url}"\n`)
    const before = server.requests.length
    expect(await run(['domains', 'base', '--rpc-header', 'authorization: KEY'], { cwd: here })).toEqual({
      code: 2,
      out: '',
      err: `eip3009: --rpc-header is for an RPC that is given by --rpc-url, --rpc or the environment; that of base is from "base" in ${path}.\n`,
    })
    expect(server.requests.length).toBe(before)
  })

  it('is not read where payments are regressed, which has to come out the same everywhere', async () => {
    await put('eip3009.config.json', '{')
    await put('cases/one.json', { payment: fixture('base', 'domain-name-mismatch').input, expect: { verdict: 'fails' } })
    expect((await run(['regress', join(folder, 'cases')], { cwd: here })).err).toBe('')
  })
})

describe('eip3009.config.json', () => {
  it('is not passed over where it is a link that leads nowhere', async () => {
    const path = join(here, 'eip3009.config.json')
    for (const [target, says] of [
      ['eip3009.config.json', 'can not be read (ELOOP); it is a link that leads back to itself.'],
      ['gone.json', 'is a link to nothing; mend it, or delete it.'],
    ] as const) {
      await rm(path, { force: true })
      await symlink(target, path)
      expect(await run(['domains', 'base'], { cwd: here })).toEqual({ code: 2, out: '', err: `eip3009: "${path}" ${says}\n` })
    }
  })

  it.each([
    ['{\n  "rpc": {\n    "base": \n', 4, 'this is not JSON from here on; mend it, or delete the file.'],
    ['{\n  "rpc": {},\n}', 2, 'the file has a trailing comma, which JSON does not allow.'],
    ['[]', 1, 'an object is expected: { "rpc": { "base": "https://…" } }.'],
    ['{\n  "rpcs": {}\n}', 2, 'there is no setting "rpcs"; the file has "rpc" (and "$schema") only.'],
    ['{\n  "rpc": []\n}', 2, 'rpc is an object of networks and URLs: { "rpc": { "base": "https://…" } }.'],
    ['{ "rpc": {\n"bse": "https://KEY.example" } }', 2, '"bse" is no network that is known; did you mean base (8453)?'],
    [
      '{ "rpc": {\n"base": "https://KEY.example",\n"eip155:8453": "https://KEY.example" } }',
      3,
      '"base" and "eip155:8453" are both base; keep one.',
    ],
    ['{ "rpc": {\n"base": 1 } }', 2, 'the RPC of "base" is a URL, or { "url": "https://…", "headers": { … } }.'],
    [
      '{ "rpc": {\n"base": { "url": "https://KEY.example", "key": "KEY" } } }',
      2,
      'the RPC of "base" has no setting "key"; it has "url" and "headers" only.',
    ],
    [
      '{ "rpc": {\n"base": { "url": "x", "headers": { "a": 1 } } } }',
      2,
      'the RPC of "base" has a header that is none: a name and a text are expected.',
    ],
  ])('%j is refused in one sentence with its line', async (text, line, says) => {
    const path = await put('eip3009.config.json', text)
    const { code, out, err } = await run(['domains', 'base'], { cwd: here })
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toBe(`eip3009: ${path}:${line}: ${says}\n`)
    expect(err).not.toContain('KEY')
  })

  it.each([
    [placeholder('NOBODY'), '"base" in FILE needs the environment variable NOBODY, which is not set.'],
    ['wss://x.example/KEY', '"base" in FILE needs a URL that starts with https:// or http://.'],
  ])('that gives %s is refused where it is wanted, and not elsewhere', async (url, says) => {
    const path = await put('eip3009.config.json', { rpc: { base: url } })
    expect(await run(['domains', 'base'], { cwd: here })).toEqual({ code: 2, out: '', err: `eip3009: ${says.replace('FILE', path)}\n` })
    expect((await run(['domains', 'polygon'], { cwd: here })).code).toBe(0)
    expect(await known('base')).toMatchObject({ url: null, problem: says.replace('FILE', path) })
  })

  it('is what its schema says', () => {
    const schema = JSON.parse(readFileSync(new URL('../../packages/cli/schema/config.schema.json', import.meta.url), 'utf8'))
    const validate = new Ajv2020({ strictTypes: true }).compile(schema)
    const good = {
      $schema: './x.json',
      rpc: { base: 'https://x', 'eip155:137': { url: placeholder('POLYGON'), headers: { authorization: 'x' } } },
    }
    expect(validate(good)).toBe(true)
    for (const bad of [
      { rpcs: {} },
      { rpc: [] },
      { rpc: { base: 1 } },
      { rpc: { base: { headers: {} } } },
      { rpc: { base: { url: 'x', key: '' } } },
    ])
      expect(validate(bad), JSON.stringify(bad)).toBe(false)
  })
})

describe('foundry.toml', () => {
  it('is read as Foundry reads it: names, tables, variables, and its .env', async () => {
    await put(
      'project/foundry.toml',
      [
        '[profile.default]',
        'src = "src"',
        '[rpc_endpoints]',
        `mainnet = "${placeholder('MAINNET_RPC')}"`,
        'anvil = "http://localhost:8545"',
        `base = "https://base.example/${placeholder(' KEY ')}"`,
        "optimism = { endpoint = 'https://op.example', retries = 3 }",
        `base_sepolia = { url = "https://sepolia.example", auth = "Bearer ${placeholder('KEY')}" }`,
        'matic = "https://matic.example"',
        'polygon = "https://polygon.example"',
        `celo = "${placeholder('KEPT')}"`,
      ].join('\n'),
    )
    await put('project/.env', 'KEPT=https://kept.example\nKEY=overridden\nPRIVATE_KEY=0x1\n')
    const env = { KEY: 'v2' }
    const { out } = await run(['networks', '--json'], { cwd: here, env })
    const rpcs = Object.fromEntries(JSON.parse(out).rpcs.map(({ network, url }: { network: string; url: string }) => [network, url]))
    expect(rpcs).toEqual({
      base: 'https://base.example/v2',
      optimism: 'https://op.example',
      'base-sepolia': 'https://sepolia.example',
      polygon: 'https://polygon.example',
      celo: 'https://kept.example',
    })
  })

  it.each([
    [
      '[rpc_endpoints\nbase = "https://KEY.example"',
      /^eip3009: \S+foundry\.toml:\d: this is no TOML, so that its \[rpc_endpoints\] are not read\.\n$/,
    ],
    [
      `[rpc_endpoints]\nbase = "${placeholder('UNSET_KEY')}"`,
      /^eip3009: passed over: "base" in \S+ needs the environment variable UNSET_KEY, which is not set\.\n$/,
    ],
    [
      '[rpc_endpoints]\nbase = "wss://KEY.example"',
      /^eip3009: passed over: "base" in \S+ needs a URL that starts with https:\/\/ or http:\/\/\.\n$/,
    ],
  ])('%j, which was not meant for us, keeps nothing from being done', async (text, says) => {
    await put('foundry.toml', text)
    const { code, err } = await run(['domains', 'base'], { cwd: here })
    expect(code).toBe(0)
    expect(err).toMatch(says)
    expect(err.replace('UNSET_KEY', '')).not.toContain('KEY')
  })
})

describe('a variable that is no network’s', () => {
  it.each([
    ['EIP3009_RPC_BASE_MAINNET', 'EIP3009_RPC_BASE'],
    ['EIP3009_RPC_8453', 'EIP3009_RPC_BASE'],
    ['EIP3009_RPC_POLIGON', 'EIP3009_RPC_POLYGON'],
    ['eip3009_rpc_base', 'EIP3009_RPC_BASE'],
    ['EIP3009_RPC_URL', null],
  ])('%s is warned of, and %s is suggested', async (variable, suggestion) => {
    const { code, err, out } = await run(['networks', '--json'], { env: { [variable]: 'https://KEY.example' } })
    expect(code).toBe(0)
    const is = suggestion === null ? '' : `; is ${suggestion} meant?`
    expect(err).toBe(`eip3009: ${variable} is no network's RPC, and counts for nothing${is}\n`)
    expect(JSON.parse(out)).toMatchObject({ rpcs: [], warnings: [{ id: 'rpc-variable-unknown', variable, suggestion }] })
  })

  it('and those that are none of ours, or set to nothing, are not', async () => {
    const { err } = await run(['domains', 'base'], { env: { EIP3009_RPC_FOO: '', RPC_BASE: 'x', EIP3009_OTHER: 'x' } })
    expect(err).toBe('')
  })
})

describe('--rpc-url public', () => {
  it('asks those of the registry, and says which', async () => {
    const asked: string[] = []
    const { fetch } = globalThis
    globalThis.fetch = (async (input: Parameters<typeof fetch>[0]) => {
      asked.push(String(input instanceof Request ? input.url : input))
      throw new TypeError('no network in tests')
    }) as typeof fetch
    try {
      const { err } = await run(['domains', 'polygon', '--rpc-url', 'public'])
      const polygon = builtInNetworks.all.find(({ id }) => id === 'polygon')
      // A domain is read from one RPC.
      expect(err).toBe(`eip3009: polygon is asked at ${polygon?.rpcUrls[0]} (the registry's public RPCs).\n`)
      expect(new Set(asked.map((url) => url.replace(/\/$/, '')))).toEqual(new Set([polygon?.rpcUrls[0]]))
      const payment = await put('payment.json', fixture('polygon', 'valid').input)
      const all = await run(['diagnose', payment, '--no-replay', '--rpc-url', 'public'])
      expect(polygon?.rpcUrls.length).toBeGreaterThan(1)
      expect(all.err).toBe(`eip3009: polygon is asked at ${polygon?.rpcUrls.join(' and ')} (the registry's public RPCs).\n`)
    } finally {
      globalThis.fetch = fetch
    }
  })

  it('and no key is sent to them', async () => {
    expect((await run(['domains', 'base', '--rpc-url', 'public', '--rpc-header', 'a: KEY'])).err).toBe(
      "eip3009: --rpc-header is for an RPC that is given by --rpc-url, --rpc or the environment; that of base is from the registry's public RPCs.\n",
    )
  })
})

describe('regress', () => {
  it('takes the RPC of one network for one network only', async () => {
    await put('cases/a.json', { payment: fixture('base', 'valid').input, expect: { verdict: 'settles' } })
    await put('cases/b.json', { payment: fixture('polygon', 'valid').input, expect: { verdict: 'settles' } })
    expect(await run(['regress', join(folder, 'cases'), '--rpc-url', server.url])).toEqual({
      code: 2,
      out: '',
      err: 'eip3009: --rpc-url is the RPC of one network, and the cases are of 2; give each its own: --rpc base=URL --rpc polygon=URL.\n',
    })
  })
})

describe('bad usage', () => {
  it.each([
    [
      'diagnose',
      ['--rpc-url', 'base=https://x.example'],
      '--rpc-url needs a URL that starts with https:// or http://; the RPC of a network by its name is given by --rpc.',
    ],
    [
      'diagnose',
      ['--rpc-url', 'https://x.example', '--rpc', 'base=https://y.example'],
      '--rpc-url and --rpc both give the RPC of base; give one.',
    ],
    ['diagnose', ['--rpc', 'bse=https://x.example'], '--rpc "bse" is no network that is known; did you mean base (8453)?'],
    [
      'regress',
      ['--rpc', 'solana=https://x.example'],
      '--rpc solana: a payment on Solana is replayed on what was kept with it ("snapshot"), and no RPC is asked.',
    ],
  ])('%s %j is one sentence', async (command, args, says) => {
    const payment = await put('payment.json', fixture('base', 'valid').input)
    const { code, err } = await run([command, command === 'regress' ? folder : payment, ...args])
    expect({ code, err }).toEqual({ code: 2, err: `eip3009: ${says}\n` })
  })
})
