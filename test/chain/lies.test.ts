import {
  builtInNetworks,
  type CauseId,
  diagnose,
  type EvmDiagnoseOptions,
  type EvmDiagnosis,
  type EvmPayment,
  searchSignature,
  type Verdict,
} from '@eip3009/core'
import { chainReader } from '@eip3009/core/chain'
import { delegationTo, type EmbeddedChain, openChain, walletCode } from '@eip3009/core/replay'
import { type Address, encodeAbiParameters, encodeFunctionData, type Hex, numberToHex, pad, stringToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forward } from '../rpc-server.ts'
import {
  base,
  domain,
  now,
  openWorld,
  payee,
  payer,
  payment,
  relayer,
  settle,
  stranger,
  tokenAbi,
  value,
  type World,
} from './chain-world.ts'

/** keccak256("org.zeppelinos.proxy.implementation") */
const implementationSlot = '0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3'
const token = base.usdc.address

/** An answer of JSON-RPC, without its wrapping. */
type Answer =
  | { readonly result?: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: string } }

interface Call {
  readonly method: string
  readonly params: readonly unknown[]
}

/** Which question a call is: its method, and of what is asked in several ways the selector, the account or the block. */
function labelOf({ method, params }: Call): string {
  const [first, second] = params
  if (method === 'eth_call') {
    const { to, data, gasPrice } = first as { to?: string; data: string; gasPrice?: string }
    const selector = data.slice(0, 10)
    if (to === undefined) return `eth_call without an address, ${data.slice(-16)}`
    const of = selector === '0xfe575a87' ? (data.toLowerCase().includes(payee.slice(2).toLowerCase()) ? ' payee' : ' payer') : ''
    return `eth_call ${selector}${of}${gasPrice === undefined ? '' : ' paid'}${second === 'pending' ? ' pending' : ''}`
  }
  if (method === 'eth_getBlockByNumber') return `${method} ${String(first).startsWith('0x') ? 'by number' : first}`
  if (method === 'eth_getStorageAt') return `${method} ${String(second).slice(0, 10)}`
  if (method === 'eth_getCode' || method === 'eth_getBalance') return `${method} ${String(first).toLowerCase()}`
  if (method === 'eth_getTransactionCount') return `${method} ${String(second)}`
  return method
}

const word = (number: bigint): Hex => numberToHex(number, { size: 32 })
const yes = word(1n)
const no = word(0n)
const error = (message: string, data?: string): Answer => ({ error: { code: 3, message, ...(data === undefined ? {} : { data }) } })
const revert = (reason: string): Answer =>
  error(`execution reverted: ${reason}`, `0x08c379a0${encodeAbiParameters([{ type: 'string' }], [reason]).slice(2)}`)

/** What FiatToken v2.2 says, by its source. */
const words = [
  'Pausable: paused',
  'Blacklistable: account is blacklisted',
  'FiatTokenV2: authorization is not yet valid',
  'FiatTokenV2: authorization is expired',
  'FiatTokenV2: authorization is used or canceled',
  'FiatTokenV2: invalid signature',
  "ECRecover: invalid signature 'v' value",
  'ECRecover: invalid signature length',
  'ERC20: transfer amount exceeds balance',
] as const

/** Answers that nothing can be read out of, or that are of another type: to every question. */
function damaged(honest: Answer): readonly (readonly [string, Answer])[] {
  const told = 'result' in honest ? honest.result : undefined
  const hex = typeof told === 'string' && told.startsWith('0x') ? told : undefined
  return [
    ['0x', { result: '0x' }],
    ['0x0', { result: '0x0' }],
    ['0x1', { result: '0x1' }],
    ['an empty text', { result: '' }],
    ['null', { result: null }],
    ['no result', {}],
    ['a number', { result: 7 }],
    ['a bool', { result: true }],
    ['an object', { result: {} }],
    ['a list', { result: [] }],
    ['a list of one', { result: ['0x01'] }],
    ['text', { result: 'none' }],
    ['no hex', { result: `0x${'zz'.repeat(32)}` }],
    ['without end', { result: `0x${'00'.repeat(1_100_000)}` }],
    ['a word of ones', { result: `0x${'ff'.repeat(32)}` }],
    ['a word with a dirty half', { result: `0xdead${'00'.repeat(29)}01` }],
    ['a revert without data', error('execution reverted')],
    ['a revert with empty data', error('execution reverted', '0x')],
    ['a failure', { error: { code: -32603, message: 'internal error' } }],
    ...(hex === undefined || hex.length < 6
      ? []
      : [
          ['half a byte less', { result: hex.slice(0, -1) }] as const,
          ['half a byte more', { result: `${hex}0` }] as const,
          ['cut in the middle', { result: hex.slice(0, 2 + 2 * Math.floor((hex.length - 2) / 4)) }] as const,
          ['without its 0x', { result: hex.slice(2) }] as const,
        ]),
  ]
}

