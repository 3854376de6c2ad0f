import type { Payment } from '../payment/payment.ts'
import type { FieldIndex, MessagePart } from './hypothesis.ts'

const day = 86_400n
/** Times nearer than this are tried much earlier. */
const near = 600n
/** A little above one USDC: nearly all x402 payments are below. */
const smallAmounts = 2n ** 20n

/** Single changes out of ranges that are too long for the first order: each second of a day before and after, each millisecond, and every small amount. */
export function* wideParts({ authorization: { validAfter, validBefore, value } }: Payment): Generator<MessagePart> {
  for (let seconds = near + 1n; seconds <= day; seconds++) {
    for (const [distance, how] of [
      [seconds, `${seconds} s later`],
      [-seconds, `${seconds} s earlier`],
    ] as const) {
      const moved: readonly (readonly [FieldIndex, bigint])[] = [
        [3, validAfter + distance],
        [4, validBefore + distance],
      ]
      for (const [field, time] of moved) if (time >= 0n) yield part('time-shifted', how, [field, time])
      if (moved.every(([, time]) => time >= 0n)) yield part('time-shifted', `both ${how}`, ...moved)
    }
  }
  // A clock that is read to the millisecond when signing and to the second when sending.
  for (let fraction = 1n; fraction < 1000n; fraction++) {
    yield part('time-unit', 'in milliseconds', [4, validBefore * 1000n + fraction])
    yield part('time-unit', 'in milliseconds', [3, validAfter * 1000n + fraction])
    yield part('time-unit', 'in milliseconds', [3, validAfter * 1000n + fraction], [4, validBefore * 1000n + fraction])
  }
  for (let amount = 1n; amount < smallAmounts; amount++) if (amount !== value) yield part('value-round', 'another amount', [2, amount])
}

function part(generator: MessagePart['generator'], how: string, ...values: readonly (readonly [FieldIndex, bigint])[]): MessagePart {
  return { generator, likelihood: 3, how, fields: values.map(([field]) => field), values: values.map(([, number]) => number) }
}
