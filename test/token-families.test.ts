import {
  builtInNetworks,
  createNetworks,
  diagnose,
  type EvmDiagnosis,
  type EvmNetwork,
  readEvmPayment,
  type TokenFamily,
} from '@eip3009/core'
import { type ChainSource, chainReader } from '@eip3009/core/chain'
import { embeddedReplayer } from '@eip3009/core/replay'
import { type Address, encodeErrorResult, type Hex, keccak256, parseAbi, stringToHex, toFunctionSelector } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { authorizationMembers } from './chain/chain-world.ts'
import { run } from './fake-console.ts'

// What the tool says of tokens that are not Circle's: whose code was replayed, and whose words are whose.

const payer = privateKeyToAccount(keccak256(stringToHex('token families: payer')))
const stranger = privateKeyToAccount(keccak256(stringToHex('token families: stranger')))
const payee: Address = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const zero: Address = '0x0000000000000000000000000000000000000000'
const token: Address = '0x00000000000000000000000000000000000c0de0'
const now = 1_790_000_000n

interface Signed {
  readonly network?: string
  readonly asset?: Address
  readonly domain: object
  readonly to?: Address
  readonly nonce?: Hex
  readonly validAfter?: bigint
  readonly validBefore?: bigint
  readonly signer?: typeof payer
}

/** A payment as one pastes it, signed by viem. */
async function signed({ network, asset, domain, to = payee, signer = payer, ...rest }: Signed): Promise<object> {
  const message = { from: payer.address, to, value: 10_000n, validAfter: 0n, validBefore: now + 300n, nonce: turn(0n), ...rest }
  const { from, value, validAfter, validBefore, nonce } = message
  const signature = await signer.signTypedData({
    domain,
    types: { TransferWithAuthorization: authorizationMembers },
    primaryType: 'TransferWithAuthorization',
    message: { from, to, value, validAfter, validBefore, nonce },
  })
  const text = { from, to, value: String(value), validAfter: String(validAfter), validBefore: String(validBefore), nonce }
  return { ...(network === undefined ? {} : { network }), ...(asset === undefined ? {} : { asset }), authorization: text, signature }
}

/** A key of 24 bytes, and one of its turns. */
function turn(number: bigint): Hex {
  return `0x${'ab'.repeat(24)}${number.toString(16).padStart(16, '0')}`
}

/** A network whose token is of a family. */
function networkOf(family: TokenFamily, version = '1') {
  const network = { id: 'some-chain', chainId: 900_001, usdc: { address: token, name: 'Some Dollar', version, family } } as const
  const domain = { name: 'Some Dollar', version, chainId: network.chainId, verifyingContract: token }
  return { networks: createNetworks([network]), network: network.id, domain }
}

const builtIn = (id: string): EvmNetwork => builtInNetworks.all.find((network) => network.id === id) as EvmNetwork

async function diagnosed(family: TokenFamily, changes: Partial<Signed> = {}, replayed = true): Promise<EvmDiagnosis> {
  const { networks, network, domain } = networkOf(family, family.startsWith('FiatToken') ? '2' : '1')
  const input = await signed({ network, domain, ...changes })
  return diagnose(readEvmPayment(input, { networks }), { now, at: now, networks, ...(replayed ? { replayer: embeddedReplayer() } : {}) })
}

