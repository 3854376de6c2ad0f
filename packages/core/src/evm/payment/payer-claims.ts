import type { Address, Hex } from '../../bytes/hex.ts'
import { isList, isObject, type Json, type JsonObject } from '../../wire/json.ts'
import { shownValue } from '../../wire/shown-value.ts'

/** What the input itself says of the payer's account: nothing of it was read from a chain. */
export type PayerClaim =
  | {
      /** The transaction that carries the payment gives the payer's account code before it runs (EIP-7702). */
      readonly kind: 'delegated'
      readonly delegate: Address
      readonly from: 'authorization-list'
      /** `authorizationList[0]`. */
      readonly field: string
      /** The payer's transaction count at which the delegation counts; at another it is skipped. */
      readonly nonce: bigint
    }
  | {
      /** The transaction takes the payer's code away (a delegation to the zero address). */
      readonly kind: 'delegation-cleared'
      readonly from: 'authorization-list'
      readonly field: string
      readonly nonce: bigint
    }
  | {
      /** The payer is said to be a contract, deployed or yet to be. */
      readonly kind: 'contract'
      readonly field: string
      /** What stands there: "ERC-6492", "smart-wallet", "true". */
      readonly says: string
    }

/** ERC-6492: the word that ends a signature of a wallet that may not be deployed yet. */
export const erc6492Suffix = '6492'.repeat(16)

/**
 * Members by which clients and logs say what kind of account pays. x402-rs logs `sig_kind`, whose "EIP1271" said no more than "not ERC-6492" before
 * its version 1 and is therefore no word for a contract; the others are names that wallet SDKs use.
 */
const kindNames: ReadonlySet<string> = new Set([
  'sig_kind',
  'sigkind',
  'signaturetype',
  'signature_type',
  'sigtype',
  'signaturekind',
  'wallettype',
  'wallet_type',
  'accounttype',
  'account_type',
  'payertype',
  'payer_type',
  'signertype',
  'signer_type',
  'type',
])
const contractWords =
  /^(?:smart[-_ ]?(?:wallet|account|contract(?:[-_ ]?wallet)?)|contract(?:[-_ ]?(?:wallet|account))?|scw|(?:erc|eip)[-_]?4337|4337|safe|kernel|counterfactual|deployless|undeployed|(?:erc|eip)[-_]?6492(?:[.:_-].*)?|6492)$/i
const contractWords1271 = /^(?:erc|eip)[-_]?1271$/i

/** Members that say it by being true. */
const flagNames: ReadonlySet<string> = new Set([
  'deployless',
  'counterfactual',
  'undeployed',
  'issmartwallet',
  'is_smart_wallet',
  'smartwallet',
  'iscontract',
  'is_contract',
  'iscontractwallet',
])

/** What is said of the payer by members of the objects around the authorization. */
export function payerClaims(places: readonly { readonly path: string; readonly object: JsonObject }[]): readonly PayerClaim[] {
  const claims = places.flatMap(({ path, object }) => [...object].slice(0, 256).flatMap(([key, value]) => claimIn(path, key, value)))
  const deployed = places.find(
    ({ object }) => isHexText(object.get('factory')) && isHexText(object.get('factoryData') ?? object.get('factoryCalldata')),
  )
  if (deployed !== undefined) claims.push({ kind: 'contract', field: join(deployed.path, 'factory'), says: 'a factory and its calldata' })
  return claims
}

/** What the signature itself says: only a contract's has ERC-6492's end. */
export function signatureClaims(signature: Hex): readonly PayerClaim[] {
  return signature.toLowerCase().endsWith(erc6492Suffix) ? [{ kind: 'contract', field: 'signature', says: 'ERC-6492' }] : []
}

function claimIn(path: string, key: string, value: Json): PayerClaim[] {
  const name = key.toLowerCase()
  const field = join(path, key)
  if (flagNames.has(name) && (value === true || value === 'true')) return [{ kind: 'contract', field, says: 'true' }]
  if (!kindNames.has(name) || typeof value !== 'string') return []
  const isSaid = contractWords.test(value) || (name !== 'sig_kind' && contractWords1271.test(value))
  return isSaid ? [{ kind: 'contract', field, says: shownValue(value) }] : []
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function isHexText(value: Json | undefined): boolean {
  return typeof value === 'string' && /^0x[0-9a-f]{8,}$/i.test(value)
}

/** The tuples of a type 4 transaction's authorization list by which this payer was given code, or lost it. */
export function delegationClaims(
  list: readonly DelegationTuple[] | undefined,
  payer: Address,
  chainId: bigint | undefined,
): readonly PayerClaim[] {
  return (list ?? []).flatMap(({ authority, delegate, nonce, chain }, index): PayerClaim[] => {
    // A tuple for another chain is skipped: EIP-7702, behavior, step 1.
    if (authority?.toLowerCase() !== payer.toLowerCase() || (chain !== 0n && chainId !== undefined && chain !== chainId)) return []
    const place = { from: 'authorization-list', field: `authorizationList[${index}]`, nonce } as const
    return [/^0x0{40}$/.test(delegate) ? { kind: 'delegation-cleared', ...place } : { kind: 'delegated', delegate, ...place }]
  })
}

/** One tuple of an authorization list, with whose key signed it; nobody's where no key could have. */
export interface DelegationTuple {
  readonly chain: bigint
  readonly delegate: Address
  readonly nonce: bigint
  readonly authority?: Address
}

/** The `authorizationList` of a transaction object, as JSON-RPC, viem and ethers write it. */
export function listedIn(object: JsonObject): readonly JsonObject[] | undefined {
  const list = object.get('authorizationList') ?? object.get('authorization_list')
  return isList(list) ? list.slice(0, 64).filter(isObject) : undefined
}
