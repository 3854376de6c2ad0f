/**
 * How long does `diagnose` keep a server from everything else, when what it is given is a signature that nothing explains?
 *
 * 100 random signatures, one after another, with what `diagnose` does unless told otherwise. A second task does nothing but come back in each round of
 * the event loop: the longest time between two of its turns is how long everybody else had to wait. Beside it the same search at once
 * (`examineSignature`), which is one turn from its start to its end. A process that the machine puts aside waits too, and is not the one that blocks: of
 * each wait, the processor time of this process is printed as well.
 */
import { createHash } from 'node:crypto'
import { diagnose } from '../../packages/core/src/evm/diagnosis/diagnose.ts'
import type { Payment } from '../../packages/core/src/evm/payment/payment.ts'
import { readEvmPayment } from '../../packages/core/src/evm/payment/read.ts'
import { examineSignature } from '../../packages/core/src/evm/signature/forensics.ts'
import { builtInNetworks } from '../../packages/core/src/networks/networks.ts'

const SIGNATURES = 100
const LIMIT_MS = 25
const OPENS = 1_761_924_682n

const word = (text: string): string => createHash('sha256').update(text).digest('hex')

/** r is the x-coordinate of a point for every second number; those of which it is none end sooner. */
function randomPayment(index: number): Payment {
  const signature = `0x${word(`r ${index}`)}0${word(`s ${index}`).slice(1)}${index % 2 === 0 ? '1b' : '1c'}`
  const authorization = {
    from: `0x${word(`from ${index}`).slice(24)}`,
    to: `0x${word(`to ${index}`).slice(24)}`,
    value: String(1000 + index),
    validAfter: String(OPENS),
    validBefore: String(OPENS + 600n),
    nonce: `0x${word(`nonce ${index}`)}`,
  }
  return readEvmPayment({ network: 'base', asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', authorization, signature })
}

interface Wait {
  readonly ms: number
  /** Of it, processor time of this process, its helper threads included. */
  readonly cpuMs: number
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/** Runs, and notes every wait between two rounds of the event loop. */
async function waitsOf(work: () => Promise<unknown>): Promise<Wait[]> {
  const waits: Wait[] = []
  let isOver = false
  const rounds = (async () => {
    let [last, lastCpu] = [performance.now(), cpuMs()]
    while (!isOver) {
      await new Promise((done) => setImmediate(done))
      const [now, cpu] = [performance.now(), cpuMs()]
      waits.push({ ms: now - last, cpuMs: cpu - lastCpu })
      ;[last, lastCpu] = [now, cpu]
    }
  })()
  await work()
  isOver = true
  await rounds
  return waits
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b)
const at = (numbers: readonly number[], part: number): number =>
  numbers[Math.min(numbers.length - 1, Math.floor(part * numbers.length))] ?? 0
const ms = (time: number): string => `${time.toFixed(1)} ms`

export async function run(): Promise<void> {
  const payments = Array.from({ length: SIGNATURES }, (_, index) => randomPayment(index))
  const now = OPENS + 300n
  const blocked: number[] = []
  const waits: Wait[] = []
  let tried = 0
  for (const payment of payments) {
    waits.push(...(await waitsOf(async () => (tried += (await diagnose(payment, { now })).evm.search.tried))))
  }
  for (const payment of payments) {
    const start = performance.now()
    examineSignature(payment, builtInNetworks)
    blocked.push(performance.now() - start)
  }
  const inTurns = sorted(waits.map((wait) => wait.ms))
  const longest = waits.reduce((most, wait) => (wait.ms > most.ms ? wait : most), { ms: 0, cpuMs: 0 })
  const over = waits.filter((wait) => wait.ms > LIMIT_MS)
  const atOnce = sorted(blocked)
  const busiest = Math.max(...waits.map((wait) => Math.min(wait.ms, wait.cpuMs)))
  process.stdout.write(
    `${SIGNATURES} random signatures, ${Math.round(tried / SIGNATURES).toLocaleString('en')} hypotheses each, nothing found
the event loop is blocked      median      99 of 100   at most
  diagnose, server default     ${[at(inTurns, 0.5), at(inTurns, 0.99), longest.ms].map((each) => ms(each).padEnd(11)).join(' ')} of which ${ms(longest.cpuMs)} on a processor
  examineSignature, at once    ${[at(atOnce, 0.5), at(atOnce, 0.99), at(atOnce, 1)].map((each) => ms(each).padEnd(11)).join(' ')}
  ratio, each at most          ${(at(atOnce, 1) / longest.ms).toFixed(0)} times
${over.length} of ${waits.length.toLocaleString('en')} waits were over ${LIMIT_MS} ms; the most on a processor in one wait was ${ms(busiest)}: ${busiest < LIMIT_MS ? 'held' : 'NOT HELD'}
`,
  )
}
