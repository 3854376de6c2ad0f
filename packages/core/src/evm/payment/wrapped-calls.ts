import { toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { checksum } from '../../networks/checksum.ts'
import { type AbiBudget, type AbiValue, abiTypes, decodeAbi } from './abi-values.ts'
import { isPaymentSelector } from './calldata.ts'

/** A payment's call, found in the calldata of another one. */
export interface WrappedCall {
  /** The contract that is called; undefined where it is the one that the outermost call was sent to, which calldata alone does not tell. */
  readonly target?: Address
  /** Who calls it, likewise. */
  readonly caller?: Address
  readonly data: Uint8Array
  /** What it stands in, the innermost first. */
  readonly within: readonly string[]
}

export type Unwrapped =
  | { readonly kind: 'payments'; readonly payments: readonly WrappedCall[]; readonly label: string }
  /** Its own arguments can not be decoded, or those of a call in it. */
  | { readonly kind: 'broken'; readonly label: string }
  /** More than anybody sends. */
  | { readonly kind: 'too-many'; readonly label: string }

/** A call inside of one. `self` is made by the contract to itself, and `delegate` runs another's code as the contract's own. */
interface Inner {
  readonly by: 'call' | 'self' | 'delegate'
  readonly target?: AbiValue | undefined
  readonly data: AbiValue | undefined
}

interface Wrapper {
  /** Name and types, of which the selector is made. */
  readonly signature: string
  readonly selector: Hex
  /** After "in". */
  readonly label: string
  /** Undefined for bytes that are no calls. */
  readonly open: (args: readonly AbiValue[], budget: AbiBudget) => readonly Inner[] | undefined
}

/** Deeper than a user operation whose account has a Safe send a batch of multicalls. */
const deepest = 8
/** Calls in calls, all of them. A block's whole gas pays for fewer payments. */
const mostCalls = 2_000
const mostValues = 20_000

/** `(target, …, data)` with any number of words between them. */
function ofTuple(value: AbiValue): Inner {
  const parts = listOf(value)
  return { by: 'call', target: parts[0], data: parts.at(-1) }
}

function listOf(value: AbiValue | undefined): readonly AbiValue[] {
  return value === undefined || value instanceof Uint8Array ? [] : value
}

/** The first argument, the third and, where there is a fourth, its operation: Safe's 1 is a DELEGATECALL. */
function executed([target, , data, operation]: readonly AbiValue[]): readonly Inner[] {
  const last = operation instanceof Uint8Array ? operation[31] : 0
  return [{ by: last === 1 ? 'delegate' : 'call', target, data }]
}

function pairs(targets: AbiValue | undefined, data: AbiValue | undefined): readonly Inner[] | undefined {
  const [to, calls] = [listOf(targets), listOf(data)]
  return to.length === calls.length ? to.map((target, index) => ({ by: 'call', target, data: calls[index] })) : undefined
}

const tuplesAt =
  (index: number) =>
  (args: readonly AbiValue[]): readonly Inner[] =>
    listOf(args[index]).map(ofTuple)

const own =
  (index: number) =>
  (args: readonly AbiValue[]): readonly Inner[] =>
    listOf(args[index]).map((data) => ({ by: 'self', data }))

const callTuples = abiTypes('(address,uint256,bytes)[]')

/** ERC-7579: the first byte of the mode says whether it is one call, packed, or a batch; ERC-7821 has data of its own behind the batch. */
function byMode([mode, data]: readonly AbiValue[], budget: AbiBudget): readonly Inner[] | undefined {
  if (!(mode instanceof Uint8Array) || !(data instanceof Uint8Array)) return undefined
  switch (mode[0]) {
    case 0x00:
      return data.length < 52 ? undefined : [{ by: 'call', target: data.subarray(0, 20), data: data.subarray(52) }]
    case 0x01: {
      const calls = decodeAbi(callTuples, data, 0, budget)
      return calls === undefined ? undefined : listOf(calls[0]).map(ofTuple)
    }
    case 0xff:
      return data.length < 20 ? undefined : [{ by: 'delegate', target: data.subarray(0, 20), data: data.subarray(20) }]
    default:
      return undefined
  }
}

/** Safe's MultiSend: operation, address, value, length and data of each, without a gap. */
function packed([all]: readonly AbiValue[]): readonly Inner[] | undefined {
  if (!(all instanceof Uint8Array)) return undefined
  const calls: Inner[] = []
  for (let at = 0; at < all.length; ) {
    const lengthWord = all.subarray(at + 53, at + 85)
    if (lengthWord.length < 32 || calls.length > mostCalls) return undefined
    const length = lengthWord.reduce((sum, byte) => Math.min(256 * sum + byte, Number.MAX_SAFE_INTEGER), 0)
    const start = at + 85
    if (length > all.length - start) return undefined
    calls.push({
      by: all[at] === 1 ? 'delegate' : 'call',
      target: all.subarray(at + 1, at + 21),
      data: all.subarray(start, start + length),
    })
    at = start + length
  }
  return calls
}

/** An account's own calldata in each user operation, which the EntryPoint calls it with: its first member and its fourth. */
function operations([operationsList]: readonly AbiValue[]): readonly Inner[] {
  return listOf(operationsList).map((operation) => {
    const parts = listOf(operation)
    return { by: 'call', target: parts[0], data: parts[3] }
  })
}

/**
 * Calls that carry other calls. Sources: github.com/mds1/multicall3; safe-global/safe-smart-account (Safe.sol, ModuleManager.sol, MultiSend.sol) and
 * safe-modules (Safe4337Module.sol); eth-infinitism/account-abstraction v0.6 and v0.7 (EntryPoint.sol, SimpleAccount.sol); ERC-725, ERC-6551,
 * ERC-7579, ERC-7821; coinbase/smart-wallet (CoinbaseSmartWallet.sol); OpenZeppelin (Multicall.sol); Uniswap (IMulticallExtended.sol).
 */
export const wrappers = [
  { signature: 'aggregate((address,bytes)[])', selector: '0x252dba42', label: 'a Multicall batch', open: tuplesAt(0) },
  { signature: 'tryAggregate(bool,(address,bytes)[])', selector: '0xbce38bd7', label: 'a Multicall batch', open: tuplesAt(1) },
  { signature: 'blockAndAggregate((address,bytes)[])', selector: '0xc3077fa9', label: 'a Multicall batch', open: tuplesAt(0) },
  { signature: 'tryBlockAndAggregate(bool,(address,bytes)[])', selector: '0x399542e9', label: 'a Multicall batch', open: tuplesAt(1) },
  { signature: 'aggregate3((address,bool,bytes)[])', selector: '0x82ad56cb', label: 'a Multicall3 batch', open: tuplesAt(0) },
  { signature: 'aggregate3Value((address,bool,uint256,bytes)[])', selector: '0x174dea71', label: 'a Multicall3 batch', open: tuplesAt(0) },
  { signature: 'multicall(bytes[])', selector: '0xac9650d8', label: 'multicall(bytes[])', open: own(0) },
  { signature: 'multicall(uint256,bytes[])', selector: '0x5ae401dc', label: 'multicall(uint256,bytes[])', open: own(1) },
  { signature: 'multicall(bytes32,bytes[])', selector: '0x1f0464d1', label: 'multicall(bytes32,bytes[])', open: own(1) },
  {
    signature: 'execute(address,uint256,bytes)',
    selector: '0xb61d27f6',
    label: 'execute(address,uint256,bytes)',
    open: ([target, , data]) => [{ by: 'call', target, data }],
  },
  {
    signature: 'execute((address,uint256,bytes))',
    selector: '0x5c1c6dcd',
    label: 'execute((address,uint256,bytes))',
    open: ([call]) => (call === undefined ? undefined : [ofTuple(call)]),
  },
  {
    signature: 'execute((address,uint256,bytes)[])',
    selector: '0x3f707e6b',
    label: 'execute((address,uint256,bytes)[])',
    open: tuplesAt(0),
  },
  {
    // ERC-6551, Kernel and Safe's kin.
    signature: 'execute(address,uint256,bytes,uint8)',
    selector: '0x51945447',
    label: 'execute(address,uint256,bytes,uint8)',
    open: executed,
  },
  {
    // ERC-725 has its operation first, of which 0 is a call.
    signature: 'execute(uint256,address,uint256,bytes)',
    selector: '0x44c028fe',
    label: 'execute(uint256,address,uint256,bytes)',
    open: ([operation, target, , data]) => [
      { by: operation instanceof Uint8Array && operation.every((byte) => byte === 0) ? 'call' : 'delegate', target, data },
    ],
  },
  { signature: 'execute(bytes32,bytes)', selector: '0xe9ae5c53', label: 'execute(bytes32,bytes) of ERC-7579', open: byMode },
  {
    signature: 'executeFromExecutor(bytes32,bytes)',
    selector: '0xd691c964',
    label: 'executeFromExecutor(bytes32,bytes) of ERC-7579',
    open: byMode,
  },
  {
    signature: 'executeBatch(address[],bytes[])',
    selector: '0x18dfb3c7',
    label: 'executeBatch(address[],bytes[])',
    open: ([targets, data]) => pairs(targets, data),
  },
  {
    signature: 'executeBatch(address[],uint256[],bytes[])',
    selector: '0x47e1da2a',
    label: 'executeBatch(address[],uint256[],bytes[])',
    open: ([targets, , data]) => pairs(targets, data),
  },
  {
    signature: 'executeBatch((address,uint256,bytes)[])',
    selector: '0x34fcd5be',
    label: 'executeBatch((address,uint256,bytes)[])',
    open: tuplesAt(0),
  },
  {
    signature: 'execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)',
    selector: '0x6a761202',
    label: "a Safe's execTransaction",
    open: executed,
  },
  {
    signature: 'execTransactionFromModule(address,uint256,bytes,uint8)',
    selector: '0x468721a7',
    label: "a Safe's execTransactionFromModule",
    open: executed,
  },
  {
    signature: 'execTransactionFromModuleReturnData(address,uint256,bytes,uint8)',
    selector: '0x5229073f',
    label: "a Safe's execTransactionFromModuleReturnData",
    open: executed,
  },
  { signature: 'executeUserOp(address,uint256,bytes,uint8)', selector: '0x7bb37428', label: "a Safe's executeUserOp", open: executed },
  {
    signature: 'executeUserOpWithErrorString(address,uint256,bytes,uint8)',
    selector: '0x541d63c8',
    label: "a Safe's executeUserOpWithErrorString",
    open: executed,
  },
  { signature: 'multiSend(bytes)', selector: '0x8d80ff0a', label: "a Safe's MultiSend", open: packed },
  {
    signature: 'handleOps((address,uint256,bytes,bytes,uint256,uint256,uint256,uint256,uint256,bytes,bytes)[],address)',
    selector: '0x1fad948c',
    label: 'a user operation (handleOps of EntryPoint 0.6)',
    open: operations,
  },
  {
    signature: 'handleOps((address,uint256,bytes,bytes,bytes32,uint256,bytes32,bytes,bytes)[],address)',
    selector: '0x765e827f',
    label: 'a user operation (handleOps of EntryPoint 0.7)',
    open: operations,
  },
] as const satisfies readonly Wrapper[]

const bySelector: ReadonlyMap<string, Wrapper> = new Map(wrappers.map((wrapper) => [wrapper.selector, wrapper]))

/** What a call is that carries others, after "in"; undefined for every other call. */
export function wrapperLabel(selector: string): string | undefined {
  return bySelector.get(selector)?.label
}

/** The payments in the calls that a call carries, however deep; undefined for a call that carries none. `to` is where it was sent, as far as that is known. */
export function unwrapCall(bytes: Uint8Array, to: Address | undefined): Unwrapped | undefined {
  const outer = wrapperOf(bytes)
  if (outer === undefined) return undefined
  const payments: WrappedCall[] = []
  const budget: AbiBudget = { left: mostValues }
  const calls: Placed[] = [{ data: bytes, self: to, within: [] }]
  for (let index = 0; index < calls.length; index++) {
    const call = calls[index]
    const wrapper = call === undefined ? undefined : wrapperOf(call.data)
    if (call === undefined || wrapper === undefined) continue
    if (call.within.length >= deepest) return { kind: 'too-many', label: outer.label }
    const args = decodeAbi(abiTypes(wrapper.signature.slice(wrapper.signature.indexOf('(') + 1, -1)), call.data.subarray(4), 0, budget)
    const inner = args === undefined ? undefined : wrapper.open(args, budget)
    // Behind what can't be read there may be another one.
    if (inner === undefined) return { kind: budget.left < 0 ? 'too-many' : 'broken', label: wrapper.label }
    const within = [wrapper.label, ...call.within]
    for (const { by, target, data } of inner) {
      if (calls.length >= mostCalls) return { kind: 'too-many', label: outer.label }
      if (!(data instanceof Uint8Array)) return { kind: 'broken', label: wrapper.label }
      const placed = placedCall(by, target, data, call, within)
      // What a token's code does as another's own is not done to the token's balances.
      if (isPayment(data) && by !== 'delegate') payments.push(withoutUndefined(placed))
      else calls.push(placed)
    }
  }
  return { kind: 'payments', payments, label: outer.label }
}

interface Placed {
  readonly data: Uint8Array
  /** The contract that runs it, and who called that one. */
  readonly self: Address | undefined
  readonly caller?: Address | undefined
  readonly within: readonly string[]
}

function placedCall(by: Inner['by'], target: AbiValue | undefined, data: Uint8Array, outer: Placed, within: readonly string[]): Placed {
  if (by !== 'call') return { data, self: outer.self, caller: outer.caller, within }
  return { data, self: target instanceof Uint8Array ? checksum(toHex(target.subarray(-20))) : undefined, caller: outer.self, within }
}

function withoutUndefined({ data, self, caller, within }: Placed): WrappedCall {
  return { data, within, ...(self === undefined ? {} : { target: self }), ...(caller === undefined ? {} : { caller }) }
}

function wrapperOf(data: Uint8Array): Wrapper | undefined {
  return data.length < 36 ? undefined : bySelector.get(toHex(data.subarray(0, 4)))
}

function isPayment(data: Uint8Array): boolean {
  return data.length >= 4 && isPaymentSelector(toHex(data.subarray(0, 4)))
}
