// How a transaction is built, by the scheme's specification and the limits that facilitators' sources and operators state.
import { describe, expect, it } from 'vitest'
import {
  advanceNonce,
  creation,
  guard,
  limit,
  memo,
  other,
  plainTransfer,
  price,
  type Readable,
  transfer,
  withInstructions,
  withOffer,
  withoutOffer,
} from '../../../../../test/solana/built.ts'
import { addressOf, recorded, recordedOn, stranger } from '../../../../../test/solana/recorded.ts'
import type { SvmInstruction } from '../transaction/payment.ts'
import { associatedTokenAccount } from '../transaction/token-account.ts'
import { layoutFindings } from './layout.ts'

const told = (payment: Readable): readonly string[] =>
  layoutFindings(payment, payment.transaction).map(
    ({ severity, cause, field }) => `${severity === 'error' ? '' : `${severity} `}${cause} ${field}`,
  )
const of = (...instructions: readonly SvmInstruction[]): readonly string[] => told(withInstructions(instructions))
const times = (count: number, instruction: SvmInstruction): readonly SvmInstruction[] => Array.from({ length: count }, () => instruction)

const note = memo('a memo')
const usual = [limit(), price(), transfer()] as const

describe('the instructions', () => {
  it.each<readonly [title: string, instructions: readonly SvmInstruction[], told: readonly string[]]>([
    ['limit, price, transfer', [...usual], []],
    ['and a memo', [...usual, note], []],
    ['and three', [...usual, note, note, note], []],
    ['and four, which newer ones take', [...usual, ...times(4, note)], ['warning svm-instruction-layout instructions']],
    ['and five, which only one takes', [...usual, ...times(5, note)], ['svm-instruction-layout instructions']],
    ['no limit', [price(), transfer()], ['svm-compute-limit instructions[0]']],
    ['no price', [limit(), transfer()], ['svm-compute-price instructions[1]']],
    ['neither', [transfer()], ['svm-compute-limit instructions[0]', 'svm-compute-price instructions[1]']],
    [
      'nothing at all',
      [],
      ['svm-compute-limit instructions[0]', 'svm-compute-price instructions[1]', 'svm-instruction-layout instructions'],
    ],
    ['the two swapped', [price(), limit(), transfer()], ['svm-compute-limit instructions[0]', 'svm-compute-price instructions[1]']],
    ['two limits', [limit(), price(), transfer(), limit()], ['svm-compute-limit instructions[0]']],
    ['two prices', [limit(), price(), transfer(), price()], ['svm-compute-price instructions[1]']],
    ['the limit behind', [price(), transfer(), limit()], ['svm-compute-limit instructions[0]', 'svm-compute-price instructions[1]']],
    ['the memo in front of the transfer', [limit(), price(), note, transfer()], ['svm-instruction-layout instructions']],
    [
      'the memo in front of all',
      [note, limit(), price(), transfer()],
      ['svm-compute-limit instructions[0]', 'svm-compute-price instructions[1]', 'svm-instruction-layout instructions'],
    ],
    ['something in front of the transfer', [limit(), price(), other(), transfer()], ['svm-instruction-layout instructions']],
    ['a plain transfer in front of it', [limit(), price(), plainTransfer, transfer()], ['svm-instruction-layout instructions']],
    ['something behind it', [...usual, other()], ['svm-instruction-layout instructions[3]']],
    ['a plain transfer behind it', [...usual, note, plainTransfer], ['svm-instruction-layout instructions[4]']],
    ['a plain transfer alone', [limit(), price(), plainTransfer, note], ['svm-instruction-layout instructions']],
    ['two transfers', [...usual, transfer()], ['svm-instruction-layout instructions']],
    ['a durable nonce in front', [advanceNonce, ...usual], ['svm-instruction-layout instructions[0]']],
    ['a durable nonce behind, which is none', [...usual, advanceNonce], ['svm-instruction-layout instructions[3]']],
    [
      'a durable nonce, and no limit',
      [advanceNonce, price(), transfer()],
      ['svm-instruction-layout instructions[0]', 'svm-compute-limit instructions[1]'],
    ],
    ['a creation', [limit(), price(), creation, transfer()], ['svm-creates-token-account instructions[2]']],
    ['a creation behind', [...usual, creation], ['svm-creates-token-account instructions[3]']],
    ['two creations', [limit(), price(), creation, creation, transfer()], ['svm-creates-token-account instructions[2]']],
    ['a guard behind', [...usual, note, guard], ['warning svm-wallet-injected-instructions instructions']],
    [
      'guards behind, as many as older ones take',
      [...usual, note, guard, guard],
      ['warning svm-wallet-injected-instructions instructions'],
    ],
    ['one guard more', [...usual, note, guard, guard, guard], ['svm-wallet-injected-instructions instructions']],
    ['a guard in front', [limit(), price(), guard, transfer(), note], ['svm-wallet-injected-instructions instructions']],
    [
      'a guard and no transfer',
      [limit(), price(), guard],
      ['svm-instruction-layout instructions', 'warning svm-wallet-injected-instructions instructions'],
    ],
    // Too many for what the wallet added is told once.
    ['guards, and memos without end', [...usual, guard, ...times(9, note)], ['svm-wallet-injected-instructions instructions']],
  ])('%s', (_, instructions, expected) => expect([...of(...instructions)].sort()).toEqual([...expected].sort()))

  it('says what stands where something else has to', () => {
    const seen = (...instructions: readonly SvmInstruction[]): readonly (string | undefined)[] => {
      const payment = withInstructions(instructions)
      return layoutFindings(payment, payment.transaction).map((finding) => finding.seen)
    }
    expect(seen()).toEqual(['nothing', 'nothing', 'none'])
    expect(seen(...usual, other())).toEqual([stranger])
    expect(seen(...usual, { ...other(), program: null })).toEqual(['of a lookup table'])
    expect(seen(...usual, ...times(5, note))).toEqual(['8'])
    expect(seen(limit(99_999_999), price(), transfer())).toEqual(['99999999'])
  })
})

