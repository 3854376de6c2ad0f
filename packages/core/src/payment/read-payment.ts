import type { Draft } from '../evm/payment/draft.ts'
import { evmForms } from '../evm/payment/forms.ts'
import type { Payment as EvmPayment } from '../evm/payment/payment.ts'
import { evmPayment, finishEvm, type ReadOptions, readOptions, withBeside } from '../evm/payment/read.ts'
import { readX402 } from '../evm/payment/x402.ts'
import type { SvmPayment } from '../solana/transaction/payment.ts'
import { readAlone, readSolana, type SvmDraft, svmPayment } from '../solana/transaction/read.ts'
import type { Readers } from '../wire/document.ts'
import { readWire } from '../wire/reader.ts'

/** A payment of either family. */
export type Payment = EvmPayment | SvmPayment

const readers: Readers<Draft | SvmDraft> = {
  x402: { evm: readX402, solana: readSolana },
  own: evmForms,
  alone: readAlone,
  payments: (found) => (found.family === 'evm' ? evmPayment(found) : svmPayment(found)),
}

/**
 * Reads a payment on an EVM chain or on Solana, which `family` tells apart, from anything that people paste: a `/verify` or `/settle` body or a
 * PaymentPayload of x402 v1 or v2, a payment header; on EVM chains an authorization or EIP-712 JSON with its signature, calldata, a raw transaction; on Solana a signed transaction as base64; as text, as bytes, or as an object that
 * was parsed already; also inside a log line, an HTTP dump or a JSON-RPC request, inside the call of a wallet or a batcher, and as a library, a tool, an explorer or
 * a program of another language prints it.
 *
 * What is spelled otherwise than its standard says is read as it was meant, with a finding each. A payment is refused only when a
 * part of what was signed is missing or can't be made out. Two readings are guesses and have an error each: a decimal amount counts
 * as whole tokens (`"0.01"` is 10000 with 6 decimals), and a nonce of another length than 32 bytes is filled with zeros in front, or cut.
 *
 * What stands beside it is read, too, and comes as `beside`: what was answered to it, and the time of its record.
 *
 * Pure and synchronous; linear in the input, of which more than a mebibyte is not looked at.
 * @throws Eip3009Error `unreadable-input` for what can't be read, `unsupported-input` for what was recognised and is no signed
 * EIP-3009 authorization, `unknown-network` when `options.network` is none. Each message says what was read, what was expected and
 * what to do, and shows no secret.
 */
export function readPayment(input: string | Uint8Array | object, options: ReadOptions = {}): Payment {
  const { wire, told } = readOptions(options)
  const { found, findings, beside } = readWire(input, readers, wire)
  return withBeside<Payment>(found.family === 'evm' ? finishEvm(found, findings, wire, told) : { ...found, findings }, beside)
}
