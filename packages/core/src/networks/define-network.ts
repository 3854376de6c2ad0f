import type { Address, Hex } from '../bytes/hex.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { isTokenFamily, modelOf, type TokenFamily, tokenFamilies } from '../tokens/models.ts'
import { checksum } from './checksum.ts'
import type {
  DomainClaim,
  EvmNetwork,
  Lookalike,
  MintLookalike,
  Network,
  NetworkIdentity,
  Overloads,
  SolanaNetwork,
  Token,
} from './network.ts'

/**
 * A token as one writes it down. What is left out is a FiatToken v2.2: version "2", 6 decimals, both overloads; of another `family` that family's own
 * overloads and layout, and its version has to be given. Without a family, what is not like v2.2 has none: nobody knows its words then.
 */
export type TokenInput = Partial<Omit<Token, 'address' | 'name'>> & { readonly address: string; readonly name: string }

export type LookalikeInput = Partial<Omit<Lookalike, 'address' | 'symbol' | 'name'>> & {
  readonly address: string
  readonly symbol: string
  readonly name: string
}

type Free<T> = Partial<Omit<T, 'family' | 'id' | 'chainId' | 'usdc' | 'otherTokens' | 'lookalikes' | 'genesisHash' | 'mint'>>

/**
 * An EVM network as one writes it down: `id`, `chainId` and `usdc` are needed, the rest has defaults: a mainnet without
 * other names, ETH, EIP-1559, a block every 2 seconds and no Multicall3.
 */
export type EvmNetworkInput = Free<EvmNetwork> & {
  readonly family?: 'evm'
  readonly id: string
  readonly chainId: number
  readonly usdc: TokenInput
  readonly otherTokens?: readonly TokenInput[]
  readonly lookalikes?: readonly LookalikeInput[]
}

/** A Solana cluster as one writes it down: `family`, `id`, `genesisHash` and `mint` are needed. */
export type SolanaNetworkInput = Free<SolanaNetwork> & {
  readonly family: 'solana'
  readonly id: string
  readonly genesisHash: string
  readonly mint: string
  readonly lookalikes?: readonly MintLookalike[]
}

export type NetworkInput = EvmNetworkInput | SolanaNetworkInput

/** SPL Token, the original program; both of Circle's Solana mints belong to it. */
export const splTokenProgram = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA'

/** Token-2022, which newer dollars belong to. */
export const token2022Program = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb'

/**
 * Checks a network at run time and fills in what was left out, so that it may come from a user's file as well as from code.
 * Addresses come back checksummed.
 * @throws Eip3009Error `invalid-network`, one sentence that names the field, what it is and what was expected.
 */
export function defineNetwork<const Id extends string>(input: EvmNetworkInput & { readonly id: Id }): EvmNetwork & { readonly id: Id }
export function defineNetwork<const Id extends string>(input: SolanaNetworkInput & { readonly id: Id }): SolanaNetwork & { readonly id: Id }
export function defineNetwork(input: NetworkInput): Network
export function defineNetwork(input: unknown): Network {
  const id = isRecord(input) && typeof input.id === 'string' ? input.id : undefined
  const read = reader(id === undefined ? 'The network' : `Network ${quote(id)}`)
  const network = read.record(input, 'it')
  return network.family === 'solana' ? solanaNetwork(network, read) : evmNetwork(network, read)
}

const idPattern = /^[a-z][a-z0-9-]{0,63}$/
const addressPattern = /^0x[0-9a-fA-F]{40}$/
const wordPattern = /^0x[0-9a-f]{64}$/
const base58Pattern = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/
const rpcPattern = /^(?:https?|wss?):\/\/[^\s/]\S*$/
const webPattern = /^https?:\/\/[^\s/]\S*$/
const monthPattern = /^\d{4}-\d{2}$/

const sharedFields = 'family id testnet caip2 x402Names aliases rpcUrls explorerUrl blockTime wrongValues doubts sources checked lookalikes'
const evmFields = new Set(`${sharedFields} chainId nativeCurrency eip1559 multicall3 usdc otherTokens`.split(' '))
const solanaFields = new Set(`${sharedFields} genesisHash mint decimals tokenProgram`.split(' '))

