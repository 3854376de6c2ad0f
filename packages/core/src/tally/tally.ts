import type { CauseId } from '../causes/catalogue.ts'
import type { Party } from '../causes/finding.ts'
import type { Count, Digits } from '../text/written.ts'
import { type Standing, standings } from '../verdict/standing.ts'
import type { PaymentMark, Slip } from './mark.ts'

/** Where a payment was read. */
export interface Place {
  /** As it was given or found; `-` is standard input. */
  readonly file: string
  /** Counted from 1; null where it is all of its file. */
  readonly line: Count | null
  /** Which entry of a HAR file or of a JSON list, counted from 1; null elsewhere. */
  readonly entry: Count | null
}

/**
 * Why there is no diagnosis. `unreadable`: what can not be read, so that nobody knows what it would have shown; `not-diagnosed`: a payment, of which
 * something that was needed could not be had; `no-payment`: something else, which a folder or a log has, too.
 */
export type UnreadKind = 'unreadable' | 'not-diagnosed' | 'no-payment'

export interface Unread {
  readonly place: Place
  /** One sentence. */
  readonly says: string
}

/** What all payments of a group have in common; null where they differ, or where nobody tells. */
export interface Common {
  readonly payer: string | null
  readonly payTo: string | null
  readonly token: string | null
  readonly network: string | null
  readonly slip: Slip | null
}

/** Several payments of one payer that all have the same wrong: one configuration made them. */
export interface Consensus {
  readonly payer: string
  readonly payments: Count
  /** How many payments of this payer there are in all. */
  readonly of: Count
  readonly slip: Slip
}

/** Payments that stand in the same way, for the same cause. */
export interface Group {
  readonly standing: Standing
  readonly cause: CauseId | null
  readonly party: Party | null
  /** Where no cause is named: the id of what keeps them open. */
  readonly open: string | null
  readonly payments: Count
  /** Of how many it is proven, and of how many inferred. */
  readonly proven: Count
  /** How many different payers they have, of those that name one. */
  readonly payers: Count
  /** What is said of the first of them, and what to do. */
  readonly says: string
  readonly fix: string | null
  readonly common: Common
  /** The payers with the most payments first. */
  readonly consensus: readonly Consensus[]
  /** When the earliest and the latest record was made, unix seconds; null where no record tells. */
  readonly first: Digits | null
  readonly last: Digits | null
  /** A few of them, to be looked at one by one. */
  readonly places: readonly Place[]
}

/** What many payments come to. JSON-safe. */
export interface TallyReport {
  /** Different payments: one that was met again counts once, as it stands worst; one that was refused and is said to be settled as that. */
  readonly payments: Count
  /** Records with a payment, those that were met again included. */
  readonly records: Count
  /** The worst first. */
  readonly groups: readonly Group[]
  readonly unreadable: UnreadReport
  readonly notDiagnosed: UnreadReport
  readonly noPayment: UnreadReport
}

export interface UnreadReport {
  readonly count: Count
  /** The first of them. */
  readonly some: readonly Unread[]
}

const mostPlaces = 5
/** More than are shown, since one that is met again and stands worse there is gone from here. */
const mostSamples = 50
const mostConsensus = 5
const mostUnread: Readonly<Record<UnreadKind, number>> = { unreadable: 50, 'not-diagnosed': 20, 'no-payment': 3 }

/** What is kept of a payment, so that it can be moved to where it stands worse. */
interface Kept {
  readonly group: Gathered
  readonly mark: Pick<PaymentMark, 'payer' | 'payTo' | 'token' | 'network' | 'isProven' | 'time'> & { readonly slip: string | null }
}

/** Gathers what many diagnoses come to, in room for what differs between them and not for all of them. */
export class Tally {
  readonly #groups = new Map<string, Gathered>()
  readonly #payments = new Map<string, Kept>()
  readonly #ofPayer = new Map<string, number>()
  readonly #texts = new Map<string, string>()
  readonly #unread: Readonly<Record<UnreadKind, { count: number; readonly some: Unread[] }>> = {
    unreadable: { count: 0, some: [] },
    'not-diagnosed': { count: 0, some: [] },
    'no-payment': { count: 0, some: [] },
  }
  #records = 0

  /** `key` is equal for two records of one payment. Returns whether it is new. */
  add(key: string, mark: PaymentMark, place: Place): boolean {
    this.#records++
    const known = this.#payments.get(key)
    const group = this.#groupOf(mark)
    if (known !== undefined && weightOf(known.group) >= weightOf(group)) return false
    if (known === undefined) bump(this.#ofPayer, mark.payer, 1)
    else known.group.remove(key, known.mark)
    const { isProven, slip } = mark
    const kept = {
      payer: this.#once(mark.payer),
      payTo: this.#once(mark.payTo),
      token: this.#once(mark.token),
      network: this.#once(mark.network),
      slip: this.#once(slip === null ? null : slipText(slip)),
      isProven,
      time: mark.time,
    }
    group.add(key, kept, mark, place)
    this.#payments.set(key, { group, mark: kept })
    return known === undefined
  }

  addUnread(kind: UnreadKind, unread: Unread): void {
    const all = this.#unread[kind]
    all.count++
    if (all.some.length < mostUnread[kind]) all.some.push(unread)
  }

  report(): TallyReport {
    const spans = this.#spans()
    const groups = [...this.#groups.values()]
      .filter(({ payments }) => payments > 0)
      .sort((a, b) => rankOf(b) - rankOf(a) || b.payments - a.payments)
      .map((group) => group.report(this.#ofPayer, spans.get(group)))
    return {
      payments: this.#payments.size,
      records: this.#records,
      groups,
      unreadable: this.#unread.unreadable,
      notDiagnosed: this.#unread['not-diagnosed'],
      noPayment: this.#unread['no-payment'],
    }
  }

  /** When the payments were recorded that each group has now. */
  #spans(): ReadonlyMap<Gathered, Span> {
    const spans = new Map<Gathered, Span>()
    for (const {
      group,
      mark: { time },
    } of this.#payments.values()) {
      if (time === null) continue
      const span = spans.get(group)
      spans.set(group, {
        first: span === undefined || time < span.first ? time : span.first,
        last: span === undefined || time > span.last ? time : span.last,
      })
    }
    return spans
  }

  #groupOf(mark: PaymentMark): Gathered {
    const { standing, cause, party, open } = mark
    const id = [standing, cause, party, open].join('|')
    const group = this.#groups.get(id) ?? new Gathered(mark)
    this.#groups.set(id, group)
    return group
  }

  /** The same text once, however many payments have it. */
  #once(text: string | null): string | null {
    if (text === null) return null
    const known = this.#texts.get(text)
    if (known === undefined) this.#texts.set(text, text)
    return known ?? text
  }
}

