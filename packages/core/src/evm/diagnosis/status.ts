import { sameAddress } from '../../bytes/address.ts'
import type { Hex } from '../../bytes/hex.ts'
import { lagOf } from '../../evidence/freshness.ts'
import { ifKnown, type Known } from '../../evidence/known.ts'
import type { Finality } from '../../money/instrument.ts'
import { instruct, type Retry } from '../../money/retry.ts'
import { explorerPage, type PaymentStatus, type StatusSource, type StatusTransaction } from '../../money/status.ts'
import type { EvmNetwork } from '../../networks/network.ts'
import { formatUnits } from '../../text/amount.ts'
import { utc } from '../../text/utc.ts'
import { isReplaced, type Settlement } from '../evidence/chain.ts'
import type { AskedAuthorization, StatusAnswer, StatusReading, TransactionReading } from '../evidence/status.ts'

/** What is asked about, on which chain, and when. */
export interface StatusCase {
  /** Absent where nothing here knows the network. */
  readonly network?: EvmNetwork
  readonly chainId: number | undefined
  readonly authorization?: AskedAuthorization
  readonly transaction?: Hex
  /** Who keeps what is asked about, where it is not the token, as a clause. */
  readonly elsewhere?: string
  /** Unix seconds. */
  readonly now: bigint
}

type Found = Pick<PaymentStatus, 'state' | 'finality' | 'money' | 'headline' | 'retry' | 'transaction'> &
  Partial<Pick<PaymentStatus, 'lookAgain'>> & {
    /** Whether what was asked is answered, so that no other call would tell. */
    readonly told: boolean
  }

const twice = 'signed anew with another nonce, both can be settled, and the payer pays twice'

/** What became of it, by what each RPC says. Pure. */
export function evmStatus(asked: StatusCase, answers: readonly StatusAnswer[]): PaymentStatus {
  const { network, authorization, transaction } = asked
  const found = judge(asked, answers)
  const { told, lookAgain = null, ...rest } = found
  const shown = rest.transaction?.id ?? transaction
  return {
    schema: 'eip3009/status@1',
    family: 'evm',
    ...rest,
    network: network?.id ?? (asked.chainId === undefined ? null : `eip155:${asked.chainId}`),
    subject: authorization === undefined ? null : subjectOf(authorization),
    chain: answers.map((answer) => sourceOf(answer, asked)),
    lookAgain,
    check: told ? null : callOf(asked),
    explorer:
      shown !== undefined
        ? explorerPage(network, 'tx', shown)
        : authorization === undefined
          ? null
          : explorerPage(network, 'address', authorization.from),
  }
}

function subjectOf({ token, from, nonce, to, value, validAfter, validBefore }: AskedAuthorization): PaymentStatus['subject'] {
  return {
    token,
    from,
    nonce,
    to: to ?? null,
    value: value === undefined ? null : String(value),
    opens: validAfter === undefined ? null : String(validAfter + 1n),
    closes: validBefore === undefined ? null : String(validBefore - 1n),
  }
}

/** The one command that tells, with everything in its place. */
function callOf({ network, authorization, transaction }: StatusCase): string | null {
  const rpc = network?.rpcUrls[0] ?? `<an RPC of ${network?.id ?? 'that chain'}>`
  if (transaction !== undefined) return `cast receipt ${transaction} --rpc-url ${rpc}`
  if (authorization === undefined) return null
  const { token, from, nonce } = authorization
  return `cast call ${token} "authorizationState(address,bytes32)(bool)" ${from} ${nonce} --rpc-url ${rpc}`
}

function judge(asked: StatusCase, answers: readonly StatusAnswer[]): Found {
  const readings = answers.filter((answer) => answer.kind === 'read')
  if (asked.authorization === undefined && asked.transaction === undefined)
    return inDoubt(asked.elsewhere ?? 'nothing says of which token the payment is')
  if (asked.chainId === undefined) return inDoubt('nothing says which network it is for (--network)')
  if (readings.length === 0) return unasked(asked, answers)
  const conflict = conflictOf(asked, readings)
  if (conflict !== undefined) return inDoubt(conflict)
  const { sent, by } = sentIn(readings)
  const nonce = asked.authorization === undefined ? undefined : byNonce(asked, asked.authorization, readings)
  if (asked.transaction === undefined) return nonce ?? inDoubt('nothing says of which token the payment is')
  return byTransaction(asked, asked.transaction, sent, by ?? latest(readings), nonce)
}

