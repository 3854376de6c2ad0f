import { decodeBase64 } from '../../bytes/base64.ts'
import { quote } from '../../errors/quote.ts'
import { formatUnits } from '../../text/amount.ts'
import type { Count, SolanaKey } from '../../text/written.ts'
import { sayInstruction } from './instruction.ts'
import { knownMint, nameMint } from './known-mint.ts'
import type { SvmInstruction, SvmSlip, SvmTransaction } from './payment.ts'
import { knownProgramName, programs } from './programs.ts'
import { longestTransaction, readSvmTransaction } from './transaction.ts'
import { transferOf } from './transfer.ts'

/** A transaction for people and for JSON: keys are base58, amounts decimal strings. */
export interface SvmTransactionReport {
  readonly version: 'legacy' | 0
  /** Of `most`, what one packet of the network takes. */
  readonly bytes: Count
  readonly most: Count
  readonly blockhash: SolanaKey
  readonly feePayer: SolanaKey
  readonly signers: readonly {
    readonly key: SolanaKey
    readonly role: SvmSignerRole
    /** Over the message's bytes as they came; `missing` is 64 zero bytes. */
    readonly state: 'valid' | 'invalid' | 'missing'
  }[]
  readonly instructions: readonly {
    /** Null where it comes from a lookup table. */
    readonly program: SolanaKey | null
    /** Null for a program that is not known. */
    readonly name: string | null
    readonly says: string
    readonly accounts: readonly (SolanaKey | null)[]
    /**
     * Hex without a 0x; with `--share` stars stand where a signature was.
     * @pattern ^[0-9a-f*]*$
     */
    readonly data: string
  }[]
  readonly lookupTables: readonly SolanaKey[]
  /** Bytes behind the transaction. */
  readonly trailingBytes: Count
}

/** What a signer is for: key 0 pays the fee, the transfer's authority pays. */
export type SvmSignerRole = 'fee-payer' | 'payer' | 'fee-payer-and-payer' | 'signer'

/** What a transaction says, instruction by instruction, with nothing judged. */
export function describeTransaction(transaction: SvmTransaction): SvmTransactionReport {
  const roles = signerRoles(transaction)
  return {
    version: transaction.version,
    bytes: transaction.size,
    most: longestTransaction,
    blockhash: transaction.blockhash,
    feePayer: transaction.feePayer,
    signers: transaction.signers.map((signer, index) => ({ key: signer.key, role: roles[index] ?? 'signer', state: signer.state })),
    instructions: transaction.instructions.map((instruction) => ({
      program: instruction.program,
      name: instruction.program === null ? null : knownProgramName(instruction.program),
      says: sayFully(instruction),
      accounts: instruction.accounts,
      data: [...instruction.data].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    })),
    lookupTables: transaction.lookupTables,
    trailingBytes: transaction.trailingBytes,
  }
}

/** What each of the required signers is for, in their order. */
export function signerRoles(transaction: SvmTransaction): readonly SvmSignerRole[] {
  const authority = transferOf(transaction)?.authority
  return transaction.signers.map(({ key }, index) => roleOf(index === 0, key === authority))
}

function roleOf(first: boolean, pays: boolean): SvmSignerRole {
  if (first) return pays ? 'fee-payer-and-payer' : 'fee-payer'
  return pays ? 'payer' : 'signer'
}

const somewhere = 'an account of a lookup table'

function sayFully({ program, accounts, data, meaning }: SvmInstruction): string {
  const at = (index: number): string => accounts[index] ?? somewhere
  switch (meaning.kind) {
    case 'compute-limit':
      return `SetComputeUnitLimit: at most ${meaning.units} units`
    case 'compute-price':
      return `SetComputeUnitPrice: ${meaning.microLamports} microlamports a unit`
    case 'transfer-checked':
      return `TransferChecked: ${sayAmount(meaning.amount, meaning.decimals, meaning.mint)} from ${meaning.source ?? somewhere} to ${meaning.destination ?? somewhere}, signed by ${meaning.authority ?? somewhere}`
    case 'plain-transfer':
      return `Transfer: ${meaning.amount} atomic units of a mint that it does not name, from ${at(0)} to ${at(1)}, signed by ${at(2)}`
    case 'create-token-account':
      return `${meaning.idempotent ? 'CreateIdempotent' : 'Create'}: the token account ${at(1)} of ${at(2)} for ${mintName(accounts[3] ?? null)}, paid for by ${at(0)}${meaning.idempotent ? '; left alone if it exists' : '; fails if it exists'}`
    case 'memo':
      return `Memo: ${memoText(meaning.bytes)}${accounts.length === 0 ? '' : `, signed by ${accounts.map((key) => key ?? somewhere).join(', ')}`}`
    case 'lighthouse':
      return `a guard that a wallet adds, over ${accounts.map((key) => key ?? somewhere).join(', ') || 'no account'}`
    case 'advance-nonce':
      return `AdvanceNonceAccount: the blockhash is a durable nonce, kept in ${at(0)}`
    case 'other':
      return program === programs.system
        ? systemInstruction(data, at)
        : `${sayInstruction(meaning)}: ${data.length} bytes of data, ${accounts.length} accounts`
  }
}

/** The System program's transfer of lamports is the one that strangers put into transactions. */
const systemTransfer = 2

function systemInstruction(data: Uint8Array, at: (index: number) => string): string {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  if (data.length === 12 && view.getUint32(0, true) === systemTransfer)
    return `Transfer: ${view.getBigUint64(4, true)} lamports from ${at(0)} to ${at(1)}`
  return `an instruction of another kind: ${data.length} bytes of data`
}

/** What is in front of an amount's decimal point only the mint knows: of one that is not known, atomic units are all that can be told. */
function sayAmount(amount: bigint, decimals: number, mint: string | null): string {
  const known = knownMint(mint)
  const stated =
    known === undefined
      ? `${amount} atomic units ${mintName(mint)}, stated with ${decimals} decimals`
      : `${formatUnits(amount, known.decimals)} ${mintName(mint)}${known.decimals === decimals ? '' : `, stated with ${decimals} decimals`}`
  return mint === null ? stated : `${stated} (${mint})`
}

function mintName(mint: string | null): string {
  if (mint === null) return 'of a mint from a lookup table'
  const known = knownMint(mint)
  return known === undefined ? 'of an unknown mint' : nameMint(known).replace(/^the /, '')
}

function memoText(bytes: Uint8Array): string {
  try {
    return quote(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return `${bytes.length} bytes that are no UTF-8`
  }
}

/** What a text of base64 came to: a transaction with what is odd about the text, or what is wrong, as the end of a sentence. */
export type SvmTransactionText =
  | { readonly ok: true; readonly transaction: SvmTransaction; readonly slips: readonly SvmSlip[] }
  | { readonly ok: false; readonly problem: string }

/** Reads a bare transaction as base64. Undefined for text that can not have been meant as one. */
export function readTransactionText(text: string): SvmTransactionText | undefined {
  const trimmed = text.trim()
  if (trimmed.length > 4096 || !/^[A-Za-z0-9+/_\s-]{120,}={0,2}$/.test(trimmed) || /^(?:0x)?[0-9a-fA-F\s]+$/.test(trimmed)) return undefined
  const decoded = decodeBase64(trimmed)
  if (!decoded.ok) return undefined
  const read = readSvmTransaction(decoded.bytes)
  return read.ok ? { ok: true, transaction: read.transaction, slips: decoded.slips } : { ok: false, problem: read.problem }
}
