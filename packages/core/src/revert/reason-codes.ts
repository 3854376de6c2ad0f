import type { CauseId } from '../causes/catalogue.ts'
import type { Party } from '../causes/party.ts'
import type { RetryAction } from '../causes/retry.ts'
import { type OtherChainId, otherChains } from '../networks/other-chains.ts'
import type { RailId } from '../rails/rail.ts'
import { type Progress, possibleAt } from './stage.ts'
import {
  anyRelayerFault,
  anySignature,
  anySvmSimulation,
  anyTokenRevert,
  refusedSignature,
  spentNonce,
  tooEarly,
  tooLate,
} from './suspects.ts'

/**
 * Facilitator families that share a vocabulary, with the versions that were read.
 *
 * - `x402-evm`, `x402-svm`: the npm packages of these names, 2.10 to 2.27.
 * - `x402-go`: the Go and Python facilitators of the x402 repository, where their names differ.
 * - `x402-v1`: the npm package `x402` 0.7, whose names thirdweb and PayAI still answer with.
 * - `cdp`: Coinbase's hosted facilitator, from its OpenAPI (cdp-sdk 1.57).
 * - `x402-rs`: x402-rs 1 and 2. `x402-rs-fork`: Ultravioleta's fork of it. `r402`: r402 0.21.
 * - `circle-gateway`: Circle's hosted facilitator for Gateway, from its documents and clients that map its codes (circlefin/arc-nanopayments 23, 33).
 * - `okx`: OKX's payment API for X Layer, from its page on error handling.
 * - `mpp`: servers of MPP, from mppx 0.11.0 (Errors.js, evm/server/Charge.js).
 * - `other`: seen in answers of other facilitators, and in the registry of codes of moped2110/x402-conformance (2026-08).
 */
export type FacilitatorFamily =
  | 'x402-evm'
  | 'x402-svm'
  | 'x402-go'
  | 'x402-v1'
  | 'cdp'
  | 'x402-rs'
  | 'x402-rs-fork'
  | 'r402'
  | 'circle-gateway'
  | 'okx'
  | 'mpp'
  | 'other'

/** What a facilitator can really mean by a reason code. */
export interface KnownReason {
  readonly code: string
  readonly families: readonly [FacilitatorFamily, ...FacilitatorFamily[]]
  /** Everything that produces the code, the likeliest first; empty for codes of other schemes. */
  readonly causes: readonly CauseId[]
  /** The rail that the code is of, where that is not EIP-3009's own. */
  readonly rail?: RailId
  readonly party?: Party
  readonly retry?: RetryAction
  readonly stage?: Progress
}

/** `stage`: how far the payment has come when the code is said, where it is said at no other time; causes that are out of the question then are left out. */
type Row = readonly [
  codes: string,
  families: readonly [FacilitatorFamily, ...FacilitatorFamily[]],
  causes: readonly CauseId[],
  stage?: Progress,
]

const network: readonly CauseId[] = [
  'network-mismatch',
  'network-unsupported',
  'wire-version-mismatch',
  'facilitator-config-drift',
  'svm-wrong-cluster',
]
const schema: readonly CauseId[] = [
  'wire-version-mismatch',
  'malformed-field',
  'facilitator-schema-limit',
  'header-encoding',
  'network-unsupported',
]
const value: readonly CauseId[] = ['amount-mismatch', 'amount-units-wrong', 'accepted-mismatch', 'message-altered']
const balance: readonly CauseId[] = [
  'insufficient-balance',
  'facilitator-out-of-gas-money',
  'amount-units-wrong',
  'asset-mismatch',
  'rpc-wrong-chain',
]
const undeployed: readonly CauseId[] = ['smart-wallet-signature', 'rpc-wrong-chain']
const settleFailed: readonly CauseId[] = [
  ...anyRelayerFault,
  'executed-by-third-party',
  'blacklisted',
  'paused',
  ...anyTokenRevert,
  'pending-block-estimate',
  'facilitator-replays-answer',
  'facilitator-policy-refusal',
  'masked-reason',
]
const anything: readonly CauseId[] = [
  'masked-reason',
  ...anyTokenRevert,
  ...anyRelayerFault,
  'facilitator-config-drift',
  'facilitator-policy-refusal',
  'facilitator-replays-answer',
  ...anySvmSimulation,
  'svm-transaction-malformed',
]
const noEip3009: readonly CauseId[] = ['token-without-eip3009', 'asset-mismatch', 'rpc-wrong-chain']
const layout: readonly CauseId[] = [
  'svm-instruction-layout',
  'svm-wallet-injected-instructions',
  'svm-memo-mismatch',
  'svm-creates-token-account',
  'svm-compute-limit',
  'svm-compute-price',
]
const svmSettle: readonly CauseId[] = [
  'settlement-unconfirmed',
  'svm-blockhash-expired',
  'svm-already-processed',
  'rpc-fault',
  'svm-fee-payer-funds',
  'svm-landed-with-error',
]
const svmIntent: readonly CauseId[] = ['svm-mint-mismatch', 'svm-recipient-mismatch', 'svm-amount-mismatch', 'svm-instruction-layout']