/** Without anybody who answers. What was said of its transaction is a claim, and is still what to look at. */
function unasked({ authorization, transaction, now }: StatusCase, answers: readonly StatusAnswer[]): Found {
  const [first] = answers
  const why =
    first === undefined
      ? 'no RPC was given'
      : first.kind === 'wrong-chain'
        ? `${first.source} is of chain ${first.chainId}, and not of ${first.expected}`
        : first.kind === 'unreachable'
          ? `${first.source} did not tell: ${first.reason}`
          : 'nobody was asked'
  const what = transaction === undefined ? 'Whether it was used, canceled or neither' : `What became of transaction ${transaction}`
  const closes = authorization?.validBefore === undefined ? undefined : authorization.validBefore - 1n
  const over = closes !== undefined && now > closes ? utc(closes) : undefined
  return {
    state: 'unknown',
    finality: 'none',
    money: 'unknown',
    headline: `${what}, only the chain tells, and ${why}.${byClock(authorization, now)}`,
    retry:
      over === undefined
        ? sameOnly(authorization === undefined ? `transaction ${transaction}` : 'it', 'look it up first')
        : instruct(
            { action: 'unknown', onlyIf: ['receipt-read'], cost: twice },
            {
              says: `look it up first: used, it is paid, unless it was canceled; unused at a block later than ${over}, it may be signed again`,
            },
          ),
    transaction: transaction === undefined ? null : { ...blank(transaction), state: 'unknown' },
    told: false,
  }
}

/** What follows from its window alone, by the clock of whoever asks. */
function byClock(authorization: AskedAuthorization | undefined, now: bigint): string {
  if (authorization?.validBefore === undefined) return ''
  const closes = authorization.validBefore - 1n
  return now > closes
    ? ` Its window closed at ${utc(closes)}: what was not used by then can not be used any more.`
    : ` Unless it was, whoever holds it can use it until ${utc(closes)}.`
}

function inDoubt(why: string): Found {
  return {
    state: 'unknown',
    finality: 'none',
    money: 'unknown',
    headline: `What became of it could not be told: ${why}.`,
    retry: sameOnly('it', 'settle that first'),
    transaction: null,
    told: false,
  }
}

/** The same bytes pay once at most, and may always be sent again; nothing new is signed before it is known what became of them. */
function sameOnly(what: string, first: string): Retry {
  return instruct(
    { action: 'send-same', onlyIf: [], cost: twice },
    {
      says: `${first}; the same payload can be sent again, which can not pay twice, and no new signature may be made before it is known what became of ${what}`,
    },
  )
}

function blank(id: string): StatusTransaction {
  return { id, state: 'missing', block: null, time: null, sender: null, paid: null, depth: null }
}

function latest(readings: readonly StatusReading[]): StatusReading {
  const [first, ...others] = readings
  if (first === undefined) throw new RangeError('there is no reading')
  return others.reduce((best, each) => (each.head.number > best.head.number ? each : best), first)
}

function isUsed({ nonce }: StatusReading): boolean {
  return nonce !== undefined && (ifKnown(nonce.used) === true || ifKnown(nonce.settlement) != null)
}

function settlementIn({ nonce }: StatusReading): Settlement | undefined {
  return (nonce === undefined ? undefined : ifKnown(nonce.settlement)) ?? undefined
}

/** What two RPCs say that can not both be so. That one has not seen a block yet is no contradiction. */
function conflictOf({ authorization }: StatusCase, readings: readonly StatusReading[]): string | undefined {
  for (const one of readings) {
    for (const other of readings) {
      const [a, b] = [settlementIn(one), settlementIn(other)]
      if (a !== undefined && b !== undefined && one !== other && (a.transaction !== b.transaction || a.how !== b.how))
        return `${one.source} says that it was ${a.how} in transaction ${a.transaction}, and ${other.source} that it was ${b.how} in ${b.transaction}`
      const isFree = other.nonce !== undefined && !isUsed(other) && ifKnown(other.nonce.used) === false
      if (authorization === undefined || one === other || !isUsed(one) || !isFree) continue
      const since = a?.block ?? one.head.number
      if (other.head.number >= since)
        return `${one.source} says that it is used since block ${since}, and ${other.source} at its block ${other.head.number} that it is not`
    }
  }
  return undefined
}

