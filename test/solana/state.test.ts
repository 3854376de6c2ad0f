import { readFileSync } from 'node:fs'
import { investigate } from '@eip3009/core'
import { diagnosisDocument, renderText } from '@eip3009/core/report'
import {
  captureSnapshot,
  liteSvmReplayer,
  readSnapshot,
  readSvmPayment,
  type SolanaDiagnosis,
  type SvmPayment,
  svmReader,
} from '@eip3009/core/solana'
import { fixture, type SvmFixtureState, svmFixtureNetworks, variants } from '@eip3009/fixtures'
import { Connection, Keypair, VersionedTransaction } from '@solana/web3.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { diagnoseSvm } from '../../packages/core/src/solana/diagnosis/diagnose.ts'
import type { Call } from '../rpc-server.ts'
import { type ClusterOptions, clusterTime, facilitator, startCluster } from './cluster.ts'

const schema = new Ajv2020({ strictTypes: true }).compile(
  JSON.parse(readFileSync(new URL('../../packages/core/schema/snapshot.schema.json', import.meta.url), 'utf8')),
)
const now = BigInt(clusterTime)
const valid = fixture('solana', 'valid')
const payment = readSvmPayment(valid.input)

async function investigated(
  state: Partial<SvmFixtureState> = {},
  { options, at, of = payment }: { readonly options?: ClusterOptions; readonly at?: bigint; readonly of?: SvmPayment } = {},
): Promise<SolanaDiagnosis> {
  await using cluster = await startCluster({ ...valid.state, ...state }, options)
  const readers = [svmReader(cluster.url, { totalTimeout: 600_000, retries: 0 })]
  return (await investigate(of, { now, readers, ...(at === undefined ? {} : { at }) })).diagnosis
}

const dead = { blockhashes: [] }
/** Of the newest block of the cluster of these tests. */
const height = BigInt(valid.state.slot) - 20_000_000n
/** What an instruction to sign again has, while the first one may still land: the last height that a blockhash of by then is good for, at least. */
const gated = (retry: SolanaDiagnosis['retry'], from = height): void => {
  expect(retry).toMatchObject({ action: 'sign-again', sameNonce: false, nonce: null, onlyIf: ['nothing-landed'] })
  expect(retry.notBefore).toMatchObject({ time: null, finalized: true })
  expect(retry.cost).not.toBeNull()
  if (retry.notBefore?.block !== null) {
    expect(BigInt(retry.notBefore?.block ?? 0)).toBeGreaterThanOrEqual(from + 150n)
    expect(retry.says).toContain(`once block height ${retry.notBefore?.block} is finalized`)
  }
  expect(retry.says).toContain('only if nothing of it landed without an error')
}
const landed = (error: unknown): SvmFixtureState['settled'] => {
  const settled = fixture('solana', 'svm-already-processed').state.settled.map((each) => ({ ...each, error }))
  expect(settled).toHaveLength(1)
  return settled
}

/** How an RPC answers when it is asked of when a slot is, and what is wrong with it. */
const stale = [
  ['months old', { result: clusterTime - 7_776_000 }, 'rpc-lagging'],
  ['a minute old', { result: clusterTime - 60 }, 'rpc-lagging'],
  ['of a time that it does not tell', { error: { code: -32004, message: 'Block not available for slot' } }, 'rpc-fault'],
] as const

