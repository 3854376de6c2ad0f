import type { AnswerView } from '../../answer/heed.ts'
import { type CauseId, catalogue } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import type { Money } from '../../money/instrument.ts'
import type { SvmState } from '../state/state.ts'
import { knownMint } from '../transaction/known-mint.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { transferOf } from '../transaction/transfer.ts'
import { retryOf } from './retry.ts'

/** What of an answer the transaction's own bytes and the cluster exclude, and what would tell. */
export function answerView(payment: SvmPayment, state: SvmState | undefined, money: Money): AnswerView {
  return {
    refuted: (cause) => refuted(cause, payment, state),
    another: ({ payer, revert }) => another(payer, revert.rail, payment),
    rulesOut: ({ rulesOut }) => rulesOut,
    retry: ({ cause }: Finding) => retryOf(payment, money, { verdict: 'fails', cause }),
    fix: ({ fix }) => fix,
    check: (cause) => (state === undefined ? callFor(cause, payment) : undefined),
    // The transaction of a payment is found by its payer's signature, whatever anybody calls it.
    sent: undefined,
    unsettled: state?.settlement.known === true && state.settlement.value === null ? `nothing of it has landed by ${at(state)}` : undefined,
  }
}

/** Whether an answer names a payer of another kind of chain, or one who has signed nothing here. */
function another(payer: string | undefined, rail: string | undefined, { keys, transaction }: SvmPayment): string | undefined {
  if (rail !== undefined) return 'it is about another kind of chain'
  if (payer === undefined) return undefined
  const own = [...keys, ...(transaction?.signers.map(({ key }) => key) ?? [])]
  return own.includes(payer) ? undefined : `its payer is ${payer}, who is nowhere in this one`
}

function at({ slot, source }: SvmState): string {
  return `${slot.known ? `slot ${slot.value} of ` : ''}${source}`
}

function refuted(cause: CauseId, payment: SvmPayment, state: SvmState | undefined): string | undefined {
  const { family, stops, proof } = catalogue[cause]
  if (family === 'evm') return 'it is a payment on Solana'
  const { transaction, requirements } = payment
  const isByBytes = proof.needs[0] === 'payload'
  switch (stops.at) {
    case 'wire':
      return cause === 'svm-transaction-malformed' && transaction !== null ? 'the transaction can be decoded' : undefined
    case 'layout':
      if (cause === 'svm-signature-invalid') return transaction === null ? undefined : "the payer's signature fits the message"
      // Which fee payers, limits and prices are taken, each facilitator knows for itself.
      return undefined
    case 'offer':
      // Of a mint that is known its program and its kind are, too.
      if (cause === 'svm-token-program-mismatch' || cause === 'svm-mint-invalid')
        return transaction !== null && knownMint(transferOf(transaction)?.mint) !== undefined
          ? 'the mint is known, and of that program'
          : undefined
      return isByBytes && requirements !== undefined && transaction !== null
        ? 'the transaction answers the offer that stands with it'
        : undefined
    case 'accounts':
      return state === undefined ? undefined : `the accounts are as they should be by ${at(state)}`
    case 'late':
      if (cause === 'svm-signature-missing') return transaction === null ? undefined : 'the payer has signed'
      if (cause === 'svm-blockhash-expired')
        return state?.blockhash.known === true && state.blockhash.value === 'alive' ? `its blockhash is alive by ${at(state)}` : undefined
      return undefined
    default:
      return undefined
  }
}

/** The question to a cluster that tells whether it is so. */
function callFor(cause: CauseId, { network, transaction }: SvmPayment): string | undefined {
  const rpc = network?.rpcUrls[0] ?? `an RPC of ${network?.id ?? 'its cluster'}`
  const source = transaction?.instructions.flatMap(({ meaning }) => (meaning.kind === 'transfer-checked' ? [meaning.source] : []))[0]
  if (cause === 'svm-insufficient-funds' && typeof source === 'string') return `getTokenAccountBalance of ${source}, asked of ${rpc}`
  const feePayer = transaction?.feePayer
  if (cause === 'svm-fee-payer-funds' && feePayer !== undefined) return `getBalance of ${feePayer}, asked of ${rpc}`
  if ((cause === 'svm-already-processed' || cause === 'settlement-unconfirmed') && typeof source === 'string')
    return `getSignaturesForAddress of ${source}, asked of ${rpc}; --rpc-url looks them all up`
  return undefined
}
