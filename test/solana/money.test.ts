// What is said of the money and of the next step, held against what the token program makes of a first and of a second transaction.
import { setImmediate } from 'node:timers/promises'
import { decodeRevert, investigate } from '@eip3009/core'
import { readSnapshot, readSvmPayment, type SolanaDiagnosis } from '@eip3009/core/solana'
import { fixture, type SvmFixtureCause, type SvmVariant, svmFixtureNetworks, variants } from '@eip3009/fixtures'
import { Keypair, PublicKey, SystemProgram, TransactionMessage, VersionedTransaction } from '@solana/web3.js'
import { FailedTransactionMetadata, LiteSVM } from 'litesvm'
import { describe, expect, it } from 'vitest'
import { diagnoseSvm } from '../../packages/core/src/solana/diagnosis/diagnose.ts'
import { payee, payer, tokenAccount } from '../../scripts/fixtures/solana-keys.ts'
import { facilitator } from './cluster.ts'

const now = 1_790_000_000n

/** Facilitators refuse all of these, and the cluster takes them. */
const taken = [
  'svm-compute-price',
  'svm-amount-mismatch',
  'svm-memo-mismatch',
  'svm-recipient-mismatch',
  'svm-fee-payer-in-instructions',
  'svm-instruction-layout',
] as const satisfies readonly SvmFixtureCause[]

const snapshotOf = async (
  { input, snapshot }: Pick<SvmVariant, 'input' | 'snapshot'>,
  options: { at?: bigint } = {},
): Promise<SolanaDiagnosis> =>
  (await investigate(readSvmPayment(input), { now, readers: readSnapshot(snapshot).readers, ...options })).diagnosis

/** Whether another signature is asked for although the first can still land, as far as anybody knows. */
function paysTwice({ money, retry }: SolanaDiagnosis): boolean {
  if (retry.action !== 'sign-again' && retry.action !== 'cancel-first') return false
  const over = money.instruments.every(
    ({ state, finality, evidence }) => state !== 'live' && state !== 'unknown' && (finality === 'finalized' || evidence === 'bytes'),
  )
  const gated = retry.notBefore?.finalized === true && retry.onlyIf.includes('nothing-landed') && retry.cost !== null
  return !over && !gated
}

describe.each(svmFixtureNetworks)('%s: nobody is told to sign again while the first may land', (network) => {
  const all = variants(network)

  it.each(taken)('%s', async (cause) => {
    const variant = fixture(network, cause)
    const { money, retry } = await snapshotOf(variant)
    expect(money).toMatchObject({ state: 'can-move', instruments: [{ form: 'as-sent', state: 'live' }] })
    expect(retry).toMatchObject({ action: 'sign-again', notBefore: { time: null, finalized: true }, onlyIf: ['nothing-landed'] })
    const height = (variant.snapshot as { answers: { height: { value: string } }[] }).answers[0]?.height.value
    expect(BigInt(retry.notBefore?.block ?? 0)).toBeGreaterThanOrEqual(BigInt(height ?? 0) + 150n)
    expect(money.instruments[0]?.blocks?.closes).toBe(retry.notBefore?.block)
    // Where no chain was read there is no height, and the condition is the same.
    const offline = diagnoseSvm(readSvmPayment(variant.input), { now })
    expect(offline.money.state).toBe('unknown')
    expect(offline.retry).toMatchObject({
      action: 'sign-again',
      notBefore: { block: null, time: null, finalized: true },
      onlyIf: ['nothing-landed'],
    })
    expect(offline.retry.says).toContain('dead at a finalized block from after it was signed')
  })

  it('over all fixtures, without a chain, with one, and with one that is late or older', async () => {
    expect(all.length).toBeGreaterThan(60)
    let judged = 0
    for (const variant of all) {
      const payment = readSvmPayment(variant.input)
      const states = [
        diagnoseSvm(payment, { now }),
        await snapshotOf(variant),
        await snapshotOf(variant, { at: now - 40n }),
        await snapshotOf(variant, { at: now }),
        (await investigate(payment, { now: now + 86_400n, readers: readSnapshot(variant.snapshot).readers })).diagnosis,
      ]
      for (const diagnosis of states) {
        expect({ name: variant.name, twice: paysTwice(diagnosis) }).toEqual({ name: variant.name, twice: false })
        expect(diagnosis.retry.says).not.toMatch(/\.$|undefined|null/)
        judged++
      }
    }
    expect(judged).toBe(5 * all.length)
  })

  it('a durable nonce has no end: it is advanced first', async () => {
    const variant = all.find(({ name }) => name === 'durable-nonce')
    const { retry, money } = diagnoseSvm(readSvmPayment(variant?.input ?? {}), { now })
    expect(money.instruments[0]?.blocks).toBeNull()
    expect(retry).toMatchObject({
      action: 'cancel-first',
      notBefore: { block: null, time: null, finalized: true },
      onlyIf: ['cancellation-landed', 'nothing-landed'],
    })
    expect(retry.says).toContain('AdvanceNonceAccount')
  })

  it('the fee payer signs at settlement: its empty place asks nobody for a new signature', async () => {
    const { retry, money } = await snapshotOf(fixture(network, 'valid'))
    expect(retry.action).toBe('send-same')
    expect(money.instruments[0]).toMatchObject({ usableBy: 'key-holders', needs: ['signatures'] })
  })

  it('what was never signed by the payer moves nothing, and may be signed at once', () => {
    const { retry, money } = diagnoseSvm(readSvmPayment(fixture(network, 'svm-signature-missing').input), { now })
    expect(money).toMatchObject({ state: 'not-moved', instruments: [{ state: 'dead', evidence: 'bytes' }] })
    expect(retry).toMatchObject({ action: 'sign-again', notBefore: null, onlyIf: [] })
  })
})

