import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtInNetworks, causeIds, type EvmPayment, type Revert, type SignatureLadder, type Token } from '@eip3009/core'
import { openChain } from '@eip3009/core/replay'
import {
  fixture,
  fixtureCauses,
  fixtureNetworks,
  fixtureSigner,
  realPayments,
  reverts,
  svmFixtureNetworks,
  variants,
  vectors,
} from '@eip3009/fixtures'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { encodeAbiParameters, encodeFunctionData, type Hex, parseAbi, parseSignature, serializeErc6492Signature } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { wrapTypedDataSignature } from 'viem/experimental/erc7739'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../fake-console.ts'

/** Each schema and the package that publishes it. `eip3009/NAME@1` is described by `NAME.schema.json`. */
const owners = {
  signature: 'core',
  'typed-data': 'core',
  offer: 'core',
  comparison: 'core',
  decoded: 'cli',
  domains: 'cli',
  identify: 'cli',
  networks: 'cli',
  network: 'cli',
  causes: 'cli',
  cause: 'cli',
} as const

type Name = keyof typeof owners
const names = Object.keys(owners) as readonly Name[]

const packageFile = (owner: string, path: string) =>
  JSON.parse(readFileSync(new URL(`../../packages/${owner}/${path}`, import.meta.url), 'utf8'))
const schemaOf = (name: Name) => packageFile(owners[name], `schema/${name}.schema.json`)

// A keyword that ajv would ignore, or a type that does not fit it, is an error in the schema.
const compiled = new Map<Name, ValidateFunction>(
  names.map((name) => [name, new Ajv2020({ strictTypes: true }).compile(schemaOf(name))] as const),
)

function errorsOf(name: Name, value: unknown): unknown {
  const validate = compiled.get(name)
  if (validate === undefined) throw new TypeError(`no schema ${name}`)
  return validate(value) ? [] : validate.errors
}

/** What was spoilt already: a value of the same members teaches nothing new. */
const shapes = new Set<string>()
const shapeOf = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    Array.isArray(inner) ? inner.slice(0, 2) : typeof inner === 'object' ? inner : typeof inner,
  )

/** Each member that is wrong, and each that is too much, is refused; the value is left as it was. */
function expectRefusals(name: Name, value: object): void {
  let places = 0
  spoil(value, '', (path) => {
    places++
    if (JSON.stringify(errorsOf(name, value)) === '[]') expect.unreachable(`the schema of ${name} takes a wrong value at ${path}`)
  })
  expect(places).toBeGreaterThanOrEqual(5)
}

/** Runs a command with --json and holds what it prints against its schema. */
async function printed<T = unknown>(name: Name, args: readonly string[]): Promise<T> {
  const { code, out, err } = await run([...args, '--json'])
  expect(code, err).not.toBe(2)
  const value: T = JSON.parse(out)
  // It parsed, so it is one JSON value and nothing else; it ends its line, and no escape of a terminal is in it.
  expect(out).toMatch(/^\{(?:\n|\P{Cc})*\}\n$/u)
  expect(value).toMatchObject({ schema: `eip3009/${name}@1` })
  expect(errorsOf(name, value)).toEqual([])
  const shape = shapeOf(value)
  if (!shapes.has(shape)) {
    shapes.add(shape)
    expectRefusals(name, value as object)
  }
  return value
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eip3009-schemas-'))
})
afterAll(() => rm(folder, { recursive: true }))

const textOf = (input: unknown): string => (typeof input === 'string' ? input : JSON.stringify(input))

/** What is given as a file is never taken for the name of one. */
async function file(input: unknown): Promise<string> {
  const path = join(folder, 'input.json')
  await writeFile(path, textOf(input))
  return path
}

const [vector] = vectors
if (vector === undefined) throw new TypeError('no vectors')
const valid = {
  authorization: vector.message,
  signature: vector.signature,
  network: vector.network,
  asset: vector.domain.verifyingContract,
}
const separator = vector.domainSeparator
const signature = vector.signature as Hex
const call = 'address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce'
const abi = parseAbi([
  `function transferWithAuthorization(${call}, uint8 v, bytes32 r, bytes32 s)`,
  `function receiveWithAuthorization(${call}, bytes signature)`,
])

/** The vector as a wallet is asked for it. */
function typedData() {
  const { domain, message } = vector as NonNullable<typeof vector>
  const members = call.split(', ').map((each) => each.split(' '))
  const types = { TransferWithAuthorization: members.map(([type = '', name = '']) => ({ name, type })) }
  return {
    domain: { ...domain, verifyingContract: domain.verifyingContract as Hex },
    types,
    primaryType: 'TransferWithAuthorization',
    message,
  } as const
}