describe('what one RPC says alone is not proven', () => {
  const poor = fixture('solana', 'svm-insufficient-funds')
  const of = readSvmPayment(poor.input)
  const mute = { simulateTransaction: () => ({ error: { code: -32601, message: 'Method not found' } }) }
  const asked = async (answers: readonly NonNullable<ClusterOptions['answers']>[], isReplayed = false): Promise<SolanaDiagnosis> => {
    const clusters = await Promise.all(answers.map((own) => startCluster(poor.state, { answers: own })))
    try {
      const readers = clusters.map(({ url }) => svmReader(url, { retries: 0 }))
      const { diagnosis } = await investigate(of, { now, readers, ...(isReplayed ? { replayer: liteSvmReplayer() } : {}) })
      expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'svm-insufficient-funds' })
      return diagnosis
    } finally {
      for (const cluster of clusters) await cluster[Symbol.asyncDispose]()
    }
  }

  it('its accounts and its own run, which fails for the same, are two witnesses', async () => {
    expect(await asked([{}])).toMatchObject({ proof: 'proven', findings: [{ proof: 'proven' }] })
  })

  it('its accounts alone are one, whatever is replayed over them', async () => {
    for (const isReplayed of [false, true]) {
      const diagnosis = await asked([mute], isReplayed)
      expect(diagnosis.proof).toBe('inferred')
      expect(diagnosis.findings[0]).not.toHaveProperty('proof')
      expect(renderText(diagnosisDocument(diagnosis), { color: false, columns: 100 })).toContain('read from one RPC, not proven')
    }
  })

  it('a run that fails for something else bears nothing out', async () => {
    const other = { simulateTransaction: () => ({ result: { context: { slot: 1 }, value: { err: 'AccountInUse', logs: [] } } }) }
    expect((await asked([other])).proof).toBe('inferred')
    expect((await asked([other], true)).proof).toBe('inferred')
  })

  it('two RPCs with the same accounts are two', async () => {
    expect((await asked([mute, mute])).proof).toBe('proven')
  })
})

