import type { NodeRule } from './node-rule.ts'

/** Solana's validators and its token program. Source: the sentences of agave's TransactionError and InstructionError, and SPL Token. */
const validatorRules: readonly NodeRule[] = [
  {
    name: 'blockhash not found',
    wordings: [['blockhash not found'], ['blockhashnotfound'], ['blockhash expired']],
    // A node that is behind has not seen a good one's block yet.
    causes: ['svm-blockhash-expired', 'svm-wrong-cluster', 'rpc-fault'],
  },
  {
    name: 'already processed',
    wordings: [['transaction', 'already been processed'], ['alreadyprocessed']],
    // It landed, which does not say how it ended there.
    causes: ['svm-already-processed', 'svm-landed-with-error'],
    // A facilitator that tries again hears the same as a client that pays twice.
    party: 'nobody',
    retry: 'unknown',
  },
  {
    name: 'signature verification failure',
    wordings: [
      ['transaction signature verification fail'],
      ['signature verification failure'],
      ['signatureverificationfailure'],
      ['signaturefailure'],
      ['transaction did not pass signature verification'],
    ],
    causes: ['svm-signature-invalid', 'svm-signature-missing', 'svm-fee-payer-mismatch'],
  },
  {
    name: 'signature missing',
    wordings: [['missing required signature for instruction'], ['missingrequiredsignature']],
    causes: ['svm-signature-missing', 'svm-fee-payer-mismatch'],
  },
  {
    name: 'fee payer cannot pay',
    wordings: [
      ['found no record of a prior credit'],
      [' accountnotfound'],
      ['"accountnotfound'],
      ['insufficientfundsforfee'],
      ['insufficient funds for fee'],
      ['insufficientfundsforrent'],
      ['insufficient funds for rent'],
      ['invalid account for fee'],
      ['insufficient lamports'],
    ],
    causes: ['svm-fee-payer-funds', 'svm-compute-price', 'svm-wrong-cluster'],
  },
  {
    name: 'account data is invalid',
    wordings: [['invalid account data for instruction'], ['invalidaccountdata'], ['could not find account'], ['uninitializedaccount']],
    causes: ['svm-destination-account-missing', 'svm-source-account-missing', 'svm-wrong-cluster', 'svm-mint-mismatch', 'svm-mint-invalid'],
  },
  {
    name: 'wrong token program',
    wordings: [['incorrect program id for instruction'], ['incorrectprogramid']],
    causes: ['svm-token-program-mismatch', 'svm-mint-mismatch'],
  },
  {
    name: 'account is frozen',
    wordings: [['account is frozen']],
    causes: ['svm-account-frozen'],
  },
  {
    name: 'not enough tokens',
    wordings: [['program log: error: insufficient funds'], ['instructionerror', 'insufficientfunds']],
    causes: ['svm-insufficient-funds'],
  },
  {
    name: 'owner does not match',
    wordings: [['owner does not match']],
    causes: ['svm-authority-mismatch'],
  },
  {
    name: 'mint does not match',
    wordings: [['account not associated with this mint']],
    causes: ['svm-mint-mismatch'],
  },
  {
    name: 'decimals do not match',
    wordings: [['decimals different from the mint decimals']],
    causes: ['svm-decimals-mismatch'],
  },
  {
    name: 'compute budget exceeded',
    wordings: [
      ['exceeded cus meter'],
      ['computationalbudgetexceeded'],
      ['computational budget exceeded'],
      ['programfailedtocomplete'],
      ['program failed to complete'],
    ],
    causes: ['svm-compute-limit'],
  },
  {
    name: 'lookup table not found',
    wordings: [
      ['addresslookuptablenotfound'],
      ['address lookup table not found'],
      ['address table account', "doesn't exist"],
      ['lookup table', 'not found'],
    ],
    causes: ['svm-lookup-table-unresolved'],
  },
  {
    name: 'provided owner is not allowed',
    wordings: [['provided owner is not allowed'], ['illegalowner']],
    causes: ['svm-creates-token-account'],
  },
  {
    name: 'program not allowed',
    wordings: [['invalidprogramforexecution'], ['this program may not be used for executing instructions']],
    causes: ['svm-wallet-injected-instructions', 'svm-wrong-cluster'],
  },
  {
    name: 'transaction too large',
    wordings: [['too large:', 'encoded/raw'], ['encoded/raw bytes']],
    causes: ['svm-transaction-malformed'],
  },
  {
    name: 'transaction cannot be decoded',
    wordings: [
      ['failed to deserialize', 'versionedtransaction'],
      ['failed to deserialize transaction'],
      ['can not decode transaction'],
      ['failed to sanitize accounts offsets'],
    ],
    causes: ['svm-transaction-malformed'],
  },
  {
    name: 'node is behind',
    wordings: [['node is unhealthy'], ['node is behind by'], ['minimum context slot has not been reached']],
    causes: ['rpc-fault'],
    party: 'rpc',
  },
]

