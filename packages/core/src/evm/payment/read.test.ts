import { Buffer } from 'node:buffer'
import { TypedDataEncoder, verifyTypedData } from 'ethers'
import fc from 'fast-check'
import { encodeFunctionData, getAddress, type Hex, parseAbi, parseSignature, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { Eip3009Error } from '../../errors/eip3009-error.ts'
import { authorizationDigest } from '../typed-data/authorization.ts'
import { domainSeparator } from '../typed-data/domain.ts'
import type { Payment } from './payment.ts'
import { type ReadOptions, readEvmPayment } from './read.ts'

/** A payment that a facilitator refused on Base on 2025-10-31, as its /settle body was published. */
const incident = {
  authorization: {
    from: '0x6bdc03ae4BBAb31843dDDaAE749149aE675ea011',
    to: '0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19',
    value: '10000',
    validAfter: '1761924682',
    validBefore: '1761925342',
    nonce: '0x557d32dd39152569962a110ce6aa2ba11326cf2b067974b319352fcfa26c3b13',
  },
  signature:
    '0x55c264bdf91e736e5550d79c145d21e6777cfe0548adc4e30ff4356aeae2191c68e87a9c601dcafa6de5c4d68e40a40e0aceb6add2edba045f3b4d5d3740a2f61b',
} as const
const usdc = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const requirements = {
  scheme: 'exact',
  network: 'base',
  maxAmountRequired: '10000',
  description: 'Hello World message',
  mimeType: 'application/json',
  resource: 'https://api.example.com/hello',
  payTo: incident.authorization.to,
  maxTimeoutSeconds: 60,
  asset: usdc,
  extra: { name: 'USD Coin', version: '2' },
}
const payload = {
  x402Version: 1,
  scheme: 'exact',
  network: 'base',
  payload: { signature: incident.signature, authorization: incident.authorization },
}
const body = { x402Version: 1, paymentPayload: payload, paymentRequirements: requirements }

/** The x402 v2 specification's own header (transports-v2/http.md), copied from there. */
const specHeader =
  'eyJ4NDAyVmVyc2lvbiI6MiwicmVzb3VyY2UiOnsidXJsIjoiaHR0cHM6Ly9hcGkuZXhhbXBsZS5jb20vcHJlbWl1bS1kYXRhIiwiZGVzY3JpcHRpb24iOiJBY2Nlc3MgdG8gcHJlbWl1bSBtYXJrZXQgZGF0YSIsIm1pbWVUeXBlIjoiYXBwbGljYXRpb24vanNvbiJ9LCJhY2NlcHRlZCI6eyJzY2hlbWUiOiJleGFjdCIsIm5ldHdvcmsiOiJlaXAxNTU6ODQ1MzIiLCJhbW91bnQiOiIxMDAwMCIsImFzc2V0IjoiMHgwMzZDYkQ1Mzg0MmM1NDI2NjM0ZTc5Mjk1NDFlQzIzMThmM2RDRjdlIiwicGF5VG8iOiIweDIwOTY5M0JjNmFmYzBDNTMyOGJBMzZGYUYwM0M1MTRFRjMxMjI4N0MiLCJtYXhUaW1lb3V0U2Vjb25kcyI6NjAsImV4dHJhIjp7Im5hbWUiOiJVU0RDIiwidmVyc2lvbiI6IjIifX0sInBheWxvYWQiOnsic2lnbmF0dXJlIjoiMHgyZDZhNzU4OGQ2YWNjYTUwNWNiZjBkOWE0YTIyN2UwYzUyYzZjMzQwMDhjOGU4OTg2YTEyODMyNTk3NjQxNzM2MDhhMmNlNjQ5NjY0MmUzNzdkNmRhOGRiYmY1ODM2ZTliZDE1MDkyZjllY2FiMDVkZWQzZDYyOTNhZjE0OGI1NzFjIiwiYXV0aG9yaXphdGlvbiI6eyJmcm9tIjoiMHg4NTdiMDY1MTlFOTFlM0E1NDUzODc5MWJEYmIwRTIyMzczZTM2YjY2IiwidG8iOiIweDIwOTY5M0JjNmFmYzBDNTMyOGJBMzZGYUYwM0M1MTRFRjMxMjI4N0MiLCJ2YWx1ZSI6IjEwMDAwIiwidmFsaWRBZnRlciI6IjE3NDA2NzIwODkiLCJ2YWxpZEJlZm9yZSI6IjE3NDA2NzIxNTQiLCJub25jZSI6IjB4ZjM3NDY2MTNjMmQ5MjBiNWZkYWJjMDg1NmYyYWViMmQ0Zjg4ZWU2MDM3YjhjYzVkMDRhNzFhNDQ2MmYxMzQ4MCJ9fX0='

/** The same documents' PAYMENT-REQUIRED and PAYMENT-RESPONSE examples. */
const specRequired =
  'eyJ4NDAyVmVyc2lvbiI6MiwiZXJyb3IiOiJQQVlNRU5ULVNJR05BVFVSRSBoZWFkZXIgaXMgcmVxdWlyZWQiLCJyZXNvdXJjZSI6eyJ1cmwiOiJodHRwczovL2FwaS5leGFtcGxlLmNvbS9wcmVtaXVtLWRhdGEiLCJkZXNjcmlwdGlvbiI6IkFjY2VzcyB0byBwcmVtaXVtIG1hcmtldCBkYXRhIiwibWltZVR5cGUiOiJhcHBsaWNhdGlvbi9qc29uIn0sImFjY2VwdHMiOlt7InNjaGVtZSI6ImV4YWN0IiwibmV0d29yayI6ImVpcDE1NTo4NDUzMiIsImFtb3VudCI6IjEwMDAwIiwiYXNzZXQiOiIweDAzNkNiRDUzODQyYzU0MjY2MzRlNzkyOTU0MWVDMjMxOGYzZENGN2UiLCJwYXlUbyI6IjB4MjA5NjkzQmM2YWZjMEM1MzI4YkEzNkZhRjAzQzUxNEVGMzEyMjg3QyIsIm1heFRpbWVvdXRTZWNvbmRzIjo2MCwiZXh0cmEiOnsibmFtZSI6IlVTREMiLCJ2ZXJzaW9uIjoiMiJ9fV19'
const specResponse =
  'eyJzdWNjZXNzIjp0cnVlLCJ0cmFuc2FjdGlvbiI6IjB4MTIzNDU2Nzg5MGFiY2RlZjEyMzQ1Njc4OTBhYmNkZWYxMjM0NTY3ODkwYWJjZGVmMTIzNDU2Nzg5MGFiY2RlZiIsIm5ldHdvcmsiOiJlaXAxNTU6ODQ1MzIiLCJwYXllciI6IjB4ODU3YjA2NTE5RTkxZTNBNTQ1Mzg3OTFiRGJiMEUyMjM3M2UzNmI2NiJ9'

const abi = parseAbi([
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, bytes signature)',
])
const { from, to, nonce } = incident.authorization
const { r, s, v } = parseSignature(incident.signature)
const vrsCall = encodeFunctionData({
  abi,
  functionName: 'transferWithAuthorization',
  args: [from, to, 10000n, 1761924682n, 1761925342n, nonce, Number(v), r, s],
})
const bytesCall = encodeFunctionData({
  abi,
  functionName: 'transferWithAuthorization',
  args: [from, to, 10000n, 1761924682n, 1761925342n, nonce, incident.signature],
})
const relayer = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
const rawTransaction = await relayer.signTransaction({
  type: 'eip1559',
  to: usdc,
  data: vrsCall,
  chainId: 8453,
  gas: 100_000n,
  maxFeePerGas: 2n,
  maxPriorityFeePerGas: 1n,
  nonce: 3,
})

