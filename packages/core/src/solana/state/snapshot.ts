import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToBase64, decodeBase64 } from '../../bytes/base64.ts'
import { toHex } from '../../bytes/bytes.ts'
import {
  type Codec,
  damaged,
  factOf,
  flag,
  listOf,
  mapOf,
  nullable,
  oneOf,
  type Plain,
  record,
  tagged,
  text,
  textOf,
  wholeOf,
} from '../../evidence/codec.ts'
import { unknown } from '../../evidence/known.ts'
import { documentOf, moment, readDocument, type Snapshot, type SnapshotMoment, type snapshotSchema } from '../../evidence/snapshot.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { signedBytesOf } from '../transaction/signed-bytes.ts'
import { isSvmKey } from '../transaction/token-account.ts'
import type { SvmAccount, SvmAnswer, SvmFinalized, SvmReader, SvmSettlement, SvmSimulation, SvmState } from './state.ts'

/** What clusters said, and when they were asked. Unix seconds. */
export interface SvmAnswers {
  readonly answers: readonly SvmAnswer[]
  readonly now: bigint
  readonly at?: bigint
}

/** Where an investigation has its evidence from, as `investigate` takes it. */
export interface SvmSources {
  readonly readers: readonly SvmReader[]
  readonly now: bigint
  readonly at?: bigint
}

/** A snapshot of a payment on Solana, as the JSON document that it is. */
export interface SvmSnapshot {
  readonly schema: typeof snapshotSchema
  readonly family: 'solana'
  readonly moment: SnapshotMoment
  /**
   * SHA-256 of the payment's message in hex: which payment was asked about. Null where its transaction can not be decoded.
   * @pattern ^[0-9a-f]{64}$
   */
  readonly payment: string | null
  readonly answers: readonly SvmAnswer[]
}

type Body = Omit<SvmSnapshot, 'schema' | 'family'>

const whole = wholeOf(64)
const key = textOf((value): value is string => isSvmKey(value), 'an address')
const life = oneOf<'alive' | 'dead'>({ alive: true, dead: true })

const base64: Codec<Uint8Array> = {
  encode: bytesToBase64,
  decode(json, at) {
    const own = text.decode(json, at)
    const decoded = own === '' ? { ok: true as const, bytes: new Uint8Array(), slips: [] } : decodeBase64(own)
    if (!decoded.ok || decoded.slips.length > 0) throw damaged(`what is no base64 at "${at}"`)
    return decoded.bytes
  },
}

/** What JSON-RPC gave, as it is. */
const asIs: Codec<unknown> = { encode: (value) => plain(value), decode: (json) => json }

const account = record<SvmAccount>({ owner: key, lamports: whole, data: base64, executable: flag })
const simulation = record<SvmSimulation>({ error: asIs, logs: listOf(text), units: nullable(whole) })
const settlement = record<SvmSettlement>({
  transaction: text,
  slot: whole,
  time: factOf(whole),
  error: asIs,
  logs: listOf(text),
  receiver: nullable(text),
})
const finalized = record<SvmFinalized>({ slot: whole, height: whole, time: factOf(whole), blockhash: factOf(life) })

const answer: Codec<SvmAnswer> = tagged<SvmAnswer, 'kind'>('kind', {
  read: {
    source: text,
    network: text,
    genesisHash: text,
    readAt: whole,
    slot: factOf(whole),
    height: factOf(whole),
    time: factOf(whole),
    finalized: factOf(finalized),
    accounts: mapOf(isSvmKey, factOf(nullable(account)), 'an address'),
    blockhash: factOf(life),
    rent: factOf(whole),
    simulated: record<SvmState['simulated']>({ asIs: factOf(simulation), fresh: factOf(simulation) }),
    settlement: factOf(nullable(settlement)),
    historySince: factOf(whole),
  },
  'wrong-cluster': { source: text, expected: text, genesisHash: text, blockhash: factOf(life) },
  unreachable: { source: text, reason: text },
})

const sha256Text = textOf((value): value is string => /^[0-9a-f]{64}$/.test(value), 'a SHA-256 in hex')

const body: Codec<Body> = record<Body>({ moment, payment: nullable(sha256Text), answers: listOf(answer) })

/** What was read for a payment, as an object for `JSON.stringify`. No signature of the payment is in it. */
export function captureSnapshot(payment: SvmPayment, { answers, now, at }: SvmAnswers): Snapshot<'solana'> {
  return documentOf('solana', body.encode({ moment: { now, at: at ?? null }, payment: messageHash(payment), answers }))
}

/**
 * Readers that answer as the RPCs of a snapshot did, one each, and when that was. Asked about another payment than the captured one, they say so and tell
 * nothing.
 * @throws Eip3009Error `unreadable-input` when it is no snapshot of a payment on Solana, or a damaged one.
 */
export function readSnapshot(input: string | object): SvmSources {
  const { moment, payment: message, answers } = body.decode(readDocument(input, 'solana'), '')
  return {
    now: moment.now,
    ...(moment.at === null ? {} : { at: moment.at }),
    readers: answers.map(
      (each): SvmReader => ({
        source: each.source,
        read: ({ payment }) => Promise.resolve(messageHash(payment) === message ? each : ofAnother(each)),
      }),
    ),
  }
}

function messageHash(payment: SvmPayment): string | null {
  const message = signedBytesOf(payment)?.message
  return message === undefined ? null : toHex(sha256(message)).slice(2)
}

/** What remains of an answer when it was given about another payment: which cluster the RPC is of. */
function ofAnother(answer: SvmAnswer): SvmAnswer {
  const reason = 'the snapshot was captured for another payment'
  if (answer.kind === 'wrong-cluster') return { ...answer, blockhash: unknown(reason) }
  return { kind: 'unreachable', source: answer.source, reason }
}

/** A value of JSON is one already; of anything else what JSON makes of it. */
function plain(value: unknown): Plain {
  return JSON.parse(JSON.stringify(value ?? null))
}
