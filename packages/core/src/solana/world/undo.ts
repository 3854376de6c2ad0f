import type { Finding } from '../../causes/finding.ts'
import { isShown, type ShownCauseIdOf } from '../../causes/not-shown.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import type { SvmAccount } from '../state/state.ts'
import { readMint, readTokenAccount } from '../state/token-data.ts'
import { feeOf } from '../state/transaction-fee.ts'
import { payeeAccount } from '../state/wanted-accounts.ts'
import type { SvmMeaning, SvmPayment, SvmTransaction, SvmTransfer } from '../transaction/payment.ts'
import { associatedTokenAccount, keyBytes } from '../transaction/token-account.ts'
import { transferOf } from '../transaction/transfer.ts'
import type { AccountEffect, SvmIntervention } from './intervention.ts'
import { mintAccount, type SvmWorld, tokenAccount, wallet } from './world.ts'

/** Enough units for any transfer with a memo, also of older programs. */
const enoughUnits = 200_000

/** What undoing looks at besides the finding. */
interface Undoing {
  readonly payment: SvmPayment
  readonly transaction: SvmTransaction
  readonly network: SolanaNetwork
  readonly world: SvmWorld
}

/** What takes a finding away; undefined where a replay of this payment can't show it. */
type Undo = (finding: Finding, view: Undoing) => readonly SvmIntervention[] | undefined

/** Of the one transfer, where there is just one. */
const ofTransfer =
  (undoIt: (transfer: SvmTransfer, view: Undoing, finding: Finding) => readonly SvmIntervention[] | undefined): Undo =>
  (finding, view) => {
    const transfer = transferOf(view.transaction)
    return transfer === undefined ? undefined : undoIt(transfer, view, finding)
  }

/** How each cause that a replay can show is taken away. Why a replay can't show the others, `causes/not-shown.ts` says: each is in one of the two. */
const undoing: Readonly<Record<ShownCauseIdOf<'solana'>, Undo>> = {
  'svm-blockhash-expired': () => [{ kind: 'blockhash', says: 'The blockhash lives.' }],
  'svm-fee-payer-funds': (_, { transaction }) => {
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
  },
  'svm-compute-limit': (_, { transaction }) =>
    data(transaction, 'compute-limit', `The compute limit is ${enoughUnits} units.`, (view) => view.setUint32(1, enoughUnits, true)),
  'svm-compute-price': (_, { transaction }) =>
    data(transaction, 'compute-price', 'The compute price is 1 microlamport.', (view) => view.setBigUint64(1, 1n, true)),
  'svm-creates-token-account': (_, { transaction, world }) => removeCreated(transaction, world),
  'svm-decimals-mismatch': (_, { transaction, world }) => {
    const decimals = mintOf(transferOf(transaction), world)?.decimals
    return decimals === undefined
      ? undefined
      : data(transaction, 'transfer-checked', `The transfer states ${decimals} decimals.`, (view) => view.setUint8(9, decimals))
  },
  'svm-source-account-missing': ofTransfer((transfer, { world }) =>
    opened(transfer, world, transfer.source, transfer.authority, transfer.amount, "payer's"),
  ),
  'svm-destination-account-missing': ofTransfer((transfer, { world, payment }) =>
    opened(transfer, world, transfer.destination, payment.requirements?.payTo ?? transfer.authority, 0n, "payee's"),
  ),
  'svm-insufficient-funds': ofTransfer(({ source, amount }) =>
    changed(source, { is: 'filled', amount }, `The payer's token account holds ${amount}.`, (own) =>
      patched(own, (view) => view.setBigUint64(64, amount, true)),
    ),
  ),
  'svm-account-frozen': ofTransfer(({ source, destination }, _, { field }) => {
    const [address, whose] = field === 'transfer.destination' ? [destination, "payee's"] : [source, "payer's"]
    return changed(address, { is: 'thawed' }, `The ${whose} token account is not frozen.`, (own) =>
      patched(own, (view) => view.setUint8(108, 1)),
    )
  }),
  'svm-authority-mismatch': ofTransfer(({ source, authority }) =>
    authority === null
      ? undefined
      : changed(source, { is: 'owned', owner: authority }, `The source belongs to ${authority}.`, (own) => {
          const bytes = Uint8Array.from(own.data)
          bytes.set(keyBytes(authority), 32)
          return { ...own, data: bytes }
        }),
  ),
  'svm-mint-invalid': ofTransfer(({ mint, tokenProgram, decimals }) =>
    mint === null
      ? undefined
      : [
          {
            kind: 'account',
            address: mint,
            effect: { is: 'mint', decimals },
            change: () => mintAccount(tokenProgram, decimals),
            says: `${mint} is a mint of ${decimals} decimals.`,
          },
        ],
  ),
  'svm-token-program-mismatch': ofTransfer((transfer, { payment }, { expected }) =>
    programKey(transfer, payment.requirements?.payTo, expected),
  ),
  'svm-mint-mismatch': ofTransfer(({ source, destination, mint }, { world }) => {
    // Where both accounts are of another mint than the transfer, the transfer's is the odd one.
    const held = [source, destination].map((address) => heldAt(address, world)?.mint)
    const [one] = held
    return one === undefined || mint === null || one === mint || held.some((each) => each !== one)
      ? undefined
      : [{ kind: 'key', from: mint, to: one, says: `The transfer names the mint ${one}.` }]
  }),
  'svm-recipient-mismatch': ofTransfer((transfer, { payment, network, world }, { field, expected }) => {
    const { destination } = transfer
    if (field === 'transfer.tokenProgram') return programKey(transfer, payment.requirements?.payTo, expected)
    if (field === 'requirements.payTo') return toOwner(transfer, world)
    const asked = payeeAccount(payment, network)
    // Of a payTo that may be a token account the run would have to assume that it is none.
    return destination === null || asked === undefined || asked === destination || world.payee.kind !== 'wallet'
      ? undefined
      : [{ kind: 'key', from: destination, to: asked, says: `The transfer goes to ${asked}.` }]
  }),
  'svm-wrong-cluster': ofTransfer((transfer, { payment, world }) => elsewhere(transfer, payment.requirements?.payTo, world)),
}

