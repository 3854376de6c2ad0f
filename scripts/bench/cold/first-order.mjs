/** The first order of one payment with the built package, from an unused process: see `printWholeSearches` in `../forensics.ts`. */
import { builtInNetworks, readEvmPayment } from '@eip3009/core'
import { searchSteps } from '@eip3009/core/internal'

const payment = readEvmPayment(JSON.stringify(JSON.parse(process.argv[2]).payment))
const start = performance.now()
let hypotheses = 0
for (const { tried, order } of searchSteps(payment, builtInNetworks)) {
  if (order > 1) break
  hypotheses = tried
}
process.send({ hypotheses, milliseconds: performance.now() - start })
