import type { ByteProblem } from '../../evm/signature/signature.ts'
import type { CheckRow, Profile } from '../profile/profile.ts'

/**
 * What facilitators of the exact scheme look at, one thing each; more may be added.
 * @pattern ^[a-z0-9]+(-[a-z0-9]+)*$
 */
export type EvmCheck =
  /** The client's copy of the offer is the server's, member by member. */
  | 'accepted-equal'
  | 'scheme'
  /** The offer has the name and the version to sign under. */
  | 'domain-offered'
  /** The network is one that it knows. */
  | 'network-served'
  /** Payload and offer name the network alike. */
  | 'network-equal'
  /** A signature that is longer than a key's, of a payer without code. */
  | 'wallet-deployed'
  /** The wallet is to be deployed, by a factory that it may call. */
  | 'factory-allowed'
  /** The bytes are some that it can recover from. */
  | 'signature-read'
  /** By its own reckoning, under the domain that the offer names; the token has its own. */
  | 'signature'
  | 'recipient'
  | 'valid-before'
  | 'valid-after'
  | 'amount'
  | 'minimum'
  | 'asset-code'
  | 'balance'
  /** The transfer itself, as a call. */
  | 'simulation'

export type EvmCheckRow = CheckRow<EvmCheck>

export interface EvmRules {
  /** The names of the networks that it knows, as an offer writes them; null where its operator sets that up. */
  readonly networks: readonly string[] | null
  readonly amount: 'exact' | 'at-least'
  /** Atomic units; null where there is no least amount. */
  readonly least: bigint | null
  /** It refuses what closes in less than so many seconds; null where nobody published that. */
  readonly margin: bigint | null
  /**
   * Who has to have signed. `token`: as FiatToken v2.2 asks it, the key of an account without code and the code of one with. `either`: as viem's client does,
   * the code, or the key whatever the code says. `key-first`: the key, and what is left to a wallet is left to the simulation. `simulated`: it leaves all to it.
   * `unpublished`: nobody says how, nor whether it simulates.
   */
  readonly signature: 'token' | 'either' | 'key-first' | 'simulated' | 'unpublished'
  /** Of signatures that are longer than a key's and that it could not verify: whether the simulation decides. */
  readonly defersWallets: boolean
  /** Which payers without code it turns away: those in no ERC-6492 wrapper, or all of them. */
  readonly undeployed: 'unwrapped' | 'all'
  /** What its `/settle` says of a wallet that is still to be deployed; null where it goes on, and the token decides. */
  readonly undeployedAtSettle: string | null
  /** What it makes of a call that nothing answers, as of an address without code; `unknown` where nobody ran that. */
  readonly withoutCode: 'passes' | 'unknown'
  /** What of the bytes it puts right before it calls the token. */
  readonly repairs: readonly ByteProblem[]
  /** What its `/settle` says to what the token refuses; null where it has no code for that. */
  readonly settles: Readonly<Record<TokenRefusal, string>> | null
}

/** What the token refuses, as far as facilitators tell its words apart when they settle. */
export type TokenRefusal = 'late' | 'early' | 'used' | 'balance' | 'signature' | 'other'

export interface EvmProfile extends Profile<EvmCheck, EvmRules> {
  /** The day on which the source was looked at, ISO. */
  readonly checked: string
  /** What is not certain about it; empty where nothing is. */
  readonly doubts: string
}

const exact = 'invalid_exact_evm_'
const payload = `${exact}payload_`
/** Why a simulation failed, as the TypeScript, Go and Python facilitators ask the token for it. */
const simulated = `${exact}{}`
const checked = '2026-11-28'

const legacyNames = [
  'abstract',
  'abstract-testnet',
  'base-sepolia',
  'base',
  'avalanche-fuji',
  'avalanche',
  'iotex',
  'sei',
  'sei-testnet',
  'polygon',
  'polygon-amoy',
  'peaq',
  'story',
  'educhain',
  'skale-base-sepolia',
] as const