/** A cluster whose blockhashes come and go, with payer, payee and facilitator of the fixtures. */
function cluster(held: bigint): LiteSVM {
  const svm = new LiteSVM()
  const { accounts } = fixture('solana', 'valid').state
  for (const [address, account] of Object.entries(accounts)) {
    if (account === null) continue
    const data = Buffer.from(account.data, 'base64')
    put(svm, address, { owner: account.owner, lamports: BigInt(account.lamports), data })
  }
  fund(svm, held)
  return svm
}

function put(svm: LiteSVM, address: string, { owner, lamports, data }: { owner: string; lamports: bigint; data: Buffer }): void {
  svm.setAccount({ address, lamports, data, programAddress: owner, executable: false, space: BigInt(data.length) } as unknown as Parameters<
    LiteSVM['setAccount']
  >[0])
}

const usdc = new PublicKey((fixture('solana', 'valid').input as { paymentRequirements: { asset: string } }).paymentRequirements.asset)
const [own, theirs] = [payer.publicKey, payee].map((owner) => tokenAccount(owner, usdc).toBase58()) as [string, string]

const bytesAt = (svm: LiteSVM, address: string): Buffer => {
  const account = svm.getAccount(address as never) as unknown as { data: Uint8Array }
  return Buffer.from(account.data)
}
const balance = (svm: LiteSVM, address: string): bigint => bytesAt(svm, address).readBigUInt64LE(64)

