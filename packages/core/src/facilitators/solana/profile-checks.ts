import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import type { SvmCheck } from '../../causes/svm-check.ts'
import type { SvmInstruction, SvmPayment, SvmRequirements, SvmTransaction, SvmTransfer } from '../../solana/transaction/payment.ts'
import { programs } from '../../solana/transaction/programs.ts'
import { associatedTokenAccount } from '../../solana/transaction/token-account.ts'
import { longestTransaction } from '../../solana/transaction/transaction.ts'
import { type CheckResult, failed, failedIf, passed, unknown } from '../profile/answer.ts'
import type { SvmRules } from './profiles.ts'

/** What a check of a facilitator sees. */
export interface CheckView {
  readonly payment: SvmPayment
  readonly findings: readonly Finding[]
  /** What running the transaction came to, signatures aside; `unknown` where nobody ran it. */
  readonly runs: 'succeeds' | 'fails' | 'unknown'
  readonly rules: SvmRules
}

/** Runs one check of a facilitator over a payment. Without an offer, what compares with it is unknown; so is what needs bytes that nobody can read. */
export function checkAs(check: SvmCheck, view: CheckView): CheckResult {
  const { payment, findings, rules } = view
  const { transaction, requirements } = payment
  switch (check) {
    case 'network': {
      const differ =
        findings.some(({ cause }) => cause === 'network-mismatch') || (payment.x402Version === 2 && payment.differences.includes('network'))
      if (differ) return failed()
      // Each looks names up that it was set up with, and nobody is set up with this one, as far as anybody knows.
      return payment.network === undefined || findings.some(({ cause }) => cause === 'network-unsupported') ? unknown : passed
    }
    case 'accepted-equal':
      return failedIf(payment.differences.length > 0)
    case 'fee-payer-offered':
      return requirements === undefined ? unknown : failedIf(requirements.feePayer === undefined)
    case 'decode':
      return failedIf(payment.bytes === null || payment.slips.some((slip) => rules.refusedSlips.includes(slip)))
    case 'decode-message':
      return failedIf(payment.bytes !== null && transaction === null && !tooLong(payment))
    default:
      // What is too long for a packet is read all the same, and refused by the node.
      if (check === 'simulation' && tooLong(payment)) return failed()
      return transaction === null ? unknown : checkTransaction(check, view, transaction, requirements)
  }
}

const tooLong = ({ bytes }: SvmPayment): boolean => (bytes?.length ?? 0) > longestTransaction

