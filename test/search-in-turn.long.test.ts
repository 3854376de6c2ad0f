import { fixture, fixtureCauses, fixtureSigner } from '@eip3009/fixtures'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, it } from 'vitest'
import type { Payment } from '../packages/core/src/evm/payment/payment.ts'
import { readEvmPayment } from '../packages/core/src/evm/payment/read.ts'
import { examineSignature, type SignatureEvidence } from '../packages/core/src/evm/signature/forensics.ts'
import { searchInTurn } from '../packages/core/src/evm/signature/like-before.ts'
import { builtInNetworks } from '../packages/core/src/networks/networks.ts'

const payer = privateKeyToAccount(fixtureSigner.privateKey)
const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const members = { from: 'address', to: 'address', value: 'uint256', validAfter: 'uint256', validBefore: 'uint256', nonce: 'bytes32' }
const types = { TransferWithAuthorization: Object.entries(members).map(([name, type]) => ({ name, type })) }

async function signed(
  number: number,
  domain: { readonly name?: string; readonly version?: string; readonly chainId?: number },
  signer = payer,
): Promise<Payment> {
  const message = {
    from: payer.address,
    to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    value: BigInt(1000 + number),
    validAfter: 0n,
    validBefore: BigInt(1_790_000_000 + number),
    nonce: `0x${number.toString(16).padStart(64, '0')}`,
  } as const
  const signature = await signer.signTypedData({
    domain: { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: token, ...domain },
    types,
    primaryType: 'TransferWithAuthorization',
    message,
  })
  const [value, validAfter, validBefore] = [message.value, message.validAfter, message.validBefore].map(String)
  return readEvmPayment({ authorization: { ...message, value, validAfter, validBefore }, signature, network: 'base', asset: token })
}

const answer = ({ tried, triedBy, ...rest }: SignatureEvidence) => rest
const whole = (payment: Payment) => examineSignature(payment, builtInNetworks, { depth: 'quick' })

it('answers as a whole search does, and tries few where a payer made the same slip before', async () => {
  const search = searchInTurn(builtInNetworks, { depth: 'quick' })
  const payments = await Promise.all([
    signed(1, { name: 'USDC' }),
    signed(2, { name: 'USDC' }),
    signed(3, {}),
    signed(4, { version: '1' }),
    signed(5, { name: 'USDC' }),
    signed(6, { version: '1' }),
    signed(7, { chainId: 84532 }),
    signed(8, { chainId: 84532, name: 'USDC' }),
    signed(9, { chainId: 84532, name: 'USDC' }),
  ])
  const found = payments.map(search)
  expect(found.map(({ matches: [match] }) => match?.edits.map(({ signed: value }) => value))).toEqual([
    ['USDC'],
    ['USDC'],
    [],
    ['1'],
    ['USDC'],
    ['1'],
    ['84532'],
    ['USDC', '84532'],
    ['USDC', '84532'],
  ])
  expect(found.map(answer)).toEqual(payments.map((payment) => answer(whole(payment))))
  const [, second, , , , , , , last] = found
  expect(second?.tried).toBeLessThan(whole(payments[1] as Payment).tried)
  expect(last?.tried).toBeLessThan(100)
})

it('keeps no slip of the message or of the bytes, which is not made again', async () => {
  const search = searchInTurn(builtInNetworks, { depth: 'quick' })
  for (const cause of fixtureCauses) {
    const payment = readEvmPayment(fixture('base', cause).input)
    expect(answer(search(payment)), cause).toEqual(answer(whole(payment)))
    expect(answer(search(payment)), cause).toEqual(answer(whole(payment)))
  }
})

it('searches less far for a payer of whom nothing explained the signature before, and finds a single slip all the same', async () => {
  const stranger = privateKeyToAccount(`0x${'5a'.repeat(32)}`)
  const odd = await Promise.all([1, 2].map((number) => signed(number, {}, stranger)))
  const [first, second] = odd
  if (first === undefined || second === undefined) throw new RangeError('there are two')
  const search = searchInTurn(builtInNetworks, { depth: 'quick' }, 20_000)
  const [whole_, brief] = [search(first), search(second)]
  expect(whole_).toMatchObject({ matches: [], ended: whole(first).ended })
  expect(brief).toMatchObject({ matches: [], ended: 'max-hypotheses' })
  expect(brief.tried).toBeLessThanOrEqual(20_000)
  const slip = await signed(3, { name: 'USDC' })
  expect(answer(search(slip))).toEqual(answer(whole(slip)))
  // Another's is searched for whole.
  expect(searchInTurn(builtInNetworks, { depth: 'quick' })(second).tried).toBeGreaterThan(20_000)
})