const evm = ['x402-evm', 'x402-go', 'cdp'] as const
const go = ['x402-go', 'cdp'] as const
const v1 = ['x402-v1', 'cdp'] as const
const cdp = ['cdp'] as const
const gateway = ['circle-gateway'] as const
const okx = ['okx'] as const
const svm = ['x402-svm', 'x402-go'] as const
const svmOld = ['x402-v1', 'cdp', 'x402-rs-fork'] as const
const rs = ['x402-rs'] as const
const fork = ['x402-rs-fork'] as const

/** Codes of the exact scheme on EVM chains, and those that hold for every scheme. Several codes of one meaning share a row. */
const evmRows: readonly Row[] = [
  ['invalid_exact_evm_signature', evm, anySignature],
  ['invalid_exact_evm_payload_signature', v1, anySignature],
  ['invalid_signature', ['x402-rs', 'cdp', 'other'], anySignature],
  [
    'invalid_exact_evm_payload_signature_address',
    cdp,
    ['signer-not-owner', ...anySignature.filter((cause) => cause !== 'signer-not-owner')],
  ],
  [
    'invalid_exact_evm_signature_format invalid_exact_evm_failed_to_parse_signature',
    evm,
    ['signature-length', 'compact-eip2098', 'malformed-field', 'smart-wallet-signature', 'signature-byte-order'],
  ],
  ['invalid_exact_evm_payload_missing_signature', go, ['malformed-field', 'wire-version-mismatch']],
  ['invalid_exact_evm_failed_to_verify_signature', go, ['rpc-fault', 'smart-wallet-signature', 'eip7702-payer', 'signature-length']],
  ['invalid_exact_evm_verification_failed', go, anything],
  ['invalid_exact_evm_payload_authorization_typed_data_message', cdp, ['malformed-field', 'struct-type-mismatch', 'domain-field-missing']],
  ['invalid_exact_evm_token_name_mismatch', evm, ['domain-name-mismatch', 'facilitator-config-drift', 'token-upgraded', 'asset-mismatch']],
  [
    'invalid_exact_evm_token_version_mismatch',
    evm,
    ['domain-version-mismatch', 'facilitator-config-drift', 'token-upgraded', 'asset-mismatch'],
  ],
  ['invalid_exact_evm_missing_eip712_domain', evm, ['domain-field-missing', 'wire-version-mismatch']],
  ['invalid_exact_evm_extra_field', go, ['domain-field-missing', 'domain-name-mismatch', 'wire-version-mismatch']],
  ['invalid_exact_evm_eip3009_not_supported', evm, noEip3009],
  ['asset_not_deployed_contract', ['x402-evm', 'x402-go'], ['asset-has-no-code', 'asset-mismatch', 'rpc-wrong-chain', 'network-mismatch']],
  ['invalid_exact_evm_nonce_already_used', evm, spentNonce],
  ['nonce_already_used authorization_already_used nonce_used', ['x402-rs', 'other'], spentNonce],
  ['invalid_exact_evm_insufficient_balance', evm, balance],
  [
    'insufficient_funds insufficient_balance invalid_exact_evm_insufficient_funds',
    ['x402-v1', 'cdp', 'x402-rs', 'other'],
    [...balance, 'svm-insufficient-funds'],
  ],
  ['permit2_insufficient_balance', ['x402-evm', 'x402-go', 'cdp'], balance],
  ['invalid_exact_evm_payload_authorization_valid_before', ['x402-evm', 'x402-go', 'x402-v1', 'cdp'], tooLate],
  ['invalid_exact_evm_payload_authorization_valid_after', ['x402-evm', 'x402-go', 'x402-v1', 'cdp'], tooEarly],
  ['payment_expired invalid_payment_expired expired', ['x402-v1', 'x402-rs', 'other'], tooLate],
  ['invalid_payment_early', rs, tooEarly],
  [
    'invalid_exact_evm_payload_authorization_value invalid_exact_evm_payload_authorization_value_mismatch invalid_exact_evm_authorization_value',
    ['x402-evm', 'x402-go', 'x402-v1', 'cdp'],
    value,
  ],
  ['invalid_payment_amount', rs, [...value, 'svm-amount-mismatch']],
  ['invalid_exact_evm_required_amount', go, ['amount-units-wrong', 'malformed-field']],
  [
    'invalid_exact_evm_payload_authorization_value_too_low amount_too_low',
    ['cdp', 'other'],
    ['below-facilitator-minimum', 'amount-units-wrong', 'amount-mismatch'],
  ],
  ['amount_unparseable invalid_amount', ['cdp', 'other'], ['amount-units-wrong', 'malformed-field']],
  [
    'invalid_exact_evm_recipient_mismatch invalid_exact_evm_payload_recipient_mismatch',
    ['x402-evm', 'x402-go', 'x402-v1', 'cdp'],
    ['recipient-mismatch', 'accepted-mismatch'],
  ],
  ['recipient_mismatch', rs, ['recipient-mismatch', 'accepted-mismatch', 'svm-recipient-mismatch', 'svm-destination-account-missing']],
  ['asset_mismatch', ['x402-rs', 'cdp'], ['asset-mismatch', 'accepted-mismatch', 'svm-mint-mismatch']],
  [
    'asset_not_allowed unsupported_asset',
    ['cdp', 'x402-rs-fork', 'other'],
    ['asset-mismatch', 'network-unsupported', 'facilitator-config-drift'],
  ],
  [
    'accepted_requirements_mismatch',
    rs,
    ['accepted-mismatch', 'amount-mismatch', 'recipient-mismatch', 'asset-mismatch', 'network-mismatch'],
  ],
  ['invalid_exact_evm_payload_undeployed_smart_wallet', ['x402-evm', 'x402-go', 'x402-v1', 'cdp'], undeployed],
  ['eip6492_factory_not_allowed smart_wallet_deployment_failed', ['x402-evm', 'x402-go', 'cdp'], ['smart-wallet-signature']],
  [
    'invalid_exact_evm_failed_to_check_deployment invalid_exact_evm_failed_to_check_nonce invalid_exact_evm_failed_to_get_balance',
    go,
    ['rpc-fault', 'rpc-wrong-chain', 'asset-has-no-code', 'token-without-eip3009'],
  ],
  [
    'invalid_exact_evm_transaction_simulation_failed',
    evm,
    [...anyTokenRevert, 'pending-block-estimate', 'rpc-fault', 'facilitator-out-of-gas-money'],
  ],
  ['transaction_simulation', rs, [...anyTokenRevert, ...anySvmSimulation, 'rpc-fault']],
  ['transaction_simulation_failed', ['x402-svm', 'cdp'], anySvmSimulation],
  ['invalid_exact_evm_transaction_failed', evm, settleFailed],
  ['invalid_exact_evm_failed_to_execute_transfer failed_to_execute_transfer', go, settleFailed],
  [
    'invalid_exact_evm_failed_to_get_receipt failed_to_get_receipt',
    go,
    ['settlement-unconfirmed', 'rpc-lagging', 'settlement-reorged', 'rpc-fault', 'facilitator-nonce'],
  ],
  [
    'settle_exact_evm_transaction_confirmation_timed_out settlement_pending',
    ['x402-evm', 'x402-svm', 'cdp'],
    ['settlement-unconfirmed', 'facilitator-fee-too-low', 'chain-halted', 'rpc-lagging', 'rpc-fault'],
  ],
  [
    'settle_exact_node_failure',
    cdp,
    ['rpc-fault', 'facilitator-nonce', 'facilitator-out-of-gas-money', 'facilitator-fee-too-low', 'settlement-unconfirmed'],
  ],
  ['settle_exact_failed_onchain', cdp, [...settleFailed, 'svm-landed-with-error'], 'reverted'],
  ['settlement_failed', ['cdp', 'other'], settleFailed],
  // Said of a receipt whose status is not a success.
  ['invalid_transaction_state invalid_exact_evm_transaction_state', ['x402-evm', 'x402-go', 'x402-v1', 'cdp'], settleFailed, 'reverted'],
  [
    'invalid_exact_evm_transfer_event_mismatch',
    ['x402-evm'],
    ['transfer-event-missing', 'batch-item-failed', 'asset-has-no-code', 'asset-mismatch', 'facilitator-config-drift'],
  ],
  [
    'duplicate_settlement',
    ['x402-evm', 'x402-svm', 'x402-v1', 'cdp'],
    ['settlement-unconfirmed', 'facilitator-replays-answer', 'paid-not-delivered', 'authorization-used', 'svm-already-processed'],
  ],
  [
    'invalid_exact_evm_network_mismatch invalid_network network_mismatch',
    ['x402-evm', 'x402-svm', 'x402-go', 'x402-v1', 'cdp', 'x402-rs-fork'],
    network,
  ],
  ['invalid_exact_evm_failed_to_get_network_config', go, ['network-unsupported', 'network-mismatch', 'wire-version-mismatch']],
  ['unsupported_chain unsupported_network chain_id_mismatch', ['x402-rs', 'other'], network],
  [
    'invalid_exact_evm_scheme invalid_scheme unsupported_scheme invalid_exact_evm_unsupported_scheme unsupported_payload_type',
    ['x402-evm', 'x402-svm', 'x402-go', 'x402-v1', 'cdp', 'x402-rs', 'x402-rs-fork'],
    ['network-unsupported', 'wire-version-mismatch', 'accepted-mismatch'],
  ],
  ['invalid_x402_version', v1, ['wire-version-mismatch', 'facilitator-schema-limit']],
  [
    'invalid_payload invalid_exact_evm_payload invalid_payment invalid_payment_payload',
    ['x402-v1', 'cdp', 'x402-go', 'other'],
    [...schema, 'masked-reason', 'below-facilitator-minimum', 'rpc-fault', 'pending-block-estimate', ...anySignature],
  ],
  ['invalid_payment_requirements', v1, [...schema, 'amount-units-wrong', 'accepted-mismatch', 'asset-mismatch']],
  ['invalid_format invalid_request bad_request', ['x402-rs', 'cdp', 'other'], [...schema, 'svm-transaction-malformed']],
  [
    'kyt_risk_detected request_blocked_by_location invalid_exact_evm_payload_authorization_from_address_kyt invalid_exact_evm_payload_authorization_to_address_kyt',
    cdp,
    ['facilitator-policy-refusal'],
  ],
  ['self_send_not_allowed', cdp, ['self-payment']],
  ['unauthorized forbidden', ['cdp', 'other'], ['facilitator-auth']],
  ['rate_limit_exceeded rate_limited', ['cdp', 'other'], ['rpc-fault']],
  ['timed_out', cdp, ['settlement-unconfirmed', 'paid-not-delivered', 'chain-halted', 'rpc-fault']],
  [
    'unexpected_error unexpected_verify_error unexpected_settle_error internal_server_error internal_error unknown_error',
    ['x402-v1', 'cdp', 'x402-rs', 'x402-rs-fork', 'other'],
    anything,
  ],
  ['contract_call_failed', fork, [...settleFailed, ...refusedSignature, 'svm-signature-invalid', 'svm-blockhash-expired']],
  [
    'idempotency_error already_exists',
    cdp,
    ['facilitator-replays-answer', 'settlement-unconfirmed', 'paid-not-delivered', 'authorization-used'],
  ],
  ['facilitator_unavailable', ['other'], ['settlement-unconfirmed', 'paid-not-delivered', 'rpc-fault', 'masked-reason']],
  ['preflight_validation_failed', cdp, anything],
  ['unknown_settlement_error', ['x402-evm'], settleFailed],
  ['missing_eip712_domain', ['other'], ['domain-field-missing', 'wire-version-mismatch']],
  ['signature_invalid', ['other'], anySignature],
  ['simulation_failed', ['other'], [...anyTokenRevert, ...anySvmSimulation, 'pending-block-estimate', 'rpc-fault']],
  ['no_facilitator_for_network', ['x402-go', 'other'], ['network-unsupported', 'network-mismatch', 'wire-version-mismatch']],
  [
    'invalid_exact_evm_failed_to_get_asset_info',
    go,
    ['facilitator-config-drift', 'asset-mismatch', 'network-unsupported', 'asset-has-no-code', 'rpc-fault'],
  ],
  ['insufficient_facilitator_gas facilitator_insufficient_balance insufficient_gas', ['other'], ['facilitator-out-of-gas-money']],
  ['account_frozen', ['other'], ['blacklisted', 'svm-account-frozen']],
  ['unsupported_version', ['other'], ['wire-version-mismatch', 'facilitator-schema-limit']],
  ['scheme_mismatch', ['other'], ['accepted-mismatch', 'wire-version-mismatch', 'network-unsupported']],
  // Circle Gateway checks the same message against its own balances and its own clock.
  ['authorization_validity_too_short', gateway, ['window-too-short']],
  ['authorization_not_yet_valid', gateway, tooEarly],
  ['authorization_expired', gateway, tooLate],
  ['address_mismatch', gateway, ['recipient-mismatch', 'accepted-mismatch']],
  ['amount_mismatch', ['circle-gateway', 'okx'], value],
  ['self_transfer', gateway, ['self-payment']],
  ['unsupported_domain', gateway, network],
  ['wallet_not_found', gateway, ['insufficient-balance', 'verifying-contract-mismatch', 'network-mismatch']],
  ['param_mismatch', okx, ['accepted-mismatch', ...value, 'recipient-mismatch', 'asset-mismatch', 'network-mismatch']],
  ['payer_blocked risk_address', okx, ['facilitator-policy-refusal']],
  ['not_yet_valid', okx, tooEarly],
  ['onchain_error', okx, settleFailed],
  ['incompatible_settlement_mode', ['r402'], ['accepted-mismatch', 'facilitator-config-drift']],
  ['settlement_aborted', ['r402'], settleFailed],
  ['extension_echo_mismatch', ['r402', 'x402-evm'], ['accepted-mismatch']],
]

