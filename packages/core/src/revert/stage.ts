import type { CauseId } from '../causes/catalogue.ts'

/**
 * How far a payment had come when something was said of it, where that is certain from who says it.
 *
 * - `unsigned`: the client gave up before it had a signature, so that there is nothing that could be sent or paid twice.
 * - `reverted`: its transaction is in a block and failed there, so that whatever keeps a transaction from getting into a block is not the reason.
 */
export type Progress = 'unsigned' | 'reverted'

/** What can not be the reason once a payment has come so far, or before it has come any further. */
export const excludedAt: Readonly<Record<Progress, ReadonlySet<CauseId>>> = {
  unsigned: new Set<CauseId>([
    'settlement-unconfirmed',
    'transfer-event-missing',
    'svm-already-processed',
    'svm-landed-with-error',
    'svm-signature-invalid',
    'authorization-used',
    'executed-by-third-party',
    'paid-not-delivered',
    'payee-contract-not-credited',
    'settlement-reorged',
    'batch-item-failed',
    'facilitator-replays-answer',
  ]),
  reverted: new Set<CauseId>([
    'rpc-fault',
    'rpc-wrong-chain',
    'chain-halted',
    'settlement-unconfirmed',
    'settlement-reorged',
    'paid-not-delivered',
    'payee-contract-not-credited',
    'facilitator-policy-refusal',
    'facilitator-replays-answer',
    'facilitator-nonce',
    'facilitator-out-of-gas-money',
    'facilitator-fee-too-low',
    'facilitator-auth',
    'facilitator-schema-limit',
    'below-facilitator-minimum',
    'pending-block-estimate',
    'transfer-event-missing',
    'header-encoding',
    'malformed-field',
    'wire-version-mismatch',
    'network-mismatch',
    'network-unsupported',
    'accepted-mismatch',
  ]),
}

/** The causes that are left at a stage. */
export function possibleAt(stage: Progress | undefined, causes: readonly CauseId[]): readonly CauseId[] {
  return stage === undefined ? causes : causes.filter((cause) => !excludedAt[stage].has(cause))
}
