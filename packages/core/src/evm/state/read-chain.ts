import { sameAddress } from '../../bytes/address.ts'
import { fromHex, toHex } from '../../bytes/bytes.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import { keccak256 } from '../../bytes/keccak.ts'
import { ifKnown, type Known, known, unknown } from '../../evidence/known.ts'
import { checksum } from '../../networks/checksum.ts'
import { decodeRevert } from '../../revert/revert.ts'
import { spentNonce } from '../../revert/suspects.ts'
import { type ChainClient, describeAnswer, type RpcAnswer, type RpcCall } from '../../rpc/chain-client.ts'
import { gatheringClient } from '../../rpc/gathering-client.ts'
import type { HttpOptions } from '../../rpc/http-client.ts'
import { identityOf } from '../../rpc/witness.ts'
import { listFunctions, stateSelectors } from '../../tokens/ask-model.ts'
import { type BlacklistFunction, blacklistSelectors } from '../../tokens/model.ts'
import type {
  AccountCode,
  ChainAnswer,
  ChainQuestion,
  ChainReader,
  ChainState,
  FacilitatorState,
  Head,
  PaymentFunction,
  Settlement,
  Simulation,
  WalletAnswer,
} from '../evidence/chain.ts'
import { isShort, settlementGas } from '../evidence/settlement-gas.ts'
import { callOf, encodeCall, encodePayment, tokenViews as selectors } from '../payment/token-call.ts'
import { unwrapAll } from '../signature/wallets/wrappers.ts'
import { decodeWord } from './answers.ts'
import { presenceOf, readBytecode } from './bytecode.ts'
import { type ChainSource, connectChain } from './connect-chain.ts'
import { blockCall, findBlockAt, type Header, readHeader } from './find-block.ts'
import { findSettlement, readSent } from './find-settlement.ts'
import { type DomainReading, readToken, type TokenFunction, type TokenReading } from './read-domain.ts'
import { readTrace, refusesSignature, traceCall } from './read-trace-call.ts'
import { deploymentCall, ownerCalls, readDeployment, readOwners } from './read-wallet.ts'
import { type Presence, type Reading, readCodeAnswer, readHexAnswer, readView } from './reading.ts'

export interface ReadChainOptions {
  /** Milliseconds for everything that one RPC is asked; 30 000 when absent. */
  readonly timeout?: number
}

export type ChainReaderOptions = HttpOptions & ReadChainOptions

/** Nobody's account. The zero address will not do: some proxies take it for their admin. */
const somebody = '0x000000000000000000000000000000000000dEaD'

/** A reader for `diagnose`: of a URL, a viem client, an EIP-1193 provider or an ethers provider. `timeout` is for all that one diagnosis asks. */
export function chainReader(source: ChainSource, options: ChainReaderOptions = {}): ChainReader {
  const { timeout = 30_000 } = options
  const client = connectChain(source, {
    ...options,
    timeout: Math.min(timeout, 10_000),
    longestWait: Math.min(options.longestWait ?? 5_000, timeout),
  })
  return {
    source: client.description,
    identity: identityOf(source),
    chainId: async () => {
      const gathering = gatheringClient(client, { timeout })
      try {
        return readChainId((await gathering.batch([{ method: 'eth_chainId', params: [] }]))[0])
      } finally {
        gathering.stop()
      }
    },
    read: (question) => readChain(client, question, { timeout }),
  }
}

/**
 * What a chain knows about a payment: three round trips where the RPC takes batches and the nonce is unused; more when a block has to be found by
 * its time, or the transaction that used the nonce. Never rejects because of the RPC: what could not be read is unknown, and says why.
 */
export async function readChain(
  client: ChainClient,
  question: ChainQuestion,
  { timeout = 30_000 }: ReadChainOptions = {},
): Promise<ChainAnswer> {
  const gathering = gatheringClient(client, { timeout })
  try {
    return await read(gathering, question)
  } finally {
    gathering.stop()
  }
}

