import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { readSnapshot } from '../state/snapshot.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { liteSvmReplayer, type SvmReplayer } from '../world/replay-svm.ts'
import type { SolanaDiagnosis } from './diagnosis.ts'
import { investigateSvm } from './investigate.ts'

export interface SvmJudgeOptions {
  /** Unix seconds; the clock of this machine when absent. */
  readonly now?: bigint
  /** When the payment is judged, unix seconds. */
  readonly at?: bigint
  /** The cluster as it was; without it a replay assumes what a healthy payment has. */
  readonly snapshot?: object
  /** litesvm when absent. */
  readonly replayer?: SvmReplayer
}

export interface SvmJudgement {
  readonly diagnosis: SolanaDiagnosis
  /** Why the payment was not replayed although it should have been: then a diagnosis that finds nothing wrong shows nothing. */
  readonly notRun?: string
}

/** Diagnoses a payment on Solana against a replay, and the cluster of a snapshot where there is one: what `runCases` takes as `judgeSolana`. */
export async function judgeSvm(payment: SvmPayment, options: SvmJudgeOptions = {}): Promise<SvmJudgement> {
  const { now, at, snapshot, replayer = liteSvmReplayer() } = options
  let failure: Eip3009Error | undefined
  // A snapshot has its own now, without which the same case would come to something else tomorrow.
  const kept = snapshot === undefined ? {} : readSnapshot(snapshot)
  const { diagnosis } = await investigateSvm(payment, {
    ...(now === undefined ? {} : { now }),
    ...kept,
    ...(at === undefined ? {} : { at }),
    replayer: {
      open: async (network) => {
        try {
          return await replayer.open(network)
        } catch (error) {
          if (error instanceof Eip3009Error) failure = error
          throw error
        }
      },
    },
  })
  return failure === undefined || diagnosis.replay !== null ? { diagnosis } : { diagnosis, notRun: failure.message }
}
