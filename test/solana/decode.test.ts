import { describeTransaction, readSvmPayment, readTransactionText } from '@eip3009/core/solana'
import { fixture, variants } from '@eip3009/fixtures'
import { ComputeBudgetProgram, Keypair, PublicKey, TransactionInstruction, TransactionMessage, VersionedTransaction } from '@solana/web3.js'
import { describe, expect, it } from 'vitest'
import { run } from '../fake-console.ts'
import { transactionOf } from './programs.ts'

const named = (name: string): { readonly input: object } => {
  const found = variants('solana').find((variant) => variant.name === name)
  if (found === undefined) throw new TypeError(`no fixture ${name}`)
  return found
}
const bare = (name: string): string => transactionOf(named(name))

async function decoded(text: string, ...options: readonly string[]): Promise<string> {
  const { code, out, err } = await run(['decode', text, ...options])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return out
}

describe('eip3009 decode shows a transaction on Solana', () => {
  it('from a whole payment, with the offer beside it', async () => {
    const out = await decoded(JSON.stringify(fixture('solana', 'valid').input))
    expect(out).toMatch(/^x402 v2 \/verify or \/settle body with a Solana transaction\n/)
    expect(out).toMatch(/Network +solana\n/)
    expect(out).toMatch(/Offer amount +10000\n/)
    expect(out).toMatch(/version 0, 496 of at most 1232 bytes/)
    expect(out).toMatch(/0 {2}missing {2}\w+ {2}fee payer, who signs at settlement\n +1 {2}valid/)
    expect(out).toMatch(/2 {2}SPL Token +TransferChecked: 0.01 USDC of solana/)
    expect(out).toMatch(/3 {2}Memo +Memo: "a7c1f0d2e4b6988034125c7e9fb0d6a1"/)
  })

  it('from a bare transaction, as text and as JSON', async () => {
    const text = bare('creates-token-account-by-fee-payer')
    expect(await decoded(text)).toMatch(/2 {2}Associated Token Account +Create: the token account/)
    const json = JSON.parse(await decoded(text, '--json'))
    expect(json).toMatchObject({ schema: 'eip3009/decoded@1', what: 'a transaction on Solana', findings: [] })
    // web3.js reads the same bytes.
    const { message } = VersionedTransaction.deserialize(Buffer.from(text, 'base64'))
    expect(json.transaction.instructions.map(({ program }: { program: string }) => program)).toEqual(
      message.compiledInstructions.map(({ programIdIndex }) => message.staticAccountKeys[programIdIndex]?.toBase58()),
    )
    expect(json.transaction.blockhash).toBe(message.recentBlockhash)
  })

  it.each([
    ['svm-signature-invalid', /1 {2}invalid +\w+ {2}payer/],
    ['svm-signature-missing', /1 {2}missing +\w+ {2}payer, who has to sign/],
    ['self-paid', /0 {2}valid +\w+ {2}fee payer and payer/],
    ['legacy-message', /legacy, \d+ of at most 1232 bytes/],
    ['svm-wallet-injected-instructions', /2 {2}Lighthouse +a guard that a wallet adds/],
    ['svm-instruction-layout', /2 {2}SPL Token +Transfer: 10000 atomic units of a mint that it does not/],
    ['unknown-program', /4 {2}System +Transfer: 1 lamports/],
    ['durable-nonce', /0 {2}System +AdvanceNonceAccount/],
    ['svm-lookup-table-unresolved', /Lookup tables +\w{32,}/],
    ['trailing-bytes', /Finding +There are 3 bytes behind the transaction/],
    ['base64url', /Finding +The base64 is odd: url alphabet/],
  ])('%s', async (name, says) => {
    expect(await decoded(bare(name))).toMatch(says)
  })

  it('says what can be read of a payment whose transaction can not', async () => {
    const out = await decoded(JSON.stringify(named('svm-transaction-malformed').input))
    expect(out).toMatch(/Finding +The transaction can not be decoded/)
  })

  it('is one sentence for half a transaction', async () => {
    const { code, out, err } = await run(['decode', bare('svm-transaction-malformed')])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^eip3009: Read base64 that begins as a Solana transaction does, and it ends [^\n]+\n$/)
  })

  it('shows no signature, which is what could move the money', async () => {
    const text = bare('valid')
    const signature = Buffer.from(text, 'base64').subarray(1 + 64, 1 + 128)
    for (const out of [await decoded(text), await decoded(text, '--json'), await decoded(text, '--share')]) {
      expect(out).not.toContain(text.slice(100, 160))
      expect(out).not.toContain(signature.toString('hex').slice(0, 24))
    }
  })

  it('escapes a memo that would write on the terminal', async () => {
    const payer = Keypair.fromSeed(new Uint8Array(32).fill(7))
    const message = new TransactionMessage({
      payerKey: payer.publicKey,
      recentBlockhash: PublicKey.default.toBase58(),
      instructions: [
        ComputeBudgetProgram.setComputeUnitLimit({ units: 1 }),
        new TransactionInstruction({
          programId: new PublicKey('MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr'),
          keys: [],
          data: Buffer.from('\u001b[31mred\nline\u202e'),
        }),
        new TransactionInstruction({ programId: payer.publicKey, keys: [], data: Buffer.from([1, 2, 3]) }),
      ],
    }).compileToV0Message()
    const out = await decoded(Buffer.from(new VersionedTransaction(message).serialize()).toString('base64'))
    expect(out).toContain('Memo: "\\u{1b}[31mred\\u{a}line\\u{202e}"')
    expect(out).toMatch(/an instruction of another kind: 3 bytes of data, 0 accounts/)
    expect(out.includes('\u001b') || out.includes('\u202e')).toBe(false)
  })
})

