import type { Payment } from '../evm/payment/payment.ts'
import { readEvmPayment } from '../evm/payment/read.ts'
import type { EvmNetwork } from '../networks/network.ts'

/** What an assertion is about. */
export interface Subject {
  readonly payment: Payment
  /** When it is judged, where what was given says so, unix seconds. */
  readonly at?: bigint
}

/**
 * The payment behind a value: anything that `readEvmPayment` reads, a payment that was read already, or a record of one: `{ input, at }` as
 * `@eip3009/fixtures` has them, `{ payment, at }` as recorded cases are. `network` is only for payments that name none themselves.
 * @throws Eip3009Error as `readEvmPayment` does.
 */
export function readSubject(received: unknown, network: EvmNetwork | undefined): Subject {
  const { input, at } = unwrap(received)
  const payment = isPayment(input) ? input : readEvmPayment(input as string | Uint8Array | object)
  const named = payment.network !== undefined || payment.chainId !== undefined || payment.networkName !== undefined
  const whole = named || network === undefined || isPayment(input) ? payment : readEvmPayment(input as object, { network: network.caip2 })
  return { payment: whole, ...(at === undefined ? {} : { at }) }
}

function unwrap(received: unknown): { readonly input: unknown; readonly at?: bigint } {
  if (typeof received !== 'object' || received === null || isPayment(received)) return { input: received }
  const record = received as { readonly input?: unknown; readonly payment?: unknown; readonly at?: unknown }
  const input = record.input ?? ('expect' in record || 'at' in record ? record.payment : undefined)
  if (input === undefined) return { input: received }
  const at = record.at
  const seconds = typeof at === 'bigint' ? at : typeof at === 'number' && Number.isSafeInteger(at) ? BigInt(at) : readIso(at)
  return seconds === undefined ? { input } : { input, at: seconds }
}

function readIso(at: unknown): bigint | undefined {
  if (typeof at !== 'string') return undefined
  const milliseconds = /^\d{1,15}$/.test(at) ? Number(at) * 1000 : Date.parse(at)
  return Number.isNaN(milliseconds) ? undefined : BigInt(Math.floor(milliseconds / 1000))
}

function isPayment(value: unknown): value is Payment {
  return typeof value === 'object' && value !== null && 'family' in value && value.family === 'evm' && 'authorization' in value
}
