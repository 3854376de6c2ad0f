import { builtInNetworks, diagnose, type EvmDiagnosis, type ForeignNetwork, readEvmPayment } from '@eip3009/core'
import { embeddedReplayer, type Replayer } from '@eip3009/core/replay'
import fc from 'fast-check'
import { type Address, domainSeparator, getAddress, type Hex, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { runs } from './runs.ts'

const account = privateKeyToAccount(keccak256(toHex('eip3009 test: where knowledge comes from')))
const payTo = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const now = 1_760_000_000n

interface Domain {
  readonly name: string
  readonly version: string
  readonly chainId: number
  readonly verifyingContract: Address
}

const members = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const

/** What a server asks for and a client signs, both by the same domain: signed by viem. */
async function signedAsOffered(
  domain: Domain,
  { value = 10_000n, nonce = keccak256(toHex(domain.name)) as Hex, network = `eip155:${domain.chainId}` } = {},
) {
  const message = { from: account.address, to: payTo, value, validAfter: 0n, validBefore: now + 600n, nonce } as const
  const signature = await account.signTypedData({
    domain,
    types: { TransferWithAuthorization: members },
    primaryType: 'TransferWithAuthorization',
    message,
  })
  const authorization = { ...message, value: String(value), validAfter: '0', validBefore: String(message.validBefore) }
  const { name, version, verifyingContract: asset } = domain
  const accepted = { scheme: 'exact', network, asset, amount: String(value), payTo, maxTimeoutSeconds: 600, extra: { name, version } }
  return { x402Version: 2, accepted, payload: { signature, authorization } }
}

const judge = (input: object, replayer?: Replayer): Promise<EvmDiagnosis> =>
  diagnose(readEvmPayment(input), { now, ...(replayer === undefined ? {} : { replayer }) })

const foreign = builtInNetworks.foreign.filter(
  (network): network is ForeignNetwork & Required<Pick<ForeignNetwork, 'usdc'>> => network.usdc !== undefined,
)

describe.each(foreign)('the USDC of $id, which is not one of the 17', ({ id, chainId, usdc }) => {
  const own = { name: usdc.name, version: usdc.version, chainId, verifyingContract: usdc.address }
  const wrong = { ...own, name: usdc.name === 'USDC' ? 'USD Coin' : 'USDC' }

  it('settles under its own name, and not under a wrong one that the offer shares', async () => {
    const replayer = embeddedReplayer()
    const good = await judge(await signedAsOffered(own), replayer)
    expect(good).toMatchObject({
      verdict: 'settles',
      payment: { network: id, symbol: 'USDC', decimals: 6 },
      evm: { token: { domain: { from: 'registry' } } },
    })
    // What nobody published as read from the chain is known by a table, and proves nothing.
    expect(good.proof).toBe(usdc.separator === undefined ? 'inferred' : 'proven')
    const bad = await judge(await signedAsOffered(wrong), replayer)
    expect(bad).toMatchObject({ verdict: 'fails', cause: 'domain-name-mismatch', party: 'server' })
    expect(bad.evm.domain).toMatchObject({ signed: { name: wrong.name }, expected: { name: usdc.name } })
    expect(bad.replay?.runs[0]).toMatchObject({ outcome: 'reverted' })
    // The separator is the published one, or what viem makes of the domain.
    expect(bad.evm.domain.expected?.separator).toBe(usdc.separator ?? domainSeparator({ domain: own }))
  })
})

/** Causes of the offer's or the payload's own form: they need nobody to know the token. */
const ofTheOffer = new Set([
  'asset-mismatch',
  'network-unsupported',
  'domain-name-mismatch',
  'domain-version-mismatch',
  'nonstandard-domain-layout',
  'domain-field-missing',
  'token-without-eip3009',
])

const addresses = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => getAddress(toHex(bytes)))
const texts = fc.string({ minLength: 1, maxLength: 16, unit: 'grapheme-ascii' })
const knownChainIds = new Set([...builtInNetworks.index.keys()].filter((key) => /^\d+$/.test(key)).map(Number))

/** A token that nothing here knows, on a chain that it knows, or on one that it does not. */
const unknownTokens = fc.record({
  name: fc.oneof(texts, fc.constantFrom('USD Coin', 'USDC', 'JPY Coin', 'USD₮0')),
  version: fc.constantFrom('1', '2', '3'),
  chainId: fc.oneof(
    fc.constantFrom(...knownChainIds).filter((id) => builtInNetworks.index.get(String(id)) !== undefined),
    fc.integer({ min: 1, max: 2 ** 40 }).filter((id) => !knownChainIds.has(id)),
  ),
  verifyingContract: addresses,
})

