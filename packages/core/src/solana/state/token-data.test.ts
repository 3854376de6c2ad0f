// The layouts of spl-token's `Account` (165 bytes) and `Mint` (82), of Token-2022's longer ones, of lookup tables and of nonce accounts.
import { describe, expect, it } from 'vitest'
import { token2022, tokenProgram } from '../../../../../test/solana/recorded.ts'
import { base58 } from '../../bytes/base58.ts'
import type { SvmAccount } from './state.ts'
import { extensionsOf, readLookupTable, readMint, readNonce, readTokenAccount } from './token-data.ts'

const system = '11111111111111111111111111111111'
const tables = 'AddressLookupTab1e1111111111111111111111111'
const keyOf = (byte: number): string => base58(new Uint8Array(32).fill(byte))

const account = (owner: string, length: number, write: (data: DataView, bytes: Uint8Array) => void = () => undefined): SvmAccount => {
  const data = new Uint8Array(length)
  write(new DataView(data.buffer), data)
  return { owner, lamports: 1n, data, executable: false }
}
/** A token account of 7 units, of the mint 1 and the owner 2. */
const held = (owner: string, length: number, write: (data: DataView, bytes: Uint8Array) => void = () => undefined): SvmAccount =>
  account(owner, length, (data, bytes) => {
    bytes.fill(1, 0, 32)
    bytes.fill(2, 32, 64)
    data.setBigUint64(64, 7n, true)
    data.setUint8(108, 1)
    write(data, bytes)
  })
const minted = (owner: string, length: number, write: (data: DataView, bytes: Uint8Array) => void = () => undefined): SvmAccount =>
  account(owner, length, (data, bytes) => {
    data.setUint8(44, 6)
    data.setUint8(45, 1)
    write(data, bytes)
  })

const plain = { mint: keyOf(1), owner: keyOf(2), amount: 7n, state: 'initialized', delegate: null }

describe('a token account', () => {
  it.each<readonly [title: string, account: SvmAccount, read: object | undefined]>([
    ['of SPL Token', held(tokenProgram, 165), plain],
    ['of Token-2022, without extensions', held(token2022, 165), plain],
    ['of Token-2022, with its kind behind', held(token2022, 166, (data) => data.setUint8(165, 2)), plain],
    ['of Token-2022, with extensions', held(token2022, 170, (data) => data.setUint8(165, 2)), plain],
    ['that is a mint by its kind', held(token2022, 170, (data) => data.setUint8(165, 1)), undefined],
    ['that is longer and has no kind', held(token2022, 170), undefined],
    ['that is a byte too short', held(tokenProgram, 164), undefined],
    ['of another program', held(system, 165), undefined],
    ['of a program like it', held(keyOf(9), 165), undefined],
    ['that was never initialised', held(tokenProgram, 165, (data) => data.setUint8(108, 0)), { ...plain, state: 'uninitialized' }],
    ['that is frozen', held(tokenProgram, 165, (data) => data.setUint8(108, 2)), { ...plain, state: 'frozen' }],
    ['of a state that there is not', held(tokenProgram, 165, (data) => data.setUint8(108, 3)), undefined],
    [
      'with the largest amount',
      held(tokenProgram, 165, (data) => data.setBigUint64(64, 2n ** 64n - 1n, true)),
      { ...plain, amount: 2n ** 64n - 1n },
    ],
    [
      'with a delegate',
      held(tokenProgram, 165, (data, bytes) => {
        data.setUint32(72, 1, true)
        bytes.fill(3, 76, 108)
        data.setBigUint64(121, 5n, true)
      }),
      { ...plain, delegate: { key: keyOf(3), allowance: 5n } },
    ],
    ['whose delegate was taken back: the key is still there', held(tokenProgram, 165, (_, bytes) => bytes.fill(3, 76, 108)), plain],
  ])('%s', (_, given, read) => expect(readTokenAccount(given)).toEqual(read))

  it('that lies inside other bytes is read from where it begins', () => {
    const whole = new Uint8Array(200)
    whole.set(held(tokenProgram, 165).data, 20)
    expect(readTokenAccount({ ...held(tokenProgram, 165), data: whole.subarray(20, 185) })).toEqual(plain)
  })
})

