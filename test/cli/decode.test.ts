import { realPayments } from '@eip3009/fixtures'
import { describe, expect, it } from 'vitest'
import { runCli } from './run-here.ts'

const incident = JSON.stringify(realPayments[0]?.input)
const signature: string = JSON.parse(incident).paymentPayload.payload.signature
const s = signature.slice(66, 130)

describe('eip3009 decode says what was pasted and what it means', () => {
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ['a revert string', 'execution reverted: FiatTokenV2: authorization is expired', /Cause +expired/],
    [
      'revert data',
      `0x08c379a0${'20'.padStart(64, '0')}${'1e'.padStart(64, '0')}${Buffer.from('FiatTokenV2: invalid signature').toString('hex').padEnd(64, '0')}`,
      /FiatTokenV2: invalid signature[\s\S]*Can be +domain-name-mismatch/,
    ],
    ["a node's error", '{"code":-32000,"message":"nonce too low"}', /facilitator-nonce/],
    ['a reason code', '{"isValid":false,"invalidReason":"invalid_exact_evm_signature"}', /Can be +domain-name-mismatch/],
    ['a payment', incident, /Network +base/],
    ['a signature', signature, /signature of 65 bytes/],
    [
      'a type hash',
      '0x7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267',
      /^the type hash of TransferWithAuthorization \(EIP-3009\)[\s\S]*no secret/,
    ],
    ["an event's topic", '98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5', /AuthorizationUsed/],
    ["a proxy's slot", '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3', /implementation/],
    [
      "a paymaster's own number",
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32002,"message":"Token 4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU is not supported for fee payment"}}',
      /It is +a facilitator's error[\s\S]*Can be +facilitator-config-drift/,
    ],
    [
      'a number beside words that say something else',
      '{"error":{"code":-32005,"message":"closed on Sundays"}}',
      /It is +a JSON-RPC error in words that are not known/,
    ],
    [
      "a client's error",
      'Error: Asset was not created by a known token program',
      /It is +an error of the client's own library[\s\S]*Retry +nothing was signed yet/,
    ],
    ['a failed rent check as JSON', '{"InsufficientFundsForRent":{"account_index":0}}', /svm-fee-payer-funds/],
    ['a separator', '0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818', /USDC on base-sepolia/],
  ]
  it.each(rows)('%s', async (_name, input, says) => {
    const { code, stdout, stderr } = await runCli(['decode', '-'], input)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(says)
    expect(stdout).not.toContain(s)
    expect(JSON.parse((await runCli(['decode', '-', '--json', '--share'], input)).stdout)).toMatchObject({ schema: 'eip3009/decoded@1' })
  })

  it('what it does not know is one sentence', async () => {
    const { code, stdout, stderr } = await runCli(['decode', 'hello there'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^eip3009: Nothing in it is known: [^\n]+\n$/)
  })
})

describe('--share', () => {
  it.each([['diagnose'], ['signature'], ['decode']])('%s keeps what answers and leaves out what moves money', async (command) => {
    for (const format of [[], ['--json']]) {
      const options = command === 'diagnose' ? ['--no-replay'] : []
      const { stdout } = await runCli([command, '-', '--share', ...options, ...format], incident)
      expect(stdout).toContain('0x6bdc03ae4BBAb31843dDDaAE749149aE675ea011'.slice(0, 10))
      expect(stdout).not.toContain(s)
      expect(stdout).not.toContain(BigInt(`0x${s}`).toString())
    }
  })

  it('leaves s out of a repaired signature too', async () => {
    const flipped = JSON.parse(incident)
    flipped.paymentPayload.payload.signature = `${signature.slice(0, 130)}00`
    const { stdout } = await runCli(['diagnose', '-', '--share', '--no-replay'], JSON.stringify(flipped))
    expect(stdout).toContain('v-0-or-1')
    expect(stdout).not.toContain(s)
  })
})
