/**
 * A thousand payments of one network, replayed: `eip3009 diagnose` over one file of JSON Lines beside a shell loop that diagnoses them one by one. Of every
 * fifty one is by a key that nobody knows, eight are signed under another name by two payers, and the others are good.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

const bin = new URL('../../packages/cli/dist/bin.js', import.meta.url).pathname
const payments = 1000
/** Of the loop so many are run: each takes as long as the others. */
const oneByOne = 10

const asset = '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913'
const payTo = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
const members = { from: 'address', to: 'address', value: 'uint256', validAfter: 'uint256', validBefore: 'uint256', nonce: 'bytes32' }
const types = { TransferWithAuthorization: Object.entries(members).map(([name, type]) => ({ name, type })) }

async function payment(number: number): Promise<string> {
  const kind = number % 50 === 0 ? 'unknown' : number % 6 === 0 ? 'named' : 'good'
  const payer = privateKeyToAccount(keccak256(toHex(`eip3009 bench ${kind} ${kind === 'named' ? number % 12 : 0}`)))
  const signer = kind === 'unknown' ? privateKeyToAccount(keccak256(toHex(`eip3009 bench another ${number}`))) : payer
  const message = {
    from: payer.address,
    to: payTo,
    value: 10_000n,
    validAfter: 0n,
    validBefore: 4_000_000_000n,
    nonce: keccak256(toHex(`nonce ${number}`)),
  } as const
  const domain = { name: kind === 'named' ? 'USDC' : 'USD Coin', version: '2', chainId: 8453, verifyingContract: asset } as const
  const signature = await signer.signTypedData({ domain, types, primaryType: 'TransferWithAuthorization', message })
  return JSON.stringify({
    time: new Date(1_761_900_000_000 + 1000 * number).toISOString(),
    x402Version: 1,
    paymentPayload: {
      x402Version: 1,
      scheme: 'exact',
      network: 'base',
      payload: { signature, authorization: { ...message, value: '10000', validAfter: '0', validBefore: '4000000000' } },
    },
    paymentRequirements: {
      scheme: 'exact',
      network: 'base',
      maxAmountRequired: '10000',
      resource: 'https://api.example.com/weather',
      description: 'weather',
      mimeType: 'application/json',
      payTo,
      maxTimeoutSeconds: 300,
      asset,
      extra: { name: 'USD Coin', version: '2' },
    },
  })
}

interface Run {
  readonly seconds: number
  /** Of the command and all that it started. */
  readonly cpu: number
  readonly memory: number | undefined
  readonly out: string
}

/** Runs a command in a shell that tells what it took, and looks at the memory of the process meanwhile. */
function take(command: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn('/bin/sh', ['-c', `${command}; times >&2`], { stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err, memory]: [string, string, number | undefined] = ['', '', undefined]
    const look = setInterval(() => {
      const most = peakOf(child.pid)
      if (most !== undefined) memory = Math.max(memory ?? 0, most)
    }, 50)
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk
    })
    child.on('error', reject)
    child.on('close', () => {
      clearInterval(look)
      const [user = 0, system = 0] = [...(err.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].map(
        ([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds),
      )
      resolve({ seconds: (performance.now() - start) / 1000, cpu: user + system, memory, out })
    })
  })
}

/** The most memory, in MB, that the node process below the shell had at a time; undefined where there is no /proc. */
function peakOf(shell: number | undefined): number | undefined {
  try {
    const [child] = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim().split(' ')
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1]) / 1024
  } catch {
    // It has just ended, or this is no Linux.
    return undefined
  }
}

export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'eip3009-bench-'))
  try {
    const lines = await Promise.all(Array.from({ length: payments }, (_, index) => payment(index + 1)))
    const file = join(folder, 'payments.jsonl')
    writeFileSync(file, `${lines.join('\n')}\n`)
    lines.slice(0, oneByOne).forEach((line, index) => {
      writeFileSync(join(folder, `${index}.json`), line)
    })
    const load = loadavg()[0] ?? 0
    process.stdout.write(
      `${availableParallelism()} cores, load ${load.toFixed(1)}: what waits for others is in the seconds, and not in those of CPU\n`,
    )
    const many = await take(`node ${bin} diagnose ${file}`)
    const loop = await take(`for file in ${folder}/*.json; do node ${bin} diagnose $file >/dev/null; done`)
    process.stdout.write(`${many.out.split('\n')[0]}\n`)
    const told = (name: string, count: number, { seconds, cpu, memory }: Run): string =>
      `${name.padEnd(12)} ${(count / seconds).toFixed(1).padStart(6)} a second, ${((1000 * cpu) / count).toFixed(1).padStart(7)} ms of CPU each${memory === undefined ? '' : `, ${memory.toFixed(0)} MB at most`}\n`
    process.stdout.write(told('one file', payments, many))
    process.stdout.write(told('one by one', oneByOne, { ...loop, memory: undefined }))
    const ratio = loop.seconds / oneByOne / (many.seconds / payments)
    const ofCpu = loop.cpu / oneByOne / (many.cpu / payments)
    process.stdout.write(`${ratio.toFixed(1)} times as many a second, for 1/${ofCpu.toFixed(1)} of the CPU\n`)
    process.stdout.write(`with nothing else to do, two cores would do ${((2 * payments) / many.cpu).toFixed(0)} a second\n`)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
