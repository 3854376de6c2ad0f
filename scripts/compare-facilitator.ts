// Runs the reference facilitator and our diagnosis over the same broken payments, and writes docs/reference-facilitator.md.
import { writeFile } from 'node:fs/promises'
import { compareAll, referenceVersion } from '../test/peers/reference-facilitator.ts'
import { renderPage } from '../test/peers/reference-page.ts'

const comparisons = await compareAll()
await writeFile(new URL('../docs/reference-facilitator.md', import.meta.url), renderPage(comparisons, referenceVersion))
process.stdout.write(`docs/reference-facilitator.md: ${comparisons.length} payments\n`)
