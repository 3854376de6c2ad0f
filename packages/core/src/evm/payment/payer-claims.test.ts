import { encodeFunctionData, type Hex, parseAbi, parseSignature, serializeErc6492Signature } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import type { PayerClaim } from './payer-claims.ts'
import { readEvmPayment } from './read.ts'

const payer = privateKeyToAccount(`0x${'11'.repeat(32)}`)
const relayer = privateKeyToAccount(`0x${'22'.repeat(32)}`)
const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const delegate = '0x63c0c19a282a1B52b07dD5a65b58948A07DAE32B'
const nonce: Hex = `0x${'ab'.repeat(32)}`
const authorization = { from: payer.address, to: relayer.address, value: '1', validAfter: '0', validBefore: '4102444800', nonce }
const signature: Hex = `0x${'11'.repeat(64)}1b`
const { r, s, v } = parseSignature(signature)
const data = encodeFunctionData({
  abi: parseAbi([
    'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
  ]),
  functionName: 'transferWithAuthorization',
  args: [payer.address, relayer.address, 1n, 0n, 4102444800n, nonce, Number(v), r, s],
})
const own = await payer.signAuthorization({ address: delegate, chainId: 8453, nonce: 5 })
const everywhere = await payer.signAuthorization({ address: delegate, chainId: 0, nonce: 0 })
const elsewhere = await payer.signAuthorization({ address: delegate, chainId: 1, nonce: 5 })
const cleared = await payer.signAuthorization({ address: `0x${'00'.repeat(20)}`, chainId: 8453, nonce: 6 })
const others = await relayer.signAuthorization({ address: delegate, chainId: 8453, nonce: 5 })

type List = readonly (typeof own)[]

const raw = (authorizationList: List): Promise<Hex> =>
  relayer.signTransaction({ type: 'eip7702', chainId: 8453, to: usdc, data, gas: 1n, maxFeePerGas: 1n, nonce: 0, authorizationList })

/** As JSON-RPC prints them, as viem holds them, and as ethers does. */
const spellings: readonly ((list: List) => object[])[] = [
  (list) =>
    list.map((each) => ({
      chainId: `0x${each.chainId.toString(16)}`,
      address: each.address,
      nonce: `0x${each.nonce.toString(16)}`,
      yParity: `0x${each.yParity}`,
      r: each.r,
      s: each.s,
    })),
  (list) => [...list],
  (list) =>
    list.map((each) => ({
      address: each.address,
      nonce: String(each.nonce),
      chainId: String(each.chainId),
      signature: { r: each.r, s: each.s, yParity: each.yParity },
    })),
]

async function claims(list: List): Promise<readonly (readonly PayerClaim[])[]> {
  const objects = spellings.map((spell) => ({ type: '0x4', chainId: 8453, to: usdc, data, authorizationList: spell(list) }))
  return [await raw(list), ...objects].map((input) => readEvmPayment(input).payerClaims)
}

describe('the authorization list of a type 4 transaction', () => {
  test('gives the payer code where the payer signed for this chain, or for every chain', async () => {
    for (const [list, at, nonceAt] of [
      [[own], 0, 5n],
      [[others, own], 1, 5n],
      [[everywhere], 0, 0n],
    ] as const) {
      const expected = { kind: 'delegated', delegate, from: 'authorization-list', field: `authorizationList[${at}]`, nonce: nonceAt }
      for (const found of await claims(list)) expect(found).toEqual([expected])
    }
  })

  test('says nothing of the payer where another account, or the payer for another chain, signed', async () => {
    for (const list of [[others], [elsewhere], [{ ...own, s: own.r }]]) for (const found of await claims(list)) expect(found).toEqual([])
  })

  test('can take code away', async () => {
    for (const found of await claims([own, cleared])) expect(found.map(({ kind }) => kind)).toEqual(['delegated', 'delegation-cleared'])
  })
})

describe('words about the payer', () => {
  const payload = { x402Version: 1, scheme: 'exact', network: 'base', payload: { authorization, signature } }

  test.each([
    [{ ...payload, signatureType: 'ERC-6492' }, 'signatureType', 'ERC-6492'],
    [{ ...payload, payload: { ...payload.payload, type: 'smart-wallet' } }, 'payload.type', 'smart-wallet'],
    [{ ...payload, payload: { ...payload.payload, walletType: 'smart_account' } }, 'payload.walletType', 'smart_account'],
    [{ ...payload, payload: { ...payload.payload, deployless: true } }, 'payload.deployless', 'true'],
    [{ authorization, signature, sig_kind: 'EIP6492.counterfactual' }, 'sig_kind', 'EIP6492.counterfactual'],
    [{ authorization, signature, signature_type: 'eip1271' }, 'signature_type', 'eip1271'],
    [{ authorization, signature, factory: usdc, factoryData: '0x3ffba36f' }, 'factory', 'a factory and its calldata'],
    [{ authorization, signature: serializeErc6492Signature({ address: usdc, data: '0x12', signature }) }, 'signature', 'ERC-6492'],
  ])('%#', (input, field, says) => {
    expect(readEvmPayment(input).payerClaims).toEqual([{ kind: 'contract', field, says }])
  })

  test('that say nothing', () => {
    for (const words of [
      {},
      { sig_kind: 'EOA' },
      // Before its version 1 x402-rs logged this for every signature that is not ERC-6492's.
      { sig_kind: 'EIP1271' },
      { type: 'authorization' },
      { signatureType: 'eip712' },
      { deployless: false },
      { factory: null, factoryData: null },
    ])
      expect(readEvmPayment({ authorization, signature, ...words }).payerClaims).toEqual([])
  })
})
