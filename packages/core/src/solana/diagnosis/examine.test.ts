import { describe, expect, it } from 'vitest'
import { behind, now, recorded, unreachable, untold, type Word, wrongCluster } from '../../../../../test/solana/recorded.ts'
import { type CauseId, catalogue, causeIds } from '../../causes/catalogue.ts'
import type { Finding, Severity } from '../../causes/finding.ts'
import { known } from '../../evidence/known.ts'
import { svmFinding } from '../offer/finding.ts'
import type { SvmAnswer } from '../state/state.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { checksOf, gather, sift, skippedOf } from './examine.ts'

const { payment } = recorded('valid')
const rpc = (...words: readonly Word[]): SvmAnswer => recorded('valid', ...words).state

describe('what an RPC that is not believed tells', () => {
  const told = (answer: SvmAnswer, of: SvmPayment = payment): readonly Finding[] =>
    sift(of, gather(of, { now, answers: [answer] }).evidence, [])
  const lines = (findings: readonly Finding[]): readonly string[] =>
    findings.map(
      ({ severity, cause, field, evidence }) => `${severity} ${cause} ${field} ${evidence.map(({ source }) => source).join(' ')}`,
    )

  it.each<readonly [title: string, answer: SvmAnswer, told: readonly string[]]>([
    ['that it could not be read', unreachable(), ['warning rpc-fault rpc chain']],
    ['that it is of another cluster', wrongCluster(known('dead')), ['warning rpc-wrong-chain rpc chain']],
    [
      'that the blockhash is of that one',
      wrongCluster(known('alive')),
      ['error svm-wrong-cluster transaction.blockhash chain', 'warning rpc-wrong-chain rpc chain'],
    ],
    ['that it is late', rpc(behind(31n)), ['warning rpc-lagging rpc chain']],
    ['that nobody knows how late it is', rpc(untold('time'), untold('finalized')), ['warning rpc-fault rpc chain']],
    ['nothing, where it is believed', rpc(), []],
  ])('%s', (_, answer, expected) => expect(lines(told(answer))).toEqual(expected))

  it('which cluster it is of by its name, or by its genesis hash where nobody knows that', () => {
    const [devnet] = told(wrongCluster(known('dead')))
    expect(devnet).toMatchObject({
      seen: 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG',
      expected: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
    })
    expect(devnet?.summary).toContain('solana-devnet')
    const strange = { ...wrongCluster(known('dead')), genesisHash: '4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY' } as SvmAnswer
    expect(told(strange)[0]?.summary).toContain('4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY')
    expect(told(strange)[0]?.summary).not.toContain('devnet')
  })

  it('nothing of a blockhash that nobody can read', () => {
    expect(lines(told(wrongCluster(known('alive')), { ...payment, transaction: null }))).toEqual(['warning rpc-wrong-chain rpc chain'])
  })
})