function evmNetwork(input: Fields, read: Reader): EvmNetwork {
  read.expect(input.family === undefined || input.family === 'evm', 'family', input.family, '"evm" or "solana"')
  read.onlyKnown(input, evmFields)
  const chainId = read.chainId(input.chainId, 'chainId')
  const caip2 = `eip155:${chainId}`
  return {
    family: 'evm',
    ...identity(input, read, caip2, `${caip2}, which is what chainId ${chainId} makes`),
    chainId,
    nativeCurrency: read.text(input.nativeCurrency, 'nativeCurrency', 'ETH'),
    eip1559: read.flag(input.eip1559, 'eip1559', true),
    ...(input.multicall3 === undefined ? {} : { multicall3: read.address(input.multicall3, 'multicall3') }),
    usdc: token(input.usdc, 'usdc', read, 'USDC'),
    otherTokens: read.list(input.otherTokens, 'otherTokens').map((each, index) => token(each, `otherTokens[${index}]`, read)),
    lookalikes: read.list(input.lookalikes, 'lookalikes').map((each, index) => lookalike(each, `lookalikes[${index}]`, read)),
  }
}

function solanaNetwork(input: Fields, read: Reader): SolanaNetwork {
  read.onlyKnown(input, solanaFields)
  const genesisHash = read.base58(input.genesisHash, 'genesisHash', 'the base58 hash of the genesis block')
  const caip2 = `solana:${genesisHash.slice(0, 32)}`
  return {
    family: 'solana',
    ...identity(input, read, caip2, `${caip2}: the first 32 characters of the genesis hash`),
    genesisHash,
    mint: read.base58(input.mint, 'mint', 'the base58 address of the USDC mint'),
    decimals: read.decimals(input.decimals, 'decimals'),
    tokenProgram: input.tokenProgram === undefined ? splTokenProgram : read.base58(input.tokenProgram, 'tokenProgram', 'a base58 address'),
    lookalikes: read.list(input.lookalikes, 'lookalikes').map((each, index) => mintLookalike(each, `lookalikes[${index}]`, read)),
  }
}

function identity(input: Fields, read: Reader, caip2: string, expectedCaip2: string): NetworkIdentity {
  const { id } = input
  read.expect(
    typeof id === 'string' && idPattern.test(id),
    'id',
    id,
    'lower-case letters, digits and hyphens, a letter first, such as "my-chain"',
  )
  read.expect(input.caip2 === undefined || input.caip2 === caip2, 'caip2', input.caip2, expectedCaip2)
  return {
    id: String(id),
    testnet: read.flag(input.testnet, 'testnet', false),
    caip2,
    x402Names: read.texts(input.x402Names, 'x402Names'),
    aliases: read.texts(input.aliases, 'aliases'),
    rpcUrls: read
      .list(input.rpcUrls, 'rpcUrls')
      .map((url, index) => read.url(url, `rpcUrls[${index}]`, rpcPattern, 'http, https, ws or wss')),
    ...(input.explorerUrl === undefined ? {} : { explorerUrl: read.url(input.explorerUrl, 'explorerUrl', webPattern, 'http or https') }),
    blockTime: read.seconds(input.blockTime, 'blockTime', 2),
    wrongValues: read.list(input.wrongValues, 'wrongValues').map((each, index) => {
      const path = `wrongValues[${index}]`
      const value = read.record(each, path)
      return {
        fact: read.text(value.fact, `${path}.fact`),
        wrong: read.text(value.wrong, `${path}.wrong`),
        right: read.text(value.right, `${path}.right`),
        seenIn: read.text(value.seenIn, `${path}.seenIn`),
      }
    }),
    doubts: read.list(input.doubts, 'doubts').map((each, index) => {
      const path = `doubts[${index}]`
      const value = read.record(each, path)
      const { confidence } = value
      if (confidence !== 'medium' && confidence !== 'low') return read.fail(`${path}.confidence`, confidence, '"medium" or "low"')
      return { fact: read.text(value.fact, `${path}.fact`), confidence, source: read.text(value.source, `${path}.source`) }
    }),
    sources: read.texts(input.sources, 'sources'),
    ...(input.checked === undefined ? {} : { checked: read.month(input.checked, 'checked') }),
  }
}

