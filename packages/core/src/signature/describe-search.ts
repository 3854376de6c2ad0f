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
  const count = `${tried.toLocaleString('en')} ${tried === 1 ? 'hypothesis was' : 'hypotheses were'} tried`
  if (ended === 'nothing-to-try') return `${count}: there was nothing more to try`
  const of = (slips: number, state: Coverage['tried']): string[] =>
    coverage.filter((each) => each.slips === slips && each.tried === state).map(({ of: areas }) => areas)
  const no = [
    ...(of(1, 'all').length === 0 ? [] : [isAll(coverage, 1) ? 'no single slip' : `no single slip in ${of(1, 'all').join(', ')}`]),
    ...(of(2, 'all').length === 0 ? [] : [isAll(coverage, 2) ? 'no pair of slips' : `no pair of ${of(2, 'all').join(', ')}`]),
  ]
  const some = [...of(1, 'some'), ...of(2, 'some'), ...(of(3, 'some').length === 0 ? [] : ['three slips'])]
  const none = [...of(1, 'none'), ...of(2, 'none'), ...(of(3, 'none').length > 0 && of(3, 'some').length === 0 ? ['three slips'] : [])]
  const rest = [
    ...(some.length === 0 ? [] : [`the likelier ones only of ${some.join(', ')}`]),
    ...(none.length === 0 ? [] : [`not tried: ${none.join(', ')}`]),
    ...(ends[ended] === '' ? [] : [ends[ended]]),
  ].join('; ')
  const explains = no.length === 0 ? 'none explains it' : `${no.join(' and ')} explains it`
  return `${count}: ${explains}${rest === '' ? '' : `; ${rest}`}`
}

/** Whether all that has so many slips was tried, long ranges left aside. */
function isAll(coverage: readonly Coverage[], slips: number): boolean {
  return coverage.filter((each) => each.slips === slips && !each.isFar).every(({ tried }) => tried === 'all')
}
