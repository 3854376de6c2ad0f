import type { SvmCheck } from '../../causes/svm-check.ts'
import type { SvmSlip } from '../../solana/transaction/payment.ts'
import type { CheckRow, Profile } from '../profile/profile.ts'

export type SvmCheckRow = CheckRow<SvmCheck>

export interface SvmRules {
  readonly instructions: { readonly least: number; readonly most: number } | null
  /** `fixed`: limit, price and transfer are instructions 0, 1 and 2. `anywhere`: once each, in any place. */
  readonly places: 'fixed' | 'anywhere'
  /** Whether the payee's token account may be created in front of the transfer. */
  readonly creation: boolean
  /** Compute units, and microlamports a unit; null for no cap. */
  readonly mostUnits: number | null
  readonly mostPrice: bigint | null
  readonly amount: 'exact' | 'at-least'
  /** Whether the simulation has the node check the signatures. */
  readonly simulatesSigned: boolean
  readonly refusedSlips: readonly SvmSlip[]
  /** Whether bytes behind the transaction are taken for part of the signed message, so that no signature fits. */
  readonly signsTrailingBytes: boolean
}

/** One implementation, in a range of versions that behave alike. */
export interface SvmProfile extends Profile<SvmCheck, SvmRules> {
  /** The network that its limits are for; every one where absent. */
  readonly network?: 'solana' | 'solana-devnet'
  /** What becomes of a payment that passes `/verify` although the payer has not signed it; null where that can not be. */
  readonly settlesUnsigned: { readonly missing: string; readonly invalid: string } | null
}

const payload = 'invalid_exact_svm_payload_'
const scheme = 'invalid_exact_svm_'
const solana = 'invalid_exact_solana_'
/** What is no base64 to anybody. */
const foreign = ['url-alphabet', 'percent-encoded', 'hex', 'byte-list'] as const
const strict = [...foreign, 'unpadded', 'line-breaks'] as const
/** @solana/kit decodes for all of the TypeScript ones: it leaves = out before it looks at the letters, so that padding does not matter. Run with 2.10 and 2.27. */
const kit = [...foreign, 'line-breaks'] as const
/** Go's and Python's decoders skip line breaks; Python's skips whatever is not of the alphabet, so that base64url comes out as something else. */
const skipping = [...foreign, 'unpadded'] as const

/** The transfer's own checks of the TypeScript facilitators since 2.0, in their order. */
const transferRows = (prefix: string, amount: string): readonly SvmCheckRow[] => [
  ['transfer', `${prefix}no_transfer_instruction`],
  ['fee-payer-authority', `${prefix}transaction_fee_payer_transferring_funds`],
  ['mint', `${prefix}mint_mismatch`],
  ['recipient', `${prefix}recipient_mismatch`],
  ['amount', `${prefix}amount_${amount}`],
  ['extra-instructions', `${prefix}unknown_{}_instruction`],
]

const layoutRows = (prefix: string): readonly SvmCheckRow[] => [
  ['instruction-count', `${prefix}transaction_instructions_length`],
  ['compute-limit', `${prefix}transaction_instructions_compute_limit_instruction`],
  ['compute-price', `${prefix}transaction_instructions_compute_price_instruction`],
]
const priceCap = (prefix: string): SvmCheckRow => [
  'compute-price-cap',
  `${prefix}transaction_instructions_compute_price_instruction_too_high`,
]

const fixed: SvmRules = {
  instructions: { least: 3, most: 6 },
  places: 'fixed',
  creation: false,
  mostUnits: null,
  mostPrice: 5_000_000n,
  amount: 'exact',
  simulatesSigned: true,
  refusedSlips: strict,
  signsTrailingBytes: false,
}

/** x402-rs answers almost everything with one code, and says in words which check it was. */
const rs = 'transaction_simulation'

const legacy = {
  family: 'x402-v1',
  x402Version: 1,
  known: 'read',
  settlesUnsigned: null,
} as const