describe('money and retry', () => {
  it('landed without an error: it moved, by which transaction, and is never to be sent again', async () => {
    const { cause, proof, money, retry, settlement } = await investigated({ ...dead, settled: landed(null) })
    expect({ cause, proof, state: money.state, retry: retry.action }).toEqual({
      cause: 'svm-already-processed',
      proof: 'proven',
      state: 'moved',
      retry: 'never',
    })
    const [own] = landed(null)
    expect(settlement).toEqual({
      transaction: own?.signature,
      block: own?.slot,
      time: String(clusterTime - 4),
      error: null,
      receiver: null,
    })
    expect(money.says).toContain(own?.signature)
    expect(money.says).toContain(`slot ${own?.slot} (2026-09-21`)
  })

  it('landed with an error: it did not move, and another one waits until that is finalized', async () => {
    const failed = { ...dead, settled: landed({ InstructionError: [2, { Custom: 1 }] }) }
    const { cause, money, retry, settlement } = await investigated(failed)
    expect({ cause, state: money.state, finality: money.finality }).toEqual({
      cause: 'svm-landed-with-error',
      state: 'not-moved',
      finality: 'latest',
    })
    expect(retry).toMatchObject({ action: 'sign-again', notBefore: { time: null, finalized: true }, onlyIf: ['fixed', 'nothing-landed'] })
    expect(BigInt(retry.notBefore?.block ?? 0)).toBeGreaterThanOrEqual(height + 150n)
    expect(settlement?.error).toMatch(/^instruction 2: Custom\(1\), insufficient funds/)
    const later = await investigated({ ...failed, slot: String(Number(valid.state.slot) + 100) })
    expect(later.money).toMatchObject({ state: 'not-moved', finality: 'finalized' })
    expect(later.retry).toMatchObject({ action: 'sign-again', notBefore: null, onlyIf: ['fixed'] })
  })

  it.each<[unknown, string]>([
    [{ InstructionError: [2, { Custom: 1 }] }, 'client'],
    [{ InstructionError: [2, { Custom: 17 }] }, 'token'],
    [{ InsufficientFundsForRent: { account_index: 0 } }, 'facilitator'],
    [{ InstructionError: [2, 'InvalidAccountData'] }, 'nobody'],
  ])('landed with %j: the fault is of %s, as far as the error tells', async (error, party) => {
    expect(await investigated({ ...dead, settled: landed(error) })).toMatchObject({ cause: 'svm-landed-with-error', party })
  })

  it("a blockhash that is dead by now is nobody's fault, and one that was dead at once is", async () => {
    const late = await investigated(dead, { at: now - 3_600n })
    expect(late).toMatchObject({ cause: 'svm-blockhash-expired', party: 'nobody' })
    expect(late.headline).toContain('Whether it was dead when it was submitted, this does not show')
    expect(await investigated(dead, { at: now - 40n })).toMatchObject({ cause: 'svm-blockhash-expired', party: 'client' })
  })

  it('found nowhere, with a dead blockhash, by an RPC that has seen blocks from after it: it can never land, and a retry is safe', async () => {
    const { cause, money, retry } = await investigated(dead, { at: now - 60n })
    expect({ cause, state: money.state, finality: money.finality }).toEqual({
      cause: 'svm-blockhash-expired',
      state: 'not-moved',
      finality: 'finalized',
    })
    expect(retry).toMatchObject({ action: 'sign-again', notBefore: null, onlyIf: [] })
    expect(money.says).toMatch(/it never will: .* A new payment is safe$/)
  })

  it('dead in a block that is not finalized yet: another one waits for that', async () => {
    // What is finalized is 13 s older than what is confirmed.
    const { money, retry } = await investigated(dead, { at: now - 40n })
    expect({ state: money.state, finality: money.finality }).toEqual({ state: 'not-moved', finality: 'latest' })
    expect(retry).toMatchObject({
      action: 'sign-again',
      notBefore: { block: String(height), time: null, finalized: true },
      onlyIf: ['nothing-landed'],
    })
    const unread = (call: Call): object | undefined =>
      (call.params[0] as { commitment?: string }).commitment === 'finalized' ? { error: { code: -32_601, message: 'no' } } : undefined
    const without = await investigated(dead, { at: now - 60n, options: { answers: { getEpochInfo: unread } } })
    expect(without.money.finality).toBe('latest')
    expect(without.retry.notBefore).toEqual({ block: String(height), time: null, finalized: true })
  })

  it('without a time the last moments are left open: an RPC may not have seen the newest blockhash', async () => {
    const { money, retry } = await investigated(dead)
    expect(money.state).toBe('unknown')
    expect(money.says).toMatch(/unless it was signed within the minute before/)
    gated(retry)
  })

  it('with a dead blockhash that the RPC may only not have seen yet, nobody is told to pay again', async () => {
    const { money, retry } = await investigated(dead, { at: now - 5n })
    expect(money.state).toBe('unknown')
    expect(money.says).toMatch(/may not have seen the payment's own.*Do not pay again/)
    gated(retry)
  })

  it.each(stale)('what an RPC says whose newest block is %s is no evidence of now, whatever it says', async (_, time, cause) => {
    const getBlockTime = (): object => time
    const emptied = { accounts: Object.fromEntries(Object.keys(valid.state.accounts).map((address) => [address, null])) }
    for (const state of [{}, dead, emptied, { ...dead, ...emptied }]) {
      for (const at of [undefined, now, now - 20n]) {
        const diagnosis = await investigated(state, { options: { answers: { getBlockTime } }, ...(at === undefined ? {} : { at }) })
        const { verdict, proof, money, retry, skipped } = diagnosis
        expect({ verdict, cause: diagnosis.cause, party: diagnosis.party, proof }).toEqual({
          verdict: 'inconclusive',
          cause,
          party: 'rpc',
          proof: null,
        })
        expect(diagnosis.headline).toMatch(/could not be told/)
        expect({ state: money.state, action: retry.action }).toEqual({ state: 'unknown', action: 'unknown' })
        expect(skipped).toContainEqual(expect.objectContaining({ id: 'blockhash', code: 'past' }))
        expect(diagnosis.findings.filter(({ severity }) => severity === 'error')).toEqual([])
      }
    }
  })

  it('a transaction that an RPC has found landed, however old its newest block is', async () => {
    const getBlockTime = (): object => ({ result: clusterTime - 7_776_000 })
    const { verdict, cause, money } = await investigated({ settled: landed(null) }, { options: { answers: { getBlockTime } } })
    expect({ verdict, cause, state: money.state }).toEqual({ verdict: 'fails', cause: 'svm-already-processed', state: 'moved' })
  })

  it('of two RPCs the one that keeps up is believed, and the other is said to be behind', async () => {
    await using old = await startCluster(
      { ...valid.state, ...dead, slot: String(Number(valid.state.slot) + 50) },
      { answers: { getBlockTime: () => ({ result: clusterTime - 600 }) } },
    )
    await using fresh = await startCluster(valid.state)
    const readers = [svmReader(old.url), svmReader(fresh.url)]
    const { diagnosis } = await investigate(payment, { now, readers })
    expect({ verdict: diagnosis.verdict, found: diagnosis.findings.map(({ cause }) => cause) }).toEqual({
      verdict: 'settles',
      found: ['rpc-lagging'],
    })
  })

  it('a payment of an hour ago is judged by an RPC that has seen more than its minute, and nothing is said of now', async () => {
    const options = { answers: { getBlockTime: () => ({ result: clusterTime - 600 }) } }
    expect((await investigated(dead, { options, at: now - 3_600n })).money.says).toMatch(/it never will/)
    const { headline, money } = await investigated({}, { options, at: now - 3_600n })
    expect(headline).toMatch(/solana would have taken it at/)
    expect(money).toMatchObject({ state: 'unknown' })
  })

  it('a copy whose signature is spoiled does not hide that the payment landed', async () => {
    const bytes = Buffer.from(payment.bytes ?? [])
    bytes.writeUInt8(bytes.readUInt8(1 + 64 + 5) ^ 1, 1 + 64 + 5)
    const body = structuredClone(valid.input) as { paymentPayload: { payload: { transaction: string } } }
    body.paymentPayload.payload.transaction = bytes.toString('base64')
    const of = readSvmPayment(body)
    const spoiled = await investigated({}, { of })
    expect({ cause: spoiled.cause, state: spoiled.money.state }).toEqual({ cause: 'svm-signature-invalid', state: 'unknown' })
    gated(spoiled.retry)
    const { money, retry } = await investigated({ settled: landed(null) }, { of })
    expect({ state: money.state, retry: retry.action }).toEqual({ state: 'moved', retry: 'never' })
  })

  it('processed and not found yet: nothing may be sent until it is found', async () => {
    const getSignaturesForAddress = (): object => ({ result: [] })
    const { verdict, cause, party, money, retry } = await investigated(
      { settled: landed(null) },
      { options: { answers: { getSignaturesForAddress } } },
    )
    expect({ verdict, cause, party, state: money.state, retry: retry.action }).toEqual({
      verdict: 'fails',
      cause: 'svm-already-processed',
      party: 'nobody',
      state: 'unknown',
      retry: 'wait',
    })
    expect(retry.says).toContain('it was paid only if that has no error')
  })

  it('one of several RPCs that found it is enough, also when another one is ahead', async () => {
    await using found = await startCluster({ ...valid.state, ...dead, settled: landed(null) })
    await using ahead = await startCluster({ ...valid.state, ...dead, slot: String(Number(valid.state.slot) + 50) })
    for (const clusters of [
      [found, ahead],
      [ahead, found],
    ]) {
      const { diagnosis } = await investigate(payment, { now, readers: clusters.map(({ url }) => svmReader(url)) })
      expect({ state: diagnosis.money.state, retry: diagnosis.retry.action }).toEqual({ state: 'moved', retry: 'never' })
    }
  })

  it('one of several RPCs that knows the blockhash is enough: the other may not have seen it yet', async () => {
    await using knows = await startCluster(valid.state)
    await using not = await startCluster({ ...valid.state, ...dead, slot: String(Number(valid.state.slot) + 50) })
    const { diagnosis } = await investigate(payment, { now, readers: [knows, not].map(({ url }) => svmReader(url)) })
    expect(diagnosis.money.state).toBe('can-move')
  })

  it('a transaction that is listed and not there may be this one', async () => {
    const { money, retry } = await investigated(
      { ...dead, settled: landed(null) },
      { at: now - 60n, options: { answers: { getTransaction: () => ({ result: null }) } } },
    )
    expect(money.state).toBe('unknown')
    gated(retry)
    expect(money.says).toContain('is listed and not there')
  })

  it('a memo that the node does not tell is not another memo', async () => {
    const [own] = landed(null)
    const listed = (memo: string | null): object => ({
      result: [
        { signature: 'other', slot: 1, err: null, memo: '[9] something', blockTime: clusterTime },
        { signature: own?.signature, slot: Number(own?.slot), err: null, memo, blockTime: clusterTime - 4 },
      ],
    })
    const state = { ...dead, settled: landed(null) }
    const answers = (memo: string | null): ClusterOptions => ({ answers: { getSignaturesForAddress: () => listed(memo) } })
    expect((await investigated(state, { options: answers(null) })).money.state).toBe('moved')
    expect((await investigated(state, { options: answers('[32] a7c1f0d2e4b6988034125c7e9fb0d6a1') })).money.state).toBe('moved')
    expect((await investigated(state, { at: now - 60n, options: answers('[5] other') })).money.state).toBe('not-moved')
  })

  it('found nowhere, with a living blockhash: it can still move, so nobody pays again', async () => {
    const { verdict, money, retry } = await investigated()
    expect({ verdict, state: money.state, retry: retry.action }).toEqual({ verdict: 'settles', state: 'can-move', retry: 'send-same' })
    expect(money.says).toContain('Do not pay again')
  })

  it('claims nothing of a time that the node has forgotten', async () => {
    const options = { firstSlot: Number(valid.state.slot) - 100_000 }
    const unsaid = await investigated(dead, { options })
    expect(unsaid.money.state).toBe('unknown')
    gated(unsaid.retry)
    expect(unsaid.money.says).toContain('has no transactions from before')
    const said = await investigated(dead, { options, at: now - 60n })
    expect({ state: said.money.state, retry: said.retry.action }).toEqual({ state: 'not-moved', retry: 'sign-again' })
    const early = await investigated(dead, { options, at: now - 100_000n })
    expect(early.money.state).toBe('unknown')
    expect(early.skipped.map(({ id }) => id)).toContain('state-then')
  })

  it('takes another transaction of the payer for another transaction', async () => {
    const [own] = landed(null)
    const other = VersionedTransaction.deserialize(Buffer.from(own?.transaction ?? '', 'base64'))
    other.message.recentBlockhash = Keypair.generate().publicKey.toBase58()
    other.sign([facilitator])
    const [first = new Uint8Array(64), second = new Uint8Array(64)] = other.signatures
    other.signatures = [first, second.map((byte) => byte ^ 1)]
    const settled = [{ ...own, signature: 'other', slot: '1', error: null, transaction: Buffer.from(other.serialize()).toString('base64') }]
    expect((await investigated({ ...dead, settled }, { at: now - 60n })).money.state).toBe('not-moved')
  })

  it('says who was paid, where the node tells', async () => {
    const stranger = Keypair.generate().publicKey.toBase58()
    const [own] = landed(null)
    const keys = VersionedTransaction.deserialize(Buffer.from(own?.transaction ?? '', 'base64')).message.staticAccountKeys.map(String)
    const destination = diagnoseSvm(payment, { now }).solana.transfer?.destination ?? ''
    const accountIndex = keys.indexOf(destination)
    expect(accountIndex).toBeGreaterThan(-1)
    const getTransaction = (): object => ({
      result: {
        slot: 5,
        blockTime: clusterTime,
        meta: { err: null, logMessages: [], postTokenBalances: [{ accountIndex, owner: stranger, mint: 'x' }] },
        transaction: [own?.transaction, 'base64'],
      },
    })
    const { settlement, findings } = await investigated({ settled: landed(null) }, { options: { answers: { getTransaction } } })
    expect(settlement?.receiver).toBe(stranger)
    expect(findings.map(({ cause }) => cause)).toEqual(['svm-already-processed', 'svm-destination-owner-changed'])
  })
})

describe('an RPC that is not believed', () => {
  it('of another cluster: nothing that it says counts', async () => {
    const devnet = fixture('solana-devnet', 'valid').state
    const { verdict, cause, headline, chain, money } = await investigated({
      genesisHash: devnet.genesisHash,
      accounts: {},
      blockhashes: [],
    })
    expect({ verdict, cause, state: money.state }).toEqual({ verdict: 'inconclusive', cause: 'rpc-wrong-chain', state: 'unknown' })
    expect(headline).toContain('another cluster')
    expect(chain[0]).toMatchObject({ kind: 'wrong-chain', facts: [] })
  })

  it('of another cluster, on which the blockhash lives: the payment was built there', async () => {
    const { genesisHash } = fixture('solana-devnet', 'valid').state
    const { verdict, cause, proof, findings } = await investigated({ genesisHash })
    expect({ verdict, cause, proof }).toEqual({ verdict: 'fails', cause: 'svm-wrong-cluster', proof: 'inferred' })
    expect(findings.map((finding) => finding.summary).join(' ')).toContain('The blockhash is one of solana-devnet')
    await using first = await startCluster({ ...valid.state, genesisHash })
    await using second = await startCluster({ ...valid.state, genesisHash })
    const { diagnosis } = await investigate(payment, { now, readers: [svmReader(first.url), svmReader(second.url)] })
    expect(diagnosis).toMatchObject({ cause: 'svm-wrong-cluster', proof: 'proven' })
  })

  it.each<[string, ClusterOptions['http'], RegExp]>([
    ['429', () => ({ status: 429, body: { error: 'slow down' } }), /HTTP 429/],
    ['503', () => ({ status: 503, body: 'unavailable' }), /HTTP 503/],
    ['HTML', () => ({ body: '<html><title>Just a moment...</title></html>' }), /HTML/],
    ['a dropped connection', () => 'hang up', /broke off/],
    ['an answer that is none', () => ({ body: { hello: 1 } }), /no answer of JSON-RPC/],
  ])('that answers with %s', async (_, http, says) => {
    const { verdict, cause, party, headline, money, skipped } = await investigated(
      {},
      { options: { ...(http === undefined ? {} : { http }) } },
    )
    expect({ verdict, cause, party, state: money.state }).toEqual({
      verdict: 'inconclusive',
      cause: 'rpc-fault',
      party: 'rpc',
      state: 'unknown',
    })
    expect(headline).toMatch(says)
    expect(skipped.find(({ id }) => id === 'settlement')?.reason).toMatch(says)
  })

  it('that never answers, within the time that it has in all', async () => {
    await using cluster = await startCluster(valid.state, { http: () => 'hang' })
    const readers = [svmReader(cluster.url, { totalTimeout: 50, retries: 0 })]
    const { diagnosis } = await investigate(payment, { now, readers })
    expect(diagnosis.headline).toMatch(/50 ms/)
  })

  it('whose key is in its URL, which is printed nowhere', async () => {
    await using cluster = await startCluster(valid.state, { http: () => ({ status: 500, body: 'no' }) })
    const readers = [svmReader(`${cluster.url}/v2/S3cr3tK3yOfAProvider?api-key=hunter2`, { retries: 0 })]
    const { diagnosis } = await investigate(payment, { now, readers })
    expect(diagnosis.verdict).toBe('inconclusive')
    expect(JSON.stringify(diagnosis)).not.toMatch(/S3cr3t|hunter2/)
  })

  it('through a Connection: its errors are said too', async () => {
    for (const [http, says] of [
      [{ status: 500, body: 'oh no' }, /HTTP 500/],
      [{ body: '<html>' }, /not JSON/],
    ] as const) {
      await using cluster = await startCluster(valid.state, { http: () => http })
      const connection = new Connection(cluster.url, { commitment: 'confirmed', disableRetryOnRateLimit: true })
      const { diagnosis } = await investigate(payment, { now, readers: [svmReader(connection)] })
      expect(diagnosis.verdict).toBe('inconclusive')
      expect(diagnosis.headline).toMatch(says)
    }
  })

  it('is said beside one that is believed', async () => {
    await using good = await startCluster(valid.state)
    await using broken = await startCluster(valid.state, { http: () => ({ status: 502, body: '' }) })
    const readers = [broken, good].map(({ url }) => svmReader(url, { retries: 0 }))
    const { diagnosis } = await investigate(payment, { now, readers })
    expect(diagnosis.verdict).toBe('settles')
    expect(diagnosis.chain.map(({ kind }) => kind)).toEqual(['unreachable', 'read'])
    expect(diagnosis.findings.map(({ cause, severity }) => `${severity} ${cause}`)).toEqual(['warning rpc-fault'])
  })
})

it('fills the fix of a warning with what was read: whose wallet it is that payTo should be', async () => {
  const found = variants('solana').find(({ name }) => name === 'pay-to-token-account')
  const wallet = (valid.input as { paymentRequirements: { payTo: string } }).paymentRequirements.payTo
  const { findings } = await investigated(found?.state, { of: readSvmPayment(found?.input ?? {}) })
  expect(findings.find(({ field }) => field === 'requirements.payTo')).toMatchObject({
    expected: wallet,
    fix: `Put the owner of that token account into payTo: ${wallet}.`,
  })
})

describe('a fact that could not be read', () => {
  const refused = (): object => ({ error: { code: -32005, message: 'Node is behind by 200 slots' } })

  it.each<[string, string]>([
    ['getMultipleAccounts', 'mint'],
    ['isBlockhashValid', 'blockhash'],
    ['getSignaturesForAddress', 'settlement'],
  ])('%s: nothing is claimed', async (method, check) => {
    const { verdict, headline, money, skipped } = await investigated({}, { options: { answers: { [method]: refused } } })
    expect(verdict).toBe('inconclusive')
    expect(headline).toContain('Node is behind')
    expect(skipped.map(({ id }) => id)).toContain(check)
    // Of the accounts nothing depends on whether it moved.
    expect(money.state).toBe(method === 'getMultipleAccounts' ? 'can-move' : 'unknown')
  })

  it('a search that could not be made leaves it unknown whether a dead payment landed', async () => {
    const { money, retry } = await investigated(dead, { options: { answers: { getSignaturesForAddress: refused } } })
    expect(money.state).toBe('unknown')
    gated(retry)
    const other = await investigated({ ...dead, settled: landed(null) }, { options: { answers: { getTransaction: refused } } })
    expect(other.money.state).toBe('unknown')
    gated(other.retry)
  })

  it('a simulation that fails and that nothing explains', async () => {
    const simulateTransaction = (): object => ({ result: { context: { slot: 1 }, value: { err: 'AccountInUse', logs: [] } } })
    const { verdict, headline } = await investigated({}, { options: { answers: { simulateTransaction } } })
    expect(verdict).toBe('inconclusive')
    expect(headline).toContain('AccountInUse')
  })
})

describe('what a node is asked', () => {
  it('takes three requests, and no signature of the payment is in any of them', async () => {
    await using cluster = await startCluster(valid.state)
    await investigate(payment, { now, readers: [svmReader(cluster.url)] })
    expect(cluster.requests.length).toBeLessThanOrEqual(3)
    const calls = cluster.requests.flat() as { method: string; params: unknown[] }[]
    expect(calls.map(({ method }) => method)).not.toContain('sendTransaction')
    const sent = calls.filter(({ method }) => method === 'simulateTransaction').map(({ params }) => String(params[0]))
    expect(sent).toHaveLength(2)
    for (const each of sent) {
      const { signatures } = VersionedTransaction.deserialize(Buffer.from(each, 'base64'))
      expect(signatures.every((signature) => signature.every((byte) => byte === 0))).toBe(true)
    }
  })
})

describe('a snapshot', () => {
  it.each(svmFixtureNetworks)('is with every fixture of %s, and shows its cause', async (network) => {
    const all = variants(network).filter(({ shownBy }) => shownBy !== 'replay')
    expect(all.length).toBeGreaterThan(65)
    for (const { name, input, snapshot, verdict, cause, at } of all) {
      const { diagnosis } = await investigate(readSvmPayment(input), { now: BigInt(at), readers: readSnapshot(snapshot).readers })
      expect({ name, verdict: diagnosis.verdict, cause: diagnosis.cause }).toEqual({
        name,
        verdict,
        cause: verdict === 'settles' ? null : cause,
      })
    }
  })

  it('is as old as it is: what could still move then may have moved since', async () => {
    const { readers } = readSnapshot(valid.snapshot)
    const { diagnosis: fresh } = await investigate(payment, { now, readers })
    expect({ state: fresh.money.state, retry: fresh.retry.action }).toEqual({ state: 'can-move', retry: 'send-same' })
    const { diagnosis, answers } = await investigate(payment, { now: now + 3_600n, readers })
    expect({ state: diagnosis.money.state, retry: diagnosis.retry.action }).toEqual({ state: 'unknown', retry: 'unknown' })
    expect(diagnosis.headline).not.toMatch(/now/)
    expect(captureSnapshot(payment, { answers, now: now + 3_600n })).toMatchObject({ answers: [{ readAt: String(now) }] })
    // What was dead then stays dead.
    const { readers: expired } = readSnapshot(fixture('solana', 'svm-blockhash-expired').snapshot)
    const { money } = (await investigate(payment, { now: now + 3_600n, at: now - 60n, readers: expired })).diagnosis
    expect(money.state).toBe('not-moved')
    // What has no finalized block tells nothing of finality.
    expect(money.finality).toBe('latest')
  })

  it('gives the same diagnosis byte for byte, without the cluster', async () => {
    const all = variants('solana').filter(({ shownBy }) => shownBy === 'state')
    expect(all.length).toBeGreaterThan(10)
    for (const { state, input } of all) {
      const own = readSvmPayment(input)
      await using cluster = await startCluster(state)
      const live = await investigate(own, { now, readers: [svmReader(cluster.url)] })
      const text = JSON.stringify(captureSnapshot(own, { answers: live.answers, now }))
      expect(schema(JSON.parse(text)) ? [] : schema.errors).toEqual([])
      const again = await investigate(own, readSnapshot(text))
      expect(JSON.stringify(again.diagnosis)).toBe(JSON.stringify(live.diagnosis))
      expect(JSON.stringify(captureSnapshot(own, { answers: again.answers, now }))).toBe(text)
    }
  })

  it('keeps what an RPC did not answer', async () => {
    await using cluster = await startCluster(valid.state, { http: () => ({ status: 503, body: '' }) })
    const live = await investigate(payment, { now, readers: [svmReader(cluster.url, { retries: 0 })] })
    const again = await investigate(payment, readSnapshot(captureSnapshot(payment, { answers: live.answers, now })))
    expect(again.diagnosis).toEqual(live.diagnosis)
  })

  it('of another payment tells nothing of this one, and nobody is said to accept it for what was read then', async () => {
    await using cluster = await startCluster(valid.state)
    const { answers } = await investigate(payment, { now, readers: [svmReader(cluster.url)] })
    const other = readSvmPayment(variants('solana').find(({ name }) => name === 'memo-as-asked')?.input ?? {})
    const kept = readSnapshot(captureSnapshot(payment, { answers, now }))
    for (const replayer of [[], [{ replayer: liteSvmReplayer() }]]) {
      const { diagnosis } = await investigate(other, { ...kept, ...replayer[0] })
      expect(diagnosis.verdict).toBe('inconclusive')
      expect(diagnosis.headline).toContain('captured for another payment')
      expect(diagnosis.money.state).toBe('unknown')
      const looks = diagnosis.facilitators.answers.filter(({ unread }) => unread.includes('simulation'))
      expect(looks.length).toBeGreaterThan(3)
      expect(looks.every(({ verify }) => verify === 'depends')).toBe(true)
      expect(renderText(diagnosisDocument(diagnosis), { color: false, columns: 100 })).toContain('as long as their simulation')
    }
  })

  it.each([
    '',
    'hello',
    '{}',
    '[]',
    '{"schema":"eip3009/snapshot@2"}',
    '{"schema":"eip3009/snapshot@1","family":"solana","answers":[]}',
    '{"schema":"eip3009/snapshot@1","family":"evm"}',
  ])('is refused with one sentence when it is %j', (text) => {
    expect(() => readSnapshot(text)).toThrow(/^Read .+; expected a snapshot as captureSnapshot makes it/)
  })

  it('is refused when it is damaged', async () => {
    await using cluster = await startCluster(valid.state)
    const { answers } = await investigate(payment, { now, readers: [svmReader(cluster.url)] })
    const text = JSON.stringify(captureSnapshot(payment, { answers, now }))
    for (const [from, to] of [
      ['"kind":"read"', '"kind":"guess"'],
      ['"value":"alive"', '"value":"maybe"'],
      [/"lamports":"\d+"/, '"lamports":-1'],
      [/"slot":\{"value":"\d+"\}/, '"slot":{}'],
      [/"data":"[^"]{8}/, '"data":"!!!'],
    ] as const) {
      const broken = text.replace(from, to)
      expect(broken).not.toBe(text)
      expect(() => readSnapshot(broken)).toThrow(/^Read .+; expected a snapshot/)
    }
  })
})
