import { describe, expect, test } from 'vitest'
import { type FacilitatorFamily, findReason, isReasonForm, knownReasons } from './reason-codes.ts'
import { decodeRevert } from './revert.ts'

/** Codes as the sources have them, by family. x402 packages: src/exact/facilitator; CDP: its OpenAPI's enums; x402: ErrorReasons. */
const vocabularies: Readonly<Record<string, readonly [FacilitatorFamily, string]>> = {
  '@x402/evm 2.27.0': [
    'x402-evm',
    `asset_not_deployed_contract invalid_exact_evm_scheme invalid_exact_evm_network_mismatch invalid_exact_evm_missing_eip712_domain
     invalid_exact_evm_recipient_mismatch invalid_exact_evm_signature invalid_exact_evm_payload_authorization_valid_before
     invalid_exact_evm_payload_authorization_valid_after invalid_exact_evm_authorization_value
     invalid_exact_evm_payload_authorization_value_mismatch invalid_exact_evm_payload_undeployed_smart_wallet
     invalid_exact_evm_transaction_failed invalid_exact_evm_transfer_event_mismatch invalid_exact_evm_token_name_mismatch
     invalid_exact_evm_token_version_mismatch invalid_exact_evm_eip3009_not_supported invalid_exact_evm_nonce_already_used
     invalid_exact_evm_insufficient_balance invalid_exact_evm_transaction_simulation_failed invalid_exact_evm_failed_to_parse_signature
     unsupported_payload_type invalid_transaction_state eip6492_factory_not_allowed smart_wallet_deployment_failed settlement_pending
     invalid_permit2_spender invalid_permit2_signature permit2_deadline_expired permit2_allowance_required erc20_approval_tx_failed
     eip2612_deadline_expired invalid_upto_evm_transaction_failed upto_facilitator_mismatch invalid_batch_settlement_evm_channel_not_found`,
  ],
  '@x402/svm 2.27.0': [
    'x402-svm',
    `duplicate_settlement invalid_exact_svm_fee_payer_mismatch invalid_exact_svm_fee_payer_not_managed_by_facilitator
     invalid_exact_svm_invalid_fee_payer invalid_exact_svm_network_mismatch invalid_exact_svm_payload_amount_mismatch
     invalid_exact_svm_payload_excessive_signers invalid_exact_svm_payload_memo_count invalid_exact_svm_payload_memo_mismatch
     invalid_exact_svm_payload_mint_mismatch invalid_exact_svm_payload_missing_fee_payer
     invalid_exact_svm_payload_no_transfer_instruction invalid_exact_svm_payload_recipient_mismatch
     invalid_exact_svm_payload_signature_invalid invalid_exact_svm_payload_transaction
     invalid_exact_svm_payload_transaction_could_not_be_decoded invalid_exact_svm_payload_transaction_fee_payer_transferring_funds
     invalid_exact_svm_payload_transaction_instructions_compute_limit_instruction
     invalid_exact_svm_payload_transaction_instructions_compute_limit_instruction_too_high
     invalid_exact_svm_payload_transaction_instructions_compute_price_instruction
     invalid_exact_svm_payload_transaction_instructions_compute_price_instruction_too_high
     invalid_exact_svm_payload_transaction_instructions_length invalid_exact_svm_payload_unknown_fourth_instruction
     invalid_exact_svm_payload_unknown_optional_instruction invalid_exact_svm_payload_unknown_seventh_instruction
     invalid_exact_svm_smart_wallet_alt_resolution_failed invalid_exact_svm_smart_wallet_alt_resolution_not_available
     invalid_exact_svm_smart_wallet_cannot_derive_destination_ata invalid_exact_svm_smart_wallet_compute_budget_violation
     invalid_exact_svm_smart_wallet_compute_units_too_high invalid_exact_svm_smart_wallet_fee_payer_not_isolated
     invalid_exact_svm_smart_wallet_malformed_compute_budget invalid_exact_svm_smart_wallet_malformed_compute_limit
     invalid_exact_svm_smart_wallet_malformed_compute_price invalid_exact_svm_smart_wallet_multiple_matching_transfers
     invalid_exact_svm_smart_wallet_no_transfer_in_simulation invalid_exact_svm_smart_wallet_priority_fee_too_high
     invalid_exact_svm_smart_wallet_program_not_allowed invalid_exact_svm_smart_wallet_simulation_failed
     invalid_exact_svm_smart_wallet_transfer_mismatch invalid_exact_svm_smart_wallet_unsupported_compute_budget_instruction
     invalid_exact_svm_smart_wallet_verification_not_available invalid_exact_svm_transaction_failed
     invalid_exact_svm_transaction_signing_failed invalid_exact_svm_transaction_simulation_failed invalid_exact_svm_unsupported_scheme
     invalid_exact_svm_verification_failed post_settlement_transfer_not_confirmed settlement_pending unsupported_scheme`,
  ],
  '@x402/svm 2.10.0': [
    'x402-svm',
    'duplicate_settlement fee_payer_not_managed_by_facilitator network_mismatch transaction_failed transaction_simulation_failed unsupported_scheme verification_failed',
  ],
  'x402 0.7.3': [
    'x402-v1',
    `insufficient_funds invalid_exact_evm_payload_authorization_valid_after invalid_exact_evm_payload_authorization_valid_before
     invalid_exact_evm_payload_authorization_value invalid_exact_evm_payload_recipient_mismatch invalid_exact_evm_payload_signature
     invalid_exact_evm_payload_undeployed_smart_wallet invalid_exact_svm_payload_transaction
     invalid_exact_svm_payload_transaction_amount_mismatch invalid_exact_svm_payload_transaction_create_ata_instruction
     invalid_exact_svm_payload_transaction_create_ata_instruction_incorrect_asset
     invalid_exact_svm_payload_transaction_create_ata_instruction_incorrect_payee
     invalid_exact_svm_payload_transaction_fee_payer_included_in_instruction_accounts
     invalid_exact_svm_payload_transaction_fee_payer_transferring_funds
     invalid_exact_svm_payload_transaction_instruction_not_spl_token_transfer_checked
     invalid_exact_svm_payload_transaction_instruction_not_token_2022_transfer_checked
     invalid_exact_svm_payload_transaction_instructions invalid_exact_svm_payload_transaction_instructions_compute_limit_instruction
     invalid_exact_svm_payload_transaction_instructions_compute_price_instruction_too_high
     invalid_exact_svm_payload_transaction_instructions_length invalid_exact_svm_payload_transaction_not_a_transfer_instruction
     invalid_exact_svm_payload_transaction_receiver_ata_not_found invalid_exact_svm_payload_transaction_sender_ata_not_found
     invalid_exact_svm_payload_transaction_simulation_failed invalid_exact_svm_payload_transaction_transfer_to_incorrect_ata
     invalid_network invalid_payload invalid_payment invalid_payment_requirements invalid_scheme invalid_transaction_state
     invalid_x402_version payment_expired settle_exact_svm_block_height_exceeded
     settle_exact_svm_transaction_confirmation_timed_out unexpected_settle_error unexpected_verify_error unsupported_scheme`,
  ],
  'CDP, cdp-sdk 1.57.0': [
    'cdp',
    `amount_too_low asset_not_allowed duplicate_settlement idempotency_error insufficient_funds insufficient_balance invalid_amount
     invalid_exact_evm_eip3009_not_supported invalid_exact_evm_extra_field invalid_exact_evm_failed_to_check_deployment
     invalid_exact_evm_failed_to_check_nonce invalid_exact_evm_failed_to_execute_transfer invalid_exact_evm_failed_to_get_balance
     invalid_exact_evm_failed_to_get_network_config invalid_exact_evm_failed_to_get_receipt
     invalid_exact_evm_failed_to_verify_signature invalid_exact_evm_insufficient_funds invalid_exact_evm_payload
     invalid_exact_evm_payload_authorization_from_address_kyt invalid_exact_evm_payload_authorization_typed_data_message
     invalid_exact_evm_payload_authorization_value_too_low invalid_exact_evm_payload_missing_signature
     invalid_exact_evm_payload_signature_address invalid_exact_evm_permit2_payload_deadline invalid_exact_evm_required_amount
     invalid_exact_evm_signature_format invalid_exact_evm_transaction_state invalid_exact_evm_unsupported_scheme
     invalid_exact_evm_verification_failed invalid_exact_solana_payload_amount_insufficient
     invalid_exact_solana_transaction_confirmation_failed invalid_exact_solana_extra_field
     invalid_exact_svm_payload_transaction_cannot_derive_receiver_ata invalid_request invalid_signature invalid_x402_version
     kyt_risk_detected rate_limit_exceeded request_blocked_by_location self_send_not_allowed
     settle_exact_evm_transaction_confirmation_timed_out settle_exact_failed_onchain settle_exact_node_failure settlement_failed
     settlement_pending timed_out unexpected_error`,
  ],
  'x402-rs 2': [
    'x402-rs',
    `invalid_format invalid_payment_amount invalid_payment_early invalid_payment_expired chain_id_mismatch recipient_mismatch
     asset_mismatch accepted_requirements_mismatch invalid_signature transaction_simulation insufficient_funds
     permit2_allowance_insufficient unsupported_chain unsupported_scheme nonce_already_used unexpected_error`,
  ],
}

