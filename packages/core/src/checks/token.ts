import type { Finding } from '../causes/finding.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { EvmNetwork } from '../networks/network.ts'
import type { Payment } from '../payment/payment.ts'
import { sameAddress } from '../typed-data/address.ts'
import { type Check, fromFindings } from './check.ts'

/** Whether the asset is a token that takes EIP-3009 payments on this network, as far as the registry knows. */
export const tokenChecks: readonly Check[] = [
  {
    id: 'asset is a known token',
    run: (payment, evidence) => {
      if (payment.network === undefined) return { outcome: 'skip', reason: 'the network is not one that we know' }
      if (payment.token === undefined)
        return { outcome: 'skip', reason: `the payload names no asset; ${payment.network.usdc.symbol} of ${payment.network.id} is taken` }
      return fromFindings(unknownAsset(payment.network, payment.token, evidence))
    },
  },
  { id: 'token has the overload', run: (payment) => fromFindings(overload(payment)) },
]

function unknownAsset(network: EvmNetwork, asset: string, { networks, signature }: Evidence): Finding[] {
  if ([network.usdc, ...network.otherTokens].some(({ address }) => sameAddress(address, asset))) return []
  const lookalike = network.lookalikes.find(({ address }) => sameAddress(address, asset))
  const elsewhere = networks.all.find((other) => other.family === 'evm' && sameAddress(other.usdc.address, asset))
  const about =
    lookalike !== undefined
      ? `${lookalike.symbol} (${lookalike.note})`
      : elsewhere !== undefined
        ? `the USDC of ${elsewhere.id}`
        : undefined
  const wrong = elsewhere !== undefined && lookalike === undefined
  return [
    {
      cause: 'asset-mismatch',
      party: 'server',
      severity: wrong ? 'error' : 'warning',
      field: 'requirements.asset',
      seen: asset,
      expected: network.usdc.address,
      summary:
        about === undefined
          ? `The asset ${asset} is not a token that we know on ${network.id}; its domain is taken from ${signature.expected?.basis === 'offer' ? "the server's extra" : 'what the payload says'}.`
          : `The asset ${asset} is ${about}, not the USDC of ${network.id}.`,
      evidence: [{ source: 'registry', says: `USDC of ${network.id} is ${network.usdc.address}` }],
      fix:
        about === undefined
          ? "check the asset against the issuer's own list and its domain on chain"
          : `ask for asset ${network.usdc.address}`,
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
