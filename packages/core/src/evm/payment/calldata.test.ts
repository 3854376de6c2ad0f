import { Interface } from 'ethers'
import fc from 'fast-check'
import { concat, encodeFunctionData, getAddress, type Hex, hexToBytes, parseAbi, toFunctionSelector, toHex } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../causes/finding.ts'
import { type CalldataResult, isKnownSelector, readCalldata } from './calldata.ts'

const abi = parseAbi([
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
  'function receiveWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
  'function receiveWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
])

const uint = fc.bigInt(0n, 2n ** 256n - 1n)
const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => toHex(bytes))
const account = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => getAddress(toHex(bytes)))
const message = fc.record({ from: account, to: account, value: uint, validAfter: uint, validBefore: uint, nonce: word })
const functionName = fc.constantFrom('transferWithAuthorization' as const, 'receiveWithAuthorization' as const)

function read(data: Hex): { readonly result: CalldataResult; readonly findings: readonly Finding[] } {
  const findings: Finding[] = []
  return { result: readCalldata(hexToBytes(data), findings), findings }
}

const sample = {
  from: getAddress(`0x${'11'.repeat(20)}`),
  to: getAddress(`0x${'22'.repeat(20)}`),
  value: 1n,
  validAfter: 2n,
  validBefore: 3n,
  nonce: `0x${'33'.repeat(32)}`,
} as const
const signature: Hex = `0x${'44'.repeat(65)}`

function bytesCall(bytes: Hex): Hex {
  return encodeFunctionData({
    abi,
    functionName: 'transferWithAuthorization',
    args: [sample.from, sample.to, 1n, 2n, 3n, sample.nonce, bytes],
  })
}

