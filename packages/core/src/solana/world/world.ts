import type { SolanaNetwork } from '../../networks/network.ts'
import { type Payee, payeeOf } from '../offer/payee.ts'
import { readPayee } from '../state/read-payee.ts'
import type { SvmAccount, SvmState } from '../state/state.ts'
import { mintLength, tokenAccountLength } from '../state/token-data.ts'
import { createdAccounts, nonceAccountOf, payeeAccount } from '../state/wanted-accounts.ts'
import { isElsewhere, knownMint } from '../transaction/known-mint.ts'
import type { SvmPayment, SvmTransfer } from '../transaction/payment.ts'
import { programs } from '../transaction/programs.ts'
import { associatedTokenAccount, keyBytes } from '../transaction/token-account.ts'

/** What a replay begins with. */
export interface SvmWorld {
  /** By address; null does not exist. */
  readonly accounts: ReadonlyMap<string, SvmAccount | null>
  readonly blockhash: 'alive' | 'dead'
  /** The addresses of which the cluster itself told; the others are assumed. */
  readonly read: ReadonlySet<string>
  readonly payee: Payee
  /** One sentence: where all of this is from. */
  readonly says: string
}

/** Rent of a token account and of a mint, and lamports that suffice for anything a payment does. */
const tokenAccountRent = 2_039_280n
const mintRent = 1_461_600n
const plenty = 1_000_000_000n

/** An initialised mint that nobody can freeze. Layout: spl-token's `Mint`. */
export function mintAccount(program: string, decimals: number): SvmAccount {
  const data = new Uint8Array(mintLength)
  new DataView(data.buffer).setBigUint64(36, 2n ** 62n, true)
  data[44] = decimals
  data[45] = 1
  return { owner: program, lamports: mintRent, data, executable: false }
}

/** A token account. Layout: spl-token's `Account`. */
export function tokenAccount(program: string, mint: string, owner: string, amount: bigint): SvmAccount {
  const data = new Uint8Array(tokenAccountLength)
  data.set(keyBytes(mint), 0)
  data.set(keyBytes(owner), 32)
  new DataView(data.buffer).setBigUint64(64, amount, true)
  data[108] = 1
  return { owner: program, lamports: tokenAccountRent, data, executable: false }
}

export function wallet(lamports: bigint): SvmAccount {
  return { owner: programs.system, lamports, data: new Uint8Array(), executable: false }
}

/**
 * The world of a payment: what was read of the cluster, and where nothing was read, what payer, payee and facilitator hope for. Of a payment that
 * has settled the accounts are not taken as they are now, since it has changed them itself.
 */
export function worldOf(payment: SvmPayment, network: SolanaNetwork, state: SvmState | undefined): SvmWorld {
  const payee = state === undefined ? payeeOf(payment) : readPayee(payment, state)
  const hoped = plausible(payment, network, payee)
  const settled = state?.settlement.known === true && state.settlement.value !== null && state.settlement.value.error === null
  if (state === undefined || settled) {
    const why = settled ? 'as it can have been before the payment settled' : 'nothing was read of the cluster'
    return {
      accounts: hoped,
      blockhash: 'alive',
      read: new Set(),
      payee,
      says: `The accounts are assumed (${why}): payer and payee have their token accounts, and there is enough of everything.`,
    }
  }
  const accounts = new Map(hoped)
  const read = new Set<string>()
  let assumed = 0
  for (const [address, fact] of state.accounts) {
    if (fact.known) {
      accounts.set(address, fact.value)
      read.add(address)
    } else if (hoped.has(address)) assumed++
  }
  const dead = state.blockhash.known && state.blockhash.value === 'dead'
  const missing = assumed === 0 ? '' : `; ${assumed} of them could not be read and are assumed`
  return {
    accounts,
    blockhash: dead ? 'dead' : 'alive',
    read,
    payee,
    says: `The accounts are those that ${state.source} has${state.slot.known ? ` in slot ${state.slot.value}` : ''}${missing}.`,
  }
}

