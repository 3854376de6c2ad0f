import type { Finding } from '../causes/finding.ts'
import { type FacilitatorState, ifKnown } from '../evidence/chain.ts'
import { isShort, settlementGas } from '../evidence/settlement-gas.ts'
import type { Payment } from '../payment/payment.ts'
import { formatUnits } from '../typed-data/amount.ts'
import { type Check, fromFindings } from './check.ts'
import { chainCheck, note, severityAt, unread } from './on-chain.ts'

/** The account that submits, where its address is known. */
export const facilitatorChecks: readonly Check[] = [
  chainCheck('facilitator can pay for gas', (payment, state, evidence) => {
    const { facilitator } = state
    if (facilitator === null) return { outcome: 'skip', reason: "the facilitator's address was not given" }
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
  chainCheck('facilitator has no transactions waiting', (_payment, state) => {
    const { facilitator } = state
    if (facilitator === null) return { outcome: 'skip', reason: "the facilitator's address was not given" }
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
