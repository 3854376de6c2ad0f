import { toHex } from '../bytes/bytes.ts'
import { knownMint } from '../solana/transaction/known-mint.ts'
import type { SvmPayment } from '../solana/transaction/payment.ts'
import { signedBytesOf } from '../solana/transaction/signed-bytes.ts'
import { transferOf } from '../solana/transaction/transfer.ts'
import { formatUnits } from '../text/amount.ts'
import type { PaymentDifference } from './comparison.ts'
import { type Differences, difference } from './difference.ts'

/** Where two payments on Solana differ. What one of them does not tell is no difference. */
export function svmDifferences(one: SvmPayment, two: SvmPayment): Differences {
  const differences: PaymentDifference[] = []
  const differ = (field: string, a: unknown, b: unknown, words: readonly [string, string] | null = null): void => {
    if (a !== undefined && b !== undefined && a !== null && b !== null && a !== b) differences.push(difference(field, a, b, words))
  }
  const [a, b] = [one.transaction, two.transaction]
  if (a !== null && b !== null) {
    const [left, right] = [transferOf(a), transferOf(b)]
    if (left !== undefined && right !== undefined) {
      const mint = knownMint(left.mint)
      const say = (amount: bigint): string =>
        mint === undefined ? `${amount} atomic units` : `${formatUnits(amount, mint.decimals)} ${mint.symbol}`
      differ('transfer.amount', left.amount, right.amount, [say(left.amount), say(right.amount)])
      for (const name of ['mint', 'source', 'destination', 'authority', 'decimals', 'tokenProgram'] as const)
        differ(`transfer.${name}`, left[name], right[name])
    }
    differ('transaction.feePayer', a.feePayer, b.feePayer)
    differ('transaction.blockhash', a.blockhash, b.blockhash)
    differ('transaction.version', a.version, b.version)
    const [memo, otherMemo] = [memosOf(one), memosOf(two)]
    differ('transaction.memo', memo, otherMemo)
    differ('transaction.instructions', a.instructions.length, b.instructions.length)
    const messages = [messageOf(one), messageOf(two)]
    if (differences.length === 0 && messages[0] !== undefined && messages[1] !== undefined && messages[0] !== messages[1])
      differences.push(difference('transaction.message', 'its bytes', 'other bytes'))
    for (const { key, state } of a.signers) {
      const other = b.signers.find((each) => each.key === key)
      if (other !== undefined && other.state !== state) differences.push(difference(`signatures.${key}`, state, other.state))
    }
  } else if ((a === null) !== (b === null))
    differences.push(difference('transaction', a === null ? 'can not be decoded' : 'whole', b === null ? 'can not be decoded' : 'whole'))
  differ('network', one.network?.id, two.network?.id)
  for (const name of ['amount', 'payTo', 'asset', 'feePayer', 'memo'] as const)
    differ(`requirements.${name}`, one.requirements?.[name], two.requirements?.[name])
  return { differences, notes: [] }
}

function memosOf({ transaction }: SvmPayment): string | undefined {
  const all =
    transaction?.instructions.flatMap(({ meaning }) => (meaning.kind === 'memo' ? [new TextDecoder().decode(meaning.bytes)] : [])) ?? []
  return all.length === 0 ? 'none' : all.join(', ')
}

function messageOf(payment: SvmPayment): string | undefined {
  const signed = signedBytesOf(payment)
  return signed === undefined ? undefined : toHex(signed.message)
}
