import type { Json, JsonObject } from './json.ts'
import { networkWord } from './prints.ts'

const address = '0x[0-9a-fA-F]{40}(?![0-9a-fA-F])'
const hash = '0x[0-9a-fA-F]{64}(?![0-9a-fA-F])'

/**
 * What the lines around a call say of it, under the names that JSON-RPC has: cast's columns, viem's error, an explorer's page, a line of a log. A name needs a
 * colon, an equals sign or a column's gap behind it, so that no sentence is taken for one.
 */
const lines: Readonly<Record<string, RegExp>> = {
  to: told('to|address|contract(?: ?address)?|interacted with(?: \\(to\\))?', address),
  from: told('from|sender', address),
  chainId: told('chain[ _]?id|chain[ _]?index', '[0-9]{1,15}|0x[0-9a-fA-F]{1,12}'),
  chain: told('chain|network', '[A-Za-z][\\w:. -]{0,40}?(?=\\s*(?:\\(id: ?[0-9]+\\)|[,;"\'\\n\\r)}|]|$|\\s[\\w.]+[=:]))'),
  hash: told('(?:transaction |tx )?hash|transactionHash|txHash|tx', hash),
  blockHash: told('block ?hash', hash),
  blockNumber: told('block(?: ?number)?', '[0-9]{1,12}'),
}

function told(names: string, value: string): RegExp {
  return new RegExp(`(?:^|[^\\w.])(?:${names})["']?(?:[ \\t]*[:=]\\s{0,8}|[ \\t]{2,}|\\t)["']?(${value})`, 'im')
}

/** Longer than the page of a transaction; what a call says of itself has to be taken out before. */
const mostCharacters = 20_000

/** What `text` tells of the call that was found in it. `chain` is a network's name. */
export function toldAround(text: string): JsonObject {
  const near = text.slice(0, mostCharacters)
  const found = new Map<string, Json>()
  for (const [name, pattern] of Object.entries(lines)) {
    const value = pattern.exec(near)?.[1]?.trim()
    if (value !== undefined) found.set(name, name === 'chain' ? networkWord(value) : value)
  }
  // viem's "Base Sepolia (id: 84532)".
  const id = /\(id: ?([0-9]{1,15})\)/.exec(near)?.[1]
  if (id !== undefined && found.has('chain') && !found.has('chainId')) found.set('chainId', id)
  return found
}
