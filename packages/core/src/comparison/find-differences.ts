import type { Diagnosis } from '../diagnosis/diagnosis.ts'
import { comparePayments } from '../evm/checks/compare-payments.ts'
import type { Payment as EvmPayment } from '../evm/payment/payment.ts'
import type { SignatureEvidence } from '../evm/signature/forensics.ts'
import { builtInNetworks, type Networks } from '../networks/networks.ts'
import type { SvmPayment } from '../solana/transaction/payment.ts'
import type { ComparedSide, Comparison, ComparisonRelation, PaymentDifference } from './comparison.ts'
import { evmDifferences, isDomainTold } from './evm-differences.ts'
import { type Signed, sign } from './signed.ts'
import { svmDifferences } from './svm-differences.ts'

type Either = EvmPayment | SvmPayment

/** A payment, with what is known of it besides. */
export interface PaymentToCompare {
  readonly payment: Either
  /** What was made of it alone: then it is said which difference explains that one fails and the other does not. */
  readonly diagnosis?: Pick<Diagnosis, 'verdict' | 'cause' | 'findings' | 'answer'>
  /** What is known of its signature already; searched for quickly where absent. */
  readonly signature?: SignatureEvidence
}

/**
 * In which fields two payments differ: what each signed (by what its signature is good for), what each says, the bytes of the signatures, and the offers that
 * they answer. How they are written makes no difference, nor does what only one of them tells.
 *
 * Pure and synchronous; takes some ten milliseconds where a signature has to be searched for.
 */
export function findDifferences(first: PaymentToCompare, second: PaymentToCompare, networks: Networks = builtInNetworks): Comparison {
  const [one, two] = [first.payment, second.payment]
  if (one.family === 'evm' && two.family === 'evm') {
    const [a, b] = [sign(one, first.signature, networks), sign(two, second.signature, networks)]
    const { differences, notes } = evmDifferences(a, b)
    const pairs = comparePayments([one, two]).map(({ finding }) => finding.summary)
    const sameNonce = one.authorization.nonce.toLowerCase() === two.authorization.nonce.toLowerCase()
    return put(
      [sideOf(first, a), sideOf(second, b)],
      differences,
      sameNonce ? 'same-nonce' : 'two-payments',
      [...notes, ...pairs],
      [first, second],
      isDomainTold(a, b) ? 'same' : 'same-message',
    )
  }
  if (one.family === 'solana' && two.family === 'solana') {
    const { differences, notes } = svmDifferences(one, two)
    return put([sideOf(first), sideOf(second)], differences, 'two-payments', notes, [first, second])
  }
  const families = { field: 'family', first: one.family, second: two.family, words: null, says: null }
  return put([sideOf(first), sideOf(second)], [families], 'unlike', [], [first, second])
}

function sideOf({ payment, diagnosis }: PaymentToCompare, signed?: Signed): ComparedSide {
  const said = diagnosis?.answer?.says ?? payment.beside?.answer?.says
  return {
    recognised: payment.recognised,
    family: payment.family,
    digest: signed?.digest ?? null,
    signer: signed?.signer ?? null,
    isSigned:
      payment.family === 'evm'
        ? payment.signature !== '0x'
        : payment.transaction?.signers.some(({ state }) => state !== 'missing') === true,
    verdict: diagnosis?.verdict ?? null,
    cause: diagnosis?.cause ?? null,
    answer: said === undefined || said === '' ? null : said,
  }
}

function put(
  sides: readonly [ComparedSide, ComparedSide],
  differences: readonly PaymentDifference[],
  otherwise: ComparisonRelation,
  notes: readonly string[],
  given: readonly [PaymentToCompare, PaymentToCompare],
  alike: 'same' | 'same-message' = 'same',
): Comparison {
  const relation = differences.length === 0 ? alike : otherwise
  const explains = explanation(differences, given)
  return {
    schema: 'eip3009/comparison@1',
    relation,
    headline: relation === 'same-message' ? onlyMessages : headlineOf(sides, differences),
    sides,
    differences,
    explains,
    notes: [
      ...notes,
      ...(relation === 'same-nonce' && notes.length === 0 ? ['They have one nonce: whichever settles first, the other never does.'] : []),
    ],
  }
}

const onlyMessages =
  'Their messages are the same. Whether they are one payment can not be told: not of both it is known under which domain, of which token and chain, they are signed.'

function headlineOf([one, two]: readonly [ComparedSide, ComparedSide], differences: readonly PaymentDifference[]): string {
  const [first, ...others] = differences
  if (first === undefined)
    return one.recognised === two.recognised
      ? 'They are the same payment.'
      : `They are the same payment, written in two forms: ${one.recognised}, and ${two.recognised}.`
  if (first.field === 'family') return `They are payments of two kinds: one on ${kinds[one.family]}, the other on ${kinds[two.family]}.`
  const [left, right] = first.words ?? [first.first, first.second]
  if (others.length === 0) return `They differ in one field: ${first.field} is ${left} in the first, and ${right} in the second.`
  return `They differ in ${differences.length} fields: ${differences.map(({ field }) => field).join(', ')}.`
}

const kinds = { evm: 'an EVM chain', solana: 'Solana' } as const

/** The first difference in the field that a finding of the one that fails is about. */
function explanation(differences: readonly PaymentDifference[], given: readonly [PaymentToCompare, PaymentToCompare]): string | null {
  const fails = given.filter(({ diagnosis }) => diagnosis?.verdict === 'fails')
  const settles = given.filter(({ diagnosis }) => diagnosis?.verdict === 'settles')
  const [failing] = fails
  if (failing?.diagnosis === undefined || settles.length !== 1) return null
  const { findings, cause } = failing.diagnosis
  const fields = [...findings.filter((each) => each.cause === cause), ...findings].flatMap(({ field, severity }) =>
    field === undefined || severity !== 'error' ? [] : [field],
  )
  for (const field of fields) {
    const same =
      differences.find((each) => each.field === field) ??
      differences.find((each) => each.field.startsWith('signature') && field.startsWith('signature'))
    if (same !== undefined) return same.field
  }
  return differences.length === 1 ? (differences[0]?.field ?? null) : null
}