function plausible(payment: SvmPayment, network: SolanaNetwork, payee: Payee): Map<string, SvmAccount | null> {
  const { transaction, requirements } = payment
  const accounts = new Map<string, SvmAccount | null>()
  // Wallets first: one that is a token account in the payment becomes one below.
  const wallets = [...(transaction?.signers ?? []).map(({ key }) => key), requirements?.payTo, requirements?.feePayer]
  for (const address of wallets) if (address !== undefined) accounts.set(address, wallet(plenty))
  for (const address of transaction?.lookupTables ?? []) accounts.set(address, null)
  const nonce = nonceAccountOf(payment)
  if (nonce !== undefined) accounts.set(nonce, null)
  accounts.set(network.mint, mintAccount(network.tokenProgram, network.decimals))
  const asked = payeeAccount(payment, network)
  const asset = requirements?.asset ?? network.mint
  if (asked !== undefined && requirements?.payTo !== undefined)
    accounts.set(asked, tokenAccount(knownMint(asset)?.tokenProgram ?? network.tokenProgram, asset, requirements.payTo, 0n))
  for (const transfer of transfersOf(payment, network)) {
    const { mint, tokenProgram, amount, authority } = transfer
    const known = knownMint(mint)
    const elsewhere = isElsewhere(known, network)
    const program = known?.tokenProgram ?? tokenProgram
    // A mint that nobody knows is not made up from what the transaction says of it: such a run could only agree.
    if (known !== undefined) accounts.set(mint, elsewhere ? null : mintAccount(known.tokenProgram, known.decimals))
    const hold = (address: string | null, owner: string | null | undefined, held: bigint): void => {
      // A wallet in a token account's place stays one: that is what is wrong with it.
      if (address === null || (address === requirements?.payTo && payee.kind !== 'token-account')) return
      const holder = address === requirements?.payTo && payee.kind === 'token-account' ? payee.owner : owner
      const whose = holder ?? authority ?? programs.system
      const derived = derivedFrom(address, whose, [mint, asset, network.mint])
      // The other program's account for a mint can not exist.
      const missing = elsewhere || (derived?.mint === mint && derived.program !== program)
      accounts.set(address, missing ? null : tokenAccount(program, derived?.mint ?? mint, whose, held))
    }
    hold(transfer.destination, requirements?.payTo, 0n)
    const held = 2n * amount + 1_000_000n
    hold(transfer.source, authority, held)
    // Derived with the wrong program the source is another address: the payer's own is held beside it.
    if (authority !== null && known !== undefined && !elsewhere && tokenProgram !== program)
      hold(associatedTokenAccount(authority, program, mint), authority, held)
  }
  for (const address of createdAccounts(payment)) accounts.set(address, null)
  return accounts
}

/** Of which mint and program an address is the owner's associated token account; undefined where it is of none of these. */
function derivedFrom(
  address: string,
  owner: string,
  mints: readonly string[],
): { readonly mint: string; readonly program: string } | undefined {
  return mints
    .flatMap((mint) => [programs.token, programs.token2022].map((program) => ({ mint, program })))
    .find(({ mint, program }) => associatedTokenAccount(owner, program, mint) === address)
}

/** Everything that moves tokens; a plain Transfer, which names no mint, is taken to be of the network's USDC. */
function transfersOf(
  { transaction }: SvmPayment,
  network: SolanaNetwork,
): readonly (Omit<SvmTransfer, 'mint'> & { readonly mint: string })[] {
  return (transaction?.instructions ?? []).flatMap(({ meaning, accounts, program }) => {
    if (meaning.kind === 'transfer-checked') return meaning.mint === null ? [] : [{ ...meaning, mint: meaning.mint }]
    if (meaning.kind !== 'plain-transfer') return []
    const [source = null, destination = null, authority = null] = accounts
    return [
      {
        kind: 'transfer-checked',
        tokenProgram: program ?? network.tokenProgram,
        source,
        destination,
        authority,
        mint: network.mint,
        amount: meaning.amount,
        decimals: network.decimals,
      } as const,
    ]
  })
}
