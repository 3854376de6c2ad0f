import { sameAddress } from '../../bytes/address.ts'
import type { Finding } from '../../causes/finding.ts'
import { ifKnown } from '../../evidence/known.ts'
import { findToken } from '../../networks/find-token.ts'
import type { Networks } from '../../networks/networks.ts'
import { utc } from '../../text/utc.ts'
import { believed } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Payment } from '../payment/payment.ts'
import type { Edit } from '../signature/edit.ts'
import type { Match } from '../signature/forensics.ts'

/** Whether it is about what a token is called in its own domain. */
export function isName({ field }: Edit): boolean {
  return field === 'domain.name' || field === 'domain.version'
}

/**
 * What was right when it was signed: the token has another separator now than then, or than was published of it, and what was signed is under the old one.
 */
export function upgrade(match: Match, payment: Payment, { chains = [], signature: { expected }, networks }: Evidence): Finding | undefined {
  const state = believed(chains)
  const own = state === undefined ? undefined : ifKnown(state.token.separator)
  if (state === undefined || typeof own !== 'string' || own === match.separator || !match.edits.some(isName)) return undefined
  if (!sameAddress(match.domain.verifyingContract, state.token.address)) return undefined
  const { separatorThen: then, token } = state
  const published = publishedOf(token.address, state.chainId, networks)
  const [old, was] =
    then?.separator === match.separator
      ? [
          `at block ${then.block} (${utc(then.time)})`,
          {
            source: 'chain',
            says: `DOMAIN_SEPARATOR() is ${then.separator} at block ${then.block} (${utc(then.time)}) of ${state.source}`,
          } as const,
        ]
      : published === match.separator
        ? [
            'when it was last published',
            { source: 'registry', says: `the published DOMAIN_SEPARATOR() of ${token.address} is ${published}` } as const,
          ]
        : []
  if (old === undefined || was === undefined) return undefined
  const { name, version } = expected?.domain ?? {}
  const [edit] = match.edits.filter(isName)
  return {
    cause: 'token-upgraded',
    party: 'token',
    severity: 'error',
    field: edit?.field ?? 'domain',
    seen: match.separator,
    signed: match.separator,
    expected: own,
    summary: `The token ${token.address} has another EIP-712 domain than it had ${old}: it was signed under name "${match.domain.name ?? ''}", version "${match.domain.version ?? ''}", which was right then, and now the token has ${name === undefined ? own : `name "${name}", version "${version ?? ''}"`}.`,
    evidence: [
      was,
      {
        source: 'chain',
        says: `DOMAIN_SEPARATOR() is ${own} at block ${state.block.number} (${utc(state.block.time)}) of ${state.source}`,
      },
    ],
    fix: `read the domain from the token again, correct offer and tables, and sign again under it, with the same nonce ${payment.authorization.nonce}`,
  }
}

/** The separator that was read on chain or published by the issuer, and that our tables have. */
function publishedOf(address: string, chainId: number, networks: Networks): string | undefined {
  for (const match of findToken(address, networks)) {
    if (match.role !== 'usdc' && match.role !== 'other' && match.role !== 'foreign') continue
    if (match.network.chainId === chainId && match.token.separator !== undefined) return match.token.separator
  }
  return undefined
}
