import { describe, expect, it } from 'vitest'
import { evidenceOf, pay, shown, signatureOf, stranger, usdc, usdcDomain } from '../../../../../test/evidence/evm.ts'
import type { Payment, TokenCall } from '../payment/payment.ts'
import type { Match } from '../signature/forensics.ts'
import { onWrongChain } from './wrong-chain.ts'

type Transaction = NonNullable<TokenCall['transaction']>
const good = signatureOf(pay())
const [match] = good.matches
if (match === undefined) throw new TypeError('the payment is signed')

const found = (transaction: Transaction | undefined, change: Partial<Match> | null = {}): string => {
  const paid: Payment = pay(
    {},
    {
      call: {
        function: 'transferWithAuthorization',
        selector: '0x',
        overload: 'vrs',
        ...(transaction === undefined ? {} : { transaction }),
      },
    },
  )
  const matches = change === null ? [] : [{ ...match, ...change }]
  return shown(onWrongChain(paid, evidenceOf(paid, undefined, { signature: { ...good, matches } })))
}
const edit = (cause: Match['edits'][number]['cause'], field: string): Partial<Match> => ({
  edits: [{ cause, generator: 'domain-chain-id', field }],
})
const wrong = 'error network-mismatch/facilitator transaction.chainId'

describe('a transaction for another chain than that of the token which it calls', () => {
  const rows: readonly (readonly [string, Transaction | undefined, Partial<Match> | null, string])[] = [
    ['another chain', { to: usdc, chainId: 1 }, {}, wrong],
    ['a chain that nobody knows', { to: usdc, chainId: 424_242 }, {}, wrong],
    ['its own', { to: usdc, chainId: 8453 }, {}, ''],
    ['it says no chain', { to: usdc }, {}, ''],
    ['it calls nobody', { chainId: 1 }, {}, ''],
    ['no transaction', undefined, {}, ''],
    ['it calls another contract', { to: stranger, chainId: 1 }, {}, ''],
    ['another token of that chain', { to: '0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42', chainId: 1 }, {}, ''],
    ['nothing fits the signature', { to: usdc, chainId: 1 }, null, ''],
    ['the chain id alone differs', { to: usdc, chainId: 1 }, edit('chain-id-mismatch', 'domain.chainId'), wrong],
    ['the name differs, too', { to: usdc, chainId: 1 }, edit('domain-name-mismatch', 'domain.name'), ''],
    ['the bytes are odd', { to: usdc, chainId: 1 }, edit('v-0-or-1', 'signature.v'), wrong],
    ['signed for a chain that nobody knows', { to: usdc, chainId: 1 }, { domain: { ...usdcDomain, chainId: 424_242n } }, ''],
    ['signed for no chain', { to: usdc, chainId: 1 }, { domain: { name: 'USD Coin', version: '2', verifyingContract: usdc } }, ''],
    ['signed under another separator', { to: usdc, chainId: 1 }, { separator: `0x${'00'.repeat(32)}` }, ''],
  ]
  it.each(rows)('%s', (_name, transaction, change, says) => expect(found(transaction, change)).toBe(says))
})
