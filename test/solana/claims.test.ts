// What only the payment itself says is no evidence: of a mint, of a cluster, of what payTo is. The oracles are @x402/svm's own table of tokens and the
// token programs in litesvm.
import { builtInNetworks, Eip3009Error, investigate, readPayment, type SolanaNetwork } from '@eip3009/core'
import { liteSvmReplayer, readSnapshot, readSvmPayment, type SolanaDiagnosis } from '@eip3009/core/solana'
import { fixture, type SvmFixtureAccount, type SvmFixtureState } from '@eip3009/fixtures'
import { Keypair, PublicKey, VersionedTransaction } from '@solana/web3.js'
import { DEFAULT_ASSETS } from '@x402/svm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Parts, partsOf, wire } from '../../scripts/fixtures/solana-instructions.ts'
import { facilitator, payee, payer, programs, tokenAccount } from '../../scripts/fixtures/solana-keys.ts'
import { body } from '../../scripts/fixtures/solana-payments.ts'
import { runs } from '../runs.ts'
import { coSigned, run, split } from './programs.ts'

const now = 1_790_000_000n
const replayer = liteSvmReplayer()
const clusters = builtInNetworks.all.filter((network): network is SolanaNetwork => network.family === 'solana')
const [solana] = clusters.filter(({ id }) => id === 'solana') as [SolanaNetwork]

type Offered = Readonly<Record<string, unknown>>

async function diagnosed(changes: Partial<Parts>, offered: Offered = {}, network = solana): Promise<SolanaDiagnosis> {
  const payment = readSvmPayment(body(network, wire(partsOf(network, changes)), offered))
  return (await investigate(payment, { now, replayer })).diagnosis
}

/** Everything that a report says, as one text. */
const allOf = (diagnosis: SolanaDiagnosis): string => JSON.stringify(diagnosis)

describe('a mint', () => {
  it("is known with the program and the decimals that @x402/svm's own table has", () => {
    let compared = 0
    for (const network of clusters) {
      const known = [{ ...network, symbol: 'USDC' }, ...network.lookalikes]
      for (const { asset, symbol, decimals, tokenProgram } of DEFAULT_ASSETS[network.caip2 as keyof typeof DEFAULT_ASSETS] ?? []) {
        expect(known.find(({ mint }) => mint === asset)).toMatchObject({ symbol, decimals, tokenProgram })
        compared++
      }
    }
    expect(compared).toBeGreaterThan(6)
  })

  const pyusd = solana.lookalikes.find(({ symbol }) => symbol === 'PYUSD')?.mint ?? ''
  const dollar = new PublicKey(pyusd)
  const through = (tokenProgram: PublicKey): Partial<Parts> => ({
    mint: dollar,
    tokenProgram,
    source: tokenAccount(payer.publicKey, dollar, tokenProgram),
    destination: tokenAccount(payee, dollar, tokenProgram),
  })

  /** What Token-2022 makes of it, with the mint and both accounts its own. */
  async function onCluster(tokenProgram: PublicKey): Promise<unknown> {
    const accounts = Object.fromEntries([
      [pyusd, owned(bytesOf(82, (data) => data.set([6, 1], 44)))],
      ...[payer.publicKey, payee].map((owner): [string, SvmFixtureAccount] => [
        tokenAccount(owner, dollar, programs.token2022).toBase58(),
        owned(
          bytesOf(165, (data) => {
            data.set(dollar.toBytes(), 0)
            data.set(owner.toBytes(), 32)
            data.writeBigUInt64LE(1_000_000n, 64)
            data.writeUInt8(1, 108)
          }),
        ),
      ]),
      [facilitator.publicKey.toBase58(), { owner: programs.system.toBase58(), lamports: '1000000000', data: '' }],
    ])
    const parts = coSigned(split(Buffer.from(wire(partsOf(solana, through(tokenProgram))), 'base64')))
    if (parts === undefined) throw new TypeError('no slot of the facilitator')
    return await run({ ...fixture('solana', 'valid').state, accounts }, parts, { sigVerify: true })
  }

  it('of Token-2022 through the classic program fails, as it does on a cluster', async () => {
    expect(await onCluster(programs.token)).not.toBeNull()
    const diagnosis = await diagnosed(through(programs.token), { asset: pyusd })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'svm-token-program-mismatch', party: 'client', proof: 'proven' })
    expect(diagnosis.replay?.chain).toContain(`Token-2022 and the mint ${pyusd}, the PYUSD of solana`)
    expect(allOf(diagnosis)).not.toContain(solana.mint)
  })

  it('of Token-2022 through its own program settles, as it does on a cluster', async () => {
    expect(await onCluster(programs.token2022)).toBeNull()
    const diagnosis = await diagnosed(through(programs.token2022), { asset: pyusd })
    expect(diagnosis.verdict).toBe('settles')
    expect(diagnosis.assumes.join('; ')).toContain('PYUSD, of Token-2022, with 6 decimals')
    expect(diagnosis.solana.transfer).toMatchObject({ symbol: 'PYUSD', mintDecimals: 6 })
  })

  it('that nobody knows is what the transaction says of it, which shows nothing: how to find out is said', async () => {
    const mint = Keypair.fromSeed(new Uint8Array(32).fill(77)).publicKey
    const diagnosis = await diagnosed({ mint }, { asset: mint.toBase58() })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: null, proof: null, replay: null, retry: { action: 'unknown' } })
    expect(diagnosis.headline).toContain(`nothing here knows the mint ${mint.toBase58()}`)
    expect(diagnosis.fix).toContain(`"getAccountInfo","params":["${mint.toBase58()}"`)
    expect(diagnosis.solana.transfer).toMatchObject({ symbol: null, mintDecimals: null })
  })
})

