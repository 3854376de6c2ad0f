import { builtInNetworks, type CauseId, catalogue, investigate, type Retry } from '@eip3009/core'
import type { ChainClient, RpcAnswer, RpcCall } from '@eip3009/core/chain'
import { readSvmPayment, type SolanaDiagnosis, svmReader } from '@eip3009/core/solana'
import { fixture, type SvmFixtureAccount, type SvmVariant, variants } from '@eip3009/fixtures'
import { VersionedTransaction } from '@solana/web3.js'
import { FailedTransactionMetadata, LiteSVM } from 'litesvm'
import { base64, partsOf, price, signed } from '../../scripts/fixtures/solana-instructions.ts'
import { blockhashOf, facilitator, payee, payer, tokenAccount } from '../../scripts/fixtures/solana-keys.ts'
import { body } from '../../scripts/fixtures/solana-payments.ts'
import { type ChainError, coSigned, runNow, split, transactionOf } from '../solana/programs.ts'
import type { Advice, Outcome, Violation, ViolationKind } from './operator.ts'

type Parts = ReturnType<typeof split>

const network = builtInNetworks.all.find(({ id }) => id === 'solana')
if (network?.family !== 'solana') throw new TypeError('there is no Solana')
const solana = network

/** Unix seconds at which the payment was signed, and the height of the newest block then. */
const signedAt = 1_790_000_000
const height0 = 330_000_000
/** Slots that were skipped before. */
const skipped = 20_000_000
/** Blocks in which a blockhash can be used, and those that are confirmed and not finalized. */
const life = 150
const unfinalized = 32
const secondsOf = (height: number): number => signedAt + Math.floor((height - height0) * 0.4)

export type SvmState = (typeof svmStates)[number]
/** What of the cluster is shown to whoever asks: nothing; all, while the blockhash lives, or long after; a node from before the payment; one that has not seen what landed since. */
export const svmStates = ['none', 'alive', 'dead', 'dead-no-time', 'behind', 'lagging', 'landed', 'landed-with-error'] as const
export const svmMoments = ['before', 'between', 'after'] as const

export interface SvmScenario {
  readonly variant: SvmVariant
  readonly state: SvmState
  readonly moment: (typeof svmMoments)[number]
}

export const svmIdOf = ({ variant, state, moment }: SvmScenario): string => `svm/${variant.name}/${state}/${moment}`

/** What these show is a state of the cluster, which every other fixture is put in; and a payer who pays itself pays nobody. */
const leftOut = ['svm-already-processed', 'svm-landed-with-error', 'svm-blockhash-expired', 'self-transfer']

export const svmScenarios: readonly SvmScenario[] = variants('solana')
  // Of some programs nobody here has the code.
  .filter(({ name, chain }) => !leftOut.includes(name) && chain.outcome !== 'unknown')
  .flatMap((variant) => svmStates.flatMap((state) => svmMoments.map((moment) => ({ variant, state, moment }))))

export function svmScenarioOf(id: string): SvmScenario {
  const found = svmScenarios.find((each) => svmIdOf(each) === id)
  if (found === undefined) throw new RangeError(`There is no scenario ${id}.`)
  return found
}

interface Landed {
  readonly signature: string
  readonly height: number
  readonly transaction: string
  readonly message: Uint8Array
  readonly error: unknown
}

const healthy = fixture('solana', 'valid').state.accounts
const sources = Object.entries(healthy).flatMap(([address, account]) => {
  const data = account === null ? Buffer.alloc(0) : Buffer.from(account.data, 'base64')
  return data.length === 165 && data.subarray(32, 64).equals(payer.publicKey.toBuffer()) ? [address] : []
})
const destination = tokenAccount(payee, partsOf(solana).mint).toBase58()

/** A cluster whose blocks somebody makes: the real programs, and all that has landed. */
class Cluster {
  readonly svm = new LiteSVM().withSigverify(true).withBlockhashCheck(false)
  readonly landed: Landed[] = []
  readonly born = new Map<string, number>()
  readonly addresses = new Set<string>()
  readonly genesisHash: string
  height = height0

