import { hiddenAsJson } from '@eip3009/core'

/** A value as JSON with a line break behind it. What is parsed from it is the value; what is seen of it can not rewrite a terminal. */
export function jsonText(value: unknown): string {
  return `${hiddenAsJson(JSON.stringify(value, bigintAsText, 2))}\n`
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