const signedTransfer = await relayer.signTransaction({
  type: 'eip1559',
  to: usdc,
  data: `0xa9059cbb${'00'.repeat(64)}`,
  chainId: 8453,
  gas: 1n,
  maxFeePerGas: 1n,
  nonce: 0,
})
const signedEther = await relayer.signTransaction({ type: 'legacy', to: usdc, chainId: 8453, gas: 1n, gasPrice: 1n, nonce: 0, value: 1n })
const signedCreation = await relayer.signTransaction({ type: 'legacy', data: vrsCall, chainId: 8453, gas: 1n, gasPrice: 1n, nonce: 0 })

const types = [
  { name: 'from', type: 'address' },
  { name: 'to', type: 'address' },
  { name: 'value', type: 'uint256' },
  { name: 'validAfter', type: 'uint256' },
  { name: 'validBefore', type: 'uint256' },
  { name: 'nonce', type: 'bytes32' },
]
const domain = { name: 'USD Coin', version: '2', chainId: 8453, verifyingContract: usdc }
const typedData = {
  types: {
    EIP712Domain: [
      { name: 'name', type: 'string' },
      { name: 'version', type: 'string' },
      { name: 'chainId', type: 'uint256' },
      { name: 'verifyingContract', type: 'address' },
    ],
    TransferWithAuthorization: types,
  },
  primaryType: 'TransferWithAuthorization',
  domain,
  message: incident.authorization,
}

/** JSON of a length that base64 has to pad. */
function unevenJson(value: object): string {
  const text = JSON.stringify(value)
  return text.padEnd(text.length + ((4 - (text.length % 3)) % 3), ' ')
}

const header = Buffer.from(JSON.stringify(payload)).toString('base64')

/** Findings in short. */
function found(input: string | Uint8Array | object, options?: ReadOptions): readonly string[] {
  return readEvmPayment(input, options).findings.map(({ severity, cause, field }) => `${severity} ${cause} ${field}`)
}

function refusal(input: unknown): string {
  try {
    readEvmPayment(input as string)
  } catch (error) {
    if (error instanceof Eip3009Error) return `${error.code}: ${error.message}`
    throw error
  }
  return 'read'
}

/** What all forms of the incident have in common. */
const signedFacts = {
  family: 'evm',
  primaryType: 'TransferWithAuthorization',
  authorization: { from: getAddress(from), to: getAddress(to), value: 10000n, validAfter: 1761924682n, validBefore: 1761925342n, nonce },
  signature: incident.signature,
}
const onBase = { chainId: 8453, network: expect.objectContaining({ id: 'base' }) }

const forms: Record<string, { readonly input: string | Uint8Array | object; readonly expected: object }> = {
  'a v1 body': {
    input: body,
    expected: {
      form: 'x402-settle-body',
      recognised: 'x402 v1 /verify or /settle body',
      x402Version: 1,
      networkName: 'base',
      token: usdc,
      ...onBase,
    },
  },
  'a v1 body as text': { input: JSON.stringify(body, null, 2), expected: { form: 'x402-settle-body', ...onBase } },
  'a v1 body as bytes': { input: Buffer.from(JSON.stringify(body)), expected: { form: 'x402-settle-body', ...onBase } },
  'a v1 PaymentPayload': {
    input: payload,
    expected: { form: 'x402-payment-payload', recognised: 'x402 v1 PaymentPayload', x402Version: 1, ...onBase },
  },
  'a header value': {
    input: header,
    expected: { form: 'x402-header', recognised: 'x402 v1 PaymentPayload in a base64 header value', ...onBase },
  },
  'a header line': {
    input: `X-PAYMENT: ${header}`,
    expected: { form: 'x402-header', recognised: 'x402 v1 PaymentPayload in the X-PAYMENT header', ...onBase },
  },
  'a curl command': { input: `curl -H 'x-payment: ${header}' https://api.example.com/hello`, expected: { form: 'x402-header', ...onBase } },
  'an HTTP request': {
    input: `GET /hello HTTP/1.1\r\nHost: api.example.com\r\nX-PAYMENT: ${header}\r\nAccept: */*\r\n\r\n`,
    expected: { form: 'x402-header', ...onBase },
  },
  'a quoted header value': { input: `"${header}"`, expected: { form: 'x402-header', ...onBase } },
  'an authorization and its signature': {
    input: incident,
    expected: { form: 'authorization-and-signature', recognised: 'authorization and signature' },
  },
  'an authorization, its signature and a network': {
    input: { ...incident, network: 'base', asset: usdc },
    expected: { form: 'authorization-and-signature', token: usdc, ...onBase },
  },
  'a flat authorization with v, r, s': {
    input: { ...incident.authorization, v: Number(v), r, s },
    expected: { form: 'authorization-and-signature' },
  },
  'a signature in parts': { input: { ...incident, signature: { r, s, yParity: 0 } }, expected: { form: 'authorization-and-signature' } },
  'a token without a network': {
    input: { ...incident, token: usdc },
    expected: { recognised: "authorization and signature; the network is base, by the token's address", token: usdc, ...onBase },
  },
  'typed data with a signature in it': {
    input: { ...typedData, signature: incident.signature },
    expected: { form: 'typed-data-and-signature', token: usdc, claimedDomain: { ...domain, chainId: 8453n }, ...onBase },
  },
  'typed data beside a signature': {
    input: { typedData, signature: incident.signature },
    expected: { form: 'typed-data-and-signature', ...onBase },
  },
  'typed data as text beside a signature': {
    input: { typedData: JSON.stringify(typedData), signature: incident.signature },
    expected: { form: 'typed-data-and-signature', ...onBase },
  },
  'a wallet request with its answer': {
    input: { id: 1, jsonrpc: '2.0', method: 'eth_signTypedData_v4', params: [from, JSON.stringify(typedData)], result: incident.signature },
    expected: {
      form: 'typed-data-and-signature',
      recognised: 'EIP-712 typed data of TransferWithAuthorization and its signature (eth_signTypedData_v4 request)',
      ...onBase,
    },
  },
  'calldata (v, r, s)': {
    input: vrsCall,
    expected: {
      form: 'calldata',
      recognised: 'calldata of transferWithAuthorization(…, uint8 v, bytes32 r, bytes32 s)',
      call: { function: 'transferWithAuthorization', selector: '0xe3ee160e', overload: 'vrs' },
    },
  },
  'calldata (bytes)': {
    input: bytesCall,
    expected: { form: 'calldata', call: { function: 'transferWithAuthorization', selector: '0xcf092995', overload: 'bytes' } },
  },
  'calldata as bytes': { input: Buffer.from(vrsCall.slice(2), 'hex'), expected: { form: 'calldata' } },
  'a JSON-RPC call': {
    input: {
      jsonrpc: '2.0',
      id: 1,
      method: 'eth_call',
      params: [{ from: relayer.address, to: usdc.toLowerCase(), data: bytesCall, chainId: '0x2105' }, 'latest'],
    },
    expected: {
      form: 'calldata',
      recognised: 'transaction object with calldata of transferWithAuthorization(…, bytes signature), under params[0]',
      token: usdc,
      ...onBase,
    },
  },
  'a transaction from a node': {
    input: {
      hash: `0x${'ab'.repeat(32)}`,
      from: relayer.address,
      to: usdc,
      input: vrsCall,
      chainId: '0x2105',
      value: '0x0',
      v: '0x0',
      r,
      s,
    },
    expected: {
      form: 'calldata',
      call: expect.objectContaining({ transaction: { hash: `0x${'ab'.repeat(32)}`, to: usdc, sender: relayer.address, chainId: 8453 } }),
      ...onBase,
    },
  },
  "a node's answer": {
    input: {
      jsonrpc: '2.0',
      id: 1,
      result: { from: relayer.address, to: usdc, nonce: '0x3', value: '0x0', input: bytesCall, chainId: '0x2105', r, s, v: '0x1' },
    },
    expected: { form: 'calldata', token: usdc, ...onBase },
  },
  'calldata in a log line': {
    input: `2025-10-31T15:31:22Z ERROR eth_estimateGas to=${usdc} data=${vrsCall} failed`,
    expected: { form: 'calldata' },
  },
  'a raw transaction': {
    input: rawTransaction,
    expected: {
      form: 'raw-transaction',
      recognised: 'raw EIP-1559 transaction with calldata of transferWithAuthorization(…, uint8 v, bytes32 r, bytes32 s)',
      token: usdc,
      call: expect.objectContaining({
        overload: 'vrs',
        transaction: expect.objectContaining({ sender: relayer.address, to: usdc, chainId: 8453 }),
      }),
      ...onBase,
    },
  },
  'a raw transaction as bytes': { input: Buffer.from(rawTransaction.slice(2), 'hex'), expected: { form: 'raw-transaction', ...onBase } },
  eth_sendRawTransaction: {
    input: { jsonrpc: '2.0', id: 1, method: 'eth_sendRawTransaction', params: [rawTransaction] },
    expected: { form: 'raw-transaction', ...onBase },
  },
  'a body in a log line': {
    input: `[2025-10-31 15:31:22] ERROR {settle} failed: ${JSON.stringify(body)} (took 3 s)`,
    expected: { form: 'x402-settle-body', recognised: 'x402 v1 /verify or /settle body, in a line of text', ...onBase },
  },
  'a body in a JSON log record': {
    input: JSON.stringify({ level: 'error', msg: `settle failed ${JSON.stringify(body)}` }),
    expected: { form: 'x402-settle-body', recognised: 'x402 v1 /verify or /settle body, under msg', ...onBase },
  },
  'a record in a JSON log': {
    input: `{"level":"info","msg":"started"}\n{"level":"error","request":{"body":${JSON.stringify(body)}}}\n`,
    expected: { form: 'x402-settle-body', recognised: 'x402 v1 /verify or /settle body, under request.body', ...onBase },
  },
  'headers of a request': {
    input: { method: 'GET', headers: { host: 'api.example.com', 'X-Payment': header } },
    expected: { form: 'x402-header', ...onBase },
  },
  'an MCP call': {
    input: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x', _meta: { 'x402/payment': payload } } },
    expected: { form: 'x402-settle-body', recognised: 'x402 v1 /verify or /settle body, under params._meta', ...onBase },
  },
}

