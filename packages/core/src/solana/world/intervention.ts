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