  constructor({ state }: SvmVariant) {
    this.genesisHash = state.genesisHash
    for (const [address, account] of Object.entries(state.accounts)) this.set(address, account)
  }

  set(address: string, account: SvmFixtureAccount | null): void {
    this.addresses.add(address)
    const data = account === null ? Buffer.alloc(0) : Buffer.from(account.data, 'base64')
    this.svm.setAccount({
      address,
      lamports: account === null ? 0n : BigInt(account.lamports),
      data,
      programAddress: account?.owner ?? '11111111111111111111111111111111',
      executable: false,
      space: BigInt(data.length),
    } as unknown as Parameters<LiteSVM['setAccount']>[0])
  }

  #isProgram(address: string): boolean {
    const account = this.svm.getAccount(address as never) as { readonly executable?: boolean } | null
    return account?.executable === true
  }

  get(address: string): SvmFixtureAccount | null {
    const account = this.svm.getAccount(address as never) as {
      readonly exists?: boolean
      readonly lamports: bigint
      readonly data: Uint8Array
      readonly programAddress: string
    } | null
    if (account === null || account.exists === false || BigInt(account.lamports) === 0n) return null
    return { owner: String(account.programAddress), lamports: String(account.lamports), data: Buffer.from(account.data).toString('base64') }
  }

  balance(address: string): bigint {
    const account = this.get(address)
    const data = account === null ? Buffer.alloc(0) : Buffer.from(account.data, 'base64')
    return data.length >= 72 ? data.readBigUInt64LE(64) : 0n
  }

  lives(blockhash: string, at = this.height): boolean {
    const born = this.born.get(blockhash)
    return born !== undefined && born <= at && at - born <= life
  }

  /** Whether it landed, and with which error; undefined where no validator takes it. */
  send(parts: Parts): { readonly error: ChainError } | undefined {
    this.height += 1
    const bytes = serialised(parts)
    let transaction: VersionedTransaction
    try {
      transaction = VersionedTransaction.deserialize(bytes)
    } catch {
      return undefined
    }
    if (!this.lives(transaction.message.recentBlockhash)) return undefined
    if (this.landed.some(({ message }) => Buffer.compare(message, parts.message) === 0)) return undefined
    // Whether it may be in a block at all, by the harness of the fixtures: signatures, fees, size.
    const state = {
      genesisHash: this.genesisHash,
      slot: '0',
      accounts: this.all(),
      settled: [],
      blockhashes: [transaction.message.recentBlockhash],
    }
    const { error } = runNow(state, parts, { sigVerify: true })
    const inBlock = error === null || (typeof error === 'object' && 'InstructionError' in error)
    if (!inBlock) return undefined
    const keys = transaction.message.staticAccountKeys.map((each) => each.toBase58())
    const result = this.svm.sendTransaction({
      messageBytes: parts.message,
      signatures: Object.fromEntries(parts.signatures.map((signature, index) => [keys[index] ?? String(index), signature])),
    } as unknown as Parameters<LiteSVM['sendTransaction']>[0])
    if ((error === null) === result instanceof FailedTransactionMetadata)
      throw new TypeError(`two runs of one transaction differ: ${JSON.stringify(error)}`)
    for (const each of keys) if (!this.#isProgram(each)) this.addresses.add(each)
    const [first = new Uint8Array(64)] = parts.signatures
    this.landed.push({
      signature: base58(first),
      height: this.height,
      transaction: Buffer.from(bytes).toString('base64'),
      message: parts.message,
      error,
    })
    return { error }
  }

  all(): Readonly<Record<string, SvmFixtureAccount | null>> {
    return Object.fromEntries([...this.addresses].map((address) => [address, this.get(address)]))
  }
}

function serialised({ signatures, message }: Parts): Uint8Array {
  return Buffer.concat([Buffer.from([signatures.length]), ...signatures, message])
}

const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
function base58(bytes: Uint8Array): string {
  let number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (; number > 0n; number /= 58n) text = `${alphabet[Number(number % 58n)]}${text}`
  for (const byte of bytes) {
    if (byte !== 0) break
    text = `1${text}`
  }
  return text
}

