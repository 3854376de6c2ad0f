import type {
  CauseId,
  Comparison,
  Diagnosis,
  DomainField,
  DomainOrigin,
  DomainText,
  ForeignNetwork,
  IdentifiedSeparator,
  Network,
  OfferDiagnosis,
  PaymentStatus,
  SignatureLadder,
  SvmSignatures,
  TypedDataSteps,
} from '@eip3009/core'
import type { Bytes32, Count, EvmCauseEntry, SolanaCauseEntry } from '@eip3009/core/internal'
import type { FoundOrigin } from '../sources/known-rpcs.ts'
import type { DecodedDocument } from './decoded.ts'
import type { DomainsDocument } from './domains-json.ts'
import type { ManyDocument, ManyPaymentDocument, ManyUnreadDocument } from './many-json.ts'
import type { RegressionDocument } from './regress-json.ts'
import type { ReplayDocument } from './replay-document.ts'

// Every document that --json prints. `jsonText` takes nothing else, and their JSON Schemas are made of these types.

/** One of the sections in which the causes are told. */
export interface Section {
  /** @pattern ^[a-z0-9]+(-[a-z0-9]+)*$ */
  readonly id: string
  readonly title: string
  /** @minItems 1 */
  readonly causes: readonly CauseId[]
}

/** What `eip3009 explain --json` prints: the catalogue of causes. */
export interface CausesDocument {
  readonly schema: 'eip3009/causes@1'
  /** In reading order; each cause is in exactly one. */
  readonly sections: readonly Section[]
  /**
   * Each cause by its id.
   * @propertyNames { "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" }
   */
  readonly causes: Readonly<Record<string, EvmCauseEntry | SolanaCauseEntry>>
}

/** What `eip3009 explain <cause> --json` prints. */
export type CauseDocument = { readonly schema: 'eip3009/cause@1'; readonly id: CauseId } & (EvmCauseEntry | SolanaCauseEntry)

/** An RPC that is known of a network without having been given to the command. */
export interface KnownRpc {
  readonly network: string
  /** The first of these that has one counts. */
  readonly origin: FoundOrigin
  /** The variable, or the name and the file. */
  readonly from: string
  /** Without credentials; null where it can't be used. */
  readonly url: string | null
  /** Why it can't be used. */
  readonly problem: string | null
}

/** Something that counts for nothing, and was probably meant to. */
export interface RpcWarning {
  readonly id: 'rpc-variable-unknown'
  readonly variable: string
  /** The variable that was probably meant; null where nothing tells. */
  readonly suggestion: string | null
}

/** What `eip3009 networks --json` prints: the registry. */
export interface NetworksDocument {
  readonly schema: 'eip3009/networks@1'
  readonly networks: readonly Network[]
  /** Chains that people meet but that are not supported. */
  readonly foreign: readonly ForeignNetwork[]
  /** The RPCs that are asked unless others are given. */
  readonly rpcs: readonly KnownRpc[]
  readonly warnings: readonly RpcWarning[]
}

/** What `eip3009 networks <name> --json` prints. */
export interface NetworkDocument {
  readonly schema: 'eip3009/network@1'
  readonly network: Network
  /** The RPC that is asked unless another is given; null where none is known. */
  readonly rpc: KnownRpc | null
}

/** What `eip3009 identify --json` prints: which domain gives a separator. */
export interface IdentifiedDocument {
  readonly schema: 'eip3009/identify@1'
  /** In lower case. */
  readonly separator: Bytes32
  /** How many different domains were hashed. */
  readonly tried: Count
  /** Null where nothing that was tried gives it. */
  readonly found: {
    readonly domain: DomainText
    /** In the order of the domain's type string. */
    readonly fields: readonly DomainField[]
    /** `standard` and `salt` as networks have it; `other` for any other set or order of fields. */
    readonly layout: IdentifiedSeparator['layout']
    /**
     * What it has to do with known contracts, the most telling first.
     * @minItems 1
     */
    readonly origins: readonly DomainOrigin[]
  } | null
}

export type JsonDocument =
  | Diagnosis
  | PaymentStatus
  | ReplayDocument
  | SignatureLadder
  | SvmSignatures
  | TypedDataSteps
  | OfferDiagnosis
  | Comparison
  | DecodedDocument
  | RegressionDocument
  | ManyPaymentDocument
  | ManyUnreadDocument
  | ManyDocument
  | CausesDocument
  | CauseDocument
  | DomainsDocument
  | NetworksDocument
  | NetworkDocument
  | IdentifiedDocument
