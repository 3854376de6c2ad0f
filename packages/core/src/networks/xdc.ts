import { defineNetwork } from './define-network.ts'

export const xdc = defineNetwork({
  family: 'evm',
  id: 'xdc',
  testnet: false,
  chainId: 50,
  caip2: 'eip155:50',
  x402Names: ['xdc'],
  aliases: ['xdc-mainnet', 'xdc-network'],
  usdc: {
    symbol: 'USDC',
    address: '0xfA2958CB79b0491CC627c1557F441eF849Ca8eb1',
    name: 'USDC',
    version: '2',
    layout: 'standard',
    decimals: 6,
    family: 'FiatTokenV2_2',
    overloads: { vrs: true, bytes: true },
    otherDomains: [
      { name: 'Bridged USDC(XDC)', version: '2', layout: 'standard' },
      { name: 'Bridged USDC', version: '2', layout: 'standard' },
    ],
  },
  lookalikes: [
    {
      symbol: 'USDC.e',
      address: '0x2A8E898b6242355c290E1f4Fc966b8788729A4D4',
      name: 'Bridged USDC(XDC)',
      decimals: 6,
      note: 'The bridged USDC that XDC had before Circle issued its own there. Its name has no space before the parenthesis. Facilitator tables of 2025 and 2026 list it as the USDC of XDC.',
      domains: [
        { name: 'Bridged USDC(XDC)', version: '2', layout: 'standard' },
        { name: 'Bridged USDC (XDC)', version: '2', layout: 'standard' },
        { name: 'USDC', version: '2', layout: 'standard' },
        { name: 'USD Coin', version: '2', layout: 'standard' },
      ],
    },
  ],
  rpcUrls: [
    'https://rpc.xdcrpc.com',
    'https://erpc.xdcrpc.com',
    'https://erpc.xinfin.network',
    'https://rpc.xinfin.network',
    'https://rpc.xdc.org',
  ],
  explorerUrl: 'https://xdcscan.com',
  blockTime: 2,
  eip1559: false,
  nativeCurrency: 'XDC',
  multicall3: '0x0B1795ccA8E4eC4df02346a082df54D437F8D9aF',
  wrongValues: [
    {
      fact: 'usdc.address',
      wrong: '0x2A8E898b6242355c290E1f4Fc966b8788729A4D4',
      right: '0xfA2958CB79b0491CC627c1557F441eF849Ca8eb1',
      seenIn:
        'x402-rs until v0.10.0 (changed 2025-12-24), UltravioletaDAO in every version until 2026-08, karmakadabra: the bridged token of XDC',
    },
    { fact: 'usdc.name', wrong: 'Bridged USDC(XDC)', right: 'USDC', seenIn: 'the same tables, with the bridged token' },
    {
      fact: 'multicall3',
      wrong: '0xcA11bde05977b3631167028862bE2a173976CA11',
      right: '0x0B1795ccA8E4eC4df02346a082df54D437F8D9aF',
      seenIn: 'x402-rs and @x402/evm assume the usual address; batched reads and ERC-6492 checks can fail there',
    },
  ],
  doubts: [
    { fact: 'usdc.symbol', confidence: 'medium', source: "Circle's naming; symbol() was not read" },
    {
      fact: 'usdc.separator',
      confidence: 'low',
      source: 'nobody has published what DOMAIN_SEPARATOR() returns here; the domain is the one that x402 tables agree on',
    },
    {
      fact: 'usdc.family',
      confidence: 'medium',
      source: "native since August or September 2025, on Circle's list and in CCTP as domain 18; @x402/evm's comment calls it bridged",
    },
    { fact: 'rpcUrls[0]', confidence: 'medium', source: "viem's default; x402scan and UltravioletaDAO use others" },
    { fact: 'blockTime', confidence: 'medium', source: 'as documented, not measured' },
    { fact: 'eip1559', confidence: 'medium', source: 'false in x402-rs and its forks in November 2025; not probed since' },
    {
      fact: 'explorerUrl',
      confidence: 'medium',
      source: "viem and Circle's page have xdcscan.com, Circle's kit has xdcscan.io",
    },
    { fact: 'lookalikes[USDC.e].domains', confidence: 'medium', source: 'tables of facilitators; no separator is published' },
    { fact: 'lookalikes[USDC.e].overloads', confidence: 'low', source: 'facilitator tables assume EIP-3009; nobody published a reading' },
  ],
  sources: ["Circle's list of USDC contract addresses", "viem's tables of chains and of USDC addresses"],
  checked: '2026-11',
})
