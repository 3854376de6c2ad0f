import { describe, expect, test } from 'vitest'
import { readEvmPayment } from './read.ts'

const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const message = {
  from: '0x857b06519E91e3A54538791bDbb0E22373e36b66',
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: '10000',
  validAfter: '1740672089',
  validBefore: '1740672154',
  nonce: '0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480',
}
const fields = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
]
const domainFields = [
  { name: 'name', type: 'string' },
  { name: 'version', type: 'string' },
  { name: 'chainId', type: 'uint256' },
  { name: 'verifyingContract', type: 'address' },
]
const domain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: usdc }
const signature = `0x${'22'.repeat(65)}`
const typedData = {
  types: { EIP712Domain: domainFields, TransferWithAuthorization: fields },
  primaryType: 'TransferWithAuthorization',
  domain,
  message,
  signature,
}

function found(input: object): readonly string[] {
  return readEvmPayment(input).findings.map(
    ({ severity, cause, field, seen, expected }) => `${severity} ${cause} ${field}: ${seen} → ${expected}`,
  )
}

describe('typed data', () => {
  test('the primary type stays as it is claimed', () => {
    const receive = {
      ...typedData,
      types: { EIP712Domain: domainFields, ReceiveWithAuthorization: fields },
      primaryType: 'ReceiveWithAuthorization',
    }
    expect(readEvmPayment(receive)).toMatchObject({ primaryType: 'ReceiveWithAuthorization', findings: [] })
  })

  test('types without a primary type, as ethers has them', () => {
    expect(readEvmPayment({ ...typedData, types: { TransferWithAuthorization: fields }, primaryType: undefined })).toMatchObject({
      primaryType: 'TransferWithAuthorization',
      findings: [{ cause: 'eip712domain-type-missing' }],
    })
  })

  test('numbers, hex and bigints are at home in typed data', () => {
    const input = {
      ...typedData,
      domain: { ...domain, chainId: '0x2105' },
      message: { ...message, value: 10000, validAfter: '0x67c08719', validBefore: 1740672154n },
    }
    expect(readEvmPayment(input)).toMatchObject({
      claimedDomain: { chainId: 8453n },
      authorization: { value: 10000n, validAfter: 1740670745n, validBefore: 1740672154n },
      findings: [],
    })
  })

  test('a domain is kept as far as it goes', () => {
    expect(readEvmPayment({ ...typedData, domain: {} })).toMatchObject({ claimedDomain: {}, findings: [] })
    expect(readEvmPayment({ ...typedData, domain: undefined }).claimedDomain).toEqual({})
    const salt = `0x${'00'.repeat(30)}2105`
    const salted = {
      ...typedData,
      types: { ...typedData.types, EIP712Domain: [...domainFields, { name: 'salt', type: 'bytes32' }] },
      domain: { ...domain, salt },
    }
    expect(readEvmPayment(salted).claimedDomain).toEqual({ ...domain, chainId: 8453n, salt })
  })

  test.each<[string, object, readonly string[]]>([
    [
      'no EIP712Domain type',
      { types: { TransferWithAuthorization: fields } },
      ['warning eip712domain-type-missing types.EIP712Domain: missing → name, version, chainId, verifyingContract'],
    ],
    [
      'a domain field that its type does not list',
      { types: { EIP712Domain: domainFields.slice(0, 3), TransferWithAuthorization: fields } },
      ['warning domain-field-missing types.EIP712Domain.verifyingContract: missing → verifyingContract'],
    ],
    [
      'another struct',
      {
        types: {
          EIP712Domain: domainFields,
          TransferWithAuthorization: fields.map((each) => (each.type === 'uint256' ? { ...each, type: 'uint64' } : each)),
        },
      },
      [
        'error struct-type-mismatch types.TransferWithAuthorization: address from, address to, uint64 value, uint64 validAfter, uint64 validBefore, … → address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce',
      ],
    ],
    ['a version as a number', { domain: { ...domain, version: 2 } }, ['warning malformed-field domain.version: 2 → "2"']],
    [
      'a chain id as a CAIP-2 id',
      { domain: { ...domain, chainId: 'eip155:8453' } },
      ['error malformed-field domain.chainId: eip155:8453 → 8453'],
    ],
    [
      'a chain id that is none',
      { domain: { ...domain, chainId: 'main' } },
      ['error malformed-field domain.chainId: main → a chain id, such as 8453'],
    ],
    [
      'a contract in wrong case',
      { domain: { ...domain, verifyingContract: usdc.replace('fC', 'Fc') } },
      [`warning malformed-field domain.verifyingContract: ${usdc.replace('fC', 'Fc')} → ${usdc}`],
    ],
    ['a decimal value', { message: { ...message, value: '0.01' } }, ['error amount-units-wrong authorization.value: 0.01 → 10000']],
    [
      'a chain that nobody knows',
      { domain: { ...domain, chainId: 36963 } },
      ['warning network-unsupported domain.chainId: 36963 → undefined'],
    ],
  ])('%s', (_name, change, expected) => {
    expect(found({ ...typedData, ...change })).toEqual(expected)
  })

  test('a wallet that was asked to sign for somebody else', () => {
    const { signature: result, ...data } = typedData
    const other = '0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19'
    const request = { method: 'eth_signTypedData_v4', params: [other, data], result }
    expect(found(request)).toEqual([`warning signer-not-owner authorization.from: ${message.from} → ${other}`])
    expect(found({ ...request, params: [JSON.stringify(data), message.from.toLowerCase()] })).toEqual([])
  })

  test("a domain on another network than the caller's", () => {
    const { findings } = readEvmPayment(typedData, { network: 'base-sepolia' })
    expect(findings.map(({ cause, field, party }) => `${cause} ${field} ${party}`)).toEqual(['network-mismatch domain.chainId client'])
  })

  test('what is signed under an empty domain is said plainly', () => {
    const { findings } = readEvmPayment({ ...typedData, types: { TransferWithAuthorization: fields } })
    expect(findings.map(({ summary, fix }) => `${summary} ${fix}`)).toMatchInlineSnapshot(`
      [
        "types has no EIP712Domain: a wallet that is given this by eth_signTypedData_v4 may sign an empty domain, which binds no chain and no contract. Add EIP712Domain with the domain's fields to types before calling the wallet; viem and ethers do that themselves.",
      ]
    `)
  })
})
