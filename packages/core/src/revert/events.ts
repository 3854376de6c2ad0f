import type { Hex } from '../bytes/hex.ts'
import type { CauseId } from '../causes/catalogue.ts'
import { checksum } from '../networks/checksum.ts'
import type { Argument } from './abi.ts'
import type { EventLog } from './decoded.ts'

interface KnownEvent {
  readonly name: string
  /** The indexed arguments, in order, and then those of the data. */
  readonly indexed: readonly (readonly [name: string, type: 'address' | 'bytes32'])[]
  readonly data: readonly (readonly [name: string, type: 'uint256'])[]
  readonly causes: readonly CauseId[]
  readonly says: string
}

/** Events of EIP-3009 and of ERC-20 by their first topic, keccak256 of the declaration; a test recomputes each. */
export const knownEvents: Readonly<Record<Hex, KnownEvent>> = {
  '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5': {
    name: 'AuthorizationUsed',
    indexed: [
      ['authorizer', 'address'],
      ['nonce', 'bytes32'],
    ],
    data: [],
    causes: ['authorization-used', 'executed-by-third-party', 'nonce-reused'],
    says: 'the authorization was used',
  },
  '0x1cdd46ff242716cdaa72d159d339a485b3438398348d68f09d7c8c0a59353d81': {
    name: 'AuthorizationCanceled',
    indexed: [
      ['authorizer', 'address'],
      ['nonce', 'bytes32'],
    ],
    data: [],
    causes: ['authorization-canceled'],
    says: 'the authorization was canceled',
  },
  '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef': {
    name: 'Transfer',
    indexed: [
      ['from', 'address'],
      ['to', 'address'],
    ],
    data: [['value', 'uint256']],
    causes: [],
    says: 'tokens moved',
  },
}

/** What a log of a contract says: `topics` and `data` as JSON-RPC has them. Undefined for events that are not known. */
export function eventOf(topics: readonly unknown[], data: unknown): EventLog | undefined {
  const [first] = topics
  const key = typeof first === 'string' ? first.toLowerCase() : ''
  const known = Object.hasOwn(knownEvents, key) ? knownEvents[key as Hex] : undefined
  if (known === undefined) return undefined
  const args = [
    ...known.indexed.flatMap(([name, type], index) => argument(name, type, wordOf(topics[index + 1]))),
    ...known.data.flatMap(([name, type], index) => argument(name, type, typeof data === 'string' ? wordAt(data, index) : undefined)),
  ]
  const shown = args.map(({ name, value }) => `${name}: ${String(value)}`).join(', ')
  return {
    kind: 'event',
    name: known.name,
    message: shown === '' ? known.says : `${known.says} (${shown})`,
    args,
    causes: known.causes,
    via: [],
  }
}

function argument(name: string, type: 'address' | 'bytes32' | 'uint256', word: string | undefined): Argument[] {
  if (word === undefined) return []
  const value = type === 'address' ? checksum(`0x${word.slice(24)}`) : type === 'uint256' ? BigInt(`0x${word}`) : `0x${word}`
  return [{ name, type, value }]
}

function wordOf(topic: unknown): string | undefined {
  return typeof topic === 'string' && /^0x[0-9a-f]{64}$/i.test(topic) ? topic.slice(2).toLowerCase() : undefined
}

function wordAt(data: string, index: number): string | undefined {
  const word = data.slice(2 + 64 * index, 66 + 64 * index)
  return /^[0-9a-f]{64}$/i.test(word) ? word.toLowerCase() : undefined
}

/** A facilitator's answer that says that nothing failed: `success: true` of `/settle`, `isValid: true` of `/verify`. */
export function successOf(object: { readonly success?: unknown; readonly isValid?: unknown }): EventLog | undefined {
  const settled = object.success === true
  if (!settled && object.isValid !== true) return undefined
  return {
    kind: 'event',
    name: settled ? 'success' : 'isValid',
    message: settled ? 'the facilitator answered that it settled the payment' : 'the facilitator answered that the payment is valid',
    args: [],
    causes: [],
    via: [],
    ...(settled ? { retry: 'never' } : {}),
  }
}
