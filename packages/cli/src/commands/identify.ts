import { builtInNetworks, getNetwork, identifySeparator, type SeparatorHints } from '@eip3009/core'
import type { Console } from '../console.ts'
import { exitCodes } from '../exit-codes.ts'
import { identifiedJson, renderIdentified } from '../report/identified.ts'
import { jsonText } from '../report/json-text.ts'
import { UsageError } from '../usage-error.ts'

export interface IdentifyOptions {
  readonly separator: string
  /** `name=GLUE Token`, `version=1`, `chainId=8453`, `network=base`, `contract=0x…`, `salt=0x…`; any number of each. */
  readonly hint?: readonly string[] | undefined
  readonly json: boolean
}

/** Says which domain gives a separator; 1 when none is found. */
export function identifyCommand({ separator, hint = [], json }: IdentifyOptions, console: Console): number {
  const search = identifySeparator(readSeparator(separator), { hints: readHints(hint) })
  console.out(
    json
      ? jsonText(identifiedJson(search))
      : renderIdentified(search, { color: console.color, columns: console.columns ?? 120, hinted: hint.length > 0 }),
  )
  return search.found === undefined ? exitCodes.payment : exitCodes.settles
}

function readSeparator(text: string): `0x${string}` {
  const digits = text.trim().replace(/^0x/i, '')
  if (/^[0-9a-fA-F]{64}$/.test(digits)) return `0x${digits.toLowerCase()}`
  for (const { id, wrongValues } of builtInNetworks.all) {
    const cut = wrongValues.find(({ fact, wrong }) => fact === 'usdc.separator' && wrong === `0x${digits.toLowerCase()}`)
    if (cut !== undefined) throw new UsageError(`That is the separator of USDC on ${id} with a digit missing; in full it is ${cut.right}.`)
  }
  // Whatever was meant to be pasted somewhere else, a key for one, is not repeated.
  const seen = /^[0-9a-fA-F]*$/.test(digits) ? `${digits.length} hex digits` : text.length > 20 ? `${text.length} characters` : `"${text}"`
  throw new UsageError(`A domain separator is 0x and 64 hex digits, as DOMAIN_SEPARATOR() returns it; got ${seen}.`)
}

const hintForms = 'name=…, version=…, chainId=…, network=…, contract=0x… or salt=0x…'

function readHints(hints: readonly string[]): SeparatorHints {
  const out = {
    names: [] as string[],
    versions: [] as string[],
    chainIds: [] as bigint[],
    contracts: [] as `0x${string}`[],
    salts: [] as `0x${string}`[],
  }
  for (const hint of hints) {
    const at = hint.indexOf('=')
    const value = hint.slice(at + 1)
    switch (at < 1 ? '' : hint.slice(0, at).toLowerCase().replace(/[-_]/g, '')) {
      case 'name':
        out.names.push(value)
        break
      case 'version':
        out.versions.push(value)
        break
      case 'chainid':
      case 'chain':
        out.chainIds.push(chainId(value))
        break
      case 'network':
        out.chainIds.push(chainIdOf(value))
        break
      case 'contract':
      case 'verifyingcontract':
      case 'address':
        out.contracts.push(hex(value, 20, 'contract'))
        break
      case 'salt':
        out.salts.push(hex(value, 32, 'salt'))
        break
      default:
        throw new UsageError(`--hint "${hint.slice(0, 40)}" is not understood; give ${hintForms}.`)
    }
  }
  return out
}

function chainId(text: string): bigint {
  if (/^(0x[0-9a-fA-F]{1,64}|\d{1,78})$/.test(text)) return BigInt(text)
  throw new UsageError(`--hint chainId takes a number such as 8453; got "${text.slice(0, 40)}".`)
}

function chainIdOf(name: string): bigint {
  const network = getNetwork(name)
  if (network.family === 'evm') return BigInt(network.chainId)
  throw new UsageError(`--hint network=${network.id} does not help: there is no EIP-712 domain on it.`)
}

function hex(text: string, bytes: number, what: string): `0x${string}` {
  const trimmed = text.trim()
  if (new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`).test(trimmed)) return trimmed as `0x${string}`
  throw new UsageError(`--hint ${what} takes 0x and ${2 * bytes} hex digits; got "${trimmed.slice(0, 40)}".`)
}
