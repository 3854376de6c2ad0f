import type { CauseId } from '../causes/catalogue.ts'
import type { ProgramError } from './decoded.ts'
import { findNodeRule } from './node-errors.ts'

/** Custom errors of the SPL token programs. Source: spl-token's TokenError. */
const tokenErrors: Readonly<Record<string, { readonly means: string; readonly causes: readonly CauseId[] }>> = {
  0: { means: 'lamport balance below rent-exempt threshold', causes: ['svm-creates-token-account', 'svm-fee-payer-funds'] },
  1: { means: 'insufficient funds', causes: ['svm-insufficient-funds'] },
  2: { means: 'invalid mint', causes: ['svm-mint-mismatch', 'svm-wrong-cluster'] },
  3: { means: 'account not associated with this mint', causes: ['svm-mint-mismatch'] },
  4: { means: 'owner does not match', causes: ['svm-authority-mismatch'] },
  9: { means: 'state is uninitialized', causes: ['svm-destination-account-missing', 'svm-source-account-missing'] },
  12: { means: 'invalid instruction', causes: ['svm-instruction-layout'] },
  17: { means: 'account is frozen', causes: ['svm-account-frozen'] },
  18: { means: 'the provided decimals value differs from the mint decimals', causes: ['svm-decimals-mismatch'] },
}

/** The System program's only custom error that a payment meets: 1, when it is to create an account without lamports for the rent. */
const systemFunds: readonly CauseId[] = ['svm-creates-token-account', 'svm-fee-payer-funds']

/** What `Custom(n)` of an instruction means. `log` is the text around it, for the program that failed. */
export function customProgramError(custom: number, instruction: number | undefined, log: string): ProgramError {
  const system = log.includes('Program 11111111111111111111111111111111 failed')
  const known = Object.hasOwn(tokenErrors, String(custom)) ? tokenErrors[String(custom)] : undefined
  const means = system ? 'insufficient lamports' : (known?.means ?? 'not a code of the token program')
  return {
    kind: 'program-error',
    name: `Custom(${custom})`,
    message: `${place(instruction)}custom program error 0x${custom.toString(16)}: ${means}`,
    args: [],
    causes: system ? systemFunds : (known?.causes ?? []),
    via: [],
    custom,
    ...(instruction === undefined ? {} : { instruction }),
  }
}

/** What an instruction's error by name (`InvalidAccountData`) means. */
export function namedProgramError(name: string, instruction: number | undefined): ProgramError {
  const rule = findNodeRule(`instructionerror ${name}`)
  return {
    kind: 'program-error',
    name,
    message: `${place(instruction)}${name}`,
    args: [],
    causes: rule?.causes ?? [],
    via: [],
    ...(instruction === undefined ? {} : { instruction }),
  }
}

function place(instruction: number | undefined): string {
  return instruction === undefined ? '' : `instruction ${instruction}: `
}

const customForm = /InstructionError\W{1,8}(\d{1,3})\W{1,8}Custom\W{1,4}(\d{1,10})/
const namedForm = /InstructionError\W{1,8}(\d{1,3})\W{1,8}([A-Z][A-Za-z]{3,40})/
const bareForm = /^Custom\((\d{1,10})\)$/
const sentenceForm = /(?:Error processing Instruction (\d{1,3}): )?custom program error: (0x[0-9a-f]{1,8}|\d{1,10})/i

/** A failed instruction in a text: Rust's and JSON's forms of `InstructionError`, and the sentence of the RPC. */
export function findProgramError(text: string): ProgramError | undefined {
  const custom = customForm.exec(text)
  if (custom !== null) return customProgramError(Number(custom[2]), Number(custom[1]), text)
  const named = namedForm.exec(text)
  if (named?.[2] !== undefined) return namedProgramError(named[2], Number(named[1]))
  const bare = bareForm.exec(text)
  if (bare !== null) return customProgramError(Number(bare[1]), undefined, text)
  const sentence = sentenceForm.exec(text)
  if (sentence === null) return undefined
  return customProgramError(Number(sentence[2]), sentence[1] === undefined ? undefined : Number(sentence[1]), text)
}
