import { createHash, createPrivateKey, sign } from 'node:crypto'
import {
  ComputeBudgetInstruction,
  ComputeBudgetProgram,
  Keypair,
  MessageV0,
  PublicKey,
  SystemProgram,
  Transaction,
  TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messageOf } from './message.ts'
import type { SvmTransaction } from './payment.ts'
import { programs } from './programs.ts'
import { associatedTokenAccount, isSvmKey, isWallet } from './token-account.ts'
import { readSvmTransaction } from './transaction.ts'

const keyOf = (words: string): Keypair => Keypair.fromSeed(createHash('sha256').update(words).digest())
const feePayer = keyOf('fee payer')
const payer = keyOf('payer')
const blockhash = keyOf('blockhash').publicKey.toBase58()

function transfer(amount: bigint, decimals: number, program: string): TransactionInstruction {
  const data = Buffer.alloc(10)
  data.writeUInt8(12, 0)
  data.writeBigUInt64LE(amount, 1)
  data.writeUInt8(decimals, 9)
  const keys = ['source', 'mint', 'destination'].map((words) => ({ pubkey: keyOf(words).publicKey, isSigner: false, isWritable: true }))
  return new TransactionInstruction({
    programId: new PublicKey(program),
    keys: [...keys, { pubkey: payer.publicKey, isSigner: true, isWritable: false }],
    data,
  })
}

function build(units: number, price: bigint, amount: bigint, decimals: number, program: string = programs.token): VersionedTransaction {
  const message = new TransactionMessage({
    payerKey: feePayer.publicKey,
    recentBlockhash: blockhash,
    instructions: [
      ComputeBudgetProgram.setComputeUnitLimit({ units }),
      ComputeBudgetProgram.setComputeUnitPrice({ microLamports: price }),
      transfer(amount, decimals, program),
    ],
  }).compileToV0Message()
  const transaction = new VersionedTransaction(message)
  transaction.sign([payer])
  return transaction
}

function read(bytes: Uint8Array): SvmTransaction {
  const result = readSvmTransaction(bytes)
  if (!result.ok) throw new TypeError(result.problem)
  return result.transaction
}

describe('a transaction that web3.js wrote', () => {
  it('has the accounts, numbers and signers that went into it', () => {
    const u64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), u64, u64, fc.nat({ max: 255 }), (units, price, amount, decimals) => {
        const transaction = read(build(units, price, amount, decimals).serialize())
        expect(transaction.version).toBe(0)
        expect(transaction.feePayer).toBe(feePayer.publicKey.toBase58())
        expect(transaction.blockhash).toBe(blockhash)
        expect(transaction.signers).toEqual([
          { key: feePayer.publicKey.toBase58(), state: 'missing' },
          { key: payer.publicKey.toBase58(), state: 'valid' },
        ])
        expect(transaction.instructions.map(({ meaning }) => meaning)).toEqual([
          { kind: 'compute-limit', units },
          { kind: 'compute-price', microLamports: price },
          {
            kind: 'transfer-checked',
            tokenProgram: programs.token,
            source: keyOf('source').publicKey.toBase58(),
            mint: keyOf('mint').publicKey.toBase58(),
            destination: keyOf('destination').publicKey.toBase58(),
            authority: payer.publicKey.toBase58(),
            amount,
            decimals,
          },
        ])
      }),
      { numRuns: 40 },
    )
  })

  it('has the compute numbers that web3.js reads', () => {
    const [limit, price] = read(build(1234, 5678n, 1n, 6).serialize()).instructions.map(
      ({ data }) => new TransactionInstruction({ programId: ComputeBudgetProgram.programId, keys: [], data: Buffer.from(data) }),
    )
    if (limit === undefined || price === undefined) throw new TypeError('two instructions are missing')
    expect(ComputeBudgetInstruction.decodeSetComputeUnitLimit(limit).units).toBe(1234)
    expect(BigInt(ComputeBudgetInstruction.decodeSetComputeUnitPrice(price).microLamports)).toBe(5678n)
  })

  it('knows Token-2022', () => {
    expect(read(build(1, 1n, 5n, 6, programs.token2022).serialize()).instructions[2]?.meaning).toMatchObject({
      kind: 'transfer-checked',
      tokenProgram: programs.token2022,
    })
  })

  it('may be legacy, and is verified all the same', () => {
    const legacy = new Transaction({ feePayer: feePayer.publicKey, blockhash, lastValidBlockHeight: 1 })
    legacy.add(SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: feePayer.publicKey, lamports: 1 }))
    legacy.partialSign(payer)
    const transaction = read(legacy.serialize({ requireAllSignatures: false }))
    expect(transaction.version).toBe('legacy')
    expect(transaction.signers.map(({ state }) => state)).toEqual(['missing', 'valid'])
    expect(transaction.instructions[0]?.meaning).toEqual({ kind: 'other' })
  })
})

