import { encodeAbiParameters, encodeEventTopics, type Hex, keccak256, parseAbi, toBytes } from 'viem'
import { describe, expect, test } from 'vitest'
import { knownEvents } from './events.ts'
import { decodeRevert } from './revert.ts'

const abi = parseAbi([
  'event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce)',
  'event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
  'event Approval(address indexed owner, address indexed spender, uint256 value)',
])
const authorizer = '0xdA42Bb49a3bda8Ef5c5869aAee3d439fb3570B94'
const nonce: Hex = `0x${'a8'.repeat(32)}`
const token = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const transactionHash: Hex = `0x${'34'.repeat(32)}`
const used = {
  address: token,
  topics: encodeEventTopics({ abi, eventName: 'AuthorizationUsed', args: { authorizer, nonce } }),
  data: '0x',
  transactionHash,
}
const canceled = { ...used, topics: encodeEventTopics({ abi, eventName: 'AuthorizationCanceled', args: { authorizer, nonce } }) }
const transfer = {
  ...used,
  topics: encodeEventTopics({ abi, eventName: 'Transfer', args: { from: authorizer, to: token } }),
  data: encodeAbiParameters([{ type: 'uint256' }], [10_000n]),
}
const approval = { ...transfer, topics: encodeEventTopics({ abi, eventName: 'Approval', args: { owner: authorizer, spender: token } }) }

describe("a contract's log is no revert", () => {
  test('AuthorizationUsed is the proof that the nonce is spent', () => {
    for (const input of [used, JSON.stringify(used), { logs: [transfer, used] }, { jsonrpc: '2.0', id: 1, result: [used] }]) {
      expect(decodeRevert(input)).toMatchObject({
        kind: 'event',
        name: 'AuthorizationUsed',
        cause: 'authorization-used',
        retry: 'never',
        transaction: transactionHash,
      })
    }
    expect(decodeRevert(used).args).toEqual([
      { name: 'authorizer', type: 'address', value: authorizer },
      { name: 'nonce', type: 'bytes32', value: nonce },
    ])
  })

  test('AuthorizationCanceled, Transfer, and events that are not known', () => {
    expect(decodeRevert(canceled)).toMatchObject({ kind: 'event', cause: 'authorization-canceled', retry: 'never' })
    expect(decodeRevert(transfer)).toMatchObject({ kind: 'event', name: 'Transfer', causes: [] })
    expect(decodeRevert(transfer).args.map(({ value }) => value)).toEqual([authorizer, token, 10_000n])
    expect(decodeRevert(approval)).toMatchObject({ kind: 'unknown', causes: [] })
  })

  test('an error in the same answer counts before it', () => {
    expect(decodeRevert({ logs: [used], error: { code: 3, message: 'execution reverted: FiatTokenV2: invalid signature' } })).toMatchObject(
      { kind: 'error-string' },
    )
  })

  test('the topics are those of the declarations', () => {
    const declarations = [
      'AuthorizationUsed(address,bytes32)',
      'AuthorizationCanceled(address,bytes32)',
      'Transfer(address,address,uint256)',
    ]
    expect(Object.keys(knownEvents)).toEqual(declarations.map((each) => keccak256(toBytes(each))))
  })
})

describe('answers in headers', () => {
  const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64')
  const failed = {
    success: false,
    errorReason: 'invalid_exact_evm_transaction_failed',
    transaction: transactionHash,
    network: 'eip155:8453',
  }
  const required = { x402Version: 2, error: 'insufficient_funds', accepts: [{ scheme: 'exact', network: 'eip155:8453' }] }

  test('PAYMENT-RESPONSE and PAYMENT-REQUIRED, with their name or alone', () => {
    for (const name of [
      '',
      'PAYMENT-RESPONSE: ',
      'X-PAYMENT-RESPONSE: ',
      'payment-response: ',
      'HTTP/2 402\ncontent-length: 0\npayment-response: ',
    ]) {
      expect([name, decodeRevert(name + base64(failed))]).toMatchObject([
        name,
        { kind: 'reason-code', code: failed.errorReason, transaction: transactionHash },
      ])
    }
    for (const name of ['', 'PAYMENT-REQUIRED: ', 'payment-required: '])
      expect([name, decodeRevert(name + base64(required))]).toMatchObject([name, { kind: 'reason-code', code: 'insufficient_funds' }])
  })

  test('a success beside a reason of failure is told, and nothing is safe to send again', () => {
    for (const errorReason of ['insufficient_funds', 'nonce too low', 'unauthorized']) {
      const { kind, message, retry } = decodeRevert({ success: true, transaction: transactionHash, network: 'eip155:8453', errorReason })
      expect(kind).not.toBe('event')
      expect(message).toContain('success: true')
      expect(retry).toBe('unknown')
    }
  })

  test('a success is no error', () => {
    const settled = { success: true, transaction: transactionHash, network: 'eip155:8453', payer: authorizer }
    for (const input of [settled, JSON.stringify(settled), base64(settled)])
      expect(decodeRevert(input)).toMatchObject({ kind: 'event', name: 'success', causes: [], transaction: transactionHash })
    expect(decodeRevert({ isValid: true, payer: authorizer })).toMatchObject({ kind: 'event', name: 'isValid' })
  })
})

