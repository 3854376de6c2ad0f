import type { EvmPayment } from '@eip3009/core'
import { type Address, encodeFunctionData, type Hex, toHex } from 'viem'
import { base, domain, now, payee, payer, payment, relayer, settle, stranger, tokenAbi, type World } from '../chain/chain-world.ts'

export interface Mined {
  readonly hash: Hex
  readonly gasUsed: bigint
  readonly status: Hex
}

/** A way to fail: how it is brought about, and what the token, or Circle's source, says of it. */
export interface Scenario {
  readonly cause: string
  readonly revert: string
  /** Changes the world where its state is what is wrong, and gives the payment and the second at which it is mined. */
  readonly stage: (world: World) => Promise<{ readonly paid: EvmPayment; readonly time?: bigint; readonly data?: Hex }>
}

const order = BigInt('0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141')
const delegate: Address = '0x00000000000000000000000000000000000000d1'
/** `isValidSignature` of a wallet that answers 0xffffffff to everything. */
const refuses = '0x63ffffffff60e01b60005260206000f3'

const role = (name: 'pause' | 'blacklist', args: readonly Address[] = []): Hex =>
  name === 'pause'
    ? encodeFunctionData({ abi: tokenAbi, functionName: 'pause' })
    : encodeFunctionData({ abi: tokenAbi, functionName: 'blacklist', args: [args[0] ?? payee] })

/** A signature with v and s as they are asked for. */
const bytes = (signature: Hex, { s, v }: { s?: (s: bigint) => bigint; v?: (v: number) => number }): Hex => {
  const [r, given, last] = [signature.slice(2, 66), BigInt(`0x${signature.slice(66, 130)}`), Number.parseInt(signature.slice(130), 16)]
  return `0x${r}${toHex(s?.(given) ?? given, { size: 32 }).slice(2)}${toHex(v?.(last) ?? last, { size: 1 }).slice(2)}`
}

const signedUnder =
  (changes: object): Scenario['stage'] =>
  async () => ({ paid: await payment({ domain: { ...domain, ...changes } }) })
const withBytes =
  (change: (signature: Hex) => Hex): Scenario['stage'] =>
  async () => {
    const good = await payment()
    return { paid: { ...good, signature: change(good.signature) } }
  }

const invalid = 'FiatTokenV2: invalid signature'

export const scenarios: readonly Scenario[] = [
  { cause: 'domain-name-mismatch', revert: invalid, stage: signedUnder({ name: 'USDC' }) },
  { cause: 'domain-version-mismatch', revert: invalid, stage: signedUnder({ version: '1' }) },
  { cause: 'chain-id-mismatch', revert: invalid, stage: signedUnder({ chainId: 84532 }) },
  {
    cause: 'verifying-contract-mismatch',
    revert: invalid,
    stage: signedUnder({ verifyingContract: '0x036CbD53842c5426634e7929541eC2318f3dCF7e' }),
  },
  {
    cause: 'message-altered',
    revert: invalid,
    stage: async () => {
      const good = await payment()
      return { paid: { ...good, authorization: { ...good.authorization, value: good.authorization.value * 10n } } }
    },
  },
  { cause: 'v-flipped', revert: invalid, stage: withBytes((signature) => bytes(signature, { v: (v) => 55 - v })) },
  {
    cause: 'v-0-or-1',
    revert: "ECRecover: invalid signature 'v' value",
    stage: withBytes((signature) => bytes(signature, { v: (v) => v - 27 })),
  },
  {
    cause: 'high-s',
    revert: "ECRecover: invalid signature 's' value",
    stage: withBytes((signature) => bytes(signature, { s: (s) => order - s, v: (v) => 55 - v })),
  },
  { cause: 'signature-length', revert: 'ECRecover: invalid signature length', stage: withBytes((signature) => `${signature}00`) },
  { cause: 'expired', revert: 'FiatTokenV2: authorization is expired', stage: async () => ({ paid: await payment(), time: now + 400n }) },
  {
    cause: 'not-yet-valid',
    revert: 'FiatTokenV2: authorization is not yet valid',
    stage: async () => ({ paid: await payment({ after: now + 100n }) }),
  },
  {
    cause: 'authorization-used',
    revert: 'FiatTokenV2: authorization is used or canceled',
    stage: async (world) => {
      const paid = await payment()
      await world.send(relayer, base.usdc.address, settle(paid))
      return { paid }
    },
  },
  {
    cause: 'authorization-canceled',
    revert: 'FiatTokenV2: authorization is used or canceled',
    stage: async (world) => {
      const paid = await payment()
      const { nonce } = paid.authorization
      const signature = await payer.signTypedData({
        domain,
        types: {
          CancelAuthorization: [
            { name: 'authorizer', type: 'address' },
            { name: 'nonce', type: 'bytes32' },
          ],
        },
        primaryType: 'CancelAuthorization',
        message: { authorizer: payer.address, nonce },
      })
      const data = encodeFunctionData({ abi: tokenAbi, functionName: 'cancelAuthorization', args: [payer.address, nonce, signature] })
      await world.send(relayer, base.usdc.address, data)
      return { paid }
    },
  },
  {
    cause: 'blacklisted',
    revert: 'Blacklistable: account is blacklisted',
    stage: async (world) => {
      await world.asRole('blacklister', role('blacklist', [payer.address]))
      return { paid: await payment() }
    },
  },
  {
    cause: 'blacklisted',
    revert: 'Blacklistable: account is blacklisted',
    stage: async (world) => {
      await world.asRole('blacklister', role('blacklist', [payee]))
      return { paid: await payment() }
    },
  },
  {
    cause: 'paused',
    revert: 'Pausable: paused',
    stage: async (world) => {
      await world.asRole('pauser', role('pause'))
      return { paid: await payment() }
    },
  },
  {
    cause: 'insufficient-balance',
    revert: 'ERC20: transfer amount exceeds balance',
    stage: async () => ({ paid: await payment({ from: stranger.address, signer: stranger }) }),
  },
  {
    cause: 'eip7702-payer',
    revert: invalid,
    stage: async (world) => {
      await world.setCode(payer.address, `0xef0100${delegate.slice(2)}`)
      await world.setCode(delegate, refuses)
      return { paid: await payment() }
    },
  },
]

/** Mines a transaction whatever becomes of it, as a chain does; those of `before` come first in the same block. */
export async function mineAnyway(
  world: World,
  {
    data,
    to = base.usdc.address,
    time,
    gas = 500_000n,
    before = [],
  }: { data: Hex; to?: Address; time?: bigint | undefined; gas?: bigint; before?: readonly { from: Address; to: Address; data: Hex }[] },
): Promise<Mined> {
  const send = async (transaction: object): Promise<Hex> =>
    (await world.request('eth_sendTransaction', { gas: '0x7a120', gasPrice: '0x0', ...transaction })) as Hex
  // The stand-in orders a block by fees: what pays comes first.
  for (const transaction of before) await send({ ...transaction, gasPrice: '0x1' })
  const hash = await send({ from: relayer, to, data, gas: toHex(gas) })
  const { timestamp } = (await world.request('eth_getBlockByNumber', 'latest', false)) as { timestamp: Hex }
  await world.mine(time ?? BigInt(timestamp) + 1n)
  const { gasUsed, status, transactionIndex } = (await world.request('eth_getTransactionReceipt', hash)) as Record<string, Hex>
  if (Number(transactionIndex) !== before.length) throw new TypeError('the block is not in the order that this scenario needs')
  return { hash, gasUsed: BigInt(gasUsed ?? 0), status: status ?? '0x' }
}
