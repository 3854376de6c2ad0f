import fc from 'fast-check'
import { type Address, type Hex, keccak256, toBytes, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { runs } from '../../../../../test/runs.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import { otherChains } from '../../networks/other-chains.ts'
import { readPayment } from '../../payment/read-payment.ts'
import { OtherRailError } from '../../rails/other-rail-error.ts'
import type { ChainReader } from '../evidence/chain.ts'
import { readEvmPayment } from '../payment/read.ts'
import { diagnose } from './diagnose.ts'
import type { EvmDiagnosis } from './diagnosis.ts'

const now = 1_795_700_000n
const gateway = '0x77777777Dcc4d5A8B6E418Fd04D8997ef11000eE'
const testGateway = '0x0077777d7EBA4688BDeF3E311b846F25870A19B9'

/** Domains of USDC as the chains publish them, and which of Gateway's wallets is theirs (CHAIN_CONFIGS of @circle-fin/x402-batching 3.3.0). */
const chains = [
  { id: 8453, usdc: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', name: 'USD Coin', wallet: gateway },
  { id: 43114, usdc: '0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E', name: 'USD Coin', wallet: gateway },
  { id: 137, usdc: '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359', name: 'USD Coin', wallet: gateway },
  { id: 84532, usdc: '0x036CbD53842c5426634e7929541eC2318f3dCF7e', name: 'USDC', wallet: testGateway },
  { id: 42161, usdc: '0xaf88d065e77c8cC2239327C5EDb3A432268e5831', name: 'USD Coin', wallet: gateway },
  { id: 130, usdc: '0x078D782b760474a361dDA0AF3839290b0EF57AD6', name: 'USDC', wallet: gateway },
] as const
type Chain = (typeof chains)[number]

const fields = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
] as const

interface Message {
  readonly to: Address
  readonly value: bigint
  readonly nonce: Hex
}

interface Drawn {
  readonly key: bigint
  readonly chain: Chain
  readonly message: Message
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  key: fc.bigInt(1n, 2n ** 250n),
  chain: fc.constantFrom(...chains),
  message: fc.record({
    to: fc.bigInt(1n, 2n ** 159n).map((value) => toHex(value, { size: 20 })),
    value: fc.bigInt(1n, 10n ** 9n),
    nonce: fc.bigInt(1n, 2n ** 255n).map((value) => toHex(value, { size: 32 })),
  }),
})

interface Signed {
  readonly authorization: Record<string, string>
  readonly signature: Hex
}

async function sign(
  key: bigint,
  domain: { readonly name: string; readonly version: string; readonly chainId: number; readonly verifyingContract: Address },
  { to, value, nonce }: Message,
  primaryType: 'TransferWithAuthorization' | 'ReceiveWithAuthorization' = 'TransferWithAuthorization',
): Promise<Signed> {
  const account = privateKeyToAccount(toHex(key, { size: 32 }))
  const message = { from: account.address, to, value, validAfter: now - 600n, validBefore: now + 700_000n, nonce }
  const signature = await account.signTypedData({ domain, types: { [primaryType]: fields }, primaryType, message })
  const authorization = Object.fromEntries(Object.entries(message).map(([name, each]) => [name, String(each)]))
  return { authorization, signature }
}

const tokenDomain = ({ id, usdc, name }: Chain) => ({ name, version: '2', chainId: id, verifyingContract: usdc })
const gatewayDomain = ({ id, wallet }: Chain) => ({ name: 'GatewayWalletBatched', version: '1', chainId: id, verifyingContract: wallet })

function offered({ id, usdc }: Chain, { to, value }: Message, extra: object, scheme = 'exact'): object {
  return { scheme, network: `eip155:${id}`, amount: String(value), asset: usdc, payTo: to, maxTimeoutSeconds: 700_000, extra }
}

const v2 = (accepted: object, payload: object): object => ({ x402Version: 2, accepted, payload })
const gatewayExtra = ({ wallet }: Chain): object => ({ name: 'GatewayWalletBatched', version: '1', verifyingContract: wallet })

/** A chain that may not be asked: nothing that it says of the token concerns what Gateway settles. */
const unasked: ChainReader = {
  source: 'unasked',
  read: () => {
    throw new Error('asked')
  },
}

async function judge(input: object | string, asked: readonly ChainReader[] = []): Promise<EvmDiagnosis> {
  return diagnose(readEvmPayment(input), { now, chains: asked })
}