/** MPP's problems (https://paymentauth.org/problems/…) and the details of its charges on EVM chains. Their names have hyphens. */
const mppRows: readonly Row[] = [
  ['malformed-credential', ['mpp'], ['header-encoding', 'malformed-field']],
  ['invalid-challenge', ['mpp'], ['accepted-mismatch', 'nonce-not-bound']],
  [
    'verification-failed',
    ['mpp'],
    ['masked-reason', 'nonce-not-bound', ...value, 'recipient-mismatch', ...anySignature, ...tooLate, ...tooEarly],
  ],
  ['internal-payment-error', ['mpp'], anything],
  ['payment-expired', ['mpp'], ['accepted-mismatch', ...tooLate]],
  ['payment-required', ['mpp'], ['masked-reason', 'header-encoding', 'wire-version-mismatch']],
  ['invalid-payload', ['mpp'], schema],
  ['bad-request', ['mpp'], schema],
  ['payment-insufficient', ['mpp'], value],
  ['method-unsupported', ['mpp'], ['network-unsupported', 'wire-version-mismatch']],
]

/** What an MPP server says of an EVM authorization, in lower case, with what it means. */
const mppDetails: readonly (readonly [phrase: string, causes: readonly CauseId[]])[] = [
  ['evm authorization challenge hash mismatch', ['nonce-not-bound']],
  ['evm authorization signature mismatch', anySignature],
  ['evm authorization recipient mismatch', ['recipient-mismatch']],
  ['evm authorization amount mismatch', value],
  ['evm authorization source mismatch', ['malformed-field']],
  ['evm authorization has expired', tooLate],
  ['evm authorization is not valid yet', tooEarly],
]

