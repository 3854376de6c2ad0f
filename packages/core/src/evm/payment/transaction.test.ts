import { RLP } from '@ethereumjs/rlp'
import { Transaction, verifyAuthorization } from 'ethers'
import fc from 'fast-check'
import { type Hex, hexToBytes, keccak256, serializeTransaction, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { looksLikeTransaction, readTransaction } from './transaction.ts'

const relayer = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const to = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const data: Hex = `0xe3ee160e${'ab'.repeat(288)}`
const common = { to, data, nonce: 7, gas: 120_000n, value: 0n } as const
const delegation = await relayer.signAuthorization({ address: to, chainId: 8453, nonce: 1 })
const accessList = [{ address: to, storageKeys: [`0x${'11'.repeat(32)}`] }] as const

/** One of each kind, signed by viem. */
const signed = {
  legacy: await relayer.signTransaction({ ...common, type: 'legacy', gasPrice: 1n, chainId: 8453 }),
  legacyWithoutChain: await relayer.signTransaction({ ...common, type: 'legacy', gasPrice: 1n }),
  eip2930: await relayer.signTransaction({ ...common, type: 'eip2930', gasPrice: 1n, chainId: 8453, accessList }),
  eip1559: await relayer.signTransaction({
    ...common,
    type: 'eip1559',
    maxFeePerGas: 2n,
    maxPriorityFeePerGas: 1n,
    chainId: 8453,
    accessList,
  }),
  eip7702: await relayer.signTransaction({
    ...common,
    type: 'eip7702',
    maxFeePerGas: 2n,
    maxPriorityFeePerGas: 1n,
    chainId: 8453,
    authorizationList: [delegation],
  }),
}

function read(raw: Hex): ReturnType<typeof readTransaction> {
  return readTransaction(hexToBytes(raw))
}

describe('raw transactions', () => {
  test.each(Object.entries(signed))('%s: sender, hash, target, chain and calldata as ethers reads them', (kind, raw) => {
    const result = read(raw)
    const oracle = Transaction.from(raw)
    expect(looksLikeTransaction(hexToBytes(raw))).toBe(true)
    expect(result).toEqual({
      ok: true,
      transaction: {
        kind: { legacy: 'legacy', legacyWithoutChain: 'legacy', eip2930: 'EIP-2930', eip1559: 'EIP-1559', eip7702: 'EIP-7702' }[kind],
        hash: oracle.hash,
        to: oracle.to,
        sender: oracle.from,
        signed: true,
        gasLimit: oracle.gasLimit,
        intrinsicGas: expect.any(BigInt),
        value: 0n,
        data: hexToBytes(data),
        delegations: (oracle.authorizationList ?? []).map(({ address, nonce, chainId, signature }) => ({
          chain: chainId,
          delegate: address,
          nonce,
          authority: verifyAuthorization({ address, nonce, chainId }, signature),
        })),
        ...(kind === 'legacyWithoutChain' ? {} : { chainId: oracle.chainId }),
      },
    })
    expect(oracle.from).toBe(relayer.address)
    expect(oracle.authorizationList ?? []).toHaveLength(kind === 'eip7702' ? 1 : 0)
  })

  test('any signed transaction reads as ethers reads it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          chainId: fc.integer({ min: 1, max: 2 ** 31 }),
          nonce: fc.nat(),
          value: fc.bigInt(0n, 2n ** 200n),
          calldata: fc.uint8Array({ maxLength: 400 }),
          type: fc.constantFrom('legacy', 'eip1559'),
        }),
        async ({ chainId, nonce, value, calldata, type }) => {
          const fees = type === 'legacy' ? { type: 'legacy' as const, gasPrice: 5n } : { type: 'eip1559' as const, maxFeePerGas: 5n }
          const raw = await relayer.signTransaction({ to, data: toHex(calldata), nonce, value, gas: 21_000n, chainId, ...fees })
          const oracle = Transaction.from(raw)
          const result = read(raw)
          expect(result.ok && { ...result.transaction, data: toHex(result.transaction.data) }).toMatchObject({
            hash: oracle.hash,
            sender: oracle.from,
            chainId: oracle.chainId,
            value: oracle.value,
            data: oracle.data,
          })
        },
      ),
      { numRuns: 40 },
    )
  })

  test('an unsigned one has no sender', () => {
    const unsigned = serializeTransaction({ ...common, type: 'eip1559', maxFeePerGas: 2n, chainId: 8453 })
    expect(read(unsigned)).toMatchObject({ ok: true, transaction: { signed: false, chainId: 8453n, hash: keccak256(unsigned) } })
    const legacy = serializeTransaction({ ...common, type: 'legacy', gasPrice: 2n, chainId: 8453 })
    expect(read(legacy)).toMatchObject({ ok: true, transaction: { signed: false, chainId: 8453n } })
  })

  test('a signature that nobody can have made gives no sender', () => {
    const fields = RLP.decode(hexToBytes(signed.legacy))
    if (fields instanceof Uint8Array) throw new TypeError('a list')
    fields[7] = new Uint8Array(32).fill(0xff)
    const result = readTransaction(RLP.encode(fields))
    expect(result.ok && [result.transaction.signed, result.transaction.sender]).toEqual([true, undefined])
  })

  test('creation has no target', async () => {
    const raw = await relayer.signTransaction({ type: 'eip1559', data, chainId: 1, gas: 1n, nonce: 0, maxFeePerGas: 1n })
    const result = read(raw)
    expect(result.ok && result.transaction.to).toBeUndefined()
  })

  test.each<[string, Uint8Array, string]>([
    ['EIP-4844', Uint8Array.of(3, 0xf8, 0x01, 0x80), 'a blob transaction (EIP-4844), which no facilitator settles payments with'],
    ['an unknown type', Uint8Array.of(0x55, 0xf8), 'bytes of the unknown transaction type 85'],
    [
      'a cut one',
      hexToBytes(signed.eip1559).subarray(0, 100),
      'bytes that begin like a raw transaction and are not RLP, so they were cut or joined',
    ],
    [
      'one byte more',
      hexToBytes(`${signed.eip1559}00`),
      'bytes that begin like a raw transaction and are not RLP, so they were cut or joined',
    ],
    ['too few fields', RLP.encode([new Uint8Array(60), new Uint8Array(1)]), 'an RLP list of 2 fields, where a legacy transaction has 9'],
    [
      'wrong fields',
      RLP.encode(Array.from({ length: 9 }, () => new Uint8Array(40))),
      'an RLP list whose fields are not those of a legacy transaction',
    ],
    [
      'lists nested by the thousand',
      new Uint8Array(100_000).fill(0xf8),
      'bytes that begin like a raw transaction and are not RLP, so they were cut or joined',
    ],
    ['200 kB', new Uint8Array(200_000).fill(0xf9), '200000 bytes, more than a transaction may have'],
  ])('refuses %s', (_name, bytes, what) => {
    expect(readTransaction(bytes)).toMatchObject({ ok: false, refusal: { what } })
  })

  test('any bytes are answered', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => typeof readTransaction(bytes).ok === 'boolean'),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom(1, 2, 3, 4),
        (bytes, type) => typeof readTransaction(Uint8Array.of(type, 0xf8, ...bytes)).ok === 'boolean',
      ),
    )
  })
})
