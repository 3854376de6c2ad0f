import { type TypedDataDomain, type TypedDataField, verifyTypedData as verifyWithEthers, Wallet } from 'ethers'
import { createWalletClient, custom, type Hex, pad, toHex, verifyTypedData } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { createAuthorization } from './create-authorization.ts'
import { digestOfPayment, type PaymentSigner, signAuthorization, type TypedDataAccount, typedDataOf } from './sign-authorization.ts'
import { signerNetworks } from './signer-network.ts'

/** Public test keys (the numbers 1 and 2): nobody's money. */
const account = privateKeyToAccount(pad('0x01'))
const stranger = privateKeyToAccount(pad('0x02'))
const ethers = new Wallet(pad('0x01'))
const unsigned = createAuthorization({
  network: 'base',
  from: account.address,
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: 10_000n,
  now: 1_790_000_000n,
})
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** A wallet behind JSON-RPC, which gets what a browser wallet gets: one string of JSON. */
function wallet(requests: unknown[] = []) {
  const request = async ({ method, params }: { method: string; params: readonly [string, string] }): Promise<unknown> => {
    expect(method).toBe('eth_signTypedData_v4')
    requests.push(params)
    return account.signTypedData(JSON.parse(params[1]))
  }
  return createWalletClient({ account: account.address, transport: custom({ request }) })
}

describe('every kind of signer gives the same signature', () => {
  const signers: readonly (readonly [string, PaymentSigner])[] = [
    ['a viem account', account],
    ['a viem wallet client over a local account', createWalletClient({ account, transport: custom({ request: async () => '0x' }) })],
    ['a viem wallet client over JSON-RPC', wallet()],
    ['an ethers wallet', ethers],
    ['a signTypedData function', account.signTypedData],
    ['a function over eth_signTypedData_v4', async (typedData: never) => account.signTypedData(JSON.parse(JSON.stringify(typedData)))],
  ]
  it.each(signers)('%s', async (_name, signer) => {
    const { signature } = await signAuthorization(signer, unsigned)
    expect(signature).toBe(
      await ethers.signTypedData(
        { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: unsigned.token.address },
        {
          TransferWithAuthorization: [
            { name: 'from', type: 'address' },
            { name: 'to', type: 'address' },
            { name: 'value', type: 'uint256' },
            { name: 'validAfter', type: 'uint256' },
            { name: 'validBefore', type: 'uint256' },
            { name: 'nonce', type: 'bytes32' },
          ],
        },
        unsigned.authorization,
      ),
    )
  })

  it('on every network and for both types, as viem and ethers verify them', async () => {
    for (const network of signerNetworks) {
      for (const primaryType of ['TransferWithAuthorization', 'ReceiveWithAuthorization'] as const) {
        const payment = await signAuthorization(
          account,
          createAuthorization({ network, from: account.address, to: stranger.address, value: '1 USDC', primaryType }),
        )
        const { domain, types, message } = typedDataOf(payment)
        const { signature } = payment
        expect(await verifyTypedData({ address: account.address, domain, types, primaryType, message, signature })).toBe(true)
        const only = { [primaryType]: types[primaryType] as TypedDataField[] }
        expect(verifyWithEthers(domain as TypedDataDomain, only, message, signature)).toBe(account.address)
      }
    }
  })

  it('lists EIP712Domain in the right order, in JSON that holds no bigint', async () => {
    const requests: unknown[] = []
    await signAuthorization(wallet(requests), unsigned)
    const [[address, json]] = requests as [[string, string]]
    expect(address.toLowerCase()).toBe(account.address.toLowerCase())
    // viem's wallet client writes addresses in lower case.
    expect(JSON.parse(json.toLowerCase())).toEqual(JSON.parse(JSON.stringify(typedDataOf(unsigned)).toLowerCase()))
    expect(typedDataOf(unsigned).types.EIP712Domain).toEqual([
      { name: 'name', type: 'string' },
      { name: 'version', type: 'string' },
      { name: 'chainId', type: 'uint256' },
      { name: 'verifyingContract', type: 'address' },
    ])
  })

  it('leaves chainId out of a domain with a salt', () => {
    const token = { ...unsigned.token, layout: 'salt' } as const
    const { domain, types } = typedDataOf(
      createAuthorization({ network: 'polygon', token, from: account.address, to: stranger.address, value: 1n }),
    )
    expect(Object.keys(domain)).toEqual(['name', 'version', 'verifyingContract', 'salt'])
    expect(types.EIP712Domain?.map(({ name }) => name)).toEqual(['name', 'version', 'verifyingContract', 'salt'])
  })
})