const evmIds = fixtureNetworks.map((id) => [id] as const)

describe('signature', () => {
  it.each(realPayments.map(({ id, input }) => [id, input] as const))('of the real payment %s', async (_id, input) => {
    await printed('signature', ['signature', textOf(input)])
  })

  it.each(fixtureCauses.map((cause) => [cause] as const))('of the fixture %s', async (cause) => {
    await printed('signature', ['signature', textOf(fixture('base', cause).input), '--search', 'quick'])
    await printed('signature', ['signature', textOf(fixture('base', cause).input), '--search', 'quick', '--share'])
  })

  it.each(evmIds)('of a valid payment on %s', async (id) => {
    expect(await printed('signature', ['signature', textOf(fixture(id, 'valid').input)])).toMatchObject({ standing: 'valid' })
  })

  it('of every vector', async () => {
    expect(vectors.length).toBeGreaterThan(0)
    for (const { message, signature, network, domain } of vectors) {
      const payment = { authorization: message, signature, network, asset: domain.verifyingContract }
      await printed('signature', ['signature', JSON.stringify(payment)])
    }
  })

  it('of what has no signature: as the token hashes it, otherwise, of a token that nobody knows, with structs inside', async () => {
    const { domain, ...rest } = typedData()
    await printed('typed-data', ['signature', JSON.stringify({ ...rest, domain })])
    await printed('typed-data', ['signature', JSON.stringify({ ...rest, domain: { ...domain, name: 'No', version: undefined } })])
    await printed('typed-data', ['signature', JSON.stringify({ ...rest, domain: { ...domain, verifyingContract: vector.message.to } })])
    await printed('typed-data', ['signature', JSON.stringify({ ...valid, signature: undefined })])
    const types = { Mail: [{ name: 'from', type: 'Person' }], Person: [{ name: 'wallets', type: 'address[]' }] }
    const mail = { domain, types, primaryType: 'Mail', message: { from: { wallets: [vector.message.to] } } }
    await printed('typed-data', ['signature', JSON.stringify(mail), '--share'])
  })

  it.each<readonly [string, Hex]>([
    ['erc6492', serializeErc6492Signature({ address: '0x0BA5ED0c6AA8c49038F819E587E2633c4A9F428a', data: '0x3ffba36f', signature })],
    ['coinbase', encodeAbiParameters([{ type: 'tuple', components: [{ type: 'uint256' }, { type: 'bytes' }] }], [[0n, signature]])],
    ['kernel', `0x00${signature.slice(2)}`],
    ['safe', `${signature.slice(0, 130)}1f` as Hex],
    ['erc7739', wrapTypedDataSignature({ ...typedData(), signature })],
  ])('of a smart wallet of the kind %s', async (kind, wrapped) => {
    const { wallet } = await printed<SignatureLadder>('signature', ['signature', JSON.stringify({ ...valid, signature: wrapped })])
    expect(wallet?.kinds).toEqual([kind])
    await printed('signature', ['signature', JSON.stringify({ ...valid, signature: wrapped }), '--share'])
  })

  it('of bytes that are none, of a token that nobody knows, and of a search that was cut short', async () => {
    const none = await printed<SignatureLadder>('signature', ['signature', JSON.stringify({ ...valid, signature: '0x1234' })])
    expect(none.standing).toBe('unreadable')
    const other = { authorization: vector.message, signature: `0x${'11'.repeat(64)}1b` }
    expect((await printed<SignatureLadder>('signature', ['signature', JSON.stringify(other)])).expected).toBeNull()
    const stranger = textOf(fixture('base', 'signer-not-owner').input)
    const cut = await printed<SignatureLadder>('signature', ['signature', stranger, '--max-hypotheses', '2000', '--threads', '1'])
    expect(cut.ended).toBe('max-hypotheses')
  })
})

describe('compare', () => {
  it('the same, another, of two families, and one that has no signature', async () => {
    const input = textOf(fixture('base', 'valid').input)
    for (const second of [input, textOf(fixture('base', 'domain-name-mismatch').input), textOf(fixture('solana', 'valid').input)]) {
      await printed('comparison', ['compare', input, second])
      await printed('comparison', ['compare', input, second, '--share'])
    }
    await printed('comparison', ['compare', JSON.stringify(valid), JSON.stringify(typedData())])
  })
})

