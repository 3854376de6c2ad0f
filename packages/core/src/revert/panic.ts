/** What the code of a Solidity `Panic(uint256)` means. Source: the Solidity documentation, "Panic via assert and Error via require". */
const panicCodes: Readonly<Record<string, string>> = {
  0: 'generic panic inserted by the compiler',
  1: 'assert failed',
  17: 'arithmetic overflow or underflow',
  18: 'division or modulo by zero',
  33: 'value outside of the enum',
  34: 'storage byte array is encoded wrongly',
  49: 'pop on an empty array',
  50: 'array index out of bounds',
  65: 'too much memory allocated',
  81: 'call of an uninitialised internal function',
}

/** One sentence for a panic code. */
export function panicMeaning(code: bigint): string {
  const hex = `0x${code.toString(16).padStart(2, '0')}`
  const key = code.toString()
  return Object.hasOwn(panicCodes, key) ? `panic ${hex}: ${panicCodes[key]}` : `panic ${hex}: not a code that Solidity defines`
}
