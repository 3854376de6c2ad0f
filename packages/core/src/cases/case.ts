import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { type CauseId, causeIds, isCauseId } from '../causes/catalogue.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import { readRecording, recordingFile } from '../evm/world/recording.ts'
import { editDistance } from '../networks/edit-distance.ts'
import { findNetwork } from '../networks/find-network.ts'
import { readToldToken } from '../networks/told-token.ts'
import { type Payment, readPayment } from '../payment/read-payment.ts'
import type { Verdict } from '../verdict/diagnosis.ts'
import { decodeText } from '../wire/text.ts'

/** What a case has to come to. */
export interface Expectation {
  readonly verdict: Verdict
  /** Of a payment that fails: what the first cause has to be. */
  readonly cause?: CauseId
}

/** A payment with what is known of it: `<name>.json` with `{ payment, expect, network?, token?, at?, snapshot?, description? }`. */
export interface RecordedCase<P extends Payment = Payment> {
  readonly kind: 'case'
  /** The path of its file below the directory, with `/`. */
  readonly file: string
  /** The file's name without `.json`, or the directory's. */
  readonly name: string
  /** The directory that `replay --export` wrote, with a state of its own to be replayed on. */
  readonly recording?: string
  readonly description?: string
  readonly payment: P
  /** Of a payment on Solana: the cluster as it was, as `diagnose --save-snapshot` writes it. */
  readonly snapshot?: object
  readonly expect: Expectation
  /** When the payment is judged, unix seconds; as `diagnose` chooses when absent. */
  readonly at?: bigint
}

/** A file that should have been a case, and why it is none. */
export interface UnreadableCase {
  readonly kind: 'unreadable'
  readonly file: string
  readonly name: string
  readonly reason: string
}

const members = ['payment', 'expect', 'network', 'token', 'at', 'snapshot', 'description', '$schema'] as const
const expectMembers = ['verdict', 'cause'] as const
const verdicts = ['settles', 'fails', 'inconclusive'] as const satisfies readonly Verdict[]

/**
 * Every case in a directory, by name: each `.json` file in it, and each folder in it that `replay --export` wrote; the directory itself, where it is
 * one. A file that is no case comes back as unreadable, so that it does not keep the others from being looked at.
 * @throws Eip3009Error `invalid-argument` when the directory cannot be read.
 */
export async function readCases(directory: string): Promise<readonly (RecordedCase | UnreadableCase)[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new Eip3009Error('invalid-argument', refusalOf(directory, error.code), { cause: error })
  })
  if (entries.some(({ name }) => name === recordingFile))
    return [await readCaseFile(directory, recordingFile, basename(resolve(directory)))]
  const files: string[] = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.isDirectory()) {
      if (existsSync(join(directory, entry.name, recordingFile))) files.push(`${entry.name}/${recordingFile}`)
    } else if (entry.name.endsWith('.json') && !entry.name.startsWith('.')) files.push(entry.name)
  }
  return Promise.all(files.map((file) => readCaseFile(directory, file)))
}

function refusalOf(directory: string, code: string | undefined): string {
  if (code === 'ENOENT') return `There is no directory ${quote(directory)}; give the one that holds the cases (*.json).`
  if (code === 'ENOTDIR') return `${quote(directory)} is no directory; give the one that holds the cases (*.json).`
  return `The directory ${quote(directory)} can not be read (${code ?? 'unknown reason'}); check its permissions.`
}

async function readCaseFile(
  directory: string,
  file: string,
  name: string = file.replace(/(\/recording)?\.json$/, ''),
): Promise<RecordedCase | UnreadableCase> {
  try {
    const path = join(directory, file)
    const read = basename(path) === recordingFile ? await caseOfRecording(dirname(path)) : readCase(await readText(path))
    return { kind: 'case', file, name, ...read }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (error instanceof Eip3009Error) return { kind: 'unreadable', file, name, reason: error.message }
    if (typeof code === 'string') return { kind: 'unreadable', file, name, reason: `The file can not be read (${code}).` }
    throw error
  }
}

/** More than any payment with all that is said of it. */
const mostBytes = 64 * 1024 * 1024

/** The text of a file, be it in UTF-16, as PowerShell writes it. A pipe that nobody writes to would be waited for without end. */
async function readText(path: string): Promise<string> {
  const about = await stat(path)
  if (!about.isFile()) throw unreadable('It is no file that stays as it is; a case is a file of JSON.')
  if (about.size > mostBytes) throw unreadable(`It has more than ${mostBytes / 1024 / 1024} MB, which no case has.`)
  const decoded = decodeText(await readFile(path))
  if (!decoded.ok) throw unreadable(`The file is ${decoded.what}, and no JSON.`)
  return decoded.text
}

/** A recording has to come to what it came to when it was made. */
async function caseOfRecording(directory: string): Promise<Omit<RecordedCase, 'kind' | 'file' | 'name'>> {
  const { manifest, payment, at } = await readRecording(directory)
  const { outcome, cause } = manifest.recorded
  const verdict = cause !== null ? 'fails' : outcome === 'settled' ? 'settles' : 'inconclusive'
  return { payment, expect: { verdict, ...(cause === null ? {} : { cause }) }, at, recording: directory }
}

/**
 * Reads one case from its JSON.
 * @throws Eip3009Error `unreadable-input` for what is no case, and whatever `readPayment` says to its payment. A member that is misspelled is no
 * member that was left out: it is refused.
 */