describe('payTo', () => {
  const mint = new PublicKey(solana.mint)
  const account = tokenAccount(payee, mint)
  const nested = tokenAccount(account, mint).toBase58()
  const payTo = account.toBase58()

  it('is a token account, and the client paid it: it arrives on the cluster, facilitators refuse it, and the offer is to blame', async () => {
    const variant = fixture('solana', 'valid')
    const parts = coSigned(split(Buffer.from(wire(partsOf(solana, { destination: account })), 'base64')))
    expect(await run(variant.state, parts ?? { signatures: [], message: new Uint8Array() }, { sigVerify: true })).toBeNull()
    const diagnosis = await diagnosed({ destination: account }, { payTo })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'svm-recipient-mismatch', party: 'server', proof: 'inferred' })
    expect(diagnosis.fix).toContain('Put the owner of that token account into payTo')
    expect(allOf(diagnosis)).not.toContain(nested)
  })

  it('is a token account, and the client followed the specification: nothing shows that it is none', async () => {
    const diagnosis = await diagnosed({ destination: new PublicKey(nested) }, { payTo })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: null, proof: null })
    expect(diagnosis.fix).toContain(`"getAccountInfo","params":["${payTo}"`)
    expect(diagnosis.findings.map(({ fix }) => fix).join()).not.toContain(nested)
  })

  it('is a token account, and something else was paid: no account inside it is named', async () => {
    const diagnosis = await diagnosed({ destination: tokenAccount(payer.publicKey, mint, programs.token2022) }, { payTo })
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'svm-recipient-mismatch', proof: 'inferred' })
    expect(allOf(diagnosis)).not.toContain(nested)
  })

  it.each([
    ['the specification', nested],
    ['payTo', payTo],
  ])('is the token account of a key that the offer names beside it: that is derived, whether the client followed %s', async (_, paid) => {
    const offered = { payTo, extra: { feePayer: facilitator.publicKey.toBase58(), merchant: { wallet: payee.toBase58() } } }
    const diagnosis = await diagnosed({ destination: new PublicKey(paid) }, offered)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'svm-recipient-mismatch', party: 'server' })
    expect(diagnosis.fix).toBe(`Put the owner of that token account into payTo: ${payee.toBase58()}.`)
    expect(diagnosis.findings.map(({ fix }) => fix).join()).not.toContain(nested)
  })

  it('is the mint, or a program', async () => {
    for (const address of [solana.mint, programs.system.toBase58()]) {
      const destination = tokenAccount(new PublicKey(address), mint)
      const diagnosis = await diagnosed({ destination }, { payTo: address })
      expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'svm-recipient-mismatch', party: 'server' })
    }
  })

  /** What a snapshot of the cluster with these accounts beside the usual ones makes of it. */
  async function withState(changes: Partial<Parts>, offered: Offered, accounts: SvmFixtureState['accounts']): Promise<SolanaDiagnosis> {
    const { snapshot, state } = fixture('solana', 'valid')
    const [answer] = (snapshot as { answers: object[] }).answers
    const all = Object.entries({ ...state.accounts, ...accounts }).map(([address, each]) => [
      address,
      { value: each === null ? null : { ...each, executable: false } },
    ])
    const payment = readSvmPayment(body(solana, wire(partsOf(solana, changes)), offered))
    const read = readSvmPayment(fixture('solana', 'valid').input)
    expect(read.transaction?.blockhash).toBe(payment.transaction?.blockhash)
    const { readers } = readSnapshot({
      ...snapshot,
      payment: await hashOf(payment.bytes),
      answers: [{ ...answer, accounts: Object.fromEntries(all) }],
    })
    return (await investigate(payment, { now, readers, replayer })).diagnosis
  }

  it('is a token account by its own bytes: certain, whose it is, and what the payment would be', async () => {
    for (const paid of [nested, payTo]) {
      const diagnosis = await withState({ destination: new PublicKey(paid) }, { payTo }, {})
      expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'svm-recipient-mismatch', party: 'server', proof: 'inferred' })
      expect(diagnosis.fix).toBe(`Put the owner of that token account into payTo: ${payee.toBase58()}.`)
      expect(diagnosis.findings.map(({ fix }) => fix).join()).not.toContain(nested)
    }
  })

  it("is a vault, a program's own wallet: seen on the cluster, it may be paid", async () => {
    const vault = PublicKey.findProgramAddressSync([Buffer.from('vault')], programs.memo)[0]
    const own = tokenAccount(vault, mint)
    const holds = owned(
      bytesOf(165, (data) => {
        data.set(mint.toBytes(), 0)
        data.set(vault.toBytes(), 32)
        data.writeUInt8(1, 108)
      }),
      programs.token,
    )
    const there = { owner: programs.system.toBase58(), lamports: '890880', data: '' }
    const offered = { payTo: vault.toBase58() }
    expect((await diagnosed({ destination: own }, offered)).verdict).toBe('inconclusive')
    const seen = await withState({ destination: own }, offered, { [vault.toBase58()]: there, [own.toBase58()]: holds })
    expect(seen.verdict).toBe('settles')
    const unseen = await withState({ destination: own }, offered, { [vault.toBase58()]: null, [own.toBase58()]: holds })
    expect(unseen.verdict).toBe('inconclusive')
    const client = await withState({ destination: vault }, offered, { [vault.toBase58()]: there, [own.toBase58()]: holds })
    expect(client).toMatchObject({ verdict: 'fails', cause: 'svm-recipient-mismatch', party: 'client', proof: 'proven' })
    expect(client.fix).toContain(own.toBase58())
  })
})

