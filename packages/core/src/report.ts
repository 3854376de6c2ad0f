export {
  amountOf,
  annotation,
  comparisonDocument,
  diagnosisDocument,
  firstDifference,
  offerDocument,
  ofNumber,
  paint,
  proofWords,
  renderGithub,
  renderMarkdown,
  renderText,
  shorten,
  shortenAll,
  statusDocument,
  timeOf,
  wrap,
} from './guarded/report.ts'
export type { Block, ReportDocument, Row, TableRow, Title, Tone } from './report/document.ts'
export { parties } from './report/names.ts'
export type { Paint } from './report/paint.ts'
export type { AnnotationOptions } from './report/render-github.ts'
export type { TextOptions } from './report/render-text.ts'