export function readCase(text: string): Omit<RecordedCase, 'kind' | 'file' | 'name'> {
  const value = objectOf(parse(text), 'A case', '{ "payment": …, "expect": { "verdict": "fails", "cause": "…" } }')
  known(value, members, 'a case')
  const { payment: input, network, token, at, snapshot, description } = value
  if (typeof input !== 'string' && (typeof input !== 'object' || input === null)) {
    throw unreadable(
      `The case has ${input === undefined ? 'no payment' : `the payment ${quote(input)}`}; put the body, payload or header under "payment".`,
    )
  }
  if (network !== undefined && typeof network !== 'string' && typeof network !== 'number') {
    throw unreadable(`The case's network is ${quote(network)}; expected a name such as "base", or a chain id.`)
  }
  if (description !== undefined && typeof description !== 'string')
    throw unreadable(`The case's description is ${quote(description)}; expected text.`)
  const expect = readExpectation(value.expect)
  if (network !== undefined) refuseUnknown(network)
  const payment = readPayment(input, {
    ...(network === undefined ? {} : { network }),
    ...(token === undefined ? {} : { token: readToldToken(token) }),
  })
  const cluster = snapshot === undefined ? undefined : objectOf(snapshot, "The case's snapshot", 'what diagnose --save-snapshot wrote')
  if (cluster !== undefined && payment.family !== 'solana')
    throw unreadable(
      'The case has a snapshot, and its payment is on an EVM chain, where a case is replayed on a fork or on an embedded chain; leave it out.',
    )
  if (token !== undefined && payment.family === 'solana')
    throw unreadable("The case's token is what is told of an EVM token, and its payment is on Solana; leave it out.")
  return {
    payment,
    ...(cluster === undefined ? {} : { snapshot: cluster }),
    expect,
    ...(at === undefined ? {} : { at: readAt(at) }),
    ...(description === undefined ? {} : { description }),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw unreadable(`The file is no JSON: ${error instanceof Error ? quote(error.message).slice(1, -1) : 'unknown reason'}.`)
  }
}

function readExpectation(given: unknown): Expectation {
  if (given === undefined)
    throw unreadable('The case does not say what it expects; add "expect": { "verdict": "settles" }, or "fails" and a cause.')
  const value = objectOf(given, "The case's expect", '{ "verdict": "fails", "cause": "…" }')
  known(value, expectMembers, 'expect')
  const { verdict, cause } = value
  const found = verdicts.find((each) => each === verdict)
  if (found === undefined) throw unreadable(`The case's expect.verdict is ${quote(verdict)}; expected ${verdicts.map(quote).join(', ')}.`)
  if (cause === undefined || cause === null) return { verdict: found }
  if (typeof cause !== 'string' || !isCauseId(cause)) {
    throw unreadable(`The case's expect.cause is ${quote(cause)}, which is no cause${nearest(cause, causeIds)}; eip3009 explain lists all.`)
  }
  if (found === 'settles')
    throw unreadable(`The case expects the cause "${cause}" of a payment that settles; expected "verdict": "fails", or no cause.`)
  return { verdict: found, cause }
}

/** Unix seconds as a number or digits, or an ISO time. */
function readAt(at: unknown): bigint {
  if (typeof at === 'number' ? Number.isSafeInteger(at) && at >= 0 : typeof at === 'string' && /^\d{1,15}$/.test(at)) {
    const seconds = BigInt(at as number | string)
    // Far more likely milliseconds than the year 5138.
    if (seconds < 100_000_000_000n) return seconds
    throw unreadable(`The case's at is ${seconds}, which looks like milliseconds; expected unix seconds: ${seconds / 1000n}.`)
  }
  const milliseconds = typeof at === 'string' && /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(at) ? Date.parse(at) : Number.NaN
  if (!Number.isNaN(milliseconds) && milliseconds >= 0) return BigInt(Math.floor(milliseconds / 1000))
  throw unreadable(`The case's at is ${quote(at)}; expected unix seconds, or an ISO time such as "2025-10-31T15:35:00Z".`)
}

function objectOf(value: unknown, what: string, shape: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>
  throw unreadable(`${what} is ${quote(value)}; expected ${shape}.`)
}

function known(value: Readonly<Record<string, unknown>>, names: readonly string[], what: string): void {
  for (const name of Object.keys(value)) {
    if (!names.includes(name))
      throw unreadable(`There is no member ${quote(name)} in ${what}${nearest(name, names)}; it has ${names.join(', ')}.`)
  }
}

function refuseUnknown(network: string | number): void {
  const answer = findNetwork(network)
  if (answer.kind === 'unknown' && !/^(?:eip155:)?\d{1,15}$/.test(String(network))) throw unreadable(`The case's network: ${answer.reason}`)
}

/** `, did you mean "x"?` where one name is close. */
export function nearest(given: unknown, names: readonly string[]): string {
  if (typeof given !== 'string') return ''
  const limit = Math.max(2, Math.ceil(given.length / 3))
  const [best] = names
    .map((name) => ({ name, distance: editDistance(given, name, limit) }))
    .filter(({ distance }) => distance < limit)
    .sort((a, b) => a.distance - b.distance)
  return best === undefined ? '' : ` (did you mean ${quote(best.name)}?)`
}

function unreadable(message: string): Eip3009Error {
  return new Eip3009Error('unreadable-input', message)
}
