import * as core from '@eip3009/core'
import * as chain from '@eip3009/core/chain'
import * as replay from '@eip3009/core/replay'
import * as report from '@eip3009/core/report'
import * as signer from '@eip3009/core/signer'
import * as solana from '@eip3009/core/solana'
import * as threads from '@eip3009/core/threads'
import * as vitest from '@eip3009/core/vitest'
import { fixture } from '@eip3009/fixtures'
import { pad } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'

const account = privateKeyToAccount(pad('0x01'))
const now = 1_790_000_000n
const address = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C' as const
const { builtInNetworks: networks } = core
const base = core.getNetwork('base')
const payment = core.readEvmPayment(fixture('base', 'valid').input)
const evidence = core.examineSignature(payment, networks)
const svmFixture = fixture('solana', 'valid')
const svmPayment = solana.readSvmPayment(svmFixture.input)
const [snapshotReader] = solana.readSnapshot(svmFixture.snapshot).readers
const solanaNetwork = core.getNetwork('solana')
const svmAnswers = snapshotReader === undefined ? [] : [await snapshotReader.read({ payment: svmPayment, network: solanaNetwork, now })]
const unsigned = signer.createAuthorization({ network: 'base', from: account.address, to: address, value: 10_000n, now })
const signed = await signer.signAuthorization(account, unsigned)
const client = chain.connectChain({ request: async () => '0x1' })
const sources = chain.recordSources({ now: 1_790_000_000n })
const { authorization } = payment
const { digest = '0x', bytes } = evidence
const ecdsa = bytes.ecdsa ?? { r: 1n, s: 1n, yParity: 0 as const }
const domain = core.tokenDomain(base.usdc, 8453)
const separator = core.domainSeparator(domain)
const offer = { scheme: 'exact', network: 'base', asset: base.usdc.address, payTo: address, amount: '10000' }
const transaction = svmPayment.transaction ?? ({} as never)
const quiet = { maxHypotheses: 100 }
const diagnosis = await core.diagnose(payment, { now, search: { depth: 'none' } })
const document = report.diagnosisDocument(diagnosis)
const status = await core.paymentStatus(payment, { now })
const entries = core.readTable({ base: { usdc: { name: 'USDC' } } })

/**
 * What every function of the faces is given when it is called rightly. `heavy` are those that open chains or start threads: they are only called in a
 * way that they have to refuse.
 */