/** The names of version 1 in constants.ts of 2.27. */
const newerNames = ['ethereum', 'sepolia', ...legacyNames, 'megaeth', 'monad', 'stable', 'stable-testnet', 'celo', 'flare'] as const

/** The network enums of cdp-sdk 1.57.0, those of Solana left out. */
const cdpNames = ['base', 'base-sepolia', 'eip155:8453', 'eip155:84532', 'eip155:137', 'eip155:42161', 'eip155:480', 'eip155:4801'] as const

/** parseEip3009TransferError and its like: patterns over the token's words. */
const byWords = (signature: string, other: string): EvmRules['settles'] => ({
  late: `${payload}authorization_valid_before`,
  early: `${payload}authorization_valid_after`,
  used: `${exact}nonce_already_used`,
  balance: `${exact}insufficient_balance`,
  signature,
  other,
})
const always = (code: string): EvmRules['settles'] => ({ late: code, early: code, used: code, balance: code, signature: code, other: code })

const strict: EvmRules = {
  networks: null,
  amount: 'exact',
  least: null,
  margin: 6n,
  signature: 'token',
  defersWallets: false,
  undeployed: 'unwrapped',
  undeployedAtSettle: null,
  withoutCode: 'passes',
  repairs: [],
  settles: byWords(`${exact}signature`, `${exact}transaction_failed`),
}
const deferring: EvmRules = { ...strict, signature: 'either', defersWallets: true }
const early: EvmRules = { ...strict, signature: 'either', amount: 'at-least', settles: always('transaction_failed') }

const notAllowed = 'eip6492_factory_not_allowed'
const stillUndeployed = `${payload}undeployed_smart_wallet`

const pluggable = 'How a signature is verified is left to the signer that it is given; it is taken to be a client of viem.'
const multicall = 'Why a simulation failed it asks through Multicall3: on a chain without, every reason is transaction_simulation_failed.'
const factories = 'An operator may name factories whose wallets it deploys; none is named unless it does.'

const opening: readonly EvmCheckRow[] = [
  ['scheme', `${exact}scheme`],
  ['domain-offered', `${exact}missing_eip712_domain`],
  ['network-equal', `${exact}network_mismatch`],
]
const times: readonly EvmCheckRow[] = [
  ['valid-before', `${payload}authorization_valid_before`],
  ['valid-after', `${payload}authorization_valid_after`],
]
const byKey = (amount: string, asset: readonly EvmCheckRow[]): readonly EvmCheckRow[] => [
  ...opening,
  ['factory-allowed', notAllowed],
  ['signature', `${exact}signature`],
  ['recipient', `${exact}recipient_mismatch`],
  ...times,
  ['amount', amount],
  ...asset,
  ['simulation', simulated],
]
const deferred = (asset: readonly EvmCheckRow[]): readonly EvmCheckRow[] => [
  ...opening,
  ['wallet-deployed', `${payload}undeployed_smart_wallet`],
  ['signature', `${exact}signature`],
  ['recipient', `${exact}recipient_mismatch`],
  ...times,
  ['amount', `${exact}authorization_value`],
  ...asset,
  ['simulation', simulated],
]
const assetCode: readonly EvmCheckRow[] = [['asset-code', 'asset_not_deployed_contract']]
const balanceFirst = (amount: string): readonly EvmCheckRow[] => [
  ['scheme', 'unsupported_scheme'],
  ['domain-offered', 'missing_eip712_domain'],
  ['network-equal', 'network_mismatch'],
  ['signature', `${payload}signature`],
  ['recipient', `${payload}recipient_mismatch`],
  ...times,
  ['balance', 'insufficient_funds'],
  ['amount', amount],
]

