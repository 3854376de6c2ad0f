import type { Finding } from '../causes/finding.ts'
import type { SolanaNetwork } from '../networks/network.ts'
import { builtInNetworks } from '../networks/networks.ts'
import { show } from '../payment/text.ts'
import { formatUnits } from '../typed-data/amount.ts'
import { svmFinding } from './finding.ts'
import { transferOf } from './layout.ts'
import type { SvmPayment, SvmRequirements, SvmTransaction, SvmTransfer } from './payment.ts'
import { programs } from './programs.ts'
import { associatedTokenAccount } from './token-account.ts'

/** Whether the transfer pays what the offer asks for. Most of this succeeds on chain, and pays somebody or something else. */
export function intentFindings(payment: SvmPayment, transaction: SvmTransaction): Finding[] {
  const transfer = transferOf(transaction)
  const { requirements, network } = payment
  return [
    ...(requirements === undefined ? [] : [...cluster(requirements, network), ...memo(requirements, transaction)]),
    ...(transfer === undefined ? [] : decimals(transfer)),
    ...(transfer === undefined || requirements === undefined
      ? []
      : [...mint(transfer, requirements, network), ...recipient(transfer, requirements), ...amount(transfer, requirements)]),
    ...acceptance(payment),
  ]
}

const clusters: readonly SolanaNetwork[] = builtInNetworks.all.filter((network): network is SolanaNetwork => network.family === 'solana')

/** The cluster whose USDC a mint is. */
export function clusterOf(mint: string | null | undefined): SolanaNetwork | undefined {
  return clusters.find((each) => each.mint === mint)
}

function cluster({ asset }: SvmRequirements, network: SolanaNetwork | undefined): Finding[] {
  const home = clusterOf(asset)
  if (network === undefined || home === undefined || home.id === network.id) return []
  return [
    svmFinding({
      cause: 'svm-wrong-cluster',
      party: 'server',
      field: 'requirements.asset',
      seen: asset ?? '',
      expected: network.mint,
      summary: `The offer is for ${network.id}, and its asset is the USDC of ${home.id}.`,
      fix: `Offer ${network.mint} on ${network.id}.`,
    }),
  ]
}

function mint(transfer: SvmTransfer, { asset }: SvmRequirements, network: SolanaNetwork | undefined): Finding[] {
  if (asset === undefined || transfer.mint === null || transfer.mint === asset) return []
  const home = clusterOf(transfer.mint)
  const foreign = network !== undefined && home !== undefined && home.id !== network.id
  const lookalike = clusters.flatMap(({ lookalikes }) => lookalikes).find((each) => each.mint === transfer.mint)
  const what = home !== undefined ? `the USDC of ${home.id}` : (lookalike?.symbol ?? 'another token')
  return [
    svmFinding({
      cause: foreign ? 'svm-wrong-cluster' : 'svm-mint-mismatch',
      field: 'transfer.mint',
      seen: transfer.mint,
      expected: asset,
      summary: `The transfer moves ${what} (${transfer.mint}), where the offer asks for ${clusterOf(asset) === undefined ? asset : `USDC (${asset})`}.`,
      fix: `Derive both token accounts from the mint ${asset}, transfer that, and sign again.`,
    }),
  ]
}

function recipient({ destination, mint: moved, tokenProgram }: SvmTransfer, { payTo, asset }: SvmRequirements): Finding[] {
  if (payTo === undefined || destination === null || moved === null) return []
  // A known mint has one token program, whichever the transaction names.
  const program = clusterOf(moved)?.tokenProgram ?? tokenProgram
  const expected = associatedTokenAccount(payTo, program, moved)
  // With the wrong mint, the account of the right one is still the payee's own.
  if (destination === expected || (asset !== undefined && asset !== moved && ownAccounts(payTo, asset).includes(destination))) return []
  const why =
    destination === payTo
      ? 'payTo itself, a wallet, which holds no tokens'
      : ownAccounts(payTo, moved).includes(destination)
        ? 'the payee’s account of the other token program'
        : 'not an account of the payee'
  return [
    svmFinding({
      cause: 'svm-recipient-mismatch',
      field: 'transfer.destination',
      seen: destination,
      expected,
      summary: `The tokens would go to ${destination}, which is ${why}; the offer’s payTo ${payTo} has its own at ${expected}.`,
      notes: [{ source: 'computed', says: `The associated token account of ${payTo} for ${moved} is ${expected}.` }],
      fix: `Send to ${expected}, the token account of payTo, and sign again.`,
    }),
  ]
}

