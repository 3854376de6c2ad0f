import { ifKnown, type Known } from '../../evidence/known.ts'
import { utc } from '../../text/utc.ts'
import type { ChainReport } from '../../verdict/diagnosis.ts'
import { type AccountCode, believed, type ChainAnswer, type ChainState, type Head, isPaidBy, type Simulation } from '../evidence/chain.ts'
import type { Authorization } from '../typed-data/authorization.ts'
import type { SettlementReport } from './diagnosis.ts'

/** What each RPC said, for people and for JSON. */
export function chainReport(answer: ChainAnswer): ChainReport {
  const { source, kind } = answer
  const none = { source, kind, block: null, facts: [] }
  if (answer.kind === 'wrong-chain') return { ...none, says: `it serves chain ${answer.chainId}, not ${answer.expected}` }
  if (answer.kind === 'unreachable') return { ...none, says: answer.reason }
  const { block, newest, instead } = answer
  return {
    source,
    kind,
    says: `block ${block.number}, ${utc(block.time)}${newest ? ', its newest' : ''}${instead === undefined ? '' : `; ${instead}`}`,
    block: { number: String(block.number), hash: block.hash, time: String(block.time) },
    facts: facts(answer),
  }
}

function facts(state: ChainState): ChainReport['facts'] {
  const { token, payer, payee, nonce, simulated, traced, wallet, facilitator, newest, finality } = state
  const row = <T>(fact: string, value: Known<T>, says: (value: T) => string = String): ChainReport['facts'][number] =>
    value.known ? { fact, says: says(value.value), unknown: null } : { fact, says: null, unknown: value.reason }
  const orNone = (value: unknown): string => (value === null ? 'no such function' : String(value))
  const bytes = (length: number): string => (length === 0 ? 'none' : `${length} bytes`)
  return [
    row('token.code', token.code, bytes),
    row('token.implementation', token.implementation, (address) => address ?? 'not a proxy'),
    row('token.transferWithAuthorization(v, r, s)', token.functions['transfer-vrs']),
    row('token.transferWithAuthorization(bytes)', token.functions['transfer-bytes']),
    row('token.name', token.name, orNone),
    row('token.version', token.version, orNone),
    row('token.decimals', token.decimals, orNone),
    row('token.separator', token.separator, orNone),
    row('token.paused', token.paused, orNone),
    row('payer.code', payer.code, codeText),
    row('payer.balance', payer.balance, orNone),
    row('payer.blacklisted', payer.blacklisted, orNone),
    row('payer.native', payer.native),
    row('payee.code', payee.code, codeText),
    row('payee.blacklisted', payee.blacklisted, orNone),
    row('nonce.used', nonce.used, orNone),
    ...(newest ? [] : [row('nonce.usedNow', nonce.usedNow, orNone)]),
    row('chain.safe', finality.safe, headText),
    row('chain.finalized', finality.finalized, headText),
    row('simulated', simulated.atBlock, simulationText),
    ...(newest ? [row('simulated.pending', simulated.pending, simulationText)] : []),
    ...(traced === undefined ? [] : [row('token.hashed', traced, (check) => check?.digest ?? 'it did not come to the signature')]),
    ...wallet.map(({ form, accepts }) => row(`isValidSignature ${form}`, accepts, (yes) => (yes ? 'accepted' : 'refused'))),
    ...(facilitator === null
      ? []
      : [
          row('facilitator.native', facilitator.native),
          row('facilitator.gasPrice', facilitator.gasPrice),
          row('facilitator.nonce', facilitator.nonce),
          row('facilitator.pendingNonce', facilitator.pendingNonce),
        ]),
  ]
}

function headText(head: Head | null): string {
  return head === null ? 'none yet' : `block ${head.number}, ${utc(head.time)}`
}

function codeText(code: AccountCode): string {
  if (code.kind === 'none') return 'none'
  return code.kind === 'contract' ? `${code.bytes} bytes` : `delegated (EIP-7702) to ${code.delegate}`
}

function simulationText(simulation: Simulation): string {
  return simulation.outcome === 'succeeds' ? 'succeeds' : `reverts: ${simulation.says}`
}

/** The transaction that used or canceled the nonce; null when it is unused, or the transaction could not be found. */
export function settlementReport(chains: readonly ChainAnswer[] | undefined, authorization: Authorization): SettlementReport | null {
  const settlement = ifKnown(believed(chains ?? [])?.nonce.settlement ?? { known: false, reason: '' })
  if (settlement === undefined || settlement === null) return null
  const { how, transaction, block, blockHash, time, sender, paid } = settlement
  const at = ifKnown(time)
  const transfer = ifKnown(paid)
  return {
    how,
    transaction,
    block: String(block),
    blockHash,
    time: at === undefined ? null : String(at),
    sender: ifKnown(sender) ?? null,
    transferred: ifKnown(isPaidBy(settlement, authorization)) ?? null,
    paid: transfer === undefined || transfer === null ? null : { to: transfer.to, value: String(transfer.value) },
  }
}
