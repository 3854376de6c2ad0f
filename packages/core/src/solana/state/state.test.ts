import { expect, it } from 'vitest'
import {
  calledBy,
  dead,
  inSlot,
  landed,
  recorded,
  unreachable,
  untold,
  type Word,
  wrongCluster,
} from '../../../../../test/solana/recorded.ts'
import { known } from '../../evidence/known.ts'
import { believedState, type SvmAnswer } from './state.ts'

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
  const state = believedState(answers)
  expect(state?.source).toBe(source)
  expect(state?.blockhash).toEqual(blockhash === undefined ? undefined : known(blockhash))
})

it('what is believed is whole: nothing of another RPC is mixed in but the life of the blockhash', () => {
  const [older, newer] = [rpc('a'), rpc('b', dead, inSlot(slot + 1n))]
  expect(believedState([older, newer])).toEqual({ ...newer, blockhash: known('alive') })
})
