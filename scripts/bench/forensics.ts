/**
 * How fast can one signature be tried against many hypotheses of what was signed?
 *
 * All get the same payment, and all start from the fields of the message: typed-data hashing, recovery and the address are inside the time. They take
 * turns for some rounds in one process; each ratio is of two times from the same round, and medians are printed. The cold start of our kernel is
 * measured in processes of its own, because the engine keeps compiled code for as long as a process lives.
 *
 * Below the table stand the whole search as a user calls it: the first order of one payment in a new process, and the built package's search in threads.
 */
import { fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { availableParallelism, cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { createKernel } from '../../packages/core/src/evm/signature/kernel/create.ts'
import { nobleKernel } from '../../packages/core/src/evm/signature/kernel/noble.ts'
import type { Kernel } from '../../packages/core/src/evm/signature/kernel/recoverer.ts'

const ROUNDS = 7

/** Hypotheses are domain separators (chain ids) times struct hashes (values). */
interface Search {
  readonly separators: number
  readonly structs: number
}
/** 20 480: what one payment's first search is like. */
const FIRST_SEARCH: Search = { separators: 16, structs: 1280 }
/** 61 440. */
const THOROUGH_SEARCH: Search = { separators: 48, structs: 1280 }

const KEY = '0xc85ef7d79691fe79573b1a7064c19c1a9819ebdbd1faaab1a8ec92344438aaf4'
const FROM = '0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826'
const TO = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const TOKEN = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const NONCE = `0x${'01'.repeat(32)}` as const
const FIRST_CHAIN = 8453
const FIRST_VALUE = 10_000n
const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
const STRUCT_TYPE = 'TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)'
const TYPES = {
  TransferWithAuthorization: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ],
} satisfies Record<string, { name: string; type: string }[]>

const domainOf = (chainId: number) => ({ name: 'USD Coin', version: '2', chainId, verifyingContract: TOKEN }) as const
const messageOf = (value: bigint) => ({ from: FROM, to: TO, value, validAfter: 0n, validBefore: 1_900_000_000n, nonce: NONCE }) as const

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/^0x/, ''), 'hex'))
const toHex = (bytes: Uint8Array): `0x${string}` => `0x${Buffer.from(bytes).toString('hex')}`
const numberWord = (value: bigint): Uint8Array => fromHex(value.toString(16).padStart(64, '0'))
const addressWord = (address: string): Uint8Array => fromHex(address.slice(2).padStart(64, '0'))

/** What the searching side is given: a signature, and the hashes that do not change. */
interface Task {
  readonly signature: `0x${string}`
  readonly structTypeHash: string
  readonly domainTypeHash: string
  readonly nameHash: string
  readonly versionHash: string
}

function structWords(task: Task, value: bigint): Uint8Array {
  const { from, to, validAfter, validBefore, nonce } = messageOf(value)
  const parts = [
    fromHex(task.structTypeHash),
    addressWord(from),
    addressWord(to),
    ...[value, validAfter, validBefore].map(numberWord),
    fromHex(nonce),
  ]
  return Uint8Array.from(Buffer.concat(parts))
}

function domainWords(task: Task, chainId: number): Uint8Array {
  const parts = [
    fromHex(task.domainTypeHash),
    fromHex(task.nameHash),
    fromHex(task.versionHash),
    numberWord(BigInt(chainId)),
    addressWord(TOKEN),
  ]
  return Uint8Array.from(Buffer.concat(parts))
}

/** `count` copies of a message, with the number in one of its words going up by one from each to the next. */
function variants(message: Uint8Array, wordIndex: number, first: bigint, count: number): Uint8Array {
  const all = new Uint8Array(message.length * count)
  const view = new DataView(all.buffer)
  for (let i = 0; i < count; i += 1) {
    all.set(message, message.length * i)
    view.setBigUint64(message.length * i + 32 * wordIndex + 24, first + BigInt(i))
  }
  return all
}

