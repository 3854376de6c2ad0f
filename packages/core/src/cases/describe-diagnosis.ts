import type { EvmDiagnosis, ReplayRun } from '../evm/diagnosis/diagnosis.ts'
import { utc } from '../text/utc.ts'

const labelWidth = 'with the fix'.length + 2

/** A diagnosis as the lines of a failed assertion: the headline, the cause, the token's words, the fix. No colours: runners have their own. */
export function describeDiagnosis(diagnosis: EvmDiagnosis): string {
  const { headline, cause, party, proof, fix, replay, findings, time, payment, evm } = diagnosis
  const [asIs, second] = replay?.runs ?? []
  const row = (label: string, text: string | null | undefined): string[] =>
    text == null || text === '' ? [] : [`  ${label.padEnd(labelWidth)}${text}`]
  const others = findings.filter((finding) => finding.cause !== cause && finding.severity !== 'info')
  const closed = evm.window.now === 'closed' && time.basis !== 'given'
  return [
    `  ${headline}`,
    '',
    ...row(
      'cause',
      cause === null ? undefined : `${cause} · fault ${party} · ${proof === 'proven' ? 'proven by replay' : 'inferred, not proven'}`,
    ),
    ...row(replay?.code.kind === 'stand-in' ? 'stand-in' : 'token says', asIs === undefined ? undefined : said(asIs)),
    ...row('token itself', asIs?.tokenSays == null ? undefined : `words it ${asIs.tokenSays}`),
    ...row('with the fix', cause !== null && second?.outcome === 'settled' ? 'it settles' : undefined),
    ...row('fix', fix),
    ...others.flatMap((finding) => row('also', `${finding.summary} (${finding.cause})`)),
    ...row(
      'judged at',
      `${utc(BigInt(time.judgedAt))}${closed ? ', inside its window, which is closed now; give { at } for another time' : ''}`,
    ),
    ...row('replayed on', replay?.chain),
    ...row('read as', payment.recognised),
    ...(cause === null ? [] : ['', `  eip3009 explain ${cause}`]),
  ].join('\n')
}

function said({ outcome, revert }: ReplayRun): string {
  return outcome === 'settled' ? 'nothing: it settles' : (revert ?? 'a revert without a reason')
}