const someAddress = '0x00000000000000000000000000000000000000d1'
const header = (honest: Answer, changes: (header: Record<string, string>) => object): Answer => {
  const told = ('result' in honest ? honest.result : {}) as Record<string, string>
  return { result: { ...told, ...changes(told) } }
}
const plus = (quantity: string | undefined, more: bigint): Hex => {
  const sum = BigInt(quantity ?? 0) + more
  // The finalized block may be the chain's first.
  return numberToHex(sum < 0n ? 0n : sum)
}

/** What a question could be answered as well, each by itself a whole and plausible answer. */
function plausible(label: string, honest: Answer): readonly (readonly [string, Answer])[] {
  const told = 'result' in honest ? honest.result : undefined
  const flags = [
    ['true', { result: yes }],
    ['false', { result: no }],
    ['two', { result: word(2n) }],
  ] as const
  const simulated = [['succeeds', { result: '0x' }] as const, ...words.map((reason) => [`reverts: ${reason}`, revert(reason)] as const)]
  if (/0xe3ee160e|0xcf092995|0xef55bec6|0x88b7ab63/.test(label)) return simulated
  if (/0x5c975abb|0xfe575a87|0xe94a0102/.test(label)) return flags
  if (label.includes('0x70a08231'))
    return [0n, value - 1n, value, 10n ** 30n].map((balance) => [`balance ${balance}`, { result: word(balance) }] as const)
  if (label.includes('0x3644e515'))
    return [
      ['another separator', { result: `0x${'5a'.repeat(32)}` }],
      ['a zero separator', { result: no }],
    ]
  if (/0x06fdde03|0x54fd4d50|0x95d89b41/.test(label))
    return ['USDC', '1', ''].map((text) => [`"${text}"`, { result: encodeAbiParameters([{ type: 'string' }], [text]) }] as const)
  if (label.includes('0x313ce567')) return [['18 decimals', { result: word(18n) }]]
  if (label.includes('0x1626ba7e'))
    return [
      ['accepts', { result: stringToHex('\x16\x26\xba\x7e', { size: 32 }).replace(/^0x.{16}/, '0x1626ba7e00000000') }],
      ['refuses', { result: `0xffffffff${'00'.repeat(28)}` }],
      ['reverts', error('execution reverted', '0x')],
    ]
  if (label.startsWith('eth_getCode'))
    return [
      ['a small contract', { result: '0x60006000fd' }],
      ['a delegation', { result: delegationTo(someAddress) }],
      ['a wallet that accepts', { result: walletCode.accepts }],
      ['a wallet that refuses', { result: walletCode.refuses }],
      [
        'code with every selector',
        { result: '0x63e3ee160e63cf09299563ef55bec66388b7ab6363e94a0102635c975abb63fe575a876370a08231633644e5156306fdde03' },
      ],
    ]
  if (label.startsWith('eth_getStorageAt'))
    return [
      ['zero', { result: no }],
      ['another address', { result: pad(someAddress) }],
    ]
  if (label.startsWith('eth_getBlockByNumber'))
    return [
      ...[-3600n, -60n, 60n, 3600n].map(
        (by) => [`time ${by}`, header(honest, ({ timestamp }) => ({ timestamp: plus(timestamp, by) }))] as const,
      ),
      ['another hash', header(honest, () => ({ hash: pad('0x77') }))],
      ['the block before', header(honest, ({ number }) => ({ number: plus(number, -1n) }))],
      ['the block after', header(honest, ({ number }) => ({ number: plus(number, 1n) }))],
      ['no base fee', header(honest, () => ({ baseFeePerGas: '0x0' }))],
      ['a huge base fee', header(honest, () => ({ baseFeePerGas: numberToHex(10n ** 18n) }))],
    ]
  if (label === 'eth_chainId') return [['another chain', { result: '0x1' }]]
  if (label.startsWith('eth_getBalance') || label === 'eth_gasPrice' || label.startsWith('eth_getTransactionCount'))
    return [0n, 1n, 10n ** 24n].map((number) => [String(number), { result: numberToHex(number) }] as const)
  if (label === 'debug_traceCall') {
    const call = (to: string, input: string, output: string): Answer => ({
      result: { to: token, input: '0x', calls: [{ to, input, output }] },
    })
    const digest = /"input":"0x([0-9a-f]{64})[0-9a-f]{192}"/.exec(JSON.stringify(told))?.[1] ?? 'ab'.repeat(32)
    const ecrecover = `0x${'1'.padStart(40, '0')}`
    return [
      ['no check', { result: { to: token, input: '0x', calls: [] } }],
      ['another digest', call(ecrecover, `0x${'5a'.repeat(32)}${'00'.repeat(96)}`, pad(stranger.address))],
      ['the payer recovered', call(ecrecover, `0x${digest}${'00'.repeat(96)}`, pad(payer.address))],
      ['nobody recovered', call(ecrecover, `0x${digest}${'00'.repeat(96)}`, '0x')],
      ['a wallet that accepted', call(payer.address, `0x1626ba7e${digest}`, `0x1626ba7e${'00'.repeat(28)}`)],
      ['a wallet that refused', call(payer.address, `0x1626ba7e${digest}`, '0x')],
    ]
  }
  if (label === 'eth_getLogs') {
    const logs = Array.isArray(told) ? (told as { topics: string[] }[]) : []
    const other = {
      used: '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5',
      canceled: '0x1cdd46ff242716cdaa72d159d339a485b3438398348d68f09d7c8c0a59353d81',
    }
    const swapped = (topic: string | undefined): string => (topic === other.used ? other.canceled : other.used)
    return [
      ['none', { result: [] }],
      ['the other event', { result: logs.map((log) => ({ ...log, topics: [swapped(log.topics[0]), ...log.topics.slice(1)] })) }],
      ['another transaction', { result: logs.map((log) => ({ ...log, transactionHash: pad('0x99') })) }],
      ['another block', { result: logs.map((log) => ({ ...log, blockNumber: '0x1' })) }],
      ['of another token', { result: logs.map((log) => ({ ...log, address: someAddress })) }],
    ]
  }
  if (label === 'eth_getTransactionReceipt' || label === 'eth_getTransactionByHash') {
    const receipt = (told ?? {}) as { logs?: { data: string }[] }
    return [
      ['another sender', { result: { ...receipt, from: someAddress } }],
      ['no logs', { result: { ...receipt, logs: [] } }],
      [
        'another value',
        { result: { ...receipt, logs: (receipt.logs ?? []).map((log) => (log.data === '0x' ? log : { ...log, data: word(5n) })) } },
      ],
      ['another transaction', { result: { ...receipt, hash: pad('0x99'), transactionHash: pad('0x99') } }],
    ]
  }
  return []
}

