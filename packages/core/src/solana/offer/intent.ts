import type { Finding } from '../../causes/finding.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import { show } from '../../payment/text.ts'
import { formatUnits } from '../../typed-data/amount.ts'
import { clusterOf, lookalikeOf } from '../transaction/known-mint.ts'
import type { SvmPayment, SvmRequirements, SvmTransaction, SvmTransfer } from '../transaction/payment.ts'
import { programs } from '../transaction/programs.ts'
import { associatedTokenAccount, isWallet } from '../transaction/token-account.ts'
import { transferOf } from '../transaction/transfer.ts'
import { svmFinding } from './finding.ts'

/** Whether the transfer pays what the offer asks for. Most of this succeeds on chain, and pays somebody or something else. */
export function intentFindings(payment: SvmPayment, transaction: SvmTransaction): Finding[] {
  const transfer = transferOf(transaction)
  const { requirements, network } = payment
  return [
    ...(requirements === undefined ? [] : [...cluster(requirements, network), ...payee(requirements), ...memo(requirements, transaction)]),
    ...(transfer === undefined ? [] : [...decimals(transfer), ...program(transfer), ...toSelf(transfer)]),
    ...(transfer === undefined || requirements === undefined
      ? []
      : [...mint(transfer, requirements, network), ...recipient(transfer, requirements), ...amount(transfer, requirements)]),
    ...acceptance(payment),
  ]
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

/** A wallet's address is a point of the curve; that of a token account never is, and that of a program's own wallet neither. */
function payee({ payTo }: SvmRequirements): Finding[] {
  if (payTo === undefined || isWallet(payTo)) return []
  return [
    svmFinding({
      cause: 'svm-recipient-mismatch',
      party: 'server',
      severity: 'warning',
      field: 'requirements.payTo',
      seen: payTo,
      expected: 'the address of a wallet',
      summary: `The offer's payTo ${payTo} is not a key that anybody could hold: it is a program's own address, mostly a token account, and payments go to the token account of payTo.`,
      fix: "Offer the wallet's address as payTo, not that of its token account; a multisig's own address is fine.",
    }),
  ]
}

function program({ mint: moved, tokenProgram }: SvmTransfer): Finding[] {
  const home = clusterOf(moved)
  if (home === undefined || home.tokenProgram === tokenProgram) return []
  return [
    svmFinding({
      cause: 'svm-token-program-mismatch',
      field: 'transfer.tokenProgram',
      seen: tokenProgram,
      expected: home.tokenProgram,
      summary:
        'The transfer is addressed to Token-2022, and USDC is a mint of SPL Token: the accounts are other ones under either, and the token program refuses it (IncorrectProgramId).',
      fix: `Address the transfer to ${home.tokenProgram}, the program of the mint, derive both token accounts with it, and sign again.`,
    }),
  ]
}

function toSelf({ source, destination, authority }: SvmTransfer): Finding[] {
  if (source === null || source !== destination) return []
  return [
    svmFinding({
      cause: 'self-payment',
      severity: 'warning',
      field: 'transfer.destination',
      seen: source,
      summary: `The transfer goes from ${authority ?? 'the payer'}'s token account to the same account: it succeeds, and nothing moves.`,
    }),
  ]
}

function mint(transfer: SvmTransfer, { asset }: SvmRequirements, network: SolanaNetwork | undefined): Finding[] {
  if (asset === undefined || transfer.mint === null || transfer.mint === asset) return []
  const home = clusterOf(transfer.mint)
  const foreign = network !== undefined && home !== undefined && home.id !== network.id
  const what = home !== undefined ? `the USDC of ${home.id}` : (lookalikeOf(transfer.mint)?.symbol ?? 'another token')
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
        ? "the payee's account of the other token program"
        : 'not an account of the payee'
  return [
    svmFinding({
      cause: 'svm-recipient-mismatch',
      field: 'transfer.destination',
      seen: destination,
      expected,
      summary: `The tokens would go to ${destination}, which is ${why}; the offer's payTo ${payTo} has its own at ${expected}.`,
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
        ? [
            {
              source: 'payload',
              says: 'The facilitator in Python, and the one in Go before version 2, take more than asked; the specification and the others do not.',
            },
          ]
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

/** From the specification of the exact scheme on Solana, in bytes. */
const longestMemo = 256

function memo(requirements: SvmRequirements, transaction: SvmTransaction): Finding[] {
  const length = new TextEncoder().encode(requirements.memo ?? '').length
  return [
    ...(length <= longestMemo
      ? []
      : [
          svmFinding({
            cause: 'svm-memo-mismatch',
            party: 'server',
            severity: 'warning',
            field: 'requirements.extra.memo',
            seen: `${length} bytes`,
            expected: `at most ${longestMemo}`,
            summary: `The offer asks for a memo of ${length} bytes, and the specification allows ${longestMemo}: clients may refuse to pay it.`,
            fix: `Offer a memo of at most ${longestMemo} bytes: a reference, not the thing itself.`,
          }),
        ]),
    ...memoAsked(requirements, transaction),
  ]
}

function memoAsked({ memo: asked }: SvmRequirements, transaction: SvmTransaction): Finding[] {
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

function acceptance({ requirements, accepted, differences: all, findings }: SvmPayment): Finding[] {
  if (requirements === undefined || accepted === undefined || requirements === accepted) return []
  const told = stated(accepted, requirements)
  // Two networks are a finding of their own.
  const differences = findings.some(({ cause }) => cause === 'network-mismatch') ? all.filter((path) => path !== 'network') : all
  if (told.length > 0 || differences.length === 0) return told
  const [first = ''] = differences
  return [
    svmFinding({
      cause: 'accepted-mismatch',
      severity: 'warning',
      field: `accepted.${first}`,
      summary: `The client's copy of the offer differs from the server's in ${differences.map((path) => show(path)).join(', ')}; x402-rs compares the whole of both and refuses it${differences.includes('network') ? ", and other facilitators compare the networks' names" : ''}.`,
    }),
  ]
}

/** What the transaction answers, and the two copies state differently. */
function stated(accepted: SvmRequirements, requirements: SvmRequirements): Finding[] {
  return (['amount', 'payTo', 'asset', 'feePayer'] as const).flatMap((field) => {
    const [mine, theirs] = [accepted[field], requirements[field]]
    if (mine === undefined || theirs === undefined || mine === theirs) return []
    return [
      svmFinding({
        cause: 'accepted-mismatch',
        field: `accepted.${field}`,
        seen: String(mine),
        expected: String(theirs),
        summary: `The client accepted an offer with ${field} ${mine}, and the server's offer has ${theirs}.`,
      }),
    ]
  })
}
