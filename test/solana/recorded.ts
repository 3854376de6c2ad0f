/**
 * A cluster as it was recorded, from a payment of the fixtures and a few words: `recorded('valid', dead, missing('destination'), holds(0n))`. Nothing is
 * asked, simulated or run, so that a table may have hundreds of rows. What words write into accounts they write at the offsets that spl-token's `Account`,
 * `Mint` and `Multisig` have, and Token-2022's extensions behind them.
 */
import { type SvmFixtureNetwork, type SvmFixtureState, variants } from '@eip3009/fixtures'
import { type Known, known, unknown } from '../../packages/core/src/evidence/known.ts'
import type { SolanaNetwork } from '../../packages/core/src/networks/network.ts'
import type { SvmAccount, SvmAnswer, SvmFinalized, SvmSettlement, SvmState } from '../../packages/core/src/solana/state/state.ts'
import type { SvmPayment } from '../../packages/core/src/solana/transaction/payment.ts'
import { readSvmPayment } from '../../packages/core/src/solana/transaction/read.ts'
import { keyBytes } from '../../packages/core/src/solana/transaction/token-account.ts'

/** When it is, and when all of it was read. */
export const now = 1_790_000_000n
/** Of the newest block that is confirmed. */
export const newest = { slot: 350_000_000n, height: 330_000_000n } as const
/** How much older the newest finalized block is: 32 slots of 0.4 s. */
export const unfinalized = { slots: 32n, seconds: 13n } as const
/** Lamports that an account without data has to keep. */
export const rent = 890_880n
/** A key that is on no payment of the fixtures. */
export const stranger = 'GvDMxPzN1sCj7L26YDK2HnMRXEQmQ2aemov8YBtPS7vR'

export const tokenProgram = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA'
export const token2022 = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb'
const system = '11111111111111111111111111111111'

export type Role = 'source' | 'destination' | 'mint' | 'payer' | 'feePayer' | 'payTo'

/** One thing that a cluster said otherwise than of a healthy payment. */
export type Word = (state: SvmState, payment: SvmPayment) => SvmState

export interface Recorded {
  readonly payment: SvmPayment & { readonly network: SolanaNetwork; readonly transaction: NonNullable<SvmPayment['transaction']> }
  readonly state: SvmState
}

/** The payment of a fixture, and what one RPC said of it. */
export function recorded(name: string, ...words: readonly Word[]): Recorded {
  return recordedOn('solana', name, ...words)
}

export function recordedOn(network: SvmFixtureNetwork, name: string, ...words: readonly Word[]): Recorded {
  const { payment, state } = fixtureOf(network, name)
  const { network: own, transaction } = payment
  if (own === undefined || transaction === null) throw new TypeError(`${name} has no transaction`)
  return { payment: { ...payment, network: own, transaction }, state: stateOf(payment, state, words) }
}

/** A payment of which only bytes that nobody can read are there, and what an RPC says of it all the same. */
export function unreadable(...words: readonly Word[]): { readonly payment: SvmPayment; readonly state: SvmState } {
  const { payment, state } = fixtureOf('solana', 'svm-transaction-malformed')
  return { payment, state: stateOf(payment, state, words) }
}

interface Fixture {
  readonly payment: SvmPayment
  readonly state: SvmFixtureState
}

/** Reading a payment verifies its signatures, and hundreds of rows have the same one. */
const fixtures = new Map<string, Fixture>()

function fixtureOf(network: SvmFixtureNetwork, name: string): Fixture {
  const key = `${network} ${name}`
  const before = fixtures.get(key)
  if (before !== undefined) return before
  const found = variants(network).find((each) => each.name === name)
  if (found === undefined) throw new TypeError(`no fixture ${name}`)
  const made = { payment: readSvmPayment(found.input), state: found.state }
  fixtures.set(key, made)
  return made
}

