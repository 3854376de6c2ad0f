import { expect, it } from 'vitest'
import { now, recorded, unreachable, wrongCluster } from '../../../../../test/solana/recorded.ts'
import { known } from '../../evidence/known.ts'
import type { SvmAnswer, SvmQuestion, SvmReader } from '../state/state.ts'
import { askClusters } from './ask-clusters.ts'

const { payment, state } = recorded('valid')

/** A reader that was made by somebody else, who may give anything. */
const reader = (source: string, read: (question: SvmQuestion) => unknown): SvmReader => ({
  source,
  read: async (question) => read(question) as SvmAnswer,
})

it('each is asked the same, and answers in its place', async () => {
  const questions: SvmQuestion[] = []
  const asked = (answer: SvmAnswer): SvmReader =>
    reader(answer.source, (question) => {
      questions.push(question)
      return answer
    })
  const answers = [unreachable(), state, wrongCluster(known('alive'))]
  expect(await askClusters(payment, answers.map(asked), { now, at: now - 5n })).toEqual(answers)
  expect(questions).toEqual(answers.map(() => ({ payment, network: payment.network, now, at: now - 5n })))
  expect(await askClusters(payment, [], { now })).toEqual([])
})

it('without a network nobody is asked', async () => {
  const { network: _, ...without } = payment
  const never = reader('a', () => {
    throw new TypeError('asked')
  })
  expect(await askClusters({ ...without }, [never, never], { now })).toMatchObject([
    { kind: 'unreachable', source: 'a' },
    { kind: 'unreachable', source: 'a' },
  ])
})

it.each<readonly [title: string, read: () => unknown]>([
  ['throws', () => Promise.reject(new Error('gone'))],
  ['throws what is no error', () => Promise.reject('gone')],
  ['gives nothing', () => undefined],
  ['gives an answer of a kind that there is not', () => ({ kind: 'guess' })],
  ['gives a state without accounts', () => ({ kind: 'read' })],
  ['gives text', () => 'hello'],
])('a reader that %s says as much as no answer, and the others are heard', async (_, read) => {
  const answers = await askClusters(payment, [reader('a', read), reader('b', () => state)], { now })
  expect(answers).toEqual([{ kind: 'unreachable', source: 'a', reason: expect.any(String) }, state])
})
