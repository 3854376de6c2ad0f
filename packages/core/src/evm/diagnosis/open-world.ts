import type { Finding } from '../../causes/finding.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import type { NotMade } from '../../evidence/check.ts'
import { believed, type ChainAnswer, type ChainQuestion } from '../evidence/chain.ts'
import type { Evidence } from '../evidence/evidence.ts'
import type { Fork, Forker } from '../evidence/fork.ts'
import type { ReplayChain, Replayer } from '../evidence/replay.ts'
import type { Payment } from '../payment/payment.ts'
import type { ExpectedDomain } from '../signature/expected-domain.ts'
import { targetFor } from './replay-target.ts'
import { isMissingCode } from './witness.ts'

/** Why there was no chain to replay on. */
export interface NoWorld extends NotMade {
  /** What opening one ended with, where it was tried. */
  readonly error?: Eip3009Error
}

/** A fork, and the evidence with what it makes of the state. */
export interface ForkedWorld<Chain extends Fork> {
  readonly chain: Chain
  readonly evidence: Evidence
}

/**
 * Opens a chain of our own with the state that is believed, and reads that state once more from there: calls that a node answered run on our own machine
 * then. Where nothing can be forked, it says why.
 */
export async function openForked<Chain extends Fork>(
  forker: Forker<Chain>,
  payment: Payment,
  evidence: Evidence,
  question: ChainQuestion | undefined,
): Promise<ForkedWorld<Chain> | NoWorld> {
  const { chains = [], signature } = evidence
  const state = believed(chains)
  const network = payment.network ?? signature.expected?.network
  if (question === undefined || state === undefined) return unread(chains, network?.family === 'evm' ? network : undefined)
  if (state.instead !== undefined) return { code: 'past', reason: `${state.source}: ${state.instead}` }
  if (network === undefined || network.family !== 'evm')
    return { code: 'no-network', reason: `chain ${state.chainId} is none of the networks that are known` }
  if (targetFor({ state: 'own' }, payment, signature.expected) === undefined) return noTarget(signature.expected)
  const { number, hash } = state.block
  const opened = await tryOpen(() => forker.open({ source: state.source, network, token: state.token.address, block: number }))
  if ('code' in opened) return opened
  const { chain } = opened
  try {
    if (chain.fork.block.hash !== hash) {
      await chain.close()
      return { code: 'unavailable', reason: `block ${number} of ${state.source} was replaced by another while it was read` }
    }
    const again = await chain.reread(question, state)
    const { separatorThen } = state
    const reread = { ...again, ...(separatorThen === undefined ? {} : { separatorThen }) }
    return { chain, evidence: { ...evidence, chains: chains.map((each) => (each === state ? reread : each)) } }
  } catch (error) {
    await chain.close()
    throw error
  }
}

/** Opens a chain that has only what it is given, or one that somebody opened before. */
export async function openWorld<Chain extends ReplayChain>(
  replayer: Replayer<Chain>,
  payment: Payment,
  { signature: { expected } }: Evidence,
  errors: readonly Finding[],
): Promise<{ readonly chain: Chain } | NoWorld> {
  const target = targetFor(replayer, payment, expected)
  if (target === undefined) return noTarget(expected)
  const opened = await tryOpen(() => replayer.open(target))
  if ('code' in opened || opened.chain.state === 'own' || !errors.some(isMissingCode)) return opened
  await opened.chain.close()
  return { code: 'moot', reason: 'the token that would stand in for this one has the code that this one was read not to have' }
}

async function tryOpen<Chain>(open: () => Promise<Chain>): Promise<{ readonly chain: Chain } | NoWorld> {
  try {
    return { chain: await open() }
  } catch (error) {
    if (error instanceof Eip3009Error) return { code: 'unavailable', reason: error.message, error }
    throw error
  }
}

function noTarget(expected: ExpectedDomain | undefined): NoWorld {
  if (expected === undefined) return { code: 'no-network', reason: 'nothing says which network and token the payment is for' }
  const reason =
    expected.basis === 'other-token'
      ? 'what was called is not the token that the signature is for'
      : 'only the payload says what the token is, so a replay could only agree with it'
  return { code: 'token-unknown', reason }
}

function unread(chains: readonly ChainAnswer[], network: { readonly id: string } | undefined): NoWorld {
  const [answer] = chains
  if (answer === undefined || answer.kind === 'read')
    return { code: 'no-network', reason: 'nothing says which network and token the payment is for' }
  const reason =
    answer.kind === 'wrong-chain'
      ? `${answer.source} serves chain ${answer.chainId}, not ${network?.id ?? 'chain'} (${answer.expected})`
      : `${answer.source} could not be read: ${answer.reason}`
  return { code: 'chain-unread', reason }
}