const typescript = { family: 'x402-evm', x402Version: 2, checked } as const
const files = 'src/exact/facilitator: eip3009.ts, eip3009-utils.ts, errors.ts'
const legacy = { family: 'x402-v1', x402Version: 1, known: 'read', checked } as const
const legacyRules: EvmRules = { ...early, withoutCode: 'unknown', networks: legacyNames, settles: null }
const legacyTail: readonly EvmCheckRow[] = [
  ['signature', `${payload}signature`],
  ['recipient', `${payload}recipient_mismatch`],
  ...times,
  ['balance', 'insufficient_funds'],
  ['amount', `${payload}authorization_value`],
]
const thrown = 'A transfer that the token refuses throws in its settle: what comes back is what a server makes of that.'

/** x402-rs leaves the signature to the token; what the token reverts with stands beside one code. */
const rust: EvmRules = {
  ...strict,
  amount: 'at-least',
  signature: 'simulated',
  withoutCode: 'unknown',
  repairs: ['v-0-or-1', 'high-s', 'compact-eip2098', 'v-invalid'],
  settles: always('unexpected_error'),
}
const rs = { family: 'x402-rs', known: 'read', checked } as const

/** Every implementation that is known, in the order of a report. */
export const evmProfiles: readonly EvmProfile[] = [
  {
    ...typescript,
    id: 'x402-evm-2.27',
    name: '@x402/evm 2.18 to 2.27',
    versions: '2.18.0 to 2.27.0: 2.27.0 was run, the others read',
    known: 'run',
    source: `npm @x402/evm 2.18.0 to 2.27.0, ${files}; src/shared/verifySignature.ts`,
    doubts: `${multicall} ${factories}`,
    rules: strict,
    checks: byKey(`${payload}authorization_value_mismatch`, assetCode),
  },
  {
    // It has a scheme of its own for bodies of version 1, which does not look whether the asset has code.
    ...typescript,
    id: 'x402-evm-2.27-v1',
    name: '@x402/evm 2.17 to 2.27 (v1)',
    x402Version: 1,
    versions: '2.17.0 to 2.27.0: 2.27.0 was run, the others read',
    known: 'run',
    source: 'npm @x402/evm 2.17.0 to 2.27.0, src/exact/v1/facilitator/scheme.ts',
    doubts: `${multicall} ${factories} What the token refuses at settle comes back in viem's words, as errorReason. The networks are those of 2.27: versions before know fewer.`,
    rules: { ...strict, networks: newerNames, settles: null },
    checks: [
      ['scheme', `${exact}scheme`],
      ['network-served', `${exact}network_mismatch`],
      ...byKey(`${exact}authorization_value`, []).slice(1),
    ],
  },
  {
    ...typescript,
    id: 'x402-evm-2.17',
    name: '@x402/evm 2.17',
    versions: '2.17.0',
    known: 'read',
    source: `npm @x402/evm 2.17.0, ${files}`,
    doubts: `${multicall} ${factories}`,
    rules: strict,
    checks: byKey(`${exact}authorization_value`, assetCode),
  },
  {
    ...typescript,
    id: 'x402-evm-2.16',
    name: '@x402/evm 2.15 and 2.16',
    versions: '2.15.0 and 2.16.0',
    known: 'read',
    source: `npm @x402/evm 2.15.0 and 2.16.0, ${files}`,
    doubts: `${pluggable} ${multicall} ${factories}`,
    rules: { ...deferring, undeployedAtSettle: notAllowed },
    checks: deferred(assetCode),
  },
  {
    ...typescript,
    id: 'x402-evm-2.14',
    name: '@x402/evm 2.14',
    versions: '2.14.0',
    known: 'read',
    source: `npm @x402/evm 2.14.0, ${files}`,
    doubts: `${pluggable} ${multicall} ${factories}`,
    rules: { ...deferring, undeployedAtSettle: notAllowed },
    checks: deferred([]),
  },
  {
    ...typescript,
    id: 'x402-evm-2.13',
    name: '@x402/evm 2.11 to 2.13',
    versions: '2.11.0 to 2.13.0',
    known: 'read',
    source: `npm @x402/evm 2.11.0 to 2.13.0, ${files}`,
    doubts: `${pluggable} ${multicall} An operator may have wallets deployed; it does not unless it is told to.`,
    rules: deferring,
    checks: deferred([]),
  },
  {
    ...typescript,
    id: 'x402-evm-2.10',
    name: '@x402/evm 2.7 to 2.10',
    versions: '2.7.0 to 2.10.0: 2.10.0 was run, the others read',
    known: 'run',
    source: `npm @x402/evm 2.7.0 to 2.10.0, ${files}`,
    doubts: `${pluggable} ${multicall} An operator may have wallets deployed; it does not unless it is told to.`,
    rules: { ...deferring, settles: always(`${exact}transaction_failed`) },
    checks: deferred([]),
  },
  {
    ...typescript,
    id: 'x402-evm-2.6',
    name: '@x402/evm 2.6',
    versions: '2.6.0',
    known: 'read',
    source: 'npm @x402/evm 2.6.0, src/exact/facilitator/eip3009.ts',
    doubts: pluggable,
    rules: { ...early, amount: 'exact' },
    checks: balanceFirst(`${payload}authorization_value_mismatch`),
  },
  {
    ...typescript,
    id: 'x402-evm-2.5',
    name: '@x402/evm 2.0 to 2.5',
    versions: '2.0.0 to 2.5.0: 2.5.0 was run, the others read',
    known: 'run',
    source: 'npm @x402/evm 2.0.0 to 2.2.0, src/exact/facilitator/scheme.ts; 2.3.0 to 2.5.0, src/exact/facilitator/eip3009.ts',
    doubts: pluggable,
    rules: early,
    checks: balanceFirst(`${payload}authorization_value`),
  },
  {
    ...legacy,
    id: 'x402-1.2',
    name: 'x402 (npm) 1.0 to 1.2',
    versions: '1.0.1 to 1.2.0',
    source: 'npm x402 1.2.0, src/facilitator/facilitator.ts, src/schemes/exact/evm/facilitator.ts; the same in 1.0.1 and 1.1.0',
    doubts: thrown,
    // It calls with 27 added, and with the key's bytes alone.
    rules: { ...legacyRules, repairs: ['v-0-or-1'], undeployedAtSettle: stillUndeployed },
    checks: [
      ['network-served', 'invalid_scheme'],
      ['scheme', 'unsupported_scheme'],
      ...legacyTail,
      ['wallet-deployed', `${payload}undeployed_smart_wallet`],
    ],
  },
  {
    ...legacy,
    id: 'x402-0.7.3',
    name: 'x402 (npm) 0.7.3',
    versions: '0.7.3',
    source: 'npm x402 0.7.3, src/facilitator/facilitator.ts, src/schemes/exact/evm/facilitator.ts',
    doubts: thrown,
    rules: { ...legacyRules, undeployed: 'all' },
    checks: [
      ['network-served', 'invalid_scheme'],
      ['wallet-deployed', `${payload}undeployed_smart_wallet`],
      ['scheme', 'unsupported_scheme'],
      ...legacyTail,
    ],
  },
  {
    ...legacy,
    id: 'x402-0.7.1',
    name: 'x402 (npm) 0.4 to 0.7.1',
    versions: '0.4.1 to 0.7.1',
    source: 'npm x402 0.7.1, src/schemes/exact/evm/facilitator.ts; the same in 0.4.1 to 0.7.0 but for names of types',
    doubts: `${thrown} It calls the overload with a bytes signature, which FiatToken has from v2.2 on. The networks grew with the versions.`,
    rules: {
      ...legacyRules,
      networks: ['base-sepolia', 'base', 'avalanche-fuji', 'avalanche', 'iotex', 'sei', 'sei-testnet', 'polygon', 'polygon-amoy', 'peaq'],
    },
    checks: [['network-served', 'invalid_scheme'], ['scheme', 'unsupported_scheme'], ...legacyTail],
  },
  {
    ...rs,
    id: 'x402-rs-2.0',
    name: 'x402-rs 1.2 to 2.0',
    x402Version: 2,
    versions: '1.2.0 to 2.0.1 (de2e55b, 2026-06-19)',
    source:
      'github.com/x402-rs/x402-rs, crates/chains/x402-chain-eip155/src/v2_eip155_exact/facilitator/eip3009.rs: assert_valid_payment; v1_eip155_exact/facilitator.rs: verify_payment',
    doubts: 'A simulation that fails is answered as an error of the chain, with the status 500.',
    rules: rust,
    checks: [
      ['accepted-equal', 'accepted_requirements_mismatch'],
      ['network-served', 'chain_id_mismatch'],
      ['recipient', 'recipient_mismatch'],
      ['valid-before', 'invalid_payment_expired'],
      ['valid-after', 'invalid_payment_early'],
      ['amount', 'invalid_payment_amount'],
      ['balance', 'insufficient_funds'],
      ['simulation', 'unexpected_error'],
    ],
  },
  {
    ...rs,
    id: 'x402-rs-1.1',
    name: 'x402-rs 1.0 and 1.1',
    x402Version: 2,
    versions: '1.0.0 to 1.1.3',
    source: 'github.com/x402-rs/x402-rs v1.1.3, crates/chains/x402-chain-eip155/src/v2_eip155_exact/facilitator.rs: assert_valid_payment',
    doubts: 'A simulation that fails is answered as an error of the chain, with the status 500.',
    rules: rust,
    checks: [
      ['accepted-equal', 'accepted_requirements_mismatch'],
      ['network-served', 'chain_id_mismatch'],
      ['recipient', 'recipient_mismatch'],
      ['valid-before', 'invalid_payment_expired'],
      ['valid-after', 'invalid_payment_early'],
      ['balance', 'insufficient_funds'],
      ['amount', 'invalid_payment_amount'],
      ['simulation', 'unexpected_error'],
    ],
  },
  {
    ...rs,
    id: 'x402-rs-2.0-v1',
    name: 'x402-rs 1.0 to 2.0 (v1)',
    x402Version: 1,
    versions: '1.0.0 to 2.0.1 (de2e55b, 2026-06-19)',
    source:
      'github.com/x402-rs/x402-rs, crates/chains/x402-chain-eip155/src/v1_eip155_exact/facilitator.rs: assert_valid_payment, verify_payment',
    doubts:
      'A simulation that fails is answered as an error of the chain, with the status 500. Without extra it asks the token for name and version.',
    rules: rust,
    checks: [
      ['network-served', 'unsupported_chain'],
      ['network-equal', 'chain_id_mismatch'],
      ['recipient', 'recipient_mismatch'],
      ['valid-before', 'invalid_payment_expired'],
      ['valid-after', 'invalid_payment_early'],
      ['balance', 'insufficient_funds'],
      ['amount', 'invalid_payment_amount'],
      ['simulation', 'unexpected_error'],
    ],
  },
  {
    // One code for nearly everything, and none for what the token reverts with: {"error":"Invalid request"} and the status 400.
    ...rs,
    id: 'x402-rs-0.10',
    name: 'x402-rs 0.9 and 0.10',
    x402Version: 1,
    versions: '0.9.0 to 0.10.0',
    source:
      'github.com/x402-rs/x402-rs v0.9.3, src/chain/evm.rs: assert_valid_payment, verify; src/handlers.rs: into_response; the same order in v0.9.0 and v0.10.0',
    doubts: 'It calls the overload with a bytes signature, which FiatToken has from v2.2 on.',
    rules: {
      ...rust,
      networks: ['base-sepolia', 'base', 'xdc', 'avalanche-fuji', 'avalanche', 'xrpl-evm', 'polygon-amoy', 'polygon', 'sei', 'sei-testnet'],
      repairs: [],
      settles: null,
    },
    checks: [
      ['network-served', '', 'Failed to deserialize the JSON body'],
      ['network-equal', 'invalid_network'],
      ['scheme', 'invalid_scheme'],
      ['recipient', 'invalid_scheme'],
      ['valid-before', 'invalid_scheme'],
      ['valid-after', 'invalid_scheme'],
      ['balance', 'insufficient_funds'],
      ['amount', 'invalid_scheme'],
      ['simulation', '', 'Invalid request'],
    ],
  },
  {
    id: 'x402-go-1',
    name: 'x402 Go v1',
    family: 'x402-go',
    x402Version: 2,
    versions: 'dd927a2 (2026-04-21)',
    known: 'read',
    checked,
    source:
      'github.com/coinbase/x402, go/mechanisms/evm/exact/facilitator: eip3009.go, eip3009_helpers.go, errors.go; go/mechanisms/evm: verify_universal.go, verify_eoa.go',
    doubts: 'A transfer that reverts is an error of the call, and why is not asked then; only of a wallet in an ERC-6492 wrapper is it.',
    rules: {
      ...strict,
      signature: 'key-first',
      undeployedAtSettle: stillUndeployed,
      repairs: ['v-0-or-1'],
      settles: byWords(`${exact}signature`, `${exact}failed_to_execute_transfer`),
    },
    checks: [
      ['scheme', `${exact}scheme`],
      ['network-equal', `${exact}network_mismatch`],
      ['recipient', `${exact}recipient_mismatch`],
      ['amount', `${payload}authorization_value_mismatch`],
      ...times,
      ['domain-offered', `${exact}missing_eip712_domain`],
      ['signature-read', `${exact}failed_to_verify_signature`],
      ['signature', `${exact}signature`],
      ['simulation', `${exact}transaction_simulation_failed`],
    ],
  },
  {
    id: 'x402-python',
    name: 'x402 Python',
    family: 'x402-go',
    x402Version: 2,
    versions: 'dd927a2 (2026-04-21)',
    known: 'read',
    checked,
    source: 'github.com/coinbase/x402, python/x402/mechanisms/evm: exact/facilitator.py, exact/eip3009_utils.py, signers.py, constants.py',
    doubts: `How a signature is verified is left to the signer that it is given; its own, FacilitatorWeb3Signer, is meant. ${multicall}`,
    rules: {
      ...strict,
      signature: 'key-first',
      undeployedAtSettle: stillUndeployed,
      withoutCode: 'unknown',
      repairs: ['v-0-or-1'],
      settles: byWords(`${payload}signature`, 'transaction_failed'),
    },
    checks: [
      ['scheme', 'unsupported_scheme'],
      ['network-equal', 'network_mismatch'],
      ['domain-offered', 'missing_eip712_domain'],
      ['recipient', `${payload}recipient_mismatch`],
      ['amount', `${payload}authorization_value_mismatch`],
      ...times,
      ['signature-read', stillUndeployed],
      ['signature', `${payload}signature`],
      ['simulation', simulated],
    ],
  },
  {
    id: 'cdp',
    name: 'CDP (hosted)',
    family: 'cdp',
    versions: 'its API as of cdp-sdk 1.57.0; the least amount as of coinbase/x402 issue 1171',
    known: 'published',
    checked,
    source:
      'npm @coinbase/cdp-sdk 1.57.0, src/openapi-client/generated: X402V1Network, X402V2Network, X402VerifyInvalidReason; github.com/coinbase/x402 issue 1171',
    doubts:
      'Closed: its order, its margin of time, under which domain it verifies and whether it simulates are not published, and the least amount of 1000 atomic units was found by trial.',
    rules: {
      ...strict,
      networks: cdpNames,
      amount: 'at-least',
      least: 1000n,
      margin: null,
      signature: 'unpublished',
      withoutCode: 'unknown',
      settles: null,
    },
    checks: [
      ['network-served', 'invalid_network'],
      ['minimum', `${payload}authorization_value_too_low`],
      ['amount', `${payload}authorization_value`],
      ['valid-before', `${payload}authorization_valid_before`],
      ['valid-after', `${payload}authorization_valid_after`],
      ['signature', `${payload}signature`],
      ['balance', 'insufficient_funds'],
      ['simulation', ''],
    ],
  },
]
