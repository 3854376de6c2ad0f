/**
 * `pnpm simulate`: whoever does exactly what `retry` says, against somebody who submits every authorization at the worst moment. `--only <id>` plays one
 * scenario, `--advice naive` follows a word and a fresh nonce in place of it, `--sample <n>` plays some, `--family evm|svm` one of the two.
 */
import { parseArgs } from 'node:util'
import { Chain } from '../test/money/chain.ts'
import { type Advice, idOf, type Outcome, play } from '../test/money/operator.ts'
import { now, payer, wallet } from '../test/money/payments.ts'
import { sampleOf, scenarioOf, scenarios } from '../test/money/scenarios.ts'
import { playSvm, svmIdOf, svmScenarioOf, svmScenarios } from '../test/money/solana.ts'
import { Tally } from '../test/money/tally.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    advice: { type: 'string', default: 'both' },
    family: { type: 'string', default: 'both' },
    sample: { type: 'string' },
  },
})

const write = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

interface Job {
  readonly id: string
  readonly play: (advice: Advice) => Promise<Outcome>
}

const advices: readonly Advice[] = values.advice === 'both' ? ['ours', 'naive'] : [values.advice === 'naive' ? 'naive' : 'ours']
const tallies = new Map(advices.map((advice) => [advice, new Tally(advice)]))

async function run(jobs: readonly Job[]): Promise<void> {
  for (const advice of advices) {
    const tally = tallies.get(advice)
    const began = performance.now()
    for (const [at, job] of jobs.entries()) {
      const outcome = await job.play(advice)
      tally?.add(job.id, outcome)
      if (values.only !== undefined) write(`${job.id} (${advice})\n  ${outcome.steps.join('\n  ')}\n  ${outcome.skipped ?? outcome.ended}`)
      const done = at + 1
      if (done % 250 === 0 || done === jobs.length)
        write(`${advice}: ${done} of ${jobs.length}, ${Math.round((1000 * done) / (performance.now() - began))} a second`)
    }
  }
}

const { only, sample } = values
const chosen = only === undefined ? sampleOf(scenarios, sample === undefined ? scenarios.length : Number(sample)) : []
const evm = only?.startsWith('evm/') ? [scenarioOf(only)] : chosen

if (values.family !== 'svm' && evm.length > 0) {
  await using chain = await Chain.open(now - 9000n, [payer, wallet])
  await run(evm.map((scenario) => ({ id: idOf(scenario), play: (advice) => play(chain, scenario, advice) })))
}

const svm = only?.startsWith('svm/')
  ? [svmScenarioOf(only)]
  : only === undefined
    ? sampleOf(svmScenarios, sample === undefined ? svmScenarios.length : Number(sample))
    : []
if (values.family !== 'evm' && svm.length > 0)
  await run(svm.map((scenario) => ({ id: svmIdOf(scenario), play: (advice) => playSvm(scenario, advice) })))

for (const tally of tallies.values()) write(tally.report())
process.exitCode = (tallies.get('ours')?.violations ?? 0) > 0 ? 1 : 0