describe('an offer alone', () => {
  const entry = {
    scheme: 'exact',
    network: 'eip155:8453',
    amount: '10000',
    payTo: vector.message.to,
    maxTimeoutSeconds: 60,
    asset: vector.domain.verifyingContract,
    extra: { name: 'USD Coin', version: '2' },
  }

  it('good, failing, unclear, of another rail, and on Solana', async () => {
    const accepts = [
      entry,
      { ...entry, amount: '0.01', extra: {} },
      { ...entry, network: 'eip155:999999' },
      { ...entry, scheme: 'upto' },
      { ...entry, network: 'solana', asset: 'x' },
    ]
    for (const each of accepts) await printed('offer', ['diagnose', JSON.stringify({ x402Version: 2, accepts: [each] }), '--no-replay'])
    await printed('offer', ['diagnose', JSON.stringify({ x402Version: 2, accepts }), '--no-replay', '--share'])
  })
})

describe('decode', () => {
  it('a payment with what is claimed of its payer', async () => {
    const account = privateKeyToAccount(`0x${'11'.repeat(32)}`)
    const authorization = {
      from: account.address,
      to: account.address,
      value: '1',
      validAfter: '0',
      validBefore: '4102444800',
      nonce: `0x${'ab'.repeat(32)}`,
    }
    const said = { network: 'base', authorization, signature: `0x${'11'.repeat(64)}1b`, signatureType: 'erc6492' }
    expect(await printed('decoded', ['decode', JSON.stringify(said)])).toMatchObject({
      payment: { payerClaims: [{ kind: 'contract', says: 'erc6492' }] },
    })
    const own = await account.signAuthorization({ address: account.address, chainId: 8453, nonce: 1 })
    const data = encodeFunctionData({
      abi: parseAbi(['function transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)']),
      args: [account.address, account.address, 1n, 0n, 4102444800n, `0x${'ab'.repeat(32)}`, `0x${'11'.repeat(64)}1b`],
    })
    const raw = await account.signTransaction({
      type: 'eip7702',
      chainId: 8453,
      to: account.address,
      data,
      gas: 1n,
      maxFeePerGas: 1n,
      nonce: 0,
      authorizationList: [own],
    })
    expect(await printed('decoded', ['decode', raw])).toMatchObject({ payment: { payerClaims: [{ kind: 'delegated', nonce: '1' }] } })
  })

  it.each(realPayments.map(({ id, input }) => [id, input] as const))('the real payment %s', async (_id, input) => {
    expect(await printed('decoded', ['decode', await file(input)])).toHaveProperty('payment')
    await printed('decoded', ['decode', await file(input), '--share'])
  })

  it.each(fixtureCauses.map((cause) => [cause] as const))('the fixture %s', async (cause) => {
    expect(await printed('decoded', ['decode', await file(fixture('base', cause).input)])).toHaveProperty('payment')
    await printed('decoded', ['decode', await file(fixture('base', cause).input), '--share'])
  })

  it('every kind of answer', async () => {
    const seen = new Set<string>()
    for (const { input, expect: expected } of reverts) {
      if (expected.kind === 'unknown' || textOf(input) === '') continue
      const { answer } = await printed<{ readonly answer?: Revert }>('decoded', ['decode', await file(input)])
      if (answer !== undefined) seen.add(answer.kind)
      await printed('decoded', ['decode', await file(input), '--share'])
    }
    expect(await printed('decoded', ['decode', `0x4e487b71${'11'.padStart(64, '0')}`])).toMatchObject({
      answer: { kind: 'panic', code: '17' },
    })
    const kinds = schemaOf('decoded').$defs.DecodedAnswer.anyOf.map(
      (each: { properties: { kind: { const: string } } }) => each.properties.kind.const,
    )
    expect(await printed('decoded', ['decode', '{"success":true,"transaction":"","network":"base"}'])).toMatchObject({
      answer: { kind: 'event' },
    })
    expect([...seen, 'panic', 'event'].filter((kind, index, all) => all.indexOf(kind) === index).sort()).toEqual([...kinds].sort())
  })

  it('calldata, transactions, typed data, a foreign network, and no network', async () => {
    const { from, to, value, validAfter, validBefore, nonce } = vector.message
    const head = [from as Hex, to as Hex, BigInt(value), BigInt(validAfter), BigInt(validBefore), nonce as Hex] as const
    const { r, s, v } = parseSignature(signature)
    const vrs = encodeFunctionData({ abi, functionName: 'transferWithAuthorization', args: [...head, Number(v), r, s] })
    const bytes = encodeFunctionData({ abi, functionName: 'receiveWithAuthorization', args: [...head, signature] })
    const transaction = { to: vector.domain.verifyingContract as Hex, data: vrs, chainId: vector.domain.chainId }
    const raw = await privateKeyToAccount(fixtureSigner.privateKey).signTransaction({ ...transaction, gas: 1n, maxFeePerGas: 1n, nonce: 0 })
    const forms: readonly (readonly [EvmPayment['form'], unknown])[] = [
      ['calldata', vrs],
      ['calldata', bytes],
      ['calldata', { ...transaction, hash: `0x${'ab'.repeat(32)}`, from: fixtureSigner.address }],
      ['raw-transaction', raw],
      ['typed-data-and-signature', { typedData: typedData(), signature }],
      ['authorization-and-signature', { ...valid, network: 'eip155:1', asset: '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48' }],
      ['authorization-and-signature', { authorization: vector.message, signature }],
    ]
    for (const [form, input] of forms) {
      const { payment } = await printed<{ readonly payment?: EvmPayment }>('decoded', ['decode', await file(input)])
      expect(payment?.form).toBe(form)
      await printed('decoded', ['decode', await file(input), '--share'])
      await printed('signature', ['signature', await file(input)])
      await printed('signature', ['signature', await file(input), '--share'])
    }
  })

  it('a text with controls of a terminal in it', async () => {
    await printed('decoded', ['decode', await file('execution reverted: \u001b[2J\u0007\u009b FiatTokenV2: invalid signature')])
    await printed('decoded', ['decode', await file({ ...valid, network: 'base\u001b[2J\u202e' })])
  })

  it('signatures, separators, and a payment with its answer', async () => {
    for (const form of [signature, signature.slice(0, 130), `${signature.slice(0, 130)}00`, `${signature.slice(0, 130)}05`])
      expect(await printed('decoded', ['decode', form])).toHaveProperty('signature')
    expect(await printed('decoded', ['decode', separator])).toHaveProperty('separator')
    const both = { ...valid, error: 'execution reverted: FiatTokenV2: invalid signature' }
    expect(await printed('decoded', ['decode', await file(both)])).toMatchObject({ payment: {}, answer: { kind: 'error-string' } })
  })

  it.each(svmFixtureNetworks.map((id) => [id] as const))('transactions on %s, whole and bare', async (network) => {
    const all = variants(network)
    expect(all.length).toBeGreaterThan(30)
    for (const { input } of all) {
      expect(await printed('decoded', ['decode', await file(input)])).toHaveProperty('transaction')
      await printed('decoded', ['decode', await file(input), '--share'])
    }
    const { input } = fixture(network, 'valid')
    const [bare] = /(?<="transaction":")[^"]+/.exec(textOf(input)) ?? []
    expect(bare).toBeDefined()
    expect(await printed('decoded', ['decode', await file(bare)])).not.toHaveProperty('payment')
  })
})

