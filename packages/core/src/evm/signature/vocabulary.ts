import type { Address } from '../../bytes/hex.ts'
import { wrongChainIds } from '../../networks/known-domains.ts'
import type { EvmNetwork } from '../../networks/network.ts'
import type { Networks } from '../../networks/networks.ts'
import { otherContracts } from '../../networks/other-contracts.ts'
import type { Payment } from '../payment/payment.ts'
import type { SignatureHints } from './hints.ts'
import type { Likelihood } from './hypothesis.ts'
import { implementations } from './implementations.ts'

export interface Likely<T> {
  readonly value: T
  readonly likelihood: Likelihood
}

/** The values that somebody may have put into each field of the domain, the likeliest first. No value comes twice. */
export interface Vocabulary {
  readonly names: readonly Likely<string>[]
  readonly versions: readonly Likely<string>[]
  readonly chainIds: readonly Likely<bigint>[]
  readonly contracts: readonly Likely<Address>[]
}

export const zeroAddress: Address = '0x0000000000000000000000000000000000000000'

/** What people write for USDC where they don't look it up. */
const writtenNames = [
  'usdc',
  'usd coin',
  'USDCoin',
  'USDC.e',
  'USDbC',
  'USD',
  'x402',
  'Circle USD',
  'Centre USDC',
  'FiatTokenV2',
  'FiatTokenProxy',
  '',
]

const writtenVersions = ['3', '2.2', '2.0', '2.1', '1.0', '1.0.0', '2.0.0', '2.2.0', 'v1', 'v2', 'V2', '0', '4', '02', '']

/** Ethereum and Sepolia are what an unset chain id falls back to; 1337 and 31337 are local chains. */
const commonChains = [1n, 11155111n]
const localChains = [0n, 1337n, 31337n]

/** `expectedName` and `chainId` are the token's own, from which mistakes are derived. */
export function vocabularyOf(payment: Payment, networks: Networks, hints: SignatureHints, expectedName: string | undefined): Vocabulary {
  const evm = networks.all.filter((network): network is EvmNetwork => network.family === 'evm')
  return {
    names: names(payment, evm, networks, hints, expectedName),
    versions: versions(payment, evm, hints),
    chainIds: chainIds(payment, evm, networks, hints),
    contracts: contracts(payment, evm, networks, hints),
  }
}

function names(
  { requirements, accepted, claimedDomain, network }: Payment,
  evm: readonly EvmNetwork[],
  { foreign }: Networks,
  hints: SignatureHints,
  expectedName: string | undefined,
): Likely<string>[] {
  const tokens = evm.flatMap(({ usdc, otherTokens }) => [usdc, ...otherTokens])
  const claims = [
    ...tokens.flatMap(({ otherDomains = [] }) => otherDomains),
    ...evm.flatMap(({ lookalikes }) => lookalikes.flatMap(({ domains }) => domains)),
  ]
  return likely([
    [
      hints.names,
      [requirements?.extra?.name, accepted?.extra?.name, claimedDomain?.name],
      tokens.map(({ name }) => name),
      network?.lookalikes.map(({ name }) => name),
      writtenNames,
      expectedName === undefined ? [] : usualSpellings(expectedName),
      foreign.map(({ usdc }) => usdc?.name),
      claims.map(({ name }) => name),
      wrongFacts(evm, /name$/),
      tokens.map(({ symbol }) => symbol),
      otherContracts.map(({ name }) => name),
    ],
    [],
    [...new Set([expectedName, 'USDC', 'USD Coin'])].map((name) => (name === undefined ? [] : spellings(name))),
  ])
}

/** As it is typed by somebody who has it before him. */
function usualSpellings(name: string): string[] {
  const words = name.split(' ')
  return [
    name.toLowerCase(),
    name.toUpperCase(),
    words.map(capitalised).join(' '),
    words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(''),
    words.join(''),
    `${name} `,
    ` ${name}`,
  ]
}

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()

/** A name in other case, with other spaces, look-alike letters, and with what people put around it; and with one letter wrong. */
function spellings(name: string): string[] {
  const words = name.split(' ')
  const letters = [...name]
  return [
    ...usualSpellings(name),
    ...['', '_', '-', '  ', '\u00a0', '+', '%20'].map((space) => words.join(space)),
    ...[' ', '\t', '\n', '\r\n', '\0', '\u200b', '\ufeff', '\u00a0'].flatMap((space) => [name + space, space + name]),
    ` ${name} `,
    ...['"', "'", '`'].map((quote) => quote + name + quote),
    ...[
      '.e',
      ' (PoS)',
      ' (Bridged)',
      ' (bridged)',
      ' Bridged',
      ' Token',
      ' Testnet',
      ' Test',
      ' (Test)',
      ' (Testnet)',
      ' v2',
      ' V2',
      ' 2',
      '.axl',
      ' (e)',
    ].map((end) => name + end),
    ...['Bridged ', 'Circle ', 'Test ', 'Mock ', 'Testnet ', 'Wrapped ', 'Native '].map((start) => start + name),
    // Cyrillic letters that look like Latin ones, and the full-width forms of East Asian keyboards.
    name.replaceAll('C', '\u0421'),
    name.replaceAll('S', '\u0405'),
    name.replaceAll('o', '\u043e'),
    name.replace(/[!-~]/g, (character) => String.fromCodePoint((character.codePointAt(0) ?? 0) + 0xfee0)),
    ...letters.flatMap((letter, at) => [
      [...letters.slice(0, at), ...letters.slice(at + 1)].join(''),
      [...letters.slice(0, at), letter, ...letters.slice(at)].join(''),
      [...letters.slice(0, at), ...letters.slice(at, at + 2).reverse(), ...letters.slice(at + 2)].join(''),
    ]),
  ]
}