/** A payment, how the world is made to be for it, and what is true of it: found out from the contract, and from how it was made. */
interface Scene {
  readonly name: string
  readonly stage: (world: World) => Promise<{ readonly paid: EvmPayment } & Partial<Pick<EvmDiagnoseOptions, 'facilitator' | 'at'>>>
  /** What the token says to it; `settles` where it takes it. */
  readonly says: string | RegExp
  /** The causes that are true. */
  readonly causes: readonly CauseId[]
  /** What is true of the money; absent where it hangs on more than the chain. */
  readonly money?: 'moved' | 'not-moved' | 'can-move'
  /** Whether every damage is tried on every answer; a few of them otherwise. */
  readonly thorough?: true
}

const delegate: Address = '0x00000000000000000000000000000000000000d7'
const transferred = encodeFunctionData({ abi: tokenAbi, functionName: 'pause' })
const cancel = async (): Promise<Hex> => {
  const nonce = pad('0xab')
  const signature = await payer.signTypedData({
    domain,
    types: {
      CancelAuthorization: [
        { name: 'authorizer', type: 'address' },
        { name: 'nonce', type: 'bytes32' },
      ],
    },
    primaryType: 'CancelAuthorization',
    message: { authorizer: payer.address, nonce },
  })
  return encodeFunctionData({ abi: tokenAbi, functionName: 'cancelAuthorization', args: [payer.address, nonce, signature] })
}
const listed = (account: Address): Hex => encodeFunctionData({ abi: tokenAbi, functionName: 'blacklist', args: [account] })