/** Codes of other schemes and other chains: known, so that they are not mistaken for EIP-3009's. */
const otherSchemes: readonly (readonly [code: string, rail: RailId, causes?: readonly CauseId[]])[] = [
  ['invalid_permit2_spender', 'permit2-exact'],
  ['invalid_permit2_recipient_mismatch', 'permit2-exact'],
  ['invalid_permit2_signature', 'permit2-exact'],
  ['invalid_erc20_approval_extension_format', 'permit2-exact'],
  ['invalid_eip2612_extension_format', 'permit2-exact'],
  ['insufficient_allowance', 'permit2-exact', ['permit2-allowance-missing']],
  ['permit2_allowance_required', 'permit2-exact', ['permit2-allowance-missing']],
  ['missing_batch_settlement_channel', 'batch-settlement'],
]
const otherSchemePrefixes: readonly (readonly [prefix: string, rail: RailId])[] = [
  ['permit2_', 'permit2-exact'],
  ['erc20_approval_', 'permit2-exact'],
  ['eip2612_', 'permit2-exact'],
  ['invalid_exact_evm_permit2_', 'permit2-exact'],
  ['upto_', 'permit2-upto'],
  ['invalid_upto_evm_', 'permit2-upto'],
  ['invalid_upto_svm_', 'permit2-upto'],
  ['invalid_batch_settlement_evm_', 'batch-settlement'],
  ['batch_settlement_', 'batch-settlement'],
  ['invalid_auth_capture_evm_', 'auth-capture'],
  ...otherChains.map(({ id }): readonly [string, OtherChainId] => [`invalid_exact_${id}_`, id]),
]

