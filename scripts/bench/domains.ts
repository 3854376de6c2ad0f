/**
 * How many domain separators and digests a second: ours beside viem's and ethers', the same input in one process, in turns. Every result is
 * compared before anything is timed. `pnpm bench domains`.
 */
import { TypedDataEncoder } from 'ethers'
import { hashDomain, hashTypedData } from 'viem'
import { type Authorization, authorizationDigest, createAuthorizationHasher } from '../../packages/core/src/evm/typed-data/authorization.ts'
import { createSeparatorHasher, domainSeparator, type Eip712Domain, presentFields } from '../../packages/core/src/evm/typed-data/domain.ts'
import { builtInNetworks } from '../../packages/core/src/networks/networks.ts'

interface Case {
  readonly domain: Eip712Domain
  readonly separator: `0x${string}`
  readonly message: Authorization
}

const domainFields = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
]
const primaryType = 'TransferWithAuthorization'
const types = {
  [primaryType]: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ],
}

/** Payments on every network, with addresses in lower case, as they come over the wire: checking a checksum would be another matter. */
function makeCases(count: number): Case[] {
  const tokens = builtInNetworks.all.flatMap((network) =>
    network.family === 'evm' ? [network.usdc, ...network.otherTokens].map((token) => ({ token, chainId: BigInt(network.chainId) })) : [],
  )
  // Knuth's linear congruential generator: the same input every time.
  let state = 1n
  const random = (bytes: number): string => {
    let digits = ''
    while (digits.length < 2 * bytes) {
      state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n
      digits += (state >> 32n).toString(16).padStart(8, '0')
    }
    return digits.slice(0, 2 * bytes)
  }
  return Array.from({ length: count }, (_, index) => {
    const { token, chainId } = tokens[index % tokens.length] ?? { token: undefined, chainId: 0n }
    if (token === undefined) throw new RangeError('there are no tokens')
    const domain = {
      name: token.name,
      version: token.version,
      chainId,
      verifyingContract: `0x${token.address.slice(2).toLowerCase()}` as const,
    }
    return {
      domain,
      separator: domainSeparator(domain),
      message: {
        from: `0x${random(20)}`,
        to: `0x${random(20)}`,
        value: BigInt(`0x${random(4)}`),
        validAfter: 1_761_924_682n,
        validBefore: 1_761_924_682n + BigInt(index),
        nonce: `0x${random(32)}`,
      },
    }
  })
}

/** Microseconds a call of each way: the best of several rounds, in which the ways take turns, so that a busy machine hits all alike. */
function measure(ways: Readonly<Record<string, (each: Case) => unknown>>, cases: readonly Case[], rounds: number): Map<string, number> {
  const best = new Map<string, number>()
  for (let round = 0; round <= rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      const start = performance.now()
      for (const each of cases) way(each)
      const time = ((performance.now() - start) * 1000) / cases.length
      // The first round warms up.
      if (round > 0) best.set(name, Math.min(time, best.get(name) ?? Number.POSITIVE_INFINITY))
    }
  }
  return best
}

function print(title: string, times: Map<string, number>, yardstick: string): void {
  console.log(title)
  const other = times.get(yardstick) ?? Number.NaN
  for (const [name, time] of times) {
    const rate = Math.round(1e6 / time)
    const ratio = name === yardstick ? '' : `${(other / time).toFixed(1)} × ${yardstick}`
    console.log(`  ${name.padEnd(44)} ${time.toFixed(2).padStart(8)} µs ${String(rate).padStart(9)} /s  ${ratio}`)
  }
  console.log()
}

export async function run(): Promise<void> {
  const cases = makeCases(500)
  const hash = createSeparatorHasher()
  const hashers = new Map<string, (message: Authorization) => string>()
  const prepared = ({ separator, message }: Case): string => {
    let hasher = hashers.get(separator)
    if (hasher === undefined) {
      hasher = createAuthorizationHasher(separator, primaryType)
      hashers.set(separator, hasher)
    }
    return hasher(message)
  }
  const separators = {
    'ours, domainSeparator': ({ domain }: Case) => domainSeparator(domain),
    'ours, createSeparatorHasher (many domains)': ({ domain }: Case) =>
      `0x${Buffer.from(hash(domain, presentFields(domain))).toString('hex')}`,
    'viem hashDomain': ({ domain }: Case) =>
      hashDomain({ domain, types: { EIP712Domain: domainFields } } as Parameters<typeof hashDomain>[0]),
    'ethers TypedDataEncoder.hashDomain': ({ domain }: Case) => TypedDataEncoder.hashDomain(domain),
  }
  const digests = {
    'ours, createAuthorizationHasher': prepared,
    'ours, authorizationDigest': ({ separator, message }: Case) => authorizationDigest(separator, primaryType, message),
    'ours, separator and digest': ({ domain, message }: Case) => authorizationDigest(domainSeparator(domain), primaryType, message),
    'viem hashTypedData': ({ domain, message }: Case) => hashTypedData({ domain, types, primaryType, message: { ...message } }),
    'ethers TypedDataEncoder.hash': ({ domain, message }: Case) => TypedDataEncoder.hash(domain, types, message),
  }

  let compared = 0
  for (const ways of [separators, digests]) {
    for (const each of cases) {
      const results = Object.values(ways).map((way) => way(each))
      if (new Set(results).size !== 1) throw new TypeError(`they disagree: ${Object.keys(ways).join(', ')} → ${results.join(', ')}`)
      compared += results.length
    }
  }
  console.log(`${compared} results of ${cases.length} payments compared: all equal.\n`)
  print('Domain separator', measure(separators, cases, 9), 'viem hashDomain')
  print('Digest of an authorization', measure(digests, cases, 9), 'viem hashTypedData')
}
