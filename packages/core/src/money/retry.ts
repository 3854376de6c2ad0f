import type { Hex } from '../bytes/hex.ts'
import type { RetryAction } from '../causes/retry.ts'
import { utc } from '../text/utc.ts'
import type { Digits, SignedDigits } from '../text/written.ts'

/** What has to be so before an instruction may be followed, whatever was read when it was given. */
export type Condition =
  /** The nonce is unused at the moment of sending, or nothing of this payment landed; what landed with an error on Solana moved nothing. */
  | 'nonce-unused'
  | 'nothing-landed'
  /** No other token than the payment's takes what was signed, or took it before: its nonce there is unused, or there is no token. */
  | 'not-good-elsewhere'
  /** The transaction that took the first one back is in a finalized block. */
  | 'cancellation-landed'
  /** The payer still wants what was to be paid. */
  | 'payer-agrees'
  /** Who signed tells what exactly was signed. */
  | 'signed-message-known'
  /** What the transaction that used the nonce paid is known. */
  | 'receipt-read'
  /** What the fix names is done. */
  | 'fixed'

/** From when on an instruction may be followed. The latest of what is given counts. */
export interface NotBefore {
  /** Unix seconds: the time of a block, where the chain was asked; of a clock else. */
  readonly time: SignedDigits | null
  /** Number of a block, or height of one on Solana. */
  readonly block: Digits | null
  /** Whether that block has to be finalized. */
  readonly finalized: boolean
}

/**
 * What to do next, as an instruction that can be followed by a program. Followed to the letter, it never makes the payee get more than what was asked
 * for, whoever else holds the payment's bytes and whenever they are sent.
 */
export interface Retry {
  readonly action: RetryAction
  /** Whether a new signature has to be over `nonce`, so that of the two only one can move money. */
  readonly sameNonce: boolean
  /** The nonce to sign again with, or to cancel; null where any will do, or none is signed. */
  readonly nonce: Hex | null
  readonly notBefore: NotBefore | null
  /** All of them have to hold. */
  readonly onlyIf: readonly Condition[]
  readonly through: 'same' | 'another'
  /** What can go wrong when it is followed too early or otherwise; null where nothing can. */
  readonly cost: string | null
  /** All of it as one sentence without a full stop. */
  readonly says: string
}

/** What an instruction is before it is worded. */
type Terms = Partial<Omit<Retry, 'action' | 'says'>> & { readonly action: RetryAction }

/** An instruction, worded from what it says as data, with `after` as a clause behind it; or in words of its own, where those say it better. */
export function instruct(terms: Terms, { after, says }: { readonly after?: string; readonly says?: string } = {}): Retry {
  const full = { sameNonce: false, nonce: null, notBefore: null, onlyIf: [], through: 'same', cost: null, ...terms } as const
  const words = [sayAction(full), when(full.notBefore), ifAll(full.onlyIf), full.through === 'another' ? 'through another facilitator' : '']
  const said = words.filter((word) => word !== '').join(', ')
  return { ...full, says: says ?? `${said}${after === undefined ? '' : `; ${after}`}` }
}

function sayAction({ action, sameNonce, nonce, onlyIf }: Pick<Retry, 'action' | 'sameNonce' | 'nonce' | 'onlyIf'>): string {
  switch (action) {
    case 'send-same':
      return 'the same payload can be sent again'
    case 'fix-first':
      return 'the signature can be kept: fix what surrounds it, then send'
    case 'sign-again':
      if (!sameNonce) return 'sign again'
      // A nonce stops nothing at another token.
      return `sign again with ${nonce === null ? 'the same nonce' : `nonce ${nonce}`}${onlyIf.includes('not-good-elsewhere') ? '' : ', so that only one of the two can move money'}`
    case 'cancel-first':
      return nonce === null ? 'take the first one back, then sign again' : `cancel nonce ${nonce} there, then sign again`
    case 'wait':
      return 'do not send or sign anything yet'
    case 'never':
      return 'do not send anything again'
    case 'unknown':
      return 'whether a retry is safe is unknown'
  }
}

function when(notBefore: NotBefore | null): string {
  if (notBefore === null) return ''
  const { time, block, finalized } = notBefore
  if (block !== null) return `once block height ${block} is ${finalized ? 'finalized' : 'reached'}`
  if (time !== null) return `not before a ${finalized ? 'finalized ' : ''}block of ${utc(BigInt(time))}`
  return finalized ? 'once it is dead at a finalized block from after it was signed' : ''
}

const conditions = {
  'nonce-unused': 'its nonce is still unused then',
  'nothing-landed': 'nothing of it landed without an error',
  'not-good-elsewhere': 'no token elsewhere takes it, or took it',
  'cancellation-landed': 'the cancellation is in a finalized block',
  'payer-agrees': 'the payer still wants it',
  'signed-message-known': 'the payer tells what was signed',
  'receipt-read': 'the receipt of the transaction that used it was read',
  fixed: 'that is done',
} as const satisfies Record<Condition, string>

function ifAll(all: readonly Condition[]): string {
  return all.length === 0 ? '' : `only if ${all.map((each) => conditions[each]).join(' and ')}`
}
