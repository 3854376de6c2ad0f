import { PublicKey } from '@solana/web3.js'
import type { Finding } from '../../causes/finding.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import type { SvmAccount } from '../state/state.ts'
import { readMint, readTokenAccount } from '../state/token-data.ts'
import { feeOf } from '../state/transaction-fee.ts'
import { payeeAccount } from '../state/wanted-accounts.ts'
import type { SvmMeaning, SvmPayment, SvmTransfer } from '../transaction/payment.ts'
import { associatedTokenAccount } from '../transaction/token-account.ts'
import { transferOf } from '../transaction/transfer.ts'
import type { AccountEffect, SvmIntervention } from './intervention.ts'
import { mintAccount, type SvmWorld, tokenAccount, wallet } from './world.ts'

/** Enough units for any transfer with a memo, also of older programs. */
const enoughUnits = 200_000

/** The changes that take a finding away; undefined where no replay can show it. */
export function undo(finding: Finding, payment: SvmPayment, network: SolanaNetwork, world: SvmWorld): SvmIntervention[] | undefined {
  const { transaction } = payment
  if (transaction === null) return undefined
  const transfer = transferOf(transaction)
  const at = (kind: SvmMeaning['kind']): number => transaction.instructions.findIndex(({ meaning }) => meaning.kind === kind)
  const data = (kind: SvmMeaning['kind'], says: string, change: (view: DataView) => void): SvmIntervention[] | undefined => {
    const index = at(kind)
    const own = transaction.instructions[index]?.data
    if (own === undefined) return undefined
    const copy = Uint8Array.from(own)
    change(new DataView(copy.buffer))
    return [{ kind: 'instruction', index, data: copy, says }]
  }
  switch (finding.cause) {
    case 'svm-blockhash-expired':
      return [{ kind: 'blockhash', says: 'The blockhash lives.' }]
    case 'svm-fee-payer-funds': {
      const lamports = feeOf(transaction) + 1_000_000_000n
      return [
        {
          kind: 'account',
          address: transaction.feePayer,
          effect: { is: 'funded', amount: lamports },
          change: () => wallet(lamports),
          says: `The fee payer has ${lamports} lamports.`,
        },
      ]
    }
    case 'svm-compute-limit':
      return data('compute-limit', `The compute limit is ${enoughUnits} units.`, (view) => view.setUint32(1, enoughUnits, true))
    case 'svm-compute-price':
      return data('compute-price', 'The compute price is 1 microlamport.', (view) => view.setBigUint64(1, 1n, true))
    case 'svm-creates-token-account':
      return removeCreated(payment, world)
    case 'svm-decimals-mismatch': {
      const decimals = mintOf(transfer, world)?.decimals
      return decimals === undefined
        ? undefined
        : data('transfer-checked', `The transfer states ${decimals} decimals.`, (view) => view.setUint8(9, decimals))
    }
    default:
      return transfer === undefined ? undefined : undoTransfer(finding, transfer, payment, network, world)
  }
}

function undoTransfer(
  { cause, field, expected }: Finding,
  transfer: SvmTransfer,
  payment: SvmPayment,
  network: SolanaNetwork,
  world: SvmWorld,
): SvmIntervention[] | undefined {
  const { source, destination, mint, authority, tokenProgram, amount } = transfer
  const payTo = payment.requirements?.payTo
  const account = (
    address: string | null,
    effect: AccountEffect,
    says: string,
    change: (account: SvmAccount) => SvmAccount,
  ): SvmIntervention[] | undefined =>
    address === null ? undefined : [{ kind: 'account', address, effect, says, change: (own) => (own === null ? own : change(own)) }]
  const opened = (address: string | null, owner: string | null | undefined, held: bigint, whose: string): SvmIntervention[] | undefined => {
    if (address === null || mint === null || owner === null || owner === undefined) return undefined
    const program = programOf(transfer, world)
    const says = `The ${whose} token account ${address} exists${held === 0n ? '' : ` and holds ${held}`}.`
    const effect = { is: 'opened', mint, owner, amount: held } as const
    return [{ kind: 'account', address, effect, says, change: () => tokenAccount(program, mint, owner, held) }]
  }
  switch (cause) {
    case 'svm-source-account-missing':
      return opened(source, authority, amount, "payer's")
    case 'svm-destination-account-missing':
      return opened(destination, payTo ?? authority, 0n, "payee's")
    case 'svm-insufficient-funds':
      return account(source, { is: 'filled', amount }, `The payer's token account holds ${amount}.`, (own) =>
        patched(own, (view) => view.setBigUint64(64, amount, true)),
      )
    case 'svm-account-frozen': {
      const [address, whose] = field === 'transfer.destination' ? [destination, "payee's"] : [source, "payer's"]
      return account(address, { is: 'thawed' }, `The ${whose} token account is not frozen.`, (own) =>
        patched(own, (view) => view.setUint8(108, 1)),
      )
    }
    case 'svm-authority-mismatch':
      return authority === null
        ? undefined
        : account(source, { is: 'owned', owner: authority }, `The source belongs to ${authority}.`, (own) => {
            const data = Uint8Array.from(own.data)
            data.set(new PublicKey(authority).toBytes(), 32)
            return { ...own, data }
          })
    case 'svm-mint-invalid':
      return mint === null
        ? undefined
        : [
            {
              kind: 'account',
              address: mint,
              effect: { is: 'mint', decimals: transfer.decimals },
              change: () => mintAccount(tokenProgram, transfer.decimals),
              says: `${mint} is a mint of ${transfer.decimals} decimals.`,
            },
          ]
    case 'svm-token-program-mismatch':
      return programKey(transfer, payTo, expected)
    case 'svm-mint-mismatch': {
      // Where both accounts are of another mint than the transfer, the transfer's is the odd one.
      const held = [source, destination].map((address) => heldAt(address, world)?.mint)
      const [one] = held
      return one === undefined || mint === null || one === mint || held.some((each) => each !== one)
        ? undefined
        : [{ kind: 'key', from: mint, to: one, says: `The transfer names the mint ${one}.` }]
    }
    case 'svm-recipient-mismatch': {
      if (field === 'transfer.tokenProgram') return programKey(transfer, payTo, expected)
      if (field === 'requirements.payTo') return toOwner(transfer, world)
      const asked = payeeAccount(payment, network)
      // Of a payTo that may be a token account the run would have to assume that it is none.
      return destination === null || asked === undefined || asked === destination || world.payee.kind !== 'wallet'
        ? undefined
        : [{ kind: 'key', from: destination, to: asked, says: `The transfer goes to ${asked}.` }]
    }
    case 'svm-wrong-cluster':
      return elsewhere(transfer, payTo, world)
    default:
      return undefined
  }
}