describe("a stand-in's words are not the token's", () => {
  const celo = builtIn('celo')
  const usdt = celo.otherTokens.find(({ symbol }) => symbol === 'USDT')
  const polygon = builtIn('polygon')
  const bridged: Address = '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174'
  const asset = usdt?.address ?? zero

  it("Celo's USDT under a wrong name: our stand-in says FiatToken's words, the token itself Tether's", async () => {
    const input = await signed({ network: 'celo', asset, domain: { name: 'USD₮', version: '1', chainId: 42220, verifyingContract: asset } })
    const text = await run(['diagnose', JSON.stringify(input), '--at', String(now)])
    expect(text.out).toContain('cause domain-name-mismatch')
    expect(text.out).toContain('Our stand-in says         FiatTokenV2: invalid signature')
    expect(text.out).toContain('The token itself          words it TetherToken: invalid signature')
    expect(text.out).not.toContain('Token says ')
    const json = JSON.parse((await run(['diagnose', JSON.stringify(input), '--at', String(now), '--json'])).out) as EvmDiagnosis
    expect(json.replay?.code).toEqual({ kind: 'stand-in', family: 'FiatTokenV2_1', of: 'TetherTokenV2' })
    expect(json.replay?.runs[0]).toMatchObject({ revert: 'FiatTokenV2: invalid signature', tokenSays: 'TetherToken: invalid signature' })
  })

  it("Polygon's USDC.e, used up: GasAbstraction's words", async () => {
    const domain = { name: 'USD Coin (PoS)', version: '1', verifyingContract: bridged, salt: `0x${(137).toString(16).padStart(64, '0')}` }
    const input = await signed({ network: 'polygon', asset: bridged, domain, validBefore: now })
    const diagnosis = await diagnose(readEvmPayment(input), { now, at: now, replayer: embeddedReplayer() })
    expect(polygon.lookalikes.find(({ symbol }) => symbol === 'USDC.e')?.family).toBe('UChildAdministrableERC20')
    expect(diagnosis.replay?.runs[0]).toMatchObject({
      revert: 'FiatTokenV2: authorization is expired',
      tokenSays: 'GasAbstraction: authorization is expired',
    })
    // It never asks a payer's code.
    expect(diagnosis.explanations.map(({ cause }) => cause)).not.toContain('eip7702-payer')
  })

  it.each([
    ['TetherTokenV2', 'TetherToken: invalid signature', 'eip7702-payer'],
    ['PaxosTokenV2', 'InvalidSignature()', undefined],
    ['AgoraDollar', 'InvalidSignature()', undefined],
    ['FiatTokenV2_2', 'FiatTokenV2: invalid signature', 'eip7702-payer'],
    ['ERC3009', 'ERC3009InvalidSignature()', undefined],
  ] as const)('%s settles, and what else could have been answered is in its words', async (family, words, delegated) => {
    const { verdict, explanations } = await diagnosed(family)
    expect(verdict).toBe('settles')
    expect(explanations.map(({ revert }) => revert)).toEqual(explanations.map(() => words))
    expect(explanations.length).toBeGreaterThan(1)
    expect(explanations.find(({ cause }) => cause === 'eip7702-payer')?.cause).toBe(delegated)
    // Only its own code shows what a token does.
    expect(explanations.some(({ shown }) => shown)).toBe(family === 'FiatTokenV2_2')
  })

  it("the token's own code speaks for itself", async () => {
    const { domain, network } = networkOf('FiatTokenV2_2', '2')
    expect(network).toBe('some-chain')
    const diagnosis = await diagnosed('FiatTokenV2_2', { domain: { ...domain, name: 'Other Dollar' } })
    expect(diagnosis.replay?.code).toEqual({ kind: 'artifact', family: 'FiatTokenV2_2' })
    expect(diagnosis.replay?.runs[0]).toMatchObject({ revert: 'FiatTokenV2: invalid signature', tokenSays: null })
  })
})

