import type { Address } from '../../bytes/hex.ts'
import { getEvmNetwork } from '../../networks/find-network.ts'
import type { EvmNetworkId } from '../../networks/networks.ts'
import { wordsFor } from '../../tokens/ask-model.ts'
import type { ReplayChain, Replayer, ReplayOptions, ReplayOutcome, ReplayPayment, ReplayTarget } from '../evidence/replay.ts'
import { type Recorder, recorderOf } from './own-state.ts'
import { modelToken, placeToken } from './place-token.ts'
import { replayPayment } from './replay-payment.ts'
import { showControls } from './show-controls.ts'
import { type SimulatedOutcome, type Simulation, simulatePayments } from './simulate.ts'
import { type AnvilOptions, startAnvil } from './start-anvil.ts'

export type EmbeddedOptions = Pick<AnvilOptions, 'binary' | 'startTimeout'>

/** A chain in an anvil of our own. It ends with this process and does not keep it alive; `await using` closes it. */
export interface EmbeddedChain extends ReplayChain, AsyncDisposable {
  /** The process and its port on 127.0.0.1, for looking at the chain with other tools. */
  readonly anvil: { readonly pid: number; readonly port: number }
  /** Writes down what a replay on this chain rests on. */
  readonly recorder: Recorder
  /**
   * Tries payments as calls that leave nothing behind, thousands a second: the outcome and the revert of `replay`, without its events,
   * balances and signature check. Outcomes are in the order of `simulations`.
   */
  simulate(simulations: readonly Simulation[]): Promise<readonly SimulatedOutcome[]>
}

/** What a chain of our own is opened for: a target, or a network by its name, for its USDC: `base`, 8453, `eip155:8453`. */
export type OpenChainTarget = ReplayTarget | EvmNetworkId | number | `eip155:${number}`

/**
 * Opens a chain with the target's chain id and, at the target's address, its family's own contract, or one of Circle's that stands in for it, under the
 * target's domain. `code` says which. No network is used.
 * @throws Eip3009Error `missing-package`, `chain-unavailable`, `invalid-argument`, `unknown-network`, `unsupported-input` for a network without
 * EIP-3009, or `controls-failed` when the chain does not accept a good payment and refuse a broken one. Nothing stays behind then.
 */
export async function openChain(target: OpenChainTarget, options: EmbeddedOptions = {}): Promise<EmbeddedChain> {
  const token = modelToken(typeof target === 'object' ? target : { network: getEvmNetwork(target) })
  const anvil = await startAnvil({ ...options, chainId: token.chainId })
  try {
    const [separator, unlocked] = await Promise.all([placeToken(anvil, token), anvil.request('eth_accounts')])
    const [relayer, payer] = unlocked as readonly [Address, Address]
    const controls = await showControls(anvil, token, separator, payer, {
      at: 2n,
      interventions: [],
      replay: (payment, replayOptions) => replayPayment(anvil, token, relayer, payment, replayOptions),
      refusal: wordsFor(token.implementation, 'signature', { overload: 'vrs' }),
    })
    // Replays take turns, since there is one state.
    let last: Promise<unknown> = Promise.resolve()
    const takeTurns = <T>(work: () => Promise<T>): Promise<T> => {
      const next = last.then(work)
      last = next.catch(() => undefined)
      return next
    }
    return {
      description: token.description,
      code: token.code,
      chainId: token.chainId,
      token: token.address,
      separator,
      controls,
      anvil: { pid: anvil.pid, port: anvil.port },
      recorder: recorderOf(anvil, token, undefined, (payment, replayOptions, witness) =>
        takeTurns(() => replayPayment(anvil, token, relayer, payment, replayOptions, witness)),
      ),
      replay: (payment: ReplayPayment, replayOptions: ReplayOptions): Promise<ReplayOutcome> =>
        takeTurns(() => replayPayment(anvil, token, relayer, payment, replayOptions)),
      simulate: (simulations) => takeTurns(() => simulatePayments(anvil, token, relayer, simulations)),
      close: anvil.stop,
      [Symbol.asyncDispose]: anvil.stop,
    }
  } catch (error) {
    await anvil.stop()
    throw error
  }
}

/** Opens embedded chains for a diagnosis. */
export function embeddedReplayer(options: EmbeddedOptions = {}): Replayer<EmbeddedChain> {
  return { open: (target: ReplayTarget) => openChain(target, options) }
}