describe('a name that no network has', () => {
  it.each([
    ['solana:mainnet', 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp'],
    ['solana:101', 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp'],
    ['solana-mainnet', 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp'],
    [`solana:${solana.genesisHash}`, 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp'],
    ['solana:devnet', 'solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1'],
  ])('%s: named with the right one, and nothing is promised', async (network, right) => {
    const { verdict, headline, facilitators, fix } = await diagnosed({}, { network })
    expect(verdict).toBe('inconclusive')
    expect(headline).toContain(right)
    expect(fix).toContain(right)
    expect(facilitators.answers.some(({ verify }) => verify === 'accepts')).toBe(false)
  })

  it('no network at all is no cluster either', async () => {
    const payment = readSvmPayment({ x402Version: 1, scheme: 'exact', payload: { transaction: wire(partsOf(solana)) } })
    const { diagnosis } = await investigate(payment, { now, replayer })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', proof: null })
    expect(diagnosis.headline).toContain('--network')
  })
})

describe('over generated payments', () => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((seed) => Keypair.fromSeed(seed).publicKey)
  const made = fc.record({
    mint: key,
    decimals: fc.integer({ min: 0, max: 255 }),
    amount: fc.bigInt({ min: 1n, max: 2n ** 63n }),
    tokenProgram: fc.constantFrom(programs.token, programs.token2022),
  })
  const consistent = ({ mint, tokenProgram, ...rest }: Pick<Parts, 'mint' | 'decimals' | 'amount' | 'tokenProgram'>): Partial<Parts> => ({
    ...rest,
    mint,
    tokenProgram,
    source: tokenAccount(payer.publicKey, mint, tokenProgram),
    destination: tokenAccount(payee, mint, tokenProgram),
  })
  const drawn = 60

  it('of a mint that nobody knows: none settles, and nothing is proven', async () => {
    let judged = 0
    await fc.assert(
      fc.asyncProperty(made, async (parts) => {
        const { verdict, proof, replay } = await diagnosed(consistent(parts), {
          asset: parts.mint.toBase58(),
          amount: String(parts.amount),
        })
        expect(verdict).not.toBe('settles')
        expect(proof).not.toBe('proven')
        expect(replay).toBeNull()
        judged++
      }),
      { numRuns: drawn, seed: 1 },
    )
    expect(judged).toBe(runs(drawn))
  }, 300_000)

  it('under a name of Solana that no cluster has: none settles, and nothing is proven', async () => {
    const reference = fc.stringMatching(/^[1-9A-HJ-NP-Za-km-z]{3,32}$/).map((text) => `solana:${text}`)
    await fc.assert(
      fc.asyncProperty(fc.oneof(reference, fc.constantFrom('solana:mainnet', 'solana:101', 'Solana Mainnet Beta')), async (network) => {
        fc.pre(!clusters.some(({ caip2 }) => caip2 === network))
        const { verdict, proof } = await diagnosed({}, { network })
        expect({ verdict, proof }).toEqual({ verdict: 'inconclusive', proof: null })
      }),
      { numRuns: drawn, seed: 1 },
    )
  }, 300_000)

  it('under the name of another chain, with whatever bytes: none is one on Solana', () => {
    const namespaces = [
      'stellar',
      'aptos',
      'sui',
      'hedera',
      'tron',
      'algorand',
      'xrpl',
      'ton',
      'near',
      'cosmos',
      'bip122',
      'starknet',
      'tvm',
    ]
    const network = fc
      .tuple(fc.constantFrom(...namespaces), fc.stringMatching(/^[a-z0-9-]{1,20}$/))
      .map(([namespace, reference]) => `${namespace}:${reference}`)
    const named = fc.oneof(
      network,
      fc.constantFrom('stellar', 'aptos-mainnet', 'sui-testnet', 'hedera', 'near', 'base', 'eip155:8453', 'ethereum'),
    )
    const transaction = fc.oneof(
      fc.uint8Array({ minLength: 80, maxLength: 900 }).map((bytes) => Buffer.from(bytes).toString('base64')),
      fc.constant(wire(partsOf(solana))),
    )
    fc.assert(
      fc.property(named, transaction, fc.boolean(), (name, text, first) => {
        const offer = {
          scheme: 'exact',
          network: name,
          amount: '1',
          asset: 'native',
          payTo: 'G'.padEnd(56, 'A'),
          maxTimeoutSeconds: 60,
          extra: {},
        }
        const payload = { transaction: text }
        const payment = first ? { x402Version: 1, scheme: 'exact', network: name, payload } : { x402Version: 2, accepted: offer, payload }
        for (const input of [payment, { x402Version: 2, paymentPayload: payment, paymentRequirements: offer }]) {
          // On an EVM chain it is a payment without an authorization; elsewhere one on another rail.
          expect(() => readPayment(input)).toThrow(Eip3009Error)
          expect(() => readSvmPayment(input)).toThrow(/x402 payment that is not on Solana/)
        }
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  it('without a name, only bytes that begin as a transaction of Solana does are one', () => {
    const bare = (bytes: Uint8Array): object => ({ x402Version: 2, payload: { transaction: Buffer.from(bytes).toString('base64') } })
    expect(readPayment(bare(Buffer.from(wire(partsOf(solana)), 'base64'))).family).toBe('solana')
    let no = 0
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 80, maxLength: 900 }), (bytes) => {
        try {
          readPayment(bare(bytes))
        } catch {
          no++
        }
      }),
      { numRuns: 1_000, seed: 1 },
    )
    expect(no).toBeGreaterThan(runs(980))
  })
})

function bytesOf(length: number, write: (data: Buffer) => void): Buffer {
  const data = Buffer.alloc(length)
  write(data)
  return data
}

function owned(data: Buffer, owner = programs.token2022): SvmFixtureAccount {
  return { owner: owner.toBase58(), lamports: '2039280', data: data.toString('base64') }
}

/** By which a snapshot tells payments apart: SHA-256 of the message. */
async function hashOf(bytes: Uint8Array | null): Promise<string> {
  const message = VersionedTransaction.deserialize(bytes ?? new Uint8Array()).message.serialize()
  return Buffer.from(await crypto.subtle.digest('SHA-256', Uint8Array.from(message))).toString('hex')
}
