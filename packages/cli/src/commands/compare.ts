import {
  builtInNetworks,
  diagnose,
  findDifferences,
  type Payment,
  type PaymentToCompare,
  readPayment,
  searchSignature,
  secretsOf,
  svmSecretsOf,
} from '@eip3009/core'
import { joinSecrets } from '@eip3009/core/internal'
import { comparisonDocument } from '@eip3009/core/report'
import type { Console } from '../console.ts'
import { exitCodes } from '../exit-codes.ts'
import { shown } from '../sharing.ts'
import { type FormatOptions, formatOf } from '../sources/format.ts'
import { readInput } from '../sources/input.ts'
import { standardInput } from '../sources/standard-input.ts'
import { UsageError } from '../usage-error.ts'
import { printReport } from './print-report.ts'

export interface CompareOptions extends FormatOptions {
  readonly first: string
  readonly second: string
  readonly network?: string | undefined
}

/** Reads two payments, finds out where they differ, prints the report, and returns the exit code. */
export async function compareCommand(options: CompareOptions, console: Console): Promise<number> {
  formatOf(options)
  const { first, second, network } = options
  if (first === standardInput && second === standardInput)
    throw new UsageError('Standard input can be one of the two; give the other as a file, or as the text itself.')
  const read = async (argument: string): Promise<PaymentToCompare> => {
    const input = await readInput(argument, console)
    return judged(readPayment(input, { unsigned: true, ...(network === undefined ? {} : { network }) }), console)
  }
  const [one, two] = [await read(first), await read(second)]
  const model = shown(findDifferences(one, two), console, () => joinSecrets(secretsIn(one), secretsIn(two)))
  printReport({ model, document: () => comparisonDocument(model) }, options, console)
  return model.relation === 'same' ? exitCodes.settles : model.relation === 'same-message' ? exitCodes.inconclusive : exitCodes.payment
}

/** What is made of it alone, offline: that is enough to say which difference one of them fails for. */
async function judged(payment: Payment, console: Console): Promise<PaymentToCompare> {
  const now = console.now()
  if (payment.family === 'solana') return { payment, diagnosis: await diagnose(payment, { now }) }
  if (payment.signature === '0x') return { payment }
  const signature = await searchSignature(payment, builtInNetworks, { depth: 'pairs' })
  return { payment, signature, diagnosis: await diagnose(payment, { now, signature }) }
}

function secretsIn({ payment, signature }: PaymentToCompare): ReturnType<typeof secretsOf> {
  return payment.family === 'solana' ? svmSecretsOf(payment, false) : secretsOf(payment, signature)
}