describe('a message with lookup tables', () => {
  it('has the places that web3.js wrote, of a transaction with a signature too', () => {
    const u8 = fc.array(fc.nat({ max: 255 }), { maxLength: 5 })
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new PublicKey(bytes))
    fc.assert(
      fc.property(
        fc.array(key, { minLength: 1, maxLength: 6 }),
        fc.array(fc.record({ programIdIndex: fc.nat({ max: 255 }), accountKeyIndexes: u8, data: fc.uint8Array({ maxLength: 200 }) }), {
          maxLength: 3,
        }),
        fc.array(fc.record({ accountKey: key, writableIndexes: u8, readonlyIndexes: u8 }), { maxLength: 2 }),
        (staticAccountKeys, compiledInstructions, addressTableLookups) => {
          const header = { numRequiredSignatures: 1, numReadonlySignedAccounts: 0, numReadonlyUnsignedAccounts: 0 }
          const written = new MessageV0({
            header,
            staticAccountKeys,
            recentBlockhash: blockhash,
            compiledInstructions,
            addressTableLookups,
          })
          const bytes = new VersionedTransaction(written).serialize()
          expect(messageOf(bytes)).toEqual({
            version: 0,
            requiredSignatures: 1,
            keys: staticAccountKeys.map((each) => each.toBase58()),
            blockhash,
            instructions: compiledInstructions.map(({ programIdIndex, accountKeyIndexes, data }) => ({
              program: programIdIndex,
              accounts: accountKeyIndexes,
              data,
            })),
            lookups: addressTableLookups.map(({ accountKey, writableIndexes, readonlyIndexes }) => ({
              table: accountKey.toBase58(),
              writable: writableIndexes,
              readonly: readonlyIndexes,
            })),
            end: bytes.length,
          })
          for (let length = bytes.length - 1; length >= 0; length -= 7) expect(messageOf(bytes.subarray(0, length))).toBeUndefined()
        },
      ),
    )
  })
})

describe('signatures', () => {
  it("that Node's own ed25519 makes are valid", () => {
    const built = build(1, 1n, 10_000n, 6)
    // PKCS #8 of an ed25519 seed has this prefix (RFC 8410).
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), payer.secretKey.slice(0, 32)])
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
    built.addSignature(payer.publicKey, sign(null, built.message.serialize(), key))
    expect(read(built.serialize()).signers[1]?.state).toBe('valid')
  })

  it('are invalid once any byte of the message is another', () => {
    const bytes = build(1, 1n, 10_000n, 6).serialize()
    const message = 1 + 2 * 64
    // Past the header and keys, in the blockhash and in the last instruction, which decode whatever they are.
    for (const at of [message + 4 + 32 * 8, bytes.length - 3]) {
      const changed = Uint8Array.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      const result = readSvmTransaction(changed)
      if (result.ok) expect(result.transaction.signers[1]?.state).not.toBe('valid')
    }
  })

  it('are of the message, not of what stands behind it', () => {
    const bytes = build(1, 1n, 10_000n, 6).serialize()
    const transaction = read(Uint8Array.from([...bytes, 1, 2, 3]))
    expect(transaction.trailingBytes).toBe(3)
    expect(transaction.signers[1]?.state).toBe('valid')
  })
})

describe('bytes that are no transaction', () => {
  const bytes = build(1, 1n, 10_000n, 6).serialize()

  it('are refused wherever they are cut, with a reason', () => {
    for (let length = 0; length < bytes.length; length++) {
      const result = readSvmTransaction(bytes.subarray(0, length))
      expect(result.ok, `cut to ${length} bytes`).toBe(false)
    }
  })

  it('never make it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (random) => void readSvmTransaction(random)),
      { numRuns: 500 },
    )
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const changed = Uint8Array.from(bytes)
        changed[at] = byte
        readSvmTransaction(changed)
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['no bytes', new Uint8Array(), /has no bytes/],
    ['too many', new Uint8Array(1233), /1233 bytes, and the network takes at most 1232/],
    ['a later version', Uint8Array.from([0, 0x81, 0]), /version 1/],
  ])('%s', (_, given, problem) => {
    const result = readSvmTransaction(given)
    expect(result.ok ? '' : result.problem).toMatch(problem)
  })
})

describe('token accounts', () => {
  it('are derived as on chain', () => {
    // The case that spl-token tests its own derivation with.
    expect(
      associatedTokenAccount(
        'B8UwBUUnKwCyKuGMbFKWaG7exYdDk2ozZrPg72NyVbfj',
        programs.token,
        '7o36UsWR1JQLpZ9PE2gn9L4SQ69CNNiWAXd4Jt7rqz9Z',
      ),
    ).toBe('DShWnroshVbeUp28oopA3Pu7oFPDBtC1DBmPECXXAQ9n')
  })

  it('are those that web3.js derives, of any keys', () => {
    const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new PublicKey(bytes))
    fc.assert(
      fc.property(key, key, (owner, mint) => {
        const program = new PublicKey(programs.token)
        const seeds = [owner, program, mint].map((each) => each.toBytes())
        const [address] = PublicKey.findProgramAddressSync(seeds, new PublicKey(programs.associatedToken))
        expect(associatedTokenAccount(owner.toBase58(), programs.token, mint.toBase58())).toBe(address.toBase58())
        for (const each of [owner, address]) expect(isWallet(each.toBase58())).toBe(PublicKey.isOnCurve(each.toBytes()))
      }),
      { numRuns: 50 },
    )
  })

  it('need keys of 32 bytes', () => {
    expect(isSvmKey('EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v')).toBe(true)
    expect(isSvmKey('1111111111111111111111111111111')).toBe(false)
    expect(isSvmKey('0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913')).toBe(false)
    expect(isSvmKey('zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz')).toBe(false)
  })
})
