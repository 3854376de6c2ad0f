import { type Address, type Hex, toHex } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

/** A key of its own for every run: on the chains of a test anybody has money. */
export const account = privateKeyToAccount(generatePrivateKey())

const types = {
  TransferWithAuthorization: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ],
} as const

interface Token {
  readonly address: Address
  readonly name: string
  readonly version: string
  readonly chainId: number
}

/** Stands for the client that you ship: signs a payment of so many atomic units and puts it into the form that x402 has for it. */
export async function pay({ address, name, version, chainId }: Token, network: string, to: Address, value: bigint): Promise<object> {
  const now = BigInt(Math.floor(Date.now() / 1000))
  const nonce: Hex = toHex(crypto.getRandomValues(new Uint8Array(32)))
  const message = { from: account.address, to, value, validAfter: now - 600n, validBefore: now + 300n, nonce }
  const signature = await account.signTypedData({
    domain: { name, version, chainId, verifyingContract: address },
    types,
    primaryType: 'TransferWithAuthorization',
    message,
  })
  const authorization = { ...message, value: `${value}`, validAfter: `${message.validAfter}`, validBefore: `${message.validBefore}` }
  return { x402Version: 1, scheme: 'exact', network, payload: { signature, authorization } }
}
