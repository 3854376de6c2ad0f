import type { Eip712Domain } from '../typed-data/domain.ts'
import type { Edit } from './edit.ts'
import type { GeneratorId } from './generators.ts'
import type { Ecdsa } from './signature.ts'

/**
 * The parts that a hypothesis is put together from: a domain, a struct (type and changes to the message), a way to make the digest, a
 * reading of the bytes. Each part says which generator made it and how likely it is; 1 is what happens every week, 3 what happened once.
 */
export type Likelihood = 1 | 2 | 3

export interface Part {
  readonly generator: GeneratorId
  readonly likelihood: Likelihood
}

/** A domain to sign under. Changes of two fields have a generator for each. */
export interface DomainPart {
  readonly generators: readonly GeneratorId[]
  readonly likelihood: Likelihood
  /** Which of the domains that the token may have it is a slip of, counted from 0; absent where it is another one as a whole. */
  readonly base?: number
  readonly domain: Eip712Domain
  /** The fields in the order of the type string, where that is not EIP-712's. */
  readonly order?: readonly (keyof Eip712Domain)[]
}

/** A member of the authorization by its place in EIP-3009's order: from, to, value, validAfter, validBefore, nonce. */
export type FieldIndex = 0 | 1 | 2 | 3 | 4 | 5

/** Other values for some members: numbers, or words of 32 bytes. Numbers stay numbers until they are hashed, which spares thousands of arrays. */
export interface MessagePart extends Part {
  readonly fields: readonly FieldIndex[]
  readonly values: readonly (Uint8Array | bigint)[]
  /** The rest of the sentence "what was signed is …". */
  readonly how: string
}

/** What one word of an encoded struct is made of: a member as it is or hashed as text or bytes, or a constant. */
export type Slot =
  | { readonly field: FieldIndex; readonly as: 'word' | 'text' | 'bare-text' | 'bytes' }
  | { readonly word: Uint8Array; readonly says: string }

/** A struct to sign. */
export interface TypePart extends Part {
  /** The other slip, where it has two. */
  readonly also?: GeneratorId
  readonly typeString: string
  readonly typeHash: Uint8Array
  readonly slots: readonly Slot[]
}

/** A type with the changes to its message. */
export interface Struct {
  readonly type: TypePart
  readonly changes: readonly MessagePart[]
}

/** What a digest is made of. */
export interface DigestInput {
  readonly domain: DomainPart
  readonly separator: Uint8Array
  readonly struct: Struct
  readonly structHash: Uint8Array
}

/** Another way from the two hashes, or from the values, to the 32 bytes that are signed. */
export interface DigestPart extends Part {
  /** What was signed, as the rest of a sentence. */
  readonly how: string
  /** What is hashed last: thousands of these are hashed in one go. */
  readonly message: (input: DigestInput) => Uint8Array
  /** `none`: the message is the digest. */
  readonly hash: 'keccak256' | 'sha256' | 'none'
}

/** One way to read the bytes as an ECDSA signature, and what has to be undone for it. */
export interface Reading {
  readonly ecdsa: Ecdsa
  readonly edits: readonly Edit[]
  /** `certain`: the bytes can hardly be meant otherwise; `guess`: they look right as they are and may still be this. */
  readonly standing: 'certain' | 'guess'
}
