import { defineNetwork, splTokenProgram } from './define-network.ts'

export const solanaDevnet = defineNetwork({
  family: 'solana',
  id: 'solana-devnet',
  testnet: true,
  caip2: 'solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1',
  genesisHash: 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG',
  x402Names: ['solana-devnet'],
  aliases: ['devnet', 'sol-devnet', '103'],
  mint: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU',
  decimals: 6,
  tokenProgram: splTokenProgram,
  rpcUrls: ['https://api.devnet.solana.com'],
  explorerUrl: 'https://explorer.solana.com/?cluster=devnet',
  blockTime: 0.4,
  wrongValues: [
    {
      fact: 'caip2',
      wrong: 'solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG',
      right: 'solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1',
      seenIn: 'the same mistake as on mainnet: the whole genesis hash',
    },
  ],
  doubts: [
    { fact: 'aliases', confidence: 'low', source: 'informal names; "103" is the id that the x402 v1 SDK gives it' },
    { fact: 'tokenProgram', confidence: 'medium', source: "the mint's owner was not read on this cluster" },
    { fact: 'blockTime', confidence: 'medium', source: 'the target slot time; slots are skipped' },
  ],
  sources: [
    "Circle's list of USDC contract addresses",
    'the x402 specification of the exact scheme on Solana',
    'the CAIP-2 namespace of Solana',
  ],
  checked: '2026-11',
})
