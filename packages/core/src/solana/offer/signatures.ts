import { base58 } from '../../bytes/base58.ts'
import { bytesToBase64 } from '../../bytes/base64.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Count, SolanaKey, SolanaTransactionId } from '../../text/written.ts'
import { type SvmSignerRole, signerRoles } from '../transaction/describe-transaction.ts'
import { messageOf } from '../transaction/message.ts'
import type { SvmPayment, SvmSigner } from '../transaction/payment.ts'
import { type SignedBytes, signedBytesOf } from '../transaction/signed-bytes.ts'
import { keyBytes } from '../transaction/token-account.ts'
import { isSignedBy } from '../transaction/transaction.ts'
import { signerFindings } from './signers.ts'

/** One signature that a transaction requires. */
export interface SvmSignature {
  readonly key: SolanaKey
  readonly role: SvmSignerRole
  /** Over the message's bytes as they came; `missing` is 64 zero bytes. */
  readonly state: SvmSigner['state']
  /** Whether it is added when the payment is settled, by the fee payer, and need not be there before. */
  readonly atSettlement: boolean
  /** Base58; null where it is missing. */
  readonly signature: SolanaTransactionId | null
  /** Of one that is invalid here: the key, of those that the payment names, whose signature of this message it is. Null where it is none of theirs. */
  readonly signedBy: SolanaKey | null
  /** What follows from it; null where nothing is wrong with it. */
  readonly cause: CauseId | null
  /** The same in a sentence. */
  readonly says: string | null
}

/** What `eip3009 signature --json` prints of a payment on Solana: its signatures, and what they are over. JSON-safe; keys and signatures are base58. */
export interface SvmSignatures {
  readonly schema: 'eip3009/svm-signature@1'
  readonly payment: { readonly recognised: string; readonly network: string | null; readonly payer: SolanaKey | null }
  /** `valid`: all but those that are added at settlement are there and valid; `unreadable`: there is no transaction that could be read. */
  readonly standing: 'valid' | 'not-valid' | 'unreadable'
  /** What ed25519 signs: these bytes of the transaction, as they came, without any hash before. */
  readonly message: {
    /** Where they begin and end in the transaction, from 0. */
    readonly from: Count
    readonly to: Count
    readonly base64: string
    readonly blockhash: SolanaKey
  } | null
  readonly signatures: readonly SvmSignature[]
  /** What is wrong besides: with the transaction, with who has to sign, or with how the payment was written. */
  readonly findings: readonly { readonly cause: CauseId; readonly says: string }[]
}

/** Each required signer of a payment's transaction: whether its signature is there and valid, and whose it is else. */
export function svmSignatures(payment: SvmPayment): SvmSignatures {
  const { transaction, recognised, network, networkName } = payment
  const parts = signedBytesOf(payment)
  const head = {
    schema: 'eip3009/svm-signature@1',
    payment: { recognised, network: network?.id ?? networkName ?? null, payer: null },
  } as const
  if (transaction === null || parts === undefined) {
    return {
      ...head,
      standing: 'unreadable',
      message: null,
      signatures: [],
      findings: payment.findings.map(({ cause, summary }) => ({ cause, says: summary })),
    }
  }
  const found = signerFindings(payment, transaction).filter(
    ({ cause, severity }) => severity === 'error' || cause === 'svm-already-processed',
  )
  const roles = signerRoles(transaction)
  const signatures = transaction.signers.map((signer, index): SvmSignature => {
    const finding = found.find(({ field }) => field === `signatures[${index}]`)
    return {
      ...signatureOf(payment, signer, roles[index] ?? 'signer', parts, index),
      cause: finding?.cause ?? null,
      says: finding?.summary ?? null,
    }
  })
  const others = found.filter(({ field }) => !field?.startsWith('signatures['))
  const from = transaction.size - transaction.trailingBytes - parts.message.length
  const isValid = signatures.every(({ state, atSettlement }) => state === 'valid' || atSettlement)
  const isSigned = !others.some(({ cause }) => cause === 'svm-signature-missing')
  const payer = signatures.find(({ role }) => role === 'payer' || role === 'fee-payer-and-payer')
  return {
    ...head,
    payment: { ...head.payment, payer: payer?.key ?? null },
    standing: isValid && isSigned ? 'valid' : 'not-valid',
    message: { from, to: from + parts.message.length, base64: bytesToBase64(parts.message), blockhash: transaction.blockhash },
    signatures,
    findings: [...others, ...payment.findings].map(({ cause, summary }) => ({ cause, says: summary })),
  }
}

function signatureOf(
  payment: SvmPayment,
  { key, state }: SvmSigner,
  role: SvmSignerRole,
  { signatures, message }: SignedBytes,
  index: number,
): Omit<SvmSignature, 'cause' | 'says'> {
  const signature = signatures[index]
  // The facilitator writes its own over whatever stands in its slot.
  const atSettlement = role === 'fee-payer'
  return {
    key,
    role,
    state,
    atSettlement,
    signature: signature === undefined || state === 'missing' ? null : base58(signature),
    signedBy: signature === undefined || state !== 'invalid' ? null : signerAmong(keysOf(payment), signature, message),
  }
}

function keysOf({ bytes, keys }: SvmPayment): readonly string[] {
  return [...new Set([...(bytes === null ? [] : (messageOf(bytes)?.keys ?? [])), ...keys])]
}

/** ed25519 gives no key back, so that whose a signature is can only be tried. */
function signerAmong(keys: readonly string[], signature: Uint8Array, message: Uint8Array): string | null {
  return keys.find((key) => isSignedBy(keyBytes(key), signature, message)) ?? null
}