/** A node that has seen the blocks up to a height. */
function clientOf(cluster: Cluster, head: number): ChainClient {
  const at = (params: readonly unknown[]): number => {
    const given = params.find((each) => typeof each === 'object' && each !== null && 'commitment' in each)
    return (given as { readonly commitment?: string } | undefined)?.commitment === 'finalized' ? head - unfinalized : head
  }
  const seen = (): readonly Landed[] => cluster.landed.filter(({ height }) => height <= head)
  const inContext = (value: unknown): unknown => ({ context: { apiVersion: '3.0.0', slot: head + skipped }, value })
  const answer = ({ method, params }: RpcCall): unknown => {
    switch (method) {
      case 'getGenesisHash':
        return cluster.genesisHash
      case 'getEpochInfo':
        return { absoluteSlot: at(params) + skipped, blockHeight: at(params), epoch: 810, slotIndex: 1, slotsInEpoch: 432_000 }
      case 'getBlockTime':
        return secondsOf(Number(params[0]) - skipped)
      case 'getFirstAvailableBlock':
        return 0
      case 'getMinimumBalanceForRentExemption':
        return 890_880
      case 'isBlockhashValid':
        return inContext(cluster.lives(String(params[0]), at(params)))
      case 'getMultipleAccounts':
        return inContext((params[0] as readonly string[]).map((address) => accountOf(cluster.get(address))))
      case 'simulateTransaction': {
        const parts = split(Buffer.from(String(params[0]), 'base64'))
        const { replaceRecentBlockhash = false } = params[1] as { readonly replaceRecentBlockhash?: boolean }
        const { recentBlockhash } = VersionedTransaction.deserialize(Buffer.from(String(params[0]), 'base64')).message
        const alive = cluster.lives(recentBlockhash, head)
        if (alive && !replaceRecentBlockhash && seen().some(({ message }) => Buffer.compare(message, parts.message) === 0))
          return inContext({ err: 'AlreadyProcessed', logs: [], unitsConsumed: 0 })
        const state = {
          genesisHash: cluster.genesisHash,
          slot: '0',
          settled: [],
          accounts: cluster.all(),
          blockhashes: alive ? [recentBlockhash] : [],
        }
        const { error, logs, units } = runNow(state, parts, { sigVerify: false, freshBlockhash: replaceRecentBlockhash })
        return inContext({ err: error, logs, unitsConsumed: Number(units) })
      }
      case 'getSignaturesForAddress':
        return seen()
          .filter(({ transaction }) => keysOf(transaction).includes(String(params[0])))
          .map(({ signature, height, error }) => ({
            signature,
            slot: height + skipped,
            err: error,
            memo: null,
            blockTime: secondsOf(height),
            confirmationStatus: height <= head - unfinalized ? 'finalized' : 'confirmed',
          }))
          .reverse()
      case 'getTransaction': {
        const found = seen().find(({ signature }) => signature === params[0])
        if (found === undefined) return null
        const meta = { err: found.error, fee: 10_001, logMessages: [], postTokenBalances: [] }
        return {
          slot: found.height + skipped,
          blockTime: secondsOf(found.height),
          version: 0,
          meta,
          transaction: [found.transaction, 'base64'],
        }
      }
      default:
        return undefined
    }
  }
  const batch = async (calls: readonly RpcCall[]): Promise<readonly RpcAnswer[]> =>
    calls.map((call): RpcAnswer => {
      const value = answer(call)
      return value === undefined
        ? { kind: 'refused', code: -32601, message: `Method not found: ${call.method}` }
        : { kind: 'result', value }
    })
  return {
    kind: 'chain-client',
    description: 'a simulated cluster',
    batch,
    request: async (method, params = []) => answer({ method, params }),
  }
}

function accountOf(account: SvmFixtureAccount | null): object | null {
  if (account === null) return null
  const { owner, lamports, data } = account
  return { owner, lamports: Number(lamports), data: [data, 'base64'], executable: false, rentEpoch: 18446744073709552000, space: 0 }
}

const keysOf = (transaction: string): readonly string[] =>
  VersionedTransaction.deserialize(Buffer.from(transaction, 'base64')).message.staticAccountKeys.map((each) => each.toBase58())