const rightly: Readonly<Record<string, Readonly<Record<string, readonly unknown[]>>>> = {
  core: {
    authorizationDigest: [separator, 'TransferWithAuthorization', authorization],
    canonicalSignature: [ecdsa],
    compareDomains: [domain, domain],
    comparePayments: [[payment]],
    createAuthorizationHasher: [separator, 'TransferWithAuthorization'],
    createNetworks: [[]],
    decodeRevert: [
      '0x',
      { chain: 'evm', standard: 'FiatTokenV2_2', function: 'transferWithAuthorization', overload: 'vrs', payerHasCode: false },
    ],
    defineNetwork: [{ id: 'mine', chainId: 4242, usdc: { address, name: 'USDC' } }],
    investigate: [svmPayment, { now, at: now, rpc: 'http://127.0.0.1:1', readers: [snapshotReader] }],
    diagnoseOffer: [
      { x402Version: 1, accepts: [offer] },
      { now, networks },
    ],
    hasOffer: [offer],
    diagnose: [payment, { now, at: now, networks, chains: [], facilitator: address, block: 1n }],
    digestOf: [separator, separator],
    domainSeparator: [domain, ['name', 'version', 'chainId', 'verifyingContract']],
    examineSignature: [payment, networks, quiet],
    examineSignatures: [[payment], networks, quiet],
    findDifferences: [{ payment, signature: evidence }, { payment }, networks],
    findDrift: [entries, { networks }],
    findNetwork: ['base', networks],
    findSecrets: ['text'],
    findToken: [base.usdc.address, networks],
    getNetwork: ['base', networks],
    identifySeparator: [
      separator,
      { hints: { names: ['USDC'], versions: ['2'], chainIds: [1n], contracts: [address], salts: [] }, networks },
    ],
    isCauseId: ['expired'],
    paymentStatus: [payment, { now, rpc: [], headers: {}, timeout: 50, transaction: digest }],
    printable: ['text'],
    readEvmPayment: [fixture('base', 'valid').input, { network: 'base', networks, token: { decimals: 6 } }],
    readPayment: [fixture('base', 'valid').input, { network: 'base', networks, token: { decimals: 6 } }],
    readSignature: [payment.signature],
    readTable: [{ base: 1 }, networks],
    recoverAddress: [digest, ecdsa],
    redact: ['text'],
    searchSignature: [payment, networks, { ...quiet, signal: { aborted: false } }],
    secretsOf: [payment, evidence],
    shared: [{ a: 'text' }, core.noSecrets],
    sharerOf: [core.noSecrets],
    svmSecretsOf: [svmPayment, false],
    svmSignatures: [svmPayment],
    signatureLadder: [payment, evidence],
    structHash: ['TransferWithAuthorization', authorization],
    tokenDomain: [base.usdc, 8453],
    typedDataSteps: [{ authorization, network: 'base', asset: base.usdc.address }, { networks }],
  },
  chain: {
    captureSnapshot: [payment, sources],
    chainReader: ['http://127.0.0.1:1', { timeout: 1, headers: { a: 'b' } }],
    connectChain: ['http://127.0.0.1:1', { timeout: 1, retries: 0 }],
    describeAnswer: [{ kind: 'failed', reason: 'no' }],
    readChain: [
      client,
      { payment, token: base.usdc.address, chainId: 8453, digest, block: 1n, at: now, facilitator: address },
      { timeout: 50 },
    ],
    readDomain: [client, { address, chainId: 8453 }, { block: 1n }],
    readRpcUrl: ['http://127.0.0.1:1'],
    readSnapshot: [chain.captureSnapshot(payment, sources)],
    recordSources: [{ now, at: now, block: 1n, facilitator: address, chains: [], replayer: { open: async () => ({}) } }],
    redactUrl: ['http://127.0.0.1:1'],
  },
  replay: {
    delegationTo: [address],
    describeIntervention: [{ kind: 'authorization', fields: { value: 5n } }],
    embeddedReplayer: [{ startTimeout: 5000 }],
    rpcForker: [['http://127.0.0.1:1'], {}],
    ownChains: [{ startTimeout: 5000 }],
    readCase: ['{"payment":{},"expect":{"verdict":"settles"}}'],
    readCases: ['/nowhere'],
    runCases: [[], { now, open: () => Promise.reject(new TypeError('never called')), parallel: 1 }],
    shareChains: [{ open: async () => ({}) }],
  },
  solana: {
    associatedTokenAccount: [transaction.feePayer, 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA', transaction.feePayer],
    captureSnapshot: [svmPayment, { answers: svmAnswers, now }],
    connectSolana: ['http://127.0.0.1:1', { timeout: 1 }],
    describeTransaction: [transaction],
    facilitatorAnswers: [svmPayment, svmPayment.findings, { runs: 'unknown' }],
    facilitatorReport: [svmPayment, svmPayment.findings, { runs: 'unknown' }],
    liteSvmReplayer: [async () => ({})],
    readSnapshot: [svmFixture.snapshot],
    readSvmPayment: [svmFixture.input, { network: 'solana' }],
    readSvmTransaction: [svmPayment.bytes],
    readTransactionText: ['AQ'],
    svmReader: ['http://127.0.0.1:1', { timeout: 1, totalTimeout: 1 }],
    svmSecretsOf: [svmPayment, false],
    svmRefusals: [svmPayment, svmPayment.findings, { runs: 'unknown' }],
  },
  signer: {
    createAuthorization: [{ network: 'base', from: account.address, to: address, value: 10_000n, now }],
    fromRequirements: [offer],
    preflight: [signed, { now }],
    signAuthorization: [account, unsigned],
    toX402V1: [signed],
    toX402V2: [signed, offer],
    typedDataOf: [unsigned],
  },
  report: {
    amountOf: ['10000', 6, 'USDC', '10000 atomic units'],
    annotation: ['error', 'title', ['line']],
    comparisonDocument: [core.findDifferences({ payment, signature: evidence }, { payment, signature: evidence })],
    diagnosisDocument: [diagnosis],
    offerDocument: [await core.diagnoseOffer({ x402Version: 1, accepts: [offer] }, { now })],
    firstDifference: ['a', 'b'],
    ofNumber: ['7', String],
    paint: [false],
    proofWords: [diagnosis],
    statusDocument: [status],
    renderGithub: [document, { file: 'a.json' }],
    renderMarkdown: [document],
    renderText: [document, { color: false, columns: 80 }],
    shorten: [address],
    shortenAll: [address],
    timeOf: ['1790000000'],
    wrap: ['some words', 60],
  },
  threads: {},
  vitest: {
    describeConformance: [
      {
        signer: address,
        says: 'x',
        faults: [{ network: 'base', probe: 'usual', cause: null, says: 'x', fix: 'y', contract: null }],
        refused: [{ error: 'z' }],
      },
    ],
  },
}
const heavy: typeof rightly = {
  core: {},
  chain: {},
  replay: {
    openChain: ['base', {}],
    openFork: [{ rpcUrl: 'http://127.0.0.1:1', network: base }, {}],
    openRecording: ['/nowhere', {}],
    writeRecording: [
      '/nowhere',
      { payment, at: now, chain: { replay: async () => ({}) }, recorder: {}, asIs: {}, runs: [], cause: null, headline: '' },
    ],
  },
  solana: {},
  report: {},
  signer: {},
  threads: { openSearchPool: [networks, { threads: 1, depth: 'quick' }], searchInThreads: [payment, networks, { threads: 1 }] },
  vitest: {
    createChainTest: [{ network: 'base' }],
    signerConformance: [account, { networks: [base] }],
    testSigner: [account, { networks: [base] }],
  },
}
const faces = { core, chain, replay, solana, signer, report, threads, vitest }

/** What can come from JavaScript in place of anything. */
const wrong: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  Number.NaN,
  7n,
  -7n,
  '',
  'text',
  '0x12',
  Symbol('s'),
  () => 'called',
  [],
  [undefined],
  ['text'],
  {},
  Object.create(null),
  { toString: 1, valueOf: 1 },
  new Map(),
  new Date(Number.NaN),
  new Uint8Array(3),
]

