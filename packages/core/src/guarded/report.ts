import {
  callback,
  either,
  flag,
  guarded,
  list,
  maybe,
  nullable,
  object,
  oneOf,
  record,
  type Shape,
  text,
  whole,
} from '../arguments/shape.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { comparisonDocument as plainComparisonDocument } from '../report/comparison-document.ts'
import { diagnosisDocument as plainDiagnosisDocument } from '../report/diagnosis-document.ts'
import { proofWords as plainProofWords } from '../report/names.ts'
import { amountOf as plainAmountOf, ofNumber as plainOfNumber, timeOf as plainTimeOf } from '../report/numbers.ts'
import { offerDocument as plainOfferDocument } from '../report/offer-document.ts'
import { paint as plainPaint } from '../report/paint.ts'
import { annotation as plainAnnotation, renderGithub as plainRenderGithub } from '../report/render-github.ts'
import { renderMarkdown as plainRenderMarkdown } from '../report/render-markdown.ts'
import { renderText as plainRenderText, wrap as plainWrap } from '../report/render-text.ts'
import { firstDifference as plainFirstDifference, shorten as plainShorten, shortenAll as plainShortenAll } from '../report/shorten.ts'
import { statusDocument as plainStatusDocument, statusMarks } from '../report/status-document.ts'

// The functions of the face of the same name, for callers who can give them anything: each refuses what is no argument of it in one sentence.
// Within the package the functions themselves are called, which have types to go by.

const rows = list(record('a row', { label: text, text }))
const block: Shape = (value, at) =>
  either(
    'a block of a report, of one of its roles',
    record('rows', { role: oneOf(['rows']), rows }),
    record('facts', { role: oneOf(['facts']), label: text, values: rows, mark: flag }),
    record('table', {
      role: oneOf(['table']),
      heads: list(text),
      rows: list(record('a row', { label: text, left: text, right: text, differs: flag, mark: flag })),
      short: flag,
    }),
    record('lines', { role: oneOf(['lines']), label: text, lines: list(text) }),
    record('note', { role: oneOf(['note']), text, rows }),
  )(value, at)
const documentShape = record('a report, as diagnosisDocument makes it', {
  title: record('the title of a report', { tone: oneOf(['good', 'bad', 'warn']), mark: text, headline: text, details: list(text) }),
  blocks: list(block),
})
/** Its own members say the rest: what made it is `diagnose`, and JSON of it is the same. */
const diagnosis = record('a diagnosis, as diagnose makes it', {
  schema: oneOf(['eip3009/diagnosis@1']),
  family: oneOf(['evm', 'solana']),
  verdict: oneOf(['settles', 'fails', 'inconclusive']),
  headline: text,
  findings: list(object),
  contradictions: list(object),
  time: object,
  money: object,
  retry: object,
  replay: nullable(object),
  answer: nullable(object),
  chain: list(object),
  explanations: list(object),
  skipped: list(object),
  assumes: list(text),
  payment: object,
})

/** A diagnosis has more members than a shape could list: what else is missing or of another kind shows when it is read. */
const fromWhole: typeof plainDiagnosisDocument = (whole) => {
  try {
    return plainDiagnosisDocument(whole)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Eip3009Error(
      'invalid-argument',
      'diagnosisDocument: diagnosis has to be a whole diagnosis, as diagnose makes it; got one of which a member is missing or of another kind.',
    )
  }
}