/** The transaction with the facilitator's signature, where it is the one who pays the fee; undefined where nobody can read it. */
function readable(text: string): Parts | undefined {
  try {
    const parts = split(Buffer.from(text, 'base64'))
    return coSigned(parts) ?? parts
  } catch {
    return undefined
  }
}

type Order = Pick<Retry, 'action' | 'notBefore' | 'onlyIf'>

const wordOf = (cause: CauseId | null): Retry['action'] => (cause === null ? 'send-same' : catalogue[cause].retry)

/** A word of the table, and at once. */
function naive({ cause, money, settlement, verdict }: SolanaDiagnosis): Order {
  const settled = settlement === null ? undefined : settlement.error === null ? 'never' : 'sign-again'
  const action = settled ?? (money.state === 'not-moved' ? 'sign-again' : verdict === 'inconclusive' ? 'unknown' : wordOf(cause))
  return { action, notBefore: null, onlyIf: [] }
}

class Run {
  readonly cluster: Cluster
  readonly scenario: SvmScenario
  readonly advice: Advice
  readonly violations: Violation[] = []
  readonly steps: string[] = []
  readonly held: Parts[] = []
  /** As it would be sent. */
  input: object
  state: SvmState
  began: ReadonlyMap<string, bigint> = new Map()
  got = 0n
  turns = 0

  constructor(scenario: SvmScenario, advice: Advice) {
    this.scenario = scenario
    this.advice = advice
    this.cluster = new Cluster(scenario.variant)
    this.input = scenario.variant.input
    this.state = scenario.state
  }

  get own(): Parts | undefined {
    return readable(transactionOf({ input: this.input }))
  }

  violates(kind: ViolationKind, says: string): void {
    if (!this.violations.some((each) => each.kind === kind)) this.violations.push({ kind, says })
  }

  /** What was signed lands, or fails where it was sent and its source was empty; undefined where it can not. */
  setUp(): string | undefined {
    const { cluster, scenario } = this
    const own = this.own
    const text = transactionOf({ input: this.input })
    if (own !== undefined) {
      this.held.push(own)
      cluster.born.set(VersionedTransaction.deserialize(serialised(own)).message.recentBlockhash, height0)
    }
    // What was signed before somebody changed it.
    const valid = readable(transactionOf(fixture('solana', 'valid')))
    const first = own?.signatures[1]
    if (valid !== undefined && first !== undefined && valid.signatures[1] !== undefined && Buffer.compare(first, valid.signatures[1]) === 0)
      this.held.push(valid)
    cluster.height = height0 + 10
    this.count()
    const lands = scenario.state === 'lagging' || scenario.state === 'landed'
    if (lands && (own === undefined || cluster.send(own)?.error !== null)) return 'it can not land'
    if (scenario.state === 'landed-with-error') {
      const before = sources.map((address) => [address, cluster.get(address)] as const)
      for (const [address, account] of before) if (account !== null) cluster.set(address, emptied(account))
      const done = own === undefined ? undefined : cluster.send(own)
      for (const [address, account] of before) cluster.set(address, account)
      if (done === undefined || done.error === null) return 'it can not land with an error'
    }
    if (text === '') return 'there is nothing to send'
    cluster.height = scenario.state.startsWith('dead') || scenario.state === 'lagging' ? height0 + 400 : height0 + 60
    return undefined
  }

  count(): void {
    this.began = new Map(sources.map((address) => [address, this.cluster.balance(address)]))
    this.got = this.cluster.balance(destination)
  }

  /** What left the payer, and what the payee has of it, where it is the token that was asked for. */
  get spent(): bigint {
    return [...this.began].reduce((sum, [address, before]) => {
      const left = before - this.cluster.balance(address)
      return left > 0n ? sum + left : sum
    }, 0n)
  }

  get paid(): bigint {
    return this.cluster.balance(destination) - this.got
  }

  get now(): bigint {
    return BigInt(secondsOf(this.cluster.height) + 1)
  }