const scenes: readonly Scene[] = [
  { name: 'good', stage: async () => ({ paid: await payment() }), says: 'settles', causes: [], money: 'can-move', thorough: true },
  {
    name: 'good, with a facilitator who has money',
    stage: async () => ({ paid: await payment(), facilitator: relayer }),
    says: 'settles',
    causes: [],
    money: 'can-move',
  },
  {
    name: 'good, of a wallet that accepts',
    stage: async (world) => {
      await world.setCode(payer.address, walletCode.accepts)
      return { paid: await payment() }
    },
    says: 'settles',
    causes: [],
    money: 'can-move',
  },
  {
    name: 'good, of a payer who is delegated to code that accepts',
    stage: async (world) => {
      await world.setCode(payer.address, delegationTo(delegate))
      await world.setCode(delegate, walletCode.accepts)
      return { paid: await payment() }
    },
    says: 'settles',
    causes: [],
    money: 'can-move',
  },
  {
    name: 'poor',
    stage: async () => ({ paid: await payment({ from: stranger.address, signer: stranger }) }),
    says: /exceeds balance/,
    causes: ['insufficient-balance'],
    money: 'can-move',
    thorough: true,
  },
  {
    name: 'paused',
    stage: async (world) => {
      await world.asRole('pauser', transferred)
      return { paid: await payment() }
    },
    says: /Pausable: paused/,
    causes: ['paused'],
    money: 'can-move',
  },
  {
    name: 'payer blacklisted',
    stage: async (world) => {
      await world.asRole('blacklister', listed(payer.address))
      return { paid: await payment() }
    },
    says: /account is blacklisted/,
    causes: ['blacklisted'],
    money: 'can-move',
  },
  {
    name: 'payee blacklisted',
    stage: async (world) => {
      await world.asRole('blacklister', listed(payee))
      return { paid: await payment() }
    },
    says: /account is blacklisted/,
    causes: ['blacklisted'],
    money: 'can-move',
  },
  {
    name: 'used',
    stage: async (world) => {
      const paid = await payment()
      await world.send(relayer, token, settle(paid))
      return { paid, facilitator: relayer }
    },
    says: /used or canceled/,
    causes: ['authorization-used'],
    money: 'moved',
    thorough: true,
  },
  {
    name: 'used by somebody else',
    stage: async (world) => {
      const paid = await payment()
      await world.send(stranger.address, token, settle(paid))
      return { paid, facilitator: relayer }
    },
    says: /used or canceled/,
    // Who sent it is a fact of its own: without it, it is used.
    causes: ['executed-by-third-party', 'authorization-used'],
    money: 'moved',
  },
  {
    name: 'canceled',
    stage: async (world) => {
      await world.send(relayer, token, await cancel())
      return { paid: await payment() }
    },
    says: /used or canceled/,
    causes: ['authorization-canceled'],
    money: 'not-moved',
  },
  {
    name: 'delegated to code that refuses',
    stage: async (world) => {
      await world.setCode(payer.address, delegationTo(delegate))
      await world.setCode(delegate, walletCode.refuses)
      return { paid: await payment() }
    },
    says: /invalid signature/,
    causes: ['eip7702-payer'],
    money: 'can-move',
  },
  {
    name: 'a wallet that refuses',
    stage: async (world) => {
      await world.setCode(payer.address, walletCode.refuses)
      return { paid: await payment() }
    },
    says: /invalid signature/,
    causes: ['smart-wallet-signature'],
    money: 'can-move',
  },
  {
    name: 'a wrong name',
    stage: async () => ({ paid: await payment({ domain: { ...domain, name: 'USDC' } }) }),
    says: /invalid signature/,
    causes: ['domain-name-mismatch'],
    money: 'not-moved',
  },
  {
    name: 'v of 0 or 1',
    stage: async () => {
      const good = await payment()
      const v = Number.parseInt(good.signature.slice(-2), 16) - 27
      return { paid: { ...good, signature: `${good.signature.slice(0, -2)}0${v}` as Hex } }
    },
    says: /invalid signature 'v' value/,
    causes: ['v-0-or-1'],
  },
  {
    name: 'not open yet',
    stage: async () => ({ paid: await payment({ after: now + 200n, before: now + 300n }) }),
    says: /not yet valid/,
    causes: ['not-yet-valid'],
    money: 'can-move',
  },
  {
    name: 'no contract',
    stage: async (world) => {
      await world.setCode(token, '0x')
      return { paid: await payment() }
    },
    // Calls of nothing succeed.
    says: 'settles',
    causes: ['asset-has-no-code'],
    money: 'not-moved',
  },
  {
    name: 'a contract without EIP-3009',
    stage: async (world) => {
      await world.request('anvil_setStorageAt', token, implementationSlot, no)
      await world.setCode(token, '0x60006000fd')
      return { paid: await payment() }
    },
    says: /revert/,
    causes: ['token-without-eip3009'],
    money: 'can-move',
  },
  {
    name: 'a facilitator without money',
    stage: async (world) => {
      await world.request('anvil_setBalance', relayer, '0x1')
      return { paid: await payment(), facilitator: relayer }
    },
    says: 'settles',
    causes: ['facilitator-out-of-gas-money'],
    money: 'can-move',
  },
]

