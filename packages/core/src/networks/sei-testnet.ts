import { defineNetwork } from './define-network.ts'

export const seiTestnet = defineNetwork({
  family: 'evm',
  id: 'sei-testnet',
  testnet: true,
  chainId: 1328,
  caip2: 'eip155:1328',
  x402Names: ['sei-testnet'],
  aliases: ['sei-atlantic-2', 'sei-atlantic', 'atlantic-2'],
  usdc: {
    symbol: 'USDC',
    address: '0x4fCF1784B31630811181f670Aea7A7bEF803eaED',
    name: 'USDC',
    version: '2',
    layout: 'standard',
    decimals: 6,
    family: 'FiatTokenV2_2',
    overloads: { vrs: true, bytes: true },
  },
  rpcUrls: ['https://evm-rpc-testnet.sei-apis.com'],
  explorerUrl: 'https://testnet.seiscan.io',
  blockTime: 0.4,
  eip1559: true,
  nativeCurrency: 'SEI',
  multicall3: '0xcA11bde05977b3631167028862bE2a173976CA11',
  wrongValues: [
    {
      fact: 'chainId',
      wrong: '713715',
      right: '1328',
      seenIn: "Coinbase's Python SDK v2 V1_NETWORK_CHAIN_IDS until 2026-08: the id of Sei's devnet arctic-1",
    },
    { fact: 'caip2', wrong: 'eip155:713715', right: 'eip155:1328', seenIn: 'the same table' },
  ],
  doubts: [
    { fact: 'usdc.symbol', confidence: 'medium', source: "Circle's naming; symbol() was not read" },
    { fact: 'usdc.family', confidence: 'medium', source: "Circle's current release; the implementation behind this proxy was not read" },
    {
      fact: 'usdc.overloads.bytes',
      confidence: 'medium',
      source: "expected of Circle's current release, v2.2; the code was not read",
    },
    {
      fact: 'usdc.separator',
      confidence: 'low',
      source: 'nobody has published what DOMAIN_SEPARATOR() returns here; the domain is the one that x402 tables agree on',
    },
    { fact: 'blockTime', confidence: 'medium', source: 'as documented, not measured' },
  ],
  sources: ["Circle's list of USDC contract addresses", "viem's tables of chains and of USDC addresses"],
  checked: '2026-11',
})
