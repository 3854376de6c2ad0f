/**
 * What diagnoses of EVM payments are made from, in a few words: a payment that a key of ours signs, and what RPCs would say of it. Pure, and a few
 * milliseconds a row, for the table tests that stand beside the checks and the answers.
 *
 * What the token answers to a simulated transfer is not said by a row but follows from the rest of it, by the order of checks and the words of
 * FiatToken v2.2 (`EIP3009.sol`, `Blacklistable.sol`, `ECRecover.sol`), written down here once more and apart from the product's own models.
 */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import type { Finding } from '../../packages/core/src/causes/finding.ts'
import type { Check } from '../../packages/core/src/evidence/check.ts'
import { type Known, known, unknown } from '../../packages/core/src/evidence/known.ts'
import { type DiagnoseOptions, diagnose } from '../../packages/core/src/evm/diagnosis/diagnose.ts'
import type { EvmDiagnosis } from '../../packages/core/src/evm/diagnosis/diagnosis.ts'
import type {
  AccountCode,
  ChainAnswer,
  ChainReader,
  ChainState,
  FacilitatorState,
  Settlement,
  Simulation,
} from '../../packages/core/src/evm/evidence/chain.ts'
import type { Evidence } from '../../packages/core/src/evm/evidence/evidence.ts'
import { chooseMoment } from '../../packages/core/src/evm/evidence/moment.ts'
import type { Payment } from '../../packages/core/src/evm/payment/payment.ts'
import { examineSignature, type SignatureEvidence } from '../../packages/core/src/evm/signature/forensics.ts'
import { type Authorization, authorizationDigest, type PrimaryType } from '../../packages/core/src/evm/typed-data/authorization.ts'
import { domainSeparator, type Eip712Domain } from '../../packages/core/src/evm/typed-data/domain.ts'
import { base } from '../../packages/core/src/networks/base.ts'
import { builtInNetworks } from '../../packages/core/src/networks/networks.ts'

type Hex = `0x${string}`

/** Two public test keys, the numbers 1 and 2, and their addresses: nobody's money. */
const keys = {
  payer: { secret: 1n, address: '0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf' },
  stranger: { secret: 2n, address: '0x2B5AD5c4795c026514f8317c7a215E218DcCD6cF' },
} as const
export const payer: Hex = keys.payer.address
export const stranger: Hex = keys.stranger.address
export const payee: Hex = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C'
export const relayer: Hex = '0x1111111111111111111111111111111111111111'
export const delegate: Hex = '0x63c0c19a282a1B52b07dD5a65b58948A07DAE32B'
export const usdc: Hex = base.usdc.address
export const usdcDomain: Eip712Domain = { name: 'USD Coin', version: '2', chainId: 8453n, verifyingContract: usdc }
/** The middle of the window. */
export const now = 1_790_000_300n
export const opens = 1_790_000_000n
export const closes = 1_790_000_600n

const authorization: Authorization = {
  from: payer,
  to: payee,
  value: 10_000n,
  validAfter: opens,
  validBefore: closes,
  nonce: `0x${'ab'.repeat(32)}`,
}

export interface Signed {
  readonly domain?: Eip712Domain
  readonly type?: PrimaryType
  readonly by?: keyof typeof keys
  /** What the payment says, and what was signed unless `signed` says otherwise. */
  readonly says?: Partial<Authorization>
  /** What was signed in place of what is sent. */
  readonly signed?: Partial<Authorization>
  /** What becomes of the 65 bytes. */
  readonly bytes?: (signature: Hex) => Hex
}

/** A payment of 0.01 USDC on Base, signed as this says; `more` is what else is read of it. */
export function pay({ domain = usdcDomain, type, by = 'payer', says, signed, bytes }: Signed = {}, more: Partial<Payment> = {}): Payment {
  const sent = { ...authorization, ...says }
  const digest = authorizationDigest(domainSeparator(domain), type ?? 'TransferWithAuthorization', { ...sent, ...signed })
  const signature = sign(digest, keys[by].secret)
  return {
    family: 'evm',
    rail: 'eip3009',
    payerClaims: [],
    form: 'x402-payment-payload',
    recognised: 'a test payment',
    networkName: 'base',
    network: base,
    chainId: 8453,
    token: usdc,
    primaryType: 'TransferWithAuthorization',
    authorization: sent,
    signature: bytes === undefined ? signature : bytes(signature),
    findings: [],
    ...more,
  }
}

