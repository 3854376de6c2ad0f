import { createHash } from 'node:crypto'
import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { catalogue, type Diagnosis, type Payment, redact } from '@eip3009/core'
import { placeText } from '@eip3009/core/internal'
import type { ManyDiagnoses, Outcome } from '../families/many.ts'
import { codeOf, textOf } from '../files.ts'
import { networkTold, type TokenOptions, tokenTold } from '../sources/token-options.ts'
import { UsageError } from '../usage-error.ts'

type Diagnosed = Extract<Outcome, { kind: 'diagnosed' }>

/** What became of the cases. */
export interface RecordedCount {
  written: number
  /** Payments that are in the folder already. */
  known: number
  /** What is no case by itself: a transaction that was looked up, what a chain's state decided, and a payment among credentials that can not be taken out of them. */
  left: number
}

/** Writes payments as cases for `eip3009 regress`, each into a new file: what somebody recorded before is evidence. */
export interface CaseWriter {
  readonly count: RecordedCount
  write(outcome: Diagnosed): Promise<void>
}

/** @throws UsageError where nothing can be written there. */
export async function openCases(directory: string, options: TokenOptions, many: ManyDiagnoses): Promise<CaseWriter> {
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    throw refusal(directory, error)
  })
  const count: RecordedCount = { written: 0, known: 0, left: 0 }
  const network = networkTold(options)
  const token = tokenTold(options)
  const isShort = many.search === 'none' || many.search === 'quick'
  return {
    count,
    write: async (outcome) => {
      const input = isChains(outcome.diagnosis) ? undefined : await inputOf(outcome, many)
      if (input === undefined) {
        count.left++
        return
      }
      const { diagnosis, key, place } = outcome
      const { verdict, time } = diagnosis
      // Whoever searches further may find what this one did not, which regress does.
      const cause = isShort && diagnosis.cause === 'signer-not-owner' ? null : diagnosis.cause
      const one = {
        description: `from ${placeText(place)}`,
        ...(network === undefined ? {} : { network }),
        ...(token === undefined ? {} : { token }),
        at: time.judgedAt,
        expect: { verdict, ...(verdict === 'settles' || cause === null ? {} : { cause }) },
        payment: input,
      }
      const path = join(directory, `${nameOf(diagnosis)}-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.json`)
      try {
        const file = await open(path, 'wx', 0o600)
        try {
          await file.writeFile(`${JSON.stringify(one, null, 2)}\n`)
        } finally {
          await file.close()
        }
        count.written++
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw refusal(path, error)
        count.known++
      }
    },
  }
}

function refusal(path: string, error: unknown): UsageError {
  return new UsageError(`--record "${path}" can not be written (${codeOf(error)}); give a folder that you may write to.`)
}

/** Whether it is a chain's state that decided: regress, which asks none, would come to something else. */
function isChains({ chain, verdict, cause }: Diagnosis): boolean {
  const isByPayload = cause !== null && catalogue[cause].proof.needs[0] === 'payload'
  return chain.some(({ kind }) => kind === 'read') && verdict !== 'settles' && !isByPayload
}

/** Ids alone, so that it is a name on every file system. */
function nameOf({ verdict, cause, undecided }: Diagnosis): string {
  return [verdict, cause ?? undecided?.id].filter((part) => part !== undefined).join('-')
}

/**
 * What is read as the payment again. A log and a HAR file have other people's credentials in them, which are nobody's evidence: where there is any, what was
 * signed is written alone, if it comes to the same; undefined where it does not.
 */
async function inputOf({ input, payment, diagnosis, place }: Diagnosed, many: ManyDiagnoses): Promise<string | object | undefined> {
  if (input === undefined) return undefined
  const text = textOf(input).trim()
  const without = signedTexts(payment).reduce((rest, part) => rest.replaceAll(new RegExp(part, 'gi'), ''), text)
  if (redact(without) === without) return sameObject(text) ?? text
  const alone = aloneOf(payment)
  if (alone === undefined) return undefined
  const again = await many.diagnose({ kind: 'text', place, input: JSON.stringify(alone) })
  return again.kind === 'diagnosed' && again.diagnosis.verdict === diagnosis.verdict && again.diagnosis.cause === diagnosis.cause
    ? alone
    : undefined
}

/** The payment's own secret as it is written, as patterns: what a case has to hold. */
function signedTexts(payment: Payment): readonly string[] {
  if (payment.family === 'evm') {
    const digits = payment.signature.slice(2)
    return digits.length < 64 ? [] : [digits, digits.slice(0, 128)]
  }
  return payment.bytes === null ? [] : [Buffer.from(payment.bytes).toString('base64').replace(/=*$/, '').replaceAll('+', '\\+')]
}

/** The object that a text is the JSON of, digit by digit. */
function sameObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && JSON.stringify(value) === text ? value : undefined
  } catch {
    // A header, calldata or a line of a log.
    return undefined
  }
}

function aloneOf(payment: Payment): object | undefined {
  if (payment.family !== 'evm') return undefined
  const { authorization, signature, primaryType, network, networkName, token } = payment
  const { from, to, value, validAfter, validBefore, nonce } = authorization
  const on = network?.caip2 ?? networkName
  return {
    authorization: { from, to, value: String(value), validAfter: String(validAfter), validBefore: String(validBefore), nonce },
    signature,
    ...(on === undefined ? {} : { network: on }),
    ...(token === undefined ? {} : { asset: token }),
    ...(primaryType === 'TransferWithAuthorization' ? {} : { primaryType }),
  }
}
