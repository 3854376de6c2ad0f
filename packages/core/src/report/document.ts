/** What a title says: the answer is good news, bad news, or none yet. */
export type Tone = 'good' | 'bad' | 'warn'

/** The answer: one word for it, one sentence, and what follows from it. */
export interface Title {
  readonly tone: Tone
  /** `FAILS`, with the sign that people look for: `✗ FAILS`. */
  readonly mark: string
  readonly headline: string
  /** Cause, fault, proof, what to do: in this order, as far as each is known. */
  readonly details: readonly string[]
}

/** A text behind a label. An empty label belongs to the row above. */
export interface Row {
  readonly label: string
  readonly text: string
}

/** Two values beside each other. */
export interface TableRow {
  readonly label: string
  readonly left: string
  readonly right: string
  readonly differs: boolean
  /** Whether it helps to show where they first differ. */
  readonly mark: boolean
}

/** One piece of a report, by the role that it plays and not by how it looks. */
export type Block =
  /** Labels with their texts. */
  | { readonly role: 'rows'; readonly rows: readonly Row[] }
  /** The values of one field: what was seen, what was signed, what was expected. */
  | { readonly role: 'facts'; readonly label: string; readonly values: readonly Row[]; readonly mark: boolean }
  /** Two columns of values, member by member. `short`: addresses and digests are told by their ends where room is scarce. */
  | {
      readonly role: 'table'
      readonly heads: readonly [left: string, right: string]
      readonly rows: readonly TableRow[]
      readonly short: boolean
    }
  /** Lines as they are, each by itself and none broken: calls, logs. */
  | { readonly role: 'lines'; readonly label: string; readonly lines: readonly string[] }
  /** A paragraph, and the rows that it introduces. */
  | { readonly role: 'note'; readonly text: string; readonly rows: readonly Row[] }

/** A report as roles: what is said, and nothing of how it is laid out. Values from outside are in it as they came; each renderer makes them printable. */
export interface ReportDocument {
  readonly title: Title
  readonly blocks: readonly Block[]
}