const errors = ({ findings }: EvmDiagnosis): CauseId[] => findings.filter(({ severity }) => severity === 'error').map(({ cause }) => cause)

describe('Circle Gateway', () => {
  test('signed as Gateway asks: nothing is wrong with it, nothing is proven, and only Gateway settles it', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async ({ key, chain, message }) => {
        const payload = await sign(key, gatewayDomain(chain), message)
        const inputs = [
          v2(offered(chain, message, gatewayExtra(chain)), payload),
          {
            x402Version: 2,
            paymentPayload: v2(offered(chain, message, gatewayExtra(chain)), payload),
            paymentRequirements: offered(chain, message, gatewayExtra(chain)),
          },
          { network: `eip155:${chain.id}`, ...payload },
          { network: `eip155:${chain.id}`, asset: chain.usdc, ...payload },
        ]
        for (const input of inputs) {
          const found = await judge(input, [unasked])
          expect(found).toMatchObject({
            verdict: 'inconclusive',
            proof: null,
            cause: null,
            evm: { rail: 'circle-gateway' },
            replay: null,
            chain: [],
          })
          expect(errors(found)).toEqual([])
          expect(found.headline).toContain('Circle Gateway')
          expect(found.money).toMatchObject({
            state: 'can-move',
            says: expect.stringContaining("Circle Gateway can debit the payer's balance"),
          })
        }
      }),
      { numRuns: 12 },
    )
  })

  test('signed under the token although the offer asks for Gateway: the client, and the money can move at the token', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async ({ key, chain, message }) => {
        const found = await judge(v2(offered(chain, message, gatewayExtra(chain)), await sign(key, tokenDomain(chain), message)))
        expect(found).toMatchObject({ verdict: 'fails', cause: 'verifying-contract-mismatch', party: 'client', proof: 'inferred' })
        expect(errors(found)).toEqual(['verifying-contract-mismatch'])
        expect(found.headline).toContain('ignored extra.verifyingContract')
        expect(found.fix).toContain('GatewayWalletBatched')
        expect(found.money.state).toBe('can-move')
      }),
      { numRuns: 8 },
    )
  })

  test('signed for Gateway although the offer asks for the token: one finding, and Gateway can still take it', async () => {
    for (const chain of chains.slice(0, 4)) {
      const message = { to: gateway, value: 10_000n, nonce: toHex(7n, { size: 32 }) } as const
      const payload = await sign(5n, gatewayDomain(chain), message)
      const found = await judge(v2(offered(chain, message, { name: chain.name, version: '2' }), payload))
      expect(found).toMatchObject({ verdict: 'fails', cause: 'verifying-contract-mismatch' })
      expect(errors(found)).toEqual(['verifying-contract-mismatch'])
      expect(found.money).toMatchObject({ state: 'can-move', says: expect.stringContaining('Circle Gateway') })
      expect(found.money.says).not.toContain('never accept')
    }
  })

  test('a changed message is found under its domain, and odd bytes are no fault that is known', async () => {
    const [chain] = chains
    const message = { to: gateway, value: 10_000n, nonce: toHex(7n, { size: 32 }) } as const
    const { authorization, signature } = await sign(5n, gatewayDomain(chain), message)
    const accepted = offered(chain, { ...message, value: 20_000n }, gatewayExtra(chain))
    const altered = await judge(v2(accepted, { authorization: { ...authorization, value: '20000' }, signature }))
    expect(altered).toMatchObject({ verdict: 'fails', cause: 'message-altered' })
    const odd: Hex = `${signature.slice(0, -2) as Hex}${signature.endsWith('1b') ? '00' : '01'}`
    const bytes = await judge(v2(offered(chain, message, gatewayExtra(chain)), { authorization, signature: odd }))
    expect(bytes).toMatchObject({ verdict: 'inconclusive', cause: null })
    expect(JSON.stringify(bytes)).not.toContain('The token accepts only')
  })
})

describe('an offer through Gateway', () => {
  const [chain] = chains
  const message = { to: chain.usdc, value: 10_000n, nonce: toHex(7n, { size: 32 }) } as const

  test.each([
    [{ name: 'GatewayWalletBatched', version: '1' }, gateway, ['domain-field-missing']],
    [{ ...gatewayExtra(chain), version: '2' }, gateway, ['domain-version-mismatch']],
    [{ ...gatewayExtra(chain), verifyingContract: testGateway }, testGateway, ['verifying-contract-mismatch']],
    [gatewayExtra(chain), gateway, []],
  ] as const)('%j', async (extra, verifyingContract, causes) => {
    const payload = await sign(5n, { ...gatewayDomain(chain), verifyingContract }, message)
    const found = await judge(v2(offered(chain, message, extra), payload))
    expect([found.verdict, found.findings.map(({ cause, party, severity }) => [cause, party, severity])]).toEqual([
      'inconclusive',
      causes.map((cause) => [cause, 'server', 'warning']),
    ])
  })
})

