import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixture, type SvmFixtureCause } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { run } from '../fake-console.ts'
import { startCluster } from '../solana/cluster.ts'

/** The address of a cluster that is not there any more. */
async function stopped(): Promise<{ readonly url: string }> {
  await using cluster = await startCluster(fixture('solana', 'valid').state)
  return { url: cluster.url }
}

const pasted = (cause: SvmFixtureCause): string => JSON.stringify(fixture('solana', cause).input)

describe('eip3009 diagnose with a payment on Solana', () => {
  it('says that a valid one settles, and what it takes for granted', async () => {
    const { code, out, err } = await run(['diagnose', pasted('valid')])
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toMatch(/^✓ PAYMENT IS GOOD: The transaction is well built, signed, and pays what the offer asks for/)
    expect(out).toContain('0.01 USDC')
    expect(out).toContain('Taken for granted')
    expect(out).toContain('blockhash')
  })

  it('says cause, fault, retry, what was seen and expected, money and fix', async () => {
    const { code, out } = await run(['diagnose', pasted('svm-amount-mismatch')])
    expect(code).toBe(1)
    const [first = '', second = ''] = out.split('\n')
    expect(first).toMatch(/^✗ FAILS {8}The transfer moves 0\.009999 USDC/)
    expect(second).toMatch(/cause svm-amount-mismatch · fault client signer · inferred, not proven · sign again, once it is dead at/)
    expect(out).toMatch(/transfer\.amount +seen +9999\n +expected +10000\n/)
    expect(out).toMatch(/ {2}Money /)
    expect(out).toMatch(/ {2}Fix /)
    expect(out).toMatch(/ {2}Not checked /)
  })

  it('prints one JSON object', async () => {
    const { code, out } = await run(['diagnose', pasted('svm-mint-mismatch'), '--json'])
    expect(code).toBe(1)
    const diagnosis = JSON.parse(out)
    expect([diagnosis.schema, diagnosis.family]).toEqual(['eip3009/diagnosis@1', 'solana'])
    expect(diagnosis.cause).toBe('svm-mint-mismatch')
  })

  it('reads a header value', async () => {
    const { paymentPayload } = fixture('solana-devnet', 'svm-signature-missing').input as { paymentPayload: object }
    const header = Buffer.from(JSON.stringify(paymentPayload)).toString('base64')
    const { code, out } = await run(['diagnose', `PAYMENT-SIGNATURE: ${header}`])
    expect(code).toBe(1)
    expect(out).toContain('cause svm-signature-missing')
  })

  it('asks the cluster, proves by replay, and keeps what it was told', async () => {
    const { input, state } = fixture('solana', 'svm-account-frozen')
    await using cluster = await startCluster(state)
    const folder = await mkdtemp(join(tmpdir(), 'eip3009-'))
    const file = join(folder, 'snapshot.json')
    try {
      const live = await run(['diagnose', JSON.stringify(input), '--rpc-url', cluster.url, '--save-snapshot', file])
      expect(live.err).toBe('')
      expect(live.code).toBe(1)
      expect(live.out).toMatch(/cause svm-account-frozen · fault token or its issuer · proven by replay/)
      expect(live.out).toMatch(/Replayed as it is +fails, instruction 2: Custom\(17\), account is frozen/)
      expect(live.out).toMatch(/With the fix +settles, 0\.01 USDC arrive: The payer's token account is not frozen\./)
      const again = await run(['diagnose', JSON.stringify(input), '--snapshot', file])
      expect(again).toEqual(live)
      const once = await run(['diagnose', JSON.stringify(input), '--rpc-url', cluster.url, '--save-snapshot', file])
      expect(once).toMatchObject({ code: 2, out: '' })
      expect(once.err).toMatch(/exists already/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it("diagnoses from a fixture's own snapshot, as of when it was captured", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'eip3009-'))
    const of = async (cause: SvmFixtureCause, options: readonly string[] = [], readAt = '1790000000'): Promise<string> => {
      const { input, snapshot } = fixture('solana', cause)
      const file = join(folder, `${cause}.json`)
      const { answers } = snapshot as { answers: object[] }
      await writeFile(file, JSON.stringify({ ...snapshot, answers: answers.map((answer) => ({ ...answer, readAt })) }))
      const { out, err } = await run(['diagnose', JSON.stringify(input), '--snapshot', file, ...options])
      expect(err).toBe('')
      return out
    }
    try {
      const settled = await of('svm-already-processed')
      expect(settled).toMatch(/^✗ FAILS {8}The payment was made in slot 349999990/)
      expect(settled).toMatch(/fault nobody · proven on chain · do not send anything again/)
      const expired = await of('svm-blockhash-expired', ['--at', '1789990000'])
      expect(expired).toMatch(/Money +not moved: no transaction of the source account has this payment/)
      // What could move when the snapshot was captured is not said to be able to move now.
      expect(await of('valid')).toMatch(/would take it\s+now[\s\S]+Money +not moved so far, and it still can/)
      const late = await of('valid', [], '1789990000')
      expect(late.replaceAll(/\s+/g, ' ')).toMatch(
        /would have taken it.+whether a retry is safe is unknown.+ Money unknown: not moved at 2026-09-21/,
      )
      // No signature outlives its blockhash.
      const missing = await of('svm-destination-account-missing')
      expect(missing).toMatch(/cause svm-destination-account-missing · fault resource server · read from one RPC, not proven/)
      expect(missing).not.toContain('can be kept')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('never says of a payment on Solana that its signature can be kept', async () => {
    const { input, state } = fixture('solana', 'svm-destination-account-missing')
    await using cluster = await startCluster(state)
    const { out } = await run(['diagnose', JSON.stringify(input), '--rpc-url', cluster.url])
    expect(out.replace(/\s+/g, ' ')).toContain('is finalized, only if that is done and nothing of it landed without an error')
  })

  it('takes the RPC of the environment', async () => {
    const { input, state } = fixture('solana-devnet', 'svm-blockhash-expired')
    await using cluster = await startCluster(state)
    const { out, code } = await run(['diagnose', JSON.stringify(input), '--json', '--at', '1789999000'], {
      env: { EIP3009_RPC_SOLANA_DEVNET: cluster.url },
    })
    expect(code).toBe(1)
    const diagnosis = JSON.parse(out)
    expect(diagnosis).toMatchObject({
      cause: 'svm-blockhash-expired',
      proof: 'proven',
      retry: { action: 'sign-again', notBefore: null },
      time: { judgedAt: '1789999000', basis: 'given' },
    })
    expect(diagnosis.skipped.map(({ id }: { id: string }) => id)).toContain('state-then')
  })

  it('is inconclusive when the cluster can not be asked', async () => {
    const { url } = await stopped()
    const { out, code } = await run(['diagnose', pasted('valid'), '--rpc-url', url, '--no-replay', '--json'])
    expect(code).toBe(4)
    expect(JSON.parse(out).headline).toContain(`could not be asked: ${url}, nothing listens there`)
  })

  it('follows --no-replay', async () => {
    const { out } = await run(['diagnose', pasted('svm-decimals-mismatch'), '--no-replay', '--json'])
    expect(JSON.parse(out)).toMatchObject({ proof: 'inferred', replay: null })
    expect(JSON.parse((await run(['diagnose', pasted('svm-decimals-mismatch'), '--json'])).out)).toMatchObject({
      proof: 'proven',
      replay: { proven: ['svm-decimals-mismatch'] },
    })
  })

  it.each<[string[], RegExp]>([
    [['--network', 'base'], /^eip3009: --network base is no Solana network/],
    [['--network', 'solana-devnet'], /^eip3009: --network says solana-devnet, and the payment itself says solana/],
    [['--network', 'atlantis'], /^eip3009: "atlantis" is no network/],
    [['--decimals', '9'], /^eip3009: --token, .+ are for EVM chains/],
    [['--block', '1'], /^eip3009: --block is for EVM chains/],
    [['--at', 'yesterday'], /^eip3009: --at "yesterday" is not a time/],
    [['--timeout', '0'], /^eip3009: --timeout takes/],
    [['--snapshot', './no-such.json'], /^eip3009: --snapshot .+ is no file/],
    [['--snapshot', '{}'], /^eip3009: Read something whose schema is undefined; expected a snapshot/],
    [['--snapshot', '{}', '--rpc-url', 'http://127.0.0.1:1'], /^eip3009: --snapshot stands in for an RPC/],
    [['--save-snapshot', 'x.json'], /^eip3009: --save-snapshot needs an RPC/],
    [['--rpc-url', 'ftp://x'], /^eip3009: --rpc-url needs a URL that starts with/],
  ])('refuses %j with one sentence', async (options, says) => {
    const { code, out, err } = await run(['diagnose', pasted('valid'), ...options])
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(says)
    expect(err.trim().split('\n')).toHaveLength(1)
  })

  it('takes --network for a payment that names none', async () => {
    const { paymentPayload } = fixture('solana', 'valid').input as { paymentPayload: { payload: object } }
    const bare = JSON.stringify({ x402Version: 1, scheme: 'exact', payload: paymentPayload.payload })
    const { out } = await run(['diagnose', bare, '--network', 'solana', '--json'])
    expect(JSON.parse(out)).toMatchObject({ payment: { network: 'solana' }, replay: { proven: [] } })
  })

  it('refuses one whose transaction is not text', async () => {
    const input = { x402Version: 1, scheme: 'exact', network: 'solana', payload: { transaction: 7 } }
    const { code, err } = await run(['diagnose', JSON.stringify(input)])
    expect(code).toBe(2)
    expect(err).toMatch(/^eip3009: Read an x402 payment on Solana whose payload\.transaction is 7; expected /)
  })
})