function stateOf(payment: SvmPayment, { genesisHash, accounts }: SvmFixtureState, words: readonly Word[]): SvmState {
  const unsimulated = unknown('nothing was simulated')
  const healthy: SvmState = {
    kind: 'read',
    source: 'a.example',
    network: payment.network?.id ?? 'solana',
    genesisHash,
    readAt: now,
    slot: known(newest.slot),
    height: known(newest.height),
    time: known(now),
    finalized: known({
      slot: newest.slot - unfinalized.slots,
      height: newest.height - unfinalized.slots,
      time: known(now - unfinalized.seconds),
      blockhash: known('alive'),
    }),
    accounts: new Map(
      Object.entries(accounts).map(([address, account]) => [
        address,
        known(
          account === null
            ? null
            : {
                owner: account.owner,
                lamports: BigInt(account.lamports),
                data: new Uint8Array(Buffer.from(account.data, 'base64')),
                executable: false,
              },
        ),
      ]),
    ),
    blockhash: known('alive'),
    rent: known(rent),
    simulated: { asIs: unsimulated, fresh: unsimulated },
    settlement: known(null),
    historySince: known(0n),
  }
  return words.reduce((state, word) => word(state, payment), healthy)
}

/** The address that has a part in a payment. */
export function addressOf(role: Role, { transaction, requirements }: SvmPayment): string {
  const transfers = (transaction?.instructions ?? []).flatMap(({ meaning }) => (meaning.kind === 'transfer-checked' ? [meaning] : []))
  const [transfer] = transfers
  const address = {
    source: transfer?.source,
    destination: transfer?.destination,
    mint: transfer?.mint,
    payer: transfer?.authority,
    feePayer: transaction?.feePayer,
    payTo: requirements?.payTo,
  }[role]
  if (typeof address !== 'string') throw new TypeError(`this payment has no ${role}`)
  return address
}

// The blockhash.

const life =
  (confirmed: 'alive' | 'dead', finalized: 'alive' | 'dead'): Word =>
  (state) => ({ ...withFinalized({ blockhash: known(finalized) })(state), blockhash: known(confirmed) })

export const dead = life('dead', 'dead')
/** Dead in the newest block, which is not finalized yet. */
export const deadUnfinalized = life('dead', 'alive')

// The node itself.

/** A fact that the RPC was asked for and did not tell. */
export const untold =
  (fact: 'slot' | 'height' | 'time' | 'finalized' | 'blockhash' | 'rent' | 'settlement' | 'historySince'): Word =>
  (state) => ({ ...state, [fact]: unknown(`${fact} was not told`) })

const withFinalized =
  (change: Partial<SvmFinalized>) =>
  (state: SvmState): SvmState => ({
    ...state,
    finalized: state.finalized.known ? known({ ...state.finalized.value, ...change }) : state.finalized,
  })

export const finalizedAs =
  (change: Partial<SvmFinalized>): Word =>
  (state) =>
    withFinalized(change)(state)

/** Its newest block is so many seconds older, and so is what it has finalized. */
export const behind =
  (seconds: bigint): Word =>
  (state) => {
    const blocks = (seconds * 5n) / 2n
    const earlier = (fact: Known<bigint>, by: bigint): Known<bigint> => (fact.known ? known(fact.value - by) : fact)
    const { finalized } = state
    return {
      ...state,
      slot: earlier(state.slot, blocks),
      height: earlier(state.height, blocks),
      time: earlier(state.time, seconds),
      finalized: finalized.known
        ? known({
            ...finalized.value,
            slot: finalized.value.slot - blocks,
            height: finalized.value.height - blocks,
            time: earlier(finalized.value.time, seconds),
          })
        : finalized,
    }
  }

/** All of it was read so many seconds ago. */
export const readAgo =
  (seconds: bigint): Word =>
  (state, payment) => ({ ...behind(seconds)(state, payment), readAt: state.readAt - seconds })

export const inSlot =
  (slot: bigint): Word =>
  (state) => ({ ...state, slot: known(slot) })

export const calledBy =
  (source: string): Word =>
  (state) => ({ ...state, source })

export const historySince =
  (time: bigint): Word =>
  (state) => ({ ...state, historySince: known(time) })

export const withRent =
  (lamports: bigint): Word =>
  (state) => ({ ...state, rent: known(lamports) })

// What became of the transaction.

/** It landed, so many slots before the newest one, with an error as JSON-RPC has it. */
export const landed =
  ({ error = null, ago = 100n, ...more }: Partial<SvmSettlement> & { readonly ago?: bigint } = {}): Word =>
  (state) => ({
    ...state,
    settlement: known({
      transaction: '3dF8CbLSeytRBCHGGsmMwuriuKppx81RKDugo4DnwbaMvYmU27426S7egg9ku3PhSJANk4dr6HS72EBDRdrq2FnM',
      slot: newest.slot - ago,
      time: known(now - (ago * 2n) / 5n),
      error,
      logs: [],
      receiver: null,
      ...more,
    }),
  })

