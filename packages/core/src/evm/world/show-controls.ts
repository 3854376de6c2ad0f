import type { Address, Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { quote } from '../../errors/quote.ts'
import { revertOf } from '../evidence/outcome-words.ts'
import type { Intervention, ReplayOptions, ReplayOutcome, ReplayPayment } from '../evidence/replay.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { typeHashes } from '../typed-data/authorization.ts'
import { presentFields } from '../typed-data/domain.ts'
import { accounts, type TokenModel } from './place-token.ts'
import type { Anvil } from './start-anvil.ts'

export interface ControlSetting {
  /** The second at which the controls are sent. */
  readonly at: bigint
  /** What a good payment of a fresh account needs on this chain. */
  readonly interventions: readonly Intervention[]
  readonly replay: (payment: ReplayPayment, options: ReplayOptions) => Promise<ReplayOutcome>
  /** What a broken payment has to be answered with; any revert where nobody knows the token's words. */
  readonly refusal: string | undefined
}

/**
 * Shows that the chain can tell good from bad: a payment that anvil's own account signed settles, and the same payment with another value
 * reverts. The signature is anvil's, by `eth_signTypedData_v4` from the domain's fields, so that our own hashing has no part in it.
 * @returns one sentence for each thing that was shown.
 * @throws Eip3009Error `controls-failed`
 */
export async function showControls(
  anvil: Anvil,
  token: TokenModel,
  separator: Hex,
  payer: Address,
  { at, interventions, replay, refusal }: ControlSetting,
): Promise<readonly string[]> {
  const invalid = (what: string, cause?: unknown): Eip3009Error => invalidChain(token, what, cause)
  const tryOut = (payment: ReplayPayment): Promise<ReplayOutcome> =>
    replay(payment, { at, interventions }).catch((error: unknown) => {
      throw invalid('a control payment could not even be sent there', error)
    })
  for (const [expected, whose] of [
    [token.separator, 'computed'],
    [token.published, 'published'],
  ] as const) {
    if (expected !== undefined && expected !== separator) {
      throw invalid(`DOMAIN_SEPARATOR() returns ${separator}, but ${expected} is ${whose} for it`)
    }
  }

  const authorization: Authorization = {
    from: payer,
    to: accounts.lostAndFound,
    value: 2n,
    validAfter: at - 1n,
    validBefore: at + 1n,
    // Of a token whose nonces count up it is the first of a key.
    nonce: `${typeHashes.TransferWithAuthorization.slice(0, 50) as Hex}${'0'.repeat(16)}`,
  }
  const signature = (await anvil.request('eth_signTypedData_v4', [payer, typedData(token, authorization)])) as Hex
  const good: ReplayPayment = { authorization, signature, primaryType: 'TransferWithAuthorization' }
  const settled = await tryOut(good)
  if (settled.status !== 'settled') throw invalid(`a good payment did not settle there but reverted with ${quote(revertOf(settled))}`)
  const { before = 0n, after = 0n } = settled.balances[1] ?? {}
  if (after - before !== 2n) throw invalid('a good payment settled there without moving its value')

  const broken: ReplayPayment = { ...good, authorization: { ...authorization, value: 1n } }
  const refused = await tryOut(broken)
  if (refused.status !== 'reverted' || (refusal !== undefined && revertOf(refused) !== refusal)) {
    throw invalid(
      `a payment whose value was changed after signing ${whatCame(refused)} instead of reverting${refusal === undefined ? '' : ` with "${refusal}"`}`,
    )
  }
  return [
    `The token's DOMAIN_SEPARATOR() is ${separator}${token.published === undefined ? '' : ', as published'}.`,
    'A good payment settled.',
    `A payment whose value was changed after signing reverted with ${quote(revertOf(refused))}.`,
  ]
}

/** The error for a chain that can't be believed. */
export function invalidChain({ description }: { readonly description: string }, what: string, cause?: unknown): Eip3009Error {
  return new Eip3009Error('controls-failed', `The ${description} cannot be used, and nothing that it shows would count: ${what}.`, {
    cause,
  })
}

function whatCame(outcome: ReplayOutcome): string {
  return outcome.status === 'settled' ? 'settled' : `reverted with ${quote(revertOf(outcome))}`
}

/** The JSON that wallets sign; numbers as decimal strings. */
function typedData({ domain }: TokenModel, message: Authorization): unknown {
  const types = { name: 'string', version: 'string', chainId: 'uint256', verifyingContract: 'address', salt: 'bytes32' } as const
  const plain = (value: object): object =>
    Object.fromEntries(Object.entries(value).map(([key, member]) => [key, typeof member === 'bigint' ? String(member) : member]))
  return {
    types: {
      EIP712Domain: presentFields(domain).map((name) => ({ name, type: types[name] })),
      TransferWithAuthorization: [
        { name: 'from', type: 'address' },
        { name: 'to', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'validAfter', type: 'uint256' },
        { name: 'validBefore', type: 'uint256' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    primaryType: 'TransferWithAuthorization',
    domain: plain(domain),
    message: plain(message),
  }
}
