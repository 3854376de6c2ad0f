import fc from 'fast-check'
import {
  type Address,
  concat,
  encodeAbiParameters,
  encodeFunctionData,
  encodePacked,
  getAddress,
  type Hex,
  hexToBytes,
  pad,
  parseAbi,
  parseAbiParameters,
  size,
  toFunctionSelector,
  toHex,
} from 'viem'
import { describe, expect, test } from 'vitest'
import { readEvmPayment } from './read.ts'
import { unwrapCall, wrappers } from './wrapped-calls.ts'

/** As texts without a type of their own: of so many the compiler would work out all that could be called, for seconds. viem checks at run time. */
const signatures: readonly string[] = [
  'struct Call { address target; bytes callData; }',
  'struct Call3 { address target; bool allowFailure; bytes callData; }',
  'struct Call3Value { address target; bool allowFailure; uint256 value; bytes callData; }',
  'struct Execution { address target; uint256 value; bytes callData; }',
  'struct Op6 { address sender; uint256 nonce; bytes initCode; bytes callData; uint256 callGasLimit; uint256 verificationGasLimit; uint256 preVerificationGas; uint256 maxFeePerGas; uint256 maxPriorityFeePerGas; bytes paymasterAndData; bytes signature; }',
  'struct Op7 { address sender; uint256 nonce; bytes initCode; bytes callData; bytes32 accountGasLimits; uint256 preVerificationGas; bytes32 gasFees; bytes paymasterAndData; bytes signature; }',
  'function aggregate(Call[] calls)',
  'function tryAggregate(bool requireSuccess, Call[] calls)',
  'function blockAndAggregate(Call[] calls)',
  'function tryBlockAndAggregate(bool requireSuccess, Call[] calls)',
  'function aggregate3(Call3[] calls)',
  'function aggregate3Value(Call3Value[] calls)',
  'function multicall(bytes[] data)',
  'function multicall(uint256 deadline, bytes[] data)',
  'function multicall(bytes32 previous, bytes[] data)',
  'function execute(address to, uint256 value, bytes data)',
  'function execute(Execution call)',
  'function execute(Execution[] calls)',
  'function execute(address to, uint256 value, bytes data, uint8 operation)',
  'function execute(uint256 operation, address to, uint256 value, bytes data)',
  'function execute(bytes32 mode, bytes data)',
  'function executeFromExecutor(bytes32 mode, bytes data)',
  'function executeBatch(address[] to, bytes[] data)',
  'function executeBatch(address[] to, uint256[] value, bytes[] data)',
  'function executeBatch(Execution[] calls)',
  'function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures)',
  'function execTransactionFromModule(address to, uint256 value, bytes data, uint8 operation)',
  'function execTransactionFromModuleReturnData(address to, uint256 value, bytes data, uint8 operation)',
  'function executeUserOp(address to, uint256 value, bytes data, uint8 operation)',
  'function executeUserOpWithErrorString(address to, uint256 value, bytes data, uint8 operation)',
  'function multiSend(bytes transactions)',
  'function handleOps(Op6[] ops, address beneficiary)',
  'function handleOps(Op7[] ops, address beneficiary)',
  'function transferWithAuthorization(address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)',
  'function transfer(address to, uint256 value)',
]
const abi = parseAbi(signatures)

const account = (byte: string): Address => getAddress(`0x${byte.repeat(20)}`)
const [outer, token, other, beneficiary, safe] = [account('a1'), account('70'), account('b2'), account('c3'), account('5a')]
const authorization = {
  from: account('11'),
  to: account('22'),
  value: 10_000n,
  validAfter: 1n,
  validBefore: 2n ** 40n,
  nonce: pad('0x33'),
} as const
const paid = (nonce: Hex = authorization.nonce): Hex =>
  encodeFunctionData({
    abi,
    functionName: 'transferWithAuthorization',
    args: [authorization.from, authorization.to, 10_000n, 1n, 2n ** 40n, nonce, 28, pad('0x44'), pad('0x55')],
  })