function token(input: unknown, path: string, read: Reader, symbol?: string): Token {
  const fields = read.record(input, path)
  const given = read.family(fields.family, `${path}.family`)
  const model = modelOf(given ?? 'FiatTokenV2_2')
  const { vrs, bytes } = model.calls.transferWithAuthorization
  const shape = {
    version: read.text(fields.version, `${path}.version`, given === undefined || given.startsWith('FiatToken') ? '2' : undefined),
    layout: read.layout(fields.layout, `${path}.layout`, model.layout),
    overloads:
      fields.overloads === undefined
        ? { vrs: vrs !== undefined, bytes: bytes !== undefined }
        : overloads(fields.overloads, `${path}.overloads`, read),
  }
  const isLikeCircles = shape.version === '2' && shape.layout === 'standard' && shape.overloads.vrs && shape.overloads.bytes
  const family = given ?? (isLikeCircles ? 'FiatTokenV2_2' : undefined)
  return {
    symbol: read.text(fields.symbol, `${path}.symbol`, symbol),
    address: read.address(fields.address, `${path}.address`),
    name: read.text(fields.name, `${path}.name`),
    ...shape,
    decimals: read.decimals(fields.decimals, `${path}.decimals`),
    ...familyOf(family),
    ...(fields.separator === undefined ? {} : { separator: read.word(fields.separator, `${path}.separator`) }),
    ...(fields.otherDomains === undefined ? {} : { otherDomains: domains(fields.otherDomains, `${path}.otherDomains`, read) }),
  }
}

function lookalike(input: unknown, path: string, read: Reader): Lookalike {
  const fields = read.record(input, path)
  return {
    symbol: read.text(fields.symbol, `${path}.symbol`),
    address: read.address(fields.address, `${path}.address`),
    name: read.text(fields.name, `${path}.name`),
    decimals: read.decimals(fields.decimals, `${path}.decimals`),
    note: read.text(fields.note, `${path}.note`, 'A token that is taken for USDC.'),
    ...(fields.overloads === undefined ? {} : { overloads: overloads(fields.overloads, `${path}.overloads`, read) }),
    ...familyOf(read.family(fields.family, `${path}.family`)),
    domains: domains(fields.domains, `${path}.domains`, read),
  }
}

function familyOf(family: TokenFamily | undefined): { readonly family?: TokenFamily } {
  return family === undefined ? {} : { family }
}

function mintLookalike(input: unknown, path: string, read: Reader): MintLookalike {
  const fields = read.record(input, path)
  return {
    symbol: read.text(fields.symbol, `${path}.symbol`),
    mint: read.base58(fields.mint, `${path}.mint`, 'the base58 address of a mint'),
    // No default: what is paid in it hangs on both.
    decimals:
      fields.decimals === undefined
        ? read.fail(`${path}.decimals`, undefined, 'the number of decimals that the mint has')
        : read.decimals(fields.decimals, `${path}.decimals`),
    tokenProgram: read.base58(fields.tokenProgram, `${path}.tokenProgram`, 'the base58 address of the token program of the mint'),
    note: read.text(fields.note, `${path}.note`, 'A token that is taken for USDC.'),
  }
}

function overloads(input: unknown, path: string, read: Reader): Overloads {
  const fields = read.record(input, path)
  return { vrs: read.flag(fields.vrs, `${path}.vrs`), bytes: read.flag(fields.bytes, `${path}.bytes`) }
}

function domains(input: unknown, path: string, read: Reader): readonly DomainClaim[] {
  return read.list(input, path).map((each, index) => {
    const at = `${path}[${index}]`
    const fields = read.record(each, at)
    return {
      name: read.text(fields.name, `${at}.name`),
      version: read.text(fields.version, `${at}.version`),
      layout: read.layout(fields.layout, `${at}.layout`),
      ...(fields.separator === undefined ? {} : { separator: read.word(fields.separator, `${at}.separator`) }),
    }
  })
}

type Fields = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One method a kind of field. Each returns the value when it is right, its default when it is absent, and otherwise throws. */
interface Reader {
  fail(path: string, seen: unknown, expected: string): never
  expect(condition: boolean, path: string, seen: unknown, expected: string): void
  onlyKnown(input: Fields, known: ReadonlySet<string>): void
  record(value: unknown, path: string): Fields
  list(value: unknown, path: string): readonly unknown[]
  text(value: unknown, path: string, absent?: string): string
  texts(value: unknown, path: string): readonly string[]
  flag(value: unknown, path: string, absent?: boolean): boolean
  chainId(value: unknown, path: string): number
  decimals(value: unknown, path: string): number
  seconds(value: unknown, path: string, absent: number): number
  layout(value: unknown, path: string, absent?: DomainClaim['layout']): DomainClaim['layout']
  family(value: unknown, path: string): TokenFamily | undefined
  address(value: unknown, path: string): Address
  word(value: unknown, path: string): Hex
  base58(value: unknown, path: string, expected: string): string
  url(value: unknown, path: string, pattern: RegExp, schemes: string): string
  month(value: unknown, path: string): string
}

