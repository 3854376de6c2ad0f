import { expect, it } from 'vitest'
import { errorKey, sayError } from './transaction-error.ts'

// Errors as getTransaction and simulateTransaction have them: agave's TransactionError and InstructionError in JSON.
const rows: readonly (readonly [error: unknown, says: string, key: string])[] = [
  ['BlockhashNotFound', 'BlockhashNotFound', 'BlockhashNotFound'],
  [
    { InstructionError: [2, { Custom: 1 }] },
    'instruction 2: Custom(1), insufficient funds, if the token program said it',
    '2:{"Custom":1}',
  ],
  [{ InstructionError: [2, 'InvalidAccountData'] }, 'instruction 2: InvalidAccountData', '2:"InvalidAccountData"'],
  [{ InstructionError: ['x', 'InvalidAccountData'] }, 'InvalidAccountData', 'x:"InvalidAccountData"'],
  [{ InstructionError: [2, { BorshIoError: 'Unknown' }] }, 'instruction 2: "BorshIoError"', '2:{"BorshIoError":"Unknown"}'],
  [{ InstructionError: [2, { Custom: 'one' }] }, 'instruction 2: "Custom"', '2:{"Custom":"one"}'],
  [{ InstructionError: [2, 7] }, 'instruction 2: 7', '2:7'],
  [{ InstructionError: [2, [7]] }, 'instruction 2: a list', '2:[7]'],
  [{ InstructionError: 'odd' }, 'InstructionError', 'InstructionError'],
  [{ InsufficientFundsForRent: { account_index: 0 } }, 'InsufficientFundsForRent account_index 0', 'InsufficientFundsForRent'],
  [{ Some: { a: 'x', b: 2 } }, 'Some a "x", b 2', 'Some'],
  [{ DuplicateInstruction: 3 }, 'DuplicateInstruction', 'DuplicateInstruction'],
  [{ DuplicateInstruction: null }, 'DuplicateInstruction', 'DuplicateInstruction'],
  [7, '7', '7'],
  [['a'], 'a list', '["a"]'],
  [null, 'null', ''],
  [undefined, 'undefined', ''],
  [{}, 'an object', '{}'],
]

it.each(rows)('%j', (error, says, key) => {
  expect(sayError(error)).toBe(says)
  expect(errorKey(error)).toBe(key)
})

it('a number is one of the program that the log names', () => {
  const said = sayError({ InstructionError: [3, { Custom: 1 }] }, [
    'Program 11111111111111111111111111111111 failed: custom program error: 0x1',
  ])
  expect(said).toBe('instruction 3: Custom(1), insufficient lamports, says the System program')
})

it('words that hide something are quoted, and what is long is cut', () => {
  expect(sayError('Odd\u001b[31m')).toMatch(/^".*"$/)
  expect(sayError('Odd\u001b[31m')).not.toContain('\u001b')
  expect(sayError('x'.repeat(80))).toBe('x'.repeat(80))
  expect(sayError('x'.repeat(81))).toMatch(/^"x+…"$/)
  expect(sayError('')).toBe('""')
  expect(sayError({ '\u202eOdd': { '\u202ea': 1 } })).toMatch(/^".+" ".+" 1$/)
})

it('two errors are one by their names and numbers', () => {
  const one = errorKey({ InstructionError: [2, { Custom: 1 }] })
  expect(errorKey({ InstructionError: [2, { Custom: 1 }] })).toBe(one)
  for (const other of [{ InstructionError: [3, { Custom: 1 }] }, { InstructionError: [2, { Custom: 17 }] }, 'AccountInUse'])
    expect(errorKey(other)).not.toBe(one)
})
