import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import type { SignerToken } from './signer-network.ts'

const words = /^(\d{1,78})(?:\.(\d{1,78}))?\s+(\S.*)$/

/**
 * An amount in atomic units: a bigint as it is, or a decimal number with the token's symbol behind it, `0.01 USDC`. A number in a string without
 * a unit is refused: x402 writes atomic units so, and people write whole tokens so.
 * @throws Eip3009Error `invalid-argument`
 */
export function readAmount(value: bigint | string, { symbol, decimals }: SignerToken): bigint {
  if (typeof value === 'bigint') return value
  const unit = symbol ?? 'USDC'
  const how = `give a bigint of atomic units (10000n), or the amount with its unit ("0.01 ${unit}")`
  if (typeof value !== 'string') throw refused(`value is the ${typeof value} ${quote(value)}; ${how}.`)
  const match = words.exec(value.trim())
  if (match === null) throw refused(`value ${quote(value)} does not say in which unit it is; ${how}.`)
  const [, whole = '', fraction = '', given = ''] = match
  if (symbol === undefined || decimals === undefined) {
    throw refused(
      `value ${quote(value)} needs the token's symbol and decimals to be read; give them with the token, or a bigint of atomic units.`,
    )
  }
  if (given.toLowerCase() !== symbol.toLowerCase())
    throw refused(`value ${quote(value)} is in ${quote(given)}, and the token is ${symbol}.`)
  if (fraction.length > decimals) {
    throw refused(`value ${quote(value)} has ${fraction.length} decimal places, and ${symbol} has ${decimals}; round it first.`)
  }
  return BigInt(whole + fraction.padEnd(decimals, '0'))
}

function refused(message: string): Eip3009Error {
  return new Eip3009Error('invalid-argument', message)
}
