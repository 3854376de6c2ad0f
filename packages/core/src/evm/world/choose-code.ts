import type { DomainLayout } from '../../networks/network.ts'
import { callsOf } from '../../tokens/ask-model.ts'
import { modelOf, type TokenFamily } from '../../tokens/models.ts'
import type { ReplayCode } from '../evidence/replay.ts'

/** Code that an embedded chain can be given: Circle's artifacts, and OpenZeppelin's contracts as they are compiled here. */
export type Implementation = Extract<
  TokenFamily,
  'FiatTokenV2' | 'FiatTokenV2_1' | 'FiatTokenV2_2' | 'FiatTokenCeloV2_2' | 'ERC3009' | 'ERC20TransferAuthorization'
>

/** What decides on the code. */
export interface CodeWanted {
  readonly family?: TokenFamily | undefined
  readonly version: string
  readonly layout: DomainLayout
  readonly overloads?: { readonly bytes: boolean } | undefined
}

/**
 * The code that answers for a token: its family's own where it is at hand, else one of Circle's, which is named as the stand-in that it is. v2.2 computes
 * its separator from the name, "2" and the chain id; a token with another domain, or without the bytes overload, is stood in for by v2.1, which keeps
 * whatever separator is put into its storage.
 */
export function chooseCode(token: CodeWanted): { readonly implementation: Implementation; readonly code: ReplayCode } {
  const { family, layout, version } = token
  if (family === 'ERC3009' || family === 'ERC20TransferAuthorization') {
    return { implementation: family, code: { kind: 'artifact', family } }
  }
  const usual = layout === 'standard' && version === '2' && (token.overloads?.bytes ?? hasBytes(family)) !== false
  if (usual && (family === 'FiatTokenV2_2' || family === 'FiatTokenCeloV2_2')) {
    return { implementation: family, code: { kind: 'artifact', family } }
  }
  // npm has v2 and v2.1 compiled against v2.2's EIP3009.sol: the same order and words, but they ask a payer with code.
  const implementation = family === 'FiatTokenV2' ? 'FiatTokenV2' : usual && family !== 'FiatTokenV2_1' ? 'FiatTokenV2_2' : 'FiatTokenV2_1'
  return { implementation, code: { kind: 'stand-in', family: implementation, of: family ?? null } }
}

function hasBytes(family: TokenFamily | undefined): boolean | undefined {
  return family === undefined ? undefined : callsOf(family, { overload: 'bytes' }).length > 0
}

/** How the code that runs is called in a description. */
export function nameOfCode(implementation: Implementation, code: ReplayCode): string {
  const { label } = modelOf(implementation)
  const separator = implementation === 'FiatTokenV2' || implementation === 'FiatTokenV2_1' ? ' with the separator of this domain' : ''
  return code.kind === 'stand-in' ? `${label}${separator}, our stand-in` : `${label}${separator}`
}
