import { describe, expect, it } from 'vitest'
import {
  behind,
  dead,
  deadUnfinalized,
  finalizedAs,
  newest,
  now,
  readAgo,
  recorded,
  unfinalized,
  untold,
  type Word,
} from '../../../../../test/solana/recorded.ts'
import { unknown } from '../../evidence/known.ts'
import { deadBlockhash, isDeadForGood, lastHeight } from './dead-blockhash.ts'
import type { SvmState } from './state.ts'

const state = (...words: readonly Word[]): SvmState => recorded('valid', dead, ...words).state

/** Clocks and block times may differ by half a minute: a block of that much later is certainly from after the payment. */
const drift = 30n

describe('a blockhash that a node does not know', () => {
  it.each<readonly [title: string, state: SvmState, at: bigint | undefined, kind: ReturnType<typeof deadBlockhash>['kind']]>([
    ['a block of half a minute after the payment was seen', state(), now - drift, 'certain'],
    ['a second less', state(), now - drift + 1n, 'behind'],
    ['submitted just when it was read', state(), now, 'behind'],
    ['long ago, by a node that is late and has seen enough', state(behind(600n)), now - 630n, 'certain'],
    ['long ago, by a node that is late and has not', state(behind(600n)), now - 629n, 'behind'],
    ['no time was said, and the node keeps up', state(), undefined, 'unless-new'],
    ['no time was said, and the node is as late as clocks may differ', state(behind(drift)), undefined, 'unless-new'],
    ['no time was said, and the node is late', state(behind(drift + 1n)), undefined, 'behind'],
    ['submitted after it was read: what was read then tells nothing of it', state(), now + 1n, 'unless-new'],
    ['submitted after it was read, by a node that was late', state(behind(drift + 1n)), now + 1n, 'behind'],
    ['how new the node is was not told', state(untold('time')), now - 3_600n, 'behind'],
    ['read long ago, and submitted before that', state(readAgo(3_600n)), now - 3_600n - drift, 'certain'],
    ['read long ago, and submitted since then', state(readAgo(3_600n)), now - drift, 'unless-new'],
  ])('%s', (_, read, at, kind) => {
    const found = deadBlockhash(read, at)
    expect(found.kind).toBe(kind)
    if (found.kind === 'behind') expect(found.reason.length).toBeGreaterThan(20)
  })
})

describe('dead for good', () => {
  it.each<readonly [title: string, state: SvmState, at: bigint | undefined, is: boolean]>([
    ['a finalized block of half a minute after the payment', state(), now - drift - unfinalized.seconds, true],
    ['a second less', state(), now - drift - unfinalized.seconds + 1n, false],
    ['no time was said', state(), undefined, false],
    ['nothing that is finalized was told', state(untold('finalized')), now - 3_600n, false],
    ['it still lives at the finalized block', recorded('valid', deadUnfinalized).state, now - 3_600n, false],
    ['whether it lives there was not told', state(finalizedAs({ blockhash: unknown('no') })), now - 3_600n, false],
    ['when that block was made was not told', state(finalizedAs({ time: unknown('no') })), now - 3_600n, false],
    ['the node is late, and so is what it has finalized', state(behind(600n)), now - 600n - drift, false],
  ])('%s', (_, read, at, is) => expect(isDeadForGood(read, at)).toBe(is))
})

describe('the last height at which it can be valid', () => {
  const alive = (...words: readonly Word[]): SvmState => recorded('valid', ...words).state
  // 150 blocks of life, and 32 that are processed before they are confirmed. A block takes 0.4 s at the least.
  const end = newest.height + 150n + 32n
  it.each<readonly [title: string, state: SvmState, height: bigint | null]>([
    ['of one that the node knows', alive(), end],
    ['of one that a late node knows: it counts its own height', alive(behind(600n)), end - 1_500n],
    ['of one that the node does not know: the cluster may be half a minute ahead', state(), end + 75n],
    ['of one that a node does not know that is 1 s late', state(behind(1n)), end - 2n + 78n],
    ['of one that a node does not know that is 600 s late', state(behind(600n)), end - 1_500n + 1_575n],
    ['a block from the future is no earlier than now', state(behind(-60n)), end + 150n + 75n],
    ['nobody told the height', alive(untold('height')), null],
    ['nobody told how new it is', state(untold('time')), null],
    ['nobody told how new it is, and it is known', alive(untold('time')), end],
    ['nobody told whether it lives', alive(untold('blockhash')), end + 75n],
  ])('%s', (_, read, height) => expect(lastHeight(read)).toBe(height))
})
