import { describe, expect, it } from 'vitest'
import { foreignNetworks } from '../../networks/foreign.ts'
import type { ForeignNetwork } from '../../networks/network.ts'
import { builtInNetworks } from '../../networks/networks.ts'
import { readEvmPayment } from '../payment/read.ts'
import { expectedDomains } from './expected-domain.ts'

const unjudged = foreignNetworks.flatMap((network: ForeignNetwork) =>
  (network.unjudged ?? []).map((token) => [network.caip2, token] as const),
)

describe('a token whose domain the registry does not have', () => {
  it.each(unjudged)("%s: has the registry's decimals, and a domain that is only claimed", (caip2, token) => {
    const { address } = token
    const message = { from: address, to: address, value: '1', validAfter: '0', validBefore: '9', nonce: `0x${'22'.repeat(32)}` }
    const payment = readEvmPayment(
      JSON.stringify({
        x402Version: 2,
        accepted: { scheme: 'exact', network: caip2, amount: '1', asset: address, payTo: address, extra: { name: 'USDC', version: '2' } },
        payload: { signature: `0x${'11'.repeat(65)}`, authorization: message },
      }),
    )
    const domains = expectedDomains(payment, builtInNetworks)
    expect(domains.length).toBeGreaterThan(0)
    for (const { units, provenance } of domains) {
      expect(units).toMatchObject({ decimals: token.decimals, symbol: token.symbol, provenance: { from: 'registry' } })
      expect(provenance.from).toBe('claim')
    }
  })
})