/** Codes of extensions, which are no part of the payment: signing in, and listing in a catalogue. */
const extensionPrefixes: readonly string[] = ['invalid_siwx_', 'invalid_bazaar_']

/** auth-capture signs EIP-3009's message to a collector, so some of its codes mean what ours mean. */
const captureCauses: readonly (readonly [ending: string, causes: readonly CauseId[]])[] = [
  ['signature', anySignature],
  ['nonce_mismatch', ['nonce-not-bound']],
  ['authorization_expired', tooLate],
  ['token_mismatch', ['asset-mismatch']],
]

/** Solana codes without their prefix, which is `invalid_exact_svm_` (`invalid_exact_solana_` in Go), or nothing before 2.14. */
const svmRows: readonly Row[] = [
  [
    'payload_transaction payload_transaction_could_not_be_decoded',
    [...svm, ...v1],
    ['svm-transaction-malformed', 'header-encoding', 'wire-version-mismatch', 'svm-lookup-table-unresolved'],
  ],
  ['payload_missing_fee_payer', svm, ['svm-fee-payer-mismatch', 'facilitator-config-drift']],
  [
    'fee_payer_not_managed_by_facilitator fee_payer_mismatch invalid_fee_payer',
    svm,
    ['svm-fee-payer-mismatch', 'facilitator-config-drift'],
  ],
  // Bytes behind the transaction count as signed in @x402/svm, and are not.
  ['payload_signature_invalid', svm, ['svm-signature-invalid', 'svm-signature-missing', 'svm-transaction-malformed']],
  ['payload_excessive_signers', svm, ['svm-instruction-layout']],
  ['payload_transaction_instructions_length', [...svm, ...svmOld], layout],
  ['payload_transaction_instructions', svmOld, layout],
  [
    'payload_transaction_instructions_compute_limit_instruction payload_transaction_instructions_compute_limit_instruction_too_high',
    [...svm, ...svmOld],
    ['svm-compute-limit', ...layout],
  ],
  [
    'payload_transaction_instructions_compute_price_instruction payload_transaction_instructions_compute_price_instruction_too_high',
    [...svm, ...svmOld],
    ['svm-compute-price', ...layout],
  ],
  ['payload_no_transfer_instruction', svm, ['svm-instruction-layout', 'svm-creates-token-account', 'svm-wallet-injected-instructions']],
  [
    'payload_transaction_instruction_not_spl_token_transfer_checked payload_transaction_instruction_not_token_2022_transfer_checked payload_transaction_not_a_transfer_instruction',
    svmOld,
    ['svm-instruction-layout', 'svm-creates-token-account', 'svm-wallet-injected-instructions'],
  ],
  ['payload_transaction_fee_payer_transferring_funds', [...svm, ...svmOld], ['svm-fee-payer-transfers']],
  [
    'payload_transaction_fee_payer_included_in_instruction_accounts',
    svmOld,
    ['svm-fee-payer-in-instructions', 'svm-wallet-injected-instructions'],
  ],
  ['payload_mint_mismatch payload_transaction_asset_mismatch', [...svm, ...fork], ['svm-mint-mismatch', 'svm-wrong-cluster']],
  [
    'payload_recipient_mismatch payload_transaction_transfer_to_incorrect_ata',
    [...svm, ...svmOld],
    ['svm-recipient-mismatch', 'svm-mint-mismatch', 'svm-token-program-mismatch'],
  ],
  ['payload_transaction_cannot_derive_receiver_ata', cdp, ['svm-recipient-mismatch', 'malformed-field']],
  ['payload_transaction_sender_ata_not_found', svmOld, ['svm-source-account-missing', 'svm-wrong-cluster', 'rpc-fault']],
  ['payload_transaction_receiver_ata_not_found', svmOld, ['svm-destination-account-missing', 'svm-wrong-cluster', 'rpc-fault']],
  [
    'payload_amount_mismatch payload_transaction_amount_mismatch payload_amount_insufficient',
    [...svm, ...svmOld],
    ['svm-amount-mismatch', 'amount-units-wrong'],
  ],
  [
    'payload_unknown_fourth_instruction payload_unknown_fifth_instruction payload_unknown_sixth_instruction payload_unknown_seventh_instruction payload_unknown_optional_instruction',
    svm,
    ['svm-wallet-injected-instructions', 'svm-instruction-layout', 'svm-compute-limit', 'svm-compute-price'],
  ],
  ['payload_memo_count payload_memo_mismatch', svm, ['svm-memo-mismatch']],
  [
    'payload_transaction_create_ata_instruction payload_transaction_create_ata_instruction_incorrect_payee payload_transaction_create_ata_instruction_incorrect_asset',
    svmOld,
    ['svm-creates-token-account'],
  ],
  ['payload_transaction_simulation_failed transaction_simulation_failed', [...svm, ...svmOld], anySvmSimulation],
  ['network_mismatch', svm, ['network-mismatch', 'svm-wrong-cluster', 'wire-version-mismatch']],
  ['unsupported_scheme', svm, ['network-unsupported', 'wire-version-mismatch', 'accepted-mismatch']],
  ['extra_field', go, ['svm-fee-payer-mismatch', 'malformed-field']],
  ['transaction_signing_failed', svm, ['svm-fee-payer-mismatch', 'facilitator-config-drift']],
  ['transaction_failed transaction_confirmation_failed', svm, svmSettle],
  ['verification_failed', svm, ['masked-reason', ...anySvmSimulation]],
  ['smart_wallet_alt_resolution_not_available smart_wallet_alt_resolution_failed', svm, ['svm-lookup-table-unresolved']],
  ['smart_wallet_fee_payer_not_isolated', svm, ['svm-fee-payer-in-instructions', 'svm-wallet-injected-instructions']],
  [
    'smart_wallet_compute_units_too_high smart_wallet_malformed_compute_limit smart_wallet_compute_budget_violation smart_wallet_malformed_compute_budget smart_wallet_unsupported_compute_budget_instruction',
    svm,
    ['svm-compute-limit', 'svm-instruction-layout'],
  ],
  ['smart_wallet_priority_fee_too_high smart_wallet_malformed_compute_price', svm, ['svm-compute-price', 'svm-instruction-layout']],
  ['smart_wallet_simulation_failed', svm, anySvmSimulation],
  ['smart_wallet_transfer_mismatch smart_wallet_no_transfer_in_simulation smart_wallet_multiple_matching_transfers', svm, svmIntent],
  ['smart_wallet_cannot_derive_destination_ata', svm, ['svm-recipient-mismatch', 'malformed-field']],
  [
    'smart_wallet_program_not_allowed smart_wallet_verification_not_available',
    svm,
    ['svm-wallet-injected-instructions', 'svm-instruction-layout'],
  ],
  ['payload_inner_transfer_fee_payer_is_authority', fork, ['svm-fee-payer-transfers']],
  [
    'payload_inner_transfer_unexpected_stack_depth payload_inner_transfer_balance_delta_mismatch payload_multiple_inner_transfers_found',
    fork,
    svmIntent,
  ],
]

