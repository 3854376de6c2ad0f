import { formatUnits } from '../text/amount.ts'
import { utc } from '../text/utc.ts'

/** Of a model that is shared, a number may be stars: what is no number is said as it stands. The text of a model that may be shared is read as a number here alone. */
export function ofNumber(text: string, say: (number: bigint) => string): string {
  return /^(?:\d{1,78}|0x[0-9a-f]{1,64})$/i.test(text) ? say(BigInt(text)) : text
}

/** An amount in the token's unit; `atomic` is the text where its decimals are not known. */
export function amountOf(value: string, decimals: number | null, symbol: string | null, atomic: string): string {
  return decimals === null ? atomic : ofNumber(value, (number) => `${formatUnits(number, decimals)} ${symbol ?? ''}`.trimEnd())
}

export function timeOf(seconds: string): string {
  return ofNumber(seconds, utc)
}
