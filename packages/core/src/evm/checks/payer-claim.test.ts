import { encodeFunctionData, type Hex, pad, parseAbi, parseSignature, serializeTransaction, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { getNetwork } from '../../networks/find-network.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import type { EvmDiagnosis } from '../diagnosis/diagnosis.ts'
import { readEvmPayment } from '../payment/read.ts'

const payer = privateKeyToAccount(pad('0x0a'))
const relayer = privateKeyToAccount(pad('0x0b'))
const to = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const delegate = '0x63c0c19a282a1B52b07dD5a65b58948A07DAE32B'
const zero = '0x0000000000000000000000000000000000000000'
const now = 1_790_000_000n
const message = { from: payer.address, to, value: 10_000n, validAfter: now - 600n, validBefore: now + 600n, nonce: pad('0x77') } as const
const fields = [
  ['from', 'address'],
  ['to', 'address'],
  ['value', 'uint256'],
  ['validAfter', 'uint256'],
  ['validBefore', 'uint256'],
  ['nonce', 'bytes32'],
].map(([name = '', type = '']) => ({ name, type }))

function signedBy(signer: typeof payer, network: 'base' | 'polygon', token: SignedToken): Promise<Hex> {
  const { name, version, address: verifyingContract, layout } = token
  const { chainId } = getNetwork(network)
  const domain =
    layout === 'salt'
      ? { name, version, verifyingContract, salt: toHex(chainId, { size: 32 }) }
      : { name, version, chainId, verifyingContract }
  return signer.signTypedData({ domain, types: { TransferWithAuthorization: fields }, primaryType: 'TransferWithAuthorization', message })
}

const usdce = getNetwork('polygon').lookalikes.find(({ symbol }) => symbol === 'USDC.e')
const [bridgedDomain] = usdce?.domains ?? []
if (usdce === undefined || bridgedDomain === undefined) throw new TypeError('polygon has no USDC.e')
/** Recovers a key whatever the payer's account is: the source of UChildAdministrableERC20. */
const bridged: SignedToken = { ...bridgedDomain, address: usdce.address }

interface SignedToken {
  readonly address: Hex
  readonly name: string
  readonly version: string
  readonly layout: 'standard' | 'salt'
}

const abi = parseAbi(['function transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)'])

/** A type 4 transaction of the relayer, in which the payer signed for these delegates, one after the other. */
async function transaction(network: 'base' | 'polygon', token: SignedToken, ...delegates: readonly Hex[]): Promise<EvmDiagnosis> {
  const { chainId } = getNetwork(network)
  const { v = 27n, r, s } = parseSignature(await signedBy(payer, network, token))
  const authorizationList = await Promise.all(
    delegates.map((contractAddress, index) => payer.signAuthorization({ chainId, contractAddress, nonce: index })),
  )
  const { from, value, validAfter, validBefore, nonce } = message
  const raw = await relayer.signTransaction(
    {
      type: 'eip7702',
      chainId,
      authorizationList,
      to: token.address,
      data: encodeFunctionData({ abi, args: [from, to, value, validAfter, validBefore, nonce, Number(v), r, s] }),
      gas: 200_000n,
      maxFeePerGas: 10n ** 9n,
      maxPriorityFeePerGas: 1n,
      nonce: 0,
    },
    { serializer: serializeTransaction },
  )
  return diagnose(readEvmPayment(raw), { now })
}

const causes = ({ findings }: EvmDiagnosis): string[] => findings.map(({ cause }) => cause)

describe('a type 4 transaction whose list gives the payer code', () => {
  it('is not said to settle, and names the delegation', async () => {
    const diagnosis = await transaction('base', getNetwork('base').usdc, delegate)
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', undecided: { id: 'wallet-not-asked' }, retry: { action: 'unknown' } })
    expect(causes(diagnosis)).toEqual(['eip7702-payer'])
    expect(diagnosis.headline).toContain(delegate)
  })

  it('settles where a later tuple takes it away again', async () => {
    expect((await transaction('base', getNetwork('base').usdc, delegate, zero)).verdict).toBe('settles')
    expect((await transaction('base', getNetwork('base').usdc, zero, delegate)).verdict).toBe('inconclusive')
  })

  it('settles on a token that never looks at code', async () => {
    expect((await transaction('polygon', bridged, delegate)).verdict).toBe('settles')
  })
})

describe('a payload that says what its payer is', () => {
  const payload = async (signer: typeof payer, more: object): Promise<EvmDiagnosis> => {
    const signature = await signedBy(signer, 'base', getNetwork('base').usdc)
    const authorization = { ...message, value: '10000', validAfter: String(message.validAfter), validBefore: String(message.validBefore) }
    const inner = { signature, authorization, ...more }
    return diagnose(readEvmPayment({ x402Version: 1, scheme: 'exact', network: 'base', payload: inner }), {
      now,
      search: { depth: 'none' },
    })
  }

  it.each([
    [{ deployless: true }],
    [{ signatureType: 'ERC-6492' }],
    [{ isSmartWallet: 'true' }],
    [{ factory: to, factoryData: '0x12345678' }],
  ])('%j: no key is blamed, and nothing settles', async (more) => {
    for (const signer of [payer, relayer]) {
      const diagnosis = await payload(signer, more)
      expect(diagnosis).toMatchObject({ verdict: 'inconclusive', cause: null, undecided: { id: 'wallet-not-asked' } })
      expect(causes(diagnosis)).toContain('smart-wallet-signature')
    }
  })

  it.each([[{}], [{ deployless: false }], [{ signatureType: 'eoa' }]])('%j: is judged as an ordinary account', async (more) => {
    expect((await payload(payer, more)).verdict).toBe('settles')
    expect(await payload(relayer, more)).toMatchObject({ verdict: 'fails', cause: 'signer-not-owner' })
  })
})
