import type { EvmCauseEntry } from './cause.ts'
import {
  circleEip3009,
  circleSignatureChecker,
  circleV1,
  eip1271,
  eip3009,
  eip6492,
  eip7702,
  openZeppelinTransferAuthorization,
  permit2,
  thread,
  x402Exact,
} from './reference.ts'

/** Section 4: the payer's account and the state of the authorization. */
export const payerCauses = {
  'eip7702-payer': {
    title: "The payer's account has delegated code",
    parties: ['wallet', 'token'],
    family: 'evm',
    stops: { at: 'wallet', place: 1 },
    refusedByToken: 'yes',
    meaning:
      'The payer is an ordinary account with an EIP-7702 delegation, so it has code. FiatToken v2.2 asks for code first: with any code it calls isValidSignature on the account and never tries ecrecover. A delegate without ERC-1271, or one that wants its own wrapping, refuses a signature that is right by every other measure. Wallets switch accounts to this without the user noticing, so the same client works one day and fails the next.',
    proof: {
      needs: ['rpc', 'replay'],
      how: 'getCode of the payer starts with 0xef0100, the signature recovers to the payer, and isValidSignature does not answer 0x1626ba7e. Replayed without the code, the payment settles.',
    },
    fix: 'Clear the delegation and send the same payment again, or sign the way the delegate wants (through the wallet that set it), with the same nonce: the first signature is good again as soon as the delegation is cleared. Facilitators should ask isValidSignature at verify when the payer has code.',
    retry: 'fix-first',
    reports: {
      token: ['FiatTokenV2: invalid signature'],
      facilitator: ['invalid_exact_evm_signature', 'invalid_exact_evm_transaction_simulation_failed', 'contract_call_failed'],
    },
    references: [
      eip7702,
      circleSignatureChecker,
      eip1271,
      {
        title: 'x402-rs #26: settlements revert with "invalid signature" that another facilitator settles',
        url: 'https://github.com/x402-rs/x402-rs/issues/26',
      },
      {
        title: 'OpenZeppelin #5707: signature checks of delegated accounts',
        url: 'https://github.com/OpenZeppelin/openzeppelin-contracts/issues/5707',
      },
    ],
    related: ['smart-wallet-signature', 'pending-block-estimate', 'signer-not-owner', 'no-bytes-overload'],
  },
  'smart-wallet-signature': {
    title: "The smart wallet's signature was not accepted",
    parties: ['facilitator', 'wallet'],
    family: 'evm',
    stops: { at: 'wallet', place: 2 },
    refusedByToken: 'yes',
    meaning:
      'The payer is a contract and its isValidSignature said no, or was never asked. The usual reasons: an ERC-6492 wrapper was passed on to the token instead of being taken off, the wallet is not deployed yet, its factory is not on the facilitator\'s list, an owner index wrapper is missing, or the wallet wants its own replay-safe hash signed. The token says "invalid signature" for all of these, because FiatToken lets no revert of a wallet through: GS026 or InvalidSignature() is only seen where the wallet itself is asked. Too little gas for the wallet\'s check looks the same.',
    proof: {
      needs: ['payload', 'rpc', 'replay'],
      how: 'The signature is longer than 65 bytes or ends with 6492 sixteen times; getCode of the payer; the answer of isValidSignature to the digest and the unwrapped bytes.',
    },
    fix: 'Deploy the wallet first or allow its factory, take the ERC-6492 wrapper off before calling the token, and sign through the wallet so that it adds its own wrapping. On tokens before v2.2 a contract cannot pay by authorization at all.',
    retry: 'fix-first',
    reports: {
      token: ['FiatTokenV2: invalid signature', 'InvalidSignature', 'GS026'],
      facilitator: [
        'invalid_exact_evm_payload_undeployed_smart_wallet',
        'eip6492_factory_not_allowed',
        'smart_wallet_deployment_failed',
        'invalid_exact_evm_signature',
        'invalid_payload',
      ],
    },
    references: [
      eip6492,
      eip1271,
      circleSignatureChecker,
      thread(623, 'payments with Coinbase Smart Wallet'),
      thread(2110, 'generic invalid_payload for a deployed smart wallet'),
      {
        title: 'x402: wallet compatibility',
        url: 'https://github.com/x402-foundation/x402/blob/main/docs/advanced-concepts/wallet-compatibility.mdx',
      },
    ],
    related: ['eip7702-payer', 'facilitator-gas-limit', 'no-bytes-overload', 'signer-not-owner', 'signature-length'],
  },
  'insufficient-balance': {
    title: 'The payer does not have the amount',
    parties: ['client'],
    family: 'evm',
    stops: { at: 'accounts', place: 2 },
    refusedByToken: 'yes',
    meaning:
      "The payer's balance was below the value at the block that counted. Balance is the token's last check, so everything else about the payment was right. Several open authorizations may stand against one balance: each passes verify, and the last one reverts. Beware of the name: a facilitator without gas is reported as insufficient_balance too.",
    proof: {
      needs: ['rpc', 'replay'],
      how: 'balanceOf(from) at that block is less than value; replayed with a funded payer, the payment settles.',
    },
    fix: 'Fund the payer, then send the same payment again while its window is open.',
    retry: 'fix-first',
    reports: {
      token: ['ERC20: transfer amount exceeds balance', 'ERC20InsufficientBalance', 'InsufficientFunds'],
      facilitator: ['invalid_exact_evm_insufficient_balance', 'insufficient_funds', 'permit2_insufficient_balance'],
    },
    references: [
      circleV1,
      eip3009,
      {
        title: 'nuwa-protocol/x402-exec #196: settling for a payer without balance',
        url: 'https://github.com/nuwa-protocol/x402-exec/issues/196',
      },
      thread(909, 'what insufficient_funds should say'),
    ],
    related: ['facilitator-out-of-gas-money', 'amount-units-wrong', 'asset-mismatch'],
  },
  'permit2-allowance-missing': {
    title: 'The payer has not approved Permit2',
    parties: ['client'],
    family: 'evm',
    stops: { at: 'accounts', place: 3 },
    refusedByToken: 'no',
    meaning:
      "The payment goes through Permit2, which moves the payer's tokens by an allowance that the payer gives it once for each token, and that allowance is smaller than the amount. It is no payment by EIP-3009, where no allowance is asked for, and says nothing against one. A facilitator answers 412 before it tries; the token says that the amount exceeds the allowance.",
    proof: { needs: ['rpc', 'logs'], how: 'allowance(payer, Permit2) of the token is less than the amount.' },
    fix: 'Approve Permit2 (0x000000000022D473030F116dDEE9F6B43aC78BA3) for the token once, or let the facilitator sponsor it where the offer has such an extension. Then the same payment can be sent again. If the token has EIP-3009, offer that instead.',
    retry: 'fix-first',
    reports: {
      token: [
        'ERC20: transfer amount exceeds allowance',
        'ERC20: insufficient allowance',
        'ERC20InsufficientAllowance',
        'TRANSFER_FROM_FAILED',
      ],
      facilitator: ['permit2_allowance_required', 'insufficient_allowance'],
    },
    references: [x402Exact, permit2, thread(3458, 'an allowance that is asked for at settlement only')],
    related: ['token-without-eip3009', 'insufficient-balance'],
  },
  'authorization-used': {
    title: 'The authorization was settled already',
    parties: ['client', 'server', 'facilitator'],
    family: 'evm',
    stops: { at: 'nonce', place: 2 },
    refusedByToken: 'yes',
    meaning:
      'This nonce has been used. Mostly an earlier attempt succeeded after its caller had given up, and this is the retry; the payee has the money, the client sees a failure and may pay again. authorizationState alone does not say whether it was used or canceled, and AuthorizationUsed says neither whom it paid nor how much: the Transfer right behind it does. Paxos tokens (USDG, PYUSD) do not even revert, they emit AuthorizationAlreadyUsed and move nothing.',
    proof: {
      needs: ['rpc'],
      how: "AuthorizationUsed(from, nonce) in the token's logs, and its own Transfer, the token's next log in that transaction: from the payer, to the payee, of the value. In a batch any other Transfer can be another payment's.",
    },
    fix: 'Do not pay again. If its Transfer is this one (payee and value), take that transaction as the settlement, once its block is as final as the goods ask for, and release them. If it paid somebody else or another value, the payee was not paid by it: that is nonce-reused. If its receipt can not be read, nothing is known yet.',
    retry: 'never',
    reports: {
      token: [
        'FiatTokenV2: authorization is used or canceled',
        'GasAbstraction: authorization is used or canceled',
        'TetherToken: auth invalid',
        'EIP3009: authorization is used',
        'ERC3009UsedAuthorization',
        'UsedOrCanceledAuthorization',
        'InvalidAccountNonce',
      ],
      facilitator: ['invalid_exact_evm_nonce_already_used', 'invalid_exact_evm_transaction_failed', 'unexpected_error'],
    },
    references: [
      circleEip3009,
      eip3009,
      { title: 'x402-rs #107: a replayed authorization', url: 'https://github.com/x402-rs/x402-rs/pull/107' },
      thread(2294, 'recovering a settlement after a timeout'),
    ],
    related: [
      'authorization-canceled',
      'executed-by-third-party',
      'nonce-reused',
      'settlement-unconfirmed',
      'paid-not-delivered',
      'settlement-reorged',
    ],
  },
  'authorization-canceled': {
    title: 'The payer canceled the authorization',
    parties: ['client'],
    family: 'evm',
    stops: { at: 'nonce', place: 3 },
    refusedByToken: 'yes',
    meaning:
      "cancelAuthorization was called for this nonce, which takes the payer's signature and a transaction. The token's answer is the same as for a used one, but no money moved and none will. Canceling is no switch: it reverts while FiatToken is paused, and a settlement that is already on its way can overtake it, so that only the log tells which of the two came first.",
    proof: { needs: ['rpc'], how: "AuthorizationCanceled(from, nonce) in the token's logs." },
    fix: 'Nothing can be settled with it. Ask the payer whether the purchase is still wanted; if so, a new authorization is a new decision.',
    retry: 'never',
    reports: {
      token: ['FiatTokenV2: authorization is used or canceled', 'GasAbstraction: authorization is used or canceled'],
      facilitator: ['invalid_exact_evm_nonce_already_used'],
    },
    references: [circleEip3009, eip3009],
    related: ['authorization-used', 'executed-by-third-party'],
  },
  'executed-by-third-party': {
    title: "Someone else's transaction settled it",
    parties: ['nobody'],
    family: 'evm',
    stops: { at: 'nonce', place: 1 },
    refusedByToken: 'yes',
    meaning:
      "The authorization was used by a transaction that this facilitator did not send: another facilitator, a mempool bot, or the payer. transferWithAuthorization can be called by anyone. It is authorization-used with another sender: the tokens are with the payee, although the facilitator's own transaction reverted. A payee that is a contract and credits only what comes in through its own functions has them and has credited nobody.",
    proof: {
      needs: ['rpc'],
      how: "AuthorizationUsed(from, nonce) with its own Transfer of the value to the payee, in a transaction whose sender is not one of the facilitator's addresses. Without these addresses nobody can tell it from authorization-used.",
    },
    fix: 'Do not pay again. If its Transfer is this one (payee and value) and the payee is no contract that credits in its own function, treat it as paid by the transaction that settled it. Where it matters who submits, use receiveWithAuthorization, which only the payee can call.',
    retry: 'never',
    reports: {
      token: ['FiatTokenV2: authorization is used or canceled'],
      facilitator: ['invalid_exact_evm_nonce_already_used', 'invalid_exact_evm_transaction_failed'],
    },
    references: [eip3009, circleEip3009],
    related: ['authorization-used', 'payee-contract-not-credited', 'authorization-canceled'],
  },
  'nonce-reused': {
    title: 'Two authorizations share one nonce',
    parties: ['client'],
    family: 'evm',
    stops: { at: 'nonce', place: 4 },
    refusedByToken: 'yes',
    meaning:
      'The client signed two different payments with the same nonce, from a counter that restarts, a hash of too few inputs or a copied constant. Whichever arrives first settles, and the other one\'s payee is not paid by it. The token says "used or canceled" to the loser as to any retry; only the Transfer of the winner, to another payee or of another value, tells the two apart. Two payments side by side show it before anything settled. A replacement that was signed with the same nonce on purpose is no fault, and there the winner is the payment.',
    proof: {
      needs: ['rpc', 'payload'],
      how: "AuthorizationUsed(from, nonce) with a Transfer, the token's next log, to another payee or of another value than this payment's. From payloads alone: two of one payer with the same nonce and different fields (comparePayments of @eip3009/core).",
    },
    fix: 'The payee was not paid by it. If the one that settled was meant to replace this one, do nothing: another signature is a second payment. If it was for something else, sign this one with a nonce of its own, and draw 32 random bytes for each new payment.',
    code: 'const nonce = toHex(crypto.getRandomValues(new Uint8Array(32)))',
    retry: 'unknown',
    reports: {
      token: ['FiatTokenV2: authorization is used or canceled'],
      facilitator: ['invalid_exact_evm_nonce_already_used'],
    },
    references: [eip3009],
    related: ['authorization-used', 'executed-by-third-party', 'retry-mints-new-nonce'],
  },
  'nonce-out-of-sequence': {
    title: "A random nonce, and the token's nonces count up",
    parties: ['client', 'server'],
    family: 'evm',
    stops: { at: 'nonce', place: 5 },
    refusedByToken: 'yes',
    meaning:
      "OpenZeppelin's ERC20TransferAuthorization takes a nonce of two parts: 24 bytes that the payer chooses as a key, and 8 bytes that count up from 0 for each key. A client that draws 32 random bytes, as EIP-3009 has it and as every x402 client does, asks for a turn that never comes: its counter lies far beyond any that the account will reach. authorizationState says false, which there does not mean that it can be executed.",
    proof: {
      needs: ['payload', 'rpc', 'replay'],
      how: 'The token is an ERC20TransferAuthorization, and the last 8 bytes of the nonce are not the next number of its key; the token answers InvalidAccountNonce. Replayed with the counter at that number, the payment settles.',
    },
    fix: 'Sign again with a nonce of 24 random bytes and 8 zero bytes: a new key, and the first of its turns.',
    code: "const nonce = concat([toHex(crypto.getRandomValues(new Uint8Array(24))), '0x0000000000000000'])",
    retry: 'sign-again',
    reports: {
      token: ['InvalidAccountNonce'],
      facilitator: ['invalid_exact_evm_transaction_simulation_failed', 'invalid_exact_evm_transaction_failed'],
    },
    references: [openZeppelinTransferAuthorization, eip3009],
    related: ['nonce-out-of-turn', 'authorization-used', 'nonce-reused'],
  },
  'nonce-out-of-turn': {
    title: 'An earlier nonce of the same key is not used yet',
    parties: ['client'],
    family: 'evm',
    stops: { at: 'nonce', place: 6 },
    refusedByToken: 'yes',
    meaning:
      "On OpenZeppelin's ERC20TransferAuthorization the nonces of one key settle in their order. This one is some places ahead: an authorization before it was not settled, or was lost. It becomes good by itself as soon as those before it are used or canceled, so it is not dead.",
    proof: {
      needs: ['rpc'],
      how: 'nonces(from, key) is less than the nonce; the token answers InvalidAccountNonce with the one that it waits for.',
    },
    fix: 'Settle or cancel the authorizations before it, in their order, then send the same payment again while its window is open.',
    retry: 'send-same',
    reports: {
      token: ['InvalidAccountNonce'],
      facilitator: ['invalid_exact_evm_transaction_simulation_failed', 'invalid_exact_evm_transaction_failed'],
    },
    references: [openZeppelinTransferAuthorization],
    related: ['nonce-out-of-sequence', 'authorization-used'],
  },
  'retry-mints-new-nonce': {
    title: 'A retry signed the same purchase a second time',
    parties: ['client'],
    family: 'evm',
    stops: { at: 'late', place: 6 },
    refusedByToken: 'no',
    meaning:
      'After a failure or a timeout the client signed again instead of sending the same bytes, so there are two valid authorizations for one purchase. If the first one settles late, the payer pays twice. The usual fetch wrappers do this on every 402 that they see. No payment shows it alone, and no answer of a token or a facilitator names it: comparePayments of @eip3009/core names it where one client has two payments for one thing.',
    proof: {
      needs: ['payload', 'rpc'],
      how: 'Two payments with the same payer, payee and value, overlapping windows and different nonces, for one purchase; on chain, the states of both.',
    },
    fix: 'Keep the signed payment and send the same bytes until its window closes. Cancel the one that is not needed, and read the chain before either is counted on: a cancellation can come too late.',
    retry: 'never',
    reports: { token: [], facilitator: [] },
    references: [
      thread(3438, 'the reference client signs anew for every 402'),
      thread(808, 'idempotency keys against double charges'),
      { title: 'x402-rs #108: a fresh payment on every 402', url: 'https://github.com/x402-rs/x402-rs/issues/108' },
    ],
    related: ['settlement-unconfirmed', 'authorization-used', 'nonce-reused'],
  },
} as const satisfies Record<string, EvmCauseEntry>