function checkTransaction(
  check: Exclude<SvmCheck, 'network' | 'accepted-equal' | 'fee-payer-offered' | 'decode' | 'decode-message'>,
  { findings, rules, runs }: CheckView,
  transaction: SvmTransaction,
  requirements: SvmRequirements | undefined,
): CheckResult {
  const { instructions, signers } = transaction
  const feePayer = requirements?.feePayer
  switch (check) {
    case 'message-version':
      return failedIf(transaction.version !== 0)
    case 'fee-payer-first':
      return feePayer === undefined ? unknown : failedIf(transaction.feePayer !== feePayer)
    case 'fee-payer-signs':
      return feePayer === undefined ? unknown : failedIf(!signers.some(({ key }) => key === feePayer))
    case 'signatures':
      return failedIf(!signedFor(transaction, rules))
    case 'lookup-tables':
      return failedIf(transaction.lookupTables.length > 0)
    case 'instruction-count':
      return instructionCount(instructions.length, rules)
    case 'compute-limit':
      return placed('compute-limit', 0, instructions, rules)
    case 'compute-limit-cap': {
      const units = instructions.flatMap(({ meaning }) => (meaning.kind === 'compute-limit' ? [meaning.units] : []))
      return failedIf(rules.mostUnits !== null && units.some((each) => each > (rules.mostUnits ?? 0)))
    }
    case 'compute-price':
      return placed('compute-price', 1, instructions, rules)
    case 'compute-price-cap': {
      const prices = instructions.flatMap(({ meaning }) => (meaning.kind === 'compute-price' ? [meaning.microLamports] : []))
      return failedIf(rules.mostPrice !== null && prices.some((each) => each > (rules.mostPrice ?? 0n)))
    }
    case 'token-account-creation':
      return creation(instructions, rules)
    case 'fee-payer-isolated':
      return feePayer === undefined ? unknown : failedIf(instructions.some(({ accounts }) => accounts.includes(feePayer)))
    case 'extra-instructions':
      return extras(instructions, rules)
    case 'memo':
      return memo(rules.places === 'fixed' ? instructions.slice(3) : instructions, requirements?.memo)
    case 'source-exists':
      return failedIf(absent(findings, 'svm-source-account-missing'))
    case 'destination-exists':
      return failedIf(absent(findings, 'svm-destination-account-missing'))
    case 'simulation':
      return simulation(findings, rules, runs, transaction)
    case 'some-transfer': {
      if (requirements === undefined) return unknown
      const right = transfersIn(instructions).some((transfer) => wrongIn(transfer, requirements, rules) === undefined)
      return failedIf(!right || has(findings, 'svm-source-account-missing'))
    }
    case 'one-transfer': {
      if (requirements === undefined) return unknown
      const right = transfersIn(instructions).filter((transfer) => wrongIn(transfer, requirements, rules) === undefined)
      return failedIf(right.length !== 1 || has(findings, 'svm-source-account-missing'))
    }
    case 'signer-count':
      return failedIf(signers.length > 2)
    case 'transfer':
      return transferAt(instructions, rules) === undefined ? failed(notTransfer(instructions[transferPlace(instructions, rules)])) : passed
    case 'fee-payer-authority':
    case 'mint':
    case 'recipient':
    case 'amount': {
      const transfer = transferAt(instructions, rules)
      if (transfer === undefined || requirements === undefined) return unknown
      return failedIf(wrongs(transfer, requirements, rules).includes(check))
    }
  }
}

const has = (findings: readonly Finding[], wanted: CauseId): boolean =>
  findings.some(({ cause, severity }) => cause === wanted && severity === 'error')

/** An account of another kind at that address is there, and passes for the one that is wanted. */
const absent = (findings: readonly Finding[], wanted: CauseId): boolean =>
  findings.some(({ cause, severity, variant }) => cause === wanted && severity === 'error' && variant === 'absent')

function instructionCount(count: number, { instructions }: SvmRules): CheckResult {
  if (instructions === null) return passed
  if (count < instructions.least) return failed('Too few instructions')
  return failedIf(count > instructions.most, `Instruction count exceeds maximum: ${instructions.most}`)
}

function placed(
  kind: 'compute-limit' | 'compute-price',
  place: number,
  instructions: readonly SvmInstruction[],
  { places }: SvmRules,
): CheckResult {
  if (places === 'fixed') return failedIf(instructions[place]?.meaning.kind !== kind)
  const count = instructions.filter(({ meaning }) => meaning.kind === kind).length
  return count === 0 ? failed('missing') : failedIf(count > 1, 'duplicate')
}

/** Where creation is allowed there are four instructions with it, and it is the third; where it is not, the third is not it. */
function creation(instructions: readonly SvmInstruction[], rules: SvmRules): CheckResult {
  const third = instructions[2]?.meaning.kind === 'create-token-account'
  return rules.creation ? failedIf(instructions.length > 3 && !third) : failedIf(third)
}

/** Where the transfer has to be among fixed places. */
function transferPlace(instructions: readonly SvmInstruction[], { creation: allowed }: SvmRules): number {
  return allowed && instructions.length > 3 ? 3 : 2
}

function transferAt(instructions: readonly SvmInstruction[], rules: SvmRules): SvmTransfer | undefined {
  const found = instructions[transferPlace(instructions, rules)]?.meaning
  return found?.kind === 'transfer-checked' ? found : undefined
}