describe('domains', () => {
  it.each([['of all'], ['of each, named']])('%s', async (which) => {
    if (which === 'of all') await printed('domains', ['domains'])
    else for (const { id } of builtInNetworks.all) await printed('domains', ['domains', id])
  })

  it('against a table that is wrong, one that is doubtful, and one with a network that is gone', async () => {
    const wrong = builtInNetworks.all.flatMap((network) =>
      network.family === 'evm' ? [[network.id, { address: network.usdc.address, name: 'Dollar', version: '9', decimals: 18 }]] : [],
    )
    const retired = { 'base-goerli': { chainId: 84531, address: '0xF175520C52418dfE19C8098071a252da48Cd1C19' } }
    const table = { ...Object.fromEntries(wrong), ...retired }
    const { against } = await printed<{ readonly against: { readonly drifts: readonly unknown[]; readonly skipped: readonly unknown[] } }>(
      'domains',
      ['domains', '--against', await file(table)],
    )
    expect(against.drifts.length).toBeGreaterThan(30)
    expect(against.skipped.length).toBeGreaterThan(0)
    const guessed = [{ network: 'polygon', symbol: 'AUSD', address: '0x00000000eFE302BEAA2b3e6e1b18d08D69a9012a', name: 'Agora Dollar' }]
    expect(await printed('domains', ['domains', '--against', await file(guessed)])).toMatchObject({ against: { drifts: [], notes: [{}] } })
  })

  it('read from a chain: the same, none there, another one, and a chain that is not the one', async () => {
    const { base } = Object.fromEntries(builtInNetworks.all.map((network) => [network.id, network]))
    if (base?.family !== 'evm') throw new TypeError('no base')
    await using chain = await openChain({ network: base })
    await using renamed = await openChain({
      chainId: 8453,
      token: { address: base.usdc.address, name: 'USDC', version: '2', symbol: 'USDC' },
    })
    const url = `http://127.0.0.1:${chain.anvil.port}`
    const read = async (id: string, from: string) => {
      type Tokens = { readonly tokens: readonly { readonly onChain: { readonly status: string; readonly separator?: string | null } }[] }
      const { tokens } = await printed<Tokens>('domains', ['domains', id, '--rpc-url', from])
      return tokens.map(({ onChain }) => onChain)
    }
    expect(await read('base', url)).toMatchObject([{ status: 'same' }, { status: 'differs', separator: null }])
    const [differs] = await read('base', `http://127.0.0.1:${renamed.anvil.port}`)
    expect(differs).toMatchObject({ status: 'differs', separator: expect.stringMatching(/^0x/) })
    expect((await read('polygon', url))[0]).toMatchObject({ status: 'unread' })
  })
})

