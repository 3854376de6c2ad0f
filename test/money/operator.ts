import { builtInNetworks, type CauseId, catalogue, diagnose, type EvmDiagnosis, type Retry, readEvmPayment } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { type Hex, keccak256, toHex } from 'viem'
import type { SignatureEvidence } from '../../packages/core/src/evm/signature/forensics.ts'
import type { Kernel } from '../../packages/core/src/evm/signature/kernel/recoverer.ts'
import { searchSignature } from '../../packages/core/src/evm/signature/search-signature.ts'
import { knowingKernel } from '../pairs/knowing-kernel.ts'
import { adversary, type Call, type Chain, eurc, type Message, type Moved, relayer, settling, type Token, usdc } from './chain.ts'
import {
  asked,
  bodyOf,
  broken,
  cancellation,
  type FaultId,
  half,
  now,
  offered,
  type Payment,
  type Position,
  payee,
  siblingOf,
  signedRight,
  truthOf,
  wallet,
  walletCode,
} from './payments.ts'
import { clientOf, type RpcState } from './view.ts'

export type Moment = (typeof moments)[number]
/** When the adversary submits all that it has: before anybody asked, after the answer, between signing and sending, or only when all is done. */
export const moments = ['gap', 'before', 'between', 'after'] as const

export type Advice = 'ours' | 'naive'

export interface Scenario {
  readonly faults: readonly FaultId[]
  readonly rpc: RpcState
  readonly position: Position
  readonly moment: Moment
}

export const idOf = ({ faults, rpc, position, moment }: Scenario): string =>
  `evm/${faults.length === 0 ? 'none' : faults.join('+')}/${rpc}/${position}/${moment}`

export type ViolationKind = 'pays-twice' | 'called-over' | 'not-moved-at-all' | 'stuck'

export interface Violation {
  readonly kind: ViolationKind
  readonly says: string
}

export interface Outcome {
  /** Why this scenario can not be; the rest is empty then. */
  readonly skipped?: string
  readonly violations: readonly Violation[]
  /** How it ended: paid, or why not. */
  readonly ended: string
  /** What was done, a word a step. */
  readonly steps: readonly string[]
}

/** An instruction, as far as the operator looks at it. */
type Order = Pick<Retry, 'action' | 'sameNonce' | 'nonce' | 'notBefore' | 'onlyIf' | 'through'>

/** What a table says of the cause, and a fresh nonce, at once: how retries are made by those who have no more than a word. */
function naive({ verdict, findings, settlement, evm }: EvmDiagnosis): Order {
  const words = findings.flatMap(({ severity, cause }) => (severity === 'error' ? [catalogue[cause].retry] : []))
  const closed = evm.window.now === 'closed'
  const most = (['never', 'unknown', 'sign-again', 'fix-first'] as const).find((each) => words.includes(each)) ?? 'send-same'
  const word = closed && (most === 'fix-first' || most === 'send-same') ? 'sign-again' : most
  const over = settlement?.how === 'canceled' || settlement?.transferred === true ? 'never' : 'unknown'
  const action = settlement !== null ? over : verdict === 'inconclusive' ? 'unknown' : word
  return { action, sameNonce: false, nonce: null, notBefore: null, onlyIf: [], through: 'same' }
}

const key = (call: Call): string => `${call.from}${call.to}${call.data}`

/** Whatever somebody can submit who holds a payment: as it was sent, as it was signed, with its bytes put right, at either token, as either message. */
const made = new WeakMap<Payment, readonly Call[]>()
function submissions(payment: Payment): readonly Call[] {
  const before = made.get(payment)
  if (before !== undefined) return before
  const { signed, signature, sent } = payment
  const texts: readonly (readonly [Message, Hex])[] = [
    [signed.message, signature],
    [sent.message, sent.signature],
    [sent.message, signature],
  ]
  const tokens = signed.domain.verifyingContract === usdc.address ? [usdc] : [usdc, eurc]
  const all = texts.flatMap(([message, bytes]) =>
    tokens.flatMap((token) => [
      settling(token, message, bytes, adversary),
      ...(signed.primaryType === 'ReceiveWithAuthorization' ? [settling(token, message, bytes, message.to, 'receive')] : []),
    ]),
  )
  const calls = [...new Map(all.map((call) => [key(call), call])).values()]
  made.set(payment, calls)
  return calls
}

