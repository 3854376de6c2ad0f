import fc from 'fast-check'
import { encodeFunctionData, type Hex, keccak256, parseAbi, stringToBytes, toEventSelector, toFunctionSelector, toHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { isValidSignatureSelector } from '../evidence/signature-check.ts'
import { encodeCall, paymentSelectors } from '../payment/token-call.ts'
import { eventTopics, proxySlots, selectors, word } from './fiat-token.ts'

describe('constants', () => {
  const six = 'address,address,uint256,uint256,uint256,bytes32'
  it.each([
    [selectors.initialize, 'initialize(string,string,string,uint8,address,address,address,address)'],
    [selectors.initializeV2, 'initializeV2(string)'],
    [selectors.initializeV2_1, 'initializeV2_1(address)'],
    [selectors.initializeV2_2, 'initializeV2_2(address[],string)'],
    [selectors.balanceOf, 'balanceOf(address)'],
    [selectors.domainSeparator, 'DOMAIN_SEPARATOR()'],
    [selectors.authorizationState, 'authorizationState(address,bytes32)'],
    [selectors.isBlacklisted, 'isBlacklisted(address)'],
    [selectors.paused, 'paused()'],
    [selectors.name, 'name()'],
    [selectors.version, 'version()'],
    [selectors.symbol, 'symbol()'],
    [selectors.decimals, 'decimals()'],
    [isValidSignatureSelector, 'isValidSignature(bytes32,bytes)'],
    [paymentSelectors.transferWithAuthorization.vrs, `transferWithAuthorization(${six},uint8,bytes32,bytes32)`],
    [paymentSelectors.transferWithAuthorization.bytes, `transferWithAuthorization(${six},bytes)`],
    [paymentSelectors.receiveWithAuthorization.vrs, `receiveWithAuthorization(${six},uint8,bytes32,bytes32)`],
    [paymentSelectors.receiveWithAuthorization.bytes, `receiveWithAuthorization(${six},bytes)`],
  ])('%s is the selector of %s', (selector, signature) => {
    expect(selector).toBe(toFunctionSelector(signature))
  })

  it('has the topics and slots that their preimages give', () => {
    expect(eventTopics.Transfer).toBe(toEventSelector('Transfer(address,address,uint256)'))
    expect(eventTopics.AuthorizationUsed).toBe(toEventSelector('AuthorizationUsed(address,bytes32)'))
    expect(proxySlots.implementation).toBe(keccak256(toHex('org.zeppelinos.proxy.implementation')))
    expect(proxySlots.admin).toBe(keccak256(toHex('org.zeppelinos.proxy.admin')))
  })
})

describe('encodeCall', () => {
  const abi = parseAbi(['function f(string,uint256,bytes,address,bytes32,address[],string)'])

  it('encodes as viem does', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((value) => toHex(value))
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 70 }),
        fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
        fc.uint8Array({ maxLength: 130 }),
        bytes(20),
        bytes(32),
        (text, number, blob, address, hash) => {
          const ours = encodeCall(toFunctionSelector('f(string,uint256,bytes,address,bytes32,address[],string)'), [
            stringToBytes(text),
            number,
            blob,
            address,
            hash,
            new Uint8Array(),
            stringToBytes(text),
          ])
          expect(ours).toBe(encodeFunctionData({ abi, args: [text, number, toHex(blob), address as Hex, hash, [], text] }))
        },
      ),
    )
  })

  it('writes words of 32 bytes', () => {
    expect(word(255n)).toBe(`0x${'ff'.padStart(64, '0')}`)
  })
})
