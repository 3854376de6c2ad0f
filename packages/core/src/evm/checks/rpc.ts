import type { Finding } from '../../causes/finding.ts'
import { fromFindings, skip } from '../../evidence/check.ts'
import { ifKnown, type Known } from '../../evidence/known.ts'
import { saysNonceIsSpent } from '../../revert/spent-nonce.ts'
import { duration, utc } from '../../text/utc.ts'
import { behind, behindOthers, believed, type ChainAnswer, type ChainState, isHalted, type Simulation } from '../evidence/chain.ts'
import { disagreements } from '../evidence/disagreement.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { windowState } from '../evidence/moment.ts'
import type { Payment } from '../payment/payment.ts'
import type { Check } from './check.ts'
import { chainCheck, note, unread } from './on-chain.ts'

/** The nodes that were asked: what they could not answer, and where they contradict themselves or each other. */
export const rpcChecks: readonly Check[] = [
  {
    id: 'rpc-chain',
    run: (_payment, evidence) =>
      fromFindings([...halted(evidence), ...(evidence.chains ?? []).flatMap((answer) => faults(answer, evidence))]),
  },
  {
    id: 'rpc-agreement',
    run: ({ authorization }, { chains = [] }) => {
      const states = chains.filter((answer) => answer.kind === 'read')
      return states.length < 2 ? { outcome: 'pass' } : fromFindings([...apart(states), ...disagreeing(states, authorization.value)])
    },
  },
]

/** Whether the node's own two views agree. */
export const pendingChecks: readonly Check[] = [
  chainCheck('pending', (payment, state, evidence) => {
    const { atBlock, pending } = state.simulated
    if (!state.newest) return skip('past', 'the state of a past block was read')
    if (!pending.known) return unread(pending, state)
    if (!atBlock.known || atBlock.value.outcome === 'reverts' || pending.value.outcome === 'succeeds') return { outcome: 'pass' }
    return fromFindings(onPending(payment, pending.value, state, evidence))
  }),
]

function faults(answer: ChainAnswer, { moment, chains = [] }: Evidence): Finding[] {
  const { source } = answer
  const fault = (summary: string, says: string, fix: string): Finding => ({
    cause: 'rpc-fault',
    party: 'rpc',
    severity: 'warning',
    field: 'rpc',
    seen: source,
    summary,
    evidence: [{ source: 'chain', says }],
    fix,
  })
  if (answer.kind === 'wrong-chain') {
    return [
      {
        cause: 'rpc-wrong-chain',
        party: 'rpc',
        severity: 'warning',
        field: 'rpc',
        seen: String(answer.chainId),
        expected: String(answer.expected),
        summary: `The RPC ${source} serves chain ${answer.chainId}; the payment is for chain ${answer.expected}. Nothing else that it says was used.`,
        evidence: [{ source: 'chain', says: `eth_chainId of ${source} is ${answer.chainId}` }],
        fix: `use an RPC of chain ${answer.expected}`,
      },
    ]
  }
  if (answer.kind === 'unreachable') {
    return [fault(`The RPC ${source} could not be read: ${answer.reason}.`, `${source}: ${answer.reason}`, 'try again, or use another RPC')]
  }
  const missing = [...new Set(unknownFacts(answer).map(([, reason]) => reason))]
  return [
    ...(answer.instead === undefined
      ? []
      : [
          fault(
            `The state at the moment that counts could not be read from ${source}: ${answer.instead}. The state at its newest block was read instead.`,
            `${source}: ${answer.instead}`,
            'use an archive node',
          ),
        ]),
    ...late(answer, chains, moment.time),
    ...(missing.length === 0
      ? []
      : [
          fault(
            `The RPC ${source} left out ${listed(unknownFacts(answer).map(([name]) => name))}: ${missing.slice(0, 3).join('; ')}.`,
            `${source}: ${missing.slice(0, 3).join('; ')}`,
            'try again, or use another RPC',
          ),
        ]),
  ]
}

/** A head that is too old: the node's fault, or the chain's, which only a second RPC tells apart. */
function late(state: ChainState, chains: readonly ChainAnswer[], moment: bigint): Finding[] {
  const { source, head } = state
  // Said once, of the chain.
  if (isHalted(chains, moment)) return []
  const others = behindOthers(state, chains)
  const age = behind(state, moment)
  if (others === undefined && age === undefined) return []
  const [which, then] =
    others === undefined
      ? [
          `${duration(age ?? 0n)} before the moment that counts`,
          chains.length < 2
            ? 'the node is behind, or the chain stands still, and one RPC can not tell the two apart'
            : 'it may have missed what happened since',
        ]
      : [`${duration(others)} behind that of another RPC`, 'it may have missed what happened since']
  return [
    {
      cause: 'rpc-lagging',
      party: 'rpc',
      severity: 'warning',
      field: 'rpc',
      seen: source,
      summary: `The newest block of ${source} is of ${utc(head.time)}, ${which}: ${then}.`,
      evidence: [{ source: 'chain', says: `block ${head.number} (${utc(head.time)}) is the newest of ${source}` }],
      fix: 'ask an RPC whose newest block is of now, and take nothing as certain before it has answered',
    },
  ]
}

