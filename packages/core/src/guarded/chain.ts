import { chainClient, chainSource, reader, replayer, replayPayment, rpcOptions, uint } from '../arguments/payment-shapes.ts'
import {
  address,
  bigint,
  bytes32,
  either,
  flag,
  guarded,
  guardedAsync,
  list,
  maybe,
  milliseconds,
  object,
  oneOf,
  only,
  positive,
  record,
  text,
} from '../arguments/shape.ts'
import {
  captureSnapshot as plainCaptureSnapshot,
  readSnapshot as plainReadSnapshot,
  recordSources as plainRecordSources,
  Recorded,
} from '../evm/evidence/snapshot.ts'
import { connectChain as plainConnectChain } from '../evm/state/connect-chain.ts'
import { chainReader as plainChainReader, readChain as plainReadChain } from '../evm/state/read-chain.ts'
import { readDomain as plainReadDomain } from '../evm/state/read-domain.ts'
import { describeAnswer as plainDescribeAnswer } from '../rpc/chain-client.ts'
import { redactUrl as plainRedactUrl } from '../rpc/redact-url.ts'
import { readRpcUrl as plainReadRpcUrl } from '../rpc/rpc-url.ts'

// The functions of the face of the same name, for callers who can give them anything: each refuses what is no argument of it in one sentence.
// Within the package the functions themselves are called, which have types to go by.
export const describeAnswer: typeof plainDescribeAnswer = /* @__PURE__ */ guarded(plainDescribeAnswer, 'describeAnswer', () => ({
  answer: either(
    'an answer that has no result',
    record('', { kind: oneOf(['failed']), reason: text }),
    record('', { kind: oneOf(['refused']), message: text }),
  ),
}))
export const connectChain: typeof plainConnectChain = /* @__PURE__ */ guarded(plainConnectChain, 'connectChain', () => ({
  source: chainSource,
  options: maybe(record('options', rpcOptions)),
}))
export const chainReader: typeof plainChainReader = /* @__PURE__ */ guarded(plainChainReader, 'chainReader', () => ({
  source: chainSource,
  options: maybe(record('options', rpcOptions)),
}))
export const readChain: typeof plainReadChain = /* @__PURE__ */ guardedAsync(plainReadChain, 'readChain', () => ({
  client: chainClient,
  question: record('a question', {
    payment: replayPayment,
    token: address,
    chainId: positive,
    digest: maybe(bytes32),
    trace: maybe(flag),
    block: maybe(uint),
    at: maybe(bigint),
    facilitator: maybe(address),
  }),
  options: maybe(record('options', { timeout: maybe(milliseconds) })),
}))
export const readDomain: typeof plainReadDomain = /* @__PURE__ */ guardedAsync(plainReadDomain, 'readDomain', () => ({
  client: chainClient,
  target: record('a token', { address, chainId: maybe(positive) }),
  options: maybe(record('options', { block: maybe(uint) })),
}))
export const redactUrl: typeof plainRedactUrl = /* @__PURE__ */ guarded(plainRedactUrl, 'redactUrl', () => ({
  url: either('a URL', text, (value, at) => only(value instanceof URL, '', value, at)),
}))
export const readRpcUrl: typeof plainReadRpcUrl = /* @__PURE__ */ guarded(plainReadRpcUrl, 'readRpcUrl', () => ({
  url: either('a URL', text, (value, at) => only(value instanceof URL, '', value, at)),
}))
export const recordSources: typeof plainRecordSources = /* @__PURE__ */ guarded(plainRecordSources, 'recordSources', () => ({
  sources: record('where a diagnosis has its evidence from', {
    now: maybe(bigint),
    at: maybe(bigint),
    block: maybe(uint),
    facilitator: maybe(address),
    chains: maybe(list(reader)),
    replayer: maybe(replayer),
  }),
}))
export const captureSnapshot: typeof plainCaptureSnapshot = /* @__PURE__ */ guarded(plainCaptureSnapshot, 'captureSnapshot', () => ({
  payment: replayPayment,
  sources: record('what recordSources gives', {
    now: bigint,
    at: maybe(bigint),
    block: maybe(uint),
    facilitator: maybe(address),
    recorded: (value, at) => only(value instanceof Recorded, 'what recordSources gives', value, at),
  }),
}))
export const readSnapshot: typeof plainReadSnapshot = /* @__PURE__ */ guarded(plainReadSnapshot, 'readSnapshot', () => ({
  input: either('the text of a snapshot, or what JSON.parse makes of it', text, object),
}))
