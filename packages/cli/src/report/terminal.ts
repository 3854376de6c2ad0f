import type { Diagnosis } from '@eip3009/core'
import { diagnosisDocument, renderText, type TextOptions } from '@eip3009/core/report'

/** A diagnosis as a report that fits one screen. */
export function renderDiagnosis(diagnosis: Diagnosis, options: TextOptions): string {
  return renderText(diagnosisDocument(diagnosis), options)
}
