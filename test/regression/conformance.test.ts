import { type EvmNetwork, findNetwork } from '@eip3009/core'
import {
  type ConformanceReport,
  describeConformance,
  type ProbedTypedData,
  type SigningContext,
  signerConformance,
  testSigner,
} from '@eip3009/core/vitest'
import { Wallet } from 'ethers'
import {
  type Hex,
  hashDomain,
  hashStruct,
  keccak256,
  parseSignature,
  serializeCompactSignature,
  signatureToCompactSignature,
  toHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'

const key = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d'
const account = privateKeyToAccount(key)
const curve = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** viem, called as it takes typed data at run time. */
const sign = (typedData: object): Promise<Hex> => account.signTypedData(typedData as never)

const network = (name: string): EvmNetwork => {
  const answer = findNetwork(name)
  if (answer.kind === 'unknown' || answer.network.family !== 'evm') throw new RangeError(name)
  return answer.network
}
const two = [network('base'), network('base-sepolia')]

const domainMembers = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
]

const flipped = (signature: Hex): string => (signature.endsWith('1b') ? '1c' : '1b')

/** Signers that each do one thing wrong, how they are found out, and what is said of it. */
const wrong: readonly (readonly [
  name: string,
  signer: (typedData: ProbedTypedData, context: SigningContext) => Promise<string | object>,
  probe: string,
  cause: string | null,
  says: RegExp,
])[] = [
  [
    'gives v as 0 or 1',
    async (data) => (await sign(data)).replace(/1b$/, '00').replace(/1c$/, '01'),
    'usual',
    'v-0-or-1',
    /only 27 and 28/,
  ],
  [
    'gives 64 bytes',
    async (data) => serializeCompactSignature(signatureToCompactSignature(parseSignature(await sign(data)))),
    'usual',
    'compact-eip2098',
    /64/,
  ],
  [
    'gives high s',
    async (data) => {
      const signature = await sign(data)
      const { r, s } = parseSignature(signature)
      return `${r}${toHex(curve - BigInt(s), { size: 32 }).slice(2)}${flipped(signature)}`
    },
    'usual',
    'high-s',
    /s/,
  ],
  [
    'hashes an empty domain when EIP712Domain is not listed, as wallets do',
    async ({ domain, types, primaryType, message }) => {
      const separator = hashDomain({ domain: domain as never, types: { EIP712Domain: types.EIP712Domain ?? [] } as never })
      const struct = hashStruct({ data: message as never, primaryType: primaryType as never, types: types as never })
      return account.sign({ hash: keccak256(`0x1901${separator.slice(2)}${struct.slice(2)}`) })
    },
    'no-domain-type',
    'eip712domain-type-missing',
    /hashes another domain when types lists no EIP712Domain/,
  ],
  [
    'sends amounts through a number',
    (data) => sign({ ...data, message: { ...data.message, value: BigInt(Number(data.message.value)) } }),
    'large-amount',
    null,
    /loses digits of large amounts/,
  ],
  [
    "takes EIP712Domain from the domain's members",
    (data) => {
      const listed = data.types.EIP712Domain ?? domainMembers
      const EIP712Domain = Object.keys(data.domain).flatMap((name) => listed.filter((member) => member.name === name))
      return sign({ ...data, types: { ...data.types, EIP712Domain } })
    },
    'domain-order',
    null,
    /takes the order of EIP712Domain or of the message from the object's members/,
  ],
  [
    'hashes a chain id that is text as text',
    (data) =>
      typeof data.domain.chainId === 'string'
        ? sign({
            ...data,
            types: {
              ...data.types,
              EIP712Domain: data.types.EIP712Domain?.map((each) => (each.name === 'chainId' ? { ...each, type: 'string' } : each)),
            },
          })
        : sign(data),
    'chain-id-text',
    null,
    /hashes another number when chainId is a string/,
  ],
  [
    'takes addresses in lower case for none',
    (data) => {
      const to = String(data.message.to)
      return sign(to === to.toLowerCase() ? { ...data, message: { ...data.message, to: `0x${'0'.repeat(40)}` } } : data)
    },
    'lower-case',
    null,
    /when addresses are not checksummed/,
  ],
  [
    'drops zero bytes in front of a nonce',
    (data) => {
      const digits = BigInt(String(data.message.nonce)).toString(16)
      return sign({ ...data, message: { ...data.message, nonce: `0x${(digits.length % 2 ? '0' : '') + digits}`.padEnd(66, '0') } })
    },
    'leading-zeros',
    null,
    /drops zero bytes/,
  ],
  [
    'signs with another key',
    (data) => privateKeyToAccount(`0x${'1'.repeat(64)}`).signTypedData(data as never),
    'usual',
    'signer-not-owner',
    /recovers to/,
  ],
]

const byProbe = (report: ConformanceReport) => [...new Set(report.faults.map(({ probe, cause }) => `${probe} ${cause}`))]

describe('a signer that does it right conforms on every network', () => {
  it.each([
    ['a viem account', account],
    ['an ethers wallet', new Wallet(key)],
  ] as const)('%s', async (_, signer) => {
    const report = await signerConformance(signer as never)
    expect(report.faults).toEqual([])
    expect([report.conforms, report.signer, report.networks.length]).toEqual([true, account.address, 15])
    // Each of the ways is tried on each contract, or was refused.
    expect(report.networks.map(({ settled, tried }) => [settled, tried])).toEqual(
      report.networks.map(() => [9 - report.refused.length, 9 - report.refused.length]),
    )
    expect(report.says).toBe(`All ${15 * (9 - report.refused.length)} payments settle on 15 networks.`)
  })
})

