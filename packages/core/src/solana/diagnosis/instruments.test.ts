// What became of a signed transaction, or can become of it: a row has the payment, what one RPC said, and what is told by docs/money.md. A blockhash is good
// for 150 blocks, a dead one is over for good at a finalized block from certainly after the payment, and what nobody read is unknown.
import { describe, expect, it } from 'vitest'
import {
  addressOf,
  behind,
  dead,
  deadUnfinalized,
  finalizedAs,
  historySince,
  landed,
  newest,
  now,
  readAgo,
  recorded,
  runs,
  simulatedAsIs,
  unfinalized,
  unreadable,
  untold,
  type Word,
} from '../../../../../test/solana/recorded.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding, Severity } from '../../causes/finding.ts'
import { solanaCauses } from '../../causes/solana.ts'
import { unknown } from '../../evidence/known.ts'
import { type Instrument, moneyOf } from '../../money/instrument.ts'
import { svmFinding } from '../offer/finding.ts'
import type { SvmPayment, SvmSigner } from '../transaction/payment.ts'
import { instrumentsOf } from './instruments.ts'

const error = (cause: CauseId, severity: Severity = 'error'): Finding => svmFinding({ cause, severity, field: 'x', summary: 'x' })

interface Moment {
  readonly at?: bigint
  readonly later?: bigint
  readonly findings?: readonly Finding[]
}

function instruments(
  name: string,
  words: readonly Word[],
  { at, later = 0n, findings = [] }: Moment = {},
): readonly [Instrument, ...Instrument[]] {
  const { payment, state } = recorded(name, ...words)
  return instrumentsOf(payment, findings, state, { now: now + later, at })
}

/** The last height at which a blockhash can be valid: 150 blocks, and 32 that are processed and not confirmed. */
const end = newest.height + 182n
/** Of a node that does not know the blockhash the cluster may be half a minute ahead, at 0.4 s a block. */
const unsureEnd = end + 75n

type Row = readonly [
  title: string,
  words: readonly Word[],
  moment: Moment,
  told: readonly [state: Instrument['state'], evidence: Instrument['evidence'], finality: Instrument['finality'], closes: bigint | null],
]

/** So long ago that the finalized block is certainly from after the payment. */
const longAgo = now - 3_600n

