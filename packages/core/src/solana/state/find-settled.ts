import { decodeBase64 } from '../../bytes/base64.ts'
import { type Known, known, unknown } from '../../evidence/known.ts'
import type { RpcAnswer, RpcCall } from '../../rpc/chain-client.ts'
import { messageOf } from '../transaction/message.ts'
import type { SvmPayment } from '../transaction/payment.ts'
import { payerSignature, signedBytesOf, splitTransaction, transactionId } from '../transaction/signed-bytes.ts'
import { transferOf } from '../transaction/transfer.ts'
import { fieldOf, logsIn, read, toBigint } from './rpc-answers.ts'
import type { SvmSettlement } from './state.ts'

export interface SearchOptions {
  /** When the payment was made, unix seconds: what landed around then is looked at first. */
  readonly at?: bigint
  /** How many transactions are looked at, at most. 100 when absent. */
  readonly mostTransactions?: number
}

/** What getSignaturesForAddress gives at most. */
const page = 1000
/** Transactions asked for in one go. */
const atOnce = 25
/** A transaction lands while its blockhash lives, 60 to 90 seconds after it was signed; clocks differ by as much again. */
const around = 180n

interface Listed {
  readonly id: string
  readonly time: bigint | undefined
  readonly memo: string | undefined
}

/**
 * Looks for the transaction of a payment among those of its source account. Its id is the fee payer's signature, which nobody knows before it is
 * sent, so it is told by the payer's signature at its own place. Null says that the whole list was looked through.
 */
export async function findSettled(
  ask: (calls: readonly RpcCall[]) => Promise<readonly RpcAnswer[]>,
  payment: SvmPayment,
  { at, mostTransactions = 100 }: SearchOptions,
): Promise<Known<SvmSettlement | null>> {
  const { transaction } = payment
  if (transaction === null) return known(null)
  const transfer = transferOf(transaction)
  const address = transfer?.source ?? transfer?.authority ?? transaction.signers[1]?.key ?? transaction.feePayer
  const [answer] = await ask([{ method: 'getSignaturesForAddress', params: [address, { limit: page, commitment: 'confirmed' }] }])
  const listed = read(answer, listOf)
  if (!listed.known) return listed

  const id = transactionId(payment)
  const named = payment.beside?.answer?.revert.solanaTransaction
  const own = [...new Set([id, named])].flatMap((each) => (each === undefined ? [] : [{ id: each, time: undefined, memo: undefined }]))
  const possible = [...own, ...candidatesAmong(listed.value, payment, at)]
  const candidates = possible.slice(0, Math.max(1, mostTransactions))
  let silent: string | undefined
  for (let start = 0; start < candidates.length; start += atOnce) {
    const some = candidates.slice(start, start + atOnce)
    const answers = await ask(
      some.map(({ id: each }) => ({
        method: 'getTransaction',
        params: [each, { encoding: 'base64', commitment: 'confirmed', maxSupportedTransactionVersion: 0 }],
      })),
    )
    for (const [index, each] of some.entries()) {
      const found = read(answers[index], (value) => settlementIn(value, each.id, payment))
      // A node that lists a transaction and does not have it tells nothing of it.
      if (answers[index]?.kind === 'result' && answers[index].value === null && each.id !== id && each.id !== named)
        silent = `${each.id} is listed and not there`
      else if (!found.known) silent = found.reason
      else if (found.value !== null) return known(found.value)
    }
  }
  if (silent !== undefined) return unknown(`not all transactions of ${address} could be read: ${silent}`)
  if (possible.length > candidates.length)
    return unknown(`of ${possible.length} transactions of ${address} only ${candidates.length} were looked at, and it is none of these`)
  if (listed.value.length < page) return known(null)
  const last = listed.value[listed.value.length - 1]?.time
  return at !== undefined && last !== undefined && last < at - around
    ? known(null)
    : unknown(`it is none of the ${page} newest transactions of ${address}, which has more`)
}

/**
 * Those that it can be: with this payment's memo first, then the nearest to the time that was said. A transaction with another memo is not
 * this payment's; one of which the node tells no memo may be.
 */
function candidatesAmong(listed: readonly Listed[], { transaction }: SvmPayment, at: bigint | undefined): readonly Listed[] {
  const distance = ({ time }: Listed): bigint => (at === undefined || time === undefined ? 0n : time > at ? time - at : at - time)
  const nearest = [...listed].sort((a, b) => Number(distance(a) - distance(b)))
  const memos = (transaction?.instructions ?? []).flatMap(({ meaning }) =>
    meaning.kind === 'memo' ? [new TextDecoder().decode(meaning.bytes)] : [],
  )
  // Nodes quote what is not plain text, and a short memo may stand in another one.
  const memo = memos.find((text) => /^[\x20-\x7e]{8,}$/.test(text))
  if (memo === undefined) return nearest
  return [...nearest.filter((each) => each.memo?.includes(memo)), ...nearest.filter((each) => each.memo === undefined)]
}

function listOf(value: unknown): Listed[] | undefined {
  if (!Array.isArray(value)) return undefined
  const out: Listed[] = []
  for (const each of value) {
    const [id, memo] = [fieldOf(each, 'signature'), fieldOf(each, 'memo')]
    if (typeof id !== 'string') return undefined
    out.push({ id, time: toBigint(fieldOf(each, 'blockTime')), memo: typeof memo === 'string' ? memo : undefined })
  }
  return out
}

/** The settlement, null where the transaction is another one or is not there any more; undefined where the answer is none. */
function settlementIn(value: unknown, id: string, payment: SvmPayment): SvmSettlement | null | undefined {
  if (value === null) return null
  const [slot, meta, encoded] = [toBigint(fieldOf(value, 'slot')), fieldOf(value, 'meta'), fieldOf(value, 'transaction')]
  const text: unknown = Array.isArray(encoded) ? encoded[0] : undefined
  if (slot === undefined || typeof meta !== 'object' || meta === null || typeof text !== 'string') return undefined
  const decoded = decodeBase64(text)
  const parts = decoded.ok ? splitTransaction(decoded.bytes) : undefined
  if (parts === undefined) return undefined
  const payer = payerSignature(payment)
  const own = signedBytesOf(payment)
  const same = payer !== undefined && equal(parts.signatures[payer.index], payer.signature)
  if (!same && !equal(own?.message, parts.message)) return null
  const time = toBigint(fieldOf(value, 'blockTime'))
  return {
    transaction: id,
    slot,
    time: time === undefined ? unknown('the node does not tell it') : known(time),
    error: fieldOf(meta, 'err') ?? null,
    logs: logsIn(meta, 'logMessages'),
    receiver: receiverIn(meta, payment),
  }
}

/** Who owned the destination when the transaction ran: the node lists the owners of token accounts by their place among the keys. */
function receiverIn(meta: unknown, { transaction, bytes }: SvmPayment): string | null {
  const transfer = transaction === null ? undefined : transferOf(transaction)
  const balances = fieldOf(meta, 'postTokenBalances')
  if (transfer === undefined || bytes === null || !Array.isArray(balances)) return null
  // The payment's own keys: what landed is the same message.
  const { destination } = transfer
  const place = destination === null ? -1 : (messageOf(bytes)?.keys.indexOf(destination) ?? -1)
  const owner: unknown =
    place === -1
      ? undefined
      : fieldOf(
          balances.find((each) => fieldOf(each, 'accountIndex') === place),
          'owner',
        )
  return typeof owner === 'string' ? owner : null
}

function equal(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && a.length === b.length && a.every((byte, index) => byte === b[index])
}
