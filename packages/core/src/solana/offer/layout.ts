import type { Finding } from '../../causes/finding.ts'
import { sayInstruction } from '../transaction/instruction.ts'
import type { SvmInstruction, SvmPayment, SvmTransaction } from '../transaction/payment.ts'
import { associatedTokenAccount } from '../transaction/token-account.ts'
import { transferOf } from '../transaction/transfer.ts'
import { svmFinding } from './finding.ts'

/** The cap of the specification's static path, 5 lamports a unit, in microlamports: that of nearly all facilitators. */
const mostPrice = 5_000_000n
/** The caps of x402-rs, and of the fork that Ultravioleta runs on devnet; that of units the specification recommends, too. From their sources, 2026. */
const priceCap = 1_000_000n
const devnetPriceCap = 100_000n
const unitsCap = 400_000
/** What two hosted facilitators were reported to refuse since August 2026, without saying so: github.com/x402-foundation/x402 issues 3268 and 3351. */
const hostedUnits = 100_000
/**
 * What a plain transfer and a memo took in litesvm 1.5.0, whose token program is the newest and cheapest: 692 units with both compute
 * instructions. Older programs take several thousands, so that a limit below this can not be enough.
 */
const leastUnits = 692
/** What older facilitators and bodies of version 1 are held to, and what newer ones: limit, price, transfer, and three or four guards or memos. */
const mostInstructions = 6
const newerMost = 7

/**
 * Whether the instructions are the static layout, in its order. The specification leaves their number and order open now, and this to sponsors; all known
 * facilitators want it, unless they were set up to look into smart wallets. All of it would succeed on chain: it is policy.
 */
export function layoutFindings(payment: SvmPayment, transaction: SvmTransaction): Finding[] {
  return [
    ...lookupTables(transaction),
    ...durableNonce(transaction),
    ...computeLimit(transaction),
    ...computePrice(payment, transaction),
    ...transferPlace(transaction),
    ...extras(transaction),
    ...feePayerUse(payment, transaction),
  ]
}

function lookupTables({ lookupTables: tables }: SvmTransaction): Finding[] {
  if (tables.length === 0) return []
  const summary = `The transaction takes accounts from ${tables.length === 1 ? 'the lookup table' : `${tables.length} lookup tables, the first`} ${tables[0] ?? ''}, which facilitators do not read.`
  return [svmFinding({ cause: 'svm-lookup-table-unresolved', field: 'transaction.addressTableLookups', summary })]
}

function at(kind: SvmInstruction['meaning']['kind'], { instructions }: SvmTransaction): number[] {
  return instructions.flatMap(({ meaning }, index) => (meaning.kind === kind ? [index] : []))
}

function durableNonce(transaction: SvmTransaction): Finding[] {
  const [place] = at('advance-nonce', transaction)
  if (place === undefined) return []
  return [
    svmFinding({
      cause: 'svm-instruction-layout',
      field: `instructions[${place}]`,
      seen: 'AdvanceNonceAccount',
      expected: 'SetComputeUnitLimit',
      summary: `Instruction ${place} advances a durable nonce, which the layout that facilitators take has no place for; its "blockhash" would never expire.`,
      fix: 'Take a recent blockhash in place of a durable nonce, leave AdvanceNonceAccount out, and sign again.',
    }),
  ]
}

/** Where the compute instructions have to begin: behind a durable nonce, which is a finding of its own. */
function start({ instructions }: SvmTransaction): 0 | 1 {
  return instructions[0]?.meaning.kind === 'advance-nonce' ? 1 : 0
}

