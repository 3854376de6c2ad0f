// Two versions of @x402/svm, with their own signer, over a node that is litesvm with the accounts of a fixture.
import { setImmediate } from 'node:timers/promises'
import { builtInNetworks, type Finding } from '@eip3009/core'
import { facilitatorAnswers, readSvmPayment, type SvmFacilitatorAnswer } from '@eip3009/core/solana'
import { type SvmVariant, svmFacilitator } from '@eip3009/fixtures'
import { toFacilitatorSvmSigner as newSigner } from '@x402/svm'
import { ExactSvmScheme as NewScheme } from '@x402/svm/exact/facilitator'
import { ExactSvmSchemeV1 } from '@x402/svm/exact/v1/facilitator'
import { toFacilitatorSvmSigner as oldSigner } from 'x402-svm-2-10'
import { ExactSvmScheme as OldScheme } from 'x402-svm-2-10/exact/facilitator'
import { diagnoseSvm } from '../../packages/core/src/solana/diagnosis/diagnose.ts'
import { run, signAsFacilitator, split } from '../solana/programs.ts'

type Signer = Parameters<typeof newSigner>[0]
type Rpc = NonNullable<Parameters<typeof newSigner>[1]>

/** The profile's id, and what verifies a payment as that version does. */
export const facilitators = {
  'x402-svm-2.27': (variant: SvmVariant) => new NewScheme(newSigner(signer, rpcOf(variant)) as never),
  'x402-svm-2.27-v1': (variant: SvmVariant) => new ExactSvmSchemeV1(newSigner(signer, rpcOf(variant)) as never),
  'x402-svm-2.10': (variant: SvmVariant) => new OldScheme(oldSigner(signer as never, rpcOf(variant) as never) as never),
} as const

/** A kit signer of the facilitator's key. */
const signer = {
  address: svmFacilitator.address,
  signMessages: (messages: readonly { readonly content: Uint8Array }[]) =>
    Promise.resolve(messages.map(({ content }) => ({ [svmFacilitator.address]: signAsFacilitator(content) }))),
} as unknown as Signer

/** As much of an RPC as verification asks for. An account that litesvm does not have is one that the cluster does not have. */
function rpcOf({ state }: SvmVariant): Rpc {
  return {
    '*': {
      simulateTransaction: (transaction: string, { sigVerify }: { readonly sigVerify: boolean }) => ({
        send: async () => ({ value: { err: await run(state, split(Buffer.from(transaction, 'base64')), { sigVerify }) } }),
      }),
      // No fixture has a table on its cluster.
      getAccountInfo: () => ({ send: async () => ({ value: null }) }),
      getMultipleAccounts: (addresses: readonly string[]) => ({ send: async () => ({ value: addresses.map(() => null) }) }),
    },
  } as unknown as Rpc
}

interface Body {
  readonly x402Version: number
  readonly paymentPayload: { readonly payload: object; readonly accepted?: { readonly network: string } }
  readonly paymentRequirements: { readonly network: string; readonly amount?: string }
}

/** The same payment as a body of version 1 has it: networks by their older names, and the amount under another one. */
export function asVersion1(variant: SvmVariant): SvmVariant {
  const { paymentPayload, paymentRequirements } = variant.input as Body
  const named = (network = ''): string => names[network] ?? network
  const { amount, ...offer } = paymentRequirements
  const network = named(offer.network)
  return {
    ...variant,
    input: {
      x402Version: 1,
      paymentPayload: {
        x402Version: 1,
        scheme: 'exact',
        network: named(paymentPayload.accepted?.network),
        payload: paymentPayload.payload,
      },
      paymentRequirements: { ...offer, network, maxAmountRequired: amount },
    },
  }
}

const names: Readonly<Record<string, string>> = Object.fromEntries(
  builtInNetworks.all.flatMap((network) => (network.family === 'solana' ? [[network.caip2, network.id]] : [])),
)

/** What each profile predicts, told what the cluster does: signatures aside, since facilitators differ in who looks at them. */
export function predictionsFor({ input, chain, cause, shownBy, broken }: SvmVariant): ReadonlyMap<string, SvmFacilitatorAnswer> {
  const payment = readSvmPayment(input)
  const { findings } = diagnoseSvm(payment, { now: 0n })
  const fails = chain.outcome === 'fails' && chain.error !== 'SignatureFailure'
  const runs = chain.outcome === 'unknown' || chain.outcome === 'unsigned' ? 'unknown' : fails ? 'fails' : 'succeeds'
  // What only the cluster shows, as a finding that was made there.
  const uninitialized = chain.outcome === 'fails' && JSON.stringify(chain.error).includes('UninitializedAccount')
  const shown: readonly Finding[] =
    shownBy === 'payload' || cause === 'valid'
      ? []
      : [
          {
            cause,
            party: 'server',
            severity: 'error',
            summary: broken,
            evidence: [],
            fix: '',
            ...(uninitialized ? {} : { variant: 'absent' }),
          },
        ]
  return new Map(facilitatorAnswers(payment, [...findings, ...shown], { runs }).map((answer) => [answer.profile, answer]))
}

/** What was answered, by all that it follows from: a payment is asked about for the profile, for what the code means, and for the page. */
const answered = new Map<string, Promise<string | null>>()

/** What a version answers to `/verify`: null where it accepts, `throws` where it does not answer, else its code. */
export function verifyWith(profile: keyof typeof facilitators, variant: SvmVariant): Promise<string | null> {
  const question = JSON.stringify([profile, variant.input, variant.state])
  const answer = answered.get(question) ?? verify(profile, variant)
  answered.set(question, answer)
  return answer
}

async function verify(profile: keyof typeof facilitators, variant: SvmVariant): Promise<string | null> {
  await setImmediate()
  const { paymentPayload, paymentRequirements } = variant.input as { paymentPayload: never; paymentRequirements: never }
  try {
    const answer = await facilitators[profile](variant).verify(paymentPayload, paymentRequirements)
    return answer.isValid ? null : (answer.invalidReason ?? 'no reason')
  } catch (error) {
    if (error instanceof Error) return 'throws'
    throw error
  }
}