const legacyTransfer: readonly SvmCheckRow[] = [
  ['recipient', `${payload}transaction_transfer_to_incorrect_ata`],
  ['source-exists', `${payload}transaction_sender_ata_not_found`],
  ['destination-exists', `${payload}transaction_receiver_ata_not_found`],
  ['amount', `${payload}transaction_amount_mismatch`],
  ['simulation', `${payload}transaction_simulation_failed`],
]

const fork = {
  family: 'x402-rs-fork',
  versions: '1.81.0 (5ac0638, August 2026)',
  known: 'read',
  source: 'github.com/UltravioletaDAO/x402-rs, src/chain/solana.rs: verify_compute_budget_instructions, verify_transfer',
  // The preflight of the node finds what the simulation was told not to look at.
  settlesUnsigned: { missing: 'unexpected_settle_error', invalid: 'contract_call_failed' },
  checks: [
    ['network', 'invalid_network'],
    ['decode', ''],
    ['decode-message', ''],
    ['compute-limit', '{}_compute_unit_limit_instruction'],
    ['compute-limit-cap', 'compute unit limit exceeds facilitator maximum'],
    ['compute-price', '{}_compute_unit_price_instruction'],
    ['compute-price-cap', 'compute unit price exceeds facilitator maximum'],
    ['lookup-tables', 'invalid_account_index'],
    ['fee-payer-isolated', `${payload}transaction_fee_payer_included_in_instruction_accounts`],
    ['fee-payer-signs', 'fee_payer_not_in_transaction_signers'],
    ['simulation', `${payload}transaction_simulation_failed`],
    ['some-transfer', 'no_valid_transfer_instruction_found'],
  ],
} as const

const forkRules: SvmRules = {
  ...fixed,
  instructions: null,
  places: 'anywhere',
  creation: true,
  mostUnits: 400_000,
  mostPrice: 1_000_000n,
  simulatesSigned: false,
}