/** What is known of the transaction, from whoever has it in a block, else from whoever knows it. */
function sentIn(readings: readonly StatusReading[]): {
  readonly sent: Known<TransactionReading | null> | undefined
  readonly by: StatusReading | undefined
} {
  const rank = ({ sent }: StatusReading): number => {
    const value = sent === undefined ? undefined : ifKnown(sent)
    if (value === undefined) return sent === undefined ? 0 : 1
    if (value === null) return 2
    return value.state === 'pending' || value.state === 'replaced' ? 3 : 4
  }
  const by = readings.reduce<StatusReading | undefined>(
    (best, each) => (best === undefined || rank(each) > rank(best) ? each : best),
    undefined,
  )
  return { sent: by?.sent, by }
}

/** A week in seconds, which rollups take at most. */
const longestWait = 604_800n

/** How sure what a block shows is, and how long until it is surer. */
function finalityOf(
  { head, safe, finalized }: StatusReading,
  block: bigint,
): { readonly finality: Finality; readonly wait: number | null } {
  const [s, f] = [ifKnown(safe) ?? undefined, ifKnown(finalized) ?? undefined]
  if (f !== undefined && f.number >= block) return { finality: 'finalized', wait: null }
  const isSafe = s !== undefined && s.number >= block
  const next = isSafe ? f : (s ?? f)
  // The chain's own pace: what it calls safe or final lies so many seconds behind its head.
  const behind = next === undefined || next.number >= head.number ? undefined : head.time - next.time
  // Further behind than any chain takes its time it stands still, or is the first block of a chain of one's own: that is no pace.
  const wait = behind === undefined || behind > longestWait ? null : Number(behind)
  return { finality: isSafe ? 'safe' : 'latest', wait }
}

/** Behind a fact that a block shows: whether it stays so. */
function sure(
  reading: StatusReading,
  block: bigint,
): { readonly finality: Finality; readonly says: string; readonly lookAgain: number | null } {
  const { finality, wait } = finalityOf(reading, block)
  const final = ifKnown(reading.finalized) ?? undefined
  const again = wait === null ? '' : `; look again in ${span(wait)}`
  if (finality === 'finalized' && final !== undefined)
    return { finality, says: `That is final: the chain's finalized block is ${final.number} (${utc(final.time)}).`, lookAgain: null }
  if (finality === 'safe') return { finality, says: `Its block is called safe, and is not finalized yet${again}.`, lookAgain: wait }
  const untold = final === undefined && (ifKnown(reading.safe) ?? undefined) === undefined
  return {
    finality,
    says: untold
      ? `Its block can still be undone, as far as ${reading.source} tells: it names no safe and no finalized block.`
      : `Its block can still be undone${again}.`,
    lookAgain: wait,
  }
}

function span(seconds: number): string {
  if (seconds < 90) return `${seconds} s`
  return `${Math.ceil(seconds / 60)} min`
}

/** What the token says of the nonce, and what its logs say of who used it. */
function byNonce(asked: StatusCase, authorization: AskedAuthorization, readings: readonly StatusReading[]): Found {
  const used = readings.filter(isUsed)
  const withLog = used.filter((each) => settlementIn(each) !== undefined)
  const reading = latest(withLog.length > 0 ? withLog : used.length > 0 ? used : readings)
  const { nonce, source, head } = reading
  const settlement = settlementIn(reading)
  if (settlement !== undefined) return bySettlement(asked, authorization, settlement, reading)
  if (used.length > 0 && nonce !== undefined) {
    const finality = ifKnown(nonce.finalized) === true ? 'finalized' : ifKnown(nonce.safe) === true ? 'safe' : 'latest'
    const why = nonce.settlement.known ? 'no log of it was found' : nonce.settlement.reason
    return {
      state: 'used',
      finality,
      money: 'unknown',
      headline: `It is used or canceled at block ${head.number} of ${source}; which of the two, and by whom, could not be told: ${why}.`,
      retry: lookUp(),
      transaction: null,
      told: false,
    }
  }
  const flag = nonce?.used
  if (flag === undefined || !flag.known) return inDoubt(`${source} did not tell whether it is used: ${flag?.reason ?? 'it was not asked'}`)
  if (flag.value === null)
    return inDoubt(
      `${authorization.token} has no authorizationState at block ${head.number} of ${source}: it is no token with EIP-3009 there`,
    )
  const lag = lagOf(head.time, asked.now, asked.network?.blockTime)
  if (lag !== undefined)
    return inDoubt(
      `it was unused at block ${head.number} of ${source}, which is of ${utc(head.time)}, ${span(Number(lag))} ago: that RPC is behind, and what happened since it does not know`,
    )
  if (ifKnown(nonce?.pending ?? flag) === true) return waiting(null, source)
  return unused(authorization, reading)
}