async function read(client: ChainClient, question: ChainQuestion): Promise<ChainAnswer> {
  const source = client.description
  const [chainAnswer, newestAnswer, safeAnswer, finalizedAnswer, wantedAnswer] = await client.batch([
    { method: 'eth_chainId', params: [] },
    blockCall('latest'),
    blockCall('safe'),
    blockCall('finalized'),
    ...(question.block === undefined ? [] : [blockCall(question.block)]),
  ])
  const chainId = readChainId(chainAnswer)
  if (!chainId.known) return { kind: 'unreachable', source, reason: chainId.reason }
  if (chainId.value !== question.chainId) return { kind: 'wrong-chain', source, expected: question.chainId, chainId: chainId.value }
  const latest = readHeader(newestAnswer)
  if (!latest.known) return { kind: 'unreachable', source, reason: latest.reason }
  if (latest.value === null) return { kind: 'unreachable', source, reason: 'it has no newest block' }

  const newest = latest.value
  const finality = { safe: ifBlock(readHeader(safeAnswer), headOf), finalized: ifBlock(readHeader(finalizedAnswer), headOf) }
  const readAt = async (header: Header): Promise<ChainState> => ({ ...(await readState(client, question, header, newest)), finality })
  const wanted = await findWanted(client, question, newest, wantedAnswer)
  if (!wanted.known || wanted.value === null) {
    const reason = wanted.known ? 'the chain has no block of that time' : wanted.reason
    return { ...(await readAt(newest)), instead: `the block that was asked about was not found: ${reason}` }
  }
  const header = wanted.value
  const state = await readAt(header)
  if (header.number === newest.number || state.token.code.known || state.payer.code.known) return state
  const reason = `the node has no state of block ${header.number}: ${state.token.code.reason}`
  return { ...(await readAt(newest)), instead: reason }
}

function findWanted(
  client: ChainClient,
  { block, at }: ChainQuestion,
  newest: Header,
  answer: RpcAnswer | undefined,
): Promise<Known<Header | null>> {
  if (block !== undefined) {
    const header = readHeader(answer, block)
    return Promise.resolve(
      header.known && header.value === null ? unknown(`it has no block ${block}; its newest one is ${newest.number}`) : header,
    )
  }
  return at === undefined ? Promise.resolve(known(newest)) : findBlockAt(client, at, newest)
}