describe('identify', () => {
  it('every separator that is published', async () => {
    const tokens = builtInNetworks.all.flatMap((network): readonly Token[] =>
      network.family === 'evm' ? [network.usdc, ...network.otherTokens] : [],
    )
    const published = tokens.flatMap((token) => token.separator ?? [])
    expect(published.length).toBeGreaterThanOrEqual(15)
    for (const each of published) expect(await printed('identify', ['identify', each])).toHaveProperty('found.domain')
  })

  it('one with a salt, one with a wrong name, and one that nothing gives', async () => {
    await printed('identify', ['identify', '0x294369e003769a2d4d625e8a9ebebffa09ff70dd7c708497d8b56d2c2d199a19'])
    // "USDC" on Base, as a token of that name has it.
    await printed('identify', ['identify', '0xe824be45ff6ee69e5f9486cef877c2a7f3c987b25b91038a372bb1c70646a3d7'])
    expect(await printed('identify', ['identify', `0x${'11'.repeat(32)}`, '--hint', 'name=GLUE'])).toMatchObject({ found: null })
  })
})

describe('networks', () => {
  it('all', async () => {
    expect(await printed('networks', ['networks'])).toHaveProperty('networks.length', builtInNetworks.all.length)
  })

  it.each(builtInNetworks.all.map(({ id }) => [id] as const))('%s', async (id) => {
    expect(await printed('network', ['networks', id])).toMatchObject({ network: { id } })
  })
})

describe('explain', () => {
  it('all', async () => {
    const { causes } = await printed<{ readonly causes: object }>('causes', ['explain'])
    expect(Object.keys(causes)).toEqual(causeIds)
  })

  it.each(causeIds.map((id) => [id] as const))('%s', async (id) => {
    expect(await printed('cause', ['explain', id])).toMatchObject({ id })
  })
})

