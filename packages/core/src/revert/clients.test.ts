import { describe, expect, test } from 'vitest'
import type { CauseId } from '../causes/catalogue.ts'
import type { RetryAction } from '../causes/retry.ts'
import type { Speaker } from './node-rule.ts'
import { decodeRevert } from './revert.ts'

/** Who speaks; `anybody` where nothing tells. */
type Who = Speaker | 'anybody'

interface Row {
  readonly says: unknown
  /** Part of what is wrong, as the person who was told would look for it; none where the words name none of the catalogue. */
  readonly first: CauseId | null
  readonly retry: RetryAction
}

function check(who: Who, unsigned: boolean, { says, first, retry }: Row): void {
  const got = decodeRevert(says)
  expect(got).toMatchObject({ kind: 'rpc-error', known: true, retry })
  expect('speaker' in got ? got.speaker : 'anybody').toBe(who)
  expect('stage' in got && got.stage === 'unsigned').toBe(unsigned)
  expect(got.causes[0] ?? null).toBe(first)
}

const row = (says: unknown, first: CauseId | null, retry: RetryAction): Row => ({ says, first, retry })

/** Said before anything was signed: whoever says it, it pays nobody twice to sign then. */
const unsigned: readonly Row[] = [
  // Wallets.
  row({ code: 4001, message: 'MetaMask Message Signature: User denied message signature.' }, null, 'sign-again'),
  row({ code: 5000, message: 'User disapproved requested methods' }, null, 'sign-again'),
  row('UserRejectedRequestError: User rejected the request. Version: viem@2.21.0', null, 'sign-again'),
  row('user rejected action (action="signTypedData", reason="rejected", code=ACTION_REJECTED, version=6.13.0)', null, 'sign-again'),
  row('Magic RPC Error: [-32603] Internal error: User denied signing.', null, 'sign-again'),
  row({ status: 'REJECTED', subStatus: 'REJECTED_BY_USER', operation: 'TYPED_MESSAGE' }, null, 'sign-again'),
  row('Ledger device: Condition of use not satisfied (denied by the user?) (0x6985)', null, 'sign-again'),
  row('Ledger: Blind signing must be enabled', null, 'sign-again'),
  row('Keyring Controller signTypedMessage: TransportStatusError: Ledger device: Invalid data received (0x6a80)', null, 'sign-again'),
  row({ _tag: 'EthAppCommandError', errorCode: '6a80', message: 'EthAppCommandError: Invalid data' }, null, 'sign-again'),
  row('Ledger device: Locked device (0x5515)', null, 'sign-again'),
  row('MetaMask - RPC Error: Provided chainId "66" must match the active chainId "42"', 'chain-id-mismatch', 'sign-again'),
  row('Provided chainId 11155111 musht match the active chainId 286609681', 'chain-id-mismatch', 'sign-again'),
  row(
    "ConnectorChainMismatchError: The current chain of the connector (id: 1) does not match the connection's chain (id: 8453 - Base).",
    'chain-id-mismatch',
    'sign-again',
  ),
  row(
    { code: 4902, message: 'Unrecognized chain ID "0x14a34". Try adding the chain using wallet_addEthereumChain first.' },
    'chain-id-mismatch',
    'sign-again',
  ),
  row('The method "eth_signTypedData_v4" does not exist / is not available.', null, 'sign-again'),
  row({ code: 4200, message: 'The Provider does not support the requested method.' }, null, 'sign-again'),
  row('Error: Missing or invalid. request() method: eth_signTypedData_v4', null, 'sign-again'),
  row('Account type "json-rpc" is not supported. The `signTypedData` Action does not support JSON-RPC Accounts.', null, 'sign-again'),
  row('Could not find an Account to execute with this Action. Please provide an Account with the `account` argument.', null, 'sign-again'),
  row({ code: 4100, message: 'The requested account and/or method has not been authorized by the user.' }, null, 'sign-again'),
  row({ code: -32002, message: 'Already processing eth_requestAccounts. Please wait.' }, null, 'sign-again'),
  row("Session topic doesn't exist. No matching key. session or pairing topic doesn't exist: 6f2", null, 'sign-again'),
  row({ message: 'Typed data signing is not supported for MPC wallets', code: 'NOT_IMPLEMENTED' }, null, 'sign-again'),
  row('Keyring is locked', null, 'sign-again'),
  // Clients of x402.
  row('Error: No payment requirements found in 402 response', 'network-unsupported', 'sign-again'),
  row('Payment amount exceeds maximum allowed', null, 'sign-again'),
  row('PaymentAmountExceededError: Payment amount 20000 exceeds maximum value 10000', null, 'sign-again'),
  row('All payment requirements were filtered out by policies for x402 version: 2', null, 'sign-again'),
  row(
    'Error: Failed to create payment payload: No network/scheme registered for x402 version: 2 which comply with the payment requirements.',
    'network-unsupported',
    'sign-again',
  ),
  row('No client registered for scheme: exact and network: eip155:8453', 'network-unsupported', 'sign-again'),
  row('Unsupported network format: base (expected eip155:CHAIN_ID)', 'network-unsupported', 'sign-again'),
  row('x402.clients.base.UnsupportedSchemeException: No supported payment scheme found', 'network-unsupported', 'sign-again'),
  row('X402Error: NoMatchingPaymentOption { accepts: [], x402_version: 2 }', 'network-unsupported', 'sign-again'),
  row('Failed to parse payment requirements: Invalid payment required response', 'wire-version-mismatch', 'sign-again'),
  row(
    'EIP-712 domain parameters (name, version) are required in payment requirements for asset 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    'domain-field-missing',
    'sign-again',
  ),
  row('Failed to create payment payload: Address "undefined" is invalid. Version: viem@2.55.10', null, 'sign-again'),
  row("TypeError: Cannot read properties of undefined (reading 'signTypedData')", null, 'sign-again'),
  row('Failed to create payment payload: defaultHeaders is not defined', null, 'sign-again'),
  row('ValueError: You may supply either `full_message` as a single argument or `domain_data`, but not both.', null, 'sign-again'),
  row("AttributeError: 'LocalAccount' object has no attribute 'signed_typed_data'", null, 'sign-again'),
  row('ambiguous primary types or unused types: "A", "B" (argument="types", code=INVALID_ARGUMENT)', 'struct-type-mismatch', 'sign-again'),
  row(
    'InvalidPrimaryTypeError: Invalid primary type `Transfer` must be one of `["TransferWithAuthorization"]`.',
    'struct-type-mismatch',
    'sign-again',
  ),
]

