import { builtInNetworks, readPayment, type SignatureLadder, searchSignature, signatureLadder } from '@eip3009/core'
import type { Console } from '../console.ts'
import { exitCodes } from '../exit-codes.ts'
import { readInput } from '../input.ts'
import { renderLadder } from '../report/signature.ts'
import { UsageError } from '../usage-error.ts'

export interface SignatureOptions {
  readonly payment: string
  readonly json: boolean
  readonly network?: string | undefined
  readonly maxHypotheses?: number | undefined
  /** Seconds. */
  readonly timeout?: number | undefined
  /** Leave s out: standing alone, it is not recognised as a part of a signature. */
  readonly share?: boolean
}

/** The search that `diagnose` makes: about half a second. */
const usual = 60_000

/** Reads a payment, finds out what was signed, prints the steps, and returns the exit code. */
export async function signatureCommand(options: SignatureOptions, console: Console): Promise<number> {
  const { maxHypotheses, timeout } = options
  if (maxHypotheses !== undefined && !(Number.isSafeInteger(maxHypotheses) && maxHypotheses > 0)) {
    throw new UsageError('--max-hypotheses is no whole number above 0; give a number such as 1000000.')
  }
  if (timeout !== undefined && !(timeout > 0)) throw new UsageError('--timeout is no number of seconds above 0; give a number such as 60.')

  const input = await readInput(options.payment, console)
  const payment = readPayment(input, options.network === undefined ? {} : { network: options.network })
  const evidence = await searchSignature(payment, builtInNetworks, {
    maxHypotheses: maxHypotheses ?? (timeout === undefined ? usual : Number.MAX_SAFE_INTEGER),
    ...(timeout === undefined ? {} : { timeLimit: { timeoutMs: timeout * 1000, now: () => performance.now() } }),
  })
  const whole = signatureLadder(payment, evidence)
  const ladder: SignatureLadder = options.share ? { ...whole, signature: { ...whole.signature, s: null } } : whole
  console.out(
    options.json ? `${JSON.stringify(ladder, null, 2)}\n` : renderLadder(ladder, { color: console.color, columns: console.columns ?? 120 }),
  )
  return exitCodeOf(ladder)
}

function exitCodeOf({ standing, expected, wallet }: SignatureLadder): number {
  if (standing === 'valid') return exitCodes.settles
  return expected === null || (wallet !== null && standing !== 'explained') ? exitCodes.inconclusive : exitCodes.payment
}
