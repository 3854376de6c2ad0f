import type { CauseEntry } from './cause.ts'
import { thread, x402ExactSvm } from './reference.ts'

const associatedAccounts = {
  title: 'Solana: token accounts',
  url: 'https://solana.com/docs/tokens/basics/create-token-account',
} as const

const transactions = { title: 'Solana: transactions', url: 'https://solana.com/docs/core/transactions' } as const
const fees = { title: 'Solana: fees and compute', url: 'https://solana.com/docs/core/fees' } as const

/** What a simulation that fails is called, whatever failed in it. */
const simulationFailed = [
  'transaction_simulation_failed',
  'invalid_exact_svm_transaction_simulation_failed',
  'invalid_exact_svm_payload_transaction_simulation_failed',
] as const

/**
 * Section 8: the exact scheme on Solana. A transaction is bound to a blockhash that lives for 150 blocks, 60 to 90 seconds, so
 * nearly every fix ends in a new signature: `fix-first` stands where something outside the transaction has to change before that.
 */
export const solanaCauses = {
  'svm-instruction-layout': {
    title: 'The transaction has other instructions than the scheme allows',
    parties: ['client', 'wallet', 'facilitator'],
    meaning:
      'The scheme wants a compute limit, a compute price and one TransferChecked, in this order, then only Lighthouse or Memo instructions. Facilitators count differently: exactly 3 in the old one, 3 to 6 by the specification, 3 to 7 in newer ones. A plain Transfer is not TransferChecked. Such a transaction would succeed on chain; it is refused by policy.',
    proof: { needs: ['payload'], how: "Program ids and discriminators of the instructions, in order, against the facilitator's rule." },
    fix: 'Build exactly limit, price, TransferChecked and a Memo. For an old facilitator leave the Memo out.',
    retry: 'sign-again',
    reports: {
      token: [],
      facilitator: [
        'invalid_exact_svm_payload_transaction_instructions_length',
        'invalid_exact_svm_payload_no_transfer_instruction',
        'invalid_exact_svm_payload_transaction_not_a_transfer_instruction',
        'invalid_exact_svm_payload_unknown_fourth_instruction',
        'no_valid_transfer_instruction_found',
      ],
    },
    references: [x402ExactSvm, thread(2097, 'the instruction cap and wallets that add guards')],
    related: ['svm-wallet-injected-instructions', 'svm-creates-token-account', 'svm-memo-mismatch', 'svm-compute-limit'],
  },
  'svm-compute-limit': {
    title: 'The compute limit is missing, misplaced or out of range',
    parties: ['client', 'facilitator'],
    meaning:
      'The first instruction is not a SetComputeUnitLimit, or its number is above the facilitator\'s cap or below what the transfer uses. Caps are not in the specification: 400,000 units at x402-rs, between 20,000 and 100,000 at the hosted one since August 2026. Too low a limit fails in simulation with "exceeded CUs meter".',
    proof: {
      needs: ['payload', 'replay'],
      how: "The first instruction's program, discriminator and value; with a replay, the units that the transfer uses.",
    },
    fix: 'Put SetComputeUnitLimit first, with about 20,000 units for a plain transfer and a memo.',
    retry: 'sign-again',
    reports: {
      token: ['ComputationalBudgetExceeded', 'ProgramFailedToComplete'],
      facilitator: [
        'invalid_exact_svm_payload_transaction_instructions_compute_limit_instruction',
        'invalid_exact_svm_payload_transaction_instructions_compute_limit_instruction_too_high',
        'missing_compute_unit_limit_instruction',
      ],
    },
    references: [x402ExactSvm, thread(3268, 'a compute limit of about 20,000 is required'), fees],
    related: ['svm-compute-price', 'svm-instruction-layout'],
  },
  'svm-compute-price': {
    title: 'The compute price is missing, misplaced or above the cap',
    parties: ['client', 'facilitator'],
    meaning:
      "The second instruction is not a SetComputeUnitPrice, or asks for more than the facilitator pays. The specification's cap is 5,000,000 microlamports a unit; x402-rs takes 1,000,000 and one fork 100,000 on devnet, so a client that follows the specification is refused there.",
    proof: { needs: ['payload'], how: "The second instruction's program, discriminator and value against the facilitator's cap." },
    fix: 'Put SetComputeUnitPrice second, with 1 microlamport unless the network is busy.',
    retry: 'sign-again',
    reports: {
      token: ['InsufficientFundsForFee'],
      facilitator: [
        'invalid_exact_svm_payload_transaction_instructions_compute_price_instruction',
        'invalid_exact_svm_payload_transaction_instructions_compute_price_instruction_too_high',
        'missing_compute_unit_price_instruction',
      ],
    },
    references: [x402ExactSvm, thread(2478, 'a cap that never fired', 'pull'), thread(3120, 'limits that operators can set', 'pull')],
    related: ['svm-compute-limit', 'svm-fee-payer-funds'],
  },
  'svm-fee-payer-mismatch': {
    title: "The fee payer is not the facilitator's",
    parties: ['client', 'server'],
    meaning:
      "The transaction's first key is not the feePayer of the offer, or the offer's feePayer is not one that this facilitator signs for. Facilitators rotate their keys and choose one at random, so an offer that was cached names a stale one.",
    proof: { needs: ['payload', 'logs'], how: 'Key 0 of the message against extra.feePayer, and that against the signers in /supported.' },
    fix: "Server: read feePayer from /supported when the offer is made. Client: make the offer's feePayer the payer of the transaction.",
    retry: 'sign-again',
    reports: {
      token: [],
      facilitator: [
        'invalid_exact_svm_fee_payer_mismatch',
        'fee_payer_not_managed_by_facilitator',
        'invalid_exact_svm_fee_payer_not_managed_by_facilitator',
        'invalid_exact_svm_payload_missing_fee_payer',
        'fee_payer_not_in_transaction_signers',
      ],
    },
    references: [x402ExactSvm],
    related: ['svm-fee-payer-in-instructions', 'svm-signature-missing'],
  },
  'svm-fee-payer-in-instructions': {
    title: 'The fee payer appears in an instruction',
    parties: ['client', 'wallet'],
    meaning:
      "An instruction lists the facilitator's fee payer among its accounts. The scheme forbids it, because the fee payer signs the whole transaction and could be made to sign something of its own. Wallet guards that watch the fee payer's balance do this without the client's doing. @x402/svm does not look at it; x402-rs, its fork and the old npm package x402 refuse.",
    proof: { needs: ['payload'], how: 'Key 0 is in the account list of an instruction.' },
    fix: 'Build the instructions without the fee payer. If a wallet added it, sign with one that does not, or with a local key.',
    retry: 'sign-again',
    reports: {
      token: [],
      facilitator: [
        'invalid_exact_svm_payload_transaction_fee_payer_included_in_instruction_accounts',
        'invalid_exact_svm_smart_wallet_fee_payer_not_isolated',
      ],
    },
    references: [x402ExactSvm, thread(2097, 'guards of wallets')],
    related: ['svm-fee-payer-transfers', 'svm-wallet-injected-instructions'],
  },
  'svm-fee-payer-transfers': {
    title: 'The fee payer would pay the transfer',
    parties: ['client'],
    meaning:
      "The authority or source of the TransferChecked is the facilitator's fee payer, so the facilitator would pay with its own tokens. Mostly the client passed the fee payer where the payer belongs. Some facilitators would be robbed by it; all others refuse.",
    proof: { needs: ['payload'], how: "The TransferChecked's authority or source owner is key 0." },
    fix: "Set the payer's own key as authority and its own token account as source.",
    retry: 'sign-again',
    reports: { token: [], facilitator: ['invalid_exact_svm_payload_transaction_fee_payer_transferring_funds'] },
    references: [x402ExactSvm],
    related: ['svm-fee-payer-in-instructions', 'svm-authority-mismatch'],
  },
  'svm-mint-mismatch': {
    title: "The transfer moves another token than the offer's",
    parties: ['client', 'server'],
    meaning:
      "The mint in the TransferChecked is not the asset of the offer: the other cluster's USDC, USDT, or a Token-2022 mint. With accounts that belong together it succeeds on chain and pays the wrong token; with mixed accounts the token program says MintMismatch.",
    proof: { needs: ['payload'], how: "The mint's key against the offer's asset." },
    fix: 'Use the asset of the offer, and derive both token accounts from it.',
    retry: 'sign-again',
    reports: {
      token: ['Custom(3)', 'Account not associated with this Mint'],
      facilitator: ['invalid_exact_svm_payload_mint_mismatch', 'asset_mismatch', 'no_valid_transfer_instruction_found'],
    },
    references: [x402ExactSvm, associatedAccounts],
    related: ['svm-wrong-cluster', 'svm-recipient-mismatch', 'svm-decimals-mismatch'],
  },
  'svm-recipient-mismatch': {
    title: "The destination is not the payee's token account",
    parties: ['client', 'server'],
    meaning:
      "The transfer's destination is not the associated token account of payTo for this mint: the wallet address was used as it is, another owner, or the account of the other token program (SPL against Token-2022). payTo may itself be a token account (the address that an explorer shows for the payee's USDC): the account derived from it lies inside it, where no wallet shows it, and only the associated token program's RecoverNested gets tokens out of it again.",
    proof: {
      needs: ['payload'],
      how: 'The destination against the address derived from payTo, token program and mint, for both programs.',
    },
    fix: "Derive the destination from payTo, the mint and the mint's own program. payTo must be a wallet's address: where it is a token account, the server puts that account's owner there, and nothing is sent until it has.",
    retry: 'sign-again',
    reports: {
      token: [],
      facilitator: [
        'invalid_exact_svm_payload_recipient_mismatch',
        'invalid_exact_svm_payload_transaction_transfer_to_incorrect_ata',
        'recipient_mismatch',
        'no_valid_transfer_instruction_found',
      ],
    },
    references: [x402ExactSvm, associatedAccounts],
    related: ['svm-destination-account-missing', 'svm-destination-owner-changed', 'svm-mint-mismatch'],
  },
  'svm-amount-mismatch': {
    title: "The transfer's amount is not the offer's",
    parties: ['client', 'server'],
    meaning:
      "The amount in the TransferChecked differs from the offer's. The specification wants it exact; the Python facilitator, and the Go one before version 2, also take more. It would succeed on chain.",
    proof: { needs: ['payload'], how: "The amount in the instruction's data against the offer's." },
    fix: "Transfer exactly the offer's amount, in atomic units.",
    retry: 'sign-again',
    reports: {
      token: [],
      facilitator: [
        'invalid_exact_svm_payload_amount_mismatch',
        'invalid_exact_svm_payload_transaction_amount_mismatch',
        'invalid_exact_svm_payload_amount_insufficient',
        'invalid_payment_amount',
        'no_valid_transfer_instruction_found',
      ],
    },
    references: [x402ExactSvm],
    related: ['amount-units-wrong', 'svm-insufficient-funds'],
  },
  'svm-decimals-mismatch': {
    title: 'The transfer states the wrong number of decimals',
    parties: ['client'],
    meaning:
      "TransferChecked carries the mint's decimals, and the token program compares them. A client with 9 decimals for USDC, which has 6, fails in simulation with a number instead of a sentence.",
    proof: { needs: ['payload', 'rpc'], how: "The decimals byte against the mint's." },
    fix: 'Read the decimals from the mint. USDC has 6 on both clusters.',
    retry: 'sign-again',
    reports: { token: ['Custom(18)', 'decimals different from the Mint decimals'], facilitator: simulationFailed },
    references: [x402ExactSvm, associatedAccounts],
    related: ['svm-mint-mismatch', 'amount-units-wrong'],
  },
  'svm-source-account-missing': {
    title: 'The payer has no token account for this mint',
    parties: ['client'],
    meaning:
      "The payer's associated token account does not exist, so the payer has never held this token on this cluster. The token program's error is InvalidAccountData, the same as for a missing account of the payee.",
    proof: { needs: ['rpc', 'replay'], how: 'getAccountInfo of the source is null.' },
    fix: 'Fund the payer with the token, which creates the account, then build and sign a new transaction.',
    retry: 'fix-first',
    reports: {
      token: ['InvalidAccountData'],
      facilitator: [...simulationFailed, 'invalid_exact_svm_payload_transaction_sender_ata_not_found'],
    },
    references: [x402ExactSvm, associatedAccounts],
    related: ['svm-destination-account-missing', 'svm-insufficient-funds', 'svm-wrong-cluster'],
  },
  'svm-destination-account-missing': {
    title: 'The payee has no token account for this mint',
    parties: ['server'],
    meaning:
      "The payee's associated token account was never created, so nothing can be transferred to it. It is the most common real failure on Solana: the first payment to a new payTo. By design neither client nor facilitator creates it. The error, InvalidAccountData, does not say which of the two accounts is missing.",
    proof: { needs: ['rpc', 'replay'], how: 'getAccountInfo of the destination is null while the source exists.' },
    fix: 'The payee creates the account once (about 0.002 SOL of rent), for example with spl-token create-account. Then a new transaction is needed, because the blockhash will be old.',
    code: 'spl-token create-account EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v --owner <payTo> --fee-payer <key>',
    retry: 'fix-first',
    reports: {
      token: ['InvalidAccountData'],
      facilitator: [...simulationFailed, 'invalid_exact_svm_payload_transaction_receiver_ata_not_found', 'recipient_mismatch'],
    },
    references: [x402ExactSvm, thread(2802, "failing early when the payee's account does not exist", 'pull'), associatedAccounts],
    related: ['svm-source-account-missing', 'svm-creates-token-account', 'svm-recipient-mismatch'],
  },
  'svm-destination-owner-changed': {
    title: "The payee's token account belongs to someone else",
    parties: ['server'],
    meaning:
      'The account at the derived address has another owner than payTo: its authority was changed. The transfer succeeds and the money goes to the new owner. No facilitator is known to check this.',
    proof: { needs: ['rpc'], how: 'Bytes 32 to 64 of the destination account are not payTo.' },
    fix: "Do not take payments to this payTo until the account's owner is set back, or use another payTo.",
    retry: 'fix-first',
    reports: { token: [], facilitator: [] },
    references: [associatedAccounts, x402ExactSvm],
    related: ['svm-recipient-mismatch'],
  },
  'svm-insufficient-funds': {
    title: "The payer's token account does not hold the amount",
    parties: ['client'],
    meaning:
      'The source account has less than the amount. The token program says Custom(1), "insufficient funds"; the same number from the System program means lamports instead, so the failing program must be read with it.',
    proof: { needs: ['rpc', 'replay'], how: "The amount at bytes 64 to 72 of the source account is less than the transfer's." },
    fix: 'Fund the payer, then build and sign a new transaction.',
    retry: 'fix-first',
    reports: { token: ['Custom(1)', 'Error: insufficient funds'], facilitator: [...simulationFailed, 'insufficient_funds'] },
    references: [x402ExactSvm, associatedAccounts],
    related: ['svm-fee-payer-funds', 'svm-source-account-missing', 'svm-amount-mismatch'],
  },
  'svm-account-frozen': {
    title: 'The issuer has frozen one of the token accounts',
    parties: ['token'],
    meaning:
      "The payer's or the payee's token account is frozen by the mint's freeze authority. The token program says Custom(17). It is Solana's counterpart of a blacklist, and comes before the balance in the order of checks.",
    proof: { needs: ['rpc', 'replay'], how: 'Byte 108 of the account is 2.' },
    fix: "Do not retry. Use another payTo if it is the payee's; otherwise only the issuer can lift it.",
    retry: 'never',
    reports: { token: ['Custom(17)', 'Account is frozen'], facilitator: simulationFailed },
    references: [associatedAccounts, x402ExactSvm],
    related: ['blacklisted', 'svm-insufficient-funds'],
  },
  'svm-authority-mismatch': {
    title: 'The signer may not move the source account',
    parties: ['client', 'wallet'],
    meaning:
      "The authority of the transfer is neither the source account's owner nor a delegate with enough allowance. Signing with a second wallet account, or a source that belongs to a program, does this. The token program says Custom(4).",
    proof: { needs: ['rpc', 'replay'], how: 'Owner (bytes 32 to 64) and delegate (bytes 72 to 108) of the source against the authority.' },
    fix: 'Sign with the owner of the source account, or take the source that belongs to the signer.',
    retry: 'sign-again',
    reports: { token: ['Custom(4)', 'owner does not match'], facilitator: simulationFailed },
    references: [associatedAccounts, x402ExactSvm],
    related: ['signer-not-owner', 'svm-fee-payer-transfers'],
  },
  'svm-signature-missing': {
    title: 'The payer did not sign',
    parties: ['client', 'wallet'],
    meaning:
      "The payer's place among the signatures is empty, 64 zero bytes. Facilitators that simulate without checking signatures let it pass verify and fail at settle, which looks like their own fault.",
    proof: { needs: ['payload'], how: "The signature at the payer's index is all zeros." },
    fix: "Sign with the payer's key (partial signing) before encoding the transaction.",
    retry: 'sign-again',
    reports: {
      token: ['SignatureFailure'],
      facilitator: ['invalid_exact_svm_payload_signature_invalid', ...simulationFailed, 'unexpected_settle_error'],
    },
    references: [x402ExactSvm, transactions],
    related: ['svm-signature-invalid', 'svm-fee-payer-mismatch'],
  },
  'svm-signature-invalid': {
    title: "The payer's signature does not fit the message",
    parties: ['client', 'server', 'wallet'],
    meaning:
      'The message was changed after the payer signed it: a fresh blockhash, another fee payer, an added instruction, or a re-encoding on the way. Facilitators that skip the signature check pass it at verify, and the node refuses it at settle.',
    proof: { needs: ['payload'], how: "Ed25519 over the original message bytes fails for the payer's key." },
    fix: 'Sign last, and pass the signed bytes on unchanged.',
    retry: 'sign-again',
    reports: {
      token: ['SignatureFailure', 'Transaction signature verification failure'],
      facilitator: ['invalid_exact_svm_payload_signature_invalid', ...simulationFailed, 'contract_call_failed'],
    },
    references: [x402ExactSvm, transactions, thread(828, 'wallets that change the transaction while signing')],
    related: ['svm-signature-missing', 'svm-wallet-injected-instructions', 'message-altered'],
  },
  'svm-blockhash-expired': {
    title: "The transaction's blockhash is too old",
    parties: ['client', 'facilitator'],
    meaning:
      "A transaction is good for 150 blocks after its blockhash, 60 to 90 seconds. Signing by hand, a queue, or a `finalized` blockhash uses that time up. The same error comes when the blockhash is of another cluster, or newer than the facilitator's node has seen.",
    proof: { needs: ['rpc'], how: 'isBlockhashValid is false; getGenesisHash shows that the cluster is right.' },
    fix: "Take a fresh `confirmed` blockhash and sign again. First search for the old transaction by the payer's signature: if it landed, the payment was made.",
    retry: 'sign-again',
    reports: {
      token: ['BlockhashNotFound', 'Blockhash not found'],
      facilitator: [...simulationFailed, 'settle_exact_svm_block_height_exceeded'],
    },
    references: [transactions, thread(3325, 'a dead blockhash is final, a live one is pending', 'pull')],
    related: ['svm-already-processed', 'svm-wrong-cluster', 'settlement-unconfirmed'],
  },
  'svm-already-processed': {
    title: 'The transaction was settled already',
    parties: ['client', 'server', 'facilitator'],
    meaning:
      'The cluster has processed this very transaction, or the facilitator has seen the same message before. Two equal payments in one blockhash without a Memo are one transaction. The payee was paid once.',
    proof: { needs: ['rpc'], how: "A transaction of the source account carries the payer's signature at its index, with no error." },
    fix: 'Take the transaction found on chain as the settlement. For two equal purchases, give each its own Memo.',
    retry: 'never',
    reports: {
      token: ['AlreadyProcessed', 'This transaction has already been processed'],
      facilitator: ['duplicate_settlement', ...simulationFailed],
    },
    references: [x402ExactSvm, transactions],
    related: ['authorization-used', 'svm-memo-mismatch', 'svm-blockhash-expired'],
  },
  'svm-creates-token-account': {
    title: 'The transaction creates a token account',
    parties: ['client', 'facilitator'],
    meaning:
      "One instruction creates the payee's token account, at the facilitator's expense. Early clients built it so; today's facilitators refuse it, but for Ultravioleta's fork of x402-rs when the payer pays for it. When the account exists, the instruction that does not tolerate that fails with IllegalOwner.",
    proof: { needs: ['payload'], how: 'An instruction of the associated token account program.' },
    fix: 'Leave it out. The payee creates the account once, beforehand.',
    retry: 'sign-again',
    reports: {
      token: ['IllegalOwner', 'Provided owner is not allowed'],
      facilitator: [
        'invalid_exact_svm_payload_transaction_create_ata_instruction',
        'invalid_exact_svm_payload_no_transfer_instruction',
        'invalid_exact_svm_payload_transaction_instructions_length',
      ],
    },
    references: [x402ExactSvm, thread(2802, "who creates the payee's account", 'pull')],
    related: ['svm-destination-account-missing', 'svm-instruction-layout'],
  },
  'svm-memo-mismatch': {
    title: 'The memo is missing, doubled or another one',
    parties: ['client'],
    meaning:
      'The offer asks for a memo in extra.memo and the transaction has none, several, or another text. Without any memo, two equal payments in one blockhash are one transaction.',
    proof: { needs: ['payload'], how: "The Memo instructions' data against extra.memo, at most 256 bytes." },
    fix: "Add exactly one Memo with the offer's text, or with random bytes when the offer has none.",
    retry: 'sign-again',
    reports: { token: [], facilitator: ['invalid_exact_svm_payload_memo_mismatch', 'invalid_exact_svm_payload_memo_count'] },
    references: [x402ExactSvm],
    related: ['svm-already-processed', 'svm-instruction-layout'],
  },
  'svm-wallet-injected-instructions': {
    title: 'The wallet added instructions',
    parties: ['wallet', 'facilitator'],
    meaning:
      'Phantom, Solflare and others add Lighthouse guards on mainnet while signing. Depending on their number and place the facilitator counts too many instructions, finds a transfer where none should be, or sees the fee payer in an account list. On devnet, where the wallet adds nothing, the same client works.',
    proof: { needs: ['payload'], how: 'Instructions of the Lighthouse program (L2TExMFK…) in the signed transaction.' },
    fix: 'Settle through a facilitator that accepts such guards, or sign with a key that adds none. The payment itself is right.',
    retry: 'sign-again',
    reports: {
      token: ['InvalidProgramForExecution'],
      facilitator: [
        'invalid_exact_svm_payload_transaction_instructions_length',
        'invalid_exact_svm_payload_unknown_fourth_instruction',
        'invalid_exact_svm_payload_no_transfer_instruction',
        ...simulationFailed,
      ],
    },
    references: [
      thread(828, 'mainnet payments from wallets fail'),
      thread(991, 'Lighthouse instructions accepted', 'pull'),
      thread(2097, 'six instructions are not enough'),
    ],
    related: ['svm-instruction-layout', 'svm-fee-payer-in-instructions', 'svm-signature-invalid'],
  },
  'svm-lookup-table-unresolved': {
    title: 'The transaction uses a lookup table',
    parties: ['client', 'facilitator'],
    meaning:
      'Some accounts come from an address lookup table, which must be read from the chain before anything can be checked. Older facilitators throw instead of answering, which arrives as a server error; others refuse. A table of another cluster does not exist at all.',
    proof: { needs: ['payload', 'rpc'], how: "The message has addressTableLookups; with an RPC, the table's account." },
    fix: 'Build the transaction without lookup tables: a single transfer does not need one.',
    retry: 'sign-again',
    reports: {
      token: ['AddressLookupTableNotFound'],
      facilitator: [
        'invalid_exact_svm_smart_wallet_alt_resolution_not_available',
        'invalid_exact_svm_smart_wallet_alt_resolution_failed',
        'unexpected_verify_error',
      ],
    },
    references: [
      { title: 'Solana: address lookup tables', url: 'https://solana.com/developers/cookbook/transactions/lookup-tables' },
      x402ExactSvm,
    ],
    related: ['svm-transaction-malformed', 'svm-instruction-layout'],
  },
  'svm-transaction-malformed': {
    title: 'The transaction cannot be decoded',
    parties: ['client', 'server'],
    meaning:
      'The payload is not base64 of one whole serialised transaction: base64url, cut, with bytes behind it, over 1,232 bytes, or a message version that the reader does not know. Some decoders accept junk without a word, others stop in the middle of it.',
    proof: { needs: ['payload'], how: "Strict base64, then the bytes' length against what the message says of itself." },
    fix: 'Send serialize() of the signed transaction as standard base64, once.',
    retry: 'sign-again',
    reports: {
      token: [],
      facilitator: [
        'invalid_exact_svm_payload_transaction_could_not_be_decoded',
        'invalid_exact_svm_payload_transaction',
        'invalid_format',
        'unexpected_verify_error',
      ],
    },
    references: [transactions, x402ExactSvm],
    related: ['header-encoding', 'svm-lookup-table-unresolved', 'malformed-field'],
  },
  'svm-fee-payer-funds': {
    title: 'The fee payer cannot pay the fee',
    parties: ['facilitator'],
    meaning:
      "The facilitator's fee payer has no account, not enough lamports for the fee, or would be left below the rent minimum. It is reported as a failed simulation, so the payer is suspected. Every payment with this fee payer fails.",
    proof: {
      needs: ['rpc', 'replay'],
      how: 'getBalance(fee payer) against 5,000 lamports a signature plus the priority fee, and against 890,880 lamports left over.',
    },
    fix: 'Fund the fee payer. The same transaction settles if its blockhash still lives.',
    retry: 'same-payload',
    reports: {
      token: ['AccountNotFound', 'InsufficientFundsForFee', 'InsufficientFundsForRent'],
      facilitator: simulationFailed,
    },
    references: [fees, x402ExactSvm],
    related: ['facilitator-out-of-gas-money', 'svm-insufficient-funds', 'svm-compute-price'],
  },
  'svm-mint-invalid': {
    title: 'The mint of the transfer is not a mint',
    parties: ['server', 'client'],
    meaning:
      'The address that the transfer, and mostly the offer, has for its mint is an account of another kind: a wallet, a token account, a program, or a mint that was never initialised. The token program says InvalidAccountData or UninitializedAccount, the same as for a missing token account.',
    proof: {
      needs: ['rpc', 'replay'],
      how: "The account at the mint's address is not 82 initialised bytes of a token program, with or without extensions.",
    },
    fix: "Offer the mint's own address as asset. USDC's is in the registry of networks.",
    retry: 'sign-again',
    reports: { token: ['InvalidAccountData', 'UninitializedAccount'], facilitator: simulationFailed },
    references: [associatedAccounts, x402ExactSvm],
    related: ['svm-mint-mismatch', 'svm-wrong-cluster', 'svm-token-program-mismatch'],
  },
  'svm-token-program-mismatch': {
    title: 'The transfer calls the other token program',
    parties: ['client'],
    meaning:
      'SPL Token and Token-2022 are two programs, and a mint is of one of them. A transfer through the other fails with IncorrectProgramId. Token accounts that were derived with the wrong program are other addresses, so that they seem to be missing too.',
    proof: { needs: ['rpc', 'replay'], how: "The program that owns the mint's account against the program of the TransferChecked." },
    fix: "Read the owner of the mint's account, call that program, and derive both token accounts with it.",
    retry: 'sign-again',
    reports: { token: ['IncorrectProgramId'], facilitator: ['invalid_exact_svm_payload_recipient_mismatch', ...simulationFailed] },
    references: [associatedAccounts, x402ExactSvm],
    related: ['svm-recipient-mismatch', 'svm-mint-invalid', 'svm-source-account-missing'],
  },
  'svm-token-extension': {
    title: 'An extension of the token stands against the transfer',
    parties: ['token', 'server'],
    meaning:
      'A Token-2022 mint can be paused, not transferable, keep a fee of each transfer, or call a program that wants more accounts; a token account can insist on a memo before each transfer. None of this is in the payload, and the simulation names it by a number. USDC has none of these.',
    proof: { needs: ['rpc'], how: "The extensions behind the mint's and the destination's own bytes." },
    fix: 'Ask for a token without that extension, or have its issuer or the payee turn it off.',
    retry: 'fix-first',
    reports: { token: [], facilitator: simulationFailed },
    references: [{ title: 'Solana: extensions of Token-2022', url: 'https://solana.com/docs/tokens/extensions' }, x402ExactSvm],
    related: ['svm-account-frozen', 'svm-token-program-mismatch', 'svm-amount-mismatch'],
  },
  'svm-landed-with-error': {
    title: 'The transaction landed and failed',
    parties: ['client', 'server', 'facilitator'],
    meaning:
      'A block has the transaction with an error: its fee was taken and nothing moved. A facilitator that looks only at the confirmation, and not at the error, reports it as settled; one that counts it as unconfirmed reports a timeout. It can not run a second time.',
    proof: { needs: ['rpc'], how: "getTransaction of what carries the payer's signature at its index has an error in meta.err." },
    fix: 'Take away what the error names, then build and sign a new transaction. Do not deliver for this one.',
    retry: 'sign-again',
    reports: {
      token: [],
      facilitator: ['transaction_failed', 'invalid_exact_svm_transaction_failed', 'settle_exact_svm_transaction_confirmation_timed_out'],
    },
    references: [transactions, thread(3325, 'landed, pending and dead are three things', 'pull')],
    related: ['svm-already-processed', 'settlement-unconfirmed', 'svm-blockhash-expired'],
  },
  'svm-wrong-cluster': {
    title: 'The transaction is for another cluster',
    parties: ['client', 'server', 'facilitator'],
    meaning:
      "Blockhash, mint or token accounts belong to another cluster than the offer's network: devnet keys on mainnet or the reverse. Every symptom is one of something else: an unknown blockhash, a missing account, a mint that is not a mint.",
    proof: {
      needs: ['payload', 'rpc'],
      how: "The mint is another cluster's known USDC, or getGenesisHash does not begin with the CAIP-2 reference of the offer's network.",
    },
    fix: 'Use one cluster for RPC, mint and network id, and sign again.',
    retry: 'sign-again',
    reports: {
      token: ['BlockhashNotFound', 'InvalidAccountData'],
      facilitator: ['network_mismatch', 'invalid_exact_svm_network_mismatch', 'invalid_network', ...simulationFailed],
    },
    references: [x402ExactSvm, { title: 'CAIP-2: blockchain ids', url: 'https://chainagnostic.org/CAIPs/caip-2' }],
    related: ['svm-mint-mismatch', 'svm-blockhash-expired', 'network-mismatch', 'rpc-wrong-chain'],
  },
} as const satisfies Record<string, CauseEntry>
