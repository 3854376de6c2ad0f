import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fromHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { type CauseId, isCauseId } from '../../causes/catalogue.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { hiddenAsJson, printable } from '../../errors/printable.ts'
import { quote } from '../../errors/quote.ts'
import { unknown } from '../../evidence/known.ts'
import { findNetwork } from '../../networks/find-network.ts'
import type { EvmNetwork } from '../../networks/network.ts'
import { utc } from '../../text/utc.ts'
import type { ChainReader } from '../evidence/chain.ts'
import { untilText } from '../evidence/moment.ts'
import type { Intervention, ReplayChain, ReplayOutcome } from '../evidence/replay.ts'
import type { Payment } from '../payment/payment.ts'
import { readEvmPayment } from '../payment/read.ts'
import { encodePayment } from '../payment/token-call.ts'
import { chainReader } from '../state/read-chain.ts'
import { placeAccounts } from './account-state.ts'
import type { EmbeddedOptions } from './open-chain.ts'
import { freeGas, openOwnState, type Recorder, type Recording, takingTurns } from './own-state.ts'
import type { SentTransaction } from './replay-on-state.ts'
import { type Anvil, startAnvil } from './start-anvil.ts'

/** What to write down. */
export interface RecordingSource {
  readonly payment: Payment
  /** Unix seconds at which it is replayed. */
  readonly at: bigint
  readonly chain: ReplayChain
  readonly recorder: Recorder
  /** What the token made of it. */
  readonly asIs: ReplayOutcome
  /** The interventions of every run whose outcome the recording has to show too. */
  readonly runs: readonly (readonly Intervention[])[]
  readonly cause: CauseId | null
  readonly headline: string
}

/** A chain that was written down. */
export interface RecordedChain extends ReplayChain, AsyncDisposable {
  /** `own` where it was recorded from a fork; a chain of ours that was recorded has only what it was given, which is nothing read of any chain. */
  readonly state: 'own' | 'assumed'
  readonly anvil: { readonly pid: number; readonly port: number }
  readonly payment: Payment
  /** Unix seconds. */
  readonly at: bigint
  /** What it came to when it was recorded. */
  readonly recorded: Manifest['recorded']
  readonly recorder: Recorder
  readonly reader: ChainReader
}

const schema = 'eip3009/recording@1'

/** What a recording says of itself. */
interface Manifest {
  readonly schema: typeof schema
  readonly network: string
  readonly chainId: number
  readonly token: Address
  /** Unix seconds. */
  readonly at: string
  /** The chain that it was recorded from. */
  readonly from: string
  /** Whether the state in it is that chain's own, or was made up for the payment. */
  readonly state: 'own' | 'assumed'
  readonly recorded: {
    readonly outcome: 'settled' | 'reverted'
    readonly revert: string | null
    readonly gasUsed: string
    readonly cause: CauseId | null
  }
  readonly sent: SentTransaction | null
}

/** The file that makes a directory a recording. */
export const recordingFile = 'recording.json'

const files = {
  manifest: recordingFile,
  payment: 'payment.json',
  state: 'state.json',
  test: 'recording.test.ts',
  readme: 'README.md',
} as const

/**
 * Writes a directory that replays without a network: the payment, the state as anvil loads it, a test for vitest, and the commands for anvil and cast.
 * Before anything is said to be written, the recording is opened and has to come to the same outcome.
 * @throws Eip3009Error `invalid-argument` when the directory is there and not empty; `chain-unavailable` when the recording does not replay the same.
 */
export async function writeRecording(directory: string, source: RecordingSource): Promise<void> {
  const { payment, at, chain, recorder, asIs, runs } = source
  await claimDirectory(directory)
  const recording = await recorder.record(payment, { at, interventions: asIs.interventions }, runs)
  const data = recording.sent?.data ?? callData(payment, asIs)
  const manifest: Manifest = {
    schema,
    network: payment.network?.caip2 ?? `eip155:${chain.chainId}`,
    chainId: chain.chainId,
    token: chain.token,
    at: String(at),
    from: chain.description,
    state: chain.state ?? 'assumed',
    recorded: {
      outcome: asIs.status,
      revert: asIs.status === 'settled' ? null : (asIs.reason ?? asIs.data),
      gasUsed: String(asIs.gasUsed),
      cause: source.cause,
    },
    sent: recording.sent,
  }
  const call = {
    chainId: chain.chainId,
    // Of a call inside of another transaction it is the contract that called.
    from: payment.call?.caller ?? payment.call?.transaction?.sender ?? asIs.call.sender,
    to: chain.token,
    data: callData(payment, asIs),
    ...(recording.sent === null ? {} : { hash: recording.sent.hash }),
  }
  const contents = {
    [files.manifest]: json(manifest),
    [files.payment]: json(call),
    [files.state]: await stateFile(chain.chainId, at, recording),
    [files.test]: testFile(manifest, source),
    [files.readme]: readme(manifest, source, recording.sent?.to ?? chain.token, recording.sent?.from ?? asIs.call.sender, data),
  }
  // A signed authorization is money in an envelope: for its owner's eyes only.
  await Promise.all(
    Object.entries(contents).map(([name, text]) =>
      writeFile(join(directory, name), text, { mode: 0o600 }).catch((error: unknown) => {
        throw cannotWrite(directory, error)
      }),
    ),
  )
  const again = await openRecording(directory)
  try {
    const outcome = await again.replay(again.payment, { at })
    const revert = outcome.status === 'settled' ? null : (outcome.reason ?? outcome.data)
    if (outcome.status !== asIs.status || revert !== manifest.recorded.revert) {
      throw new Eip3009Error(
        'chain-unavailable',
        `The recording in ${quote(directory)} does not replay as the chain did: it ${outcome.status} (${revert ?? 'no revert'}), and there it ${asIs.status}. Something that was read there was not written down.`,
      )
    }
  } finally {
    await again.close()
  }
}

