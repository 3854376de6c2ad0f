import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { hashDomain, hashStruct, hashTypedData, recoverAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createKernel, kernelBytes, loadKernel } from './create.ts'
import { nobleKernel, nobleRecoverer } from './noble.ts'
import type { RecoverableSignature } from './recoverer.ts'
import { type KernelExports, wasmKernel } from './wasm.ts'

interface Engine {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: KernelExports }
}

const { Point } = secp256k1
const { Fn } = Point
const ORDER = Fn.ORDER
const kernel = createKernel()

const bytes32 = (value: bigint): Uint8Array => hexToBytes(BigInt.asUintN(256, value).toString(16).padStart(64, '0'))
const digestList = (values: readonly bigint[]): Uint8Array => concatBytes(...values.map(bytes32))

/** Digests that nobody chose, the same in each run. */
const spread = (seed: number, count: number): Uint8Array =>
  concatBytes(...Array.from({ length: count }, (_, i) => keccak_256(Uint8Array.of(seed, i & 0xff, i >> 8))))

/** A signature whose R is known to be k·G, so that C = (s·k/r)·G is a known multiple of G. */
function signatureWithConstant(k: bigint, multiple: bigint): RecoverableSignature {
  const R = Point.BASE.multiply(k).toAffine()
  const r = Fn.create(R.x)
  return { r, s: Fn.div(Fn.mul(Fn.create(multiple), r), k), yParity: (R.y & 1n) === 1n ? 1 : 0 }
}

/** The digest that makes the key C + scalar·G. */
const digestFor = (signature: RecoverableSignature, scalar: bigint): bigint =>
  Fn.create(-scalar * (typeof signature.r === 'bigint' ? signature.r : 0n))

const wide = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const scalar = fc.bigInt({ min: 1n, max: ORDER - 1n })
const parity = fc.constantFrom<0 | 1>(0, 1)

/** Compares the kernel with the reference; several table widths, because the expected number of hypotheses chooses the width. */
function expectAgreement(signature: RecoverableSignature, digests: Uint8Array, expected: readonly number[]): void {
  const reference = nobleRecoverer(signature).recoverAddresses(digests)
  for (const hypotheses of expected) {
    const answer = kernel.createRecoverer(signature, hypotheses).recoverAddresses(digests)
    expect(bytesToHex(answer.valid)).toBe(bytesToHex(reference.valid))
    expect(bytesToHex(answer.addresses)).toBe(bytesToHex(reference.addresses))
  }
}

/** About one for each width from 5 bits to 13. */
const WIDTHS = [4, 40, 200, 600, 2_000, 6_000, 20_000, 60_000, 10_000_000]

test('this platform runs the WebAssembly kernel', async () => {
  expect(kernel.backend).toBe('wasm')
  expect((await loadKernel()).backend).toBe('wasm')
})

describe('without a WebAssembly that can run the kernel, the reference answers', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
  })

  const refuse = (): never => {
    throw new SyntaxError('invalid value type')
  }
  test.each([
    ['there is none', undefined],
    ['it refuses the module', { Module: refuse, instantiate: async () => refuse() }],
  ])('when %s', async (_, engine) => {
    vi.stubGlobal('WebAssembly', engine)
    expect(createKernel().backend).toBe('noble')
    expect((await loadKernel()).backend).toBe('noble')
  })
})