/** Once for each payment, and once more where a chain tells another domain. */
const search = { depth: 'quick', maxHypotheses: 20_000 } as const
const again = { depth: 'quick', maxHypotheses: 500 } as const

/** The search sees nothing but the payment: what it finds is found once. */
const searched = new Map<string, Promise<SignatureEvidence>>()
function known(body: string, find: () => Promise<SignatureEvidence>): Promise<SignatureEvidence> {
  const before = searched.get(body) ?? find()
  searched.set(body, before)
  return before
}

const kernels = new WeakMap<Payment['signed'], Kernel>()
function kernelOf(payment: Payment): Kernel {
  const kernel = kernels.get(payment.signed) ?? knowingKernel(truthOf(payment))
  kernels.set(payment.signed, kernel)
  return kernel
}

/** One scenario on its way: the chain as it is, what the seller's node shows of it, and what everybody holds. */
class Run {
  readonly chain: Chain
  readonly scenario: Scenario
  readonly original: Payment
  readonly advice: Advice
  readonly held: Payment[]
  readonly violations: Violation[] = []
  readonly steps: string[] = []
  payment: Payment
  rpc: RpcState
  now = now
  heads: Partial<Record<RpcState, bigint>> = {}
  nonces = 0

  constructor(chain: Chain, scenario: Scenario, original: Payment, advice: Advice) {
    this.chain = chain
    this.scenario = scenario
    this.original = original
    this.payment = original
    this.advice = advice
    this.rpc = scenario.rpc
    this.held = [original]
  }

  /** When what was signed could have been used that nobody told of. */
  get gap(): bigint | undefined {
    const { validAfter, validBefore } = this.original.signed.message
    const at = validBefore <= now - 30n ? validBefore - 200n : now - 30n
    return at > validAfter && at < validBefore ? at : undefined
  }

  async setUp(): Promise<string | undefined> {
    const { chain, original, scenario } = this
    const { from, troubles } = original
    await chain.reset()
    const calls: Call[] = []
    for (const trouble of troubles) {
      switch (trouble) {
        case 'unfunded':
          for (const token of [usdc, eurc]) calls.push(chain.emptying(token, from, await chain.balance(token, from)))
          break
        case 'paused':
          calls.push(chain.pausing(usdc, true), chain.pausing(eurc, true))
          break
        case 'payer-listed':
        case 'payee-listed':
          for (const token of [usdc, eurc]) calls.push(chain.listing(token, trouble === 'payer-listed' ? from : payee, true))
          break
        case 'delegated':
          await chain.delegate(from)
          break
        case 'deployed':
          await chain.setCode(wallet, walletCode)
          break
        default:
      }
    }
    const hourHead = now - 3600n
    await chain.send(calls, now - 6500n)
    const events = await this.#events()
    const early = events !== undefined && events.at <= hourHead
    if (early) await this.#happen(events)
    await chain.mine(hourHead)
    this.heads['lag-3600'] = await chain.block()
    if (events !== undefined && !early && events.at <= now - 60n) await this.#happen(events)
    await chain.mine(now - 60n)
    this.heads['lag-60'] = await chain.block()
    if (events !== undefined && events.at > now - 60n) {
      if (scenario.rpc === 'halted') return 'nothing happens on a chain that stands'
      await this.#happen(events)
    }
    if (scenario.rpc !== 'halted') await chain.mine(now)
    return undefined
  }

