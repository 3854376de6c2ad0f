// Payments as a client could have built them, from the good one of the fixtures: other instructions, other signers, another offer. Their bytes stay those of
// the fixture: what judges a payment's form looks at what was read of it.
import type {
  SvmInstruction,
  SvmMeaning,
  SvmRequirements,
  SvmSigner,
  SvmTransfer,
} from '../../packages/core/src/solana/transaction/payment.ts'
import { programs } from '../../packages/core/src/solana/transaction/programs.ts'
import { type Recorded, recorded, stranger } from './recorded.ts'

export type Readable = Recorded['payment']

/** The good payment with these instructions and no others. */
export function withInstructions(instructions: readonly SvmInstruction[], of: Readable = recorded('valid').payment): Readable {
  return { ...of, transaction: { ...of.transaction, instructions } }
}

/** The good payment with these signers, the fee payer first. */
export function withSigners(signers: readonly SvmSigner[], of: Readable = recorded('valid').payment): Readable {
  return { ...of, transaction: { ...of.transaction, signers } }
}

/** The good payment with an offer that says otherwise, in the client's copy, too; what is undefined it does not say. */
export function withOffer(
  change: { readonly [K in keyof SvmRequirements]?: SvmRequirements[K] | undefined },
  of: Readable = recorded('valid').payment,
): Readable {
  const entries = Object.entries({ ...of.requirements, ...change }).filter(([, value]) => value !== undefined)
  const requirements: SvmRequirements = Object.fromEntries(entries)
  return { ...of, requirements, accepted: requirements }
}

export function withoutOffer(of: Readable = recorded('valid').payment): Readable {
  const { requirements: _, ...rest } = of
  return { ...rest }
}

const made = (
  meaning: SvmMeaning,
  program: string,
  accounts: SvmInstruction['accounts'] = [],
  data = new Uint8Array(),
): SvmInstruction => ({
  program,
  accounts,
  data,
  meaning,
})

export const limit = (units = 20_000): SvmInstruction => made({ kind: 'compute-limit', units }, programs.computeBudget)
export const price = (microLamports = 1n): SvmInstruction => made({ kind: 'compute-price', microLamports }, programs.computeBudget)

/** The transfer of the good payment, with something about it changed. */
export function transfer(change: Partial<SvmTransfer> = {}, accounts?: SvmInstruction['accounts']): SvmInstruction {
  const own = recorded('valid').payment.transaction.instructions.find(({ meaning }) => meaning.kind === 'transfer-checked')
  if (own === undefined || own.meaning.kind !== 'transfer-checked') throw new TypeError('no transfer')
  return { ...own, ...(accounts === undefined ? {} : { accounts }), meaning: { ...own.meaning, ...change } }
}

export function memo(text: string): SvmInstruction {
  const bytes = new TextEncoder().encode(text)
  return made({ kind: 'memo', bytes }, programs.memo, [], bytes)
}

export const guard: SvmInstruction = made({ kind: 'lighthouse' }, programs.lighthouse)
export const creation: SvmInstruction = made({ kind: 'create-token-account', idempotent: true }, programs.associatedToken)
export const plainTransfer: SvmInstruction = made({ kind: 'plain-transfer', amount: 10_000n }, programs.token)
export const advanceNonce: SvmInstruction = made({ kind: 'advance-nonce' }, programs.system)
export const other = (accounts: SvmInstruction['accounts'] = [], program = stranger): SvmInstruction =>
  made({ kind: 'other' }, program, accounts)