/** An owner's accounts for a mint under either token program. */
function ownAccounts(owner: string, token: string): string[] {
  return [programs.token, programs.token2022].map((program) => associatedTokenAccount(owner, program, token))
}

function amount(transfer: SvmTransfer, { amount: asked, asset }: SvmRequirements): Finding[] {
  if (asked === undefined || transfer.amount === asked) return []
  const unit = clusterOf(asset)
  const told = (value: bigint): string => (unit === undefined ? `${value} atomic units` : `${formatUnits(value, unit.decimals)} USDC`)
  const more = transfer.amount > asked
  return [
    svmFinding({
      cause: 'svm-amount-mismatch',
      field: 'transfer.amount',
      seen: String(transfer.amount),
      expected: String(asked),
      summary: `The transfer moves ${told(transfer.amount)}, where the offer asks for exactly ${told(asked)}.`,
      notes: more
        ? [{ source: 'payload', says: 'The facilitators in Go and Python take more than asked; the specification and the others do not.' }]
        : [],
      fix: `Transfer exactly ${asked} atomic units, and sign again.`,
    }),
  ]
}

function decimals(transfer: SvmTransfer): Finding[] {
  const known = clusterOf(transfer.mint)
  if (known === undefined || transfer.decimals === known.decimals) return []
  return [
    svmFinding({
      cause: 'svm-decimals-mismatch',
      field: 'transfer.decimals',
      seen: String(transfer.decimals),
      expected: String(known.decimals),
      summary: `TransferChecked states ${transfer.decimals} decimals, and USDC has ${known.decimals}: the token program refuses it (Custom 18).`,
      fix: `State ${known.decimals} decimals, check that the amount was not scaled by ${transfer.decimals}, and sign again.`,
    }),
  ]
}

function memo({ memo: asked }: SvmRequirements, transaction: SvmTransaction): Finding[] {
  const texts = transaction.instructions.flatMap(({ meaning }) =>
    meaning.kind === 'memo' ? [new TextDecoder().decode(meaning.bytes)] : [],
  )
  const [only] = texts
  if (asked === undefined) {
    if (texts.length > 0) return []
    return [
      svmFinding({
        cause: 'svm-memo-mismatch',
        severity: 'warning',
        field: 'instructions',
        summary: 'There is no Memo, so an equal payment under the same blockhash is the same transaction and settles only once.',
        fix: 'Add a Memo of random bytes; leave it out only for a facilitator that wants exactly three instructions.',
      }),
    ]
  }
  if (texts.length === 1 && only === asked) return []
  return [
    svmFinding({
      cause: 'svm-memo-mismatch',
      field: 'requirements.extra.memo',
      seen: only === undefined ? 'no Memo' : texts.length > 1 ? `${texts.length} Memos` : show(only),
      expected: show(asked),
      summary: `The offer asks for one Memo with its own text, and the transaction has ${only === undefined ? 'none' : texts.length > 1 ? String(texts.length) : 'another text'}.`,
    }),
  ]
}

function acceptance({ requirements, accepted }: SvmPayment): Finding[] {
  if (requirements === undefined || accepted === undefined || requirements === accepted) return []
  return (['amount', 'payTo', 'asset', 'feePayer'] as const).flatMap((field) => {
    const [mine, theirs] = [accepted[field], requirements[field]]
    if (mine === undefined || theirs === undefined || mine === theirs) return []
    return [
      svmFinding({
        cause: 'accepted-mismatch',
        field: `accepted.${field}`,
        seen: String(mine),
        expected: String(theirs),
        summary: `The client accepted an offer with ${field} ${mine}, and the server’s offer has ${theirs}.`,
      }),
    ]
  })
}
