// What the profiles predict, held against what the implementations answered when they were run: the first table of docs/svm-facilitators.md is written from
// those runs (`test/peers/x402-svm.test.ts`), so that a profile can be held to them without running anything.
import { readFileSync } from 'node:fs'
import { type SvmVariant, variants } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import type { CauseId } from '../../packages/core/src/causes/catalogue.ts'
import type { Finding } from '../../packages/core/src/causes/finding.ts'
import { solanaCauses } from '../../packages/core/src/causes/solana.ts'
import { facilitatorAnswers, facilitatorReport, svmRefusals } from '../../packages/core/src/facilitators/solana/facilitator-answers.ts'
import { gather, sift } from '../../packages/core/src/solana/diagnosis/examine.ts'
import { svmFinding } from '../../packages/core/src/solana/offer/finding.ts'
import type { SvmPayment } from '../../packages/core/src/solana/transaction/payment.ts'
import { readSvmPayment } from '../../packages/core/src/solana/transaction/read.ts'
import { recorded, recordedOn } from './recorded.ts'

const page = readFileSync(new URL('../../docs/svm-facilitators.md', import.meta.url), 'utf8')
const ran = ['x402-svm-2.27', 'x402-svm-2.27-v1', 'x402-svm-2.10'] as const

/** A cell of the page: `accepts`, a code, `throws`; undefined where it could not be run. */
function codeIn(cell: string): string | undefined {
  if (cell.startsWith('needs')) return undefined
  return cell.replaceAll('`', '').replace(/^P_/, 'invalid_exact_svm_payload_').split(':')[0]
}

interface Row {
  readonly variant: SvmVariant
  /** What each answered that could be run, by its profile. */
  readonly codes: Readonly<Record<string, string>>
}

const fixtures = new Map(variants('solana').map((variant) => [variant.name, variant]))
const [table = ''] = page.slice(page.indexOf('| fixture | what is wrong |')).split('\n\n')
const rows: readonly Row[] = table.split('\n').flatMap((line) => {
  const cells = line.split('|').map((cell) => cell.trim())
  const variant = fixtures.get(cells[1] ?? '')
  if (variant === undefined) return []
  const codes = ran.flatMap((profile, index) => {
    const code = codeIn(cells[5 + index] ?? '')
    return code === undefined ? [] : [[profile, code] as const]
  })
  return codes.length === 0 ? [] : [{ variant, codes: Object.fromEntries(codes) }]
})

function predicted({ input, chain }: SvmVariant): Readonly<Record<string, string>> {
  const { payment, evidence } = gather(readSvmPayment(input), { now: 0n, answers: [] })
  const findings = sift(payment, evidence, [])
  const fails = chain.outcome === 'fails' && chain.error !== 'SignatureFailure'
  const runs = chain.outcome === 'unknown' || chain.outcome === 'unsigned' ? 'unknown' : fails ? 'fails' : 'succeeds'
  // The scheme for version 1 got the same payments as bodies of that.
  const answers = ([2, 1] as const).flatMap((x402Version) => facilitatorAnswers({ ...payment, x402Version }, findings, { runs }))
  return Object.fromEntries(answers.map(({ profile, verify, code }) => [profile, verify === 'accepts' ? 'accepts' : (code ?? 'throws')]))
}

describe('what was run', () => {
  it('is nearly all of the fixtures, with each of the implementations', () => {
    expect(rows.length).toBeGreaterThan(65)
    for (const profile of ran) expect(rows.filter(({ codes }) => profile in codes).length).toBeGreaterThan(60)
  })

  it.each(rows.map((row) => [row.variant.name, row] as const))('%s', (_, { variant, codes }) => {
    expect(predicted(variant)).toMatchObject(codes)
  })
})

describe('who answers', () => {
  const ids = (payment: SvmPayment): readonly string[] => facilitatorAnswers(payment, []).map(({ profile }) => profile)
  const { payment } = recorded('valid')
  it('is whoever is of this network and version', () => {
    expect(ids(payment)).toContain('x402-rs-fork-mainnet')
    expect(ids(payment)).not.toContain('x402-rs-fork-devnet')
    expect(ids(recordedOn('solana-devnet', 'valid').payment)).toContain('x402-rs-fork-devnet')
    const { network: _, ...homeless } = payment
    expect(ids(homeless)).toEqual(ids(payment))
    expect(ids({ ...payment, x402Version: 2 })).not.toContain('x402-1.2')
    expect(ids({ ...payment, x402Version: 1 })).toContain('x402-1.2')
    expect(ids({ ...payment, x402Version: 1 })).not.toContain('x402-svm-2.27')
    const { x402Version: __, ...unversioned } = payment
    expect(ids(unversioned)).toEqual(expect.arrayContaining(['x402-1.2', 'x402-svm-2.27', 'x402-svm-2.27-v1']))
  })
})