/** A client's, a wallet's or a custody's too, of which nobody can tell how far the payment had come. */
const others: readonly Row[] = [
  row('Payment already attempted', 'masked-reason', 'unknown'),
  row('x402 payment failed: 402 Payment Required after retry', 'masked-reason', 'unknown'),
  // A node says "header not found" of a block.
  row('Payment response header not found', 'settlement-unconfirmed', 'unknown'),
  row(
    {
      statusCode: 403,
      errorType: 'policy_violation',
      errorMessage: 'The request is forbidden due to violating at least one configured policy.',
    },
    null,
    'fix-first',
  ),
  row({ error: 'RPC request denied due to policy violation.', code: 'policy_violation' }, null, 'fix-first'),
  row("Turnkey error 7: You don't have sufficient permissions to take this action.", null, 'fix-first'),
  row('TurnkeyActivityError: No policies evaluated to outcome: Allow', null, 'fix-first'),
  row('Fireblocks: transaction failed, status BLOCKED, subStatus BLOCKED_BY_POLICY', null, 'fix-first'),
  row('AccessDeniedException: User: arn:aws:sts::1:assumed-role/x is not authorized to perform: kms:Sign on resource', null, 'fix-first'),
  row('SIGNER_NOT_FOUND', null, 'fix-first'),
  row({ message: 'The Provided Vault Account ID is invalid: 5', code: 11_001 }, null, 'fix-first'),
  row({ status: 'PENDING_AUTHORIZATION' }, null, 'unknown'),
  row('Error: expected valid s: 1 <= s < N, got 0', 'malformed-field', 'fix-first'),
  row('eth_abi.exceptions.ValueOutOfBounds: Value `-1` of type int cannot be encoded by UIntEncoder', 'malformed-field', 'fix-first'),
  row("web3.exceptions.InvalidAddress: ('Web3.py only accepts checksum addresses.', '0xabc')", 'malformed-field', 'fix-first'),
  row('abi: cannot use string as type array as argument', 'malformed-field', 'fix-first'),
  row('RangeError: The number 0.01 cannot be converted to a BigInt because it is not an integer', 'amount-units-wrong', 'fix-first'),
  row('invalid BigNumber string (argument="value", value="0.01", code=INVALID_ARGUMENT)', 'amount-units-wrong', 'fix-first'),
  row('Insufficient permissions: wallet:sign_typed_data', null, 'fix-first'),
  row(
    'web3.exceptions.MismatchedABI: Could not identify the function with name `transferWithAuthorization`',
    'no-bytes-overload',
    'send-same',
  ),
  row('TypeError: Do not know how to serialize a BigInt', 'malformed-field', 'fix-first'),
  row(
    'InvalidAddressError: Address "0x1234" is invalid. - Address must be a hex value of 20 bytes (40 hex characters).',
    'malformed-field',
    'fix-first',
  ),
  row('invalid address (argument="address", value="alice.eth", code=INVALID_ARGUMENT, version=6.13.0)', 'malformed-field', 'fix-first'),
  row(
    'network does not support ENS (operation="getEnsAddress", code=UNSUPPORTED_OPERATION, version=6.13.0)',
    'malformed-field',
    'fix-first',
  ),
  row(
    'bad address checksum (argument="address", value="0x833589FCd6edb6e08f4c7c32d4f71b54bda02913", code=INVALID_ARGUMENT)',
    'malformed-field',
    'fix-first',
  ),
  row('Size of bytes "0xabab" (bytes2) does not match expected size (bytes32).', 'malformed-field', 'fix-first'),
  row(
    'no matching function (argument="key", value="transferWithAuthorization", code=INVALID_ARGUMENT, version=6.13.0)',
    'no-bytes-overload',
    'send-same',
  ),
]