describe.each(Object.entries(vocabularies))('%s', (_name, [, codes]) => {
  test.each(codes.split(/\s+/))('%s', (code) => {
    expect(findReason(code)?.code).toBe(code)
    expect(decodeRevert(code)).toMatchObject({ kind: 'reason-code', code, known: true })
    for (const key of ['errorReason', 'invalidReason', 'errorType'])
      expect(decodeRevert({ [key]: code })).toMatchObject({ kind: 'reason-code', code })
  })
})

/** Codes of other facilitators, and of other schemes and chains, as their sources have them. */
const others: Readonly<Record<string, readonly [rail: string | undefined, codes: string]>> = {
  'CDP, cdp-sdk 1.57.0, batch settlement': [
    'batch-settlement',
    `batch_settlement_channel_busy batch_settlement_charge_exceeds_signed_cumulative batch_settlement_cumulative_amount_mismatch
     batch_settlement_refund_amount_exceeds_balance batch_settlement_refund_amount_invalid batch_settlement_refund_no_balance
     missing_batch_settlement_channel invalid_batch_settlement_evm_channel_not_found`,
  ],
  'Permit2, @x402/evm 2.27.0': [
    'permit2-exact',
    'permit2_allowance_required permit2_deadline_expired erc20_approval_tx_failed eip2612_deadline_expired insufficient_allowance invalid_exact_evm_permit2_payload_deadline',
  ],
  'upto, @x402/evm 2.27.0': ['permit2-upto', 'upto_facilitator_mismatch invalid_upto_evm_transaction_failed'],
  'auth-capture, Go and @x402/evm': [
    'auth-capture',
    'invalid_auth_capture_evm_extra invalid_auth_capture_evm_payload_format invalid_auth_capture_evm_signature invalid_auth_capture_evm_nonce_mismatch',
  ],
  Stellar: ['stellar', 'invalid_exact_stellar_payload_malformed'],
  'Circle Gateway': [
    undefined,
    `authorization_validity_too_short authorization_not_yet_valid authorization_expired address_mismatch amount_mismatch self_transfer
     unsupported_domain wallet_not_found`,
  ],
  OKX: [undefined, 'param_mismatch payer_blocked risk_address not_yet_valid onchain_error'],
  r402: [undefined, 'incompatible_settlement_mode settlement_aborted extension_echo_mismatch'],
  'the registry of 2026-08': [
    undefined,
    `missing_eip712_domain signature_invalid simulation_failed no_facilitator_for_network invalid_exact_evm_failed_to_get_asset_info
     facilitator_insufficient_balance account_frozen unsupported_version scheme_mismatch preflight_validation_failed
     unknown_settlement_error insufficient_facilitator_gas`,
  ],
}