describe('the compute limit', () => {
  // 692 units took a transfer and a memo with the cheapest token program; two hosted facilitators refuse 100,000; 400,000 are recommended, and x402-rs's cap.
  it.each<readonly [units: number, told: readonly string[], expected: string | undefined]>([
    [691, ['warning svm-compute-limit instructions[0]'], 'about 20000'],
    [692, [], undefined],
    [20_000, [], undefined],
    [99_999, [], undefined],
    [100_000, ['warning svm-compute-limit instructions[0]'], 'about 20000'],
    [400_000, ['warning svm-compute-limit instructions[0]'], 'about 20000'],
    [400_001, ['warning svm-compute-limit instructions[0]'], 'at most 400000'],
  ])('%i units', (units, expected, rather) => {
    const payment = withInstructions([limit(units), price(), transfer()])
    expect(told(payment)).toEqual(expected)
    expect(layoutFindings(payment, payment.transaction)[0]?.expected).toBe(rather)
  })
})

describe('the compute price', () => {
  const { payment: devnet } = recordedOn('solana-devnet', 'valid')
  // 5,000,000 microlamports are the specification's; x402-rs takes 1,000,000, and its fork 100,000 on devnet.
  it.each<readonly [microLamports: bigint, mainnet: string | undefined, devnet: string | undefined]>([
    [1n, undefined, undefined],
    [100_000n, undefined, undefined],
    [100_001n, undefined, 'warning at most 100000'],
    [1_000_000n, undefined, 'warning at most 100000'],
    [1_000_001n, 'warning at most 1000000', 'warning at most 100000'],
    [5_000_000n, 'warning at most 1000000', 'warning at most 100000'],
    [5_000_001n, 'error at most 5000000', 'error at most 5000000'],
  ])('of %i microlamports', (microLamports, onMainnet, onDevnet) => {
    const priced = (base: Readable): string | undefined => {
      const payment = withInstructions([limit(), price(microLamports), transfer()], base)
      const [found] = layoutFindings(payment, payment.transaction)
      return found === undefined ? undefined : `${found.severity} ${found.expected}`
    }
    expect(priced(recorded('valid').payment)).toBe(onMainnet)
    expect(priced(devnet)).toBe(onDevnet)
    const { network: _, ...homeless } = recorded('valid').payment
    const payment = withInstructions([limit(), price(microLamports), transfer()])
    expect(layoutFindings({ ...homeless }, payment.transaction).map(({ severity, expected }) => `${severity} ${expected}`)[0]).toBe(
      onMainnet,
    )
  })
})

describe('lookup tables', () => {
  it('are told once, however many there are', () => {
    const { payment } = recorded('valid')
    for (const tables of [[stranger], [stranger, addressOf('payer', payment)]])
      expect(told({ ...payment, transaction: { ...payment.transaction, lookupTables: tables } })).toEqual([
        'svm-lookup-table-unresolved transaction.addressTableLookups',
      ])
  })
})

describe('the fee payer of the facilitator', () => {
  const { payment } = recorded('valid')
  const { feePayer } = payment.transaction
  const payer = addressOf('payer', payment)
  const own = associatedTokenAccount(feePayer, 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA', payment.network.mint)
  it.each<readonly [title: string, payment: Readable, told: readonly string[]]>([
    ['is in no instruction', payment, []],
    [
      'signs the transfer',
      withInstructions([limit(), price(), transfer({ authority: feePayer })]),
      ['svm-fee-payer-transfers transfer.authority'],
    ],
    [
      'owns what is transferred',
      withInstructions([limit(), price(), transfer({ source: own })]),
      ['svm-fee-payer-transfers transfer.authority'],
    ],
    ['owns it, of a mint of a lookup table', withInstructions([limit(), price(), transfer({ source: own, mint: null })]), []],
    [
      'is among the accounts of a memo',
      withInstructions([limit(), price(), transfer(), { ...note, accounts: [feePayer] }]),
      ['svm-fee-payer-in-instructions instructions[3].accounts'],
    ],
    [
      'is among the accounts of the transfer',
      withInstructions([limit(), price(), transfer({}, [feePayer])]),
      ['svm-fee-payer-in-instructions instructions[2].accounts'],
    ],
    // That it is among the accounts of what it pays is no more than that.
    [
      'pays, and is among the accounts of the transfer for it',
      withInstructions([limit(), price(), transfer({ authority: feePayer }, [feePayer])]),
      ['svm-fee-payer-transfers transfer.authority'],
    ],
    [
      'pays, and is in a memo besides',
      withInstructions([limit(), price(), transfer({ authority: feePayer }, [feePayer]), { ...note, accounts: [feePayer] }]),
      ['svm-fee-payer-transfers transfer.authority', 'svm-fee-payer-in-instructions instructions[3].accounts'],
    ],
    ['is the one of the offer, not of the transaction', withOffer({ feePayer: payer }), ['svm-fee-payer-transfers transfer.authority']],
    [
      'is the one of the transaction where there is no offer',
      withoutOffer(withInstructions([limit(), price(), transfer({ authority: feePayer }, [])])),
      ['svm-fee-payer-transfers transfer.authority'],
    ],
  ])('%s', (_, given, expected) => expect(told(given)).toEqual(expected))
})
