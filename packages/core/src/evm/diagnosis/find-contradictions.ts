import { sameAddress } from '../../bytes/address.ts'
import type { Address, Hex } from '../../bytes/hex.ts'
import type { CauseId } from '../../causes/catalogue.ts'
import type { Finding } from '../../causes/finding.ts'
import { freshFor } from '../../evidence/freshness.ts'
import { ifKnown } from '../../evidence/known.ts'
import { refusedSignature, spentNonce } from '../../revert/suspects.ts'
import { utc } from '../../text/utc.ts'
import { listFunctions, pauseFunction, stateSelectors } from '../../tokens/ask-model.ts'
import { blacklistSelectors } from '../../tokens/model.ts'
import { blockWindowOf } from '../evidence/block-window.ts'
import { type AccountCode, believed, type ChainState, walletAccepts } from '../evidence/chain.ts'
import { type ComparedFact, disagreements } from '../evidence/disagreement.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { windowState } from '../evidence/moment.ts'
import type { Payment } from '../payment/payment.ts'
import { encodeCall, tokenViews } from '../payment/token-call.ts'
import { isComputed } from './computed.ts'
import { type Contradiction, type ContradictionId, isSpent } from './contradiction.ts'
import type { ReplayReport } from './prove.ts'
import { refusedByToken } from './refused-by-token.ts'
import { refusalIn, successIn } from './simulated.ts'
import { tracedIn } from './traced-digest.ts'

type Check = Pick<Contradiction, 'check' | 'call'>

/** What was read and computed, taken in pairs. `findings` are those that the checks made. */
export function contradictionsIn(payment: Payment, evidence: Evidence, findings: readonly Finding[]): Contradiction[] {
  const chains = evidence.chains ?? []
  const state = believed(chains)
  if (state === undefined) return []
  const given: Given = { payment, evidence, state, findings: findings.filter(({ severity }) => severity !== 'info') }
  return [
    ...againstBlock(given),
    ...againstCode(given),
    ...againstSuccess(given),
    ...againstRefusal(given),
    ...againstTrace(given),
    ...againstSeparator(given),
    ...againstLog(given),
    ...againstFunds(given),
    ...againstStorage(given),
    ...againstOthers(given),
  ]
}

/** A finding that makes the token refuse, beside a replay that settles as it is. */
export function contradictionOfReplay(
  payment: Payment,
  evidence: Evidence,
  errors: readonly Finding[],
  replayed: Pick<ReplayReport, 'chain' | 'code' | 'asIs'> | undefined,
): Contradiction[] {
  if (replayed === undefined || replayed.asIs.status !== 'settled') return []
  const isStandIn = replayed.code.kind === 'stand-in'
  // What is known of the token's own family another's code knows nothing of.
  const refused = errors.filter((finding) => refusedByToken(finding.cause) !== 'no' && !(isStandIn && isOfFamily(finding)))
  const [first] = refused
  if (first === undefined) return []
  const state = believed(evidence.chains ?? [])
  return [
    {
      id: 'finding-and-replay',
      sides: [saidOf(first), `a replay of the payment as it is settles on the ${replayed.chain}`],
      ...(state === undefined
        ? { check: 'the same payment, sent to the token in a simulated call (--rpc-url)', call: null }
        : checkOf(first.cause, payment, state)),
      causes: causesOf(refused),
    },
  ]
}

function isOfFamily({ evidence }: Finding): boolean {
  return evidence.some(({ source }) => source === 'registry')
}

interface Given {
  readonly payment: Payment
  readonly evidence: Evidence
  readonly state: ChainState
  readonly findings: readonly Finding[]
}