  async diagnose(): Promise<SolanaDiagnosis> {
    const { cluster, state } = this
    const heads: Partial<Record<SvmState, number>> = { behind: height0 - 50, lagging: height0 + 5 }
    const head = heads[state] ?? cluster.height
    const readers = state === 'none' ? [] : [svmReader(clientOf(cluster, head))]
    const { diagnosis } = await investigate(readSvmPayment(this.input), {
      now: this.now,
      readers,
      ...(state === 'dead-no-time' || this.turns > 0 ? {} : { at: BigInt(signedAt + 4) }),
    })
    this.#checkClaims(diagnosis)
    return diagnosis
  }

  #checkClaims({ money, retry, cause, verdict }: SolanaDiagnosis): void {
    if (money.state === 'moved') {
      if (this.spent === 0n && this.paid <= 0n) this.violates('not-moved-at-all', `${verdict} ${cause}: "${money.says}"`)
      return
    }
    if (money.state !== 'not-moved' && !(this.advice === 'ours' && retry.action === 'never')) return
    if (this.#canMove()) this.violates('called-over', `${verdict} ${cause}, ${money.state}, ${retry.action}: "${money.says}"`)
  }

  /** Whether what was diagnosed can land and move something, with all that is in the way gone. */
  #canMove(): boolean {
    const own = this.own
    if (own === undefined) return false
    const { message } = VersionedTransaction.deserialize(serialised(own))
    if (!this.cluster.lives(message.recentBlockhash, this.cluster.height + 1)) return false
    if (this.cluster.landed.some((each) => Buffer.compare(each.message, own.message) === 0)) return false
    const state = {
      genesisHash: '',
      slot: '0',
      settled: [],
      blockhashes: [message.recentBlockhash],
      accounts: { ...this.cluster.all(), ...healthy },
    }
    return runNow(state, own, { sigVerify: true }).error === null
  }

  /** Money, accounts and all that is missing is there. */
  heal(): void {
    for (const [address, account] of Object.entries(healthy)) {
      const has = this.cluster.get(address)
      // What holds tokens keeps what it has: only what is not as it should be is put right.
      const isRight = has !== null && account !== null && has.owner === account.owner && sameButAmount(has, account)
      if (!isRight || (sources.includes(address) && this.cluster.balance(address) < price)) this.#put(address, account)
    }
  }

  #put(address: string, account: SvmFixtureAccount | null): void {
    const before = this.cluster.balance(address)
    this.cluster.set(address, account)
    const change = this.cluster.balance(address) - before
    if (this.began.has(address)) this.began = new Map([...this.began, [address, (this.began.get(address) ?? 0n) + change]])
    if (address === destination) this.got += change
  }

  strike(moment: SvmScenario['moment']): void {
    if (this.scenario.moment !== moment) return
    this.steps.push('strike')
    for (const parts of this.held) this.cluster.send(parts)
  }

  strikeLast(): void {
    this.heal()
    for (const parts of this.held) this.cluster.send(parts)
  }
}

function emptied(account: SvmFixtureAccount): SvmFixtureAccount {
  const data = Buffer.from(account.data, 'base64')
  data.writeBigUInt64LE(0n, 64)
  return { ...account, data: data.toString('base64') }
}

function sameButAmount(one: SvmFixtureAccount, other: SvmFixtureAccount): boolean {
  return emptyOf(one) === emptyOf(other)
}

const emptyOf = (account: SvmFixtureAccount): string => {
  const { length } = Buffer.from(account.data, 'base64')
  return length === 165 ? emptied(account).data : length === 0 && BigInt(account.lamports) < 10_000_000n ? 'poor' : account.data
}

