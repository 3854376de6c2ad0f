import { builtInNetworks, findNetwork } from '@eip3009/core'

const prefix = 'EIP3009_RPC_'

/** The variable that gives a network's RPC: `EIP3009_RPC_BASE_SEPOLIA`. */
export function rpcVariable({ id }: { readonly id: string }): string {
  return `${prefix}${id.toUpperCase().replaceAll('-', '_')}`
}

/** A variable that looks like one of ours and gives no network's RPC. */
export interface UnknownVariable {
  readonly variable: string
  /** The one that was probably meant; null where nothing tells. */
  readonly suggestion: string | null
}

/** Those that are set and count for nothing: a network by another name than its id, or by one that nobody knows. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): readonly UnknownVariable[] {
  const known = new Set(builtInNetworks.all.map(rpcVariable))
  return Object.entries(env).flatMap(([variable, value]) => {
    const upper = variable.toUpperCase()
    if (!upper.startsWith(prefix) || known.has(variable) || (value ?? '').trim() === '') return []
    // Windows takes them in any case.
    if (known.has(upper) && env[upper] === value) return []
    const answer = findNetwork(upper.slice(prefix.length).toLowerCase())
    const meant = answer.kind === 'network' ? answer.network : answer.suggestion
    return [{ variable, suggestion: meant === undefined ? null : rpcVariable(meant) }]
  })
}
