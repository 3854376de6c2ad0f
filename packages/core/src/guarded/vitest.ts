import { evmNetwork } from '../arguments/payment-shapes.ts'
import {
  bigint,
  callback,
  either,
  guarded,
  guardedAsync,
  list,
  maybe,
  nullable,
  object,
  record,
  type Shape,
  text,
} from '../arguments/shape.ts'
import { createChainTest as plainCreateChainTest } from '../testing/chain-test.ts'
import { signerConformance as plainSignerConformance } from '../testing/conformance.ts'
import { describeConformance as plainDescribeConformance, testSigner as plainTestSigner } from '../testing/conformance-test.ts'

const signer: Shape = (value, at) =>
  either(
    'a signer: a viem account, a wallet client, an ethers signer, or a function',
    callback,
    record('', { signTypedData: callback }),
  )(value, at)

// The functions of the face of the same name, for callers who can give them anything: each refuses what is no argument of it in one sentence.
// Within the package the functions themselves are called, which have types to go by.
export const createChainTest: typeof plainCreateChainTest = /* @__PURE__ */ guarded(plainCreateChainTest, 'createChainTest', () => ({
  options: object,
}))
export const signerConformance: typeof plainSignerConformance = /* @__PURE__ */ guardedAsync(
  plainSignerConformance,
  'signerConformance',
  () => ({
    signer,
    options: maybe(record('options', { networks: maybe(list(evmNetwork)), now: maybe(bigint) })),
  }),
)
export const describeConformance: typeof plainDescribeConformance = /* @__PURE__ */ guarded(
  plainDescribeConformance,
  'describeConformance',
  () => ({
    report: record('a report, as signerConformance gives it', {
      signer: text,
      says: text,
      faults: list(
        record('a fault', { network: text, probe: text, cause: nullable(text), says: text, fix: text, contract: nullable(text) }),
      ),
      refused: list(record('a refusal', { error: text })),
    }),
  }),
)
export const testSigner: typeof plainTestSigner = /* @__PURE__ */ guarded(plainTestSigner, 'testSigner', () => ({
  signer,
  options: maybe(record('options', { networks: maybe(list(evmNetwork)), now: maybe(bigint) })),
}))
