import { type CauseId, catalogue } from './catalogue.ts'
import type { Finding, Severity } from './finding.ts'
import { stages } from './stage.ts'

const severities = ['error', 'warning', 'info'] as const satisfies readonly Severity[]

/** Errors first, each where its cause's row puts it: what explains most of the others, or stops the payment first, at the front. Stable. */
export function rank(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || inOrder(a.cause, b.cause))
}

/** Below zero when the first of two causes stops a payment before the second one does. */
export function inOrder(a: CauseId, b: CauseId): number {
  const [one, other] = [catalogue[a].stops, catalogue[b].stops]
  return stages.indexOf(one.at) - stages.indexOf(other.at) || one.place - other.place
}

/** The cause that the cluster's one error would be for, among those that the chain itself showed or that it can show. */
export function firstOnChain(findings: readonly Finding[]): CauseId | null {
  const met = findings.flatMap(({ severity, cause, evidence }) => {
    const entry = catalogue[cause]
    if (severity !== 'error' || entry.family !== 'solana' || entry.cluster.place === 'never') return []
    // The payload alone may show a form that the cluster takes.
    const isShown = entry.cluster.run !== 'may-fail' || evidence.some(({ source }) => source === 'chain' || source === 'replay')
    return isShown ? [{ cause, place: entry.cluster.place }] : []
  })
  return met.sort((a, b) => a.place - b.place)[0]?.cause ?? null
}
