import type { Address, Hex } from 'viem'
import type { SignatureCheck } from '../evidence/replay.ts'
import { checksum } from '../networks/checksum.ts'
import { sameAddress } from '../typed-data/address.ts'
import { fromHex } from '../typed-data/bytes.ts'
import { isValidSignatureSelector } from './fiat-token.ts'

/** A call as anvil's callTracer shows it. */
export interface CallFrame {
  readonly to?: Address
  readonly input: Hex
  readonly output?: Hex
  readonly error?: string
  readonly calls?: readonly CallFrame[]
}

const ecrecover = '0x0000000000000000000000000000000000000001'

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

function firstFrame(frame: CallFrame, matches: (frame: CallFrame) => boolean): CallFrame | undefined {
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

/** The string of `Error(string)` revert data; null when the data is anything else, or cut short. */
export function readErrorString(data: Hex): string | null {
  if (!data.startsWith('0x08c379a0')) return null
  const bytes = fromHex(data).subarray(4)
  const length = bytes.length < 64 ? undefined : Number(BigInt(wordAt(data, 10 + 64)))
  if (length === undefined || length > bytes.length - 64) return null
  return new TextDecoder().decode(bytes.subarray(64, 64 + length))
}
