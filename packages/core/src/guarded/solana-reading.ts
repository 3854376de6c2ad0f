import { name } from '../arguments/payment-shapes.ts'
import { anything, bytes, flag, guarded, maybe, record, text } from '../arguments/shape.ts'
import { key, svmPayment, svmTransaction } from '../arguments/solana-shapes.ts'
import { svmSignatures as plainSvmSignatures } from '../solana/offer/signatures.ts'
import {
  describeTransaction as plainDescribeTransaction,
  readTransactionText as plainReadTransactionText,
} from '../solana/transaction/describe-transaction.ts'
import { readSvmPayment as plainReadSvmPayment } from '../solana/transaction/read.ts'
import { svmSecretsOf as plainSvmSecretsOf } from '../solana/transaction/secrets.ts'
import { associatedTokenAccount as plainAssociatedTokenAccount } from '../solana/transaction/token-account.ts'
import { readSvmTransaction as plainReadSvmTransaction } from '../solana/transaction/transaction.ts'

// What reads payments on Solana, which runs without web3.js.
export const describeTransaction: typeof plainDescribeTransaction = /* @__PURE__ */ guarded(
  plainDescribeTransaction,
  'describeTransaction',
  () => ({ transaction: svmTransaction }),
)
export const readTransactionText: typeof plainReadTransactionText = /* @__PURE__ */ guarded(
  plainReadTransactionText,
  'readTransactionText',
  () => ({ text }),
)
export const readSvmPayment: typeof plainReadSvmPayment = /* @__PURE__ */ guarded(plainReadSvmPayment, 'readSvmPayment', () => ({
  input: anything,
  options: maybe(record('options', { network: maybe(name) })),
}))
export const associatedTokenAccount: typeof plainAssociatedTokenAccount = /* @__PURE__ */ guarded(
  plainAssociatedTokenAccount,
  'associatedTokenAccount',
  () => ({ owner: key, tokenProgram: key, mint: key }),
)
export const readSvmTransaction: typeof plainReadSvmTransaction = /* @__PURE__ */ guarded(
  plainReadSvmTransaction,
  'readSvmTransaction',
  () => ({ bytes }),
)
export const svmSecretsOf: typeof plainSvmSecretsOf = /* @__PURE__ */ guarded(plainSvmSecretsOf, 'svmSecretsOf', () => ({
  payment: svmPayment,
  landed: maybe(flag),
}))
export const svmSignatures: typeof plainSvmSignatures = /* @__PURE__ */ guarded(plainSvmSignatures, 'svmSignatures', () => ({
  payment: svmPayment,
}))
