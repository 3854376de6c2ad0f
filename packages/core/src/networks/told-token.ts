import type { Address } from '../bytes/hex.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { isTokenFamily, type TokenFamily, tokenFamilies } from '../tokens/models.ts'
import { checksum } from './checksum.ts'
import type { DomainLayout } from './network.ts'

/** What the user tells of the token: it goes before what the payload says, and before the registry. */
export interface ToldToken {
  /** Of the payload's token when absent. */
  readonly address?: Address
  /** The EIP-712 domain's name and version: both, or neither. */
  readonly name?: string
  readonly version?: string
  /** `standard` when absent. */
  readonly layout?: DomainLayout
  readonly symbol?: string
  readonly decimals?: number
  /** Which contract it is: what it checks, in which order, and how it words it. */
  readonly family?: TokenFamily
}

const members = ['address', 'name', 'version', 'layout', 'symbol', 'decimals', 'family'] as const

/**
 * Reads what somebody tells of a token.
 * @throws Eip3009Error `invalid-argument` for what can not be a token's.
 */
export function readToldToken(given: unknown): ToldToken {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw refused(`a token is told as an object with ${members.join(', ')}`, given)
  const told = new Map(Object.entries(given).filter(([, value]) => value !== undefined))
  for (const name of told.keys()) {
    if (!members.some((each) => each === name)) throw refused(`a token is told by ${members.join(', ')}`, name)
  }
  const address = told.get('address')
  const decimals = told.get('decimals')
  const layout = told.get('layout')
  const family = told.get('family')
  const text = (member: 'name' | 'version' | 'symbol'): string | undefined => {
    const value = told.get(member)
    if (value === undefined || typeof value === 'string') return value
    throw refused(`a token's ${member} is text`, value)
  }
  const [name, version, symbol] = [text('name'), text('version'), text('symbol')]
  if (address !== undefined && !(typeof address === 'string' && /^0[xX][0-9a-fA-F]{40}$/.test(address))) {
    throw refused("a token's address is 0x and 40 hex digits", address)
  }
  if (layout !== undefined && layout !== 'standard' && layout !== 'salt')
    throw refused('a domain\'s layout is "standard" or "salt"', layout)
  if (decimals !== undefined && !(typeof decimals === 'number' && Number.isInteger(decimals) && decimals >= 0 && decimals <= 77)) {
    throw refused("a token's decimals are a whole number from 0 to 77", decimals)
  }
  if (family !== undefined && !(typeof family === 'string' && isTokenFamily(family)))
    throw refused(`a token's family is one of ${tokenFamilies.join(', ')}`, family)
  if ((name === undefined) !== (version === undefined)) {
    throw refused(
      'a domain is told by its name and its version, both',
      name === undefined ? `version ${quote(version)} alone` : `name ${quote(name)} alone`,
    )
  }
  return {
    ...(address === undefined ? {} : { address: checksum(address) }),
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(layout === undefined ? {} : { layout }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(decimals === undefined ? {} : { decimals }),
    ...(family === undefined ? {} : { family }),
  }
}

function refused(expected: string, given: unknown): Eip3009Error {
  return new Eip3009Error('invalid-argument', `The token that was told can not be used: ${expected}; got ${quote(given)}.`)
}