const plain = encodeFunctionData({ abi, functionName: 'transfer', args: [other, 5n] })

type Call = readonly [target: Address, data: Hex]

const packedCalls = (calls: readonly Call[]): Hex =>
  concat([
    '0x',
    ...calls.map(([to, data]) => encodePacked(['uint8', 'address', 'uint256', 'uint256', 'bytes'], [0, to, 0n, BigInt(size(data)), data])),
  ])
const executions = (calls: readonly Call[]) => calls.map(([target, callData]) => ({ target, value: 0n, callData }))
const word = pad('0x00')
const op = ([sender, callData]: Call) =>
  ({ sender, nonce: 0n, initCode: '0x', callData, preVerificationGas: 0n, paymasterAndData: '0x', signature: '0x1234' }) as const
const single = ([to, data]: Call): Hex => encodePacked(['address', 'uint256', 'bytes'], [to, 0n, data])
const batched = (calls: readonly Call[]): Hex =>
  encodeAbiParameters(parseAbiParameters('(address target, uint256 value, bytes callData)[] calls'), [executions(calls)])
const safeArgs = ([to, data]: Call, operation: number) => [to, 0n, data, operation, 0n, 0n, 0n, other, other, '0x'] as const

/** Each way to carry calls, as viem encodes it; `many` takes a list, the others one call. `target` and `caller` are what the token sees. */
const one: Readonly<Record<string, (call: Call) => Hex>> = {
  'execute(address,uint256,bytes)': ([to, data]) => encodeFunctionData({ abi, functionName: 'execute', args: [to, 0n, data] }),
  'execute((address,uint256,bytes))': ([target, callData]) =>
    encodeFunctionData({ abi, functionName: 'execute', args: [{ target, value: 0n, callData }] }),
  'execute(address,uint256,bytes,uint8)': ([to, data]) => encodeFunctionData({ abi, functionName: 'execute', args: [to, 0n, data, 0] }),
  'execute(uint256,address,uint256,bytes)': ([to, data]) => encodeFunctionData({ abi, functionName: 'execute', args: [0n, to, 0n, data] }),
  'execute(bytes32,bytes)': (call) => encodeFunctionData({ abi, functionName: 'execute', args: [word, single(call)] }),
  'executeFromExecutor(bytes32,bytes)': (call) =>
    encodeFunctionData({ abi, functionName: 'executeFromExecutor', args: [word, single(call)] }),
  'execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)': (call) =>
    encodeFunctionData({ abi, functionName: 'execTransaction', args: safeArgs(call, 0) }),
  'execTransactionFromModule(address,uint256,bytes,uint8)': ([to, data]) =>
    encodeFunctionData({ abi, functionName: 'execTransactionFromModule', args: [to, 0n, data, 0] }),
  'execTransactionFromModuleReturnData(address,uint256,bytes,uint8)': ([to, data]) =>
    encodeFunctionData({ abi, functionName: 'execTransactionFromModuleReturnData', args: [to, 0n, data, 0] }),
  'executeUserOp(address,uint256,bytes,uint8)': ([to, data]) =>
    encodeFunctionData({ abi, functionName: 'executeUserOp', args: [to, 0n, data, 0] }),
  'executeUserOpWithErrorString(address,uint256,bytes,uint8)': ([to, data]) =>
    encodeFunctionData({ abi, functionName: 'executeUserOpWithErrorString', args: [to, 0n, data, 0] }),
}