/** Calldata of the payment as it was sent, so that its form is the same wherever it is read. */
function callData({ authorization, signature }: Payment, { call }: ReplayOutcome): Hex {
  const overload = signature.length === 132 ? call.overload : 'bytes'
  return encodePayment(call.function, overload, authorization, fromHex(signature))
}

async function claimDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true })
    const there = await readdir(directory)
    if (there.length === 0) return
  } catch (error) {
    throw cannotWrite(directory, error)
  }
  throw new Eip3009Error('invalid-argument', `${quote(directory)} is not empty, and nothing in it is overwritten; give another directory.`)
}

function cannotWrite(directory: string, error: unknown): Eip3009Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
  return new Eip3009Error(
    'invalid-argument',
    `A recording can't be written to ${quote(directory)} (${code}); give a directory that can be made and has room.`,
  )
}

/** The state on a chain of its own, as anvil dumps it, but as readable JSON: `anvil --load-state` takes that. */
async function stateFile(chainId: number, at: bigint, { accounts }: Recording): Promise<string> {
  const anvil = await startAnvil({ chainId })
  try {
    await placeAccounts(anvil, accounts)
    // Readers take a block for old that lies long before the payment.
    await anvil.request('evm_mine', [`0x${(at > 0n ? at - 1n : 0n).toString(16)}`])
    const dumped = (await anvil.request('anvil_dumpState')) as Hex
    const bytes = fromHex(dumped)
    const text = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes).toString('utf8') : Buffer.from(bytes).toString('utf8')
    return `${JSON.stringify(JSON.parse(text), null, 1)}\n`
  } finally {
    await anvil.stop()
  }
}

/**
 * Opens what `writeRecording` wrote. No network is used.
 * @throws Eip3009Error `unreadable-input` for a directory that is no recording, `controls-failed`, `missing-package`, `chain-unavailable`.
 */
export async function openRecording(directory: string, options: EmbeddedOptions = {}): Promise<RecordedChain> {
  const { manifest, network, payment, at } = await readRecording(directory)
  const anvil = await startAnvil({ ...options, chainId: manifest.chainId, loadState: resolve(directory, files.state) })
  try {
    await freeGas(anvil)
    const description = `recording of the ${manifest.from}`
    const own = await openOwnState(anvil, { network, token: manifest.token, description, time: at, sent: manifest.sent ?? undefined })
    return {
      ...own,
      state: manifest.state,
      anvil: { pid: anvil.pid, port: anvil.port },
      payment,
      at,
      recorded: manifest.recorded,
      reader: recordedReader(anvil),
      replay: takingTurns(own.replay),
      close: anvil.stop,
      [Symbol.asyncDispose]: anvil.stop,
    }
  } catch (error) {
    await anvil.stop()
    throw error
  }
}

/**
 * What a recording holds, its chain not opened.
 * @throws Eip3009Error `unreadable-input` for a directory that is no recording, `unknown-network`, and whatever `readEvmPayment` says to its payment.
 */
export async function readRecording(
  directory: string,
): Promise<{ readonly manifest: Manifest; readonly network: EvmNetwork; readonly payment: Payment; readonly at: bigint }> {
  const manifest = await readManifest(directory)
  const network = networkOf(manifest)
  const payment = readEvmPayment(await readPart(directory, files.payment), { network: network.caip2 })
  return { manifest, network, payment, at: BigInt(manifest.at) }
}

/** What the recording has, and nothing about later: whether the payment was settled since, only the chain tells. */
function recordedReader(anvil: Anvil): ChainReader {
  const local = chainReader(`http://127.0.0.1:${anvil.port}`)
  return {
    source: 'the recording',
    read: async ({ at: _, block: __, ...question }) => {
      const state = await local.read(question)
      if (state.kind !== 'read') return { ...state, source: 'the recording' }
      const later = unknown('a recording knows nothing of what came later')
      const used = state.nonce.used.known && state.nonce.used.value === true
      return {
        ...state,
        source: 'the recording',
        newest: false,
        nonce: used ? { ...state.nonce, settlement: later } : { ...state.nonce, usedNow: later, settlement: later },
      }
    },
  }
}

