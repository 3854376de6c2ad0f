import { defineNetwork, splTokenProgram } from './define-network.ts'

export const solana = defineNetwork({
  family: 'solana',
  id: 'solana',
  testnet: false,
  caip2: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
  genesisHash: '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d',
  x402Names: ['solana'],
  aliases: ['solana-mainnet', 'solana-mainnet-beta', 'mainnet-beta', 'sol', '101'],
  mint: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
  decimals: 6,
  tokenProgram: splTokenProgram,
  lookalikes: [
    { symbol: 'EURC', mint: 'HzwqbKZw8HxMN6bF2yFZNrht3c2iXXzpKcFu7uBEDKtr', note: "Circle's euro." },
    { symbol: 'USDT', mint: 'Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB', note: "Tether's dollar." },
    {
      symbol: 'AUSD',
      mint: 'AUSD1jCcCyPLybk1YnvPWsHQSrZ46dxwoMniN4N2UEB9',
      note: "Agora's dollar, a Token-2022 mint that UltravioletaDAO serves.",
    },
  ],
  rpcUrls: ['https://api.mainnet-beta.solana.com'],
  explorerUrl: 'https://solscan.io',
  blockTime: 0.4,
  wrongValues: [
    {
      fact: 'caip2',
      wrong: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d',
      right: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
      seenIn: 'the example of x402_core on pub.dev: the whole genesis hash, where CAIP-2 takes its first 32 characters',
    },
    {
      fact: 'caip2',
      wrong: 'solana:4sGjMW1sUnHzSxGspuhpqLDx6wiyjNtZ',
      right: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
      seenIn: 'CAIP-30, which was superseded',
    },
  ],
  doubts: [
    { fact: 'aliases', confidence: 'low', source: 'informal names; "101" is the id that the x402 v1 SDK gives it' },
    { fact: 'blockTime', confidence: 'medium', source: 'the target slot time; slots are skipped' },
    { fact: 'lookalikes', confidence: 'medium', source: "issuers' own pages and the table of UltravioletaDAO" },
  ],
  sources: [
    "Circle's list of USDC contract addresses",
    'the x402 specification of the exact scheme on Solana',
    'the CAIP-2 namespace of Solana',
  ],
  checked: '2026-11',
})
