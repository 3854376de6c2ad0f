// Versions of @x402/evm over a local chain with Circle's contract, each beside what its profile predicts.
import { diagnose, type EvmFacilitatorAnswer, readEvmPayment } from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { delegationTo, walletCode } from '@eip3009/core/replay'
import { type Fixture, fixture, fixtureCauses, fixtureSigner } from '@eip3009/fixtures'
import { ExactEvmScheme } from '@x402/evm/exact/facilitator'
import { ExactEvmSchemeV1 } from '@x402/evm/exact/v1/facilitator'
import { concat, encodeAbiParameters, encodeFunctionData, type Hex, parseAbi } from 'viem'
import { ExactEvmScheme as Scheme25 } from 'x402-evm-2-5/exact/facilitator'
import { ExactEvmScheme as Scheme210 } from 'x402-evm-2-10/exact/facilitator'
import { base, openWorld, payer, stranger, type World } from '../chain/chain-world.ts'
import { at, type Body, type Case, cases, placeMulticall3, type Request, requestOf, signerOf, timeOf } from './reference-facilitator.ts'

interface Verifier {
  verify(payload: never, requirements: never): Promise<{ readonly isValid: boolean; readonly invalidReason?: string }>
  settle(payload: never, requirements: never): Promise<{ readonly success: boolean; readonly errorReason?: string }>
}

/** The profile's id, and the version of it that is run. */
export const facilitators = {
  'x402-evm-2.27': (world: World): Verifier => new ExactEvmScheme(signerOf(world)),
  'x402-evm-2.27-v1': (world: World): Verifier => new ExactEvmSchemeV1(signerOf(world)),
  'x402-evm-2.10': (world: World): Verifier => new Scheme210(signerOf(world) as never),
  'x402-evm-2.5': (world: World): Verifier => new Scheme25(signerOf(world) as never),
} as const

export type Run = keyof typeof facilitators
export const runs = Object.keys(facilitators) as readonly Run[]

/** What was answered, and what was predicted. Null where it takes the payment. */
export interface Outcome {
  readonly name: string
  readonly run: Run
  readonly verify: string | null
  /** Null where it settles; undefined where it was not asked. */
  readonly settle?: string | null
  readonly predicted: EvmFacilitatorAnswer
  /** What every profile predicts, by its id. */
  readonly all: ReadonlyMap<string, EvmFacilitatorAnswer>
}

const wrappedIn = (signature: Hex): Hex =>
  concat([
    encodeAbiParameters([{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }], [stranger.address, '0x1234', signature]),
    `0x${'6492'.repeat(16)}`,
  ])

/** Payers with code, and signatures that are longer than a key's: what the page about the reference has none of. */
const walletCases: readonly Case[] = [
  { broken: 'a wallet that is not deployed, in an ERC-6492 wrapper', body: () => resigned(wrappedIn) },
  { broken: 'a wallet that is not deployed, in no wrapper', body: () => resigned((signature) => concat([signature, signature])) },
  {
    broken: 'the payer is delegated (EIP-7702) to code that accepts',
    body: () => resigned((signature) => signature),
    arrange: async (world) => {
      await world.setCode(payer.address, delegationTo(stranger.address))
      await world.setCode(stranger.address, walletCode.accepts)
    },
  },
  {
    broken: 'a deployed wallet that accepts, in an ERC-6492 wrapper',
    body: () => resigned(wrappedIn),
    arrange: (world) => world.setCode(payer.address, walletCode.accepts),
  },
  {
    broken: 'a deployed wallet that refuses a long signature',
    body: () => resigned((signature) => concat([signature, signature])),
    arrange: (world) => world.setCode(payer.address, walletCode.refuses),
  },
]

/** The good payment with its signature written otherwise. */
async function resigned(change: (signature: Hex) => Hex): Promise<Body> {
  const good = cases.find(({ broken }) => broken === 'nothing')
  if (good === undefined) throw new TypeError('no good payment')
  const body = await good.body()
  return { ...body, signature: change(body.signature) }
}