async function readState(
  client: ChainClient,
  question: ChainQuestion,
  header: Header,
  newest: Header,
): Promise<Omit<ChainState, 'finality'>> {
  const { payment, token, digest } = question
  const { authorization } = payment
  const { from, to, nonce } = authorization
  const block = `0x${header.number.toString(16)}`
  const isNewest = header.number === newest.number
  const read = (address: Address, data: Hex, tag: string = block): RpcCall => ({ method: 'eth_call', params: [{ to: address, data }, tag] })
  const transfer = { from: senderOf(question), to: token, data: calldataOf(question) }
  const isAnybodys = callOf(payment).function === 'transferWithAuthorization' && transfer.from !== somebody
  const given = payment.call?.transaction
  /** The transaction that it was, or that somebody says it became. */
  const sentAs = given?.hash ?? question.transaction
  const limit = given?.gasLimit
  const stateOfNonce = encodeCall(selectors.authorizationState, [from, nonce])
  const forms = digest === undefined ? [] : signatureForms(payment.signature, digest)
  const { facilitator } = question
  const lists = listFunctions(question.family)
  const { pause } = stateSelectors(question.family)
  const deploying = digest === undefined ? undefined : deploymentCall(from, payment.signature, digest, block)

  const [asked, [answers, owners]] = await Promise.all([
    readToken(client, { address: token, chainId: question.chainId }, { block: header.number }),
    ask(client, {
      again: blockCall(header.number),
      ...(isNewest ? {} : { next: blockCall(header.number + 1n) }),
      paused: read(token, pause),
      ...Object.fromEntries(
        lists.flatMap((name) => [
          [`payer ${name}`, read(token, encodeCall(blacklistSelectors[name], [from]))],
          [`payee ${name}`, read(token, encodeCall(blacklistSelectors[name], [to]))],
        ]),
      ),
      balance: read(token, encodeCall(selectors.balanceOf, [from])),
      used: read(token, stateOfNonce),
      ...(isNewest ? {} : { usedNow: read(token, stateOfNonce, `0x${newest.number.toString(16)}`) }),
      payerCode: { method: 'eth_getCode', params: [from, block] },
      payerHash: codeHashCall(from, block),
      ...(deploying === undefined ? {} : { deploying }),
      payeeCode: { method: 'eth_getCode', params: [to, block] },
      native: { method: 'eth_getBalance', params: [from, block] },
      simulated: { method: 'eth_call', params: [transfer, block] },
      ...(sentAs === undefined ? {} : { sent: { method: 'eth_getTransactionReceipt', params: [sentAs] } }),
      ...(given?.mined === undefined ? {} : { mined: blockCall(given.mined.block) }),
      ...(isAnybodys ? { another: { method: 'eth_call', params: [{ ...transfer, from: somebody }, block] } } : {}),
      ...(limit === undefined ? {} : { limited: { method: 'eth_call', params: [{ ...transfer, gas: `0x${limit.toString(16)}` }, block] } }),
      ...(isNewest ? { pending: { method: 'eth_call', params: [transfer, 'pending'] } } : {}),
      ...Object.fromEntries(
        forms.map(({ form, signature, digest: asked }) => [
          `wallet ${form}`,
          read(from, encodeCall(selectors.isValidSignature, [asked, fromHex(signature)])),
        ]),
      ),
      ...(facilitator === undefined
        ? {}
        : {
            ...Object.fromEntries(
              lists.map((name) => [`facilitator ${name}`, read(token, encodeCall(blacklistSelectors[name], [facilitator]))]),
            ),
            facilitatorNative: { method: 'eth_getBalance', params: [facilitator, block] },
            gasPrice: { method: 'eth_gasPrice', params: [] },
            facilitatorNonce: { method: 'eth_getTransactionCount', params: [facilitator, 'latest'] },
            facilitatorPending: { method: 'eth_getTransactionCount', params: [facilitator, 'pending'] },
          }),
    }).then(async (found): Promise<readonly [Answers, Answers]> => {
      // In the same turn as the second round trip of the token's reading, so that both travel together.
      const delegate = delegateIn(found.payerCode)
      const hasCode = readCodeAnswer(found.payerCode).kind === 'known'
      const poor = facilitator === undefined ? undefined : fundsCall(facilitator, found, transfer, block)
      const [behind, owners, traced, affords] = await Promise.all([
        delegate === undefined ? undefined : ask(client, { code: { method: 'eth_getCode', params: [delegate, block] } }),
        hasCode ? ask(client, ownerCalls(from, payment.signature, block)) : {},
        question.trace === true || refusesSignature(found.simulated) ? ask(client, { trace: traceCall(transfer, block) }) : undefined,
        poor === undefined ? undefined : ask(client, { affords: poor }),
      ])
      const more = { ...(behind?.code === undefined ? {} : { delegateCode: behind.code }), ...traced, ...affords }
      return [{ ...found, ...more }, owners]
    }),
  ])

  const { domain, has } = asked
  const payerCode = readAccountCode(answers.payerCode, answers.delegateCode)
  const flags = {
    paused: readFlag(answers.paused),
    used: readFlag(answers.used),
    usedNow: isNewest ? readFlag(answers.used) : readFlag(answers.usedNow),
  } as const
  const balance = readHexAnswer(answers.balance, 'a number', (hex) => (hex.length === 66 ? BigInt(hex) : undefined))
  const view = <T>(reading: Reading<T>, selector: Hex): Known<T | null> => orAbsent(readView(reading, has(selector)))
  const listsOf = (who: Listed): readonly (readonly [BlacklistFunction, Reading<boolean>])[] =>
    lists.map((name) => [name, readFlag(answers[`${who} ${name}`])])
  const listed = (who: Listed): Known<boolean | null> => anyFlag(listsOf(who).map(([name, flag]) => view(flag, blacklistSelectors[name])))
  const usedNow = view(flags.usedNow, selectors.authorizationState)
  const simulated = readSimulation(answers.simulated)
  const reading = domain.kind === 'read' ? domain : undefined
  const lost =
    domain.kind === 'read' ? '' : domain.kind === 'unreachable' ? domain.reason : `it turned out to be of chain ${domain.chainId}`
  const hasCode = payerCode.known && payerCode.value.kind !== 'none'
  return {
    kind: 'read',
    source: client.description,
    chainId: question.chainId,
    ...(question.blockTime === undefined ? {} : { blockTime: question.blockTime }),
    block: header,
    newest: isNewest,
    head: headOf(newest),
    again: ifBlock(readHeader(answers.again, header.number), ({ hash, time }) => ({ hash, time })),
    nextTime: isNewest ? known(null) : ifBlock(readHeader(answers.next, header.number + 1n), ({ time }) => time),
    token: tokenState(
      { address: token, ...(question.family === undefined ? {} : { family: question.family }) },
      reading,
      lost,
      view(flags.paused, pause),
      respondsOf(
        asked,
        [...Object.values(flags), ...[...listsOf('payer'), ...listsOf('payee')].map(([, flag]) => flag), balance],
        simulated,
      ),
    ),
    payer: {
      code: payerCode,
      sameCode: readSameCode(answers.payerCode, answers.payerHash),
      balance: view(balance, selectors.balanceOf),
      blacklisted: listed('payer'),
      native: readNumber(answers.native),
      owners: hasCode ? readOwners(owners) : known(null),
    },
    payee: { code: readAccountCode(answers.payeeCode, undefined), blacklisted: listed('payee') },
    nonce: {
      used: view(flags.used, selectors.authorizationState),
      usedNow,
      settlement: await settlementOf(client, question, usedNow, simulated, newest),
    },
    simulated: {
      atBlock: simulated,
      pending: isNewest ? readSimulation(answers.pending) : unknown('it is not asked about a block of the past'),
      ...(answers.another === undefined ? {} : { fromAnother: readSimulation(answers.another) }),
      ...(answers.limited === undefined ? {} : { limited: readLimited(answers.limited) }),
    },
    wallet: hasCode
      ? forms.map((form): WalletAnswer => ({ ...form, accepts: readAcceptance(answers[`wallet ${form.form}`], answers.payerCode) }))
      : [],
    ...(answers.sent === undefined || sentAs === undefined ? {} : { sent: readSent(answers.sent, sentAs, token, authorization) }),
    ...(answers.mined === undefined ? {} : { minedNow: ifBlock(readHeader(answers.mined, given?.mined?.block), ({ hash }) => hash) }),
    ...(answers.trace === undefined ? {} : { traced: readTrace(answers.trace, from) }),
    deployment: hasCode ? null : readDeployment(payment.signature, answers.deploying),
    facilitator: facilitator === undefined ? null : facilitatorState(facilitator, answers, listed('facilitator')),
  }
}