  /** What became of the nonce before anybody asked. */
  async #events(): Promise<{ readonly at: bigint; readonly calls: readonly Call[]; readonly counts: boolean } | undefined> {
    const { chain, original, scenario, gap } = this
    const { message } = original.signed
    const token = tokenAt(original)
    for (const trouble of original.troubles) {
      if (trouble === 'canceled') {
        const signature = await cancellation(token, message.from, message.nonce)
        return { at: now - 30n, calls: [chain.canceling(token, message.from, message.nonce, signature)], counts: false }
      }
      if (trouble === 'sibling' || trouble === 'half-paid') {
        const other = await (trouble === 'sibling' ? siblingOf(original, now - 30n) : half(original, now - 30n))
        return { at: now - 30n, calls: submissions(other), counts: trouble === 'half-paid' }
      }
      if (trouble === 'paid') return gap === undefined ? undefined : { at: gap, calls: submissions(original), counts: true }
    }
    if (scenario.moment !== 'gap' && scenario.rpc !== 'reorged') return undefined
    return gap === undefined ? undefined : { at: gap, calls: submissions(original), counts: true }
  }

  async #happen({ at, calls, counts }: { readonly at: bigint; readonly calls: readonly Call[]; readonly counts: boolean }): Promise<void> {
    if (this.scenario.rpc === 'reorged') {
      this.#timeBefore = this.chain.time
      this.#beforeIt = await this.chain.snapshot()
    }
    await this.chain.send(calls, at)
    this.happened = true
    if (!counts) this.#others = (await this.moved()).length
  }

  #beforeIt: unknown
  #timeBefore = 0n
  #others = 0
  happened = false

  /** The block with what happened is gone, and others have its place. */
  async reorganise(): Promise<void> {
    await this.chain.revert(this.#beforeIt, this.#timeBefore)
    this.#others = 0
    for (const time of [now - 20n, now - 10n, now, now + 1n]) await this.chain.mine(time)
    this.now = now + 1n
  }

  /** What left the payer, but for what the nonce paid to somebody else. */
  async moved(): Promise<readonly Moved[]> {
    return (await this.chain.moved(this.original.from)).slice(this.#others)
  }

  async diagnose(): Promise<EvmDiagnosis> {
    const { rpc, chain } = this
    const head = this.heads[rpc]
    const client = clientOf(chain, { ...(head === undefined ? {} : { head }), receipts: rpc !== 'no-receipts' })
    const body = bodyOf(this.payment)
    const read = readEvmPayment(body)
    const kernel = kernelOf(this.payment)
    const signature = await known(JSON.stringify(body), () => searchSignature(read, builtInNetworks, { ...search, kernel }))
    const diagnosis = await diagnose(read, {
      now: this.now,
      chains: rpc === 'none' ? [] : [chainReader(client)],
      search: { ...again, kernel },
      signature,
    })
    await this.#checkClaims(diagnosis)
    return diagnosis
  }

  violates(kind: ViolationKind, says: string): void {
    if (!this.violations.some((each) => each.kind === kind)) this.violations.push({ kind, says })
  }

  /** What was said of the money, against the chain. */
  async #checkClaims({ money, retry, cause, verdict }: EvmDiagnosis): Promise<void> {
    const { sent, signed } = this.payment
    if (money.state === 'moved') {
      const to: readonly string[] = [payee, sent.message.to, signed.message.to].map((each) => each.toLowerCase())
      const values = [sent.message.value, signed.message.value]
      const paid = (await this.moved()).some((each) => to.includes(each.to.toLowerCase()) && values.includes(each.value))
      if (!paid) this.violates('not-moved-at-all', `${verdict} ${cause}: "${money.says}"`)
      return
    }
    const over = money.state === 'not-moved' || (this.advice === 'ours' && retry.action === 'never')
    if (over && (await this.#canMove()))
      this.violates('called-over', `${verdict} ${cause}, ${money.state}, ${retry.action}: "${money.says}"`)
  }

  /** Whether anybody with all powers can move the money of what was diagnosed. */
  async #canMove(): Promise<boolean> {
    const { chain, payment } = this
    const { time } = chain
    const before = await chain.snapshot()
    const count = (await this.moved()).length
    await this.power(payment)
    await this.#submitAll([payment])
    const moved = (await this.moved()).length > count
    await chain.revert(before, time)
    return moved
  }

  /** All that can be in the way goes away. */
  async power({ from, signed, sent }: Payment): Promise<void> {
    const code = from === wallet ? walletCode : '0x'
    await this.chain.clear(from, code, [...new Set([signed.message.to, sent.message.to, payee])])
  }

  async #submitAll(payments: readonly Payment[]): Promise<void> {
    const calls = payments.flatMap(submissions)
    await this.chain.submit(calls)
    const opens = payments.flatMap(({ signed, sent }) => [signed.message.validAfter, sent.message.validAfter])
    const last = opens.reduce((most, each) => (each > most && each < now + 10_000n ? each : most), 0n)
    if (last >= this.chain.time) await this.chain.submit(calls, last + 1n)
  }

  /** The adversary submits all that it holds, one second after the newest block. */
  async strike(moment: Moment): Promise<void> {
    if (this.scenario.moment !== moment) return
    this.steps.push('strike')
    await this.chain.submit(this.held.flatMap(submissions))
    this.keepUp()
  }

  /** At the end, with all powers, and then once more when every window has opened. */
  async strikeLast(): Promise<void> {
    await this.power(this.original)
    await this.#submitAll(this.held)
  }

  async until(time: bigint): Promise<void> {
    await this.chain.mine(time)
    this.keepUp()
  }

  async submit(call: Call): Promise<boolean> {
    const [done = false] = await this.chain.send([call])
    this.keepUp()
    return done
  }

  /** No clock is behind the newest block. */
  keepUp(): void {
    if (this.chain.time > this.now) this.now = this.chain.time
  }

  fresh(): Hex {
    this.nonces += 1
    return keccak256(toHex(`fresh ${this.nonces}`))
  }
}

