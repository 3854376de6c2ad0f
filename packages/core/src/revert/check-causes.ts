import type { CauseId } from '../causes/catalogue.ts'
import { type ModelledCall, sayWords } from '../tokens/ask-model.ts'
import type { CheckName } from '../tokens/model.ts'
import { anySignature, refusedSignature, spentNonce, tooEarly, tooLate, wrongSignatureBytes } from './suspects.ts'

/** What can really be behind a check that fails, the likeliest first. */
export const failed = {
  paused: ['paused'],
  'signatures-paused': ['paused'],
  'sender-blocked': ['relayer-blocked'],
  'from-blacklisted': ['blacklisted'],
  'to-blacklisted': ['blacklisted'],
  'caller-is-payee': ['primary-type-mismatch', 'facilitator-config-drift'],
  after: tooEarly,
  before: tooLate,
  window: [...tooLate, ...tooEarly.filter((cause) => cause !== 'window-inverted' && cause !== 'boundary-second')],
  unused: spentNonce,
  'in-sequence': ['nonce-out-of-sequence', 'nonce-out-of-turn', ...spentNonce],
  length: ['signature-length', 'compact-eip2098', 'smart-wallet-signature', 'signature-byte-order'],
  s: ['high-s', 'signature-byte-order'],
  v: ['v-0-or-1', 'signature-byte-order'],
  recovered: ['signature-byte-order', 'signature-length'],
  signature: refusedSignature,
  'from-zero': ['malformed-field'],
  'to-zero': ['payee-not-payable'],
  'to-itself': ['payee-not-payable'],
  balance: ['insufficient-balance', 'amount-units-wrong', 'asset-mismatch'],
  // Arc's native coin authority, asked after the token's own look at lists and balance: it says no and not why.
  'native-transfer': ['masked-reason'],
} as const satisfies Record<CheckName, readonly CauseId[]>

/** What can no longer be the reason once a check is passed. */
export const passed = {
  paused: ['paused'],
  'signatures-paused': [],
  'sender-blocked': ['relayer-blocked'],
  'from-blacklisted': ['blacklisted'],
  'to-blacklisted': ['blacklisted'],
  'caller-is-payee': [],
  after: ['not-yet-valid'],
  before: ['expired', 'window-too-short'],
  window: ['not-yet-valid', 'expired', 'window-too-short', 'window-inverted'],
  unused: spentNonce,
  'in-sequence': [...spentNonce, 'nonce-out-of-sequence', 'nonce-out-of-turn'],
  length: ['signature-length', 'compact-eip2098'],
  s: ['high-s'],
  v: ['v-0-or-1'],
  recovered: [],
  signature: [...refusedSignature, ...wrongSignatureBytes],
  'from-zero': [],
  'to-zero': [],
  'to-itself': [],
  balance: ['insufficient-balance'],
  'native-transfer': [],
} as const satisfies Record<CheckName, readonly CauseId[]>

/**
 * What a check that fails can mean in a call. Where one answer stands for several checks it means all of them: a token that has nothing but "invalid
 * signature" says it of wrong bytes, too.
 */
export function causesOf({ call, family }: ModelledCall, check: CheckName): readonly CauseId[] {
  if (!call.order.includes(check)) return []
  const said = sayWords(call.words[check])
  const same = said === undefined ? [check] : call.order.filter((each) => sayWords(call.words[each]) === said)
  const salted = family === 'UChildAdministrableERC20'
  if (same.includes('signature') && same.length > 1) return anySignature
  if (check === 'signature' && salted)
    return ['nonstandard-domain-layout', ...refusedSignature.filter((cause) => cause !== 'nonstandard-domain-layout')]
  return distinct(same.flatMap((each): readonly CauseId[] => failed[each]))
}

function distinct(causes: readonly CauseId[]): readonly CauseId[] {
  return [...new Set(causes)]
}
