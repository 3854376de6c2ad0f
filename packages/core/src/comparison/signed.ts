import type { Payment as EvmPayment } from '../evm/payment/payment.ts'
import { examineSignature, type SignatureEvidence } from '../evm/signature/forensics.ts'
import { type Ecdsa, readSignature } from '../evm/signature/signature.ts'
import type { Networks } from '../networks/networks.ts'

/** A payment on an EVM chain with what its signature is good for. */
export interface Signed {
  readonly payment: EvmPayment
  readonly evidence: SignatureEvidence | undefined
  readonly ecdsa: Ecdsa | undefined
  readonly digest: `0x${string}` | undefined
  readonly signer: `0x${string}` | undefined
}

/** Finds out what was signed, where nobody knows it yet. */
export function sign(payment: EvmPayment, known: SignatureEvidence | undefined, networks: Networks): Signed {
  if (payment.signature === '0x') return { payment, evidence: undefined, ecdsa: undefined, digest: undefined, signer: undefined }
  const evidence = known ?? examineSignature(payment, networks, { depth: 'quick' })
  const [match] = evidence.matches
  const ecdsa = match === undefined ? evidence.bytes.ecdsa : (readSignature(match.signature).ecdsa ?? evidence.bytes.ecdsa)
  return { payment, evidence, ecdsa, digest: match?.digest, signer: match?.signer }
}
