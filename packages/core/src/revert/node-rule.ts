import type { CauseId } from '../causes/catalogue.ts'
import type { Party } from '../causes/party.ts'
import type { RetryAction } from '../causes/retry.ts'
import type { ChainKind } from './chain-words.ts'
import type { Progress } from './stage.ts'

/** Who says something: a node or its provider, the client's own library or wallet, or a facilitator, the service that pays its fees included. */
export type Speaker = 'node' | 'client' | 'facilitator'

/** A sentence of a node, a provider, a client library or a Solana validator, and what it means for a payment. */
export interface NodeRule {
  /** Short name in lower case, one for all wordings. */
  readonly name: string
  /** Wordings in lower case. Each is a list of parts that a text has to contain, in any order. */
  readonly wordings: readonly (readonly [string, ...string[]])[]
  /** The only kind of chain where it is said; both where absent. */
  readonly on?: ChainKind
  /** Whether others use the words too, so that they only count where something else says that it is about that kind of chain. */
  readonly onlyWhereNamed?: true
  /** A node, unless said; `anybody` where all of them use the words. */
  readonly by?: Exclude<Speaker, 'node'> | 'anybody'
  /** Its words name the fields that are at fault, which say more than it does. */
  readonly fields?: true
  /** How far the payment had come, where the words tell. */
  readonly stage?: Progress
  readonly causes: readonly CauseId[]
  readonly party?: Party
  readonly retry?: RetryAction
}