describe.each(Object.entries(others))('%s', (_name, [rail, codes]) => {
  test.each(codes.split(/\s+/))('%s', (code) => {
    const answer = decodeRevert({ errorReason: code })
    expect(answer).toMatchObject({ kind: 'reason-code', code, known: true })
    expect(answer.kind === 'reason-code' && answer.rail).toBe(rail)
    // A code of our own rail means something, one of another may mean nothing here.
    if (rail === undefined) expect(answer.causes.length).toBeGreaterThan(0)
  })
})

test('what another scheme shares with EIP-3009 has its causes', () => {
  expect(decodeRevert('invalid_auth_capture_evm_nonce_mismatch').causes).toEqual(['nonce-not-bound'])
  expect(decodeRevert('invalid_auth_capture_evm_authorization_expired').cause).toBe('expired')
  expect(decodeRevert('invalid_auth_capture_evm_token_mismatch').cause).toBe('asset-mismatch')
  expect(decodeRevert('invalid_auth_capture_evm_signature').causes).toContain('domain-name-mismatch')
  expect(decodeRevert('invalid_siwx_signature')).toMatchObject({ kind: 'reason-code', known: true, causes: [] })
})

test('MPP: a problem by its type, and by its detail what it is', () => {
  const problem = (detail: string): object => ({
    type: 'https://paymentauth.org/problems/verification-failed',
    title: 'Verification Failed',
    status: 402,
    detail: `Payment verification failed: ${detail}.`,
  })
  for (const [detail, cause] of [
    ['EVM authorization challenge hash mismatch', 'nonce-not-bound'],
    ['EVM authorization recipient mismatch', 'recipient-mismatch'],
    ['EVM authorization has expired', 'expired'],
    ['EVM authorization is not valid yet', 'not-yet-valid'],
  ] as const) {
    for (const input of [problem(detail), JSON.stringify(problem(detail)), `402 ${JSON.stringify(problem(detail))}`])
      expect([detail, decodeRevert(input).cause]).toEqual([detail, cause])
  }
  expect(decodeRevert({ type: 'https://paymentauth.org/problems/invalid-challenge', status: 402 })).toMatchObject({
    kind: 'reason-code',
    code: 'invalid-challenge',
    rail: 'mpp-charge',
  })
})