/** Lies about the block itself: then nothing that was read in it counts. */
function againstBlock({ payment, evidence: { moment, signature }, state }: Given): Contradiction[] {
  const { block, head, again, nextTime, newest, source } = state
  const out: Contradiction[] = []
  const add = (id: ContradictionId, sides: Contradiction['sides'], number: bigint): void => {
    out.push({
      id,
      sides,
      check: `block ${number}`,
      call: { method: 'eth_getBlockByNumber', params: [quantity(number), false] },
      causes: [],
    })
  }
  const told = `${source} says that block ${block.number} is ${block.hash} of ${utc(block.time)}`
  const then = ifKnown(again)
  // A node behind the same URL that has not come to the block yet says that there is none.
  if (then !== undefined && then !== null && (then.hash !== block.hash || then.time !== block.time))
    add('block-and-block', [told, `when it is asked for it again, that it is ${then.hash} of ${utc(then.time)}`], block.number)
  const next = ifKnown(nextTime)
  if (!newest && typeof next === 'bigint' && next < block.time)
    add('block-and-block', [told, `that the block after it is of ${utc(next)}, which is earlier`], block.number + 1n)
  const isBefore = head.number < block.number && head.time + freshFor < block.time
  if (isBefore || (head.number > block.number && head.time < block.time))
    add('block-and-block', [told, `that its newest block, ${head.number}, is of ${utc(head.time)}`], head.number)
  // Of a moment that somebody named the clock says nothing, and a window that it says is closed a later head does not open.
  if (moment.basis === 'now' && head.time > moment.now + freshFor)
    add('head-and-clock', [`the newest block of ${source} is of ${utc(head.time)}`, `the clock here says ${utc(moment.now)}`], head.number)
  const isInBlocks = blockWindowOf(payment.authorization, signature.expected?.family) !== undefined
  if (!isInBlocks && successIn(state) && farFromWindow(payment, block.time))
    add('time-and-simulation', [told, 'a simulated transfer succeeds in it, although its window is not open then'], block.number)
  return out
}

/** Nodes that simulate on the block that comes next are a few seconds ahead. */
function farFromWindow({ authorization }: Payment, time: bigint): boolean {
  return [time - freshFor, time, time + freshFor].every((each) => windowState(authorization, each) !== 'open')
}

/** What eth_getCode answered, against what calls have there. */
function againstCode(given: Given): Contradiction[] {
  return [...againstPayerCode(given), ...againstTokenCode(given)]
}

function againstPayerCode({ payment, state, findings }: Given): Contradiction[] {
  const { code, sameCode } = state.payer
  const told = ifKnown(code)
  if (told === undefined || ifKnown(sameCode) !== false) return []
  const { from } = payment.authorization
  const sides = [
    `${state.source} says that ${codeText(told)} is at the payer ${from} at block ${state.block.number}`,
    'a call at that block has other code there (EXTCODEHASH)',
  ] as const
  // What a signature means hangs on what is there.
  const causes = causesOf(findings.filter((finding) => isComputed(finding) || askedWallet.includes(finding.cause)))
  return [{ id: 'code-and-hash', sides, ...checkOf('eip7702-payer', payment, state), causes }]
}

function codeText(code: AccountCode): string {
  if (code.kind === 'none') return 'no code'
  return code.kind === 'contract' ? `a contract of ${code.bytes} bytes` : `a delegation to ${code.delegate}`
}

function againstTokenCode({ payment, state }: Given): Contradiction[] {
  const { code, responds, functions, address } = state.token
  const [length, answered] = [ifKnown(code), ifKnown(responds)]
  const check = checkOf('asset-has-no-code', payment, state)
  if (length === 0 && answered === true) {
    const sides = [
      `${state.source} says that there is no code at the token ${address}`,
      'its calls were answered as only code answers',
    ] as const
    return [{ id: 'code-and-answers', sides, ...check, causes: ['asset-has-no-code'] }]
  }
  if (length !== undefined && length > 0 && answered === false && ifKnown(functions.authorizationState) === true) {
    const sides = [
      `${state.source} says that the token ${address} has ${length} bytes of code, authorizationState among its functions`,
      'none of its calls was answered with anything',
    ] as const
    return [{ id: 'code-and-answers', sides, ...check, causes: [] }]
  }
  return []
}