function sign(digest: Hex, secret: bigint): Hex {
  const key = Buffer.from(secret.toString(16).padStart(64, '0'), 'hex')
  const made = secp256k1.Signature.fromBytes(
    secp256k1.sign(Buffer.from(digest.slice(2), 'hex'), key, { prehash: false, format: 'recovered' }),
    'recovered',
  )
  const word = (value: bigint): string => value.toString(16).padStart(64, '0')
  return `0x${word(made.r)}${word(made.s)}${(27 + (made.recovery ?? 0)).toString(16)}`
}

/** A fact that nobody could read. */
export const unread = unknown('it timed out')
type Word<T> = T | typeof unread

function fact<T>(word: Word<T>): Known<T> {
  return word === unread ? unread : known(word as T)
}

/** What one RPC says, where it differs from a chain on which nothing stands against the payment. */
export interface Words {
  readonly source?: string
  readonly number?: bigint
  readonly time?: bigint
  readonly balance?: Word<bigint | null>
  readonly paused?: Word<boolean | null>
  readonly payerListed?: Word<boolean | null>
  readonly payeeListed?: Word<boolean | null>
  readonly payerCode?: Word<AccountCode>
  /** What the payer's code answers about the signature as it was sent; nobody asked it when absent. */
  readonly accepts?: Word<boolean>
  /** At the block, and at the newest one unless `usedNow` differs. */
  readonly used?: Word<boolean | null>
  readonly usedNow?: Word<boolean | null>
  readonly settlement?: Word<Settlement | null>
  /** In place of what follows from the rest. */
  readonly simulated?: Word<Simulation>
  readonly facilitator?: FacilitatorState
}

/** What an RPC read of a payment, in the middle of its window. `more` is in none of the words. */
export function chain(paid: Payment, words: Words = {}, more: Partial<ChainState> = {}): ChainState {
  const { time = now - 2n, number = 1_000n, balance = paid.authorization.value, used = false, usedNow = used, accepts } = words
  const { paused = false, payerListed = false, payeeListed = false, settlement = null, payerCode = { kind: 'none' } as const } = words
  const own = [base.usdc, ...base.otherTokens].find(({ address }) => address === paid.token) ?? base.usdc
  const hash: Hex = `0x${number.toString(16).padStart(64, 'b')}`
  const simulated = fact(words.simulated ?? tokenAnswers(paid, { ...words, balance, used }, time))
  const { digest } = signatureOf(paid)
  return {
    kind: 'read',
    source: words.source ?? 'rpc.example.com',
    chainId: 8453,
    blockTime: 2,
    block: { number, hash, time },
    newest: true,
    head: { number, time },
    finality: { safe: known({ number: number - 10n, time: time - 20n }), finalized: known({ number: number - 100n, time: time - 200n }) },
    again: known({ hash, time }),
    nextTime: known(null),
    token: {
      address: own.address,
      code: known(1_852),
      responds: known(true),
      implementation: known(null),
      functions: {
        'transfer-vrs': known(true),
        'transfer-bytes': known(true),
        'receive-vrs': known(true),
        'receive-bytes': known(true),
        authorizationState: known(true),
      },
      name: known(own.name),
      version: known(own.version),
      symbol: known(own.symbol),
      decimals: known(own.decimals),
      separator: known(own.separator ?? null),
      paused: fact(paused),
    },
    payer: {
      code: fact(payerCode),
      sameCode: known(true),
      balance: fact(balance),
      blacklisted: fact(payerListed),
      native: known(0n),
      owners: known(null),
    },
    payee: { code: known({ kind: 'none' }), blacklisted: fact(payeeListed) },
    nonce: { used: fact(used), usedNow: fact(usedNow), settlement: fact(settlement) },
    simulated: { atBlock: simulated, pending: simulated },
    wallet:
      accepts === undefined || digest === undefined ? [] : [{ form: 'as-sent', signature: paid.signature, digest, accepts: fact(accepts) }],
    deployment: null,
    facilitator: words.facilitator ?? null,
    ...more,
  }
}

