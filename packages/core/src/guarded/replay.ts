import {
  chainSource,
  evmNetwork,
  headers,
  intervention,
  name,
  payment,
  replayChain,
  replayer,
  replayToken,
  signal,
  token,
  uint,
} from '../arguments/payment-shapes.ts'
import {
  address,
  bigint,
  bytes32,
  callback,
  either,
  guarded,
  guardedAsync,
  list,
  maybe,
  milliseconds,
  nullable,
  object,
  oneOf,
  positive,
  record,
  text,
  whole,
} from '../arguments/shape.ts'
import { readCase as plainReadCase, readCases as plainReadCases } from '../cases/case.ts'
import { runCases as plainRunCases } from '../cases/run-cases.ts'
import { delegationTo as plainDelegationTo, describeIntervention as plainDescribeIntervention } from '../evm/evidence/replay.ts'
import { embeddedReplayer as plainEmbeddedReplayer, openChain as plainOpenChain } from '../evm/world/open-chain.ts'
import { openFork as plainOpenFork, rpcForker as plainRpcForker } from '../evm/world/open-fork.ts'
import { openRecording as plainOpenRecording, writeRecording as plainWriteRecording } from '../evm/world/recording.ts'
import { shareChains as plainShareChains } from '../testing/shared-chains.ts'
import { ownChains as plainOwnChains } from '../worlds/own-chains.ts'

// The functions of the face of the same name, for callers who can give them anything: each refuses what is no argument of it in one sentence.
// Within the package the functions themselves are called, which have types to go by.
export const delegationTo: typeof plainDelegationTo = /* @__PURE__ */ guarded(plainDelegationTo, 'delegationTo', () => ({
  delegate: address,
}))
export const describeIntervention: typeof plainDescribeIntervention = /* @__PURE__ */ guarded(
  plainDescribeIntervention,
  'describeIntervention',
  () => ({ intervention }),
)
export const readCase: typeof plainReadCase = /* @__PURE__ */ guarded(plainReadCase, 'readCase', () => ({ json: text }))
export const readCases: typeof plainReadCases = /* @__PURE__ */ guardedAsync(plainReadCases, 'readCases', () => ({ directory: text }))
export const runCases: typeof plainRunCases = /* @__PURE__ */ guardedAsync(plainRunCases, 'runCases', () => ({
  cases: list(record('a case, as readCases gives it', { kind: oneOf(['case', 'unreadable']), file: text, name: text })),
  options: record('options', {
    now: maybe(bigint),
    open: callback,
    solana: maybe(replayer),
    groupOf: maybe(callback),
    parallel: maybe(positive),
    onResult: maybe(callback),
    signal: maybe(signal),
  }),
}))
export const shareChains: typeof plainShareChains = /* @__PURE__ */ guarded(plainShareChains, 'shareChains', () => ({ opener: replayer }))
export const embeddedReplayer: typeof plainEmbeddedReplayer = /* @__PURE__ */ guarded(plainEmbeddedReplayer, 'embeddedReplayer', () => ({
  options: maybe(record('options', { binary: maybe(text), startTimeout: maybe(milliseconds) })),
}))
export const ownChains: typeof plainOwnChains = /* @__PURE__ */ guarded(plainOwnChains, 'ownChains', () => ({
  options: maybe(record('options', { binary: maybe(text), startTimeout: maybe(milliseconds) })),
}))
export const openChain: typeof plainOpenChain = /* @__PURE__ */ guardedAsync(plainOpenChain, 'openChain', () => ({
  target: either(
    '{ network: getNetwork("base") }, { chainId, token }, or the name of a network',
    name,
    record('', { network: evmNetwork, token: maybe(token) }),
    record('', { chainId: positive, token: replayToken }),
  ),
  options: maybe(record('options', { binary: maybe(text), startTimeout: maybe(milliseconds) })),
}))
const forkOptions = {
  binary: maybe(text),
  startTimeout: maybe(milliseconds),
  timeout: maybe(milliseconds),
  totalTimeout: maybe(milliseconds),
  retries: maybe(whole),
  computeUnitsPerSecond: maybe(positive),
  progress: maybe(callback),
}
export const openFork: typeof plainOpenFork = /* @__PURE__ */ guardedAsync(plainOpenFork, 'openFork', () => ({
  source: record('what to fork', {
    rpcUrl: chainSource,
    network: evmNetwork,
    token: maybe(address),
    transaction: maybe(bytes32),
    block: maybe(either('the number of a block, or "pending"', uint, oneOf(['pending']))),
    at: maybe(bigint),
    headers: maybe(headers),
  }),
  options: maybe(record('options', forkOptions)),
}))
export const rpcForker: typeof plainRpcForker = /* @__PURE__ */ guarded(plainRpcForker, 'rpcForker', () => ({
  sources: list(chainSource),
  options: maybe(record('options', { ...forkOptions, headers: maybe(headers) })),
}))
export const openRecording: typeof plainOpenRecording = /* @__PURE__ */ guardedAsync(plainOpenRecording, 'openRecording', () => ({
  directory: text,
  options: maybe(record('options', { binary: maybe(text), startTimeout: maybe(milliseconds) })),
}))
export const writeRecording: typeof plainWriteRecording = /* @__PURE__ */ guardedAsync(plainWriteRecording, 'writeRecording', () => ({
  directory: text,
  source: record('what to write down', {
    payment,
    at: bigint,
    chain: replayChain,
    recorder: object,
    asIs: object,
    runs: list(list(intervention)),
    cause: nullable(text),
    headline: text,
  }),
}))
