import { describe, expect, it } from 'vitest'
import { delegationTo, describeIntervention, type Intervention } from './replay.ts'

const someone = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'

/** One of each kind, so that a new kind without a sentence does not compile. */
const all: { readonly [Kind in Intervention['kind']]: Extract<Intervention, { kind: Kind }> } = {
  time: { kind: 'time', at: 1761924683n },
  signature: { kind: 'signature', signature: `0x${'ab'.repeat(65)}` },
  authorization: { kind: 'authorization', fields: { value: 10000n, to: someone } },
  function: { kind: 'function', function: 'receiveWithAuthorization', overload: 'bytes' },
  sender: { kind: 'sender', sender: someone },
  'payer-code': { kind: 'payer-code', code: delegationTo(someone) },
  balance: { kind: 'balance', value: 9999n },
  blacklist: { kind: 'blacklist', address: someone },
  'blacklist-lifted': { kind: 'blacklist-lifted', address: someone },
  paused: { kind: 'paused' },
  unpaused: { kind: 'unpaused' },
  'nonce-used': { kind: 'nonce-used' },
  'nonce-free': { kind: 'nonce-free' },
  'relayer-funds': { kind: 'relayer-funds', wei: 5n, gasPrice: 1_000n },
  gas: { kind: 'gas', limit: 90_000n },
  latest: { kind: 'latest' },
  'token-separator': { kind: 'token-separator', separator: `0x${'12'.repeat(32)}` },
}

describe('describeIntervention', () => {
  it('says each in one sentence', () => {
    expect(Object.values(all).map(describeIntervention)).toMatchInlineSnapshot(`
      [
        "The block's time is 1761924683.",
        "The signature is 0xababababab…abababab (65 bytes).",
        "The authorization has value 10000, to 0x209693Bc6afc0C5328bA36FaF03C514EF312287C.",
        "The token's receiveWithAuthorization is called with signature bytes.",
        "The transaction is sent by 0x209693Bc6afc0C5328bA36FaF03C514EF312287C.",
        "The payer is delegated (EIP-7702) to 0x209693bc6afc0c5328ba36faf03c514ef312287c, an address without code.",
        "The payer has 9999 atomic units.",
        "0x209693Bc6afc0C5328bA36FaF03C514EF312287C is blacklisted.",
        "0x209693Bc6afc0C5328bA36FaF03C514EF312287C is not blacklisted.",
        "The token is paused.",
        "The token is not paused.",
        "The nonce is used or canceled.",
        "The nonce is unused.",
        "The sender has 5 wei and pays 1000 wei a unit of gas.",
        "The transaction may use 90000 gas.",
        "The state is that of the last whole block, without the transactions that came after it.",
        "The token is made to check signatures under 0x1212121212121212121212121212121212121212121212121212121212121212, the separator of the domain that was signed.",
      ]
    `)
  })

  it('tells the kinds of code apart', () => {
    const codes = [
      { code: '0x' },
      { code: '0x6000' },
      { code: delegationTo(someone), delegateCode: '0x' },
      { code: delegationTo(someone), delegateCode: '0x6000' },
    ] as const
    expect(codes.map((code) => describeIntervention({ kind: 'payer-code', ...code }))).toMatchInlineSnapshot(`
      [
        "The payer has no code.",
        "The payer is a contract, with 2 bytes of code.",
        "The payer is delegated (EIP-7702) to 0x209693bc6afc0c5328ba36faf03c514ef312287c, an address without code.",
        "The payer is delegated (EIP-7702) to 0x209693bc6afc0c5328ba36faf03c514ef312287c, a contract.",
      ]
    `)
  })
})

describe('delegationTo', () => {
  it('is 0xef0100 and the address', () => {
    expect(delegationTo(someone)).toBe('0xef0100209693bc6afc0c5328ba36faf03c514ef312287c')
  })
})
