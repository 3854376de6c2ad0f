import type { Misnomer } from './network.ts'

/**
 * Chain ids and names that people still write for a chain that is gone or that never was the one they meant.
 * Chain ids are from viem's chain table where it has the chain, checked 2026-11.
 */
export const misnomers = [
  {
    label: 'Celo Alfajores',
    names: ['celo-alfajores', 'alfajores'],
    chainId: 44787,
    kind: 'retired',
    meant: 'celo-sepolia',
    source: "Celo's announcement: Alfajores was shut down in September 2025; UltravioletaDAO's tables still have it",
  },
  { label: 'Base Goerli', names: ['base-goerli'], chainId: 84531, kind: 'retired', meant: 'base-sepolia', source: "viem's chain table" },
  {
    label: 'Polygon Mumbai',
    names: ['polygon-mumbai', 'mumbai', 'matic-mumbai'],
    chainId: 80001,
    kind: 'retired',
    meant: 'polygon-amoy',
    source: "viem's chain table",
  },
  {
    label: 'Optimism Goerli',
    names: ['optimism-goerli', 'op-goerli'],
    chainId: 420,
    kind: 'retired',
    meant: 'optimism-sepolia',
    source: "viem's chain table",
  },
  {
    label: 'Goerli',
    names: ['goerli', 'ethereum-goerli'],
    chainId: 5,
    kind: 'retired',
    meant: 'ethereum-sepolia',
    source: "viem's chain table",
  },
  {
    label: 'Arbitrum Goerli',
    names: ['arbitrum-goerli', 'arb-goerli'],
    chainId: 421613,
    kind: 'retired',
    meant: 'arbitrum-sepolia',
    source: "viem's chain table",
  },
  {
    label: 'Web3Q, which tables give for the HyperEVM testnet',
    names: [],
    chainId: 333,
    kind: 'mistaken',
    meant: 'hyperevm-testnet',
    source: 'UltravioletaDAO in every version; 333 is Web3Q in chain lists',
  },
  {
    label: "Sei's devnet arctic-1",
    names: ['arctic-1', 'sei-devnet', 'sei-arctic'],
    chainId: 713715,
    kind: 'mistaken',
    meant: 'sei-testnet',
    source: "Coinbase's Python SDK v2 gave it for sei-testnet until 2026-08",
  },
  {
    label: 'a wrong id of the Arc testnet',
    names: [],
    chainId: 1243,
    kind: 'mistaken',
    meant: 'arc-testnet',
    source: 'a public report of failing payments on Arc, whose author computed the domain with 1243 in place of 5042002',
  },
  {
    label: 'the Solana testnet',
    names: ['solana-testnet', 'solana:4uhcVJyU9pJkvQyS88uRDiswHXSCkY3z', '4uhcVJyU9pJkvQyS88uRDiswHXSCkY3z', '102'],
    kind: 'other',
    meant: 'solana-devnet',
    source: 'SDKs reuse the devnet mint for it; Circle issues USDC on devnet only',
  },
  {
    label: 'the reference that the superseded CAIP-30 gave for Solana mainnet',
    names: ['solana:4sGjMW1sUnHzSxGspuhpqLDx6wiyjNtZ', '4sGjMW1sUnHzSxGspuhpqLDx6wiyjNtZ'],
    kind: 'mistaken',
    meant: 'solana',
    source: 'CAIP-30',
  },
  {
    label: 'the reference that the superseded CAIP-30 gave for Solana devnet',
    names: ['solana:8E9rvCKLFQia2Y35HXjjpWzj8weVo44K', '8E9rvCKLFQia2Y35HXjjpWzj8weVo44K'],
    kind: 'mistaken',
    meant: 'solana-devnet',
    source: 'CAIP-30; WalletConnect lists it as deprecated',
  },
  {
    label: 'BNB Smart Chain',
    names: ['bsc', 'bnb', 'binance', 'bsc-mainnet'],
    chainId: 56,
    kind: 'other',
    source: "viem's chain table; Circle issues no USDC there",
  },
  {
    label: 'a local anvil or Hardhat chain',
    names: ['anvil', 'hardhat', 'foundry', 'localhost', 'local'],
    chainId: 31337,
    kind: 'other',
    source: "viem's chain table",
  },
] as const satisfies readonly Misnomer[]