/** Whose account a token may have on its list. */
type Listed = 'payer' | 'payee' | 'facilitator'

type Answers = Readonly<Partial<Record<string, RpcAnswer>>>

async function ask(client: ChainClient, calls: Readonly<Record<string, RpcCall>>): Promise<Answers> {
  const names = Object.keys(calls)
  const answers = await client.batch(Object.values(calls))
  return Object.fromEntries(names.map((name, index) => [name, answers[index]]))
}

/** Also looked for where the token's refusal says that the nonce is used, whatever it answers about it. */
async function settlementOf(
  client: ChainClient,
  question: ChainQuestion,
  usedNow: Known<boolean | null>,
  simulated: Known<Simulation>,
  newest: Header,
): Promise<Known<Settlement | null>> {
  const isRefused = simulated.known && refusesNonce(simulated.value)
  if (!usedNow.known && !isRefused) return usedNow
  return (usedNow.known && usedNow.value === true) || isRefused
    ? findSettlement(client, question.token, question.payment.authorization, newest)
    : known(null)
}

function refusesNonce(simulation: Simulation): boolean {
  if (simulation.outcome === 'succeeds') return false
  return decodeRevert(simulation.data ?? simulation.says).causes.some((cause) => spentNonce.some((spent) => spent === cause))
}