describe("OpenZeppelin's tokens", () => {
  it.each(['ERC3009', 'ERC20TransferAuthorization'] as const)(
    '%s: a wrong name is proven on its own code, in its own words',
    async (family) => {
      const { domain } = networkOf(family)
      const diagnosis = await diagnosed(family, { domain: { ...domain, name: 'USD Coin' } })
      expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'domain-name-mismatch', proof: 'proven' })
      expect(diagnosis.replay?.code).toEqual({ kind: 'artifact', family })
      expect(diagnosis.replay?.runs.slice(0, 2)).toMatchObject([
        { outcome: 'reverted', revert: 'ERC3009InvalidSignature()', tokenSays: null },
        { outcome: 'settled' },
      ])
    },
  )

  it.each([
    ['ERC3009', { signer: stranger }, 'signer-not-owner', 'ERC3009InvalidSignature()'],
    ['ERC3009', { validBefore: now }, 'expired', `ERC3009InvalidAuthorizationTime(validAfter: 0, validBefore: ${now})`],
    ['ERC20TransferAuthorization', { validAfter: now }, 'not-yet-valid', /^ERC3009InvalidAuthorizationTime/],
    ['ERC20TransferAuthorization', { nonce: keccak256('0x01') }, 'nonce-out-of-sequence', /^InvalidAccountNonce/],
  ] as const)('a %s that fails another way (%#)', async (family, changes, cause, revert) => {
    const diagnosis = await diagnosed(family, changes)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause })
    expect(diagnosis.replay?.runs[0]?.revert).toEqual(typeof revert === 'string' ? revert : expect.stringMatching(revert))
    if (cause !== 'signer-not-owner') expect(diagnosis.proof).toBe('proven')
  })

  it('a nonce that is some turn of its key settles, on the condition that it is the next', async () => {
    const diagnosis = await diagnosed('ERC20TransferAuthorization', { nonce: turn(7n) })
    expect(diagnosis).toMatchObject({ verdict: 'settles', proof: 'proven' })
    expect(diagnosis.assumes).toContain('its nonce is the next of its key')
  })

  it('a token that nothing here knows is of the family that it is told to be', async () => {
    const domain = { name: 'Nobody Dollar', version: '1', chainId: 900_002, verifyingContract: token }
    const input = JSON.stringify({ ...(await signed({ domain, asset: token })), chainId: 900_002 })
    const told = ['--chain-id', '900002', '--token', token, '--token-name', 'Nobody Dollar', '--token-version', '1']
    const args = ['diagnose', input, ...told, '--at', String(now), '--json', '--token-family']
    const { replay, verdict } = JSON.parse((await run([...args, 'erc20transferauthorization'])).out) as EvmDiagnosis
    expect([verdict, replay?.code]).toEqual(['settles', { kind: 'artifact', family: 'ERC20TransferAuthorization' }])
    const unknown = await run([...args, 'ERC-3009'])
    expect([unknown.code, unknown.out]).toEqual([2, ''])
    expect(unknown.err).toContain('--token-family "ERC-3009" is no family of tokens; give one of FiatTokenV2, ')
  })

  it('a window in numbers of blocks is for the chain to judge', async () => {
    const flag = 1n << 47n
    const diagnosis = await diagnosed('ERC3009', { validAfter: flag + 99n, validBefore: flag + 201n })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: null })
    expect(diagnosis.headline).toContain('numbers of blocks, 100 to 200')
    expect(diagnosis.money.says).toContain('from block 100 to block 200')
    // On a token that knows seconds only it opens in a few million years.
    expect(await diagnosed('FiatTokenV2_2', { validAfter: flag + 99n, validBefore: flag + 201n })).toMatchObject({
      verdict: 'fails',
      cause: 'not-yet-valid',
    })
  })
})

describe('a payee that the token refuses as such', () => {
  it.each([true, false])('the FiatToken itself, replayed: %s', async (replayed) => {
    const diagnosis = await diagnosed('FiatTokenV2_2', { to: token }, replayed)
    expect(diagnosis).toMatchObject({
      verdict: 'fails',
      cause: 'blacklisted',
      retry: { action: 'sign-again' },
      proof: replayed ? 'proven' : 'inferred',
    })
    expect(diagnosis.headline).toContain('Blacklistable: account is blacklisted')
    // Who keeps the list can take it off.
    expect(diagnosis.money).toMatchObject({ state: 'can-move', instruments: [{ needs: ['list'] }] })
    if (replayed) expect(diagnosis.replay?.runs.slice(0, 2).map(({ outcome }) => outcome)).toEqual(['reverted', 'settled'])
  })

  it.each([true, false])('the zero address, replayed: %s', async (replayed) => {
    const diagnosis = await diagnosed('FiatTokenV2_2', { to: zero }, replayed)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'payee-not-payable', retry: { action: 'sign-again' } })
    expect(diagnosis.headline).toContain('ERC20: transfer to the zero address')
    expect(diagnosis.money).toMatchObject({ state: 'not-moved', says: expect.stringContaining('never will move it') })
    if (replayed) expect(diagnosis.replay?.runs[0]?.revert).toBe('ERC20: transfer to the zero address')
  })

  it.each([
    ['FiatTokenV2_2', '2', 'blacklisted'],
    ['FiatTokenV2', '2', null],
    ['UChildAdministrableERC20', '1', null],
    ['TetherTokenV2', '1', 'payee-not-payable'],
    ['PaxosTokenV2', '1', null],
    ['ERC3009', '1', null],
  ] as const)('%s pays itself or does not, and no stand-in says otherwise', async (family, _version, cause) => {
    const layout = family === 'UChildAdministrableERC20'
    const salted = { name: 'Some Dollar', version: '1', verifyingContract: token, salt: `0x${(900_001).toString(16).padStart(64, '0')}` }
    const diagnosis = await diagnosed(family, { to: token, ...(layout ? { domain: salted } : {}) })
    expect([diagnosis.verdict, diagnosis.cause]).toEqual([cause === null ? 'settles' : 'fails', cause])
  })

  it('of an authorization whose payee was changed afterwards, what was signed can still move', async () => {
    const { networks, network, domain } = networkOf('FiatTokenV2_2', '2')
    const input = (await signed({ network, domain })) as { readonly authorization: object }
    const altered = readEvmPayment({ ...input, authorization: { ...input.authorization, to: zero } }, { networks })
    const diagnosis = await diagnose(altered, { now, at: now, networks })
    expect(diagnosis.findings.map(({ cause }) => cause)).toContain('payee-not-payable')
    expect(diagnosis.money.says).not.toContain('the token pays nobody')
  })
})