describe('forms', () => {
  test.each(Object.entries(forms))('%s', (_name, { input, expected }) => {
    expect(readEvmPayment(input)).toMatchObject({ ...signedFacts, ...expected, findings: [] })
  })

  test("the specification's own v2 header", () => {
    const payment = readEvmPayment(`PAYMENT-SIGNATURE: ${specHeader}`)
    expect(payment).toMatchObject({
      form: 'x402-header',
      recognised: 'x402 v2 PaymentPayload in the PAYMENT-SIGNATURE header',
      x402Version: 2,
      networkName: 'eip155:84532',
      network: { id: 'base-sepolia' },
      token: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
      requirements: { scheme: 'exact', amount: 10000n, maxTimeoutSeconds: 60, extra: { name: 'USDC', version: '2' } },
      findings: [],
    })
    expect(payment.accepted).toEqual(payment.requirements)
    const { authorization, signature } = payment
    const sepolia = { name: 'USDC', version: '2', chainId: 84532, verifyingContract: '0x036CbD53842c5426634e7929541eC2318f3dCF7e' }
    expect(verifyTypedData(sepolia, { TransferWithAuthorization: types }, authorization, signature)).toBe(authorization.from)
  })

  test('what was read hashes to what ethers makes of the input', () => {
    const { authorization, primaryType, claimedDomain } = readEvmPayment({ ...typedData, signature: incident.signature })
    expect(authorizationDigest(domainSeparator(claimedDomain ?? {}), primaryType, authorization)).toBe(
      TypedDataEncoder.hash(domain, { TransferWithAuthorization: types }, incident.authorization),
    )
  })

  test('any authorization comes back from every form', () => {
    const uint = fc.bigInt(0n, 2n ** 256n - 1n)
    const bytes = (length: number): fc.Arbitrary<Hex> => fc.uint8Array({ minLength: length, maxLength: length }).map((each) => toHex(each))
    const message = fc.record({ from: bytes(20), to: bytes(20), value: uint, validAfter: uint, validBefore: uint, nonce: bytes(32) })
    const signature = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((each) => toHex(each))
    fc.assert(
      fc.property(message, signature, (authorization, signed) => {
        const wire = {
          ...authorization,
          value: `${authorization.value}`,
          validAfter: `${authorization.validAfter}`,
          validBefore: `${authorization.validBefore}`,
        }
        const v1 = { x402Version: 1, scheme: 'exact', network: 'base', payload: { signature: signed, authorization: wire } }
        const v2 = {
          x402Version: 2,
          accepted: { scheme: 'exact', network: 'eip155:8453' },
          payload: { signature: signed, authorization: wire },
        }
        const data = encodeFunctionData({
          abi,
          functionName: 'transferWithAuthorization',
          args: [
            authorization.from,
            authorization.to,
            authorization.value,
            authorization.validAfter,
            authorization.validBefore,
            authorization.nonce,
            signed,
          ],
        })
        const inputs = [
          v1,
          v2,
          JSON.stringify({ x402Version: 1, paymentPayload: v1 }),
          Buffer.from(JSON.stringify(v2)).toString('base64'),
          { authorization: wire, signature: signed },
          { ...typedData, message: wire, signature: signed },
          data,
          { to: usdc, data },
        ]
        const expected = { ...authorization, from: getAddress(authorization.from), to: getAddress(authorization.to) }
        for (const input of inputs) {
          const payment = readEvmPayment(input)
          expect(payment.authorization).toEqual(expected)
          expect(payment.signature).toBe(signed)
          expect(payment.findings.filter(({ cause }) => cause !== 'self-payment')).toEqual([])
        }
      }),
      { numRuns: 60 },
    )
  })

  test("the caller's network goes before the input's", () => {
    expect(readEvmPayment(incident, { network: 'polygon' })).toMatchObject({ chainId: 137, network: { id: 'polygon' }, findings: [] })
    expect(readEvmPayment(vrsCall, { network: 8453 })).toMatchObject({ network: { id: 'base' }, findings: [] })
    const overridden = readEvmPayment(body, { network: 'eip155:84532' })
    expect(overridden).toMatchObject({ chainId: 84532, networkName: 'base', network: { id: 'base-sepolia' } })
    expect(overridden.findings.map(({ cause, field }) => `${cause} ${field}`)).toEqual([
      'network-mismatch network',
      'network-mismatch requirements.network',
    ])
    expect(() => readEvmPayment(incident, { network: 'basee' })).toThrow('"basee" is no network that is known; did you mean base (8453)?')
    expect(readEvmPayment(incident, { network: 999999999 })).toMatchObject({
      chainId: 999999999,
      findings: [{ cause: 'network-unsupported' }],
    })
  })
})