async function obey(run: Run): Promise<string> {
  const { cluster } = run
  let last = ''
  for (let round = 0; round < 8; round += 1) {
    const diagnosis = await run.diagnose()
    if (round === 0) run.strike('before')
    const order: Order = run.advice === 'ours' ? diagnosis.retry : naive(diagnosis)
    const { action, notBefore, onlyIf } = order
    run.steps.push(`${run.state}:${diagnosis.cause ?? diagnosis.verdict}:${diagnosis.money.state}:${action}`)
    last = `${action} (${diagnosis.cause ?? diagnosis.verdict})`
    const wasHonest = run.state !== 'none' && run.state !== 'behind' && run.state !== 'lagging'
    if (!wasHonest) run.state = 'alive'
    switch (action) {
      case 'never':
        return last
      case 'wait':
        cluster.height += life
        continue
      case 'unknown':
        if (run.advice === 'naive') return last
        // Whoever asks again asks later.
        if (wasHonest) cluster.height += life
        continue
      case 'send-same':
        run.strike('between')
        if (sendsOwn(run)) return 'sent'
        run.heal()
        if (sendsOwn(run)) return 'sent'
        continue
      case 'fix-first':
        mend(run, diagnosis)
        run.heal()
        run.strike('between')
        if (sendsOwn(run)) return 'sent'
        continue
      case 'sign-again':
      case 'cancel-first': {
        wait(run, notBefore)
        // An account of a durable nonce that is not there can not be advanced, and nothing can land by it.
        if (onlyIf.includes('nothing-landed') && run.spent > 0n) continue
        if (onlyIf.includes('fixed') || action === 'sign-again') run.heal()
        const parts = signRight(run)
        run.strike('between')
        const done = cluster.send(parts)
        if (done?.error === null) return 'sent'
        continue
      }
    }
  }
  return last
}

/** As an instruction says: until a height is finalized, or until the blockhash is dead in a block that is. */
function wait({ cluster, held }: Run, notBefore: Retry['notBefore']): void {
  if (notBefore === null) return
  const { block, finalized } = notBefore
  const ends = block === null ? Math.max(0, ...held.map((each) => endOf(cluster, each))) + 1 : Number(block)
  cluster.height = Math.max(cluster.height, ends + (finalized ? unfinalized : 0))
}

/** The last height at which it can land. */
function endOf(cluster: Cluster, parts: Parts): number {
  return (cluster.born.get(VersionedTransaction.deserialize(serialised(parts)).message.recentBlockhash) ?? 0) + life
}

function sendsOwn(run: Run): boolean {
  const own = run.own
  return own !== undefined && run.cluster.send(own)?.error === null
}

/** Bytes that are written otherwise than a node reads them. */
function mend(run: Run, { cause }: SolanaDiagnosis): void {
  if (cause !== 'svm-transaction-malformed') return
  const parts = readable(transactionOf({ input: run.input }))
  if (parts !== undefined) run.input = body(solana, base64(serialised(parts)))
}

/** A payment as it should be, of a blockhash that has just been made. */
function signRight(run: Run): Parts {
  run.turns += 1
  const blockhash = blockhashOf(`a blockhash of turn ${run.turns}`)
  run.cluster.born.set(blockhash, run.cluster.height)
  const text = base64(
    signed(partsOf(solana, { blockhash, memo: `turn ${run.turns} of ${facilitator.publicKey.toBase58()}`.slice(0, 32) })).serialize(),
  )
  run.input = body(solana, text)
  const parts = split(Buffer.from(text, 'base64'))
  const whole = coSigned(parts) ?? parts
  run.held.push(whole)
  return whole
}

export async function playSvm(scenario: SvmScenario, advice: Advice): Promise<Outcome> {
  const run = new Run(scenario, advice)
  const out = run.setUp()
  if (out !== undefined) return { violations: [], ended: '', steps: [], skipped: out }
  const ended = await obey(run)
  const enough = run.paid >= price
  const excuse = run.spent > 0n ? 'the money went as it was signed' : undefined
  if (!enough && excuse === undefined) run.violates('stuck', `ended with ${ended}`)
  const before = run.cluster.landed.filter(({ error }) => error === null).length
  run.strikeLast()
  const settled = run.cluster.landed.filter(({ error }) => error === null).length
  const carried = price > run.spent && before <= 1 ? run.spent : price
  if (settled > 1 && run.spent > carried)
    run.violates('pays-twice', `${run.spent} left the payer in ${settled} transactions, ${price} were asked for`)
  return { violations: run.violations, ended: enough ? 'paid' : (excuse ?? ended), steps: run.steps }
}