describe('the kernel agrees with @noble/curves', () => {
  test('on signatures and digests of all kinds', () => {
    fc.assert(
      fc.property(scalar, scalar, parity, fc.array(wide, { minLength: 4, maxLength: 9 }), (k, s, flip, values) => {
        const R = Point.BASE.multiply(k).toAffine()
        const yParity = ((R.y & 1n) === 1n ? 1 : 0) ^ flip
        expectAgreement({ r: Fn.create(R.x), s, yParity: yParity === 1 ? 1 : 0 }, digestList(values), [20_000])
      }),
      { numRuns: 25 },
    )
  })

  test('on r, s and parity that may be anything', () => {
    let withKey = 0
    fc.assert(
      fc.property(wide, wide, parity, (r, s, yParity) => {
        const digests = spread(1, 4)
        expectAgreement({ r, s, yParity }, digests, [4])
        withKey += kernel
          .createRecoverer({ r, s, yParity })
          .recoverAddresses(digests)
          .valid.filter((valid) => valid === 1).length
      }),
      {
        numRuns: 30,
        examples: [
          [0n, 1n, 0],
          [1n, 0n, 0],
          [ORDER, 1n, 1],
          [1n, ORDER, 0],
          [ORDER - 1n, ORDER - 1n, 1],
          [1n, ORDER - 1n, 1],
        ],
      },
    )
    expect(withKey).toBeGreaterThan(0)
  })

  test('with each width of table', () => {
    const signature = signatureWithConstant(0x1234567890abcdefn, 0xfedcba0987654321n ** 3n)
    expectAgreement(signature, spread(2, 7), WIDTHS)
  })

  test('on digests at the edges of the range', () => {
    const edges = [0n, 1n, 2n, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 256n - 1n, 2n ** 255n, 2n ** 128n, ORDER / 2n, ORDER / 2n + 1n]
    const signature = signatureWithConstant(77n, 2n ** 200n + 12345n)
    expectAgreement(signature, digestList(edges), [4, 20_000, 200_000])
  })

  test('where a key is the point at infinity, and on all around it', () => {
    const signature = signatureWithConstant(5n, 987654321n)
    const values = Array.from({ length: 11 }, (_, i) => digestFor(signature, -987654321n + BigInt(i - 5)))
    const digests = digestList(values)
    const { valid } = kernel.createRecoverer(signature).recoverAddresses(digests)
    expect([...valid]).toEqual([1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1])
    expectAgreement(signature, digests, [4, 20_000])
  })

  test('where sums on the way meet the same point, its negative or infinity', () => {
    // C and the scalar are both small or powers of two, up to sign: such a sum has the look-up itself on its other side.
    const special = [1n, 2n, 3n, 4n, 31n, 32n, 2047n, 2n ** 12n, 2n ** 20n, 2n ** 128n, 2n ** 245n, 2n ** 252n, 2n ** 253n, 2n ** 255n]
    const signed = special.flatMap((value) => [value, -value])
    for (const multiple of signed) {
      const signature = signatureWithConstant(9n, multiple)
      const scalars = [0n, ...signed.filter((_, i) => i % 5 === Number(BigInt.asUintN(8, multiple)) % 5), -multiple, multiple]
      expectAgreement(signature, digestList(scalars.map((value) => digestFor(signature, value))), [4, 20_000])
    }
  })

  test('without falling back to the reference where the constant part of the key is itself in a table', () => {
    const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Engine }
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(kernelBytes()))
    let finished = 0
    const counting = wasmKernel({
      ...exports,
      finish: (quads) => {
        finished += 1
        exports.finish(quads)
      },
    })
    const digests = spread(12, 6)
    // With 12-bit windows, the first step of the signature's own table adds 2^253·G.
    for (const multiple of [2n ** 253n, -(2n ** 253n)]) {
      const signature = signatureWithConstant(9n, multiple)
      const answer = counting.createRecoverer(signature, 20_000).recoverAddresses(digests)
      expect(answer).toEqual(nobleRecoverer(signature).recoverAddresses(digests))
    }
    expect(finished).toBe(2)
  })

  test('when only some of a large batch need the reference', () => {
    const signature = signatureWithConstant(11n, 3n)
    const digests = spread(3, 600)
    for (const at of [0, 299, 599]) digests.set(bytes32(digestFor(signature, -3n)), 32 * at)
    const { valid, addresses } = kernel.createRecoverer(signature).recoverAddresses(digests)
    expect([...valid.entries()].filter(([, isValid]) => isValid === 0).map(([i]) => i)).toEqual([0, 299, 599])
    const sample = [1, 298, 300, 598]
    const expected = nobleRecoverer(signature).recoverAddresses(concatBytes(...sample.map((i) => digests.subarray(32 * i, 32 * i + 32))))
    expect(sample.map((i) => bytesToHex(addresses.subarray(20 * i, 20 * i + 20)))).toEqual(
      sample.map((_, j) => bytesToHex(expected.addresses.subarray(20 * j, 20 * j + 20))),
    )
  })

  test.each([0, 1, 2, 3, 4, 5, 4095, 4096, 4097, 8195])('on %i digests', (count) => {
    const signature = signatureWithConstant(13n, 2n ** 77n + 1n)
    const few = spread(4, 7)
    const reference = nobleRecoverer(signature).recoverAddresses(few).addresses
    const digests = new Uint8Array(32 * count)
    const expected = new Uint8Array(20 * count)
    for (let i = 0; i < count; i += 1) {
      digests.set(few.subarray(32 * (i % 7), 32 * (i % 7) + 32), 32 * i)
      expected.set(reference.subarray(20 * (i % 7), 20 * (i % 7) + 20), 20 * i)
    }
    const answer = kernel.createRecoverer(signature).recoverAddresses(digests)
    expect(answer.valid.length).toBe(count)
    expect(answer.valid.every((valid) => valid === 1)).toBe(true)
    expect(bytesToHex(answer.addresses)).toBe(bytesToHex(expected))
  })

  test('when recoverers of one kernel take turns', () => {
    const digests = spread(5, 8)
    const signatures = [3n, 4n, 5n].map((k) => signatureWithConstant(k, k * 2n ** 100n + 7n))
    const recoverers = signatures.map((signature) => kernel.createRecoverer(signature))
    for (const turn of [0, 1, 2, 1, 0, 2]) {
      const [recoverer, signature] = [recoverers[turn], signatures[turn]]
      if (recoverer === undefined || signature === undefined) throw new RangeError('there are three recoverers')
      expect(recoverer.recoverAddresses(digests)).toEqual(nobleRecoverer(signature).recoverAddresses(digests))
    }
  })

  test('when two ask it a turn at a time, and others use it in between', () => {
    const fresh = createKernel()
    const digests = spread(9, 3000)
    const signatures = [signatureWithConstant(6n, 2n ** 90n + 1n), signatureWithConstant(7n, 2n ** 95n + 3n)]
    const work = signatures.map((signature) => fresh.createRecoverer(signature).inTurns.recoverAddresses(digests, 50_000))
    const answers: unknown[] = []
    let turns = 0
    while (answers.length < 2) {
      for (const each of work) {
        const { done, value } = each.next()
        if (done === true && value !== undefined) answers.push(value)
        turns++
      }
      // Hashing lies where a batch does.
      if (turns % 3 === 0) fresh.hashWords(new Uint8Array(7 * 32 * 2000), 7)
    }
    expect(turns).toBeGreaterThan(40)
    const expected = signatures.map((signature) => kernel.createRecoverer(signature).recoverAddresses(digests))
    expect(answers).toEqual(expect.arrayContaining(expected))
  })

  test('on bytes as on bigints', () => {
    const signature = signatureWithConstant(17n, 123n)
    const { r, s } = signature
    if (typeof r !== 'bigint' || typeof s !== 'bigint') throw new TypeError('the helper makes bigints')
    const digests = spread(6, 5)
    const fromBytes = { r: bytes32(r), s: bytes32(s), yParity: signature.yParity }
    expect(kernel.createRecoverer(fromBytes).recoverAddresses(digests)).toEqual(nobleRecoverer(signature).recoverAddresses(digests))
    expect(nobleRecoverer(fromBytes).recoverAddresses(digests)).toEqual(nobleRecoverer(signature).recoverAddresses(digests))
  })
})