describe('a wrong value is refused', () => {
  const samples: readonly (readonly [Name, string, () => Promise<readonly string[]>])[] = [
    ['signature', 'a valid one', async () => ['signature', JSON.stringify(valid)]],
    ['signature', 'another message', async () => ['signature', textOf(fixture('base', 'message-altered').input)]],
    ['decoded', 'a payment', async () => ['decode', await file(fixture('base', 'amount-mismatch').input)]],
    ['decoded', 'an answer', async () => ['decode', 'execution reverted: FiatTokenV2: authorization is expired']],
    ['decoded', 'a signature', async () => ['decode', vector.signature]],
    ['decoded', 'a separator', async () => ['decode', separator]],
    ['decoded', 'a transaction on Solana', async () => ['decode', await file(fixture('solana', 'svm-memo-mismatch').input)]],
    [
      'domains',
      'a table against',
      async () => [
        'domains',
        'base',
        '--against',
        await file({ base: { address: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', name: 'USDC', version: '1' } }),
      ],
    ],
    ['identify', 'found', async () => ['identify', separator]],
    ['networks', 'all', async () => ['networks']],
    ['network', "of Ethereum's kind", async () => ['networks', 'polygon']],
    ['network', "of Solana's kind", async () => ['networks', 'solana']],
    ['causes', 'all', async () => ['explain']],
    ['cause', 'one', async () => ['explain', 'domain-name-mismatch']],
  ]

  it.each(samples)('%s (%s): a member more, a member of another type, and a member less', async (name, _what, args) => {
    const value = await printed<Record<string, unknown>>(name, await args())
    expectRefusals(name, value)
    for (const member of ['schema', Object.keys(value).at(-1) ?? '']) {
      const { [member]: _left, ...rest } = value
      expect(errorsOf(name, rest), `without ${member}`).not.toEqual([])
    }
    expect(errorsOf(name, { ...value, schema: `eip3009/${name}@2` })).not.toEqual([])
    // What was spoilt was put back: it was the wrong value that was refused.
    expect(errorsOf(name, value)).toEqual([])
  })

  it.each([
    ['signature', 'standing', 'maybe', ['signature', JSON.stringify(valid)]],
    ['signature', 'expected.message.value', '0.01', ['signature', JSON.stringify(valid)]],
    ['signature', 'expected.message.validBefore', 1761925342, ['signature', JSON.stringify(valid)]],
    ['signature', 'tried', -1, ['signature', JSON.stringify(valid)]],
    ['decoded', 'answer.kind', 'guess', ['decode', 'nonce too low']],
    ['decoded', 'answer.retry', 'later', ['decode', 'nonce too low']],
    ['decoded', 'payment.authorization.from', '0x12', ['decode', JSON.stringify(valid)]],
    ['decoded', 'payment.form', 'letter', ['decode', JSON.stringify(valid)]],
    ['domains', 'tokens.0.onChain.status', 'perhaps', ['domains', 'base']],
    ['domains', 'tokens.0.domain.chainId', '8453', ['domains', 'base']],
    ['domains', 'tokens.0.computed', '0x02FA', ['domains', 'base']],
    ['identify', 'found.layout', 'strange', ['identify', separator]],
    ['identify', 'found.domain.chainId', 8453, ['identify', separator]],
    ['networks', 'networks.0.family', 'bitcoin', ['networks']],
    ['network', 'network.usdc.layout', 'pepper', ['networks', 'base']],
    ['network', 'network.mint', '0OIl', ['networks', 'solana']],
    ['causes', 'sections.0.causes.0', 'Domain name', ['explain']],
    ['cause', 'retry', 'again', ['explain', 'expired']],
    ['cause', 'parties.0', 'somebody', ['explain', 'expired']],
  ] as const)('%s with %s of %j', async (name, path, wrong, args) => {
    const value = await printed(name, args)
    const steps = path.split('.')
    const last = steps.pop() ?? ''
    const parent = steps.reduce((here, step) => Reflect.get(here as object, step) as unknown, value) as object
    expect(Reflect.has(parent, last)).toBe(true)
    Reflect.set(parent, last, wrong)
    expect(errorsOf(name, value)).not.toEqual([])
  })
})

/** Makes each place of a value wrong in turn, tells `refused` about it, and puts it right again. */
function spoil(value: object, path: string, refused: (path: string) => void): void {
  const more = Array.isArray(value) ? value.length : 'surprise'
  Reflect.set(value, more, {})
  refused(`${path}/${more}`)
  if (Array.isArray(value)) value.pop()
  else Reflect.deleteProperty(value, more)
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'object' && inner !== null) spoil(inner, `${path}/${key}`, refused)
    Reflect.set(value, key, { surprise: inner })
    refused(`${path}/${key}`)
    Reflect.set(value, key, inner)
  }
}

describe('the schemas belong together', () => {
  it('what several of them define, they define in the same words', () => {
    const first = new Map<string, unknown>(Object.entries(packageFile('core', 'schema/diagnosis.schema.json').$defs))
    let shared = 0
    for (const name of names) {
      for (const [definition, schema] of Object.entries(schemaOf(name).$defs ?? {})) {
        if (first.has(definition)) {
          shared++
          expect(schema, `${definition} of ${name}`).toEqual(first.get(definition))
        } else first.set(definition, schema)
      }
    }
    expect(shared).toBeGreaterThan(10)
  })

  it.each(names.map((name) => [name] as const))('%s has its name in its id, and is packed', (name) => {
    const { $schema, $id, description } = schemaOf(name)
    expect({ $schema, $id }).toEqual({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `urn:eip3009:schema:${name}:1` })
    expect(description).toMatch(/^What `eip3009 [a-z]+.* --json` prints/)
    const { files, exports } = packageFile(owners[name], 'package.json')
    expect(files).toContain('schema')
    expect(exports['./schema/*']).toBe('./schema/*')
  })
})
