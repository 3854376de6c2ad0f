import { sameAddress } from '../../bytes/address.ts'
import type { Address } from '../../bytes/hex.ts'
import { findToken } from '../../networks/find-token.ts'
import type { Networks } from '../../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import type { SignatureHints } from './hints.ts'

/** One thing that an address is known to be. */
export interface KnownAccount {
  readonly is: 'payee' | 'payTo' | 'relayer' | 'token' | 'payer' | 'hinted'
  /** `the payee`, `the relayer that sent the transaction`, a hint's own label. */
  readonly label: string
}

/** What is known of an address that signed although it is not the payer. */
export function whoIs(
  address: Address,
  { authorization, requirements, call }: Payment,
  networks: Networks,
  hints: SignatureHints,
): KnownAccount[] {
  const out: KnownAccount[] = []
  if (sameAddress(address, authorization.to)) out.push({ is: 'payee', label: 'the payee' })
  else if (sameAddress(address, requirements?.payTo)) out.push({ is: 'payTo', label: "the offer's payTo" })
  if (sameAddress(address, call?.transaction?.sender)) out.push({ is: 'relayer', label: 'the relayer that sent the transaction' })
  const [token] = findToken(address, networks)
  if (token !== undefined)
    out.push({
      is: 'token',
      label: token.role === 'contract' ? `the ${token.contract.label}` : `the token ${token.token.symbol} of ${token.network.id}`,
    })
  for (const account of hints.accounts ?? []) if (sameAddress(address, account.address)) out.push({ is: 'hinted', label: account.label })
  return out
}
