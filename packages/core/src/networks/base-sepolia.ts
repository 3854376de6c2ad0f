import { defineNetwork } from './define-network.ts'

export const baseSepolia = defineNetwork({
  family: 'evm',
  id: 'base-sepolia',
  testnet: true,
  chainId: 84532,
  caip2: 'eip155:84532',
  x402Names: ['base-sepolia'],
  aliases: [],
  usdc: {
    symbol: 'USDC',
    address: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
    name: 'USDC',
    version: '2',
    layout: 'standard',
    decimals: 6,
    family: 'FiatTokenV2_2',
    overloads: { vrs: true, bytes: true },
    separator: '0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818',
  },
  otherTokens: [
    {
      symbol: 'EURC',
      address: '0x808456652fdb597867f38412077A9182bf77359F',
      name: 'EURC',
      version: '2',
      layout: 'standard',
      decimals: 6,
      family: 'FiatTokenV2_2',
      overloads: { vrs: true, bytes: true },
      otherDomains: [{ name: 'Euro Coin', version: '2', layout: 'standard' }],
    },
  ],
  rpcUrls: ['https://sepolia.base.org'],
  explorerUrl: 'https://sepolia.basescan.org',
  blockTime: 2,
  eip1559: true,
  nativeCurrency: 'ETH',
  multicall3: '0xcA11bde05977b3631167028862bE2a173976CA11',
  wrongValues: [
    { fact: 'usdc.name', wrong: 'USD Coin', right: 'USDC', seenIn: 'clients that copy the domain of Base mainnet; x402 issue 418' },
  ],
  doubts: [
    { fact: 'usdc.family', confidence: 'medium', source: "Circle's current release; the implementation behind this proxy was not read" },
    {
      fact: 'otherTokens[EURC].name',
      confidence: 'medium',
      source: "address on Circle's list; no separator is published, so the name follows Base mainnet",
    },
    { fact: 'otherTokens[EURC].overloads', confidence: 'medium', source: 'the contract family; which overloads are deployed was not read' },
  ],
  sources: [
    "Circle's list of USDC contract addresses",
    'DOMAIN_SEPARATOR() as published, equal to the hash of this domain',
    "viem's tables of chains and of USDC addresses",
  ],
  checked: '2026-11',
})