/** What the payment would be with the owner of payTo's token account in its place. */
function toOwner(transfer: SvmTransfer, world: SvmWorld): SvmIntervention[] | undefined {
  const { destination, mint } = transfer
  if (world.payee.kind !== 'token-account' || destination === null || mint === null) return undefined
  const own = associatedTokenAccount(world.payee.owner, programOf(transfer, world), mint)
  return destination === own
    ? undefined
    : [{ kind: 'key', from: destination, to: own, says: `The transfer goes to ${own}, the token account of ${world.payee.owner}.` }]
}

/** The transfer through the other program, with the accounts that were derived with the wrong one derived anew. */
function programKey(
  { tokenProgram, mint, source, destination, authority }: SvmTransfer,
  payTo: string | undefined,
  to: string | undefined,
): SvmIntervention[] | undefined {
  if (to === undefined) return undefined
  const derived = ([[source, authority, 'from'] as const, [destination, payTo, 'to'] as const] as const).flatMap(
    ([address, owner, way]): SvmIntervention[] => {
      if (address === null || mint === null || owner === null || owner === undefined) return []
      if (associatedTokenAccount(owner, tokenProgram, mint) !== address) return []
      const right = associatedTokenAccount(owner, to, mint)
      return [{ kind: 'key', from: address, to: right, says: `The transfer goes ${way} ${right}.` }]
    },
  )
  return [{ kind: 'key', from: tokenProgram, to, says: `The transfer calls ${to}.` }, ...derived]
}

/** On its own cluster the mint exists, and so do the accounts for it. */
function elsewhere(
  { mint, source, destination, authority, tokenProgram, decimals, amount }: SvmTransfer,
  payTo: string | undefined,
  world: SvmWorld,
): SvmIntervention[] | undefined {
  if (mint === null || source === null || destination === null || authority === null || world.accounts.get(mint) != null) return undefined
  const payee = payTo ?? authority
  const account = (address: string, effect: AccountEffect, made: SvmAccount, says: string): SvmIntervention => ({
    kind: 'account',
    address,
    effect,
    change: () => made,
    says,
  })
  return [
    account(mint, { is: 'mint', decimals }, mintAccount(tokenProgram, decimals), `The mint ${mint} exists.`),
    account(
      source,
      { is: 'opened', mint, owner: authority, amount },
      tokenAccount(tokenProgram, mint, authority, amount),
      'The payer has a token account for it.',
    ),
    account(
      destination,
      { is: 'opened', mint, owner: payee, amount: 0n },
      tokenAccount(tokenProgram, mint, payee, 0n),
      'The payee has a token account for it.',
    ),
  ]
}

/** Create fails where the account exists: without it, it succeeds. */
function removeCreated({ transaction }: SvmPayment, world: SvmWorld): SvmIntervention[] | undefined {
  const addresses = (transaction?.instructions ?? []).flatMap(({ meaning, accounts }) => {
    const address = meaning.kind === 'create-token-account' && !meaning.idempotent ? accounts[1] : undefined
    return typeof address === 'string' && world.accounts.get(address) != null ? [address] : []
  })
  if (addresses.length === 0) return undefined
  return addresses.map((address) => ({
    kind: 'account',
    address,
    effect: { is: 'absent' },
    change: () => null,
    says: `The token account ${address} does not exist before the transaction creates it.`,
  }))
}

function patched(account: SvmAccount, change: (view: DataView) => void): SvmAccount {
  const data = Uint8Array.from(account.data)
  change(new DataView(data.buffer))
  return { ...account, data }
}

function heldAt(address: string | null, { accounts }: SvmWorld): ReturnType<typeof readTokenAccount> {
  const account = address === null ? undefined : accounts.get(address)
  return account === null || account === undefined ? undefined : readTokenAccount(account)
}

function mintOf(transfer: SvmTransfer | undefined, { accounts }: SvmWorld): ReturnType<typeof readMint> {
  const account = transfer?.mint === undefined || transfer.mint === null ? undefined : accounts.get(transfer.mint)
  return account === null || account === undefined ? undefined : readMint(account)
}

/** The program of the mint, where it is there: a token account can only be one of that. */
function programOf({ mint, tokenProgram }: SvmTransfer, { accounts }: SvmWorld): string {
  return (mint === null ? undefined : accounts.get(mint)?.owner) ?? tokenProgram
}
