import { sameAddress } from '../bytes/address.ts'
import type { CauseId } from '../causes/catalogue.ts'
import type { Finding } from '../causes/finding.ts'
import { clock } from '../evidence/clock.ts'
import type { ChainSource } from '../evm/state/connect-chain.ts'
import { typeHashes } from '../evm/typed-data/authorization.ts'
import { compareDomains, type DomainField } from '../evm/typed-data/domain.ts'
import { domainOf, refuseNonsense } from './create-authorization.ts'
import { readKeySignature, recoverSigner } from './key-signature.ts'
import { type Preflight, PreflightError } from './preflight-error.ts'
import { digestOfPayment, type SignedPayment } from './sign-authorization.ts'
import { type SignerToken, signerNetworks } from './signer-network.ts'
import { windowFindings } from './window-findings.ts'

export interface PreflightOptions {
  /** The chain to ask: the URL of an RPC, a viem client, an ethers provider or an EIP-1193 provider. Without one only the payment itself is looked at. */
  readonly client?: ChainSource
  /** Unix seconds; the clock when absent. */
  readonly now?: bigint
  /** Milliseconds that the chain may take in all; 10 000 when absent. */
  readonly timeout?: number
}

/**
 * Looks at a payment before it is handed out: domain, type, window, signature bytes and signer; with a client also all that the chain knows, which
 * is a full diagnosis, loaded only then. Resolves when nothing stands in the way of a settlement.
 * @throws PreflightError when it can not settle, or would be refused by the usual facilitators. Eip3009Error `rpc-unavailable` when a client was given and
 * could not be read.
 */
export async function preflight(payment: SignedPayment, options: PreflightOptions = {}): Promise<Preflight> {
  const { client, now = clock(), timeout = 10_000 } = options
  refuseNonsense(payment.authorization, payment.token)
  // What the chain itself says of its domain counts more than what is on record.
  const ofDomain = client === undefined ? domainFindings(payment) : []
  const found = [...windowFindings(payment, now), ...typeFindings(payment), ...ofDomain, ...signatureFindings(payment)]
  if (found.length > 0) throw new PreflightError(found[0], found)
  if (client === undefined) return { warnings: [], notChecked: unchecked(payment) }
  const { preflightOnChain } = await import('./preflight-on-chain.ts')
  return preflightOnChain(payment, client, { now, timeout })
}

function typeFindings({ primaryType }: SignedPayment): Finding[] {
  if (Object.hasOwn(typeHashes, primaryType)) return []
  return [
    {
      cause: 'primary-type-mismatch',
      party: 'client',
      severity: 'error',
      field: 'primaryType',
      seen: primaryType,
      expected: 'TransferWithAuthorization',
      summary: `It is signed as ${primaryType}, which is no type of EIP-3009's transfers.`,
      evidence: [{ source: 'payload', says: `the primary type is ${primaryType}` }],
      fix: 'sign a TransferWithAuthorization',
    },
  ]
}

const domainCauses = {
  name: 'domain-name-mismatch',
  version: 'domain-version-mismatch',
  chainId: 'chain-id-mismatch',
  verifyingContract: 'verifying-contract-mismatch',
  salt: 'nonstandard-domain-layout',
} as const satisfies Record<DomainField, CauseId>

/** The domain against the one on record for the token. Of a token that is not on record its own data is all there is. */
function domainFindings({ domain, network, token }: SignedPayment): Finding[] {
  const right = domainOf(onRecord(token, network.chainId) ?? token, network.chainId)
  const field = compareDomains(domain, right)
  if (field === undefined) return []
  const [seen, expected] = [String(domain[field] ?? 'absent'), String(right[field] ?? 'absent')]
  return [
    {
      cause: domainCauses[field],
      party: 'client',
      severity: 'error',
      field: `domain.${field}`,
      seen,
      expected,
      summary: `It is signed under ${field} ${JSON.stringify(seen)}; the token ${token.address} on ${network.id} hashes ${JSON.stringify(expected)}.`,
      evidence: [
        { source: 'registry', says: `the domain of ${token.address} on chain ${network.chainId} has ${field} ${JSON.stringify(expected)}` },
      ],
      fix: `sign with ${field} ${JSON.stringify(expected)}`,
    },
  ]
}

function onRecord({ address }: SignerToken, chainId: number): SignerToken | undefined {
  return signerNetworks.find((each) => each.chainId === chainId && sameAddress(each.usdc.address, address))?.usdc
}

/** Bytes and signer, where a key made the signature; what a smart wallet made only the chain can tell. */
function signatureFindings(payment: SignedPayment): Finding[] {
  const { signature, authorization, primaryType } = payment
  const length = signature.length / 2 - 1
  // Of a type that the token does not have there is no digest either.
  if ((length !== 64 && length !== 65) || !Object.hasOwn(typeHashes, primaryType)) return []
  const key = readKeySignature(signature)
  const { from } = authorization
  const signer = key === undefined ? undefined : recoverSigner(digestOfPayment(payment), key.canonical)
  if (key === undefined || !sameAddress(signer, from)) {
    return [
      {
        cause: 'signer-not-owner',
        party: 'client',
        severity: 'error',
        field: 'signature',
        seen: signer ?? 'nobody',
        expected: from,
        summary: `The signature recovers to ${signer ?? 'nobody'}, not to the payer ${from}.`,
        evidence: [
          { source: 'computed', says: `the digest ${digestOfPayment(payment)} and this signature give ${signer ?? 'no address'}` },
        ],
        fix: `sign with the key of ${from}`,
      },
    ]
  }
  return key.problems.map(
    (cause): Finding => ({
      cause,
      party: 'client',
      severity: 'error',
      field: 'signature',
      seen: signature,
      expected: key.canonical,
      summary: `The signature is right, and in a form that the token refuses (${cause}): it wants 65 bytes, s in the lower half and v of 27 or 28.`,
      evidence: [{ source: 'computed', says: `the same signature in the token's form is ${key.canonical}` }],
      fix: `send ${key.canonical}`,
    }),
  )
}

function unchecked({ signature, authorization, token, network }: SignedPayment): Preflight['notChecked'] {
  const reason = 'no client was given'
  const known = onRecord(token, network.chainId) !== undefined
  return [
    ...(readKeySignature(signature) === undefined
      ? [{ check: `the wallet ${authorization.from} accepts its signature`, reason: 'only the wallet on chain can tell' }]
      : []),
    ...(known ? [] : [{ check: `the token ${token.address} hashes this domain`, reason: 'it is not on record' }]),
    ...['payer holds the value', 'nonce is unused', 'payer has no code', 'nobody is blacklisted', 'token is not paused'].map((check) => ({
      check,
      reason,
    })),
  ]
}