test('a settlement that is pending keeps its transaction, and asks for no new signature', () => {
  const transaction = `0x${'34'.repeat(32)}` as const
  for (const answer of [
    { success: false, errorReason: 'settlement_pending', transaction, network: 'eip155:8453' },
    JSON.stringify({ success: false, errorReason: 'settlement_pending', transaction, network: 'eip155:8453' }),
  ])
    expect(decodeRevert(answer)).toMatchObject({ code: 'settlement_pending', transaction, retry: 'send-same' })
})

test("a fault that is not the likeliest cause's own", () => {
  for (const code of ['missing_eip712_domain', 'invalid_exact_evm_missing_eip712_domain']) expect(decodeRevert(code).party).toBe('server')
  expect(decodeRevert('insufficient_facilitator_gas')).toMatchObject({ cause: 'facilitator-out-of-gas-money', party: 'facilitator' })
})

test('codes have the form of codes, and no code is listed twice', () => {
  const codes = knownReasons.map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
  for (const code of codes) expect(isReasonForm(code) || ['expired', 'unauthorized', 'forbidden'].includes(code), code).toBe(true)
  for (const { code, causes } of knownReasons) expect(new Set(causes).size, code).toBe(causes.length)
})

test('twelve causes that the reference facilitator answers with one code (measured)', () => {
  expect(findReason('invalid_exact_evm_signature')?.causes).toEqual(
    expect.arrayContaining([
      'domain-name-mismatch',
      'domain-version-mismatch',
      'chain-id-mismatch',
      'verifying-contract-mismatch',
      'facilitator-config-drift',
      'signer-not-owner',
      'message-altered',
      'v-flipped',
      'compact-eip2098',
      'eip712domain-type-missing',
      'primary-type-mismatch',
      'eip7702-payer',
    ]),
  )
})

test('what the reference facilitator hides behind a failed simulation (measured)', () => {
  expect(findReason('invalid_exact_evm_transaction_simulation_failed')?.causes).toEqual(
    expect.arrayContaining(['v-0-or-1', 'high-s', 'blacklisted', 'paused', 'insufficient-balance', 'domain-name-mismatch']),
  )
})

test("Go's names say the same as npm's", () => {
  for (const { code, causes } of knownReasons) {
    if (!code.startsWith('invalid_exact_svm_')) continue
    expect(findReason(code.replace('_svm_', '_solana_'))?.causes).toEqual(causes)
  }
})

test('detail after the code is no part of it', () => {
  expect(findReason('invalid_exact_svm_smart_wallet_program_not_allowed: Sysvar1111')?.code).toBe(
    'invalid_exact_svm_smart_wallet_program_not_allowed',
  )
  expect(findReason('contract_call_failed (ref: 8f14e45f)')?.code).toBe('contract_call_failed')
})

test('a code that nobody is known to use is kept as it is', () => {
  expect(findReason('invalid_exact_evm_moon_phase')).toBeUndefined()
  expect(decodeRevert('invalid_exact_evm_moon_phase')).toMatchObject({
    kind: 'reason-code',
    known: false,
    facilitators: [],
    causes: [],
    retry: 'unknown',
  })
  expect(decodeRevert({ invalidReason: 'out_of_cheese: error' })).toMatchObject({
    kind: 'reason-code',
    code: 'out_of_cheese',
    known: false,
  })
})

test('the chain leaves the other kind of cause out', () => {
  const code = { invalidReason: 'recipient_mismatch' }
  expect(decodeRevert(code).causes).toContain('svm-recipient-mismatch')
  expect(decodeRevert(code, { chain: 'evm' }).causes).toEqual(['recipient-mismatch', 'accepted-mismatch'])
  const onSolana = decodeRevert('transaction_simulation', { chain: 'svm' }).causes
  // A facilitator's settings and its node are the same thing on both.
  expect(onSolana.filter((id) => !id.startsWith('svm-'))).toEqual([
    'facilitator-config-drift',
    'network-mismatch',
    'rpc-wrong-chain',
    'rpc-fault',
  ])
  expect(decodeRevert('transaction_simulation', { chain: 'evm' }).causes).not.toContain('svm-blockhash-expired')
})

test('after these the money may have moved', () => {
  for (const code of [
    'invalid_exact_evm_failed_to_get_receipt',
    'settle_exact_svm_transaction_confirmation_timed_out',
    'duplicate_settlement',
  ]) {
    expect(decodeRevert(code).retry, code).toBe('unknown')
  }
})
