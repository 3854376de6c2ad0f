import { diagnose, readEvmPayment } from '@eip3009/core'
import { embeddedReplayer } from '@eip3009/core/replay'
import { type Address, encodeFunctionData, type Hex, parseAbi, parseSignature, parseTransaction, serializeTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { authorizationMembers } from '../chain/chain-world.ts'

const usdc: Address = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const payer = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const relayer = privateKeyToAccount('0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a')
const now = 1_790_000_000n

const abi = parseAbi([
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
])

/** A payment that is right in all, in a transaction with this limit. */
async function transactionWith(gas: bigint, storageKeys: readonly Hex[] = []) {
  const message = {
    from: payer.address,
    to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    value: 10_000n,
    validAfter: now - 60n,
    validBefore: now + 600n,
    nonce: `0x${'a7'.repeat(32)}`,
  } as const
  const signature = await payer.signTypedData({
    domain: { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: usdc },
    types: {
      TransferWithAuthorization: authorizationMembers,
    },
    primaryType: 'TransferWithAuthorization',
    message,
  })
  const { r, s, v = 27n } = parseSignature(signature)
  const { from, to, value, validAfter, validBefore, nonce } = message
  const data = encodeFunctionData({ abi, args: [from, to, value, validAfter, validBefore, nonce, Number(v), r, s] })
  return relayer.signTransaction({
    type: 'eip1559',
    chainId: 8453,
    to: usdc,
    data,
    gas,
    maxFeePerGas: 1n,
    nonce: 0,
    accessList: storageKeys.length === 0 ? [] : [{ address: usdc, storageKeys }],
  })
}

async function unsigned() {
  const signed = await transactionWith(0n)
  const { r: _r, s: _s, v: _v, yParity: _parity, ...transaction } = parseTransaction(signed)
  return { signed, serialized: serializeTransaction(transaction) }
}

describe('the gas limit of a raw transaction', () => {
  it.each([
    [1n, 'its data and lists alone cost'],
    [23_000n, 'its data and lists alone cost'],
    [45_000n, 'ran out of gas'],
    [70_000n, 'ran out of gas'],
  ])("%s is too little: the relayer's fault, shown by a replay with more", async (gas, says) => {
    const diagnosis = await diagnose(readEvmPayment(await transactionWith(gas)), { now, replayer: embeddedReplayer() })
    expect(diagnosis.verdict).toBe('fails')
    expect(diagnosis.findings.map(({ cause, party, proof }) => ({ cause, party, proof }))).toEqual([
      { cause: 'facilitator-gas-limit', party: 'facilitator', proof: 'proven' },
    ])
    expect(diagnosis.findings[0]?.summary).toContain(says)
    expect(diagnosis.retry.action).toBe('send-same')
  })

  it('a usual one settles, and without a replay it is taken for granted that it is enough', async () => {
    const payment = readEvmPayment(await transactionWith(150_000n))
    const replayed = await diagnose(payment, { now, replayer: embeddedReplayer() })
    expect(replayed).toMatchObject({ verdict: 'settles', proof: 'proven' })
    // How much it takes on the token's own chain, only that tells.
    expect(replayed.assumes).toContain("150000 gas, the transaction's limit, are enough")
    const offline = await diagnose(payment, { now })
    expect(offline.verdict).toBe('settles')
    expect(offline.assumes).toContain("150000 gas, the transaction's limit, are enough")
  })

  it.each([30_000_000n, 2n ** 64n - 1n])('%s is more than anybody needs', async (gas) => {
    const payment = readEvmPayment(await transactionWith(gas))
    expect(await diagnose(payment, { now, replayer: embeddedReplayer() })).toMatchObject({ verdict: 'settles', proof: 'proven' })
  })

  it('a transaction that nobody has signed may not have one yet', async () => {
    const { serialized, signed } = await unsigned()
    expect(readEvmPayment(serialized).findings).toEqual([])
    expect(readEvmPayment(signed).findings.map(({ cause }) => cause)).toEqual(['facilitator-gas-limit'])
  })

  it('with a closed window the fix is no longer to send the same', async () => {
    const payment = readEvmPayment(await transactionWith(23_000n))
    expect((await diagnose(payment, { now })).fix).toMatch(/^send the same payment again with a higher gas limit[^.]*$/)
    const late = await diagnose(payment, { now: now + 3600n })
    expect([late.retry.action, late.fix]).toEqual(['unknown', expect.stringContaining('window has closed')])
  })

  it('no node reads one of 2^64', async () => {
    const { verdict, findings } = await diagnose(readEvmPayment(await transactionWith(2n ** 64n)), { now })
    expect([verdict, findings[0]?.field]).toEqual(['fails', 'transaction.gas'])
  })

  it('what lists cost counts', async () => {
    const keys = Array.from({ length: 100 }, (_, at): Hex => `0x${at.toString(16).padStart(64, '0')}`)
    const { cause, verdict } = await diagnose(readEvmPayment(await transactionWith(150_000n, keys)), { now })
    expect([verdict, cause]).toEqual(['fails', 'facilitator-gas-limit'])
  })

  it('one that is enough where the payee has the token already is not called too little, nor enough', async () => {
    const replayed = await diagnose(readEvmPayment(await transactionWith(90_000n)), { now, replayer: embeddedReplayer() })
    expect(replayed.verdict).toBe('settles')
    expect(replayed.assumes).toContain("90000 gas, the transaction's limit, are enough")
  })

  it('too little is told without a replay where no node takes it, and not before', async () => {
    expect((await diagnose(readEvmPayment(await transactionWith(23_000n)), { now })).verdict).toBe('fails')
    expect((await diagnose(readEvmPayment(await transactionWith(45_000n)), { now })).verdict).toBe('settles')
  })
})