/**
 * Libraries and wallets of the payer, which say most of this before there is a signature. Sources: npm @x402/svm 2.27.0 (exact/client,
 * src/utils.ts), npm @solana/web3.js 1.99.0 (transaction, connection), @solana/spl-token 0.4 (errors.ts), @solana/kit 8.4 (errors), and
 * @solana/wallet-adapter-base 0.9 (errors.ts).
 */
const clientRules: readonly NodeRule[] = [
  {
    // web3.js says it of a transaction that it has sent: the signature stands in the same sentence.
    name: 'sent and not seen to land',
    wordings: [
      ['block height exceeded'],
      ['blockheightexceeded'],
      ['it is unknown if it succeeded or failed'],
      ['unable to confirm transaction'],
      ['transactionexpiredtimeouterror'],
      ['transactionexpirednonceinvaliderror'],
    ],
    by: 'client',
    causes: ['settlement-unconfirmed', 'svm-blockhash-expired', 'svm-landed-with-error'],
    retry: 'unknown',
  },
  {
    name: 'signatures do not fit',
    wordings: [
      ['signature verification failed', 'public key'],
      ['missing signature for public key'],
      ['invalid signature for public key'],
      ['transaction is missing signatures'],
      ['signature missing for'],
    ],
    by: 'client',
    // The fee payer's own is written at settlement: which key is named decides.
    causes: ['svm-signature-missing', 'svm-signature-invalid', 'svm-fee-payer-mismatch'],
    retry: 'unknown',
  },
  {
    name: 'no fee payer in the offer',
    wordings: [['feepayer is required in paymentrequirements'], ['transaction fee payer required']],
    by: 'client',
    stage: 'unsigned',
    causes: ['svm-fee-payer-mismatch'],
    party: 'server',
  },
  {
    name: 'asset is no mint',
    wordings: [['asset was not created by a known token program']],
    by: 'client',
    stage: 'unsigned',
    causes: ['svm-mint-invalid', 'svm-wrong-cluster'],
  },
  {
    name: 'memo too long',
    wordings: [['extra.memo exceeds maximum']],
    by: 'client',
    stage: 'unsigned',
    causes: ['svm-memo-mismatch'],
    party: 'server',
  },
  {
    name: 'network not known to the client',
    wordings: [['unsupported svm network'], ['unknown solana network'], ['no default asset configured for network']],
    by: 'client',
    stage: 'unsigned',
    causes: ['network-unsupported', 'wire-version-mismatch'],
  },
  {
    name: 'owner is not on the curve',
    wordings: [['tokenowneroffcurveerror']],
    by: 'client',
    stage: 'unsigned',
    causes: ['svm-recipient-mismatch'],
    party: 'server',
  },
  {
    name: 'no token account',
    wordings: [['tokenaccountnotfounderror'], ['token account not found:'], ['failed to find token account']],
    by: 'client',
    stage: 'unsigned',
    causes: ['svm-source-account-missing', 'svm-destination-account-missing', 'svm-wrong-cluster'],
  },
  {
    name: 'transaction can not be built',
    wordings: [
      ['transaction recentblockhash required'],
      ['transaction too large: ', ' > 1232'],
      ['encoding overruns uint8array'],
      ['unknown signer: '],
      ['reached end of buffer unexpectedly'],
      ['versioned messages must be deserialized'],
    ],
    by: 'client',
    stage: 'unsigned',
    causes: ['svm-transaction-malformed'],
  },
  {
    name: 'client could not ask its node',
    wordings: [
      ['failed to get recent blockhash'],
      ['failed to get info about account'],
      ['failed to get balance of account'],
      ['failed to get latest blockhash'],
      ['unable to obtain a new blockhash'],
    ],
    by: 'client',
    stage: 'unsigned',
    causes: ['rpc-fault'],
    party: 'rpc',
  },
  {
    name: 'wallet did not sign',
    wordings: [
      ['walletnotconnectederror'],
      ['walletnotreadyerror'],
      ['walletsigntransactionerror'],
      ['walletsignmessageerror'],
      ['walletconnectionerror'],
      ['walletdisconnectederror'],
      ['walletdisconnectionerror'],
      ['walletwindowclosederror'],
      ['walletwindowblockederror'],
      ['wallettimeouterror'],
      ['walletaccounterror'],
      ['walletpublickeyerror'],
      ['walletkeypairerror'],
      ['walletloaderror'],
      ['walletconfigerror'],
    ],
    by: 'client',
    stage: 'unsigned',
    causes: [],
    party: 'wallet',
    retry: 'sign-again',
  },
  {
    name: 'wallet did not send',
    wordings: [['walletsendtransactionerror']],
    by: 'client',
    causes: ['settlement-unconfirmed', 'rpc-fault'],
    party: 'wallet',
    retry: 'unknown',
  },
]