/** Of a parser: of whoever read it. */
const parsers: readonly (readonly [says: unknown, who: Who, first: CauseId, fields: readonly string[]])[] = [
  [
    'ZodError: [{"code":"invalid_type","expected":"string","received":"undefined","path":["paymentPayload","accepted","network"],"message":"Required"}]',
    'anybody',
    'network-unsupported',
    ['paymentPayload.accepted.network'],
  ],
  [
    { error: 'Invalid request', issues: [{ code: 'invalid_union', path: ['paymentPayload'], message: 'Invalid input' }] },
    'anybody',
    'wire-version-mismatch',
    ['paymentPayload'],
  ],
  [
    {
      error: {
        issues: [{ code: 'invalid_type', path: ['payload', 'authorization', 'value'], message: 'Expected string, received number' }],
      },
    },
    'anybody',
    'malformed-field',
    ['payload.authorization.value'],
  ],
  [
    '✖ Invalid input: expected string, received number\n  → at paymentPayload.payload.authorization.value',
    'anybody',
    'malformed-field',
    ['paymentPayload.payload.authorization.value'],
  ],
  [
    { detail: [{ type: 'missing', loc: ['body', 'paymentPayload', 'payload', 'signature'], msg: 'Field required' }] },
    'anybody',
    'malformed-field',
    ['body.paymentPayload.payload.signature'],
  ],
  [
    '1 validation error for PaymentPayload\npayload.authorization.validAfter\n  Input should be a valid string [type=string_type, input_value=0, input_type=int]',
    'anybody',
    'malformed-field',
    ['payload.authorization.validAfter'],
  ],
  [
    'json: cannot unmarshal number into Go struct field EIP3009Authorization.payload.authorization.value of type string',
    'anybody',
    'malformed-field',
    ['payload.authorization.value'],
  ],
  [
    'Unrecognized field "accepted" (class com.x402.PaymentPayload), not marked as ignorable',
    'anybody',
    'wire-version-mismatch',
    ['accepted'],
  ],
  [
    [{ instancePath: '/paymentPayload', message: "must have required property 'accepted'" }],
    'anybody',
    'wire-version-mismatch',
    ['accepted'],
  ],
  [
    'Failed to deserialize the JSON body into the target type: paymentPayload.payload: missing field `authorization` at line 1 column 210',
    'facilitator',
    'wire-version-mismatch',
    ['paymentPayload.payload.authorization'],
  ],
  [
    'unknown variant `base-mainnet`, expected one of `base-sepolia`, `base` at line 1 column 60',
    'facilitator',
    'network-unsupported',
    ['network'],
  ],
  ['unknown variant `upto`, expected `exact` at line 1 column 60', 'facilitator', 'wire-version-mismatch', ['scheme']],
  [
    'Failed to deserialize VerifyRequest: data did not match any variant of untagged enum VerifyRequestEnvelope',
    'facilitator',
    'wire-version-mismatch',
    [],
  ],
  ['invalid type: integer `1000`, expected a string at line 1 column 300', 'facilitator', 'malformed-field', []],
  // A provider's "limit exceeded" is of requests.
  ['Failed to buffer the request body: length limit exceeded', 'facilitator', 'header-encoding', []],
  ['requests.exceptions.JSONDecodeError: Expecting value: line 1 column 1 (char 0)', 'anybody', 'header-encoding', []],
  ['SyntaxError: Unexpected token \'P\', "Payment required" is not valid JSON', 'anybody', 'header-encoding', []],
  ['illegal base64 data at input byte 4', 'anybody', 'header-encoding', []],
  ['binascii.Error: Incorrect padding', 'anybody', 'header-encoding', []],
]

describe('before anything was signed', () => {
  test.each(unsigned.map((each) => [said(each.says), each] as const))('%s', (_says, each) => {
    check('client', true, each)
  })
})

