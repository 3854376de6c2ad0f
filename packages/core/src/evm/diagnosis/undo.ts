import { sameAddress } from '../../bytes/address.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { isShown, type ShownCauseIdOf } from '../../causes/not-shown.ts'
import { ifKnown } from '../../evidence/known.ts'
import type { AuthorizationFunction } from '../../tokens/model.ts'
import { believed } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { windowOf } from '../evidence/moment.ts'
import type { Intervention, ReplayChain } from '../evidence/replay.ts'
import { ampleGas } from '../evidence/settlement-gas.ts'
import type { Payment } from '../payment/payment.ts'
import { type Authorization, authorizationFields } from '../typed-data/authorization.ts'
import type { Change, Circumstance, CircumstanceId } from './circumstances.ts'

/** What undoing looks at besides the finding. */
export interface Undoing {
  readonly payment: Payment
  readonly evidence: Evidence
  readonly circumstances: readonly Circumstance[]
  /** Of the chain that the payment is replayed on. */
  readonly state: ReplayChain['state']
}

interface Undo {
  /** The circumstances that make it. */
  readonly of: readonly CircumstanceId[]
  /** What takes it away; undefined where this payment, or this chain, can't show it. */
  readonly changes: (finding: Finding, view: Undoing) => readonly Change[] | undefined
}

/** The state that makes it is lifted. */
function lifts(...of: readonly CircumstanceId[]): Undo {
  return { of, changes: (_, { circumstances }) => removals(of, circumstances) }
}

/** The call is made otherwise, or at another time. */
function calls(make: (view: Undoing, finding: Finding) => Intervention | undefined): Undo {
  return {
    of: [],
    changes: (finding, view) => {
      const intervention = make(view, finding)
      return intervention === undefined ? undefined : [{ kind: 'add', intervention }]
    },
  }
}

const asSigned = calls(({ evidence: { signature } }) => {
  const [match] = signature.matches
  return match === undefined ? undefined : { kind: 'token-separator', separator: match.separator }
})

const repaired = calls(({ evidence: { signature } }) => {
  const [match] = signature.matches
  return match === undefined ? undefined : { kind: 'signature', signature: match.signature }
})

const inTime = calls(({ payment: { authorization } }) => {
  const { opens, closes } = windowOf(authorization)
  return opens <= closes ? { kind: 'time', at: closes } : undefined
})

const withoutWhatWaits = calls(() => ({ kind: 'latest' }))

/** How each cause that a replay can show is taken away. Why a replay can't show the others, `causes/not-shown.ts` says: each is in one of the two. */
const undo: Readonly<Record<ShownCauseIdOf<'evm'>, Undo>> = {
  'token-upgraded': asSigned,
  'domain-name-mismatch': asSigned,
  'domain-version-mismatch': asSigned,
  'chain-id-mismatch': asSigned,
  'verifying-contract-mismatch': asSigned,
  'nonstandard-domain-layout': asSigned,
  'domain-field-missing': asSigned,
  'eip712domain-type-missing': asSigned,
  'primary-type-mismatch': calls(({ evidence: { signature } }) => {
    const [match] = signature.matches
    return match === undefined ? undefined : { kind: 'function', function: functionOf(match.primaryType) }
  }),
  'v-0-or-1': repaired,
  'v-flipped': repaired,
  'high-s': repaired,
  'compact-eip2098': repaired,
  'signature-length': repaired,
  'signature-byte-order': repaired,
  'message-altered': calls(({ payment, evidence: { signature } }) => {
    const [match] = signature.matches
    return match === undefined ? undefined : { kind: 'authorization', fields: changedFields(payment.authorization, match.authorization) }
  }),
  'no-bytes-overload': calls(({ payment, state }, { evidence }) => {
    // What was read of another token's code, the token that stands in for it does not show.
    if (state !== 'own' && evidence.some(({ source }) => source === 'chain')) return undefined
    return payment.signature.length === 132 ? { kind: 'function', function: calledBy(payment), overload: 'vrs' } : undefined
  }),
  'time-in-milliseconds': inTime,
  'not-yet-valid': inTime,
  expired: inTime,
  'boundary-second': inTime,
  paused: lifts('paused'),
  blacklisted: {
    of: ['listed'],
    changes: ({ seen }, { circumstances, payment, evidence }) => {
      const listed = removals(['listed'], circumstances)
      if (listed !== undefined) return listed
      // The token's own address it lists itself; other entries are state that was read.
      return sameAddress(seen, evidence.signature.expected?.domain.verifyingContract)
        ? [{ kind: 'add', intervention: { kind: 'blacklist-lifted', address: payment.authorization.to } }]
        : undefined
    },
  },
  'insufficient-balance': lifts('balance'),
  'authorization-used': lifts('spent'),
  'authorization-canceled': lifts('spent'),
  'executed-by-third-party': lifts('spent'),
  'nonce-reused': lifts('spent'),
  'nonce-out-of-sequence': calls(() => ({ kind: 'nonce-free' })),
  'eip7702-payer': lifts('delegation'),
  'smart-wallet-signature': { of: ['wallet', 'delegation'], changes: (_, view) => unwrapped(view) },
  'facilitator-out-of-gas-money': lifts('gas-money'),
  'facilitator-gas-limit': calls(() => ({ kind: 'gas', limit: ampleGas })),
  'pending-block-estimate': withoutWhatWaits,
  'settlement-unconfirmed': withoutWhatWaits,
}

/** What takes a finding away: state that the chain has, or a change to the call; undefined where no replay can show it. */
export function changesFor(finding: Finding, view: Undoing): readonly Change[] | undefined {
  return isShown('evm', finding.cause) ? undo[finding.cause].changes(finding, view) : undefined
}

/** Whether one of these causes is made by it. */
export function isMadeBy({ id }: Circumstance, causes: readonly CauseId[]): boolean {
  return causes.some((cause) => isShown('evm', cause) && undo[cause].of.includes(id))
}

function removals(of: readonly CircumstanceId[], circumstances: readonly Circumstance[]): readonly Change[] | undefined {
  const found = circumstances.filter(({ id }) => of.includes(id))
  return found.length === 0 ? undefined : found.map((circumstance) => ({ kind: 'remove', circumstance }))
}

/**
 * Of a smart wallet no key's signature would do instead. Where its code takes the signature once the wrapper is off, a chain that has that code can
 * show it; what stands in for the code elsewhere answers the same to everything.
 */
function unwrapped({ evidence: { chains = [], signature }, state }: Undoing): Change[] | undefined {
  const inner = believed(chains)?.wallet.find(
    ({ form, digest, accepts }) => form === 'unwrapped' && digest === signature.digest && ifKnown(accepts) === true,
  )
  if (state !== 'own' || inner === undefined) return undefined
  return [{ kind: 'add', intervention: { kind: 'signature', signature: inner.signature } }]
}

/** The members that were signed with another value than the payload has. */
export function changedFields(seen: Authorization, signed: Authorization): Partial<Authorization> {
  return Object.fromEntries(authorizationFields.filter((field) => seen[field] !== signed[field]).map((field) => [field, signed[field]]))
}

/** The function that is called for the payment, as a replay calls it. */
export function calledBy({ call, primaryType }: Pick<Payment, 'call' | 'primaryType'>): AuthorizationFunction {
  return call?.function ?? functionOf(primaryType)
}

function functionOf(primaryType: string): AuthorizationFunction {
  return primaryType === 'ReceiveWithAuthorization' ? 'receiveWithAuthorization' : 'transferWithAuthorization'
}
