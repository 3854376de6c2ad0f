import { type Hex, pad } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { createAuthorization } from './create-authorization.ts'
import { preflight } from './preflight.ts'
import { type SignedPayment, signAuthorization, typedDataOf } from './sign-authorization.ts'

const account = privateKeyToAccount(pad('0x01'))
const stranger = privateKeyToAccount(pad('0x02'))
const now = 1_790_000_000n
const good = await signAuthorization(
  account,
  createAuthorization({ network: 'base', from: account.address, to: stranger.address, value: '0.01 USDC', now }),
)
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** The good payment with something else in it, signed anew: what was changed is all that is wrong. */
async function signed(changes: Partial<SignedPayment>): Promise<SignedPayment> {
  const payment = { ...good, ...changes }
  return { ...payment, signature: await account.signTypedData(typedDataOf(payment) as never) }
}
const window = (validAfter: bigint, validBefore: bigint) => signed({ authorization: { ...good.authorization, validAfter, validBefore } })
const bytes = (change: (r: string, s: bigint, parity: number) => string): SignedPayment => {
  const { signature } = good
  const [r, s, v] = [signature.slice(2, 66), BigInt(`0x${signature.slice(66, 130)}`), Number(`0x${signature.slice(130)}`)]
  return { ...good, signature: `0x${change(r, s, v - 27)}` as Hex }
}
const word = (value: bigint): string => value.toString(16).padStart(64, '0')

describe('without a client', () => {
  it('lets a good payment pass, and says what was not looked at', async () => {
    expect(await preflight(good, { now })).toEqual({
      warnings: [],
      notChecked: ['payer holds the value', 'nonce is unused', 'payer has no code', 'nobody is blacklisted', 'token is not paused'].map(
        (check) => ({
          check,
          reason: 'no client was given',
        }),
      ),
    })
  })

  const refused: readonly (readonly [string, () => SignedPayment | Promise<SignedPayment>, string])[] = [
    ['another name', () => signed({ domain: { ...good.domain, name: 'USDC' } }), 'domain-name-mismatch'],
    ['another version', () => signed({ domain: { ...good.domain, version: '1' } }), 'domain-version-mismatch'],
    ['another chain', () => signed({ domain: { ...good.domain, chainId: 84532n } }), 'chain-id-mismatch'],
    ['another contract', () => signed({ domain: { ...good.domain, verifyingContract: stranger.address } }), 'verifying-contract-mismatch'],
    ['a salt', () => signed({ domain: { ...good.domain, salt: pad('0x01') } }), 'nonstandard-domain-layout'],
    [
      "a token with a wrong domain of one's own",
      () => signed({ token: { ...good.token, name: 'USDC' }, domain: { ...good.domain, name: 'USDC' } }),
      'domain-name-mismatch',
    ],
    ['a window that has not opened', () => window(now, now + 300n), 'not-yet-valid'],
    ['a window that closed', () => window(now - 600n, now), 'expired'],
    ['a window that is about to close', () => window(now - 600n, now + 9n), 'window-too-short'],
    ['a window that was never long enough', () => window(now - 1n, now + 8n), 'window-too-short'],
    ['an inverted window', () => window(now, now - 10n), 'window-inverted'],
    ['validBefore in milliseconds', () => window(now - 600n, now * 1000n), 'time-in-milliseconds'],
    ['validAfter in milliseconds', () => window(now * 1000n, now * 1000n + 300n), 'time-in-milliseconds'],
    ['another signer', async () => ({ ...good, signature: await stranger.signTypedData(typedDataOf(good) as never) }), 'signer-not-owner'],
    ['a message that was changed', () => ({ ...good, authorization: { ...good.authorization, value: 20_000n } }), 'signer-not-owner'],
    ['v of 0 or 1', () => bytes((r, s, parity) => `${r}${word(s)}0${parity}`), 'v-0-or-1'],
    ['a flipped v', () => bytes((r, s, parity) => `${r}${word(s)}${(28 - parity).toString(16)}`), 'signer-not-owner'],
    ['high s', () => bytes((r, s, parity) => `${r}${word(order - s)}${(28 - parity).toString(16)}`), 'high-s'],
    ['64 bytes', () => bytes((r, s, parity) => `${r}${word(s + (BigInt(parity) << 255n))}`), 'signature-length'],
  ]
  it.each(refused)('refuses %s', async (_name, payment, causeId) => {
    const error: unknown = await preflight(await payment(), { now }).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({
      name: 'PreflightError',
      code: 'unsettleable',
      causeId,
      party: 'client',
      findings: expect.arrayContaining([]),
    })
    const { message, fix, findings } = error as { message: string; fix: string; findings: readonly { severity: string }[] }
    expect(message).toContain(`Fix: ${fix}.`)
    expect(findings.length).toBeGreaterThan(0)
  })

  it('refuses a type that the token does not have', async () => {
    const payment = { ...good, primaryType: 'Permit' } as unknown as SignedPayment
    await expect(preflight(payment, { now })).rejects.toMatchObject({ findings: [{ cause: 'primary-type-mismatch' }] })
  })

  it('refuses nonsense that somebody put in by hand', async () => {
    const payment = await signed({ authorization: { ...good.authorization, value: 0n } })
    await expect(preflight(payment, { now })).rejects.toMatchObject({ code: 'invalid-argument' })
  })

  it("can not judge a smart wallet's signature, nor a token that is not on record, and says so", async () => {
    const wrapped = { ...good, signature: `0x${'ab'.repeat(200)}` } as const
    expect((await preflight(wrapped, { now })).notChecked[0]).toMatchObject({ reason: 'only the wallet on chain can tell' })
    const token = { address: stranger.address, name: 'Own', version: '1' }
    const own = await signAuthorization(
      account,
      createAuthorization({
        network: 'base',
        token,
        from: account.address,
        to: good.authorization.to === stranger.address ? '0x209693Bc6afc0C5328bA36FaF03C514EF312287C' : stranger.address,
        value: 1n,
        now,
      }),
    )
    expect((await preflight(own, { now })).notChecked[0]).toEqual({
      check: `the token ${stranger.address} hashes this domain`,
      reason: 'it is not on record',
    })
  })
})