describe('transactions', () => {
  test('another network than the one that is meant', () => {
    expect(found(rawTransaction, { network: 'base-sepolia' })).toEqual(['error network-mismatch transaction.chainId'])
    expect(found({ to: usdc, data: vrsCall, chainId: 1 })).toEqual(['warning network-unsupported transaction.chainId'])
  })

  test('a call that sends ether along', () => {
    expect(found({ to: usdc, data: vrsCall, chainId: 8453, value: '0x1' })).toEqual(['error malformed-field transaction.value'])
  })

  test("the relayer's own signature is broken", () => {
    // r above the curve's order: no key can have made it.
    const broken = rawTransaction.slice(0, -130).concat('ff'.repeat(32), rawTransaction.slice(-66))
    const payment = readEvmPayment(broken)
    expect(payment.call?.transaction).not.toHaveProperty('sender')
    expect(payment.findings.map(({ field }) => field)).toEqual(['transaction.signature'])
  })
})

describe('spellings of the whole input', () => {
  test.each<[string, string | Uint8Array, readonly string[]]>([
    ['white space around it', `\n  ${JSON.stringify(body)}\n\n`, []],
    ['a trailing comma', `${JSON.stringify(body).slice(0, -1)},}`, ['warning malformed-field input']],
    ['a byte order mark', `\ufeff${JSON.stringify(body)}`, ['warning malformed-field input']],
    ['a byte order mark in bytes', Buffer.from(`\ufeff${JSON.stringify(body)}`), ['warning malformed-field input']],
    ['UTF-16, little-endian', Buffer.from(`\ufeff${JSON.stringify(body)}`, 'utf16le'), ['warning malformed-field input']],
    ['UTF-16, big-endian', Buffer.from(`\ufeff${JSON.stringify(body)}`, 'utf16le').swap16(), ['warning malformed-field input']],
    ['UTF-16 without a mark', Buffer.from(JSON.stringify(body), 'utf16le'), ['warning malformed-field input']],
    [
      'UTF-16 read as Latin-1',
      Buffer.from(`\ufeff${JSON.stringify(body)}`, 'utf16le').toString('latin1'),
      ['warning malformed-field input'],
    ],
    ['UTF-16 read as UTF-8', Buffer.from(`\ufeff${JSON.stringify(body)}`, 'utf16le').toString('utf8'), ['warning malformed-field input']],
    [
      'a JavaScript console',
      JSON.stringify(body).replaceAll('"', "'").replace("'x402Version'", 'x402Version'),
      ['warning malformed-field input'],
    ],
    [
      'Python',
      JSON.stringify({ ...body, extensions: null })
        .replaceAll('"', "'")
        .replace('null', 'None'),
      ['warning malformed-field input'],
    ],
    ['text after it', `${JSON.stringify(body)} as it was sent`, ['warning malformed-field input']],
    ['an answer after it', `${JSON.stringify(body)} HTTP 400`, []],
    ['quoted JSON', JSON.stringify(JSON.stringify(body)), []],
    ['quoted twice', JSON.stringify(JSON.stringify(JSON.stringify(body))), []],
    ['hex without 0x', vrsCall.slice(2), ['warning malformed-field input']],
    ['hex with 0X', `0X${vrsCall.slice(2)}`, ['warning malformed-field input']],
    ['upper-case hex', `0x${vrsCall.slice(2).toUpperCase()}`, []],
    ['wrapped hex', vrsCall.replace(/(.{64})/g, '$1\n'), ['warning malformed-field input']],
    ['a wrapped header', `X-PAYMENT: ${header.replace(/(.{76})/g, '$1\r\n')}\r\nAccept: */*`, ['info header-encoding X-PAYMENT']],
    [
      'base64url',
      Buffer.from(unevenJson({ ...payload, note: '???>>>' })).toString('base64url'),
      ['warning header-encoding header', 'warning header-encoding header'],
    ],
    ['unpadded base64', Buffer.from(unevenJson(payload)).toString('base64').replace(/=+$/, ''), ['warning header-encoding header']],
    [
      'a percent-encoded header',
      `X-PAYMENT: ${encodeURIComponent(Buffer.from(unevenJson(payload)).toString('base64'))}`,
      ['warning header-encoding X-PAYMENT'],
    ],
    ['a header encoded twice', Buffer.from(header).toString('base64'), ['error header-encoding header']],
    ['a header of plain JSON', `X-PAYMENT: ${JSON.stringify(payload)}`, ['error header-encoding X-PAYMENT']],
    [
      'a header of sloppy JSON',
      Buffer.from(`${JSON.stringify(payload).slice(0, -1)},}`).toString('base64'),
      ['warning header-encoding header'],
    ],
    ["a v1 payment in v2's header", `PAYMENT-SIGNATURE: ${header}`, ['warning wire-version-mismatch header']],
    ["a v2 payment in v1's header", `X-PAYMENT: ${specHeader}`, ['warning wire-version-mismatch header']],
  ])('%s', (_name, input, expected) => {
    expect(found(input)).toEqual(expected)
  })

  test('says what it tolerated', () => {
    const input = `{x402Version: 1, 'paymentPayload': ${JSON.stringify(payload)},} and more`
    expect(readEvmPayment(input).findings.map(({ summary, fix }) => `${summary} ${fix}`)).toMatchInlineSnapshot(`
      [
        "The JSON has a key without quotes (character 2), has a string in single quotes (character 18), has a trailing comma (character 512); strict readers such as JSON.parse refuse that or read it otherwise. Write the JSON with a JSON library, such as JSON.stringify.",
        "8 characters after the JSON were not read ("and more"). Paste one payment at a time.",
      ]
    `)
  })
})

