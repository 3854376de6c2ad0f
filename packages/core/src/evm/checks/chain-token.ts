import { sameAddress } from '../../bytes/address.ts'
import type { Finding, Severity } from '../../causes/finding.ts'
import { fromFindings, skip } from '../../evidence/check.ts'
import { ifKnown } from '../../evidence/known.ts'
import { listFunctions, makesCheck } from '../../tokens/ask-model.ts'
import { modelOf, type TokenFamily } from '../../tokens/models.ts'
import { behind, type ChainState, simulationAt } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import type { Check } from './check.ts'
import { chainCheck, firstUnknown, note, severityAt, unread } from './on-chain.ts'

/** The token's state that stops every payment, or every one of an account. */
export const tokenStateChecks: readonly Check[] = [
  chainCheck('blacklist', ({ authorization }, state, evidence) => {
    const { payer, payee } = state
    const family = familyOn(state, evidence)
    const all = [
      ['from', authorization.from, payer.blacklisted],
      ['to', authorization.to, payee.blacklisted],
    ] as const
    // Tether's tokens never look at the payee.
    const accounts = all.filter(
      ([field]) => family === undefined || modelOf(family).blacklist === null || makesCheck(family, `${field}-blacklisted`),
    )
    const listed = accounts.filter(([, , fact]) => ifKnown(fact) === true)
    const facts = accounts.map(([, , fact]) => fact)
    const missing = firstUnknown(facts)
    if (listed.length === 0 && missing !== undefined) return unread(missing, state)
    if (listed.length === 0 && facts.some((fact) => ifKnown(fact) === null)) {
      return skip('no-function', `the token has none of ${listFunctions(family).join(', ')} that would tell`)
    }
    return fromFindings(listed.map(([field, account]) => blacklisted(field, account, state, evidence)))
  }),
  chainCheck('pause', (_payment, state, evidence) => {
    const { paused } = state.token
    if (!paused.known) return unread(paused, state)
    const family = familyOn(state, evidence)
    // A token that can not be paused has no such function either.
    if (paused.value === null && (family === undefined || modelOf(family).pause !== 'never')) {
      return skip('no-function', 'the token has no paused() that would tell')
    }
    return fromFindings(
      paused.value === true
        ? [
            {
              cause: 'paused',
              party: 'token',
              severity: severityAt(state, evidence),
              field: 'token',
              seen: 'paused',
              expected: 'not paused',
              summary: `The token ${state.token.address} is paused: no transfer of it works, whoever pays.`,
              evidence: [note(state, 'paused() is true')],
              fix: 'wait for the issuer; the same payment settles afterwards if its window is still open',
            },
          ]
        : [],
    )
  }),
]

/** The token's family, where the token that was read is the one that it is known of. */
function familyOn({ token }: ChainState, { signature: { expected } }: Evidence): TokenFamily | undefined {
  return sameAddress(expected?.domain.verifyingContract, token.address) ? expected?.family : undefined
}

/** What the contract at the asset is. */
export const contractChecks: readonly Check[] = [
  chainCheck('contract', (payment, state, evidence) => {
    const { code, functions } = state.token
    if (!code.known) return unread(code, state)
    if (code.value === 0) return fromFindings([noCode(payment, state, evidence)])
    const { 'transfer-vrs': vrs, 'transfer-bytes': bytes } = functions
    const missing = firstUnknown([vrs, bytes])
    if (missing !== undefined) return unread(missing, state)
    return fromFindings(
      ifKnown(vrs) === false && ifKnown(bytes) === false
        ? [withoutEip3009(payment, state, evidence)]
        : withoutBytes(payment, state, evidence),
    )
  }),
  chainCheck('domain-on-chain', (payment, state, evidence) => {
    const { separator } = state.token
    if (!separator.known) return unread(separator, state)
    if (separator.value === null) return skip('no-function', 'the asset has no DOMAIN_SEPARATOR()')
    return fromFindings([...drift(payment, separator.value, state, evidence), ...offered(payment, separator.value, state, evidence)])
  }),
]

/** Code does not go away: what a node has none of now, it had none of before, unless it has not come to the block that put it there. */
function severityNow(state: ChainState, { moment }: Evidence): Severity {
  return behind(state, moment.now) === undefined ? 'error' : 'warning'
}

function blacklisted(field: 'from' | 'to', account: string, state: ChainState, evidence: Evidence): Finding {
  return {
    cause: 'blacklisted',
    party: 'token',
    severity: severityAt(state, evidence),
    field: `authorization.${field}`,
    seen: account,
    expected: 'an account that is not on the blacklist',
    summary: `The ${field === 'from' ? 'payer' : 'payee'} ${account} is on the token's blacklist.`,
    evidence: [note(state, `${listFunctions(familyOn(state, evidence)).join(' or ')} of ${account} is true`)],
    fix:
      field === 'from'
        ? 'only the issuer can lift it, and then this payment is good again: pay from another account only once its window is over or its nonce is canceled'
        : 'only the issuer can lift it, and then this payment is good again: sign for another payTo with the same nonce',
  }
}

