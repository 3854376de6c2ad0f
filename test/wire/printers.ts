import { inspect } from 'node:util'

/** What a payment is made of, before a language prints it. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

const isRecord = (value: Value): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const entries = (value: { readonly [key: string]: Value }): [string, Value][] => Object.entries(value)

const snake = (key: string): string => key.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
const pascal = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1)
/** `x402Version` is one word more in Rust and Python than its letters say. */
const field = (key: string): string => (key === 'x402Version' ? 'x402_version' : snake(key))

const bytes = (hex: string): number[] =>
  hex
    .slice(2)
    .match(/../g)
    ?.map((pair) => Number.parseInt(pair, 16)) ?? []

/** What is a map in every language: nobody has a struct for it. */
const isMap = (key: string): boolean => key === 'extra' || key === 'extensions' || key === 'outputSchema'

/** A derived `Debug` in Rust, with x402-rs' newtypes; `{:#?}` where `pretty`. */
export function rust(value: Value, key: string, pretty = false): string {
  return rustValue(value, key, pretty ? '\n' : undefined)
}

const newtypes: Readonly<Record<string, string>> = {
  from: 'EvmAddress',
  to: 'EvmAddress',
  payTo: 'EvmAddress',
  asset: 'EvmAddress',
  value: 'TokenAmount',
  maxAmountRequired: 'TokenAmount',
  amount: 'TokenAmount',
  validAfter: 'UnixTimestamp',
  validBefore: 'UnixTimestamp',
  nonce: 'HexEncodedNonce',
  signature: 'EvmSignature',
}

/** `indent` is a line break and what stands in front of the line; undefined on one line. */
function rustValue(value: Value, key: string, indent: string | undefined): string {
  const deeper = indent === undefined ? undefined : `${indent}    `
  const group = (open: string, parts: readonly string[], close: string): string => {
    if (parts.length === 0) return `${open}${close}`
    if (deeper === undefined) return `${open}${open.endsWith('{') ? ' ' : ''}${parts.join(', ')}${open.endsWith('{') ? ' ' : ''}${close}`
    return `${open}${parts.map((part) => `${deeper}${part},`).join('')}${indent}${close}`
  }
  const tuple = (name: string, inner: (within: string | undefined) => string): string => group(`${name}(`, [inner(deeper)], ')')
  if (value === null) return 'None'
  if (key === 'x402Version') return `V${String(value)}`
  if (key === 'scheme' && typeof value === 'string') return pascal(value)
  if (key === 'network' && typeof value === 'string') {
    const [namespace = '', reference] = value.split(':')
    if (reference === undefined) return pascal(value).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
    return group('ChainId {', [`namespace: "${namespace}"`, `reference: "${reference}"`], '}')
  }
  if (isMap(key) && isRecord(value)) return tuple('Some', (within) => json(value, within))
  const newtype = newtypes[key]
  if (newtype !== undefined && typeof value === 'string' && /^(?:0x[0-9a-fA-F]+|[0-9]+)$/.test(value)) {
    return tuple(newtype, (within) => {
      if (newtype !== 'HexEncodedNonce' && newtype !== 'EvmSignature') return value.startsWith('0x') ? value.toLowerCase() : value
      const numbers = bytes(value).map(String)
      if (within === undefined) return `[${numbers.join(', ')}]`
      return `[${numbers.map((each) => `${within}    ${each},`).join('')}${within}]`
    })
  }
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object') return String(value)
  if (!isRecord(value))
    return group(
      '[',
      value.map((item) => rustValue(item, '', deeper)),
      ']',
    )
  const struct = (name: string, within: string | undefined): string => rustStruct(name, value, within)
  if (key === 'payload' && 'transaction' in value) return tuple('Solana', (within) => struct('ExactSolanaPayload', within))
  if (key === 'payload') return tuple('Evm', (within) => struct('ExactEvmPayload', within))
  return struct(key === 'authorization' ? 'ExactEvmPayloadAuthorization' : pascal(key), indent)
}

function rustStruct(name: string, value: { readonly [key: string]: Value }, indent: string | undefined): string {
  const deeper = indent === undefined ? undefined : `${indent}    `
  const parts = entries(value).map(([key, member]) => `${field(key)}: ${rustValue(member, key, deeper)}`)
  return deeper === undefined
    ? `${name} { ${parts.join(', ')} }`
    : `${name} {${parts.map((part) => `${deeper}${part},`).join('')}${indent}}`
}

/** serde_json's `Value`, or the map that x402-rs makes of it. */
function json(value: Value, indent: string | undefined): string {
  if (typeof value === 'string')
    return indent === undefined ? `String(${JSON.stringify(value)})` : `String(${indent}    ${JSON.stringify(value)},${indent})`
  if (!isRecord(value)) return value === null ? 'Null' : typeof value === 'boolean' ? `Bool(${value})` : `Number(${String(value)})`
  const deeper = indent === undefined ? undefined : `${indent}    `
  const parts = entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}: ${json(member, deeper)}`)
  return deeper === undefined ? `{${parts.join(', ')}}` : `{${parts.map((part) => `${deeper}${part},`).join('')}${indent}}`
}

/** `%+v` of structs in Go. */
export function goPlus(value: Value, key = ''): string {
  if (value === null) return '<nil>'
  if (typeof value !== 'object') return String(value)
  if (!isRecord(value)) return `[${value.map((item) => goPlus(item)).join(' ')}]`
  const map = isMap(key)
  const parts = entries(value).map(([name, member]) => `${map ? name : pascal(name)}:${goPlus(member, map ? 'extra' : name)}`)
  return map ? `map[${parts.sort().join(' ')}]` : `{${parts.join(' ')}}`
}

/** `%#v` of structs in Go. */
export function goSharp(value: Value, key: string): string {
  if (value === null) return '(*string)(nil)'
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value !== 'object') return String(value)
  if (!isRecord(value)) return `[]string{${value.map((item) => goSharp(item, key)).join(', ')}}`
  const map = isMap(key)
  const parts = entries(value).map(
    ([name, member]) => `${map ? JSON.stringify(name) : pascal(name)}:${goSharp(member, map ? 'extra' : name)}`,
  )
  return map ? `map[string]interface {}{${parts.sort().join(', ')}}` : `main.${pascal(key)}{${parts.join(', ')}}`
}

/** A string as Python's `repr` has it. */
const pythonString = (text: string): string =>
  text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** `repr` of pydantic's models. */
export function pydantic(value: Value, key: string): string {
  if (typeof value === 'string') return pythonString(value)
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'object') return String(value)
  if (!isRecord(value)) return `[${value.map((item) => pydantic(item, key)).join(', ')}]`
  if (isMap(key))
    return `{${entries(value)
      .map(([name, member]) => `${pythonString(name)}: ${pydantic(member, 'extra')}`)
      .join(', ')}}`
  const name = key === 'payload' ? 'ExactPaymentPayload' : key === 'authorization' ? 'EIP3009Authorization' : pascal(key)
  return `${name}(${fieldsOf(value).join(', ')})`
}

const fieldsOf = (value: { readonly [key: string]: Value }): string[] =>
  entries(value).map(([name, member]) => `${name === 'from' ? 'from_' : field(name)}=${pydantic(member, name)}`)

/** `str` of one, which leaves its own name out. */
export const pydanticString = (value: { readonly [key: string]: Value }): string => fieldsOf(value).join(' ')

/** What Node's console prints. */
export const node = (value: Value): string => inspect(value, { depth: 12, maxStringLength: null, maxArrayLength: null })
