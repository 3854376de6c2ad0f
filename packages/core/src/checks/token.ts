import type { Finding } from '../causes/finding.ts'
import { fromFindings, skip } from '../evidence/check.ts'
import type { Networks } from '../networks/networks.ts'
import { chainWithId, type KnownChain } from '../networks/registered.ts'
import type { Payment } from '../payment/payment.ts'
import { sameAddress } from '../typed-data/address.ts'
import type { Check } from './check.ts'

/** Whether the asset is a token that takes EIP-3009 payments on this chain, as far as the registry knows. */
export const tokenChecks: readonly Check[] = [
  {
    id: 'asset',
    run: (payment, { networks, signature }) => {
      const { expected } = signature
      if (expected?.basis === 'user') return { outcome: 'pass' }
      const chain = payment.network ?? chainWithId(payment.chainId, networks)
      if (chain === undefined) return skip('no-network', 'nothing here knows the chain')
      if (payment.token === undefined) {
        const taken = expected?.units?.symbol
        return skip('no-asset', `the payload names no asset${taken === undefined ? '' : `; ${taken} of ${chain.id} is taken`}`)
      }
      return fromFindings([...withoutEip3009(chain, payment.token), ...unknownAsset(chain, payment.token, payment, networks)])
    },
  },
  { id: 'overload', run: (payment) => fromFindings(overload(payment)) },
]

/** What the registry has as a token without transferWithAuthorization. */
function withoutEip3009(chain: KnownChain, asset: string): Finding[] {
  const same = (each: { readonly address: string }): boolean => sameAddress(each.address, asset)
  const without =
    chain.family === 'foreign'
      ? chain.unjudged?.find((each) => same(each) && each.eip3009 === 'none')
      : chain.lookalikes.find((each) => same(each) && each.overloads?.vrs === false && !each.overloads.bytes)
  if (without === undefined) return []
  const usdc = chain.usdc
  return [
    {
      cause: 'token-without-eip3009',
      party: 'server',
      severity: 'error',
      field: 'requirements.asset',
      seen: asset,
      ...(usdc === undefined ? {} : { expected: usdc.address }),
      summary: `The token ${without.symbol} of ${chain.id} has no transferWithAuthorization.`,
      evidence: [{ source: 'registry', says: 'source' in without ? without.source : without.note }],
      fix:
        usdc === undefined
          ? 'offer a token with EIP-3009, or pay by Permit2'
          : `ask for asset ${usdc.address}, the ${usdc.symbol} of ${chain.id}`,
    },
  ]
}

function unknownAsset(chain: KnownChain, asset: string, payment: Payment, networks: Networks): Finding[] {
  const same = (each: { readonly address: string }): boolean => sameAddress(each.address, asset)
  if (chain.family === 'foreign' && (chain.unjudged ?? []).some(same)) return []
  const usdc = chain.usdc
  if ([...(usdc === undefined ? [] : [usdc]), ...(chain.family === 'foreign' ? [] : chain.otherTokens)].some(same)) return []
  const lookalike = chain.family === 'foreign' ? undefined : chain.lookalikes.find(same)
  const elsewhere = [...networks.all, ...networks.foreign].find(
    (other) => other.family !== 'solana' && other.chainId !== chain.chainId && other.usdc !== undefined && same(other.usdc),
  )
  const about =
    lookalike !== undefined
      ? `${lookalike.symbol} (${lookalike.note})`
      : elsewhere !== undefined
        ? `the USDC of ${elsewhere.id}`
        : undefined
  const wrong = elsewhere !== undefined && lookalike === undefined
  // Where a call was sent is no asset that anybody offered.
  const isOffered = payment.call === undefined
  return [
    {
      cause: 'asset-mismatch',
      party: isOffered ? 'server' : 'facilitator',
      severity: wrong ? 'error' : 'warning',
      field: isOffered ? 'requirements.asset' : 'transaction.to',
      seen: asset,
      ...(usdc === undefined ? {} : { expected: usdc.address }),
      summary:
        about === undefined
          ? `${isOffered ? 'The asset' : 'What was called,'} ${asset}${isOffered ? '' : ','} is not a token that we know on ${chain.id}.`
          : `The asset ${asset} is ${about}, not the USDC of ${chain.id}.`,
      evidence:
        usdc === undefined
          ? [{ source: 'registry', says: `no USDC of ${chain.id} is known` }]
          : [{ source: 'registry', says: `USDC of ${chain.id} is ${usdc.address}` }],
      fix:
        about === undefined || usdc === undefined
          ? "check the asset against the issuer's own list and its domain on chain"
          : `ask for asset ${usdc.address}`,
    },
  ]
}

function overload({ call, network, token, signature }: Payment): Finding[] {
  const known =
    network === undefined ? undefined : [network.usdc, ...network.otherTokens].find(({ address }) => sameAddress(address, token))
  const length = signature.length / 2 - 1
  const wantsBytes = call?.overload === 'bytes' || length > 65
  if (known === undefined || known.overloads.bytes || !wantsBytes) return []
  return [
    {
      cause: 'no-bytes-overload',
      party: call === undefined ? 'token' : 'facilitator',
      severity: 'error',
      field: 'token',
      seen: 'transferWithAuthorization(…, bytes)',
      expected: 'transferWithAuthorization(…, v, r, s)',
      summary: `${known.symbol} (${known.standard}) has no overload that takes the signature as bytes, so ${length > 65 ? 'a contract account can not pay with it' : 'this call always fails'}.`,
      evidence: [{ source: 'registry', says: `${known.symbol} at ${known.address}: (v, r, s) only` }],
      fix: length > 65 ? 'pay from an account without code, or in a token of FiatToken v2.2' : 'call the (v, r, s) overload',
    },
  ]
}
