import type { Address, Hex } from '../bytes/hex.ts'
import type { DomainClaim, DomainLayout, EvmNetwork } from './network.ts'
import { builtInNetworks, type Networks } from './networks.ts'
import { otherContracts } from './other-contracts.ts'

/** A domain that somebody signs under, rightly or not, with the reason why it is listed. */
export interface KnownDomain {
  readonly name: string
  readonly version: string
  readonly chainId: number
  /** `verifyingContract`. */
  readonly address: Address
  readonly layout: DomainLayout
  /** `DOMAIN_SEPARATOR()` as published; absent where it can only be computed. */
  readonly separator?: Hex
  /**
   * `token`: the token's own domain as far as we know; `claimed`: a domain that some source gives for the token, or that nobody has ruled out;
   * `wrong`: a mix-up of names, versions or chain ids that is known to happen.
   */
  readonly standing: 'token' | 'claimed' | 'wrong'
  /** Which contract it is: `USDC on base`, `USDC.e on polygon (lookalike)`, `Circle Gateway wallet on base`. */
  readonly of: string
  /** One clause on why it is listed: `its own domain`, `the name of USDC elsewhere`, `chain id 998 in place of 999`. */
  readonly why: string
}

/** What USDC is named on one network or another; all other differences between its domains are addresses and chain ids. */
const usdcNames = ['USD Coin', 'USDC'] as const
const usdcVersions = ['2', '1'] as const

/**
 * Every domain that is known for the tokens of all networks: the tokens' own first, then what else is claimed for them,
 * then known mix-ups. No domain comes twice.
 */
export function* knownDomains(networks: Networks = builtInNetworks): Generator<KnownDomain> {
  const seen = new Set<string>()
  for (const domain of [...own(networks), ...claimed(networks), ...wrong(networks)]) {
    const key = JSON.stringify([domain.name, domain.version, domain.chainId, domain.address, domain.layout])
    if (seen.has(key)) continue
    seen.add(key)
    yield domain
  }
}

function evmNetworks(networks: Networks): readonly EvmNetwork[] {
  return networks.all.filter((network): network is EvmNetwork => network.family === 'evm')
}

function* own(networks: Networks): Generator<KnownDomain> {
  for (const network of evmNetworks(networks)) {
    for (const token of [network.usdc, ...network.otherTokens]) {
      yield listed(token, network.chainId, token.address, 'token', `${token.symbol} on ${network.id}`, 'its own domain')
    }
  }
  for (const { id, chainId, usdc } of networks.foreign) {
    if (usdc !== undefined) yield listed(usdc, chainId, usdc.address, 'token', `USDC on ${id}`, 'its own domain')
  }
  for (const network of evmNetworks(networks)) {
    for (const { domains, address, symbol } of network.lookalikes) {
      for (const domain of domains) {
        if (domain.separator !== undefined) {
          yield listed(domain, network.chainId, address, 'token', `${symbol} on ${network.id} (lookalike)`, 'its own domain')
        }
      }
    }
  }
}

function* claimed(networks: Networks): Generator<KnownDomain> {
  for (const network of evmNetworks(networks)) {
    for (const { symbol, address, otherDomains = [] } of [network.usdc, ...network.otherTokens]) {
      for (const domain of otherDomains) {
        yield listed(domain, network.chainId, address, 'claimed', `${symbol} on ${network.id}`, 'another source gives it')
      }
    }
    for (const { domains, address, symbol } of network.lookalikes) {
      for (const domain of domains) {
        yield listed(
          domain,
          network.chainId,
          address,
          'claimed',
          `${symbol} on ${network.id} (lookalike)`,
          'nobody has published its separator',
        )
      }
    }
  }
}

function* wrong(networks: Networks): Generator<KnownDomain> {
  for (const network of evmNetworks(networks)) {
    const { usdc, chainId } = network
    for (const id of [chainId, ...wrongChainIds(network)]) {
      const number = id === chainId ? '' : `chain id ${id} in place of ${chainId}`
      for (const name of usdcNames) {
        for (const version of usdcVersions) {
          const mixed = [
            ...(name === usdc.name ? [] : ['the name of USDC on other networks']),
            ...(version === usdc.version ? [] : [`version ${version}, a tutorial's`]),
            ...(number === '' ? [] : [number]),
          ]
          const domain: DomainClaim = { name, version, layout: usdc.layout }
          yield listed(domain, id, usdc.address, 'wrong', `USDC on ${network.id}`, mixed.join(', '))
        }
      }
    }
  }
  for (const { id, chainId, usdc } of networks.foreign) {
    if (usdc === undefined) continue
    for (const name of usdcNames) {
      yield listed({ ...usdcClaim, name }, chainId, usdc.address, 'wrong', `USDC on ${id}`, 'the name of USDC on other networks')
    }
  }
  for (const network of [...evmNetworks(networks), ...networks.foreign]) {
    for (const contract of otherContracts) {
      if (contract.testnet !== network.testnet) continue
      const domain: DomainClaim = { name: contract.name, version: contract.version, layout: 'standard' }
      yield listed(
        domain,
        network.chainId,
        contract.address,
        'wrong',
        `${contract.label} on ${network.id}`,
        'signed for Gateway, not for the token',
      )
      if (network.usdc === undefined) continue
      yield listed(
        domain,
        network.chainId,
        network.usdc.address,
        'wrong',
        `USDC on ${network.id}`,
        "Gateway's name and version on the token's address",
      )
    }
  }
}

const usdcClaim: DomainClaim = { name: 'USDC', version: '2', layout: 'standard' }

/** The chain ids that tables were seen to give for a network. */
export function wrongChainIds(network: EvmNetwork): readonly number[] {
  return network.wrongValues.flatMap(({ fact, wrong: id }) => (fact === 'chainId' ? [Number(id)] : []))
}

function listed(
  { name, version, layout, separator }: DomainClaim,
  chainId: number,
  address: Address,
  standing: KnownDomain['standing'],
  of: string,
  why: string,
): KnownDomain {
  return { name, version, chainId, address, layout, ...(separator === undefined ? {} : { separator }), standing, of, why }
}