/** Everything that makes the token refuse, against a simulated transfer at the same block that it does not refuse. */
function againstSuccess({ payment, state, findings }: Given): Contradiction[] {
  if (!successIn(state)) return []
  const refused = findings.filter((finding) => refusedByToken(finding.cause) === 'yes' && isOfBlock(finding, state))
  return each(refused, (finding, causes) => ({
    id: 'finding-and-simulation',
    sides: [saidOf(finding), `a simulated transfer succeeds at block ${state.block.number} of ${state.source}`],
    ...checkOf(finding.cause, payment, state),
    causes,
  }))
}

/** A nonce that was used later than the block is not excluded by what could be done in it. */
function isOfBlock({ cause }: Finding, { nonce }: ChainState): boolean {
  return !isSpent(cause) || ifKnown(nonce.used) === true
}

/** What the token had looked at and let pass before it refused, and what it refused for although it was read to be otherwise. */
function againstRefusal({ payment, evidence, state, findings }: Given): Contradiction[] {
  const refusal = refusalIn(payment, evidence, state)
  // What is taken from anybody else was refused for who sent it, which none of the readings is about.
  const { fromAnother } = state.simulated
  if (refusal === undefined || (fromAnother !== undefined && ifKnown(fromAnother)?.outcome === 'succeeds')) return []
  const at = `at block ${state.block.number} of ${state.source}`
  const says = `the token refuses a simulated transfer ${at} with "${refusal.message}"`
  const passed = findings.filter(
    (finding) => refusal.rulesOut.includes(finding.cause) && refusedByToken(finding.cause) !== 'in-time' && isOfBlock(finding, state),
  )
  return [
    ...each(
      passed,
      (finding, causes): Contradiction => ({
        id: 'finding-and-refusal',
        sides: [saidOf(finding), `${says}, which it comes to only after that`],
        ...checkOf(finding.cause, payment, state),
        causes,
      }),
    ),
    ...denials(payment, evidence, state).flatMap(({ subject, says: denied }): Contradiction[] => {
      const causes: readonly CauseId[] = subjects[subject]
      const [cause] = causes
      if (cause === undefined || refusal.causes.length === 0 || !refusal.causes.every((each) => causes.includes(each))) return []
      const sides = [says, `${denied}, ${at}`] as const
      return [{ id: 'refusal-and-reading', sides, ...checkOf(cause, payment, state), causes: subject === 'nonce' ? causes : [] }]
    }),
  ]
}

/** What a refusal can be about that is read as well, with everything that it may mean then, the likeliest first. */
const subjects = {
  nonce: spentNonce,
  pause: ['paused'],
  blacklist: ['blacklisted'],
  balance: ['insufficient-balance', 'amount-units-wrong', 'asset-mismatch'],
  signature: refusedSignature,
} as const satisfies Record<string, readonly CauseId[]>

/** What was read to be in order. */
function denials(
  { authorization: { from, nonce, value } }: Payment,
  { signature }: Evidence,
  { nonce: { used }, token, payer, payee, wallet }: ChainState,
): { readonly subject: keyof typeof subjects; readonly says: string }[] {
  const balance = ifKnown(payer.balance)
  const isListed = ifKnown(payer.blacklisted) !== false || ifKnown(payee.blacklisted) !== false
  const own = signature.expected !== undefined && signature.expected.separator === ifKnown(token.separator)
  const accepts = wallet.some(
    ({ form, digest, accepts: yes }) => form === 'as-sent' && digest === signature.digest && ifKnown(yes) === true,
  )
  return [
    ...(ifKnown(used) === false ? [{ subject: 'nonce', says: `authorizationState(${from}, ${nonce}) is false` } as const] : []),
    ...(ifKnown(token.paused) === false ? [{ subject: 'pause', says: `${pauseFunction(token.family)}() is false` } as const] : []),
    ...(isListed
      ? []
      : [{ subject: 'blacklist', says: `${listFunctions(token.family).join(' and ')} of payer and payee is false` } as const]),
    ...(typeof balance === 'bigint' && balance >= value ? [{ subject: 'balance', says: `balanceOf(${from}) is ${balance}` } as const] : []),
    ...(own && fits(signature) && ifKnown(payer.code)?.kind === 'none'
      ? [
          {
            subject: 'signature',
            says: `the signature is the payer's under the token's DOMAIN_SEPARATOR(), and ${from} has no code`,
          } as const,
        ]
      : []),
    ...(accepts ? [{ subject: 'signature', says: `isValidSignature of ${from} accepts the signature` } as const] : []),
  ]
}