describe('what passes, and is not signed', () => {
  // Read in the sources of x402-rs and its fork: the simulation of neither looks at signatures, and the node does when it is sent.
  const settle = (...states: readonly ('valid' | 'invalid' | 'missing')[]): Readonly<Record<string, string | null>> => {
    const { payment } = recorded('valid')
    const signers = states.map((state, index) => ({ key: payment.transaction.signers[index]?.key ?? '', state }))
    const answers = facilitatorAnswers({ ...payment, transaction: { ...payment.transaction, signers } }, [], { runs: 'succeeds' })
    return Object.fromEntries(answers.filter(({ verify }) => verify === 'accepts').map((answer) => [answer.profile, answer.settle]))
  }
  it('is found out at settlement, if anybody takes it', () => {
    expect(settle('missing', 'missing')).toEqual({ 'x402-rs-2.0': 'unexpected_error', 'x402-rs-fork-mainnet': 'unexpected_settle_error' })
    expect(settle('missing', 'invalid')).toEqual({ 'x402-rs-2.0': 'unexpected_error', 'x402-rs-fork-mainnet': 'contract_call_failed' })
    expect(Object.values(settle('missing', 'valid')).every((code) => code === null)).toBe(true)
    // What is missing is met before what is spoiled.
    expect(settle('valid', 'invalid', 'missing')['x402-rs-fork-mainnet']).toBe('unexpected_settle_error')
  })

  it('is refused with what it is refused for', () => {
    const { payment } = recorded('valid')
    const signers = payment.transaction.signers.map((signer) => ({ ...signer, state: 'missing' as const }))
    const of = { ...payment, requirements: { ...payment.requirements, amount: 1n }, transaction: { ...payment.transaction, signers } }
    for (const { verify, settle: later } of facilitatorAnswers(of, [], { runs: 'succeeds' }))
      if (verify === 'refuses') expect(later).toBeNull()
  })
})

describe('for a cause', () => {
  const { payment } = recorded('valid')
  const finding = (cause: CauseId, severity: Finding['severity'] = 'error'): Finding =>
    svmFinding({ cause, severity, field: 'x', summary: 'x', ...(cause.endsWith('account-missing') ? { variant: 'absent' as const } : {}) })

  it('that makes any run fail, everybody who runs it refuses it', () => {
    const failing = [
      'svm-insufficient-funds',
      'svm-account-frozen',
      'svm-authority-mismatch',
      'svm-blockhash-expired',
      'svm-already-processed',
      'svm-fee-payer-funds',
      'svm-decimals-mismatch',
      'svm-mint-invalid',
      'svm-token-extension',
    ] as const
    for (const cause of failing) {
      const [refusal] = svmRefusals(payment, [finding(cause)], { runs: 'fails' })
      const everybody = facilitatorAnswers(payment, []).map(({ profile }) => profile)
      expect([cause, refusal?.refusedBy.map(({ profile }) => profile), refusal?.acceptedBy]).toEqual([cause, everybody, []])
    }
  })

  it('that the programs take, nobody refuses it who does not look', () => {
    const [refusal] = svmRefusals(payment, [finding('svm-destination-owner-changed')], { runs: 'succeeds' })
    expect(refusal?.refusedBy).toEqual([])
    expect(refusal?.acceptedBy.length).toBeGreaterThan(5)
  })

  it('is told of each of Solana, and of those of both families that a facilitator sees', () => {
    const causes = Object.keys(solanaCauses) as (keyof typeof solanaCauses)[]
    const report = facilitatorReport(payment, [
      ...causes.map((cause) => finding(cause)),
      finding('network-mismatch'),
      finding('rpc-fault', 'info'),
    ])
    expect(report.refusals.map(({ cause }) => cause)).toEqual([...causes, 'network-mismatch'])
    // Whose networks differ is refused by all that look at them.
    expect(report.refusals.at(-1)?.refusedBy.length).toBeGreaterThan(5)
  })
})
