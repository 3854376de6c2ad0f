import { bytesToBase64, decodeBase64 } from '../../bytes/base64.ts'
import { type Known, known, unknown } from '../../evidence/known.ts'
import type { RpcAnswer, RpcCall } from '../../rpc/chain-client.ts'
import { gatheringClient } from '../../rpc/gathering-client.ts'
import type { HttpOptions } from '../../rpc/http-client.ts'
import { identityOf } from '../../rpc/witness.ts'
import { blanked, signedBytesOf } from '../transaction/signed-bytes.ts'
import { connectSolana, type SvmSource } from './connect-solana.ts'
import { findSettled, type SearchOptions } from './find-settled.ts'
import { resolveLookups } from './lookup-tables.ts'
import { fieldOf, logsIn, read, toBigint } from './rpc-answers.ts'
import type { SvmAccount, SvmAnswer, SvmFinalized, SvmQuestion, SvmReader, SvmSimulation, SvmState } from './state.ts'
import { readNonce } from './token-data.ts'
import { addressesOf, nonceAccountOf } from './wanted-accounts.ts'

export interface SvmReadOptions extends HttpOptions, Pick<SearchOptions, 'mostTransactions'> {
  /** Milliseconds for everything together; what is not there by then is unknown. 30 000 when absent. */
  readonly totalTimeout?: number
}

/** The state of the newest block that a supermajority has voted for: what is not confirmed may vanish. */
const commitment = 'confirmed'

/**
 * A reader of one RPC: a URL, a `Connection` of web3.js, or a client. It asks for all that a payment needs in three round trips; the genesis hash
 * is compared before anything that came with it is believed. Nothing is sent to the cluster, and no signature leaves the machine: what is
 * simulated has zeros in their place.
 * @throws Eip3009Error `invalid-argument` when the source is none of these, or a URL that is not http or https.
 */
export function svmReader(source: SvmSource, options: SvmReadOptions = {}): SvmReader {
  const { totalTimeout = 30_000, timeout = totalTimeout } = options
  const client = connectSolana(source, { ...options, timeout })
  return {
    source: client.description,
    identity: identityOf(source),
    read: async (question) => {
      const gathering = gatheringClient(client, { timeout: totalTimeout })
      try {
        return await readState(gathering.description, (calls) => gathering.batch(calls), question, options)
      } finally {
        gathering.stop()
      }
    },
  }
}

type Ask = (calls: readonly RpcCall[]) => Promise<readonly RpcAnswer[]>

async function readState(
  source: string,
  ask: Ask,
  { payment, network, now, at }: SvmQuestion,
  options: SvmReadOptions,
): Promise<SvmAnswer> {
  const { transaction } = payment
  const parts = signedBytesOf(payment)
  const addresses = addressesOf(payment, network)
  const simulation = (replaceRecentBlockhash: boolean): RpcCall[] =>
    parts === undefined
      ? []
      : [
          {
            method: 'simulateTransaction',
            params: [bytesToBase64(blanked(parts)), { encoding: 'base64', sigVerify: false, replaceRecentBlockhash, commitment }],
          },
        ]
  const validity = (level: string): RpcCall[] =>
    transaction === null ? [] : [{ method: 'isBlockhashValid', params: [transaction.blockhash, { commitment: level }] }]
  const [genesis, accounts, epoch, final, rent, first, processed, confirmed, rooted, asIs, fresh] = await ask([
    { method: 'getGenesisHash', params: [] },
    accountsCall(addresses),
    { method: 'getEpochInfo', params: [{ commitment }] },
    { method: 'getEpochInfo', params: [{ commitment: 'finalized' }] },
    { method: 'getMinimumBalanceForRentExemption', params: [0] },
    { method: 'getFirstAvailableBlock', params: [] },
    ...validity('processed'),
    ...validity(commitment),
    ...validity('finalized'),
    ...simulation(false),
    ...simulation(true),
  ])
  const hash = read(genesis, (value) => (typeof value === 'string' && value.length >= 32 ? value : undefined))
  if (!hash.known) return { kind: 'unreachable', source, reason: hash.reason }
  const blockhash = transaction === null ? unknown('the transaction can not be decoded') : lives(processed, confirmed)
  // CAIP-2's reference is the genesis hash cut to 32 characters.
  if (hash.value.slice(0, 32) !== network.caip2.slice('solana:'.length))
    return { kind: 'wrong-cluster', source, expected: network.id, genesisHash: hash.value, blockhash }

  const found = readAccounts(addresses, accounts)
  const slot = numberIn(epoch, 'absoluteSlot')
  const firstBlock = read(first, toBigint)
  const simulated = { asIs: readSimulation(asIs), fresh: readSimulation(fresh) }
  // What a lookup table names is only known now, and a transaction may only be looked for once its blockhash was seen dead or alive.
  const resolved = resolveLookups(payment, found)
  const more = addressesOf(resolved, network).filter((address) => !found.has(address))
  const finalSlot = numberIn(final, 'absoluteSlot')
  const [late, time, finalTime, oldest, settlement] = await Promise.all([
    more.length === 0 ? undefined : ask([accountsCall(more)]),
    timeOf(ask, slot),
    timeOf(ask, finalSlot),
    firstBlock.known && firstBlock.value <= 1n ? known(0n) : timeOf(ask, firstBlock),
    findSettled(ask, resolved, { ...options, ...(at === undefined ? {} : { at }) }),
  ])
  const all = new Map([...found, ...(late === undefined ? [] : readAccounts(more, late[0]))])
  return {
    kind: 'read',
    source,
    network: network.id,
    genesisHash: hash.value,
    readAt: now,
    slot,
    height: numberIn(epoch, 'blockHeight'),
    time,
    finalized: finalizedOf(finalSlot, numberIn(final, 'blockHeight'), {
      time: finalTime,
      blockhash: nonceAccountOf(resolved) === undefined ? validityIn(rooted) : unknown('a durable nonce is no blockhash'),
    }),
    accounts: all,
    blockhash: durable(resolved, all) ?? blockhash,
    rent: read(rent, toBigint),
    simulated,
    settlement,
    historySince: oldest,
  } satisfies SvmState
}

