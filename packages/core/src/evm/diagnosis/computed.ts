import { type CauseId, catalogue } from '../../causes/catalogue.ts'

/** Whether a cause follows from the digest that was computed, or from the signature's bytes alone. */
export function isComputed({ cause }: { readonly cause: CauseId }): boolean {
  const { at } = catalogue[cause].stops
  return at === 'digest' || at === 'bytes'
}