interface Lie {
  readonly label: string
  readonly name: string
  readonly answer: Answer
  /** How often the question is answered so; honestly afterwards. */
  readonly times: number
}

const damages: ReadonlySet<string> = new Set(damaged({ result: '0x123456' }).map(([name]) => name))
const few: ReadonlySet<string> = new Set(['0x', 'null', 'half a byte less', 'a revert without data'])

/** Most of the time of a diagnosis is waiting for turns of the event loop. */
async function atOnce<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const left = [...all]
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let each = left.shift(); each !== undefined; each = left.shift()) await work(each)
    }),
  )
}

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

/** Asks the world, each question once. */
function asking(): (call: Call) => Promise<Answer> {
  const kept = new Map<string, Promise<Answer>>()
  return (call) => {
    const key = JSON.stringify(call)
    const answer =
      kept.get(key) ??
      forward(world.url, { jsonrpc: '2.0', id: 1, ...call }).then(
        (reply) => JSON.parse(String((reply as { body: unknown }).body)) as Answer,
      )
    kept.set(key, answer)
    return answer
  }
}

/** An EIP-1193 provider whose answers to one question are another's. */
function provider(honest: (call: Call) => Promise<Answer>, lie?: Lie) {
  let told = 0
  return {
    request: async ({ method, params = [] }: { method: string; params?: readonly unknown[] }): Promise<unknown> => {
      const call = { method, params }
      const isLie = lie !== undefined && labelOf(call) === lie.label && told++ < lie.times
      const answer = isLie ? lie.answer : await honest(call)
      if ('error' in answer) throw Object.assign(new TypeError(answer.error.message), answer.error)
      return answer.result
    },
  }
}

/** What the contract itself says to the payment now, in calldata that viem encoded. */
async function tokenSays(paid: EvmPayment): Promise<string> {
  try {
    await world.request('eth_call', { from: relayer, to: token, data: settle(paid) }, 'latest')
    return 'settles'
  } catch (error) {
    return String(error)
  }
}