/** Every implementation that is known, in the order of a report. `extra.feePayer` is taken for a key of the facilitator that is asked. */
export const svmProfiles: readonly SvmProfile[] = [
  {
    id: 'spec',
    name: 'the specification',
    family: null,
    versions: '0dcf5e9 (x402-foundation, 2026)',
    known: 'read',
    source: 'github.com/x402-foundation/x402, specs/schemes/exact/scheme_exact_svm.md: sections 1, 2.1 and 3.2',
    // The outcome counts, in whatever instructions: caps (400,000 units and 50,000 microlamports) and lists of programs are recommended to sponsors only.
    rules: { ...fixed, instructions: null, places: 'anywhere', creation: true, mostPrice: null, amount: 'at-least' },
    checks: [
      ['network', ''],
      ['fee-payer-offered', ''],
      ['decode', ''],
      ['decode-message', ''],
      ['fee-payer-first', ''],
      ['fee-payer-isolated', ''],
      ['signer-count', ''],
      ['one-transfer', ''],
      ['destination-exists', ''],
      ['memo', ''],
      ['simulation', ''],
    ],
    settlesUnsigned: null,
  },
  {
    id: 'spec-2026-04',
    name: 'the specification of April 2026',
    family: null,
    versions: 'dd927a2 (2026-04-21)',
    known: 'read',
    source: 'github.com/coinbase/x402, specs/schemes/exact/scheme_exact_svm.md',
    rules: fixed,
    // It asks that the transfer succeeds, which a simulation shows; the signature, decimals and blockhash have no rule of their own.
    checks: [
      ['network', ''],
      ['fee-payer-offered', ''],
      ['decode', ''],
      ['decode-message', ''],
      ['instruction-count', ''],
      ['fee-payer-first', ''],
      ['fee-payer-authority', ''],
      ['fee-payer-isolated', ''],
      ['compute-limit', ''],
      ['compute-price', ''],
      ['compute-price-cap', ''],
      ['transfer', ''],
      ['mint', ''],
      ['recipient', ''],
      ['source-exists', ''],
      ['destination-exists', ''],
      ['amount', ''],
      ['extra-instructions', ''],
      ['memo', ''],
      ['simulation', ''],
    ],
    settlesUnsigned: null,
  },
  {
    id: 'x402-svm-2.27',
    name: '@x402/svm 2.27',
    family: 'x402-svm',
    x402Version: 2,
    versions: '2.27.0, without enableSmartWalletVerification',
    known: 'run',
    source: 'npm @x402/svm 2.27.0, dist/esm/exact/facilitator: scheme.ts, signatureVerification.ts, errors.ts',
    rules: { ...fixed, refusedSlips: kit, instructions: { least: 3, most: 7 }, simulatesSigned: false, signsTrailingBytes: true },
    checks: [
      ['network', `${scheme}network_mismatch`],
      ['fee-payer-offered', `${payload}missing_fee_payer`],
      ['decode', `${payload}transaction_could_not_be_decoded`],
      ['decode-message', `${payload}transaction_could_not_be_decoded`],
      ['fee-payer-first', `${scheme}fee_payer_mismatch`],
      ['signatures', `${payload}signature_invalid`],
      ['lookup-tables', `${scheme}smart_wallet_alt_resolution_failed`],
      ...layoutRows(payload),
      priceCap(payload),
      ...transferRows(payload, 'mismatch'),
      ['memo', `${payload}memo_{}`],
      ['simulation', `${scheme}transaction_simulation_failed`],
    ],
    settlesUnsigned: null,
  },
  {
    // It has a scheme of its own for bodies of version 1, with the older count.
    id: 'x402-svm-2.27-v1',
    name: '@x402/svm 2.27 (v1)',
    family: 'x402-svm',
    x402Version: 1,
    versions: '2.27.0',
    known: 'run',
    source: 'npm @x402/svm 2.27.0, dist/esm/exact/v1/facilitator: scheme.ts',
    rules: { ...fixed, refusedSlips: kit, simulatesSigned: false, signsTrailingBytes: true },
    checks: [
      ['network', 'network_mismatch'],
      ['fee-payer-offered', `${payload}missing_fee_payer`],
      ['decode', `${payload}transaction_could_not_be_decoded`],
      ['decode-message', `${payload}transaction_could_not_be_decoded`],
      ['fee-payer-first', `${scheme}fee_payer_mismatch`],
      ['signatures', `${payload}signature_invalid`],
      ['lookup-tables', `${payload}transaction_could_not_be_decoded`],
      ...layoutRows(payload),
      priceCap(payload),
      ...transferRows(payload, 'mismatch'),
      ['memo', `${payload}memo_{}`],
      ['simulation', 'transaction_simulation_failed'],
    ],
    settlesUnsigned: null,
  },
  {
    id: 'x402-svm-2.10',
    name: '@x402/svm 2.10',
    family: 'x402-svm',
    versions: '2.10 to 2.12',
    known: 'run',
    source: 'npm @x402/svm 2.10.0, dist/esm/exact/facilitator: scheme.ts',
    // It reads the price from the wrong place, so that its cap of 5,000,000 never fires; github.com/coinbase/x402 pull 2478.
    rules: { ...fixed, refusedSlips: kit, mostPrice: null, signsTrailingBytes: true },
    checks: [
      ['network', 'network_mismatch'],
      ['fee-payer-offered', `${payload}missing_fee_payer`],
      ['decode', `${payload}transaction_could_not_be_decoded`],
      // It throws at both: the code is what a server makes of that.
      ['decode-message', ''],
      ['lookup-tables', ''],
      ...layoutRows(payload),
      ...transferRows(payload, 'mismatch'),
      ['memo', `${payload}memo_{}`],
      ['fee-payer-first', 'transaction_simulation_failed'],
      ['simulation', 'transaction_simulation_failed'],
    ],
    settlesUnsigned: null,
  },
  {
    ...legacy,
    id: 'x402-1.2',
    name: 'x402 (npm) 0.7.3 to 1.2',
    versions: '0.7.3 to 1.2.0',
    source: 'npm x402 1.2.0, src/schemes/exact/svm/facilitator/verify.ts',
    rules: { ...fixed, refusedSlips: kit, instructions: { least: 3, most: 3 }, signsTrailingBytes: true },
    checks: [
      ['network', 'invalid_network'],
      ['decode', 'unexpected_verify_error'],
      ['decode-message', 'unexpected_verify_error'],
      ['lookup-tables', 'unexpected_verify_error'],
      ...layoutRows(payload),
      priceCap(payload),
      ['fee-payer-isolated', `${payload}transaction_fee_payer_included_in_instruction_accounts`],
      ['transfer', `${payload}transaction_{}`],
      ['fee-payer-authority', `${payload}transaction_fee_payer_transferring_funds`],
      ['fee-payer-first', 'unexpected_verify_error'],
      ...legacyTransfer,
    ],
  },
  {
    ...legacy,
    id: 'x402-0.7.0',
    name: 'x402 (npm) 0.6 to 0.7.0',
    versions: '0.6.1 to 0.7.0',
    source: 'npm x402 0.7.0, src/schemes/exact/svm/facilitator/verify.ts',
    // Three instructions, or four with the creation of the payee's token account as the third.
    rules: { ...fixed, refusedSlips: kit, instructions: { least: 3, most: 4 }, creation: true, signsTrailingBytes: true },
    checks: [
      ['network', 'invalid_network'],
      ['decode', 'unexpected_verify_error'],
      ['decode-message', 'unexpected_verify_error'],
      ['lookup-tables', 'unexpected_verify_error'],
      ...layoutRows(payload),
      priceCap(payload),
      ['token-account-creation', `${payload}transaction_create_ata_instruction`],
      ['transfer', `${payload}transaction_{}`],
      ...legacyTransfer,
    ],
  },
  {
    id: 'x402-rs-2.0',
    name: 'x402-rs 2.0',
    family: 'x402-rs',
    versions: '2.0.1 (de2e55b, 2026-06-19)',
    known: 'read',
    source: 'github.com/x402-rs/x402-rs, crates/chains/x402-chain-solana/src/v1_solana_exact/facilitator.rs: verify_transaction',
    rules: { ...fixed, instructions: { least: 3, most: 10 }, mostUnits: 400_000, mostPrice: 1_000_000n, simulatesSigned: false },
    checks: [
      ['accepted-equal', 'accepted_requirements_mismatch'],
      ['network', 'unsupported_chain'],
      ['fee-payer-offered', 'invalid_format'],
      ['decode', 'invalid_format', 'Can not decode transaction'],
      ['decode-message', 'invalid_format', 'Can not decode transaction'],
      ['compute-limit', rs, 'Invalid compute limit instruction'],
      ['compute-limit-cap', rs, 'Compute unit limit exceeds facilitator maximum'],
      ['compute-price', rs, 'Invalid compute price instruction'],
      ['compute-price-cap', rs, 'Compute unit price exceeds facilitator maximum'],
      ['instruction-count', rs, '{}'],
      ['token-account-creation', rs, 'CreateATA instruction not supported - destination ATA must exist'],
      ['extra-instructions', rs, 'Program not in allowed list'],
      ['lookup-tables', rs, 'No account at index'],
      ['transfer', rs, 'Invalid token instruction'],
      ['fee-payer-authority', rs, 'Fee payer found transferring funds'],
      ['mint', 'asset_mismatch'],
      ['recipient', 'recipient_mismatch'],
      ['source-exists', rs, 'Missing sender account in transaction'],
      // The code of a wrong recipient, for a right one that has no account.
      ['destination-exists', 'recipient_mismatch'],
      ['amount', 'invalid_payment_amount'],
      ['fee-payer-isolated', rs, 'Fee payer included in instruction accounts'],
      ['fee-payer-signs', rs],
      ['simulation', rs],
    ],
    settlesUnsigned: { missing: 'unexpected_error', invalid: 'unexpected_error' },
  },
  { ...fork, id: 'x402-rs-fork-mainnet', name: "Ultravioleta's x402-rs", network: 'solana', rules: forkRules },
  {
    ...fork,
    id: 'x402-rs-fork-devnet',
    name: "Ultravioleta's x402-rs",
    network: 'solana-devnet',
    rules: { ...forkRules, mostUnits: 200_000, mostPrice: 100_000n },
  },
  {
    id: 'x402-go-2',
    name: 'x402 Go v2',
    family: 'x402-go',
    versions: 'module github.com/x402-foundation/x402/go/v2, 2026',
    known: 'read',
    source: 'github.com/x402-foundation/x402, go/mechanisms/svm/exact/facilitator: scheme.go, signature_verification.go, errors.go',
    rules: {
      ...fixed,
      instructions: { least: 3, most: 7 },
      simulatesSigned: false,
      refusedSlips: skipping,
    },
    checks: [
      ['network', `${solana}network_mismatch`],
      ['fee-payer-offered', `${solana}payload_missing_fee_payer`],
      ['decode', `${solana}payload_transaction_could_not_be_decoded`],
      ['decode-message', `${solana}payload_transaction_could_not_be_decoded`],
      ['fee-payer-first', `${solana}fee_payer_mismatch`],
      ['signatures', `${solana}payload_signature_invalid`],
      ['lookup-tables', `${solana}smart_wallet_alt_resolution_failed`],
      ...layoutRows(`${solana}payload_`),
      priceCap(`${solana}payload_`),
      ...transferRows(`${solana}payload_`, 'mismatch'),
      ['memo', `${solana}payload_memo_{}`],
      ['simulation', `${solana}transaction_simulation_failed`],
    ],
    settlesUnsigned: null,
  },
  {
    id: 'x402-go-1',
    name: 'x402 Go v1',
    family: 'x402-go',
    versions: '0af5f32 (2026), before version 2',
    known: 'read',
    source: 'github.com/coinbase/x402, go/mechanisms/svm/exact/facilitator/scheme.go',
    rules: { ...fixed, amount: 'at-least', refusedSlips: skipping },
    checks: [
      ['network', `${solana}network_mismatch`],
      ['fee-payer-offered', `${solana}payload_missing_fee_payer`],
      ['decode', `${solana}payload_transaction_could_not_be_decoded`],
      ['decode-message', `${solana}payload_transaction_could_not_be_decoded`],
      // It looks for the payer first, and can not read its accounts.
      ['lookup-tables', `${solana}payload_no_transfer_instruction`],
      ...layoutRows(`${solana}payload_`),
      priceCap(`${solana}payload_`),
      ...transferRows(`${solana}payload_`, 'insufficient'),
      ['fee-payer-signs', `${solana}transaction_signing_failed`],
      ['simulation', `${solana}transaction_simulation_failed`],
    ],
    settlesUnsigned: null,
  },
  {
    id: 'x402-python',
    name: 'x402 Python',
    family: 'x402-go',
    versions: '6e21b29 (2026), before guards were allowed anywhere',
    known: 'read',
    source: 'github.com/coinbase/x402, python/x402/mechanisms/svm: exact/facilitator.py, signers.py, constants.py',
    // Its base64 decoder skips what is not of the alphabet, so that lines are read and base64url is not.
    rules: { ...fixed, amount: 'at-least', refusedSlips: skipping },
    checks: [
      ['network', 'network_mismatch'],
      ['fee-payer-offered', `${payload}missing_fee_payer`],
      ['decode', `${payload}transaction_could_not_be_decoded`],
      ['decode-message', `${payload}transaction_could_not_be_decoded`],
      // An index out of range, which nobody catches.
      ['lookup-tables', ''],
      ...layoutRows(payload),
      priceCap(payload),
      ['transfer', `${payload}no_transfer_instruction`],
      ['extra-instructions', `${payload}unknown_{}_instruction`],
      ['fee-payer-authority', `${payload}transaction_fee_payer_transferring_funds`],
      ['mint', `${payload}mint_mismatch`],
      ['recipient', `${payload}recipient_mismatch`],
      ['amount', `${payload}amount_insufficient`],
      // It signs every message as one of version 0, and puts the signature into the first slot whoever's that is.
      ['message-version', 'transaction_simulation_failed'],
      ['fee-payer-first', 'transaction_simulation_failed'],
      ['simulation', 'transaction_simulation_failed'],
    ],
    settlesUnsigned: null,
  },
]
