import type { Finding } from '../../causes/finding.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import { formatUnits } from '../../text/amount.ts'
import { show } from '../../wire/text.ts'
import { isElsewhere, knownMint, nameMint } from '../transaction/known-mint.ts'
import type { SvmPayment, SvmRequirements, SvmTransaction, SvmTransfer } from '../transaction/payment.ts'
import { programName, programs } from '../transaction/programs.ts'
import { associatedTokenAccount } from '../transaction/token-account.ts'
import { transferOf } from '../transaction/transfer.ts'
import { type SvmFindingInput, svmFinding } from './finding.ts'
import type { Payee } from './payee.ts'

/** Whether the transfer pays what the offer asks for. Most of this succeeds on chain, and pays somebody or something else. */
export function intentFindings(payment: SvmPayment, transaction: SvmTransaction, payee: Payee): Finding[] {
  const transfer = transferOf(transaction)
  const { requirements, network } = payment
  return [
    ...(requirements === undefined
      ? []
      : [...offerFindings(requirements, network, payee, transfer), ...memoAsked(requirements, transaction)]),
    ...(transfer === undefined ? [] : [...decimals(transfer), ...program(transfer), ...toSelf(transfer)]),
    ...(transfer === undefined || requirements === undefined
      ? []
      : [...mint(transfer, requirements, network), ...recipient(transfer, requirements, payee), ...amount(transfer, requirements)]),
    ...acceptance(payment),
  ]
}

/** What is wrong with an offer, whoever answers it; `transfer` is what was made of it. */
export function offerFindings(
  requirements: SvmRequirements,
  network: SolanaNetwork | undefined,
  payee: Payee,
  transfer?: SvmTransfer,
): Finding[] {
  return [...cluster(requirements, network), ...payTo(requirements, payee, transfer), ...memo(requirements)]
}

function cluster({ asset }: SvmRequirements, network: SolanaNetwork | undefined): Finding[] {
  const known = knownMint(asset)
  if (network === undefined || known === undefined || !isElsewhere(known, network)) return []
  const here = known.symbol === 'USDC' ? network.mint : network.lookalikes.find(({ symbol }) => symbol === known.symbol)?.mint
  return [
    svmFinding({
      cause: 'svm-wrong-cluster',
      party: 'server',
      field: 'requirements.asset',
      seen: asset ?? '',
      expected: here ?? `a mint of ${network.id}`,
      summary: `The offer is for ${network.id}, and its asset is ${nameMint(known)}.`,
      fix: here === undefined ? `Offer a token of ${network.id}, such as its USDC ${network.mint}.` : `Offer ${here} on ${network.id}.`,
    }),
  ]
}

/** What has to change where payTo is a token account: whose it is has to be asked for, and nothing may be sent to an account inside it. */
const putOwner = 'Put the owner of that token account into payTo'

/** An address that nobody can be paid at, or that mostly is one. */
function payTo({ payTo: address }: SvmRequirements, payee: Payee, transfer: SvmTransfer | undefined): Finding[] {
  if (address === undefined) return []
  const finding = (input: Pick<SvmFindingInput, 'severity' | 'expected' | 'summary' | 'fix'>): Finding[] => [
    svmFinding({ cause: 'svm-recipient-mismatch', party: 'server', field: 'requirements.payTo', seen: address, ...input }),
  ]
  const direct = transfer !== undefined && transfer.destination === address
  switch (payee.kind) {
    case 'no-account':
      return finding({
        expected: 'the address of a wallet',
        summary: `The offer's payTo ${address} is ${payee.what}: nothing that is paid there is anybody's.`,
        fix: "Put the payee's own wallet into payTo.",
      })
    case 'token-account':
      // What the chain showed is told where it was read.
      if (payee.shownBy === 'chain') return []
      return finding({
        expected: payee.owner,
        summary: `The offer's payTo ${address} is the token account of ${payee.owner}, and payments go to the token account of payTo, which would be one inside the other.`,
        fix: `${putOwner}: ${payee.owner}.`,
      })
    case 'unknown':
      return direct
        ? finding({
            expected: 'the address of a wallet',
            summary: `The tokens would go to the offer's payTo ${address} itself, which is no key that anybody could hold: it is mostly a token account, and facilitators want the token account of payTo, which is another one.`,
            fix: `${putOwner}. Only where payTo is a multisig's or a program's own wallet is it right, and the client has to derive its token account from it.`,
          })
        : finding({
            severity: 'warning',
            expected: 'the address of a wallet',
            summary: `The offer's payTo ${address} is not a key that anybody could hold: it is mostly a token account, and tokens that are paid into the token account of one are out of its owner's reach; it can be a multisig's or a program's own wallet, too.`,
            fix: `${putOwner}; a multisig's or a program's own wallet is fine.`,
          })
    case 'wallet':
    case 'unnamed':
      return []
  }
}