/** Whether the signature is the payer's as it is, under what is taken for the token's domain. */
function fits({ matches }: Evidence['signature']): boolean {
  return matches.some(({ edits }) => edits.length === 0)
}

/** Whether what was computed is of the contract that was asked, and not of another one that the signature is good for. */
function isAsked({ signature: { expected } }: Evidence, { token }: ChainState): boolean {
  return sameAddress(expected?.domain.verifyingContract, token.address)
}

const askedWallet: readonly CauseId[] = ['eip7702-payer', 'smart-wallet-signature']

/** What the token was seen to do, against what it must have done. */
function againstTrace({ payment, evidence, state, findings }: Given): Contradiction[] {
  const traced = tracedIn(evidence)
  if (traced === undefined || !isAsked(evidence, state)) return []
  const { check, computed } = traced
  const { signature } = evidence
  const { from } = payment.authorization
  const computedCauses = causesOf(findings.filter(isComputed))
  const code = ifKnown(state.payer.code)
  const where = `at block ${state.block.number} of ${state.source}`
  const out: Contradiction[] = []
  const add = (id: ContradictionId, sides: Contradiction['sides'], cause: CauseId, causes: readonly CauseId[]): void => {
    out.push({ id, sides, ...checkOf(cause, payment, state), causes })
  }
  if (check.digest !== computed) {
    const sides = [`the token hashed ${check.digest} ${where}`, `${computed} was computed for it`] as const
    return [{ id: 'digest-and-trace', sides, ...checkOf('facilitator-config-drift', payment, state), causes: computedCauses }]
  }
  if (check.by === 'erc1271' && code?.kind === 'none') {
    const seen = `the token was seen to ask the code of ${check.wallet} ${where}`
    add('code-and-trace', [seen, `getCode(${from}) is empty there`], 'smart-wallet-signature', computedCauses)
  }
  // Of the tokens on record those with the bytes overload ask the code of a payer that has some, and recover no key.
  if (check.by === 'ecrecover' && code !== undefined && code.kind !== 'none' && signature.expected?.token?.overloads.bytes === true) {
    const seen = `the token was seen to recover a key ${where}, as it does for an account without code`
    add('code-and-trace', [seen, `getCode(${from}) is ${codeText(code)} there`], 'eip7702-payer', askedWallet)
  }
  if (check.by === 'ecrecover' && signature.bytes.problems.length === 0 && check.recovered !== (signature.recovered ?? null)) {
    const seen = `the token was seen to recover ${check.recovered ?? 'nobody'} ${where}`
    add(
      'signer-and-trace',
      [seen, `the signature recovers to ${signature.recovered ?? 'nobody'} under the same digest`],
      'signer-not-owner',
      [],
    )
  }
  const accepts = walletAccepts(state, signature.digest)
  if (check.by === 'erc1271' && accepts !== undefined && accepts !== check.accepted) {
    const say = (yes: boolean): string => (yes ? 'accepts' : 'refuses')
    const seen = `in a trace ${where} the code of ${check.wallet} ${say(check.accepted)} the signature`
    add('wallet-and-trace', [seen, `asked for its isValidSignature it ${say(accepts)} it`], 'smart-wallet-signature', askedWallet)
  }
  return out
}