/**
 * Facilitators and the services that pay their fees. Sources: github.com/solana-foundation/kora e9bc391 (August 2026), crates/lib/src: error.rs,
 * validator/transaction_validator.rs; github.com/faremeter/faremeter 898030e (April 2026), packages/payment-solana/src/exact/facilitator.ts;
 * github.com/solana-foundation/pay-kit, check_network_blockhash; npm @x402/svm 2.27.0, exact/facilitator.
 */
const facilitatorRules: readonly NodeRule[] = [
  {
    name: 'token not taken for the fee',
    wordings: [['is not supported for fee payment']],
    by: 'facilitator',
    causes: ['facilitator-config-drift', 'svm-mint-mismatch'],
  },
  {
    name: 'token payment for the fee too small',
    wordings: [['insufficient token payment'], ['bundle payment insufficient']],
    by: 'facilitator',
    causes: ['facilitator-config-drift'],
  },
  {
    name: 'program or account not allowed',
    wordings: [
      ['program', 'is not in the allowed list'],
      ['program', 'is not in the allowed programs list'],
      ['must call at least one of the required programs'],
      ['is in the disallowed accounts list'],
    ],
    by: 'facilitator',
    causes: ['svm-instruction-layout', 'svm-wallet-injected-instructions', 'svm-creates-token-account', 'facilitator-config-drift'],
  },
  {
    name: 'durable nonce not allowed',
    wordings: [['durable transactions (nonce-based) are not allowed'], ['transaction cannot include a nonce account']],
    by: 'facilitator',
    causes: ['svm-instruction-layout'],
  },
  {
    name: 'fee payer may not be used for this',
    wordings: [['fee payer cannot be used for'], ['fee payer cannot'], ['total transfer amount', 'exceeds maximum allowed']],
    by: 'facilitator',
    causes: ['svm-fee-payer-transfers', 'svm-fee-payer-in-instructions', 'svm-creates-token-account'],
  },
  {
    name: 'fee above the cap',
    onlyWhereNamed: true,
    wordings: [['fee ', 'exceeds maximum allowed']],
    by: 'facilitator',
    causes: ['svm-compute-price', 'svm-compute-limit', 'svm-instruction-layout'],
  },
  {
    name: 'too many signatures',
    wordings: [['too many signatures: ']],
    by: 'facilitator',
    causes: ['svm-instruction-layout'],
  },
  {
    name: 'usage limit of the fee payer',
    onlyWhereNamed: true,
    wordings: [['usage limit exceeded'], ['exceeded usage limit']],
    by: 'facilitator',
    causes: [],
    party: 'facilitator',
  },
  {
    name: 'fee could not be estimated',
    onlyWhereNamed: true,
    wordings: [['fee estimation failed']],
    by: 'facilitator',
    causes: [],
    party: 'facilitator',
  },
  {
    name: 'facilitator could not sign',
    wordings: [['no signer for feepayer'], ['failed to partially sign transaction']],
    by: 'facilitator',
    causes: ['svm-fee-payer-mismatch', 'facilitator-config-drift'],
  },
  {
    name: 'seen before',
    wordings: [['transaction signature already consumed']],
    by: 'facilitator',
    causes: ['svm-already-processed', 'svm-landed-with-error', 'settlement-unconfirmed'],
    retry: 'unknown',
  },
  {
    name: 'seen before',
    onlyWhereNamed: true,
    wordings: [['duplicate transaction']],
    by: 'facilitator',
    causes: ['svm-already-processed', 'svm-landed-with-error', 'settlement-unconfirmed'],
    retry: 'unknown',
  },
  {
    name: 'program or account not allowed',
    onlyWhereNamed: true,
    wordings: [
      ['program', 'is disallowed'],
      ['account', 'is disallowed'],
    ],
    by: 'facilitator',
    causes: ['svm-instruction-layout', 'svm-wallet-injected-instructions', 'svm-creates-token-account', 'facilitator-config-drift'],
  },
  {
    name: 'facilitator could not sign',
    onlyWhereNamed: true,
    wordings: [['signing error: ']],
    by: 'facilitator',
    causes: ['svm-fee-payer-mismatch', 'facilitator-config-drift'],
  },
  {
    name: 'signed for a local cluster',
    wordings: [['signed against localnet but the server expects']],
    by: 'facilitator',
    causes: ['svm-wrong-cluster'],
  },
  {
    name: 'settlement account not taken',
    wordings: [['settlement accounts are not accepted'], ["settlement account balance didn't match"]],
    by: 'facilitator',
    causes: ['facilitator-config-drift'],
  },
]

/** What is said on Solana alone, the specific before the general. */
export const solanaRules: readonly NodeRule[] = [...clientRules, ...facilitatorRules, ...validatorRules].map((rule) => ({
  ...rule,
  on: 'svm',
}))