/** The changes that take a finding away; undefined where no replay can show it. */
export function undo(finding: Finding, view: Undoing): readonly SvmIntervention[] | undefined {
  return isShown('solana', finding.cause) ? undoing[finding.cause](finding, view) : undefined
}

/** The first instruction of a kind with other data. */
function data(
  { instructions }: SvmTransaction,
  kind: SvmMeaning['kind'],
  says: string,
  change: (view: DataView) => void,
): SvmIntervention[] | undefined {
  const index = instructions.findIndex(({ meaning }) => meaning.kind === kind)
  const own = instructions[index]?.data
  if (own === undefined) return undefined
  const copy = Uint8Array.from(own)
  change(new DataView(copy.buffer))
  return [{ kind: 'instruction', index, data: copy, says }]
}

/** An account that is there, with something about it changed. */
function changed(
  address: string | null,
  effect: AccountEffect,
  says: string,
  change: (account: SvmAccount) => SvmAccount,
): SvmIntervention[] | undefined {
  return address === null ? undefined : [{ kind: 'account', address, effect, says, change: (own) => (own === null ? own : change(own)) }]
}

function opened(
  transfer: SvmTransfer,
  world: SvmWorld,
  address: string | null,
  owner: string | null,
  held: bigint,
  whose: string,
): SvmIntervention[] | undefined {
  const { mint } = transfer
  if (address === null || mint === null || owner === null) return undefined
  const program = programOf(transfer, world)
  const says = `The ${whose} token account ${address} exists${held === 0n ? '' : ` and holds ${held}`}.`
  const effect = { is: 'opened', mint, owner, amount: held } as const
  return [{ kind: 'account', address, effect, says, change: () => tokenAccount(program, mint, owner, held) }]
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
function removeCreated({ instructions }: SvmTransaction, world: SvmWorld): SvmIntervention[] | undefined {
  const addresses = instructions.flatMap(({ meaning, accounts }) => {
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