/** What DOMAIN_SEPARATOR() answered, against what only another separator explains. */
function againstSeparator({ payment, evidence, state }: Given): Contradiction[] {
  const { expected } = evidence.signature
  const { separator, name, version } = state.token
  const own = ifKnown(separator)
  if (expected === undefined || own === undefined || own === null || own === expected.separator || !isAsked(evidence, state)) return []
  const said = `DOMAIN_SEPARATOR() is ${own} at block ${state.block.number} of ${state.source}`
  const check = checkOf('facilitator-config-drift', payment, state)
  const causes = ['facilitator-config-drift'] as const
  const noCode = ifKnown(state.payer.code)?.kind === 'none'
  const traced = tracedIn(evidence)
  const isTaken =
    (noCode && fits(evidence.signature) && successIn(state)) || (traced !== undefined && traced.check.digest === traced.computed)
  const { domain, basis } = expected
  const named = basis === 'registry' && ifKnown(name) === domain.name && ifKnown(version) === domain.version
  return [
    ...(isTaken
      ? [
          {
            id: 'separator-and-signature',
            sides: [said, `the token checks this payment under ${expected.separator}`],
            ...check,
            causes,
          } as const,
        ]
      : []),
    ...(named
      ? [
          {
            id: 'separator-and-name',
            sides: [
              said,
              `its name() "${domain.name}" and version() "${domain.version}" hash to ${expected.separator} for ${payment.network?.id ?? 'its chain'}`,
            ],
            ...check,
            causes,
          } as const,
        ]
      : []),
  ]
}

/** A log of what the nonce is said not to be. */
function againstLog({ payment, state }: Given): Contradiction[] {
  const { usedNow, settlement } = state.nonce
  const found = ifKnown(settlement)
  if (ifKnown(usedNow) !== false || found === undefined || found === null) return []
  const { from, nonce } = payment.authorization
  const sides = [
    `${state.source} says that authorizationState(${from}, ${nonce}) is false at block ${state.head.number}`,
    `its logs have Authorization${found.how === 'used' ? 'Used' : 'Canceled'} of it in transaction ${found.transaction}, block ${found.block}`,
  ] as const
  return [{ id: 'nonce-and-log', sides, ...checkOf('authorization-used', payment, state), causes: spentNonce }]
}

function againstFunds({ payment, state, findings }: Given): Contradiction[] {
  const finding = findings.find(({ cause }) => cause === 'facilitator-out-of-gas-money')
  if (finding === undefined || state.facilitator === null || ifKnown(state.facilitator.affords) !== true) return []
  const sides = [
    saidOf(finding),
    'the node let it make a call with that much gas at that price, which it refuses to whom has less',
  ] as const
  return [{ id: 'funds-and-call', sides, ...checkOf(finding.cause, payment, state), causes: [finding.cause] }]
}

function againstStorage({ payment, state }: Given): Contradiction[] {
  const [first] = state.apart ?? []
  if (first === undefined) return []
  const sides = [
    `${state.source} answers calls at block ${state.block.number} in one way`,
    `its storage makes another of them: ${(state.apart ?? []).join(', ')}`,
  ] as const
  return [{ id: 'calls-and-storage', sides, ...checkOf('rpc-fault', payment, state), causes: spentNonce }]
}

/** Two RPCs; of what is used up already, nothing else matters. */
function againstOthers({ payment, evidence: { chains = [] } }: Given): Contradiction[] {
  const states = chains.filter((answer) => answer.kind === 'read')
  const about = disagreements(states, payment.authorization.value)
  const isUsed = ({ nonce }: ChainState): boolean => ifKnown(nonce.usedNow) === true && ifKnown(nonce.settlement) != null
  if (states.every(isUsed) && !about.some(({ fact }) => fact === 'settlement')) return []
  const doubtsNonce = about.some(({ fact }) => fact === 'nonce' || fact === 'settlement' || fact === 'block')
  return about.map(({ fact, name, between: [one, other], values }): Contradiction => {
    const said = ({ source, block }: ChainState, value: string): string => `${source} says ${value} at block ${block.number}`
    return {
      id: 'rpc-and-rpc',
      sides: [`of ${name} ${said(one, values[0])}`, said(other, values[1])],
      ...checkOf(decides[fact], payment, one),
      causes: doubtsNonce ? spentNonce : [],
    }
  })
}