const right = (scene: Scene): Verdict => (scene.causes.length === 0 ? 'settles' : 'fails')

/** What must never be said of a payment of which this is true, whoever lies; undefined where nothing wrong is said. */
function untrue(scene: Scene, diagnosis: EvmDiagnosis): string | undefined {
  const { verdict, cause, proof, money, retry } = diagnosis
  const isCause = cause !== null && scene.causes.includes(cause)
  if (verdict === 'fails' && proof === 'proven' && !isCause) return `proven: ${cause}`
  if (verdict === 'fails' && !isCause && !uncontradicted.has(String(cause))) return `cause ${cause}`
  // The token takes what its facilitator can not pay for.
  if (verdict === 'settles' && right(scene) === 'fails' && !scene.causes.includes('facilitator-out-of-gas-money'))
    return `settles, ${proof}`
  if (
    scene.money !== undefined &&
    money.state !== 'unknown' &&
    money.state !== scene.money &&
    !(money.state === 'can-move' && !isNonceKnown(diagnosis))
  )
    return `money ${money.state}: ${money.says}`
  if (scene.money === 'moved' && retry.action !== 'never' && retry.action !== 'unknown') return `retry ${retry.action}`
  return undefined
}

/** Where no nonce was read, it is said that it can move unless it was used. */
function isNonceKnown({ chain }: EvmDiagnosis): boolean {
  return chain.some(({ facts }) => facts.some(({ fact, says }) => fact === 'nonce.used' && says !== null))
}

/** What no other read and no call excludes: it is said to be read from one RPC, and is not proven. */
const uncontradicted: ReadonlySet<string> = new Set<CauseId>(['facilitator-out-of-gas-money'])

describe.each(scenes.map((scene) => [scene.name, scene] as const))('of a payment that is %s', (_name, scene) => {
  let honest: (call: Call) => Promise<Answer>
  let staged: Awaited<ReturnType<Scene['stage']>>
  let asked: EvmDiagnoseOptions
  let snapshot: unknown
  const answers = new Map<string, Answer>()

  beforeAll(async () => {
    snapshot = await world.request('evm_snapshot')
    staged = await scene.stage(world)
    honest = asking()
    const { timestamp } = (await world.request('eth_getBlockByNumber', 'latest', false)) as { timestamp: Hex }
    const { facilitator, at } = staged
    // A lie about the chain changes nothing about the signature, which is searched once.
    const signature = await searchSignature(staged.paid, builtInNetworks, { depth: 'quick' })
    asked = {
      now: BigInt(timestamp),
      signature,
      ...(facilitator === undefined ? {} : { facilitator }),
      ...(at === undefined ? {} : { at }),
    }
    const watching = async (call: Call): Promise<Answer> => {
      const answer = await honest(call)
      if (!answers.has(labelOf(call))) answers.set(labelOf(call), answer)
      return answer
    }
    const diagnosis = await diagnose(staged.paid, { ...asked, chains: [chainReader(provider(watching))] })
    // The truth, told by an RPC that does not lie.
    expect(await tokenSays(staged.paid)).toMatch(scene.says)
    expect(diagnosis).toMatchObject({ verdict: right(scene), cause: scene.causes[0] ?? null, contradictions: [] })
    expect(untrue(scene, diagnosis)).toBeUndefined()
  })
  afterAll(async () => {
    await world.request('evm_revert', snapshot)
  })

  const lies = (): readonly Lie[] =>
    [...answers].flatMap(([label, answer]) => {
      const told = JSON.stringify({ result: 'result' in answer ? answer.result : undefined })
      const damage = damaged(answer).filter(([name]) => scene.thorough === true || few.has(name))
      const times = label.startsWith('eth_getBlockByNumber') ? [1, Number.POSITIVE_INFINITY] : [Number.POSITIVE_INFINITY]
      return [...plausible(label, answer), ...damage]
        .filter(([, each]) => JSON.stringify(each) !== told)
        .flatMap(([name, each]) =>
          times.map((often) => ({ label, name: often === 1 ? `${name}, once` : name, answer: each, times: often })),
        )
    })

  it('no lie of one RPC makes a wrong cause, or a payment that fails settle', async () => {
    const wrong: string[] = []
    const all = lies()
    await atOnce(all, async (lie) => {
      const diagnosis = await diagnose(staged.paid, { ...asked, chains: [chainReader(provider(honest, lie))] })
      const what = untrue(scene, diagnosis)
      if (what !== undefined) wrong.push(`${lie.label} = ${lie.name}: ${what}`)
    })
    expect(wrong).toEqual([])
    expect(all.length).toBeGreaterThan(100)
  }, 120_000)

  it('told by one of two RPCs, whichever is asked first, a lie leaves it open or changes nothing', async () => {
    const wrong: string[] = []
    const all = lies().filter(({ label, times }) => times !== 1 && label !== 'debug_traceCall')
    const material = all.filter(({ name }) => !damages.has(name))
    await atOnce(material, async (lie) => {
      const readers = [chainReader(provider(honest)), chainReader(provider(honest, lie))]
      for (const chains of [readers, [...readers].reverse()]) {
        const diagnosis = await diagnose(staged.paid, { ...asked, chains })
        const isRight = diagnosis.verdict === right(scene) && (diagnosis.cause === null || scene.causes.includes(diagnosis.cause))
        if (diagnosis.verdict !== 'inconclusive' && !isRight)
          wrong.push(`${lie.label} = ${lie.name}: ${diagnosis.verdict}, ${diagnosis.cause}`)
        const what = untrue(scene, diagnosis)
        if (what !== undefined) wrong.push(`${lie.label} = ${lie.name}: ${what}`)
      }
    })
    expect(wrong).toEqual([])
    expect(material.length).toBeGreaterThan(40)
  }, 120_000)
})

