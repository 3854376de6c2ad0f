/** A thread that searches one payment after another, as they are given to it. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Payment } from '../evm/payment/payment.ts'
import { createKernel } from '../evm/signature/kernel/create.ts'
import { searchInTurn } from '../evm/signature/like-before.ts'
import type { PoolTask } from './messages.ts'

const { networks, depth, again } = workerData as PoolTask
const search = searchInTurn(networks, { kernel: createKernel(), depth }, again)

parentPort?.on('message', (payment: Payment) => {
  parentPort?.postMessage(search(payment))
})
