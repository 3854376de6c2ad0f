import type { EvmCauseEntry, SolanaCauseEntry } from './cause.ts'
import { digestCauses } from './digest.ts'
import { offerCauses } from './offer.ts'
import { operationCauses } from './operation.ts'
import { payerCauses } from './payer.ts'
import { signatureBytesCauses } from './signature-bytes.ts'
import { solanaCauses } from './solana.ts'
import { timeCauses } from './time.ts'
import { tokenCauses } from './token.ts'

export type { CauseEntry } from './cause.ts'

/** Every cause by its id. Ids are public contract: they never change meaning, and new ones may be added. */
export const catalogue = {
  ...digestCauses,
  ...signatureBytesCauses,
  ...timeCauses,
  ...payerCauses,
  ...tokenCauses,
  ...offerCauses,
  ...operationCauses,
  ...solanaCauses,
} as const satisfies Record<string, EvmCauseEntry | SolanaCauseEntry>

/**
 * The id of a cause.
 * @pattern ^[a-z0-9]+(-[a-z0-9]+)*$
 */
export type CauseId = keyof typeof catalogue

const keys = <T extends object>(causes: T): readonly (keyof T)[] => Object.keys(causes) as (keyof T)[]

/** A family of chains whose payments have a pipeline here. */
export type FamilyId = 'evm' | 'solana'

/** The causes that payments of a family can have. */
export type CauseIdOf<F extends FamilyId> = { [Id in CauseId]: F extends Families[(typeof catalogue)[Id]['family']] ? Id : never }[CauseId]

interface Families {
  readonly evm: 'evm'
  readonly solana: 'solana'
  readonly both: FamilyId
}

/** Every id, in the order in which a payment is looked at: what was signed comes first. */
export const causeIds: readonly CauseId[] = keys(catalogue)

/** The catalogue's sections, in reading order. Each cause is in exactly one. */
export const sections = [
  { id: 'digest', title: 'What the signer hashed', causes: keys(digestCauses) },
  { id: 'signature-bytes', title: "The signature's bytes", causes: keys(signatureBytesCauses) },
  { id: 'time', title: 'Time', causes: keys(timeCauses) },
  { id: 'payer', title: "The payer's account", causes: keys(payerCauses) },
  { id: 'token', title: 'The token', causes: keys(tokenCauses) },
  { id: 'offer', title: 'The offer and the wire', causes: keys(offerCauses) },
  { id: 'operation', title: 'Facilitator, RPC and what came back', causes: keys(operationCauses) },
  { id: 'solana', title: 'Solana', causes: keys(solanaCauses) },
] as const satisfies readonly { readonly id: string; readonly title: string; readonly causes: readonly CauseId[] }[]

/** True for a string that is the id of a cause: for ids that came from outside. */
export function isCauseId(text: string): text is CauseId {
  return typeof text === 'string' && Object.hasOwn(catalogue, text)
}
