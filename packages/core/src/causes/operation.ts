import type { CauseEntry } from './cause.ts'
import { eip1559, thread, x402Spec } from './reference.ts'

/** Section 7: facilitator, RPC and what came back. */
export const operationCauses = {
  'facilitator-nonce': {
    title: "The relayer's transaction nonce was wrong",
    parties: ['facilitator'],
    family: 'evm',
    stops: { at: 'relay', place: 7 },
    meaning:
      "The facilitator sent its transaction with a nonce that was used, pending, or ahead of a gap: several processes on one key, a cache that was not refreshed after a failure, a limit of one pending transaction for delegated accounts. The address in the error is the relayer's, not the payer's, and the word nonce has nothing to do with the authorization's nonce. The payment proves valid.",
    proof: {
      needs: ['logs', 'rpc'],
      how: "The node's text is a transaction-pool error, its address is the facilitator's, and a call of the token with this payment succeeds.",
    },
    fix: 'Serialise sending per key, take the nonce from the pending count, and reset it after each failure. The same payment can be sent again at once.',
    retry: 'send-same',
    reports: {
      token: [
        'nonce too low',
        'nonce too high',
        'replacement transaction underpriced',
        'already known',
        'in-flight transaction limit reached for delegated accounts',
      ],
      facilitator: ['invalid_exact_evm_transaction_failed', 'unexpected_settle_error', 'failed_to_execute_transfer'],
    },
    references: [
      thread(3231, 'a stale relayer nonce reported as a failed payment'),
      thread(2471, 'replacement transaction underpriced at the hosted facilitator'),
      { title: 'Base #2347: the limit for delegated accounts', url: 'https://github.com/base/base/issues/2347' },
    ],
    related: ['facilitator-fee-too-low', 'settlement-unconfirmed', 'masked-reason'],
  },
  'facilitator-out-of-gas-money': {
    title: 'The relayer cannot pay for gas',
    parties: ['facilitator'],
    family: 'evm',
    stops: { at: 'relay', place: 2 },
    meaning:
      'The facilitator\'s own account has too little of the native currency. The node says "insufficient funds for gas * price + value"; the reference facilitator turns that text into insufficient_balance and so blames the payer\'s tokens. Every payment on that network fails from one moment on, also of payers who were fine before.',
    proof: {
      needs: ['logs', 'rpc'],
      how: "The node's text speaks of gas, or its address is the relayer's; balanceOf(payer) covers the value; a call of the token succeeds.",
    },
    fix: 'Fund the relayer, and watch its balance. The same payment settles then, or at once through another facilitator.',
    retry: 'send-same',
    reports: {
      token: ['insufficient funds for gas * price + value', 'insufficient funds for transfer', 'gas required exceeds allowance'],
      facilitator: ['invalid_exact_evm_insufficient_balance', 'insufficient_funds', 'invalid_exact_evm_transaction_failed'],
    },
    references: [
      {
        title: 'x402: @x402/evm, where the text becomes a reason code',
        url: 'https://github.com/x402-foundation/x402/blob/main/typescript/packages/mechanisms/evm/src/exact/facilitator/eip3009-utils.ts',
      },
      thread(2062, 'how node texts became reason codes', 'pull'),
    ],
    related: ['insufficient-balance', 'facilitator-nonce', 'masked-reason'],
  },
  'facilitator-fee-too-low': {
    title: 'The relayer offered too small a fee',
    parties: ['facilitator'],
    family: 'evm',
    stops: { at: 'relay', place: 5 },
    meaning:
      "The transaction's maximum fee is below the block's base fee or below what the node's pool takes, so it is refused or waits until the payment expires. It happens in fee spikes, with fixed fees, and on chains where an estimate of zero is normal until it is not.",
    proof: {
      needs: ['logs'],
      how: 'The node\'s text speaks of the base fee, the tip or of underpriced, without "replacement"; or the transaction stays pending with a fee below the base fee.',
    },
    fix: 'Take fees from the latest base fee with a margin, and replace a stuck transaction by one with at least ten percent more. The payment is good as it is while its window is open.',
    retry: 'send-same',
    reports: {
      token: ['max fee per gas less than block base fee', 'transaction underpriced', 'gas price below configured minimum'],
      facilitator: ['invalid_exact_evm_transaction_failed', 'settlement_pending'],
    },
    references: [eip1559, thread(2471, 'underpriced at the hosted facilitator')],
    related: ['facilitator-nonce', 'settlement-unconfirmed', 'expired'],
  },
  'facilitator-gas-limit': {
    title: "The relayer's gas limit did not fit",
    parties: ['facilitator'],
    family: 'evm',
    stops: { at: 'relay', place: 4 },
    meaning:
      "The transaction ran out of gas, or its limit was below the intrinsic cost or above the block's. Fixed limits fail for contract payers, whose signature check costs more, and on rollups that count data as gas. The token's state is unchanged and the authorization is still good.",
    proof: {
      needs: ['rpc', 'replay'],
      how: 'The receipt has status 0 and gasUsed equal to the limit; replayed with more gas, the payment settles.',
    },
    fix: 'Estimate instead of fixing the limit, and add a margin.',
    retry: 'send-same',
    reports: {
      token: ['out of gas', 'intrinsic gas too low', 'exceeds block gas limit', 'gas required exceeds allowance'],
      facilitator: ['invalid_exact_evm_transaction_failed', 'invalid_transaction_state'],
    },
    references: [eip1559, thread(1065, 'unable to estimate gas, from time to time')],
    related: ['smart-wallet-signature', 'eip7702-payer', 'facilitator-fee-too-low'],
  },
  'facilitator-auth': {
    title: "The facilitator refused the server's credentials",
    parties: ['server'],
    family: 'both',
    stops: { at: 'verifier', place: 4 },
    meaning:
      'The resource server\'s request to the facilitator was answered 401 or 403: no key, the wrong kind of key, an expired token, a clock that is off. The payment was never looked at. The client sees "payment verification failed" and suspects its signature.',
    proof: { needs: ['logs'], how: "The facilitator's HTTP status is 401 or 403." },
    fix: "Set the server's key id and secret for this facilitator (not a public client key), and check its clock. The same payment can be sent again.",
    retry: 'send-same',
    reports: { token: [], facilitator: ['Unauthorized', 'Forbidden', 'unauthorized', 'forbidden'] },
    references: [
      {
        title: 'ar-io-node #869: a client key in the place of the API key, seen as a failed verification',
        url: 'https://github.com/ar-io/ar-io-node/pull/869',
      },
      { title: 'cdp-sdk #760: 401 on all endpoints', url: 'https://github.com/coinbase/cdp-sdk/issues/760' },
      thread(933, 'mainnet configuration without credentials'),
    ],
    related: ['masked-reason', 'rpc-fault'],
  },
  'settlement-unconfirmed': {
    title: 'The settlement was sent but not seen to be mined',
    parties: ['facilitator', 'server'],
    family: 'both',
    stops: { at: 'late', place: 4 },
    meaning:
      'The wait for the receipt ended before the transaction was included, and this was reported as a failure. The transaction is usually mined seconds later. Whoever signs again now pays twice.',
    proof: {
      needs: ['rpc'],
      how: 'The state of (from, nonce) on chain: used with a Transfer means paid; unused with an open window means it may still be.',
    },
    fix: "Decide by the chain, not by the timeout: look up (from, nonce). Until the window closes, send nothing but the same bytes. Wait longer than the network's inclusion time.",
    retry: 'send-same',
    reports: {
      token: [],
      facilitator: ['settlement_pending', 'unexpected_settle_error', 'settle_exact_svm_transaction_confirmation_timed_out'],
    },
    references: [
      thread(1062, 'facilitator timeout shorter than a block'),
      thread(3083, 'the settlement_pending answer', 'pull'),
      thread(2294, 'recovering a settlement after a timeout'),
    ],
    related: ['authorization-used', 'retry-mints-new-nonce', 'facilitator-fee-too-low', 'expired'],
  },
  'pending-block-estimate': {
    title: 'Gas was estimated on a pending block that was wrong',
    parties: ['rpc', 'facilitator'],
    family: 'evm',
    stops: { at: 'relay', place: 6 },
    meaning:
      "The facilitator estimated gas on the `pending` tag, and the node's pending state (Flashblocks, preconfirmations) did not match the chain: other code at the payer, an older nonce, another time. The estimate reverts with a reason that is not true of `latest`. It comes and goes, which makes it look like a client's fault.",
    proof: {
      needs: ['rpc', 'logs'],
      how: 'The call reverts on `pending` and succeeds on `latest` at the same moment, or the logs show eth_estimateGas with `pending`.',
    },
    fix: 'Estimate on `latest`, or use a fixed limit for this one call, and retry the same payment.',
    retry: 'send-same',
    reports: {
      token: ['FiatTokenV2: invalid signature', 'execution reverted'],
      facilitator: ['invalid_exact_evm_transaction_failed', 'unable to estimate gas'],
    },
    references: [
      thread(1065, 'unable to estimate gas, from time to time'),
      {
        title: 'x402-rs #26: reverts that another facilitator does not see',
        url: 'https://github.com/x402-rs/x402-rs/issues/26',
      },
    ],
    related: ['eip7702-payer', 'rpc-fault', 'boundary-second'],
  },
  'rpc-fault': {
    title: 'The RPC node failed, not the payment',
    parties: ['rpc'],
    family: 'both',
    stops: { at: 'node', place: 2 },
    meaning:
      'The node did not do its work: rate limit (429, -32005), internal error (-32603), timeout, pruned state, a balancer whose nodes have different heads. Facilitators report this as a payment fault, because anything thrown counts as invalid.',
    proof: {
      needs: ['logs', 'rpc'],
      how: 'The code or status is one of a node and there is no revert data; the same call succeeds on another node.',
    },
    fix: "Retry the same payment with back-off, on another node if need be. Raise the plan's limit or batch the reads.",
    retry: 'send-same',
    reports: {
      token: ['429', '-32005', '-32603', 'header not found', 'missing trie node'],
      facilitator: ['invalid_exact_evm_transaction_simulation_failed', 'unexpected_verify_error', 'unexpected_error', 'invalid_payload'],
    },
    references: [
      { title: 'EIP-1474: JSON-RPC error codes', url: 'https://eips.ethereum.org/EIPS/eip-1474' },
      thread(2062, 'simulation that could not run, reported as an invalid payload', 'pull'),
    ],
    related: ['rpc-wrong-chain', 'pending-block-estimate', 'masked-reason'],
  },
  'rpc-wrong-chain': {
    title: 'The RPC serves another chain than configured',
    parties: ['facilitator', 'rpc'],
    family: 'both',
    stops: { at: 'node', place: 1 },
    meaning:
      'eth_chainId of the node is not the chain that the facilitator believes in: a copied URL, a testnet key, a local fork left in the configuration. Balances are zero, code is missing, signatures do not fit, and each of these is reported as its own fault.',
    proof: { needs: ['rpc'], how: "eth_chainId differs from the network's chain id." },
    fix: 'Point the configuration at a node of the right network, and compare chain ids at start.',
    retry: 'send-same',
    reports: {
      token: ['FiatTokenV2: invalid signature', 'execution reverted'],
      facilitator: ['asset_not_deployed_contract', 'invalid_exact_evm_insufficient_balance', 'invalid_exact_evm_signature'],
    },
    references: [
      { title: 'EIP-695: eth_chainId', url: 'https://eips.ethereum.org/EIPS/eip-695' },
      thread(773, "a token's address on the wrong chain"),
    ],
    related: ['asset-has-no-code', 'chain-id-mismatch', 'network-mismatch'],
  },
  'masked-reason': {
    title: 'The answer hides which check failed',
    parties: ['facilitator', 'server'],
    family: 'both',
    stops: { at: 'late', place: 7 },
    meaning:
      'The reason that came back stands for many causes: "invalid_payload", "simulation failed", "invalid_exact_evm_signature" with an empty message, a bare 402. The real one was known where the check ran and was dropped on the way. Servers add to it when they turn the facilitator\'s answer into one sentence.',
    proof: {
      needs: ['payload', 'rpc', 'logs'],
      how: 'The reason code is one that is known to stand for several causes, and none of them can be told from it.',
    },
    fix: "Read the facilitator's own logs for the revert text, and diagnose the payload itself. Facilitators should pass on the node's message.",
    retry: 'unknown',
    reports: {
      token: ['Native transfer failed', 'execution reverted'],
      facilitator: ['invalid_payload', 'invalid_exact_evm_signature', 'invalid_exact_evm_transaction_failed', 'unexpected_error'],
    },
    references: [
      thread(2110, 'invalid_payload without a message'),
      thread(1898, 'invalid_payload and "execution reverted"'),
      thread(837, 'failed_to_execute_transfer does not mean much'),
    ],
    related: ['facilitator-schema-limit', 'rpc-fault', 'facilitator-auth', 'domain-name-mismatch'],
  },
  'facilitator-config-drift': {
    title: 'A table of tokens differs from the chain',
    parties: ['facilitator', 'server'],
    family: 'both',
    stops: { at: 'verifier', place: 1 },
    meaning:
      "The facilitator's or the server's own table has another name, version, chain id or address than the token on chain: a library release with a wrong row, a token that was upgraded, a copied testnet entry. All payments of one network fail, and clients are blamed. Some facilitators trust extra.name over the token, so verify passes and settle reverts.",
    proof: {
      needs: ['rpc', 'payload'],
      how: "The domain that the table or the offer gives has another separator than the token's DOMAIN_SEPARATOR().",
    },
    fix: 'Read name and version from the token at start and compare. If clients signed what the offer said, correct the offer and let them sign again; if they signed the right domain, settle through a facilitator whose table is right.',
    retry: 'fix-first',
    reports: {
      token: ['FiatTokenV2: invalid signature'],
      facilitator: ['invalid_exact_evm_signature', 'invalid_exact_evm_token_name_mismatch', 'invalid_exact_evm_token_version_mismatch'],
    },
    references: [
      thread(3102, "Monad's name wrong in three SDKs"),
      thread(3152, 'the same name wrong in the tables of version 1'),
      x402Spec,
    ],
    related: ['domain-name-mismatch', 'domain-version-mismatch', 'rpc-wrong-chain', 'masked-reason'],
  },
} as const satisfies Record<string, CauseEntry>
