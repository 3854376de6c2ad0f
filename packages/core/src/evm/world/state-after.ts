import type { Hex } from '../../bytes/hex.ts'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { type AccountStates, readAccounts, type Touched, touchChanged } from './account-state.ts'
import type { BlockTransaction } from './read-transaction.ts'
import type { Anvil } from './start-anvil.ts'

/**
 * What transactions leave behind when they are mined, in their order and at `time`, in the block after the newest; the chain itself stays as it is. Put
 * onto the newest block (`placeAccounts`), it makes the state that a later transaction of that block found, and the block that is mined next has the
 * number of theirs. Fees are left out: they move no token.
 */
export async function stateAfter(
  anvil: Anvil,
  transactions: readonly BlockTransaction[],
  time: bigint,
): Promise<{ readonly accounts: AccountStates; readonly failed: readonly string[] }> {
  if (transactions.length === 0) return { accounts: {}, failed: [] }
  const failed: string[] = []
  const snapshot = await anvil.request('evm_snapshot')
  try {
    const sent: { readonly hash: Hex; readonly own: Hex }[] = []
    // One by one: anvil mines in the order of arrival.
    for (const transaction of transactions) {
      const { hash, type } = transaction
      if (!replayable.has(type)) {
        failed.push(`${hash} is of the type 0x${type.toString(16)}, which only its own chain executes`)
        continue
      }
      try {
        sent.push({ hash, own: await send(anvil, transaction) })
      } catch (error) {
        if (!(error instanceof Eip3009Error)) throw error
        failed.push(`${hash}: ${error.message}`)
      }
    }
    await mineAt(anvil, time)
    const touched: Touched = new Map()
    for (const { hash, own } of sent) {
      if ((await anvil.request('eth_getTransactionReceipt', [own])) === null) failed.push(`${hash}: the local chain did not mine it`)
      else await touchChanged(anvil, touched, own)
    }
    return { accounts: await readAccounts(anvil, touched), failed }
  } finally {
    await anvil.request('evm_revert', [snapshot])
  }
}

async function send(anvil: Anvil, { from, mint, ...transaction }: BlockTransaction): Promise<Hex> {
  if (mint > 0n) {
    const balance = BigInt((await anvil.request('eth_getBalance', [from, 'latest'])) as Hex)
    await anvil.request('anvil_setBalance', [from, `0x${(balance + mint).toString(16)}`])
  }
  return (await anvil.request('eth_sendTransaction', [freeOfCharge({ from, ...transaction })])) as Hex
}

/** Legacy, EIP-2930, 1559, 4844 and 7702; Celo's with a fee currency; deposits of the OP stack. All of them are calls when nobody pays for gas. */
const replayable: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 0x7b, 0x7e])

/** A transaction as anvil is given it, at no price. A delegation needs the newer form of fees. */
export function freeOfCharge({ from, to, data, gas, value, more }: Omit<BlockTransaction, 'hash' | 'type' | 'mint'>): object {
  const transaction = { ...more, from, ...(to === null ? {} : { to }), data, gas, value }
  return 'authorizationList' in more
    ? { ...transaction, maxFeePerGas: '0x0', maxPriorityFeePerGas: '0x0' }
    : { ...transaction, gasPrice: '0x0' }
}

/** Mines what was sent in one block of that time, which may lie before that of the newest block. */
export async function mineAt(anvil: Anvil, time: bigint): Promise<void> {
  await anvil.request('anvil_setTime', [`0x${time.toString(16)}`])
  await anvil.request('evm_mine', [`0x${time.toString(16)}`])
}
