import { type TokenFamily, type ToldToken, tokenFamilies } from '@eip3009/core'
import { UsageError } from '../usage-error.ts'

/** What was told by these options. */
export interface TokenOptions {
  readonly network?: string | undefined
  readonly chainId?: string | undefined
  readonly token?: string | undefined
  readonly tokenName?: string | undefined
  readonly tokenVersion?: string | undefined
  readonly tokenFamily?: string | undefined
  readonly decimals?: string | undefined
}

/** The network that is meant, by --network or --chain-id. */
export function networkTold({ network, chainId }: TokenOptions): string | undefined {
  if (chainId === undefined) return network
  const id = chainId.trim()
  if (!/^[1-9]\d{0,14}$/.test(id))
    throw new UsageError(`--chain-id "${chainId.slice(0, 40)}" is no chain id; give a whole number such as 8453.`)
  if (network !== undefined) throw new UsageError('--network and --chain-id both say which chain it is; give one of the two.')
  return id
}

/** The token that was told, undefined when none was. What can not be a token's is refused by whoever reads the payment. */
export function tokenTold({ token, tokenName, tokenVersion, tokenFamily, decimals }: TokenOptions): ToldToken | undefined {
  if (token !== undefined && !/^0[xX][0-9a-fA-F]{40}$/.test(token.trim()))
    throw new UsageError(`--token "${token.slice(0, 60)}" is no address; give 0x and 40 hex digits.`)
  if (decimals !== undefined && !/^\d{1,2}$/.test(decimals.trim()))
    throw new UsageError(`--decimals "${decimals.slice(0, 40)}" is no number of decimals; give a whole number such as 6.`)
  if ((tokenName === undefined) !== (tokenVersion === undefined))
    throw new UsageError('--token-name and --token-version go together: a domain has both.')
  const told = {
    ...(token === undefined ? {} : { address: token.trim() as `0x${string}` }),
    ...(tokenName === undefined ? {} : { name: tokenName }),
    ...(tokenVersion === undefined ? {} : { version: tokenVersion }),
    ...(tokenFamily === undefined ? {} : { family: familyOf(tokenFamily) }),
    ...(decimals === undefined ? {} : { decimals: Number(decimals) }),
  }
  return Object.keys(told).length === 0 ? undefined : told
}

function familyOf(given: string): TokenFamily {
  const family = tokenFamilies.find((each) => each.toLowerCase() === given.trim().toLowerCase())
  if (family === undefined)
    throw new UsageError(`--token-family "${given.slice(0, 40)}" is no family of tokens; give one of ${tokenFamilies.join(', ')}.`)
  return family
}