const simulation = (error: unknown, logs: readonly string[] = []): SvmState['simulated']['asIs'] => known({ error, logs, units: 6_000n })

/** The node's own simulation takes it. */
export const runs: Word = (state) => ({ ...state, simulated: { asIs: simulation(null), fresh: simulation(null) } })

/** The simulation fails, whatever the blockhash. */
export const simulatedWith =
  (error: unknown, logs: readonly string[] = []): Word =>
  (state) => ({ ...state, simulated: { asIs: simulation(error, logs), fresh: simulation(error, logs) } })

/** The simulation as it is fails; with a blockhash that lives it does not. */
export const simulatedAsIs =
  (error: unknown): Word =>
  (state) => ({ ...state, simulated: { ...state.simulated, asIs: simulation(error) } })

// Accounts.

const account =
  (role: Role | { readonly address: string }, change: (own: SvmAccount) => Known<SvmAccount | null>): Word =>
  (state, payment) => {
    const address = typeof role === 'string' ? addressOf(role, payment) : role.address
    const own = state.accounts.get(address)
    const before: SvmAccount =
      own?.known && own.value !== null ? own.value : { owner: system, lamports: 1_000_000n, data: new Uint8Array(), executable: false }
    return { ...state, accounts: new Map([...state.accounts, [address, change(before)]]) }
  }

export const missing = (role: Role): Word => account(role, () => known(null))
export const unread = (role: Role): Word => account(role, () => unknown(`the ${role} was not told`))

export const unasked =
  (role: Role): Word =>
  (state, payment) => {
    const accounts = new Map(state.accounts)
    accounts.delete(addressOf(role, payment))
    return { ...state, accounts }
  }

export const having = (role: Role | { readonly address: string }, change: Partial<SvmAccount>): Word =>
  account(role, (own) => known({ ...own, ...change }))

/** The bytes of an account otherwise. */
export const written = (role: Role | { readonly address: string }, change: (data: DataView, bytes: Uint8Array) => void): Word =>
  account(role, (own) => {
    const data = Uint8Array.from(own.data)
    change(new DataView(data.buffer), data)
    return known({ ...own, data })
  })

export const holds = (amount: bigint, role: Role | { readonly address: string } = 'source'): Word =>
  written(role, (data) => data.setBigUint64(64, amount, true))
export const ofMint = (role: Role, mint: string): Word => written(role, (_, bytes) => bytes.set(keyBytes(mint), 0))
export const ownedBy = (role: Role, owner: string): Word => written(role, (_, bytes) => bytes.set(keyBytes(owner), 32))
export const frozen = (role: Role): Word => written(role, (data) => data.setUint8(108, 2))
export const uninitialised = (role: Role): Word => written(role, (data) => data.setUint8(108, 0))
export const delegatedTo = (delegate: string, allowance: bigint): Word =>
  written('source', (data, bytes) => {
    data.setUint32(72, 1, true)
    bytes.set(keyBytes(delegate), 76)
    data.setBigUint64(121, allowance, true)
  })
export const decimals = (count: number): Word => written('mint', (data) => data.setUint8(44, count))

/** An account of Token-2022 with an extension: its own bytes padded to 165, its kind (1 a mint, 2 a token account), then type, length and data. */
export const extended = (role: Role, type: number, data: readonly number[] | Uint8Array): Word =>
  account(role, (own) => {
    const isLong = own.data.length > 165
    const out = new Uint8Array((isLong ? own.data.length : 166) + 4 + data.length)
    out.set(own.data)
    const at = isLong ? own.data.length : 166
    if (!isLong) out[165] = role === 'mint' ? 1 : 2
    new DataView(out.buffer).setUint16(at, type, true)
    new DataView(out.buffer).setUint16(at + 2, data.length, true)
    out.set(data, at + 4)
    return known({ ...own, owner: token2022, data: out })
  })

// Answers that are not believed.

export const unreachable = (reason = 'it answered HTTP 503'): SvmAnswer => ({ kind: 'unreachable', source: 'b.example', reason })

export const wrongCluster = (blockhash: Known<'alive' | 'dead'>): SvmAnswer => ({
  kind: 'wrong-cluster',
  source: 'b.example',
  expected: 'solana',
  genesisHash: 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG',
  blockhash,
})