/** What several nodes agree on is no fault of one. */
function halted({ chains = [], moment }: Evidence): Finding[] {
  const state = believed(chains)
  if (state === undefined || !isHalted(chains, moment.time)) return []
  const { block } = state
  const sources = chains.map(({ source }) => source)
  return [
    {
      cause: 'chain-halted',
      party: 'nobody',
      severity: 'warning',
      field: 'rpc',
      seen: `block ${block.number}, ${utc(block.time)}`,
      summary: `The chain makes no blocks: ${sources.join(' and ')} have the same newest one, block ${block.number} of ${utc(block.time)}, ${duration(moment.time - block.time)} before the moment that counts. Until the next one nothing is final, and what was signed may settle in it.`,
      evidence: sources.map((source) => ({ source: 'chain', says: `block ${block.number}, ${block.hash}, is the newest of ${source}` })),
      fix: 'wait until the chain makes blocks again, then send the same payment: its window counts by the time of blocks, not by the clock',
    },
  ]
}

function listed(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more facts` : names.join(', ')
}

/** The facts that a verdict rests on and that could not be read, each with the reason. */
export function unknownFacts({ token, payer, payee, nonce, simulated }: ChainState): (readonly [string, string])[] {
  const facts: readonly (readonly [string, Known<unknown>])[] = [
    ["the token's code", token.code],
    ["the token's domain separator", token.separator],
    ['whether it is paused', token.paused],
    ["the payer's code", payer.code],
    ["the payer's balance", payer.balance],
    ['whether the payer is blacklisted', payer.blacklisted],
    ['whether the payee is blacklisted', payee.blacklisted],
    ['whether the nonce is used', nonce.used],
    ['whether the nonce is used now', nonce.usedNow],
    ['how the nonce was used', nonce.settlement],
    ['a simulated transfer', simulated.atBlock],
  ]
  return facts.flatMap(([name, fact]) => (fact.known ? [] : [[name, fact.reason] as const]))
}

/** A settlement in a block of which another RPC has another one at the same height: the chain took it back, or has not decided yet. */
function apart(states: readonly ChainState[]): Finding[] {
  return states.flatMap(({ nonce, source }): Finding[] => {
    const landed = ifKnown(nonce.settlement) ?? undefined
    const other = states.find(({ block }) => block.number === landed?.block && block.hash !== landed.blockHash)
    if (landed === undefined || other === undefined) return []
    const { transaction, block, blockHash } = landed
    return [
      {
        cause: 'settlement-reorged',
        party: 'nobody',
        severity: 'warning',
        field: 'authorization.nonce',
        seen: transaction,
        summary: `${source} has transaction ${transaction} in block ${block}, ${blockHash}, and ${other.source} has another block there, ${other.block.hash}: until both have the same one, it is no settlement.`,
        evidence: [
          { source: 'chain', says: `the log of ${transaction} names block ${blockHash}, from ${source}` },
          { source: 'chain', says: `block ${block} of ${other.source} is ${other.block.hash}` },
        ],
        fix: 'read the nonce and the receipt again, at one block that is safe or finalized, before anything is delivered, sent or signed',
      },
    ]
  })
}

function disagreeing(states: readonly ChainState[], value: bigint): Finding[] {
  const about = disagreements(states, value)
  if (about.length === 0) return []
  const best = believed(states)
  return [
    {
      cause: 'rpc-fault',
      party: 'rpc',
      severity: 'warning',
      field: 'rpc',
      seen: states.map(({ source }) => source).join(', '),
      summary: `The RPCs disagree about ${about.map(({ name, values }) => `${name} (${values.join(' and ')})`).join(', ')}. ${best?.source ?? 'The one'} with the newest block is believed.`,
      evidence: states.map(({ source, block }) => ({
        source: 'chain',
        says: `${source} was read at block ${block.number}, ${block.hash}`,
      })),
      fix: 'ask a third RPC, and have the facilitator use the one that is right',
    },
  ]
}

type Reverted = Extract<Simulation, { outcome: 'reverts' }>

function onPending({ authorization }: Payment, { says, data }: Reverted, state: ChainState, { moment }: Evidence): Finding[] {
  if (saysNonceIsSpent(says, data)) {
    return [
      {
        cause: 'settlement-unconfirmed',
        party: 'facilitator',
        severity: 'info',
        field: 'authorization.nonce',
        seen: says,
        summary: 'A transaction that waits in the pending block uses this nonce: it is being settled now.',
        evidence: [note(state, `a simulated transfer succeeds on latest and reverts on pending with "${says}"`)],
        fix: 'wait for the next block, then read the nonce again',
      },
    ]
  }
  // The pending block is later than the newest: a window that closes in between is no fault of the node's.
  if (windowState(authorization, moment.now) !== 'open') return []
  return [
    {
      cause: 'pending-block-estimate',
      party: 'rpc',
      severity: 'warning',
      field: 'rpc',
      seen: says,
      expected: 'succeeds, as on latest',
      summary: `A simulated transfer succeeds on the newest block and reverts on the pending one with "${says}": a facilitator that estimates gas on pending refuses this payment.`,
      evidence: [note(state, `eth_call on latest succeeds, on pending it reverts with "${says}"`)],
      fix: 'estimate gas on the tag latest, then send the same payment',
    },
  ]
}