function program({ mint: moved, tokenProgram }: SvmTransfer): Finding[] {
  const known = knownMint(moved)
  if (known === undefined || known.tokenProgram === tokenProgram) return []
  return [
    svmFinding({
      cause: 'svm-token-program-mismatch',
      field: 'transfer.tokenProgram',
      seen: tokenProgram,
      expected: known.tokenProgram,
      summary: `The transfer is addressed to ${programName(tokenProgram)}, and ${known.symbol} is a mint of ${programName(known.tokenProgram)}: the accounts are other ones under either, and the token program refuses it (IncorrectProgramId).`,
      notes: [{ source: 'registry', says: `${known.mint} is ${nameMint(known)}, a mint of ${known.tokenProgram}.` }],
      fix: `Address the transfer to ${known.tokenProgram}, the program of the mint, derive both token accounts with it, and sign again.`,
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
  const [moved, asked] = [knownMint(transfer.mint), knownMint(asset)]
  return [
    svmFinding({
      cause: isElsewhere(moved, network) ? 'svm-wrong-cluster' : 'svm-mint-mismatch',
      field: 'transfer.mint',
      seen: transfer.mint,
      expected: asset,
      summary: `The transfer moves ${moved === undefined ? 'another token' : nameMint(moved)} (${transfer.mint}), where the offer asks for ${asked === undefined ? asset : `${asked.symbol} (${asset})`}.`,
      fix: `Derive both token accounts from the mint ${asset}, transfer that, and sign again.`,
    }),
  ]
}

function recipient(transfer: SvmTransfer, { payTo: address, asset }: SvmRequirements, payee: Payee): Finding[] {
  const { destination, mint: moved, tokenProgram } = transfer
  if (address === undefined || destination === null || moved === null || payee.kind === 'no-account') return []
  // A known mint has one token program, whichever the transaction names.
  const program = knownMint(moved)?.tokenProgram ?? tokenProgram
  const ofPayTo = associatedTokenAccount(address, program, moved)
  if (destination === ofPayTo) return []
  // That the tokens go to a payTo which is a token account is the finding about payTo.
  if (destination === address && payee.kind !== 'wallet') return []
  const owner = payee.kind === 'token-account' ? payee.owner : address
  // With the wrong mint, the account of the right one is still the payee's own.
  const own = asset !== undefined && asset !== moved && ownAccounts(owner, asset).includes(destination)
  const expected = associatedTokenAccount(owner, program, moved)
  if (own || destination === expected) return []
  const why =
    destination === address
      ? 'payTo itself, and not its token account'
      : ownAccounts(owner, moved).includes(destination)
        ? "the payee's account of the other token program"
        : 'not an account of the payee'
  // Of a payTo that may be a token account nothing is derived: the account inside it is nobody's to be paid at.
  const certain = payee.kind !== 'unknown'
  return [
    svmFinding({
      cause: 'svm-recipient-mismatch',
      field: 'transfer.destination',
      seen: destination,
      expected: certain ? expected : 'the token account of the payee',
      summary: `The tokens would go to ${destination}, which is ${why}${certain ? `; ${owner === address ? `the offer's payTo ${address}` : `the owner ${owner} of payTo`} has its own at ${expected}.` : '.'}`,
      notes: certain ? [{ source: 'computed', says: `The associated token account of ${owner} for ${moved} is ${expected}.` }] : [],
      fix: certain
        ? destination === address
          ? // A token account that was made with a key of its own is on the curve, too.
            `Where payTo is a wallet's address, as it has to be, send to its token account ${expected} and sign again; where it is a token account itself, the server puts that account's owner there first.`
          : `Send to ${expected}, the token account of ${owner === address ? 'payTo' : owner}, and sign again.`
        : "Have the server say whose wallet is paid, derive the destination from that wallet, the mint and the mint's program, and sign again.",
    }),
  ]
}

/** An owner's accounts for a mint under either token program. */
function ownAccounts(owner: string, token: string): string[] {
  return [programs.token, programs.token2022].map((program) => associatedTokenAccount(owner, program, token))
}

function amount(transfer: SvmTransfer, { amount: asked, asset }: SvmRequirements): Finding[] {
  if (asked === undefined || transfer.amount === asked) return []
  const unit = knownMint(asset)
  const told = (value: bigint): string =>
    unit === undefined ? `${value} atomic units` : `${formatUnits(value, unit.decimals)} ${unit.symbol}`
  const more = transfer.amount > asked
  return [
    svmFinding({
      cause: 'svm-amount-mismatch',
      field: 'transfer.amount',
      seen: String(transfer.amount),
      expected: String(asked),
      summary: `The transfer moves ${told(transfer.amount)}, where the offer asks for ${told(asked)}.`,
      notes: more
        ? [
            {
              source: 'payload',
              says: 'The specification takes more than asked since 2026, and so do the facilitator in Python and the one in Go before version 2; the others want it exact.',
            },
          ]
        : [],
      fix: `Transfer exactly ${asked} atomic units, and sign again.`,
    }),
  ]
}

function decimals(transfer: SvmTransfer): Finding[] {
  const known = knownMint(transfer.mint)
  if (known === undefined || transfer.decimals === known.decimals) return []
  return [
    svmFinding({
      cause: 'svm-decimals-mismatch',
      field: 'transfer.decimals',
      seen: String(transfer.decimals),
      expected: String(known.decimals),
      summary: `TransferChecked states ${transfer.decimals} decimals, and ${known.symbol} has ${known.decimals}: the token program refuses it (Custom 18).`,
      fix: `State ${known.decimals} decimals, check that the amount was not scaled by ${transfer.decimals}, and sign again.`,
    }),
  ]
}

/** From the specification of the exact scheme on Solana, in bytes. */
const longestMemo = 256

function memo(requirements: SvmRequirements): Finding[] {
  const length = new TextEncoder().encode(requirements.memo ?? '').length
  return length <= longestMemo
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