describe('refusals', () => {
  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  const truncated = JSON.stringify(body).slice(0, 200)
  const cases: Record<string, unknown> = {
    nothing: '',
    blank: ' \n\t ',
    'no bytes': new Uint8Array(0),
    null: null,
    'a number': 12,
    undefined: undefined,
    words: 'the payment failed, please help',
    'control characters': '\u001b[2J\u202egpj.exe',
    'lone surrogates': '\ud800 \udfff',
    'truncated JSON': truncated,
    'wrong JSON': '{"x402Version": 1; "paymentPayload": {}}',
    'cut by a console': '{ x402Version: 1, paymentPayload: { payload: [Object] } }',
    'a truncated log line': `settle failed: ${truncated}`,
    'other JSON': '{"hello":"world","__proto__":{"admin":true}}',
    'an empty object': '{}',
    'an empty list': [],
    'a JSON number': '42',
    'a null prototype': Object.create(null),
    'a cycle': cycle,
    'two payments': [body, body],
    brackets: '['.repeat(100_000),
    braces: '{"a":'.repeat(100_000),
    noise: 'q'.repeat(10_000_000),
    'noise in bytes': new Uint8Array(10_000_000).fill(0x61),
    gzip: Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0),
    PNG: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    ELF: Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0),
    'binary data': Uint8Array.of(0xc3, 0x28, 0xa0, 0xa1, 0xe2, 0x28),
    'odd hex': `${vrsCall}a`,
    'wrong hex': `${vrsCall.slice(0, 100)}g${vrsCall.slice(101)}`,
    'no digits': '0x',
    'two bytes': '0x1234',
    'a selector': '0xe3ee160e',
    'an address': usdc,
    'a transaction hash': `0x${'ab'.repeat(32)}`,
    'a private key': 'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
    'a signature': incident.signature,
    'a compact signature': incident.signature.slice(0, -2),
    'an ERC-6492 signature': `0x${'00'.repeat(200)}${'6492'.repeat(16)}`,
    'unknown calldata': `0xdeadbeef${'00'.repeat(64)}`,
    'cut calldata': vrsCall.slice(0, 300),
    cancelAuthorization: `0x5a049a70${'00'.repeat(160)}`,
    'a plain transfer': { to: usdc, data: `0xa9059cbb${'00'.repeat(64)}` },
    'a plain transfer, signed': signedTransfer,
    'a transfer of ether, signed': signedEther,
    'a contract creation, signed': signedCreation,
    'a cut transaction': rawTransaction.slice(0, 400),
    'a blob transaction': `0x03f9${'00'.repeat(100)}`,
    'a Bearer token': 'Authorization: Bearer sk-live-51H8secret',
    'Basic credentials': 'Basic dXNlcjpwYXNzd29yZA==',
    L402: 'Authorization: L402 AgEEbHNhdAJCAABv:f0e1d2c3',
    'an L402 challenge': 'WWW-Authenticate: L402 macaroon="AGIAJEemVQUTEyNCR0exk7ek90Cg==", invoice="lnbc1500n1"',
    MPP: 'WWW-Authenticate: Payment id="a", realm="b", method="tempo", intent="charge", request="e30"',
    'a macaroon': 'MDAxY2xvY2F0aW9uIGxzYXQuZXhhbXBsZS5jb20KMDAy',
    'a JSON Web Token': 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
    'a cookie': 'Cookie: session=abcdef',
    'a PEM key': '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIA==',
    'a recovery phrase': 'test test test test test test test test test test test junk',
    'a URL': 'https://api.example.com/hello?key=secret',
    'a web page': '<!DOCTYPE html><html><body>502 Bad Gateway</body></html>',
    'a Lightning invoice': 'lnbc1500n1pj9nr7mpp5argz38',
    'a Solana address': 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v',
    PaymentRequired: { x402Version: 1, error: 'X-PAYMENT header is required', accepts: [requirements] },
    'a PAYMENT-REQUIRED header': `PAYMENT-REQUIRED: ${specRequired}`,
    'its value': specRequired,
    'a PAYMENT-RESPONSE header': `PAYMENT-RESPONSE: ${specResponse}`,
    'its value alone': specResponse,
    'requirements alone': requirements,
    'a /verify answer': { isValid: false, invalidReason: 'insufficient_funds', payer: from },
    'a /settle answer': { success: false, errorReason: 'invalid_transaction_state', transaction: '', network: 'base' },
    'a /supported answer': { kinds: [{ x402Version: 1, scheme: 'exact', network: 'base' }] },
    'a receipt': { transactionHash: `0x${'ab'.repeat(32)}`, status: '0x0', logs: [] },
    'a JSON-RPC answer': { jsonrpc: '2.0', id: 1, result: `0x${'ab'.repeat(32)}` },
    'a Solana payment': { x402Version: 1, scheme: 'exact', network: 'solana', payload: { transaction: 'AQAAAA' } },
    'a Solana payment, v2': {
      x402Version: 2,
      accepted: { scheme: 'exact', network: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp' },
      payload: { transaction: 'A'.repeat(400) },
    },
    'a Solana payment, early': { x402Version: 1, scheme: 'exact', network: 'solana-mainnet', payload: 'AQAAAA' },
    'a Permit2 payment': {
      x402Version: 2,
      accepted: { scheme: 'exact', network: 'eip155:8453' },
      payload: { signature: '0x', permit2Authorization: { from } },
    },
    upto: { x402Version: 1, scheme: 'upto', network: 'base', payload: { signature: '0x', authorization: incident.authorization } },
    'upto by permit': {
      x402Version: 1,
      scheme: 'upto',
      network: 'base',
      payload: { signature: '0x', authorization: { owner: from, spender: to, value: '1', deadline: '2', nonce: '0x' } },
    },
    'batch settlement': {
      x402Version: 2,
      accepted: { scheme: 'batch-settlement' },
      payload: { type: 'voucher', channelConfig: {}, voucher: {} },
    },
    'a user operation': { sender: from, nonce: '0x0', callData: '0x', signature: '0x' },
    'typed data unsigned': typedData,
    'typed data of a permit': { ...typedData, primaryType: 'Permit', signature: '0x12' },
    'typed data of a cancellation': { ...typedData, primaryType: 'CancelAuthorization', signature: '0x12' },
    'typed data of something else': { ...typedData, primaryType: 'Mail', signature: '0x12' },
    'an authorization unsigned': { authorization: incident.authorization },
    'an empty signature': { ...incident, signature: '0x' },
    'a signature that is no hex': { ...incident, signature: `0x${'zz'.repeat(65)}` },
    'a missing member': { ...incident, authorization: { ...incident.authorization, validBefore: undefined } },
    'a name for an address': { ...incident, authorization: { ...incident.authorization, to: 'merchant.eth' } },
    'a negative value': { ...incident, authorization: { ...incident.authorization, value: '-1' } },
    'a payload without anything': { x402Version: 1, scheme: 'exact', network: 'base', payload: {} },
    'a body without a payment': { x402Version: 1, paymentPayload: null, paymentRequirements: requirements },
    'a header that is no base64': 'X-PAYMENT: {}',
    'a cut header': `X-PAYMENT: ${header.slice(0, 201)}`,
    'a header cut at a multiple of four': `X-PAYMENT: ${header.slice(0, 200)}`,
    'a header of binary data': `X-PAYMENT: ${Buffer.from([0xff, 0xfe, 0xfd, 0x80, 0x81]).toString('base64')}`,
    'a header of a list': `X-PAYMENT: ${Buffer.from('[1]').toString('base64')}`,
    'a header with a comma': 'X-PAYMENT: e30=,e30=',
  }

  test('each in one sentence', () => {
    const sentences = Object.fromEntries(Object.entries(cases).map(([name, input]) => [name, refusal(input)]))
    expect(sentences).toMatchInlineSnapshot(`
      {
        "Basic credentials": "unsupported-input: Read HTTP Basic credentials, whose value is not shown; expected a signed EIP-3009 authorization; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "ELF": "unreadable-input: Read an ELF program (8 bytes, beginning 0x7f454c46); expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; unpack it or pass the text of the payment.",
        "L402": "unsupported-input: Read an L402 credential (macaroon and Lightning preimage), whose value is not shown; expected a signed EIP-3009 authorization; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "MPP": "unsupported-input: Read an MPP challenge (WWW-Authenticate: Payment), which is the offer and not the payment; expected a signed EIP-3009 authorization; paste what the client sent in answer: the header Authorization: Payment.",
        "PNG": "unreadable-input: Read a PNG image (8 bytes, beginning 0x89504e47); expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; unpack it or pass the text of the payment.",
        "PaymentRequired": "unsupported-input: Read an x402 PaymentRequired (a 402 answer or PAYMENT-REQUIRED header), which is the offer and not the payment; expected a signed EIP-3009 authorization; paste what the client sent in answer: the X-PAYMENT or PAYMENT-SIGNATURE header, or the /settle body.",
        "a /settle answer": "unsupported-input: Read an x402 settlement response (/settle answer or PAYMENT-RESPONSE header), which says how it ended and not what was sent; expected a signed EIP-3009 authorization; paste the request that it answers: the /settle body or the payment header.",
        "a /supported answer": "unsupported-input: Read an x402 /supported answer, the list of what a facilitator serves; expected a signed EIP-3009 authorization; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "a /verify answer": "unsupported-input: Read an x402 /verify answer, which says how it ended and not what was sent; expected a signed EIP-3009 authorization; paste the request that it answers: the /verify body or the payment header.",
        "a Bearer token": "unsupported-input: Read an HTTP Bearer token, whose value is not shown; expected a signed EIP-3009 authorization; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "a JSON Web Token": "unsupported-input: Read a JSON Web Token, which is not shown; expected a signed EIP-3009 authorization; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "a JSON number": "unreadable-input: Read 2 characters in which there is no payment ("42"); expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "a JSON-RPC answer": "unsupported-input: Read a JSON-RPC answer without a transaction in it; expected a signed EIP-3009 authorization; paste the request that it answers, or the transaction with its input field.",
        "a Lightning invoice": "unsupported-input: Read a Lightning invoice or ecash token; expected a signed EIP-3009 authorization; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "a PAYMENT-REQUIRED header": "unsupported-input: Read an x402 PaymentRequired (a 402 answer or PAYMENT-REQUIRED header), which is the offer and not the payment; expected a signed EIP-3009 authorization; paste what the client sent in answer: the X-PAYMENT or PAYMENT-SIGNATURE header, or the /settle body.",
        "a PAYMENT-RESPONSE header": "unsupported-input: Read an x402 settlement response (/settle answer or PAYMENT-RESPONSE header), which says how it ended and not what was sent; expected a signed EIP-3009 authorization; paste the request that it answers: the /settle body or the payment header.",
        "a PEM key": "unsupported-input: Read a PEM private key, which is not shown; expected a signed EIP-3009 authorization; no private key is ever needed here, so treat this one as exposed if it went through a log or a chat, and paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "a Permit2 payment": "unsupported-input: Read an x402 payment by Permit2 (permit2Authorization), which moves tokens by another contract and another signature; expected a signed EIP-3009 authorization; paste a payment whose assetTransferMethod is eip3009.",
        "a Solana address": "unsupported-input: Read what looks like a Solana address; expected a signed EIP-3009 authorization; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "a Solana payment": "unsupported-input: Read an x402 payment on Solana, which carries a Solana transaction and no EIP-3009 authorization; expected an EVM payment; paste an x402 payment of an EVM network.",
        "a Solana payment, early": "unsupported-input: Read an x402 payment on Solana, which carries a Solana transaction and no EIP-3009 authorization; expected an EVM payment; paste an x402 payment of an EVM network.",
        "a Solana payment, v2": "unsupported-input: Read an x402 payment on Solana, which carries a Solana transaction and no EIP-3009 authorization; expected an EVM payment; paste an x402 payment of an EVM network.",
        "a URL": "unsupported-input: Read a URL; expected a signed EIP-3009 authorization; paste what it answers or was sent: a request body, a header or calldata.",
        "a blob transaction": "unsupported-input: Read a blob transaction (EIP-4844), which no facilitator settles payments with; expected a raw legacy, EIP-2930, EIP-1559 or EIP-7702 transaction; paste the transaction that called the token.",
        "a body without a payment": "unreadable-input: Read an x402 body whose paymentPayload is null; expected a PaymentPayload object; paste the whole body.",
        "a compact signature": "unsupported-input: Read a signature alone (64 bytes); expected a signed EIP-3009 authorization; paste it together with what it signs: {"authorization": {…}, "signature": "0x…"}.",
        "a contract creation, signed": "unsupported-input: Read a raw legacy transaction that creates a contract; expected a signed EIP-3009 authorization; paste the transaction that called the token, or its calldata.",
        "a cookie": "unsupported-input: Read a cookie header, whose value is not shown; expected a signed EIP-3009 authorization; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "a cut header": "unreadable-input: Read an X-PAYMENT value of 201 characters that has 201 base64 digits, one more than whole bytes have: it was cut or joined; expected base64 of a PaymentPayload; copy the whole header value, as the client sent it.",
        "a cut transaction": "unreadable-input: Read bytes that begin like a raw transaction and are not RLP, so they were cut or joined; expected a raw legacy, EIP-2930, EIP-1559 or EIP-7702 transaction; copy the raw transaction again, or paste its calldata.",
        "a cycle": "unreadable-input: Read an object that refers to itself; expected plain JSON data; pass the JSON text or a plain object.",
        "a header cut at a multiple of four": "unreadable-input: Read an X-PAYMENT value whose JSON ends after 150 characters in the string that begins at character 75: the closing quote, "}", "}" are missing; expected base64 of a whole PaymentPayload; copy the whole header value, as the client sent it.",
        "a header of a list": "unreadable-input: Read an X-PAYMENT value that holds a JSON list of 1; expected base64 of a PaymentPayload, a JSON object; copy the whole header value, as the client sent it.",
        "a header of binary data": "unreadable-input: Read an X-PAYMENT value whose base64 holds binary data (5 bytes); expected base64 of a PaymentPayload as UTF-8 JSON; copy the whole header value, as the client sent it.",
        "a header that is no base64": "unreadable-input: Read an empty JSON object, in which there is no payment; expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request.",
        "a header with a comma": "unreadable-input: Read an empty JSON object, in which there is no payment; expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request.",
        "a macaroon": "unsupported-input: Read a macaroon (L402), which is not shown; expected a signed EIP-3009 authorization; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "a missing member": "unreadable-input: Read a payment whose authorization.validBefore is missing; expected a time in unix seconds as a decimal string, such as "1740672089"; correct that field and read again.",
        "a name for an address": "unreadable-input: Read a payment whose authorization.to is "merchant.eth", a name that has to be resolved to an address first; expected an address: 0x and 40 hex digits; correct that field and read again.",
        "a negative value": "unreadable-input: Read a payment whose authorization.value is "-1"; expected an amount in atomic units as a decimal string, such as "10000"; correct that field and read again.",
        "a null prototype": "unreadable-input: Read an empty JSON object, in which there is no payment; expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request.",
        "a number": "unreadable-input: Read a number; expected a string, a Uint8Array or a parsed JSON object; paste the body of the failed /verify or /settle request.",
        "a payload without anything": "unreadable-input: Read an x402 PaymentPayload without an authorization: its payload is an empty JSON object; expected payload.authorization and payload.signature; paste the whole payload that the client made.",
        "a plain transfer": "unsupported-input: Read a transaction object with a plain ERC-20 transfer call, which its sender pays without an authorization; expected transferWithAuthorization (0xe3ee160e or 0xcf092995) or receiveWithAuthorization (0xef55bec6 or 0x88b7ab63); paste the call that should have moved the money.",
        "a plain transfer, signed": "unsupported-input: Read a raw EIP-1559 transaction to 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913 with a plain ERC-20 transfer call, which its sender pays without an authorization; expected transferWithAuthorization (0xe3ee160e or 0xcf092995) or receiveWithAuthorization (0xef55bec6 or 0x88b7ab63); paste the call that should have moved the money.",
        "a private key": "unsupported-input: Read 32 bytes, which may be a transaction hash, a nonce, a digest or a private key, and are not shown; expected a signed EIP-3009 authorization; for a transaction hash, \`eip3009 replay <hash> --rpc-url <url>\` reads it from its chain, and without an RPC paste its calldata, which every explorer shows; if it was a private key, treat it as exposed.",
        "a receipt": "unsupported-input: Read a transaction receipt, which does not have the calldata; expected a signed EIP-3009 authorization; paste the transaction itself with its input field, as \`cast tx <hash> --json --rpc-url <url>\` prints it.",
        "a recovery phrase": "unsupported-input: Read what looks like a recovery phrase, which is not shown; expected a signed EIP-3009 authorization; no private key is ever needed here, so treat this one as exposed if it went through a log or a chat, and paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "a selector": "unreadable-input: Read 4 bytes, a function selector without its arguments; expected all of the calldata; copy the whole data field of the call.",
        "a signature": "unsupported-input: Read a signature alone (65 bytes); expected a signed EIP-3009 authorization; paste it together with what it signs: {"authorization": {…}, "signature": "0x…"}.",
        "a signature that is no hex": "unreadable-input: Read a payment whose signature has "z" at character 3, which is not a hex digit; expected a signature: 0x and 130 hex digits, or {r, s, v}; correct that field and read again.",
        "a transaction hash": "unsupported-input: Read 32 bytes, which may be a transaction hash, a nonce, a digest or a private key, and are not shown; expected a signed EIP-3009 authorization; for a transaction hash, \`eip3009 replay <hash> --rpc-url <url>\` reads it from its chain, and without an RPC paste its calldata, which every explorer shows; if it was a private key, treat it as exposed.",
        "a transfer of ether, signed": "unsupported-input: Read a raw legacy transaction without calldata, a transfer of the chain's own currency to 0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913; expected a signed EIP-3009 authorization; paste the transaction that called the token, or its calldata.",
        "a truncated log line": "unreadable-input: Read text with JSON that ends after 215 characters in the string that begins at character 124: the closing quote, "}", "}", "}" are missing; expected a whole JSON object; copy it again up to its last bracket.",
        "a user operation": "unsupported-input: Read an ERC-4337 user operation; expected a signed EIP-3009 authorization; paste the payment inside it, or the calldata of its inner call.",
        "a web page": "unreadable-input: Read an HTML or XML page, often a proxy's error page; expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "an ERC-6492 signature": "unsupported-input: Read an ERC-6492 signature alone; expected a signed EIP-3009 authorization; paste it together with what it signs: {"authorization": {…}, "signature": "0x…"}.",
        "an L402 challenge": "unsupported-input: Read an L402 credential (macaroon and Lightning preimage), whose value is not shown; expected a signed EIP-3009 authorization; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "an address": "unsupported-input: Read an address alone (20 bytes); expected a signed EIP-3009 authorization; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "an authorization unsigned": "unreadable-input: Read an authorization whose signature is missing; expected a signature: 0x and 130 hex digits, or {r, s, v}; add it as "signature" beside the authorization.",
        "an empty list": "unreadable-input: Read a JSON list of 0, in which there is no payment; expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request.",
        "an empty object": "unreadable-input: Read an empty JSON object, in which there is no payment; expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request.",
        "an empty signature": "unreadable-input: Read an authorization whose signature is empty; expected a signature: 0x and 130 hex digits, or {r, s, v}; add it as "signature" beside the authorization.",
        "batch settlement": "unsupported-input: Read a voucher of x402's scheme "batch-settlement", which moves nothing by itself; expected a payment that the token settles by its own function; paste what the payer signed first.",
        "binary data": "unreadable-input: Read binary data (6 bytes, beginning 0xc328a0a1); expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; unpack it or pass the text of the payment.",
        "blank": "unreadable-input: Read only white space (4 characters); expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request.",
        "braces": "unreadable-input: Read JSON of 500000 characters that is nested deeper than 64 levels; expected a whole JSON object; correct it there, or copy it again from where it was sent.",
        "brackets": "unreadable-input: Read JSON of 100000 characters that is nested deeper than 64 levels; expected a whole JSON object; correct it there, or copy it again from where it was sent.",
        "cancelAuthorization": "unsupported-input: Read a cancelAuthorization call (v, r, s), which takes an authorization back and moves no money; expected transferWithAuthorization (0xe3ee160e or 0xcf092995) or receiveWithAuthorization (0xef55bec6 or 0x88b7ab63); paste the call that should have moved the money.",
        "control characters": "unreadable-input: Read 12 characters in which there is no payment ("\\u{1b}[2J\\u{202e}gpj.exe"); expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "cut by a console": "unreadable-input: Read JSON of 57 characters that has "[Object]" at character 46, where a console left the value out: print it with JSON.stringify; expected a whole JSON object; correct it there, or copy it again from where it was sent.",
        "cut calldata": "unreadable-input: Read calldata of transferWithAuthorization that is cut in validBefore, its word 5 of 9 (before it: from 0x6bdc03ae4BBAb31843dDDaAE749149aE675ea011, to 0x4dFB1Cd42604194e79eDaCff4e0d28A576e40d19, value 10000, validAfter 1761924682); expected all of it, digit by digit; paste the whole data field of the call, or the raw transaction.",
        "gzip": "unreadable-input: Read a gzip file (8 bytes, beginning 0x1f8b0800); expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; unpack it or pass the text of the payment.",
        "its value": "unsupported-input: Read an x402 PaymentRequired (a 402 answer or PAYMENT-REQUIRED header), which is the offer and not the payment; expected a signed EIP-3009 authorization; paste what the client sent in answer: the X-PAYMENT or PAYMENT-SIGNATURE header, or the /settle body.",
        "its value alone": "unsupported-input: Read an x402 settlement response (/settle answer or PAYMENT-RESPONSE header), which says how it ended and not what was sent; expected a signed EIP-3009 authorization; paste the request that it answers: the /settle body or the payment header.",
        "lone surrogates": "unreadable-input: Read 3 characters in which there is no payment ("\\u{d800} \\u{dfff}"); expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "no bytes": "unreadable-input: Read nothing; expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request.",
        "no digits": "unreadable-input: Read "0x" without any bytes; expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "noise": "unreadable-input: Read 10000000 characters ("qqqqqqqq…"); expected at most 1048576, of which a payment needs a few thousand; cut the payment out of it.",
        "noise in bytes": "unreadable-input: Read data of 10000000 bytes; expected at most 1048576 bytes, of which a payment needs a few thousand; cut the payment out of it.",
        "nothing": "unreadable-input: Read nothing; expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request.",
        "null": "unreadable-input: Read null; expected a string, a Uint8Array or a parsed JSON object; paste the body of the failed /verify or /settle request.",
        "odd hex": "unreadable-input: Read calldata of transferWithAuthorization with a digit too many in one of the words v, r, s, so that what stands behind is shifted; expected all of it, digit by digit; paste the whole data field of the call, or the raw transaction.",
        "other JSON": "unreadable-input: Read a JSON object with the keys hello, __proto__, in which there is no payment; expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request.",
        "requirements alone": "unsupported-input: Read an x402 PaymentRequired (a 402 answer or PAYMENT-REQUIRED header), which is the offer and not the payment; expected a signed EIP-3009 authorization; paste what the client sent in answer: the X-PAYMENT or PAYMENT-SIGNATURE header, or the /settle body.",
        "truncated JSON": "unreadable-input: Read JSON of 200 characters that ends after 200 characters in the string that begins at character 109: the closing quote, "}", "}", "}" are missing; expected a whole JSON object; copy it again up to its last bracket.",
        "two bytes": "unreadable-input: Read hex of 2 bytes; expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "two payments": "unreadable-input: Read a JSON list with 2 payments; expected one payment; paste one of them.",
        "typed data of a cancellation": "unsupported-input: Read typed data of CancelAuthorization, which takes an authorization back and moves no money; expected a signed EIP-3009 authorization; paste typed data of TransferWithAuthorization or ReceiveWithAuthorization.",
        "typed data of a permit": "unsupported-input: Read an EIP-2612 permit (owner, spender, deadline), which gives an allowance and moves no money itself; expected a signed EIP-3009 authorization; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "typed data of something else": "unsupported-input: Read typed data whose primaryType is "Mail"; expected a signed EIP-3009 authorization; paste typed data of TransferWithAuthorization or ReceiveWithAuthorization.",
        "typed data unsigned": "unreadable-input: Read typed data without its signature; expected the signature beside it; paste {"typedData": {…}, "signature": "0x…"} with what the wallet answered.",
        "undefined": "unreadable-input: Read undefined; expected a string, a Uint8Array or a parsed JSON object; paste the body of the failed /verify or /settle request.",
        "unknown calldata": "unsupported-input: Read calldata of 68 bytes with the selector 0xdeadbeef, which is no function of EIP-3009; expected transferWithAuthorization (0xe3ee160e or 0xcf092995) or receiveWithAuthorization (0xef55bec6 or 0x88b7ab63); paste the whole data field of the call, or the raw transaction.",
        "upto": "unsupported-input: Read an x402 payment of the scheme "upto", which x402 settles by Permit2; expected a signed EIP-3009 authorization; paste a payment of the scheme "exact".",
        "upto by permit": "unsupported-input: Read an x402 payment of the scheme "upto", which x402 settles by Permit2; expected a signed EIP-3009 authorization; paste a payment of the scheme "exact".",
        "words": "unreadable-input: Read 31 characters in which there is no payment ("the payment failed, please help"); expected an x402 body or header, an authorization or typed data with its signature, calldata or a raw transaction; paste the body of the failed /verify or /settle request, or the X-PAYMENT or PAYMENT-SIGNATURE header.",
        "wrong JSON": "unreadable-input: Read JSON of 40 characters that has ";" at character 18, where "," or "}" should be; expected a whole JSON object; correct it there, or copy it again from where it was sent.",
        "wrong hex": "unreadable-input: Read hex of 584 digits with "g" at character 101; expected only the digits 0-9 and a-f after 0x; copy the hex again, whole.",
      }
    `)
    expect(Object.keys(sentences).length).toBeGreaterThan(80)
  })

  test('has three parts, one line, and no control characters', () => {
    for (const [name, input] of Object.entries(cases)) {
      const [code, ...rest] = refusal(input).split(': ')
      const sentence = rest.join(': ')
      expect([name, code === 'unreadable-input' || code === 'unsupported-input']).toEqual([name, true])
      expect([name, /^Read .+; expected .+; .+\.$/.test(sentence)]).toEqual([name, true])
      expect([name, /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(sentence)]).toEqual([name, false])
      expect([name, sentence.length < 700]).toEqual([name, true])
    }
  })

  test('shows no secret', () => {
    const secrets = [
      'ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
      '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
      'PRIVATE_KEY=0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
      'Authorization: Bearer ac0974bec39a17e3',
      'Basic ac0974bec39a17e3',
      'L402 ac0974bec39a17e3:ac0974bec39a17e3',
      '{"privateKey":"0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80"}',
      '{"privateKey":"0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
      'X-PAYMENT: ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
    ]
    for (const secret of secrets) expect(refusal(secret)).not.toMatch(/bec39a17e3/i)
    expect(refusal('test test test test test test test test test test test junk')).not.toContain('junk')
  })
})

