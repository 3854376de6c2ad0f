import type { Finding } from '../../causes/finding.ts'
import type { NotMade } from '../../evidence/check.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import { prove } from '../../prove/prove.ts'
import { svmFinding } from '../offer/finding.ts'
import type { SvmState } from '../state/state.ts'
import { ranOut } from '../state/state-checks.ts'
import { nonceAccountOf } from '../state/wanted-accounts.ts'
import { knownMint, nameMint } from '../transaction/known-mint.ts'
import type { SvmPayment, SvmTransaction } from '../transaction/payment.ts'
import { programName, programs } from '../transaction/programs.ts'
import { transferOf } from '../transaction/transfer.ts'
import { interventionKey, type SvmIntervention } from './intervention.ts'
import type { SvmChain, SvmOutcome } from './svm-chain.ts'
import { undo } from './undo.ts'
import { type SvmWorld, worldOf } from './world.ts'

/** What replaying showed. */
export interface SvmProof {
  readonly chain: string
  readonly controls: readonly string[]
  /** Where the accounts are from, in one sentence. */
  readonly world: string
  readonly runs: readonly SvmOutcome[]
  /** The payment as it is. */
  readonly asIs: SvmOutcome
  /** The payment with everything undone that a replay can undo; undefined where there is nothing of that kind. */
  readonly withFix: SvmOutcome | undefined
  /** The findings that are each needed to explain the failure, and together suffice. */
  readonly proven: readonly Finding[]
  /** What only the replay found. */
  readonly found: readonly Finding[]
}

/**
 * Replays the payment as it is and with its errors undone, and says which of them are proven. What can be left in without harm is what facilitators refuse
 * and the programs take, so that nothing is withdrawn for it.
 */
export async function proveSvm(
  chain: SvmChain,
  payment: SvmPayment,
  network: SolanaNetwork,
  state: SvmState | undefined,
  errors: readonly Finding[],
): Promise<SvmProof | NotMade> {
  const { transaction } = payment
  if (transaction === null) return { code: 'undecodable', reason: 'the transaction can not be decoded' }
  const world = worldOf(payment, network, state)
  const gap = unrunnable(chain, payment, transaction, world)
  if (gap !== undefined) return gap
  const guarded = transaction.instructions.some(({ program }) => program === programs.lighthouse)
  const always: readonly SvmIntervention[] = guarded && !chain.knows(programs.lighthouse) ? [withoutGuards] : []
  const destination = transferOf(transaction)?.destination ?? null
  const { runs, asIs, withFix, verdicts, suspected } = await prove<SvmIntervention, SvmOutcome>(
    {
      replay: (interventions) => chain.replay(payment, destination, world, [...interventions, ...always]),
      settles: ({ error }) => error === null,
      suspects: (outcome) => outOfUnits(outcome, transaction),
      undo: (finding) => undo(finding, { payment, transaction, network, world }),
      keyOf: interventionKey,
    },
    errors,
  )
  return {
    chain: `${chain.description} with ${tokenOf(payment, network, world)}`,
    controls: chain.controls,
    world: world.says,
    runs,
    asIs,
    withFix,
    proven: [...errors, ...suspected].filter((finding) => verdicts.get(finding) === 'proven'),
    found: suspected,
  }
}

/** Why there is no run that would show anything. */
function unrunnable(chain: SvmChain, payment: SvmPayment, { instructions }: SvmTransaction, world: SvmWorld): NotMade | undefined {
  if (instructions.some(({ program }) => program === null))
    return { code: 'fact-unread', reason: 'a program comes from a lookup table that nobody has read' }
  const strange = instructions.find(
    ({ program }) => program !== null && program !== programs.lighthouse && !builtIn.has(program) && !chain.knows(program),
  )
  if (strange !== undefined)
    return { code: 'unavailable', reason: `the transaction calls the program ${strange.program}, whose code is not at hand` }
  const missing = unread(payment, world)
  return missing === undefined
    ? undefined
    : { code: 'fact-unread', reason: `nobody has read ${missing}, and what it comes to depends on that` }
}

/** The token program and the mint that the runs are over. */
function tokenOf({ transaction }: SvmPayment, network: SolanaNetwork, { accounts }: SvmWorld): string {
  const mint = (transaction === null ? undefined : transferOf(transaction)?.mint) ?? network.mint
  const known = knownMint(mint)
  const program = accounts.get(mint)?.owner ?? known?.tokenProgram ?? network.tokenProgram
  return `${programName(program)} and the mint ${mint}${known === undefined ? '' : `, ${nameMint(known)}`}`
}

/** What nobody could make up: a run over a made-up one, or without one, would show what was assumed. */
function unread(payment: SvmPayment, { accounts, read, payee }: SvmWorld): string | undefined {
  const { transaction, requirements } = payment
  const transfer = transaction === null ? undefined : transferOf(transaction)
  const mint = transfer?.mint
  const payTo = requirements?.payTo
  if (payTo !== undefined && transfer?.destination === payTo && !read.has(payTo) && payee.kind !== 'token-account')
    return `whether payTo ${payTo}, where the tokens would go, is a token account`
  const needed = [
    ...(transaction?.lookupTables ?? []).map((address) => [address, 'the lookup table'] as const),
    [nonceAccountOf(payment), 'the account of its durable nonce,'] as const,
    [mint, 'the mint'] as const,
  ]
  const [gap] = needed.flatMap(([address, what]) =>
    typeof address === 'string' && accounts.get(address) == null && !read.has(address) ? [`${what} ${address}`] : [],
  )
  return gap
}

/** Programs that are part of the cluster itself, and have no account with code. */
const builtIn: ReadonlySet<string> = new Set([programs.computeBudget, programs.system, programs.lookupTable])

const withoutGuards: SvmIntervention = {
  kind: 'without-program',
  program: programs.lighthouse,
  says: 'The Lighthouse guards are left out: their program is not at hand.',
}

/** Too low a compute limit is in no account and in no rule: only running the transaction shows it. */
function outOfUnits({ error, logs }: SvmOutcome, { instructions }: SvmTransaction): readonly Finding[] {
  if (!ranOut(error, logs)) return []
  const place = instructions.findIndex(({ meaning }) => meaning.kind === 'compute-limit')
  const meaning = instructions[place]?.meaning
  if (meaning?.kind !== 'compute-limit') return []
  return [
    svmFinding({
      cause: 'svm-compute-limit',
      source: 'replay',
      field: `instructions[${place}]`,
      seen: String(meaning.units),
      expected: 'about 20000',
      summary: `The compute limit of ${meaning.units} units does not suffice: the replay ran out of them.`,
      notes: [{ source: 'replay', says: 'The programs of the replay are newer ones, which need fewer units than older ones did.' }],
    }),
  ]
}
