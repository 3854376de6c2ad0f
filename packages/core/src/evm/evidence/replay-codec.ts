import {
  type Codec,
  count,
  damaged,
  listOf,
  type Members,
  maybe,
  nullable,
  oneOf,
  record,
  tagged,
  text,
  whole,
  yes,
} from '../../evidence/codec.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { address, bytes32, family, hex, signatureCheck } from './chain-codec.ts'
import type { BalanceChange, CallFrame, Intervention, ReplayChain, ReplayCode, ReplayOutcome, TokenEvent } from './replay.ts'

// How what a replay showed stands in a snapshot, with whole outcomes.

type Call = ReplayOutcome['call']

const calledFunction = oneOf<Call['function']>({ transferWithAuthorization: true, receiveWithAuthorization: true })
const overload = oneOf<Call['overload']>({ vrs: true, bytes: true })

const authorizationFields = record<Partial<Authorization>>({
  from: maybe(address),
  to: maybe(address),
  value: maybe(whole),
  validAfter: maybe(whole),
  validBefore: maybe(whole),
  nonce: maybe(bytes32),
})

export const intervention: Codec<Intervention> = tagged<Intervention, 'kind'>('kind', {
  time: { at: whole },
  signature: { signature: hex },
  authorization: { fields: authorizationFields },
  function: { function: calledFunction, overload: maybe(overload) },
  sender: { sender: address },
  'payer-code': { code: hex, delegateCode: maybe(hex) },
  balance: { value: whole },
  blacklist: { address },
  'blacklist-lifted': { address },
  paused: {},
  unpaused: {},
  'nonce-used': {},
  'nonce-free': {},
  'relayer-funds': { wei: whole, gasPrice: whole },
  gas: { limit: whole },
  latest: {},
  'token-separator': { separator: bytes32 },
})

/** A frame with how many calls it made, which stand behind it. */
export interface FlatFrame extends Omit<CallFrame, 'calls'> {
  readonly calls?: number
}

const flatFrame = record<FlatFrame>({
  type: maybe(text),
  from: maybe(address),
  to: maybe(address),
  gasUsed: maybe(hex),
  value: maybe(hex),
  input: hex,
  output: maybe(hex),
  error: maybe(text),
  calls: maybe(count),
})

/** Frames in a row, each with its calls behind it: the EVM nests 1024 of them, more than JSON or a stack should. */
const trace: Codec<CallFrame> = {
  encode(root) {
    const flat: FlatFrame[] = []
    const open = [root]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { calls, ...own } = next
      flat.push(calls === undefined ? own : { ...own, calls: calls.length })
      open.push(...(calls ?? []).toReversed())
    }
    return flat.map((each) => flatFrame.encode(each))
  },
  decode(json, at) {
    const flat = listOf(flatFrame).decode(json, at)
    const done: CallFrame[] = []
    for (const { calls, ...own } of flat.toReversed()) {
      if (calls !== undefined && calls > done.length) throw damaged(`a call that lacks calls at "${at}"`)
      done.push(calls === undefined ? own : { ...own, calls: calls === 0 ? [] : done.splice(-calls).toReversed() })
    }
    const [root, ...others] = done
    if (root === undefined || others.length > 0) throw damaged(`calls that belong to none at "${at}"`)
    return root
  },
}

const event = tagged<TokenEvent, 'name'>('name', {
  Transfer: { from: address, to: address, value: whole },
  AuthorizationUsed: { authorizer: address, nonce: bytes32 },
})

const replayed: Members<Omit<Extract<ReplayOutcome, { status: 'settled' }>, 'status' | 'events'>> = {
  at: whole,
  interventions: listOf(intervention),
  call: record<Call>({ function: calledFunction, overload, selector: hex, sender: address }),
  gasUsed: whole,
  signatureCheck: nullable(signatureCheck),
  balances: listOf(record<BalanceChange>({ address, before: whole, after: whole })),
  trace: maybe(trace),
}

export const outcome: Codec<ReplayOutcome> = tagged<ReplayOutcome, 'status'>('status', {
  settled: { ...replayed, events: listOf(event) },
  reverted: { ...replayed, reason: nullable(text), data: hex, refused: maybe(yes) },
})

/** What a replay begins with. */
export const chainState = oneOf<NonNullable<ReplayChain['state']>>({ assumed: true, own: true })

const code = tagged<ReplayCode, 'kind'>('kind', {
  artifact: { family },
  'stand-in': { family, of: nullable(family) },
  fork: { family: nullable(family) },
})

/** What a chain says of itself. */
export type OpenedChain = Omit<ReplayChain, 'replay' | 'close'>

export const openedChain: Members<OpenedChain> = {
  state: maybe(chainState),
  earlier: maybe(oneOf<NonNullable<ReplayChain['earlier']>>({ mined: true, pending: true })),
  description: text,
  code,
  chainId: count,
  token: address,
  separator: bytes32,
  controls: listOf(text),
}