/** Anything that is read is a Payment; anything thrown is an Eip3009Error of a known code. */
function answered(input: unknown): void {
  try {
    const payment: Payment = readEvmPayment(input as string)
    expect(payment.family).toBe('evm')
  } catch (error) {
    expect(error).toBeInstanceOf(Eip3009Error)
    expect(error instanceof Eip3009Error && ['unreadable-input', 'unsupported-input']).toContain(
      error instanceof Eip3009Error && error.code,
    )
  }
}

describe('options', () => {
  test('are those that the caller gave, whatever somebody put into every object', () => {
    const polluted = ['network', 'networks', 'token'] as const
    for (const name of polluted) Object.defineProperty(Object.prototype, name, { value: 'polygon', configurable: true, writable: true })
    try {
      expect(readEvmPayment(body, {}).network?.id).toBe('base')
      expect(readEvmPayment(JSON.stringify(body)).network?.id).toBe('base')
    } finally {
      for (const name of polluted) Reflect.deleteProperty(Object.prototype, name)
    }
  })
})

describe('whatever comes', () => {
  test('text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), answered), { numRuns: 500 })
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), answered), { numRuns: 200 })
    fc.assert(fc.property(fc.base64String({ maxLength: 400 }), answered), { numRuns: 300 })
    fc.assert(fc.property(fc.stringMatching(/^(0x)?[0-9a-f]{0,200}$/), answered), { numRuns: 300 })
  })

  test('bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), answered), { numRuns: 500 })
    fc.assert(
      fc.property(fc.constantFrom('e3ee160e', 'cf092995', '02f8', 'f9', '01f9'), fc.uint8Array({ maxLength: 400 }), (start, rest) =>
        answered(`0x${start}${toHex(rest).slice(2)}`),
      ),
      { numRuns: 500 },
    )
  })

  test('JSON', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 5 }), answered), { numRuns: 300 })
    fc.assert(
      fc.property(
        fc.object({
          maxDepth: 4,
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withNullPrototype: true,
          withSparseArray: true,
        }),
        answered,
      ),
      { numRuns: 300 },
    )
  })

  test('payments with a member replaced by anything', () => {
    const names = [
      'x402Version',
      'paymentPayload',
      'paymentRequirements',
      'payload',
      'scheme',
      'network',
      'signature',
      'authorization',
      'accepted',
      'asset',
      'payTo',
      'extra',
      'maxAmountRequired',
      'maxTimeoutSeconds',
      ...Object.keys(incident.authorization),
    ]
    const v2 = JSON.parse(Buffer.from(specHeader, 'base64').toString('utf8'))
    fc.assert(
      fc.property(
        fc.constantFrom<object>(
          body,
          payload,
          incident,
          { x402Version: 2, paymentPayload: v2, paymentRequirements: v2.accepted },
          { ...typedData, signature: incident.signature },
        ),
        fc.constantFrom(...names, 'types', 'domain', 'message', 'primaryType', 'chainId', 'verifyingContract'),
        fc.anything({ maxDepth: 3, withBigInt: true }),
        (input, name, value) => {
          const replace = (each: unknown): unknown => {
            if (typeof each !== 'object' || each === null || Array.isArray(each)) return each
            return Object.fromEntries(Object.entries(each).map(([key, member]) => [key, key === name ? value : replace(member)]))
          }
          answered(replace(input))
        },
      ),
      { numRuns: 1500 },
    )
  })

  test('every beginning of a body, a header and calldata', () => {
    const texts = [JSON.stringify(body), `X-PAYMENT: ${header}`, vrsCall, rawTransaction]
    for (const text of texts) {
      for (let length = 0; length < text.length; length += 7)
        expect(refusal(text.slice(0, length))).toMatch(/^un(?:readable|supported)-input: /)
    }
  })
})