const rows: readonly Row[] = [
  // Landed.
  ['landed in a finalized block', [landed()], {}, ['spent-on-this', 'receipt', 'finalized', null]],
  ['landed in the newest finalized block', [landed({ ago: unfinalized.slots })], {}, ['spent-on-this', 'receipt', 'finalized', null]],
  ['landed one slot above what is finalized', [landed({ ago: unfinalized.slots - 1n })], {}, ['spent-on-this', 'receipt', 'latest', null]],
  ['landed, and nobody told what is finalized', [landed(), untold('finalized')], {}, ['spent-on-this', 'receipt', 'latest', null]],
  [
    'landed, whatever else is wrong with it',
    [landed()],
    { findings: [error('svm-decimals-mismatch')] },
    ['spent-on-this', 'receipt', 'finalized', null],
  ],
  ['landed, and read a day ago', [landed(), readAgo(86_400n)], { later: 86_400n }, ['spent-on-this', 'receipt', 'latest', null]],
  ['landed with an error', [landed({ error: 'x' })], {}, ['dead', 'receipt', 'finalized', null]],
  ['landed with an error, in a block that can be dropped', [landed({ error: 'x', ago: 31n })], {}, ['dead', 'receipt', 'latest', end]],
  [
    'landed with an error, dropped or not, and its blockhash is dead',
    [landed({ error: 'x', ago: 31n }), dead],
    {},
    ['dead', 'receipt', 'latest', unsureEnd],
  ],
  // Processed.
  ['processed, and not found', [simulatedAsIs('AlreadyProcessed')], {}, ['unknown', 'chain', 'latest', end]],
  [
    'processed, and could not be looked for',
    [simulatedAsIs('AlreadyProcessed'), untold('settlement'), dead],
    {},
    ['unknown', 'chain', 'latest', unsureEnd],
  ],
  ['processed, and found', [simulatedAsIs('AlreadyProcessed'), landed()], {}, ['spent-on-this', 'receipt', 'finalized', null]],
  // Alive.
  ['alive, and not landed', [], {}, ['live', 'chain', 'latest', end]],
  ['alive, and it runs', [runs], {}, ['live', 'chain', 'latest', end]],
  ['alive, by a node whose newest block is 150 s old', [behind(150n)], {}, ['live', 'chain', 'latest', end - 375n]],
  ['alive, by a node whose newest block is older than any blockhash lives', [behind(151n)], {}, ['unknown', 'chain', 'none', end - 377n]],
  ['alive, and nobody could look for it', [untold('settlement')], {}, ['unknown', 'chain', 'none', end]],
  ['alive, and the height was not told', [untold('height')], {}, ['live', 'chain', 'latest', null]],
  ['alive when it was read, 150 s ago', [], { later: 150n }, ['live', 'chain', 'latest', end]],
  ['alive when it was read, 151 s ago: it may have landed or died since', [], { later: 151n }, ['unknown', 'chain', 'none', end]],
  ['alive an hour ago', [runs], { later: 3_600n }, ['unknown', 'chain', 'none', end]],
  // Dead.
  ['dead at a finalized block from after it', [dead], { at: longAgo }, ['dead', 'chain', 'finalized', null]],
  ['dead at a finalized block of just half a minute after it', [dead], { at: now - 43n }, ['dead', 'chain', 'finalized', null]],
  ['dead, and what is finalized is a second too old to tell', [dead], { at: now - 42n }, ['dead', 'chain', 'latest', newest.height]],
  ['dead in the newest block, of half a minute after it', [dead], { at: now - 30n }, ['dead', 'chain', 'latest', newest.height]],
  ['dead, and the newest block is a second too old to tell', [dead], { at: now - 29n }, ['unknown', 'chain', 'none', unsureEnd]],
  ['dead in the newest block alone', [deadUnfinalized], { at: longAgo }, ['dead', 'chain', 'latest', newest.height]],
  ['dead, and nobody told what is finalized', [dead, untold('finalized')], { at: longAgo }, ['dead', 'chain', 'latest', newest.height]],
  [
    'dead, and whether it is in a finalized block was not told',
    [dead, finalizedAs({ blockhash: unknown('no') })],
    { at: longAgo },
    ['dead', 'chain', 'latest', newest.height],
  ],
  ['dead, and no height was told', [dead, untold('height'), untold('finalized')], { at: longAgo }, ['dead', 'chain', 'latest', null]],
  ['dead, and nobody said when it was sent', [dead], {}, ['unknown', 'chain', 'none', unsureEnd]],
  ['dead, by a node that is late', [dead, behind(600n)], {}, ['unknown', 'chain', 'none', end - 1_500n + 1_575n]],
  ['dead, by a node that is late and has seen enough', [dead, behind(600n)], { at: longAgo }, ['dead', 'chain', 'finalized', null]],
  ['dead, by a node of which nobody knows how late it is', [dead, untold('time')], { at: longAgo }, ['unknown', 'chain', 'none', null]],
  ['dead, and nobody could look for it', [dead, untold('settlement')], { at: longAgo }, ['unknown', 'chain', 'none', unsureEnd]],
  [
    'dead when it was read, a day ago, and sent before that: it stays dead',
    [dead, readAgo(86_400n)],
    { at: now - 90_000n },
    ['dead', 'chain', 'finalized', null],
  ],
  [
    'dead when it was read, a day ago, and sent since',
    [dead, readAgo(86_400n)],
    { at: now },
    ['unknown', 'chain', 'none', end - 216_000n + 75n],
  ],
  // What the search can not have seen.
  [
    'dead, and the node goes back to when it was sent',
    [dead, historySince(longAgo)],
    { at: longAgo },
    ['dead', 'chain', 'finalized', null],
  ],
  [
    'dead, and the node goes back to a second after that',
    [dead, historySince(longAgo + 1n)],
    { at: longAgo },
    ['unknown', 'chain', 'none', unsureEnd],
  ],
  ['dead, and the node has forgotten, and nobody said when', [dead, historySince(1n)], {}, ['unknown', 'chain', 'none', unsureEnd]],
  [
    'dead, and how far back the node goes was not told',
    [dead, untold('historySince')],
    { at: longAgo },
    ['unknown', 'chain', 'none', unsureEnd],
  ],
  // Nothing was told of the blockhash.
  ['nobody told whether it lives', [untold('blockhash')], { at: longAgo }, ['unknown', 'chain', 'none', unsureEnd]],
  // The token program states the decimals anew for each transfer: bytes that state others never move anything.
  ['states decimals that the mint does not have', [], { findings: [error('svm-decimals-mismatch')] }, ['dead', 'bytes', 'none', null]],
  [
    'may state other decimals, which is only a warning',
    [],
    { findings: [error('svm-decimals-mismatch', 'warning')] },
    ['live', 'chain', 'latest', end],
  ],
]

