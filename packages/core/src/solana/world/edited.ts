import { Message, MessageV0, PublicKey, VersionedTransaction } from '@solana/web3.js'
import { base58 } from '../../bytes/base58.ts'
import type { SvmIntervention } from './intervention.ts'

/** The transaction with the changes of its message made. Its signatures stay, and are not those of what it says then. */
export function edited(bytes: Uint8Array, interventions: readonly SvmIntervention[]): VersionedTransaction {
  const transaction = VersionedTransaction.deserialize(bytes)
  const { message, signatures } = transaction
  let keys = message.staticAccountKeys
  let instructions = message.compiledInstructions.map(({ programIdIndex, accountKeyIndexes, data }) => ({
    programIdIndex,
    accountKeyIndexes,
    data,
  }))
  for (const each of interventions) {
    if (each.kind === 'instruction')
      instructions = instructions.map((instruction, index) => (index === each.index ? { ...instruction, data: each.data } : instruction))
    if (each.kind === 'key') keys = keys.map((key) => (key.toBase58() === each.from ? new PublicKey(each.to) : key))
    if (each.kind === 'without-program')
      instructions = instructions.filter(({ programIdIndex }) => keys[programIdIndex]?.toBase58() !== each.program)
  }
  const { header, recentBlockhash } = message
  const changed =
    message instanceof Message
      ? new Message({
          header,
          recentBlockhash,
          accountKeys: keys,
          instructions: instructions.map(({ programIdIndex, accountKeyIndexes, data }) => ({
            programIdIndex,
            accounts: [...accountKeyIndexes],
            data: base58(data),
          })),
        })
      : new MessageV0({
          header,
          recentBlockhash,
          staticAccountKeys: keys,
          compiledInstructions: instructions,
          addressTableLookups: message.addressTableLookups,
        })
  return new VersionedTransaction(changed, signatures)
}