/** Solana codes that never had the prefix. */
const svmBareRows: readonly Row[] = [
  ['fee_payer_not_managed_by_facilitator', ['x402-svm'], ['svm-fee-payer-mismatch', 'facilitator-config-drift']],
  ['transaction_failed', ['x402-svm'], svmSettle],
  ['verification_failed', ['x402-svm'], ['masked-reason', ...anySvmSimulation]],
  [
    'post_settlement_transfer_not_confirmed',
    ['x402-svm'],
    ['settlement-unconfirmed', 'svm-destination-owner-changed', 'transfer-event-missing'],
  ],
  ['settle_exact_svm_block_height_exceeded', v1, ['svm-blockhash-expired', 'settlement-unconfirmed']],
  ['settle_exact_svm_transaction_confirmation_timed_out', v1, ['settlement-unconfirmed', 'svm-blockhash-expired', 'svm-landed-with-error']],
  ['smart_wallet_program_not_allowed', cdp, ['svm-wallet-injected-instructions', 'svm-instruction-layout']],
  ['fee_payer_not_in_transaction_signers', fork, ['svm-fee-payer-mismatch']],
  [
    'no_valid_transfer_instruction_found no_valid_transfer_found_in_top_level_or_inner_instructions no_valid_transfer_in_inner_instructions',
    fork,
    svmIntent,
  ],
  [
    'missing_compute_unit_limit_instruction duplicate_compute_unit_limit_instruction',
    fork,
    ['svm-compute-limit', 'svm-instruction-layout'],
  ],
  [
    'missing_compute_unit_price_instruction duplicate_compute_unit_price_instruction',
    fork,
    ['svm-compute-price', 'svm-instruction-layout'],
  ],
  ['invalid_account_index', fork, ['svm-lookup-table-unresolved', 'svm-transaction-malformed']],
  ['settlement_account_disabled', fork, ['facilitator-config-drift']],
]