describe('beside a replay', () => {
  let chain: EmbeddedChain
  beforeAll(async () => {
    chain = await openChain({ network: base })
  })
  afterAll(() => chain.close())

  /** One answer of one RPC each, on a payment that settles. */
  const rows: readonly (readonly [string, string, Answer])[] = [
    ['no code of the token', `eth_getCode ${token.toLowerCase()}`, { result: '0x' }],
    ['half a byte as the code of the token', `eth_getCode ${token.toLowerCase()}`, { result: '0x1' }],
    ['another implementation', `eth_getStorageAt ${implementationSlot.slice(0, 10)}`, { result: pad(someAddress) }],
    ['a delegation that is not there', `eth_getCode ${payer.address.toLowerCase()}`, { result: delegationTo(someAddress) }],
    ['a wallet that is not there', `eth_getCode ${payer.address.toLowerCase()}`, { result: walletCode.refuses }],
    ['no balance', 'eth_call 0x70a08231', { result: no }],
    ['paused', 'eth_call 0x5c975abb', { result: yes }],
    ['the payer blacklisted', 'eth_call 0xfe575a87 payer', { result: yes }],
    ['the payee blacklisted', 'eth_call 0xfe575a87 payee', { result: yes }],
    ['the nonce used', 'eth_call 0xe94a0102', { result: yes }],
    ['another separator', 'eth_call 0x3644e515', { result: `0x${'5a'.repeat(32)}` }],
    ...words.map((reason) => [`refused: ${reason}`, 'eth_call 0xe3ee160e', revert(reason)] as const),
  ]
  it.each(rows)(
    '%s: nothing is claimed where the two differ, and what is settled is not called proven to fail',
    async (_name, label, answer) => {
      const replayer = { open: async () => ({ ...chain, close: async () => undefined }) }
      const lie = { label, name: '', answer, times: Number.POSITIVE_INFINITY }
      const diagnosis = await diagnose(await payment(), { now, chains: [chainReader(provider(asking(), lie))], replayer })
      expect(diagnosis).toMatchObject({ verdict: 'inconclusive', proof: null })
      expect(diagnosis.findings.filter(({ proof }) => proof === 'proven')).toEqual([])
      expect(['unknown', 'can-move']).toContain(diagnosis.money.state)
    },
  )

  it.each([
    ['half a byte as the code of the payer', payer.address, '0x1'],
    ['0x0 as the code of the payer, which is none, as some nodes write it,', payer.address, '0x0'],
  ])('%s makes nobody doubt what all else says', async (_name, account, result) => {
    const lie = { label: `eth_getCode ${account.toLowerCase()}`, name: '', answer: { result }, times: Number.POSITIVE_INFINITY }
    const replayer = { open: async () => ({ ...chain, close: async () => undefined }) }
    const diagnosis = await diagnose(await payment(), { now, chains: [chainReader(provider(asking(), lie))], replayer })
    expect(diagnosis).toMatchObject({ verdict: 'settles', proof: 'proven', contradictions: [] })
  })

  it('a zero word to every call is a node that nobody can believe', async () => {
    const honest = asking()
    const zeros = async (call: Call): Promise<Answer> => (call.method === 'eth_call' ? { result: no } : honest(call))
    const diagnosis = await diagnose(await payment(), { now, chains: [chainReader(provider(zeros))] })
    expect(diagnosis).toMatchObject({ verdict: 'inconclusive', proof: null, money: { state: 'unknown' }, retry: { action: 'unknown' } })
  })
})