const tokenAt = ({ signed: { domain } }: Payment): Token => (domain.verifyingContract === eurc.address ? eurc : usdc)

/** Puts right what the findings name. */
async function repair(run: Run, { findings, evm: { signed }, cause }: EvmDiagnosis): Promise<void> {
  const { chain, payment } = run
  const causes = new Set<CauseId | null>([cause, ...findings.flatMap(({ severity, cause: each }) => (severity === 'error' ? [each] : []))])
  const { from } = payment
  let sent = payment.sent
  for (const each of causes) {
    switch (each) {
      case 'insufficient-balance':
        await chain.send([usdc, eurc].map((token) => chain.minting(token, from, 10n ** 12n)))
        break
      case 'paused':
        await chain.send([usdc, eurc].map((token) => chain.pausing(token, false)))
        break
      case 'blacklisted':
        await chain.send(
          [usdc, eurc].flatMap((token) => [from, payee, sent.message.to].map((account) => chain.listing(token, account, false))),
        )
        break
      case 'eip7702-payer':
        await chain.setCode(from, '0x')
        break
      case 'smart-wallet-signature':
        // Deployed, and given what its owner made of it.
        await chain.setCode(from, walletCode)
        sent = { ...sent, signature: payment.signature }
        break
      case 'message-altered':
        if (signed !== null) {
          const { from: by, to, nonce, value, validAfter, validBefore } = signed
          const message = { from: by, to, nonce, value: BigInt(value), validAfter: BigInt(validAfter), validBefore: BigInt(validBefore) }
          sent = { ...sent, message }
        }
        break
      case 'high-s':
      case 'v-0-or-1':
      case 'compact-eip2098':
      case 'signature-length':
      case 'signature-byte-order':
      case 'v-flipped':
        sent = { ...sent, signature: payment.signature }
        break
      default:
    }
  }
  run.payment = { ...payment, sent }
  run.keepUp()
}

const sendingOf = ({ sent: { message, signature } }: Payment, through: 'same' | 'another'): Call =>
  settling(offered, message, signature, relayer(through))

