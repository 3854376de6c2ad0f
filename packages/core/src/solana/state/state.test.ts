import { describe, expect, it } from 'vitest'
import {
  behind,
  calledBy,
  dead,
  finalizedAs,
  inSlot,
  landed,
  now,
  readAgo,
  recorded,
  unreachable,
  untold,
  type Word,
  wrongCluster,
} from '../../../../../test/solana/recorded.ts'
import { known, unknown } from '../../evidence/known.ts'
import { believedState, lagIn, type SvmAnswer, type SvmState, seenAt } from './state.ts'

const rpc = (source: string, ...words: readonly Word[]): SvmAnswer => recorded('valid', calledBy(source), ...words).state
const slot = 350_000_000n

/** Of several RPCs, in the order in which they were given: whose state is believed, and whether the blockhash lives. */
const rows: readonly (readonly [
  title: string,
  answers: readonly SvmAnswer[],
  source: string | undefined,
  blockhash: 'alive' | 'dead' | undefined,
])[] = [
  ['nobody was asked', [], undefined, undefined],
  ['nobody answered', [unreachable()], undefined, undefined],
  ['only one of another cluster did', [wrongCluster(known('alive'))], undefined, undefined],
  ['one that answered', [rpc('a')], 'a', 'alive'],
  ['one beside others that did not', [unreachable(), wrongCluster(known('alive')), rpc('a', dead)], 'a', 'dead'],
  ['the newer one, given first', [rpc('a', inSlot(slot + 1n)), rpc('b')], 'a', 'alive'],
  ['the newer one, given last', [rpc('a'), rpc('b', inSlot(slot + 1n))], 'b', 'alive'],
  ['the newest of three', [rpc('a'), rpc('b', inSlot(slot + 2n)), rpc('c', inSlot(slot + 1n))], 'b', 'alive'],
  ['of two that are as new the first', [rpc('a'), rpc('b')], 'a', 'alive'],
  ['one whose slot is known before one of which it is not', [rpc('a', untold('slot')), rpc('b')], 'b', 'alive'],
  ['the one that found the transaction, though it is older', [rpc('a', inSlot(slot + 50n)), rpc('b', landed())], 'b', 'alive'],
  ['the one that found it, though nobody knows how new it is', [rpc('a'), rpc('b', landed(), untold('slot'))], 'b', 'alive'],
  ['of two that found it the newer one', [rpc('a', landed()), rpc('b', landed(), inSlot(slot + 1n))], 'b', 'alive'],
  ['the newer one where neither could look', [rpc('a', untold('settlement'), inSlot(slot + 1n)), rpc('b')], 'a', 'alive'],
  // A blockhash that one knows is one of the cluster: the other has not seen its block yet, whichever is newer by slots.
  ['a blockhash that the older one knows lives', [rpc('a', dead, inSlot(slot + 50n)), rpc('b')], 'a', 'alive'],
  ['a blockhash that the newer one knows lives', [rpc('a', inSlot(slot + 50n)), rpc('b', dead)], 'a', 'alive'],
  ['a blockhash that both say is dead is', [rpc('a', dead), rpc('b', dead)], 'a', 'dead'],
  [
    'a blockhash that one says is dead, and one could not tell, is',
    [rpc('a', dead, inSlot(slot + 1n)), rpc('b', untold('blockhash'))],
    'a',
    'dead',
  ],
  ['a blockhash that lives on another cluster does not live', [rpc('a', dead), wrongCluster(known('alive'))], 'a', 'dead'],
]

it.each(rows)('believed is %s', (_, answers, source, blockhash) => {
  const state = believedState(answers, undefined)
  expect(state?.source).toBe(source)
  expect(state?.blockhash).toEqual(blockhash === undefined ? undefined : known(blockhash))
})

it('what is believed is whole: nothing of another RPC is mixed in but the life of the blockhash', () => {
  const [older, newer] = [rpc('a'), rpc('b', dead, inSlot(slot + 1n))]
  expect(believedState([older, newer], undefined)).toEqual({ ...newer, blockhash: known('alive') })
})