describe('what is no transaction', () => {
  it.each([[''], ['hello'], ['ab'.repeat(100)], ['QUJD'.repeat(60)], [JSON.stringify({ a: 1 })]])('%s', (text) => {
    const read = readTransactionText(text)
    expect(read === undefined || !read.ok).toBe(true)
  })

  it('is still decoded as what it is', async () => {
    expect(await decoded('{"isValid":false,"invalidReason":"invalid_exact_svm_payload_memo_count"}')).toMatch(/svm-memo-mismatch/)
  })
})

describe('the errors of programs', () => {
  const failed = (program: string, custom = 1): string =>
    JSON.stringify({
      err: { InstructionError: [2, { Custom: custom }] },
      logs: [`Program ${program} invoke [1]`, `Program ${program} failed: custom program error: 0x${custom.toString(16)}`],
    })
  it.each([
    ['TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA', 1, /insufficient funds, says SPL Token[\s\S]*Cause +svm-insufficient-funds/],
    ['11111111111111111111111111111111', 1, /insufficient lamports, says the System program[\s\S]*svm-creates-token-account/],
    ['L2TExMFKdjpN9kozasaurPirfHy9P8sbXoAN1qA3S95', 6400, /svm-wallet-injected-instructions/],
    ['TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb', 37, /svm-token-extension/],
    ['8MYxf5XeiEzRAzxPD6bCCsdJesGARbyvPxGVYo2tCMYV', 1, /a code of the program 8MYx[\s\S]*Cause +not known/],
  ])('Custom of %s: %i', async (program, custom, says) => {
    expect(await decoded(failed(program, custom))).toMatch(says)
  })

  it('of a program that calls another: the inner one failed', async () => {
    const log = [
      'Program ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL invoke [1]',
      'Program 11111111111111111111111111111111 invoke [2]',
      'Program 11111111111111111111111111111111 failed: custom program error: 0x1',
      'Program ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL failed: custom program error: 0x1',
    ].join('\n')
    expect(await decoded(log)).toMatch(/insufficient lamports, says the System program/)
  })

  it("without a log, reads the number as the token program's and says so", async () => {
    expect(await decoded('{"InstructionError":[2,{"Custom":17}]}')).toMatch(/account is frozen, if the token program said it/)
  })
})

it('describes what was read and judges nothing', () => {
  const { transaction } = readSvmPayment(fixture('solana', 'svm-amount-mismatch').input)
  if (transaction === null) throw new TypeError('unreadable')
  const report = describeTransaction(transaction)
  expect(JSON.parse(JSON.stringify(report))).toEqual(report)
  expect(report.instructions[2]?.says).toMatch(/^TransferChecked: 0.009999 USDC of solana/)
})
