import { sameAddress } from '../bytes/address.ts'
import { nearest } from '../cases/case.ts'
import { judge, settles } from '../cases/judge.ts'
import { readSubject, type Subject } from '../cases/subject.ts'
import { type CauseId, causeIds, isCauseId } from '../causes/catalogue.ts'
import { Eip3009Error } from '../errors/eip3009-error.ts'
import { quote } from '../errors/quote.ts'
import type { EvmDiagnosis } from '../evm/diagnosis/diagnosis.ts'
import { replayTarget } from '../evm/diagnosis/replay-target.ts'
import type { ChainReader } from '../evm/evidence/chain.ts'
import { chooseMoment, windowState } from '../evm/evidence/moment.ts'
import type { Replayer, ReplayOutcome } from '../evm/evidence/replay.ts'
import { examineSignature } from '../evm/signature/forensics.ts'
import { embeddedReplayer } from '../evm/world/open-chain.ts'
import type { EvmNetwork } from '../networks/network.ts'
import { builtInNetworks } from '../networks/networks.ts'
import { diagnosisDocument } from '../report/diagnosis-document.ts'
import { renderText } from '../report/render-text.ts'
import { utc } from '../text/utc.ts'
import type { OwnChain } from './pool-chains.ts'
import { type SharedChains, shareChains } from './shared-chains.ts'

/** When an assertion's payment is judged. */
export interface AssertionOptions {
  /** Unix seconds. */
  readonly at?: bigint | number
}

/** What assertions on payments add to `expect`. Each returns a promise: without `await` nothing is asserted. */
export interface PaymentMatchers<R = unknown> {
  /**
   * The token takes the payment and moves its value, on the test's chain, or on a chain of the network that the payment names. Judged now, so a
   * payment whose window is closed does not settle; a recorded one needs `at`, as an option or beside the payment.
   */
  toSettle(options?: AssertionOptions): Promise<R>
  /** The payment fails, and this is what its diagnosis names first. An old payment is judged inside its window where nothing says when. */
  toFailWith(cause: CauseId, options?: AssertionOptions): Promise<R>
  /** The token's own `ecrecover` finds this account behind the signature. */
  toRecoverTo(address: string, options?: AssertionOptions): Promise<R>
}

/** What a matcher is called with besides its arguments. */
interface MatcherState {
  readonly isNot?: boolean
}

interface MatcherResult {
  readonly pass: boolean
  readonly message: () => string
  readonly actual?: unknown
  readonly expected?: unknown
}

/** A chain that a test was given, for its assertions. */
export interface JudgingChain {
  readonly network: EvmNetwork
  readonly chain: OwnChain
}

export interface MatcherSurroundings {
  /** The chain of the test that is asserting; undefined where it has none. */
  readonly chainOf: (state: unknown) => JudgingChain | undefined
  /** Unix seconds. */
  readonly now: () => bigint
}

type Matcher<Arguments extends readonly unknown[]> = (this: MatcherState, received: unknown, ...rest: Arguments) => Promise<MatcherResult>

export interface PaymentMatcherFunctions {
  readonly toSettle: Matcher<[options?: AssertionOptions]>
  readonly toFailWith: Matcher<[cause: CauseId, options?: AssertionOptions]>
  readonly toRecoverTo: Matcher<[address: string, options?: AssertionOptions]>
}

/**
 * The assertions, and the embedded chains that they open for payments of other networks than the test's. Whatever keeps a payment from being judged is
 * thrown, so that neither an assertion nor its opposite passes on what was not looked at.
 */
export function paymentMatchers({ chainOf, now }: MatcherSurroundings): {
  readonly matchers: PaymentMatcherFunctions
  readonly chains: SharedChains
} {
  const chains = shareChains(embeddedReplayer())

  const look = async (state: unknown, subject: Subject, at: bigint | undefined): Promise<EvmDiagnosis> => {
    const own = chainOf(state)
    const onOwn = own !== undefined && subject.payment.network?.chainId === own.network.chainId
    const { diagnosis, notRun } = await judge(subject.payment, onOwn ? lend(own.chain, chains) : chains, {
      now: now(),
      ...(at === undefined ? {} : { at }),
      ...(onOwn && 'reader' in own.chain ? { chains: [ofOwnFork(own.chain.reader)] } : {}),
    })
    if (notRun !== undefined)
      throw new Eip3009Error('chain-unavailable', `The payment was not replayed, so nothing can be asserted: ${notRun}`)
    return diagnosis
  }

  const matchers: PaymentMatcherFunctions = {
    async toSettle(received, options) {
      const subject = readSubject(received, chainOf(this)?.network)
      const elsewhere = otherNetwork(subject, chainOf(this)?.network)
      if (elsewhere !== undefined) return { pass: false, message: () => `expected the payment to settle, but ${elsewhere}` }
      const diagnosis = await look(this, subject, secondOf(options) ?? subject.at ?? now())
      const pass = settles(diagnosis)
      const what = { settles: 'only the computation says so', fails: 'it fails', inconclusive: 'nothing shows that it does' }[
        diagnosis.verdict
      ]
      return {
        pass,
        message: () =>
          pass
            ? `expected the payment not to settle, but it does:\n\n${reportOf(diagnosis)}`
            : `expected the payment to settle, but ${what}:\n\n${reportOf(diagnosis)}`,
      }
    },

    async toFailWith(received, cause, options) {
      const expected = causeOf(cause)
      const subject = readSubject(received, chainOf(this)?.network)
      const diagnosis = await look(this, subject, secondOf(options) ?? subject.at)
      const pass = diagnosis.verdict === 'fails' && diagnosis.cause === expected
      const instead =
        diagnosis.verdict === 'settles'
          ? 'it settles'
          : diagnosis.cause === null
            ? 'its diagnosis is inconclusive'
            : `it fails with ${diagnosis.cause}`
      return {
        pass,
        message: () =>
          `expected the payment ${pass ? 'not ' : ''}to fail with ${expected}, but ${pass ? 'it does' : instead}:\n\n${reportOf(diagnosis)}`,
        actual: diagnosis.cause,
        expected,
      }
    },

    async toRecoverTo(received, address, options) {
      if (typeof address !== 'string' || !/^0x[0-9a-fA-F]{40}$/.test(address)) {
        throw new Eip3009Error('invalid-argument', `toRecoverTo takes an address, 0x and 40 hex digits; got ${quote(address)}.`)
      }
      const subject = readSubject(received, chainOf(this)?.network)
      const who = await recover(subject, secondOf(options), now(), chainOf(this), chains)
      const pass = sameAddress(who.address, address)
      return {
        pass,
        message: () => `expected the signature ${pass ? 'not ' : ''}to recover to ${address}, but ${who.says}`,
        actual: who.address,
        expected: address,
      }
    },
  }
  return { matchers, chains }
}