const many: Readonly<Record<string, (calls: readonly Call[]) => Hex>> = {
  'aggregate((address,bytes)[])': (calls) =>
    encodeFunctionData({ abi, functionName: 'aggregate', args: [calls.map(([target, callData]) => ({ target, callData }))] }),
  'tryAggregate(bool,(address,bytes)[])': (calls) =>
    encodeFunctionData({ abi, functionName: 'tryAggregate', args: [false, calls.map(([target, callData]) => ({ target, callData }))] }),
  'blockAndAggregate((address,bytes)[])': (calls) =>
    encodeFunctionData({ abi, functionName: 'blockAndAggregate', args: [calls.map(([target, callData]) => ({ target, callData }))] }),
  'tryBlockAndAggregate(bool,(address,bytes)[])': (calls) =>
    encodeFunctionData({
      abi,
      functionName: 'tryBlockAndAggregate',
      args: [true, calls.map(([target, callData]) => ({ target, callData }))],
    }),
  'aggregate3((address,bool,bytes)[])': (calls) =>
    encodeFunctionData({
      abi,
      functionName: 'aggregate3',
      args: [calls.map(([target, callData]) => ({ target, allowFailure: true, callData }))],
    }),
  'aggregate3Value((address,bool,uint256,bytes)[])': (calls) =>
    encodeFunctionData({
      abi,
      functionName: 'aggregate3Value',
      args: [calls.map(([target, callData]) => ({ target, allowFailure: true, value: 7n, callData }))],
    }),
  'execute((address,uint256,bytes)[])': (calls) => encodeFunctionData({ abi, functionName: 'execute', args: [executions(calls)] }),
  'executeBatch((address,uint256,bytes)[])': (calls) =>
    encodeFunctionData({ abi, functionName: 'executeBatch', args: [executions(calls)] }),
  'executeBatch(address[],bytes[])': (calls) =>
    encodeFunctionData({ abi, functionName: 'executeBatch', args: [calls.map(([to]) => to), calls.map(([, data]) => data)] }),
  'executeBatch(address[],uint256[],bytes[])': (calls) =>
    encodeFunctionData({
      abi,
      functionName: 'executeBatch',
      args: [calls.map(([to]) => to), calls.map(() => 0n), calls.map(([, data]) => data)],
    }),
  'execute(bytes32,bytes) of a batch': (calls) =>
    encodeFunctionData({ abi, functionName: 'execute', args: [pad('0x01', { dir: 'right' }), batched(calls)] }),
  'executeFromExecutor(bytes32,bytes) of a batch': (calls) =>
    encodeFunctionData({ abi, functionName: 'executeFromExecutor', args: [pad('0x01', { dir: 'right' }), batched(calls)] }),
  'multiSend(bytes)': (calls) => encodeFunctionData({ abi, functionName: 'multiSend', args: [packedCalls(calls)] }),
}

/** Of itself: the contract that is called is the one that carries the calls. */
const selfs: Readonly<Record<string, (data: readonly Hex[]) => Hex>> = {
  'multicall(bytes[])': (data) => encodeFunctionData({ abi, functionName: 'multicall', args: [data] }),
  'multicall(uint256,bytes[])': (data) => encodeFunctionData({ abi, functionName: 'multicall', args: [9n, data] }),
  'multicall(bytes32,bytes[])': (data) => encodeFunctionData({ abi, functionName: 'multicall', args: [pad('0x77'), data] }),
}

const operations: Readonly<Record<string, (calls: readonly Call[]) => Hex>> = {
  'handleOps((address,uint256,bytes,bytes,uint256,uint256,uint256,uint256,uint256,bytes,bytes)[],address)': (calls) =>
    encodeFunctionData({
      abi,
      functionName: 'handleOps',
      args: [
        calls.map((call) => ({ ...op(call), callGasLimit: 0n, verificationGasLimit: 0n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n })),
        beneficiary,
      ],
    }),
  'handleOps((address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes)[],address)': (calls) =>
    encodeFunctionData({
      abi,
      functionName: 'handleOps',
      args: [calls.map((call) => ({ ...op(call), accountGasLimits: word, gasFees: word })), beneficiary],
    }),
}