/** Codes whose fault is not that of their likeliest cause: who asked for a payment without a domain is the server. */
const partyOf: ReadonlyMap<string, Party> = new Map([
  ['invalid_exact_evm_missing_eip712_domain', 'server'],
  ['missing_eip712_domain', 'server'],
])

/**
 * Not the end: x402 version 2, section 9 (error codes), has `settlement_pending` for a transaction that was sent and not seen yet. The same payload can be
 * sent again, to learn what became of it, and must not be signed anew.
 */
const pending: ReadonlySet<string> = new Set(['settlement_pending'])

/** Codes after which the money may have moved: nothing is sent again before the chain was read. */
const maybeSettled: ReadonlySet<string> = new Set([
  'settle_exact_evm_transaction_confirmation_timed_out',
  'settle_exact_svm_transaction_confirmation_timed_out',
  'invalid_exact_evm_failed_to_get_receipt',
  'failed_to_get_receipt',
  'invalid_exact_evm_transfer_event_mismatch',
  'post_settlement_transfer_not_confirmed',
  'duplicate_settlement',
  'idempotency_error',
  'already_exists',
  'facilitator_unavailable',
  'timed_out',
])

function expand(rows: readonly Row[], prefix = ''): KnownReason[] {
  return rows.flatMap(([codes, families, causes, stage]) =>
    codes.split(' ').map((suffix): KnownReason => {
      const code = prefix + suffix
      const party = partyOf.get(code)
      const retry = pending.has(code) ? 'send-same' : maybeSettled.has(code) ? 'unknown' : undefined
      return {
        code,
        families,
        causes: possibleAt(stage, [...new Set(causes)]),
        ...(stage === undefined ? {} : { stage }),
        ...(party === undefined ? {} : { party }),
        ...(retry === undefined ? {} : { retry }),
      }
    }),
  )
}

const table: ReadonlyMap<string, KnownReason> = new Map(
  [
    ...expand(evmRows),
    ...otherSchemes.map(([code, rail, causes = []]): KnownReason => ({ code, families: ['x402-evm', 'x402-go', 'cdp'], causes, rail })),
    ...expand(svmBareRows),
    ...expand(svmRows, 'invalid_exact_svm_'),
    ...expand(svmRows, 'invalid_exact_solana_'),
  ].map((reason) => [reason.code, reason]),
)

/** MPP's problems by their names, which are known inside of their URL only: alone they are everybody's words. */
const problems: ReadonlyMap<string, KnownReason> = new Map(
  expand(mppRows).map((reason) => [reason.code, { ...reason, rail: 'mpp-charge' }]),
)

/** Every reason code that is known by heart. */
export const knownReasons: readonly KnownReason[] = [...table.values()]

const reasonForm = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)+$/

/** Whether a word has the form of a reason code: lower case words joined by underscores. */
export function isReasonForm(word: string): boolean {
  return word.length <= 120 && reasonForm.test(word)
}

/**
 * What is known about a reason code. Some facilitators add detail after a colon (`…_program_not_allowed: Sysvar…`) or a reference in
 * brackets; only what stands before it is looked up.
 */