function accountsCall(addresses: readonly string[]): RpcCall {
  return { method: 'getMultipleAccounts', params: [addresses, { encoding: 'base64', commitment }] }
}

async function timeOf(ask: Ask, slot: Known<bigint>): Promise<Known<bigint>> {
  if (!slot.known) return slot
  const [answer] = await ask([{ method: 'getBlockTime', params: [Number(slot.value)] }])
  return read(answer, toBigint)
}

/** Dead at both levels: then no block that is still to come can take it, and any that did take it is among the confirmed ones. */
function lives(processed: RpcAnswer | undefined, confirmed: RpcAnswer | undefined): Known<'alive' | 'dead'> {
  const answers = [processed, confirmed].map(validityIn)
  return answers.find((answer) => answer.known && answer.value === 'alive') ?? answers.find((answer) => !answer.known) ?? known('dead')
}

function validityIn(answer: RpcAnswer | undefined): Known<'alive' | 'dead'> {
  return read(answer, (value) => {
    const valid = fieldOf(value, 'value')
    return typeof valid === 'boolean' ? (valid ? 'alive' : 'dead') : undefined
  })
}

function finalizedOf(slot: Known<bigint>, height: Known<bigint>, rest: Pick<SvmFinalized, 'time' | 'blockhash'>): Known<SvmFinalized> {
  if (!slot.known) return slot
  return height.known ? known({ slot: slot.value, height: height.value, ...rest }) : height
}

/** A nonce account in the blockhash's place never expires: it lives as long as the account keeps it. */
function durable(payment: SvmQuestion['payment'], accounts: SvmState['accounts']): Known<'alive' | 'dead'> | undefined {
  const address = nonceAccountOf(payment)
  if (address === undefined || payment.transaction === null) return undefined
  const fact = accounts.get(address)
  if (fact === undefined || !fact.known) return fact ?? unknown('the nonce account was not read')
  const kept = fact.value === null ? undefined : readNonce(fact.value)
  return known(kept === payment.transaction.blockhash ? 'alive' : 'dead')
}

function numberIn(answer: RpcAnswer | undefined, name: string): Known<bigint> {
  return read(answer, (value) => toBigint(fieldOf(value, name)))
}

function readAccounts(addresses: readonly string[], answer: RpcAnswer | undefined): Map<string, Known<SvmAccount | null>> {
  const list = read(answer, (value) => {
    const inner = fieldOf(value, 'value')
    return Array.isArray(inner) && inner.length === addresses.length ? (inner as readonly unknown[]) : undefined
  })
  return new Map(
    addresses.map((address, index): [string, Known<SvmAccount | null>] => {
      if (!list.known) return [address, list]
      const account = readAccount(list.value[index])
      return [address, account === undefined ? unknown('it answered with something that is no account') : known(account)]
    }),
  )
}

function readAccount(value: unknown): SvmAccount | null | undefined {
  if (value === null) return null
  const [owner, lamports, data] = [fieldOf(value, 'owner'), toBigint(fieldOf(value, 'lamports')), fieldOf(value, 'data')]
  const text: unknown = Array.isArray(data) ? data[0] : undefined
  if (typeof owner !== 'string' || lamports === undefined || typeof text !== 'string') return undefined
  const decoded = text === '' ? { ok: true as const, bytes: new Uint8Array() } : decodeBase64(text)
  return decoded.ok ? { owner, lamports, data: decoded.bytes, executable: fieldOf(value, 'executable') === true } : undefined
}

function readSimulation(answer: RpcAnswer | undefined): Known<SvmSimulation> {
  return read(answer, (result) => {
    const value = fieldOf(result, 'value')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'err')) return undefined
    return { error: fieldOf(value, 'err'), logs: logsIn(value, 'logs'), units: toBigint(fieldOf(value, 'unitsConsumed')) ?? null }
  })
}
