/** Whether two addresses are the same, whatever their case; unknown is never the same as anything. */
export function sameAddress(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase()
}
