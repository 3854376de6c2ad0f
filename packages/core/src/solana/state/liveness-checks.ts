import { catalogue } from '../../causes/catalogue.ts'
import type { Finding, Party } from '../../causes/finding.ts'
import { type CheckResult, skip } from '../../evidence/check.ts'
import { customProgramError } from '../../revert/solana-errors.ts'
import { utc } from '../../text/utc.ts'
import { svmFinding } from '../offer/finding.ts'
import type { SvmSettlement, SvmState } from './state.ts'
import { decisiveCheck, fail, pass, type StateCheck, type StateCheckContext, undecodable, where } from './state-check.ts'
import { sayError } from './transaction-error.ts'
import { nonceAccountOf, payeeAccount } from './wanted-accounts.ts'

/** Whether the transaction landed, and whether it still can. */
export const livenessChecks: readonly StateCheck[] = [decisiveCheck('settlement', settlement), decisiveCheck('blockhash', blockhash)]

function settlement({ payment, network, state, transfer }: StateCheckContext): CheckResult {
  if (payment.transaction === null) return undecodable
  const { settlement: fact } = state
  if (wasProcessed(state)) return fail(processed(state))
  if (!fact.known) return skip('fact-unread', fact.reason)
  if (fact.value === null) return pass
  const landed = fact.value
  const said = sayLanded(landed)
  if (landed.error !== null) {
    const error = sayError(landed.error, landed.logs)
    return fail(
      svmFinding({
        cause: 'svm-landed-with-error',
        party: partyOf(landed),
        source: 'chain',
        field: 'transaction',
        seen: error,
        expected: 'no error',
        summary: `The transaction landed ${said} and failed with ${error}: its fee was taken, and nothing moved.`,
        notes: [{ source: 'chain', says: `getTransaction ${landed.transaction}, by ${state.source}.` }],
      }),
    )
  }
  const other = otherThanAsked(landed, { payment, network, ...(transfer === undefined ? {} : { transfer }) })
  const findings: Finding[] = [
    svmFinding({
      cause: 'svm-already-processed',
      party: 'nobody',
      source: 'chain',
      field: 'transaction',
      seen: landed.transaction,
      summary: `The payment was made ${said}: it is the transaction ${landed.transaction}, and sending it again fails.`,
      notes: [{ source: 'chain', says: `It carries the payer's signature and no error, by ${state.source}.` }],
      fix:
        other === undefined
          ? `Take ${landed.transaction} as the settlement. For another purchase, build a new transaction with a memo of its own.`
          : `${landed.transaction} is no settlement of this offer: ${other}. Deliver nothing for it before payer and payee agree on what becomes of it.`,
    }),
  ]
  const payTo = payment.requirements?.payTo
  if (
    landed.receiver !== null &&
    payTo !== undefined &&
    landed.receiver !== payTo &&
    payeeAccount(payment, network) === transfer?.destination
  ) {
    findings.push(
      svmFinding({
        cause: 'svm-destination-owner-changed',
        source: 'chain',
        field: 'transfer.destination',
        seen: landed.receiver,
        expected: payTo,
        summary: `The account that was paid belonged to ${landed.receiver} then, and not to the payee ${payTo}.`,
      }),
    )
  }
  return fail(...findings)
}

/** Why what landed is not what the offer asks for, as a clause; undefined where it is, as far as the offer says. */
function otherThanAsked(
  { receiver }: SvmSettlement,
  { payment, network, transfer }: Pick<StateCheckContext, 'payment' | 'network' | 'transfer'>,
): string | undefined {
  const { requirements } = payment
  if (requirements === undefined) return 'what was asked is not known here'
  if (transfer === undefined) return 'it has not just one transfer'
  const { asset, amount, payTo } = requirements
  if (asset !== undefined && transfer.mint !== asset) return `it moved ${transfer.mint ?? 'a token of a lookup table'}, and not ${asset}`
  if (payTo !== undefined && payeeAccount(payment, network) !== transfer.destination)
    return `it did not go to the token account of ${payTo}`
  if (payTo !== undefined && receiver !== null && receiver !== payTo) return `the account that was paid belonged to ${receiver}`
  return amount !== undefined && transfer.amount < amount ? `it moved ${transfer.amount} atomic units, and not ${amount}` : undefined
}

/** Whether the node has run this very message, and its search has not shown it: the index of transactions lags behind the blocks. */
export function wasProcessed({ settlement, simulated: { asIs } }: SvmState): boolean {
  return (!settlement.known || settlement.value === null) && asIs.known && asIs.value.error === 'AlreadyProcessed'
}

function processed(state: SvmState): Finding {
  return svmFinding({
    cause: 'svm-already-processed',
    party: 'nobody',
    source: 'chain',
    field: 'transaction',
    summary: 'The cluster has processed this very transaction already; whether it succeeded could not be read.',
    notes: [{ source: 'chain', says: `simulateTransaction says AlreadyProcessed ${where(state)}.` }],
    fix: 'Ask again in a minute, when the transaction can be found, and send nothing before that.',
  })
}

/** Whose fault an error is, where it is one of somebody; a missing account can be the payer's or the payee's. */
function partyOf({ error, logs }: SvmSettlement): Party {
  const text = JSON.stringify(error)
  if (/InsufficientFundsFor(?:Fee|Rent)/.test(text)) return 'facilitator'
  const custom = /"Custom":(\d{1,10})\b/.exec(text)?.[1]
  const causes = custom === undefined ? [] : customProgramError(Number(custom), undefined, logs.join('\n')).causes
  const [party, ...others] = new Set(causes.map((cause) => catalogue[cause].parties[0]))
  return party === undefined || others.length > 0 ? 'nobody' : party
}

/** "in slot 350000000 (2026-11-20 10:00:00 UTC)". */
export function sayLanded({ slot, time }: SvmSettlement): string {
  return `in slot ${slot}${time.known ? ` (${utc(time.value)})` : ''}`
}

function blockhash({ payment, state, at }: StateCheckContext): CheckResult {
  const { transaction } = payment
  if (transaction === null) return undecodable
  if (state.settlement.known && state.settlement.value !== null)
    return skip('moot', 'the transaction landed, so that its blockhash does not matter any more')
  const { blockhash: fact } = state
  if (!fact.known) return skip('fact-unread', fact.reason)
  if (fact.value === 'alive') return pass
  const nonce = nonceAccountOf(payment)
  const early = wasDeadThen(state, at)
  return fail(
    svmFinding({
      cause: 'svm-blockhash-expired',
      party: early || nonce !== undefined ? 'client' : 'nobody',
      source: 'chain',
      field: 'transaction.blockhash',
      seen: transaction.blockhash,
      expected: nonce === undefined ? 'one of the last 150 blocks of this cluster' : `what the nonce account ${nonce} keeps`,
      summary:
        nonce === undefined
          ? early
            ? 'The blockhash is dead: it is older than 150 blocks (60 to 90 seconds), or it was never one of this cluster.'
            : 'The blockhash is dead, as every one is 60 to 90 seconds after it was made, so this transaction can not be sent any more. Whether it was dead when it was submitted, this does not show.'
          : `The nonce account ${nonce} keeps another value than the transaction has: the nonce was used, or the account is none.`,
      notes: [
        { source: 'chain', says: `isBlockhashValid is false ${where(state)}, which a node that is behind says of a living one, too.` },
      ],
    }),
  )
}

/** Whether it was asked so soon after the submission that a blockhash which was good then would be alive. */
function wasDeadThen({ time }: SvmState, at: bigint | undefined): boolean {
  return at !== undefined && time.known && time.value < at + 60n
}
