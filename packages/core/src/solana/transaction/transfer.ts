import type { SvmTransaction, SvmTransfer } from './payment.ts'

/** The one transfer, where there is just one. */
export function transferOf({ instructions }: SvmTransaction): SvmTransfer | undefined {
  const found = instructions.flatMap(({ meaning }) => (meaning.kind === 'transfer-checked' ? [meaning] : []))
  return found.length === 1 ? found[0] : undefined
}
