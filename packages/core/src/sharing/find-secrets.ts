import { findSignatures } from './find-signatures.ts'
import { findKnownForms } from './known-forms.ts'
import { noSecrets, type Secrets } from './secrets.ts'

/**
 * What in a text, in bytes or in an object is secret by its looks, before anything is read out of it: signatures in any spelling, tokens, private keys,
 * recovery phrases. For what is said of an input that may turn out to be no payment, or to hold more than one.
 */
export function findSecrets(input: unknown): Secrets {
  const raw = findSignatures(input)
  const texts = typeof input === 'string' ? findKnownForms(input) : input instanceof Uint8Array ? findKnownForms(decoded(input)) : []
  return raw.length + texts.length === 0 ? noSecrets : { ...noSecrets, raw, texts }
}

function decoded(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
