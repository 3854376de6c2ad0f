import { isSvmKey } from '../solana/transaction/token-account.ts'
import { beside, payment as evmPayment, finding, svmNetwork } from './payment-shapes.ts'
import { bigint, byKind, bytes, flag, list, maybe, nullable, oneOf, only, record, type Shape, text, whole } from './shape.ts'

// What the functions for Solana take. Keys are checked as keys: everything further down would throw what web3.js throws.

export const key: Shape = (value, at) => only(typeof value === 'string' && isSvmKey(value), 'a key: 32 bytes in base58', value, at)

const requirements: Shape = (value, at) =>
  record("the server's requirements", {
    network: maybe(text),
    amount: maybe(bigint),
    payTo: maybe(key),
    asset: maybe(key),
    feePayer: maybe(key),
    memo: maybe(text),
  })(value, at)

const meaning: Shape = (value, at) =>
  byKind('what an instruction does', {
    'compute-limit': { units: whole },
    'compute-price': { microLamports: bigint },
    'transfer-checked': {
      tokenProgram: key,
      source: nullable(key),
      mint: nullable(key),
      destination: nullable(key),
      authority: nullable(key),
      amount: bigint,
      decimals: whole,
    },
    'plain-transfer': { amount: bigint },
    'create-token-account': { idempotent: flag },
    memo: { bytes },
    lighthouse: {},
    'advance-nonce': {},
    other: {},
  })(value, at)

const instruction: Shape = (value, at) =>
  record('an instruction', { program: nullable(key), accounts: list(nullable(key)), data: bytes, meaning })(value, at)

export const svmTransaction: Shape = (value, at) =>
  record('a transaction, as readSvmTransaction gives it', {
    version: oneOf(['legacy', 0]),
    size: whole,
    feePayer: key,
    blockhash: key,
    signers: list(record('a signer', { key, state: oneOf(['valid', 'invalid', 'missing']) })),
    instructions: list(instruction),
    lookupTables: list(key),
    trailingBytes: whole,
  })(value, at)

export const svmPayment: Shape = (value, at) =>
  record('a payment, as readSvmPayment gives it', {
    family: oneOf(['solana']),
    form: text,
    recognised: text,
    networkName: maybe(text),
    network: maybe(svmNetwork),
    transaction: nullable(svmTransaction),
    bytes: nullable(bytes),
    slips: list(text),
    requirements: maybe(requirements),
    accepted: maybe(requirements),
    differences: list(text),
    beside: maybe(beside),
    findings: list(finding),
  })(value, at)

/** A payment of either family, which says itself which it is of. */
export const anyPayment: Shape = (value, at) => (Reflect.get(Object(value), 'family') === 'solana' ? svmPayment : evmPayment)(value, at)

/** A fact that was asked for: its value, or why it is unknown. */
const fact =
  (shape: Shape): Shape =>
  (value, at) =>
    record('a fact, known or unknown', { known: flag })(value, at) ??
    (Reflect.get(Object(value), 'known') === true ? record('a fact', { value: shape }) : record('a fact', { reason: text }))(value, at)

const simulation: Shape = (value, at) => record('a simulation', { logs: list(text), units: nullable(bigint) })(value, at)

const settlement: Shape = (value, at) =>
  record('a settlement', { transaction: text, slot: bigint, time: fact(bigint), logs: list(text), receiver: nullable(text) })(value, at)

const finalized: Shape = (value, at) =>
  record('a finalized block', { slot: bigint, height: bigint, time: fact(bigint), blockhash: fact(alive) })(value, at)

const account: Shape = (value, at) => record('an account', { owner: text, lamports: bigint, data: bytes, executable: flag })(value, at)

const accounts: Shape = (value, at) => {
  if (!(value instanceof Map)) return only(false, 'a map of accounts by their addresses', value, at)
  for (const each of value.values()) {
    const misfit = fact(nullable(account))(each, `${at} (one of them)`)
    if (misfit !== undefined) return misfit
  }
  return undefined
}

const alive: Shape = (value, at) => oneOf(['alive', 'dead'])(value, at)

export const svmAnswer: Shape = (value, at) =>
  byKind("a cluster's answer, as investigate gives it", {
    unreachable: { source: text, reason: text },
    'wrong-cluster': { source: text, expected: text, genesisHash: text, blockhash: fact(alive) },
    read: {
      source: text,
      network: text,
      genesisHash: text,
      readAt: bigint,
      slot: fact(bigint),
      height: fact(bigint),
      time: fact(bigint),
      finalized: fact(finalized),
      accounts,
      blockhash: fact(alive),
      rent: fact(bigint),
      simulated: record('simulations', { asIs: fact(simulation), fresh: fact(simulation) }),
      settlement: fact(nullable(settlement)),
      historySince: fact(bigint),
    },
  })(value, at)
