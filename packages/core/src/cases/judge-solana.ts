import { Eip3009Error } from '../errors/eip3009-error.ts'
import type { SolanaDiagnosis } from '../solana/diagnosis/diagnosis.ts'
import type { SvmPayment } from '../solana/transaction/payment.ts'
import type { SvmReplayer } from '../solana/world/svm-chain.ts'

export interface SolanaJudgeOptions {
  /** Unix seconds; the clock of this machine when absent. */
  readonly now?: bigint
  /** When the payment is judged, unix seconds. */
  readonly at?: bigint
  /** The cluster as it was; without it a replay assumes what a healthy payment has. */
  readonly snapshot?: object
}

export interface SolanaJudgement {
  readonly diagnosis: SolanaDiagnosis
  /** Why the payment was not replayed although it should have been: then a diagnosis that finds nothing wrong shows nothing. */
  readonly notRun?: string
}

/** Diagnoses a payment on Solana against a replay, and the cluster of a snapshot where there is one. */
export async function judgeSolana(
  payment: SvmPayment,
  replayer: SvmReplayer,
  { now, at, snapshot }: SolanaJudgeOptions = {},
): Promise<SolanaJudgement> {
  let failure: Eip3009Error | undefined
  // A directory without such a case needs none of it.
  const { investigateSvm } = await import('../solana/diagnosis/investigate.ts')
  const { readSnapshot } = await import('../solana/state/snapshot.ts')
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
