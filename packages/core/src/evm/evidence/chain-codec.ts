import type { Address, Hex } from '../../bytes/hex.ts'
import {
  type Codec,
  count,
  factOf,
  flag,
  listOf,
  type Members,
  maybe,
  nullable,
  oneOf,
  record,
  tagged,
  text,
  textOf,
  whole,
} from '../../evidence/codec.ts'
import { isTokenFamily } from '../../tokens/models.ts'
import type {
  AccountCode,
  ChainAnswer,
  ChainQuestion,
  ChainState,
  Deployment,
  FacilitatorState,
  Head,
  PaymentFunction,
  SentReceipt,
  Settlement,
  Simulation,
  WalletAnswer,
  WalletOwner,
} from './chain.ts'
import type { SignatureCheck } from './replay.ts'

// How what a chain said stands in a snapshot. Each table is complete by its type: a fact that a state gets has to say how it is kept.

export const hex: Codec<Hex> = textOf((value): value is Hex => /^0x[0-9a-fA-F]*$/.test(value), 'bytes in hex')
export const address: Codec<Address> = textOf((value): value is Address => /^0x[0-9a-fA-F]{40}$/.test(value), 'an address')
export const bytes32: Codec<Hex> = textOf((value): value is Hex => /^0x[0-9a-fA-F]{64}$/.test(value), '32 bytes in hex')
export const family = textOf(isTokenFamily, 'a family of tokens')

const head = record<Head>({ number: whole, time: whole })

const accountCode = tagged<AccountCode, 'kind'>('kind', {
  none: {},
  eip7702: { delegate: address, delegateCode: factOf(count) },
  contract: { bytes: count },
})

const simulation = tagged<Simulation, 'outcome'>('outcome', { succeeds: {}, reverts: { says: text, data: maybe(hex) } })

export const signatureCheck: Codec<SignatureCheck> = tagged<SignatureCheck, 'by'>('by', {
  ecrecover: { digest: hex, recovered: nullable(address) },
  erc1271: { digest: hex, wallet: address, answer: hex, accepted: flag },
})

const walletOwner = tagged<WalletOwner, 'kind'>('kind', { address: { by: text, address }, passkey: { by: text } })

const walletAnswer = record<WalletAnswer>({
  form: oneOf<WalletAnswer['form']>({ 'as-sent': true, unwrapped: true }),
  signature: hex,
  digest: bytes32,
  accepts: factOf(flag),
})

const deployment = record<Deployment>({ factory: address, signature: hex, deploys: factOf(flag), accepts: factOf(flag) })

const settlement = record<Settlement>({
  how: oneOf<Settlement['how']>({ used: true, canceled: true }),
  transaction: bytes32,
  block: whole,
  blockHash: bytes32,
  time: factOf(whole),
  sender: factOf(address),
  paid: factOf(nullable(record({ to: address, value: whole }))),
  blocks: record<Settlement['blocks']>({ receipt: factOf(bytes32), now: factOf(nullable(bytes32)) }),
  called: factOf(nullable(address)),
  emitters: factOf(listOf(address)),
})

const sentReceipt = record<SentReceipt>({ transaction: bytes32, succeeded: flag, block: whole, blockHash: bytes32, uses: flag })

const facilitator = record<FacilitatorState>({
  address,
  native: factOf(whole),
  gasPrice: factOf(whole),
  nonce: factOf(whole),
  pendingNonce: factOf(whole),
  affords: factOf(nullable(flag)),
  blacklisted: factOf(nullable(flag)),
})

const functions = record<Readonly<Record<PaymentFunction, ChainState['token']['functions'][PaymentFunction]>>>({
  'transfer-vrs': factOf(flag),
  'transfer-bytes': factOf(flag),
  'receive-vrs': factOf(flag),
  'receive-bytes': factOf(flag),
  authorizationState: factOf(flag),
})

const state: Members<Omit<ChainState, 'kind'>> = {
  source: text,
  chainId: count,
  blockTime: maybe(count),
  block: record<ChainState['block']>({ number: whole, hash: bytes32, time: whole }),
  newest: flag,
  head,
  finality: record<ChainState['finality']>({ safe: factOf(nullable(head)), finalized: factOf(nullable(head)) }),
  again: factOf(nullable(record({ hash: bytes32, time: whole }))),
  nextTime: factOf(nullable(whole)),
  instead: maybe(text),
  token: record<ChainState['token']>({
    address,
    family: maybe(family),
    code: factOf(count),
    responds: factOf(flag),
    implementation: factOf(nullable(address)),
    functions,
    name: factOf(nullable(text)),
    version: factOf(nullable(text)),
    symbol: factOf(nullable(text)),
    decimals: factOf(nullable(count)),
    separator: factOf(nullable(bytes32)),
    paused: factOf(nullable(flag)),
  }),
  payer: record<ChainState['payer']>({
    code: factOf(accountCode),
    sameCode: factOf(flag),
    balance: factOf(nullable(whole)),
    blacklisted: factOf(nullable(flag)),
    native: factOf(whole),
    owners: factOf(nullable(listOf(walletOwner))),
  }),
  payee: record<ChainState['payee']>({ code: factOf(accountCode), blacklisted: factOf(nullable(flag)) }),
  nonce: record<ChainState['nonce']>({
    used: factOf(nullable(flag)),
    usedNow: factOf(nullable(flag)),
    settlement: factOf(nullable(settlement)),
  }),
  simulated: record<ChainState['simulated']>({
    atBlock: factOf(simulation),
    pending: factOf(simulation),
    fromAnother: maybe(factOf(simulation)),
    limited: maybe(factOf(simulation)),
  }),
  traced: maybe(factOf(nullable(signatureCheck))),
  wallet: listOf(walletAnswer),
  deployment: nullable(deployment),
  facilitator: nullable(facilitator),
  sent: maybe(factOf(nullable(sentReceipt))),
  minedNow: maybe(factOf(nullable(bytes32))),
  separatorThen: maybe(record({ block: whole, time: whole, separator: bytes32 })),
  apart: maybe(listOf(text)),
}

export const chainAnswer: Codec<ChainAnswer> = tagged<ChainAnswer, 'kind'>('kind', {
  read: state,
  'wrong-chain': { source: text, expected: count, chainId: count },
  unreachable: { source: text, reason: text },
})

/** What of a question decides its answer, besides the payment. */
export type AskedOfChain = Omit<ChainQuestion, 'payment'>

export const askedOfChain: Codec<AskedOfChain> = record<AskedOfChain>({
  token: address,
  chainId: count,
  blockTime: maybe(count),
  digest: maybe(bytes32),
  trace: maybe(flag),
  block: maybe(whole),
  at: maybe(whole),
  facilitator: maybe(address),
  transaction: maybe(bytes32),
  family: maybe(family),
})