describe('a token that only the payload knows', () => {
  it('is never said to take a payment, or to refuse it for what it is named', async () => {
    const replayer = { open: () => expect.fail('there is nothing to replay it on') } as const
    let looked = 0
    await fc.assert(
      fc.asyncProperty(unknownTokens, fc.bigInt({ min: 1n, max: 10n ** 24n }), async (domain, value) => {
        const diagnosis = await judge(await signedAsOffered(domain, { value }), replayer)
        expect(diagnosis).toMatchObject({
          verdict: 'inconclusive',
          proof: null,
          cause: null,
          undecided: { id: 'token-unknown' },
          payment: { decimals: null },
        })
        expect(diagnosis.evm.token).toMatchObject({ domain: { from: 'claim' }, units: null })
        expect(diagnosis.undecided?.check).toContain(`cast call ${domain.verifyingContract} "DOMAIN_SEPARATOR()(bytes32)"`)
        expect(diagnosis.undecided?.check).toContain(domainSeparator({ domain }))
        for (const { cause, severity } of diagnosis.findings) {
          expect(ofTheOffer).toContain(cause)
          expect(severity).not.toBe('error')
        }
        looked++
      }),
      { numRuns: 200 },
    )
    expect(looked).toBeGreaterThanOrEqual(runs(200))
  })

  it('is not judged either where the offer says another name than was signed', async () => {
    let looked = 0
    for (const [signed, offered] of [
      ['USDC', 'USD Coin'],
      ['USD Coin', 'Some Coin'],
    ] as const) {
      const domain = {
        name: signed,
        version: '2',
        chainId: 137,
        verifyingContract: getAddress('0x00000000000000000000000000000000000beef4'),
      }
      const input = await signedAsOffered(domain)
      const diagnosis = await judge({ ...input, accepted: { ...input.accepted, extra: { name: offered, version: '2' } } })
      expect(diagnosis).toMatchObject({
        verdict: 'inconclusive',
        undecided: { id: 'token-unknown' },
        evm: { domain: { signed: { name: signed } } },
      })
      expect(diagnosis.findings.filter(({ severity }) => severity === 'error')).toEqual([])
      expect(diagnosis.headline).toContain(signed)
      expect(diagnosis.headline).not.toContain('as offered')
      expect(diagnosis.undecided?.check).toContain(domainSeparator({ domain }))
      looked++
    }
    expect(looked).toBe(2)
  })

  it('is judged by what the user tells of it', async () => {
    await fc.assert(
      fc.asyncProperty(unknownTokens, fc.integer({ min: 0, max: 18 }), async (domain, decimals) => {
        const input = await signedAsOffered(domain)
        const { name, version } = domain
        const told = await diagnose(readEvmPayment(input, { token: { name, version, decimals } }), { now })
        expect(told).toMatchObject({
          verdict: 'settles',
          evm: { token: { domain: { from: 'user' }, units: { from: 'user' } } },
          payment: { decimals },
        })
        const other = await diagnose(readEvmPayment(input, { token: { name: `${name}x`, version } }), { now })
        expect(other).toMatchObject({ verdict: 'fails', cause: 'domain-name-mismatch', payment: { decimals: null } })
      }),
      { numRuns: 25 },
    )
  })
})

describe('a token that the registry knows to have no EIP-3009', () => {
  const without = [
    ...builtInNetworks.foreign.flatMap(({ chainId, unjudged = [] }) =>
      unjudged.filter(({ eip3009 }) => eip3009 === 'none').map(({ address, symbol }) => ({ chainId, address, symbol })),
    ),
    ...builtInNetworks.all.flatMap((network) =>
      network.family === 'evm'
        ? network.lookalikes.flatMap(({ address, symbol, overloads }) =>
            overloads?.vrs === false && !overloads.bytes ? [{ chainId: network.chainId, address, symbol }] : [],
          )
        : [],
    ),
  ]

  it.each(without)('$symbol on chain $chainId', async ({ chainId, address }) => {
    const diagnosis = await judge(await signedAsOffered({ name: 'MegaUSD', version: '1', chainId, verifyingContract: address }), {
      open: () => expect.fail('there is nothing to replay it on'),
    })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'token-without-eip3009', party: 'server', proof: 'inferred' })
  })

  it('are some', () => expect(without.length).toBeGreaterThan(5))
})

describe('what was called is not the token', () => {
  it('names the token that the signature is for, and asks what was called', async () => {
    const { payload } = await signedAsOffered({
      name: 'USD Coin',
      version: '2',
      chainId: 8453,
      verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    })
    const router = '0x00000000000000000000000000000000000bEEf1'
    const { encodeFunctionData, parseAbi } = await import('viem')
    const abi = parseAbi(['function transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)'])
    const { from, to, value, validAfter, validBefore, nonce } = payload.authorization
    const data = encodeFunctionData({
      abi,
      args: [from, to, BigInt(value), BigInt(validAfter), BigInt(validBefore), nonce, payload.signature],
    })
    const diagnosis = await judge({ chainId: 8453, to: router, data })
    expect(diagnosis).toMatchObject({
      verdict: 'inconclusive',
      undecided: { id: 'called-address-unknown' },
      money: { state: 'can-move' },
      payment: { token: router },
    })
    expect(diagnosis.headline).toContain('USDC of base')
    expect(diagnosis.findings.map(({ cause }) => cause)).not.toContain('verifying-contract-mismatch')
  })
})
