/** Two million hypotheses with the built package's threads: see `printWholeSearches` in `../forensics.ts`. */
import { builtInNetworks, readEvmPayment } from '@eip3009/core'
import { searchInThreads } from '@eip3009/core/threads'

const { payment, threads } = JSON.parse(process.argv[2])
const start = performance.now()
const { tried } = await searchInThreads(readEvmPayment(JSON.stringify(payment)), builtInNetworks, { threads, maxHypotheses: 2_000_000 })
process.send({ hypotheses: tried, milliseconds: performance.now() - start })
