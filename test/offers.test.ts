import { diagnose, diagnoseOffer, hasOffer, type OfferDiagnosis, readPayment } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { embeddedReplayer, openChain } from '@eip3009/core/replay'
import { offerDocument, renderText } from '@eip3009/core/report'
import { fixture } from '@eip3009/fixtures'
import { ExactEvmScheme } from '@x402/evm/exact/client'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { run } from './fake-console.ts'

const now = 1_790_000_000n
const payTo = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const wallet = '2wKupLR9q6wXYppw8Gr2NvWxKBUqm4PPJKkQfoxHDBg4'

const v1 = {
  scheme: 'exact',
  network: 'base',
  maxAmountRequired: '10000',
  resource: 'https://api.example/weather',
  description: 'Weather',
  mimeType: 'application/json',
  payTo,
  maxTimeoutSeconds: 60,
  asset: usdc,
  extra: { name: 'USD Coin', version: '2' },
}
const v2 = {
  scheme: 'exact',
  network: 'eip155:8453',
  amount: '10000',
  payTo,
  maxTimeoutSeconds: 60,
  asset: usdc,
  extra: { name: 'USD Coin', version: '2' },
}
const solana = {
  scheme: 'exact',
  network: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
  amount: '10000',
  payTo: wallet,
  maxTimeoutSeconds: 60,
  asset: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
  extra: { feePayer: wallet },
}
const offered = (x402Version: number, ...accepts: readonly object[]) => ({ x402Version, error: 'payment required', accepts })

type Row = readonly [
  says: string,
  offer: object,
  standing: OfferDiagnosis['standing'],
  cause: string | null,
  field?: string,
  corrected?: Readonly<Record<string, unknown>>,
]