function notTransfer(instruction: SvmInstruction | undefined): string {
  if (instruction?.program === programs.token) return 'instruction_not_spl_token_transfer_checked'
  if (instruction?.program === programs.token2022) return 'instruction_not_token_2022_transfer_checked'
  return 'not_a_transfer_instruction'
}

function transfersIn(instructions: readonly SvmInstruction[]): SvmTransfer[] {
  return instructions.flatMap(({ meaning }) => (meaning.kind === 'transfer-checked' ? [meaning] : []))
}

type TransferCheck = 'fee-payer-authority' | 'mint' | 'recipient' | 'amount'

/** Everything that is wrong with a transfer, compared with the offer's own asset, as facilitators do. */
function wrongs(transfer: SvmTransfer, { feePayer, asset, payTo, amount }: SvmRequirements, rules: SvmRules): TransferCheck[] {
  const ata = payTo === undefined || asset === undefined ? undefined : associatedTokenAccount(payTo, transfer.tokenProgram, asset)
  const short = amount !== undefined && (rules.amount === 'exact' ? transfer.amount !== amount : transfer.amount < amount)
  return [
    ...(feePayer !== undefined && transfer.authority === feePayer ? (['fee-payer-authority'] as const) : []),
    ...(asset !== undefined && transfer.mint !== asset ? (['mint'] as const) : []),
    ...(ata !== undefined && transfer.destination !== ata ? (['recipient'] as const) : []),
    ...(short ? (['amount'] as const) : []),
  ]
}

function wrongIn(transfer: SvmTransfer, requirements: SvmRequirements, rules: SvmRules): TransferCheck | undefined {
  return wrongs(transfer, requirements, rules)[0]
}

const ordinals = ['fourth', 'fifth', 'sixth', 'seventh'] as const

function extras(instructions: readonly SvmInstruction[], { places }: SvmRules): CheckResult {
  if (places === 'anywhere') return passed
  const index = instructions.slice(3).findIndex(({ program }) => program !== programs.lighthouse && program !== programs.memo)
  return index === -1 ? passed : failed(ordinals[index] ?? 'optional')
}

function memo(optional: readonly SvmInstruction[], asked: string | undefined): CheckResult {
  if (asked === undefined || asked === '') return passed
  const texts = optional.flatMap(({ program, data }) => (program === programs.memo ? [new TextDecoder().decode(data)] : []))
  if (texts.length !== 1) return failed('count')
  return failedIf(texts[0] !== asked, 'mismatch')
}

/** Whether everybody but the fee payer has signed what this implementation takes for the message. */
function signedFor({ signers, trailingBytes }: SvmTransaction, { signsTrailingBytes }: SvmRules): boolean {
  return signers.slice(1).every(({ state }) => state === 'valid') && !(signsTrailingBytes && trailingBytes > 0)
}

/** Whether a cause makes a run fail for anybody, whatever the policy. */
const failsForAll = ({ cause, severity }: Finding): boolean => {
  const entry = catalogue[cause]
  return severity === 'error' && entry.family === 'solana' && (entry.cluster.run === 'fails' || entry.cluster.run === 'landed')
}

function simulation(findings: readonly Finding[], rules: SvmRules, runs: CheckView['runs'], transaction: SvmTransaction): CheckResult {
  // The facilitator writes its own signature into the first slot before the node looks at it.
  if (rules.simulatesSigned && !signedFor(transaction, rules)) return failed()
  if (runs !== 'unknown') return failedIf(runs === 'fails')
  const refused =
    findings.some(failsForAll) ||
    (['compute-limit', 'compute-price'] as const).some(
      (kind) => transaction.instructions.filter(({ meaning }) => meaning.kind === kind).length > 1,
    )
  return refused ? failed() : unknown
}
