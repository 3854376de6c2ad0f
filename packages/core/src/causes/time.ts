import type { EvmCauseEntry } from './cause.ts'
import { circleEip3009, eip3009, thread, x402Exact } from './reference.ts'

/** Section 3: time. */
export const timeCauses = {
  'not-yet-valid': {
    title: 'The window had not opened yet',
    parties: ['client'],
    family: 'evm',
    stops: { at: 'window', place: 3 },
    refusedByToken: 'in-time',
    meaning:
      'validAfter was not yet behind the block\'s time. The token wants the block\'s time to be strictly greater. A payer whose clock is fast, or who sets validAfter to "now", meets a chain whose time lags the wall clock by up to a block. Facilitators compare with their own clock and let it through.',
    proof: { needs: ['payload', 'rpc'], how: 'validAfter is greater than or equal to the time of the block that was asked.' },
    fix: 'Set validAfter to 0, or some minutes back. The payment at hand settles unchanged once its window is open.',
    code: 'const validAfter = BigInt(Math.floor(Date.now() / 1000) - 600)',
    retry: 'send-same',
    reports: {
      token: [
        'FiatTokenV2: authorization is not yet valid',
        'GasAbstraction: authorization is not yet valid',
        'TetherToken: auth early',
        'AuthorizationInvalid',
        'InvalidAuthorization',
        'ERC3009InvalidAuthorizationTime',
      ],
      facilitator: ['invalid_exact_evm_payload_authorization_valid_after'],
    },
    references: [circleEip3009, eip3009],
    related: ['boundary-second', 'time-in-milliseconds', 'expired'],
  },
  expired: {
    title: 'The window had closed',
    parties: ['client', 'facilitator'],
    family: 'evm',
    stops: { at: 'window', place: 4 },
    refusedByToken: 'in-time',
    meaning:
      "validBefore was at or before the block's time: the signature took too long to be made, waited in a queue, or was retried too late. Facilitators refuse some seconds earlier, the reference one with less than six seconds left. An expired payload hides every later check, so a wrong signature or an empty wallet may stand behind it.",
    proof: {
      needs: ['payload', 'rpc'],
      how: "validBefore is less than or equal to the time of the block that was asked, or of the facilitator's clock plus its margin.",
    },
    fix: 'First look up (from, nonce): the old one is dead only if the nonce is unused at a block whose time is at or after validBefore. A node that is behind, or a chain that stands still, calls it unused while it can still settle. Then sign again with a longer window, and with the same nonce if there is any doubt.',
    retry: 'sign-again',
    reports: {
      token: [
        'FiatTokenV2: authorization is expired',
        'GasAbstraction: authorization is expired',
        'AuthorizationExpired',
        'ExpiredAuthorization',
        'ERC3009InvalidAuthorizationTime',
      ],
      facilitator: ['invalid_exact_evm_payload_authorization_valid_before', 'payment_expired', 'invalid_payment_expired'],
    },
    references: [circleEip3009, eip3009, x402Exact],
    related: ['window-too-short', 'boundary-second', 'rpc-lagging', 'chain-halted', 'settlement-unconfirmed', 'authorization-used'],
  },
  'time-in-milliseconds': {
    title: 'A time is in milliseconds',
    parties: ['client'],
    family: 'evm',
    stops: { at: 'window', place: 2 },
    refusedByToken: 'in-time',
    meaning:
      'Date.now() went into the message without a division by 1000. A validAfter in milliseconds lies tens of thousands of years ahead and never opens. A validBefore in milliseconds passes every check and leaves an authorization that never closes: it settles, and it is a fault all the same, because an unused one stays money for ever.',
    proof: {
      needs: ['payload'],
      how: 'The time is above 10^11, which as seconds would be after the year 5000, and as milliseconds is close to now.',
    },
    fix: 'Divide by 1000 and round down. Sign again with the same nonce, or cancel the first: one with an endless window stays good for ever.',
    code: 'const validBefore = BigInt(Math.floor(Date.now() / 1000) + 300)',
    retry: 'sign-again',
    reports: {
      token: ['FiatTokenV2: authorization is not yet valid'],
      facilitator: ['invalid_exact_evm_payload_authorization_valid_after'],
    },
    references: [eip3009, circleEip3009],
    related: ['not-yet-valid', 'window-inverted'],
  },
  'window-too-short': {
    title: 'The window is shorter than inclusion takes',
    parties: ['client', 'server'],
    family: 'evm',
    stops: { at: 'window', place: 6 },
    refusedByToken: 'no',
    meaning:
      'Between signing and validBefore there is less time than verification, queueing, inclusion and the facilitator\'s margin take. Such payments succeed on a quiet day and fail under load, with "authorization is expired" or a refusal at verify. The window usually comes from maxTimeoutSeconds in the server\'s offer.',
    proof: {
      needs: ['payload'],
      how: "validBefore minus the time of signing (or of arrival) is less than the network's inclusion time plus the facilitator's margin.",
    },
    fix: 'Raise maxTimeoutSeconds in the offer to a minute or more, and sign as late as possible. While the short window is open, another signature needs the same nonce.',
    retry: 'sign-again',
    reports: {
      token: ['FiatTokenV2: authorization is expired'],
      facilitator: ['invalid_exact_evm_payload_authorization_valid_before'],
    },
    references: [x402Exact, thread(1062, 'facilitator timeout shorter than a block')],
    related: ['expired', 'settlement-unconfirmed', 'window-inverted'],
  },
  'window-inverted': {
    title: 'The window ends before it begins',
    parties: ['client', 'server'],
    family: 'evm',
    stops: { at: 'window', place: 1 },
    refusedByToken: 'yes',
    meaning:
      'validBefore is less than or equal to validAfter, or there is no second strictly between them, so no block can ever accept the authorization. Swapped arguments, a duration in the place of a time, or one of the two in milliseconds do this. Depending on the clock the token says "not yet valid" or "expired", both of which mislead.',
    proof: { needs: ['payload'], how: 'validBefore − validAfter is less than 2: the token wants a block time strictly between the two.' },
    fix: 'Sign again with validAfter in the past and validBefore in the future, both in unix seconds. Nothing can ever settle the first one.',
    retry: 'sign-again',
    reports: {
      token: ['FiatTokenV2: authorization is not yet valid', 'FiatTokenV2: authorization is expired'],
      facilitator: ['invalid_exact_evm_payload_authorization_valid_before', 'invalid_exact_evm_payload_authorization_valid_after'],
    },
    references: [circleEip3009, eip3009],
    related: ['time-in-milliseconds', 'not-yet-valid', 'expired'],
  },
  'boundary-second': {
    title: 'The block fell on the edge of the window',
    parties: ['nobody'],
    family: 'evm',
    stops: { at: 'window', place: 5 },
    refusedByToken: 'in-time',
    meaning:
      "The block's time equals validAfter or validBefore. The token wants it strictly inside; some verifiers accept the edge. So verify says yes and settle reverts, once in a while, on chains with one-second clocks.",
    proof: { needs: ['rpc'], how: "The block's timestamp equals one of the two times." },
    fix: 'It is not-yet-valid or expired, by one second. At validAfter, send the same bytes again a second later. At validBefore, once a block of that time shows the nonce unused, the authorization is dead: sign again, with a margin on both sides.',
    retry: 'unknown',
    reports: {
      token: ['FiatTokenV2: authorization is not yet valid', 'FiatTokenV2: authorization is expired'],
      facilitator: ['invalid_exact_evm_payload_authorization_valid_after', 'invalid_exact_evm_transaction_failed'],
    },
    references: [circleEip3009],
    related: ['not-yet-valid', 'expired', 'window-too-short'],
  },
} as const satisfies Record<string, EvmCauseEntry>