interface Span {
  readonly first: bigint
  readonly last: bigint
}

type Shared = 'payer' | 'payTo' | 'token' | 'network' | 'slip'

class Gathered {
  readonly standing: Standing
  readonly #mark: PaymentMark
  payments = 0
  #proven = 0
  readonly #values: Readonly<Record<Shared, Map<string, number>>> = {
    payer: new Map(),
    payTo: new Map(),
    token: new Map(),
    network: new Map(),
    slip: new Map(),
  }
  /** How many payments of a payer have a slip, by both. */
  readonly #slips = new Map<string, Map<string, number>>()
  readonly #slipOf = new Map<string, Slip>()
  readonly #samples = new Map<string, Pick<PaymentMark, 'says' | 'fix'> & { readonly place: Place }>()

  constructor(mark: PaymentMark) {
    this.standing = mark.standing
    this.#mark = mark
  }

  add(key: string, kept: Kept['mark'], { slip, says, fix }: PaymentMark, place: Place): void {
    this.#count(kept, 1)
    if (slip !== null && kept.slip !== null) this.#slipOf.set(kept.slip, slip)
    if (this.#samples.size < mostSamples) this.#samples.set(key, { says, fix, place })
  }

  remove(key: string, kept: Kept['mark']): void {
    this.#count(kept, -1)
    this.#samples.delete(key)
  }

  #count(kept: Kept['mark'], by: 1 | -1): void {
    this.payments += by
    if (kept.isProven) this.#proven += by
    for (const name of ['payer', 'payTo', 'token', 'network', 'slip'] as const) bump(this.#values[name], kept[name], by)
    if (kept.payer === null || kept.slip === null) return
    const slips = this.#slips.get(kept.payer) ?? new Map<string, number>()
    bump(slips, kept.slip, by)
    this.#slips.set(kept.payer, slips)
  }

  report(ofPayer: ReadonlyMap<string, number>, span: Span | undefined): Group {
    const { standing, cause, party, open } = this.#mark
    const samples = [...this.#samples.values()]
    const { says, fix } = samples[0] ?? this.#mark
    const only = (name: Shared): string | null => {
      const [first] = this.#values[name]
      return first !== undefined && first[1] === this.payments ? first[0] : null
    }
    const slip = only('slip')
    return {
      standing,
      cause,
      party,
      open,
      payments: this.payments,
      proven: this.#proven,
      payers: this.#values.payer.size,
      says,
      fix,
      common: {
        payer: only('payer'),
        payTo: only('payTo'),
        token: only('token'),
        network: only('network'),
        slip: slip === null ? null : (this.#slipOf.get(slip) ?? null),
      },
      consensus: this.#consensus(ofPayer),
      first: span === undefined ? null : String(span.first),
      last: span === undefined ? null : String(span.last),
      places: samples.slice(0, mostPlaces).map(({ place }) => place),
    }
  }

  /** One payment agrees with itself: it takes two of a payer, and none of his in the group that has something else. */
  #consensus(ofPayer: ReadonlyMap<string, number>): readonly Consensus[] {
    const all: Consensus[] = []
    for (const [payer, slips] of this.#slips) {
      const [only, other] = slips
      const payments = this.#values.payer.get(payer) ?? 0
      if (only === undefined || other !== undefined || payments < 2 || only[1] !== payments) continue
      const slip = this.#slipOf.get(only[0])
      if (slip !== undefined) all.push({ payer, payments, of: ofPayer.get(payer) ?? payments, slip })
    }
    return all.sort((a, b) => b.payments - a.payments).slice(0, mostConsensus)
  }
}

function rankOf({ standing }: { readonly standing: Standing }): number {
  return standings.indexOf(standing)
}

/**
 * Which of two records of one payment counts: the worse. But a nonce moves money once: what was refused and is said to be settled, or sent, was tried
 * again, and who reads of the refusal alone pays a second time.
 */
function weightOf(group: { readonly standing: Standing }): number {
  const { standing } = group
  const refused = standings.indexOf('refused-though-good')
  if (standing === 'said-settled') return refused + 0.5
  return standing === 'sent' ? refused + 0.25 : rankOf(group)
}

function slipText({ field, has, expected }: Slip): string {
  return JSON.stringify([field, has, expected])
}

function bump(counts: Map<string, number>, key: string | null, by: 1 | -1): void {
  if (key === null) return
  const count = (counts.get(key) ?? 0) + by
  if (count > 0) counts.set(key, count)
  else counts.delete(key)
}
