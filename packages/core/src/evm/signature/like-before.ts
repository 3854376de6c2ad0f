import { builtInNetworks, type Networks } from '../../networks/networks.ts'
import type { Payment } from '../payment/payment.ts'
import { digestOf } from '../typed-data/authorization.ts'
import { examineSignature, type PlainSearchOptions, type SearchOptions, type SignatureEvidence } from './forensics.ts'
import type { Match } from './match.ts'
import { readings } from './readings.ts'
import { recoverAddress } from './recover.ts'
import { canonicalSignature } from './signature.ts'
import { standardType } from './type-parts.ts'

/** Searches one payment after another, and tries first what the one before by the same payer was signed under. */
export type SearchInTurn = (payment: Payment) => SignatureEvidence

/** Payers, or configurations of one, that are kept in mind. */
const mostKept = 512

/**
 * A search that remembers: a client that signs under a wrong domain does so each time. That the signature recovers to the payer under that domain is shown
 * anew for each payment, an equality over 160 bits; the answer is that of a whole search but for how many hypotheses were tried. Slips of the message or of
 * the bytes are another's each time, and searched for; where nothing explained a signature of the same configuration before, by at most `again` hypotheses.
 */
export function searchInTurn(networks: Networks = builtInNetworks, options: SearchOptions = {}, again?: number): SearchInTurn {
  const kept = new Recent<SignatureEvidence>()
  const unexplained = new Recent<true>()
  return (payment) => {
    const key = configurationOf(payment)
    const before = kept.get(key)
    const alike = before === undefined ? undefined : signedAlike(payment, before, networks, options)
    if (alike !== undefined) return alike
    const isAgain = again !== undefined && unexplained.get(key) === true
    const evidence = examineSignature(payment, networks, isAgain ? { ...options, maxHypotheses: again } : options)
    if (isOfDomain(evidence, payment)) kept.set(key, evidence)
    else if (evidence.matches.length === 0 && evidence.ended !== 'nothing-to-try') unexplained.set(key, true)
    return evidence
  }
}

/** The last of them that were set. */
class Recent<Value> {
  readonly #values = new Map<string, Value>()

  get(key: string): Value | undefined {
    return this.#values.get(key)
  }

  set(key: string, value: Value): void {
    this.#values.delete(key)
    this.#values.set(key, value)
    const [oldest] = this.#values.keys()
    if (this.#values.size > mostKept && oldest !== undefined) this.#values.delete(oldest)
  }
}

/** All that tells how a client signs, and what a slip is told by: equal for two payments that differ in what is paid, when and to whom. */
function configurationOf({ authorization, network, signature, ...rest }: Payment): string {
  const { networkName, chainId, token, told, primaryType, claimedDomain, requirements, accepted } = rest
  return JSON.stringify(
    [
      authorization.from,
      network?.id,
      networkName,
      chainId,
      token,
      told,
      primaryType,
      claimedDomain,
      requirements,
      accepted,
      signature.length,
    ],
    (name, value) => (name === 'amount' ? undefined : typeof value === 'bigint' ? String(value) : value),
  )
}

/** Whether the domain is all that was signed otherwise. */
function isOfDomain({ matches, structHash }: SignatureEvidence, { primaryType }: Payment): boolean {
  const { typeString } = standardType(primaryType)
  return (
    matches.length > 0 &&
    matches.every(
      (match) =>
        match.edits.length > 0 &&
        match.edits.every(({ field }) => field.startsWith('domain.')) &&
        match.structHash === structHash &&
        match.typeString === typeString &&
        match.digest === digestOf(match.separator, match.structHash),
    )
  )
}

function signedAlike(
  payment: Payment,
  { matches, expected }: SignatureEvidence,
  networks: Networks,
  options: SearchOptions,
): SignatureEvidence | undefined {
  const quickly: PlainSearchOptions = { ...options, depth: 'none', wallets: false }
  const plain = examineSignature(payment, networks, quickly)
  const [reading] = readings(payment.signature)
  if (plain.matches.length > 0 || reading === undefined || reading.edits.length > 0) return undefined
  if (plain.expected?.separator !== expected?.separator || plain.expected?.basis !== expected?.basis) return undefined
  const found: Match[] = []
  for (const match of matches) {
    const digest = digestOf(match.separator, plain.structHash)
    if (recoverAddress(digest, reading.ecdsa) !== match.signer) return undefined
    const { authorization } = payment
    found.push({ ...match, structHash: plain.structHash, authorization, digest, signature: canonicalSignature(reading.ecdsa) })
  }
  const kind = [...new Set(matches.flatMap(({ edits }) => edits.map(({ generator }) => generator)))].join(' × ')
  return {
    ...plain,
    matches: found,
    tried: plain.tried + found.length,
    triedBy: { ...plain.triedBy, [kind]: found.length },
    coverage: [],
    ended: 'found',
  }
}