/** Whether the nonce is unused, where that has to be so. */
async function holds(run: Run, { onlyIf, nonce }: Order): Promise<boolean> {
  return !(onlyIf.includes('nonce-unused') && (await run.chain.isUsed(offered, run.original.from, nonce ?? run.payment.sent.message.nonce)))
}

/**
 * Whether what was signed can move nothing at another token, or does not any more: whoever signed tells for which token that was, and the token whether it
 * was used there. What can is canceled first.
 */
async function isNotGoodElsewhere(run: Run, order: Order): Promise<boolean> {
  const { chain, original } = run
  const { nonce, validBefore } = original.signed.message
  const token = tokenAt(original)
  if (!order.onlyIf.includes('not-good-elsewhere') || token === offered) return true
  // Used by this payment, or by something else.
  if (await chain.isUsed(token, original.from, nonce)) return (await run.moved()).length === 0
  return validBefore <= chain.time || (await cancel(run, { ...order, nonce }))
}

/** How it ended: `sent`, or why nothing was. */
async function obey(run: Run): Promise<string> {
  let last = ''
  for (let round = 0; round < 7; round += 1) {
    const diagnosis = await run.diagnose()
    if (round === 0) await run.strike('before')
    const order: Order = run.advice === 'ours' ? diagnosis.retry : naive(diagnosis)
    const { action, notBefore, onlyIf } = order
    run.steps.push(`${run.rpc}:${diagnosis.cause ?? diagnosis.verdict}:${diagnosis.money.state}:${action}${order.sameNonce ? '=' : ''}`)
    last = `${action} (${diagnosis.cause ?? diagnosis.undecided?.id ?? diagnosis.verdict})`
    const wasHonest = run.rpc === 'honest' || run.rpc === 'halted' || run.rpc === 'reorged'
    // Whoever asks again asks one that knows.
    if (!wasHonest) run.rpc = 'honest'
    switch (action) {
      case 'never':
        return last
      case 'wait':
        await run.until(notBefore?.time == null ? run.chain.time + 60n : BigInt(notBefore.time))
        continue
      case 'unknown': {
        if (run.advice === 'naive') return last
        if (!wasHonest) continue
        if (run.rpc === 'halted' && run.chain.time < run.now) {
          await run.until(run.now)
          continue
        }
        if (onlyIf.includes('payer-agrees')) {
          if ((await paid(run)) > 0n || (await run.moved()).length > 0) return `${last}, the payer does not agree`
          if (await signAndSend(run, run.fresh(), order)) return 'sent'
          continue
        }
        if (onlyIf.includes('signed-message-known')) {
          const { nonce } = run.original.signed.message
          if ((await run.chain.isUsed(offered, run.original.from, nonce)) && (await run.moved()).length > 0)
            return `${last}, and it was used`
          if (!(await isNotGoodElsewhere(run, order))) return `${last}, and it was used elsewhere`
          if (await signAndSend(run, nonce, order)) return 'sent'
          continue
        }
        return last
      }
      case 'send-same':
      case 'fix-first': {
        if (notBefore?.time != null && BigInt(notBefore.time) > run.chain.time) await run.until(BigInt(notBefore.time) - 1n)
        if (!(await holds(run, order))) continue
        if (action === 'fix-first') {
          await repair(run, diagnosis)
          run.held.push(run.payment)
        }
        await run.strike('between')
        if (await run.submit(sendingOf(run.payment, order.through))) return 'sent'
        // A pause, a list: it settles as soon as that is gone.
        await repair(run, diagnosis)
        if (await run.submit(sendingOf(run.payment, order.through))) return 'sent'
        continue
      }
      case 'sign-again': {
        if (notBefore?.time != null) await run.until(BigInt(notBefore.time))
        if (!(await holds(run, order))) continue
        if (!(await isNotGoodElsewhere(run, order))) return `${last}, and it was used elsewhere`
        const nonce = order.nonce ?? (order.sameNonce ? run.payment.sent.message.nonce : run.fresh())
        if (await signAndSend(run, nonce, order)) return 'sent'
        continue
      }
      case 'cancel-first':
        if (!(await cancel(run, order))) return `${last}, and it was overtaken`
        if (await signAndSend(run, run.fresh(), order)) return 'sent'
        continue
    }
  }
  return last
}