/** Twenty slots of 0.4 s are eight seconds, and clocks may differ by half a minute. */
const fresh = 30n
const state = (...words: readonly Word[]): SvmState => recorded('valid', ...words).state

it.each<readonly [title: string, state: SvmState, at: bigint | undefined, lag: ReturnType<typeof lagIn>]>([
  ['of now', state(), undefined, undefined],
  ['of half a minute ago', state(behind(fresh)), undefined, undefined],
  ['of a second before that', state(behind(fresh + 1n)), undefined, { kind: 'behind', newest: now - 31n, seconds: 31n }],
  ['read a day ago, of then', state(readAgo(86_400n)), undefined, undefined],
  [
    'read a day ago, of then, for a payment of now',
    state(readAgo(86_400n)),
    now,
    { kind: 'behind', newest: now - 86_400n, seconds: 86_400n },
  ],
  ['late, for a payment that is older', state(behind(3_600n)), now - 3_600n, undefined],
  ['late, for a payment of half a minute later', state(behind(3_600n)), now - 3_570n, undefined],
  [
    'late, for a payment of a second after that',
    state(behind(3_600n)),
    now - 3_569n,
    { kind: 'behind', newest: now - 3_600n, seconds: 31n },
  ],
  ['from the future', state(behind(-60n)), undefined, undefined],
  // The finalized block is 13 s older, and tells where the newest one does not.
  ['without a time, beside a finalized one', state(untold('time')), undefined, undefined],
  [
    'without a time, beside a finalized one that is late',
    state(behind(18n), untold('time')),
    undefined,
    { kind: 'behind', newest: now - 31n, seconds: 31n },
  ],
  ['without any time', state(untold('time'), finalizedAs({ time: unknown('no') })), undefined, { kind: 'timeless', reason: 'no' }],
  [
    'without any time or finalized block',
    state(untold('time'), untold('finalized')),
    undefined,
    { kind: 'timeless', reason: 'time was not told' },
  ],
])('the newest block is %s', (_, read, at, lag) => expect(lagIn(read, at)).toEqual(lag))

it('what is said is of its reading, or of the newest block, where that is older than a cluster lets it be', () => {
  expect(seenAt(state())).toBe(now)
  expect(seenAt(state(behind(fresh)))).toBe(now)
  expect(seenAt(state(behind(fresh + 1n)))).toBe(now - 31n)
  expect(seenAt(state(readAgo(86_400n)))).toBe(now - 86_400n)
  expect(seenAt(state(untold('time')))).toBe(now)
})

describe('an RPC that is late', () => {
  const late = (source: string, ...words: readonly Word[]): SvmAnswer => rpc(source, ...words, behind(fresh + 1n))
  it('is not believed, alone or beside another one', () => {
    expect(believedState([late('a')], undefined)).toBeUndefined()
    expect(believedState([late('a', dead), rpc('b')], undefined)).toEqual(rpc('b'))
    expect(believedState([late('a')], now - 3_600n)).toEqual(late('a'))
    // That it knows the blockhash, it knew before.
    expect(believedState([late('a'), rpc('b', dead)], undefined)?.blockhash).toEqual(known('dead'))
  })

  it('is believed in what has landed, and in nothing else', () => {
    const found = believedState([late('a', landed())], undefined)
    expect(found?.settlement).toEqual(state(landed()).settlement)
    expect([...(found?.accounts.values() ?? [])].every((fact) => !fact.known)).toBe(true)
    expect([found?.blockhash.known, found?.simulated.asIs.known, found?.simulated.fresh.known]).toEqual([false, false, false])
    expect(found?.finalized.known && found.finalized.value.blockhash.known).toBe(false)
    expect(believedState([late('a', landed(), untold('finalized'))], undefined)?.finalized.known).toBe(false)
    expect(believedState([late('a', untold('settlement'))], undefined)).toBeUndefined()
  })
})