function computeLimit(transaction: SvmTransaction): Finding[] {
  const places = at('compute-limit', transaction)
  const begin = start(transaction)
  const first = transaction.instructions[begin]?.meaning
  const wrong = misplaced('SetComputeUnitLimit', places, begin)
  if (wrong !== undefined) {
    return [
      svmFinding({
        cause: 'svm-compute-limit',
        field: `instructions[${begin}]`,
        seen: first === undefined ? 'nothing' : sayInstruction(first),
        expected: 'SetComputeUnitLimit',
        summary: wrong,
      }),
    ]
  }
  if (first?.kind !== 'compute-limit') return []
  if (first.units < leastUnits) {
    return [
      svmFinding({
        cause: 'svm-compute-limit',
        severity: 'warning',
        field: `instructions[${begin}]`,
        seen: String(first.units),
        expected: 'about 20000',
        summary: `The compute limit is ${first.units} units; with the cheapest token program known a transfer and a memo took ${leastUnits}, with older ones several thousands. Running it tells.`,
      }),
    ]
  }
  if (first.units < hostedUnits) return []
  return [
    svmFinding({
      cause: 'svm-compute-limit',
      severity: 'warning',
      field: `instructions[${begin}]`,
      seen: String(first.units),
      expected: first.units > unitsCap ? `at most ${unitsCap}` : 'about 20000',
      summary:
        first.units > unitsCap
          ? `The compute limit is ${first.units} units; the specification recommends a cap of ${unitsCap}, and x402-rs refuses more.`
          : `The compute limit is ${first.units} units; Coinbase's hosted facilitator and PayAI were reported to refuse ${hostedUnits} and more.`,
    }),
  ]
}

function computePrice({ network }: SvmPayment, transaction: SvmTransaction): Finding[] {
  const places = at('compute-price', transaction)
  // Without the limit, which is a finding of its own, the price moves up.
  const begin = start(transaction)
  const place = begin + (at('compute-limit', transaction).length === 0 && places[0] === begin ? 0 : 1)
  const second = transaction.instructions[place]?.meaning
  const wrong = misplaced('SetComputeUnitPrice', places, place)
  if (wrong !== undefined) {
    return [
      svmFinding({
        cause: 'svm-compute-price',
        field: `instructions[${place}]`,
        seen: second === undefined ? 'nothing' : sayInstruction(second),
        expected: 'SetComputeUnitPrice',
        summary: wrong,
      }),
    ]
  }
  if (second?.kind !== 'compute-price') return []
  const price = second.microLamports
  const [cap, whose] = network?.testnet === true ? [devnetPriceCap, 'one fork of x402-rs'] : [priceCap, 'x402-rs']
  if (price <= cap) return []
  const above = price > mostPrice
  return [
    svmFinding({
      cause: 'svm-compute-price',
      severity: above ? 'error' : 'warning',
      field: `instructions[${place}]`,
      seen: String(price),
      expected: `at most ${above ? mostPrice : cap}`,
      summary: above
        ? `The compute price is ${price} microlamports a unit, above the cap of ${mostPrice} (5 lamports) that nearly all facilitators have.`
        : `The compute price is ${price} microlamports a unit; the specification's static path takes up to ${mostPrice}, and ${whose} refuses more than ${cap}.`,
      fix: 'Set the compute price to 1 microlamport, or to what a busy network asks for below the cap, and sign again.',
    }),
  ]
}

/** What is wrong with where an instruction stands, undefined when it stands once and in its place. */
function misplaced(name: string, places: readonly number[], place: number): string | undefined {
  const [only] = places
  if (only === undefined) return `The transaction has no ${name}, which has to be instruction ${place}.`
  if (places.length > 1) return `The transaction has ${places.length} ${name} instructions, where one is allowed.`
  return only === place ? undefined : `${name} is instruction ${only}, where it has to be instruction ${place}.`
}

function transferPlace(transaction: SvmTransaction): Finding[] {
  const places = at('transfer-checked', transaction)
  const [only] = places
  const listed = transaction.instructions.map(({ meaning }) => sayInstruction(meaning)).join(', ')
  const layout = (summary: string): Finding[] => [
    svmFinding({
      cause: 'svm-instruction-layout',
      field: 'instructions',
      seen: listed === '' ? 'none' : listed,
      expected: 'SetComputeUnitLimit, SetComputeUnitPrice, TransferChecked, then only guards and memos',
      summary,
    }),
  ]
  if (only === undefined) {
    return layout(
      at('plain-transfer', transaction).length > 0
        ? 'The tokens are moved by a plain Transfer, where it has to be TransferChecked.'
        : 'There is no TransferChecked of SPL Token or Token-2022 among the instructions.',
    )
  }
  if (places.length > 1) return layout(`There are ${places.length} TransferChecked instructions, where one is allowed.`)
  const before = transaction.instructions.slice(0, only).map(({ meaning }) => meaning.kind)
  // Guards and new accounts before the transfer have causes of their own, and so have compute instructions.
  const odd = before.findIndex((kind) => kind === 'memo' || kind === 'other' || kind === 'plain-transfer')
  return odd === -1 ? [] : layout(`TransferChecked is instruction ${only}, behind another one; it has to be instruction 2.`)
}

