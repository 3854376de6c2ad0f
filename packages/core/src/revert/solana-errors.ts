import type { CauseId } from '../causes/catalogue.ts'
import type { ProgramError } from './decoded.ts'
import { findNodeRule } from './node-errors.ts'

interface CustomMeaning {
  readonly means: string
  readonly causes: readonly CauseId[]
}

/** Custom errors of SPL Token; Token-2022 has the same and goes on. Source: TokenError of both; 1, 3, 4, 17, 18 and 37 were measured. */
const tokenErrors: Readonly<Record<string, CustomMeaning>> = {
  0: { means: 'lamport balance below rent-exempt threshold', causes: ['svm-creates-token-account', 'svm-fee-payer-funds'] },
  1: { means: 'insufficient funds', causes: ['svm-insufficient-funds'] },
  2: { means: 'invalid mint', causes: ['svm-mint-invalid', 'svm-mint-mismatch', 'svm-wrong-cluster'] },
  3: { means: 'account not associated with this mint', causes: ['svm-mint-mismatch'] },
  4: { means: 'owner does not match', causes: ['svm-authority-mismatch'] },
  5: { means: 'supply is fixed', causes: [] },
  6: { means: 'the account is in use already', causes: ['svm-creates-token-account'] },
  9: { means: 'state is uninitialized', causes: ['svm-destination-account-missing', 'svm-source-account-missing'] },
  12: { means: 'invalid instruction', causes: ['svm-instruction-layout'] },
  13: { means: 'the state of the account is invalid for this', causes: ['svm-account-frozen', 'svm-destination-account-missing'] },
  14: { means: 'a number overflowed', causes: ['svm-amount-mismatch'] },
  16: { means: 'this mint can not freeze accounts', causes: [] },
  17: { means: 'account is frozen', causes: ['svm-account-frozen'] },
  18: { means: 'the provided decimals value differs from the mint decimals', causes: ['svm-decimals-mismatch'] },
  36: { means: 'the recipient takes transfers only right behind a memo', causes: ['svm-token-extension'] },
  37: { means: 'tokens of this mint can not be transferred', causes: ['svm-token-extension'] },
}

/** The System program's: 0 is an account that exists, 1 is one that is to be created without lamports for the rent. Source: SystemError. */
const systemErrors: Readonly<Record<string, CustomMeaning>> = {
  0: { means: 'an account with the same address exists', causes: ['svm-creates-token-account'] },
  1: { means: 'insufficient lamports', causes: ['svm-creates-token-account', 'svm-fee-payer-funds'] },
}

/** Programs whose numbers mean something of their own; a number of any other says nothing here. */
const programsByKey: Readonly<
  Record<string, { readonly name: string; readonly errors: Readonly<Record<string, CustomMeaning>>; readonly any?: CustomMeaning }>
> = {
  TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA: { name: 'SPL Token', errors: tokenErrors },
  TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb: { name: 'Token-2022', errors: tokenErrors },
  '11111111111111111111111111111111': { name: 'the System program', errors: systemErrors },
  ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL: {
    name: 'Associated Token Account',
    // Source: AssociatedTokenAccountError.
    errors: { 0: { means: 'the owner does not fit the derived address', causes: ['svm-creates-token-account', 'svm-recipient-mismatch'] } },
  },
  L2TExMFKdjpN9kozasaurPirfHy9P8sbXoAN1qA3S95: {
    name: 'Lighthouse',
    errors: {},
    any: { means: 'what a guard of the wallet asserts does not hold', causes: ['svm-wallet-injected-instructions'] },
  },
}

/** A program's last word in a log. Of nested programs the inner one fails first. */
const failedForm = /Program ([1-9A-HJ-NP-Za-km-z]{32,44}) failed/

/**
 * What `Custom(n)` of an instruction means. A number is one of the program that failed: 1 is "insufficient funds" of the token program
 * and "insufficient lamports" of the System program, which the creation of an account calls. `log` is the text around it; where it does
 * not name the program, the number is read as the token program's, and the message says so.
 */
export function customProgramError(custom: number, instruction: number | undefined, log: string): ProgramError {
  const failing = failedForm.exec(log)?.[1]
  const program = failing === undefined ? undefined : Object.hasOwn(programsByKey, failing) ? programsByKey[failing] : null
  const errors = program === undefined ? tokenErrors : (program?.errors ?? {})
  const known = Object.hasOwn(errors, String(custom)) ? errors[String(custom)] : (program?.any ?? undefined)
  const unknownCode =
    program === undefined
      ? 'not a code of the token program'
      : program === null
        ? `a code of the program ${failing ?? ''}, which is not known here`
        : `not a known code of ${program.name}`
  const whose =
    known === undefined ? '' : program === undefined ? ', if the token program said it' : program === null ? '' : `, says ${program.name}`
  return {
    kind: 'program-error',
    name: `Custom(${custom})`,
    message: `${place(instruction)}custom program error 0x${custom.toString(16)}: ${known?.means ?? unknownCode}${whose}`,
    args: [],
    causes: known?.causes ?? [],
    via: [],
    custom,
    ...(instruction === undefined ? {} : { instruction }),
  }
}

/** What an instruction's error by name (`InvalidAccountData`) means. */
export function namedProgramError(name: string, instruction: number | undefined): ProgramError {
  const rule = findNodeRule(`instructionerror ${name}`, 'svm')
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