describe('a payment that was signed', () => {
  it.each(rows)('%s', (_, words, moment, [state, evidence, finality, closes]) => {
    const [own, ...others] = instruments('valid', words, moment)
    expect(others).toEqual([])
    expect({ form: own.form, state: own.state, evidence: own.evidence, finality: own.finality }).toEqual({
      form: 'as-sent',
      state,
      evidence,
      finality,
    })
    expect(own.blocks).toEqual(closes === null ? null : { opens: null, closes: String(closes) })
    // Solana has neither a window of seconds nor a nonce that a second signature could share.
    expect(own).toMatchObject({ opens: null, closes: null, at: null, nonce: null, depth: null })
    expect(own.pays).toEqual({ to: addressOf('destination', recorded('valid').payment), value: '10000' })
  })

  it('moves money or can, in the order of what decides', () => {
    const money = (words: readonly Word[], moment?: Moment): string => moneyOf(instruments('valid', words, moment)).state
    expect(money([landed()])).toBe('moved')
    expect(money([])).toBe('can-move')
    expect(money([landed({ error: 'x' })])).toBe('not-moved')
    expect(money([dead], { at: longAgo })).toBe('not-moved')
    expect(money([dead])).toBe('unknown')
    expect(money([], { later: 151n })).toBe('unknown')
  })
})

describe('a payment of nothing', () => {
  it('that landed has moved nothing', () => {
    const [own] = instruments('amount-zero', [landed()])
    expect(own).toMatchObject({ state: 'spent-on-another', evidence: 'receipt', finality: 'finalized' })
    expect(moneyOf([own]).state).toBe('not-moved')
    expect(instruments('amount-zero', [landed({ error: 'x' })])[0].state).toBe('dead')
    expect(instruments('amount-zero', [])[0].state).toBe('live')
  })
})

describe('a durable nonce', () => {
  it.each<readonly [title: string, words: readonly Word[], moment: Moment, state: Instrument['state'], finality: Instrument['finality']]>([
    ['has no end', [], {}, 'live', 'latest'],
    ['that is gone is dead in the newest block', [deadUnfinalized], { at: longAgo }, 'dead', 'latest'],
    [
      'of which only the newest block tells is not dead for good',
      [dead, finalizedAs({ blockhash: unknown('a durable nonce is no blockhash') })],
      { at: longAgo },
      'dead',
      'latest',
    ],
  ])('%s', (_, words, moment, state, finality) => {
    const [own] = instruments('durable-nonce', words, moment)
    expect(own).toMatchObject({ state, finality, blocks: null })
  })

  it('is told apart from a blockhash', () => {
    expect(instruments('durable-nonce', [])[0].says).not.toBe(instruments('valid', [])[0].says)
    expect(instruments('durable-nonce', [deadUnfinalized], { at: longAgo })[0].says).not.toContain('blockhash')
  })
})