describe('of a client, a wallet or a custody', () => {
  test.each(others.map((each) => [said(each.says), each] as const))('%s', (_says, each) => {
    check('client', false, each)
  })
})

describe('of whoever parses it', () => {
  test.each(parsers.map((each) => [said(each[0]), each] as const))('%s', (_says, [says, who, first, fields]) => {
    check(who, false, row(says, first, 'fix-first'))
    expect(decodeRevert(says).args).toEqual(fields.map((value) => ({ name: 'field', type: 'string', value })))
    // However it is wrapped: as JSON within an answer's words.
    expect(decodeRevert({ error: typeof says === 'string' ? says : JSON.stringify(says) }).causes[0]).toBe(first)
  })
})

function said(says: unknown): string {
  return typeof says === 'string' ? says : JSON.stringify(says)
}

describe('the same words inside of a facilitator’s answer are its own library’s', () => {
  const inside = (errorMessage: string): object => ({
    success: false,
    errorReason: 'unexpected_settle_error',
    errorMessage,
    transaction: '',
    network: 'base',
  })

  test.each(unsigned.flatMap(({ says }) => (typeof says === 'string' && says.length < 90 ? [says] : [])))('%s', (says) => {
    const got = decodeRevert(inside(says))
    if (got.kind !== 'rpc-error') return
    // The payer had signed: nobody may conclude that nothing can be paid twice.
    expect({ speaker: got.speaker, stage: got.stage }).toEqual({ speaker: 'facilitator', stage: undefined })
    expect(got.retry === 'sign-again').toBe(false)
    expect(got.party).not.toBe('wallet')
  })

  test('a field that is not there is told beside a code that says nothing', () => {
    for (const invalidMessage of ["Cannot read properties of undefined (reading 'scheme')", 'Cannot convert undefined to a BigInt']) {
      const { causes } = decodeRevert({ isValid: false, invalidReason: 'unexpected_error', invalidMessage })
      expect(causes.slice(0, 2).sort()).toEqual(['malformed-field', 'wire-version-mismatch'])
    }
  })
})

test('who was shown a transaction and does not see it is paid no second time', () => {
  for (const says of ['Transaction not found', 'insufficient confirmations: 3 of 12', { error: 'Transaction not yet confirmed on solana' }])
    expect(decodeRevert(says)).toMatchObject({
      speaker: 'facilitator',
      retry: 'unknown',
      causes: expect.arrayContaining(['settlement-unconfirmed']),
    })
})

describe('what stands in wrappers of clients', () => {
  test.each<readonly [string, string, number | string]>([
    ["httpx.HTTPStatusError: Client error '402 Payment Required' for url 'https://api.example.com/x'", 'http-error', 402],
    ['AxiosError: Request failed with status code 500', 'http-error', 500],
    ['Failed to settle payment: facilitator returned 500', 'http-error', 500],
    ['payment verification failed: invalid_exact_evm_payload_authorization_value_mismatch', 'reason-code', 'amount-mismatch'],
    [
      'ContractFunctionExecutionError: The contract function "transferWithAuthorization" reverted with the following signature: 0x8baa579f',
      'custom-error',
      'domain-name-mismatch',
    ],
    ['contract call failed: abi: attempting to unmarshal an empty string while arguments are expected', 'rpc-error', 'asset-has-no-code'],
    ['rlp: expected input list for types.LegacyTx', 'rpc-error', 'facilitator-config-drift'],
    ['typed transaction too short', 'rpc-error', 'facilitator-config-drift'],
    ['invalid_exact_evm_payload_signature: signature is not for a valid curve point', 'reason-code', 'signature-byte-order'],
  ])('%s', (says, kind, what) => {
    const got = decodeRevert(says)
    expect(got.kind).toBe(kind)
    expect(typeof what === 'number' ? 'status' in got && got.status : got.causes[0]).toBe(what)
  })
})

describe('what fits nothing says so', () => {
  test.each([
    "TypeError: Cannot read properties of undefined (reading 'scheme')",
    'the quick brown fox',
    'Something went wrong. Please try again later.',
    'please sign in to continue',
    'The user policy page was updated',
    'ledger entry error: posted twice',
    'the locked device bay',
    'Transfer to 0x6985a80aa5515000000000000000000000000001 is done',
    // What each offer says before anybody paid.
    '{"x402Version":1,"error":"X-PAYMENT header is required","accepts":[]}',
    '{"x402Version":2,"error":"Payment required","accepts":[]}',
    'DfnsError: 17',
    'Porto: key 3',
  ])('%s', (says) => {
    expect(decodeRevert(says)).toMatchObject({ kind: 'unknown', causes: [], retry: 'unknown' })
  })
})

test('there are as many as are worth a table', () => {
  expect(unsigned.length + others.length + parsers.length).toBeGreaterThan(70)
})
