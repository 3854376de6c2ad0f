// The real token, memo and associated token account programs over the accounts of a fixture, in litesvm: the oracle of what the chain does.
import { createHash, createPrivateKey, sign } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { type SvmFixtureState, type SvmVariant, svmFacilitator } from '@eip3009/fixtures'
import { PublicKey, VersionedTransaction } from '@solana/web3.js'
import { FailedTransactionMetadata, LiteSVM } from 'litesvm'

type Transaction = Parameters<LiteSVM['sendTransaction']>[0]

/** What a packet of the network has room for. */
export const packet = 1232

/** A serialised transaction in its two parts. */
interface Parts {
  readonly signatures: readonly Uint8Array[]
  readonly message: Uint8Array
}

/** The base64 that a fixture would be sent with. */
export function transactionOf({ input }: Pick<SvmVariant, 'input'>): string {
  return (input as { paymentPayload: { payload: { transaction: string } } }).paymentPayload.payload.transaction
}

/** What a node reads out of the bytes: what stands behind the transaction falls away. Throws where it reads none. */
export function split(bytes: Uint8Array): Parts {
  const { message, signatures } = VersionedTransaction.deserialize(bytes)
  return { signatures, message: message.serialize() }
}

/** How many signatures a message wants, its keys, and its blockhash, of either version. */
function head(message: Uint8Array): { readonly wanted: number; readonly keys: readonly string[]; readonly blockhash: string } {
  const at = message[0] === 0x80 ? 1 : 0
  const count = message[at + 3] ?? 0
  const key = (index: number): string => new PublicKey(message.subarray(at + 4 + 32 * index, at + 4 + 32 * (index + 1))).toBase58()
  return { wanted: message[at] ?? 0, keys: Array.from({ length: count }, (_, index) => key(index)), blockhash: key(count) }
}

const facilitatorKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.from(svmFacilitator.seed, 'hex')]),
  format: 'der',
  type: 'pkcs8',
})

export const signAsFacilitator = (message: Uint8Array): Uint8Array => new Uint8Array(sign(null, message, facilitatorKey))

/** The transaction with the facilitator's signature in the first slot; undefined where that slot is not the facilitator's. */
export function coSigned({ signatures, message }: Parts): Parts | undefined {
  return head(message).keys[0] === svmFacilitator.address
    ? { signatures: [signAsFacilitator(message), ...signatures.slice(1)], message }
    : undefined
}

/** What a run came to: null where it succeeded, else the error as an RPC gives it. */
export type ChainError = string | Readonly<Record<string, unknown>> | null

export interface ProgramRun {
  readonly error: ChainError
  readonly logs: readonly string[]
  readonly units: bigint
}

interface RunOptions {
  /** `false` is what facilitators mostly simulate with. */
  readonly sigVerify: boolean
  /** With a blockhash that lives in place of the transaction's own. */
  readonly freshBlockhash?: boolean
}

const refused = (error: ChainError): ProgramRun => ({ error, logs: [], units: 0n })

/** Runs one transaction in a new cluster that has the state of a fixture; what it came to. */
export async function run(state: SvmFixtureState, parts: Parts, options: RunOptions): Promise<ChainError> {
  // litesvm frees the memory of an instance only when the event loop turns.
  await setImmediate()
  return runNow(state, parts, options).error
}

/** What came of it, by all that it follows from: an instance takes ten milliseconds, and many ask the same of a fixture. */
const ran = new Map<string, ProgramRun>()

/** The same in one go, with what the programs logged. */
export function runNow(state: SvmFixtureState, parts: Parts, options: RunOptions): ProgramRun {
  const bytes = [parts.message, ...parts.signatures].map((each) => Buffer.from(each).toString('base64'))
  const question = createHash('sha256')
    .update(JSON.stringify([state, bytes, options]))
    .digest('base64')
  const known = ran.get(question) ?? runAnew(state, parts, options)
  ran.set(question, known)
  return known
}

function runAnew(state: SvmFixtureState, parts: Parts, { sigVerify, freshBlockhash = false }: RunOptions): ProgramRun {
  const { wanted, keys, blockhash } = head(parts.message)
  if (parts.signatures.length !== wanted) return refused('SanitizeFailure')
  if (1 + 64 * wanted + parts.message.length > packet) return refused('too large')
  // A node knows a transaction by its message, litesvm by its first signature, which is not there when a facilitator asks before it signs.
  const before = freshBlockhash ? [] : state.settled.map(({ transaction }) => split(Buffer.from(transaction, 'base64')))
  const failed = state.settled.some(({ error }) => error !== null)
  if ((!sigVerify || failed) && before.some(({ message }) => Buffer.compare(message, parts.message) === 0))
    return refused('AlreadyProcessed')
  // litesvm knows one blockhash, which is none of ours: the check is on only where it has to fail.
  const dead = !freshBlockhash && !state.blockhashes.includes(blockhash)
  const svm = new LiteSVM().withSigverify(sigVerify).withBlockhashCheck(dead)
  for (const [address, account] of Object.entries(state.accounts)) {
    if (account === null) continue
    const data = Buffer.from(account.data, 'base64')
    svm.setAccount({
      address,
      lamports: BigInt(account.lamports),
      data,
      programAddress: account.owner,
      executable: false,
      space: BigInt(data.length),
    } as unknown as Parameters<LiteSVM['setAccount']>[0])
  }
  for (const earlier of before) {
    const landed = svm.sendTransaction(kitTransaction(earlier, head(earlier.message).keys))
    if (landed instanceof FailedTransactionMetadata) throw new TypeError(`the settled transaction did not land: ${landed.toString()}`)
  }
  const result = svm.sendTransaction(kitTransaction(parts, keys))
  const meta = result instanceof FailedTransactionMetadata ? result.meta() : result
  return {
    error: result instanceof FailedTransactionMetadata ? errorOf(result.toString()) : null,
    logs: meta.logs(),
    units: meta.computeUnitsConsumed(),
  }
}

function kitTransaction({ signatures, message }: Parts, keys: readonly string[]): Transaction {
  return {
    messageBytes: message,
    signatures: Object.fromEntries(signatures.map((signature, index) => [keys[index] ?? String(index), signature])),
  } as unknown as Transaction
}

/** litesvm prints errors as Rust does; its numbers for them have no names at run time. */
function errorOf(text: string): ChainError {
  const [, rust] = /err: (.+?), meta: /s.exec(text) ?? []
  if (rust === undefined) throw new TypeError(`litesvm's error has another form: ${text.slice(0, 200)}`)
  const instruction = /^InstructionError\((\d+), (.+)\)$/s.exec(rust)
  if (instruction !== null) return { InstructionError: [Number(instruction[1]), variant(instruction[2] ?? '')] }
  return variant(rust)
}

function variant(rust: string): ChainError {
  const tuple = /^(\w+)\((\d+)\)$/.exec(rust)
  if (tuple?.[1] !== undefined) return { [tuple[1]]: Number(tuple[2]) }
  const struct = /^(\w+) \{ (\w+): (\d+) \}$/.exec(rust.replace(/\s+/g, ' '))
  if (struct?.[1] !== undefined && struct[2] !== undefined) return { [struct[1]]: { [struct[2]]: Number(struct[3]) } }
  return rust
}