function lookUp(): Retry {
  return instruct(
    { action: 'unknown', onlyIf: ['receipt-read'], cost: twice },
    { says: 'send and sign nothing: look up first what used it' },
  )
}

function waiting(transaction: StatusTransaction | null, source: string): Found {
  const what = transaction === null ? 'A transaction' : `Transaction ${transaction.id}`
  return {
    state: 'pending',
    finality: 'none',
    money: 'can-move',
    headline: `${what} that uses it waits to be mined, as ${source} has it: it may still be mined, replaced or dropped.`,
    retry: sameOnly('it', 'wait for that transaction'),
    transaction,
    lookAgain: 15,
    told: true,
  }
}

function unused({ validAfter, validBefore }: AskedAuthorization, reading: StatusReading): Found {
  const { head, source, finalized, nonce } = reading
  const at = `at block ${head.number} of ${source} (${utc(head.time)})`
  const open = { state: 'unused', finality: 'latest', money: 'can-move', transaction: null, told: true } as const
  const again = instruct(
    { action: 'send-same', onlyIf: ['nonce-unused'], cost: twice },
    {
      says: 'the same payload can be sent again, which can not pay twice; no new signature before this one is used, canceled or out of its time',
    },
  )
  if (validBefore === undefined)
    return {
      ...open,
      headline: `It is unused ${at}: nothing moved by it. Until when it can be used, stands in what was signed, and was not told here.`,
      retry: again,
    }
  const closes = validBefore - 1n
  if (head.time <= closes) {
    const from = validAfter !== undefined && head.time <= validAfter ? `, not before ${utc(validAfter + 1n)}` : ''
    return {
      ...open,
      headline: `It is unused ${at}: nothing moved by it. Whoever holds it can still use it${from}, until ${utc(closes)}.`,
      retry: again,
    }
  }
  const final = ifKnown(finalized) ?? undefined
  const isFinal = final !== undefined && final.time > closes && nonce !== undefined && ifKnown(nonce.finalized) === false
  const over = { state: 'expired', money: 'not-moved', transaction: null, told: true } as const
  if (isFinal)
    return {
      ...over,
      finality: 'finalized',
      headline: `It was not used, and can not be any more: its window closed at ${utc(closes)}, and at the finalized block ${final.number} (${utc(final.time)}) it is unused.`,
      retry: instruct({ action: 'sign-again' }),
    }
  const { wait } = finalityOf(reading, head.number)
  return {
    ...over,
    finality: 'latest',
    headline: `It is unused ${at}, and its window closed at ${utc(closes)}: nothing moved by it. A block that is not final yet shows that${wait === null ? '' : `; look again in ${span(wait)}`}.`,
    retry: instruct({
      action: 'sign-again',
      notBefore: { time: String(validBefore), block: null, finalized: true },
      onlyIf: ['nonce-unused'],
      cost: twice,
    }),
    lookAgain: wait,
  }
}