describe('without a chain', () => {
  const offline = (name: string, findings: readonly Finding[] = []): readonly [Instrument, ...Instrument[]] =>
    instrumentsOf(recorded(name).payment, findings, undefined, { now, at: undefined })
  it.each<
    readonly [
      name: string,
      told: readonly (readonly [Instrument['form'], Instrument['state'], Instrument['usableBy'], Instrument['evidence']])[],
    ]
  >([
    ['valid', [['as-sent', 'unknown', 'key-holders', 'bytes']]],
    ['fee-payer-signed-before', [['as-sent', 'unknown', 'anybody', 'bytes']]],
    ['durable-nonce', [['as-sent', 'unknown', 'key-holders', 'bytes']]],
    ['svm-signature-missing', [['as-sent', 'dead', 'nobody', 'bytes']]],
    [
      'svm-signature-invalid',
      [
        ['as-signed', 'unknown', 'key-holders', 'nothing'],
        ['as-sent', 'dead', 'nobody', 'bytes'],
      ],
    ],
    [
      'amount-tampered',
      [
        ['as-signed', 'unknown', 'key-holders', 'nothing'],
        ['as-sent', 'dead', 'nobody', 'bytes'],
      ],
    ],
    // Its own tokens, which its signature at settlement moves.
    ['svm-fee-payer-transfers', [['as-sent', 'unknown', 'key-holders', 'bytes']]],
    ['svm-instruction-layout', [['as-sent', 'unknown', 'key-holders', 'bytes']]],
    ['two-transfers', [['as-sent', 'unknown', 'key-holders', 'bytes']]],
    ['svm-lookup-table-unresolved', [['as-sent', 'unknown', 'key-holders', 'bytes']]],
  ])('%s', (name, told) => {
    const own = offline(name)
    expect(own.map(({ form, state, usableBy, evidence }) => [form, state, usableBy, evidence])).toEqual(told)
    for (const { blocks, finality } of own) expect({ blocks, finality }).toEqual({ blocks: null, finality: 'none' })
  })

  it('bytes that nobody can read tell nothing, with a chain or without one', () => {
    const { payment, state } = unreadable()
    for (const read of [undefined, state])
      expect(instrumentsOf(payment, [], read, { now, at: undefined })).toMatchObject([
        { form: 'as-sent', state: 'unknown', usableBy: 'anybody', evidence: 'nothing', pays: null },
      ])
  })

  it('decimals that the mint does not have are the end, also without a chain', () => {
    expect(offline('valid', [error('svm-decimals-mismatch')])).toMatchObject([{ state: 'dead', evidence: 'bytes' }])
  })
})

describe('what a chain has goes before the bytes', () => {
  it.each(['svm-signature-missing', 'svm-signature-invalid'] as const)('%s', (name) => {
    expect(instruments(name, [landed()])).toMatchObject([{ state: 'spent-on-this' }])
    expect(instruments(name, [landed({ error: 'x' })])).toMatchObject([{ state: 'dead', evidence: 'receipt' }])
    expect(instruments(name, [simulatedAsIs('AlreadyProcessed')])).toMatchObject([{ state: 'unknown', evidence: 'chain' }])
  })

  it('a blockhash that is dead says nothing of what was signed instead', () => {
    expect(instruments('svm-signature-invalid', [dead], { at: longAgo })).toMatchObject([
      { form: 'as-signed', state: 'unknown', blocks: { closes: String(unsureEnd) } },
      { form: 'as-sent', state: 'dead' },
    ])
  })

  it('bytes that nobody can read may be those that landed', () => {
    const { payment, state } = unreadable(landed())
    expect(instrumentsOf(payment, [], state, { now, at: undefined })).toMatchObject([{ state: 'spent-on-this', pays: null }])
  })
})