describe('rails whose message the token takes, and whose settlement has more conditions', () => {
  const collectors = [
    '0x8612dfdc421f80336cd14E8EF9cb1E765dB5ab88',
    '0x0E3dF9510de65469C4518D7843919c0b8C7A7757',
    '0x4020806089470a89826cB9fB1f4059150b550004',
  ] as const

  test('MPP, auth-capture and what is signed to a collector: never settles, never proven, never a cause', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }), async ({ key, chain, message }, id) => {
        const realm = 'api.example.com'
        const bound = { ...message, nonce: keccak256(toBytes(`${id}${realm}`)) }
        const mpp = await sign(key, tokenDomain(chain), bound)
        const request = { amount: String(message.value), currency: chain.usdc, recipient: message.to, methodDetails: { chainId: chain.id } }
        const inputs: [string, object][] = [
          [
            'mpp-charge',
            {
              challenge: {
                id,
                realm,
                method: 'evm',
                intent: 'charge',
                request: Buffer.from(JSON.stringify(request)).toString('base64url'),
              },
              payload: { type: 'authorization', ...mpp.authorization, signature: mpp.signature },
            },
          ],
        ]
        for (const collector of collectors) {
          const signed = await sign(key, tokenDomain(chain), { ...message, to: collector }, 'ReceiveWithAuthorization')
          const rail = collector === collectors[2] ? 'batch-settlement' : 'auth-capture'
          inputs.push([rail, { network: `eip155:${chain.id}`, asset: chain.usdc, ...signed }])
          if (rail === 'auth-capture')
            inputs.push([
              rail,
              v2(offered(chain, message, { name: chain.name, version: '2' }, 'auth-capture'), { ...signed, salt: message.nonce }),
            ])
        }
        for (const [rail, input] of inputs) {
          const found = await judge(input)
          expect([rail, found.evm.rail, found.verdict, found.proof, errors(found)]).toEqual([rail, rail, 'inconclusive', null, []])
        }
      }),
      { numRuns: 8 },
    )
  })

  test('what is wrong with the signature is told all the same', async () => {
    const [chain] = chains
    const message = { to: collectors[0], value: 10_000n, nonce: toHex(7n, { size: 32 }) } as const
    const signed = await sign(5n, { ...tokenDomain(chain), name: 'USDC' }, message, 'ReceiveWithAuthorization')
    const found = await judge(v2(offered(chain, { ...message, to: gateway }, { name: 'USDC', version: '2' }, 'auth-capture'), signed))
    expect(found).toMatchObject({ verdict: 'fails', cause: 'domain-name-mismatch', party: 'server' })
  })
})

describe('other chains and rails without EIP-3009', () => {
  test('200 drawn payments: all refused by their name, none judged', () => {
    let refusals = 0
    const base64 = fc.uint8Array({ minLength: 80, maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString('base64'))
    const other = fc.record({
      chain: fc.constantFrom(...otherChains),
      reference: fc.stringMatching(/^[-a-zA-Z0-9]{1,32}$/),
      version: fc.constantFrom(1, 2),
      payload: fc.oneof(
        fc.record({ transaction: base64 }),
        fc.record({ transaction: base64.map((text) => `A${text.slice(1)}`) }),
        fc.record({ signature: base64, authorization: fc.record({ from: fc.string(), to: fc.string(), value: fc.nat().map(String) }) }),
        base64,
        fc.record({ signedTransaction: base64 }),
      ),
    })
    fc.assert(
      fc.property(other, ({ chain, reference, version, payload }) => {
        const network = `${chain.namespaces[0]}:${reference}`
        const input =
          version === 1
            ? { x402Version: 1, scheme: 'exact', network, payload }
            : { x402Version: 2, accepted: { scheme: 'exact', network, amount: '1' }, payload }
        try {
          readPayment(input)
        } catch (error) {
          expect(error).toBeInstanceOf(OtherRailError)
          expect(error).toMatchObject({ rail: chain.id })
          refusals++
        }
      }),
      { numRuns: 200 },
    )
    expect(refusals).toBe(runs(200))
  })
})