function bySettlement(asked: StatusCase, { to, value }: AskedAuthorization, settlement: Settlement, reading: StatusReading): Found {
  const { how, transaction: id, block, time, sender, paid } = settlement
  const depth = reading.head.number >= block ? String(reading.head.number - block + 1n) : null
  const moved = ifKnown(paid) ?? null
  const transaction: StatusTransaction = {
    id,
    state: isReplaced(settlement) ? 'replaced' : 'succeeded',
    block: String(block),
    time: time.known ? String(time.value) : null,
    sender: ifKnown(sender) ?? null,
    paid: moved === null ? null : { to: moved.to, value: String(moved.value) },
    depth,
  }
  const where = whereOf(transaction)
  if (isReplaced(settlement))
    return {
      ...inDoubt(
        `it was ${how} in ${where}, and that block is no part of the chain any more, so that it may be used again, or be in another block`,
      ),
      transaction,
      lookAgain: 15,
    }
  const { finality, says, lookAgain } = sure(reading, block)
  const common = { finality, transaction, lookAgain, told: true } as const
  const waitFor = { time: null, block: String(block), finalized: true } as const
  if (how === 'canceled')
    return {
      ...common,
      state: 'canceled',
      money: 'not-moved',
      headline: `The payer canceled it in ${where}: nothing moved by it, and nothing can. ${says}`,
      retry: instruct({
        action: 'sign-again',
        onlyIf: finality === 'finalized' ? ['payer-agrees'] : ['cancellation-landed', 'payer-agrees'],
      }),
    }
  if (moved === null) {
    const why = paid.known ? 'the logs show no Transfer from the payer right after it' : paid.reason
    return {
      ...common,
      state: 'used',
      money: 'unknown',
      headline: `It was used in ${where}; what was paid by it could not be told: ${why}. ${says}`,
      retry: lookUp(),
      told: false,
    }
  }
  const isOwn = (to === undefined || sameAddress(moved.to, to)) && (value === undefined || moved.value === value)
  const by = transaction.sender === null ? '' : `, sent by ${transaction.sender}`
  const what = `${amountOf(moved.value, asked)} to ${moved.to}`
  if (isOwn)
    return {
      ...common,
      state: 'paid',
      money: 'moved',
      headline: `It was used: ${what} in ${where}${by}. ${says}`,
      retry: instruct({ action: 'never' }, finality === 'finalized' ? {} : { after: 'it is settled for good once its block is finalized' }),
    }
  const meant = `${value === undefined ? '' : `${amountOf(value, asked)} `}to ${to ?? 'its payee'}`
  return {
    ...common,
    state: 'spent-on-another',
    money: 'not-moved',
    headline: `Its nonce was used for another payment: ${what} in ${where}${by}; ${meant.trim()} was not paid, and never will be by this one. ${says}`,
    retry: instruct({ action: 'sign-again', ...(finality === 'finalized' ? {} : { notBefore: waitFor, cost: twice }) }),
  }
}

function whereOf({ id, block, time }: StatusTransaction): string {
  const at = time === null ? '' : ` (${utc(BigInt(time))})`
  return `transaction ${id}${block === null ? '' : `, block ${block}${at}`}`
}

function amountOf(value: bigint, { network, authorization }: StatusCase, address = authorization?.token): string {
  const token = [network?.usdc, ...(network?.otherTokens ?? [])].find(
    (each) => each !== undefined && address !== undefined && sameAddress(each.address, address),
  )
  return token === undefined ? `${value} atomic units` : `${formatUnits(value, token.decimals)} ${token.symbol}`
}

