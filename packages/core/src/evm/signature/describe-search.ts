import { thousands } from '../../text/amount.ts'
import type { Ended, SignatureEvidence } from './forensics.ts'
import type { Coverage } from './plan.ts'

const ends = {
  found: '',
  exhausted: '',
  depth: '',
  'max-hypotheses': 'the limit on their number ended the search',
  timeout: 'the time was up',
  aborted: 'the search was stopped',
  'nothing-to-try': '',
} as const satisfies Record<Ended, string>

/** What was tried in vain and what was not, in one clause, told from the stages that were worked off. */
export function describeSearch({ tried, coverage, ended }: Pick<SignatureEvidence, 'tried' | 'coverage' | 'ended'>): string {
  const count = `${thousands(tried)} ${tried === 1 ? 'hypothesis was' : 'hypotheses were'} tried`
  if (ended === 'nothing-to-try') return `${count}: there was nothing more to try`
  const of = (slips: number, state: Coverage['tried']): string[] =>
    coverage.filter((each) => each.slips === slips && each.tried === state).map(({ of: areas }) => areas)
  const singles = of(1, 'all')
  const [whole, likelier, untried] = [of(2, 'all'), of(2, 'some'), of(2, 'none')]
  const no = [
    ...(singles.length === 0 ? [] : [isAll(coverage, 1) ? 'no single slip' : `no single slip in ${singles.join(', ')}`]),
    ...(whole.length > 0 && likelier.length + untried.length === 0
      ? ['no pair of slips']
      : whole.length + likelier.length > 0
        ? ['none of the likelier pairs']
        : []),
  ]
  const rest = [
    ...(whole.length > 0 && likelier.length + untried.length > 0 ? [`of ${whole.join(', ')} all pairs were tried`] : []),
    ...(of(1, 'some').length > 0 ? [`of ${of(1, 'some').join(', ')} the likelier slips only`] : []),
    ...(of(3, 'some').length > 0 ? ['of three slips the likelier ones'] : []),
    ...notTried(
      of(1, 'none'),
      untried.length > 0 && whole.length + likelier.length === 0,
      of(3, 'none').length > 0 && of(3, 'some').length === 0,
    ),
    ...(ends[ended] === '' ? [] : [ends[ended]]),
  ].join('; ')
  const explains = no.length === 0 ? 'none explains it' : `${no.join(' and ')} explains it`
  return `${count}: ${explains}${rest === '' ? '' : `; ${rest}`}`
}

function notTried(singles: readonly string[], pairs: boolean, three: boolean): string[] {
  const all = [...singles, ...(pairs ? ['pairs of slips'] : []), ...(three ? ['three slips'] : [])]
  return all.length === 0 ? [] : [`not tried: ${all.join(', ')}`]
}

/** Whether all that has so many slips was tried, long ranges left aside. */
function isAll(coverage: readonly Coverage[], slips: number): boolean {
  return coverage.filter((each) => each.slips === slips && !each.isFar).every(({ tried }) => tried === 'all')
}
