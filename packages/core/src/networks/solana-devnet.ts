import { defineNetwork, splTokenProgram, token2022Program } from './define-network.ts'

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
  lookalikes: [
    {
      symbol: 'EURC',
      mint: 'HzwqbKZw8HxMN6bF2yFZNrht3c2iXXzpKcFu7uBEDKtr',
      decimals: 6,
      tokenProgram: splTokenProgram,
      note: "Circle's euro, at the address that it has on mainnet.",
    },
    {
      symbol: 'PYUSD',
      mint: 'CXk2AMBfi3TwaEL2468s6zP8xq9NxTXjp9gjMgzeUynM',
      decimals: 6,
      tokenProgram: token2022Program,
      note: "PayPal's dollar, issued by Paxos.",
    },
    {
      symbol: 'USDG',
      mint: '4F6PM96JJxngmHnZLBh9n58RH4aTVNWvDs2nuwrT5BP7',
      decimals: 6,
      tokenProgram: token2022Program,
      note: "Paxos's Global Dollar.",
    },
  ],
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
    { fact: 'lookalikes[EURC].mint', confidence: 'medium', source: "Circle's list; the mint was not read on this cluster" },
    { fact: 'tokenProgram', confidence: 'medium', source: "the mint's owner was not read on this cluster" },
    { fact: 'blockTime', confidence: 'medium', source: 'the target slot time; slots are skipped' },
  ],
  sources: [
    "Circle's list of USDC contract addresses",
    'the x402 specification of the exact scheme on Solana',
    'PYUSD and USDG with program and decimals: npm @x402/svm 2.27.0, src/defaultAssets.ts; the same mints: github.com/solana-foundation/pay-kit, rust/crates/kit/src/core/mints.rs',
    'the CAIP-2 namespace of Solana',
  ],
  checked: '2026-11',
})
