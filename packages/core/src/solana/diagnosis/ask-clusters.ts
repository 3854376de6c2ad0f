import { reasonOf } from '../../rpc/chain-client.ts'
import type { SvmAnswer, SvmQuestion, SvmReader } from '../state/state.ts'
import type { SvmPayment } from '../transaction/payment.ts'

/** What each reader says of a payment, in their order. */
export async function askClusters(
  payment: SvmPayment,
  readers: readonly SvmReader[],
  moment: Pick<SvmQuestion, 'now' | 'at'>,
): Promise<readonly SvmAnswer[]> {
  const { network } = payment
  return Promise.all(
    readers.map((reader): Promise<SvmAnswer> | SvmAnswer =>
      network === undefined
        ? { kind: 'unreachable', source: reader.source, reason: 'nothing says which cluster the payment is for (--network)' }
        : askCluster(reader, { payment, network, ...moment }),
    ),
  )
}

/** A reader that a caller made can throw, which says as much of the cluster as no answer. */
async function askCluster(reader: SvmReader, question: SvmQuestion): Promise<SvmAnswer> {
  try {
    const answer: SvmAnswer | undefined = await reader.read(question)
    return isAnswer(answer) ? answer : { kind: 'unreachable', source: reader.source, reason: 'it gave no answer that a reader gives' }
  } catch (error) {
    return { kind: 'unreachable', source: reader.source, reason: reasonOf(error) }
  }
}

function isAnswer(answer: SvmAnswer | undefined): answer is SvmAnswer {
  return answer?.kind === 'read' ? typeof answer.accounts === 'object' : answer?.kind === 'unreachable' || answer?.kind === 'wrong-cluster'
}