describe('words of the one kind of chain are not read as those of the other', () => {
  const notSvm = (input: unknown): void => {
    const { causes } = decodeRevert(input)
    expect([input, causes.filter((id) => id.startsWith('svm-'))]).toEqual([input, []])
  }

  test('where an address, a chain id or a word of the EVM stands beside them', () => {
    for (const text of [
      'Signature verification failed: recovered 0x1111111111111111111111111111111111111111 expected 0x2222222222222222222222222222222222222222',
      'Error: unsupported network: chainId 8453',
      'unsupported network eip155:8453',
      { errorReason: 'invalid_network', network: 'eip155:8453' },
      'signature verification failed for transferWithAuthorization',
      { invalidReason: 'duplicate_settlement', transaction: transactionHash, network: 'eip155:8453' },
    ])
      notSvm(text)
  })

  test("serde's words about a body that it could not read", () => {
    for (const text of [
      'Failed to deserialize VerifyRequest: missing field `paymentRequirements` at line 1 column 1043',
      'Failed to deserialize the JSON body into the target type: paymentPayload: unknown variant `ethereum` at line 1 column 30',
    ]) {
      expect(decodeRevert(text)).toMatchObject({ kind: 'rpc-error', speaker: 'facilitator', known: true })
      expect(decodeRevert(text).causes).toEqual(expect.arrayContaining(['wire-version-mismatch', 'malformed-field']))
    }
    expect(decodeRevert('failed to deserialize solana_transaction::versioned::VersionedTransaction: io error').causes).toEqual([
      'svm-transaction-malformed',
    ])
  })
})

describe('the specific half of an answer counts before the code beside it', () => {
  test.each([
    [
      { invalidReason: 'invalid_exact_evm_payload_signature', invalidMessage: 'The r, s, v values are not for a valid curve point' },
      'signature-byte-order',
      'domain-name-mismatch',
    ],
    [{ invalidReason: 'invalid_payload', invalidMessage: 'execution reverted' }, 'domain-name-mismatch', 'wire-version-mismatch'],
    [
      { invalidReason: 'invalid_payload', errorMessage: 'abi: attempting to unmarshal an empty string while arguments are expected' },
      'asset-has-no-code',
      'wire-version-mismatch',
    ],
  ] as const)('%#', (input, first, not) => {
    const { causes } = decodeRevert(input)
    expect(causes).toContain(first)
    expect(causes).not.toContain(not)
  })

  test('0xffffffff is what a wallet returns for a signature that it refuses', () => {
    for (const input of ['0xffffffff', { data: `0xffffffff${'00'.repeat(28)}` }])
      expect(decodeRevert(input)).toMatchObject({ kind: 'custom-error', known: true, causes: ['smart-wallet-signature', 'eip7702-payer'] })
  })
})

describe('sentences and names that were met', () => {
  test.each([
    ['No facilitator registered for scheme: exact and network: eip155:8453', 'network-unsupported'],
    ['Provided chainId "84532" must match the active chainId "8453"', 'chain-id-mismatch'],
    [
      'Error: invalid signature s: expected valid s: 1 <= n < 115792089237316195423570985008687907852837564279074904382605163141518161494337, got 0',
      'malformed-field',
    ],
    ['code=CALL_EXCEPTION, reason=null, data=null, method="transferWithAuthorization"', 'token-without-eip3009'],
    ['No matching payment method found', 'accepted-mismatch'],
    ['Payment was authorized but rejected', 'masked-reason'],
  ])('%s', (text, cause) => {
    expect(decodeRevert(text).causes).toContain(cause)
  })

  test('a custom error by its name, with brackets or without', () => {
    for (const text of ['InvalidNonce', 'InvalidNonce()'])
      expect(decodeRevert(text)).toMatchObject({ kind: 'custom-error', known: true, name: 'InvalidNonce' })
  })
})