/** Every case of the page about the reference, and those of wallets, asked of every version that is run. */
export async function answersToCases(): Promise<readonly Outcome[]> {
  await using world = await openWorld()
  await placeMulticall3(world)
  const out: Outcome[] = []
  for (const { broken, body, arrange } of [...cases, ...walletCases]) {
    const request = requestOf(await body())
    const within = async <T>(ask: () => Promise<T>): Promise<T> => {
      const snapshot = await world.request('evm_snapshot')
      await arrange?.(world)
      const answer = await ask()
      await world.request('evm_revert', snapshot)
      return answer
    }
    const predicted = await within(() => predictions(world, request))
    for (const run of runs) out.push(await within(() => asked(world, run, { name: broken, request, predicted, settles: true })))
  }
  return out
}

/** The fixtures that are a body of /verify, asked of every version that is run, at their own second. */
export async function answersToFixtures(): Promise<readonly Outcome[]> {
  const bodies = fixtureCauses.map((cause) => fixture('base', cause)).filter(isBody)
  await using world = await openWorld(base, 1_789_999_300n)
  await placeMulticall3(world)
  const { address } = fixtureSigner
  // The world's payer shares what it has.
  await world.request('anvil_impersonateAccount', payer.address)
  const data = encodeFunctionData({ abi: parseAbi(['function transfer(address,uint256)']), args: [address, 500_000n] })
  await world.send(payer.address, base.usdc.address, data)
  const out: Outcome[] = []
  for (const { cause, input, at: time } of bodies) {
    const snapshot = await world.request('evm_snapshot')
    await world.mine(BigInt(time))
    const request = input as Request
    const predicted = await predictions(world, request)
    for (const run of runs) out.push(await asked(world, run, { name: cause, request, predicted, settles: false }))
    await world.request('evm_revert', snapshot)
  }
  return out
}

const isBody = ({ input }: Fixture): boolean => typeof input === 'object' && 'paymentPayload' in input && 'paymentRequirements' in input

/** What the profiles predict of a payment on the chain as it stands, by their ids: of its body of version 2, and of the same as version 1. */
async function predictions(world: World, request: Request): Promise<ReadonlyMap<string, EvmFacilitatorAnswer>> {
  const time = await timeOf(world)
  const options = { now: time, at: time, chains: [chainReader(world.url)] }
  const both = [await diagnose(readEvmPayment(request), options), await diagnose(readEvmPayment(asVersion1(request)), options)]
  return new Map(both.flatMap(({ facilitators: { answers } }) => answers.map((answer) => [answer.profile, answer] as const)))
}

interface Question {
  readonly name: string
  readonly request: Request
  readonly predicted: ReadonlyMap<string, EvmFacilitatorAnswer>
  readonly settles: boolean
}

async function asked(world: World, run: Run, { name, request: version2, predicted: all, settles }: Question): Promise<Outcome> {
  const predicted = all.get(run)
  if (predicted === undefined) throw new TypeError(`no profile ${run} for ${name}`)
  const request = run.endsWith('-v1') ? asVersion1(version2) : version2
  const { paymentPayload, paymentRequirements } = request as { paymentPayload: never; paymentRequirements: never }
  const time = await timeOf(world)
  const facilitator = facilitators[run](world)
  const verified = await at(time, () => facilitator.verify(paymentPayload, paymentRequirements))
  const settled = settles ? await at(time, () => facilitator.settle(paymentPayload, paymentRequirements)) : undefined
  return {
    name,
    run,
    verify: verified.isValid ? null : (verified.invalidReason ?? 'no reason'),
    ...(settled === undefined ? {} : { settle: settled.success ? null : (settled.errorReason ?? 'no reason') }),
    predicted,
    all,
  }
}

/** The same payment as a body of version 1 has it. */
function asVersion1({ paymentPayload, paymentRequirements }: Request): object {
  const named = (network: string): string => (network === 'eip155:8453' ? 'base' : network)
  const { amount, network, ...offer } = paymentRequirements
  return {
    x402Version: 1,
    paymentPayload: { x402Version: 1, scheme: 'exact', network: named(paymentPayload.accepted.network), payload: paymentPayload.payload },
    paymentRequirements: { ...offer, network: named(network), maxAmountRequired: amount },
  }
}
