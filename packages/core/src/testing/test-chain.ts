import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import type { ReplayChain } from '../evm/evidence/replay.ts'
import { tokenDomain } from '../evm/signature/expected-domain.ts'
import { connectChain } from '../evm/state/connect-chain.ts'
import type { Eip712Domain } from '../evm/typed-data/domain.ts'
import { openChain } from '../evm/world/open-chain.ts'
import { openFork } from '../evm/world/open-fork.ts'
import { getEvmNetwork } from '../networks/find-network.ts'
import type { EvmNetwork, Token } from '../networks/network.ts'
import { builtInNetworks, type NetworkId } from '../networks/networks.ts'
import { type OwnChain, urlOf } from './pool-chains.ts'

/** Which chain each test gets. */
export type ChainTestOptions =
  | {
      /** A chain of our own with Circle's contract at this network's address. `base`, 8453, `eip155:8453`, or a network of `defineNetwork`. */
      readonly network: NetworkId | EvmNetwork | number | `eip155:${number}`
      readonly forkUrl?: undefined
      readonly block?: undefined
    }
  | {
      /** A fork of this RPC, which is only read from. */
      readonly forkUrl: string
      /** The block whose state it begins with; the newest when absent. Give one, so that the test is the same tomorrow. */
      readonly block?: bigint | number
      /** The RPC's network; asked for when absent. */
      readonly network?: NetworkId | EvmNetwork | number | `eip155:${number}`
    }

/** The chain of one test. Whatever the test does to it is undone before the next one has it. */
export interface TestChain extends Pick<ReplayChain, 'description' | 'chainId' | 'separator' | 'controls' | 'replay'> {
  readonly network: EvmNetwork
  /** The network's USDC, and the EIP-712 domain to sign under. */
  readonly usdc: Token & { readonly chainId: number; readonly domain: Eip712Domain }
  /** For a client of the test's own, on 127.0.0.1. It mines when told to (`evm_mine`, or `evm_setAutomine`), gas is free, and every account is unlocked. */
  readonly rpcUrl: string
}

/** The network behind the options, and how to open a chain of it. */
export interface ChainSourceOfTests {
  readonly network: EvmNetwork
  readonly open: () => Promise<OwnChain>
}

/**
 * Finds out which network is meant.
 * @throws Eip3009Error `unknown-network`; `unsupported-input` for a network without EIP-3009; `rpc-unavailable` when a fork's RPC does not say its chain.
 */
export async function resolveChain({ network: given, forkUrl, block }: ChainTestOptions): Promise<ChainSourceOfTests> {
  if (forkUrl === undefined) {
    const network = evmNetwork(given)
    return { network, open: () => openChain({ network }) }
  }
  const network = given === undefined ? await networkBehind(forkUrl) : evmNetwork(given)
  return { network, open: () => openFork({ rpcUrl: forkUrl, network, ...(block === undefined ? {} : { block: BigInt(block) }) }) }
}

/** Whether the options can be followed, as far as that can be said without asking anybody. */
export function checkOptions({ network, forkUrl }: ChainTestOptions): void {
  if (forkUrl === undefined || network !== undefined) evmNetwork(network)
}

function evmNetwork(given: string | number | EvmNetwork | undefined): EvmNetwork {
  if (typeof given === 'object') return given
  if (given === undefined) {
    throw new Eip3009Error('invalid-argument', "A chain test needs a network or a forkUrl: createChainTest({ network: 'base' }).")
  }
  return getEvmNetwork(given)
}

async function networkBehind(forkUrl: string): Promise<EvmNetwork> {
  const client = connectChain(forkUrl)
  const id = await client.request('eth_chainId')
  const chainId = typeof id === 'string' && /^0x[0-9a-fA-F]{1,13}$/.test(id) ? Number(id) : undefined
  const network = builtInNetworks.all.find((each): each is EvmNetwork => each.family === 'evm' && each.chainId === chainId)
  if (network !== undefined) return network
  throw new Eip3009Error(
    'unknown-network',
    `${client.description} is of ${chainId === undefined ? `chain ${quote(id)}` : `chain ${chainId}`}, which is none of the known networks; give network too, made by defineNetwork.`,
  )
}

/** What a test sees of its chain. */
export function testChain(network: EvmNetwork, chain: OwnChain): TestChain {
  const { usdc, chainId } = network
  return {
    network,
    usdc: { ...usdc, chainId, domain: tokenDomain(usdc, chainId) },
    rpcUrl: urlOf(chain),
    description: chain.description,
    chainId: chain.chainId,
    separator: chain.separator,
    controls: chain.controls,
    replay: chain.replay,
  }
}