function fund(svm: LiteSVM, amount: bigint): void {
  const data = bytesAt(svm, own)
  data.writeBigUInt64LE(amount, 64)
  put(svm, own, { owner: 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA', lamports: 2_039_280n, data })
}

/** The transaction of a fixture, signed anew over a blockhash that lives. */
function signed(svm: LiteSVM, cause: SvmFixtureCause): VersionedTransaction {
  const { input } = fixture('solana', cause)
  const text = (input as { paymentPayload: { payload: { transaction: string } } }).paymentPayload.payload.transaction
  const transaction = VersionedTransaction.deserialize(Buffer.from(text, 'base64'))
  transaction.message.recentBlockhash = svm.latestBlockhash()
  transaction.sign([payer, facilitator])
  return transaction
}

/** Null where it landed without an error. */
function send(svm: LiteSVM, transaction: VersionedTransaction): string | null {
  const keys = transaction.message.staticAccountKeys.map(String)
  const result = svm.sendTransaction({
    messageBytes: transaction.message.serialize(),
    signatures: Object.fromEntries(transaction.signatures.map((signature, index) => [keys[index], signature])),
  } as unknown as Parameters<LiteSVM['sendTransaction']>[0])
  return result instanceof FailedTransactionMetadata ? result.toString() : null
}

const price = 10_000n

describe('the first and the second signature, run', () => {
  it.each(['svm-compute-price', 'svm-amount-mismatch', 'svm-instruction-layout', 'svm-fee-payer-in-instructions'] as const)(
    '%s: signed again at once both land; as it is said, one does',
    async (cause) => {
      await setImmediate()
      const { retry } = await snapshotOf(fixture('solana', cause))
      const naive = cluster(1_000_000n)
      const before = balance(naive, theirs)
      const [first, second] = [signed(naive, cause), signed(naive, 'valid')]
      expect([send(naive, second), send(naive, first)]).toEqual([null, null])
      expect(balance(naive, theirs) - before).toBeGreaterThan(price)

      // The adversary sends the first one at the last moment at which it is taken: it landed, so that nothing is signed.
      expect(retry.onlyIf).toContain('nothing-landed')
      const late = cluster(1_000_000n)
      expect(send(late, signed(late, cause))).toBeNull()
      expect(balance(late, theirs) - before).toBeLessThanOrEqual(price)

      // Or too late: behind the height that is said its blockhash is dead, and the second one is the only one.
      const over = cluster(1_000_000n)
      const old = signed(over, cause)
      over.expireBlockhash()
      expect(send(over, signed(over, 'valid'))).toBeNull()
      expect(send(over, old)).toContain('BlockhashNotFound')
      expect(balance(over, theirs) - before).toBe(price)
    },
  )

  it('landed with an error, then funded: processed, and nobody was paid', async () => {
    await setImmediate()
    const svm = cluster(price - 1n)
    const before = balance(svm, theirs)
    const transaction = signed(svm, 'valid')
    expect(send(svm, transaction)).toContain('InstructionError(2, Custom(1))')
    fund(svm, 1_000_000n)
    const again = send(svm, transaction)
    expect(again).toContain('AlreadyProcessed')
    expect(balance(svm, theirs)).toBe(before)
    // What the node says then is not read as paid.
    for (const words of ['AlreadyProcessed', 'Transaction simulation failed: This transaction has already been processed']) {
      const decoded = decodeRevert(words)
      expect(decoded.causes).toEqual(expect.arrayContaining(['svm-already-processed', 'svm-landed-with-error']))
      expect(decoded.retry).toBe('unknown')
    }
  })

  it('what landed and pays somebody else is no settlement of the offer', async () => {
    const variant = fixture('solana', 'svm-already-processed')
    const body = structuredClone(variant.input) as {
      paymentPayload: { accepted: { payTo: string; amount: string } }
      paymentRequirements: { payTo: string; amount: string }
    }
    const diagnosed = async (change: { payTo?: string; amount?: string }): Promise<SolanaDiagnosis> => {
      Object.assign(body.paymentPayload.accepted, change)
      Object.assign(body.paymentRequirements, change)
      return await snapshotOf({ input: body, snapshot: variant.snapshot })
    }
    expect((await diagnosed({})).fix).toMatch(/^Take \w+ as the settlement/)
    for (const change of [{ payTo: Keypair.generate().publicKey.toBase58() }, { amount: '20000' }]) {
      const { money, retry, fix } = await diagnosed(change)
      expect({ state: money.state, retry: retry.action }).toEqual({ state: 'moved', retry: 'never' })
      expect(fix).toMatch(/is no settlement of this offer: .*Deliver nothing for it/)
    }
  })
})

describe('words of a transaction that was sent', () => {
  const id = '3dF8CbLSeytRBCHGGsmMwuriuKppx81RKDugo4DnwbaMvYmU27426S7egg9ku3PhSJANk4dr6HS72EBDRdrq2FnM'

  it.each([
    `Signature ${id} has expired: block height exceeded.`,
    `TransactionExpiredBlockheightExceededError: Signature ${id} has expired: block height exceeded.`,
    `Transaction was not confirmed in 30.00 seconds. It is unknown if it succeeded or failed. Check signature ${id} using the Solana Explorer or CLI tools.`,
    `TransactionExpiredTimeoutError: Transaction was not confirmed in 60.00 seconds. It is unknown if it succeeded or failed. Check signature ${id} using the Solana Explorer or CLI tools.`,
    'Blockhash not found',
    'Transaction simulation failed: Blockhash not found',
    'TransactionError: BlockhashNotFound',
    `Missing signature for public key [\`${facilitator.publicKey.toBase58()}\`].`,
  ])('%s: asks for no new signature', (text) => {
    const decoded = decodeRevert(text)
    expect(decoded.causes.length).toBeGreaterThan(0)
    expect(decoded.retry).not.toBe('sign-again')
    expect(decoded.retry).toBe('unknown')
    expect(decoded.solanaTransaction).toBe(text.includes(id) ? id : undefined)
  })

  it('takes no other 64 bytes for what was sent: they can be a secret key', () => {
    for (const text of [`secret ${id}: block height exceeded`, `${id} has expired: block height exceeded.`])
      expect(decodeRevert(text).solanaTransaction).toBeUndefined()
  })
})

it('a transaction that moves no token is none of these', () => {
  const message = new TransactionMessage({
    payerKey: payer.publicKey,
    recentBlockhash: PublicKey.default.toBase58(),
    instructions: [SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: payee, lamports: 1 })],
  }).compileToV0Message()
  const transaction = Buffer.from(new VersionedTransaction(message).serialize()).toString('base64')
  const { money, retry } = diagnoseSvm(readSvmPayment({ x402Version: 2, payload: { transaction } }), { now })
  expect(money).toMatchObject({ state: 'unknown', instruments: [{ pays: null }] })
  expect(retry.notBefore?.finalized).toBe(true)
})