/**
 * The transfer as a transaction that is paid for, at the lowest price that the block takes: asked where the sender seems not to have enough even for that,
 * since the node says so, too, then.
 */
function fundsCall(
  facilitator: Address,
  found: Answers,
  transfer: { readonly data: Hex; readonly to: Address },
  block: string,
): RpcCall | undefined {
  const native = readNumber(found.facilitatorNative)
  const price = lowestPrice(found.again)
  if (!native.known || !isShort(native.value, price)) return undefined
  const [gas, gasPrice] = [settlementGas, price].map((value) => `0x${value.toString(16)}`)
  return { method: 'eth_call', params: [{ from: facilitator, to: transfer.to, data: transfer.data, gas, gasPrice }, block] }
}

function lowestPrice(block: RpcAnswer | undefined): bigint {
  const header = readHeader(block)
  const baseFee = header.known ? (header.value?.baseFee ?? 0n) : 0n
  return baseFee === 0n ? 1n : baseFee
}

/** Whether the node let it: a revert comes after the money was looked at. */
function readAffords(answer: RpcAnswer | undefined): Known<boolean | null> {
  if (answer === undefined) return known(null)
  if (answer.kind === 'refused' && decodeRevert(answer.message).causes.some((cause) => cause === 'facilitator-out-of-gas-money'))
    return known(false)
  const reading = readHexAnswer(answer, 'bytes', (hex) => hex)
  return reading.kind === 'unknown' ? unknown(reading.reason) : known(true)
}

function headOf({ number, time }: Header): Head {
  return { number, time }
}

/** What of a block is wanted; null where the node has none of that number. */
function ifBlock<T>(header: Known<Header | null>, of: (header: Header) => T): Known<T | null> {
  return header.known ? known(header.value === null ? null : of(header.value)) : header
}

/** Whether anything is at the token's address that answers calls. */
function respondsOf({ answers }: TokenReading, more: readonly Reading<unknown>[], simulated: Known<Simulation>): Known<boolean> {
  const all = [...answers, ...more]
  if (simulated.known && simulated.value.outcome === 'reverts') return known(true)
  if (all.some(({ kind }) => kind === 'known' || kind === 'reverted')) return known(true)
  const unread = all.find((each) => each.kind === 'unknown')
  return unread?.kind === 'unknown' ? unknown(unread.reason) : known(false)
}

function senderOf({ payment, facilitator }: ChainQuestion): Address {
  const { call, authorization } = payment
  const receives = callOf(payment).function === 'receiveWithAuthorization'
  return call?.caller ?? call?.transaction?.sender ?? (receives ? authorization.to : (facilitator ?? somebody))
}

function calldataOf({ payment }: ChainQuestion): Hex {
  const { function: called, overload } = callOf(payment)
  return encodePayment(called, overload, payment.authorization, fromHex(payment.signature))
}

function signatureForms(signature: Hex, digest: Hex): Omit<WalletAnswer, 'accepts'>[] {
  const sent = { form: 'as-sent', signature, digest } as const
  const { wrappers } = unwrapAll(signature)
  const [outer] = wrappers
  return outer?.kind === 'erc6492' ? [sent, { form: 'unwrapped', signature: outer.inner[0], digest }] : [sent]
}