function reader(subject: string): Reader {
  const fail = (path: string, seen: unknown, expected: string): never => {
    throw new Eip3009Error(
      'invalid-network',
      `${subject}: ${path} is ${seen === undefined ? 'missing' : quote(seen)}; expected ${expected}.`,
    )
  }
  const whole = (value: unknown, smallest: number, largest: number): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= smallest && value <= largest
  const text = (value: unknown, path: string, absent?: string): string => {
    const given = value === undefined ? absent : value
    return typeof given === 'string' && given !== '' && given.trim() === given
      ? given
      : fail(path, value, 'text without spaces around it, in quotes')
  }
  const list = (value: unknown, path: string): readonly unknown[] =>
    value === undefined ? [] : Array.isArray(value) ? value : fail(path, value, 'a list in square brackets')
  return {
    fail,
    expect(condition, path, seen, expected) {
      if (!condition) fail(path, seen, expected)
    },
    onlyKnown(input, known) {
      // A misspelt optional field would otherwise be dropped without a word.
      const stranger = Object.keys(input).find((field) => !known.has(field))
      if (stranger !== undefined) {
        throw new Eip3009Error(
          'invalid-network',
          `${subject}: ${quote(stranger)} is not a field of a network; expected one of ${[...known].join(', ')}.`,
        )
      }
    },
    record: (value, path) => (isRecord(value) ? value : fail(path, value, 'an object with named fields')),
    list,
    text,
    texts: (value, path) => list(value, path).map((each, index) => text(each, `${path}[${index}]`)),
    flag(value, path, absent) {
      const given = value === undefined ? absent : value
      return typeof given === 'boolean' ? given : fail(path, value, 'true or false')
    },
    chainId: (value, path) =>
      whole(value, 1, Number.MAX_SAFE_INTEGER) ? value : fail(path, value, 'a positive whole number without quotes, such as 8453'),
    decimals: (value, path) =>
      value === undefined ? 6 : whole(value, 0, 77) ? value : fail(path, value, 'a whole number from 0 to 77, 6 for USDC'),
    seconds(value, path, absent) {
      const given = value === undefined ? absent : value
      return typeof given === 'number' && given > 0 && Number.isFinite(given) ? given : fail(path, value, 'a positive number of seconds')
    },
    layout: (value, path, absent = 'standard') =>
      value === undefined ? absent : value === 'standard' || value === 'salt' ? value : fail(path, value, '"standard" or "salt"'),
    family: (value, path) =>
      value === undefined || (typeof value === 'string' && isTokenFamily(value))
        ? value
        : fail(path, value, `one of ${tokenFamilies.join(', ')}, or nothing where nobody knows`),
    address(value, path) {
      if (typeof value !== 'string' || !addressPattern.test(value)) return fail(path, value, 'an address: 0x and 40 hex digits')
      const right = checksum(value)
      // All lower case is how explorers and logs often print it, and carries no checksum that could be wrong.
      return value === right || value === value.toLowerCase()
        ? right
        : fail(path, value, `the checksum form ${right} if the digits are right, or all lower case to skip the check`)
    },
    word: (value, path) =>
      typeof value === 'string' && wordPattern.test(value) ? (value as Hex) : fail(path, value, '0x and 64 lower-case hex digits'),
    base58: (value, path, expected) => (typeof value === 'string' && base58Pattern.test(value) ? value : fail(path, value, expected)),
    url(value, path, pattern, schemes) {
      if (typeof value === 'string' && pattern.test(value)) return value
      // The value itself is not printed: an RPC URL often carries a key.
      throw new Eip3009Error('invalid-network', `${subject}: ${path} is not a URL; expected one that starts with ${schemes}, then ://.`)
    },
    month: (value, path) =>
      typeof value === 'string' && monthPattern.test(value) ? value : fail(path, value, 'year and month, such as "2026-11"'),
  }
}
