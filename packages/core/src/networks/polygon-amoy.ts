import { defineNetwork } from './define-network.ts'

export const polygonAmoy = defineNetwork({
  family: 'evm',
  id: 'polygon-amoy',
  testnet: true,
  chainId: 80002,
  caip2: 'eip155:80002',
  x402Names: ['polygon-amoy'],
  aliases: ['amoy', 'polygon-amoy-testnet', 'polygon-pos-amoy', 'matic-amoy'],
  usdc: {
    symbol: 'USDC',
    address: '0x41E94Eb019C0762f9Bfcf9Fb1E58725BfB0e7582',
    name: 'USDC',
    version: '2',
    layout: 'standard',
    decimals: 6,
    family: 'FiatTokenV2_2',
    overloads: { vrs: true, bytes: true },
    separator: '0x5cddc98319864e897e4469bd1d13c2288c677047b54b8cca12bd342adb6be9eb',
  },
  rpcUrls: ['https://polygon-amoy.drpc.org', 'https://rpc-amoy.polygon.technology', 'https://polygon-amoy-bor-rpc.publicnode.com'],
  explorerUrl: 'https://amoy.polygonscan.com',
  blockTime: 2,
  eip1559: true,
  nativeCurrency: 'POL',
  multicall3: '0xcA11bde05977b3631167028862bE2a173976CA11',
  doubts: [
    { fact: 'usdc.symbol', confidence: 'medium', source: "Circle's naming; symbol() was not read" },
    { fact: 'usdc.family', confidence: 'medium', source: "Circle's current release; the implementation behind this proxy was not read" },
    {
      fact: 'usdc.overloads.bytes',
      confidence: 'medium',
      source: "expected of Circle's current release, v2.2; the code was not read",
    },
    { fact: 'blockTime', confidence: 'medium', source: 'as documented, not measured' },
  ],
  sources: [
    "Circle's list of USDC contract addresses",
    'DOMAIN_SEPARATOR() as published, equal to the hash of this domain',
    "viem's tables of chains and of USDC addresses",
  ],
  checked: '2026-11',
})
