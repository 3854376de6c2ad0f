import { sha256 } from '@noble/hashes/sha2.js'
import { decodeBase64 } from '../../bytes/base64.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { type Known, known, unknown } from '../../evidence/known.ts'
import { isObject, type Json, type JsonObject, jsonOf, parseJson } from '../../wire/json.ts'
import { bytesToBase64 } from '../transaction/base64.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { signedBytesOf } from '../transaction/signed-bytes.ts'
import { isSvmKey } from '../transaction/token-account.ts'
import type { SvmAccount, SvmAnswer, SvmFinalized, SvmReader, SvmSettlement, SvmSimulation, SvmState } from './state.ts'

/** A fact as JSON has it: one of the two. */
type Stored<T> = { readonly value: T } | { readonly unknown: string }

interface StoredSimulation {
  readonly error: unknown
  readonly logs: readonly string[]
  readonly units: string | null
}

interface StoredSettlement {
  readonly transaction: string
  readonly slot: string
  readonly time: Stored<string>
  readonly error: unknown
  readonly logs: readonly string[]
  readonly receiver: string | null
}

interface StoredFinalized {
  readonly slot: string
  readonly height: string
  readonly time: Stored<string>
  readonly blockhash: Stored<'alive' | 'dead'>
}

/** An answer as JSON has it: numbers are decimal strings, data is base64, keys are base58. */
type StoredAnswer =
  | {
      readonly kind: 'read'
      readonly source: string
      readonly network: string
      readonly genesisHash: string
      readonly slot: Stored<string>
      readonly height: Stored<string>
      readonly time: Stored<string>
      /** Absent in what was captured before it was asked for. */
      readonly finalized?: Stored<StoredFinalized>
      readonly accounts: Readonly<
        Record<
          string,
          Stored<{ readonly owner: string; readonly lamports: string; readonly data: string; readonly executable: boolean } | null>
        >
      >
      readonly blockhash: Stored<'alive' | 'dead'>
      readonly rent: Stored<string>
      readonly simulated: { readonly asIs: Stored<StoredSimulation>; readonly fresh: Stored<StoredSimulation> }
      readonly settlement: Stored<StoredSettlement | null>
      readonly historySince: Stored<string>
    }
  | {
      readonly kind: 'wrong-cluster'
      readonly source: string
      readonly expected: string
      readonly genesisHash: string
      readonly blockhash: Stored<'alive' | 'dead'>
    }
  | { readonly kind: 'unreachable'; readonly source: string; readonly reason: string }

/** What clusters said about one payment, so that its diagnosis can be made again without them. No signature of the payment is in it. */
export interface SvmSnapshot {
  readonly schema: 'eip3009/svm-snapshot@1'
  /** When it was captured, unix seconds. */
  readonly capturedAt: string
  /** SHA-256 of the payment's message in hex: which payment was asked about. Null where its transaction can not be decoded. */
  readonly message: string | null
  readonly answers: readonly StoredAnswer[]
}

/** What was read for a payment, as an object for `JSON.stringify`. `now` is in unix seconds. */
export function captureSnapshot(payment: SvmPayment, answers: readonly SvmAnswer[], now: bigint): SvmSnapshot {
  // What came out of a snapshot was read when that was captured.
  const capturedAt = answers.find((answer) => answer.kind === 'read')?.readAt ?? now
  return { schema: 'eip3009/svm-snapshot@1', capturedAt: String(capturedAt), message: messageHash(payment), answers: answers.map(store) }
}

/**
 * Readers that answer as the RPCs of a snapshot did, one each. Asked about another payment than the captured one, accounts keep their state and
 * what was about that payment is unknown.
 * @throws Eip3009Error `unreadable-input` when it is no snapshot, or a damaged one.
 */
export function readSnapshot(input: string | object): readonly SvmReader[] {
  const parsed = typeof input === 'string' ? parseJson(input) : jsonOf(input)
  if (!parsed.ok) throw damaged('something that is no JSON')
  const root = object(parsed.value, 'the snapshot')
  if (root.get('schema') !== 'eip3009/svm-snapshot@1') throw damaged(`something whose schema is ${quote(plain(root.get('schema')))}`)
  const answers = root.get('answers')
  if (!Array.isArray(answers) || answers.length === 0) throw damaged('a snapshot without answers')
  const capturedAt = whole(root.get('capturedAt'))
  const message = root.get('message')
  return answers
    .map((each: Json) => restore(object(each, 'an answer'), capturedAt))
    .map(
      (answer): SvmReader => ({
        source: answer.source,
        read: ({ payment }) => Promise.resolve(messageHash(payment) === message ? answer : ofAnother(answer)),
      }),
    )
}