describe('what the payload and the chain both say', () => {
  const finding = (cause: CauseId, severity: Severity, field: string, source: 'payload' | 'chain'): Finding =>
    svmFinding({ cause, severity, field, source, summary: source })
  const merged = (own: readonly Finding[], read: readonly Finding[]): readonly string[] =>
    sift({ ...payment, findings: own }, gather(payment, { now, answers: [] }).evidence, read).map(
      ({ cause, severity, field, proof, evidence }) =>
        [severity, cause, field, evidence.map(({ source }) => source).join('+'), proof].filter((word) => word !== undefined).join(' '),
    )
  const cause = 'svm-insufficient-funds'
  const [once = cause] = causeIds.filter((id) => 'once' in catalogue[id])

  it.each<readonly [title: string, own: readonly Finding[], read: readonly Finding[], told: readonly string[]]>([
    [
      'both, as errors',
      [finding(cause, 'error', 'a', 'payload')],
      [finding(cause, 'error', 'a', 'chain')],
      [`error ${cause} a payload+chain proven`],
    ],
    [
      'one as a warning',
      [finding(cause, 'warning', 'a', 'payload')],
      [finding(cause, 'error', 'a', 'chain')],
      [`error ${cause} a payload+chain`],
    ],
    [
      'the other as a warning',
      [finding(cause, 'error', 'a', 'payload')],
      [finding(cause, 'warning', 'a', 'chain')],
      [`error ${cause} a payload+chain`],
    ],
    [
      'of two fields',
      [finding(cause, 'error', 'a', 'payload')],
      [finding(cause, 'error', 'b', 'chain')],
      [`error ${cause} a payload`, `error ${cause} b chain`],
    ],
    [
      'the chain twice',
      [],
      [finding(cause, 'error', 'a', 'chain'), finding(cause, 'error', 'a', 'chain')],
      [`error ${cause} a chain+chain`],
    ],
    [
      'once, whichever field shows it',
      [finding(once, 'error', 'a', 'payload')],
      [finding(once, 'error', 'b', 'chain')],
      [`error ${once} a payload+chain proven`],
    ],
    [
      'the wrong program, by what it makes of the accounts',
      [finding('svm-recipient-mismatch', 'error', 'transfer.tokenProgram', 'payload')],
      [finding('svm-token-program-mismatch', 'error', 'transfer.tokenProgram', 'chain')],
      ['error svm-recipient-mismatch transfer.tokenProgram payload+chain proven'],
    ],
    [
      'the wrong program, and something else',
      [finding('svm-recipient-mismatch', 'error', 'transfer.destination', 'payload')],
      [finding('svm-token-program-mismatch', 'error', 'transfer.tokenProgram', 'chain')],
      ['error svm-token-program-mismatch transfer.tokenProgram chain', 'error svm-recipient-mismatch transfer.destination payload'],
    ],
    [
      'that it landed, and that it may have',
      [finding('svm-already-processed', 'warning', 'a', 'payload'), finding(cause, 'warning', 'a', 'payload')],
      [finding('svm-already-processed', 'error', 'b', 'chain')],
      ['error svm-already-processed b chain', `warning ${cause} a payload`],
    ],
    [
      'that it may have landed, alone',
      [finding('svm-already-processed', 'warning', 'a', 'payload')],
      [finding(cause, 'error', 'b', 'chain')],
      [`error ${cause} b chain`, 'warning svm-already-processed a payload'],
    ],
  ])('%s', (_, own, read, expected) => expect(merged(own, read)).toEqual(expected))
})

describe('what was not made', () => {
  const skipped = (of: SvmPayment, ...answers: readonly SvmAnswer[]): readonly string[] => {
    const { payment: read, evidence } = gather(of, { now, answers })
    return skippedOf(read, evidence, []).skipped.map(({ id, code }) => `${id} ${code}`)
  }
  const chain = (code: string): readonly string[] => ['accounts', 'blockhash', 'settlement'].map((id) => `${id} ${code}`)
  const { requirements: _offer, ...unoffered } = payment
  const { network: _network, ...homeless } = payment

  it.each<readonly [title: string, told: readonly string[], expected: readonly string[]]>([
    ['nothing', skipped(payment, rpc()), []],
    ['without a chain', skipped(payment), chain('no-chain')],
    ['without a network', skipped({ ...homeless }, rpc()), chain('no-network')],
    ['without an offer', skipped({ ...unoffered }, rpc()), ['offer no-offer']],
    ['without a transaction', skipped({ ...payment, transaction: null }, rpc()), ['transaction undecodable']],
    ['by an RPC that is late', skipped(payment, rpc(behind(31n))), chain('past')],
    ['by an RPC that was not read', skipped(payment, unreachable()), chain('chain-unread')],
    ['by an RPC of another cluster', skipped(payment, wrongCluster(known('alive'))), chain('chain-unread')],
  ])('%s', (_, made, expected) => expect(made).toEqual(expected))

  it('has the reason of who could not be read', () => {
    const why = (answer: SvmAnswer): string | undefined =>
      skippedOf(payment, gather(payment, { now, answers: [answer] }).evidence, []).skipped[0]?.reason
    expect(why(unreachable('it hung up'))).toContain('it hung up')
    expect(why(wrongCluster(known('alive')))).not.toContain('undefined')
  })

  it('is every check where there is no network or nobody is believed', () => {
    const evidence = gather(payment, { now, answers: [rpc()] }).evidence
    expect(checksOf(payment, evidence).length).toBeGreaterThan(5)
    expect(checksOf({ ...homeless }, evidence)).toEqual([])
    expect(checksOf(payment, gather(payment, { now, answers: [] }).evidence)).toEqual([])
  })
})