/** The value with something else at one place within it, down to three members deep. Lists count by their first. */
function* mutations(value: unknown, depth = 0): Generator<unknown> {
  if (
    depth > 3 ||
    typeof value !== 'object' ||
    value === null ||
    value instanceof Map ||
    value instanceof Uint8Array ||
    value === networks.all
  )
    return
  const members = Array.isArray(value) ? Object.entries(value).slice(0, 1) : Object.entries(value)
  for (const [name, member] of members) {
    const put = (other: unknown): unknown => (Array.isArray(value) ? [other, ...value.slice(1)] : { ...value, [name]: other })
    for (const other of wrong) yield put(other)
    for (const other of mutations(member, depth + 1)) yield put(other)
  }
}

/** What a call came to: nothing to say, or what it threw that is no error of ours. */
async function fault(call: (...args: never[]) => unknown, args: readonly unknown[]): Promise<string | undefined> {
  let returned: unknown
  try {
    returned = call(...(args as never[]))
    if (typeof returned === 'object' && returned !== null && 'next' in returned) (returned as Generator).next()
  } catch (error) {
    return error instanceof core.Eip3009Error ? undefined : `threw ${String(error)}`
  }
  try {
    await returned
    return undefined
  } catch (error) {
    return error instanceof core.Eip3009Error ? undefined : `rejected with ${String(error)}`
  }
}

const functionsOf = (face: object): [string, (...args: never[]) => unknown][] =>
  Object.entries(face).filter(([, value]) => typeof value === 'function' && !/^class /.test(Function.prototype.toString.call(value)))

describe.each(Object.entries(faces))('the face %s', (name, face) => {
  it('has here what each of its functions takes', () => {
    expect(Object.keys({ ...rightly[name], ...heavy[name] }).sort()).toEqual(
      functionsOf(face)
        .map(([each]) => each)
        .sort(),
    )
  })

  it.each(functionsOf(face).filter(([each]) => rightly[name]?.[each] !== undefined))('%s falls over nothing', async (each, call) => {
    const right = rightly[name]?.[each] ?? []
    const faults = new Set<string>()
    const note = async (args: readonly unknown[], what: string): Promise<void> => {
      const found = await fault(call, args)
      if (found !== undefined) faults.add(`${what}: ${found}`.slice(0, 200))
    }
    await note(right, 'as it is')
    for (const [index, value] of right.entries()) {
      const put = (other: unknown): unknown[] => right.map((one, at) => (at === index ? other : one))
      for (const other of wrong) await note(put(other), `argument ${index}`)
      for (const other of mutations(value)) await note(put(other), `argument ${index}, within`)
    }
    expect([...faults]).toEqual([])
  })

  it.each(functionsOf(face).filter(([each]) => heavy[name]?.[each] !== undefined))(
    '%s refuses what it can not work with',
    async (each, call) => {
      const right = heavy[name]?.[each] ?? []
      for (const [index] of right.entries()) {
        for (const other of [null, true, 5n, Symbol('s'), ...(index === 0 ? [undefined, {}, []] : ['text'])]) {
          const args = right.map((one, at) => (at === index ? other : one))
          let thrown: unknown
          try {
            await call(...(args as never[]))
          } catch (error) {
            thrown = error
          }
          expect([index, typeof other, thrown]).toEqual([index, typeof other, expect.any(core.Eip3009Error)])
        }
      }
    },
  )
})

it('the sentence says which argument it is and what was expected, and never what was given', async () => {
  const key = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
  await expect(core.diagnose(undefined as never)).rejects.toMatchObject({
    code: 'invalid-argument',
    message: 'diagnose: payment has to be a payment, as readPayment gives it; got undefined.',
  })
  await expect(core.diagnose({ ...payment, authorization: { ...authorization, value: '10000' } } as never)).rejects.toThrow(
    'diagnose: payment.authorization.value has to be a bigint of up to 256 bits; got text.',
  )
  await expect(core.diagnose(payment, { now: 1 } as never)).rejects.toThrow('diagnose: options.now has to be a bigint; got a number.')
  await expect(signer.signAuthorization(key as never, key as never)).rejects.toThrow(
    'authorization has to be of the type object; got undefined.',
  )
  for (const face of [core, chain, solana]) {
    for (const [, call] of functionsOf(face)) {
      try {
        await call(...([key, key, key] as never[]))
      } catch (error) {
        expect(String(error)).not.toContain('ac0974bec39a17e3')
      }
    }
  }
})
