import type { EvmCauseEntry } from './cause.ts'
import {
  circleAddresses,
  circleEip3009,
  circleV22,
  eip191,
  eip712,
  eip1271,
  eip1967,
  eip2612,
  eip3009,
  thread,
  x402Exact,
} from './reference.ts'

/** What a wrong digest looks like from outside, whichever part of it is wrong. */
const wrongDigest = {
  token: ['FiatTokenV2: invalid signature', 'TetherToken: invalid signature', 'ERC3009InvalidSignature'],
  facilitator: ['invalid_exact_evm_signature', 'invalid_exact_evm_payload_signature', 'invalid_payload'],
} as const

/** Section 1: what the signer hashed. */
export const digestCauses = {
  'domain-name-mismatch': {
    title: 'Signed under another domain name',
    parties: ['client', 'server'],
    family: 'evm',
    stops: { at: 'digest', place: 5 },
    refusedByToken: 'yes',
    meaning:
      'The EIP-712 domain had another name than the token has: "USDC" where the contract says "USD Coin", or the reverse. The token hashes its own name, recovers a stranger\'s address from the signature and answers only that the signature is invalid. It is missed because the name differs between networks and even between a mainnet and its testnet, and because every library calls the signature well formed. It is the most common real cause.',
    proof: {
      needs: ['payload', 'rpc'],
      how: "The signature recovers to the payer under exactly one candidate name, and that is not the token's. With an RPC, name() and DOMAIN_SEPARATOR() of the token confirm it.",
    },
    fix: 'Sign with the name whose domain has the separator that DOMAIN_SEPARATOR() returns (eip712Domain() where the token has EIP-5267): name() is mostly it, and only a hint, also after an upgrade. Use the same nonce if the first one can be good anywhere. If the server sent another name in extra.name, correct it there: clients that follow the offer copy it.',
    code: "const name = await client.readContract({ address: token, abi: parseAbi(['function name() view returns (string)']), functionName: 'name' })",
    retry: 'sign-again',
    reports: {
      token: wrongDigest.token,
      facilitator: [...wrongDigest.facilitator, 'invalid_exact_evm_token_name_mismatch', 'failed_to_execute_transfer'],
    },
    references: [
      eip712,
      thread(3102, 'Monad\'s USDC is named "USDC", the tables said "USD Coin"'),
      thread(837, 'settlements failed until extra.name was "USD Coin"'),
      circleAddresses,
    ],
    related: ['domain-version-mismatch', 'token-upgraded', 'facilitator-config-drift', 'verifying-contract-mismatch', 'chain-id-mismatch'],
  },
  'domain-version-mismatch': {
    title: 'Signed under another domain version',
    parties: ['client', 'server'],
    family: 'evm',
    stops: { at: 'digest', place: 6 },
    refusedByToken: 'yes',
    meaning:
      'The domain had another version than the token, mostly "1" from a tutorial or an ERC-20 permit example where USDC has "2". FiatToken v2 hashes the literal "2", whatever implementation version runs behind the proxy. The answer is the same "invalid signature" as for a wrong name.',
    proof: {
      needs: ['payload', 'rpc'],
      how: 'The signature recovers to the payer under another version string and under no other change. With an RPC, version() of the token confirms the right one.',
    },
    fix: 'Sign with the version whose domain has the separator that DOMAIN_SEPARATOR() returns; version() is a hint, and some tokens have none. Bridged tokens often have "1" where USDC has "2", so do not copy it from another token.',
    code: "const version = await client.readContract({ address: token, abi: parseAbi(['function version() view returns (string)']), functionName: 'version' })",
    retry: 'sign-again',
    reports: { token: wrongDigest.token, facilitator: [...wrongDigest.facilitator, 'invalid_exact_evm_token_version_mismatch'] },
    references: [eip712, circleV22, thread(2255, 'a generic 402, and the domain version among the suspects')],
    related: ['domain-name-mismatch', 'token-upgraded', 'domain-field-missing', 'nonstandard-domain-layout'],
  },
  'chain-id-mismatch': {
    title: 'Signed for another chain id',
    parties: ['client', 'server'],
    family: 'evm',
    stops: { at: 'digest', place: 7 },
    refusedByToken: 'yes',
    meaning:
      'The domain had the id of another chain: the wallet was connected elsewhere, a testnet was configured for mainnet, or a table still has a retired or wrong id. The token takes the id from the chain that it runs on, so the digest differs and the signature recovers to a stranger. The signature may be perfectly good on the other chain, where the same address may hold money too.',
    proof: {
      needs: ['payload'],
      how: 'The signature recovers to the payer under one other chain id, with all other domain fields as they should be.',
    },
    fix: 'Sign with the chain id of the network in the offer (eth_chainId, or the number after "eip155:"), not with the one that the wallet happens to be connected to. If the other chain has the same token address, treat the old signature as money on that chain, which the same nonce here does not stop: cancel it there, or wait until a block of that chain has passed its validBefore.',
    retry: 'sign-again',
    reports: wrongDigest,
    references: [eip712, x402Exact],
    related: ['network-mismatch', 'rpc-wrong-chain', 'verifying-contract-mismatch', 'domain-name-mismatch'],
  },
  'verifying-contract-mismatch': {
    title: 'Signed for another contract',
    parties: ['client', 'server', 'facilitator'],
    family: 'evm',
    stops: { at: 'digest', place: 8 },
    refusedByToken: 'yes',
    meaning:
      'The domain\'s verifyingContract is not the token that is asked to move: the implementation instead of the proxy, another network\'s USDC, a bridged lookalike, the zero address, or Circle Gateway\'s wallet ("GatewayWalletBatched", version "1"). Behind a proxy the token hashes the proxy\'s address. The answer is "invalid signature" all the same.',
    proof: {
      needs: ['payload', 'rpc'],
      how: "The signature recovers to the payer under one other contract address that is known: a token of another network, a lookalike, or the implementation that the proxy's EIP-1967 or zeppelinos slot names.",
    },
    fix: "Sign for the token's proxy address on the network of the offer. If the old signature is for another token, it is good there: a nonce counts at one contract only, so cancel it at that one first, or wait until its window has closed there. If the server offers Circle Gateway, settle through Circle's API: no other facilitator can move that balance.",
    retry: 'sign-again',
    reports: wrongDigest,
    references: [
      eip712,
      eip1967,
      thread(2885, "why Gateway's domain is not a transferWithAuthorization on chain", 'pull'),
      thread(447, 'x402 and Circle Gateway'),
    ],
    related: ['asset-mismatch', 'chain-id-mismatch', 'domain-name-mismatch'],
  },
  'nonstandard-domain-layout': {
    title: "The token's domain is laid out differently",
    parties: ['token', 'client'],
    family: 'evm',
    stops: { at: 'digest', place: 2 },
    refusedByToken: 'yes',
    meaning:
      "The token does not hash the common four fields. Polygon's bridged USDC.e has name, version, verifyingContract and a salt that holds the chain id. A signer that uses the usual four fields is refused on such a token although each value is right. It is missed because name and version match what the token returns.",
    proof: {
      needs: ['payload', 'rpc'],
      how: "The token's DOMAIN_SEPARATOR() equals the one computed with the salt layout and no other, while the payload's signature recovers under the common layout.",
    },
    fix: 'Sign with the domain as the token lays it out: leave chainId out and set salt to the chain id as 32 bytes.',
    code: 'const domain = { name, version, verifyingContract: token, salt: pad(toHex(chainId), { size: 32 }) }',
    retry: 'sign-again',
    reports: { ...wrongDigest, token: ['GasAbstraction: invalid signature'] },
    references: [
      eip712,
      {
        title: 'Polygon pos-portal #143: the salt layout of bridged tokens',
        url: 'https://github.com/maticnetwork/pos-portal/issues/143',
      },
    ],
    related: ['domain-field-missing', 'asset-mismatch', 'domain-version-mismatch'],
  },
  'domain-field-missing': {
    title: 'A field of the domain was left out',
    parties: ['client'],
    family: 'evm',
    stops: { at: 'digest', place: 3 },
    refusedByToken: 'yes',
    meaning:
      "version, chainId or verifyingContract was undefined when the message was signed, and the library left the field out of the domain's type. Libraries do this without a word, because EIP-712 lets a domain have any subset of its fields. A signature without chainId or verifyingContract may be valid in more places than one.",
    proof: {
      needs: ['payload'],
      how: "The signature recovers to the payer under a subset of the domain's fields and not under all of them.",
    },
    fix: 'Give all four fields, and fail before signing when one is undefined. A configuration key that is missing on one network is the usual source.',
    retry: 'sign-again',
    reports: { token: wrongDigest.token, facilitator: [...wrongDigest.facilitator, 'invalid_exact_evm_missing_eip712_domain'] },
    references: [eip712],
    related: ['eip712domain-type-missing', 'nonstandard-domain-layout', 'domain-version-mismatch'],
  },
  'eip712domain-type-missing': {
    title: 'An empty domain was signed',
    parties: ['client', 'wallet'],
    family: 'evm',
    stops: { at: 'digest', place: 1 },
    refusedByToken: 'yes',
    meaning:
      "eth_signTypedData_v4 was called with a domain but without types.EIP712Domain. MetaMask's library then fills in an empty type, so the signed domain has no fields: the signature is bound to no chain and to no contract. ethers and viem add the type by themselves, which is why the same payload works in one client and not in the next. Treat the signature as dangerous: it is good for any contract that hashes an empty domain.",
    proof: { needs: ['payload'], how: 'The signature recovers to the payer under the separator of EIP712Domain() with no fields.' },
    fix: 'Add types.EIP712Domain with exactly the fields that the domain has, or let viem or ethers build the request.',
    code: "types: { EIP712Domain: [{ name: 'name', type: 'string' }, { name: 'version', type: 'string' }, { name: 'chainId', type: 'uint256' }, { name: 'verifyingContract', type: 'address' }], ...types }",
    retry: 'sign-again',
    reports: wrongDigest,
    references: [
      eip712,
      {
        title: 'Polymarket ts-sdk #354: payloads without EIP712Domain sign a domain-less digest',
        url: 'https://github.com/Polymarket/ts-sdk/issues/354',
      },
      {
        title: 'MetaMask accounts #624: deriving the missing domain type',
        url: 'https://github.com/MetaMask/accounts/pull/624',
      },
    ],
    related: ['domain-field-missing', 'message-prefixed'],
  },
  'primary-type-mismatch': {
    title: 'Another kind of message was signed',
    parties: ['client', 'server'],
    family: 'evm',
    stops: { at: 'digest', place: 9 },
    refusedByToken: 'yes',
    meaning:
      'The signature is good, for another message: ReceiveWithAuthorization where transferWithAuthorization is called, the reverse, a CancelAuthorization, or an EIP-2612 Permit in the same envelope. The three EIP-3009 messages have the same fields, so nothing but the name differs. A signed receive message can still be used by the payee itself.',
    proof: {
      needs: ['payload', 'rpc'],
      how: 'The signature recovers to the payer under another primary type, and the selector of the call that failed shows which one the token hashed.',
    },
    fix: "Sign TransferWithAuthorization for a facilitator. If a receive message was meant, the payee's own address must call receiveWithAuthorization. If the old message can still be used, cancel its nonce before you sign again, or sign again with the same nonce.",
    retry: 'sign-again',
    reports: {
      token: [
        'FiatTokenV2: invalid signature',
        'FiatTokenV2: caller must be the payee',
        'CallerMustBePayee',
        'InvalidPayee',
        'ERC20InvalidReceiver',
      ],
      facilitator: wrongDigest.facilitator,
    },
    references: [eip3009, circleEip3009, eip2612],
    related: ['struct-type-mismatch', 'domain-name-mismatch'],
  },
  'struct-type-mismatch': {
    title: 'Signed with other fields than EIP-3009 has',
    parties: ['client'],
    family: 'evm',
    stops: { at: 'digest', place: 10 },
    refusedByToken: 'yes',
    meaning:
      "The message's type is not the standard's: times as uint64, the nonce as uint256 or string, fields in another order, or a renamed struct. Names, order and types all go into the type hash, so one letter changes the digest. Values look right in the wallet's window, which is why it is missed.",
    proof: {
      needs: ['payload'],
      how: "The signature recovers to the payer under one variation of the struct's type and not under the standard's.",
    },
    fix: 'Copy the type string from EIP-3009, letter by letter: address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce.',
    code: "TransferWithAuthorization: [{ name: 'from', type: 'address' }, { name: 'to', type: 'address' }, { name: 'value', type: 'uint256' }, { name: 'validAfter', type: 'uint256' }, { name: 'validBefore', type: 'uint256' }, { name: 'nonce', type: 'bytes32' }]",
    retry: 'sign-again',
    reports: wrongDigest,
    references: [eip3009, eip712],
    related: ['primary-type-mismatch', 'message-altered'],
  },
  'message-altered': {
    title: 'A field was changed after signing',
    parties: ['client', 'server', 'facilitator'],
    family: 'evm',
    stops: { at: 'digest', place: 11 },
    refusedByToken: 'yes',
    meaning:
      'The payload\'s authorization is not the one that was signed: a digit, a rounding, a unit, a time or a nonce that was generated a second time after the signature was made. The token hashes what it is given, recovers a stranger and says "invalid signature". What was signed is still good money: it can be settled by whoever holds its values.',
    proof: {
      needs: ['payload'],
      how: "The signature recovers to the payer when one field is set to a neighbouring value: another unit, a regenerated time, the offer's amount.",
    },
    fix: 'While the window that was signed is open, send the values that were signed, unchanged, from the same object that went to the wallet: the signature can be kept. If these are not what the offer asked for, or the window is over, sign again with the nonce that was signed, so that only one of the two can settle.',
    retry: 'fix-first',
    reports: {
      token: wrongDigest.token,
      facilitator: [...wrongDigest.facilitator, 'invalid_exact_evm_payload_authorization_value_mismatch'],
    },
    references: [eip3009, eip712],
    related: ['amount-units-wrong', 'amount-mismatch', 'retry-mints-new-nonce', 'struct-type-mismatch'],
  },
  'message-prefixed': {
    title: 'Signed with a personal-message prefix',
    parties: ['client', 'wallet'],
    family: 'evm',
    stops: { at: 'digest', place: 12 },
    refusedByToken: 'yes',
    meaning:
      'personal_sign or eth_sign was used instead of eth_signTypedData_v4, on the digest or on the JSON text. The wallet then put "\\x19Ethereum Signed Message:" in front and hashed once more. The token adds no such prefix and recovers a stranger. Some wallet adapters and custody interfaces know only this call.',
    proof: {
      needs: ['payload'],
      how: 'The signature recovers to the payer when the digest, or the JSON text, is prefixed and hashed as EIP-191 says.',
    },
    fix: 'Use eth_signTypedData_v4, or the signTypedData method of the library. With a raw-hash signer, sign the EIP-712 digest as it is.',
    retry: 'sign-again',
    reports: wrongDigest,
    references: [eip191, eip712],
    related: ['eip712domain-type-missing', 'smart-wallet-signature'],
  },
  'signer-not-owner': {
    title: "Signed by another key than the payer's",
    parties: ['wallet', 'client'],
    family: 'evm',
    stops: { at: 'digest', place: 13 },
    refusedByToken: 'yes',
    meaning:
      'The message was hashed correctly and signed correctly, with a key that does not belong to `from`. A second account in the wallet, a rotated key, a session key or an owner of a smart account does this. It recovers to the same stranger for every payment of that client, which sets it apart from a wrong digest, where each payment recovers to another address.',
    proof: {
      needs: ['payload', 'rpc'],
      how: 'Several payments of one client recover to one and the same address that is not `from`, or that address is known: the payTo, another payer, an owner of the smart account. For a contract, isValidSignature says no.',
    },
    fix: "Sign with the key of `from`. Where the same other address signs all payments of that client, it may be the one that `from` should be; after a wrong digest the address is a different one each time and belongs to nobody. For a smart account, sign through the account, so that it wraps the owner's signature, and with the same nonce: an owner's bare signature can become good when the account is deployed, or its code changes.",
    retry: 'sign-again',
    reports: wrongDigest,
    references: [
      eip3009,
      eip1271,
      {
        title: 'coinbase payments-mcp #30: signed by a key that owns nothing of the account',
        url: 'https://github.com/coinbase/payments-mcp/issues/30',
      },
    ],
    related: ['smart-wallet-signature', 'eip7702-payer', 'message-altered'],
  },
} as const satisfies Record<string, EvmCauseEntry>
