import {
  decodeRevert,
  Eip3009Error,
  type EvmPayment,
  identifySeparator,
  noSecrets,
  type Payment,
  type Revert,
  readPayment,
  readSignature,
  type Secrets,
  type SignatureBytes,
  secretsOf,
  svmSecretsOf,
} from '@eip3009/core'
import { describeDomain, findStandardWord } from '@eip3009/core/internal'
import type { Console } from '../console.ts'
import { exitCodes } from '../exit-codes.ts'
import { textOf } from '../files.ts'
import { type Decoded, renderDecoded, type SignatureParts } from '../report/decoded.ts'
import { type DecodedSvm, renderDecodedSvm } from '../report/decoded-svm.ts'
import { jsonText } from '../report/json-text.ts'
import { shown } from '../sharing.ts'
import { shownAnswer } from '../shown-answer.ts'
import { readInput } from '../sources/input.ts'
import { UsageError } from '../usage-error.ts'
import { decodeSvm, decodeTransaction } from './decode-svm.ts'

export interface DecodeOptions {
  readonly input: string
  readonly json: boolean
}

/** Guesses what was pasted, says what it is and decodes it. Returns the exit code: what is not recognised is thrown. */
export async function decodeCommand({ input, json }: DecodeOptions, console: Console): Promise<number> {
  const bytes = await readInput(input, console)
  const payment = tryRead(bytes)
  if (!(payment instanceof Eip3009Error) && payment.family === 'solana') {
    const alone = payment.form === 'solana-transaction' ? decodeTransaction(textOf(bytes)) : undefined
    if (alone !== undefined) return print(alone, noSecrets, json, console)
    return print(decodeSvm(payment, textOf(bytes)), svmSecretsOf(payment, false), json, console)
  }
  const transaction = payment instanceof Eip3009Error ? decodeTransaction(textOf(bytes)) : undefined
  if (transaction !== undefined) return print(transaction, noSecrets, json, console)
  const plain = decode(bytes, payment)
  const decoded = shown(plain, console, () => ('payment' in plain ? secretsOf(plain.payment) : noSecrets))
  console.out(json ? jsonText(decoded) : renderDecoded(decoded, { color: console.color, columns: console.columns ?? 120 }))
  return exitCodes.settles
}

function print(decoded: DecodedSvm, secrets: Secrets, json: boolean, console: Console): number {
  const svm = shown(decoded, console, () => secrets)
  console.out(json ? jsonText(svm) : renderDecodedSvm(svm, { color: console.color, columns: console.columns ?? 120 }))
  return exitCodes.settles
}

/** @throws Eip3009Error with the reader's own sentence when nothing can be made of the input. */
function decode(input: string | Uint8Array, payment: EvmPayment | Eip3009Error): Decoded {
  const text = textOf(input).trim()
  const hex = hexOf(text)
  const constant = hex === undefined ? undefined : findStandardWord(hex)
  if (constant !== undefined) return { schema, what: `${constant.what} (${constant.of})`, constant }
  if (hex?.length === 66) {
    const { found } = identifySeparator(hex)
    if (found !== undefined) return { schema, what: `the domain separator of ${describeDomain(found.domain)}`, separator: found }
  }
  if (hex?.length === 130 || hex?.length === 132)
    return { schema, what: `a signature of ${hex.length / 2 - 1} bytes`, signature: publicParts(readSignature(hex)) }

  const answer = decodeRevert(text)
  const answered = answer.kind !== 'unknown' && !(answer.kind === 'empty' && text === '') ? answer : undefined
  if (!(payment instanceof Eip3009Error)) {
    return {
      schema,
      what: payment.recognised,
      payment,
      ...(answered !== undefined && hex === undefined ? { answer: shownAnswer(answered) } : {}),
    }
  }
  if (answered !== undefined) return { schema, what: whatIs(answered), answer: shownAnswer(answered) }
  // What was recognised and is no payment has a sentence of its own; for the rest a payment is only one of the things that could have been meant.
  if (payment.code === 'unsupported-input') throw payment
  if (text === '') throw new UsageError('Read nothing; give what was answered, or the line of a log, as it was.')
  throw new UsageError(
    'Nothing in it is known: no payment, revert data, node error, log line, reason code, signature or domain separator; give the whole answer or line as it was.',
  )
}

const schema = 'eip3009/decoded@1'

const kinds = {
  'error-string': 'a revert with a reason',
  panic: 'a Solidity panic',
  'custom-error': 'a custom error',
  empty: 'a revert without a reason',
  'http-error': 'an HTTP error',
  'reason-code': "a facilitator's reason code",
  'program-error': "a Solana program's error",
  event: 'something that happened, and no failure',
  unknown: 'nothing that is known',
} as const satisfies Record<Exclude<Revert['kind'], 'rpc-error'>, string>

/** Who says something in the words of JSON-RPC or of a library, as far as the words tell. */
const speakers = {
  node: "a node's error",
  client: "an error of the client's own library or wallet",
  facilitator: "a facilitator's error, or one of the service that pays its fees",
} as const

/** Words of a library that clients, servers and facilitators use alike. */
const anybodys = "a library's error, which a client, a server or a facilitator may have had"

function whatIs(answer: Revert): string {
  if (answer.kind === 'rpc-error')
    return answer.speaker !== undefined
      ? speakers[answer.speaker]
      : answer.known
        ? anybodys
        : 'a JSON-RPC error in words that are not known'
  // Words can be anybody's: only a code itself is a facilitator's.
  return answer.kind === 'reason-code' && answer.by === 'words' ? `words that stand for the reason code ${answer.code}` : kinds[answer.kind]
}

function publicParts({ ecdsa, ...rest }: SignatureBytes): SignatureParts {
  return ecdsa === undefined ? rest : { ...rest, r: `0x${ecdsa.r.toString(16).padStart(64, '0')}`, yParity: ecdsa.yParity }
}

function hexOf(text: string): `0x${string}` | undefined {
  return /^(?:0x)?[0-9a-fA-F]{64,132}$/.test(text) ? `0x${text.replace(/^0x/i, '').toLowerCase()}` : undefined
}

function tryRead(input: string | Uint8Array): Payment | Eip3009Error {
  try {
    return readPayment(input)
  } catch (error) {
    if (error instanceof Eip3009Error) return error
    throw error
  }
}