describe('the form of the signature is put right', () => {
  const forms: readonly (readonly [string, (r: bigint, s: bigint, parity: number) => string])[] = [
    ['v of 0 or 1', (r, s, parity) => word(r) + word(s) + parity.toString(16).padStart(2, '0')],
    ['v of EIP-155', (r, s, parity) => word(r) + word(s) + (37 + parity).toString(16)],
    ['high s', (r, s, parity) => word(r) + word(order - s) + (28 - parity).toString(16)],
    ['64 bytes (EIP-2098)', (r, s, parity) => word(r) + word(s + (BigInt(parity) << 255n))],
    ['upper case', (r, s, parity) => (word(r) + word(s) + (27 + parity).toString(16)).toUpperCase()],
  ]
  it.each(forms)('%s', async (_name, form) => {
    // Some nonces, so that both parities come.
    for (let n = 1; n < 9; n++) {
      const payment = { ...unsigned, authorization: { ...unsigned.authorization, nonce: pad(toHex(n)) } }
      const right = (await signAuthorization(account, payment)).signature
      const parts = [right.slice(2, 66), right.slice(66, 130)].map((hex) => BigInt(`0x${hex}`)) as [bigint, bigint]
      const signature = `0x${form(...parts, Number(`0x${right.slice(130)}`) - 27)}`
      expect((await signAuthorization(async () => signature, payment)).signature).toBe(right)
    }
  })
})

describe('a wrong signer is named', () => {
  const right = (address: string): Partial<TypedDataAccount> => ({ address, signTypedData: account.signTypedData })
  const wrong: readonly (readonly [string, unknown, string, RegExp])[] = [
    ['another viem account', stranger, 'wrong-signer', new RegExp(`is the account ${stranger.address}.*from ${account.address}`)],
    ['another ethers wallet', new Wallet(pad('0x02')), 'wrong-signer', new RegExp(stranger.address)],
    [
      'a function of another account',
      stranger.signTypedData,
      'wrong-signer',
      new RegExp(`recovers to ${stranger.address}, not to from ${account.address}`),
    ],
    [
      'an account that says it is another',
      { ...right(account.address), signTypedData: stranger.signTypedData },
      'wrong-signer',
      /recovers to/,
    ],
    [
      'a wallet that signs for another chain',
      async (data: { domain: object }) => account.signTypedData({ ...data, domain: { ...data.domain, chainId: 1 } } as never),
      'wrong-signer',
      /another chain, type or domain/,
    ],
    [
      'a wallet client without an account',
      createWalletClient({ transport: custom({ request: async () => '0x' }) }),
      'invalid-argument',
      /no account/,
    ],
    ['a function that answers nothing', async () => undefined, 'wrong-signer', /answered undefined/],
    ['a function that answers an object', async () => ({ r: '0x' }), 'wrong-signer', /answered an object/],
    ['a private key', pad('0x01'), 'invalid-argument', /A signer is/],
    ['nothing', null, 'invalid-argument', /A signer is/],
  ]
  it.each(wrong)('%s', async (_name, signer, code, says) => {
    await expect(signAuthorization(signer as PaymentSigner, unsigned)).rejects.toMatchObject({ code, message: expect.stringMatching(says) })
  })

  it('and never with what it was given, when that may be a key', async () => {
    const error = await signAuthorization(pad('0x01') as unknown as PaymentSigner, unsigned).catch(String)
    expect(error).not.toContain('0000001')
  })

  it('passes on what the wallet says when its user refuses', async () => {
    const refusal = Object.assign(new TypeError('User rejected the request.'), { code: 4001 })
    await expect(signAuthorization(() => Promise.reject(refusal), unsigned)).rejects.toBe(refusal)
  })
})

describe("a smart wallet's signature is kept as it is", () => {
  it('when the account says that it is one', async () => {
    const inner = await stranger.sign({ hash: digestOfPayment(unsigned) })
    const smart = { address: account.address, type: 'smart', signTypedData: async (): Promise<Hex> => inner }
    expect((await signAuthorization(smart, unsigned)).signature).toBe(inner)
  })
  it("when it has a length that no key's has", async () => {
    const wrapped: Hex = `0x${'ab'.repeat(200)}`
    expect((await signAuthorization(async () => wrapped, unsigned)).signature).toBe(wrapped)
  })
})

function word(value: bigint): string {
  return value.toString(16).padStart(64, '0')
}