/** By which cause's call it is decided which of two RPCs is right. */
const decides = {
  block: 'rpc-fault',
  code: 'asset-has-no-code',
  responds: 'asset-has-no-code',
  vrs: 'no-bytes-overload',
  bytes: 'no-bytes-overload',
  separator: 'facilitator-config-drift',
  name: 'facilitator-config-drift',
  version: 'facilitator-config-drift',
  paused: 'paused',
  'payer-code': 'eip7702-payer',
  balance: 'insufficient-balance',
  'payer-listed': 'blacklisted',
  'payee-listed': 'blacklisted',
  nonce: 'authorization-used',
  settlement: 'authorization-used',
  simulated: 'rpc-fault',
  traced: 'facilitator-config-drift',
  wallet: 'smart-wallet-signature',
  funds: 'facilitator-out-of-gas-money',
} as const satisfies Record<ComparedFact, CauseId>

/** Which call decides about a cause, on which block. The calls of a signature are not filled in: who has them can send them. */
function checkOf(cause: CauseId, { authorization: { from, to, nonce } }: Payment, state: ChainState): Check {
  const { token, facilitator, payer, payee } = state
  const at = quantity(state.block.number)
  const account = (method: string, address: Address, what: string): Check => ({
    check: `${what} of ${address} at block ${state.block.number}`,
    call: { method, params: [address, at] },
  })
  switch (cause) {
    case 'paused':
      return view(state, stateSelectors(token.family).pause, `${pauseFunction(token.family)}()`)
    case 'blacklisted': {
      const listed = ifKnown(payer.blacklisted) === true || ifKnown(payee.blacklisted) !== true ? from : to
      const [name] = listFunctions(token.family)
      return view(state, encodeCall(blacklistSelectors[name], [listed]), `${name}(${listed})`)
    }
    case 'insufficient-balance':
      return view(state, encodeCall(tokenViews.balanceOf, [from]), `balanceOf(${from})`)
    case 'authorization-used':
    case 'authorization-canceled':
    case 'executed-by-third-party':
      return view(state, encodeCall(tokenViews.authorizationState, [from, nonce]), `authorizationState(${from}, ${nonce})`)
    case 'eip7702-payer':
    case 'smart-wallet-signature':
      return account('eth_getCode', from, 'the code')
    case 'asset-has-no-code':
    case 'token-without-eip3009':
    case 'no-bytes-overload':
      return account('eth_getCode', ifKnown(token.implementation) ?? token.address, 'the code')
    case 'facilitator-config-drift':
      return view(state, '0x3644e515', 'DOMAIN_SEPARATOR()')
    case 'facilitator-out-of-gas-money':
      return account('eth_getBalance', facilitator?.address ?? from, 'the balance in wei')
    default:
      return { check: `the same simulated transfer at block ${state.block.number}`, call: null }
  }
}

function view({ token, block }: ChainState, data: Hex, name: string): Check {
  return {
    check: `${name} of ${token.address} at block ${block.number}`,
    call: { method: 'eth_call', params: [{ to: token.address, data }, quantity(block.number)] },
  }
}

/** One for each cause that is named, by its first finding. */
function each(findings: readonly Finding[], make: (finding: Finding, causes: readonly CauseId[]) => Contradiction): Contradiction[] {
  return causesOf(findings).flatMap((cause) => {
    const finding = findings.find((other) => other.cause === cause)
    return finding === undefined ? [] : [make(finding, [cause])]
  })
}

function causesOf(findings: readonly Finding[]): readonly CauseId[] {
  return [...new Set(findings.map(({ cause }) => cause))]
}

/** What was read, with who said it; what was computed is only named, since the report has it in full. */
function saidOf({ cause, evidence }: Finding): string {
  return evidence.find(({ source }) => source === 'chain')?.says ?? `by what was computed here the token refuses it (${cause})`
}

function quantity(number: bigint): Hex {
  return `0x${number.toString(16)}`
}
