import { diagnose, type EvmDiagnosis, type EvmPayment } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { delegationTo, walletCode } from '@eip3009/core/replay'
import { type Hex, hashTypedData, recoverAddress } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answering, type Call, forward, type Reply, type RpcServer, startRpcServer } from '../rpc-server.ts'
import { domain, now, openWorld, payer, payment, stranger, type World } from './chain-world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const wrongName = (): Promise<EvmPayment> => payment({ domain: { ...domain, name: 'USDC' } })

/** The digest that the token has to hash, by viem. */
function digestOf({ authorization }: EvmPayment): Hex {
  const names = ['from', 'to', 'value', 'validAfter', 'validBefore', 'nonce'] as const
  const kinds = ['address', 'address', 'uint256', 'uint256', 'uint256', 'bytes32'] as const
  const types = { TransferWithAuthorization: names.map((name, index) => ({ name, type: kinds[index] ?? 'uint256' })) }
  return hashTypedData({ domain, types, primaryType: 'TransferWithAuthorization', message: { ...authorization } })
}

async function ask(
  paid: EvmPayment,
  own: (call: Call) => object | undefined = () => undefined,
): Promise<{ diagnosis: EvmDiagnosis; server: RpcServer }> {
  const reply = async (body: unknown): Promise<Reply> => {
    const calls = [body].flat() as Call[]
    const answers = await Promise.all(
      calls.map(async (call) => own(call) ?? (JSON.parse(String(((await forward(world.url, call)) as { body: unknown }).body)) as object)),
    )
    const byId = new Map(calls.map(({ id }, index) => [id, answers[index] ?? {}]))
    return answering(body, ({ id }) => byId.get(id) ?? {})
  }
  await using server = await startRpcServer(reply)
  return { diagnosis: await diagnose(paid, { now, chains: [chainReader(server.url, { retries: 0 })] }), server }
}

const methods = ({ requests }: RpcServer): string[] => requests.flatMap((body) => [body].flat().map((call) => (call as Call).method))
const fact = (diagnosis: EvmDiagnosis) => diagnosis.chain[0]?.facts.find((each) => each.fact === 'token.hashed')
const notes = (diagnosis: EvmDiagnosis): string => diagnosis.findings[0]?.evidence.map(({ says }) => says).join('\n') ?? ''

describe('the digest that the token hashed', () => {
  it('is read from a trace where the signature does not fit, and proves what was computed, in three round trips', async () => {
    const paid = await wrongName()
    const { diagnosis, server } = await ask(paid)
    const digest = digestOf(paid)
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'domain-name-mismatch', proof: 'proven', evm: { digest } })
    expect(fact(diagnosis)).toEqual({ fact: 'token.hashed', says: digest, unknown: null })
    const recovered = await recoverAddress({ hash: digest, signature: paid.signature })
    expect(notes(diagnosis)).toContain(`the token hashed ${digest}, which is the digest that was computed, and recovered ${recovered}`)
    expect(server.requests).toHaveLength(3)
    expect(methods(server).filter((method) => method === 'debug_traceCall')).toHaveLength(1)
  })

  it('is not asked for where nothing contradicts the signature', async () => {
    const { diagnosis, server } = await ask(await payment())
    expect(diagnosis.verdict).toBe('settles')
    expect(fact(diagnosis)).toBeUndefined()
    expect(methods(server)).not.toContain('debug_traceCall')
    expect(server.requests).toHaveLength(3)
  })

  it("is asked for where the signature fits and the token refuses it: the payer's code was asked about the same digest", async () => {
    const delegate = '0x00000000000000000000000000000000000000d1'
    await world.setCode(payer.address, delegationTo(delegate))
    await world.setCode(delegate, walletCode.refuses)
    const paid = await payment()
    const { diagnosis, server } = await ask(paid)
    await world.setCode(payer.address, '0x')
    expect(diagnosis.cause).toBe('eip7702-payer')
    expect(fact(diagnosis)?.says).toBe(digestOf(paid))
    expect(server.requests).toHaveLength(3)
  })

  it('is unknown on a node that does not trace, which changes nothing else', async () => {
    const { diagnosis } = await ask(await wrongName(), ({ method }) =>
      method === 'debug_traceCall' ? { error: { code: -32601, message: 'the method debug_traceCall does not exist' } } : undefined,
    )
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'domain-name-mismatch', proof: 'inferred' })
    expect(fact(diagnosis)).toMatchObject({ says: null, unknown: expect.stringContaining('debug_traceCall does not exist') })
    expect(diagnosis.findings.map(({ cause }) => cause)).not.toContain('rpc-fault')
  })

  it('that is another one than was computed takes every conclusion from the computed one back', async () => {
    const other = `0x${'5a'.repeat(32)}`
    const { diagnosis } = await ask(await wrongName(), ({ method }) =>
      method === 'debug_traceCall'
        ? {
            result: {
              to: domain.verifyingContract,
              input: '0x',
              calls: [{ to: `0x${'1'.padStart(40, '0')}`, input: `${other}${'00'.repeat(96)}`, output: '0x' }],
            },
          }
        : undefined,
    )
    expect(diagnosis.verdict).toBe('inconclusive')
    expect(diagnosis.headline).toContain(`The token hashed ${other}`)
  })

  const nonsense: readonly (readonly [string, unknown])[] = [
    ['null', null],
    ['text', 'trace'],
    ['a frame without input', { calls: [] }],
    ['frames without end', Array.from({ length: 500 }).reduce<object>((calls) => ({ input: '0x', calls: [calls] }), { input: '0x' })],
    ['a call of ecrecover that is cut short', { input: '0x', calls: [{ to: `0x${'1'.padStart(40, '0')}`, input: '0x12' }] }],
  ]
  it.each(nonsense)('is not read out of %s', async (_name, result) => {
    const { diagnosis } = await ask(await wrongName(), ({ method }) => (method === 'debug_traceCall' ? { result } : undefined))
    expect(diagnosis).toMatchObject({ verdict: 'fails', cause: 'domain-name-mismatch', proof: 'inferred' })
    expect(String(fact(diagnosis)?.says)).not.toMatch(/^0x/)
  })

  it("of a stranger's signature is the right one, with the stranger recovered from it", async () => {
    const { diagnosis } = await ask(await payment({ signer: stranger }))
    expect(diagnosis).toMatchObject({ cause: 'signer-not-owner', proof: 'proven' })
    expect(notes(diagnosis)).toContain(`recovered ${stranger.address}`)
  })
})