function versions({ requirements, accepted, claimedDomain }: Payment, evm: readonly EvmNetwork[], hints: SignatureHints): Likely<string>[] {
  return likely([
    [hints.versions, [requirements?.extra?.version, accepted?.extra?.version, claimedDomain?.version], ['2', '1'], writtenVersions],
    [evm.flatMap(({ usdc, otherTokens }) => [usdc.version, ...otherTokens.map(({ version }) => version)]), wrongFacts(evm, /version$/)],
    [],
  ])
}

function chainIds(
  { claimedDomain, call, network, chainId }: Payment,
  evm: readonly EvmNetwork[],
  { foreign, misnomers }: Networks,
  hints: SignatureHints,
): Likely<bigint>[] {
  const meant = misnomers.filter((each) => each.meant !== undefined && each.meant === network?.id)
  return likely([
    [
      hints.chainIds,
      [claimedDomain?.chainId, big(call?.transaction?.chainId)],
      network === undefined ? [] : wrongChainIds(network).map(BigInt),
      meant.map((each) => big(each.chainId)),
      evm.map((each) => BigInt(each.chainId)),
      commonChains,
    ],
    [
      foreign.map((each) => BigInt(each.chainId)),
      misnomers.map((each) => big(each.chainId)),
      evm.flatMap((each) => wrongChainIds(each).map(BigInt)),
    ],
    [localChains, chainId === undefined ? [] : misread(chainId)],
  ])
}

/** A chain id whose decimal digits were read as hex, or whose hex digits as decimal. */
function misread(chainId: number): bigint[] {
  const hex = chainId.toString(16)
  return [BigInt(`0x${chainId}`), ...(/^\d+$/.test(hex) ? [BigInt(hex)] : [])]
}

function contracts(
  { token, requirements, accepted, claimedDomain, call, authorization, network, chainId }: Payment,
  evm: readonly EvmNetwork[],
  { foreign }: Networks,
  hints: SignatureHints,
): Likely<Address>[] {
  const testnet = network?.testnet
  return likely<Address>([
    [
      hints.contracts,
      [token, requirements?.asset, accepted?.asset, call?.transaction?.to, claimedDomain?.verifyingContract],
      network === undefined ? [] : [network.usdc, ...network.otherTokens, ...network.lookalikes].map(({ address }) => address),
      implementations.filter((each) => each.chainId === chainId).map(({ address }) => address),
      otherContracts.filter((each) => testnet === undefined || each.testnet === testnet).map(({ address }) => address),
      evm.flatMap(({ usdc, otherTokens, lookalikes }) => [usdc, ...otherTokens, ...lookalikes].map(({ address }) => address)),
      [zeroAddress, requirements?.payTo, authorization.to, authorization.from],
    ],
    [
      foreign.map(({ usdc }) => usdc?.address),
      wrongFacts(evm, /address$/).filter((value): value is Address => /^0x[0-9a-fA-F]{40}$/.test(value)),
      otherContracts.map(({ address }) => address),
      implementations.map(({ address }) => address),
    ],
    [[call?.transaction?.sender]],
  ])
}

/** Values that were seen in somebody's table although they are wrong. */
function wrongFacts(evm: readonly EvmNetwork[], fact: RegExp): string[] {
  return evm.flatMap(({ wrongValues }) => wrongValues.filter((each) => fact.test(each.fact)).map(({ wrong }) => wrong))
}

/** Three groups of lists, the likeliest first, as one list without repetitions; addresses compare without case. */
function likely<T extends string | bigint>(groups: readonly (readonly (readonly (T | undefined)[] | undefined)[])[]): Likely<T>[] {
  const seen = new Set<string | bigint>()
  return groups.flatMap((lists, index) =>
    lists.flatMap((list) =>
      (list ?? []).flatMap((value): Likely<T>[] => {
        if (value === undefined) return []
        const key = typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value) ? value.toLowerCase() : value
        if (seen.has(key)) return []
        seen.add(key)
        return [{ value, likelihood: index === 0 ? 1 : index === 1 ? 2 : 3 }]
      }),
    ),
  )
}

function big(value: number | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt(value)
}
