import { defineNetwork } from './define-network.ts'

export const optimismSepolia = defineNetwork({
  family: 'evm',
  id: 'optimism-sepolia',
  testnet: true,
  chainId: 11155420,
  caip2: 'eip155:11155420',
  x402Names: ['optimism-sepolia'],
  aliases: ['op-sepolia'],
  usdc: {
    symbol: 'USDC',
    address: '0x5fd84259d66Cd46123540766Be93DFE6D43130D7',
    name: 'USDC',
    version: '2',
    layout: 'standard',
    decimals: 6,
    family: 'FiatTokenV2_2',
    overloads: { vrs: true, bytes: true },
    separator: '0x09d038a3e46040fc37eb01174dbbcdb7981fbd8eafd9e1a857b1c67805dfb29e',
  },
  rpcUrls: ['https://sepolia.optimism.io'],
  explorerUrl: 'https://optimism-sepolia.blockscout.com',
  blockTime: 2,
  eip1559: true,
  nativeCurrency: 'ETH',
  multicall3: '0xcA11bde05977b3631167028862bE2a173976CA11',
  wrongValues: [
    {
      fact: 'usdc.separator',
      wrong: '0x09d038a3e46040fc37eb01174dbbcdb7981fbd8eafd9e1a857b1c67805dfb29',
      right: '0x09d038a3e46040fc37eb01174dbbcdb7981fbd8eafd9e1a857b1c67805dfb29e',
      seenIn: 'notes on GitHub with the last hex digit cut off',
    },
  ],
  doubts: [
    {
      fact: 'x402Names[0]',
      confidence: 'medium',
      source: 'the x402-rs fork of UltravioletaDAO and r402 use the name; @x402/evm does not have it',
    },
    { fact: 'usdc.symbol', confidence: 'medium', source: "Circle's naming; symbol() was not read" },
    { fact: 'usdc.family', confidence: 'medium', source: "Circle's current release; the implementation behind this proxy was not read" },
    {
      fact: 'usdc.overloads.bytes',
      confidence: 'medium',
      source: "expected of Circle's current release, v2.2; the code was not read",
    },
    { fact: 'explorerUrl', confidence: 'medium', source: "viem's; Circle's kit and hyperlane have sepolia-optimistic.etherscan.io" },
  ],
  sources: [
    "Circle's list of USDC contract addresses",
    'DOMAIN_SEPARATOR() as published, equal to the hash of this domain',
    "viem's tables of chains and of USDC addresses",
  ],
  checked: '2026-11',
})
