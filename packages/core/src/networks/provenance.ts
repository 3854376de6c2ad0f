/**
 * Where something that is known of a token comes from: our own registry, a chain, an artifact (a contract's compiled code), the user, or
 * the payload's own claim. A claim can be compared with, and nothing is proven by it.
 */
export interface Provenance {
  readonly from: 'registry' | 'chain' | 'artifact' | 'user' | 'claim'
  /** A clause: `its DOMAIN_SEPARATOR() is published …`, `--token-name and --token-version`. */
  readonly says: string
}