function tokenState(
  which: Pick<ChainState['token'], 'address' | 'family'>,
  reading: DomainReading | undefined,
  lost: string,
  paused: Known<boolean | null>,
  responds: Known<boolean>,
): ChainState['token'] {
  const fact = <T>(of: (domain: DomainReading) => Reading<T>): Known<T | null> =>
    reading === undefined ? unknown(lost) : orAbsent(of(reading))
  const code = fact(({ code: length }) => length)
  const has = (name: TokenFunction): Known<boolean> => (reading === undefined ? unknown(lost) : presence(reading.functions[name]))
  const implementation = fact(({ implementation: found }) => found)
  const functions: Record<PaymentFunction, Known<boolean>> = {
    'transfer-vrs': has('transferWithAuthorization(v, r, s)'),
    'transfer-bytes': has('transferWithAuthorization(bytes)'),
    'receive-vrs': has('receiveWithAuthorization(v, r, s)'),
    'receive-bytes': has('receiveWithAuthorization(bytes)'),
    authorizationState: has('authorizationState'),
  }
  return {
    ...which,
    code: code.known ? known(code.value ?? 0) : code,
    responds,
    implementation: implementation.known ? known(implementation.value?.address ?? null) : implementation,
    functions,
    name: fact(({ name }) => name),
    version: fact(({ version }) => version),
    symbol: fact(({ symbol }) => symbol),
    decimals: fact(({ decimals }) => decimals),
    separator: fact(({ separator }) => separator),
    paused,
  }
}

function facilitatorState(address: Address, answers: Answers, blacklisted: Known<boolean | null>): FacilitatorState {
  return {
    address: checksum(address),
    native: readNumber(answers.facilitatorNative),
    gasPrice: readNumber(answers.gasPrice),
    nonce: readNumber(answers.facilitatorNonce),
    pendingNonce: readNumber(answers.facilitatorPending),
    affords: readAffords(answers.affords),
    blacklisted,
  }
}

/** What a contract refuses to say or has no function for, is absent. */
function orAbsent<T>(reading: Reading<T>): Known<T | null> {
  if (reading.kind === 'known') return known(reading.value)
  return reading.kind === 'unknown' ? unknown(reading.reason) : known(null)
}

function presence(found: Presence): Known<boolean> {
  return found.kind === 'unknown' ? unknown(found.reason) : known(found.kind === 'present')
}

function readFlag(answer: RpcAnswer | undefined): Reading<boolean> {
  return readHexAnswer(answer, 'a flag', (hex) => (hex.length === 66 && BigInt(hex) < 2n ? BigInt(hex) === 1n : undefined))
}

/** Listed where one function says so; null only where the token has none of them. */
function anyFlag(flags: readonly Known<boolean | null>[]): Known<boolean | null> {
  const listed = flags.find((flag) => ifKnown(flag) === true)
  const told = flags.find((flag) => ifKnown(flag) === false)
  return listed ?? flags.find((flag) => !flag.known) ?? told ?? known(null)
}

function readNumber(answer: RpcAnswer | undefined): Known<bigint> {
  if (answer === undefined) return unknown('it was not asked')
  if (answer.kind !== 'result') return unknown(describeAnswer(answer))
  return typeof answer.value === 'string' && /^0x[0-9a-fA-F]{1,64}$/.test(answer.value)
    ? known(BigInt(answer.value))
    : unknown('it answered something that is no number')
}

/** A number, or text of one: ethers' own providers answer a number here. */
export function readChainId(answer: RpcAnswer | undefined): Known<number> {
  const number = answer?.kind === 'result' && typeof answer.value === 'number' ? known(answer.value) : readNumber(answer)
  if (!number.known) return number
  const chainId = Number(number.value)
  return Number.isSafeInteger(chainId) && chainId > 0
    ? known(chainId)
    : unknown('it answered eth_chainId with something that is no chain id')
}

/** EIP-7702 writes 0xef0100 and the delegate's address; no other account's code can begin with 0xef. */
const delegation = /^0xef0100([0-9a-f]{40})$/

function delegateIn(answer: RpcAnswer | undefined): Address | undefined {
  if (answer?.kind !== 'result' || typeof answer.value !== 'string') return undefined
  const address = delegation.exec(answer.value.toLowerCase())?.[1]
  return address === undefined ? undefined : checksum(`0x${address}`)
}