describe('a mint', () => {
  const usual = { decimals: 6, freezeAuthority: null, extensions: [] }
  it.each<readonly [title: string, account: SvmAccount, read: object | undefined]>([
    ['of SPL Token', minted(tokenProgram, 82), usual],
    ['of Token-2022', minted(token2022, 82), usual],
    ['of Token-2022, with its kind behind', minted(token2022, 166, (data) => data.setUint8(165, 1)), usual],
    ['that is a token account by its kind', minted(token2022, 166, (data) => data.setUint8(165, 2)), undefined],
    ['that was never initialised', minted(tokenProgram, 82, (data) => data.setUint8(45, 0)), undefined],
    ['that is a byte too long', minted(tokenProgram, 83), undefined],
    ['that is as long as a token account', minted(token2022, 165), undefined],
    ['of another program', minted(system, 82), undefined],
    [
      'that somebody can freeze',
      minted(tokenProgram, 82, (data, bytes) => {
        data.setUint32(46, 1, true)
        bytes.fill(4, 50, 82)
      }),
      { ...usual, freezeAuthority: keyOf(4) },
    ],
    [
      'with extensions',
      minted(token2022, 166 + 4 + 2 + 4, (data) => {
        data.setUint8(165, 1)
        data.setUint16(166, 19, true)
        data.setUint16(168, 2, true)
        data.setUint16(170, 0x0201, true)
        data.setUint16(172, 9, true)
      }),
      {
        ...usual,
        extensions: [
          { type: 19, data: Uint8Array.of(1, 2) },
          { type: 9, data: new Uint8Array() },
        ],
      },
    ],
  ])('%s', (_, given, read) => expect(readMint(given)).toEqual(read))
})

it('extensions end where the bytes do, or where there is none', () => {
  const bytes = (...behind: readonly number[]): Uint8Array => Uint8Array.of(...new Uint8Array(166), ...behind)
  expect(extensionsOf(bytes())).toEqual([])
  expect(extensionsOf(bytes(9, 0, 0))).toEqual([])
  expect(extensionsOf(bytes(9, 0, 0, 0))).toEqual([{ type: 9, data: new Uint8Array() }])
  expect(extensionsOf(bytes(9, 0, 1, 0))).toEqual([])
  expect(extensionsOf(bytes(9, 0, 1, 0, 7))).toEqual([{ type: 9, data: Uint8Array.of(7) }])
  expect(extensionsOf(bytes(0, 0, 0, 0, 9, 0, 0, 0))).toEqual([])
})

describe('a lookup table', () => {
  const table = (length: number, kind = 1, owner = tables): SvmAccount =>
    account(owner, length, (data, bytes) => {
      data.setUint32(0, kind, true)
      if (length >= 88) bytes.fill(1, 56, 88)
      if (length >= 120) bytes.fill(2, 88, 120)
    })
  it.each<readonly [title: string, account: SvmAccount, read: readonly string[] | undefined]>([
    ['has the keys behind its own 56 bytes', table(120), [keyOf(1), keyOf(2)]],
    ['may be empty', table(56), []],
    ['may end in the middle of a key, which is none', table(119), [keyOf(1)]],
    ['is one by its program', table(120, 1, system), undefined],
    ['is one by its kind', table(120, 0), undefined],
    ['is none that is too short', table(55), undefined],
  ])('%s', (_, given, read) => expect(readLookupTable(given)).toEqual(read))
})

describe('a nonce account', () => {
  const nonce = (length: number, state = 1, owner = system): SvmAccount =>
    account(owner, length, (data, bytes) => {
      data.setUint32(4, state, true)
      bytes.fill(5, 40, 72)
    })
  it.each<readonly [title: string, account: SvmAccount, read: string | undefined]>([
    ['keeps a blockhash', nonce(80), keyOf(5)],
    ['that was never initialised keeps none', nonce(80, 0), undefined],
    ['is of the system program', nonce(80, 1, tokenProgram), undefined],
    ['has 80 bytes', nonce(81), undefined],
  ])('%s', (_, given, read) => expect(readNonce(given)).toBe(read))
})
