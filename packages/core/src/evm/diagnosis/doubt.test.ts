import { describe, expect, it } from 'vitest'
import { chain, evidenceOf, now, pay, reverts, settled, unread, type Words } from '../../../../../test/evidence/evm.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { known } from '../../evidence/known.ts'
import type { ChainAnswer, ChainState } from '../evidence/chain.ts'
import type { Contradiction } from './contradiction.ts'
import { doubt, explainsDoubt } from './doubt.ts'

const paid = pay()
const finding = (cause: CauseId): Finding => ({ cause, party: 'nobody', severity: 'error', summary: 's', evidence: [], fix: 'f' })
const one = (words: Words = {}, more: Partial<ChainState> = {}): ChainState => chain(paid, words, more)
const two = (words: Words = {}): ChainState => one({ source: 'other.example.com', ...words })
const isDoubted = (chains: readonly ChainAnswer[] | undefined, first?: Finding, contradictions: readonly Contradiction[] = []): boolean =>
  doubt(paid, evidenceOf(paid, chains, { at: now }), first, contradictions) !== undefined
const dead: ChainAnswer = { kind: 'unreachable', source: 'dead.example.com', reason: 'it timed out' }
const about: Contradiction = { id: 'rpc-and-rpc', sides: ['a', 'b'], check: 'c', call: null, causes: [] }
const token = (more: Partial<ChainState['token']>): Partial<ChainState> => ({ token: { ...one().token, ...more } })
const hash = `0x${'01'.repeat(32)}` as const

describe('what keeps anything from being claimed', () => {
  const rows: readonly (readonly [string, readonly ChainAnswer[] | undefined, boolean])[] = [
    ['no chain was asked', undefined, false],
    ['a chain in order', [one()], false],
    ['none that could be read', [dead], true],
    ['none that could be asked', [], true],
    ['one of two is dead', [one(), dead], false],
    ['used, and the logs are unread', [one({ used: true, settlement: unread, simulated: { outcome: 'succeeds' } })], true],
    ['unused, and the logs are unread', [one({ settlement: unread })], false],
    ['settled', [one({ used: true, settlement: settled(paid), simulated: { outcome: 'succeeds' } })], false],
    ['settled in a block that is gone', [one({ settlement: settled(paid, { blocks: { receipt: unread, now: known(hash) } }) })], true],
    ['without the state of the moment', [one({}, { instead: 'pruned' })], true],
    // A node that stands still is not believed: 20 blocks of 2 s are as old as a head may be.
    ['a head of 40 s ago', [one({ time: now - 40n })], false],
    ['a head of 41 s ago', [one({ time: now - 41n })], true],
    ['two of the same old head', [one({ time: now - 41n }), two({ time: now - 41n })], true],
    ['an old head, and a new one', [one({ time: now - 41n, number: 999n }), two()], false],
    ['refused in a simulation, and no check says why', [one({ simulated: reverts('whatever') })], true],
    ['a fact left out, and taken in a simulation', [one({ balance: unread, simulated: { outcome: 'succeeds' } })], false],
    ['a fact left out, and nobody simulated', [one({ balance: unread })], true],
    ['nobody simulated, and nothing else is missing', [one({ simulated: unread })], true],
    ['nothing answers at the token', [one({ simulated: { outcome: 'succeeds' } }, token({ responds: known(false) }))], true],
    ['nobody knows whether anything answers', [one({ simulated: { outcome: 'succeeds' } }, token({ responds: unread }))], false],
  ]
  it.each(rows)('%s', (_name, chains, found) => {
    expect(isDoubted(chains)).toBe(found)
    // An error that stands is a reason to claim it, whatever else is not known.
    expect(isDoubted(chains, finding('paused'))).toBe(false)
    expect(isDoubted(chains, undefined, [about])).toBe(true)
    expect(isDoubted(chains, finding('paused'), [about])).toBe(false)
  })

  it('a window in blocks, where no chain tells which block it is', () => {
    const flag = 1n << 47n
    const inBlocks = (family: 'ERC3009' | 'FiatTokenV2_2') =>
      pay({ says: { validAfter: flag | 1n, validBefore: flag | 9_999n } }, { told: { family } })
    const of = (given: typeof paid, chains?: readonly ChainAnswer[]) => doubt(given, evidenceOf(given, chains), undefined, []) !== undefined
    expect(of(inBlocks('ERC3009'))).toBe(true)
    expect(of(inBlocks('FiatTokenV2_2'))).toBe(false)
    const given = inBlocks('ERC3009')
    expect(of(given, [chain(given, { simulated: { outcome: 'succeeds' } })])).toBe(false)
  })

  it('names the node, and what was taken back, as the reason', () => {
    const reasons = (
      ['rpc-lagging', 'chain-halted', 'rpc-fault', 'rpc-wrong-chain', 'settlement-reorged', 'paused', 'authorization-used'] as const
    ).filter((cause) => explainsDoubt(finding(cause)))
    expect(reasons).toEqual(['rpc-lagging', 'chain-halted', 'rpc-fault', 'rpc-wrong-chain', 'settlement-reorged'])
  })
})
