import type { Known } from '../../evidence/known.ts'
import type { SolanaNetwork } from '../../networks/network.ts'
import { utc } from '../../text/utc.ts'
import type { ChainReport } from '../../verdict/diagnosis.ts'
import { sayLanded } from '../state/liveness-checks.ts'
import type { SvmAccount, SvmAnswer, SvmSimulation, SvmState } from '../state/state.ts'
import { readMint, readTokenAccount } from '../state/token-data.ts'
import { sayError } from '../state/transaction-error.ts'
import { payeeAccount } from '../state/wanted-accounts.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { transferOf } from '../transaction/transfer.ts'
import type { SvmSettlementReport } from './diagnosis.ts'

/** What an RPC answered, each fact as it was read or why it is unknown. */
export function chainReport(answer: SvmAnswer, payment: SvmPayment, network: SolanaNetwork | undefined): ChainReport {
  const { source } = answer
  if (answer.kind === 'unreachable')
    return { source, kind: 'unreachable', says: `could not be read: ${answer.reason}`, block: null, facts: [] }
  if (answer.kind === 'wrong-cluster') {
    const says = `is of the cluster with the genesis hash ${answer.genesisHash}, not of ${answer.expected}`
    return { source, kind: 'wrong-chain', says, block: null, facts: [] }
  }
  return {
    source,
    kind: 'read',
    says: `${answer.network}${answer.slot.known ? `, slot ${answer.slot.value}` : ''}${answer.time.known ? ` of ${utc(answer.time.value)}` : ''}`,
    block: { number: text(answer.slot), hash: null, time: text(answer.time) },
    facts: factsOf(answer, payment, network),
  }
}

function text(fact: Known<bigint>): string | null {
  return fact.known ? String(fact.value) : null
}

function factsOf(state: SvmState, payment: SvmPayment, network: SolanaNetwork | undefined): ChainReport['facts'] {
  const { transaction } = payment
  const transfer = transaction === null ? undefined : transferOf(transaction)
  const asked = network === undefined ? undefined : payeeAccount(payment, network)
  const accounts: readonly (readonly [string, string | null | undefined])[] = [
    ['mint', transfer?.mint],
    ["payer's token account", transfer?.source],
    ["payee's token account", transfer?.destination ?? asked],
    ['fee payer', transaction?.feePayer],
  ]
  return [
    ...accounts.flatMap(([fact, address]) => {
      const known = typeof address === 'string' ? state.accounts.get(address) : undefined
      return known === undefined ? [] : [row(fact, known, sayAccount)]
    }),
    row('blockhash', state.blockhash, (life) => life),
    row('settlement', state.settlement, (landed) =>
      landed === null ? 'none found' : `${sayLanded(landed)}${landed.error === null ? '' : `, failed with ${sayError(landed.error)}`}`,
    ),
    row('simulation', state.simulated.asIs, saySimulation),
    row('simulation with a living blockhash', state.simulated.fresh, saySimulation),
  ]
}

function row<T>(fact: string, known: Known<T>, say: (value: T) => string): ChainReport['facts'][number] {
  return known.known ? { fact, says: say(known.value), unknown: null } : { fact, says: null, unknown: known.reason }
}

function sayAccount(account: SvmAccount | null): string {
  if (account === null) return 'does not exist'
  const held = readTokenAccount(account)
  if (held !== undefined) return `${held.amount} of ${held.mint}, ${held.state}, of ${held.owner}`
  const mint = readMint(account)
  if (mint !== undefined) return `a mint of ${mint.decimals} decimals`
  return `${account.lamports} lamports, ${account.data.length} bytes of ${account.owner}`
}

function saySimulation({ error, units, logs }: SvmSimulation): string {
  const used = units === null ? '' : `, ${units} units`
  return error === null ? `succeeds${used}` : `fails with ${sayError(error, logs)}${used}`
}

/** The transaction that this payment became; null where there is none, or where nobody could tell. */
export function settlementReport(state: SvmState | undefined): SvmSettlementReport | null {
  if (state === undefined || !state.settlement.known || state.settlement.value === null) return null
  const { transaction, slot, time, error, receiver } = state.settlement.value
  return { transaction, block: String(slot), time: text(time), error: error === null ? null : sayError(error), receiver }
}
