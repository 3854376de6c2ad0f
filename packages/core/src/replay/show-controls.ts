import type { Address, Hex } from 'viem'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import type { ReplayOutcome, ReplayPayment } from '../evidence/replay.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import { typeHashes } from '../typed-data/authorization.ts'
import { presentFields } from '../typed-data/domain.ts'
import { accounts, type TokenModel } from './place-token.ts'
import { replayPayment } from './replay-payment.ts'
import type { Anvil } from './start-anvil.ts'

const refusal = 'FiatTokenV2: invalid signature'

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
  relayer: Address,
  payer: Address,
): Promise<readonly string[]> {
  const invalid = (what: string, cause?: unknown): Eip3009Error =>
    new Eip3009Error('controls-failed', `The ${token.description} cannot be used, and nothing that it shows would count: ${what}.`, {
      cause,
    })
  const tryOut = (payment: ReplayPayment): Promise<ReplayOutcome> =>
    replayPayment(anvil, token, relayer, payment, { at: 2n }).catch((error: unknown) => {
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
    validAfter: 1n,
    validBefore: 3n,
    nonce: typeHashes.TransferWithAuthorization,
  }
  const signature = (await anvil.request('eth_signTypedData_v4', [payer, typedData(token, authorization)])) as Hex
  const good: ReplayPayment = { authorization, signature, primaryType: 'TransferWithAuthorization' }
  const settled = await tryOut(good)
  if (settled.status !== 'settled') throw invalid(`a good payment did not settle there but reverted with ${quote(settled.reason)}`)
  if (settled.balances[1]?.after !== 2n) throw invalid('a good payment settled there without moving its value')

  const broken: ReplayPayment = { ...good, authorization: { ...authorization, value: 1n } }
  const refused = await tryOut(broken)
  if (refused.status !== 'reverted' || refused.reason !== refusal) {
    throw invalid(`a payment whose value was changed after signing ${whatCame(refused)} instead of reverting with "${refusal}"`)
  }
  return [
    `The token's DOMAIN_SEPARATOR() is ${separator}${token.published === undefined ? '' : ', as published'}.`,
    'A good payment settled.',
    `A payment whose value was changed after signing reverted with "${refusal}".`,
  ]
}

function whatCame(outcome: ReplayOutcome): string {
  return outcome.status === 'settled' ? 'settled' : `reverted with ${quote(outcome.reason)}`
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
