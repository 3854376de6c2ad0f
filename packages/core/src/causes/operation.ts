import type { EvmCauseEntry } from './cause.ts'
import { circleSignatureChecker, eip1559, eip3009, paxosEip3009, thread, x402Spec } from './reference.ts'

/** Section 7: facilitator, RPC and what came back. */
export const operationCauses = {
  'facilitator-nonce': {
    title: "The relayer's transaction nonce was wrong",
    parties: ['facilitator'],
    family: 'evm',
    stops: { at: 'relay', place: 7 },
    refusedByToken: 'no',
    meaning:
      "The facilitator sent its transaction with a nonce that was used, pending, or ahead of a gap: several processes on one key, a cache that was not refreshed after a failure, a limit of one pending transaction for delegated accounts. The address in the error is the relayer's, not the payer's, and the word nonce has nothing to do with the authorization's nonce. The payment proves valid.",
    proof: {
      needs: ['logs', 'rpc'],
      how: "The node's text is a transaction-pool error, its address is the facilitator's, and a call of the token with this payment succeeds.",
    },
    fix: 'Serialise sending per key, take the nonce from the pending count, and reset it after each failure. The same payment can be sent again at once. The first transaction may still be pending: if it wins, the second one is told "used or canceled", which is success.',
    retry: 'send-same',
    reports: {
      token: [
        'nonce too low',
        'nonce too high',
        'replacement transaction underpriced',
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
    refusedByToken: 'no',
    meaning:
      'The facilitator\'s own account has too little of the native currency. The node says "insufficient funds for gas * price + value", in several wordings. The reference facilitator turns geth\'s longer one ("…: balance 0, tx cost …") into insufficient_balance and so blames the payer\'s tokens; the others become transaction_failed. Every payment on that network fails from one moment on, also of payers who were fine before.',
    proof: {
      needs: ['logs', 'rpc'],
      how: "The node's text speaks of gas, or its address is the relayer's; balanceOf(payer) covers the value; a call of the token succeeds.",
    },
    fix: 'Fund the relayer, and watch its balance. The same payment settles then, or at once through another facilitator; if both settle it, the second is told "used or canceled", which is success.',
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
    refusedByToken: 'no',
    meaning:
      "The transaction's maximum fee is below the block's base fee or below what the node's pool takes, so it is refused or waits until the payment expires. It happens in fee spikes, with fixed fees, and on chains where an estimate of zero is normal until it is not. The node's words are what shows it: the payment itself does not.",
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
    references: [eip1559],
    related: ['facilitator-nonce', 'settlement-unconfirmed', 'expired'],
  },
  'facilitator-gas-limit': {
    title: "The relayer's gas limit did not fit",
    parties: ['facilitator'],
    family: 'evm',
    stops: { at: 'relay', place: 4 },
    refusedByToken: 'no',
    meaning:
      "The transaction ran out of gas, or its limit was below the intrinsic cost or above the block's. Fixed limits fail for payers with code, whose signature check costs more, and on rollups that count data as gas. FiatToken's call of such a wallet swallows its running out of gas: the token then says \"invalid signature\" to a signature that is right. The token's state is unchanged and the authorization is still good.",
    proof: {
      needs: ['rpc', 'replay'],
      how: "An out-of-gas frame in the transaction's trace; or gasUsed above 95 % of the limit (behind a proxy it is never all of it, because a call leaves a 64th behind), and replayed with more gas the payment settles.",
    },
    fix: 'Estimate instead of fixing the limit, on a node that is not behind, and add a margin. The same payment can be sent again with more gas.',
    retry: 'send-same',
    reports: {
      token: [
        'out of gas',
        'intrinsic gas too low',
        'exceeds block gas limit',
        'gas required exceeds allowance',
        'FiatTokenV2: invalid signature',
      ],
      facilitator: ['invalid_exact_evm_transaction_failed', 'invalid_transaction_state'],
    },
    references: [
      circleSignatureChecker,
      thread(3233, 'a fixed limit of 500,000 that some wallets exceed'),
      thread(1065, 'unable to estimate gas, from time to time'),
    ],
    related: ['smart-wallet-signature', 'eip7702-payer', 'facilitator-fee-too-low'],
  },
  'facilitator-auth': {
    title: "The facilitator refused the server's credentials",
    parties: ['server'],
    family: 'both',
    stops: { at: 'verifier', place: 4 },
    refusedByToken: 'no',
    meaning:
      "The resource server's request to the facilitator was answered 401 or 403: no key, the wrong kind of key, an expired token, a clock that is off. The payment was never looked at. The client sees \"payment verification failed\" and suspects its signature. It is read from the facilitator's answer, or from the server's log of it.",
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
  'settlement-reorged': {
    title: 'The chain took the settlement back',
    parties: ['nobody'],
    family: 'evm',
    stops: { at: 'landed', place: 2 },
    refusedByToken: 'no',
    meaning:
      "The transaction that settled was in a block, and the chain replaced that block: its receipt is gone, or names another block, and the authorization's nonce is unused again. It happens to the newest blocks, before they are safe or finalized; an outage of a sequencer can take minutes of them. What was released on that receipt is not paid. The authorization itself is live again while its window is open, and the same transaction is mostly mined a second time by itself.",
    proof: {
      needs: ['rpc'],
      how: 'eth_getTransactionReceipt answers null, or with another block hash, for a transaction whose receipt was there; authorizationState(from, nonce) is false at the head and at the safe block.',
    },
    fix: 'Send the same bytes again while the window is open. After it, sign again only when a finalized block with a time at or after validBefore shows the nonce unused. Call a payment final from the finalized block on.',
    retry: 'send-same',
    reports: { token: [], facilitator: [] },
    references: [
      {
        title: 'base #3793: an unsafe chain that was replaced in an outage of the sequencer',
        url: 'https://github.com/base/base/issues/3793',
      },
      { title: 'base #3780: the same outage', url: 'https://github.com/base/base/issues/3780' },
      { title: 'OP Stack: unsafe, safe and finalized blocks', url: 'https://specs.optimism.io/glossary.html' },
    ],
    related: ['settlement-unconfirmed', 'chain-halted', 'expired', 'rpc-lagging'],
  },
  'paid-not-delivered': {
    title: 'The payment settled and the answer was a failure',
    parties: ['server'],
    family: 'both',
    stops: { at: 'landed', place: 3 },
    refusedByToken: 'yes',
    meaning:
      "The money is with the payee, and the client got a 402, a 5xx or no answer at all. The reply of the facilitator or of the server was lost, the server's own wait ended first, or a step after the settlement failed. A client that takes the 402 for a new offer signs again and pays a second time.",
    proof: {
      needs: ['rpc'],
      how: "AuthorizationUsed(from, nonce) with its own Transfer of the value to the payee in the token's logs (on Solana: the transaction has landed without an error), while the client saw a failure.",
    },
    fix: 'Do not pay again. Ask for the resource with the same bytes, which can not move money a second time, and show the server the transaction. Servers should look a nonce up before they answer with a new 402, and keep the result by it.',
    retry: 'never',
    reports: { token: [], facilitator: ['settlement_failed', 'facilitator_unavailable', 'unexpected_settle_error'] },
    references: [
      {
        title: 'sample-agentcore-cloudfront-x402-payments #40: a settlement that timed out is answered with a fresh 402',
        url: 'https://github.com/aws-samples/sample-agentcore-cloudfront-x402-payments/issues/40',
      },
      thread(3208, 'an answer of settle that can not say "not yet"'),
      thread(2294, 'recovering a settlement after a timeout'),
    ],
    related: ['authorization-used', 'settlement-unconfirmed', 'retry-mints-new-nonce', 'facilitator-replays-answer'],
  },
  'payee-contract-not-credited': {
    title: 'The payee is a contract that was paid past its own entry',
    parties: ['server'],
    family: 'evm',
    stops: { at: 'landed', place: 4 },
    refusedByToken: 'yes',
    meaning:
      "The payee is a contract that counts a payment only when it comes in through one of its own functions: a router, a deposit, an escrow. Somebody called the token directly with the payer's authorization, so that the tokens are there and nobody is credited with them. EIP-3009 warns of it: whoever sees a transferWithAuthorization can submit it ahead of the contract, and leave a deposit that was never processed.",
    proof: {
      needs: ['rpc'],
      how: 'getCode(payee) is not empty, the transaction that used the nonce called the token and not the payee, and its receipt has no log of the payee.',
    },
    fix: "Do not pay again: the tokens lie at the payee's contract, and its operator has to credit or return them. A contract that credits should take receiveWithAuthorization, which nobody else can submit.",
    retry: 'never',
    reports: { token: [], facilitator: [] },
    references: [eip3009],
    related: ['executed-by-third-party', 'authorization-used', 'primary-type-mismatch'],
  },
  'facilitator-policy-refusal': {
    title: 'The facilitator refuses the payer or the payee by its own rules',
    parties: ['facilitator'],
    family: 'both',
    stops: { at: 'verifier', place: 5 },
    refusedByToken: 'some',
    meaning:
      "A check of the facilitator's own says no: screening of addresses (KYT), the country that a request comes from, a list of who may use it. Neither the token nor the chain refuses anything, and nothing about the signature is wrong. The token's blacklist is another thing: that one stops the payment everywhere.",
    proof: {
      needs: ['logs', 'rpc'],
      how: 'The reason code is one of screening or of location, and a simulation of the same call on the token succeeds.',
    },
    fix: "Send the same payment through another facilitator while its window is open, or settle it from an address of the server's own. With this facilitator only its operator can change the answer.",
    retry: 'send-same',
    reports: {
      token: [],
      facilitator: [
        'kyt_risk_detected',
        'request_blocked_by_location',
        'invalid_exact_evm_payload_authorization_from_address_kyt',
        'invalid_exact_evm_payload_authorization_to_address_kyt',
        'payer_blocked',
        'risk_address',
      ],
    },
    references: [
      { title: 'CDP: API errors', url: 'https://docs.cdp.coinbase.com/api-reference/v2/errors' },
      thread(1536, "a facilitator's own rules"),
      thread(2495, 'refusals that are neither of the token nor of the payment'),
    ],
    related: ['blacklisted', 'relayer-blocked', 'facilitator-auth', 'masked-reason'],
  },
  'facilitator-replays-answer': {
    title: 'The facilitator repeats its first answer',
    parties: ['facilitator'],
    family: 'both',
    stops: { at: 'verifier', place: 6 },
    refusedByToken: 'some',
    meaning:
      'The facilitator, or the server before it, keeps the outcome of a payment by its bytes, its nonce or an idempotency key, and answers the next request from there without looking at the chain. A claim that was kept after a settlement failed refuses every retry as a duplicate. It protects nobody: a nonce can not settle twice anyway. On Solana a "duplicate" can just as well mean that the first one is still on its way.',
    proof: {
      needs: ['logs', 'rpc'],
      how: 'The same bytes get the same answer at once, while the nonce is unused (on Solana: nothing landed) and a simulation of the call succeeds.',
    },
    fix: 'Read the chain first: if the payment landed, it is paid. If not, send the same bytes through another facilitator, or here again once the entry has run out (120 seconds in @x402/svm). Facilitators should drop the entry when a settlement fails.',
    retry: 'send-same',
    reports: { token: [], facilitator: ['duplicate_settlement', 'already_exists', 'idempotency_error'] },
    references: [
      {
        title: 'cardotrejos/x402 #30: a claim that stays after the settlement failed',
        url: 'https://github.com/cardotrejos/x402/pull/30',
      },
      {
        title: 'x402: the settlement cache of @x402/svm',
        url: 'https://github.com/x402-foundation/x402/blob/main/typescript/packages/mechanisms/svm/src/settlement-cache.ts',
      },
      thread(452, 'what a second settle of one payment should answer'),
    ],
    related: ['settlement-unconfirmed', 'authorization-used', 'paid-not-delivered', 'masked-reason'],
  },
  'batch-item-failed': {
    title: 'The batch did not settle this payment',
    parties: ['facilitator'],
    family: 'evm',
    stops: { at: 'relay', place: 8 },
    refusedByToken: 'no',
    meaning:
      "The facilitator settles many payments in one transaction, and this one was not among those that moved. With Multicall3's aggregate3 each call may fail alone while the transaction succeeds, so a receipt with status 1 says nothing of one payment. With Paxos's transferWithAuthorizationBatch one bad entry reverts all of them, so that a good payment fails for somebody else's fault. A batch holds up to a thousand payments, and a Transfer in it may be another's.",
    proof: {
      needs: ['rpc', 'logs'],
      how: "The transaction's trace shows the revert of the inner call (aggregate3: success false in its result), and AuthorizationUsed of this nonce is not among its logs.",
    },
    fix: "Look at this nonce, not at the receipt's status. If it is unused, send the same payment again, alone or in another batch; the inner call's own words say what was wrong, if it was this one.",
    retry: 'send-same',
    reports: {
      token: ['Multicall3: call failed', 'ArgumentLengthMismatch'],
      facilitator: ['invalid_exact_evm_transfer_event_mismatch', 'invalid_transaction_state'],
    },
    references: [
      thread(1537, 'up to 1,000 authorizations in one Multicall3 transaction', 'pull'),
      { title: 'Multicall3', url: 'https://github.com/mds1/multicall3/blob/main/src/Multicall3.sol' },
      paxosEip3009,
    ],
    related: ['transfer-event-missing', 'facilitator-gas-limit', 'authorization-used'],
  },
  'settlement-unconfirmed': {
    title: 'The settlement was sent but not seen to be mined',
    parties: ['facilitator', 'server'],
    family: 'both',
    stops: { at: 'late', place: 4 },
    refusedByToken: 'no',
    meaning:
      'The wait for the receipt ended before the transaction was included, and this was reported as a failure. The transaction is usually mined seconds later. Whoever signs again now pays twice. After the window has closed it is still not known to be dead: only a block behind validBefore with the nonce unused tells.',
    proof: {
      needs: ['rpc'],
      how: 'The state of (from, nonce) on chain: used, with its own Transfer to the payee, means paid; unused means that it may still be, until a block whose time is at or after validBefore says the same. On Solana: getSignatureStatuses, until a finalized block is higher than the blockhash allows.',
    },
    fix: "Decide by the chain, not by the timeout: look up (from, nonce), on Solana the signature. Send nothing but the same bytes until it is settled or dead; a `duplicate_settlement` in answer to them is no failure. Wait longer than the network's inclusion time.",
    retry: 'send-same',
    reports: {
      token: ['already known'],
      facilitator: ['settlement_pending', 'unexpected_settle_error', 'settle_exact_svm_transaction_confirmation_timed_out'],
    },
    references: [
      thread(1062, 'facilitator timeout shorter than a block'),
      thread(3083, 'the settlement_pending answer', 'pull'),
      thread(2294, 'recovering a settlement after a timeout'),
    ],
    related: ['authorization-used', 'paid-not-delivered', 'chain-halted', 'retry-mints-new-nonce', 'facilitator-fee-too-low', 'expired'],
  },
  'pending-block-estimate': {
    title: 'Gas was estimated on a pending block that was wrong',
    parties: ['rpc', 'facilitator'],
    family: 'evm',
    stops: { at: 'relay', place: 6 },
    refusedByToken: 'no',
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
  'chain-halted': {
    title: 'The chain makes no blocks',
    parties: ['nobody'],
    family: 'both',
    stops: { at: 'node', place: 2 },
    refusedByToken: 'no',
    meaning:
      'The chain itself stands still: a sequencer that failed, a network without consensus. Nodes answer, each with the same old head, and transactions wait. Nothing that was signed is lost, and nothing is final: the window counts by the time of blocks, so a validBefore that the wall clock has passed may still be ahead of the next block, and what waits may settle in it.',
    proof: {
      needs: ['rpc'],
      how: "The head that two independent RPCs give is the same, and older than many of the network's block times.",
    },
    fix: 'Wait until the chain makes blocks again, then send the same bytes. Do not sign again by the wall clock: an authorization is dead only when a block with a time at or after its validBefore shows the nonce unused.',
    retry: 'send-same',
    reports: { token: [], facilitator: ['settlement_pending', 'settle_exact_evm_transaction_confirmation_timed_out'] },
    references: [
      { title: 'Base: 33 minutes without blocks on 2025-08-05', url: 'https://status.base.org/incidents/kdq3t8s13gfs' },
      { title: 'base #3793: the outage of 2026-06-25', url: 'https://github.com/base/base/issues/3793' },
      { title: 'optimism #12448: Base Sepolia stood for an hour', url: 'https://github.com/ethereum-optimism/optimism/issues/12448' },
    ],
    related: ['rpc-lagging', 'settlement-reorged', 'settlement-unconfirmed', 'expired'],
  },
  'rpc-lagging': {
    title: 'The RPC node is behind the chain',
    parties: ['rpc'],
    family: 'both',
    stops: { at: 'node', place: 3 },
    refusedByToken: 'no',
    meaning:
      'The node answers with a state that the chain has left behind: one of several behind a balancer, a replica, a node that still syncs. It calls a used nonce unused, a funded payer empty, a deployed contract missing, and it estimates the gas of a call that will take another path. Its answers are right for its own head, which is why nothing looks broken.',
    proof: {
      needs: ['rpc'],
      how: "The time of the node's head is behind that of another node's, or behind the clock by more than the network's block time; or it calls a nonce unused at a block older than the receipt's.",
    },
    fix: 'Take nothing as certain before a node with a fresh head has answered: read the nonce and the receipt there, at one block. Facilitators should read and estimate on the node that they send through, at the block that they waited for.',
    retry: 'unknown',
    reports: { token: ['header not found', 'out of gas'], facilitator: ['invalid_exact_evm_transaction_failed'] },
    references: [
      thread(2374, 'gas that was estimated on a node behind, and an out of gas on Base'),
      thread(2375, 'a fixed limit where the estimate can not be trusted', 'pull'),
      { title: 'solana #23949: isBlockhashValid on a node that lags', url: 'https://github.com/solana-labs/solana/issues/23949' },
    ],
    related: ['rpc-fault', 'chain-halted', 'settlement-unconfirmed', 'asset-has-no-code', 'facilitator-gas-limit'],
  },
  'rpc-fault': {
    title: 'The RPC node failed, not the payment',
    parties: ['rpc'],
    family: 'both',
    stops: { at: 'node', place: 4 },
    refusedByToken: 'no',
    meaning:
      'The node did not do its work: rate limit (429, -32005), internal error (-32603), timeout, pruned state. Facilitators report this as a payment fault, because anything thrown counts as invalid.',
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
    related: ['rpc-lagging', 'chain-halted', 'rpc-wrong-chain', 'pending-block-estimate', 'masked-reason'],
  },
  'rpc-wrong-chain': {
    title: 'The RPC serves another chain than configured',
    parties: ['facilitator', 'rpc'],
    family: 'both',
    stops: { at: 'node', place: 1 },
    refusedByToken: 'no',
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
    refusedByToken: 'no',
    meaning:
      'The reason that came back stands for many causes: "invalid_payload", "simulation failed", "invalid_exact_evm_signature" with an empty message, a bare 402. The real one was known where the check ran and was dropped on the way. Servers add to it when they turn the facilitator\'s answer into one sentence. It is named of an answer and never of a payment: diagnosing the payment itself finds the cause.',
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
    refusedByToken: 'no',
    meaning:
      "The facilitator's or the server's own table has another name, version, chain id or address than the token on chain: a library release with a wrong row, a token that was upgraded, a copied testnet entry. All payments of one network fail, and clients are blamed. x402-rs trusts extra.name over the token, so verify passes and settle reverts.",
    proof: {
      needs: ['rpc', 'payload'],
      how: "The domain that the table or the offer gives has another separator than the token's DOMAIN_SEPARATOR().",
    },
    fix: 'Read name, version and DOMAIN_SEPARATOR() from the token at start and compare: the last one decides. If clients signed what the offer said, correct the offer and let them sign again with the same nonce; if they signed the right domain, settle through a facilitator whose table is right.',
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
    related: ['domain-name-mismatch', 'domain-version-mismatch', 'token-upgraded', 'rpc-wrong-chain', 'masked-reason'],
  },
} as const satisfies Record<string, EvmCauseEntry>