describe('a payment signed with viem', () => {
  const account = privateKeyToAccount(`0x${bytesToHex(keccak_256(new TextEncoder().encode('cow')))}`)
  const target = hexToBytes(account.address.slice(2))
  const types = {
    TransferWithAuthorization: [
      { name: 'from', type: 'address' },
      { name: 'to', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'validAfter', type: 'uint256' },
      { name: 'validBefore', type: 'uint256' },
      { name: 'nonce', type: 'bytes32' },
    ],
    EIP712Domain: [
      { name: 'name', type: 'string' },
      { name: 'version', type: 'string' },
      { name: 'chainId', type: 'uint256' },
      { name: 'verifyingContract', type: 'address' },
    ],
  } as const
  const domain = (chainId: number) =>
    ({ name: 'USD Coin', version: '2', chainId: BigInt(chainId), verifyingContract: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913' }) as const
  const message = (value: bigint) =>
    ({
      from: account.address,
      to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
      value,
      validAfter: 0n,
      validBefore: 1_900_000_000n,
      nonce: '0x0101010101010101010101010101010101010101010101010101010101010101',
    }) as const
  const chains = Array.from({ length: 37 }, (_, i) => 8453 + i)
  const values = Array.from({ length: 130 }, (_, i) => BigInt(10_000 + i))
  const separators = concatBytes(...chains.map((chainId) => hexToBytes(hashDomain({ domain: domain(chainId), types }).slice(2))))
  const structHashes = concatBytes(
    ...values.map((value) => hexToBytes(hashStruct({ data: message(value), primaryType: 'TransferWithAuthorization', types }).slice(2))),
  )

  test.each([
    [0, 0],
    [36, 129],
    [20, 64],
  ])('is found under separator %i and struct hash %i, by both kernels', async (separator, structHash) => {
    const [chainId, value] = [chains[separator], values[structHash]]
    if (chainId === undefined || value === undefined) throw new RangeError('the case is outside the lists')
    const typed = { domain: domain(chainId), types, primaryType: 'TransferWithAuthorization', message: message(value) } as const
    const signature = await account.signTypedData(typed)
    const parsed = {
      r: hexToBytes(signature.slice(2, 66)),
      s: hexToBytes(signature.slice(66, 130)),
      yParity: signature.endsWith('1b') ? 0 : 1,
    } as const
    expect(kernel.createRecoverer(parsed).findPairs(separators, structHashes, target)).toEqual([{ separator, structHash }])
    const near = structHashes.subarray(32 * structHash, 32 * structHash + 32)
    const row = separators.subarray(32 * separator, 32 * separator + 32)
    expect(nobleKernel().createRecoverer(parsed).findPairs(row, near, target)).toEqual([{ separator: 0, structHash: 0 }])

    const digests = concatBytes(
      spread(7, 5),
      hexToBytes(hashTypedData(typed).slice(2)),
      spread(8, 5),
      hexToBytes(hashTypedData(typed).slice(2)),
    )
    expect(kernel.createRecoverer(parsed).findMatches(digests, target)).toEqual([5, 11])
    expect(nobleKernel().createRecoverer(parsed).findMatches(digests, target)).toEqual([5, 11])

    const { addresses } = kernel.createRecoverer(parsed).recoverAddresses(digests)
    for (const i of [0, 5, 11]) {
      const address = await recoverAddress({ hash: digests.subarray(32 * i, 32 * i + 32), signature })
      expect(`0x${bytesToHex(addresses.subarray(20 * i, 20 * i + 20))}`).toBe(address.toLowerCase())
    }
  })

  test('is found in lists that are longer than a tile', async () => {
    const typed = { domain: domain(8453), types, primaryType: 'TransferWithAuthorization', message: message(10_000n) } as const
    const signature = await account.signTypedData(typed)
    const parsed = {
      r: hexToBytes(signature.slice(2, 66)),
      s: hexToBytes(signature.slice(66, 130)),
      yParity: signature.endsWith('1b') ? 0 : 1,
    } as const
    const separator = separators.subarray(0, 32)
    const structHash = structHashes.subarray(0, 32)
    const long = new Uint8Array(32 * 4100)
    const recoverer = kernel.createRecoverer(parsed)
    for (const at of [0, 4095, 4096, 4099]) {
      long.fill(7)
      long.set(structHash, 32 * at)
      expect(recoverer.findPairs(concatBytes(spread(9, 1), separator), long, target)).toEqual([{ separator: 1, structHash: at }])
      long.fill(7)
      long.set(separator, 32 * at)
      expect(recoverer.findPairs(long, concatBytes(structHash, spread(9, 1)), target)).toEqual([{ separator: at, structHash: 0 }])
    }
    expect(recoverer.findPairs(new Uint8Array(0), structHash, target)).toEqual([])
    expect(recoverer.findPairs(separator, new Uint8Array(0), target)).toEqual([])
  })
})

describe('hashWords', () => {
  test.each([1, 2, 4, 5, 7, 8, 9, 17, 18, 34, 1024])('hashes messages of %i words as @noble/hashes does', (words) => {
    for (const count of [0, 1, 2, 5]) {
      const messages = spread(10, words * count)
      const expected = Array.from({ length: count }, (_, i) => keccak_256(messages.subarray(32 * words * i, 32 * words * (i + 1))))
      expect(bytesToHex(kernel.hashWords(messages, words))).toBe(bytesToHex(concatBytes(...expected)))
      expect(bytesToHex(nobleKernel().hashWords(messages, words))).toBe(bytesToHex(concatBytes(...expected)))
    }
  })

  test('hashes more messages than a batch holds', () => {
    const few = spread(11, 7)
    const messages = new Uint8Array(4099 * 224)
    for (let i = 0; i < 4099; i += 1) messages.set(few, 224 * i)
    messages[224 * 4098] = 0xff
    const hashes = kernel.hashWords(messages, 7)
    expect(hashes.length).toBe(32 * 4099)
    for (const i of [0, 1, 3656, 3657, 4097, 4098]) {
      const expected = keccak_256(messages.subarray(224 * i, 224 * i + 224))
      expect(bytesToHex(hashes.subarray(32 * i, 32 * i + 32))).toBe(bytesToHex(expected))
    }
  })
})

describe('hashTexts', () => {
  test('hashes messages of every length around the blocks, alone and several of one length, as @noble/hashes does', () => {
    const lengths = Array.from({ length: 420 }, (_, length) => length)
    const texts = [...lengths, ...lengths, 16_000, 16_001, 4_000_001].map((length, seed) => new Uint8Array(length).fill(seed + 1))
    const expected = concatBytes(...texts.map((text) => keccak_256(text)))
    expect(bytesToHex(kernel.hashTexts(texts))).toBe(bytesToHex(expected))
    expect(bytesToHex(nobleKernel().hashTexts(texts.slice(0, 500)))).toBe(bytesToHex(expected.subarray(0, 500 * 32)))
    expect(kernel.hashTexts([]).length).toBe(0)
  })
})

describe.each([kernel, nobleKernel()])('wrong lengths, $backend', (either) => {
  const recoverer = either.createRecoverer(signatureWithConstant(3n, 5n))
  const address = new Uint8Array(20)

  test('are refused with one sentence', () => {
    expect(() => recoverer.recoverAddresses(new Uint8Array(33))).toThrow(
      'The digests are 33 bytes long in all; a multiple of 32 was expected.',
    )
    expect(() => recoverer.findMatches(new Uint8Array(31), address)).toThrow('multiple of 32')
    expect(() => recoverer.findMatches(new Uint8Array(32), new Uint8Array(32))).toThrow(
      'The target address is 32 bytes long; 20 were expected.',
    )
    expect(() => recoverer.findPairs(new Uint8Array(1), new Uint8Array(32), address)).toThrow('The separators are 1 bytes long')
    expect(() => recoverer.findPairs(new Uint8Array(32), new Uint8Array(1), address)).toThrow('The struct hashes are 1 bytes long')
    expect(() => either.hashWords(new Uint8Array(32), 7)).toThrow('multiple of 224')
    expect(() => either.hashWords(new Uint8Array(32), 0)).toThrow('a whole number from 1 to 1024 was expected')
  })
})
