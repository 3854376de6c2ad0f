import { sameAddress } from '../../bytes/address.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { checksum } from '../../networks/checksum.ts'
import type { CallFrame, SignatureCheck } from './replay.ts'

const ecrecover = '0x0000000000000000000000000000000000000001'

/** ERC-1271's `isValidSignature(bytes32,bytes)`, which is its magic value too. */
export const isValidSignatureSelector = '0x1626ba7e'

/**
 * How the token checked the signature: the first call to the `ecrecover` precompile, whose input begins with the digest and whose output
 * is the recovered address, or the first `isValidSignature` call to the payer, whichever comes first; a wallet's own `ecrecover` comes after.
 */
export function readSignatureCheck(root: CallFrame, payer: Address): SignatureCheck | null {
  const frame = firstFrame(root, (call) => sameAddress(call.to, ecrecover) || asksWallet(call, payer))
  if (frame === undefined) return null
  const output = frame.output ?? '0x'
  if (!sameAddress(frame.to, ecrecover)) {
    const accepted = frame.error === undefined && output.length >= 66 && output.slice(0, 66) === isValidSignatureSelector.padEnd(66, '0')
    return { by: 'erc1271', digest: wordAt(frame.input, 10), wallet: payer, answer: output, accepted }
  }
  // Nothing comes back when nobody can be recovered.
  const recovered = output.length === 66 ? checksum(`0x${output.slice(26)}`) : null
  return { by: 'ecrecover', digest: wordAt(frame.input, 2), recovered }
}

function asksWallet(call: CallFrame, payer: Address): boolean {
  return sameAddress(call.to, payer) && call.input.startsWith(isValidSignatureSelector)
}

/** The first call, in the order in which they began, that matches. */
export function firstFrame(frame: CallFrame, matches: (frame: CallFrame) => boolean): CallFrame | undefined {
  if (matches(frame)) return frame
  for (const call of frame.calls ?? []) {
    const found = firstFrame(call, matches)
    if (found !== undefined) return found
  }
  return undefined
}

function wordAt(hex: Hex, digit: number): Hex {
  return `0x${hex.slice(digit, digit + 64)}`
}
