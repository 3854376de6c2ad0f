import type { Console } from '../console.ts'
import { textOf } from '../files.ts'
import { UsageError } from '../usage-error.ts'
import { readInput } from './input.ts'
import type { SourceOptions } from './options.ts'
import { standardInput } from './standard-input.ts'

/** What the user tells of what became of the payment. */
export interface ToldOutcome {
  readonly answer?: string
  readonly transaction?: string
}

/** @throws UsageError for an answer that can not be read, and for what is no transaction's hash or signature. */
export async function readTold({ answer, tx }: Pick<SourceOptions, 'answer' | 'tx'>, console: Console): Promise<ToldOutcome> {
  if (answer === standardInput) throw new UsageError('--answer takes a text or a file; standard input is for the payment.')
  const said = answer === undefined ? undefined : textOf(await readInput(answer, console)).trim()
  if (said === '') throw new UsageError('--answer is empty; give the text of the answer, or a file that has it.')
  // An address of an explorer ends in it.
  const transaction = tx?.trim().replace(/^https?:\/\/[^\s?#]{1,200}\/tx\/([^\s/?#]+).*$/, '$1')
  if (transaction !== undefined && !/^(?:0x[0-9a-fA-F]{64}|[1-9A-HJ-NP-Za-km-z]{86,88})$/.test(transaction))
    throw new UsageError("--tx takes a transaction's hash (0x and 64 hex digits), or its signature on Solana (base58).")
  return { ...(said === undefined ? {} : { answer: said }), ...(transaction === undefined ? {} : { transaction }) }
}
