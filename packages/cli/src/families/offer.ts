import { diagnoseOffer, noSecrets, type OfferDiagnosis } from '@eip3009/core'
import { offerDocument } from '@eip3009/core/report'
import type { Console } from '../console.ts'
import { patiently } from '../progress.ts'
import { shown } from '../sharing.ts'
import type { SourceOptions } from '../sources/options.ts'
import { refuseHeaders, type Sources } from '../sources/read-sources.ts'
import { UsageError } from '../usage-error.ts'
import type { Examined, Wishes } from './examined.ts'

/** What is told of a payment, or kept of one, and means nothing while there is none. */
const ofPayments = [
  'network',
  'chainId',
  'token',
  'tokenName',
  'tokenVersion',
  'tokenFamily',
  'decimals',
  'answer',
  'tx',
  'block',
  'facilitatorAddress',
  'snapshot',
  'saveSnapshot',
  'search',
] as const satisfies readonly (keyof SourceOptions | 'search')[]

/** Checks what a server offers before anybody pays. */
export async function examineOffer(
  input: string | Uint8Array,
  sources: Sources,
  options: SourceOptions & { readonly search?: unknown },
  wishes: Wishes,
  console: Console,
): Promise<Examined> {
  const given = ofPayments.find((name) => options[name] !== undefined)
  if (given !== undefined) {
    const option = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    throw new UsageError(`--${option} is for a payment, and this is an offer alone; leave it out.`)
  }
  const { rpcs, urlsFor, headersFor, timeout, now, at } = sources
  refuseHeaders(sources, [...urlsFor(undefined), ...rpcs.networks().map(({ id }) => id)])
  const { chainReader } = await import('@eip3009/core/chain')
  const replayer = wishes.replay === 'no' ? undefined : (await import('@eip3009/core/replay')).embeddedReplayer()
  const offer = await patiently('checking the offer', console, () =>
    diagnoseOffer(input, {
      now: at ?? now,
      chainsFor: (network) => urlsFor(network).map((url) => chainReader(url, { timeout, headers: headersFor(network) })),
      ...(replayer === undefined ? {} : { replayer }),
    }),
  )
  const model = shown(offer, console, () => noSecrets)
  return { answer: answerOf(offer), report: { model, document: () => offerDocument(model) } }
}

/** An offer that is good is what a payment that settles is, for whoever goes on by the exit code. */
function answerOf({ standing, party }: OfferDiagnosis): Examined['answer'] {
  const verdicts = { good: 'settles', fails: 'fails', unknown: 'inconclusive', 'other-rail': 'inconclusive' } as const
  return { verdict: verdicts[standing], party, answer: null }
}
