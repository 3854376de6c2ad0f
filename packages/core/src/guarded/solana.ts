import { finding, rpcOptions } from '../arguments/payment-shapes.ts'
import {
  bigint,
  callback,
  either,
  guarded,
  list,
  maybe,
  milliseconds,
  object,
  oneOf,
  only,
  record,
  text,
  whole,
} from '../arguments/shape.ts'
import { svmAnswer, svmPayment } from '../arguments/solana-shapes.ts'
import {
  facilitatorAnswers as plainFacilitatorAnswers,
  facilitatorReport as plainFacilitatorReport,
  svmRefusals as plainSvmRefusals,
} from '../facilitators/solana/facilitator-answers.ts'
import { connectSolana as plainConnectSolana } from '../solana/state/connect-solana.ts'
import { svmReader as plainSvmReader } from '../solana/state/read-state.ts'
import { captureSnapshot as plainCaptureSnapshot, readSnapshot as plainReadSnapshot } from '../solana/state/snapshot.ts'
import { liteSvmReplayer as plainLiteSvmReplayer } from '../solana/world/lite-svm.ts'

// The functions of the face of the same name, for callers who can give them anything: each refuses what is no argument of it in one sentence.
// Within the package the functions themselves are called, which have types to go by.
export const facilitatorAnswers: typeof plainFacilitatorAnswers = /* @__PURE__ */ guarded(
  plainFacilitatorAnswers,
  'facilitatorAnswers',
  () => ({
    payment: svmPayment,
    findings: list(finding),
    options: maybe(record('options', { runs: maybe(oneOf(['succeeds', 'fails', 'unknown'])) })),
  }),
)
export const facilitatorReport: typeof plainFacilitatorReport = /* @__PURE__ */ guarded(
  plainFacilitatorReport,
  'facilitatorReport',
  () => ({
    payment: svmPayment,
    findings: list(finding),
    options: maybe(record('options', { runs: maybe(oneOf(['succeeds', 'fails', 'unknown'])) })),
  }),
)
export const svmRefusals: typeof plainSvmRefusals = /* @__PURE__ */ guarded(plainSvmRefusals, 'svmRefusals', () => ({
  payment: svmPayment,
  findings: list(finding),
  options: maybe(record('options', { runs: maybe(oneOf(['succeeds', 'fails', 'unknown'])) })),
}))
export const liteSvmReplayer: typeof plainLiteSvmReplayer = /* @__PURE__ */ guarded(plainLiteSvmReplayer, 'liteSvmReplayer', () => ({
  load: maybe(callback),
}))
export const connectSolana: typeof plainConnectSolana = /* @__PURE__ */ guarded(plainConnectSolana, 'connectSolana', () => ({
  source: either(
    'the URL of an RPC, a Connection of @solana/web3.js 1.x, or a client',
    text,
    (value, at) => only(value instanceof URL, '', value, at),
    object,
  ),
  options: maybe(record('options', rpcOptions)),
}))
export const svmReader: typeof plainSvmReader = /* @__PURE__ */ guarded(plainSvmReader, 'svmReader', () => ({
  source: either(
    'the URL of an RPC, a Connection of @solana/web3.js 1.x, or a client',
    text,
    (value, at) => only(value instanceof URL, '', value, at),
    object,
  ),
  options: maybe(
    record('options', {
      ...rpcOptions,
      totalTimeout: maybe(milliseconds),
      mostTransactions: maybe(whole),
    }),
  ),
}))
export const captureSnapshot: typeof plainCaptureSnapshot = /* @__PURE__ */ guarded(plainCaptureSnapshot, 'captureSnapshot', () => ({
  payment: svmPayment,
  answers: record('what was read', { answers: list(svmAnswer), now: bigint, at: maybe(bigint) }),
}))
export const readSnapshot: typeof plainReadSnapshot = /* @__PURE__ */ guarded(plainReadSnapshot, 'readSnapshot', () => ({
  input: either('the text of a snapshot, or what JSON.parse makes of it', text, object),
}))
