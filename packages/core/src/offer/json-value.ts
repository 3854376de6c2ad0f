import { isList, isNumber, isObject, type Json } from '../wire/json.ts'

/** JSON text of a value, each number with the digits that it was written with. */
export function writeJson(value: Json): string {
  if (isNumber(value)) return Number.isFinite(Number(value.digits)) ? String(value.digits).replace(/^\+/, '') : 'null'
  if (isList(value)) return `[${value.map(writeJson).join(',')}]`
  if (isObject(value)) return `{${[...value].map(([key, member]) => `${JSON.stringify(key)}:${writeJson(member)}`).join(',')}}`
  return JSON.stringify(value)
}

/** The value as plain data; a number that a double can not hold is its digits. */
export function plainValue(value: Json): unknown {
  if (isNumber(value)) return String(Number(value.digits)) === value.digits ? Number(value.digits) : value.digits
  if (isList(value)) return value.map(plainValue)
  if (isObject(value)) return Object.fromEntries([...value].map(([key, member]) => [key, plainValue(member)]))
  return value
}