async function readManifest(directory: string): Promise<Manifest> {
  const text = await readPart(directory, files.manifest)
  const bad = (what: string): Eip3009Error =>
    new Eip3009Error('unreadable-input', `${quote(join(directory, files.manifest))} is no recording of ours: ${what}; export it again.`)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw bad('it is not JSON')
  }
  const manifest = value as Partial<Manifest> | null
  if (typeof manifest !== 'object' || manifest === null || manifest.schema !== schema) throw bad(`its schema is not ${schema}`)
  const { chainId, token, at, from, recorded, network, sent } = manifest
  const matches = (value: unknown, form: RegExp): boolean => typeof value === 'string' && form.test(value)
  if (!Number.isSafeInteger(chainId) || !matches(token, /^0x[0-9a-fA-F]{40}$/) || !matches(at, /^\d{1,20}$/))
    throw bad('its chain, token or time is missing')
  if (sent !== null && typeof sent !== 'object') throw bad('its transaction can not be read')
  if (typeof from !== 'string' || typeof network !== 'string' || typeof recorded !== 'object' || recorded === null)
    throw bad('a part of it is missing')
  if (manifest.state !== 'own' && manifest.state !== 'assumed') throw bad('it does not say whose state it has')
  const { outcome, cause }: { readonly outcome?: unknown; readonly cause?: unknown } = recorded
  if ((outcome !== 'settled' && outcome !== 'reverted') || (cause !== null && !(typeof cause === 'string' && isCauseId(cause))))
    throw bad('it does not say what it came to')
  return manifest as Manifest
}

function networkOf({ chainId, network }: Manifest): EvmNetwork {
  const answer = findNetwork(network)
  if (answer.kind === 'network' && answer.network.family === 'evm' && answer.network.chainId === chainId) return answer.network
  throw new Eip3009Error('unknown-network', `The recording is of chain ${chainId}, which is none of the networks that are known.`)
}

async function readPart(directory: string, name: string): Promise<string> {
  try {
    return await readFile(join(directory, name), 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Eip3009Error(
      'unreadable-input',
      `${quote(directory)} is no recording: ${name} can't be read there (${code ?? String(error)}); give a directory that --export wrote.`,
    )
  }
}

function json(value: unknown): string {
  return `${hiddenAsJson(JSON.stringify(value, null, 2))}\n`
}

/** As the test files around here write text. */
function quoted(text: string): string {
  return `'${hiddenAsJson(JSON.stringify(text)).slice(1, -1).replace(/\\"/g, '"').replace(/'/g, "\\'")}'`
}

function testFile({ recorded }: Manifest, { headline }: RecordingSource): string {
  const lines = [`expect(outcome.status).toBe(${quoted(recorded.outcome)})`]
  if (recorded.revert !== null) lines.push(`expect('data' in outcome && (outcome.reason ?? outcome.data)).toBe(${quoted(recorded.revert)})`)
  return `import { fileURLToPath } from 'node:url'
import { openRecording } from '@eip3009/core/replay'
import { expect, test } from 'vitest'

// ${printable(headline)}
test('the recorded payment ${recorded.outcome === 'settled' ? 'settles' : 'is refused'}', async () => {
  const recording = await openRecording(fileURLToPath(new URL('.', import.meta.url)))
  try {
    const outcome = await recording.replay(recording.payment, { at: recording.at })
    ${lines.join('\n    ')}
  } finally {
    await recording.close()
  }
})
`
}

function readme(manifest: Manifest, { headline, cause, payment }: RecordingSource, to: Address, from: Address, data: Hex): string {
  const { recorded, chainId, at } = manifest
  return `# A recorded EIP-3009 payment

${printable(headline)}

- ${recorded.outcome === 'settled' ? 'It settles' : `The token answers ${quote(recorded.revert)}`}, with ${recorded.gasUsed} gas${cause === null ? '' : `; the cause is \`${cause}\``}.
- Recorded from: ${printable(manifest.from)}. Replayed at ${utc(BigInt(at))}.
- \`${files.payment}\` holds a signed authorization. It can move money ${untilText(payment.authorization)}, unless its nonce is used or its signature is refused: until then, show it to nobody.

Replay it, with no network and no RPC:

\`\`\`
eip3009 replay .
npx vitest run ${files.test}
\`\`\`

Or with Foundry, by hand:

\`\`\`
anvil --chain-id ${chainId} --load-state ${files.state} --auto-impersonate --no-mining
cast rpc anvil_setTime ${at}
cast rpc evm_mine
cast call --from ${from} ${to} ${data}
\`\`\`
`
}
