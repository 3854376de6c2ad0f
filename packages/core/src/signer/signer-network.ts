import type { Address } from '../bytes/hex.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { editDistance } from '../networks/edit-distance.ts'
import type { DomainLayout } from '../networks/network.ts'
import { checkArgument, networkMembers } from './check-argument.ts'

/** What signing needs of a token. Each `Token` of a network's data has it. */
export interface SignerToken {
  readonly address: Address
  /** Name and version of its EIP-712 domain, as the contract hashes them. */
  readonly name: string
  readonly version: string
  /** `standard` when absent; `salt` is for Polygon's bridged tokens. */
  readonly layout?: DomainLayout
  /** Both are needed only for amounts in words, `0.01 USDC`. */
  readonly symbol?: string
  readonly decimals?: number
}

/** What signing needs of a network. Each `EvmNetwork` has it, so that one which `defineNetwork` made can be given. */
export interface SignerNetwork {
  /** The name that x402 v1 has for it. */
  readonly id: string
  readonly chainId: number
  /** Seconds between blocks. */
  readonly blockTime: number
  /** The token that is paid with where none is named. */
  readonly usdc: SignerToken
}

/**
 * The EVM networks of `networks/` with as much as signing needs, since all that is known of them is 17 kB: id, chain id, block time in seconds,
 * USDC's address and domain name, aliases. A test compares each row with the network's own data.
 */
// biome-ignore format: one network a line
const rows: readonly (readonly [id: string, chainId: number, blockTime: number, usdc: Address, name: string, aliases: string])[] = [
  ['base-sepolia', 84532, 2, '0x036CbD53842c5426634e7929541eC2318f3dCF7e', 'USDC', ''],
  ['base', 8453, 2, '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', 'USD Coin', 'base-mainnet'],
  ['xdc', 50, 2, '0xfA2958CB79b0491CC627c1557F441eF849Ca8eb1', 'USDC', 'xdc-mainnet xdc-network'],
  ['avalanche-fuji', 43113, 2, '0x5425890298aed601595a70AB815c96711a31Bc65', 'USD Coin', 'fuji avax-fuji'],
  ['avalanche', 43114, 1.7, '0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E', 'USD Coin', 'avalanche-mainnet avalanche-c-chain avax'],
  ['polygon-amoy', 80002, 2, '0x41E94Eb019C0762f9Bfcf9Fb1E58725BfB0e7582', 'USDC', 'amoy polygon-amoy-testnet polygon-pos-amoy matic-amoy'],
  ['polygon', 137, 2, '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359', 'USD Coin', 'polygon-mainnet polygon-pos matic'],
  ['optimism', 10, 2, '0x0b2C639c533813f4Aa9D7837CAf62653d097Ff85', 'USD Coin', 'optimism-mainnet op-mainnet op'],
  ['optimism-sepolia', 11155420, 2, '0x5fd84259d66Cd46123540766Be93DFE6D43130D7', 'USDC', 'op-sepolia'],
  ['celo', 42220, 1, '0xcebA9300f2b948710d2653dD7B07f33A8B32118C', 'USDC', 'celo-mainnet'],
  ['celo-sepolia', 11142220, 1, '0x01C5C0122039549AD1493B8220cABEdD739BC44E', 'USDC', 'celo-testnet celo-sepolia-testnet'],
  ['hyperevm', 999, 1, '0xb88339CB7199b77E23DB6E890353E22632Ba630f', 'USDC', 'hyperevm-mainnet hyperliquid hyperliquid-evm'],
  ['hyperevm-testnet', 998, 1, '0x2B3370eE501B4a559b57D449569354196457D8Ab', 'USDC', 'hyperliquid-evm-testnet hyperliquid-testnet'],
  ['sei', 1329, 0.4, '0xe15fC38F6D8c56aF07bbCBe3BAf5708A2Bf42392', 'USDC', 'sei-mainnet sei-network pacific-1'],
  ['sei-testnet', 1328, 0.4, '0x4fCF1784B31630811181f670Aea7A7bEF803eaED', 'USDC', 'sei-atlantic-2 sei-atlantic atlantic-2'],
]

/** The networks that `createAuthorization` knows by name. */
export const signerNetworks: readonly SignerNetwork[] = /* @__PURE__ */ rows.map(([id, chainId, blockTime, address, name]) => ({
  id,
  chainId,
  blockTime,
  usdc: { address, name, version: '2', layout: 'standard', symbol: 'USDC', decimals: 6 },
}))

/**
 * The network that a name, a CAIP-2 id or a chain id stands for; case, spaces, `-` and `_` do not matter in names. An object is taken as it is.
 * @throws Eip3009Error `unknown-network` with the nearest name.
 */
export function findSignerNetwork(network: string | number | bigint | SignerNetwork): SignerNetwork {
  if (typeof network === 'object') return checkArgument(network, networkMembers)
  const text = String(network).trim()
  const key = keyOf(text)
  const chain = /^(?:eip155:)?(\d{1,15}|0x[\da-f]{1,12})$/.exec(text.toLowerCase())?.[1]
  const index = rows.findIndex(([id, chainId, , , , aliases]) =>
    chain === undefined ? namesOf(id, aliases).some((name) => keyOf(name) === key) : chainId === Number(chain),
  )
  const found = signerNetworks[index]
  if (found !== undefined) return found
  const solana = key.startsWith('solana') ? ' Solana payments are no EIP-3009.' : ''
  const near = nearest(key)
  throw new Eip3009Error(
    'unknown-network',
    `${quote(text)} is no EVM network that signing knows.${solana}${near === undefined ? '' : ` Did you mean ${near.id} (${near.chainId})?`} Give a name such as base, a CAIP-2 id such as eip155:8453, or an object with id, chainId, blockTime and usdc.`,
  )
}

function namesOf(id: string, aliases: string): readonly string[] {
  return [id, ...aliases.split(' ').filter((name) => name !== '')]
}

function keyOf(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '')
}

/** At most one edit in four letters; numbers have no neighbours, since one digit off is another chain. */
function nearest(key: string): SignerNetwork | undefined {
  let least = Math.max(1, Math.floor(key.length / 4)) + 1
  let best: SignerNetwork | undefined
  if (key.length < 3 || key.length > 40 || !/^[a-z]/.test(key)) return undefined
  for (const [index, [id, , , , , aliases]] of rows.entries()) {
    for (const name of namesOf(id, aliases)) {
      const distance = editDistance(key, keyOf(name), least)
      if (distance < least) {
        least = distance
        best = signerNetworks[index]
      }
    }
  }
  return best
}
