import { nameKey } from './networks.ts'

/** A chain outside the EVM and Solana that x402 payments are made on. */
export interface OtherChain {
  readonly id: string
  readonly label: string
  /** CAIP-2 namespaces, in lower case. */
  readonly namespaces: readonly string[]
  /** Names without a namespace that are met for it, in any spelling that `nameKey` levels. */
  readonly names: readonly string[]
  /** What a payment carries there: "a Stellar transaction (XDR)". */
  readonly carries: string
  readonly source: string
}

const spec = (file: string): string => `x402's specification, specs/schemes/exact/${file}, as x402-rs 2.0 ships it`

/** Each has a scheme of its own; none but TRON's has anything of EIP-3009. Names without a namespace are those of SDKs that speak x402 v1. */
export const otherChains = [
  {
    id: 'stellar',
    label: 'Stellar',
    namespaces: ['stellar'],
    names: ['stellar', 'stellar-mainnet', 'stellar-pubnet', 'stellar-testnet'],
    carries: 'a Stellar transaction (XDR)',
    source: spec('scheme_exact_stellar.md'),
  },
  {
    id: 'aptos',
    label: 'Aptos',
    namespaces: ['aptos'],
    names: ['aptos', 'aptos-mainnet', 'aptos-testnet'],
    carries: 'an Aptos transaction',
    source: spec('scheme_exact_aptos.md'),
  },
  {
    id: 'sui',
    label: 'Sui',
    namespaces: ['sui'],
    names: ['sui', 'sui-mainnet', 'sui-testnet'],
    carries: 'a Sui transaction',
    source: spec('scheme_exact_sui.md'),
  },
  {
    id: 'hedera',
    label: 'Hedera',
    namespaces: ['hedera'],
    names: ['hedera', 'hedera-mainnet', 'hedera-testnet'],
    carries: 'a Hedera transaction',
    source: spec('scheme_exact_hedera.md'),
  },
  {
    id: 'tron',
    label: 'TRON',
    namespaces: ['tron'],
    names: ['tron', 'tron-mainnet', 'tron-nile', 'tron-shasta'],
    carries: 'an authorization like that of EIP-3009, signed by TIP-712, with base58 addresses',
    source: `${spec('scheme_exact_tron.exp.md')}; npm @bankofai/x402 0.5.8`,
  },
  {
    id: 'algorand',
    label: 'Algorand',
    namespaces: ['algorand'],
    names: ['algorand', 'algorand-mainnet', 'algorand-testnet'],
    carries: 'a group of Algorand transactions',
    source: spec('scheme_exact_algo.md'),
  },
  {
    id: 'xrpl',
    label: 'the XRP Ledger',
    namespaces: ['xrpl'],
    names: ['xrpl', 'xrpl-mainnet', 'xrpl-testnet', 'xrp-ledger', 'ripple'],
    carries: 'an XRP Ledger transaction',
    source: 'CAIP-2 ids xrpl:0 (mainnet) and xrpl:1 (testnet), as the SDKs of XRPL facilitators write them',
  },
  {
    id: 'ton',
    label: 'TON',
    namespaces: ['tvm', 'ton'],
    names: ['ton', 'ton-mainnet', 'ton-testnet'],
    carries: 'a TON message (BoC)',
    source: spec('scheme_exact_ton.md'),
  },
  {
    id: 'near',
    label: 'NEAR',
    namespaces: ['near'],
    names: ['near', 'near-mainnet', 'near-testnet'],
    carries: 'a signed NEAR delegate action',
    source: spec('scheme_exact_near.md'),
  },
  {
    id: 'starknet',
    label: 'Starknet',
    namespaces: ['starknet'],
    names: ['starknet', 'starknet-mainnet', 'starknet-sepolia'],
    carries: 'a Starknet message (SNIP-12)',
    source: 'npm x402-starknet 1.0.0',
  },
  {
    id: 'hypercore',
    label: 'HyperCore',
    namespaces: ['hypercore'],
    names: ['hypercore', 'hypercore-mainnet', 'hypercore-testnet'],
    carries: 'a signed action of Hyperliquid',
    source: "the exact scheme for hypercore that was proposed for x402's repository, with clients in TypeScript, Go and Python",
  },
  {
    id: 'stacks',
    label: 'Stacks',
    namespaces: ['stacks'],
    names: ['stacks', 'stacks-mainnet', 'stacks-testnet'],
    carries: 'a Stacks transaction',
    source: 'npm x402-stacks 2.0.3',
  },
  {
    id: 'cardano',
    label: 'Cardano',
    namespaces: ['cardano'],
    names: ['cardano', 'cardano-mainnet', 'cardano-preprod', 'cardano-preview'],
    carries: 'a Cardano transaction',
    source: spec('scheme_exact_cardano.md'),
  },
  {
    id: 'concordium',
    label: 'Concordium',
    namespaces: ['ccd'],
    names: ['concordium', 'concordium-mainnet', 'concordium-testnet'],
    carries: 'a Concordium transaction',
    source: spec('scheme_exact_concordium.md'),
  },
  {
    id: 'keeta',
    label: 'Keeta',
    namespaces: ['keeta'],
    names: ['keeta', 'keeta-mainnet', 'keeta-testnet'],
    carries: 'a Keeta block',
    source: spec('scheme_exact_keeta.md'),
  },
] as const satisfies readonly OtherChain[]

export type OtherChainId = (typeof otherChains)[number]['id']

/** The chain outside the EVM and Solana that a name or a CAIP-2 id stands for. */
export function findOtherChain(name: string): (typeof otherChains)[number] | undefined {
  const text = name.trim().toLowerCase()
  const namespace = namespaceOf(text)
  if (namespace === undefined) return otherChains.find(({ names }) => names.some((each) => nameKey(each) === nameKey(text)))
  return otherChains.find((chain: OtherChain) => chain.namespaces.includes(namespace))
}

/** What stands before the colon in a CAIP-2 id, in lower case; undefined where the text is none. CAIP-2 allows 8 characters, and HyperCore's has 9. */
export function namespaceOf(name: string): string | undefined {
  return /^([-a-z0-9]{3,16}):[^\s:]{1,64}$/i.exec(name.trim())?.[1]?.toLowerCase()
}
