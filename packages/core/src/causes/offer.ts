import type { CauseEntry } from './cause.ts'
import { eip3009, thread, x402Exact, x402Http, x402Spec } from './reference.ts'

/** Section 6: the offer and the wire. */
export const offerCauses = {
  'wire-version-mismatch': {
    title: 'The two versions of x402 were mixed',
    parties: ['client', 'server'],
    family: 'both',
    stops: { at: 'wire', place: 3 },
    meaning:
      'A version 1 payload met a version 2 reader or the reverse: X-PAYMENT where PAYMENT-SIGNATURE is read, `maxAmountRequired` where `amount` belongs, network names where CAIP-2 ids are expected, the offer under another key. The answer is mostly a second plain 402 with no reason, because the server did not see a payment at all.',
    proof: { needs: ['payload'], how: "x402Version, the header's name, and the fields that are present belong to different versions." },
    fix: "Speak the version that the server's 402 announces, in header and body. A server in transition should read both headers.",
    retry: 'fix-first',
    reports: { token: [], facilitator: ['invalid_x402_version', 'invalid_payload', 'invalid_request', 'invalid_format'] },
    references: [
      x402Http,
      x402Spec,
      thread(2255, "a generic 402 because of the header's name"),
      { title: 'thirdweb js #8940: version 1 fields in a version 2 challenge', url: 'https://github.com/thirdweb-dev/js/issues/8940' },
    ],
    related: ['header-encoding', 'malformed-field', 'network-unsupported'],
  },
  'malformed-field': {
    title: 'A field is not written as it should be',
    parties: ['client'],
    family: 'both',
    stops: { at: 'wire', place: 4 },
    meaning:
      'An address without 40 digits or with a wrong checksum, a nonce that is not 32 bytes, hex without 0x, a JSON number where a decimal string belongs, an amount with a point. Strict readers refuse the whole payload with a schema error that often names another field; lenient ones go on with a value that nobody meant.',
    proof: { needs: ['payload'], how: 'The field does not have the form that the specification gives it.' },
    fix: 'Write amounts and times as decimal strings, addresses and the nonce as 0x hex of 20 and 32 bytes. If the value that was signed was right, repairing its form is enough.',
    retry: 'fix-first',
    reports: {
      token: ['ERC20: transfer from the zero address', 'ERC20InvalidSender'],
      facilitator: ['invalid_payload', 'invalid_request', 'invalid_format', 'invalid_payment'],
    },
    references: [x402Exact, eip3009],
    related: ['header-encoding', 'wire-version-mismatch', 'signature-length', 'facilitator-schema-limit'],
  },
  'header-encoding': {
    title: 'The payment header cannot be decoded',
    parties: ['client', 'server'],
    family: 'both',
    stops: { at: 'wire', place: 2 },
    meaning:
      "The header is not base64 of UTF-8 JSON: base64url without padding, JSON as it is, encoded twice, cut by a proxy's size limit, or broken by a character outside ASCII that btoa cannot take. The server treats it as no payment and answers 402 again.",
    proof: {
      needs: ['payload'],
      how: "The header's text does not decode to JSON in the standard alphabet, or only after another decoding.",
    },
    fix: "Encode the JSON's UTF-8 bytes as standard base64, once, and keep it under the proxy's header limit (8 KB is common).",
    code: "const header = Buffer.from(JSON.stringify(payload), 'utf8').toString('base64')",
    retry: 'fix-first',
    reports: { token: [], facilitator: ['invalid_payload', 'invalid_format', 'invalid_request'] },
    references: [x402Http, x402Spec],
    related: ['wire-version-mismatch', 'malformed-field'],
  },
  'amount-mismatch': {
    title: "The payment's amount is not the offer's",
    parties: ['client', 'server'],
    family: 'evm',
    stops: { at: 'offer', place: 2 },
    meaning:
      'The signed value differs from the amount that was asked for: the price changed between the offer and the payment, or the payment answers another offer. Facilitators differ: the specification wants the exact amount, and so does @x402/evm; x402-rs takes more than was asked for. The token takes whatever was signed: an authorization over the wrong amount is live money.',
    proof: { needs: ['payload'], how: 'authorization.value is not the amount of the requirements.' },
    fix: "Sign for exactly the amount of the offer that is answered, with the same nonce, so that only one of the two can settle. Servers should keep an offer's price for as long as they let it be paid.",
    retry: 'sign-again',
    reports: {
      token: [],
      facilitator: [
        'invalid_exact_evm_payload_authorization_value_mismatch',
        'invalid_exact_evm_payload_authorization_value',
        'invalid_exact_evm_authorization_value',
        'invalid_payment_amount',
      ],
    },
    references: [x402Exact, thread(553, 'no error code for parameters that do not match the offer')],
    related: ['amount-units-wrong', 'accepted-mismatch', 'message-altered'],
  },
  'recipient-mismatch': {
    title: "The payment goes to another address than the offer's",
    parties: ['client', 'server'],
    family: 'evm',
    stops: { at: 'offer', place: 3 },
    meaning:
      'authorization.to is not the payTo that was asked for: the server rotates its address, the client cached an old offer, or the payment answers another offer. The token would move the money, to the wrong place, so the facilitator refuses.',
    proof: { needs: ['payload'], how: "authorization.to differs from payTo, letters' case aside." },
    fix: 'Sign for the payTo of the offer at hand, with the same nonce: whoever holds the old authorization can settle it until its window closes or it is canceled, and of two with one nonce only one can.',
    retry: 'sign-again',
    reports: {
      token: [],
      facilitator: ['invalid_exact_evm_recipient_mismatch', 'invalid_exact_evm_payload_recipient_mismatch', 'recipient_mismatch'],
    },
    references: [x402Exact, x402Spec],
    related: ['accepted-mismatch', 'self-payment', 'primary-type-mismatch'],
  },
  'accepted-mismatch': {
    title: 'The accepted offer is not one that was made',
    parties: ['client', 'server'],
    family: 'both',
    stops: { at: 'offer', place: 11 },
    meaning:
      'In version 2 the client sends back the offer that it accepts. The server or facilitator compares it with its own, often field by field and extra included. A changed description, a lost extra, another order of magnitude in a timeout, or a price that moved makes them differ, although the signature is good.',
    proof: { needs: ['payload'], how: '`accepted` and the requirements differ in a named field.' },
    fix: 'Send the chosen offer back unchanged. Servers should build the same offer for the retry as for the 402.',
    retry: 'fix-first',
    reports: {
      token: [],
      facilitator: ['accepted_requirements_mismatch', 'No matching payment requirements', 'invalid_payment_requirements'],
    },
    references: [x402Spec, x402Http],
    related: ['amount-mismatch', 'recipient-mismatch', 'asset-mismatch', 'network-mismatch'],
  },
  'nonce-not-bound': {
    title: 'The nonce is not the one that the offer binds',
    parties: ['client', 'wallet'],
    family: 'evm',
    stops: { at: 'offer', place: 12 },
    meaning:
      "On some rails the authorization's nonce is no random number but a commitment: in MPP it is the hash of the challenge's id and realm, so that a payment answers one challenge and no other. A stock client that draws a random nonce makes a payment that the token takes and the server refuses. It is live money all the same: whoever holds it can settle it at the token.",
    proof: { needs: ['payload'], how: "The nonce is computed from the offer's own fields, and the payment has another." },
    fix: 'Cancel the old authorization, or wait until its window has closed: it has another nonce, so that both could settle. Then derive the nonce from the offer as its rail does, and sign again.',
    code: 'const nonce = keccak256(stringToBytes(challenge.id + challenge.realm))',
    retry: 'sign-again',
    reports: { token: [], facilitator: ['EVM authorization challenge hash mismatch'] },
    references: [
      { title: 'MPP: specifications of the HTTP Payment scheme and its methods', url: 'https://github.com/tempoxyz/mpp-specs' },
      { title: 'mppx: the reference implementation in TypeScript', url: 'https://www.npmjs.com/package/mppx' },
    ],
    related: ['accepted-mismatch', 'nonce-reused', 'amount-mismatch'],
  },
  'amount-units-wrong': {
    title: 'The amount is off by a power of ten',
    parties: ['client', 'server'],
    family: 'both',
    stops: { at: 'offer', place: 1 },
    meaning:
      'Atomic units and decimal amounts were mixed up, or 18 decimals were used for a token with 6. A payment of 0.01 becomes 10,000,000,000,000,000, which no payer has, or 0, which pays nothing. The token reports it as a missing balance.',
    proof: {
      needs: ['payload'],
      how: "The value equals the offer's amount times a power of ten, or is far beyond what the token's supply allows.",
    },
    fix: 'Multiply the price by 10^decimals of the token, once, and sign again with the same nonce: the first one is good for the amount that it names, as soon as the payer has it. USDC has 6 decimals on nearly all networks.',
    code: "const value = parseUnits('0.01', 6) // 10000n",
    retry: 'sign-again',
    reports: {
      token: ['ERC20: transfer amount exceeds balance'],
      facilitator: [
        'invalid_exact_evm_payload_authorization_value_mismatch',
        'invalid_exact_evm_payload_authorization_value',
        'invalid_exact_evm_insufficient_balance',
      ],
    },
    references: [x402Exact, eip3009],
    related: ['amount-mismatch', 'insufficient-balance', 'below-facilitator-minimum'],
  },
  'network-mismatch': {
    title: 'Two places name different networks',
    parties: ['client', 'server', 'facilitator'],
    family: 'both',
    stops: { at: 'network', place: 1 },
    meaning:
      'Payload, requirements, signed domain and RPC do not agree about the network: "base" beside eip155:84532, or a mainnet asset in a testnet offer. Each is plausible alone. What decides is the chain id inside the signature: if that is the odd one out, it is chain-id-mismatch; if the node is, rpc-wrong-chain.',
    proof: {
      needs: ['payload', 'rpc'],
      how: 'The networks, each resolved to a chain id, differ. The signature recovers to the payer under one of them.',
    },
    fix: 'Use one network in offer, payload and configuration. If the signed domain is the odd one out, sign again; if the same token is at that address on the other network, the first signature is money there, which no nonce here stops.',
    retry: 'fix-first',
    reports: {
      token: ['FiatTokenV2: invalid signature'],
      facilitator: ['invalid_exact_evm_network_mismatch', 'invalid_network', 'network_mismatch', 'chain_id_mismatch'],
    },
    references: [x402Spec, x402Exact],
    related: ['chain-id-mismatch', 'network-unsupported', 'rpc-wrong-chain', 'asset-mismatch'],
  },
  'network-unsupported': {
    title: 'The network is unknown or not served',
    parties: ['server', 'facilitator'],
    family: 'both',
    stops: { at: 'network', place: 2 },
    meaning:
      'The network\'s name or CAIP-2 id is misspelt, retired, or not one that this facilitator serves. /supported lists what it serves. Some answer with "no scheme registered", some with a plain invalid_network.',
    proof: { needs: ['payload', 'logs'], how: "The name is in no table of networks, or is missing from the facilitator's /supported." },
    fix: 'Use a name that the facilitator lists, or another facilitator. A payment whose signature is good can be settled there unchanged.',
    retry: 'fix-first',
    reports: {
      token: [],
      facilitator: ['invalid_network', 'unsupported_scheme', 'unsupported_chain', 'invalid_exact_evm_network_mismatch'],
    },
    references: [x402Spec],
    related: ['network-mismatch', 'wire-version-mismatch'],
  },
  'self-payment': {
    title: 'Payer and payee are the same account',
    parties: ['client', 'server'],
    family: 'both',
    stops: { at: 'offer', place: 13 },
    meaning:
      '`from` equals `to`: mostly a test in which one key plays both parts. The token lets it through; some facilitators refuse it, under a code that says nothing about it.',
    proof: { needs: ['payload'], how: 'authorization.from equals authorization.to.' },
    fix: 'Use two accounts, also in tests. The old authorization moves nothing but within one account.',
    retry: 'sign-again',
    reports: { token: [], facilitator: ['self_send_not_allowed'] },
    references: [x402Exact],
    related: ['recipient-mismatch', 'below-facilitator-minimum'],
  },
  'below-facilitator-minimum': {
    title: "The amount is below the facilitator's minimum",
    parties: ['server', 'facilitator'],
    family: 'both',
    stops: { at: 'verifier', place: 3 },
    meaning:
      "The facilitator does not settle amounts this small, and mostly does not say so. Coinbase's hosted one refuses anything under 1,000 atomic units (0.001 USDC) with a bare invalid_payload, or with a code that says that the value is too low. The payment is good, and the same bytes settle elsewhere. It is read from the facilitator's answer: the payment itself does not tell which facilitator it goes to.",
    proof: {
      needs: ['payload', 'logs'],
      how: "The amount is under the facilitator's known minimum, and the same offer at the minimum passes.",
    },
    fix: 'Settle it through a facilitator that takes such amounts, or raise the price to the minimum, or gather several uses into one payment. A payer who signs for the new price does so with the same nonce: the old authorization is still good.',
    retry: 'sign-again',
    reports: { token: [], facilitator: ['invalid_payload', 'amount_too_low', 'invalid_exact_evm_payload_authorization_value_too_low'] },
    references: [thread(1171, "the hosted facilitator's minimum, found by trial")],
    related: ['facilitator-schema-limit', 'amount-units-wrong'],
  },
  'facilitator-schema-limit': {
    title: "A field is larger than the facilitator's schema allows",
    parties: ['server', 'facilitator'],
    family: 'both',
    stops: { at: 'verifier', place: 2 },
    meaning:
      "The facilitator's schema refuses the payload for something beside the payment: a resource.description of more than 500 characters at Coinbase's hosted one. The error speaks of a payload that matches neither version, or of a missing scheme. It starts on the day when somebody writes a longer description. It is read from the facilitator's answer: each has a schema of its own.",
    proof: { needs: ['payload', 'logs'], how: 'A field exceeds a known limit of this facilitator, and the shortened payload passes.' },
    fix: "Shorten the field in the server's route configuration.",
    retry: 'fix-first',
    reports: {
      token: [],
      facilitator: ['invalid_request', 'invalid_payload', 'must match one of [x402V2PaymentPayload, x402V1PaymentPayload]'],
    },
    references: [
      thread(2284, 'a schema error that is really a description of 523 characters'),
      thread(2832, 'the limit found by bisection'),
      { title: 'CDP: API errors', url: 'https://docs.cdp.coinbase.com/api-reference/v2/errors' },
    ],
    related: ['below-facilitator-minimum', 'malformed-field', 'wire-version-mismatch'],
  },
} as const satisfies Record<string, CauseEntry>
