import { defineNetwork } from './define-network.ts'

export const base = defineNetwork({
  family: 'evm',
  id: 'base',
  testnet: false,
  chainId: 8453,
  caip2: 'eip155:8453',
  x402Names: ['base'],
  aliases: ['base-mainnet'],
  usdc: {
    symbol: 'USDC',
    address: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    name: 'USD Coin',
    version: '2',
    layout: 'standard',
    decimals: 6,
    family: 'FiatTokenV2_2',
    overloads: { vrs: true, bytes: true },
    separator: '0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f',
  },
  otherTokens: [
    {
      symbol: 'EURC',
      address: '0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42',
      name: 'EURC',
      version: '2',
      layout: 'standard',
      decimals: 6,
      family: 'FiatTokenV2_2',
      overloads: { vrs: true, bytes: true },
      separator: '0xec4dcbded0afd42599589b79220899bbe000bb5ea66d6f1bc176e78d094203bb',
      otherDomains: [
        { name: 'Euro Coin', version: '2', layout: 'standard' },
        { name: 'EURC', version: '1', layout: 'standard' },
      ],
    },
  ],
  lookalikes: [
    {
      symbol: 'USDbC',
      address: '0xd9aAEc86B65D86f6A7B5B1b0c42FFA531710b6CA',
      name: 'USD Base Coin',
      decimals: 6,
      note: 'The bridged USDC that Base had before Circle issued its own there; Circle does not redeem it.',
      domains: [
        { name: 'USD Base Coin', version: '2', layout: 'standard' },
        { name: 'USD Base Coin', version: '1', layout: 'standard' },
      ],
    },
  ],
  rpcUrls: ['https://mainnet.base.org'],
  explorerUrl: 'https://basescan.org',
  blockTime: 2,
  eip1559: true,
  nativeCurrency: 'ETH',
  multicall3: '0xcA11bde05977b3631167028862bE2a173976CA11',
  wrongValues: [
    {
      fact: 'usdc.name',
      wrong: 'USDC',
      right: 'USD Coin',
      seenIn: "x402-rs and Coinbase's TypeScript SDK before 2025-06-26; UltravioletaDAO docs/STABLECOIN_EIP3009_COMPATIBILITY.md",
    },
    {
      fact: 'otherTokens[EURC].name',
      wrong: 'Euro Coin',
      right: 'EURC',
      seenIn: 'UltravioletaDAO until 2025-12-21 and its STABLECOIN_EXPANSION_PLAN.md',
    },
    { fact: 'otherTokens[EURC].version', wrong: '1', right: '2', seenIn: 'tables that give "EURC" with version "1"' },
  ],
  doubts: [
    { fact: 'otherTokens[EURC].overloads', confidence: 'medium', source: 'the contract family; which overloads are deployed was not read' },
    {
      fact: 'lookalikes[USDbC].domains',
      confidence: 'low',
      source: 'no separator is published; the name is the ERC-20 name, the version a guess',
    },
    { fact: 'lookalikes[USDbC].overloads', confidence: 'low', source: 'nobody published a reading' },
  ],
  sources: [
    "Circle's list of USDC contract addresses",
    'DOMAIN_SEPARATOR() as published, equal to the hash of this domain',
    "viem's tables of chains and of USDC addresses",
  ],
  checked: '2026-11',
})
