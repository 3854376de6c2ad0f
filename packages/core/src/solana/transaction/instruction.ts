import type { SvmMeaning } from './payment.ts'
import { programs } from './programs.ts'

/** What the token program's instruction numbers are, of those that move tokens. */
const transferNumber = 3
const transferCheckedNumber = 12
/** And the System program's, of the one that a durable nonce takes. */
const advanceNonceNumber = 4

/**
 * What an instruction does, by its program, its first byte and its length. What does not have exactly the length of its kind is `other`.
 * Numbers are little-endian. From the programs' own instruction layouts.
 */
export function meaningOf(program: string | null, accounts: readonly (string | null)[], data: Uint8Array): SvmMeaning {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const number = data[0]
  switch (program) {
    case programs.computeBudget:
      if (number === 2 && data.length === 5) return { kind: 'compute-limit', units: view.getUint32(1, true) }
      if (number === 3 && data.length === 9) return { kind: 'compute-price', microLamports: view.getBigUint64(1, true) }
      return { kind: 'other' }
    case programs.token:
    case programs.token2022: {
      if (number === transferNumber && data.length === 9) return { kind: 'plain-transfer', amount: view.getBigUint64(1, true) }
      if (number !== transferCheckedNumber || data.length !== 10 || accounts.length < 4) return { kind: 'other' }
      const [source = null, mint = null, destination = null, authority = null] = accounts
      return {
        kind: 'transfer-checked',
        tokenProgram: program,
        source,
        mint,
        destination,
        authority,
        amount: view.getBigUint64(1, true),
        decimals: view.getUint8(9),
      }
    }
    case programs.associatedToken:
      // No data at all is the first form of Create.
      if (number === undefined || number === 0 || number === 1) return { kind: 'create-token-account', idempotent: number === 1 }
      return { kind: 'other' }
    case programs.memo:
    case programs.oldMemo:
      return { kind: 'memo', bytes: data }
    case programs.lighthouse:
      return { kind: 'lighthouse' }
    case programs.system:
      return data.length === 4 && view.getUint32(0, true) === advanceNonceNumber ? { kind: 'advance-nonce' } : { kind: 'other' }
    default:
      return { kind: 'other' }
  }
}

/** An instruction in a few words, for lists: "TransferChecked 10000". */
export function sayInstruction(meaning: SvmMeaning): string {
  switch (meaning.kind) {
    case 'compute-limit':
      return `SetComputeUnitLimit ${meaning.units}`
    case 'compute-price':
      return `SetComputeUnitPrice ${meaning.microLamports}`
    case 'transfer-checked':
      return `TransferChecked ${meaning.amount}`
    case 'plain-transfer':
      return `Transfer ${meaning.amount}`
    case 'create-token-account':
      return meaning.idempotent ? 'CreateIdempotent of a token account' : 'Create of a token account'
    case 'memo':
      return 'Memo'
    case 'lighthouse':
      return 'a Lighthouse guard'
    case 'advance-nonce':
      return 'AdvanceNonceAccount'
    case 'other':
      return 'an instruction of another kind'
  }
}