describe('who can use it', () => {
  const signedBy = (...states: readonly SvmSigner['state'][]): SvmPayment => {
    const { payment } = recorded('valid')
    const signers = payment.transaction.signers.map((signer, index) => ({ ...signer, state: states[index] ?? 'valid' }))
    return { ...payment, transaction: { ...payment.transaction, signers } }
  }
  it.each<
    readonly [
      title: string,
      payment: SvmPayment,
      told: readonly (readonly [Instrument['form'], Instrument['state'], Instrument['usableBy']])[],
      needs: readonly string[],
    ]
  >([
    ['everybody has signed: anybody', signedBy('valid', 'valid'), [['as-sent', 'live', 'anybody']], []],
    ['the fee payer has not', signedBy('missing', 'valid'), [['as-sent', 'live', 'key-holders']], ['signatures']],
    // The fee payer can write a good one over a spoiled one of its own.
    ["the fee payer's is spoiled", signedBy('invalid', 'valid'), [['as-sent', 'live', 'key-holders']], ['signatures']],
    ['the payer has not', signedBy('valid', 'missing'), [['as-sent', 'dead', 'nobody']], []],
    [
      "the payer's is spoiled",
      signedBy('valid', 'invalid'),
      [
        ['as-signed', 'unknown', 'key-holders'],
        ['as-sent', 'dead', 'nobody'],
      ],
      [],
    ],
    ['nobody has', signedBy('missing', 'missing'), [['as-sent', 'dead', 'nobody']], []],
  ])('%s', (_, payment, told, needs) => {
    const { state } = recorded('valid')
    const own = instrumentsOf(payment, [], state, { now, at: undefined })
    expect(own.map(({ form, state: each, usableBy }) => [form, each, usableBy])).toEqual(told)
    expect(own[0].needs).toEqual(needs)
  })

  it('a multisig signs by its members: who has signed is not told', () => {
    const { payment, state } = recorded('valid')
    const instructions = payment.transaction.instructions.map((each) =>
      each.meaning.kind === 'transfer-checked' ? { ...each, accounts: [...each.accounts, addressOf('payTo', payment)] } : each,
    )
    const signers = payment.transaction.signers.map((signer) => ({ ...signer, state: 'missing' as const }))
    const of = { ...payment, transaction: { ...payment.transaction, instructions, signers } }
    expect(instrumentsOf(of, [], state, { now, at: undefined })).toMatchObject([{ state: 'live', usableBy: 'key-holders' }])
  })

  it('a plain Transfer is by its third account', () => {
    const { payment, state } = recorded('svm-instruction-layout')
    const signers = payment.transaction.signers.map((signer) => ({ ...signer, state: 'missing' as const }))
    const of = { ...payment, transaction: { ...payment.transaction, signers } }
    expect(instrumentsOf(of, [], state, { now, at: undefined })).toMatchObject([{ state: 'dead', evidence: 'bytes', pays: null }])
    expect(instrumentsOf(payment, [], state, { now, at: undefined })).toMatchObject([{ state: 'live', pays: null }])
  })
})

/** What can be taken away, by the causes' own titles: only whoever refuses it by policy, or who is paid, is not in the way of the money. */
const inTheWay: readonly (readonly [CauseId, readonly string[]])[] = [
  ['svm-source-account-missing', ['funds', 'signatures']],
  ['svm-insufficient-funds', ['funds', 'signatures']],
  ['svm-fee-payer-funds', ['funds', 'signatures']],
  ['svm-destination-account-missing', ['deployment', 'signatures']],
  ['svm-account-frozen', ['list', 'signatures']],
  ['svm-authority-mismatch', ['delegation', 'signatures']],
  ['svm-token-extension', ['token', 'signatures']],
  ['svm-amount-mismatch', ['signatures']],
  ['svm-compute-price', ['signatures']],
  ['accepted-mismatch', ['signatures']],
]

describe('what is in the way', () => {
  it.each(inTheWay)('%s', (cause, needs) => {
    expect(instruments('valid', [], { findings: [error(cause)] })[0].needs).toEqual(needs)
    expect(instruments('valid', [], { findings: [error(cause, 'warning')] })[0].needs).toEqual(['signatures'])
  })

  it('is told once, in the order of the findings', () => {
    const findings = [error('svm-account-frozen'), error('svm-insufficient-funds'), error('svm-fee-payer-funds')]
    expect(instruments('valid', [], { findings })[0].needs).toEqual(['list', 'funds', 'signatures'])
  })

  it('never ends it: of every cause a payment that can still land is live', () => {
    const causes = Object.keys(solanaCauses) as (keyof typeof solanaCauses)[]
    expect(causes.length).toBeGreaterThan(25)
    for (const cause of causes)
      expect([cause, instruments('valid', [], { findings: [error(cause)] })[0].state]).toEqual([
        cause,
        cause === 'svm-decimals-mismatch' ? 'dead' : 'live',
      ])
  })

  it('is nothing once it is dead', () => {
    expect(instruments('valid', [dead], { at: longAgo, findings: [error('svm-insufficient-funds')] })[0]).toMatchObject({
      needs: [],
      usableBy: 'nobody',
    })
  })
})