function extras(transaction: SvmTransaction): Finding[] {
  const findings: Finding[] = []
  const creates = at('create-token-account', transaction)
  const [create] = creates
  if (create !== undefined) {
    findings.push(
      svmFinding({
        cause: 'svm-creates-token-account',
        field: `instructions[${create}]`,
        summary: `Instruction ${create} creates a token account, which the layout that facilitators take has no place for.`,
      }),
    )
  }
  const guards = at('lighthouse', transaction)
  const transfers = at('transfer-checked', transaction)
  const count = transaction.instructions.length
  const guardsBefore = guards.filter((place) => transfers[0] !== undefined && place < transfers[0]).length
  if (guards.length > 0 && (guardsBefore > 0 || count > mostInstructions)) {
    findings.push(
      svmFinding({
        cause: 'svm-wallet-injected-instructions',
        field: 'instructions',
        summary: `The wallet added ${guards.length} Lighthouse guards, ${guardsBefore} of them before the transfer, so that there are ${count} instructions.`,
      }),
    )
  } else if (guards.length > 0) {
    findings.push(
      svmFinding({
        cause: 'svm-wallet-injected-instructions',
        severity: 'warning',
        field: 'instructions',
        summary: `The wallet added ${guards.length === 1 ? 'a Lighthouse guard' : `${guards.length} Lighthouse guards`} behind the transfer: newer facilitators allow it, and those that want exactly three instructions do not.`,
      }),
    )
  }
  if (guards.length === 0 && count > mostInstructions) {
    findings.push(
      svmFinding({
        cause: 'svm-instruction-layout',
        severity: count > newerMost ? 'error' : 'warning',
        field: 'instructions',
        seen: String(count),
        expected: `3 to ${mostInstructions}`,
        summary: `There are ${count} instructions: the specification sets no number, newer facilitators take up to ${newerMost} and x402-rs 10, older ones and bodies of version 1 up to ${mostInstructions}.`,
      }),
    )
  }
  const [transfer] = transfers
  const strange = transaction.instructions.findIndex(
    ({ meaning }, index) => transfer !== undefined && index > transfer && (meaning.kind === 'other' || meaning.kind === 'plain-transfer'),
  )
  const program = transaction.instructions[strange]?.program ?? 'of a lookup table'
  if (strange !== -1) {
    findings.push(
      svmFinding({
        cause: 'svm-instruction-layout',
        field: `instructions[${strange}]`,
        seen: program,
        expected: 'Lighthouse or Memo',
        summary: `Instruction ${strange} is of the program ${program}, where only Lighthouse and Memo may stand.`,
      }),
    )
  }
  return findings
}

/** The facilitator's fee payer among the accounts of instructions, or as the one who pays the transfer. */
function feePayerUse({ requirements }: SvmPayment, transaction: SvmTransaction): Finding[] {
  const feePayer = requirements?.feePayer ?? transaction.feePayer
  const findings: Finding[] = []
  const transfer = transferOf(transaction)
  const own =
    transfer?.mint === undefined || transfer.mint === null
      ? undefined
      : associatedTokenAccount(feePayer, transfer.tokenProgram, transfer.mint)
  const pays = transfer !== undefined && (transfer.authority === feePayer || transfer.source === own)
  if (pays) {
    findings.push(
      svmFinding({
        cause: 'svm-fee-payer-transfers',
        field: 'transfer.authority',
        seen: transfer.authority ?? 'of a lookup table',
        expected: "the payer's own key",
        summary: `The tokens would come from the facilitator's fee payer ${feePayer}, and not from a payer.`,
      }),
    )
  }
  const place = transaction.instructions.findIndex(
    ({ accounts, meaning }) => accounts.includes(feePayer) && !(pays && meaning.kind === 'transfer-checked'),
  )
  if (place !== -1) {
    findings.push(
      svmFinding({
        cause: 'svm-fee-payer-in-instructions',
        field: `instructions[${place}].accounts`,
        seen: feePayer,
        summary: `Instruction ${place} has the facilitator's fee payer ${feePayer} among its accounts.`,
      }),
    )
  }
  return findings
}
