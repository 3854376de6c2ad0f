/** Programs that a payment meets, at the same address on every cluster. From the x402 specification of the exact scheme on Solana. */
export const programs = {
  computeBudget: 'ComputeBudget111111111111111111111111111111',
  token: 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA',
  token2022: 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb',
  associatedToken: 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL',
  memo: 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr',
  oldMemo: 'Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo',
  lighthouse: 'L2TExMFKdjpN9kozasaurPirfHy9P8sbXoAN1qA3S95',
  system: '11111111111111111111111111111111',
  lookupTable: 'AddressLookupTab1e1111111111111111111111111',
} as const

/** The programs by what people call them. */
const names: Readonly<Record<string, string>> = {
  [programs.computeBudget]: 'Compute Budget',
  [programs.token]: 'SPL Token',
  [programs.token2022]: 'Token-2022',
  [programs.associatedToken]: 'Associated Token Account',
  [programs.memo]: 'Memo',
  [programs.oldMemo]: 'Memo (first version)',
  [programs.lighthouse]: 'Lighthouse',
  [programs.system]: 'System',
}

/** What people call a program: its address where it has no name here. */
export function programName(program: string): string {
  return knownProgramName(program) ?? program
}

export function knownProgramName(program: string): string | null {
  return Object.hasOwn(names, program) ? (names[program] ?? null) : null
}
