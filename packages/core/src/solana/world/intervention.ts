import { Message, MessageV0, PublicKey, VersionedTransaction } from '@solana/web3.js'
import { base58 } from '../../bytes/base58.ts'
import type { SvmAccount } from '../state/state.ts'

/** What a change makes of an account, and the value that it writes. */
export type AccountEffect =
  | { readonly is: 'absent' | 'thawed' }
  | { readonly is: 'funded' | 'filled'; readonly amount: bigint }
  | { readonly is: 'owned'; readonly owner: string }
  | { readonly is: 'mint'; readonly decimals: number }
  | { readonly is: 'opened'; readonly mint: string; readonly owner: string; readonly amount: bigint }

/** One change to a replay, to the cluster's state or to the transaction's message; `says` is it in one sentence. */
export type SvmIntervention = { readonly says: string } & (
  | { readonly kind: 'blockhash' }
  | {
      readonly kind: 'account'
      readonly address: string
      readonly effect: AccountEffect
      readonly change: (account: SvmAccount | null) => SvmAccount | null
    }
  | { readonly kind: 'instruction'; readonly index: number; readonly data: Uint8Array }
  | { readonly kind: 'key'; readonly from: string; readonly to: string }
  /** Instructions of a program whose code is not at hand are left out. */
  | { readonly kind: 'without-program'; readonly program: string }
)

/** The same for two changes that do the same. */
export function interventionKey({ says: _, ...intervention }: SvmIntervention): string {
  return JSON.stringify(intervention, (_name, value) => (typeof value === 'bigint' ? String(value) : value))
}

/** The transaction with the changes of its message made. Its signatures stay, and are not those of what it says then. */
export function edited(bytes: Uint8Array, interventions: readonly SvmIntervention[]): VersionedTransaction {
  const transaction = VersionedTransaction.deserialize(bytes)
  const { message, signatures } = transaction
  let keys = message.staticAccountKeys
  let instructions = message.compiledInstructions.map(({ programIdIndex, accountKeyIndexes, data }) => ({
    programIdIndex,
    accountKeyIndexes,
    data,
  }))
  for (const each of interventions) {
    if (each.kind === 'instruction')
      instructions = instructions.map((instruction, index) => (index === each.index ? { ...instruction, data: each.data } : instruction))
    if (each.kind === 'key') keys = keys.map((key) => (key.toBase58() === each.from ? new PublicKey(each.to) : key))
    if (each.kind === 'without-program')
      instructions = instructions.filter(({ programIdIndex }) => keys[programIdIndex]?.toBase58() !== each.program)
  }
  const { header, recentBlockhash } = message
  const changed =
    message instanceof Message
      ? new Message({
          header,
          recentBlockhash,
          accountKeys: keys,
          instructions: instructions.map(({ programIdIndex, accountKeyIndexes, data }) => ({
            programIdIndex,
            accounts: [...accountKeyIndexes],
            data: base58(data),
          })),
        })
      : new MessageV0({
          header,
          recentBlockhash,
          staticAccountKeys: keys,
          compiledInstructions: instructions,
          addressTableLookups: message.addressTableLookups,
        })
  return new VersionedTransaction(changed, signatures)
}