export function findReason(reason: string): KnownReason | undefined {
  const code = reason.slice(0, 200).split(/[: (]/, 1)[0] ?? ''
  const known = table.get(code)
  if (known !== undefined) return known
  if (!isReasonForm(code)) return undefined
  const families = ['x402-evm', 'x402-go', 'cdp'] as const
  const scheme = otherSchemePrefixes.find(([prefix]) => code.startsWith(prefix))
  if (scheme !== undefined) {
    const [, rail] = scheme
    const causes = rail === 'auth-capture' ? (captureCauses.find(([ending]) => code.endsWith(ending))?.[1] ?? []) : []
    return { code, families, causes, rail }
  }
  return extensionPrefixes.some((prefix) => code.startsWith(prefix)) ? { code, families, causes: [] } : undefined
}

/** The problem that an answer of MPP names by its type, `https://paymentauth.org/problems/verification-failed`, with what its detail says. */
export function findProblem(text: string): KnownReason | undefined {
  const lower = text.toLowerCase()
  const type = /paymentauth\.org\/problems\/(?:session\/)?([a-z-]{3,40})/.exec(lower)?.[1]
  const detail = mppDetails.find(([phrase]) => lower.includes(phrase))
  const problem = problems.get(type ?? (detail === undefined ? '' : 'verification-failed'))
  return problem === undefined || detail === undefined ? problem : { ...problem, causes: detail[1] }
}

/** A facilitator's sentence, in lower case, that stands for a reason code. x402-rs and its forks answer in sentences. */
const sentences: readonly (readonly [phrase: string, code: string])[] = [
  ['payment authorization is expired', 'invalid_payment_expired'],
  ['payment authorization is not yet valid', 'invalid_payment_early'],
  ['payment amount is invalid', 'invalid_payment_amount'],
  ['accepted does not match payment requirements', 'accepted_requirements_mismatch'],
  ['does not match the accepted requirements', 'accepted_requirements_mismatch'],
  ['onchain balance is not enough', 'insufficient_funds'],
  ['insufficient balance for transfer', 'insufficient_balance'],
  ['nonce has already been used', 'nonce_already_used'],
  ['nonce already used', 'nonce_already_used'],
  ['payment already settled', 'nonce_already_used'],
  ['payment has already been settled', 'nonce_already_used'],
  ['toaddr mismatch', 'recipient_mismatch'],
  ['amount mismatch', 'amount_mismatch'],
  ['payment processing', 'settlement_pending'],
  ['no facilitator registered for scheme', 'no_facilitator_for_network'],
  ['no scheme registered', 'no_facilitator_for_network'],
  ['no matching payment method found', 'accepted_requirements_mismatch'],
  ['no matching payment requirements', 'accepted_requirements_mismatch'],
  ['recipient does not match', 'recipient_mismatch'],
  ['payment is for a different recipient', 'recipient_mismatch'],
  ['token asset does not match', 'asset_mismatch'],
  ['chain id does not match the network', 'chain_id_mismatch'],
  ['unsupported chain', 'unsupported_chain'],
  ['unsupported network', 'unsupported_network'],
  ['fee payer included in instruction accounts', 'invalid_exact_svm_payload_transaction_fee_payer_included_in_instruction_accounts'],
  ['fee payer found transferring funds', 'invalid_exact_svm_payload_transaction_fee_payer_transferring_funds'],
  [
    'compute unit limit exceeds facilitator maximum',
    'invalid_exact_svm_payload_transaction_instructions_compute_limit_instruction_too_high',
  ],
  [
    'compute unit price exceeds facilitator maximum',
    'invalid_exact_svm_payload_transaction_instructions_compute_price_instruction_too_high',
  ],
  ['invalid compute limit instruction', 'invalid_exact_svm_payload_transaction_instructions_compute_limit_instruction'],
  ['invalid compute price instruction', 'invalid_exact_svm_payload_transaction_instructions_compute_price_instruction'],
  ['instruction count exceeds maximum', 'invalid_exact_svm_payload_transaction_instructions_length'],
  ['too few instructions', 'invalid_exact_svm_payload_transaction_instructions_length'],
  ['createata instruction not supported', 'invalid_exact_svm_payload_transaction_create_ata_instruction'],
  ['missing sender account in transaction', 'invalid_exact_svm_payload_transaction_sender_ata_not_found'],
  ['program not in allowed list', 'smart_wallet_program_not_allowed'],
  ['must match one of [x402v2paymentpayload', 'invalid_request'],
  ["'paymentpayload' is invalid", 'invalid_request'],
  ["'paymentrequirements' is invalid", 'invalid_payment_requirements'],
  ['unable to estimate gas', 'settle_exact_node_failure'],
  // Words that say little; after everything else.
  ['invalid signature', 'invalid_signature'],
  ['signature is invalid', 'invalid_signature'],
  ['invalid payment signature', 'invalid_signature'],
  ['signature verification failed', 'invalid_signature'],
  ['insufficient funds', 'insufficient_funds'],
  ['insufficient balance', 'insufficient_balance'],
  ['unauthorized', 'unauthorized'],
]

/** The reason that a facilitator's sentence stands for. */
export function findSentence(text: string): KnownReason | undefined {
  const lower = text.toLowerCase()
  const found = sentences.find(([phrase]) => lower.includes(phrase))
  return found && table.get(found[1])
}
