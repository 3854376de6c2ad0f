import { sameAddress } from '../../bytes/address.ts'
import type { Finding } from '../../causes/finding.ts'
import { type CheckResult, fromFindings, skip } from '../../evidence/check.ts'
import { ifKnown, unknown } from '../../evidence/known.ts'
import type { Networks } from '../../networks/networks.ts'
import { chainWithId, type KnownChain } from '../../networks/registered.ts'
import { formatUnits } from '../../text/amount.ts'
import { type PayeeRefusal, payeeRefusal } from '../../tokens/ask-model.ts'
import { modelOf, type TokenFamily } from '../../tokens/models.ts'
import { readSequentialNonce } from '../../tokens/sequence.ts'
import { believed } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import type { Check } from './check.ts'
import { onWrongChain } from './wrong-chain.ts'

/** Whether the asset is a token that takes EIP-3009 payments on this chain, as far as the registry knows. */
export const tokenChecks: readonly Check[] = [
  {
    id: 'asset',
    run: (payment, evidence) => {
      const { networks, signature } = evidence
      const { expected } = signature
      // It is the token of the chain that was signed for.
      if (expected?.basis === 'user' || onWrongChain(payment, evidence).length > 0) return { outcome: 'pass' }
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
  { id: 'amount', run: (payment, evidence) => fromFindings(beyondSupply(payment, evidence)) },
  { id: 'payee', run: payeeCheck },
  { id: 'nonce-form', run: (payment, evidence) => fromFindings(turn(payment, evidence)) },
]

/** The token that would check the payment, as far as it is known. */
function modelledToken({ signature: { expected } }: Evidence): { readonly family: TokenFamily; readonly symbol: string } | undefined {
  return expected?.family === undefined ? undefined : { family: expected.family, symbol: expected.units?.symbol ?? 'this token' }
}

/** How the payment's token refuses its payee as such, whoever pays; undefined where it does not, or where nobody knows the token. */
export function refusedPayee(
  payment: Payment,
  evidence: Evidence,
): (PayeeRefusal & { readonly family: TokenFamily; readonly zero: boolean }) | undefined {
  const { to } = payment.authorization
  const zero = BigInt(to) === 0n
  const token = payment.token ?? evidence.signature.expected?.domain.verifyingContract
  const known = modelledToken(evidence)
  if (known === undefined || !(zero || sameAddress(to, token))) return undefined
  const refusal = payeeRefusal(known.family, zero ? 'zero' : 'itself')
  return refusal === undefined ? undefined : { ...refusal, family: known.family, zero }
}

function payeeCheck(payment: Payment, evidence: Evidence): CheckResult {
  const { to } = payment.authorization
  const { expected } = evidence.signature
  const zero = BigInt(to) === 0n
  if (!zero && !sameAddress(to, payment.token ?? expected?.domain.verifyingContract)) return { outcome: 'pass' }
  const refusal = refusedPayee(payment, evidence)
  if (refusal !== undefined) {
    // What its list says on chain is reported from there.
    const listed = refusal.check === 'to-blacklisted' ? ifKnown(believed(evidence.chains ?? [])?.payee.blacklisted ?? unasked) : undefined
    return fromFindings(typeof listed === 'boolean' ? [] : [unpayable(payment, refusal)])
  }
  if (modelledToken(evidence) !== undefined) return { outcome: 'pass' }
  const what = zero ? 'the zero address' : 'the token itself'
  return skip('token-unknown', `the payee is ${what}, and whether this token pays it is not known: many refuse it`)
}

const unasked = unknown('no chain was asked')

function unpayable(
  { authorization, requirements }: Payment,
  { family, zero, check, says }: NonNullable<ReturnType<typeof refusedPayee>>,
): Finding {
  const { to } = authorization
  const { label, source } = modelOf(family)
  const words = says === undefined ? '' : ` and answers ${JSON.stringify(says)}`
  const itself = check === 'to-blacklisted' ? `${label} has its own address on its blacklist` : `${label} pays nobody at its own address`
  return {
    cause: check === 'to-blacklisted' ? 'blacklisted' : 'payee-not-payable',
    party: sameAddress(requirements?.payTo, to) ? 'server' : 'client',
    severity: 'error',
    field: 'authorization.to',
    seen: to,
    expected: 'an account that the token pays',
    summary: zero
      ? `The payee is the zero address: ${label} pays nobody there${words}.`
      : `The payee is the token itself: ${itself}${words}.`,
    evidence: [{ source: 'registry', says: `${label}: ${source}` }],
    fix: `put the address that is to be paid into payTo, and sign again: nothing can be paid to ${zero ? 'the zero address' : 'the token itself'}`,
  }
}

/** A nonce that was drawn at random, where the token counts them. */
function turn({ authorization }: Payment, evidence: Evidence): Finding[] {
  const known = modelledToken(evidence)
  if (known === undefined || modelOf(known.family).nonces !== 'sequential') return []
  const { nonce } = authorization
  const read = readSequentialNonce(nonce)
  if (read.reachable) return []
  const { label, source } = modelOf(known.family)
  return [
    {
      cause: 'nonce-out-of-sequence',
      party: 'client',
      severity: 'error',
      field: 'authorization.nonce',
      seen: nonce,
      expected: 'a nonce whose last 8 bytes are the next turn of its key',
      summary: `The nonces of ${known.symbol} count up: the last 8 bytes of this one make it turn ${read.turn} of its key, which no account comes to.`,
      evidence: [
        { source: 'registry', says: `${label}: ${source}` },
        { source: 'computed', says: `the key is the first 24 bytes, ${nonce.slice(0, 50)}, and the turns of a key begin with 0` },
      ],
      fix: `sign again with a nonce of 24 random bytes and 8 zero bytes, such as ${nonce.slice(0, 50)}${'0'.repeat(16)} if its key was never used`,
    },
  ]
}

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

/** Whole units: more than there is of any token that is pegged to a currency, rupiah and dong included. */
const mostUnits = 10n ** 15n

/** An amount that no payer has; of a token whose decimals are only told it is an amount like any other. */
function beyondSupply({ authorization }: Payment, { signature: { expected } }: Evidence): Finding[] {
  const { value } = authorization
  const units = expected?.units
  if (expected?.basis !== 'registry' || units === undefined || value < mostUnits * 10n ** BigInt(units.decimals)) return []
  const amount = `${formatUnits(value, units.decimals)} ${units.symbol}`
  return [
    {
      cause: 'amount-units-wrong',
      party: 'client',
      severity: 'error',
      field: 'authorization.value',
      seen: String(value),
      summary: `The value is ${amount}, more than there is of it, so that no payer has it.`,
      evidence: [{ source: 'registry', says: `${units.symbol} has ${units.decimals} decimals` }],
      fix: `sign with the price in atomic units, once times 10^${units.decimals}: 1 ${units.symbol} is ${10n ** BigInt(units.decimals)}`,
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
      summary: `${known.symbol}${known.family === undefined ? '' : ` (${modelOf(known.family).label})`} has no overload that takes the signature as bytes, so ${length > 65 ? 'a contract account can not pay with it' : 'this call always fails'}.`,
      evidence: [{ source: 'registry', says: `${known.symbol} at ${known.address}: (v, r, s) only` }],
      fix: length > 65 ? 'pay from an account without code, or in a token of FiatToken v2.2' : 'call the (v, r, s) overload',
    },
  ]
}
