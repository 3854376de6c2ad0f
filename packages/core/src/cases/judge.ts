import { Eip3009Error } from '../errors/eip3009-error.ts'
import { type DiagnoseOptions, diagnose } from '../evm/diagnosis/diagnose.ts'
import type { EvmDiagnosis } from '../evm/diagnosis/diagnosis.ts'
import type { Replayer } from '../evm/evidence/replay.ts'
import type { Payment } from '../evm/payment/payment.ts'
import type { DiagnosisTrunk } from '../verdict/diagnosis.ts'

/** A diagnosis, and whether the token itself had its say in it. */
export interface Judgement {
  readonly diagnosis: EvmDiagnosis
  /**
   * Why the payment was not replayed although it should have been: then a diagnosis that finds nothing wrong shows nothing. Absent also where there
   * was nothing to replay against, since the payment names no token that is known.
   */
  readonly notRun?: string
}

/** Diagnoses a payment against a chain. What goes wrong with the chain is told apart from what goes wrong with the payment. */
export async function judge(payment: Payment, replayer: Replayer, options: Omit<DiagnoseOptions, 'replayer'>): Promise<Judgement> {
  let failure: Eip3009Error | undefined
  const noticing = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      // A payment that no chain can be given is the payment's own fault, and the diagnosis says so.
      if (error instanceof Eip3009Error && error.code !== 'invalid-argument') failure = error
      throw error
    }
  }
  const diagnosis = await diagnose(payment, {
    ...options,
    replayer: {
      open: async (target) => {
        const chain = await noticing(replayer.open(target))
        return { ...chain, replay: (...args) => noticing(chain.replay(...args)) }
      },
    },
  })
  if (diagnosis.replay !== null) return { diagnosis }
  return failure === undefined ? { diagnosis } : { diagnosis, notRun: failure.message }
}

/** Whether the token was shown to take the payment as it is; computing it is not enough. */
export function settles({ verdict, replay }: DiagnosisTrunk): boolean {
  return verdict === 'settles' && replay?.runs[0]?.outcome === 'settled'
}