export const diagnosisDocument: typeof plainDiagnosisDocument = /* @__PURE__ */ guarded(fromWhole, 'diagnosisDocument', () => ({
  diagnosis,
}))
/** What made it is `paymentStatus`, and JSON of it is the same. */
const status = record('a status, as paymentStatus makes it', {
  schema: oneOf(['eip3009/status@1']),
  state: oneOf(Object.keys(statusMarks)),
  finality: oneOf(['finalized', 'safe', 'latest', 'none']),
  headline: text,
  network: nullable(text),
  subject: nullable(
    record('what was asked about', {
      token: nullable(text),
      from: nullable(text),
      nonce: nullable(text),
      to: nullable(text),
      value: nullable(text),
      opens: nullable(text),
      closes: nullable(text),
    }),
  ),
  transaction: nullable(
    record('a transaction', {
      id: text,
      state: text,
      block: nullable(text),
      time: nullable(text),
      sender: nullable(text),
      depth: nullable(text),
    }),
  ),
  chain: list(record('what an RPC told', { source: text, says: text })),
  retry: record('what to do next', { says: text }),
  check: nullable(text),
  explorer: nullable(text),
})
export const statusDocument: typeof plainStatusDocument = /* @__PURE__ */ guarded(plainStatusDocument, 'statusDocument', () => ({ status }))
export const proofWords: typeof plainProofWords = /* @__PURE__ */ guarded(plainProofWords, 'proofWords', () => ({ diagnosis }))
export const renderText: typeof plainRenderText = /* @__PURE__ */ guarded(plainRenderText, 'renderText', () => ({
  document: documentShape,
  options: record('options', { color: flag, columns: whole }),
}))
export const renderMarkdown: typeof plainRenderMarkdown = /* @__PURE__ */ guarded(plainRenderMarkdown, 'renderMarkdown', () => ({
  document: documentShape,
}))
export const renderGithub: typeof plainRenderGithub = /* @__PURE__ */ guarded(plainRenderGithub, 'renderGithub', () => ({
  document: documentShape,
  options: maybe(record('options', { file: maybe(text) })),
}))
export const annotation: typeof plainAnnotation = /* @__PURE__ */ guarded(plainAnnotation, 'annotation', () => ({
  level: oneOf(['notice', 'warning', 'error']),
  title: text,
  lines: list(text),
  file: maybe(text),
}))
export const amountOf: typeof plainAmountOf = /* @__PURE__ */ guarded(plainAmountOf, 'amountOf', () => ({
  value: text,
  decimals: nullable(whole),
  symbol: nullable(text),
  atomic: text,
}))
export const timeOf: typeof plainTimeOf = /* @__PURE__ */ guarded(plainTimeOf, 'timeOf', () => ({ seconds: text }))
export const ofNumber: typeof plainOfNumber = /* @__PURE__ */ guarded(plainOfNumber, 'ofNumber', () => ({ text, say: callback }))
export const paint: typeof plainPaint = /* @__PURE__ */ guarded(plainPaint, 'paint', () => ({ color: flag }))
export const wrap: typeof plainWrap = /* @__PURE__ */ guarded(plainWrap, 'wrap', () => ({ text, width: whole }))
export const shorten: typeof plainShorten = /* @__PURE__ */ guarded(plainShorten, 'shorten', () => ({ value: text }))
export const shortenAll: typeof plainShortenAll = /* @__PURE__ */ guarded(plainShortenAll, 'shortenAll', () => ({ text }))
export const firstDifference: typeof plainFirstDifference = /* @__PURE__ */ guarded(plainFirstDifference, 'firstDifference', () => ({
  a: text,
  b: text,
}))

/** Its own members say the rest, as of a diagnosis. */
const offer = record('what diagnoseOffer makes of an offer', {
  schema: oneOf(['eip3009/offer@1']),
  standing: oneOf(['good', 'fails', 'unknown', 'other-rail']),
  headline: text,
  entries: list(object),
  chain: list(object),
})
const fromWholeOffer: typeof plainOfferDocument = (whole) => {
  try {
    return plainOfferDocument(whole)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Eip3009Error(
      'invalid-argument',
      'offerDocument: offer has to be what diagnoseOffer makes; got one of which a member is missing or of another kind.',
    )
  }
}
export const offerDocument: typeof plainOfferDocument = /* @__PURE__ */ guarded(fromWholeOffer, 'offerDocument', () => ({ offer }))

const fromWholeComparison: typeof plainComparisonDocument = (whole) => {
  try {
    return plainComparisonDocument(whole)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Eip3009Error(
      'invalid-argument',
      'comparisonDocument: comparison has to be what findDifferences makes; got one of which a member is missing or of another kind.',
    )
  }
}
export const comparisonDocument: typeof plainComparisonDocument = /* @__PURE__ */ guarded(
  fromWholeComparison,
  'comparisonDocument',
  () => ({
    comparison: record('what findDifferences makes', {
      schema: oneOf(['eip3009/comparison@1']),
      relation: oneOf(['same', 'same-message', 'same-nonce', 'two-payments', 'unlike']),
      headline: text,
      sides: list(object),
      differences: list(object),
      notes: list(text),
    }),
  }),
)