/** Takes back what was signed, where it is good; whether that landed. */
async function cancel(run: Run, { nonce }: Order): Promise<boolean> {
  const token = tokenAt(run.original)
  const { from } = run.original
  const taken = nonce ?? run.original.signed.message.nonce
  const signature = await cancellation(token, from, taken)
  await run.strike('between')
  run.steps.push('cancel')
  if (await run.submit(run.chain.canceling(token, from, taken, signature))) return true
  // What is used up there, and by something else, stops this as a cancellation does.
  if (await run.chain.isUsed(token, from, taken)) return (await run.moved()).length === 0
  // A pause and a list stop it, too; whoever waits for it to land waits for their end.
  await run.power(run.original)
  return run.submit(run.chain.canceling(token, from, taken, signature))
}

async function signAndSend(run: Run, nonce: Hex, { through }: Order): Promise<boolean> {
  const payment = await signedRight(run.original.from, nonce, run.chain.time)
  run.payment = payment
  run.held.push(payment)
  await run.strike('between')
  return run.submit(sendingOf(payment, through))
}

/** What the payee has of it, in the token that was asked for. */
async function paid(run: Run): Promise<bigint> {
  const all = await run.moved()
  return all.reduce((sum, { token, to, value }) => (token === offered.address && to === payee ? sum + value : sum), 0n)
}

export async function play(chain: Chain, scenario: Scenario, advice: Advice): Promise<Outcome> {
  const none = { violations: [], ended: '', steps: [] }
  const original = await broken(scenario.faults, scenario.position)
  const run = new Run(chain, scenario, original, advice)
  if (scenario.moment === 'gap' && run.gap === undefined) return { ...none, skipped: 'nothing can have been used' }
  const skipped = await run.setUp()
  if (skipped !== undefined) return { ...none, skipped }
  if (scenario.rpc === 'reorged') {
    if (!run.happened || (await run.moved()).length === 0) return { ...none, skipped: 'nothing to reorganise away' }
    const early = await run.diagnose()
    run.steps.push(`settled:${early.money.state}:${early.retry.action}`)
    if (early.money.finality === 'finalized') run.violates('called-over', `final, and reorganised away: "${early.money.says}"`)
    await run.reorganise()
  }
  const ended = await obey(run)
  const moved = await run.moved()
  const got = await paid(run)
  const excuse = moved.length > 0 ? 'the money went as it was signed' : excuseOf(original, ended)
  if (got < asked && excuse === undefined) run.violates('stuck', `ended with ${ended}`)
  await run.strikeLast()
  const all = await run.moved()
  const sum = all.reduce((total, { value }) => total + value, 0n)
  if (all.length > 1 && sum > asked && sum > original.signed.message.value)
    run.violates(
      'pays-twice',
      all.map(({ to, value, token }) => `${value} to ${to} in ${token === usdc.address ? 'USDC' : 'EURC'}`).join(', '),
    )
  return { violations: run.violations, ended: got >= asked ? 'paid' : (excuse ?? ended), steps: run.steps }
}

/** Where no settlement follows, and rightly. */
function excuseOf({ troubles }: Payment, ended: string): string | undefined {
  if (troubles.includes('canceled') && ended.startsWith('never')) return 'the payer took it back'
  if (troubles.some((each) => each === 'payer-listed' || each === 'payee-listed') && ended.startsWith('never'))
    return 'impossible: only the issuer takes who is listed off its list'
  if (troubles.includes('undeployed') && ended.startsWith('unknown'))
    return "impossible: nothing tells that there will be a wallet, and whose key its owner's is"
  return undefined
}
