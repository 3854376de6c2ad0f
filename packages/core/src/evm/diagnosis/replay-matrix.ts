import type { Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { builtInNetworks, type Networks } from '../../networks/networks.ts'
import { windowOf } from '../evidence/moment.ts'
import { revertOf } from '../evidence/outcome-words.ts'
import { delegationTo, describeIntervention, type Intervention, type ReplayChain, walletCode } from '../evidence/replay.ts'
import type { Payment } from '../payment/payment.ts'
import type { SignatureEvidence } from '../signature/forensics.ts'
import { canonicalSignature, readSignature } from '../signature/signature.ts'
import { unwrapAll } from '../signature/wallets/wrappers.ts'
import { someDelegate } from './explanations.ts'
import { type SearchLimits, searchWithin } from './search-limits.ts'
import { calledBy, changedFields } from './undo.ts'

/** One intervention alone, and what the token answered under it. JSON-safe. */
export interface MatrixRow {
  /** What it is for: `time into the window`. */
  readonly name: string
  readonly intervention: string
  /** `impossible`: this chain can't be given it; `says` has the reason then. */
  readonly outcome: 'settled' | 'reverted' | 'impossible'
  /** The revert, or why it is impossible; null when it settled. */
  readonly says: string | null
}

interface Named {
  readonly name: string
  readonly intervention: Intervention
}

export interface MatrixOptions {
  /** Unix seconds. */
  readonly at: bigint
  readonly networks?: Networks
  /** What is known of the signature already; searched for within `search` when absent. */
  readonly signature?: SignatureEvidence
  readonly search?: SearchLimits
}

/** Tries every single intervention that means something for this payment, each alone, under the state that the chain begins with. */
export async function replayMatrix(chain: ReplayChain, payment: Payment, options: MatrixOptions): Promise<readonly MatrixRow[]> {
  const { at, networks = builtInNetworks } = options
  const signature = options.signature ?? (await searchWithin(networks, options.search)(payment))
  const rows: MatrixRow[] = []
  for (const { name, intervention } of singleInterventions(chain, payment, signature)) {
    rows.push({ name, intervention: describeIntervention(intervention), ...(await tryAlone(chain, payment, at, intervention)) })
  }
  return rows
}

async function tryAlone(
  chain: ReplayChain,
  payment: Payment,
  at: bigint,
  intervention: Intervention,
): Promise<Pick<MatrixRow, 'outcome' | 'says'>> {
  try {
    const outcome = await chain.replay(payment, { at, interventions: [intervention] })
    return { outcome: outcome.status, says: revertOf(outcome) ?? null }
  } catch (error) {
    const expected = error instanceof Eip3009Error && (error.code === 'unsupported-input' || error.code === 'invalid-argument')
    if (!expected) throw error
    return { outcome: 'impossible', says: error.message }
  }
}

/** Named as the catalogue of interventions names them; those that would change nothing about this payment are left out. */
function singleInterventions(chain: ReplayChain, payment: Payment, evidence: SignatureEvidence): readonly Named[] {
  const { authorization, signature, call } = payment
  const { from, to, value } = authorization
  const { opens, closes } = windowOf(authorization)
  const [match] = evidence.matches
  const out: Named[] = []
  const add = (name: string, intervention: Intervention | undefined): void => {
    if (intervention !== undefined) out.push({ name, intervention })
  }
  add('time into the window', opens <= closes ? { kind: 'time', at: closes } : undefined)
  add('fund the payer', { kind: 'balance', value })
  add('free the nonce', { kind: 'nonce-free' })
  add("clear the payer's code", { kind: 'payer-code', code: '0x' })
  add('delegate the payer to code that accepts', { kind: 'payer-code', code: delegationTo(someDelegate), delegateCode: walletCode.accepts })
  add("lift the payer's blacklisting", { kind: 'blacklist-lifted', address: from })
  add("lift the payee's blacklisting", { kind: 'blacklist-lifted', address: to })
  add('unpause', { kind: 'unpaused' })
  const isOther = match !== undefined && match.separator !== evidence.expected?.separator
  add("the token's domain as signed", isOther ? { kind: 'token-separator', separator: match.separator } : undefined)
  const fields = match === undefined ? {} : changedFields(authorization, match.authorization)
  add('the message as signed', Object.keys(fields).length > 0 ? { kind: 'authorization', fields } : undefined)
  const called = calledBy(payment)
  const isVrs = call?.overload === 'vrs' || (call === undefined && signature.length === 132)
  if (isVrs) add('the other overload', { kind: 'function', function: called, overload: 'bytes' })
  else if (signature.length === 132) add('the other overload', { kind: 'function', function: called, overload: 'vrs' })
  const normal = normalised(match?.signature, signature)
  add('normalise v or s', normal === signature ? undefined : { kind: 'signature', signature: normal })
  const inner = innermost(signature)
  add('unwrap the signature', inner === undefined ? undefined : { kind: 'signature', signature: inner })
  add('fund the relayer', { kind: 'relayer-funds', wei: 10n ** 20n, gasPrice: 10n ** 9n })
  add('latest for pending', chain.earlier === undefined ? undefined : { kind: 'latest' })
  return out
}

/** As the token takes it, whether or not anybody is known to have signed it. */
function normalised(repaired: Hex | undefined, signature: Hex): Hex {
  if (repaired !== undefined) return repaired
  const { ecdsa } = readSignature(signature)
  return ecdsa === undefined ? signature : canonicalSignature(ecdsa)
}

function innermost(signature: Hex): Hex | undefined {
  const { inner, wrappers } = unwrapAll(signature)
  return wrappers.length === 0 ? undefined : inner[0]
}
