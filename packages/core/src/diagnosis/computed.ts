import { type CauseId, sections } from '../causes/catalogue.ts'

const computed: ReadonlySet<CauseId> = new Set(
  sections.filter(({ id }) => id === 'digest' || id === 'signature-bytes').flatMap(({ causes }) => causes as readonly CauseId[]),
)

/** Whether a cause follows from the digest that was computed, or from the signature's bytes alone. */
export function isComputed({ cause }: { readonly cause: CauseId }): boolean {
  return computed.has(cause)
}