describe('read from a chain', () => {
  /** A node of one contract: what it answers to each view, and to the simulated transfer. */
  function node(views: Readonly<Record<string, boolean>>, transfer: { readonly data?: Hex } | 'succeeds', blockNumber = 100): ChainSource {
    const word = (bit: boolean): Hex => `0x${(bit ? '1' : '0').padStart(64, '0')}`
    const selectors = new Map(Object.entries(views).map(([name, answer]) => [toFunctionSelector(name), answer]))
    const block = { number: `0x${blockNumber.toString(16)}`, hash: `0x${'11'.repeat(32)}`, timestamp: `0x${now.toString(16)}` }
    return {
      request: async ({ method, params = [] }: { method: string; params?: readonly unknown[] }) => {
        if (method === 'eth_chainId') return '0xdbba1'
        if (method === 'eth_getBlockByNumber') return block
        if (method === 'eth_blockNumber') return block.number
        if (method === 'eth_getStorageAt') return word(false)
        if (method === 'eth_getBalance') return '0x0'
        if (method === 'eth_gasPrice') return '0x1'
        if (method === 'eth_getTransactionCount') return '0x0'
        if (method === 'eth_getCode') return (params[0] as string).toLowerCase() === token ? `0x63e3ee160e63cf0929955b00` : '0x'
        if (method !== 'eth_call') throw Object.assign(new TypeError('the method does not exist'), { code: -32601 })
        const { data } = params[0] as { readonly data: Hex }
        const selector = data.slice(0, 10)
        if (selector === '0xe3ee160e' || selector === '0xcf092995') {
          if (transfer === 'succeeds') return '0x'
          throw Object.assign(new TypeError('execution reverted'), { code: 3, data: transfer.data })
        }
        if (selector === toFunctionSelector('balanceOf(address)')) return `0x${'ffffff'.padStart(64, '0')}`
        if (selector === toFunctionSelector('authorizationState(address,bytes32)')) return word(false)
        const answer = selectors.get(selector as Hex)
        if (answer === undefined) throw Object.assign(new TypeError('execution reverted'), { code: 3, data: '0x' })
        return word(answer)
      },
    }
  }
  const error = (declaration: string, args: readonly unknown[]): Hex => {
    const abi = parseAbi([`error ${declaration}`] as readonly string[])
    return encodeErrorResult({ abi, args } as never)
  }

  async function onChain(
    family: TokenFamily | undefined,
    source: ChainSource,
    changes: Partial<Signed> = {},
    facilitator?: Address,
  ): Promise<EvmDiagnosis> {
    const version = family === undefined || family.startsWith('FiatToken') ? '2' : '1'
    const usdc = {
      address: token,
      name: 'Some Dollar',
      version,
      ...(family === undefined ? { overloads: { vrs: true, bytes: false } } : { family }),
    }
    const networks = createNetworks([{ id: 'some-chain', chainId: 900_001, usdc }])
    const domain = { name: 'Some Dollar', version, chainId: 900_001, verifyingContract: token }
    const paid = readEvmPayment(await signed({ network: 'some-chain', domain, ...changes }), { networks })
    return diagnose(paid, { now, networks, chains: [chainReader(source)], ...(facilitator === undefined ? {} : { facilitator }) })
  }
  const causes = ({ findings }: EvmDiagnosis): readonly string[] => findings.map(({ cause }) => cause)
  const skipped = (diagnosis: EvmDiagnosis, check: string): string | undefined =>
    diagnosis.skipped.find((each) => each.check === check)?.reason

  it.each([
    ['PaxosTokenV2', 'isFrozen(address)'],
    ['TetherTokenV2', 'isBlocked(address)'],
    ['FiatTokenV2_2', 'isBlacklisted(address)'],
    ['AgoraDollar', 'isAccountFrozen(address)'],
    [undefined, 'isFrozen(address)'],
  ] as const)('the list of %s is asked by %s', async (family, view) => {
    expect(causes(await onChain(family, node({ [view]: true }, { data: '0x' })))).toContain('blacklisted')
    const clean = await onChain(family, node({ [view]: false, 'paused()': false, 'isTransferPaused()': false }, 'succeeds'))
    expect(causes(clean)).not.toContain('blacklisted')
    expect(skipped(clean, 'nobody is blacklisted')).toBeUndefined()
  })

  it.each([undefined, 'ERC3009'] as const)('where %s has no such function nobody knows', async (family) => {
    const diagnosis = await onChain(family, node({ 'paused()': false }, 'succeeds'))
    expect(skipped(diagnosis, 'nobody is blacklisted')).toBe('the token has none of isBlacklisted, isFrozen, isBlocked that would tell')
  })

  it('a token that can not be paused is not asked for more', async () => {
    expect(
      skipped(await onChain('TetherTokenV2', node({ 'isBlocked(address)': false }, 'succeeds')), 'token is not paused'),
    ).toBeUndefined()
    expect(skipped(await onChain('ERC3009', node({}, 'succeeds')), 'token is not paused')).toBe('the token has no paused() that would tell')
  })

  it("an address that Tether has blocked can be paid, which is why its list is not asked for the payee's sake", async () => {
    const list = {
      request: async (call: { method: string; params?: readonly unknown[] }) => {
        const inner = node({ 'isBlocked(address)': false }, 'succeeds') as { request(call: object): Promise<unknown> }
        const data = (call.params?.[0] as { readonly data?: string } | undefined)?.data ?? ''
        const isPayee =
          data.startsWith(toFunctionSelector('isBlocked(address)')) && data.toLowerCase().endsWith(payee.slice(2).toLowerCase())
        return isPayee ? `0x${'1'.padStart(64, '0')}` : inner.request(call)
      },
    }
    expect(await onChain('TetherTokenV2', list)).toMatchObject({ verdict: 'settles' })
  })

  it('the relayer that a token has blocked is named, not the payer', async () => {
    const relayer: Address = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8'
    const data = encodeErrorResult({ abi: parseAbi(['error Error(string)']), args: ['Blocked: msg.sender is blocked'] })
    const diagnosis = await onChain('TetherTokenV2', node({ 'isBlocked(address)': false }, { data }), {}, relayer)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'relayer-blocked', party: 'facilitator', retry: { action: 'send-same' } })
  })

  it.each([
    [turn(7n), 'nonce-out-of-turn', 'send-same'],
    [keccak256('0x02'), 'nonce-out-of-sequence', 'sign-again'],
  ] as const)('InvalidAccountNonce of %s is %s', async (nonce, cause, retry) => {
    const due = BigInt(`${nonce.slice(0, 50)}${'3'.padStart(16, '0')}`)
    const data = error('InvalidAccountNonce(address account, uint256 currentNonce)', [payer.address, due])
    for (const family of ['ERC20TransferAuthorization', undefined] as const) {
      const diagnosis = await onChain(family, node({ 'paused()': false }, { data }), { nonce })
      expect([family, diagnosis.verdict, diagnosis.cause, diagnosis.retry.action]).toEqual([family, 'fails', cause, retry])
    }
  })

  it.each([
    [99n, 'settles', null],
    [100n, 'fails', 'not-yet-valid'],
  ] as const)('a window that opens after block %i %s at block 100', async (after, verdict, cause) => {
    const flag = 1n << 47n
    const source = node({}, cause === null ? 'succeeds' : { data: '0x' }, 100)
    const diagnosis = await onChain('ERC3009', source, { validAfter: flag + after, validBefore: flag + 300n })
    expect([diagnosis.verdict, diagnosis.cause]).toEqual([verdict, cause])
  })
})