/** What the transaction that was named came to, and what became of the authorization in it. */
function byTransaction(
  asked: StatusCase,
  id: Hex,
  sent: Known<TransactionReading | null> | undefined,
  reading: StatusReading,
  nonce: Found | undefined,
): Found {
  const { source } = reading
  // Whatever the named one came to: what the token says of the nonce goes before it.
  const isOver =
    nonce !== undefined && nonce.state !== 'unused' && nonce.state !== 'expired' && nonce.state !== 'unknown' && nonce.state !== 'pending'
  if (isOver && nonce.transaction?.id === id) return nonce
  const beside = (transaction: StatusTransaction, says: string): Found =>
    nonce === undefined
      ? {
          state: 'unknown',
          finality: 'none',
          money: 'unknown',
          headline: says,
          retry: sameOnly(`transaction ${id}`, 'look it up first'),
          transaction,
          told: false,
        }
      : { ...nonce, headline: `${says} ${nonce.headline}`, transaction: isOver ? nonce.transaction : transaction }
  if (sent === undefined || !sent.known)
    return beside(
      { ...blank(id), state: 'unknown' },
      `What became of transaction ${id} ${source} did not tell: ${sent?.reason ?? 'it was not asked'}.`,
    )
  if (sent.value === null)
    return beside(
      blank(id),
      `${source} knows no transaction ${id}: it is of another network, was dropped, or has not come to that node. That it was never sent does not follow.`,
    )
  const { state, block, time, sender, uses } = sent.value
  const transaction: StatusTransaction = {
    id,
    state,
    block: block === null ? null : String(block),
    time: time.known ? String(time.value) : null,
    sender,
    paid: null,
    depth: block === null || reading.head.number < block ? null : String(reading.head.number - block + 1n),
  }
  switch (state) {
    case 'pending':
      if (isOver) return beside(transaction, `Transaction ${id} still waits to be mined, as ${source} has it.`)
      return asked.authorization === undefined
        ? {
            ...waiting(transaction, source),
            headline: `Transaction ${id} waits to be mined, as ${source} has it: it may still be mined, replaced or dropped.`,
          }
        : waiting(transaction, source)
    case 'replaced':
      return {
        ...beside(transaction, `Transaction ${id} was in block ${block}, which the chain has replaced: it may be mined again, or not.`),
        ...(isOver ? {} : { lookAgain: 15 }),
      }
    case 'failed': {
      const { finality, says, lookAgain } = sure(reading, block ?? 0n)
      const failed = `Transaction ${id} failed in block ${block}: nothing moved by it. ${says}`
      if (nonce !== undefined) return beside(transaction, failed)
      return {
        state: 'failed',
        finality,
        money: 'not-moved',
        headline: `${failed} Why: eip3009 diagnose ${id}.`,
        retry: instruct({ action: 'unknown' }, { says: 'what may be sent again depends on what was in it: eip3009 diagnose tells' }),
        transaction,
        lookAgain,
        told: true,
      }
    }
    case 'succeeded': {
      if (nonce !== undefined)
        return beside(transaction, `Transaction ${id} is in block ${block}, succeeded, and has nothing of this authorization in it.`)
      const { finality, says, lookAgain } = sure(reading, block ?? 0n)
      const where = `Transaction ${id} is in block ${block} and succeeded`
      const common = { finality, transaction, lookAgain, told: true } as const
      const paid = uses.filter((each) => each.paid !== null)
      if (paid.length === 0)
        return {
          ...common,
          state: 'no-payment',
          money: 'unknown',
          headline: `${where}; no authorization paid anything in it. ${says}`,
          retry: instruct({ action: 'unknown' }, { says: 'nothing of a payment is in it, so that nothing follows for one' }),
        }
      const each = paid.map(
        ({ token, from, paid: own }) => `${own === null ? '' : amountOf(own.value, asked, token)} from ${from} to ${own?.to}`,
      )
      const more = each.length > 5 ? `; and ${each.length - 5} more` : ''
      return {
        ...common,
        state: 'paid',
        money: 'moved',
        headline: `${where}. By authorizations it paid ${each.slice(0, 5).join('; ')}${more}. ${says}`,
        retry: instruct({ action: 'never' }),
      }
    }
  }
}

function sourceOf(answer: StatusAnswer, { network, now, authorization, transaction }: StatusCase): StatusSource {
  const { source, kind } = answer
  if (answer.kind === 'wrong-chain')
    return { source, kind, head: null, behind: null, says: `it is of chain ${answer.chainId}, and not of ${answer.expected}` }
  if (answer.kind === 'unreachable') return { source, kind, head: null, behind: null, says: answer.reason }
  const { head, nonce, sent } = answer
  const lag = lagOf(head.time, now, network?.blockTime)
  const used = nonce === undefined ? undefined : ifKnown(nonce.used)
  const settlement = settlementIn(answer)
  const words = [
    ...(authorization === undefined
      ? []
      : [
          settlement !== undefined
            ? `${settlement.how} in ${settlement.transaction}`
            : used === undefined
              ? 'not told whether it is used'
              : used === null
                ? 'no authorizationState'
                : used
                  ? 'used or canceled'
                  : 'unused',
        ]),
    ...(transaction === undefined
      ? []
      : [`transaction ${sent === undefined || !sent.known ? 'not told' : (sent.value?.state ?? 'not known')}`]),
  ]
  const late = lag === undefined ? '' : `, ${span(Number(lag))} behind`
  return {
    source,
    kind,
    head: String(head.number),
    behind: lag === undefined ? null : String(lag),
    says: `block ${head.number} (${utc(head.time)})${late}: ${words.join(', ')}`,
  }
}
