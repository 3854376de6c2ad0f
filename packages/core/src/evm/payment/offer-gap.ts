import { sameAddress } from '../../bytes/address.ts'
import type { Address } from '../../bytes/hex.ts'
import type { Payment } from './payment.ts'

/**
 * What the offer asks for, `20000 atomic units to 0x…`, where a transfer does not settle it: it paid somebody else, or too little. Undefined where it does,
 * and where no offer tells.
 */
export function offerGap({ requirements }: Payment, { to, value }: { readonly to: Address; readonly value: bigint }): string | undefined {
  const { payTo, amount } = requirements ?? {}
  const isOther = payTo !== undefined && !sameAddress(payTo, to)
  if (!isOther && (amount === undefined || value >= amount)) return undefined
  return `${amount ?? value} atomic units to ${payTo ?? to}`
}