function messageHash(payment: SvmPayment): string | null {
  const message = signedBytesOf(payment)?.message
  return message === undefined ? null : [...sha256(message)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What remains of an answer when it was given about another payment. */
function ofAnother(answer: SvmAnswer): SvmAnswer {
  const reason = unknown('the snapshot was captured for another payment')
  if (answer.kind === 'unreachable') return answer
  if (answer.kind === 'wrong-cluster') return { ...answer, blockhash: reason }
  const { finalized } = answer
  return {
    ...answer,
    blockhash: reason,
    finalized: finalized.known ? known({ ...finalized.value, blockhash: reason }) : finalized,
    simulated: { asIs: reason, fresh: reason },
    settlement: reason,
  }
}

function stored<T, S>(fact: Known<T>, encode: (value: T) => S): Stored<S> {
  return fact.known ? { value: encode(fact.value) } : { unknown: fact.reason }
}

const same = <T>(value: T): T => value

function store(answer: SvmAnswer): StoredAnswer {
  switch (answer.kind) {
    case 'unreachable':
      return answer
    case 'wrong-cluster':
      return { ...answer, blockhash: stored(answer.blockhash, same) }
    case 'read': {
      const { slot, height, time, finalized, rent, historySince, accounts, blockhash, simulated, settlement, readAt: _, ...rest } = answer
      return {
        ...rest,
        slot: stored(slot, String),
        height: stored(height, String),
        time: stored(time, String),
        finalized: stored(finalized, (value) => ({
          slot: String(value.slot),
          height: String(value.height),
          time: stored(value.time, String),
          blockhash: stored(value.blockhash, same),
        })),
        rent: stored(rent, String),
        historySince: stored(historySince, String),
        blockhash: stored(blockhash, same),
        accounts: Object.fromEntries([...accounts].map(([address, fact]) => [address, stored(fact, storeAccount)])),
        simulated: { asIs: stored(simulated.asIs, storeSimulation), fresh: stored(simulated.fresh, storeSimulation) },
        settlement: stored(settlement, (value) =>
          value === null ? null : { ...value, slot: String(value.slot), time: stored(value.time, String) },
        ),
      }
    }
  }
}

function storeAccount(account: SvmAccount | null): {
  readonly owner: string
  readonly lamports: string
  readonly data: string
  readonly executable: boolean
} | null {
  return account === null ? null : { ...account, lamports: String(account.lamports), data: bytesToBase64(account.data) }
}

function storeSimulation({ error, logs, units }: SvmSimulation): StoredSimulation {
  return { error, logs, units: units === null ? null : String(units) }
}

function restore(from: JsonObject, capturedAt: bigint): SvmAnswer {
  const source = text(from, 'source')
  switch (from.get('kind')) {
    case 'unreachable':
      return { kind: 'unreachable', source, reason: text(from, 'reason') }
    case 'wrong-cluster':
      return {
        kind: 'wrong-cluster',
        source,
        expected: text(from, 'expected'),
        genesisHash: text(from, 'genesisHash'),
        blockhash: fact(from, 'blockhash', life),
      }
    case 'read':
      return restoreState(from, source, capturedAt)
    default:
      throw damaged(`an answer of the kind ${quote(plain(from.get('kind')))}`)
  }
}

function restoreState(from: JsonObject, source: string, readAt: bigint): SvmState {
  const accounts = object(from.get('accounts'), 'accounts')
  const simulated = object(from.get('simulated'), 'simulated')
  return {
    kind: 'read',
    source,
    network: text(from, 'network'),
    genesisHash: text(from, 'genesisHash'),
    readAt,
    slot: fact(from, 'slot', whole),
    height: fact(from, 'height', whole),
    time: fact(from, 'time', whole),
    finalized: from.has('finalized') ? fact(from, 'finalized', restoreFinalized) : unknown('the snapshot does not have it'),
    accounts: new Map(
      [...accounts.keys()].map((address) => {
        if (!isSvmKey(address)) throw damaged(`an account at ${quote(address)}, which is no address`)
        return [address, fact(accounts, address, restoreAccount)]
      }),
    ),
    blockhash: fact(from, 'blockhash', life),
    rent: fact(from, 'rent', whole),
    simulated: { asIs: fact(simulated, 'asIs', restoreSimulation), fresh: fact(simulated, 'fresh', restoreSimulation) },
    settlement: fact(from, 'settlement', restoreSettlement),
    historySince: fact(from, 'historySince', whole),
  }
}

function restoreFinalized(value: Json): SvmFinalized {
  const from = object(value, 'a finalized block')
  return {
    slot: whole(from.get('slot')),
    height: whole(from.get('height')),
    time: fact(from, 'time', whole),
    blockhash: fact(from, 'blockhash', life),
  }
}

function restoreAccount(value: Json): SvmAccount | null {
  if (value === null) return null
  const from = object(value, 'an account')
  const data = text(from, 'data')
  const decoded = data === '' ? { ok: true as const, bytes: new Uint8Array(), slips: [] } : decodeBase64(data)
  if (!decoded.ok || decoded.slips.length > 0) throw damaged('an account whose data is no base64')
  const owner = text(from, 'owner')
  if (!isSvmKey(owner)) throw damaged(`an account that belongs to ${quote(owner)}, which is no address`)
  return { owner, lamports: whole(from.get('lamports')), data: decoded.bytes, executable: from.get('executable') === true }
}

function restoreSimulation(value: Json): SvmSimulation {
  const from = object(value, 'a simulation')
  const units = from.get('units')
  return { error: plain(from.get('error')), logs: lines(from), units: units === null || units === undefined ? null : whole(units) }
}

function restoreSettlement(value: Json): SvmSettlement | null {
  if (value === null) return null
  const from = object(value, 'a settlement')
  const receiver = from.get('receiver')
  return {
    transaction: text(from, 'transaction'),
    slot: whole(from.get('slot')),
    time: fact(from, 'time', whole),
    error: plain(from.get('error')),
    logs: lines(from),
    receiver: typeof receiver === 'string' ? receiver : null,
  }
}

function fact<T>(from: JsonObject, name: string, decode: (value: Json) => T): Known<T> {
  const entry = object(from.get(name), name)
  const reason = entry.get('unknown')
  if (typeof reason === 'string') return unknown(reason)
  const value = entry.get('value')
  if (value === undefined) throw damaged(`"${name}" with neither a value nor why it is unknown`)
  return known(decode(value))
}

function whole(value: Json | undefined): bigint {
  if (typeof value === 'string' && /^\d{1,20}$/.test(value) && BigInt(value) < 2n ** 64n) return BigInt(value)
  throw damaged(`${quote(plain(value))} where a whole number in quotes has to stand`)
}

function life(value: Json): 'alive' | 'dead' {
  if (value === 'alive' || value === 'dead') return value
  throw damaged(`a blockhash that is ${quote(plain(value))}, which is neither alive nor dead`)
}

function text(from: JsonObject, name: string): string {
  const value = from.get(name)
  if (typeof value === 'string') return value
  throw damaged(`"${name}" that is ${quote(plain(value))}`)
}

function lines(from: JsonObject): readonly string[] {
  const logs = from.get('logs')
  return Array.isArray(logs) ? logs.filter((line: Json): line is string => typeof line === 'string') : []
}

function object(value: Json | undefined, what: string): JsonObject {
  if (isObject(value)) return value
  throw damaged(`${what} that is ${quote(plain(value))}`)
}

/** JSON of ours as a plain value again. */
function plain(value: Json | undefined): unknown {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map((each: Json) => plain(each))
  if (isObject(value)) return Object.fromEntries([...value].map(([key, each]) => [key, plain(each)]))
  return 'digits' in value ? Number(value.digits) : undefined
}

function damaged(what: string): Eip3009Error {
  return new Eip3009Error(
    'unreadable-input',
    `Read ${what}; expected a snapshot as captureSnapshot makes it (eip3009/svm-snapshot@1): capture it again.`,
  )
}
