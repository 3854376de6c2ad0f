import { describe, expect, it } from 'vitest'
import { type DiagnoseOptions, diagnose } from '../../packages/core/src/evm/diagnosis/diagnose.ts'
import { readEvmPayment } from '../../packages/core/src/evm/payment/read.ts'
import { runs } from '../runs.ts'
import { type Area, type Broken, broken, type Fault, faults, type LeftOut } from './faults.ts'
import { knowingKernel } from './knowing-kernel.ts'

const areas = ['domain', 'type', 'message', 'bytes'] as const satisfies readonly Area[]

/** As far as the command line goes unless told otherwise. */
const depth = 'pairs'

/** The causes that are named as errors, a member of the message each. */
async function named({ payload }: Broken, search: DiagnoseOptions['search']): Promise<string[]> {
  const payment = readEvmPayment(payload)
  const { findings } = await diagnose(payment, { now: payment.authorization.validAfter + 30n, search: { depth, ...search } })
  const errors = findings.filter(({ severity }) => severity === 'error')
  const causes = errors.map(({ cause, field = '' }) =>
    cause === 'message-altered' ? `${cause} of ${field.replace('authorization.', '')}` : cause,
  )
  return [...new Set(causes)].sort()
}

interface Rate {
  readonly tried: number
  /** What was asked for, and what was answered in its place. */
  readonly missed: readonly string[]
  /** Causes that are not there; that the key is another's is one, too. */
  readonly untrue: readonly string[]
}

async function rateOf(payments: readonly Broken[]): Promise<Rate> {
  const missed: string[] = []
  const untrue: string[] = []
  for (const payment of payments) {
    const causes = await named(payment, { kernel: knowingKernel(payment.truth) })
    const says = `${payment.name}: ${causes.join(', ')}, not ${payment.causes.join(', ')}`
    if (payment.causes.some((cause) => !causes.includes(cause))) missed.push(says)
    // Where nothing was found, that it may be another's key is all that can be said.
    if (causes.some((cause) => !payment.causes.includes(cause) && cause !== 'signer-not-owner')) untrue.push(says)
  }
  return { tried: payments.length, missed, untrue }
}

/** Seeds that choose the payment, its token, its form and its signer; some have no byte that a fault is made of. */
const seedsOf = (place: number): readonly number[] => Array.from({ length: 8 }, (_, index) => 101 * place + 13 * index + 1)

/** The first payment that a pair can be told of; where there is none, why not. */
async function firstOf(chosen: readonly Fault[], place: number): Promise<Broken | LeftOut> {
  let last: LeftOut | undefined
  for (const seed of seedsOf(place)) {
    const made = await broken(chosen, seed)
    if (!('leftOut' in made)) return made
    last = made
  }
  return last ?? { leftOut: 'not of these bytes' }
}

const isMade = (made: Broken | LeftOut): made is Broken => !('leftOut' in made)

describe('one fault', () => {
  const turns = Array.from({ length: runs(3) }, (_, turn) => turn)

  it.each(areas)('of the %s is named, and no other, in 100 of 100', async (area) => {
    const some = faults.filter((fault) => fault.area === area)
    expect(some.length).toBeGreaterThan(8)
    const made = await Promise.all(some.flatMap((fault, place) => turns.map((turn) => firstOf([fault], 31 * place + turn))))
    const payments = made.filter(isMade)
    expect(payments).toHaveLength(turns.length * some.length)
    const rate = await rateOf(payments)
    expect(rate).toEqual({ tried: payments.length, missed: [], untrue: [] })
  })
})

describe('two faults', () => {
  /** Of two areas, pairs in which each kind of both is; all of them would take a quarter of an hour. */
  const pairsOf = (first: Area, second: Area): (readonly [Fault, Fault])[] => {
    const [ones, others] = [first, second].map((area) => faults.filter((fault) => fault.area === area)) as [Fault[], Fault[]]
    const stride = first === second ? 1 : 0
    return Array.from({ length: Math.max(ones.length, others.length) }, (_, at) => {
      const one = ones[at % ones.length] as Fault
      const other = others[(7 * at + stride + 3 * Math.floor(at / others.length)) % others.length] as Fault
      return faults.indexOf(one) < faults.indexOf(other) ? ([one, other] as const) : ([other, one] as const)
    }).filter(([one, other]) => one !== other)
  }
  const kinds = areas.flatMap((first, place) => areas.slice(place).map((second) => [first, second] as const))

  it('are named both, and nothing else, in 99 of 100', async () => {
    const pairs = kinds.flatMap(([first, second]) => pairsOf(first, second))
    // Spread over all kinds, and the same ones each time.
    const each = Math.max(1, Math.round(100 / runs(100)))
    const made = await Promise.all(pairs.flatMap((pair, place) => (place % each === 0 ? [firstOf(pair, 48 + place)] : [])))
    const payments = made.filter(isMade)
    expect(payments.length).toBeGreaterThan(100 / each)
    const { tried, missed, untrue } = await rateOf(payments)
    expect(untrue).toEqual([])
    expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(tried / 100)
  })
})
