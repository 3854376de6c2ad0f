import { readFile } from 'node:fs/promises'
import { diagnose, readPayment } from '@eip3009/core'
import { ownChains } from '@eip3009/core/replay'

const payment = readPayment(await readFile(new URL('payment.json', import.meta.url)))
const { verdict, headline, replay, explanations } = await diagnose(payment, { replay: ownChains() })

console.log(verdict, '·', headline)
for (const run of replay?.runs ?? []) console.log(run.interventions.join(' ') || 'As it is:', run.outcome, run.revert ?? '')
console.log('If it failed all the same:', explanations.map(({ cause }) => cause).join(', '))
