import { builtInNetworks, type EvmNetwork } from '@eip3009/core'
import { createAuthorization, fromRequirements, preflight, type SignedPayment, signAuthorization, typedDataOf } from '@eip3009/core/signer'
import { JsonRpcProvider, verifyTypedData as verifyWithEthers, Wallet } from 'ethers'
import { createPublicClient, createWalletClient, encodeFunctionData, type Hex, http, pad, verifyTypedData } from 'viem'
import { describe, expect, it } from 'vitest'
import { now, openWorld, payee, payer, relayer, tokenAbi, type World } from '../chain/chain-world.ts'

const networks = builtInNetworks.all.filter((network): network is EvmNetwork => network.family === 'evm')
/** The payer's key, which is the number 1, in ethers' hands. */
const ethersPayer = new Wallet(pad('0x01'))

async function balanceOf(world: World, token: Hex, account: Hex): Promise<bigint> {
  const data = encodeFunctionData({ abi: tokenAbi, functionName: 'balanceOf', args: [account] })
  return BigInt((await world.request('eth_call', { to: token, data }, 'latest')) as Hex)
}

/** As a facilitator submits it; the world throws when the token reverts. */
async function settle(world: World, { authorization, signature, token }: SignedPayment): Promise<void> {
  const { from, to, value, validAfter, validBefore, nonce } = authorization
  const data = encodeFunctionData({
    abi: tokenAbi,
    functionName: 'transferWithAuthorization',
    args: [from, to, value, validAfter, validBefore, nonce, signature],
  })
  await world.send(relayer, token.address, data)
}

it('there are 15 networks to settle on', () => expect(networks).toHaveLength(15))

describe.each(networks.map((network) => [network.id, network] as const))(
  "what is signed settles with Circle's contract on %s",
  (_id, network) => {
    it('by viem and by ethers, as both verify it, and preflight sees it coming and gone', async () => {
      await using world = await openWorld(network)
      const viemWallet = createWalletClient({ account: payer, transport: http(world.url) })
      const viemClient = createPublicClient({ transport: http(world.url, { retryCount: 0 }), cacheTime: 0 })
      const ethersProvider = new JsonRpcProvider(world.url, network.chainId, { staticNetwork: true })
      const offer = {
        scheme: 'exact',
        network: network.caip2,
        asset: network.usdc.address,
        payTo: payee,
        amount: '10000',
        maxTimeoutSeconds: 300,
        extra: { name: network.usdc.name, version: network.usdc.version },
      }
      const requests = [
        [payer, { network: network.id, to: payee, value: '0.01 USDC' }, viemClient],
        [viemWallet, fromRequirements(offer), world.url],
        [ethersPayer, { network: network.chainId, to: payee, value: 10_000n }, ethersProvider],
      ] as const
      let expected = 0n
      for (const [signer, request, client] of requests) {
        const payment = await signAuthorization(signer, createAuthorization({ ...request, from: payer.address, now }))
        const { domain, types, primaryType, message } = typedDataOf(payment)
        const { signature } = payment
        expect(await verifyTypedData({ address: payer.address, domain, types, primaryType, message, signature })).toBe(true)
        const only = { [primaryType]: [...(types[primaryType] ?? [])] }
        expect(verifyWithEthers({ ...domain, chainId: network.chainId }, only, message, signature)).toBe(payer.address)

        expect((await preflight(payment, { client, now })).warnings).toEqual([])
        await settle(world, payment)
        expected += 10_000n
        expect(await balanceOf(world, network.usdc.address, payee)).toBe(expected)
        await expect(preflight(payment, { client, now: now + 1n })).rejects.toMatchObject({
          code: 'unsettleable',
          causeId: 'authorization-used',
        })
      }
      ethersProvider.destroy()
    })
  },
)