const read = (data: Hex, rest: object = {}) => readEvmPayment({ to: outer, data, chainId: 8453, ...rest })
function refusal(data: Hex): string {
  try {
    read(data)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return 'was read'
}
/** What the token sees of it, whatever carried it. */
const seen = (caller: Address | undefined, target: Address = token) => ({
  token: target,
  authorization,
  signature: concat([pad('0x44'), pad('0x55'), '0x1c']),
  chainId: 8453,
  call: { function: 'transferWithAuthorization', ...(caller === undefined ? {} : { caller }), transaction: { to: outer } },
})

test('the table has the selector of each signature, and none twice', () => {
  expect(wrappers.length).toBeGreaterThan(20)
  for (const { signature, selector } of wrappers) expect(toFunctionSelector(`function ${signature}`), signature).toBe(selector)
  expect(new Set(wrappers.map(({ selector }) => selector)).size).toBe(wrappers.length)
})

test('each row of the table is tried here', () => {
  const tried = new Set([one, many, selfs, operations].flatMap((each) => Object.keys(each)).map((name) => name.replace(' of a batch', '')))
  expect(wrappers.map(({ signature }) => signature).filter((signature) => !tried.has(signature))).toEqual([])
})

describe('a payment in another call', () => {
  test.each(Object.entries(one))('%s', (_name, wrap) => {
    const payment = read(wrap([token, paid()]))
    expect(payment).toMatchObject(seen(outer))
    expect(payment.recognised).toMatch(/^transaction object with calldata of transferWithAuthorization\(.*\) in \S/)
    expect(refusal(wrap([token, plain]))).toMatch(/in which there is no payment/)
  })

  test.each(Object.entries(many))('%s', (_name, wrap) => {
    expect(
      read(
        wrap([
          [other, plain],
          [token, paid()],
          [other, plain],
        ]),
      ),
    ).toMatchObject(seen(outer))
    expect(read(wrap([[token, paid()]]))).toMatchObject(seen(outer))
    expect(
      refusal(
        wrap([
          [token, paid()],
          [token, paid(pad('0x99'))],
        ]),
      ),
    ).toMatch(/ with 2 payments; expected one payment/)
    expect(refusal(wrap([[other, plain]]))).toMatch(/in which there is no payment/)
    expect(refusal(wrap([]))).toMatch(/in which there is no payment/)
  })

  test.each(Object.entries(selfs))('%s', (_name, wrap) => {
    expect(read(wrap([plain, paid()]))).toMatchObject(seen(undefined, outer))
    expect(read(wrap([paid()])).call).not.toHaveProperty('caller')
  })

  test.each(Object.entries(operations))('%s', (_name, wrap) => {
    const inner = one['execute(address,uint256,bytes)']?.([token, paid()]) ?? '0x'
    expect(
      read(
        wrap([
          [other, plain],
          [safe, inner],
        ]),
      ),
    ).toMatchObject(seen(safe))
    expect(
      refusal(
        wrap([
          [safe, inner],
          [other, inner],
        ]),
      ),
    ).toMatch(/ with 2 payments/)
  })

  test('a user operation alone, as JSON and as a request', () => {
    const callData = one['execute(address,uint256,bytes)']?.([token, paid()]) ?? '0x'
    const operation = { sender: safe, nonce: '0x0', callData, signature: '0x1234', maxFeePerGas: '0x1' }
    const expected = { token, authorization, call: { caller: safe } }
    expect(readEvmPayment(operation)).toMatchObject(expected)
    expect(readEvmPayment(operation).recognised).toMatch(/^user operation with calldata/)
    expect(readEvmPayment({ jsonrpc: '2.0', id: 1, method: 'eth_sendUserOperation', params: [operation, outer] })).toMatchObject(expected)
  })

  test('calldata alone tells the token, and not who is called', () => {
    const payment = readEvmPayment(many['aggregate3((address,bool,bytes)[])']?.([[token, paid()]]) ?? '')
    expect(payment).toMatchObject({ token, authorization })
    expect(payment.call).not.toHaveProperty('caller')
    const own = readEvmPayment(selfs['multicall(bytes[])']?.([paid()]) ?? '')
    expect(own.token).toBeUndefined()
  })

  test('in others in others: a user operation whose Safe delegates a batch to MultiSend', () => {
    const batch =
      many['multiSend(bytes)']?.([
        [other, plain],
        [token, paid()],
      ]) ?? '0x'
    const inner = encodeFunctionData({ abi, functionName: 'executeUserOp', args: [other, 0n, batch, 1] })
    const data =
      operations['handleOps((address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes)[],address)']?.([[safe, inner]]) ?? '0x'
    const payment = read(data)
    // Its caller is the Safe, whose code the batch became.
    expect(payment).toMatchObject(seen(safe))
    expect(payment.recognised).toContain(
      "in a Safe's MultiSend in a Safe's executeUserOp in a user operation (handleOps of EntryPoint 0.7)",
    )
  })

  test("a token's code that a Safe runs as its own moves nothing", () => {
    expect(refusal(encodeFunctionData({ abi, functionName: 'execTransaction', args: safeArgs([token, paid()], 1) }))).toMatch(
      /in which there is no payment/,
    )
  })

  test('value that goes along is the business of what carries it', () => {
    const data = many['aggregate3Value((address,bool,uint256,bytes)[])']?.([[token, paid()]]) ?? '0x'
    expect(read(data, { value: '0x7' }).findings).toEqual([])
  })
})

describe('what is damaged', () => {
  const whole = many['aggregate3((address,bool,bytes)[])']?.([[token, paid()]]) ?? '0x'

  test('is read up to the cut, and the word is named', () => {
    const at = whole.indexOf(paid().slice(2))
    expect(refusal(whole.slice(0, at + 8 + 64 * 7 + 10) as Hex)).toMatch(
      /cut in r, its word 8 of 9 \(before it: from 0x1111.*in a Multicall3 batch/,
    )
    expect(refusal(`${whole.slice(0, at + 8 + 64 * 3 + 2)}...` as Hex)).toMatch(
      /cut by dots in validAfter, its word 4 of 9 .*in a Multicall3 batch/,
    )
    expect(refusal(`${whole.slice(0, 200)}…` as Hex)).toMatch(/a Multicall3 batch that is cut by dots/)
    expect(refusal(whole.slice(0, 202) as Hex)).toMatch(/whose arguments can not be decoded/)
  })

  test('is refused in a sentence wherever it is cut, and never read as another payment', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(many)), fc.nat(), (wrap, cut) => {
        const data = wrap([
          [other, plain],
          [token, paid()],
        ])
        const end = 12 + (cut % (data.length - 12))
        try {
          expect(read(data.slice(0, end) as Hex)).toMatchObject({ token, authorization })
        } catch (error) {
          expect(error).toMatchObject({ name: 'Eip3009Error' })
        }
      }),
    )
  })
})

