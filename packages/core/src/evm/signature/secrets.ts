import type { Address, Hex } from '../../bytes/hex.ts'
import { withoutV } from '../../sharing/find-signatures.ts'
import type { Secrets } from '../../sharing/secrets.ts'
import type { Payment } from '../payment/payment.ts'
import type { SignatureEvidence } from './forensics.ts'
import { readings } from './readings.ts'
import { curveOrder, type Ecdsa, readSignature } from './signature.ts'
import { unwrapAll, type Wrapper } from './wallets/wrappers.ts'

/**
 * What of a payment moves money and is not for other eyes, for `shared`: its signature, in every way in which it can be read. Where `evidence` tells
 * which half of it is r (it recovers to the payer so), r may be seen; without, either half may be s, as in a signature whose halves were swapped.
 */
export function secretsOf({ authorization, signature, token }: Payment, evidence?: Pick<SignatureEvidence, 'matches'>): Secrets {
  const proven = (evidence?.matches ?? []).flatMap(({ signature: canonical }) => readSignature(canonical).ecdsa ?? [])
  const { from, to, nonce } = authorization
  const publicParts = [from, to, nonce, ...(token === undefined ? [] : [token]), ...unwrapAll(signature).wrappers.flatMap(publicPartsOf)]
  const hidden =
    proven.length > 0 ? proven.flatMap(halves) : readings(signature).flatMap(({ ecdsa }) => [...halves(ecdsa), digits(ecdsa.r)])
  return {
    hidden: [...new Set(hidden)],
    raw: [withoutV(signature.slice(2))],
    open: [...proven.map(({ r }) => digits(r)), ...publicParts.map((hex) => hex.slice(2).toLowerCase())],
    texts: [],
  }
}

/** Whoever has r and one of the two has the signature. */
function halves({ s }: Ecdsa): readonly string[] {
  return [digits(s), digits(curveOrder - (s % curveOrder))]
}

function digits(number: bigint): string {
  return number.toString(16).padStart(64, '0')
}

/** What a wrapper says of itself: whose it is, and what was signed. */
function publicPartsOf(wrapper: Wrapper): readonly (Address | Hex)[] {
  switch (wrapper.kind) {
    case 'erc6492':
      return [wrapper.factory, wrapper.calldata]
    case 'coinbase':
      return []
    case 'safe':
      return wrapper.owners.flatMap((each) => ('owner' in each ? [each.owner] : []))
    case 'kernel':
      return wrapper.id === undefined ? [] : [wrapper.id]
    case 'module':
      return [wrapper.module]
    case 'erc7739':
      return [wrapper.separator, wrapper.contents]
  }
}