/** What a person who knows would say. `corrected` is what has to stand in the entry to paste. */
const rows: readonly Row[] = [
  ['x402 v1', offered(1, v1), 'good', null],
  ['x402 v2', offered(2, v2), 'good', null],
  ['a scheme of its own beside', offered(2, { ...v2, extra: { ...v2.extra, assetTransferMethod: 'eip3009' } }), 'good', null],
  [
    'the name of USDC elsewhere',
    offered(2, { ...v2, extra: { name: 'USDC', version: '2' } }),
    'fails',
    'domain-name-mismatch',
    'requirements.extra.name',
    { extra: { name: 'USD Coin', version: '2' } },
  ],
  [
    'version 1',
    offered(1, { ...v1, extra: { name: 'USD Coin', version: '1' } }),
    'fails',
    'domain-version-mismatch',
    'requirements.extra.version',
    { extra: { name: 'USD Coin', version: '2' } },
  ],
  [
    'no extra',
    offered(2, { ...v2, extra: undefined }),
    'fails',
    'domain-field-missing',
    'requirements.extra.name',
    { extra: { name: 'USD Coin', version: '2' } },
  ],
  [
    "v1's name of the network in v2",
    offered(2, { ...v2, network: 'base' }),
    'fails',
    'wire-version-mismatch',
    'requirements.network',
    { network: 'eip155:8453' },
  ],
  [
    "v2's id of the network in v1",
    offered(1, { ...v1, network: 'eip155:8453' }),
    'fails',
    'wire-version-mismatch',
    'requirements.network',
    { network: 'base' },
  ],
  [
    "somebody's name of the network",
    offered(1, { ...v1, network: 'base-mainnet' }),
    'fails',
    'network-unsupported',
    'requirements.network',
    { network: 'base' },
  ],
  [
    "v1's name of the amount in v2",
    offered(2, { ...v1, network: 'eip155:8453' }),
    'fails',
    'wire-version-mismatch',
    'requirements.maxAmountRequired',
    { amount: '10000' },
  ],
  [
    "v2's name of the amount in v1",
    offered(1, { ...v2, network: 'base' }),
    'fails',
    'wire-version-mismatch',
    'requirements.amount',
    { maxAmountRequired: '10000' },
  ],
  [
    'an amount in dollars',
    offered(2, { ...v2, amount: '0.01' }),
    'fails',
    'amount-units-wrong',
    'requirements.amount',
    { amount: '10000' },
  ],
  [
    'an amount with 18 decimals',
    offered(2, { ...v2, amount: '10000000000000000' }),
    'fails',
    'amount-units-wrong',
    'requirements.amount',
    { amount: '10000' },
  ],
  ['nothing', offered(2, { ...v2, amount: '0' }), 'fails', 'amount-units-wrong', 'requirements.amount'],
  ['less than nothing', offered(2, { ...v2, amount: '-1' }), 'fails', 'malformed-field', 'requirements.amount'],
  ['more than a uint256', offered(2, { ...v2, amount: String(2n ** 256n) }), 'fails', 'malformed-field', 'requirements.amount'],
  ['no amount', offered(2, { ...v2, amount: undefined }), 'fails', 'malformed-field', 'requirements.amount'],
  ['the zero address', offered(2, { ...v2, payTo: `0x${'0'.repeat(40)}` }), 'fails', 'payee-not-payable', 'requirements.payTo'],
  ['the token itself', offered(2, { ...v2, payTo: usdc }), 'fails', 'blacklisted', 'requirements.payTo'],
  ['a wallet of Solana', offered(2, { ...v2, payTo: wallet }), 'fails', 'malformed-field', 'requirements.payTo'],
  ['nobody', offered(2, { ...v2, payTo: undefined }), 'fails', 'malformed-field', 'requirements.payTo'],
  [
    'the USDC of another network',
    offered(2, { ...v2, asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e', extra: { name: 'USDC', version: '2' } }),
    'fails',
    'asset-mismatch',
    'requirements.asset',
    { asset: usdc, extra: { name: 'USD Coin', version: '2' } },
  ],
  [
    'no time',
    offered(2, { ...v2, maxTimeoutSeconds: 0 }),
    'fails',
    'window-too-short',
    'requirements.maxTimeoutSeconds',
    { maxTimeoutSeconds: 300 },
  ],
  [
    'five seconds',
    offered(2, { ...v2, maxTimeoutSeconds: 5 }),
    'fails',
    'window-too-short',
    'requirements.maxTimeoutSeconds',
    { maxTimeoutSeconds: 300 },
  ],
  [
    'a time of the calendar',
    offered(2, { ...v2, maxTimeoutSeconds: 1_790_000_300 }),
    'fails',
    'time-in-milliseconds',
    'requirements.maxTimeoutSeconds',
    { maxTimeoutSeconds: 300 },
  ],
  ['milliseconds', offered(2, { ...v2, maxTimeoutSeconds: 60_000 }), 'good', null, 'requirements.maxTimeoutSeconds'],
  ['a payee with a wrong checksum', offered(2, { ...v2, payTo: payTo.replace('B', 'b') }), 'good', null, 'requirements.payTo'],
  [
    'a token that nobody knows',
    offered(2, { ...v2, asset: '0x52908400098527886E0F7030069857D2E4169EE7', extra: { name: 'Mine', version: '1' } }),
    'unknown',
    null,
  ],
  [
    'a token whose domain no client signs',
    offered(2, {
      ...v2,
      network: 'eip155:137',
      asset: '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174',
      extra: { name: 'USD Coin (PoS)', version: '1' },
    }),
    'fails',
    'nonstandard-domain-layout',
    'requirements.asset',
    { asset: '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359', extra: { name: 'USD Coin', version: '2' } },
  ],
  ['a network that nobody knows', offered(2, { ...v2, network: 'eip155:999999' }), 'unknown', null],
  [
    'a network that is known and not judged',
    offered(2, { ...v2, network: 'eip155:42161', asset: '0xaf88d065e77c8cC2239327C5EDb3A432268e5831' }),
    'unknown',
    null,
  ],
  ['Permit2', offered(2, { ...v2, extra: { ...v2.extra, assetTransferMethod: 'permit2' } }), 'other-rail', null],
  ['another scheme', offered(2, { ...v2, scheme: 'upto' }), 'other-rail', null],
  ['USDC on Solana', offered(2, solana), 'good', null],
  ['a mint that nobody knows', offered(2, { ...solana, asset: 'So11111111111111111111111111111111111111112' }), 'unknown', null],
  [
    'the mint of devnet',
    offered(2, { ...solana, asset: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU' }),
    'fails',
    'svm-wrong-cluster',
    'requirements.asset',
    { asset: solana.asset },
  ],
  ['an EVM payee on Solana', offered(2, { ...solana, payTo }), 'fails', 'malformed-field', 'requirements.payTo'],
  ['the mint as the payee', offered(2, { ...solana, payTo: solana.asset }), 'fails', 'svm-recipient-mismatch', 'requirements.payTo'],
  ['no fee payer', offered(2, { ...solana, extra: {} }), 'fails', 'svm-fee-payer-mismatch', 'requirements.extra.feePayer'],
  [
    "v1's name of Solana in v2",
    offered(2, { ...solana, network: 'solana' }),
    'fails',
    'wire-version-mismatch',
    'requirements.network',
    { network: solana.network },
  ],
]

describe('an offer alone', () => {
  it('counts', () => expect(rows.length).toBeGreaterThan(35))

  for (const [says, offer, standing, cause, field, corrected] of rows)
    it(says, async () => {
      const found = await diagnoseOffer(offer, { now })
      expect({ standing: found.standing, cause: found.cause }).toEqual({ standing, cause })
      expect(found.party).toBe(cause === null ? null : 'server')
      const [entry] = found.entries
      expect(entry?.findings.map((each) => each.field) ?? []).toEqual(
        field === undefined ? expect.anything() : expect.arrayContaining([field]),
      )
      if (corrected !== undefined) {
        const entryToPaste: object = JSON.parse(entry?.corrected ?? 'null')
        expect(entryToPaste).toMatchObject(corrected)
        // What is to be pasted is an offer that nothing is wrong with.
        const { x402Version } = offer as { readonly x402Version: number }
        expect((await diagnoseOffer(offered(x402Version, entryToPaste), { now })).standing).toBe('good')
      }
      if (standing === 'good') expect(entry?.findings.some(({ severity }) => severity === 'error')).toBe(false)
      expect(entry?.findings.every(({ party }) => party !== 'client' && party !== 'wallet')).toBe(true)
    })

  it('the first line is the answer', async () => {
    const first = async (offer: object): Promise<string> =>
      renderText(offerDocument(await diagnoseOffer(offer, { now })), { color: false, columns: 120 }).split('\n')[0] ?? ''
    expect(await first(offered(2, v2))).toMatch(/^✓ OFFER IS GOOD: 0\.01 USDC on base to 0x209693Bc/)
    expect(await first(offered(2, { ...v2, extra: { name: 'USDC', version: '2' } }))).toMatch(
      /^✗ OFFER FAILS {2}Clients that sign it as it is get domain-name-mismatch/,
    )
    expect(await first(offered(2, { ...v2, asset: payTo }))).toMatch(/^\? OFFER UNCLEAR: Unknown token: the token 0x209693Bc/)
    const bridged = { ...v2, asset: '0xd9aAEc86B65D86f6A7B5B1b0c42FFA531710b6CA', extra: { name: 'USD Base Coin', version: '1' } }
    expect(await first(offered(2, bridged))).toMatch(
      /^\? OFFER UNCLEAR: Unknown domain: sources disagree on the domain that USDbC on base hashes\.$/,
    )
    expect(await first(offered(2, { ...v2, network: 'eip155:999999' }))).toMatch(/^\? OFFER UNCLEAR: Unknown network/)
    expect(await first(offered(2, v2, { ...v2, amount: '0.01' }))).toMatch(/^✗ OFFER FAILS {2}1 of 2 entries; accepts\[1\]: /)
  })

  it('of several entries one that fails makes it fail, and one that nobody knows leaves it open', async () => {
    const unknown = { ...v2, network: 'eip155:999999' }
    const standing = async (...accepts: readonly object[]) => (await diagnoseOffer(offered(2, ...accepts), { now })).standing
    expect(await standing(v2, solana)).toBe('good')
    expect(await standing(v2, unknown)).toBe('unknown')
    expect(await standing(unknown, { ...v2, scheme: 'upto' }, { ...v2, amount: '0' })).toBe('fails')
    expect(await standing(v2, { ...v2, scheme: 'upto' })).toBe('good')
  })
})

it('tells what facilitators say only where they are told of what is wrong', async () => {
  const answersTo = async (change: object): Promise<number> => {
    const { entries } = await diagnoseOffer(offered(2, { ...v2, ...change }), { now })
    return entries[0]?.facilitators.answers.length ?? 0
  }
  expect(await answersTo({})).toBeGreaterThan(0)
  expect(await answersTo({ extra: { name: 'USDC', version: '2' } })).toBeGreaterThan(0)
  // The payment that is made to try it out has a whole amount, and a window.
  expect(await answersTo({ amount: '$0.01' })).toBe(0)
  expect(await answersTo({ maxTimeoutSeconds: 0 })).toBe(0)
})

const text = JSON.stringify(offered(2, v2))
const base64 = Buffer.from(text).toString('base64')

describe('in whatever was pasted', () => {
  it.each<readonly [string, string | Uint8Array | object]>([
    ['a body', text],
    ['an object', offered(2, v2)],
    ['bytes', new TextEncoder().encode(text)],
    ['a quoted body', JSON.stringify(text)],
    ['a header value', base64],
    ['a header line', `PAYMENT-REQUIRED: ${base64}`],
    [
      'a transcript of curl',
      `> GET /weather HTTP/2\n>\n< HTTP/2 402\n< content-type: application/json\n< payment-required: ${base64}\n<\n{}\n`,
    ],
    ['a transcript with a body', `HTTP/1.1 402 Payment Required\r\nContent-Type: application/json\r\n\r\n${text}`],
    [
      'a HAR',
      {
        log: {
          entries: [
            {
              request: { headers: [] },
              response: { status: 402, headers: [{ name: 'payment-required', value: base64 }], content: { text: '{}' } },
            },
          ],
        },
      },
    ],
    ['a body in a HAR', { log: { entries: [{ response: { status: 402, headers: [], content: { text } } }] } }],
    ['headers of fetch', { status: 402, headers: { 'PAYMENT-REQUIRED': base64 } }],
    ['a list of requirements', [v2]],
    ['requirements alone', v2],
    ['a log line', `2026-11-28T10:00:00Z WARN upstream answered 402 body=${text}`],
    ['a dict of Python', text.replaceAll('"', "'")],
  ])('%s', async (_says, input) => {
    expect(hasOffer(input)).toBe(true)
    const { standing, entries } = await diagnoseOffer(input, { now })
    expect({ standing, entries: entries.length, payTo: entries[0]?.payTo }).toEqual({ standing: 'good', entries: 1, payTo })
  })

  it.each<readonly [string, string | object]>([
    ['a payment', JSON.stringify(fixture('base', 'valid').input)],
    [
      'a payment that is broken beside the offer that it answers',
      `< payment-required: ${base64}\n> X-PAYMENT: eyJ4NDAyVmVyc2lvbiI6MSwic2NoZW1l`,
    ],
    ['a body without its signature', { paymentPayload: { payload: { authorization: {} } }, accepts: [v2] }],
    ['nothing of the kind', { hello: 1 }],
    ['an empty list', { x402Version: 1, accepts: [] }],
  ])('not %s', async (_says, input) => {
    expect(hasOffer(input)).toBe(false)
    await expect(diagnoseOffer(input, { now })).rejects.toThrow(/Read no x402 offer/)
  })
})

/** x402's own client is the other one that does as it is told. */
describe("beside x402's own client", () => {
  const client = new ExactEvmScheme(privateKeyToAccount(`0x${'11'.repeat(32)}`))
  const paid = async (offer: typeof v2) => {
    const { payload } = await client.createPaymentPayload(2, offer as never)
    const payment = readPayment({
      x402Version: 2,
      paymentPayload: { x402Version: 2, accepted: offer, payload },
      paymentRequirements: offer,
    })
    if (payment.family !== 'evm') throw new TypeError('not on an EVM chain')
    return diagnose(payment, { search: { depth: 'quick' } })
  }

  it.each<readonly [string, typeof v2]>([
    ['good', v2],
    ['another name', { ...v2, extra: { name: 'USDC', version: '2' } }],
    ['another version', { ...v2, extra: { name: 'USD Coin', version: '1' } }],
    ['the token itself', { ...v2, payTo: usdc }],
    [
      'a token that has a salt in its domain',
      {
        ...v2,
        network: 'eip155:137',
        asset: '0x2791Bca1f2de4661ED88A30C99A7a9449Aa84174',
        extra: { name: 'USD Coin (PoS)', version: '1' },
      },
    ],
  ])('%s: what it makes comes to the same', async (_says, offer) => {
    const { verdict, cause } = await paid(offer)
    const found = await diagnoseOffer(offer)
    expect(found.standing).toBe(verdict === 'settles' ? 'good' : 'fails')
    expect(found.cause).toBe(cause)
  })

  it('makes nothing of what has no domain', async () => {
    const offer = { ...v2, extra: {} }
    await expect(paid(offer as never)).rejects.toThrow(/EIP-712 domain parameters \(name, version\) are required/)
    expect(await diagnoseOffer(offer)).toMatchObject({ standing: 'fails', cause: 'domain-field-missing' })
  })
})

describe('on a chain', () => {
  it('what a client would pay is replayed', async () => {
    const offer = offered(2, v2, { ...v2, extra: { name: 'USDC', version: '2' } })
    const { entries } = await diagnoseOffer(offer, { now, replayer: embeddedReplayer() })
    expect(entries.map(({ standing, proof }) => [standing, proof])).toEqual([
      ['good', 'proven'],
      ['fails', 'proven'],
    ])
  })

  it("a token that nobody knows is asked for its domain, and whose account the client's is says nothing", async () => {
    const address = '0x52908400098527886E0F7030069857D2E4169EE7'
    await using chain = await openChain({ chainId: 8453, token: { address, name: 'Mine', version: '2', symbol: 'MINE' } })
    const url = `http://127.0.0.1:${chain.anvil.port}`
    const mine = { jsonrpc: '2.0', id: 1, method: 'evm_mine', params: [Number(now)] }
    await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(mine) })
    const chainsFor = () => [chainReader(url)]
    const offer = (name: string) => offered(2, { ...v2, asset: address, extra: { name, version: '2' } })
    const good = await diagnoseOffer(offer('Mine'), { now, chainsFor })
    expect(good.chain.map(({ kind }) => kind)).toEqual(['read'])
    expect(good.standing).toBe('good')
    const wrong = await diagnoseOffer(offer('Yours'), { now, chainsFor })
    expect({ standing: wrong.standing, cause: wrong.cause }).toEqual({ standing: 'fails', cause: 'domain-name-mismatch' })
  })
})

describe('eip3009 diagnose', () => {
  it.each<readonly [string, object, number, RegExp]>([
    ['good', offered(2, v2), 0, /^✓ OFFER IS GOOD/],
    ['one that fails', offered(2, { ...v2, amount: '0.01' }), 1, /^✗ OFFER FAILS/],
    ['a token that nobody knows', offered(2, { ...v2, asset: payTo }), 4, /^\? OFFER UNCLEAR/],
    ['another rail', offered(2, { ...v2, scheme: 'upto' }), 4, /^→ NOT JUDGED/],
  ])('%s', async (_says, offer, code, first) => {
    const printed = await run(['diagnose', JSON.stringify(offer), '--no-replay'])
    expect(printed.code, printed.err).toBe(code)
    expect(printed.out).toMatch(first)
  })

  it('has the entry to paste in its report, and in its JSON', async () => {
    const input = JSON.stringify(offered(2, { ...v2, amount: '0.01' }))
    const { out } = await run(['diagnose', input, '--no-replay'])
    const pasted = out.slice(out.indexOf('as it should be')).match(/\{[\s\S]*?\n {4}\}/)?.[0]
    expect(JSON.parse(pasted ?? 'null')).toEqual(v2)
    const json: OfferDiagnosis = JSON.parse((await run(['diagnose', input, '--no-replay', '--json'])).out)
    expect(JSON.parse(json.entries[0]?.corrected ?? 'null')).toEqual(v2)
  })

  it.each(['--network', '--answer', '--tx', '--token-name', '--snapshot'])('%s is for a payment', async (option) => {
    const value = { '--tx': `0x${'ab'.repeat(32)}`, '--network': 'base' }[option] ?? 'x'
    const more = option === '--token-name' ? ['--token-version', '2'] : []
    const { code, err } = await run(['diagnose', text, option, value, ...more])
    expect(code).toBe(2)
    expect(err).toContain('is for a payment, and this is an offer alone')
  })

  it('is no payment for replay', async () => {
    expect(await run(['replay', text])).toMatchObject({ code: 2, out: '' })
  })
})