/** A call of the code of a contract that is never created, which returns EXTCODEHASH of the account. */
function codeHashCall(account: Address, block: string): RpcCall {
  return { method: 'eth_call', params: [{ data: `0x73${account.slice(2).toLowerCase()}3f60005260206000f3` }, block] }
}

const noCode = toHex(keccak256(new Uint8Array()))

/** EXTCODEHASH is zero for an account that never was, and that of no code for one without (EIP-1052); of a delegation it is its own (EIP-7702). */
function readSameCode(code: RpcAnswer | undefined, hash: RpcAnswer | undefined): Known<boolean> {
  const [told, shown] = [readCodeAnswer(code), readHexAnswer(hash, 'a word', decodeWord)]
  if (told.kind === 'unknown') return unknown(told.reason)
  if (shown.kind !== 'known') return unknown(shown.kind === 'unknown' ? shown.reason : 'it made no call without an address')
  const isNone = BigInt(shown.value) === 0n || shown.value === noCode
  return known(told.kind === 'known' ? toHex(keccak256(fromHex(told.value))) === shown.value : isNone)
}

function readAccountCode(answer: RpcAnswer | undefined, delegateCode: RpcAnswer | undefined): Known<AccountCode> {
  const code = readCodeAnswer(answer)
  if (code.kind === 'unknown') return unknown(code.reason)
  if (code.kind !== 'known') return known({ kind: 'none' })
  const delegate = delegateIn(answer)
  const length = (code.value.length - 2) / 2
  if (delegate === undefined) return known({ kind: 'contract', bytes: length })
  const behind = readCodeAnswer(delegateCode)
  return known({
    kind: 'eip7702',
    delegate,
    delegateCode: behind.kind === 'unknown' ? unknown(behind.reason) : known(behind.kind === 'known' ? (behind.value.length - 2) / 2 : 0),
  })
}

/** FiatToken's transfer returns nothing, another token's may return words; a part of one is damage. */
function readSimulation(answer: RpcAnswer | undefined): Known<Simulation> {
  const reading = readHexAnswer(answer, 'what a transfer returns', (hex) => ((hex.length - 2) % 64 === 0 ? hex : undefined))
  if (reading.kind === 'unknown') return unknown(reading.reason)
  if (reading.kind !== 'reverted' || answer?.kind !== 'refused') return known({ outcome: 'succeeds' })
  const { data, message } = answer
  const says = decodeRevert(data === undefined || data === '0x' ? message : data).message
  return known({ outcome: 'reverts', says, ...(data === undefined ? {} : { data }) })
}

/** Of gas that runs out in the token's own call, and not in one of the payer's code, the node itself speaks. */
function readLimited(answer: RpcAnswer): Known<Simulation> {
  return answer.kind === 'refused' && /out of gas/i.test(answer.message)
    ? known({ outcome: 'reverts', says: 'out of gas' })
    : readSimulation(answer)
}

const acceptance = `${selectors.isValidSignature}${'0'.repeat(56)}`

/**
 * The token wants the magic value in a word of its own; a revert, another value or nothing is a no. The beginning of the right word, or nothing from code
 * that has the function, is no answer of a wallet's but one that was cut.
 */
function readAcceptance(answer: RpcAnswer | undefined, code: RpcAnswer | undefined): Known<boolean> {
  const word = readHexAnswer(answer, 'a word', (hex) => hex)
  if (word.kind === 'unknown') return unknown(word.reason)
  const bytes = readCodeAnswer(code)
  const isThere = bytes.kind === 'known' && presenceOf(readBytecode(bytes.value), selectors.isValidSignature).kind === 'present'
  if (word.kind === 'empty' && isThere) return unknown('it answered nothing to a call that has to return something')
  if (word.kind !== 'known') return known(false)
  if (word.value.length < acceptance.length && acceptance.startsWith(word.value))
    return unknown(`it answered ${word.value}, which is not a word`)
  return known(sameAddress(word.value.slice(0, 66), acceptance))
}