/** What FiatToken v2.2 answers to the call, by its source; unknown where that hangs on what could not be read. */
function tokenAnswers({ authorization, signature }: Payment, words: Words, time: bigint): Word<Simulation> {
  const { paused = false, payerListed = false, payeeListed = false, used = false, balance, payerCode = { kind: 'none' }, accepts } = words
  if ([paused, payerListed, payeeListed, used, balance, payerCode].includes(unread)) return unread
  const { from, to, value, validAfter, validBefore } = authorization
  if (paused === true) return reverts('Pausable: paused')
  if (payerListed === true || payeeListed === true) return reverts('Blacklistable: account is blacklisted')
  if (time <= validAfter) return reverts('FiatTokenV2: authorization is not yet valid')
  if (time >= validBefore) return reverts('FiatTokenV2: authorization is expired')
  if (used === true) return reverts('FiatTokenV2: authorization is used or canceled')
  if ('kind' in payerCode && payerCode.kind !== 'none') {
    if (accepts !== true) return reverts('FiatTokenV2: invalid signature')
  } else {
    const refusal = ecrecover(authorization, signature, from)
    if (refusal !== undefined) return reverts(refusal)
  }
  if (BigInt(to) === 0n) return reverts('ERC20: transfer to the zero address')
  return typeof balance === 'bigint' && balance < value ? reverts('ERC20: transfer amount exceeds balance') : { outcome: 'succeeds' }
}

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

function ecrecover(message: Authorization, signature: Hex, from: string): string | undefined {
  if (signature.length !== 132) return 'ECRecover: invalid signature length'
  if (BigInt(`0x${signature.slice(66, 130)}`) > halfOrder) return "ECRecover: invalid signature 's' value"
  const v = Number.parseInt(signature.slice(130), 16)
  if (v !== 27 && v !== 28) return "ECRecover: invalid signature 'v' value"
  const good = Object.values(keys).find(({ address }) => address === from)
  const digest = authorizationDigest(domainSeparator(usdcDomain), 'TransferWithAuthorization', message)
  // Signing is deterministic (RFC 6979), so that the good signature is the one that the key makes.
  return good !== undefined && sign(digest, good.secret) === signature.toLowerCase() ? undefined : 'FiatTokenV2: invalid signature'
}

/** A refusal in the words of `Error(string)`, as a node gives it. */
export function reverts(says: string): Extract<Simulation, { outcome: 'reverts' }> {
  const text = Buffer.from(says).toString('hex')
  const word = (value: number): string => value.toString(16).padStart(64, '0')
  return {
    outcome: 'reverts',
    says,
    data: `0x08c379a0${word(32)}${word(says.length)}${text.padEnd(64 * Math.ceil(text.length / 64), '0')}`,
  }
}

/** A custom error with words of 32 bytes. */
export function revertsWith(data: Hex): Extract<Simulation, { outcome: 'reverts' }> {
  return { outcome: 'reverts', says: `execution reverted: ${data}`, data }
}

/** The transaction that used the nonce, 10 blocks before the head: to this payee, of this value, unless it is told otherwise. */
export function settled({ authorization: { to, value } }: Payment, more: Partial<Settlement> = {}): Settlement {
  const { block = 990n } = more
  const blockHash: Hex = `0x${block.toString(16).padStart(64, 'c')}`
  return {
    how: 'used',
    transaction: `0x${'7a'.repeat(32)}`,
    block,
    blockHash,
    time: known(now - 22n),
    sender: known(relayer),
    paid: known({ to, value }),
    blocks: { receipt: known(blockHash), now: known(blockHash) },
    called: known(usdc),
    emitters: known([usdc]),
    ...more,
  }
}

