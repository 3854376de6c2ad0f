import type { Finding } from '../causes/finding.ts'
import { findNetwork } from '../networks/find-network.ts'
import type { Network } from '../networks/network.ts'
import type { Networks } from '../networks/networks.ts'
import type { Json } from '../wire/json.ts'
import { shownValue } from '../wire/shown-value.ts'
import { show } from '../wire/text.ts'
import { offerFinding } from './terms.ts'

/** The network of an entry, as far as it is known, and what is wrong with how it is written. */
export interface NetworkTerms {
  readonly network?: Network
  /** As it should be written. */
  readonly spelled?: string
  /** Why nothing here knows it; absent where it is known. */
  readonly unknown?: string
  readonly findings: readonly Finding[]
}

/** Clients look a network up letter by letter: v1 by its name, v2 by its CAIP-2 id. Another spelling, which a diagnosis only warns of, keeps them from paying. */
export function networkTerms(value: Json | undefined, version: 1 | 2 | undefined, networks: Networks): NetworkTerms {
  if (value === undefined || value === null) return { findings: [] }
  const field = 'requirements.network'
  const name = typeof value === 'string' ? value : shownValue(value)
  const says = `network is ${typeof value === 'string' ? `"${show(name)}"` : name}`
  const answer = findNetwork(name, networks)
  if (answer.kind !== 'network') {
    const meant = answer.suggestion
    const isId = /^eip155:[1-9]\d*$/.test(name)
    return {
      unknown: answer.reason,
      findings:
        isId || answer.because === 'foreign' || answer.because === 'other'
          ? []
          : [
              offerFinding({
                cause: 'network-unsupported',
                severity: meant === undefined ? 'warning' : 'error',
                field,
                seen: show(name),
                ...(meant === undefined ? {} : { expected: spelling(meant, version) }),
                summary: answer.reason,
                says,
                source: 'registry',
                fix:
                  meant === undefined
                    ? 'Name a network that the facilitator lists under /supported.'
                    : `Offer network "${spelling(meant, version)}".`,
              }),
            ],
      ...(meant === undefined ? {} : { spelled: spelling(meant, version) }),
    }
  }
  const { network } = answer
  const spelled = version === 1 && network.x402Names.includes(name) ? name : spelling(network, version)
  if (name === spelled && typeof value === 'string') return { network, spelled, findings: [] }
  // Without a version both spellings are somebody's.
  if (version === undefined && answer.exact && typeof value === 'string') return { network, spelled: name, findings: [] }
  const isOther =
    answer.exact &&
    name.includes(':') !== (version === 2) &&
    typeof value === 'string' &&
    (answer.by === 'caip2' || answer.by === 'id' || answer.by === 'x402-name')
  const has = name.includes(':') ? 'a CAIP-2 id, as x402 v2 has it' : 'a name, as x402 v1 has it'
  return {
    network,
    spelled,
    findings: [
      offerFinding({
        cause: isOther ? 'wire-version-mismatch' : 'network-unsupported',
        severity: 'error',
        field,
        seen: show(name),
        expected: spelled,
        summary: isOther
          ? `The offer's network is "${show(name)}", ${has}, in an offer of v${version ?? 2}: its clients know "${spelled}", and find nobody to pay "${show(name)}" by.`
          : `The offer's network is "${show(name)}", which x402${version === undefined ? '' : ` v${version}`} writes "${spelled}": clients look it up letter by letter.`,
        says,
        fix: `Offer network "${spelled}".`,
      }),
    ],
  }
}

function spelling(network: Network, version: 1 | 2 | undefined): string {
  return version === 1 ? (network.x402Names[0] ?? network.id) : network.caip2
}
