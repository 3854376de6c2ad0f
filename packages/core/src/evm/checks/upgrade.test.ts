import { describe, expect, it } from 'vitest'
import { chain, evidenceOf, opens, pay, shown, signatureOf, stranger, unread, usdcDomain } from '../../../../../test/evidence/evm.ts'
import { known } from '../../evidence/known.ts'
import type { ChainState } from '../evidence/chain.ts'
import type { Match } from '../signature/forensics.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import { isName, upgrade } from './upgrade.ts'

const paid = pay()
const [match] = signatureOf(paid).matches
if (match === undefined) throw new TypeError('the payment is signed')
const published = domainSeparator(usdcDomain)
const old = { ...usdcDomain, name: 'Old Coin' }
const oldSeparator = domainSeparator(old)
const current = domainSeparator({ ...usdcDomain, name: 'New Coin' })
const named = [{ cause: 'domain-name-mismatch', generator: 'domain-name', field: 'domain.name' }] as const
const upgraded = (field: string): string => `error token-upgraded/token ${field}`

interface Row {
  readonly match?: Partial<Match>
  readonly separator?: ChainState['token']['separator']
  readonly formerly?: `0x${string}` | null
  readonly chains?: null
}

const found = ({ match: change = {}, separator = known(current), formerly = oldSeparator, chains }: Row): string => {
  const state = chain(paid)
  const read: ChainState = {
    ...state,
    token: { ...state.token, separator },
    ...(formerly === null ? {} : { separatorThen: { block: 10n, time: opens, separator: formerly } }),
  }
  const signed: Match = { ...match, domain: old, separator: oldSeparator, edits: named, ...change }
  const finding = upgrade(signed, paid, evidenceOf(paid, chains === null ? undefined : [read]))
  return finding === undefined ? '' : shown([finding])
}

describe('a token whose domain changed after the payment was signed', () => {
  const rows: readonly (readonly [string, Row, string])[] = [
    ['it had the one that was signed', {}, upgraded('domain.name')],
    [
      'its version changed',
      { match: { edits: [{ ...named[0], cause: 'domain-version-mismatch', field: 'domain.version' }] } },
      upgraded('domain.version'),
    ],
    ['it has the one that was signed', { separator: known(oldSeparator) }, ''],
    ['it has none', { separator: known(null) }, ''],
    ['what it has is unread', { separator: unread }, ''],
    ['no chain was asked', { chains: null }, ''],
    ['it had another one then', { formerly: current }, ''],
    ['nobody asked what it had', { formerly: null }, ''],
    [
      'nobody asked, and the one that was signed is published',
      { formerly: null, match: { domain: usdcDomain, separator: published } },
      upgraded('domain.name'),
    ],
    [
      'it had another one then, and the one that was signed is published',
      { formerly: current, match: { domain: usdcDomain, separator: published } },
      upgraded('domain.name'),
    ],
    ['another contract was signed for', { match: { domain: { ...old, verifyingContract: stranger } } }, ''],
    ['nothing of its name differs', { match: { edits: [] } }, ''],
    ['the chain id alone differs', { match: { edits: [{ ...named[0], cause: 'chain-id-mismatch', field: 'domain.chainId' }] } }, ''],
    [
      'the chain id differs, too',
      { match: { edits: [{ ...named[0], cause: 'chain-id-mismatch', field: 'domain.chainId' }, named[0]] } },
      upgraded('domain.name'),
    ],
  ]
  it.each(rows)('%s', (_name, row, says) => expect(found(row)).toBe(says))

  it('a name is what a token is called in its domain', () => {
    const about = (field: string): boolean => isName({ ...named[0], field })
    expect(['domain.name', 'domain.version', 'domain.chainId', 'authorization.to'].map(about)).toEqual([true, true, false, false])
  })
})