describe('a contradiction', () => {
  const paused = (times = Number.POSITIVE_INFINITY): Lie => ({ label: 'eth_call 0x5c975abb', name: '', answer: { result: yes }, times })

  it('names both sides and what would tell, with the call filled in', async () => {
    const diagnosis = await diagnose(await payment(), { now, chains: [chainReader(provider(asking(), paused()))] })
    expect(diagnosis.verdict).toBe('inconclusive')
    expect(diagnosis.contradictions).toMatchObject([
      {
        id: 'finding-and-simulation',
        causes: ['paused'],
        call: {
          method: 'eth_call',
          params: [{ to: token, data: '0x5c975abb' }, numberToHex(BigInt(diagnosis.chain[0]?.block?.number ?? -1))],
        },
      },
    ])
    const [{ sides }] = diagnosis.contradictions as [EvmDiagnosis['contradictions'][number]]
    for (const side of sides) expect(diagnosis.headline.toLowerCase()).toContain(side.toLowerCase())
    expect(diagnosis.headline).toContain('paused() of 0x')
    expect(diagnosis.fix).toContain(
      '{"method":"eth_call","params":[{"to":"0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913","data":"0x5c975abb"}',
    )
    // What was read stays in the report, by whom.
    expect(diagnosis.findings).toMatchObject([{ cause: 'paused', severity: 'warning', proof: 'contradicted' }])
  })

  it('does not take the word of the token from what it does stop at', async () => {
    const poor = await payment({ from: stranger.address, signer: stranger })
    expect(await diagnose(poor, { now, chains: [chainReader(provider(asking(), paused()))] })).toMatchObject({
      verdict: 'fails',
      cause: 'insufficient-balance',
      proof: 'proven',
      contradictions: [{ id: 'finding-and-refusal', causes: ['paused'] }],
    })
  })
})

describe('of two RPCs', () => {
  it('the one with the newest view is believed, in either order', async () => {
    const older = await diagnose(await payment(), { now, chains: [chainReader(provider(asking()))] })
    await world.mine(now + 5n)
    const honest = asking()
    const behind = async ({ method, params }: Call): Promise<Answer> =>
      honest(
        method === 'eth_getBlockByNumber' && params[0] === 'latest'
          ? { method, params: [numberToHex(BigInt(older.chain[0]?.block?.number ?? 0)), false] }
          : { method, params },
      )
    const poor = await payment({ from: stranger.address, signer: stranger })
    const readers = [chainReader(provider(behind)), chainReader(provider(honest))]
    for (const chains of [readers, [...readers].reverse()]) {
      const { findings, chain } = await diagnose(poor, { now: now + 5n, chains })
      const numbers = chain.map(({ block }) => BigInt(block?.number ?? 0))
      const newest = BigInt(Math.max(...numbers.map(Number)))
      expect(new Set(numbers).size).toBe(2)
      expect(findings[0]).toMatchObject({ cause: 'insufficient-balance', proof: 'proven' })
      expect(findings[0]?.evidence[0]?.says).toContain(`at block ${newest} `)
    }
  })
})
