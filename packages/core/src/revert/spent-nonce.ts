import type { Hex } from '../bytes/hex.ts'
import { catalogue } from '../causes/catalogue.ts'
import { decodeRevert } from './revert.ts'

/** Whether a token's answer says that the nonce was used or canceled, and nothing else. Its revert data counts, its words where there is none. */
export function saysNonceIsSpent(words: string | null, data: Hex | undefined): boolean {
  const { causes } = decodeRevert(data === undefined || data === '0x' ? words : data)
  return causes.length > 0 && causes.every((cause) => catalogue[cause].stops.at === 'nonce')
}