describe('a signer that does one thing wrong is told which', () => {
  it.each(wrong)('%s', async (_, signer, probe, cause, says) => {
    const report = await signerConformance(signer as never, { address: account.address, networks: two })
    expect(report.conforms).toBe(false)
    expect(report.faults.length).toBeGreaterThan(0)
    expect(new Set(report.faults.map((fault) => fault.probe))).toEqual(
      probe === 'large-amount' ? new Set(['large-amount', 'bigints']) : new Set([probe]),
    )
    if (cause !== null) expect(byProbe(report)).toEqual([`${probe} ${cause}`])
    for (const fault of report.faults.filter((each) => each.probe === probe)) {
      expect(fault.says).toMatch(says)
      expect(fault.contract).not.toBe('settled')
      expect(fault.fix).not.toBe('')
    }
    expect(new Set(report.faults.map((fault) => fault.network))).toEqual(new Set(['base', 'base-sepolia']))
  })

  it('only where it is wrong: one name for every network', async () => {
    const report = await signerConformance((data: ProbedTypedData) => sign({ ...data, domain: { ...data.domain, name: 'USD Coin' } }), {
      networks: two,
    })
    expect(report.faults).toMatchObject([
      { network: 'base-sepolia', probe: 'usual', cause: 'domain-name-mismatch', contract: 'FiatTokenV2: invalid signature' },
    ])
    expect(report.networks.map((each) => each.faults.length)).toEqual([0, 1])
    expect(describeConformance(report)).toMatchInlineSnapshot(`
      "The signer 0x70997970C51812dc3A010C7d01b50e0d17dc79C8: The signer does one thing wrong, on 1 of 2 networks.

        The client signed for a token named "USD Coin". The USDC of base-sepolia is named "USDC".
          on          base-sepolia
          given       usual
          cause       domain-name-mismatch
          token says  FiatTokenV2: invalid signature
          fix         sign with name "USDC" (read it from the token's domain on base-sepolia, do not copy it from another network), and the new signature has nonce 0xfffffffffffffffffffffffffff14a34aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1, so that only one of the two can move money"
    `)
  })

  it('which refuses a way of being asked is told so, and that is no fault', async () => {
    const report = await signerConformance(
      (data: ProbedTypedData) => {
        if (typeof data.domain.chainId !== 'number') throw new TypeError('chainId is no number')
        return sign(data)
      },
      { networks: [network('base')] },
    )
    expect(report.conforms).toBe(true)
    expect(report.refused.map(({ probe }) => probe)).toEqual(['chain-id-text', 'chain-id-bigint'])
    expect(report.networks[0]).toMatchObject({ settled: 7, tried: 7 })
  })
})

describe('a client that makes whole payments', () => {
  const client =
    (changes: (now: bigint) => object) =>
    async (_: unknown, { offer, network: { chainId } }: SigningContext) => {
      const now = BigInt(Math.floor(Date.now() / 1000))
      const message = {
        from: account.address,
        to: offer.payTo,
        value: BigInt(offer.maxAmountRequired),
        validAfter: now - 600n,
        validBefore: now + 900n,
        nonce: toHex(chainId, { size: 32 }),
        ...changes(now),
      }
      const signature = await sign({
        domain: { ...offer.extra, chainId, verifyingContract: offer.asset },
        types: { TransferWithAuthorization: Object.entries(message).map(([name]) => ({ name, type: types[name] })) },
        primaryType: 'TransferWithAuthorization',
        message,
      })
      const authorization = Object.fromEntries(Object.entries(message).map(([name, value]) => [name, String(value)]))
      return { x402Version: 1, scheme: 'exact', network: offer.network, payload: { signature, authorization } }
    }
  const types: Record<string, string> = {
    from: 'address',
    to: 'address',
    value: 'uint256',
    validAfter: 'uint256',
    validBefore: 'uint256',
    nonce: 'bytes32',
  }

  it('conforms where its payments answer the offer', async () => {
    const report = await signerConformance(
      client(() => ({})),
      { networks: two },
    )
    expect(report.faults).toEqual([])
    expect(report.signer).toBe(account.address)
  })

  it.each([
    ['a window in milliseconds', (now: bigint) => ({ validBefore: (now + 900n) * 1000n }), 'time-in-milliseconds'],
    [
      'a window in milliseconds at both ends',
      (now: bigint) => ({ validAfter: now * 1000n, validBefore: (now + 900n) * 1000n }),
      'time-in-milliseconds',
    ],
    ['a window that is over', (now: bigint) => ({ validBefore: now - 5n }), 'expired'],
    ['another payee', () => ({ to: '0x00000000000000000000000000000000000000B0' }), 'recipient-mismatch'],
    ['too little', () => ({ value: 9_999n }), 'amount-mismatch'],
  ])('is told of %s', async (_, changes, cause) => {
    const report = await signerConformance(client(changes), { networks: [network('base')] })
    expect(report.conforms).toBe(false)
    expect(report.faults.find(({ probe }) => probe === 'usual')).toMatchObject({ cause })
  })
})

describe('what is no signer', () => {
  it('is refused with what would be one', async () => {
    await expect(signerConformance({} as never)).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Eip3009Error: signerConformance: signer has to be a signer: a viem account, a wallet client, an ethers signer, or a function; got an object.]`,
    )
    await expect(signerConformance((async () => '0x') as never, { networks: two })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[Eip3009Error: Nobody knows whose signatures these are: two of them do not recover to one account. Give the account: signerConformance(sign, { address }).]`,
    )
    await expect(signerConformance(account, { networks: [] })).rejects.toMatchObject({ code: 'invalid-argument' })
    const report = await signerConformance((async () => 'hello') as never, { networks: two, address: account.address })
    expect(report.faults[0]).toMatchObject({ cause: null, contract: null, says: expect.stringContaining('no signature and no payment') })
  })
})

describe('registered as tests', () => {
  testSigner(account, { networks: two })
})
