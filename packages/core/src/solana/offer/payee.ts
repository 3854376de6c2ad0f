import { knownMint, nameMint } from '../transaction/known-mint.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { programs } from '../transaction/programs.ts'
import { associatedTokenAccount, isWallet } from '../transaction/token-account.ts'
import { transferOf } from '../transaction/transfer.ts'

/**
 * What the offer's payTo is. Tokens are paid to the token account of payTo; where payTo is one itself, that is an account inside an account,
 * which no wallet shows, and which its owner gets tokens out of only by the associated token program's RecoverNested.
 */
export type Payee =
  /** A point of the curve, as the keys that wallets hold are, or seen on the cluster to be no token account: a multisig's vault, say. */
  | { readonly kind: 'wallet' }
  /** A token account: derived from a key that this payment names, or read on the cluster. Base58. */
  | { readonly kind: 'token-account'; readonly owner: string; readonly shownBy: 'derivation' | 'chain' }
  /** A mint or a program, which nobody can own tokens with; `what` is it, with its article. */
  | { readonly kind: 'no-account'; readonly what: string }
  /** Not on the curve, so that nobody holds its key: mostly a token account, sometimes a program's own wallet. Only the chain tells. */
  | { readonly kind: 'unknown' }
  /** The offer names nobody. */
  | { readonly kind: 'unnamed' }

/** What payTo is, as far as the payment itself tells. */
export function payeeOf(payment: SvmPayment): Payee {
  const payTo = payment.requirements?.payTo
  if (payTo === undefined) return { kind: 'unnamed' }
  const mint = knownMint(payTo)
  if (mint !== undefined) return { kind: 'no-account', what: `the mint of ${nameMint(mint).replace(/^the /, '')}` }
  if (programKeys.has(payTo)) return { kind: 'no-account', what: 'a program' }
  if (isWallet(payTo)) return { kind: 'wallet' }
  const owner = ownerInSight(payment, payTo)
  return owner === undefined ? { kind: 'unknown' } : { kind: 'token-account', owner, shownBy: 'derivation' }
}

const programKeys: ReadonlySet<string> = new Set(Object.values(programs))

/** Whose associated token account an address is, among all the keys that the payment names; undefined where it is of none of them. */
function ownerInSight({ transaction, requirements, network, keys }: SvmPayment, address: string): string | undefined {
  const transfer = transaction === null ? undefined : transferOf(transaction)
  const mints = new Set([requirements?.asset, transfer?.mint, network?.mint].filter((mint): mint is string => typeof mint === 'string'))
  const inTransaction = transaction?.instructions.flatMap(({ accounts }) => accounts) ?? []
  const owners = new Set([...(transaction?.signers.map(({ key }) => key) ?? []), ...inTransaction, ...keys])
  for (const owner of owners) {
    if (owner === null || owner === address) continue
    for (const mint of mints)
      for (const program of [programs.token, programs.token2022]) if (associatedTokenAccount(owner, program, mint) === address) return owner
  }
  return undefined
}
