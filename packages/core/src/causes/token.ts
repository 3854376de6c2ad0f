import type { EvmCauseEntry } from './cause.ts'
import {
  circleAddresses,
  circleBlacklistable,
  circlePausable,
  circleV1,
  circleV2,
  circleV22,
  eip1967,
  eip2612,
  eip3009,
  openZeppelin3009,
  paxosEip3009,
  thread,
  x402Exact,
} from './reference.ts'

/** Section 5: the token. */
export const tokenCauses = {
  blacklisted: {
    title: 'The payer or the payee is blacklisted',
    parties: ['token'],
    family: 'evm',
    stops: { at: 'gate', place: 2 },
    refusedByToken: 'yes',
    meaning:
      'The issuer has put `from` or `to` on the token\'s list (Paxos calls it frozen, Tether blocked). FiatToken looks at the payer first, then at the payee, before it looks at time or signature; Paxos looks last, at the payee first; Tether looks at the payer only. From v2.1 on FiatToken lists its own address, so that it can not be paid to itself. Facilitators hide the reason behind "simulation failed". Nobody on the payment\'s path can change it.',
    proof: {
      needs: ['rpc', 'replay'],
      how: 'isBlacklisted(from) or isBlacklisted(to) is true (Paxos: isFrozen, Tether: isBlocked), or the payee is the FiatToken itself; replayed with the entry removed, the payment settles.',
    },
    fix: 'Do not send it again while the entry stands. If the payee is listed, use another payTo, with the same nonce: once the entry is lifted the old authorization is good again until its window closes. If the payer is listed, only the issuer can lift it.',
    retry: 'never',
    reports: {
      token: ['Blacklistable: account is blacklisted', 'TetherToken: from is blocked', 'AddressFrozen', 'AccountIsFrozen'],
      facilitator: ['invalid_exact_evm_transaction_simulation_failed', 'invalid_exact_evm_transaction_failed'],
    },
    references: [circleBlacklistable, circleV22, paxosEip3009],
    related: ['relayer-blocked', 'payee-not-payable', 'paused', 'masked-reason'],
  },
  'relayer-blocked': {
    title: 'The token has blocked the account that submits',
    parties: ['facilitator'],
    family: 'evm',
    stops: { at: 'relay', place: 1 },
    // A call that is simulated from another account says nothing of the relayer's.
    refusedByToken: 'some',
    meaning:
      "Tether's tokens, Agora's where it is switched on, and Coinbase's bridged tokens look at whoever calls them, before everything else: the relayer is on the list, not the payer and not the payee. Every payment in that token fails through this relayer, and each of them settles through another. Circle's FiatToken never looks at the relayer.",
    proof: {
      needs: ['rpc'],
      how: 'isBlocked(relayer) is true; the same call simulated from another account succeeds.',
    },
    fix: 'Send the same payment through another relayer while its window is open. Nothing that the payer signed has to change.',
    retry: 'send-same',
    reports: {
      token: ['Blocked: msg.sender is blocked', 'AccountIsFrozen', 'Blacklistable: account is blacklisted'],
      facilitator: ['invalid_exact_evm_transaction_simulation_failed', 'invalid_exact_evm_transaction_failed'],
    },
    references: [
      {
        title: 'Coinbase: ExtendedOptimismMintableToken.sol, which looks at the caller first',
        url: 'https://github.com/coinbase/extended-optimism-mintable-token/blob/fbc8ef1/src/ExtendedOptimismMintableToken.sol',
      },
      {
        title: 'Agora: AgoraDollarErc1967Proxy.sol',
        url: 'https://github.com/agora-finance/agora-dollar-evm/blob/4f94ae5/src/contracts/proxy/AgoraDollarErc1967Proxy.sol',
      },
      { title: 'USD₮0 on Arbitrum, with its source', url: 'https://arbiscan.io/token/0xfd086bc7cd5c481dcc9c85ebe478a1c0b69fcbb9#code' },
    ],
    related: ['blacklisted', 'facilitator-config-drift', 'masked-reason'],
  },
  'payee-not-payable': {
    title: 'The token pays nobody at this address',
    parties: ['server', 'client'],
    family: 'evm',
    stops: { at: 'accounts', place: 1 },
    refusedByToken: 'yes',
    meaning:
      "The payee is an address that the token refuses as such: the zero address, which FiatToken, Tether's, Paxos's and OpenZeppelin's tokens all refuse, or the token's own address, which Tether's refuse. It comes from a payTo that was never filled in, or from a field that was filled with the asset. The signature can be right in every other way. FiatToken refuses its own address, too, but by its blacklist.",
    proof: {
      needs: ['payload', 'replay'],
      how: 'The payee is 0x0000…0000, or the token itself; the token answers "transfer to the zero address", or "transfer to the contract address".',
    },
    fix: 'Put the address that is to be paid into payTo, and sign again. These bytes can never move money to that address.',
    retry: 'sign-again',
    reports: {
      token: [
        'ERC20: transfer to the zero address',
        'TetherToken: transfer to the contract address',
        'ERC20InvalidReceiver',
        'ZeroAddress',
      ],
      facilitator: ['invalid_exact_evm_transaction_simulation_failed', 'invalid_exact_evm_transaction_failed'],
    },
    references: [circleV1, openZeppelin3009, paxosEip3009],
    related: ['blacklisted', 'malformed-field', 'recipient-mismatch'],
  },
  paused: {
    title: 'The token is paused',
    parties: ['token'],
    family: 'evm',
    stops: { at: 'gate', place: 1 },
    refusedByToken: 'yes',
    meaning:
      "The issuer has paused the whole token, so every transfer of it reverts, whoever pays. It is the first check of FiatToken and Paxos's tokens and hides all others; a token of OpenZeppelin's contracts (EnforcedPause) may make it last. It shows as all payments on one network failing from one block on.",
    proof: { needs: ['rpc', 'replay'], how: 'paused() is true at the block that counts; replayed unpaused, the payment settles.' },
    fix: 'Wait for the issuer. The same payment settles after the pause if its window is still open; stop offering the network until then.',
    retry: 'send-same',
    reports: {
      token: ['Pausable: paused', 'EnforcedPause', 'ContractPaused', 'TransferPaused', 'SignatureVerificationPaused'],
      facilitator: ['invalid_exact_evm_transaction_simulation_failed', 'invalid_exact_evm_transaction_failed'],
    },
    references: [circlePausable, circleV22],
    related: ['blacklisted', 'masked-reason'],
  },
  'token-upgraded': {
    title: 'The token has another domain since it was upgraded',
    parties: ['token'],
    family: 'evm',
    stops: { at: 'digest', place: 4 },
    refusedByToken: 'yes',
    meaning:
      "The contract behind the token's address was replaced or renamed, and its EIP-712 domain with it: bridged USDC that becomes Circle's own keeps its address and takes another name, and FiatToken v2.2 hashes the name that is stored. What was signed before is refused from that block on, though the payer did everything right. Tables and offers that were written before stay wrong until somebody reads the token again.",
    proof: {
      needs: ['rpc'],
      how: "The signature recovers to the payer under the DOMAIN_SEPARATOR() of an earlier block and not under today's; the proxy logged Upgraded between the two.",
    },
    fix: 'Read the domain from the token again (DOMAIN_SEPARATOR() decides, name() and version() are how to get there), correct offer and tables, and sign again with the same nonce, so that only one of the two can settle.',
    retry: 'sign-again',
    reports: {
      token: ['FiatTokenV2: invalid signature'],
      facilitator: ['invalid_exact_evm_signature', 'invalid_exact_evm_token_name_mismatch', 'invalid_exact_evm_token_version_mismatch'],
    },
    references: [
      {
        title: 'Circle: the standard for bridged USDC, and how it becomes native',
        url: 'https://github.com/circlefin/stablecoin-evm/blob/master/doc/bridged_USDC_standard.md',
      },
      circleV22,
      eip1967,
    ],
    related: ['domain-name-mismatch', 'domain-version-mismatch', 'facilitator-config-drift'],
  },
  'token-without-eip3009': {
    title: 'The token has no transferWithAuthorization',
    parties: ['server', 'token'],
    family: 'evm',
    stops: { at: 'asset', place: 3 },
    refusedByToken: 'yes',
    meaning:
      "The asset in the offer is a plain ERC-20, or one with EIP-2612 permits only, or a bridged token that looks like USDC. Its contract has no such function, so the call reverts without any reason, or the proxy's fallback answers something unrelated. The symbol in a wallet says nothing about it.",
    proof: {
      needs: ['rpc'],
      how: "authorizationState(from, nonce) reverts, and the selectors e3ee160e and cf092995 are not in the implementation's code.",
    },
    fix: 'Offer a token with EIP-3009, or offer this one through Permit2, where the payer has to approve Permit2 once.',
    retry: 'sign-again',
    reports: {
      token: ['execution reverted'],
      facilitator: ['invalid_exact_evm_eip3009_not_supported', 'invalid_exact_evm_transaction_simulation_failed'],
    },
    references: [eip3009, eip2612, thread(2822, 'tokens on which the exact scheme has no path'), circleAddresses],
    related: ['asset-mismatch', 'no-bytes-overload', 'asset-has-no-code', 'permit2-allowance-missing'],
  },
  'no-bytes-overload': {
    title: 'The token has no overload with a bytes signature',
    parties: ['token', 'facilitator'],
    family: 'evm',
    stops: { at: 'asset', place: 4 },
    refusedByToken: 'yes',
    meaning:
      "FiatToken v2 and v2.1, and many bridged tokens, have only transferWithAuthorization(…, v, r, s), which recovers an ordinary account's key. A contract payer can never pay on such a token. A facilitator that calls the bytes overload (selector cf092995) gets a revert without a reason even for an ordinary payer.",
    proof: {
      needs: ['rpc', 'replay'],
      how: 'A call to selector cf092995 reverts with empty data, while e3ee160e with the same values settles or names a reason.',
    },
    fix: 'Facilitator: call the (v, r, s) overload for 65-byte signatures. Payer: pay from an ordinary account.',
    retry: 'fix-first',
    reports: {
      token: ['execution reverted'],
      facilitator: ['invalid_exact_evm_transaction_simulation_failed', 'invalid_exact_evm_transaction_failed'],
    },
    references: [circleV2, circleV22],
    related: ['smart-wallet-signature', 'eip7702-payer', 'token-without-eip3009'],
  },
  'asset-has-no-code': {
    title: "There is no contract at the asset's address",
    parties: ['server', 'facilitator', 'rpc'],
    family: 'evm',
    stops: { at: 'asset', place: 2 },
    refusedByToken: 'no',
    meaning:
      'On the chain that the RPC serves nothing is deployed at the asset\'s address. A call to an empty address succeeds and does nothing, so the settlement looks like a success: a transaction hash, no transfer, and the same payment can be "settled" again and again.',
    proof: {
      needs: ['rpc'],
      how: 'getCode(asset) is empty on the chain whose id the RPC reports, at a head that is not behind: a node that still syncs has no code there yet.',
    },
    fix: "Use the token's address on this network, or an RPC of the right network. Check the receipt for the Transfer event before releasing anything.",
    retry: 'fix-first',
    reports: { token: [], facilitator: ['asset_not_deployed_contract', 'invalid_exact_evm_transfer_event_mismatch'] },
    references: [thread(773, 'settlements that succeed without a transfer, on an address without code'), circleAddresses],
    related: ['rpc-wrong-chain', 'rpc-lagging', 'asset-mismatch', 'transfer-event-missing'],
  },
  'asset-mismatch': {
    title: 'The payment is for another token than the offer',
    parties: ['server', 'client'],
    family: 'evm',
    stops: { at: 'asset', place: 1 },
    refusedByToken: 'no',
    meaning:
      "The token that is to be moved is not the one that was offered, or the offer names another network's token or a bridged lookalike such as USDC.e. Several contracts on one chain call themselves USDC. A balance in one of them does not pay in another.",
    proof: {
      needs: ['payload', 'rpc'],
      how: "The asset differs from the offer's, or is not the network's known USDC but a known lookalike or another network's address.",
    },
    fix: "Take the asset's address from the issuer's list for exactly this network, and sign for it. The payment at hand is good for that other token, and no nonce of this one stops it there: cancel it there first, or wait until its window has closed.",
    retry: 'sign-again',
    reports: {
      token: ['FiatTokenV2: invalid signature', 'ERC20: transfer amount exceeds balance'],
      facilitator: ['asset_mismatch', 'accepted_requirements_mismatch', 'invalid_payment_requirements'],
    },
    references: [circleAddresses, x402Exact],
    related: ['verifying-contract-mismatch', 'insufficient-balance', 'accepted-mismatch', 'asset-has-no-code'],
  },
  'transfer-event-missing': {
    title: 'The transaction succeeded but nothing was transferred',
    parties: ['token', 'facilitator'],
    family: 'both',
    stops: { at: 'late', place: 5 },
    refusedByToken: 'no',
    meaning:
      'The transaction was mined with success and its logs have no Transfer of this value from payer to payee. Either there is no contract at the asset, or a batch went on although this call in it failed (aggregate3), or the token swallows some failures: Paxos tokens return without reverting when the authorization was used before. A token that takes a fee on transfers reports another value.',
    proof: { needs: ['rpc'], how: 'The receipt has status 1 and no Transfer(from, to, value) of the token.' },
    fix: "Do not release the goods on the receipt's status alone. Look for AuthorizationAlreadyUsed in the logs, and compare the payee's balance before and after.",
    retry: 'unknown',
    reports: { token: [], facilitator: ['invalid_exact_evm_transfer_event_mismatch', 'post_settlement_transfer_not_confirmed'] },
    references: [paxosEip3009, thread(773, 'settlements that succeed without a transfer')],
    related: ['batch-item-failed', 'asset-has-no-code', 'authorization-used', 'amount-mismatch'],
  },
} as const satisfies Record<string, EvmCauseEntry>
