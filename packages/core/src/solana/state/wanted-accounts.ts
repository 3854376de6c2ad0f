import type { SolanaNetwork } from '../../networks/network.ts'
import { knownMint } from '../transaction/known-mint.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { associatedTokenAccount, isSvmKey } from '../transaction/token-account.ts'
import { transferOf } from '../transaction/transfer.ts'

/** Every account whose state can decide about a payment, each once: token accounts, mints, wallets, lookup tables. */
export function addressesOf(payment: SvmPayment, network: SolanaNetwork): readonly string[] {
  const { transaction, requirements } = payment
  const transfer = transaction === null ? undefined : transferOf(transaction)
  const asset = requirements?.asset ?? network.mint
  const accounts = [
    transfer?.source,
    transfer?.mint,
    transfer?.destination,
    transfer?.authority,
    transaction?.feePayer,
    nonceAccountOf(payment),
    ...(transaction?.lookupTables ?? []),
    ...(transaction?.instructions ?? []).flatMap((instruction) => instruction.accounts),
    asset,
    requirements?.payTo,
    requirements?.feePayer,
    payeeAccount(payment, network),
  ]
  return [...new Set(accounts.filter((address): address is string => typeof address === 'string' && isSvmKey(address)))]
}

/** The token account that the offer's payTo has to be paid at; undefined where the offer names nobody. */
export function payeeAccount({ transaction, requirements }: SvmPayment, network: SolanaNetwork): string | undefined {
  if (requirements?.payTo === undefined) return undefined
  const transfer = transaction === null ? undefined : transferOf(transaction)
  const asset = requirements.asset ?? network.mint
  // A known mint has one token program, whichever the transaction names.
  return associatedTokenAccount(requirements.payTo, knownMint(asset)?.tokenProgram ?? transfer?.tokenProgram ?? network.tokenProgram, asset)
}

/** The token accounts that the transaction itself creates: they may be missing before it runs. */
export function createdAccounts({ transaction }: SvmPayment): readonly string[] {
  return (transaction?.instructions ?? []).flatMap(({ meaning, accounts }) => {
    const account = meaning.kind === 'create-token-account' ? accounts[1] : undefined
    return typeof account === 'string' ? [account] : []
  })
}

/** The nonce account that stands in for a blockhash; undefined for nearly every payment. Only a first instruction makes it one. */
export function nonceAccountOf({ transaction }: SvmPayment): string | undefined {
  const first = transaction?.instructions[0]
  return first?.meaning.kind === 'advance-nonce' ? (first.accounts[0] ?? undefined) : undefined
}
