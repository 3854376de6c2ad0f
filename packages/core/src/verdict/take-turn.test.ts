import { expect, it } from 'vitest'
import { takeTurn } from './take-turn.ts'

it('one of those who wait goes on in each round of the event loop, in their order', async () => {
  const order: string[] = []
  const round = (): Promise<void> => new Promise((done) => setImmediate(done))
  const worker = async (name: string): Promise<void> => {
    for (let slice = 0; slice < 3; slice++) {
      await takeTurn()
      order.push(name)
    }
  }
  const watch = async (): Promise<void> => {
    for (let count = 0; count < 12; count++) {
      await round()
      order.push('-')
    }
  }
  await Promise.all([worker('a'), worker('b'), watch()])
  expect(order.filter((each) => each !== '-')).toEqual(['a', 'b', 'a', 'b', 'a', 'b'])
  // Never two of them without a round between: whoever else waits has a turn.
  expect(order.join('')).not.toMatch(/ab|ba/)
})