function noCode({ network, token }: Payment, state: ChainState, evidence: Evidence): Finding {
  const usdc = network?.usdc
  return {
    cause: 'asset-has-no-code',
    party: 'server',
    severity: severityNow(state, evidence),
    field: 'requirements.asset',
    seen: state.token.address,
    expected: usdc === undefined || sameAddress(usdc.address, token) ? 'a contract' : usdc.address,
    summary: `There is no contract at the asset ${state.token.address} on chain ${state.chainId}: calls of it succeed and move nothing.`,
    evidence: [note(state, `getCode(${state.token.address}) is empty`)],
    fix:
      usdc === undefined || sameAddress(usdc.address, token)
        ? `check with another RPC that ${state.source} really serves chain ${state.chainId}`
        : `ask for asset ${usdc.address}, the ${usdc.symbol} of ${network?.id ?? 'this network'}`,
  }
}

function withoutEip3009({ network }: Payment, state: ChainState, evidence: Evidence): Finding {
  return {
    cause: 'token-without-eip3009',
    party: 'server',
    severity: severityNow(state, evidence),
    field: 'requirements.asset',
    seen: state.token.address,
    ...(network === undefined ? {} : { expected: network.usdc.address }),
    summary: `The token ${ifKnown(state.token.symbol) ?? ''} at ${state.token.address} has no transferWithAuthorization.`.replace(
      '  ',
      ' ',
    ),
    evidence: [note(state, 'the selectors e3ee160e and cf092995 are not in its code')],
    fix:
      network === undefined ? 'offer a token with EIP-3009' : `offer ${network.usdc.address}, the ${network.usdc.symbol} of ${network.id}`,
  }
}

function withoutBytes(payment: Payment, state: ChainState, evidence: Evidence): Finding[] {
  if (ifKnown(state.token.functions['transfer-bytes']) !== false) return []
  const { authorization, call, signature, network, token } = payment
  const length = signature.length / 2 - 1
  const contract = ifKnown(state.payer.code)?.kind === 'contract'
  const needsIt = call?.overload === 'bytes' || length > 65
  // Deployed tokens without the overload recover a key by the other one, whatever the payer is.
  if (!needsIt && (!contract || simulationAt(state, authorization) === 'succeeds')) return []
  // What the registry says of it is reported by the check of the offer.
  const registered =
    network === undefined ? undefined : [network.usdc, ...network.otherTokens].find((each) => sameAddress(each.address, token))
  if (registered?.overloads.bytes === false && (call?.overload === 'bytes' || length > 65)) return []
  return [
    {
      cause: 'no-bytes-overload',
      party: contract || call === undefined ? 'token' : 'facilitator',
      severity: severityNow(state, evidence),
      field: contract ? 'authorization.from' : 'token',
      seen: contract ? 'a contract as payer' : 'transferWithAuthorization(…, bytes)',
      expected: 'transferWithAuthorization(…, v, r, s)',
      summary: `The token ${state.token.address} has no overload that takes the signature as bytes, so ${contract || length > 65 ? 'a contract account can not pay with it' : 'this call always fails'}.`,
      evidence: [note(state, 'the selector cf092995 is not in its code')],
      fix: contract || length > 65 ? 'pay from an account without code, or in a token of FiatToken v2.2' : 'call the (v, r, s) overload',
    },
  ]
}

/** Our own table, or what the payload says of an unknown token, against the chain. */
function drift(payment: Payment, separator: string, state: ChainState, { signature: { expected } }: Evidence): Finding[] {
  if (expected === undefined || expected.separator === separator) return []
  const where = payment.network?.id ?? `chain ${state.chainId}`
  return [
    {
      cause: 'facilitator-config-drift',
      party: 'nobody',
      severity: 'warning',
      field: 'domain',
      seen: expected.separator,
      expected: separator,
      summary: `The token's own DOMAIN_SEPARATOR() is ${separator}, which is not that of the domain ${expected.basis === 'registry' ? `that is on record for ${where}` : 'that the payload names'}.`,
      evidence: [
        note(
          state,
          `name() is ${JSON.stringify(ifKnown(state.token.name) ?? null)}, version() is ${JSON.stringify(ifKnown(state.token.version) ?? null)}`,
        ),
      ],
      fix: 'sign under the domain that the token has on chain',
    },
  ]
}

/** A server that offers an unknown token under a domain that the token does not have. */
function offered({ requirements }: Payment, separator: string, state: ChainState, { signature: { expected } }: Evidence): Finding[] {
  const extra = requirements?.extra
  const name = ifKnown(state.token.name)
  if (expected?.basis !== 'chain' || extra?.name === undefined || typeof name !== 'string') return []
  const version = extra.version ?? '2'
  const claimed = domainSeparator({ ...expected.domain, name: extra.name, version })
  if (claimed === separator) return []
  const field = extra.name === expected.domain.name ? 'version' : 'name'
  const right = expected.domain[field] ?? ''
  return [
    {
      cause: 'facilitator-config-drift',
      party: 'server',
      severity: 'error',
      field: `requirements.extra.${field}`,
      seen: field === 'name' ? extra.name : version,
      expected: right,
      summary: `The server's extra.${field} says "${field === 'name' ? extra.name : version}". The token's domain on chain has "${right}".`,
      evidence: [note(state, `name() is "${name}", DOMAIN_SEPARATOR() is ${separator}`)],
      fix: `set extra.${field} to "${right}" in the server's payment requirements`,
    },
  ]
}