/** Our kernel, from the fields to the pairs that match. @returns what it found, as text. */
function search(kernel: Kernel, task: Task, { separators, structs }: Search): string {
  const domains = variants(domainWords(task, FIRST_CHAIN), 3, BigInt(FIRST_CHAIN), separators)
  const messages = variants(structWords(task, FIRST_VALUE), 3, FIRST_VALUE, structs)
  const signature = fromHex(task.signature)
  const recoverer = kernel.createRecoverer(
    { r: signature.subarray(0, 32), s: signature.subarray(32, 64), yParity: signature[64] === 27 ? 0 : 1 },
    separators * structs,
  )
  const found = recoverer.findPairs(kernel.hashWords(domains, 5), kernel.hashWords(messages, 7), fromHex(FROM))
  return found.map(({ separator, structHash }) => `${separator}/${structHash}`).join()
}

/** What a new process answers with. */
function answerOf(program: string, argument: object): Promise<unknown> {
  const file = fileURLToPath(new URL(`./cold/${program}`, import.meta.url))
  // The built package runs without the loader that this program runs with.
  const child = fork(file, [JSON.stringify(argument)], program.endsWith('.mjs') ? { execArgv: [] } : {})
  return new Promise((resolve, reject) => {
    child.once('message', resolve)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${program} ended with exit code ${code} and no answer`)))
  })
}

/** Milliseconds that a search takes in a new process, from before the kernel is compiled. */
async function coldSearch(task: Task, size: Search): Promise<number> {
  return Number(await answerOf('forensics.ts', { task, size }))
}

/** Of the built package, in a new process: milliseconds, and how many hypotheses that were. */
interface Whole {
  readonly hypotheses: number
  readonly milliseconds: number
}

/** A payment that nothing of the first order explains. */
const hopeless = (task: Task): object => {
  const { from: _, ...message } = messageOf(FIRST_VALUE)
  const text = { from: TO, ...message, value: String(message.value), validAfter: '0', validBefore: String(message.validBefore) }
  return { authorization: text, signature: task.signature, network: 'base' }
}

async function printWholeSearches(task: Task): Promise<void> {
  const payment = hopeless(task)
  const first: Whole[] = []
  for (let round = 0; round < ROUNDS; round += 1) first.push((await answerOf('first-order.mjs', { payment })) as Whole)
  const times = first.map(({ milliseconds }) => milliseconds)
  process.stdout.write(
    `\nfirst order of one payment, cold, one thread: ${first[0]?.hypotheses.toLocaleString('en')} hypotheses in ${median(times).toFixed(0)} ms (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)}; goal 250)\n`,
  )
  const most = Math.min(4, availableParallelism())
  let alone: Whole | undefined
  for (let threads = 1; threads <= most; threads += 1) {
    const whole = (await answerOf('threads.mjs', { payment, threads })) as Whole
    alone ??= whole
    const speed = whole.hypotheses / whole.milliseconds
    const ratio = speed / (alone.hypotheses / alone.milliseconds)
    process.stdout.write(
      `whole search, ${threads} ${threads === 1 ? 'thread' : 'threads'}: ${Math.round(speed * 1000).toLocaleString('en')} hypotheses/s, ${ratio.toFixed(2)} times one thread\n`,
    )
  }
}

/** What a new process does: one search. @returns milliseconds. */
export function searchOnce(task: Task, size: Search): number {
  const start = performance.now()
  const found = search(createKernel(), task, size)
  const time = performance.now() - start
  if (found !== TRUTH) throw new RangeError(`The cold search found "${found}" instead of "${TRUTH}".`)
  return time
}

/** Separator 0 and struct hash 0 are the ones that were signed. */
const TRUTH = '0/0'

interface Contestant {
  readonly name: string
  /** Tries hypothesis `i`, or searches them all. @returns the address, or the pairs that were found. */
  readonly once: (i: number) => string | Promise<string>
  /** Hypotheses in each call. */
  readonly hypotheses: number
  /** Calls in a round: about 50 ms. */
  readonly calls: number
}

/** The part of the native library that is measured. */
interface NativeSecp256k1 {
  ecdsaRecover(signature: Uint8Array, recoveryId: number, digest: Uint8Array, compressed: boolean): Uint8Array
  publicKeyTweakAdd(publicKey: Uint8Array, tweak: Uint8Array, compressed: boolean): Uint8Array
}

/** Missing where no binary of it is built for this platform: the package would then be a JavaScript one, and no yardstick. */
function nativeSecp256k1(): NativeSecp256k1 | undefined {
  try {
    return createRequire(import.meta.url)('secp256k1/bindings.js') as NativeSecp256k1
  } catch {
    return undefined
  }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Everyone, and the task that all are given. */
async function contest(): Promise<{ readonly task: Task; readonly contestants: readonly Contestant[] }> {
  const [{ keccak256, recoverTypedDataAddress, stringToHex }, { privateKeyToAccount }, { verifyTypedData }, { secp256k1 }, libauth] =
    await Promise.all([
      import('viem'),
      import('viem/accounts'),
      import('ethers'),
      import('@noble/curves/secp256k1.js'),
      import('@bitauth/libauth').then((module) => module.instantiateSecp256k1()),
    ])
  const primaryType = 'TransferWithAuthorization'
  const domain = domainOf(FIRST_CHAIN)
  const signature = await privateKeyToAccount(KEY).signTypedData({ domain, types: TYPES, primaryType, message: messageOf(FIRST_VALUE) })
  const hashText = (text: string): string => keccak256(stringToHex(text))
  const task: Task = {
    signature,
    structTypeHash: hashText(STRUCT_TYPE),
    domainTypeHash: hashText(DOMAIN_TYPE),
    nameHash: hashText(domain.name),
    versionHash: hashText(domain.version),
  }
  const message = (i: number) => messageOf(FIRST_VALUE + BigInt(i))
  const keccak = (bytes: Uint8Array): Uint8Array => keccak256(bytes, 'bytes')
  const separator = keccak(domainWords(task, FIRST_CHAIN))
  const template = structWords(task, FIRST_VALUE)
  const digest = (i: number): Uint8Array =>
    keccak(Uint8Array.from([0x19, 0x01, ...separator, ...keccak(variants(template, 3, FIRST_VALUE + BigInt(i), 1))]))
  const addressOf = (key: Uint8Array): string => toHex(keccak(key.subarray(1)).subarray(12))

  const bytes = fromHex(signature)
  const compact = bytes.subarray(0, 64)
  const recoveryId = bytes[64] === 27 ? 0 : 1
  const { Fn } = secp256k1.Point
  const [r, s] = [BigInt(toHex(bytes.subarray(0, 32))), BigInt(toHex(bytes.subarray(32, 64)))]
  const parsed = new secp256k1.Signature(r, s, recoveryId)
  // Under digest 0 the key is C itself; every other one is C − (z/r)·G, a "tweak" of C.
  const constant = parsed.recoverPublicKey(new Uint8Array(32)).toBytes(false)
  const factor = Fn.neg(Fn.inv(r))
  const tweak = (z: Uint8Array): Uint8Array => numberWord(Fn.mul(Fn.create(BigInt(toHex(z))), factor))
  const expectBytes = (value: Uint8Array | string): Uint8Array => {
    if (typeof value === 'string') throw new TypeError(value)
    return value
  }

  const native = nativeSecp256k1()
  const kernel = createKernel()
  const contestants: Contestant[] = [
    {
      name: 'viem recoverTypedDataAddress',
      once: (i) => recoverTypedDataAddress({ domain, types: TYPES, primaryType, message: message(i), signature }),
      hypotheses: 1,
      calls: 20,
    },
    { name: 'ethers verifyTypedData', once: (i) => verifyTypedData(domain, TYPES, message(i), signature), hypotheses: 1, calls: 20 },
    {
      name: '@noble/curves recoverPublicKey',
      once: (i) => addressOf(parsed.recoverPublicKey(digest(i)).toBytes(false)),
      hypotheses: 1,
      calls: 30,
    },
    {
      name: 'libauth recoverPublicKey (WASM)',
      once: (i) => addressOf(expectBytes(libauth.recoverPublicKeyUncompressed(compact, recoveryId, digest(i)))),
      hypotheses: 1,
      calls: 200,
    },
    {
      name: 'libauth addTweakPublicKey (WASM)',
      once: (i) => addressOf(expectBytes(libauth.addTweakPublicKeyUncompressed(constant, tweak(digest(i))))),
      hypotheses: 1,
      calls: 300,
    },
  ]
  if (native !== undefined) {
    contestants.push(
      {
        name: 'libsecp256k1 ecdsaRecover (native)',
        once: (i) => addressOf(native.ecdsaRecover(compact, recoveryId, digest(i), false)),
        hypotheses: 1,
        calls: 400,
      },
      {
        name: 'libsecp256k1 tweakAdd (native)',
        once: (i) => addressOf(native.publicKeyTweakAdd(constant, tweak(digest(i)), false)),
        hypotheses: 1,
        calls: 500,
      },
    )
  }
  for (const size of [FIRST_SEARCH, THOROUGH_SEARCH]) {
    const hypotheses = size.separators * size.structs
    contestants.push({
      name: `ours, warm, ${hypotheses} (${kernel.backend})`,
      once: () => search(kernel, task, size),
      hypotheses,
      calls: 1,
    })
  }

  // The same input must give all the same answer before anyone is timed.
  const reference = nobleKernel().createRecoverer({ r, s, yParity: recoveryId })
  const ours = kernel.createRecoverer({ r, s, yParity: recoveryId })
  for (const i of [0, 1, 2, 3]) {
    const expected = toHex(reference.recoverAddresses(digest(i)).addresses)
    if ((i === 0) !== (expected === FROM.toLowerCase())) throw new RangeError(`Hypothesis ${i} gives ${expected}.`)
    const batch = Uint8Array.from([digest(i), digest(i), digest(i), digest(i), digest(i)].flatMap((z) => [...z]))
    const answers = [['ours', toHex(ours.recoverAddresses(batch).addresses.subarray(80))] as const]
    for (const { name, once, hypotheses } of contestants) if (hypotheses === 1) answers.push([name, (await once(i)).toLowerCase()] as never)
    for (const [name, answer] of answers) if (answer !== expected) throw new RangeError(`${name} says ${answer}, not ${expected}.`)
  }
  for (const { name, once, hypotheses } of contestants) {
    if (hypotheses === 1) continue
    const found = await once(0)
    if (found !== TRUTH) throw new RangeError(`${name} found "${found}" instead of "${TRUTH}".`)
  }
  return { task, contestants }
}

/** Prints the table. */
export async function run(): Promise<void> {
  const { task, contestants } = await contest()
  const names = [...contestants.map(({ name }) => name)]
  const cold = [FIRST_SEARCH, THOROUGH_SEARCH].map((size) => ({
    size,
    name: `ours, cold, ${size.separators * size.structs} (new process)`,
  }))
  names.push(...cold.map(({ name }) => name))
  /** Microseconds a hypothesis, by name, one a round. */
  const times = new Map<string, number[]>(names.map((name) => [name, []]))

  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, once, hypotheses, calls } of contestants) {
      const start = performance.now()
      for (let i = 0; i < calls; i += 1) await once(i)
      times.get(name)?.push(((performance.now() - start) * 1000) / (calls * hypotheses))
    }
    for (const { name, size } of cold) times.get(name)?.push(((await coldSearch(task, size)) * 1000) / (size.separators * size.structs))
    process.stderr.write(`round ${round + 1} of ${ROUNDS}\r`)
  }

  const [baseline] = names
  const baselineTimes = times.get(baseline ?? '') ?? []
  const lines = names.map((name) => {
    const own = times.get(name) ?? []
    const ratio = median(own.map((time, round) => (baselineTimes[round] ?? Number.NaN) / time))
    const time = median(own)
    return [
      name.padEnd(40),
      time.toFixed(2).padStart(12),
      Math.round(1e6 / time)
        .toLocaleString('en')
        .padStart(16),
      `${ratio.toFixed(1)}×`.padStart(10),
    ].join('')
  })
  const header = [
    'one signature, many digests'.padEnd(40),
    'µs each'.padStart(12),
    'hypotheses/s'.padStart(16),
    'viem = 1'.padStart(10),
  ].join('')
  const machine = `Node ${process.version}, ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores; one thread; medians of ${ROUNDS} rounds`
  process.stdout.write(`${machine}\n\n${header}\n${lines.join('\n')}\n`)
  await printWholeSearches(task)
}
