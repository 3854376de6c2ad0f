import type { Finding } from '../../causes/finding.ts'
import { fromFindings, skip } from '../../evidence/check.ts'
import { ifKnown } from '../../evidence/known.ts'
import { decodeRevert } from '../../revert/revert.ts'
import { formatUnits } from '../../text/amount.ts'
import type { FacilitatorState } from '../evidence/chain.ts'
import { isShort, settlementGas } from '../evidence/settlement-gas.ts'
import type { Payment } from '../payment/payment.ts'
import type { Check } from './check.ts'
import { chainCheck, note, severityAt, unread } from './on-chain.ts'

/** The account that submits, where its address is known. */
export const facilitatorChecks: readonly Check[] = [
  chainCheck('facilitator-gas', (payment, state, evidence) => {
    const { facilitator } = state
    if (facilitator === null) return skip('no-facilitator', "the facilitator's address was not given")
    const { native, gasPrice } = facilitator
    if (!native.known) return unread(native, state)
    const price = ifKnown(gasPrice) ?? 0n
    const needed = settlementGas * price
    if (!isShort(native.value, price)) return { outcome: 'pass' }
    const finding = broke(payment, facilitator, native.value, needed)
    return fromFindings([
      {
        ...finding,
        severity: severityAt(state, evidence),
        evidence: [note(state, `the balance of ${facilitator.address} is ${native.value} wei`), ...finding.evidence],
      },
    ])
  }),
  chainCheck('facilitator-calls', (payment, state, evidence) => {
    const { facilitator } = state
    const simulation = ifKnown(state.simulated.atBlock)
    const sender = payment.call?.caller ?? payment.call?.transaction?.sender ?? facilitator?.address
    if (sender === undefined || simulation?.outcome !== 'reverts') return { outcome: 'pass' }
    const standard = evidence.signature.expected?.family
    const { cause, message } = decodeRevert(simulation.data ?? simulation.says, standard === undefined ? {} : { standard })
    // Whatever its words: what it takes from anybody else it refuses for who sends it.
    const other = state.simulated.fromAnother === undefined ? undefined : ifKnown(state.simulated.fromAnother)?.outcome
    if (other !== 'succeeds' && cause !== 'relayer-blocked') return { outcome: 'pass' }
    return fromFindings([
      {
        cause: 'relayer-blocked',
        party: 'facilitator',
        severity: severityAt(state, evidence),
        field: 'facilitator',
        seen: sender,
        expected: 'a relayer that the token has not blocked',
        summary: `The token has blocked the account ${sender} that submits: neither payer nor payee is at fault.`,
        evidence: [
          note(state, `a simulated transfer from ${sender} reverts with ${JSON.stringify(message)}`),
          ...(other !== 'succeeds' ? [] : [note(state, 'the same transfer from another account succeeds')]),
          ...(facilitator !== null && ifKnown(facilitator.blacklisted) === true
            ? [note(state, `the token has ${sender} on its list`)]
            : []),
        ],
        fix: 'send the same payment through another relayer while its window is open',
      },
    ])
  }),
  chainCheck('facilitator-gas-limit', (payment, state, evidence) => {
    const limit = payment.call?.transaction?.gasLimit
    const { atBlock, limited } = state.simulated
    if (limit === undefined || limited === undefined || !atBlock.known || atBlock.value.outcome === 'reverts') return { outcome: 'pass' }
    if (!limited.known) return unread(limited, state)
    if (limited.value.outcome === 'succeeds') return { outcome: 'pass' }
    const { says } = limited.value
    return fromFindings([
      {
        cause: 'facilitator-gas-limit',
        party: 'facilitator',
        severity: severityAt(state, evidence),
        field: 'transaction.gas',
        seen: String(limit),
        expected: "enough gas for the transfer and the payer's own check of the signature",
        summary: `The transaction's gas limit of ${limit} is too low: with it the token answers ${JSON.stringify(says)}, and with more it takes the same call. A payer with code that runs out of gas looks like a wrong signature.`,
        evidence: [
          note(state, `a simulated transfer with ${limit} gas reverts with ${JSON.stringify(says)}, and without that limit it succeeds`),
        ],
        fix: 'send the same payment again with a higher gas limit: estimate it, and add a margin for payers with code',
      },
    ])
  }),
  chainCheck('facilitator-queue', (_payment, state) => {
    const { facilitator } = state
    if (facilitator === null) return skip('no-facilitator', "the facilitator's address was not given")
    const { nonce, pendingNonce, address } = facilitator
    if (!nonce.known) return unread(nonce, state)
    if (!pendingNonce.known) return unread(pendingNonce, state)
    const waiting = pendingNonce.value - nonce.value
    if (waiting <= 0n) return { outcome: 'pass' }
    return fromFindings([
      {
        cause: 'facilitator-nonce',
        party: 'facilitator',
        severity: 'warning',
        field: 'facilitator',
        seen: `${pendingNonce.value} pending`,
        expected: `${nonce.value}, as in the newest block`,
        summary: `${waiting} transaction${waiting === 1n ? '' : 's'} of the facilitator ${address} wait${waiting === 1n ? 's' : ''} to be mined: the next one of nonce ${nonce.value} blocks all that come after it.`,
        evidence: [note(state, `eth_getTransactionCount of ${address} is ${nonce.value} on latest and ${pendingNonce.value} on pending`)],
        fix: `see that the transaction with nonce ${nonce.value} is mined, or replace it with a higher fee; the payment itself can stay`,
      },
    ])
  }),
]

function broke({ network }: Payment, { address, gasPrice }: FacilitatorState, native: bigint, needed: bigint): Finding {
  const currency = network?.nativeCurrency ?? 'of the native currency'
  const price = ifKnown(gasPrice)
  return {
    cause: 'facilitator-out-of-gas-money',
    party: 'facilitator',
    severity: 'error',
    field: 'facilitator',
    seen: `${native} wei`,
    expected: needed === 0n ? 'more than 0 wei' : `at least ${needed} wei`,
    summary: `The facilitator ${address} holds ${formatUnits(native, 18)} ${currency}, and one settlement costs about ${formatUnits(needed, 18)}: it can not pay for gas. The payment is not at fault.`,
    evidence: price === undefined ? [] : [{ source: 'computed', says: `${settlementGas} gas at ${price} wei` }],
    fix: `send ${currency} to ${address}, then send the same payment again`,
  }
}