/** The test's own chain for its network's tokens, where it has them. */
function lend(chain: OwnChain, others: SharedChains): Replayer {
  return {
    open: async (target) => {
      const token = 'network' in target ? (target.token ?? target.network.usdc) : target.token
      return sameAddress(token.address, chain.token) ? { ...chain, close: async () => undefined } : others.open(target)
    },
  }
}

function otherNetwork({ payment }: Subject, network: EvmNetwork | undefined): string | undefined {
  if (network === undefined || payment.network === undefined || payment.network.chainId === network.chainId) return undefined
  return `it is for ${payment.network.id}, and this test's chain is ${network.id}: sign for ${network.id}, or use createChainTest({ network: '${payment.network.id}' })`
}

/** Whom the token finds behind a signature. Judged inside the window where nothing says when, since outside of it the token does not look. */
async function recover(
  { payment, at: recorded }: Subject,
  given: bigint | undefined,
  now: bigint,
  own: JudgingChain | undefined,
  chains: SharedChains,
): Promise<{ readonly address: string | undefined; readonly says: string }> {
  const network = payment.network ?? own?.network
  if (network === undefined) {
    throw new Eip3009Error(
      'invalid-argument',
      'The payment names no network, so no token can say whose signature it is; use createChainTest({ network }).',
    )
  }
  const at = given ?? recorded ?? chooseMoment(payment.authorization, now).time
  const replayer = own !== undefined && own.network.chainId === network.chainId ? lend(own.chain, chains) : chains
  const { expected, recovered } = examineSignature(payment, builtInNetworks)
  const target = replayTarget(payment, expected)
  if (target === undefined) {
    const whom = recovered === undefined ? 'recovers to nobody' : `recovers to ${recovered}`
    return { address: recovered, says: `it ${whom} under the domain that the payment claims, of a token that nothing here knows` }
  }
  const chain = await replayer.open(target)
  const outcome = await chain.replay(payment, { at })
  const check = outcome.signatureCheck
  if (check?.by === 'ecrecover' && check.recovered !== null) {
    return { address: check.recovered, says: `it recovers to ${check.recovered} (digest ${check.digest}, ${chain.description})` }
  }
  if (check?.by === 'ecrecover') return { address: undefined, says: `it recovers to nobody (${chain.description})` }
  if (check?.by === 'erc1271') return { address: undefined, says: `${check.wallet} has code, so the token asks it and recovers nobody` }
  const state = windowState(payment.authorization, at) === 'open' ? '' : ` at ${utc(at)}`
  return { address: undefined, says: `the token does not come to recover it: it answers ${quote(answerOf(outcome))}${state}` }
}

function answerOf(outcome: ReplayOutcome): string {
  return outcome.status === 'settled' ? 'settled' : (outcome.reason ?? outcome.data)
}

function causeOf(given: unknown): CauseId {
  if (typeof given === 'string' && isCauseId(given)) return given
  throw new Eip3009Error(
    'invalid-argument',
    `toFailWith takes the id of a cause; got ${quote(given)}${nearest(given, causeIds)}. eip3009 explain lists all.`,
  )
}

function secondOf(options: AssertionOptions | undefined): bigint | undefined {
  const at = options?.at
  if (at === undefined || typeof at === 'bigint') return at
  if (Number.isSafeInteger(at) && at >= 0) return BigInt(at)
  throw new Eip3009Error('invalid-argument', `The option at is unix seconds, a whole number; got ${quote(at)}.`)
}

/** Whoever writes a test sets the fork's state as it is wanted, so that it differs from the RPC's on purpose. */
function ofOwnFork(reader: ChainReader): ChainReader {
  return {
    source: reader.source,
    read: async (question) => {
      const answer = await reader.read(question)
      if (answer.kind !== 'read') return answer
      const { apart: _, ...state } = answer
      return state
    },
  }
}

/** The report of a diagnosis, as it is printed. No colours: runners have their own. */
function reportOf(diagnosis: EvmDiagnosis): string {
  const report = renderText(diagnosisDocument(diagnosis), { color: false, columns: 130 })
  return diagnosis.cause === null ? report : `${report}\n  eip3009 explain ${diagnosis.cause}`
}
