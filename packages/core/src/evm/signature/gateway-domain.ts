import { sameAddress } from '../../bytes/address.ts'
import type { Networks } from '../../networks/networks.ts'
import { type OtherContract, otherContracts } from '../../networks/other-contracts.ts'
import { chainWithId, tokensOf } from '../../networks/registered.ts'
import { gatewayName } from '../../wire/find-rail.ts'
import type { Payment } from '../payment/payment.ts'
import { domainSeparator, type Eip712Domain } from '../typed-data/domain.ts'
import { type ExpectedDomain, expectedDomains, type TokenNamed } from './expected-domain.ts'

/** The domains that whoever settles the payment may check it under, the likeliest first: Gateway's own for what is offered through it, the token's else. */
export function candidateDomains(payment: TokenNamed, networks: Networks): ExpectedDomain[] {
  return payment.rail === 'circle-gateway' ? gatewayDomains(payment, networks) : expectedDomains(payment, networks)
}

/**
 * The domains under which Circle Gateway checks a payment: the token's message under Gateway's own name, version and contract, on the chain of the
 * offer (BatchEvmScheme of @circle-fin/x402-batching 3.3.0 signs all four fields). The one that the offer names; where it names none, Gateway's
 * wallets, that of the mainnets and that of the testnets. None where nothing says which chain.
 */
function gatewayDomains(payment: TokenNamed, networks: Networks): ExpectedDomain[] {
  const chainId = payment.network?.chainId ?? payment.chainId
  if (chainId === undefined) return []
  const chain = payment.network ?? chainWithId(chainId, networks)
  const asset = payment.token ?? chain?.usdc?.address
  const moved = chain === undefined ? undefined : tokensOf(chain).find(({ token }) => sameAddress(token.address, asset))?.token
  const named = payment.requirements?.extra?.verifyingContract ?? payment.claimedDomain?.verifyingContract
  const isNamed = payment.rail === 'circle-gateway' && named !== undefined
  const addresses = isNamed ? [named] : gatewayWallets(payment, networks).map(({ address }) => address)
  return addresses.map((verifyingContract): ExpectedDomain => {
    const domain: Eip712Domain = { name: gatewayName, version: '1', chainId: BigInt(chainId), verifyingContract }
    const wallet = otherContracts.find(({ address }) => sameAddress(address, verifyingContract))
    return {
      domain,
      separator: domainSeparator(domain),
      basis: 'gateway',
      provenance:
        wallet === undefined
          ? { from: 'claim', says: 'the contract that the payload names for Circle Gateway' }
          : { from: 'registry', says: `the ${wallet.label}: ${wallet.source}` },
      ...(chain === undefined ? {} : { network: chain }),
      ...(moved === undefined
        ? {}
        : {
            token: moved,
            units: {
              decimals: moved.decimals,
              symbol: moved.symbol,
              provenance: { from: 'registry', says: `${moved.symbol} of ${chain?.id ?? ''}` },
            },
          }),
    }
  })
}

/**
 * Gateway's domains for a payment whose own words do not say whose domain it was signed under, such as an authorization alone. What an offer names,
 * or a call was sent to, is what it has to fit.
 */
export function unsaidGatewayDomains(payment: Payment, networks: Networks): ExpectedDomain[] {
  const says = payment.requirements?.extra?.name ?? payment.claimedDomain?.name ?? payment.call?.transaction?.to ?? payment.told?.name
  const isOpen = payment.rail === 'eip3009' || payment.rail === 'x402-exact'
  return isOpen && says === undefined ? gatewayDomains(payment, networks) : []
}

/** Gateway's wallets on the payment's chain: one where it is known for a mainnet or a testnet, both where it is not known. */
export function gatewayWallets(payment: TokenNamed, networks: Networks): readonly OtherContract[] {
  const testnet = (payment.network ?? chainWithId(payment.chainId, networks))?.testnet
  return otherContracts.filter((each) => testnet === undefined || each.testnet === testnet)
}

/** Whether a domain is one of Circle Gateway's own. */
export function isGatewayDomain({ name, verifyingContract }: Eip712Domain): boolean {
  return name === gatewayName && otherContracts.some((each) => sameAddress(each.address, verifyingContract))
}
