import { fromHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { remembering } from '../../bytes/remembering.ts'
import { checksum } from '../../networks/checksum.ts'
import type { Presence } from './reading.ts'

/** EIP-1167: a contract that is nothing but a delegation to the address in it. */
const minimalProxy = /^0x363d3d373d3d3d363d73([0-9a-f]{40})5af43d82803e903d91602b57fd5bf3$/

/** The address that a minimal proxy delegates to. */
export function minimalProxyTarget(code: Hex): Address | undefined {
  const address = minimalProxy.exec(code.toLowerCase())?.[1]
  return address === undefined ? undefined : checksum(`0x${address}`)
}

const push1 = 0x60
const push4 = 0x63
const push32 = 0x7f
const delegateCall = 0xf4

/** What a contract's code tells without running it. */
export interface Bytecode {
  /** Whether its dispatcher compares with this selector. */
  has(selector: Hex): boolean
  /** Whether the four bytes stand anywhere else, as in the jump table of a compiler that is not Solidity's. */
  mentions(selector: Hex): boolean
  readonly delegates: boolean
}

/**
 * Reads code instruction by instruction, so that data that looks like an instruction is not taken for one. The last answers are kept: one token is paid
 * with again and again, and its code has 24 kB.
 */
export const readBytecode: (code: Hex) => Bytecode = /* @__PURE__ */ remembering(4, (code: Hex) => code, instructionsOf)

function instructionsOf(code: Hex): Bytecode {
  const bytes = fromHex(code)
  const selectors = new Set<number>()
  let delegates = false
  for (let at = 0; at < bytes.length; at++) {
    const instruction = bytes[at] ?? 0
    if (instruction === delegateCall) delegates = true
    if (instruction === push4 && at + 4 < bytes.length) selectors.add(Number.parseInt(code.slice(2 * at + 4, 2 * at + 12), 16))
    if (instruction >= push1 && instruction <= push32) at += instruction - push1 + 1
  }
  const text = code.toLowerCase()
  const mentions = remembering(
    64,
    (selector: Hex) => selector,
    (selector) => text.includes(selector.slice(2).toLowerCase()),
  )
  return {
    has: (selector) => selectors.has(Number(selector)),
    mentions,
    delegates,
  }
}

/** Whether code has a function, and unknown where it could hide it. */
export function presenceOf(code: Bytecode, selector: Hex): Presence {
  if (code.has(selector)) return { kind: 'present' }
  if (code.mentions(selector)) return { kind: 'unknown', reason: 'its selector stands in the code, but not where Solidity puts selectors' }
  if (code.delegates) return { kind: 'unknown', reason: 'the code delegates to another contract that could not be found' }
  return { kind: 'absent' }
}
