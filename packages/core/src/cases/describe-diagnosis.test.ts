import { expect, it } from 'vitest'
import type { EvmDiagnosis } from '../evm/diagnosis/diagnosis.ts'
import { describeDiagnosis } from './describe-diagnosis.ts'

it('has a space between what a line is about and what it says', () => {
  const diagnosis = {
    headline: 'It fails.',
    cause: 'domain-name-mismatch',
    party: 'client',
    proof: 'proven',
    fix: 'sign it anew',
    replay: {
      chain: 'embedded base',
      code: { kind: 'artifact', family: 'FiatTokenV2_2' },
      runs: [
        { outcome: 'reverted', revert: 'FiatTokenV2: invalid signature' },
        { outcome: 'settled', revert: null },
      ],
    },
    findings: [{ cause: 'expired', severity: 'warning', summary: 'It is late.' }],
    time: { basis: 'now', judgedAt: '1790000000' },
    evm: { window: { now: 'closed' } },
    payment: { recognised: 'a payment' },
  } as unknown as EvmDiagnosis
  const labels = ['cause', 'token says', 'with the fix', 'fix', 'also', 'judged at', 'replayed on', 'read as']
  const rows = describeDiagnosis(diagnosis).split('\n').slice(2, 10)
  expect(rows.map((row) => /^ {2}(\S+(?: \S+)*) {2,}\S/.exec(row)?.[1])).toEqual(labels)
})