describe('calldata', () => {
  test('the (v, r, s) overloads, as viem encodes them', () => {
    fc.assert(
      fc.property(message, functionName, fc.integer({ min: 0, max: 255 }), word, word, (authorization, name, v, r, s) => {
        const { from, to, value, validAfter, validBefore, nonce } = authorization
        const data = encodeFunctionData({ abi, functionName: name, args: [from, to, value, validAfter, validBefore, nonce, v, r, s] })
        const { result, findings } = read(data)
        expect(result).toEqual({
          ok: true,
          read: {
            authorization,
            signature: concat([r, s, toHex(v, { size: 1 })]),
            primaryType: name === 'transferWithAuthorization' ? 'TransferWithAuthorization' : 'ReceiveWithAuthorization',
            call: { function: name, selector: data.slice(0, 10), overload: 'vrs' },
            recognised: `calldata of ${name}(…, uint8 v, bytes32 r, bytes32 s)`,
          },
        })
        expect(findings).toEqual([])
      }),
    )
  })

  test('the bytes overloads, as ethers encodes them', () => {
    const encoder = new Interface(abi.map((each) => `function ${each.name}(${each.inputs.map(({ type }) => type).join(',')})`))
    fc.assert(
      fc.property(message, functionName, fc.uint8Array({ maxLength: 700 }), (authorization, name, bytes) => {
        const { from, to, value, validAfter, validBefore, nonce } = authorization
        const full = `${name}(address,address,uint256,uint256,uint256,bytes32,bytes)`
        const data = encoder.encodeFunctionData(full, [from, to, value, validAfter, validBefore, nonce, bytes])
        const { result, findings } = read(data as Hex)
        expect(result).toMatchObject({
          ok: true,
          read: { authorization, signature: toHex(bytes), call: { function: name, overload: 'bytes' } },
        })
        expect(findings).toEqual([])
      }),
    )
  })

  test('knows the four selectors by their signatures', () => {
    const selectors = abi.map((each) => toFunctionSelector(each))
    expect(selectors).toEqual(['0xe3ee160e', '0xcf092995', '0xef55bec6', '0x88b7ab63'])
    expect(selectors.every(isKnownSelector)).toBe(true)
  })

  test.each([
    [
      'function cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)',
      'a cancelAuthorization call (v, r, s), which takes an authorization back and moves no money',
    ],
    [
      'function cancelAuthorization(address,bytes32,bytes)',
      'a cancelAuthorization call (bytes), which takes an authorization back and moves no money',
    ],
    ['function transfer(address,uint256)', 'a plain ERC-20 transfer call, which its sender pays without an authorization'],
    [
      'function transferFrom(address,address,uint256)',
      'an ERC-20 transferFrom call, which rests on an allowance and not on an authorization',
    ],
    ['function approve(address,uint256)', 'an ERC-20 approve call'],
    ['function permit(address,address,uint256,uint256,uint8,bytes32,bytes32)', 'an EIP-2612 permit call (v, r, s), another standard'],
    ['function permit(address,address,uint256,uint256,bytes)', 'an EIP-2612 permit call (bytes), another standard'],
    ['function authorizationState(address,bytes32)', 'an authorizationState call, a question and not a payment'],
    ['function DOMAIN_SEPARATOR()', 'a DOMAIN_SEPARATOR call, a question and not a payment'],
    ['function balanceOf(address)', 'a balanceOf call, a question and not a payment'],
    ['function Error(string)', 'revert data: Error(string), the answer to a failed call and not the call'],
    ['function Panic(uint256)', 'revert data: Panic(uint256), the answer to a failed call and not the call'],
    ['function nothing()', 'calldata of 100 bytes with the selector 0x448f30a3, which is no function of EIP-3009'],
  ])('%s is named and refused', (signature, what) => {
    const { result } = read(concat([toFunctionSelector(signature), `0x${'00'.repeat(96)}`]))
    expect(result).toMatchObject({ ok: false, refusal: { what } })
  })

  test('calldata that was cut', () => {
    const data = bytesCall(signature)
    const whole = (data.length - 2) / 2
    const kept = Array.from({ length: whole - 4 }, (_, index) => index + 4).filter(
      (length) => read(data.slice(0, 2 + 2 * length) as Hex).result.ok,
    )
    // Only the padding of the last word may be missing: the token reads the 65 bytes all the same.
    expect(kept).toEqual(Array.from({ length: 31 }, (_, index) => whole - 31 + index))
    expect(read(data.slice(0, 2 + 2 * 100) as Hex).result).toMatchObject({
      refusal: { what: expect.stringContaining('calldata of transferWithAuthorization that is cut in validAfter, its word 4 of 8') },
    })
    expect(read(data.slice(0, 2 + 2 * 300) as Hex).result).toMatchObject({
      refusal: { what: 'calldata of transferWithAuthorization whose signature is said to have 65 bytes, of which 40 are there' },
    })
  })

  test('an offset that points out of the calldata', () => {
    const data = bytesCall(signature)
    const at = 10 + 64 * 6
    const moved = (offset: bigint): Hex => `${data.slice(0, at)}${toHex(offset, { size: 32 }).slice(2)}${data.slice(at + 64)}` as Hex
    expect(read(moved(2n ** 255n)).result).toMatchObject({
      refusal: { what: 'calldata of transferWithAuthorization whose signature is said to begin at byte more than 10^15 of 352' },
    })
    expect(read(moved(330n)).result).toMatchObject({
      refusal: { what: 'calldata of transferWithAuthorization whose signature is said to begin at byte 330 of 352' },
    })
  })

  test('what an ABI decoder takes and an encoder does not write', () => {
    const data = bytesCall(signature)
    const shifted = concat([
      data.slice(0, 10 + 64 * 6) as Hex,
      toHex(256, { size: 32 }),
      toHex(0, { size: 32 }),
      `0x${data.slice(10 + 64 * 7)}`,
    ])
    expect(read(shifted)).toMatchObject({
      result: { ok: true, read: { signature } },
      findings: [{ severity: 'info', field: 'signature', seen: '256' }],
    })
    expect(read(concat([data, '0xabcd']))).toMatchObject({
      result: { ok: true },
      findings: [{ severity: 'info', field: 'data', seen: '2 bytes' }],
    })
  })

  test('words that do not fit their type', () => {
    const dirty: Hex = `0x${bytesCall(signature).slice(2, 10)}01${bytesCall(signature).slice(12)}`
    expect(read(dirty)).toMatchObject({
      result: { ok: true, read: { authorization: { from: sample.from } } },
      findings: [{ cause: 'malformed-field', severity: 'error', field: 'authorization.from' }],
    })
    const vrs = encodeFunctionData({
      abi,
      functionName: 'transferWithAuthorization',
      args: [sample.from, sample.to, 1n, 2n, 3n, sample.nonce, 27, sample.nonce, sample.nonce],
    })
    const bigV = `${vrs.slice(0, 10 + 64 * 6)}${toHex(16942, { size: 32 }).slice(2)}${vrs.slice(10 + 64 * 7)}` as Hex
    expect(read(bigV)).toMatchObject({ result: { ok: true }, findings: [{ severity: 'error', field: 'signature.v', seen: '16942' }] })
  })
})