test('hostile bytes end soon: offsets that point back, lists of themselves, calls as deep as they fit', () => {
  fc.assert(
    fc.property(fc.constantFrom(...wrappers), fc.uint8Array({ maxLength: 2_000 }), (wrapper, bytes) => {
      const data = hexToBytes(concat([wrapper.selector, toHex(bytes)]))
      const unwrapped = unwrapCall(data, undefined)
      expect(unwrapped === undefined || unwrapped.kind !== 'payments' || unwrapped.payments.length === 0).toBe(true)
    }),
  )
  // A list of 1,000 that all point at the list itself.
  const back = concat(['0xac9650d8', pad('0x20'), pad(toHex(1_000)), ...Array<Hex>(1_000).fill(pad('0x00'))])
  expect(refusal(back)).toMatch(/^Read a transaction object with calldata of multicall\(bytes\[\]\)/)
  let deep = paid()
  for (let depth = 0; depth < 12; depth++) deep = encodeFunctionData({ abi, functionName: 'multicall', args: [[deep]] })
  expect(refusal(deep)).toMatch(/with more calls in it than are looked at/)
  const wide = many['aggregate((address,bytes)[])']?.(Array<Call>(3_000).fill([other, '0x12345678'])) ?? '0x'
  expect(refusal(wide)).toMatch(/with more calls in it than are looked at/)
})