/** The account that submits: with money for gas and nothing waiting, unless it is told otherwise. */
export function sender(more: Partial<FacilitatorState> = {}): FacilitatorState {
  return {
    address: relayer,
    native: known(10n ** 18n),
    gasPrice: known(1_000_000n),
    nonce: known(7n),
    pendingNonce: known(7n),
    affords: known(null),
    blacklisted: known(false),
    ...more,
  }
}

const examined = new WeakMap<Payment, SignatureEvidence>()

/** What is known of a payment's signature without any search. */
export function signatureOf(paid: Payment): SignatureEvidence {
  const before = examined.get(paid)
  if (before !== undefined) return before
  const made = examineSignature(paid, builtInNetworks, { depth: 'none' })
  examined.set(paid, made)
  return made
}

/** What checks look at. */
export function evidenceOf(
  paid: Payment,
  chains?: readonly ChainAnswer[],
  { at, signature = signatureOf(paid), when = now }: { at?: bigint; signature?: SignatureEvidence; when?: bigint } = {},
): Evidence {
  return {
    moment: chooseMoment(paid.authorization, when, at),
    signature,
    networks: builtInNetworks,
    ...(chains === undefined ? {} : { chains }),
  }
}

/** What a check says, in ids: `pass`, `skip past`, or its findings, each as `error paused/token token`. */
export function said<P, E, Id extends string>(checks: readonly Check<P, E, Id>[], id: Id, paid: P, evidence: E): string {
  const result = checks.find((check) => check.id === id)?.run(paid, evidence)
  if (result === undefined) return `no check ${id}`
  if (result.outcome === 'skip') return `skip ${result.code}`
  return result.outcome === 'pass' ? 'pass' : shown(result.findings)
}

/** Findings in ids. None is made without evidence that says something. */
export function shown(findings: readonly Finding[]): string {
  for (const { cause, evidence } of findings) {
    if (evidence.length === 0 || !evidence.every(({ source, says }) => typeof source === 'string' && says !== ''))
      throw new TypeError(`${cause} is said without evidence`)
  }
  return findings.map(({ severity, cause, party, field = '-' }) => `${severity} ${cause}/${party} ${field}`).join(', ')
}

/** A reader that says this, whatever it is asked. */
function readerOf(answer: ChainAnswer): ChainReader {
  return { source: answer.source, read: async () => answer }
}

/** A diagnosis of what RPCs said, without a search over the signature and without a replay unless `options` have one. */
export function diagnosed(paid: Payment, chains: readonly ChainAnswer[] = [], options: DiagnoseOptions = {}): Promise<EvmDiagnosis> {
  return diagnose(paid, {
    now,
    search: { depth: 'none' },
    ...(chains.length === 0 ? {} : { chains: chains.map(readerOf) }),
    ...options,
  })
}

/** A diagnosis in ids: what it comes to, why, where the money is and what to do. */
export interface Told {
  readonly verdict: EvmDiagnosis['verdict']
  readonly errors: readonly string[]
  readonly others: readonly string[]
  readonly proof: EvmDiagnosis['proof']
  readonly money: string
  readonly retry: string
}

/** `money` is its state and finality, `retry` its action, with `nonce` where a new signature has to be over the same, and its conditions. */
export function told({ verdict, findings, proof, money, retry }: EvmDiagnosis): Told {
  const of = (isError: boolean): string[] => findings.filter(({ severity }) => (severity === 'error') === isError).map(({ cause }) => cause)
  return {
    verdict,
    errors: of(true),
    others: of(false),
    proof,
    money: `${money.state} ${money.finality}`,
    retry: [retry.action, ...(retry.sameNonce ? ['nonce'] : []), ...(retry.through === 'another' ? ['another'] : []), ...retry.onlyIf].join(
      ' ',
    ),
  }
}
